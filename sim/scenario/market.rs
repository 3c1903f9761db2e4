//! `[hardware.NAME]`, `[site.NAME]`, `[cloud.NAME]`, `[shop.NAME]`: what can be owned, where it stands, who sells it.

use super::laws::{law, law_or};
use super::reading::Table;
use super::reading::{Count, Days, Hours, NonNegative, Positive, Share, Usd};
use crate::engine::draw::Law;

/// A GPU model: catalogue row, known to the network and to everyone.
#[derive(Clone, Debug)]
pub struct Hardware {
    /// Key in the scenario.
    pub name: String,
    /// Memory per card.
    pub memory_gb: f64,
    /// Dense FP16 tensor throughput (FP32 where the card has no tensor cores).
    pub tflops: f64,
    /// Draw at load, per card.
    pub watts: f64,
    /// The network's reward multiplier.
    pub multiplier: f64,
}

/// A kind of place, with what goes wrong there.
#[derive(Clone, Debug)]
pub struct Site {
    /// Key in the scenario.
    pub name: String,
    /// Time between interruptions of a running worker, hours.
    pub uptime: Law,
    /// Share of interruptions in which only the worker drops (the machine runs on).
    pub soft_share: f64,
    /// How long a restart script needs, minutes.
    pub script: Law,
    /// How long an owner without a script takes to notice, hours.
    pub notice: Law,
    /// Hands-on time per repair by the owner, minutes; one repair at a time.
    pub repair: Law,
    /// Length of a hard outage (power, network), hours.
    pub outage: Law,
    /// Share of days on which the owner uses the machine, and for how long (hours); 0 for never.
    pub rest_share: f64,
    /// Length of that use.
    pub rest_hours: f64,
    /// Hour of day (UTC) around which it begins.
    pub rest_from_hour: f64,
    /// Chance that an honest machine cannot answer a challenge (busy memory, slow link).
    pub busy_share: f64,
    /// Electricity, USD per kWh; 0 where the rent includes it.
    pub electricity_usd_kwh: f64,
    /// Traffic and other running costs per card and month, USD.
    pub running_usd_month: f64,
    /// Subnets that owners at such places are spread over (before scale); all there are when it is [`ALL_SUBNETS`].
    pub isp_subnets: u64,
    /// Machines have an address each, instead of their owner's one.
    pub own_addresses: bool,
}

/// Networks of 256 addresses that there are: 2^24.
pub const ALL_SUBNETS: u64 = 1 << 24;

/// How an offer answers demand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pricing {
    /// Keeps its price and rations stock.
    List,
    /// Re-quotes: the log price follows excess demand.
    Room,
}

/// Machines for rent.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// Key in the scenario.
    pub name: String,
    /// Who is paid: several offers may share a provider.
    pub provider: String,
    /// Model, by index into [`super::Scenario::hardware`].
    pub hardware: usize,
    /// Site kind, by index.
    pub site: usize,
    /// How it answers demand.
    pub pricing: Pricing,
    /// First quote per card and month, micro-dollars.
    pub quote: i128,
    /// Cards that exist (before scale).
    pub stock: u64,
    /// Least cards in one order.
    pub min_cards: u64,
    /// Cards per machine.
    pub cards_per_machine: u16,
    /// Contract term.
    pub term_days: f64,
    /// Connectivity tier, 1 to 4.
    pub tier: u8,
    /// Share of the stock that outside AI renters hold at the first quote.
    pub outside_share: f64,
    /// How outside renters answer the price: share falls with (quote / first quote)^-elasticity.
    pub outside_elasticity: f64,
    /// How strongly a room's log quote answers excess demand, per day.
    pub quote_gain: f64,
    /// Occupancy at which a room holds its quote.
    pub target_occupancy: f64,
    /// A room looks at demand over this many days.
    pub quote_lag_days: f64,
    /// Competition pulls a raised quote back over this many days.
    pub quote_relief_days: f64,
    /// New cards that the provider can bring in, as a share of stock and month.
    pub restock_share_month: f64,
    /// Machines of the provider in one subnet.
    pub machines_per_subnet: u64,
    /// Share of machines that report the fingerprint of the provider's image instead of their own.
    pub image_share: f64,
}

/// Hardware for sale.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Key in the scenario.
    pub name: String,
    /// Model, by index.
    pub hardware: usize,
    /// First price per machine, micro-dollars.
    pub price: i128,
    /// Cards per machine.
    pub cards_per_machine: u16,
    /// Machines that the channel can deliver a week without a price rise (before scale).
    pub weekly_supply: u64,
    /// Log price per week of supply bought ahead of deliveries.
    pub impact: f64,
    /// Days in which the backlog is worked off by half once buying stops.
    pub relief_days: f64,
    /// Resale value as a share of the price paid, when few sell.
    pub resale_share: f64,
    /// Log fall of the resale value per week of supply that others have sold.
    pub resale_impact: f64,
}

