//! Replay: the protocol alone, fed with a recording, comes to leases, verdicts, points and payouts again.

use super::leases::Leases;
use super::line::{Header, OLDEST, Said, VERSION, seal};
use super::reading::{Reader, Trouble};
use super::tables::Facts;
use super::tally::{Check, Tally};
use crate::scenario::recorded;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::{Asset, Category};
use depin_protocol::recording::Recorded;
use depin_protocol::units::{Amount, Time};
use depin_protocol::{Protocol, Rules, effect::Effect};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Differences that are kept; the others are counted.
const KEPT: usize = 20;

/// A figure of a check that the replay does not come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Line of the check.
    pub line: u64,
    /// Instant of the check.
    pub at: Time,
    /// Name of the figure.
    pub figure: String,
    /// As the recording says.
    pub recorded: String,
    /// As the protocol comes to.
    pub replayed: String,
}

/// What a recording came to, as far as it could be read.
pub struct Replay {
    /// The first line.
    pub header: Header,
    /// The network at the last good line.
    pub protocol: Protocol,
    /// Instant of the last good line.
    pub at: Time,
    /// Good lines, the header included.
    pub lines: u64,
    /// Counts of all that came about.
    pub tally: Tally,
    /// Which job got which devices, when.
    pub leases: Leases,
    /// Leases, rounds, seasons and payouts.
    pub facts: Facts,
    /// Checks compared, the end included.
    pub checks: u64,
    /// Figures that differ, the first of them.
    pub differences: Vec<Difference>,
    /// Figures that differ, all of them.
    pub different: u64,
    /// Why it could not be read to its end.
    pub trouble: Option<Trouble>,
    effects: Vec<Effect>,
}

/// Replays a recording. What was good before a damage is kept, and the damage is in [`Replay::trouble`].
///
/// # Errors
/// When not even the header can be read, or its rules make no network.
pub fn replay(path: &Path) -> Result<Replay, Trouble> {
    let mut reader = Reader::open(path)?;
    let header = reader.header().clone();
    let trouble = |message: String| Trouble { line: 1, message };
    let mut rules = recorded::rules(&header.rules)
        .map_err(|report| trouble(format!("its rules cannot be read:\n{report}")))?;
    share(&mut rules, &header).map_err(trouble)?;
    let opening = rules.opening_season;
    let protocol = catch_unwind(AssertUnwindSafe(|| Protocol::new(rules)))
        .map_err(|_| trouble("its rules make no network".to_owned()))?;
    let mut replay = Replay {
        header,
        protocol,
        at: Time::ZERO,
        lines: 1,
        tally: Tally::default(),
        leases: Leases::default(),
        facts: Facts::new(opening.map(|(pool, _)| pool)),
        checks: 0,
        differences: Vec::new(),
        different: 0,
        trouble: None,
        effects: Vec::new(),
    };
    replay.trouble = replay.follow(&mut reader).err();
    Ok(replay)
}

/// Tells rules by which hosts are leased in parts what the header knows of the hosts.
fn share(rules: &mut Rules, header: &Header) -> Result<(), String> {
    let policy = rules.sharing.as_ref().map(|sharing| sharing.policy);
    rules.sharing = match (policy, &header.sharing) {
        (None, None) => None,
        (Some(policy), Some(sharing)) => Some(sharing.spec(policy)),
        (Some(_), None) if header.version == OLDEST => {
            return Err(format!(
                "it is of version {OLDEST} of the format, which does not say enough of hosts that are leased in parts: \
                 record it again, in version {VERSION}"
            ));
        }
        (Some(_), None) => return Err("its rules lease hosts in parts, of which it says nothing".to_owned()),
        (None, Some(_)) => return Err("it tells of hosts, and its rules lease none in parts".to_owned()),
    };
    Ok(())
}

impl Replay {
    fn follow(&mut self, reader: &mut Reader) -> Result<(), Trouble> {
        while let Some((at, said, before)) = reader.read()? {
            let now = Time(at);
            match said {
                Said::Command(command) => self.apply(now, &command, reader.line())?,
                Said::Check(check) | Said::End(check) => self.compare(now, &check, &before, reader.line()),
            }
            self.at = now;
            self.lines = reader.line();
        }
        Ok(())
    }

    /// A command of a recording that nobody checked may break the protocol's own assertions: that is said, not thrown.
    fn apply(&mut self, now: Time, command: &Recorded, line: u64) -> Result<(), Trouble> {
        self.effects.clear();
        let (protocol, effects) = (&mut self.protocol, &mut self.effects);
        let attempt = catch_unwind(AssertUnwindSafe(|| protocol.apply(now, command.command(), effects)));
        let Ok(result) = attempt else {
            return Err(Trouble { line, message: "the protocol panicked at this command".to_owned() });
        };
        self.tally.see(result, &self.effects);
        self.leases.see(now, &self.effects);
        for effect in &self.effects {
            self.facts.see(now, effect);
        }
        Ok(())
    }

    fn compare(&mut self, at: Time, recorded: &Check, before: &blake3::Hasher, line: u64) {
        let version = self.header.version;
        let sealed = seal(version, before, at.0);
        let mut replayed = Check::of(self.tally, &self.leases, &self.protocol, &sealed);
        if version == OLDEST {
            replayed.leases = None;
        }
        self.checks += 1;
        for (figure, recorded, replayed) in recorded.differences(&replayed) {
            self.different += 1;
            if self.differences.len() < KEPT {
                self.differences.push(Difference { line, at, figure, recorded, replayed });
            }
        }
    }

    /// Balances of an account: dollars, tokens, points.
    #[must_use]
    pub fn balance(&self, account: AccountId) -> [Amount; 3] {
        let purse = self.protocol.purse(account);
        [Asset::Usd, Asset::Token, Asset::Points].map(|asset| self.protocol.ledger().balance(purse, asset))
    }

    /// Tokens paid to suppliers.
    #[must_use]
    pub fn paid(&self) -> Amount {
        self.facts.flows.get(&Category::Reward).copied().unwrap_or(0)
    }
}
