//! What is wrong with a formula, and where in it.

use std::fmt;
use std::ops::Range;

/// Errors told of one formula at most.
const MAX_ERRORS: usize = 16;

/// A problem with a formula.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormulaError {
    /// Which bytes of the text it is about; empty at the end of the text when something is missing there.
    pub span: Range<usize>,
    /// What stands there, in words that follow "found".
    pub found: String,
    /// What should stand there, in words that follow "expected".
    pub expected: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for FormulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { span, found, expected, hint } = self;
        write!(f, "bytes {}..{}: found {found}, expected {expected}", span.start, span.end)?;
        hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

impl std::error::Error for FormulaError {}

/// Where something stands in the text, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Faults(pub(super) Vec<FormulaError>);

impl Faults {
    /// Adds one, unless enough are known already.
    pub(super) fn add(&mut self, at: Span, found: String, expected: impl Into<String>, hint: Option<String>) {
        if self.0.len() < MAX_ERRORS {
            self.0.push(FormulaError { span: at.start..at.end, found, expected: expected.into(), hint });
        }
    }
}

/// The text of a span in quotes, cut short when it is long.
pub(super) fn quoted(text: &str, at: Span) -> String {
    let whole = &text[at.start..at.end];
    match whole.char_indices().nth(40) {
        None => format!("`{whole}`"),
        Some((cut, _)) => format!("`{}...`", &whole[..cut]),
    }
}

/// The hint that names the nearest known word.
pub(super) fn did_you_mean(nearest: Option<&str>) -> Option<String> {
    nearest.map(|name| format!("did you mean `{name}`?"))
}
