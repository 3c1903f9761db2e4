//! `[supply.COHORT]` and `[sybil.FARM]`: who might take part, with what means and what beliefs.

use super::evasion::Evasion;
use super::laws::law_or;
use super::market::{Cloud, Shop, refer};
use super::quests::Habit;
use super::reading::Table;
use super::reading::{Count, Days, Hours, Minutes, NonNegative, Positive, Share};
use super::trace::Upkeep;
use crate::engine::draw::Law;

/// One way to take part.
#[derive(Clone, Debug)]
pub enum Means {
    /// Hardware that the individual has anyway.
    Own {
        /// Model, by index.
        hardware: usize,
        /// Site kind, by index.
        site: usize,
        /// Machines owned.
        machines: Law,
        /// Cards per machine.
        cards: u16,
        /// What the machine would earn otherwise, per card and month, USD.
        opportunity_usd_month: f64,
    },
    /// Rent from this offer.
    Rent {
        /// Index into [`super::Scenario::clouds`].
        cloud: usize,
    },
    /// Buy from this shop and run it at this site.
    Buy {
        /// Index into [`super::Scenario::shops`].
        shop: usize,
        /// Site kind, by index.
        site: usize,
    },
}

/// How an individual looks ahead; shares of a cohort.
#[derive(Clone, Copy, Debug)]
pub struct Forecasts {
    /// The present goes on.
    pub naive: f64,
    /// The growth of the last week goes on.
    pub extrapolative: f64,
    /// Others enter until nothing is left to gain.
    pub rational: f64,
}

/// People who might take part.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// Key in the scenario.
    pub name: String,
    /// Key of its random streams (its name unless `stream` says otherwise).
    pub stream: String,
    /// Individuals (before scale).
    pub population: u64,
    /// True for the team and its investors.
    pub insider: bool,
    /// Quests its members do.
    pub quests: Habit,
    /// Share that knows of the network at the start.
    pub aware_at_start: f64,
    /// Awareness per day from the narrative index alone.
    pub news_per_day: f64,
    /// Awareness per day when everyone in the cohort takes part (contagion).
    pub peers_per_day: f64,
    /// Days between awareness and the first decision.
    pub ponder: Law,
    /// Days between later reviews.
    pub review_days: f64,
    /// Money an individual is ready to spend in all, USD.
    pub budget_usd: Law,
    /// Most machines one individual will run.
    pub max_machines: u64,
    /// Log-sd of individual belief in the price around the public one.
    pub belief_sd: f64,
    /// Log-sd of the error about one's own weight while the formula is opaque.
    pub weight_error_sd: f64,
    /// Noise of the choice, in units of return on investment.
    pub noise: f64,
    /// Shares of forecast kinds.
    pub forecasts: Forecasts,
    /// Share with a restart script.
    pub scripted: f64,
    /// Repairs that one individual can do at a time.
    pub hands: u32,
    /// Hands-on time to bring up one machine, minutes.
    pub setup_minutes: f64,
    /// Days before the first machine can be brought up (delivery, paperwork).
    pub lead_days: f64,
    /// Days an owner takes to learn of a forced update, or of a flag on its account.
    pub notice_days: Law,
    /// Share of owners who appeal a flag once they have seen it.
    pub appeal_share: f64,
    /// Spread over connectivity tiers 0 to 4 for hardware at home or bought; rented machines have their cloud's.
    pub tiers: Vec<f64>,
    /// Factor on the asking price (micro-dollars per card and hour follow the catalogue rent).
    pub ask_usd_hour: f64,
    /// Value of an hour of the owner's own work, USD.
    pub labour_usd_hour: f64,
    /// Ways to take part.
    pub means: Vec<Means>,
}

