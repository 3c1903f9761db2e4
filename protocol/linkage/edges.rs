//! Synchronised ups and downs: which accounts' edges fell on exactly the same sweeps.
//!
//! Each account keeps the sum, modulo 2^64, of a hash of every (sweep, direction) on which one of its devices came or
//! went, each counted once however many devices did: constant work per edge, and equal sums mean equal sets but for a
//! chance of 2^-64. When a window ends, accounts of equal sums are counted. One edge of its own takes an account out of
//! its group: that is the known weakness.

use super::Spec;
use crate::ids::AccountId;
use crate::units::Time;
use crate::verification::mix;

/// The open window of one account.
#[derive(Clone, Copy, Debug)]
struct Window {
    sum: u64,
    edges: u32,
    /// Latest sweep with an edge downward, upward.
    latest: [u64; 2],
}

const EMPTY: Window = Window { sum: 0, edges: 0, latest: [u64::MAX; 2] };

/// Edges by account.
#[derive(Debug, Default)]
pub(super) struct Edges {
    open: Vec<Window>,
    ends: Time,
    peers: Vec<u32>,
    order: Vec<(u64, u32, u32)>,
}

impl Edges {
    /// A device of `account` came (`up`) or went.
    pub(super) fn edge(&mut self, now: Time, account: AccountId, up: bool, spec: &Spec) {
        if self.open.len() <= account.at() {
            self.open.resize(account.at() + 1, EMPTY);
        }
        let window = &mut self.open[account.at()];
        let sweep = now.0 / spec.sweep.0.max(1);
        let latest = &mut window.latest[usize::from(up)];
        if *latest != sweep {
            *latest = sweep;
            window.edges += 1;
            window.sum = window.sum.wrapping_add(mix((sweep << 1) | u64::from(up)));
        }
    }

    /// Ends the window when it is over: accounts with the same edges, and enough of them, are each other's peers.
    pub(super) fn roll(&mut self, now: Time, spec: &Spec) {
        if now < self.ends {
            return;
        }
        self.ends = now + spec.edge_window;
        self.peers.resize(self.open.len(), 0);
        self.order.clear();
        let windows = self.open.iter().enumerate().filter(|(_, w)| w.edges >= spec.least_edges.max(1));
        self.order.extend(windows.map(|(i, w)| (w.sum, w.edges, i as u32)));
        self.order.sort_unstable();
        for group in self.order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            for (_, _, account) in group {
                let most = &mut self.peers[*account as usize];
                *most = (*most).max(group.len() as u32);
            }
        }
        self.open.fill(EMPTY);
    }

    /// Most accounts with the same edges in a window that ended since the latest [`Edges::forget`], by account.
    pub(super) fn peers(&self) -> &[u32] {
        &self.peers
    }

    /// Starts afresh for the next assessment.
    pub(super) fn forget(&mut self) {
        self.peers.fill(0);
    }
}
