//! The network's real code: what a live network could link. No clock, no randomness, no I/O.
//!
//! [`Protocol::apply`] is the one door in: a [`command::Command`] and the time go in, [`effect::Effect`]s come out, and a
//! refused command changes nothing. Who drives it (a simulator, a replay, a service) it cannot see.
#![warn(missing_docs)]
#![forbid(unsafe_code)]

pub mod billing;
pub mod command;
pub mod delay;
pub mod effect;
pub mod emission;
pub mod formula;
pub mod ids;
pub mod ledger;
pub mod linkage;
pub mod liveness;
pub mod market;
pub mod prices;
mod protocol;
pub mod recording;
pub mod registration;
pub mod registry;
pub mod reputation;
pub mod rewards;
mod runs;
pub mod scheduling;
pub mod slashing;
pub mod staking;
pub mod step;
pub mod supply;
pub mod units;
pub mod verification;
pub mod views;
pub mod wide;

pub use command::Rejection;
pub use protocol::{Protocol, Rules};

#[cfg(test)]
mod bench;
#[cfg(test)]
mod lcg;
#[cfg(test)]
mod testbed;
