//! The whole simulator with one rule more.

fn main() -> std::process::ExitCode {
    depin_sim::scenario::rules::rewards::register(&own_rule::ENTRY);
    depin_sim::cli::main()
}