/// The index of `name` among `names`, or a problem at `key`.
pub(super) fn refer(table: &Table<'_>, key: &'static str, name: &str, names: &[&str], kind: &str) -> usize {
    if let Some(index) = names.iter().position(|n| *n == name) {
        return index;
    }
    let nearest = super::reading::nearest(name, names.iter().copied())
        .map_or_else(|| format!("define [{kind}.{name}]"), |n| format!("did you mean \"{n}\"?"));
    table.problem(key, format!("there is no [{kind}.{name}]"), nearest);
    0
}

impl Hardware {
    /// Reads every `[hardware.NAME]`.
    pub(super) fn read_all(root: &Table<'_>) -> Vec<Hardware> {
        let named = root.named_but("hardware", &["nodes"], "a GPU model");
        let all: Vec<Hardware> = named
            .into_iter()
            .map(|(name, t)| Hardware {
                name,
                memory_gb: t.require::<Positive>("memory_gb", "memory per card").0,
                tflops: t.require::<Positive>("tflops", "dense FP16 tensor throughput per card").0,
                watts: t.require::<Positive>("watts", "draw at load per card").0,
                multiplier: t.require::<Positive>("multiplier", "the network's reward multiplier").0,
            })
            .collect();
        if all.is_empty() && (root.has("hardware") || !super::nobody_takes_part(root)) {
            root.problem(
                "hardware",
                "no [hardware.NAME] is defined",
                "add catalogues = [\"catalogues/gpus.toml\"] at the top",
            );
        }
        all
    }
}

impl Site {
    /// Reads every `[site.NAME]`.
    pub(super) fn read_all(root: &Table<'_>) -> Vec<Site> {
        let named = root.named("site", "a kind of place");
        let all: Vec<Site> = named.into_iter().map(|(name, t)| {
            let rest_from_hour = t.or("rest_from_hour", Hours(18.0), "hour of day (UTC) around which it begins").0;
            t.range("rest_from_hour", rest_from_hour, 0.0, 24.0);
            let isp_subnets = t.or("isp_subnets", Count(ALL_SUBNETS), "subnets that owners at such places are spread over, before run.scale; assumed: all there are, so that neighbours hardly ever meet").0;
            t.range("isp_subnets", isp_subnets as f64, 1.0, ALL_SUBNETS as f64);
            Site {
            name,
            uptime: law(&t, "uptime_hours", "law of the time between interruptions of a running worker"),
            soft_share: t.or("soft_share", Share(0.8), "share of interruptions in which only the worker drops; assumed").0,
            script: law_or(&t, "script_minutes", Law::Exponential { mean: 5.0 }, "how long a restart script needs; assumed"),
            notice: law_or(&t, "notice_hours", Law::Exponential { mean: 3.0 }, "how long an owner without a script takes to notice; \"several hours\" in the founding article"),
            repair: law_or(&t, "repair_minutes", Law::Exponential { mean: 6.0 }, "hands-on time per repair, one at a time; assumed"),
            outage: law_or(&t, "outage_hours", Law::Exponential { mean: 2.0 }, "length of a hard outage; assumed"),
            rest_share: t.or("rest_share", Share(0.0), "share of days on which the owner uses the machine").0,
            rest_hours: t.or("rest_hours", Hours(4.0), "length of that use").0,
            rest_from_hour,
            busy_share: t.or("busy_share", Share(0.01), "chance that an honest machine cannot answer a challenge; assumed").0,
            electricity_usd_kwh: t.or("electricity_usd_kwh", NonNegative(0.0), "0 where the rent includes it").0,
            running_usd_month: t.or("running_usd_month", NonNegative(0.0), "traffic and other running costs per card").0,
            isp_subnets: isp_subnets.clamp(1, ALL_SUBNETS),
            own_addresses: t.or("own_addresses", false, "false: all machines of an owner here share one address, behind one router; true: one address each, in one subnet; assumed"),
        }
        }).collect();
        if all.is_empty() && !super::nobody_takes_part(root) {
            root.problem(
                "site",
                "no [site.NAME] is defined",
                "add catalogues = [\"catalogues/sites.toml\"] at the top",
            );
        }
        all
    }
}

