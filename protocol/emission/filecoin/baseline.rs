//! Filecoin's minting with the part that waits for the network's power.
//!
//! *Rule*: beside the simple part, a larger total is minted as fast as the network's power, counted up to a baseline that
//! doubles every year, fills the baseline's own sum; what is not reached is minted later, not lost.
//!
//! *Formula*: realised += min(baseline power of the epoch, power); theta is where the baseline's sum reaches realised;
//! amount = floor(simple + total (e^(−λ theta before) − e^(−λ theta after))), in 128 fractional bits.
//!
//! *Source*: `State::update_to_next_epoch_with_reward` of filecoin-project/builtin-actors, `actors/reward/src/state.rs`, from
//! its genesis on. The totals (330 and 770 million FIL) and the first baseline (2,888,888,880,000,000,000 bytes) are its
//! constants. The power of an epoch is what the chain knows when it sets the epoch's reward: at the end of the epoch
//! before. The chain's later repair of its own baseline is a matter of its history and is not replayed.
//!
//! *Known weakness*: power beyond the baseline mints nothing more, and power that comes late is paid for
//! epochs in which others carried the network.

use super::fixed_point::Q128;
use super::power::{BASELINE_INITIAL_VALUE, baseline_power_from_prev, init_baseline_power};
use super::reward::{BASELINE_TOTAL, Fine, SIMPLE_TOTAL, compute_baseline_supply, compute_r_theta, minted};
use super::simple::{FilecoinSimple, FilecoinSimpleSpec};
use crate::emission::{Activity, Schedule};
use crate::units::Amount;
use serde::{Deserialize, Serialize};

/// What a scenario says about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilecoinBaselineSpec {
    /// What the simple part comes to, in attoFIL; negative is none. Default: the chain's 330 million FIL.
    pub simple_total_base_units: Amount,
    /// What the part that waits for power comes to, in attoFIL; negative is none. Default: the chain's 770 million FIL.
    pub baseline_total_base_units: Amount,
    /// Baseline at the start, in bytes. Default: the chain's 2,888,888,880,000,000,000.
    pub initial_baseline_bytes: u128,
}

impl Default for FilecoinBaselineSpec {
    fn default() -> Self {
        FilecoinBaselineSpec {
            simple_total_base_units: SIMPLE_TOTAL,
            baseline_total_base_units: BASELINE_TOTAL,
            initial_baseline_bytes: BASELINE_INITIAL_VALUE,
        }
    }
}

/// Minting by time and by power, and how far both have come.
#[derive(Clone, Copy, Debug)]
pub struct FilecoinBaseline {
    simple: FilecoinSimple,
    baseline_total: Amount,
    /// The chain's `this_epoch_baseline_power`.
    baseline_power: u128,
    effective_network_time: u64,
    effective_baseline_power: u128,
    /// The chain's `cumsum_baseline` less its `cumsum_realized`; nothing asks for more, and the sums have no bound.
    gap: u128,
    theta: Q128,
    /// Baseline minting so far, at `theta`.
    supply: Fine,
}

impl FilecoinBaseline {
    /// Before epoch 0.
    #[must_use]
    pub fn new(spec: FilecoinBaselineSpec) -> FilecoinBaseline {
        FilecoinBaseline {
            simple: FilecoinSimple::new(FilecoinSimpleSpec {
                total_base_units: spec.simple_total_base_units,
            }),
            baseline_total: spec.baseline_total_base_units,
            baseline_power: init_baseline_power(spec.initial_baseline_bytes),
            effective_network_time: 0,
            effective_baseline_power: spec.initial_baseline_bytes,
            gap: 0,
            theta: Q128::ZERO,
            supply: Fine::default(),
        }
    }

    /// Baseline power of the last epoch, in bytes.
    #[must_use]
    pub fn baseline_power(&self) -> u128 {
        self.baseline_power
    }

    /// How many epochs of the baseline have been realised, the last in part.
    #[must_use]
    pub fn theta(&self) -> Q128 {
        self.theta
    }

    /// The chain's `effective_network_time`: theta, rounded up.
    #[must_use]
    pub fn effective_network_time(&self) -> u64 {
        self.effective_network_time
    }

    /// Counts an epoch's power: the chain's `update_to_next_epoch`.
    fn realise(&mut self, power: u128) {
        self.baseline_power = baseline_power_from_prev(self.baseline_power);
        let mut left = power.min(self.baseline_power);
        while left > self.gap {
            left -= self.gap;
            self.effective_network_time += 1;
            self.effective_baseline_power = baseline_power_from_prev(self.effective_baseline_power);
            self.gap = self.effective_baseline_power;
        }
        self.gap -= left;
        self.theta = compute_r_theta(self.effective_network_time, self.effective_baseline_power, 0, self.gap);
    }
}

