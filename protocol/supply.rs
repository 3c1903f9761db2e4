//! The network's own counts of supply, in cards: connected, displayed, verified, deployable, and those set aside.
//!
//! Connected and the trailing count behind the display are kept at each change of ONLINE, in constant time.
//! All other counts are one pass over the flags per [`Supply::recount`], which the protocol calls once an epoch:
//! a handful of instructions per row there costs less, and can go wrong less, than a hook at every flag.

use crate::registry::{Registry, flag};
use crate::units::{Span, Time};
use serde::Serialize;

/// Rows whose cards certainly sum within 32 bits (1024 * 65,535), which keeps the inner loop narrow.
const BLOCK: usize = 1024;

/// What the public page and the counts mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Spec {
    /// The display counts cards seen within this span. Default 30 days (explorer of June 2024, as read by
    /// Cryptonary). Resolved to hours: its start is rounded down to a full hour since genesis.
    pub window: Span,
    /// The display is renewed at multiples of this since genesis and stale in between; at least a minute.
    /// Default 1 hour (assumed).
    pub refresh: Span,
    /// A verified device counts as verified for this long after it was last seen. Default 24 hours (assumed).
    pub validity: Span,
}

impl Default for Spec {
    fn default() -> Self {
        Self { window: Span::DAY.times(30), refresh: Span::HOUR, validity: Span::DAY }
    }
}

/// Cards by standing at the latest recount. Devices that left count nowhere but in the display.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Counts {
    /// ONLINE.
    pub connected: u64,
    /// VERIFIED, not banned, and online or seen within the validity.
    pub verified: u64,
    /// See [`Registry::deployable`].
    pub deployable: u64,
    /// In the first waiting time, not banned.
    pub waiting: u64,
    /// Quarantined, not banned.
    pub quarantined: u64,
    /// Banned.
    pub banned: u64,
}

/// The counts, and the public display.
#[derive(Debug)]
pub struct Supply {
    spec: Spec,
    connected: u64,
    seen: Ring,
    padded: u64,
    padding: u32,
    displayed: u64,
    next_refresh: Time,
    counts: Counts,
}

impl Supply {
    /// Nothing listed; the display shows zero until its first renewal.
    #[must_use]
    pub fn new(mut spec: Spec) -> Self {
        spec.refresh = spec.refresh.max(Span::MINUTE);
        Self {
            spec,
            connected: 0,
            seen: Ring::new(spec.window),
            padded: 0,
            padding: 0,
            displayed: 0,
            next_refresh: Time::default() + spec.refresh,
            counts: Counts::default(),
        }
    }

    /// A device came online that was last seen at `last_beat` ([`Time::NEVER`] when it comes for the first time).
    pub fn went_online(&mut self, now: Time, cards: u16, last_beat: Time) {
        self.connected += u64::from(cards);
        self.seen.roll(now);
        self.seen.remove(last_beat, cards);
    }

    /// A device is no longer online; it was last seen at `last_beat`.
    pub fn went_offline(&mut self, now: Time, cards: u16, last_beat: Time) {
        self.connected -= u64::from(cards);
        self.seen.roll(now);
        self.seen.add(last_beat, cards);
    }

    /// From now on the team adds this many cards to the display per epoch; what it added before stays.
    pub fn set_padding(&mut self, cards_per_epoch: u32) {
        self.padding = cards_per_epoch;
    }

    /// When the display is renewed next.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.next_refresh
    }

    /// Renews the display when that is due: connected, plus cards last seen within the window, plus padding.
    pub fn advance(&mut self, now: Time) {
        if now < self.next_refresh {
            return;
        }
        self.seen.roll(now);
        self.displayed = self.connected + self.seen.total + self.padded;
        let refresh = self.spec.refresh.0;
        self.next_refresh = Time(now.0 - now.0 % refresh) + self.spec.refresh;
    }

    /// Ends an epoch: padding grows, and all other counts are taken. `last_beat` is
    /// [`crate::liveness::Liveness::last_beat`].
    ///
    /// # Panics
    /// When `last_beat` has not one row per device.
    pub fn recount(&mut self, now: Time, registry: &Registry, last_beat: &[Time]) {
        assert_eq!(registry.len(), last_beat.len(), "one row per device");
        self.padded += u64::from(self.padding);
        let mut counts = Counts::default();
        let columns = registry
            .flags
            .chunks(BLOCK)
            .zip(registry.cards.chunks(BLOCK))
            .zip(registry.tier.chunks(BLOCK))
            .zip(last_beat.chunks(BLOCK));
        for (((flags, cards), tier), last_beat) in columns {
            if count_flags(&mut counts, flags, cards, tier) {
                counts.verified += verified_offline(now, self.spec.validity, flags, cards, last_beat);
            }
        }
        debug_assert_eq!(counts.connected, self.connected, "hooks follow every change of ONLINE");
        self.counts = counts;
    }

    /// Cards online at this moment.
    #[must_use]
    pub fn connected(&self) -> u64 {
        self.connected
    }

    /// What the public page shows: stale, trailing, and padded.
    #[must_use]
    pub fn displayed(&self) -> u64 {
        self.displayed
    }

    /// Cards on the display that the team made up, as of the latest epoch.
    #[must_use]
    pub fn padded(&self) -> u64 {
        self.padded
    }

    /// Counts of the latest recount.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }
}

