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

/// What a schedule is told of the network.
#[derive(Clone, Copy, Debug)]
pub(super) enum Assumed {
    /// The schedule looks at nothing.
    Nothing,
    /// The schedule looks at these keys, which the scenario does not say.
    Missing(&'static str),
    /// Share of the supply that is bonded.
    Bonded(Ppm),
    /// Tokens burned in each epoch.
    Burned(Amount),
    /// Power at the first epoch, and its growth in a year as a factor.
    Power { bytes: f64, growth: f64 },
    /// What suppliers are owed for an epoch, and the price of a token.
    Owed { usd: Amount, price: Amount },
}

impl Assumed {
    pub(super) fn lacks(&self) -> Option<&'static str> {
        match self {
            Assumed::Missing(keys) => Some(keys),
            _ => None,
        }
    }

    pub(super) fn activity(&self, passed: u64, epoch: Span, supply: Amount) -> Activity {
        let idle = Activity { supply, ..Activity::default() };
        match *self {
            Assumed::Nothing | Assumed::Missing(_) => idle,
            Assumed::Bonded(share) => Activity { bonded: part(supply, share), ..idle },
            Assumed::Burned(burned) => Activity { burned, ..idle },
            Assumed::Power { bytes, growth } => {
                let years = passed as f64 * epoch.0 as f64 / YEAR_NS;
                let power = bytes * libm::pow(growth, years);
                Activity { power: power.min(MOST_POWER) as u128, ..idle }
            }
            Assumed::Owed { usd, price } => Activity { owed_usd: usd, price_usd: price, ..idle },
        }
    }
}

/// A share of an amount, rounded down; whole and rest apart, so that no product overflows.
fn part(amount: Amount, share: Ppm) -> Amount {
    let (one, share) = (Amount::from(ONE), Amount::from(share));
    amount / one * share + amount % one * share / one
}

/// Reads what the schedule of this name looks at; other keys are unknown.
pub(super) fn read(e: &Table<'_>, schedule: &str, token: Token) -> Assumed {
    let keys = match schedule {
        "bonding" => "bonded_share",
        "burn_and_mint" => "burned_tokens_per_epoch",
        "filecoin_baseline" => "power_bytes",
        "dollar_target" => "owed_usd_per_epoch and token_price_usd",
        _ => return Assumed::Nothing,
    };
    let doc = "what the network does in each epoch, for a schedule that follows it and is looked at alone";
    let Some(a) = e.table("assumed", doc) else {
        return Assumed::Missing(keys);
    };
    match schedule {
        "bonding" => {
            Assumed::Bonded(ppm(a.require::<Share>("bonded_share", "share of the supply that is bonded").0))
        }
        "burn_and_mint" => {
            Assumed::Burned(token.require(&a, "burned_tokens_per_epoch", "tokens burned in each epoch"))
        }
        "filecoin_baseline" => {
            let bytes = a.require::<NonNegative>("power_bytes", "the network's power at the first epoch").0;
            a.range("power_bytes", bytes, 0.0, MOST_POWER);
            let doc = "growth of the power in a year of 365 days, as a share of it: 1 doubles; assumed";
            let growth = a.or("power_growth_per_year", NonNegative(0.0), doc).0;
            a.range("power_growth_per_year", growth, 0.0, 1000.0);
            Assumed::Power { bytes: bytes.min(MOST_POWER), growth: 1.0 + growth.min(1000.0) }
        }
        _ => {
            let usd = a.require::<Usd>("owed_usd_per_epoch", "what suppliers are owed for an epoch").0;
            let price = a.require::<Usd>("token_price_usd", "price of a token").0;
            a.range("token_price_usd", price as f64 / 1e6, 1e-6, 1e9);
            Assumed::Owed { usd, price }
        }
    }
}