impl Schedule for FilecoinBaseline {
    fn name(&self) -> &'static str {
        "filecoin_baseline"
    }

    fn next(&mut self, activity: &Activity) -> Amount {
        self.realise(activity.power);
        let before = self.supply;
        self.supply = compute_baseline_supply(self.theta, self.baseline_total);
        minted(self.simple.next_part(), before, self.supply).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDLESS: u128 = 1 << 100;

    fn start() -> FilecoinBaseline {
        FilecoinBaseline::new(FilecoinBaselineSpec::default())
    }

    /// Amounts of the first epochs under this power of each.
    fn walk(schedule: &mut FilecoinBaseline, epochs: u64, power: impl Fn(u64) -> u128) -> Vec<Amount> {
        let activity = |epoch| Activity { power: power(epoch), ..Activity::default() };
        (0..epochs).map(|epoch| schedule.next(&activity(epoch))).collect()
    }

    #[test]
    fn a_network_without_power_mints_the_simple_part() {
        let mut schedule = start();
        // `EPOCH_ZERO_REWARD` and `INITIAL_REWARD_POSITION_ESTIMATE` of builtin-actors.
        let published = [36_266_264_293_777_134_739, 36_266_260_308_195_979_333];
        assert_eq!(walk(&mut schedule, 2, |_| 0), published);
        assert_eq!((schedule.theta(), schedule.effective_network_time()), (Q128::ZERO, 0));
    }

    #[test]
    fn power_beyond_the_baseline_mints_no_more() {
        // `construct_with_more_power_than_baseline` of builtin-actors.
        let once = walk(&mut start(), 1, |_| BASELINE_INITIAL_VALUE);
        assert_eq!(once, walk(&mut start(), 1, |_| 2 * BASELINE_INITIAL_VALUE));
        assert!(once > walk(&mut start(), 1, |_| 0));
    }

    /// Literals of a transcription of the chain's state into Python's integers, with both sums kept as the chain does.
    #[test]
    fn walks_end_where_an_independent_transcription_ends() {
        let mut full = start();
        let amounts = walk(&mut full, 20_000, |_| BOUNDLESS);
        assert_eq!(
            amounts[..3],
            [120_887_482_548_122_772_499, 120_887_469_262_902_333_168, 120_887_455_977_683_353_845]
        );
        assert_eq!(amounts[19_999], 120_622_083_163_627_513_885);
        assert_eq!(amounts.iter().sum::<Amount>(), 2_415_094_685_010_010_470_112_468);
        assert_eq!(
            (full.effective_network_time(), full.baseline_power()),
            (20_000, 2_927_237_161_756_180_331)
        );
        assert_eq!(full.effective_baseline_power, 2_927_239_091_937_738_980);

        let mut mixed = start();
        let amounts = walk(&mut mixed, 20_000, |epoch| (u128::from(epoch) * 2_654_435_761 % (1 << 32)) << 30);
        assert_eq!(
            amounts[..3],
            [36_266_264_293_777_134_739, 119_753_581_444_234_182_017, 68_155_552_265_665_395_411]
        );
        assert_eq!(amounts[19_999], 44_434_087_929_663_212_527);
        assert_eq!(amounts.iter().sum::<Amount>(), 1_884_778_608_702_578_531_244_288);
        assert_eq!(mixed.effective_network_time(), 13_722);
    }

    #[test]
    fn power_that_comes_late_is_paid_from_the_first_epoch_of_the_baseline() {
        let mut late = start();
        let amounts = walk(&mut late, 20_000, |epoch| if epoch < 15_000 { 0 } else { BOUNDLESS });
        assert_eq!(amounts[19_999], 121_598_788_816_530_398_439);
        assert_eq!(amounts.iter().sum::<Amount>(), 1_151_714_993_254_274_701_962_982);
        assert_eq!(late.effective_network_time(), 5_050);
    }

    #[test]
    fn a_baseline_of_nothing_asks_for_nothing() {
        let spec = FilecoinBaselineSpec { initial_baseline_bytes: 0, ..FilecoinBaselineSpec::default() };
        let mut schedule = FilecoinBaseline::new(spec);
        assert_eq!(walk(&mut schedule, 1, |_| BOUNDLESS), [36_266_264_293_777_134_739]);
    }
}
