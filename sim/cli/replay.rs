//! `replay`: a recording, done again by the protocol alone, and compared with what it says of itself.

use super::failure::Failure;
use super::{Format, output, shell};
use crate::MODEL_VERSION;
use crate::telemetry::replay::{self, Replay as Replayed};
use crate::telemetry::{columns, reading, tables, tally};
use serde_json::{Value, json};
use std::fs::File;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
EXAMPLES
  depin-sim replay now/events.jsonl.zst                            leases, verdicts, points and payouts again
  depin-sim replay now/events.jsonl.zst --out tables               and every one of them as CSV
  depin-sim replay now/events.jsonl.zst --convert events.parquet   the same recording for other programs

A run keeps one with --set run.record=events.
Exit codes: 0 all checks are met; 1 one differs; 2 the recording cannot be read to its end.";

/// Let the protocol alone do again what a recording says, and compare
///
/// Reads events.jsonl.zst, events.jsonl and events.parquet; docs/telemetry.md describes them.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Replay {
    /// Recording
    events: PathBuf,
    /// What is printed: a summary to read, or the same as JSON
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write leases, rounds, seasons, releases, payouts, points and balances into this folder as CSV
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write the recording as Parquet too
    #[arg(long, value_name = "FILE")]
    convert: Option<PathBuf>,
}

impl Replay {
    /// Replays the recording.
    ///
    /// # Errors
    /// When it cannot be read to its end, or says something else than the protocol comes to.
    pub fn call(self) -> Result<(), Failure> {
        let replayed = replay::replay(&self.events).map_err(|trouble| self.unreadable(&trouble))?;
        output::print(&match self.format {
            Format::Text => text(&replayed),
            Format::Json => output::json(&summary(&replayed)),
        })?;
        if let Some(folder) = &self.out {
            tables::write(folder, &replayed).map_err(|error| {
                let message = format!("error: cannot write into {}: {error}", folder.display());
                Failure::new(message).again(self.again())
            })?;
        }
        if let Some(trouble) = &replayed.trouble {
            let hint = format!("the {} good lines before it are kept, and told above", replayed.lines);
            return Err(self.unreadable(trouble).hint(hint));
        }
        if let Some(path) = &self.convert {
            self.convert(path)?;
        }
        if replayed.different > 0 {
            return Err(self.differs(&replayed));
        }
        Ok(())
    }

    fn convert(&self, path: &Path) -> Result<(), Failure> {
        let fail = |why: String| {
            Failure::new(format!("error: cannot write {}: {why}", path.display())).again(self.again())
        };
        if same(path, &self.events) {
            return Err(fail("it is the recording itself".to_owned()));
        }
        let lines = reading::Lines::open(&self.events).map_err(|trouble| self.unreadable(&trouble))?;
        let file = File::create(path).map_err(|error| fail(error.to_string()))?;
        columns::write(lines, file).map(|_| ()).map_err(fail)
    }

    fn unreadable(&self, trouble: &reading::Trouble) -> Failure {
        Failure::new(format!("error: {}: {trouble}", self.events.display())).again(self.again())
    }

    fn differs(&self, replayed: &Replayed) -> Failure {
        let mut message =
            format!("error: the replay differs from the recording in {} figures", replayed.different);
        for d in &replayed.differences {
            message.push_str(&format!(
                "\n  line {}, {} ns: {} is {}, the replay comes to {}",
                d.line, d.at.0, d.figure, d.recorded, d.replayed
            ));
        }
        let version = replayed.header.model_version;
        let hint = if version == MODEL_VERSION {
            "where `lines` differs the recording was altered; where only others do, the protocol was"
                .to_owned()
        } else {
            format!("it was recorded by model {version}, this is model {MODEL_VERSION}")
        };
        Failure::new(message).hint(hint).again(self.again()).found()
    }

