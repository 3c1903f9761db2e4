//! Promises of the counts: each equals a brute-force count over a random history.

use super::*;
use crate::bench::{Bench, Draws};
use crate::ids::DeviceId;
use crate::liveness::{self, Liveness};

const DEVICES: u32 = 150;
const HOUR: u64 = Span::HOUR.0;

/// What the network was told, kept the slow way.
struct History {
    seen: Vec<Option<u64>>,
    live: Liveness,
    bench: Bench,
}

impl History {
    fn new(spec: Spec, draws: &mut Draws) -> Self {
        let mut bench = Bench::new(spec);
        for i in 0..DEVICES as usize {
            let cards = 1 + draws.below(8) as u16;
            bench.push(cards, 0);
            bench.registry.tier[i] = draws.below(3) as u8;
        }
        let mut live = Liveness::new(liveness::Spec::default());
        live.grow(DEVICES);
        Self { seen: vec![None; DEVICES as usize], live, bench }
    }

    /// Uses the flags of this moment: who is up now was seen now.
    fn look(&mut self, now: u64) {
        const BARRED: u16 = flag::NEEDS_LOGIN | flag::BANNED | flag::WITHDRAWN;
        for (seen, &flags) in self.seen.iter_mut().zip(&self.bench.registry.flags) {
            if flags & (flag::BEATING | BARRED) == flag::BEATING {
                *seen = Some(now);
            }
        }
    }

    fn random_command(&mut self, now: u64, draws: &mut Draws) {
        let device = DeviceId(draws.below(u64::from(DEVICES)) as u32);
        let step = &mut self.bench.step(Time(now));
        let done = match draws.below(1_000) {
            0..400 => self.live.beat(step, device, 1, true),
            400..900 => self.live.beat(step, device, 1, false),
            900..905 => self.live.withdraw(step, device, 1),
            905 => {
                self.live.require_login(step);
                self.live.login(step, DeviceId(0), DEVICES / 2)
            }
            906..910 => {
                self.live.ban(step, device);
                Ok(())
            }
            910..990 => {
                let bits = [flag::VERIFIED, flag::WAITED, flag::CLUSTER_OK, flag::QUARANTINED];
                step.registry.flags[device.at()] ^= bits[draws.below(4) as usize];
                Ok(())
            }
            _ => self.live.login(step, DeviceId(0), DEVICES),
        };
        assert_eq!(done, Ok(()));
    }

    /// Cards that meet `condition` on flags, tier and the time since they were seen.
    fn count(&self, now: u64, condition: impl Fn(u16, u8, Option<u64>) -> bool) -> u64 {
        let registry = &self.bench.registry;
        (0..DEVICES as usize)
            .filter(|&i| condition(registry.flags[i], registry.tier[i], self.seen[i].map(|s| now - s)))
            .map(|i| u64::from(registry.cards[i]))
            .sum()
    }

    fn compare(&mut self, now: u64, spec: Spec) {
        let supply = &mut self.bench.supply;
        supply.recount(Time(now), &self.bench.registry, self.live.last_beat());
        let (counts, connected) = (supply.counts(), supply.connected());
        let online = |flags: u16| flags & flag::ONLINE != 0;
        let gone = |flags: u16| flags & (flag::WITHDRAWN | flag::BANNED) != 0;
        let expected = Counts {
            connected: self.count(now, |flags, _, _| online(flags)),
            verified: self.count(now, |flags, _, ago| {
                let recent = ago.is_some_and(|ago| ago <= spec.validity.0);
                flags & flag::VERIFIED != 0 && !gone(flags) && (online(flags) || recent)
            }),
            deployable: (0..DEVICES)
                .filter(|&id| self.bench.registry.deployable(DeviceId(id)))
                .map(|id| u64::from(self.bench.registry.cards[id as usize]))
                .sum(),
            waiting: self.count(now, |flags, _, _| flags & flag::WAITED == 0 && !gone(flags)),
            quarantined: self.count(now, |flags, _, _| flags & flag::QUARANTINED != 0 && !gone(flags)),
            banned: self.count(now, |flags, _, _| flags & flag::BANNED != 0 && flags & flag::WITHDRAWN == 0),
        };
        assert_eq!(counts, expected, "at hour {}", now / HOUR);
        assert_eq!(connected, expected.connected);
    }
}

