//! `[protocol.emission.assumed]`: what the network does in an epoch, for a schedule that asks and is looked at alone.

use super::super::super::reading::{NonNegative, Share, Table, Usd};
use super::super::ppm;
use super::Token;
use depin_protocol::emission::Activity;
use depin_protocol::units::{Amount, ONE, Ppm, Span};

/// Nanoseconds of a year of 365 days.
const YEAR_NS: f64 = 365.0 * 86_400.0 * 1e9;
/// Most power that is reckoned with, far above any network and far below what overflows.
const MOST_POWER: f64 = 1e30;

/// What a schedule is told of the network; what it does not look at is zero.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Assumed {
    /// Keys that it looks at, when the scenario has no such table.
    missing: Option<&'static str>,
    /// Share of the supply that is bonded.
    bonded: Ppm,
    /// Tokens burned in each epoch.
    burned: Amount,
    /// Power at the first epoch.
    bytes: f64,
    /// What the power is multiplied by in a year.
    growth: f64,
    /// What suppliers are owed for an epoch, in micro-dollars.
    owed_usd: Amount,
    /// Price of a token, in micro-dollars.
    price_usd: Amount,
}

impl Assumed {
    pub(super) fn lacks(&self) -> Option<&'static str> {
        self.missing
    }

    pub(super) fn activity(&self, passed: u64, epoch: Span, supply: Amount) -> Activity {
        Activity {
            supply,
            bonded: part(supply, self.bonded),
            burned: self.burned,
            power: self.power(passed, epoch),
            owed_usd: self.owed_usd,
            price_usd: self.price_usd,
        }
    }

    fn power(&self, passed: u64, epoch: Span) -> u128 {
        if self.bytes == 0.0 {
            return 0;
        }
        let years = passed as f64 * epoch.0 as f64 / YEAR_NS;
        (self.bytes * libm::pow(self.growth, years)).min(MOST_POWER) as u128
    }
}

/// A share of an amount, rounded up, so that half of an odd supply is not below half; whole and rest apart, so that no
/// product overflows.
fn part(amount: Amount, share: Ppm) -> Amount {
    let (one, share) = (Amount::from(ONE), Amount::from(share));
    amount / one * share + (amount % one * share + one - 1) / one
}

/// Reads what the schedule of this name looks at; other keys are unknown.
pub(super) fn read(e: &Table<'_>, schedule: &str, token: Token) -> Assumed {
    let keys = match schedule {
        "bonding" => "bonded_share",
        "net_emissions" => "burned_tokens_per_epoch",
        "filecoin_baseline" => "power_bytes",
        "settlement" | "dollar_target" => "owed_usd_per_epoch and token_price_usd",
        _ => return Assumed::default(),
    };
    let doc = "what the network does in each epoch, for a schedule that follows it and is looked at alone";
    let Some(a) = e.table("assumed", doc) else {
        return Assumed { missing: Some(keys), ..Assumed::default() };
    };
    let idle = Assumed::default();
    match schedule {
        "bonding" => {
            let share = a.require::<Share>("bonded_share", "share of the supply that is bonded");
            Assumed { bonded: ppm(share.0), ..idle }
        }
        "net_emissions" => Assumed {
            burned: token.require(&a, "burned_tokens_per_epoch", "tokens burned in each epoch"),
            ..idle
        },
        "filecoin_baseline" => power(&a),
        _ => {
            let usd = a.require::<Usd>("owed_usd_per_epoch", "what suppliers are owed for an epoch").0;
            let price = a.require::<Usd>("token_price_usd", "price of a token").0;
            a.range("token_price_usd", price as f64 / 1e6, 1e-6, 1e9);
            let burned = if schedule == "settlement" {
                let doc = "tokens that renters burn for credits in each epoch; absent: none";
                token.optional(&a, "burned_tokens_per_epoch", doc).unwrap_or(0)
            } else {
                0
            };
            Assumed { owed_usd: usd, price_usd: price, burned, ..idle }
        }
    }
}

fn power(a: &Table<'_>) -> Assumed {
    let bytes = a.require::<NonNegative>("power_bytes", "the network's power at the first epoch").0;
    a.range("power_bytes", bytes, 0.0, MOST_POWER);
    let doc = "growth of the power in a year of 365 days, as a share of it: 1 doubles; assumed";
    let growth = a.or("power_growth_per_year", NonNegative(0.0), doc).0;
    a.range("power_growth_per_year", growth, 0.0, 1000.0);
    Assumed { bytes: bytes.min(MOST_POWER), growth: 1.0 + growth.min(1000.0), ..Assumed::default() }
}
