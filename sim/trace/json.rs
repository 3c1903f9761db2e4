//! JSON values by their text, so that numbers never pass through a float.

use super::draft::count;
use super::error::Fault;

/// What serde says, at its line; `line` is that of the text's first line less one.
pub(super) fn fault(error: &serde_json::Error, line: u64, expected: &str) -> Fault {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    Fault::at(line + error.line() as u64, said, expected)
}

/// A name that may be written as text or as a number.
pub(super) fn label(line: u64, field: &str, raw: &str) -> Result<String, Fault> {
    let number = raw.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let name = if number { Some(raw.to_owned()) } else { serde_json::from_str(raw).ok() };
    name.ok_or_else(|| Fault::field(line, field, raw, "text or a number"))
}

/// A whole number from one.
pub(super) fn at_least_one(line: u64, field: &str, raw: &str) -> Result<u32, Fault> {
    let number = count(line, field, raw, u32::MAX)?;
    (number > 0).then_some(number).ok_or_else(|| Fault::field(line, field, raw, "at least 1"))
}
