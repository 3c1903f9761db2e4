//! A fixed schedule, and what was burned minted again.
//!
//! *Rule*: every epoch releases its fixed amount and, on top, tokens that were burned, so that the fixed schedule is a
//! target for the net. How much of the burned comes back, and when, is one of three published forms.
//!
//! *Formula*: uncapped: fixed + burned. Pool: fixed + floor(pool / n), then the pool falls by as much and rises by
//! min(burned, cap). Overage: fixed + m with m = min(cap, burned + overage), then overage = burned + overage − m.
//!
//! *Source*: Helium HIP-20. Uncapped: "if 10 HNT were burned … the system would mint 3,434 HNT instead of 3,424 HNT".
//! Pool: the cap of 34.24 HNT is on "how much the Net Emissions Pool can be increased per epoch", and the pool
//! "contributes 1/336th of its value to the next epoch's mining rewards". Overage: Helium's own chain,
//! `calculate_net_emissions_reward`: min(max rate, burned + overage); that the remainder is the next overage is recalled.
//! The two capped forms differ: under the text what is burned beyond the cap is gone for good, on the chain it comes
//! back later. A burn counts in the epoch in which it is told.
//!
//! *Known weakness*: whoever burns to be paid moves next week's pay of all; and uncapped, no burning ever shrinks the supply.

use super::ratio::whole;
use super::{Activity, Schedule, ScheduleSpec};
use crate::units::{Amount, TOKEN};
use serde::{Deserialize, Serialize};

/// Helium's cap on what comes back in an epoch: 34.24 HNT, 1 % of 3,424.
pub const HELIUM_NET_EMISSIONS_CAP: Amount = 3_424 * TOKEN / 100;
/// Epochs of a week, over which Helium's pool is smoothed.
pub const HELIUM_EPOCHS_PER_WEEK: u64 = 336;

/// What a scenario says about it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetEmissionsSpec {
    /// What is released in any case.
    pub fixed: Box<ScheduleSpec>,
    /// What comes back of the burned.
    pub remint: Remint,
}

/// What comes back of burned tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Remint {
    /// All, in the same epoch.
    Uncapped,
    /// At most a cap of each epoch's burn enters a pool; the rest never comes back.
    Pool {
        /// Most base units that enter in an epoch.
        cap: Amount,
        /// The pool gives this part of one each epoch; it gives nothing when zero.
        smoothing_epochs: u64,
    },
    /// At most a cap each epoch; what is beyond waits.
    Overage {
        /// Most base units that come back in an epoch.
        cap: Amount,
    },
}

impl NetEmissionsSpec {
    /// Helium as HIP-20 tells it: its halvings, a pool of at most 34.24 HNT more per epoch, released by 1/336.
    #[must_use]
    pub fn helium_hip20() -> NetEmissionsSpec {
        NetEmissionsSpec {
            fixed: Box::new(ScheduleSpec::Halving(super::HalvingSpec::helium_hip20())),
            remint: Remint::Pool { cap: HELIUM_NET_EMISSIONS_CAP, smoothing_epochs: HELIUM_EPOCHS_PER_WEEK },
        }
    }
}

/// A fixed schedule with net emissions.
#[derive(Debug)]
pub struct NetEmissions {
    fixed: Box<dyn Schedule>,
    remint: Remint,
    /// Burned base units that have still to come back.
    waiting: u128,
}

impl NetEmissions {
    /// Before its first epoch, with nothing burned.
    #[must_use]
    pub fn new(spec: &NetEmissionsSpec) -> NetEmissions {
        NetEmissions { fixed: spec.fixed.build(), remint: spec.remint, waiting: 0 }
    }

    /// Base units that come back now, of an epoch that burned so many.
    fn come_back(&mut self, burned: u128) -> u128 {
        match self.remint {
            Remint::Uncapped => burned,
            Remint::Pool { cap, smoothing_epochs } => {
                let given = self.waiting.checked_div(u128::from(smoothing_epochs)).unwrap_or(0);
                self.waiting = (self.waiting - given).saturating_add(burned.min(whole(cap)));
                given
            }
            Remint::Overage { cap } => {
                let due = self.waiting.saturating_add(burned);
                let given = due.min(whole(cap));
                self.waiting = due - given;
                given
            }
        }
    }
}

