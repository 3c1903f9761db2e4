//! A recorder that also keeps the commands as a recording, and where recordings of a run go.

use super::record::Record;
use super::recorder::Recorder;
use crate::engine::Time;
use crate::scenario::{Scenario, recorded};
use crate::telemetry::line::Header;
use crate::telemetry::writing::EventLog;
use crate::world::book::Label;
use crate::world::steps::sharing;
use crate::world::{Observer, Scene};
use depin_protocol::Rejection;
use depin_protocol::command::Command;
use depin_protocol::effect::Effect;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::{Entry, Purse};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Name of a replication's recording.
#[must_use]
pub fn file_name(replication: u32) -> String {
    if replication == 0 { "events.jsonl.zst".to_owned() } else { format!("events-{replication}.jsonl.zst") }
}

/// Where the recordings of a run go. Each is written under a temporary name and gets its own in
/// [`Recordings::publish`]; what is never published is removed.
#[derive(Debug, Default)]
pub struct Recordings {
    folder: Option<PathBuf>,
    begun: Mutex<Vec<u32>>,
    whole: Mutex<Vec<(u32, io::Result<()>)>>,
}

impl Recordings {
    /// Into a folder, when the scenario asks for recordings.
    #[must_use]
    pub fn of(scenario: &Scenario, folder: &Path) -> Recordings {
        let folder = scenario.run.record.then(|| folder.to_path_buf());
        Recordings { folder, begun: Mutex::default(), whole: Mutex::default() }
    }

    /// A recording for a replication; `None` when there is nowhere to put it.
    fn begin(&self, scenario: &Scenario, replication: u32) -> Option<EventLog> {
        let folder = self.folder.as_deref()?;
        lock(&self.begun).push(replication);
        let rules = recorded::rules_text(&scenario.canonical);
        let hosts = sharing(scenario, replication);
        let header = Header::new(&scenario.name, replication, rules, hosts.as_ref());
        match EventLog::create(&temporary(folder, replication), &header) {
            Ok(log) => Some(log),
            Err(error) => {
                lock(&self.whole).push((replication, Err(error)));
                None
            }
        }
    }

    /// Gives whole recordings their names, by replication.
    ///
    /// # Errors
    /// The first failure to write one.
    pub fn publish(&self) -> io::Result<Vec<PathBuf>> {
        let Some(folder) = &self.folder else { return Ok(Vec::new()) };
        let mut whole = std::mem::take(&mut *lock(&self.whole));
        whole.sort_by_key(|(replication, _)| *replication);
        let mut paths = Vec::new();
        for (replication, result) in whole {
            result?;
            let path = folder.join(file_name(replication));
            std::fs::rename(temporary(folder, replication), &path)?;
            paths.push(path);
        }
        Ok(paths)
    }
}

impl Drop for Recordings {
    fn drop(&mut self) {
        let Some(folder) = &self.folder else { return };
        for &replication in lock(&self.begun).iter() {
            // Those that were published have another name by now.
            let _ = std::fs::remove_file(temporary(folder, replication));
        }
    }
}

fn temporary(folder: &Path, replication: u32) -> PathBuf {
    folder.join(format!(".unfinished-{}", file_name(replication)))
}

/// What a list holds stays true when another thread panics.
fn lock<T>(list: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A recorder, and the recording beside it. The record is the same with and without.
pub struct Recording {
    recorder: Recorder,
    log: Option<EventLog>,
}

impl Recording {
    /// A watcher for one replication, with a recording where one is wanted.
    #[must_use]
    pub fn new(
        recorder: Recorder,
        recordings: &Recordings,
        scenario: &Scenario,
        replication: u32,
    ) -> Recording {
        Recording { recorder, log: recordings.begin(scenario, replication) }
    }

    /// Ends the recording and gives the record. Call it once, after the run.
    #[must_use]
    pub fn finish(self, now: Time, scene: &Scene<'_>, replication: u32, recordings: &Recordings) -> Record {
        if let Some(log) = self.log {
            let result = log.end(now, scene.protocol);
            lock(&recordings.whole).push((replication, result));
        }
        self.recorder.finish(scene, replication)
    }
}

impl Observer for Recording {
    fn applied(
        &mut self,
        now: Time,
        command: &Command<'_>,
        result: Result<(), Rejection>,
        effects: &[Effect],
    ) {
        if let Some(log) = &mut self.log {
            log.command(now, command, result, effects);
        }
        self.recorder.applied(now, command, result, effects);
    }

    fn posted(&mut self, now: Time, entry: &Entry, from: Label, to: Label) {
        self.recorder.posted(now, entry, from, to);
    }

    fn account(&mut self, account: AccountId, purse: Purse, label: Label) {
        self.recorder.account(account, purse, label);
    }

    fn purse(&mut self, purse: Purse, label: Label) {
        self.recorder.purse(purse, label);
    }

    fn listed(&mut self, first: u32, count: u32, cards: u16, group: u16) {
        self.recorder.listed(first, count, cards, group);
    }

    fn mark(&mut self, now: Time, kind: &'static str, note: &str) {
        self.recorder.mark(now, kind, note);
    }

    fn epoch(&mut self, now: Time, scene: &Scene<'_>) {
        if let Some(log) = &mut self.log {
            log.check(now, scene.protocol);
        }
        self.recorder.epoch(now, scene);
    }
}
