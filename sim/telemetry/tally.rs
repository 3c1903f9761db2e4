//! What a network has come to at a check: counted from effects, and read from its ledger.

use super::leases::Leases;
use depin_protocol::effect::{Effect, Outcome};
use depin_protocol::units::Amount;
use depin_protocol::{Protocol, Rejection};
use serde::{Deserialize, Serialize};

/// Counts since the start.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Commands, refused ones included.
    pub commands: u64,
    /// Commands refused.
    pub refused: u64,
    /// Effects.
    pub effects: u64,
    /// Epochs closed.
    pub epochs: u64,
    /// Leases begun.
    pub leases_started: u64,
    /// Leases whose term was served.
    pub leases_completed: u64,
    /// Leases that lost a device.
    pub leases_device_lost: u64,
    /// Leases ended early by a satisfied renter.
    pub leases_ended_early: u64,
    /// Leases ended because the devices did not deliver.
    pub leases_not_delivered: u64,
    /// Leases that lost a device while their jobs went on.
    #[serde(default)]
    pub leases_interrupted: u64,
    /// Leases that were stopped for another job.
    #[serde(default)]
    pub leases_preempted: u64,
    /// Jobs that left without a lease.
    pub jobs_unserved: u64,
    /// Challenges passed.
    pub verdicts_passed: u64,
    /// Challenges failed.
    pub verdicts_failed: u64,
    /// Devices set aside, each time.
    pub quarantined: u64,
    /// Devices excluded for good.
    pub banned: u64,
}

impl Tally {
    /// Counts a command with what came of it.
    pub fn see(&mut self, result: Result<(), Rejection>, effects: &[Effect]) {
        self.commands += 1;
        self.refused += u64::from(result.is_err());
        self.effects += effects.len() as u64;
        for effect in effects {
            self.count(effect);
        }
    }

    fn count(&mut self, effect: &Effect) {
        match *effect {
            Effect::EpochClosed(_) => self.epochs += 1,
            Effect::JobStarted(..) => self.leases_started += 1,
            Effect::JobUnserved(..) => self.jobs_unserved += 1,
            Effect::ChallengesJudged { passed, failed, .. } => {
                self.verdicts_passed += u64::from(passed);
                self.verdicts_failed += u64::from(failed);
            }
            Effect::Quarantined(_) => self.quarantined += 1,
            Effect::Banned(_) => self.banned += 1,
            Effect::LeaseEnded(_, _, outcome) => match outcome {
                Outcome::Completed => self.leases_completed += 1,
                Outcome::DeviceLost => self.leases_device_lost += 1,
                Outcome::EndedEarly => self.leases_ended_early += 1,
                Outcome::NotDelivered => self.leases_not_delivered += 1,
                Outcome::Interrupted => self.leases_interrupted += 1,
                Outcome::Preempted => self.leases_preempted += 1,
            },
            _ => {}
        }
    }
}

/// The figures of a check line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Counts since the start.
    pub tally: Tally,
    /// Accounts ever opened.
    pub accounts: u32,
    /// Devices ever listed.
    pub devices: u32,
    /// Cards connected now.
    pub connected_cards: u64,
    /// Postings in the ledger.
    pub postings: u64,
    /// Points of the open season so far, in millionths.
    pub open_points: Amount,
    /// Sum of the balances above zero: micro-dollars, units of 1e-8 token, millionths of a point.
    pub held: [Amount; 3],
    /// BLAKE3 of all balances, see [`balances`].
    pub balances: String,
    /// The digest of [`Leases`]; absent in version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leases: Option<String>,
    /// BLAKE3 of all lines before this one, each with its line break, and of this one's instant
    /// ([`seal`](super::line::seal)).
    pub lines: String,
}

impl Check {
    /// The figures of a network now.
    #[must_use]
    pub fn of(tally: Tally, leases: &Leases, protocol: &Protocol, lines: &blake3::Hasher) -> Check {
        let mut held = [0; 3];
        for row in protocol.ledger().balances() {
            for (sum, balance) in held.iter_mut().zip(row) {
                *sum += (*balance).max(0);
            }
        }
        Check {
            tally,
            accounts: protocol.accounts(),
            devices: protocol.devices(),
            connected_cards: protocol.audit().connected_cards,
            postings: protocol.ledger().postings(),
            open_points: protocol.open_points().iter().map(|&points| Amount::from(points)).sum(),
            held,
            balances: balances(protocol),
            leases: Some(leases.digest()),
            lines: lines.finalize().to_hex().to_string(),
        }
    }

    /// Names of the figures in which another check differs, with both values.
    #[must_use]
    pub fn differences(&self, other: &Check) -> Vec<(String, String, String)> {
        let (mine, theirs) = (self.flat(), other.flat());
        let pairs = mine.into_iter().zip(theirs);
        pairs.filter(|(a, b)| a.1 != b.1).map(|(a, b)| (a.0, a.1, b.1)).collect()
    }

    /// Every figure as text, with its name.
    fn flat(&self) -> Vec<(String, String)> {
        let value = serde_json::to_value(self.tally).expect("counts are plain numbers");
        let counts = value.as_object().expect("a structure is an object");
        let mut all: Vec<_> = counts.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        let mut add = |name: &str, value: String| all.push((name.to_owned(), value));
        add("accounts", self.accounts.to_string());
        add("devices", self.devices.to_string());
        add("connected_cards", self.connected_cards.to_string());
        add("postings", self.postings.to_string());
        add("open_points", self.open_points.to_string());
        for (asset, amount) in ["held.usd", "held.token", "held.points"].into_iter().zip(self.held) {
            add(asset, amount.to_string());
        }
        add("balances", self.balances.clone());
        add("leases", self.leases.clone().unwrap_or_else(|| "not said".to_owned()));
        add("lines", self.lines.clone());
        all
    }
}

/// BLAKE3 over all purses in order of opening: dollars, tokens and points, each 16 bytes, little-endian.
#[must_use]
pub fn balances(protocol: &Protocol) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut block = Vec::with_capacity(48 * 1024);
    for rows in protocol.ledger().balances().chunks(1024) {
        block.clear();
        block.extend(rows.iter().flatten().flat_map(|amount| amount.to_le_bytes()));
        hasher.update(&block);
    }
    hasher.finalize().to_hex().to_string()
}
