//! `sweep one`: a run of a sweep alone, to see again what it came to or why it failed. Nothing is written.

use super::folder;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::run::stop_on_interrupt;
use serde_json::json;
use std::path::PathBuf;

/// Carry out one run alone and print what it comes to
#[derive(Debug, clap::Args)]
pub struct One {
    /// Folder of the sweep
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Number of the run, from 0
    #[arg(long, value_name = "N")]
    run: u64,
}

impl One {
    /// Carries it out and prints it as JSON.
    ///
    /// # Errors
    /// When there is no such run, or it fails.
    pub fn call(self) -> Result<(), Failure> {
        let (manifest, _) = folder::expected(&self.folder)?;
        let sweep = folder::ready(&manifest, &self.folder)?;
        if self.run >= sweep.runs() {
            return Err(Failure::new(format!("error: the sweep has the runs 0 to {}", sweep.runs() - 1)));
        }
        let (row, replication) = sweep.place(self.run);
        let stop = stop_on_interrupt()?;
        let outcome = sweep.carry_out(self.run, &stop).ok_or_else(|| Failure::new("stopped"))?;
        output::print(&output::json(&json!({
            "run": self.run,
            "run_id": outcome.id,
            "design_row": row,
            "replication": replication,
            "seed": sweep.seed,
            "settings": sweep.settings(row),
            "digest": outcome.digest,
            "error": outcome.error,
            "values": outcome.values,
        })))?;
        if outcome.failed() {
            Err(Failure::new(format!("the run fails: {}", outcome.error)).found())
        } else {
            Ok(())
        }
    }
}
