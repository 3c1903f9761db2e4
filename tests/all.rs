//! The one integration test binary: a module per subject.

mod ablations;
mod cli;
mod closed_forms;
mod conservation;
mod damage;
mod determinism;
mod emergence;
mod engine_theory;
mod lab;
mod metrics;
mod openb;
mod replay;
mod replay_of_traces;
mod scale;
mod seam;
mod tidy;
mod traces;
