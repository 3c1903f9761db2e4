//! The end of a sweep: parts become one table, failures are listed, the design is analysed.

use super::analysis::{self, Analysis};
use super::folder::{self, Opened};
use super::status;
use super::{report, tables};
use crate::cli::failure::Failure;
use crate::cli::shell;
use crate::experiment::sweep::blocks::Blocks;
use crate::experiment::sweep::carry;
use crate::measure::metrics::explain;
use crate::report::replace;
use crate::report::tables::batch::Cells;
use crate::report::tables::stored::Stored;
use serde_json::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Most failures that are listed: each is in the table anyway.
const MOST_LISTED: u64 = 10_000;

/// The table of all runs.
pub fn results(folder: &Path) -> PathBuf {
    folder.join("results.parquet")
}

/// Whether all runs are done and gathered.
pub fn done(folder: &Path) -> bool {
    results(folder).exists()
}

/// What a sweep came to.
pub struct Finished {
    analysis: Analysis,
    failed: u64,
    written: Vec<PathBuf>,
}

/// Gathers parts where that is not done, analyses, and draws where `plots` says so.
///
/// # Errors
/// When something cannot be read or written.
pub fn finish(opened: &Opened, plots: bool) -> Result<Finished, Failure> {
    let path = &opened.path;
    let failed = |error: io::Error| {
        Failure::new(format!("error: cannot write the results into {}: {error}", path.display()))
            .hint("what had ended is kept; the same command goes on")
    };
    if !done(path) {
        let parts: Vec<PathBuf> =
            (0..Blocks::of(opened.sweep.runs()).count()).map(|block| carry::part(path, block)).collect();
        tables::join(&opened.sweep, &parts, &results(path)).map_err(failed)?;
    }
    // All of it is in the table now.
    match fs::remove_dir_all(carry::parts(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let count = status::failed(&results(path)).map_err(|error| folder::cannot(path, &error))?;
    let mut written = vec![results(path)];
    columns(path, &mut written).map_err(failed)?;
    failures(opened, count, &mut written).map_err(failed)?;
    let analysis = analysis::of(opened).map_err(|error| folder::cannot(path, &error))?;
    report::write(opened, &analysis, plots, &mut written).map_err(failed)?;
    Ok(Finished { analysis, failed: count, written })
}

/// What the columns of the table are.
fn columns(path: &Path, written: &mut Vec<PathBuf>) -> io::Result<()> {
    let stored = Stored::open(&results(path))?;
    let place = path.join("columns.csv");
    replace::with(&place, |temporary| {
        let mut out = csv::Writer::from_path(temporary).map_err(io::Error::other)?;
        out.write_record(["column", "unit", "meaning"]).map_err(io::Error::other)?;
        for field in stored.fields() {
            let (unit, meaning) = match field.name.as_ref() {
                "run_id" => ("", "hash of resolved scenario, seed, replication and version of the model"),
                "design_row" => ("", "row of the design, from 0; rows with one number share all settings"),
                "replication" => ("", "repetition with other random streams, from 0"),
                "digest" => ("", "digest of all that happened in the run"),
                "error" => ("", "why the run has no values; empty for all others"),
                name if name.starts_with(tables::PARAMETER) => ("", "setting of an axis"),
                name => explain(name).map_or(("", ""), |metric| (metric.unit, metric.meaning)),
            };
            out.write_record([field.name.as_ref(), unit, meaning]).map_err(io::Error::other)?;
        }
        out.flush()
    })?;
    written.push(place);
    Ok(())
}

/// Runs that failed, each with the command that shows why.
fn failures(opened: &Opened, count: u64, written: &mut Vec<PathBuf>) -> io::Result<()> {
    let place = opened.path.join("failures.csv");
    if count == 0 {
        return match fs::remove_file(&place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    let stored = Stored::open(&results(&opened.path))?;
    let column = stored.find("error").ok_or_else(|| io::Error::other("the table has no column `error`"))?;
    replace::with(&place, |temporary| {
        let mut out = csv::Writer::from_path(temporary).map_err(io::Error::other)?;
        out.write_record(["run", "design_row", "replication", "error", "command"])
            .map_err(io::Error::other)?;
        let (mut run, mut listed) = (0_u64, 0);
        for group in 0..stored.groups() {
            let Cells::Text(errors) = stored.cells(group, column)? else { continue };
            for error in errors {
                if !error.is_empty() && listed < MOST_LISTED {
                    let (row, replication) = opened.sweep.place(run);
                    let cells = [run.to_string(), row.to_string(), replication.to_string()];
                    out.write_record(
                        cells.iter().map(String::as_str).chain([&*error, &command(opened, run)]),
                    )
                    .map_err(io::Error::other)?;
                    listed += 1;
                }
                run += 1;
            }
        }
        out.flush()
    })?;
    written.push(place);
    Ok(())
}

fn command(opened: &Opened, run: u64) -> String {
    let place = opened.path.display().to_string();
    shell::line(["depin-sim", "sweep", "one", &place, "--run", &run.to_string()])
}

impl Finished {
    /// For people.
    pub fn text(&self, opened: &Opened) -> String {
        let mut text = report::text(opened, &self.analysis);
        text.push('\n');
        text.extend(self.written.iter().map(|path| format!("written {}\n", path.display())));
        text
    }

    /// For programs.
    pub fn data(&self) -> Value {
        self.analysis.data()
    }

    /// That some runs failed.
    ///
    /// # Errors
    /// When some did.
    pub fn verdict(&self, opened: &Opened) -> Result<(), Failure> {
        if self.failed == 0 {
            return Ok(());
        }
        let text = format!(
            "{} of {} runs failed; failures.csv has each with its command",
            self.failed,
            opened.sweep.runs()
        );
        Err(Failure::new(text).found())
    }
}
