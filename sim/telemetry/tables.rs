//! What a replay finds out, as rows: leases, rounds of challenges, seasons, releases, payouts, balances.

use super::replay::Replay;
use depin_protocol::effect::{Effect, Outcome};
use depin_protocol::ids::{AccountId, LeaseId, SeasonId};
use depin_protocol::ledger::{Category, Entry};
use depin_protocol::units::{Amount, Time};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// A lease.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Lease {
    /// Its number.
    pub lease: u32,
    /// The job it serves.
    pub job: u32,
    /// When it began, in nanoseconds.
    pub began_ns: u64,
    /// When it ended.
    pub ended_ns: Option<u64>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Devices.
    pub devices: u32,
}

/// A judged round of challenges.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Round {
    /// Its number.
    pub round: u32,
    /// When it was judged, in nanoseconds.
    pub judged_ns: u64,
    /// Devices that passed.
    pub passed: u32,
    /// Devices that failed.
    pub failed: u32,
}

/// A season.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Season {
    /// Its number.
    pub season: u16,
    /// Tokens promised, in base units.
    pub pool: Amount,
    /// Points of its latest count, in millionths.
    pub points: Option<Amount>,
    /// Tokens paid, in base units.
    pub paid: Option<Amount>,
}

/// A payment of tokens.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Payout {
    /// When, in nanoseconds.
    pub at_ns: u64,
    /// Purse that received.
    pub purse: u32,
    /// Tokens, in base units.
    pub tokens: Amount,
}

/// A release of a schedule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Release {
    /// When, in nanoseconds.
    pub at_ns: u64,
    /// Epochs of the schedule that had ended.
    pub epochs: u64,
    /// Tokens minted, in base units.
    pub minted: Amount,
    /// Tokens released to nobody, in base units.
    pub burned: Amount,
    /// Tokens kept for the next release, in base units.
    pub retained: Amount,
}

/// Rows gathered from effects, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// Every lease.
    pub leases: Vec<Lease>,
    /// Every round judged.
    pub rounds: Vec<Round>,
    /// Every season.
    pub seasons: Vec<Season>,
    /// Every release of a schedule.
    pub releases: Vec<Release>,
    /// Every payment of tokens.
    pub payouts: Vec<Payout>,
    /// Base units posted, by category.
    pub flows: BTreeMap<Category, Amount>,
    at: BTreeMap<LeaseId, usize>,
}

impl Facts {
    /// Nothing yet, but a season that the rules open at the start.
    #[must_use]
    pub fn new(opening: Option<Amount>) -> Facts {
        let mut facts = Facts::default();
        facts.seasons.extend(opening.map(|pool| Season { season: 0, pool, points: None, paid: None }));
        facts
    }

    /// Notes an effect.
    pub fn see(&mut self, now: Time, effect: &Effect) {
        match *effect {
            Effect::JobStarted(job, lease) => {
                self.at.insert(lease, self.leases.len());
                let devices = 0;
                let began_ns = now.0;
                let (lease, job) = (lease.0, job.0);
                self.leases.push(Lease { lease, job, began_ns, ended_ns: None, outcome: None, devices });
            }
            Effect::LeaseEnded(lease, _, outcome) => {
                if let Some(row) = self.at.remove(&lease).and_then(|at| self.leases.get_mut(at)) {
                    (row.ended_ns, row.outcome) = (Some(now.0), Some(outcome));
                }
            }
            Effect::ChallengesJudged { round, passed, failed } => {
                self.rounds.push(Round { round, judged_ns: now.0, passed, failed });
            }
            Effect::SeasonOpened(season, pool) => {
                self.seasons.push(Season { season: season.0, pool, points: None, paid: None });
            }
            Effect::SeasonCounted(season, points) => self.season(season, |row| row.points = Some(points)),
            Effect::SeasonPaid(season, tokens) => self.season(season, |row| row.paid = Some(tokens)),
            Effect::EmissionReleased { epochs, minted, burned, retained } => {
                self.releases.push(Release { at_ns: now.0, epochs, minted, burned, retained });
            }
            Effect::Posted(entry) => self.posted(now, &entry),
            Effect::DeviceLeased(lease, _) => {
                if let Some(row) = self.at.get(&lease).and_then(|&at| self.leases.get_mut(at)) {
                    row.devices += 1;
                }
            }
            _ => {}
        }
    }

    fn season(&mut self, season: SeasonId, change: impl FnOnce(&mut Season)) {
        if let Some(row) = self.seasons.get_mut(season.at()) {
            change(row);
        }
    }

    fn posted(&mut self, now: Time, entry: &Entry) {
        *self.flows.entry(entry.category).or_default() += entry.amount;
        if entry.category == Category::Reward {
            self.payouts.push(Payout { at_ns: now.0, purse: entry.to.0, tokens: entry.amount });
        }
    }
}

/// An account at the end.
#[derive(Serialize)]
struct Balance {
    account: u32,
    purse: u32,
    usd: Amount,
    token: Amount,
    points: Amount,
}

/// Counted points of an account in a season.
#[derive(Serialize)]
struct Points {
    season: u16,
    account: u32,
    points: Amount,
}

/// Writes everything as CSV into a folder, which is made when it is not there; gives the paths.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, replay: &Replay) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let protocol = &replay.protocol;
    let accounts = || (0..protocol.accounts()).map(AccountId);
    let balances = accounts().map(|account| {
        let [usd, token, points] = replay.balance(account);
        Balance { account: account.0, purse: protocol.purse(account).0, usd, token, points }
    });
    let seasons = replay.facts.seasons.iter().map(|row| row.season);
    let points = seasons.flat_map(|season| {
        let all = accounts().map(move |account| Points {
            season,
            account: account.0,
            points: protocol.season_points(SeasonId(season), account),
        });
        all.filter(|row| row.points != 0)
    });
    let facts = &replay.facts;
    Ok(vec![
        table(folder, "leases.csv", facts.leases.iter())?,
        table(folder, "rounds.csv", facts.rounds.iter())?,
        table(folder, "seasons.csv", facts.seasons.iter())?,
        table(folder, "releases.csv", facts.releases.iter())?,
        table(folder, "payouts.csv", facts.payouts.iter())?,
        table(folder, "points.csv", points)?,
        table(folder, "balances.csv", balances)?,
    ])
}

fn table(folder: &Path, name: &str, rows: impl Iterator<Item = impl Serialize>) -> io::Result<PathBuf> {
    let path = folder.join(name);
    let mut writer = csv::Writer::from_path(&path).map_err(io::Error::other)?;
    for row in rows {
        writer.serialize(row).map_err(io::Error::other)?;
    }
    writer.flush()?;
    Ok(path)
}
