//! What is wrong with a trace file, said so that its owner can mend it: file, line, found, expected, hint.

use std::fmt;
use std::path::{Path, PathBuf};

/// Letters of the file that a message quotes at most.
const QUOTED: usize = 60;

/// A file that cannot be read, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceError {
    /// The file.
    pub path: PathBuf,
    /// Line, from one; none where the whole file is meant.
    pub line: Option<u64>,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": found {}; expected {}", self.found, self.expected)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "; {}", self.hint) }
    }
}

impl std::error::Error for TraceError {}

/// A fault inside a file whose path the finder does not know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    line: Option<u64>,
    found: String,
    expected: String,
    hint: String,
}

impl Fault {
    /// A fault of the whole file.
    pub(super) fn whole(found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { line: None, found: found.into(), expected: expected.into(), hint: String::new() }
    }

    /// A fault at a line.
    pub(super) fn at(line: u64, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::whole(found, expected) }
    }

    /// A field that says something else than it should.
    pub(super) fn field(line: u64, field: &str, text: &str, expected: impl Into<String>) -> Self {
        Self::at(line, format!("{} as {field}", quoted(text)), expected)
    }

    /// The same with advice.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same with the file named.
    pub(super) fn in_file(self, path: &Path) -> TraceError {
        let Self { line, found, expected, hint } = self;
        TraceError { path: path.to_path_buf(), line, found, expected, hint }
    }
}

/// Text of the file as a message shows it: in quotes, cut, control characters spelt out.
pub(super) fn quoted(text: &str) -> String {
    let cut: String = text.chars().take(QUOTED).collect();
    if cut.len() < text.len() { format!("{cut:?} and more") } else { format!("{cut:?}") }
}
