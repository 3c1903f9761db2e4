//! A deterministic discrete-event simulator of a decentralised GPU-compute economy.
#![warn(missing_docs)]

pub mod cli;
pub mod engine;
pub mod experiment;
pub mod measure;
pub mod report;
pub mod scenario;
pub mod telemetry;
pub mod trace;
pub mod world;

/// Version of the model: it changes whenever the digest of a shipped baseline does, with a line in CHANGELOG.
pub const MODEL_VERSION: u32 = 4;
