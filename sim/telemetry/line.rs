//! The lines of a recording: a header, commands, checks, and the end.

use super::sharing::Sharing;
use super::tally::Check;
use depin_protocol::command::Command;
use depin_protocol::market::SharingSpec;
use depin_protocol::recording::Recorded;
use serde::{Deserialize, Serialize};

/// What every header says of the format.
pub const FORMAT: &str = "depin-sim events";
/// Version of the format that is written, and the latest that is read.
pub const VERSION: u32 = 2;
/// The oldest version that is read: it knows of no hosts leased in parts and no digest of leases.
pub const OLDEST: u32 = 1;
/// The last instant a recording may speak of: 36,525 days, the longest run. A later one is a broken number, and would
/// let the protocol work through deadlines without end.
pub const LAST_INSTANT: u64 = 36_525 * 86_400 * 1_000_000_000;

/// The first line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Always [`FORMAT`].
    pub format: String,
    /// From [`OLDEST`] to [`VERSION`].
    pub version: u32,
    /// Version of the model that wrote it.
    pub model_version: u32,
    /// Name of the scenario, or of whatever was recorded.
    pub source: String,
    /// Number of the replication.
    pub replication: u32,
    /// Tables `[hardware]`, `[protocol]` and `[run]` of the resolved scenario, as TOML.
    pub rules: String,
    /// What is known of hosts, where they are leased in parts; absent elsewhere, and in version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<Sharing>,
}

impl Header {
    /// A header of this version.
    #[must_use]
    pub fn new(source: &str, replication: u32, rules: String, sharing: Option<&SharingSpec>) -> Header {
        Header {
            format: FORMAT.to_owned(),
            version: VERSION,
            model_version: crate::MODEL_VERSION,
            source: source.to_owned(),
            replication,
            rules,
            sharing: sharing.map(Sharing::of),
        }
    }
}

/// What a check says of the lines before it: their hash, and in it the instant of the check itself, which no later line
/// may vouch for. Version 1 left the instant out.
#[must_use]
pub fn seal(version: u32, before: &blake3::Hasher, at: u64) -> blake3::Hasher {
    let mut sealed = before.clone();
    if version > OLDEST {
        sealed.update(&at.to_le_bytes());
    }
    sealed
}

/// A line after the header, as it is written.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Written<'a> {
    Command {
        at: u64,
        #[serde(rename = "do")]
        command: &'a Command<'a>,
    },
    Check {
        at: u64,
        check: &'a Check,
    },
    End {
        at: u64,
        end: &'a Check,
    },
}

/// A line after the header, as it is read. Not an untagged enumeration: those cannot hold numbers of 128 bits.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    at: u64,
    #[serde(rename = "do")]
    command: Option<Recorded>,
    check: Option<Check>,
    end: Option<Check>,
}

/// What a line after the header says.
#[derive(Clone, PartialEq, Debug)]
pub enum Said {
    /// A command.
    Command(Recorded),
    /// What the network must look like here.
    Check(Box<Check>),
    /// The same, and nothing follows.
    End(Box<Check>),
}

/// Reads a line after the header: its instant in nanoseconds and what it says.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read(text: &[u8]) -> Result<(u64, Said), String> {
    let row: Row = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let said = match (row.command, row.check, row.end) {
        (Some(command), None, None) => Said::Command(command),
        (None, Some(check), None) => Said::Check(Box::new(check)),
        (None, None, Some(end)) => Said::End(Box::new(end)),
        _ => return Err("a line has exactly one of `do`, `check` and `end`".to_owned()),
    };
    Ok((row.at, said))
}

/// Reads the first line.
///
/// # Errors
/// What is wrong with it, in words.
pub fn header(text: &[u8]) -> Result<Header, String> {
    #[derive(Deserialize)]
    struct Title {
        format: String,
        version: u32,
    }
    let none = |error: serde_json::Error| format!("this is no recording: {error}");
    // Title first: another version may have other fields.
    let title: Title = serde_json::from_slice(text).map_err(none)?;
    if title.format != FORMAT {
        return Err(format!("this is no recording: its format is \"{}\", not \"{FORMAT}\"", title.format));
    }
    if !(OLDEST..=VERSION).contains(&title.version) {
        return Err(format!(
            "it is of version {} of the format; this program reads versions {OLDEST} to {VERSION}",
            title.version
        ));
    }
    let header: Header =
        serde_json::from_slice(text).map_err(|error| format!("the header cannot be read: {error}"))?;
    if header.version == OLDEST && header.sharing.is_some() {
        return Err("the header cannot be read: version 1 of the format has no field `sharing`".to_owned());
    }
    Ok(header)
}
