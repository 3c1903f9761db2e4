//! How long each host that is leased in parts has been hired in the current epoch, to the nanosecond.
//!
//! *Formula.* hired = integral over time of (thousandths of cards leased ÷ thousandths of all cards of the host), so
//! that half of its cards for an hour, or half of each card, is half an hour. The integral is kept in thousandths times
//! nanoseconds; an epoch hands out the whole nanoseconds and leaves the remainder to the next, so that the sum over
//! epochs misses the integral by less than a nanosecond, and no epoch exceeds its length. A host without cards is never
//! hired by it: what its processors do is not counted (assumed: reward rules of the library pay for cards).

use crate::ids::DeviceId;
use crate::units::Time;

/// Thousandths of one card.
const CARD: u128 = 1_000;

/// Columns by [`DeviceId::at`].
#[derive(Default, Debug)]
pub(super) struct Hired {
    /// Thousandths of all cards.
    all: Vec<u128>,
    /// Thousandths leased since `since`.
    leased: Vec<u128>,
    since: Vec<Time>,
    /// Thousandths times nanoseconds up to `since` that no epoch has handed out.
    integral: Vec<u128>,
}

impl Hired {
    /// A host more.
    pub(super) fn add(&mut self, cards: u16) {
        self.all.push(u128::from(cards) * CARD);
        self.leased.push(0);
        self.since.push(Time::ZERO);
        self.integral.push(0);
    }

    /// A lease of so many thousandths begins.
    pub(super) fn begin(&mut self, now: Time, device: DeviceId, milli: u64) {
        self.count(now, device.at());
        self.leased[device.at()] += u128::from(milli);
    }

    /// It ends. A time before the latest change counts as that: what was handed out is not taken back.
    pub(super) fn end(&mut self, now: Time, device: DeviceId, milli: u64) {
        self.count(now, device.at());
        self.leased[device.at()] -= u128::from(milli);
    }

    /// Hands out each host's hired nanoseconds since the last time.
    pub(super) fn fold(&mut self, now: Time, hired_ns: &mut [u64]) {
        assert_eq!(hired_ns.len(), self.all.len(), "one row per device");
        for (i, out) in hired_ns.iter_mut().enumerate() {
            self.count(now, i);
            let all = self.all[i].max(1);
            *out = u64::try_from(self.integral[i] / all).expect("no more than the epoch");
            self.integral[i] %= all;
        }
    }

    fn count(&mut self, now: Time, i: usize) {
        self.integral[i] += self.leased[i] * u128::from(now.since(self.since[i]).0);
        self.since[i] = now.max(self.since[i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lcg::Lcg;

    const HOST: DeviceId = DeviceId(0);

    fn host(cards: u16) -> Hired {
        let mut hired = Hired::default();
        hired.add(cards);
        hired
    }

    fn fold(hired: &mut Hired, now: u64) -> u64 {
        let mut out = [0];
        hired.fold(Time(now), &mut out);
        out[0]
    }

    /// Four cards. From 100 one and a half of them, from 300 half a card more, from 700 that half alone, from 900 none:
    /// 200 * 1500 + 400 * 2000 + 200 * 500 = 1,200,000 thousandths, which is 300 ns of the whole host.
    #[test]
    fn a_host_leased_in_parts_is_hired_for_its_part_of_the_time() {
        let mut hired = host(4);
        hired.begin(Time(100), HOST, 1_500);
        hired.begin(Time(300), HOST, 500);
        hired.end(Time(700), HOST, 1_500);
        hired.end(Time(900), HOST, 500);
        assert_eq!(fold(&mut hired, 1_000), 300);
        assert_eq!(fold(&mut hired, 2_000), 0);
    }

    /// A third of three cards, in epochs of ten nanoseconds: 3, 3, 4 and so on, for what each leaves is not lost.
    #[test]
    fn what_is_less_than_a_nanosecond_is_carried_on() {
        let mut hired = host(3);
        hired.begin(Time(0), HOST, 1_000);
        let epochs: Vec<u64> = (1..=6).map(|epoch| fold(&mut hired, 10 * epoch)).collect();
        assert_eq!(epochs, [3, 3, 4, 3, 3, 4]);
    }

    /// Told late, an end lies where it lay, but not before what an epoch has handed out.
    #[test]
    fn an_end_that_is_told_late_takes_back_nothing() {
        let mut hired = host(1);
        hired.begin(Time(0), HOST, 600);
        hired.begin(Time(0), HOST, 400);
        assert_eq!(fold(&mut hired, 100), 100);
        hired.end(Time(90), HOST, 600);
        hired.end(Time(150), HOST, 400);
        assert_eq!(fold(&mut hired, 200), 20, "400 thousandths for 50 ns");
    }

    #[test]
    fn a_host_without_cards_is_never_hired() {
        let mut hired = host(0);
        hired.begin(Time(0), HOST, 0);
        assert_eq!(fold(&mut hired, 1_000), 0);
    }

    /// Whatever begins and ends and whenever epochs close, the parts add up to a count of every nanosecond.
    #[test]
    fn parts_of_epochs_add_up_to_a_count_of_every_nanosecond() {
        let mut lcg = Lcg(7);
        for cards in [1u16, 3, 7, 16] {
            let (mut hired, all) = (host(cards), u64::from(cards) * 1_000);
            let (mut running, mut naive, mut told): (Vec<u64>, u64, u64) = (Vec::new(), 0, 0);
            for now in 0..4_000u64 {
                let leased: u64 = running.iter().sum();
                if lcg.below(5) == 0 && leased < all {
                    running.push(1 + lcg.below(all - leased));
                    hired.begin(Time(now), HOST, running[running.len() - 1]);
                } else if lcg.below(5) == 0 && !running.is_empty() {
                    let milli = running.swap_remove(lcg.below(running.len() as u64) as usize);
                    hired.end(Time(now), HOST, milli);
                }
                naive += running.iter().sum::<u64>();
                if lcg.below(50) == 0 {
                    told += fold(&mut hired, now + 1);
                    assert_eq!(told, naive / all);
                }
            }
            assert!(told > 1_000);
        }
    }
}
