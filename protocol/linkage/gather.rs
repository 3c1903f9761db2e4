//! Evidence of all accounts from the registry's columns: four sorts, so O(devices log devices) per assessment.

use super::Evidence;
use crate::registry::{Registry, flag};
use crate::units::Span;

/// Devices that no longer count.
const GONE: u16 = flag::BANNED | flag::WITHDRAWN;

/// One account in a group of devices that share a key.
struct Group {
    devices: u32,
    accounts: u32,
    own: u32,
}

/// Evidence by account; `peers` as told by the edges.
pub(super) fn gather(registry: &Registry, burst_window: Span, peers: &[u32]) -> Vec<Evidence> {
    let accounts = registry.account.iter().map(|a| a.at() + 1).max().unwrap_or(0);
    let mut all = vec![Evidence::default(); accounts];
    let present: Vec<usize> = (0..registry.len()).filter(|&i| registry.flags[i] & GONE == 0).collect();
    for (evidence, &peers) in all.iter_mut().zip(peers) {
        evidence.edge_accounts = peers;
    }
    for &i in &present {
        all[registry.account[i].at()].devices += 1;
    }
    let mut rows = Vec::with_capacity(present.len());
    let mut groups = |key: &dyn Fn(usize) -> Option<u64>, tell: &mut dyn FnMut(&mut Evidence, &Group)| {
        rows.clear();
        rows.extend(present.iter().filter_map(|&i| Some((key(i)?, registry.account[i].at()))));
        rows.sort_unstable();
        for group in rows.chunk_by(|a, b| a.0 == b.0) {
            let accounts = group.chunk_by(|a, b| a.1 == b.1).count() as u32;
            for own in group.chunk_by(|a, b| a.1 == b.1) {
                let told = Group { devices: group.len() as u32, accounts, own: own.len() as u32 };
                tell(&mut all[own[0].1], &told);
            }
        }
    };
    groups(&|i| Some(u64::from(registry.address[i])), &mut |e, g| {
        e.address_devices = e.address_devices.max(g.devices);
    });
    groups(&|i| Some(u64::from(registry.subnet[i])), &mut |e, g| {
        e.subnet_devices = e.subnet_devices.max(g.devices);
        e.subnet_accounts = e.subnet_accounts.max(g.accounts);
        e.own_subnet_devices = e.own_subnet_devices.max(g.own);
    });
    let cell = |i: usize| (registry.registered[i].0 / burst_window.0.max(1)) & u64::from(u32::MAX);
    groups(&|i| Some((u64::from(registry.subnet[i]) << 32) | cell(i)), &mut |e, g| {
        e.burst_devices = e.burst_devices.max(g.devices);
        e.own_burst_devices = e.own_burst_devices.max(g.own);
    });
    groups(&|i| Some(u64::from(registry.fingerprint[i])).filter(|f| *f > 0), &mut |e, g| {
        e.fingerprint_devices = e.fingerprint_devices.max(g.devices);
    });
    all
}
