//! Take one cause away and its effect must go: the story's mechanisms, one by one, under the same luck.
//!
//! Each test runs io.net's season at a twentieth of its size with and without one mechanism, over the same seeds, and
//! asks for the direction in every one of them. No size of an effect is asserted, only what cannot be otherwise.

use std::sync::OnceLock;

use depin_sim::measure::record::Record;

use crate::lab::{run, shipped, value};

const SEEDS: [u32; 3] = [1, 2, 3];
/// A fiftieth would be too coarse: one rig of forty slices is then a third of what the network can list in an hour,
/// so that a farm's daily work alone looks like a storm of registrations.
const SCALE: &str = "run.scale=0.05";

/// The clouds of the scenario that set their own prices.
const ROOMS: [&str; 5] = ["t4_rooms", "a100_rooms", "cn_3080ti", "market_4090", "market_3090"];
const CLOUDS: [(&str, u32); 9] = [
    ("t4_rooms", 20_000),
    ("a100_rooms", 3_000),
    ("cn_3080ti", 15_000),
    ("market_4090", 12_000),
    ("market_3090", 12_000),
    ("gcp", 20_000),
    ("aws", 8_000),
    ("aws_t4", 10_000),
    ("tencent_t4", 3_000),
];

fn season(seed: u32, sets: &[&str]) -> Record {
    let seed = format!("run.seed={seed}");
    let all: Vec<&str> = [SCALE, seed.as_str()].iter().chain(sets).copied().collect();
    run(&shipped("ionet-ignition", &all))
}

fn seasons(sets: &[&str]) -> Vec<Record> {
    SEEDS.iter().map(|&seed| season(seed, sets)).collect()
}

/// The season as it is, run once for all tests.
fn base() -> &'static [Record] {
    static BASE: OnceLock<Vec<Record>> = OnceLock::new();
    BASE.get_or_init(|| seasons(&[]))
}

/// Both values of a measure, per seed: with the mechanism and without it.
fn pairs(with: &[Record], without: &[Record], measure: impl Fn(&Record) -> f64) -> Vec<(f64, f64)> {
    let both = with.iter().zip(without);
    both.map(|(w, o)| (measure(w), measure(o))).collect()
}

fn lower(with: &[Record], without: &[Record], what: &str, measure: impl Fn(&Record) -> f64) {
    let pairs = pairs(with, without, measure);
    assert!(
        pairs.iter().all(|(with, less)| less < with),
        "{what} must be lower without; with and without, per seed: {pairs:?}"
    );
}

fn higher(with: &[Record], without: &[Record], what: &str, measure: impl Fn(&Record) -> f64) {
    let pairs = pairs(with, without, measure);
    assert!(
        pairs.iter().all(|(with, more)| more > with),
        "{what} must be higher without; with and without, per seed: {pairs:?}"
    );
}

/// Suppliers, not fakes: how many honest individuals ever took part.
fn honest_entrants(record: &Record) -> f64 {
    record.suppliers.iter().filter(|s| s.honest).count() as f64
}

fn highest_quote(record: &Record) -> f64 {
    ROOMS.iter().map(|room| value(record, &format!("economics.quote_peak_ratio.{room}"))).fold(0.0, f64::max)
}

/// Cards that honest suppliers held at their largest.
fn honest_cards(record: &Record) -> f64 {
    let honest = record.suppliers.iter().filter(|s| s.honest);
    honest.map(|s| f64::from(s.cards)).sum()
}

/// Without announcements and a rising reference token, the narrative index stays low: fewer hear of the network
/// (awareness is narrative × news) and those who do believe in a lower price. So entry falls, and rooms, which
/// re-quote on occupancy and unmet orders alone, have less to re-quote for.
#[test]
fn without_hype_fewer_enter_and_rooms_raise_their_quotes_less() {
    let sober = seasons(&["narrative.gain=0"]);
    lower(base(), &sober, "entry", honest_entrants);
    lower(base(), &sober, "the highest quote", highest_quote);
    lower(base(), &sober, "what clouds take in", |r| value(r, "economics.cloud_revenue_usd"));
}