/// Adds a block's cards by flags; true when it holds verified devices that are not online.
fn count_flags(counts: &mut Counts, flags: &[u16], cards: &[u16], tier: &[u8]) -> bool {
    const AWAY: u16 = flag::BANNED | flag::WITHDRAWN;
    let mut sums = [0u32; 6];
    let mut offline_verified = 0;
    for ((&flags, &cards), &tier) in flags.iter().zip(cards).zip(tier) {
        let cards = u32::from(cards);
        let is = |set: u16, clear: u16| flags & (set | clear) == set;
        let deployable = is(flag::DEPLOYABLE_SET, flag::DEPLOYABLE_CLEAR) & (tier > 0);
        let classes = [
            is(flag::ONLINE, 0),
            is(flag::VERIFIED | flag::ONLINE, AWAY),
            deployable,
            is(0, flag::WAITED | AWAY),
            is(flag::QUARANTINED, AWAY),
            is(flag::BANNED, flag::WITHDRAWN),
        ];
        for (sum, class) in sums.iter_mut().zip(classes) {
            // Wrapping cannot happen in a block (see BLOCK); a checked sum would not be vectorised.
            *sum = sum.wrapping_add(if class { cards } else { 0 });
        }
        offline_verified |= u32::from(is(flag::VERIFIED, flag::ONLINE | AWAY));
    }
    counts.connected += u64::from(sums[0]);
    counts.verified += u64::from(sums[1]);
    counts.deployable += u64::from(sums[2]);
    counts.waiting += u64::from(sums[3]);
    counts.quarantined += u64::from(sums[4]);
    counts.banned += u64::from(sums[5]);
    offline_verified != 0
}

/// Cards of a block that are verified and not online, but were seen within `validity`.
fn verified_offline(now: Time, validity: Span, flags: &[u16], cards: &[u16], last_beat: &[Time]) -> u64 {
    const ASIDE: u16 = flag::ONLINE | flag::BANNED | flag::WITHDRAWN;
    let mut sum = 0;
    for ((&flags, &cards), &last) in flags.iter().zip(cards).zip(last_beat) {
        let verified = flags & (flag::VERIFIED | ASIDE) == flag::VERIFIED;
        if verified && last != Time::NEVER && now.since(last) <= validity {
            sum += u64::from(cards);
        }
    }
    sum
}

/// Cards that are not online, by the hour in which they were last seen; hours before the window are dropped.
#[derive(Debug)]
struct Ring {
    window: Span,
    hours: Vec<u64>,
    oldest: u64,
    total: u64,
}

impl Ring {
    /// One slot for each hour that a window can touch: its hours, rounded up, and the running one.
    fn new(window: Span) -> Self {
        let slots = window.0.div_ceil(Span::HOUR.0) + 1;
        let slots = usize::try_from(slots).expect("a window's hours fit in memory");
        Self { window, hours: vec![0; slots], oldest: 0, total: 0 }
    }

    /// Drops the hours that have left the window. Does nothing but compare within an hour.
    fn roll(&mut self, now: Time) {
        let oldest = now.since(Time(self.window.0)).0 / Span::HOUR.0;
        // After a leap longer than the ring every slot has been visited once, which is enough.
        for hour in (self.oldest..oldest).take(self.hours.len()) {
            let slot = self.slot(hour);
            self.total -= self.hours[slot];
            self.hours[slot] = 0;
        }
        self.oldest = self.oldest.max(oldest);
    }

    fn add(&mut self, seen: Time, cards: u16) {
        if let Some(slot) = self.kept(seen) {
            self.hours[slot] += u64::from(cards);
            self.total += u64::from(cards);
        }
    }

    fn remove(&mut self, seen: Time, cards: u16) {
        if let Some(slot) = self.kept(seen) {
            self.hours[slot] -= u64::from(cards);
            self.total -= u64::from(cards);
        }
    }

    /// The slot of an instant, unless it has left the window or never was.
    fn kept(&self, seen: Time) -> Option<usize> {
        let hour = seen.0 / Span::HOUR.0;
        (seen != Time::NEVER && hour >= self.oldest).then(|| self.slot(hour))
    }

    fn slot(&self, hour: u64) -> usize {
        usize::try_from(hour % self.hours.len() as u64).expect("below a vector's length")
    }
}

#[cfg(test)]
mod tests;
