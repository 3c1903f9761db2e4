//! `sweep merge`: the folders of several machines, gathered into one.

use super::folder::{self, Claim, Opened};
use super::{finish, status, tables};
use crate::cli::failure::Failure;
use crate::cli::{Format, output, shell};
use crate::experiment::sweep::blocks::Blocks;
use crate::experiment::sweep::carry;
use crate::experiment::sweep::file::Experiment;
use crate::experiment::sweep::journal::Journal;
use crate::experiment::sweep::manifest::inputs;
use crate::experiment::sweep::outcome::Outcome;
use crate::report::replace;
use std::fs;
use std::io;
use std::path::PathBuf;

/// Gather the folders of several machines into one
#[derive(Debug, clap::Args)]
pub struct Merge {
    /// Folders of one sweep, in any order, with any part of its runs
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// The folder that gets everything [default: the first]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What is printed: a summary to read, or analysis.json
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Draw no plots
    #[arg(long)]
    no_plots: bool,
}

impl Merge {
    /// Gathers.
    ///
    /// # Errors
    /// When the folders are of different sweeps, disagree, or do not hold every run.
    pub fn call(self) -> Result<(), Failure> {
        let manifest = status::same(&self.folders)?;
        let mut opened = match &self.out {
            None => Opened::standing(&self.folders[0], Claim::Alone)?,
            Some(out) => {
                let kept = inputs(&self.folders[0]);
                let files =
                    fs::read_dir(&kept).map(|all| all.filter_map(|entry| Some(entry.ok()?.path())).collect());
                let experiment = Experiment { manifest, files: files.unwrap_or_default() };
                Opened::of(experiment, Some(out), Claim::Alone)?
            }
        };
        if opened.cost.is_null()
            && let Some(cost) = self
                .folders
                .iter()
                .find_map(|path| Some(folder::expected(path).ok()?.1))
                .filter(|c| !c.is_null())
        {
            opened.state(cost)?;
        }
        if !finish::done(&opened.path) {
            self.gather(&opened)?;
        }
        let finished = finish::finish(&opened, !self.no_plots)?;
        output::print(&match self.format {
            Format::Text => finished.text(&opened),
            Format::Json => output::json(&finished.data()),
        })?;
        finished.verdict(&opened)
    }

    fn gather(&self, opened: &Opened) -> Result<(), Failure> {
        let target = &opened.path;
        let failed = |error: io::Error| folder::cannot(target, &error);
        if let Some(whole) = self.folders.iter().find(|path| finish::done(path)) {
            let results = finish::results(whole);
            return replace::with(&finish::results(target), |temporary| {
                fs::copy(&results, temporary).map(drop)
            })
            .map_err(failed);
        }
        let mut all = self.folders.clone();
        all.extend((!self.folders.contains(target)).then(|| target.clone()));
        let state = status::look(&all, &opened.sweep)?;
        fs::create_dir_all(carry::parts(target)).map_err(failed)?;
        let cut = Blocks::of(opened.sweep.runs());
        for (&block, part) in &state.sealed {
            let own = carry::part(target, block);
            if *part != own && !own.exists() {
                replace::with(&own, |temporary| fs::copy(part, temporary).map(drop)).map_err(failed)?;
            }
        }
        for (&block, found) in &state.begun {
            let range = cut.range(block);
            if found.len() as u64 == range.end - range.start {
                let outcomes: Vec<Outcome> = found.values().cloned().collect();
                tables::part(&opened.sweep, &carry::part(target, block), &outcomes).map_err(failed)?;
                let _ = fs::remove_file(carry::journal(target, block));
                continue;
            }
            let (mut journal, known) = Journal::open(&carry::journal(target, block), &range)
                .map_err(|_| Failure::new(format!("error: another process works on block {block}")))?;
            for outcome in found.values().filter(|outcome| !known.contains_key(&outcome.run)) {
                journal.add(outcome).map_err(failed)?;
            }
        }
        let left = opened.sweep.runs() - state.done();
        if left > 0 {
            let place = target.display().to_string();
            let text = format!(
                "{left} of {} runs are missing; what is there is gathered in {place}",
                opened.sweep.runs()
            );
            let failure = Failure::new(text)
                .hint("the command carries them out here; or run the missing shards and merge again");
            return Err(failure.again(shell::line(["depin-sim", "sweep", &place])));
        }
        Ok(())
    }
}
