//! A schedule walked epoch by epoch, held to its end and its cap in integers.
//!
//! *Formula*: released = min(amount of the epoch, cap − released so far), nothing after the last epoch; so the epoch in
//! which the cap is reached is partial, and those after it are zero.

use super::{Activity, Schedule};
use crate::units::Amount;

/// How far a schedule may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Limits {
    /// Most that all epochs together release, in base units; without end when absent.
    pub cap: Option<Amount>,
    /// Number of epochs; without end when absent.
    pub epochs: Option<u64>,
    /// Tokens that existed before the first epoch, in base units: a published genesis, or a supply that was observed.
    pub starting_supply: Amount,
}

/// A schedule, and how far it has come.
#[derive(Debug)]
pub struct Issuance {
    schedule: Box<dyn Schedule>,
    limits: Limits,
    passed: u64,
    issued: Amount,
    burned: Amount,
}

impl Issuance {
    /// Before its first epoch.
    #[must_use]
    pub fn new(schedule: Box<dyn Schedule>, limits: Limits) -> Issuance {
        Issuance { schedule, limits, passed: 0, issued: 0, burned: 0 }
    }

    /// The schedule's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.schedule.name()
    }

    /// Its end, its cap and the supply before it.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Epochs released so far.
    #[must_use]
    pub fn passed(&self) -> u64 {
        self.passed
    }

    /// Base units released so far.
    #[must_use]
    pub fn issued(&self) -> Amount {
        self.issued
    }

    /// Tokens in existence: what there was, plus released, less burned.
    #[must_use]
    pub fn supply(&self) -> Amount {
        self.limits.starting_supply.saturating_add(self.issued).saturating_sub(self.burned)
    }

    /// Base units that its cap leaves; nothing when no epoch is left, and unknown without a cap.
    #[must_use]
    pub fn left(&self) -> Option<Amount> {
        if self.is_over() { Some(0) } else { self.limits.cap.map(|cap| cap - self.issued) }
    }

    /// Takes off the supply what was released and given to nobody; a schedule that follows what holders burn does not see it.
    pub fn destroy(&mut self, amount: Amount) {
        self.burned = self.burned.saturating_add(amount.max(0));
    }

    /// True when no later epoch can release anything, whatever happens.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.limits.cap.is_some_and(|cap| self.issued >= cap)
            || self.limits.epochs.is_some_and(|epochs| self.passed >= epochs)
    }

    /// Releases the next epoch. The supply that the schedule sees is the issuance's own, whatever `activity` says of it,
    /// with what the epoch burned taken off.
    pub fn release(&mut self, activity: &Activity) -> Amount {
        self.burned = self.burned.saturating_add(activity.burned.max(0));
        if self.is_over() {
            self.passed += 1;
            return 0;
        }
        let seen = Activity { supply: self.supply(), ..*activity };
        let room = self.limits.cap.map_or(Amount::MAX, |cap| cap - self.issued);
        let amount = self.schedule.next(&seen).clamp(0, room);
        self.issued = self.issued.saturating_add(amount);
        self.passed += 1;
        amount
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emission::{Constant, ConstantSpec};

    fn issuance(limits: Limits) -> Issuance {
        Issuance::new(Box::new(Constant::new(ConstantSpec { per_epoch: 30 })), limits)
    }

    fn releases(issuance: &mut Issuance, epochs: usize) -> Vec<Amount> {
        (0..epochs).map(|_| issuance.release(&Activity::default())).collect()
    }

    #[test]
    fn the_epoch_at_the_cap_is_partial_and_later_ones_are_empty() {
        let mut capped = issuance(Limits { cap: Some(100), ..Limits::default() });
        assert_eq!(releases(&mut capped, 6), [30, 30, 30, 10, 0, 0]);
        assert_eq!((capped.issued(), capped.passed(), capped.is_over()), (100, 6, true));
        assert_eq!(capped.left(), Some(0));
    }

    #[test]
    fn nothing_comes_after_the_last_epoch() {
        let mut ended = issuance(Limits { epochs: Some(2), ..Limits::default() });
        assert_eq!(releases(&mut ended, 4), [30, 30, 0, 0]);
    }

    #[test]
    fn supply_is_what_there_was_plus_released_less_burned() {
        let mut running = issuance(Limits { starting_supply: 500, ..Limits::default() });
        running.release(&Activity { burned: 40, ..Activity::default() });
        assert_eq!(running.supply(), 490);
        running.destroy(90);
        assert_eq!((running.supply(), running.issued(), running.left()), (400, 30, None));
    }
}