/// Runs hours of random history; at each full hour the display must equal the count of unique cards.
/// Returns the largest share of the display that was not connected, in percent.
fn run(spec: Spec, hours: u64, gap: u64, seed: u64) -> u64 {
    let mut draws = Draws(seed);
    let mut history = History::new(spec, &mut draws);
    let (mut now, mut trailing) = (0, 0);
    while now < hours * HOUR {
        let next = now + draws.below(gap);
        loop {
            let display = history.bench.supply.next_deadline();
            let due = display.min(history.live.next_deadline());
            if due > Time(next) {
                break;
            }
            history.live.advance(&mut history.bench.step(due));
            if due == display {
                history.look(due.0);
                history.bench.supply.advance(due);
                let unique = history.count(due.0, |flags, _, ago| {
                    let recent = ago.is_some_and(|ago| ago <= spec.window.0);
                    flags & flag::ONLINE != 0 || recent
                });
                assert_eq!(history.bench.supply.displayed(), unique, "hour {}", due.0 / HOUR);
                history.compare(due.0, spec);
                let away = unique - history.bench.supply.connected();
                trailing = trailing.max(away * 100 / unique.max(1));
            }
        }
        now = next;
        history.look(now);
        history.random_command(now, &mut draws);
    }
    trailing
}

#[test]
fn the_display_equals_a_thirty_day_count_of_unique_cards() {
    let trailing = run(Spec::default(), 100 * 24, 4 * HOUR, 11);
    assert!(trailing > 20, "the history must hold cards that went away: {trailing} %");
}

#[test]
fn a_short_window_wraps_its_ring_many_times() {
    let validity = Span::HOUR.times(3);
    let spec = Spec { window: Span::HOUR.times(5), validity, ..Spec::default() };
    let trailing = run(spec, 1_200, HOUR / 2, 12);
    assert!(trailing > 10, "the history must hold cards that went away: {trailing} %");
}

#[test]
fn the_display_is_stale_between_renewals() {
    let mut supply = Supply::new(Spec::default());
    supply.went_online(Time(5), 8, Time::NEVER);
    supply.advance(Time(HOUR - 1));
    assert_eq!((supply.connected(), supply.displayed()), (8, 0));
    supply.advance(Time(HOUR));
    assert_eq!(supply.displayed(), 8);
    supply.went_online(Time(HOUR + 1), 1, Time::NEVER);
    assert_eq!(supply.displayed(), 8);
    assert_eq!(supply.next_deadline(), Time(2 * HOUR));
}

#[test]
fn a_card_leaves_the_display_thirty_days_after_its_last_beat() {
    let mut supply = Supply::new(Spec::default());
    let last = 10 * HOUR;
    supply.went_online(Time(0), 3, Time::NEVER);
    supply.went_offline(Time(last + 5 * Span::MINUTE.0), 3, Time(last));
    for (hour, shown) in [(11, 3), (10 + 720, 3), (11 + 720, 0), (5_000, 0)] {
        supply.advance(Time(hour * HOUR));
        assert_eq!(supply.displayed(), shown, "hour {hour}");
    }
    supply.went_online(Time(5_001 * HOUR), 3, Time(last));
    supply.advance(Time(5_001 * HOUR));
    assert_eq!(supply.displayed(), 3, "back after the ring has wrapped, counted once");
}

#[test]
fn padding_grows_by_the_epoch_and_stays_when_it_stops() {
    let (mut supply, registry) = (Supply::new(Spec::default()), Registry::default());
    supply.set_padding(40);
    for hour in 1..=3 {
        supply.recount(Time(hour * HOUR), &registry, &[]);
    }
    supply.set_padding(0);
    supply.recount(Time(4 * HOUR), &registry, &[]);
    supply.advance(Time(4 * HOUR));
    assert_eq!((supply.padded(), supply.displayed(), supply.connected()), (120, 120, 0));
}

#[test]
fn a_card_that_returns_in_its_last_hour_on_the_display_is_counted_once() {
    let refresh = Span::MINUTE;
    let mut supply = Supply::new(Spec { refresh, ..Spec::default() });
    let last = 10 * HOUR + HOUR / 2;
    supply.went_online(Time(0), 3, Time::NEVER);
    supply.went_offline(Time(last + 5 * Span::MINUTE.0), 3, Time(last));
    let day_30 = 730 * HOUR;
    supply.went_online(Time(day_30 + HOUR / 4), 3, Time(last));
    supply.advance(Time(day_30 + HOUR / 2));
    assert_eq!(supply.displayed(), 3);
}

#[test]
fn a_verified_card_counts_up_to_the_validity_after_its_last_beat() {
    let mut bench = Bench::new(Spec::default());
    bench.push(5, flag::VERIFIED);
    let last = [Time(HOUR)];
    for (now, verified) in [(25 * HOUR, 5), (25 * HOUR + 1, 0)] {
        bench.supply.recount(Time(now), &bench.registry, &last);
        assert_eq!(bench.supply.counts().verified, verified);
    }
    bench.supply.recount(Time(2 * HOUR), &bench.registry, &[Time::NEVER]);
    assert_eq!(bench.supply.counts().verified, 0, "believed, but never seen");
}
