//! The one integration test binary: a module per subject.

mod ablations;
mod churn;
mod cli;
mod closed_forms;
mod conservation;
mod damage;
mod determinism;
mod emergence;
mod emission;
mod engine_theory;
mod lab;
mod least_attained;
mod linkage;
mod metrics;
mod openb;
mod placement;
mod replay;
mod replay_of_traces;
mod scale;
mod seam;
mod staking;
mod stress;
mod tidy;
mod traces;