impl Cohort {
    /// Who runs the hosts of a cluster: one party that decides nothing.
    pub(super) fn operator(upkeep: Option<Upkeep>) -> Cohort {
        let never = Law::Deterministic { mean: 1.0 };
        Cohort {
            name: "nodes".to_owned(),
            stream: "hardware.nodes".to_owned(),
            population: 1,
            insider: false,
            quests: Habit::default(),
            aware_at_start: 0.0,
            news_per_day: 0.0,
            peers_per_day: 0.0,
            ponder: never,
            review_days: 36_500.0,
            budget_usd: Law::Deterministic { mean: 0.0 },
            max_machines: 0,
            belief_sd: 0.0,
            weight_error_sd: 0.0,
            noise: 1.0,
            forecasts: Forecasts { naive: 1.0, extrapolative: 0.0, rational: 0.0 },
            scripted: if upkeep.is_some_and(|upkeep| upkeep.technicians.is_none()) { 1.0 } else { 0.0 },
            hands: upkeep.and_then(|upkeep| upkeep.technicians).unwrap_or(1),
            setup_minutes: 0.0,
            lead_days: 0.0,
            notice_days: never,
            appeal_share: 0.0,
            tiers: vec![0.0, 0.0, 0.0, 0.0, 1.0],
            ask_usd_hour: 0.0,
            labour_usd_hour: 0.0,
            means: Vec::new(),
        }
    }
}

/// What a farm lists.
#[derive(Clone, Debug)]
pub enum Trick {
    /// Many virtual cards on one real card.
    Slices {
        /// True model of a rig's card, by index.
        hardware: usize,
        /// Offer the rigs are rented from.
        cloud: usize,
        /// Virtual cards per rig.
        per_rig: u64,
        /// Model that each slice claims, by index.
        claims: usize,
    },
    /// Names in the network's tables with no machine behind them.
    Identities {
        /// Model claimed, by index.
        claims: usize,
        /// Registrations attempted an hour (before scale).
        attempts_per_hour: u64,
    },
}

/// People who list hardware that is not there.
#[derive(Clone, Debug)]
pub struct Farm {
    /// Key in the scenario.
    pub name: String,
    /// Key of its random streams.
    pub stream: String,
    /// Farms (before scale).
    pub population: u64,
    /// The trick.
    pub trick: Trick,
    /// Share that knows of the network at the start.
    pub aware_at_start: f64,
    /// Awareness per day from the narrative index.
    pub news_per_day: f64,
    /// Awareness per day from other farms.
    pub peers_per_day: f64,
    /// Days between awareness and the first decision.
    pub ponder: Law,
    /// Money a farm is ready to spend in all, USD.
    pub budget_usd: Law,
    /// Log-sd of belief in the price.
    pub belief_sd: f64,
    /// Noise of the choice.
    pub noise: f64,
    /// Hands-on minutes per identity (address, mail account, registration).
    pub minutes_per_identity: f64,
    /// Cost of one identity, USD.
    pub identity_usd: f64,
    /// How it hides.
    pub evasion: Evasion,
    /// Quests it does.
    pub quests: Habit,
    /// Hours of work a day.
    pub hours_per_day: f64,
    /// Most identities of one farm.
    pub max_identities: u64,
    /// Spread over connectivity tiers that slices reach.
    pub tier: u8,
    /// Asking price, USD per card and hour (high, so that no renter comes).
    pub ask_usd_hour: f64,
}

fn law_mean(mean: f64) -> Law {
    Law::Exponential { mean }
}