    fn again(&self) -> String {
        let events = self.events.display().to_string();
        let mut words = vec!["depin-sim".to_owned(), "replay".to_owned(), events];
        if self.format == Format::Json {
            words.extend(["--format".to_owned(), "json".to_owned()]);
        }
        for (option, path) in [("--out", &self.out), ("--convert", &self.convert)] {
            words.extend(path.iter().flat_map(|path| [option.to_owned(), path.display().to_string()]));
        }
        shell::line(words.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

fn same(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// The summary for programs. Amounts are integers of base units, as text.
fn summary(replayed: &Replayed) -> Value {
    let facts = &replayed.facts;
    let seasons = facts.seasons.iter().map(|season| {
        let amount = |amount: Option<i128>| amount.map(|amount| amount.to_string());
        json!({
            "season": season.season,
            "pool": season.pool.to_string(),
            "points": amount(season.points),
            "paid": amount(season.paid),
        })
    });
    let seasons = seasons.collect::<Vec<_>>();
    json!({
        "source": replayed.header.source,
        "replication": replayed.header.replication,
        "model_version": replayed.header.model_version,
        "at_ns": replayed.at.0,
        "lines": replayed.lines,
        "accounts": replayed.protocol.accounts(),
        "devices": replayed.protocol.devices(),
        "tally": replayed.tally,
        "seasons": seasons,
        "payouts": facts.payouts.len(),
        "paid": replayed.paid().to_string(),
        "postings": replayed.protocol.ledger().postings(),
        "recount": replayed.protocol.ledger().recount().map(|sum| sum.to_string()),
        "balances": tally::balances(&replayed.protocol),
        "checks": replayed.checks,
        "different": replayed.different,
        "whole": replayed.trouble.is_none(),
    })
}

fn text(replayed: &Replayed) -> String {
    let (tally, facts) = (&replayed.tally, &replayed.facts);
    let count = |n: u64| n.to_string();
    let mut rows = vec![
        ("recording", format!("{}, replication {}", replayed.header.source, replayed.header.replication)),
        ("lines", count(replayed.lines)),
        ("last instant", format!("{} ns", replayed.at.0)),
        ("commands", format!("{}, {} refused", tally.commands, tally.refused)),
        ("effects", count(tally.effects)),
        ("epochs", count(tally.epochs)),
        ("accounts", replayed.protocol.accounts().to_string()),
        ("devices", replayed.protocol.devices().to_string()),
        ("leases begun", count(tally.leases_started)),
        ("  completed", count(tally.leases_completed)),
        ("  lost a device", count(tally.leases_device_lost)),
        ("  ended early", count(tally.leases_ended_early)),
        ("  not delivered", count(tally.leases_not_delivered)),
        ("jobs unserved", count(tally.jobs_unserved)),
        ("verdicts", format!("{} passed, {} failed", tally.verdicts_passed, tally.verdicts_failed)),
        ("quarantined", format!("{}, banned {}", tally.quarantined, tally.banned)),
    ];
    let seasons = facts.seasons.iter().map(|season| {
        let points = season.points.map_or("not counted".to_owned(), |points| decimal(points, 6) + " points");
        let paid = season.paid.map_or("not paid".to_owned(), |paid| decimal(paid, 8) + " tokens paid");
        format!("{}: pool {} tokens, {points}, {paid}", season.season, decimal(season.pool, 8))
    });
    let seasons = seasons.collect::<Vec<_>>();
    rows.extend(seasons.into_iter().map(|season| ("season", season)));
    let minted: i128 = facts.releases.iter().map(|release| release.minted).sum();
    let releases = format!("{}, {} tokens minted", facts.releases.len(), decimal(minted, 8));
    rows.extend((!facts.releases.is_empty()).then_some(("releases", releases)));
    let recount = replayed.protocol.ledger().recount();
    rows.extend([
        ("payouts", format!("{}, {} tokens", facts.payouts.len(), decimal(replayed.paid(), 8))),
        ("postings", count(replayed.protocol.ledger().postings())),
        ("ledger recount", if recount == [0; 3] { "zero".to_owned() } else { format!("{recount:?}") }),
        ("balances", tally::balances(&replayed.protocol)),
        ("checks", format!("{} compared, {} figures differ", replayed.checks, replayed.different)),
    ]);
    rows.iter().map(|(name, value)| format!("{name:<17} {value}\n")).collect()
}

/// Base units as a decimal number.
fn decimal(amount: i128, places: usize) -> String {
    let digits = format!("{:0width$}", amount.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let sign = if amount < 0 { "-" } else { "" };
    format!("{sign}{whole}.{part}")
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn base_units_are_printed_to_the_last_one() {
        assert_eq!(decimal(123_456_789, 8), "1.23456789");
        assert_eq!(decimal(-5, 6), "-0.000005");
        assert_eq!(decimal(0, 6), "0.000000");
    }
}