impl Cloud {
    /// Reads every `[cloud.NAME]`.
    pub(super) fn read_all(root: &Table<'_>, hardware: &[&str], sites: &[&str]) -> Vec<Cloud> {
        root.named("cloud", "machines for rent").into_iter().map(|(name, t)| {
            let model: String = t.require("hardware", "which [hardware.NAME] it rents out");
            let site: String = t.or("site", "cloud".to_owned(), "which [site.NAME] its machines stand in");
            let pricing = match t.word("pricing", &["list", "room"], Some("list"), "list: keeps its price and rations stock; room: re-quotes") {
                "room" => Pricing::Room,
                _ => Pricing::List,
            };
            let cards = t.or("cards_per_machine", Count(1), "cards in one machine").0;
            t.range("cards_per_machine", cards as f64, 1.0, 64.0);
            let tier = t.or("tier", Count(2), "connectivity tier: 1 low, 2 medium, 3 high, 4 ultra").0;
            t.range("tier", tier as f64, 0.0, 4.0);
            let quote = t.require::<Usd>("rent_usd_per_month", "first quote per card and month").0;
                t.range("rent_usd_per_month", quote as f64 / 1e6, 0.0, 1e7);
                let stock = t.require::<Count>("stock_cards", "cards that exist, before run.scale").0;
                let machines_per_subnet = t.or("machines_per_subnet", Count(200), "machines of the provider in one subnet of 256 addresses; assumed: nearly full").0;
                t.range("machines_per_subnet", machines_per_subnet as f64, 1.0, 1e6);
            Cloud {
                provider: t.or("provider", name.clone(), "who is paid; several offers may share a provider"),
                hardware: refer(&t, "hardware", &model, hardware, "hardware"),
                site: refer(&t, "site", &site, sites, "site"),
                pricing,
                quote,
                stock,
                min_cards: t.or("min_cards", Count(1), "least cards in one order").0,
                cards_per_machine: cards as u16,
                term_days: t.or("term_days", Days(30.0), "contract term").0.max(1.0),
                tier: tier as u8,
                outside_share: t.or("outside_share", Share(0.5), "share of the stock that outside AI renters hold at the first quote; Akash 2023-24 ran at 0.5 to 0.7").0,
                outside_elasticity: t.or("outside_elasticity", NonNegative(1.0), "how outside renters answer the price; assumed").0,
                quote_gain: t.or("quote_gain", NonNegative(0.02), "how strongly a room's log quote answers excess demand, per day; assumed").0,
                target_occupancy: t.or("target_occupancy", Share(0.8), "occupancy above which a room raises its quote; assumed").0,
                quote_lag_days: t.or("quote_lag_days", Days(7.0), "a room looks at demand over this many days; assumed").0.max(1.0),
                quote_relief_days: t.or("quote_relief_days", Days(60.0), "competition pulls a raised quote back over this many days; assumed").0.max(1.0),
                restock_share_month: t.or("restock_share_month", NonNegative(0.0), "new cards the provider can bring in, as a share of stock and month; assumed").0,
                machines_per_subnet: machines_per_subnet.max(1),
                image_share: t.or("image_share", Share(0.0), "share of machines that report the fingerprint of the provider's image instead of their own; assumed").0,
                name,
            }
        }).collect()
    }
}

impl Shop {
    /// Reads every `[shop.NAME]`.
    pub(super) fn read_all(root: &Table<'_>, hardware: &[&str]) -> Vec<Shop> {
        root.named("shop", "hardware for sale")
            .into_iter()
            .map(|(name, t)| {
                let model: String = t.require("hardware", "which [hardware.NAME] it sells");
                t.range(
                    "price_usd",
                    t.require::<Usd>("price_usd", "first price per machine").0 as f64 / 1e6,
                    0.0,
                    1e7,
                );
                let cards = t.or("cards_per_machine", Count(1), "cards in one machine").0;
                t.range("cards_per_machine", cards as f64, 1.0, 64.0);
                Shop {
                    hardware: refer(&t, "hardware", &model, hardware, "hardware"),
                    price: t.require::<Usd>("price_usd", "first price per machine").0,
                    cards_per_machine: cards as u16,
                    weekly_supply: t
                        .require::<Count>(
                            "weekly_supply",
                            "machines the channel can deliver a week without a price rise",
                        )
                        .0
                        .max(1),
                    impact: t
                        .or(
                            "impact",
                            NonNegative(0.2),
                            "log price per week of supply bought ahead of deliveries; assumed",
                        )
                        .0,
                    relief_days: t
                        .or(
                            "relief_days",
                            Days(7.0),
                            "days in which the backlog falls by half once buying stops; assumed",
                        )
                        .0
                        .max(0.1),
                    resale_share: t
                        .or(
                            "resale_share",
                            Share(0.5),
                            "resale value as a share of the price; the founding article's Mac mini lost half",
                        )
                        .0,
                    resale_impact: t
                        .or(
                            "resale_impact",
                            NonNegative(0.1),
                            "log fall of resale value per week of supply sold by others; assumed",
                        )
                        .0,
                    name,
                }
            })
            .collect()
    }
}
