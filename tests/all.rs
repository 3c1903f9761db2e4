//! The one integration test binary: a module per subject.

mod cli;
mod engine_theory;
mod metrics;
mod tidy;