impl Cohort {
    /// Reads every `[supply.COHORT]`.
    pub(super) fn read_all(
        root: &Table<'_>,
        hardware: &[&str],
        sites: &[&str],
        clouds: &[Cloud],
        shops: &[Shop],
    ) -> Vec<Cohort> {
        root.named("supply", "people who might take part")
            .into_iter()
            .map(|(name, t)| {
                let forecasts = read_forecasts(&t);
                let means = read_means(&t, hardware, sites, clouds, shops);
                let hands =
                    t.or("hands", Count(1), "repairs that one individual can do at a time; assumed").0;
                t.range("hands", hands as f64, 1.0, 1000.0);
                Cohort {
                    stream: t.or(
                        "stream",
                        name.clone(),
                        "key of the random streams; the old name after renaming",
                    ),
                    population: t.require::<Count>("population", "individuals, before run.scale").0,
                    insider: t.or("insider", false, "true for the team and its investors"),
                    quests: Habit::read(&t),
                    aware_at_start: t
                        .or(
                            "aware_at_start",
                            Share(0.0),
                            "share that knows of the network at the start; assumed",
                        )
                        .0,
                    news_per_day: t
                        .or(
                            "news_per_day",
                            NonNegative(0.004),
                            "awareness per day at narrative index 1, whoever takes part; assumed, swept",
                        )
                        .0,
                    peers_per_day: t
                        .or(
                            "peers_per_day",
                            NonNegative(0.05),
                            "contagion per day at narrative index 1 when all take part; assumed, swept",
                        )
                        .0,
                    ponder: law_or(
                        &t,
                        "ponder_days",
                        law_mean(3.0),
                        "days between awareness and the first decision; assumed",
                    ),
                    review_days: t
                        .or("review_days", Days(14.0), "mean days between later reviews; assumed")
                        .0
                        .max(0.1),
                    budget_usd: law_or(
                        &t,
                        "budget_usd",
                        Law::Lognormal { mean: 3000.0, sd: 3000.0 },
                        "money an individual is ready to spend in all; assumed",
                    ),
                    max_machines: t
                        .or("max_machines", Count(1000), "most machines one individual will run")
                        .0
                        .clamp(1, 100_000),
                    belief_sd: t
                        .or(
                            "belief_sd",
                            NonNegative(0.6),
                            "log-sd of individual belief around the public one; assumed, swept",
                        )
                        .0,
                    weight_error_sd: t
                        .or(
                            "weight_error_sd",
                            NonNegative(0.5),
                            "log-sd of the error about one's own weight while the formula is opaque; assumed",
                        )
                        .0,
                    noise: t
                        .or(
                            "noise",
                            Positive(0.5),
                            "choice noise in units of return on investment; assumed, swept",
                        )
                        .0,
                    forecasts,
                    scripted: t.or("scripted", Share(0.5), "share with a restart script; assumed").0,
                    hands: hands.clamp(1, 1000) as u32,
                    setup_minutes: t
                        .or(
                            "setup_minutes",
                            Minutes(47.0),
                            "hands-on time per machine; 215 cards took a week (founding article)",
                        )
                        .0,
                    lead_days: t
                        .or("lead_days", Days(1.0), "delivery or paperwork before the first machine; assumed")
                        .0,
                    notice_days: law_or(
                        &t,
                        "notice_days",
                        law_mean(2.0),
                        "days an owner takes to learn of a forced update or of a flag on its account; assumed",
                    ),
                    appeal_share: t
                        .or(
                            "appeal_share",
                            Share(1.0),
                            "share of owners who appeal a flag on their account once they see it; assumed",
                        )
                        .0,
                    tiers: read_tiers(&t),
                    ask_usd_hour: t
                        .or(
                            "ask_usd_hour",
                            NonNegative(0.3),
                            "asking price per card and hour; assumed near market",
                        )
                        .0,
                    labour_usd_hour: t
                        .or(
                            "labour_usd_hour",
                            NonNegative(5.0),
                            "value of an hour of the owner's own work; assumed",
                        )
                        .0,
                    means,
                    name,
                }
            })
            .collect()
    }
}

fn read_forecasts(t: &Table<'_>) -> Forecasts {
    let Some(f) = t.table("forecasts", "shares of forecast kinds; assumed, swept") else {
        return Forecasts { naive: 0.5, extrapolative: 0.3, rational: 0.2 };
    };
    let shares = Forecasts {
        naive: f.or("naive", Share(0.0), "the present goes on").0,
        extrapolative: f.or("extrapolative", Share(0.0), "the growth of the last week goes on").0,
        rational: f.or("rational", Share(0.0), "others enter until nothing is left to gain").0,
    };
    let sum = shares.naive + shares.extrapolative + shares.rational;
    if (sum - 1.0).abs() > 1e-9 {
        t.problem(
            "forecasts",
            format!("the shares add up to {sum}"),
            "make naive + extrapolative + rational equal 1",
        );
    }
    shares
}

