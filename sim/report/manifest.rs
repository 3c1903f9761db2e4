//! `manifest.json`: all that is needed to run the same thing again, and nothing about this machine.

use super::{Head, hex};
use serde::Serialize;
use std::io;

/// Largest integer that every JSON reader keeps exactly.
const EXACT: u64 = 1 << 53;

/// An integer that becomes text above 2^53.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
#[serde(into = "serde_json::Value")]
pub struct SafeInteger(pub u64);

impl From<SafeInteger> for serde_json::Value {
    fn from(SafeInteger(value): SafeInteger) -> Self {
        if value > EXACT { value.to_string().into() } else { value.into() }
    }
}

// Fields in the order of their names: keys are sorted in every file.
#[derive(Serialize)]
struct Manifest<'a> {
    command: &'a str,
    digest: String,
    model_version: String,
    replications: u32,
    resolved: &'a str,
    scenario: &'a str,
    schema: u32,
    seed: SafeInteger,
    version: &'a str,
}

/// The text of the file.
///
/// # Errors
/// When serialisation fails, which plain text and numbers give no reason for.
pub fn text(head: &Head) -> io::Result<String> {
    let manifest = Manifest {
        command: &head.command,
        digest: hex(&head.digest),
        model_version: head.model_version.to_string(),
        replications: head.replications,
        resolved: &head.canonical,
        scenario: &head.scenario,
        schema: 1,
        seed: SafeInteger(head.seed),
        version: &head.version,
    };
    let mut text = serde_json::to_string_pretty(&manifest).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}
