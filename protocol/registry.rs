//! What suppliers have listed: one column per fact, one row per device.

use crate::command::{Claim, Rejection};
use crate::ids::{AccountId, DeviceId, ModelId};
use crate::units::{Ppm, Time};
use std::ops::Range;

/// One row of the network's own table of GPU models.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Model {
    /// Name as printed.
    pub name: String,
    /// Memory per card in megabytes.
    pub memory_mb: u32,
    /// Catalogue throughput in GFLOPS (dense FP16), from which challenge times follow.
    pub gflops: u32,
    /// Reward multiplier in parts per million.
    pub multiplier: Ppm,
}

/// Standing of a device, as flags; combinations are legal (a leased device may be offline but unnoticed).
pub mod flag {
    /// Heartbeats arrive.
    pub const BEATING: u16 = 1;
    /// The network sees it as connected (lags BEATING by the timeout).
    pub const ONLINE: u16 = 1 << 1;
    /// Bound to a lease.
    pub const LEASED: u16 = 1 << 2;
    /// The first waiting time is over.
    pub const WAITED: u16 = 1 << 3;
    /// The latest verdict was a pass (under metadata only: the claim was believed).
    pub const VERIFIED: u16 = 1 << 4;
    /// The cluster formation test was passed.
    pub const CLUSTER_OK: u16 = 1 << 5;
    /// Earns nothing until it passes again.
    pub const QUARANTINED: u16 = 1 << 6;
    /// Excluded for good.
    pub const BANNED: u16 = 1 << 7;
    /// Left for good.
    pub const WITHDRAWN: u16 = 1 << 8;
    /// Disconnected until its owner logs in again.
    pub const NEEDS_LOGIN: u16 = 1 << 9;
    /// Its entry is in the market's index (which may be stale).
    pub const INDEXED: u16 = 1 << 10;
    /// Its account is flagged as linked: its points are left out of counts until it is cleared.
    pub const FLAGGED: u16 = 1 << 11;
    /// A stake is required and its owner's does not reach it.
    pub const UNSTAKED: u16 = 1 << 12;

    /// Flags that must be set for a device to be deployable.
    pub const DEPLOYABLE_SET: u16 = ONLINE | WAITED | VERIFIED | CLUSTER_OK;
    /// Flags that must be clear.
    pub const DEPLOYABLE_CLEAR: u16 = LEASED | QUARANTINED | BANNED | WITHDRAWN | NEEDS_LOGIN | UNSTAKED;
}

/// The registry. Columns are indexed by [`DeviceId::at`]; all have the same length.
#[derive(Default, Debug)]
pub struct Registry {
    /// The network's table of models, by [`ModelId::at`].
    pub models: Vec<Model>,
    /// Owner.
    pub account: Vec<AccountId>,
    /// Claimed model.
    pub model: Vec<ModelId>,
    /// Claimed cards.
    pub cards: Vec<u16>,
    /// Declared connectivity tier, 0 to 4.
    pub tier: Vec<u8>,
    /// Asking price, micro-dollars per card and hour.
    pub price: Vec<u32>,
    /// Address.
    pub address: Vec<u32>,
    /// Subnet.
    pub subnet: Vec<u32>,
    /// Standing, see [`flag`].
    pub flags: Vec<u16>,
    /// When it was listed.
    pub registered: Vec<Time>,
    /// Reported fingerprint, 0 when unknown.
    pub fingerprint: Vec<u32>,
}

impl Registry {
    /// Number of devices ever listed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.flags.len()
    }

    /// True before the first listing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    /// Adds a row and returns its id.
    pub(crate) fn push(&mut self, now: Time, account: AccountId, claim: &Claim, flags: u16) -> DeviceId {
        let id = DeviceId(u32::try_from(self.len()).expect("fewer than 2^32 devices"));
        self.account.push(account);
        self.model.push(claim.model);
        self.cards.push(claim.cards);
        self.tier.push(claim.tier);
        self.price.push(claim.price);
        self.address.push(claim.address);
        self.subnet.push(claim.subnet);
        self.flags.push(flags);
        self.registered.push(now);
        self.fingerprint.push(claim.fingerprint);
        id
    }

    /// Positions of `count` consecutive devices from `first`.
    ///
    /// # Errors
    /// `BadSize` when `count` is zero, `Unknown` when a device was never listed.
    pub fn rows(&self, first: DeviceId, count: u32) -> Result<Range<usize>, Rejection> {
        let end = u64::from(first.0) + u64::from(count);
        match count {
            0 => Err(Rejection::BadSize),
            _ if end > self.len() as u64 => Err(Rejection::Unknown),
            _ => Ok(first.at()..first.at() + count as usize),
        }
    }

    /// True when all `flags` are set.
    #[must_use]
    pub fn has(&self, device: DeviceId, flags: u16) -> bool {
        self.flags[device.at()] & flags == flags
    }

    /// Verified, online, idle, waited, cluster test passed, connectivity tier above zero.
    #[must_use]
    pub fn deployable(&self, device: DeviceId) -> bool {
        let i = device.at();
        let flags = self.flags[i];
        flags & (flag::DEPLOYABLE_SET | flag::DEPLOYABLE_CLEAR) == flag::DEPLOYABLE_SET && self.tier[i] > 0
    }
}
