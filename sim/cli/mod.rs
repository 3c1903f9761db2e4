//! The command line: one file per command. Nothing else in the program prints.
//!
//! It is a part of the library, so that a team's own program is its rules and [`main`]: see `examples/own-rule`.

mod check;
mod compare;
mod emission;
mod failure;
mod list;
mod new;
mod output;
mod replay;
mod run;
mod shell;
mod shipped;
mod sweep;
mod validate;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;

const EXAMPLES: &str = "\
EXAMPLES
  depin-sim new mine                     a scenario of your own to change, mine.toml
  depin-sim check mine.toml              every problem at once, each with its place
  depin-sim run mine.toml                simulate it: summary here, tables and plots in output/mine/
  depin-sim compare mine.toml other.toml what the other changes, with intervals
  depin-sim sweep mine-sweep.toml        a design of many runs, which can be stopped and goes on
  depin-sim list metrics                 what the numbers mean
  depin-sim emission bitcoin             a schedule of emission alone, year by year

Exit codes: 0 fine; 1 a replay differs, runs of a sweep failed, or an expected result is missed; 2 it could not run, or was stopped.";

/// Simulates a decentralised GPU-compute economy: who supplies, who is paid, who cheats, who pays in the end.
///
/// The same scenario and seed give the same digest on any machine, on any number of threads.
#[derive(Debug, Parser)]
#[command(name = "depin-sim", version, after_help = EXAMPLES, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Simulate a scenario: summary on standard output, tables and plots in a folder
    Run(run::Run),
    /// Say what variants of a scenario change, on common random numbers
    Compare(compare::Compare),
    /// Run a design of many runs: plan, carry out, resume, share between machines
    Sweep(sweep::Sweep),
    /// Say every problem of scenario files at once, without running them
    Check(check::Check),
    /// Write a scenario of your own to start from, copied from a shipped one
    New(new::New),
    /// Say what exists: shipped scenarios and experiments, the network's rules, names of a formula, metrics
    List(list::List),
    /// Say what a schedule of emission releases, without running anything
    Emission(emission::Emission),
    /// Answer a table of expected results and say which answers are right
    Validate(validate::Validate),
    /// Let the protocol alone do again what a recording says
    Replay(replay::Replay),
}

/// Parses the arguments of the process, does what they ask, prints, and gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    match call(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

fn call(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Run(command) => command.call(),
        Command::Compare(command) => command.call(),
        Command::Sweep(command) => command.call(),
        Command::Check(command) => command.call(),
        Command::New(command) => command.call(),
        Command::List(command) => command.call(),
        Command::Emission(command) => command.call(),
        Command::Validate(command) => command.call(),
        Command::Replay(command) => command.call(),
    }
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}
