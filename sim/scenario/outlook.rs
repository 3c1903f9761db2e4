//! `[narrative]` and `[token]`: what the public hears, and what it believes the token will be worth.

use super::reading::Table;
use super::reading::{Days, Instant, NonNegative, Positive, Share, Usd};
use super::run::Run;
use depin_protocol::units::Time;

/// The public index that announcements and scandals move.
#[derive(Clone, Debug)]
pub struct Narrative {
    /// Level at the start.
    pub start: f64,
    /// Days in which it falls by half.
    pub half_life_days: f64,
    /// How the reference token's log price adds to the level.
    pub reference_weight: f64,
    /// Reference token's price at the start (RNDR for io.net), USD.
    pub reference_usd: f64,
    /// Factor on every narrative shock of the timeline; 0 for a world without hype.
    pub gain: f64,
}

/// The token before and at its listing.
#[derive(Clone, Debug)]
pub struct Token {
    /// Believed fully diluted value at narrative 0, USD.
    pub believed_fdv_usd: f64,
    /// Tokens that will exist.
    pub supply_tokens: f64,
    /// Log of belief per unit of the narrative index.
    pub narrative_weight: f64,
    /// Log of belief per unit of the reference token's log price.
    pub reference_weight: f64,
    /// Log of belief lost per month by which the listing slips.
    pub slip_cost_per_month: f64,
    /// First promised listing date; `None` when nothing is promised.
    pub listing: Option<Time>,
    /// Price at which returns are valued, micro-dollars (an exogenous outcome, not a forecast).
    pub outcome_usd: i128,
    /// Price in USD that the network is told at first, whatever the public believes; none where nobody quotes it.
    pub quoted_usd: Option<f64>,
    /// Tokens a would-be supplier hopes will be given out, before any pool is announced.
    pub hoped_pool_tokens: f64,
    /// Chance it gives that hope.
    pub hope: f64,
    /// How far ahead it looks while nothing is announced, days.
    pub hope_days: f64,
}

impl Narrative {
    /// Reads `[narrative]`.
    pub(super) fn read(root: &Table<'_>) -> Narrative {
        let Some(t) = root.table("narrative", "what the public hears") else {
            return Narrative {
                start: 0.0,
                half_life_days: 30.0,
                reference_weight: 0.0,
                reference_usd: 1.0,
                gain: 1.0,
            };
        };
        Narrative {
            start: t.or("start", NonNegative(0.0), "level at the start").0,
            half_life_days: t
                .or("half_life_days", Days(30.0), "days in which it falls by half; assumed")
                .0
                .max(0.01),
            reference_weight: t
                .or(
                    "reference_weight",
                    NonNegative(0.0),
                    "how the reference token's log price adds to the level; assumed",
                )
                .0,
            reference_usd: t.or("reference_usd", Positive(1.0), "reference token's price at the start").0,
            gain: t
                .or("gain", NonNegative(1.0), "factor on every narrative shock; 0 for a world without hype")
                .0,
        }
    }
}

impl Token {
    /// Reads `[token]`.
    pub(super) fn read(root: &Table<'_>, run: &Run) -> Token {
        let t = root.table("token", "what the token is believed to be worth");
        let Some(t) = t else {
            if !super::nobody_takes_part(root) {
                root.problem(
                    "token",
                    "the table [token] is missing",
                    "say what the token is believed to be worth",
                );
            }
            return Token {
                believed_fdv_usd: 1.0,
                supply_tokens: 1.0,
                narrative_weight: 0.0,
                reference_weight: 0.0,
                slip_cost_per_month: 0.0,
                listing: None,
                outcome_usd: 0,
                quoted_usd: None,
                hoped_pool_tokens: 0.0,
                hope: 0.0,
                hope_days: 60.0,
            };
        };
        let listing = t.optional::<Instant>("listing", "first promised listing date");
        Token {
            believed_fdv_usd: t
                .require::<Positive>("believed_fdv_usd", "believed fully diluted value at narrative 0")
                .0,
            supply_tokens: t.require::<Positive>("supply_tokens", "tokens that will exist").0,
            narrative_weight: t
                .or(
                    "narrative_weight",
                    NonNegative(1.0),
                    "log of belief per unit of the narrative index; assumed",
                )
                .0,
            reference_weight: t
                .or(
                    "reference_weight",
                    NonNegative(0.5),
                    "log of belief per unit of the reference token's log price; assumed",
                )
                .0,
            slip_cost_per_month: t
                .or(
                    "slip_cost_per_month",
                    NonNegative(0.15),
                    "log of belief lost per month by which the listing slips; assumed",
                )
                .0,
            listing: listing.and_then(|date| {
                let at = run.instant(date.0);
                if at.is_none() {
                    t.problem("listing", "the date lies before run.start", "give a date after the start");
                }
                at
            }),
            outcome_usd: t
                .require::<Usd>("outcome_usd", "price at which returns are valued")
                .0
                .min(1_000_000 * 1_000_000),
            quoted_usd: t
                .optional::<Positive>("quoted_usd", "price that the network is told, until the timeline's token_price_usd; absent: the believed price, where renters pay in tokens, a schedule releases them or the reward rule pays by their price, else none")
                .map(|usd| usd.0),
            hoped_pool_tokens: t
                .or(
                    "hoped_pool_tokens",
                    NonNegative(0.0),
                    "tokens hoped for before a pool is announced; assumed",
                )
                .0,
            hope: t.or("hope", Share(0.0), "chance given to that hope; assumed").0,
            hope_days: t
                .or("hope_days", Days(120.0), "how far ahead it looks while nothing is announced; assumed")
                .0,
        }
    }
}

/// What outsiders assume about others and themselves.
#[derive(Clone, Debug)]
pub struct Outsiders {
    /// Connectivity tier of a typical device.
    pub typical_tier: u8,
    /// Uptime of a worker with a restart script.
    pub scripted_uptime: f64,
    /// Uptime of a worker mended by hand, and of a typical device.
    pub manual_uptime: f64,
    /// Share of time that a device is believed to be hired, when the network shows less.
    pub least_hired_share: f64,
    /// Rent that a hired card with a reward multiplier of one is believed to bring; other cards in proportion.
    pub rent_usd_hour: f64,
    /// How far ahead they look at what a schedule releases, days.
    pub horizon_days: f64,
}

impl Outsiders {
    /// Reads `[outsiders]`.
    pub(super) fn read(root: &Table<'_>) -> Outsiders {
        let t = root.section("outsiders", "what outsiders assume about others and themselves");
        let tier = t
            .or("typical_tier", super::reading::Count(1), "connectivity tier of a typical device; assumed")
            .0;
        t.range("typical_tier", tier as f64, 0.0, 4.0);
        Outsiders {
            typical_tier: tier.min(4) as u8,
            scripted_uptime: t.or("scripted_uptime", Share(0.97), "uptime with a restart script; assumed").0,
            manual_uptime: t
                .or("manual_uptime", Share(0.75), "uptime mended by hand, and of a typical device; assumed")
                .0,
            least_hired_share: t
                .or(
                    "least_hired_share",
                    Share(0.01),
                    "share of time that a device is believed to be hired, when the network shows less; assumed",
                )
                .0,
            rent_usd_hour: t
                .or(
                    "rent_usd_hour",
                    Positive(1.0),
                    "believed rent of a hired card with a multiplier of 1, others in proportion; assumed",
                )
                .0,
            horizon_days: t
                .or("horizon_days", Days(90.0), "how far ahead they look at what a schedule releases; assumed")
                .0,
        }
    }
}
