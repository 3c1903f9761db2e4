//! Filecoin's minting in the chain's own fixed point, exact to the attoFIL.
//!
//! [`FilecoinSimple`] decays with time alone; [`FilecoinBaseline`] adds the part that waits for the network's power. Both
//! number their epochs of 30 seconds from 0. The functions under them carry the chain's names, so that they can be read
//! beside `actors/reward/src/{logic,expneg,state}.rs` of filecoin-project/builtin-actors.

mod baseline;
mod exponential;
mod fixed_point;
mod power;
mod reward;
mod simple;

pub use baseline::{FilecoinBaseline, FilecoinBaselineSpec};
pub use exponential::expneg;
pub use fixed_point::Q128;
pub use power::{BASELINE_INITIAL_VALUE, baseline_power_from_prev, baseline_powers, init_baseline_power};
pub use reward::{
    BASELINE_TOTAL, FIL, LAMBDA, SIMPLE_TOTAL, baseline_supply, compute_r_theta, compute_reward,
};
pub use simple::{FilecoinSimple, FilecoinSimpleSpec};

/// Epochs of 30 seconds in the chain's year of 365 days.
pub const EPOCHS_PER_YEAR: u64 = 1_051_200;

#[cfg(test)]
mod reference;