/// With a hundred times the stock nobody is turned away and occupancy stays at the outside renters' share, below
/// every room's target: no room has a reason to raise a quote, and more cards are had for the same money. More cards,
/// not more people: the pool is fixed, and those whom early comers crowd out do not come.
#[test]
fn with_unlimited_stock_no_room_raises_its_quote_and_more_cards_enter() {
    let sets: Vec<String> =
        CLOUDS.iter().map(|(name, stock)| format!("cloud.{name}.stock_cards={}", stock * 100)).collect();
    let plenty = seasons(&sets.iter().map(String::as_str).collect::<Vec<_>>());
    for record in &plenty {
        assert_eq!(highest_quote(record), 1.0, "a quote moved");
    }
    for record in base() {
        assert!(highest_quote(record) > 1.1, "and with limited stock quotes do surge");
    }
    higher(base(), &plenty, "cards", honest_cards);
    higher(base(), &plenty, "what clouds take in", |r| value(r, "economics.cloud_revenue_usd"));
}

/// Challenged from the first day, slices of one card cannot all answer in time: they are quarantined and their
/// points do not count. The pool being fixed, what fakes lose honest suppliers gain.
#[test]
fn with_proof_from_day_one_fakes_get_less_and_the_honest_not_less() {
    let late_proof = seasons(&SAME_PROMISES);
    let from_start = "protocol.verification.proof_of_work.from_start=true";
    let proof = seasons(&[&SAME_PROMISES[..], &[from_start]].concat());
    lower(&late_proof, &proof, "the fakes' share", |r| value(r, "rewards.share_to_fakes"));
    higher(&late_proof, &proof, "honest tokens", honest_tokens);
    higher(&late_proof, &proof, "honest return", |r| value(r, "economics.roi.honest"));
}

fn honest_tokens(record: &Record) -> f64 {
    let honest = record.suppliers.iter().filter(|s| s.honest);
    honest.map(|s| s.tokens as f64).sum()
}

/// Nothing false to list: nothing for the network to be alarmed by, and nobody to answer with a log-in for everyone.
#[test]
fn without_farms_nothing_is_fake_and_no_alarm_rings() {
    for record in &seasons(&NO_FARMS) {
        // Counted but not running: only the few minutes before a silence is noticed.
        let fake = value(record, "supply.fake_peak") / value(record, "supply.connected_peak");
        assert!(fake < 0.05, "{fake} of the cards were not there");
        assert_eq!(value(record, "rewards.share_to_fakes"), 0.0);
        assert_eq!(alarms(record), Vec::<String>::new());
    }
    for record in base() {
        assert_eq!(alarms(record).len(), 2, "with farms both alarms ring");
    }
}

const NO_FARMS: [&str; 2] = ["sybil.slicers.population=0", "sybil.metadata.population=0"];

/// What must be equal in two worlds whose returns are compared.
///
/// The pools: season 2 answers the loss of supply that the attack leads to, and would be missing without it, so the
/// team opens it on one date in both. Farms know of the network from the start: those that came after the team's own
/// date for proof of work would meet the same challenges anyway. No insiders: a twentieth of twelve is rounded up to
/// one, whose hardware is drawn from a wide law, and it would outweigh everyone.
const SAME_PROMISES: [&str; 4] = [
    "trigger.3.above=0",
    "trigger.3.delay_hours=200",
    "sybil.slicers.aware_at_start=1.0",
    "supply.investors.population=0",
];

/// A fixed pool divided among real cards alone pays each more, so the honest earn more for what they spend.
#[test]
fn without_farms_the_same_pools_pay_the_honest_more() {
    let with = seasons(&SAME_PROMISES);
    let without = seasons(&[&SAME_PROMISES[..], &NO_FARMS].concat());
    for (a, b) in pairs(&with, &without, |r| value(r, "rewards.paid_tokens")) {
        assert!((a / b - 1.0).abs() < 1e-9, "equal pools: {a} and {b}");
    }
    higher(&with, &without, "honest tokens", honest_tokens);
    higher(&with, &without, "honest return", |r| value(r, "economics.roi.honest"));
}

/// Triggers that answer the attack and were pulled.
fn alarms(record: &Record) -> Vec<String> {
    let pulled = record.marks.iter().filter(|m| m.kind == "trigger");
    let pulled = pulled.filter(|m| m.note.contains("storm") || m.note.contains("log in"));
    pulled.map(|m| m.note.clone()).collect()
}
