//! Pay by stake, longer for longer: Nosana's xNOS.
//!
//! *Rule*: an account is worth its stake times a factor for how long the stake takes to come back. It is paid when at
//! least one of its devices was up (or, in the other reading, hired), and they share it by that time.
//!
//! *Formula*:
//!
//! ```text
//! xNOS   = down((down(d * 1e15 / (4 * 365 days / 12)) + 1e15) * stake / 1e15), d in seconds
//!        = stake * (1 + 12 d / (4 * 365)), d in days: 1.115 at 14, 4 at 365; zero while it is leaving
//! weight = down(xNOS of the account * hours * time of the device / time of all its devices)
//! ```
//!
//! *Source*: nosana-ci/nosana-programs, `StakeAccount::update_xnos` and its constants, integer for integer
//! (`[nosana]`). There every staker chooses d and fees go to all stakers by xNOS, with a device or without; here one d
//! holds for all, the network's cooldown, and devices carry the stake, both assumed. Markets there ask for a least xNOS.
//!
//! *Known weakness*: it pays capital and not work: a whale with one idle card up earns as a whale does, and one instant of
//! being up earns an account its whole epoch. In return names, slices and copies gain nothing, because none of them
//! multiplies the stake behind it; only a season that counts by snapshot, device by device, makes an owner lose by what
//! its absent devices took of its stake's worth, and save that by a name for them: shared by time up, it breaks the law
//! of work beside others.

use super::portions::{Portions, held, stake_of};
use super::{EpochRecord, Needs, RewardRule};
use crate::units::{Amount, Span};
use serde::{Deserialize, Serialize};

const PRECISION: u128 = 1_000_000_000_000_000;
const DURATION_MIN: u64 = Span::DAY.0 / Span::SECOND.0 * 14;
const DURATION_MAX: u64 = Span::DAY.0 / Span::SECOND.0 * 365;
/// Four months: a quarter of growth for each.
const DIVISOR: u128 = 4 * DURATION_MAX as u128 / 12;

/// What the devices of an account share its stake by, and without which it is paid nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SharedBy {
    /// Time up.
    Up,
    /// Time hired.
    Hired,
}

/// Numbers of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StakeWeightedSpec {
    /// How long a stake takes to come back, held to 14 to 365 days as on Nosana. 14 days, Nosana's least, which is
    /// io.net's cooldown too.
    pub unstake: Span,
    /// What devices share their account's stake by. Time up (assumed).
    pub shared_by: SharedBy,
    /// The least xNOS of an account that is paid, in base units. None: each of Nosana's markets sets its own.
    pub least: Amount,
}

impl Default for StakeWeightedSpec {
    fn default() -> Self {
        StakeWeightedSpec { unstake: Span::DAY.times(14), shared_by: SharedBy::Up, least: 0 }
    }
}

impl StakeWeightedSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(StakeWeighted { spec: self, portions: Portions::default() })
    }
}

/// xNOS of a stake that takes so long to come back.
#[must_use]
pub fn xnos(amount: u64, unstake: Span) -> u128 {
    let duration = (unstake.0 / Span::SECOND.0).clamp(DURATION_MIN, DURATION_MAX);
    (u128::from(duration) * PRECISION / DIVISOR + PRECISION) * u128::from(amount) / PRECISION
}

/// See the file's header.
#[derive(Debug)]
pub struct StakeWeighted {
    spec: StakeWeightedSpec,
    portions: Portions,
}

