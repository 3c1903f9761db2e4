//! `sweep status`: what of a sweep is done, over any set of its folders.

use super::{finish, folder};
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::experiment::sweep::Sweep;
use crate::experiment::sweep::blocks::Blocks;
use crate::experiment::sweep::manifest::Manifest;
use crate::experiment::sweep::outcome::Outcome;
use crate::experiment::sweep::{carry, journal};
use crate::report::tables::batch::Cells;
use crate::report::tables::stored::Stored;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Say what is done, what failed and what is missing
#[derive(Debug, clap::Args)]
pub struct Status {
    /// Folders of one sweep
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
}

/// What is done of a sweep.
#[derive(Debug, Default)]
pub struct State {
    /// Blocks that are sealed, with a part of each.
    pub sealed: BTreeMap<u64, PathBuf>,
    /// Of the others, the runs that have ended.
    pub begun: BTreeMap<u64, BTreeMap<u64, Outcome>>,
    /// Runs in sealed blocks.
    pub in_sealed: u64,
    /// Runs that failed.
    pub failed: u64,
}

impl State {
    /// Runs that have ended.
    pub fn done(&self) -> u64 {
        self.in_sealed + self.begun.values().map(|runs| runs.len() as u64).sum::<u64>()
    }
}

impl Status {
    /// Prints it.
    ///
    /// # Errors
    /// When a folder is none of a sweep, or they are of different ones.
    pub fn call(self) -> Result<(), Failure> {
        let manifest = same(&self.folders)?;
        let sweep = folder::ready(&manifest, &self.folders[0])?;
        let whole = self.folders.iter().find(|path| finish::done(path));
        let (done, failed) = match whole {
            Some(path) => {
                (sweep.runs(), failed(&finish::results(path)).map_err(|error| folder::cannot(path, &error))?)
            }
            None => {
                let state = look(&self.folders, &sweep)?;
                (state.done(), state.failed)
            }
        };
        let (runs, left) = (sweep.runs(), sweep.runs() - done);
        let mut text = format!("experiment    {} ({})\n", manifest.name, manifest.id());
        text.push_str(&format!("done          {done} of {runs} runs ({} %)\n", 100 * done / runs));
        text.push_str(&format!("failed        {failed}\nmissing       {left}\n"));
        text.push_str(match (whole, left) {
            (Some(_), _) => "results       results.parquet is there\n",
            (None, 0) => "results       not gathered: depin-sim sweep merge gathers them\n",
            (None, _) => "results       not whole\n",
        });
        output::print(&text)
    }
}

/// The manifest that all folders have.
///
/// # Errors
/// When one has none, or another.
pub fn same(folders: &[PathBuf]) -> Result<Manifest, Failure> {
    let (first, _) = folder::expected(&folders[0])?;
    for path in &folders[1..] {
        let (other, _) = folder::expected(path)?;
        if let Some(what) = first.difference(&other) {
            let (one, two) = (folders[0].display(), path.display());
            let failure =
                Failure::new(format!("error: {one} and {two} hold different sweeps: {what} differs"));
            return Err(failure.hint("gather the folders of one sweep at a time"));
        }
    }
    Ok(first)
}

/// What is done, over folders of one sweep.
///
/// # Errors
/// When one cannot be read, or two have different outcomes of the same runs.
pub fn look(folders: &[PathBuf], sweep: &Sweep) -> Result<State, Failure> {
    let cut = Blocks::of(sweep.runs());
    let mut state = State::default();
    for folder in folders {
        for block in 0..cut.count() {
            let found = block_of(folder, block, &cut, &mut state);
            found.map_err(|error| {
                Failure::new(format!("error: block {block} in {}: {error}", folder.display()))
            })?;
        }
    }
    let sealed: Vec<u64> = state.sealed.keys().copied().collect();
    sealed.iter().for_each(|block| drop(state.begun.remove(block)));
    for (&block, part) in &state.sealed {
        state.in_sealed += cut.range(block).end - cut.range(block).start;
        state.failed += failed(part).map_err(|error| folder::cannot(part, &error))?;
    }
    let begun = state.begun.values().flat_map(BTreeMap::values);
    state.failed += begun.filter(|outcome| outcome.failed()).count() as u64;
    Ok(state)
}

fn block_of(folder: &Path, block: u64, cut: &Blocks, state: &mut State) -> io::Result<()> {
    let part = carry::part(folder, block);
    if part.exists() {
        if let Some(other) = state.sealed.get(&block)
            && std::fs::read(other)? != std::fs::read(&part)?
        {
            return Err(io::Error::other(format!("its part differs from {}", other.display())));
        }
        state.sealed.insert(block, part);
        return Ok(());
    }
    let found = match journal::look(&carry::journal(folder, block), &cut.range(block)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    let known = state.begun.entry(block).or_default();
    for (run, outcome) in found {
        match known.get(&run) {
            Some(other) if *other != outcome => {
                return Err(io::Error::other(format!("run {run} came to something else in another folder")));
            }
            _ => drop(known.insert(run, outcome)),
        }
    }
    Ok(())
}

/// How many rows of a table of runs failed.
///
/// # Errors
/// When it cannot be read.
pub fn failed(table: &Path) -> io::Result<u64> {
    let stored = Stored::open(table)?;
    let column = stored.find("error").ok_or_else(|| io::Error::other("it has no column `error`"))?;
    let mut count = 0;
    for group in 0..stored.groups() {
        if let Cells::Text(errors) = stored.cells(group, column)? {
            count += errors.iter().filter(|error| !error.is_empty()).count() as u64;
        }
    }
    Ok(count)
}
