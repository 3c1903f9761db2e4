//! The results of a run as files, figures and a page of text.

pub mod calendar;
pub mod cohorts;
pub mod flows;
pub mod manifest;
pub mod number;
pub mod plots;
pub mod replace;
pub mod summary;
pub mod tables;
pub mod text;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use crate::measure::record::Record;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// What a run was, apart from its results.
#[derive(Clone, Debug)]
pub struct Head {
    /// Name of the scenario.
    pub scenario: String,
    /// Seed of the first replication.
    pub seed: u64,
    /// Number of replications.
    pub replications: u32,
    /// Digest of all replications, hashed in index order.
    pub digest: [u8; 32],
    /// Version of the program.
    pub version: String,
    /// Version of the model: changes when results do.
    pub model_version: u32,
    /// The resolved scenario as canonical text.
    pub canonical: String,
    /// The one command that runs it again, without paths of a machine.
    pub command: String,
}

/// What to write.
#[derive(Clone, Debug)]
pub struct Options {
    /// Tables as parquet.
    pub parquet: bool,
    /// Tables as CSV.
    pub csv: bool,
    /// Figures, in `plots`.
    pub plots: bool,
    /// Cohorts that belong to the team or its investors.
    pub insiders: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { parquet: true, csv: false, plots: true, insiders: Vec::new() }
    }
}

/// Writes the results into a folder, which is made when it is not there, and gives the paths of all files
/// in the order of writing. `summary.json` comes last: where it is, the run is complete.
///
/// # Errors
/// When the folder or a file cannot be written.
pub fn write(folder: &Path, head: &Head, records: &[Record], options: &Options) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let mut written = vec![put(folder, "manifest.json", &manifest::text(head)?)?];
    written.extend(tables::write(folder, records, options.parquet, options.csv)?);
    if options.plots {
        let plots = folder.join("plots");
        std::fs::create_dir_all(&plots)?;
        written.extend(plots::write(&plots, records, &options.insiders)?);
    }
    written.push(put(folder, "summary.json", &summary::text(head, records)?)?);
    Ok(written)
}

fn put(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let path = folder.join(name);
    replace::with(&path, |temporary| std::fs::write(temporary, text))?;
    Ok(path)
}

/// Bytes as lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
