//! Carrying out the blocks of a sweep on several threads.

use super::Sweep;
use super::blocks::Blocks;
use super::journal::{self, Journal};
use super::outcome::Outcome;
use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Writes the part of a block, whole or not at all: path, and the outcomes in the order of their runs.
pub type Seal<'a> = &'a (dyn Fn(&Path, &[Outcome]) -> io::Result<()> + Sync);
/// Told of each run that has ended.
pub type Ended<'a> = &'a (dyn Fn(&Outcome) + Sync);

/// Why work had to stop.
#[derive(Debug)]
pub enum Trouble {
    /// Another process works on this block.
    Busy(u64),
    /// This file cannot be written or read.
    Disk(PathBuf, io::Error),
}

/// How the work is done, apart from what it is.
pub struct Work<'a> {
    /// The sweep's folder.
    pub folder: &'a Path,
    /// On how many threads.
    pub threads: usize,
    /// At most so many runs, when not all.
    pub most: u64,
    /// Raised to stop; what has ended is kept.
    pub stop: &'a AtomicBool,
    /// Writes parts.
    pub seal: Seal<'a>,
    /// Is told.
    pub ended: Ended<'a>,
}

/// The folder of parts and journals.
#[must_use]
pub fn parts(folder: &Path) -> PathBuf {
    folder.join("parts")
}

/// The part of a block.
#[must_use]
pub fn part(folder: &Path, block: u64) -> PathBuf {
    parts(folder).join(format!("{block:06}.parquet"))
}

/// The journal of a block.
#[must_use]
pub fn journal(folder: &Path, block: u64) -> PathBuf {
    parts(folder).join(format!("{block:06}.jsonl"))
}

/// Carries out what is missing of some blocks.
///
/// # Errors
/// When a file cannot be written or another process works on one of the blocks. What has ended is kept.
pub fn carry_out(sweep: &Sweep, blocks: &[u64], work: &Work<'_>) -> Result<(), Trouble> {
    fs::create_dir_all(parts(work.folder)).map_err(|error| Trouble::Disk(parts(work.folder), error))?;
    let queue = Mutex::new(Queue {
        waiting: blocks.iter().copied().collect(),
        current: None,
        handed: 0,
        trouble: None,
    });
    let shop = Shop { sweep, work, cut: Blocks::of(sweep.runs()), queue };
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(work.threads).build().expect("threads can be started");
    pool.broadcast(|_| shop.labour());
    let queue = shop.queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    queue.trouble.map_or(Ok(()), Err)
}

/// A block that is worked on.
struct Open {
    block: u64,
    journal: Mutex<Option<Journal>>,
    left: AtomicU64,
}

/// A block, and its runs that nobody has taken yet.
type Begun = (Arc<Open>, VecDeque<u64>);

struct Queue {
    waiting: VecDeque<u64>,
    current: Option<Begun>,
    handed: u64,
    trouble: Option<Trouble>,
}

struct Shop<'a> {
    sweep: &'a Sweep,
    work: &'a Work<'a>,
    cut: Blocks,
    queue: Mutex<Queue>,
}

impl Shop<'_> {
    /// One thread's work.
    fn labour(&self) {
        while let Some((open, run)) = self.next() {
            let Some(outcome) = self.sweep.carry_out(run, self.work.stop) else { return };
            if let Err(trouble) = self.enter(&open, &outcome) {
                self.locked().trouble.get_or_insert(trouble);
                return;
            }
            (self.work.ended)(&outcome);
        }
    }

    /// The next run, of the block that is open or of the next that is not done.
    fn next(&self) -> Option<(Arc<Open>, u64)> {
        let mut queue = self.locked();
        loop {
            if queue.trouble.is_some()
                || queue.handed >= self.work.most
                || self.work.stop.load(Ordering::Relaxed)
            {
                return None;
            }
            if let Some((open, missing)) = &mut queue.current
                && let Some(run) = missing.pop_front()
            {
                let open = Arc::clone(open);
                queue.handed += 1;
                return Some((open, run));
            }
            let block = queue.waiting.pop_front()?;
            match self.begin(block) {
                Ok(begun) => queue.current = begun,
                Err(trouble) => queue.trouble = Some(trouble),
            }
        }
    }

    /// Opens a block; `None` when there is nothing left to do in it.
    fn begin(&self, block: u64) -> Result<Option<Begun>, Trouble> {
        let (part, path) = (part(self.work.folder, block), journal(self.work.folder, block));
        if part.exists() {
            // A process may have died between sealing and taking the journal away.
            let _ = fs::remove_file(&path);
            return Ok(None);
        }
        let runs = self.cut.range(block);
        let (journal, done) = Journal::open(&path, &runs).map_err(|trouble| match trouble {
            journal::Trouble::Busy => Trouble::Busy(block),
            journal::Trouble::Disk(error) => Trouble::Disk(path.clone(), error),
        })?;
        let (mut journal, mut done) = (journal, done);
        let lines = done.len();
        done.retain(|_, outcome| self.sweep.knows(outcome));
        if done.len() < lines {
            // Lines of another experiment: those of this one are kept.
            journal.rewrite(done.values()).map_err(|error| Trouble::Disk(path.clone(), error))?;
        }
        // Another process may have sealed it while we asked for the lock.
        if part.exists() {
            let _ = journal.remove();
            return Ok(None);
        }
        let missing: VecDeque<u64> = runs.filter(|run| !done.contains_key(run)).collect();
        let left = missing.len() as u64;
        let open = Open { block, journal: Mutex::new(Some(journal)), left: AtomicU64::new(left) };
        if left == 0 {
            let journal = open.journal.into_inner().unwrap_or_else(PoisonError::into_inner);
            self.seal(block, journal.expect("it was just put there"))?;
            return Ok(None);
        }
        Ok(Some((Arc::new(open), missing)))
    }

    /// Enters an outcome, and seals the block when it was the last.
    fn enter(&self, open: &Open, outcome: &Outcome) -> Result<(), Trouble> {
        let mut journal = open.journal.lock().unwrap_or_else(PoisonError::into_inner);
        let path = || self::journal(self.work.folder, open.block);
        let held = journal.as_mut().expect("it is open while runs of it are missing");
        held.add(outcome).map_err(|error| Trouble::Disk(path(), error))?;
        if open.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            let journal = journal.take().expect("it was there just now");
            self.seal(open.block, journal)?;
        }
        Ok(())
    }

    fn seal(&self, block: u64, mut journal: Journal) -> Result<(), Trouble> {
        let (part, path) = (part(self.work.folder, block), self::journal(self.work.folder, block));
        let outcomes = journal.outcomes(&self.cut.range(block));
        let outcomes: Vec<Outcome> =
            outcomes.map_err(|error| Trouble::Disk(path.clone(), error))?.into_values().collect();
        let range = self.cut.range(block);
        if outcomes.len() as u64 != range.end - range.start {
            let error = io::Error::other("lines are missing that had been written");
            return Err(Trouble::Disk(path, error));
        }
        (self.work.seal)(&part, &outcomes).map_err(|error| Trouble::Disk(part, error))?;
        journal.remove().map_err(|error| Trouble::Disk(path, error))
    }

    fn locked(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
