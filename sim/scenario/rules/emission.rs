//! `[protocol.emission.NAME]`: what each epoch mints, up to which end and cap, and what is assumed of the network where there
//! is none.

mod assumed;
mod payments;
mod schedules;

use super::super::reading::{FineTokens, Seconds, Table};
use super::super::run::Run;
use assumed::Assumed;
use depin_protocol::emission::{Activity, Denomination, Issuance, Limits, ScheduleSpec};
use depin_protocol::rewards::BlockSpec;
use depin_protocol::units::{Amount, Span, TOKEN};
use payments::Payments;
use schedules::NAMES;

/// Decimals of a [`FineTokens`], and the most that a token may have.
const FINEST: u16 = 18;

/// Epochs of a schedule that are released at one close of the network's.
const MOST_AT_ONCE: u64 = 1_000_000;

/// A schedule of emission as written.
#[derive(Clone, Debug)]
pub struct EmissionRule {
    name: &'static str,
    spec: ScheduleSpec,
    limits: Limits,
    decimals: u8,
    epoch: Span,
    first_epoch: u64,
    assumed: Assumed,
    payments: Payments,
    denomination: Denomination,
}

impl EmissionRule {
    /// The schedule before its first epoch.
    #[must_use]
    pub fn build(&self) -> Issuance {
        Issuance::new(self.spec.build(), self.limits)
    }

    /// The schedule at work in a network of the run's scale.
    #[must_use]
    pub fn blocks(&self) -> BlockSpec {
        BlockSpec {
            issuance: self.build(),
            unit: self.denomination,
            epoch: self.epoch,
            begins: self.payments.begins,
            pay_every: self.payments.pay_every,
            vesting: self.payments.vesting,
        }
    }

    /// Tokens an hour of its first epoch, after `run.scale`, as anyone can read them off the published schedule; where it
    /// follows the network, by what is assumed of that.
    #[must_use]
    pub fn first_per_hour(&self) -> f64 {
        let first = self.build().release(&self.activity(0, self.limits.starting_supply));
        self.denomination.to_ledger(first) as f64 / TOKEN as f64 / self.epoch.hours()
    }

    /// The schedule's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its end, its cap and the supply before it.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Decimals of a base unit of the token.
    #[must_use]
    pub fn decimals(&self) -> u8 {
        self.decimals
    }

    /// Length of an epoch of the schedule.
    #[must_use]
    pub fn epoch(&self) -> Span {
        self.epoch
    }

    /// Number of the first epoch, as the source counts.
    #[must_use]
    pub fn first_epoch(&self) -> u64 {
        self.first_epoch
    }

    /// What the network is assumed to do in an epoch after so many have passed, with this supply; for a schedule that is
    /// looked at without a network.
    #[must_use]
    pub fn activity(&self, passed: u64, supply: Amount) -> Activity {
        self.assumed.activity(passed, self.epoch, supply)
    }

    /// The keys of `[protocol.emission.assumed]` without which the schedule cannot be looked at alone, if they are missing.
    #[must_use]
    pub fn lacks(&self) -> Option<&'static str> {
        self.assumed.lacks()
    }
}

/// The schedule, if one is named.
pub(super) fn read(t: &Table<'_>, run: &Run) -> Option<EmissionRule> {
    let chosen =
        t.choose("emission", NAMES, "what each epoch mints: [protocol.emission.NAME]; none: only pools");
    let e = t.table("emission", "what each epoch mints")?;
    let token = Token::read(&e);
    let seconds = e.require::<Seconds>("epoch_seconds", "length of an epoch of the schedule");
    e.range("epoch_seconds", seconds.0, 0.001, 315_360_000.0);
    let first_epoch = e.or("first_epoch", 0u16, "number of the first epoch, as the source counts: 0 or 1");
    e.range("first_epoch", first_epoch.into(), 0.0, 1.0);
    let epoch = Span(seconds.ns().clamp(1_000_000, 315_360_000_000_000_000));
    let limits = read_limits(&e, token);
    if run.epoch.0 / epoch.0 > MOST_AT_ONCE {
        e.problem(
            "epoch_seconds",
            "more than a million epochs end in one of the run",
            "shorten run.epoch_hours",
        );
    }
    let Some((name, s)) = chosen else {
        e.problem(
            "",
            "no schedule is named",
            format!("add [protocol.emission.NAME], NAME one of {}", NAMES.join(", ")),
        );
        return None;
    };
    if name.starts_with("filecoin") && epoch != Span(30 * Span::SECOND.0) {
        e.problem("epoch_seconds", "Filecoin's half-life is coded in epochs of 30 seconds", "write 30");
    }
    Some(EmissionRule {
        name,
        spec: schedules::read(name, &s, token),
        limits,
        decimals: token.decimals,
        epoch,
        first_epoch: first_epoch.into(),
        assumed: assumed::read(&e, name, token),
        payments: payments::read(t, run),
        denomination: payments::denomination(token.decimals, run.scale),
    })
}

/// The token whose amounts are read.
#[derive(Clone, Copy, Debug)]
struct Token {
    decimals: u8,
}

impl Token {
    fn read(e: &Table<'_>) -> Token {
        let written = e.or("decimals", 8u16, "decimals of the token's base unit, from 0 to 18; 8 as IO has");
        if written > FINEST {
            e.problem("decimals", format!("{written} is more than {FINEST}"), "a token has 0 to 18 decimals");
        }
        Token { decimals: written.min(FINEST) as u8 }
    }

    /// An amount in base units.
    fn units(self, t: &Table<'_>, key: &'static str, FineTokens(fine): FineTokens) -> Amount {
        let unit = 10i128.pow(u32::from(FINEST) - u32::from(self.decimals));
        if fine % unit != 0 {
            let message =
                format!("it has more decimals than the token, whose base unit has {}", self.decimals);
            t.problem(key, message, "round it, or raise protocol.emission.decimals");
        }
        fine / unit
    }

    fn require(self, t: &Table<'_>, key: &'static str, doc: &'static str) -> Amount {
        self.units(t, key, t.require(key, doc))
    }

    fn optional(self, t: &Table<'_>, key: &'static str, doc: &'static str) -> Option<Amount> {
        t.optional(key, doc).map(|fine| self.units(t, key, fine))
    }
}

fn read_limits(e: &Table<'_>, token: Token) -> Limits {
    let cap = token.optional(e, "cap_tokens", "most that all epochs together mint; absent: without a cap");
    if cap == Some(0) {
        e.problem("cap_tokens", "a cap of zero leaves nothing to mint", "leave it out for no cap");
    }
    let epochs = e
        .optional::<u64>("epochs", "number of epochs, after which nothing is minted; absent: without an end");
    if epochs == Some(0) {
        e.problem("epochs", "a schedule of no epoch", "leave it out for no end");
    }
    let doc = "tokens that existed before the first epoch, published or observed";
    let starting_supply = token.optional(e, "starting_supply_tokens", doc).unwrap_or(0);
    Limits { cap, epochs, starting_supply }
}
