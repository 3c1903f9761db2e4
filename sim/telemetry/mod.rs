//! Recordings of the commands that reach a network, and their replay: the protocol alone does it all again.
//!
//! The format is written down in `docs/telemetry.md`. Nothing here knows of the world or of who watches it.

pub mod columns;
pub mod leases;
pub mod line;
pub mod reading;
pub mod replay;
pub mod sharing;
pub mod tables;
pub mod tally;
pub mod writing;