fn read_tiers(t: &Table<'_>) -> Vec<f64> {
    // Half of the world's fixed lines upload less than 48 Mbit/s and fail the 75 Mbit/s minimum (Ookla, August 2024).
    let tiers: Vec<f64> = t
        .list::<Share>("tiers", "spread over connectivity tiers 0 to 4; tier 0 is below the minimum")
        .into_iter()
        .map(|s| s.0)
        .collect();
    if tiers.is_empty() {
        return vec![0.0, 0.7, 0.25, 0.04, 0.01];
    }
    let sum: f64 = tiers.iter().sum();
    if tiers.len() != 5 || (sum - 1.0).abs() > 1e-9 {
        t.problem(
            "tiers",
            format!("{} shares that add up to {sum}", tiers.len()),
            "give five shares, tiers 0 to 4, that add up to 1",
        );
        return vec![0.0, 1.0, 0.0, 0.0, 0.0];
    }
    tiers
}

fn read_means(
    t: &Table<'_>,
    hardware: &[&str],
    sites: &[&str],
    clouds: &[Cloud],
    shops: &[Shop],
) -> Vec<Means> {
    let mut means = Vec::new();
    if let Some(own) = t.table("own", "hardware that the individual has anyway") {
        let model: String = own.require("hardware", "which [hardware.NAME]");
        let site: String = own.or("site", "home".to_owned(), "which [site.NAME]");
        let cards = own.or("cards_per_machine", Count(1), "cards in one machine").0;
        own.range("cards_per_machine", cards as f64, 1.0, 64.0);
        means.push(Means::Own {
            hardware: refer(&own, "hardware", &model, hardware, "hardware"),
            site: refer(&own, "site", &site, sites, "site"),
            machines: law_or(
                &own,
                "machines",
                Law::Deterministic { mean: 1.0 },
                "machines owned by one individual",
            ),
            cards: cards as u16,
            opportunity_usd_month: own
                .or("opportunity_usd_month", NonNegative(0.0), "what a card would earn otherwise; assumed")
                .0,
        });
    }
    let names: Vec<&str> = clouds.iter().map(|c| c.name.as_str()).collect();
    for offer in t.list::<String>("rent", "which [cloud.NAME] it considers renting from") {
        means.push(Means::Rent { cloud: refer(t, "rent", &offer, &names, "cloud") });
    }
    if let Some(buy) = t.table("buy", "hardware it considers buying") {
        let names: Vec<&str> = shops.iter().map(|c| c.name.as_str()).collect();
        let shop: String = buy.require("shop", "which [shop.NAME]");
        let site: String = buy.or("site", "home".to_owned(), "which [site.NAME]");
        means.push(Means::Buy {
            shop: refer(&buy, "shop", &shop, &names, "shop"),
            site: refer(&buy, "site", &site, sites, "site"),
        });
    }
    let rented: Vec<usize> = means
        .iter()
        .filter_map(|m| if let Means::Rent { cloud } = m { Some(*cloud) } else { None })
        .collect();
    if rented.len() > 200 || rented.iter().enumerate().any(|(i, c)| rented[..i].contains(c)) {
        t.problem("rent", "an offer is named twice, or more than 200 are named", "name each offer once");
    }
    if means.is_empty() {
        t.problem(
            "own",
            "this cohort has no way to take part",
            "give it [supply.NAME.own], rent = [\"offer\"] or [supply.NAME.buy]",
        );
    }
    means
}

impl Farm {
    /// What one identity costs with all that hides it, USD.
    #[must_use]
    pub fn usd_per_identity(&self) -> f64 {
        self.identity_usd + self.evasion.usd_per_identity()
    }

