//! Filecoin's simple minting: a total that decays with time alone.
//!
//! *Rule*: every epoch of 30 seconds, numbered from 0, mints the same share of what is left of a total, whatever the
//! network stores.
//!
//! *Formula*: amount = floor(total (e^λ − 1) e^(−λ epoch)), λ = ln 2 / (6 years of 1,051,200 epochs), all in 128 fractional
//! bits with the chain's approximation of e^−x.
//!
//! *Source*: `compute_reward` of filecoin-project/builtin-actors, `actors/reward/src/logic.rs`; 330 million FIL is its
//! `SIMPLE_TOTAL`. A year is 365 days: λ says so.
//!
//! *Known weakness*: early providers are paid as much for an empty network as later ones for a full one. The coded sum
//! lies 1.1e-7 above the closed form total (1 − 2^(−years / 6)), because e^λ − 1 stands where 1 − e^−λ would; after 146
//! years the chain's approximation falls below zero, where this schedule mints nothing.

use super::reward::{Fine, SIMPLE_TOTAL, decaying, minted, simple_part};
use crate::emission::{Activity, Schedule};
use crate::units::Amount;
use serde::{Deserialize, Serialize};

/// What a scenario says about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilecoinSimpleSpec {
    /// What all epochs come to, in attoFIL; negative is none. Default: the chain's 330 million FIL.
    pub total_base_units: Amount,
}

impl Default for FilecoinSimpleSpec {
    fn default() -> Self {
        FilecoinSimpleSpec { total_base_units: SIMPLE_TOTAL }
    }
}

/// Simple minting, and the epoch that comes next.
#[derive(Clone, Copy, Debug)]
pub struct FilecoinSimple {
    decaying: [u64; 4],
    epoch: u64,
}

impl FilecoinSimple {
    /// Before epoch 0.
    #[must_use]
    pub fn new(spec: FilecoinSimpleSpec) -> FilecoinSimple {
        FilecoinSimple { decaying: decaying(spec.total_base_units), epoch: 0 }
    }

    /// The next epoch in 128 fractional bits.
    pub(super) fn next_part(&mut self) -> Fine {
        let part = simple_part(self.decaying, self.epoch);
        self.epoch += 1;
        part
    }
}

impl Schedule for FilecoinSimple {
    fn name(&self) -> &'static str {
        "filecoin_simple"
    }

    fn next(&mut self, _activity: &Activity) -> Amount {
        minted(self.next_part(), Fine::default(), Fine::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_alone_decides() {
        let mut schedule = FilecoinSimple::new(FilecoinSimpleSpec::default());
        let busy = Activity { power: 1 << 70, burned: 5, ..Activity::default() };
        // `EPOCH_ZERO_REWARD` and `INITIAL_REWARD_POSITION_ESTIMATE` of builtin-actors.
        let published = [36_266_264_293_777_134_739, 36_266_260_308_195_979_333];
        assert_eq!([schedule.next(&busy), schedule.next(&Activity::default())], published);
    }

    #[test]
    fn a_negative_total_is_none() {
        assert_eq!(
            FilecoinSimple::new(FilecoinSimpleSpec { total_base_units: -1 }).next(&Activity::default()),
            0
        );
    }
}
