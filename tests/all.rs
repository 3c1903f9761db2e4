//! The one integration test binary: a module per subject.

mod ablations;
mod churn;
mod cli;
mod closed_forms;
mod conservation;
mod determinism;
mod emergence;
mod engine_theory;
mod lab;
mod least_attained;
mod linkage;
mod metrics;
mod openb;
mod placement;
mod replay;
mod scale;
mod seam;
mod staking;
mod tidy;
mod traces;