    /// Reads every `[sybil.FARM]`.
    pub(super) fn read_all(root: &Table<'_>, hardware: &[&str], clouds: &[Cloud]) -> Vec<Farm> {
        root.named("sybil", "people who list hardware that is not there")
            .into_iter()
            .map(|(name, t)| {
                let tier = t.or("tier", Count(1), "connectivity tier its slices show").0;
                t.range("tier", tier as f64, 0.0, 4.0);
                Farm {
                    stream: t.or(
                        "stream",
                        name.clone(),
                        "key of the random streams; the old name after renaming",
                    ),
                    population: t.require::<Count>("population", "farms, before run.scale").0,
                    trick: read_trick(&t, hardware, clouds),
                    evasion: Evasion::read(&t),
                    quests: Habit::read(&t),
                    aware_at_start: t
                        .or(
                            "aware_at_start",
                            Share(0.0),
                            "share that knows of the network at the start; assumed",
                        )
                        .0,
                    news_per_day: t
                        .or(
                            "news_per_day",
                            NonNegative(0.004),
                            "awareness per day at narrative index 1, whoever takes part; assumed",
                        )
                        .0,
                    peers_per_day: t
                        .or(
                            "peers_per_day",
                            NonNegative(0.05),
                            "contagion per day at narrative index 1 when all take part; assumed",
                        )
                        .0,
                    ponder: law_or(
                        &t,
                        "ponder_days",
                        law_mean(5.0),
                        "days between awareness and the first decision; assumed",
                    ),
                    budget_usd: law_or(
                        &t,
                        "budget_usd",
                        Law::Lognormal { mean: 5000.0, sd: 5000.0 },
                        "money a farm is ready to spend in all; assumed",
                    ),
                    belief_sd: t
                        .or("belief_sd", NonNegative(0.6), "log-sd of belief in the price; assumed")
                        .0,
                    noise: t
                        .or("noise", Positive(0.5), "choice noise in units of return on investment; assumed")
                        .0,
                    minutes_per_identity: t
                        .or("minutes_per_identity", Minutes(4.0), "hands-on time per identity; assumed")
                        .0
                        .max(1e-6),
                    identity_usd: t
                        .or("identity_usd", NonNegative(0.2), "address and mail account; assumed")
                        .0,
                    hours_per_day: t
                        .or("work_hours_per_day", Hours(8.0), "hours of work a day; assumed")
                        .0
                        .min(24.0),
                    max_identities: t
                        .or("max_identities", Count(100_000), "most identities of one farm")
                        .0
                        .min(20_000_000),
                    tier: tier as u8,
                    ask_usd_hour: t
                        .or(
                            "ask_usd_hour",
                            NonNegative(5.0),
                            "asking price, high so that no renter comes; assumed",
                        )
                        .0,
                    name,
                }
            })
            .collect()
    }
}

fn read_trick(t: &Table<'_>, hardware: &[&str], clouds: &[Cloud]) -> Trick {
    let names: Vec<&str> = clouds.iter().map(|c| c.name.as_str()).collect();
    let Some((kind, table)) = t.choose(
        "trick",
        &["slices", "identities"],
        "what it lists: [sybil.NAME.trick.slices] or [sybil.NAME.trick.identities]",
    ) else {
        t.problem(
            "trick",
            "this farm has no trick",
            "add [sybil.NAME.trick.slices] or [sybil.NAME.trick.identities]",
        );
        return Trick::Identities { claims: 0, attempts_per_hour: 0 };
    };
    let claims: String = table.require("claims", "which [hardware.NAME] each identity claims to be");
    let claims = refer(&table, "claims", &claims, hardware, "hardware");
    if kind == "identities" {
        return Trick::Identities {
            claims,
            attempts_per_hour: table
                .require::<Count>("attempts_per_hour", "registrations attempted an hour, before run.scale")
                .0
                .min(1_000_000),
        };
    }
    let cloud: String = table.require("rent", "which [cloud.NAME] its rigs come from");
    let cloud = refer(&table, "rent", &cloud, &names, "cloud");
    if clouds.get(cloud).is_some_and(|c| c.cards_per_machine != 1) {
        table.problem("rent", "rigs are machines of one card", "name a cloud with cards_per_machine = 1");
    }
    let per_rig = table.require::<Count>("slices_per_card", "virtual cards on one real card").0;
    table.range("slices_per_card", per_rig as f64, 1.0, 4096.0);
    Trick::Slices {
        hardware: clouds.get(cloud).map_or(0, |c| c.hardware),
        cloud,
        per_rig: per_rig.clamp(1, 4096),
        claims,
    }
}
