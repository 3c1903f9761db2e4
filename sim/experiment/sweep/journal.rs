//! The journal of a block: a line for each run that has ended, appended and never changed.
//!
//! A process that is killed, or a disk that fills up, may leave the last line torn; opening cuts it off. The journal is
//! held by a lock of the operating system for as long as it is open, so that no two processes work on one block.

use super::outcome::Outcome;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// Bytes of whole lines.
    length: u64,
}

/// Why a journal cannot be opened.
#[derive(Debug)]
pub enum Trouble {
    /// Another process has it.
    Busy,
    /// The disk or the folder.
    Disk(io::Error),
}

impl Journal {
    /// Opens or begins the journal at `path`, and tells which runs of `runs` it has.
    ///
    /// # Errors
    /// When another process has it, or it cannot be read or written.
    pub fn open(path: &Path, runs: &Range<u64>) -> Result<(Journal, BTreeMap<u64, Outcome>), Trouble> {
        let file =
            OpenOptions::new().read(true).append(true).create(true).open(path).map_err(Trouble::Disk)?;
        if file.try_lock().is_err() {
            return Err(Trouble::Busy);
        }
        let mut journal = Journal { path: path.to_path_buf(), file, length: 0 };
        let text = journal.whole().map_err(Trouble::Disk)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        journal.length = whole as u64;
        if whole < text.len() {
            journal.file.set_len(journal.length).map_err(Trouble::Disk)?;
        }
        Ok((journal, outcomes(&text[..whole], runs)))
    }

    /// Adds an outcome.
    ///
    /// # Errors
    /// When it cannot be written whole; what was written of it is taken back where that is possible.
    pub fn add(&mut self, outcome: &Outcome) -> io::Result<()> {
        let line = outcome.line();
        let written = self.file.write_all(line.as_bytes());
        match written {
            Ok(()) => self.length += line.len() as u64,
            // Opening cuts a torn line off anyway.
            Err(_) => drop(self.file.set_len(self.length)),
        }
        written
    }

    /// Begins anew with these outcomes. A process that dies meanwhile leaves fewer of them; their runs are done again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn rewrite<'o>(&mut self, outcomes: impl Iterator<Item = &'o Outcome>) -> io::Result<()> {
        self.file.set_len(0)?;
        self.length = 0;
        outcomes.into_iter().try_for_each(|outcome| self.add(outcome))
    }

    /// All outcomes, by number.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn outcomes(&mut self, runs: &Range<u64>) -> io::Result<BTreeMap<u64, Outcome>> {
        let text = self.whole()?;
        Ok(outcomes(&text, runs))
    }

    /// Takes the journal away.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(self) -> io::Result<()> {
        std::fs::remove_file(&self.path)
    }

    fn whole(&mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut text)?;
        Ok(text)
    }
}

/// The outcomes of a journal that nobody holds, or that somebody else does: what it says at this moment.
///
/// # Errors
/// When it cannot be read.
pub fn look(path: &Path, runs: &Range<u64>) -> io::Result<BTreeMap<u64, Outcome>> {
    let text = std::fs::read(path)?;
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Ok(outcomes(&text[..whole], runs))
}

/// The outcomes of whole lines. A line that is none, or of a run of another block, counts as not there: its run is done
/// again. Of two lines of one run the first holds.
fn outcomes(lines: &[u8], runs: &Range<u64>) -> BTreeMap<u64, Outcome> {
    let mut found = BTreeMap::new();
    for line in lines.split(|byte| *byte == b'\n') {
        let outcome = std::str::from_utf8(line).ok().and_then(Outcome::read);
        if let Some(outcome) = outcome.filter(|outcome| runs.contains(&outcome.run)) {
            found.entry(outcome.run).or_insert(outcome);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(run: u64) -> Outcome {
        Outcome {
            run,
            id: format!("run{run}"),
            digest: String::new(),
            error: String::new(),
            values: BTreeMap::new(),
        }
    }

    fn place(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("depin-sim-journal-{}-{name}", std::process::id()));
        let _ = std::fs::remove_file(&folder);
        folder
    }

    #[test]
    fn a_journal_cut_at_any_byte_keeps_every_whole_line_and_goes_on() {
        let path = place("cut");
        let (mut journal, none) = Journal::open(&path, &(0..9)).expect("a new file");
        assert!(none.is_empty());
        for run in [3, 0, 7] {
            journal.add(&outcome(run)).expect("room");
        }
        drop(journal);
        let whole = std::fs::read(&path).expect("written");
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).expect("room");
            let lines = whole[..cut].iter().filter(|byte| **byte == b'\n').count();
            let (mut journal, found) = Journal::open(&path, &(0..9)).expect("readable");
            assert_eq!(found.len(), lines, "cut at {cut}");
            journal.add(&outcome(5)).expect("room");
            assert_eq!(journal.outcomes(&(0..9)).expect("readable").len(), lines + 1);
            drop(journal);
            assert_eq!(look(&path, &(0..9)).expect("readable").len(), lines + 1);
        }
        std::fs::remove_file(&path).expect("it is there");
    }

    #[test]
    fn one_process_has_it_and_strange_lines_count_as_not_there() {
        let path = place("busy");
        std::fs::write(
            &path,
            "{}\n\u{fffd}\n{\"run\":12,\"id\":\"x\"}\n{\"run\":1,\"id\":\"a\"}\n{\"run\":1,\"id\":\"b\"}\n",
        )
        .expect("room");
        let (journal, found) = Journal::open(&path, &(0..9)).expect("free");
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [1]);
        assert_eq!(found[&1].id, "a");
        assert!(matches!(Journal::open(&path, &(0..9)), Err(Trouble::Busy)));
        journal.remove().expect("it is there");
        assert!(!path.exists());
    }
}
