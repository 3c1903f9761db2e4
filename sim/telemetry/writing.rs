//! Writing a recording as it comes about: compressed, line by line, nothing held in memory.

use super::leases::Leases;
use super::line::{Header, VERSION, Written, seal};
use super::tally::{Check, Tally};
use depin_protocol::command::Command;
use depin_protocol::effect::Effect;
use depin_protocol::units::Time;
use depin_protocol::{Protocol, Rejection};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Level of compression: zstd's own default.
const LEVEL: i32 = 3;

/// A recording in the making. The first failure to write is kept and told at the end.
pub struct EventLog {
    out: zstd::Encoder<'static, BufWriter<File>>,
    line: Vec<u8>,
    hash: blake3::Hasher,
    tally: Tally,
    leases: Leases,
    failure: Option<io::Error>,
}

impl EventLog {
    /// A recording in a new file, `events.jsonl.zst`, with its header.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn create(path: &Path, header: &Header) -> io::Result<EventLog> {
        let mut out = zstd::Encoder::new(BufWriter::new(File::create(path)?), LEVEL)?;
        out.include_checksum(true)?;
        let mut log = EventLog {
            out,
            line: Vec::new(),
            hash: blake3::Hasher::new(),
            tally: Tally::default(),
            leases: Leases::default(),
            failure: None,
        };
        log.write(header);
        Ok(log)
    }

    /// A command with what came of it.
    pub fn command(
        &mut self,
        now: Time,
        command: &Command<'_>,
        result: Result<(), Rejection>,
        effects: &[Effect],
    ) {
        self.write(&Written::Command { at: now.0, command });
        self.tally.see(result, effects);
        self.leases.see(now, effects);
    }

    /// What the network looks like now, to compare a replay with.
    pub fn check(&mut self, now: Time, protocol: &Protocol) {
        let check = self.figures(now, protocol);
        self.write(&Written::Check { at: now.0, check: &check });
        // What is torn later loses no more than an epoch.
        if self.failure.is_none() {
            self.failure = self.out.flush().err();
        }
    }

    /// The last check; the file is whole afterwards.
    ///
    /// # Errors
    /// The first failure to write.
    pub fn end(mut self, now: Time, protocol: &Protocol) -> io::Result<()> {
        let end = self.figures(now, protocol);
        self.write(&Written::End { at: now.0, end: &end });
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        self.out.finish()?.flush()
    }

    fn figures(&self, now: Time, protocol: &Protocol) -> Check {
        Check::of(self.tally, &self.leases, protocol, &seal(VERSION, &self.hash, now.0))
    }

    fn write(&mut self, line: &impl Serialize) {
        if self.failure.is_some() {
            return;
        }
        self.line.clear();
        let result = serde_json::to_writer(&mut self.line, line).map_err(io::Error::other);
        self.line.push(b'\n');
        self.hash.update(&self.line);
        if let Err(failure) = result.and_then(|()| self.out.write_all(&self.line)) {
            self.failure = Some(failure);
        }
    }
}