impl RewardRule for StakeWeighted {
    fn name(&self) -> &'static str {
        "stake_weighted"
    }

    fn needs(&self) -> Needs {
        Needs { stake: true, ..Needs::default() }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        assert_eq!(weights.len(), record.len(), "a weight for every device");
        let time = match self.spec.shared_by {
            SharedBy::Up => record.up_ns,
            SharedBy::Hired => record.hired_ns,
        };
        let (unstake, least) = (self.spec.unstake, self.spec.least.max(0).unsigned_abs());
        let worth = |account: usize| {
            let xnos = xnos(stake_of(record, account), unstake);
            held(if xnos < least { 0 } else { xnos }, record.epoch)
        };
        weights.fill(0);
        self.portions.measure(record, time);
        self.portions.share((record, time), worth, weights);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, Row};
    use super::*;
    use crate::ids::AccountId;
    use crate::registry::flag;
    use crate::units::USD;

    fn up(account: u32) -> Row {
        Row { account: AccountId(account), up_ns: Span::HOUR.0, ..Row::default() }
    }

    fn weigh(spec: StakeWeightedSpec, rows: Vec<Row>, stake: &[Amount]) -> Vec<u64> {
        let columns = Columns { stake: stake.to_vec(), ..Columns::new(rows, Vec::new()) };
        columns.weigh(spec.build().as_mut())
    }

    fn a_year() -> StakeWeightedSpec {
        StakeWeightedSpec { unstake: Span::DAY.times(365), ..StakeWeightedSpec::default() }
    }

    #[test]
    fn a_year_makes_a_stake_four_times_itself_and_two_weeks_a_tenth_more() {
        // Published: exactly 4 at 365 days. At 14: 14 * 86,400 / 10,512,000 = 0.115068493150684|93...
        assert_eq!(xnos(1_000_000, Span::DAY.times(365)), 4_000_000);
        assert_eq!(xnos(1_000_000_000_000_000, Span::DAY.times(14)), 1_115_068_493_150_684);
        // Half a year, 182.5 days: 2.5 exactly. A month of 365/12 days: 1.25.
        assert_eq!(xnos(8, Span::HOUR.times(4_380)), 20);
        assert_eq!(xnos(8, Span::HOUR.times(730)), 10);
    }

    #[test]
    fn who_comes_back_faster_or_slower_than_nosana_allows_counts_as_its_bound() {
        assert_eq!(xnos(1_000, Span::ZERO), 1_115);
        assert_eq!(xnos(1_000, Span::MAX), 4_000);
        assert_eq!(xnos(u64::MAX, Span::MAX), 4 * u128::from(u64::MAX));
    }

    #[test]
    fn a_whale_with_one_idle_card_earns_by_its_stake_and_not_by_its_work() {
        let worker = Row { hired_ns: Span::HOUR.0, ..up(1) };
        let weights = weigh(a_year(), vec![up(0), worker, worker], &[900 * USD, 100 * USD]);
        // Micro-points of an hour: four for each micro-dollar.
        assert_eq!(weights, [3_600_000_000, 200_000_000, 200_000_000]);
    }

    #[test]
    fn a_farm_of_slices_shares_one_stake() {
        let one = weigh(a_year(), vec![up(0)], &[USD]);
        let eight = weigh(a_year(), vec![up(0); 8], &[USD]);
        assert_eq!(one[0], eight.iter().sum::<u64>());
    }

    #[test]
    fn without_a_stake_or_a_device_nobody_earns() {
        let barred = Row { flags: flag::BANNED, ..up(1) };
        let rows = vec![up(0), barred, Row { up_ns: 0, ..up(2) }, up(3)];
        assert_eq!(weigh(a_year(), rows, &[0, USD, USD]), [0; 4]);
    }

    #[test]
    fn shared_by_hire_a_network_without_work_pays_nobody() {
        let by_hire = StakeWeightedSpec { shared_by: SharedBy::Hired, ..a_year() };
        assert_eq!(weigh(by_hire, vec![up(0); 3], &[USD]), [0; 3]);
        let hired = |hours: u64| Row { hired_ns: Span::HOUR.0 / 4 * hours, ..up(0) };
        assert_eq!(weigh(by_hire, vec![up(0), hired(1), hired(3)], &[USD]), [0, 1_000_000, 3_000_000]);
    }

    #[test]
    fn below_the_least_a_stake_counts_for_nothing_and_at_it_in_full() {
        let least = StakeWeightedSpec { least: 4 * USD, ..a_year() };
        assert_eq!(weigh(least, vec![up(0), up(1)], &[USD - 1, USD]), [0, 4_000_000]);
    }

    #[test]
    fn an_hour_weighs_the_same_in_one_epoch_or_four() {
        let quarter = Columns {
            epoch: Span::MINUTE.times(15),
            stake: vec![USD],
            ..Columns::new(vec![Row { up_ns: Span::MINUTE.times(15).0, ..up(0) }], Vec::new())
        };
        let hour = weigh(a_year(), vec![up(0)], &[USD]);
        assert_eq!(quarter.weigh(a_year().build().as_mut())[0] * 4, hour[0]);
    }

    #[test]
    fn a_stake_beyond_all_tokens_saturates() {
        assert_eq!(weigh(a_year(), vec![up(0)], &[Amount::MAX]), [u64::MAX]);
    }
}
