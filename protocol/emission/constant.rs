//! Emission of the same amount every epoch.
//!
//! *Rule*: every epoch mints the same number of base units, whatever the network does.
//!
//! *Formula*: amount = per epoch.
//!
//! *Source*: Nosana's mining pool of 20 million over 24 months and Aethir's checkers of 6.3 billion over 1,460 days are
//! constant within their terms (`[nosana]`, `[aethir]`).
//!
//! *Known weakness*: it pays as much for an empty network as for a busy one, and inflation never ends unless the cap does it.

use super::{Activity, Schedule};
use crate::units::Amount;
use serde::{Deserialize, Serialize};

/// What a scenario says about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConstantSpec {
    /// Base units of each epoch; negative is none.
    pub per_epoch: Amount,
}

/// The same amount every epoch.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    per_epoch: Amount,
}

impl Constant {
    /// A schedule with this amount.
    #[must_use]
    pub fn new(spec: ConstantSpec) -> Constant {
        Constant { per_epoch: spec.per_epoch.max(0) }
    }
}

impl Schedule for Constant {
    fn name(&self) -> &'static str {
        "constant"
    }

    fn next(&mut self, _activity: &Activity) -> Amount {
        self.per_epoch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_epoch_is_like_the_first() {
        let mut schedule = Constant::new(ConstantSpec { per_epoch: 7 });
        let busy = Activity { burned: 1_000, power: 5, ..Activity::default() };
        assert_eq!([schedule.next(&Activity::default()), schedule.next(&busy)], [7, 7]);
        assert_eq!(Constant::new(ConstantSpec { per_epoch: -7 }).next(&busy), 0);
    }
}
