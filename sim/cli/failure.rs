//! What is said when a command fails: the reason, and the one command that shows it again.

use std::io::IsTerminal;
use std::process::ExitCode;

/// It could not run, or what is not whole was left out.
const COULD_NOT_RUN: u8 = 2;
/// It ran, and what it found is not as it should be.
const FOUND_WRONG: u8 = 1;

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
    again: Option<String>,
    code: u8,
}

impl Failure {
    /// A failure with its reason.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), hint: None, again: None, code: COULD_NOT_RUN }
    }

    /// With what can be done about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// With the command that reproduces it, or that finishes the work.
    #[must_use]
    pub fn again(mut self, command: impl Into<String>) -> Failure {
        self.again = Some(command.into());
        self
    }

    /// As the finding of a command that ran to its end.
    #[must_use]
    pub fn found(mut self) -> Failure {
        self.code = FOUND_WRONG;
        self
    }

    /// Tells it on standard error and gives the exit code.
    pub fn tell(&self) -> ExitCode {
        super::output::note(&self.text());
        ExitCode::from(self.code)
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.message);
        if let Some(hint) = &self.hint {
            text.push_str(&format!("help: {hint}\n"));
        }
        if let Some(again) = &self.again {
            text.push_str(&format!("again: {again}\n"));
        }
        text
    }
}

/// True when standard error shows colours: a terminal, and the user has not asked for none (<https://no-color.org>).
pub fn colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
