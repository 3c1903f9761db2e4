//! A deterministic discrete-event simulator of a decentralised GPU-compute economy.
#![warn(missing_docs)]

pub mod engine;
pub mod experiment;
pub mod measure;
pub mod report;
pub mod scenario;
pub mod world;
