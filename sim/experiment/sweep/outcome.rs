//! What a run came to: one line of a journal, one row of a table.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its number.
    pub run: u64,
    /// Its name: a hash of resolved scenario, seed, replication and version of the model.
    pub id: String,
    /// Digest of all that happened, in hexadecimal; empty where nothing did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// Why it has no values, where it failed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error: String,
    /// Metrics by name; `None` where the scenario cannot define one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Option<f64>>,
}

impl Outcome {
    /// Whether it has no values because something went wrong.
    #[must_use]
    pub fn failed(&self) -> bool {
        !self.error.is_empty()
    }

    /// The outcome as a line, its break included.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = serde_json::to_string(self).expect("numbers, texts and a map of both are JSON");
        line.push('\n');
        line
    }

    /// Reads a line without its break; `None` for what is not an outcome.
    #[must_use]
    pub fn read(line: &str) -> Option<Outcome> {
        serde_json::from_str(line).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_every_bit() {
        let odd = [0.1 + 0.2, 1e-310, -0.0, f64::MAX, 1.0 / 3.0, 5e-324, 123_456_789.123_456_79];
        let mut outcome = Outcome {
            run: u64::MAX,
            id: "0123456789ab".to_owned(),
            digest: "ff".to_owned(),
            error: "a \"quoted\"\nreason".to_owned(),
            values: BTreeMap::new(),
        };
        outcome.values.insert("nothing".to_owned(), None);
        for (number, value) in odd.into_iter().enumerate() {
            outcome.values.insert(format!("m{number}"), Some(value));
        }
        let line = outcome.line();
        assert_eq!(line.matches('\n').count(), 1);
        let read = Outcome::read(line.trim_end()).expect("it was just written");
        assert_eq!(read, outcome);
        for (number, value) in odd.into_iter().enumerate() {
            let found = read.values[&format!("m{number}")].expect("a value");
            assert_eq!(found.to_bits(), value.to_bits(), "{value}");
        }
    }
}
