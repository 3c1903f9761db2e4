//! Parse, call, print, exit code.

mod cli;

fn main() -> std::process::ExitCode {
    let arguments = <cli::Arguments as clap::Parser>::parse();
    match cli::call(arguments) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}
