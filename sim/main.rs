//! The program: the command line of the library, with the rules that come with it.

fn main() -> std::process::ExitCode {
    depin_sim::cli::main()
}