impl Schedule for NetEmissions {
    fn name(&self) -> &'static str {
        "net_emissions"
    }

    fn next(&mut self, activity: &Activity) -> Amount {
        let back = Amount::try_from(self.come_back(whole(activity.burned))).unwrap_or(Amount::MAX);
        self.fixed.next(activity).saturating_add(back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emission::ConstantSpec;

    const FIXED: Amount = 3_424 * TOKEN;
    const CAP: Amount = HELIUM_NET_EMISSIONS_CAP;

    fn helium(remint: Remint) -> NetEmissions {
        let fixed = Box::new(ScheduleSpec::Constant(ConstantSpec { per_epoch: FIXED }));
        NetEmissions::new(&NetEmissionsSpec { fixed, remint })
    }

    /// What epochs with these burns release beyond the fixed amount.
    fn extra(schedule: &mut NetEmissions, burns: &[Amount]) -> Vec<Amount> {
        let epoch = |&burned: &Amount| schedule.next(&Activity { burned, ..Activity::default() }) - FIXED;
        burns.iter().map(epoch).collect()
    }

    #[test]
    fn ten_burned_are_ten_more_minted_in_the_simple_form() {
        let mut schedule = helium(Remint::Uncapped);
        let epoch = Activity { burned: 10 * TOKEN, ..Activity::default() };
        assert_eq!(schedule.next(&epoch), 3_434 * TOKEN);
        assert_eq!(schedule.next(&Activity::default()), 3_424 * TOKEN);
    }

    #[test]
    fn a_large_burn_fills_the_pool_to_its_cap_and_comes_back_over_weeks() {
        let mut schedule = helium(Remint::Pool { cap: CAP, smoothing_epochs: 336 });
        let given = extra(&mut schedule, &[1_000 * TOKEN, 0, 0]);
        // Nothing in the epoch of the burn; then 34.24 / 336 = 0.10190476…, and a 336th of what is left.
        assert_eq!(given, [0, 10_190_476, 10_160_147]);
        // All that ever comes back is the cap, less what a 336th no longer divides.
        let later: Amount = extra(&mut schedule, &[0; 20_000]).iter().sum();
        let all = given.iter().sum::<Amount>() + later;
        assert!((CAP - 335..=CAP).contains(&all), "{all}");
    }

    #[test]
    fn under_steady_burning_below_the_cap_the_pool_gives_back_what_is_burned() {
        let mut schedule = helium(Remint::Pool { cap: CAP, smoothing_epochs: 336 });
        let given = extra(&mut schedule, &vec![10 * TOKEN; 336 * 40]);
        assert_eq!(given.last(), Some(&(10 * TOKEN)));
    }

    #[test]
    fn on_the_chain_what_is_beyond_the_cap_waits_its_turn() {
        let mut schedule = helium(Remint::Overage { cap: CAP });
        assert_eq!(extra(&mut schedule, &[100 * TOKEN, 0, 0, 0]), [CAP, CAP, 100 * TOKEN - 2 * CAP, 0]);
    }

    #[test]
    fn an_epoch_of_hip_20_with_no_burn_is_its_halving_schedule() {
        let mut schedule = NetEmissions::new(&NetEmissionsSpec::helium_hip20());
        assert_eq!(schedule.next(&Activity::default()), 342_465_753_424);
    }

    #[test]
    fn extreme_numbers_bring_back_nothing_or_the_largest_amount() {
        let burns = [Amount::MAX, Amount::MAX, -5];
        let mut none = helium(Remint::Pool { cap: -1, smoothing_epochs: 0 });
        assert_eq!(extra(&mut none, &burns), [0, 0, 0]);
        let mut all = helium(Remint::Overage { cap: Amount::MAX });
        assert_eq!(extra(&mut all, &burns), [Amount::MAX - FIXED, Amount::MAX - FIXED, 0]);
    }
}
