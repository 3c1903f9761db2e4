//! Observers of a run: what happened, re-derived and counted, never read back by the world.

pub mod auditor;
mod collateral;
pub mod comparison;
pub mod digest;
pub mod emission;
mod issuing;
pub mod linkage;
pub mod little;
pub mod metrics;
pub mod outcome;
pub mod record;
pub mod recorder;
pub mod recording;
pub mod statistics;
pub mod steady;
