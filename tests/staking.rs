//! Stakes: brought before listing, paid for, returned or lost to the last unit, and felt by those who list what is not there.

use std::sync::Arc;

use depin_protocol::Rejection;
use depin_protocol::command::Command;
use depin_protocol::effect::Effect;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::{Entry, Purse};
use depin_sim::engine::{Span, Time};
use depin_sim::measure::record::{FlowRow, Record};
use depin_sim::scenario::Scenario;
use depin_sim::scenario::reading::{Disk, Document};
use depin_sim::world::book::Label;
use depin_sim::world::{Observer, Scene, World};

use crate::lab::{run, shipped, text_of, value, written};

const SEEDS: [u32; 3] = [1, 2, 3];

fn staked(seed: u32, stake_usd: u32, sets: &[&str]) -> Record {
    let own = [format!("run.seed={seed}"), format!("protocol.staking.stake_usd={stake_usd}")];
    let all: Vec<&str> = own.iter().map(String::as_str).chain(sets.iter().copied()).collect();
    run(&shipped("staking", &all))
}

fn flow(record: &Record, keep: impl Fn(&FlowRow) -> bool) -> i128 {
    record.flows.iter().filter(|f| f.asset == "usd" && keep(f)).map(|f| f.amount).sum()
}

/// The purses hold what the rows say, and what came in is held, gone home or slashed, group by group.
fn nothing_is_lost(record: &Record) {
    let mut groups: Vec<&str> = record.suppliers.iter().map(|s| s.cohort.as_str()).collect();
    groups.dedup();
    let mut held = 0;
    for group in groups {
        let door = |f: &FlowRow| f.payer == group && f.payee == "network/deposits";
        let deposited = flow(record, |f| door(f) && f.category == "funding");
        let home =
            flow(record, |f| f.payer == "network/deposits" && f.payee == group && f.category == "withdrawal");
        let rows = record.suppliers.iter().filter(|s| s.cohort == group);
        let (staked, slashed) = rows.fold((0, 0), |sum, s| (sum.0 + s.staked_usd, sum.1 + s.slashed_usd));
        assert_eq!(deposited, home + staked + slashed, "{group}");
        held += staked;
    }
    assert!((value(record, "staking.locked_final_usd") - held as f64 / 1e6).abs() < 1e-6);
}

#[test]
fn every_dollar_of_stake_is_held_returned_or_slashed() {
    for seed in SEEDS {
        let record = staked(seed, 25, &[]);
        nothing_is_lost(&record);
        let stakes = flow(&record, |f| f.payee == "network/stakes" && f.payer != "network/seized");
        assert!(stakes > 0 && value(&record, "staking.slashed_usd") > 0.0, "there was something to lose");
        // Half of a run, while stakes stand and charges are open.
        nothing_is_lost(&staked(seed, 25, &["run.duration_days=30"]));
    }
}

#[test]
fn a_higher_stake_lists_fewer_fakes() {
    for seed in SEEDS {
        let fakes = |stake| value(&staked(seed, stake, &[]), "supply.listed.slicer");
        let listed = [0, 25, 100].map(fakes);
        assert!(listed[0] >= listed[1] && listed[1] >= listed[2], "{listed:?}");
        assert!(listed[0] > listed[2], "{listed:?}");
    }
}

/// With a farm about, a stake may bring the honest more than it costs them, by keeping the farm away. Without one it is
/// a cost and nothing else.
#[test]
fn without_a_farm_a_higher_stake_lists_fewer_honest_devices() {
    let honest = |record: &Record| -> f64 {
        ["gamers", "renters"].iter().map(|c| value(record, &format!("supply.listed.{c}"))).sum()
    };
    for seed in SEEDS {
        let listed = [0, 400, 2000].map(|stake| honest(&staked(seed, stake, &["sybil.slicer.population=0"])));
        assert!(listed[0] > listed[1] && listed[1] > listed[2], "{listed:?}");
    }
}

#[test]
fn dear_money_keeps_suppliers_away_and_enters_no_book() {
    let sets = ["sybil.slicer.population=0", "collateral.financing_per_year=20"];
    for seed in SEEDS {
        let (cheap, dear) = (staked(seed, 200, &sets[..1]), staked(seed, 200, &sets));
        assert!(dear.suppliers.len() < cheap.suppliers.len(), "of {}", cheap.suppliers.len());
        nothing_is_lost(&dear);
    }
}

/// Where farms do not contest, whatever of theirs is decided is gone.
#[test]
fn a_farm_that_is_caught_loses_its_stake_to_where_the_rules_say() {
    for (destination, purse) in [("burn", "network/burned"), ("treasury", "network/treasury")] {
        let set = format!("protocol.slashing.fixed_share.destination={destination}");
        let record = staked(1, 25, &["collateral.appeal_usd=5", &set]);
        let farm = record.suppliers.iter().find(|s| !s.honest).expect("the farm took part");
        assert!(farm.flagged_devices > 0 && farm.slashed_usd > 0, "{farm:?}");
        assert!(farm.spent_usd > farm.slashed_usd, "what is slashed is spent, beside the rent");
        let slashed: i128 = record.suppliers.iter().map(|s| s.slashed_usd).sum();
        let lost = |f: &FlowRow| f.category == "slash" && f.payer == "network/seized";
        assert_eq!(flow(&record, lost), slashed);
        assert_eq!(flow(&record, |f| lost(f) && f.payee == purse), slashed);
    }
}

#[test]
fn renters_get_the_stake_of_those_who_left_them_and_the_treasury_the_rest() {
    let destination = "protocol.slashing.fixed_share.destination=victim";
    let record = staked(1, 25, &["collateral.appeal_usd=5", destination]);
    let paid = |payee: &str| {
        flow(&record, |f| f.category == "slash" && f.payer == "network/seized" && f.payee == payee)
    };
    let (victims, treasury) = (paid("demand/inference"), paid("network/treasury"));
    assert!(victims > 0 && treasury > 0);
    assert_eq!(victims + treasury, record.suppliers.iter().map(|s| s.slashed_usd).sum::<i128>());
    assert!((value(&record, "staking.slashed.victims") - victims as f64 / 1e6).abs() < 1e-6);
    // A quarantine has no victim, so that without leases nobody gets anything.
    let quiet = staked(1, 25, &[destination, "demand.inference.jobs_per_day=0"]);
    assert_eq!(value(&quiet, "staking.slashed.victims"), 0.0);
    assert!(value(&quiet, "staking.slashed.treasury") > 0.0);
}

#[test]
fn a_farm_that_must_pay_to_appeal_loses_more() {
    for seed in SEEDS {
        let lost = |sets: &[&str]| -> i128 {
            let record = staked(seed, 25, sets);
            record.suppliers.iter().filter(|s| !s.honest).map(|s| s.slashed_usd).sum()
        };
        assert!(lost(&["collateral.appeal_usd=5"]) > lost(&[]));
    }
}

/// A small world in which the prize is worth any cost and whoever may take part does, on machines that never fail.
fn settled(days: u32, season_days: u32, rules: &str) -> String {
    format!(
        r#"
question = "Does it come out as by hand?"
catalogues = ["catalogues/gpus.toml"]
[run]
start = 2024-03-01
duration_days = {days}
[token]
believed_fdv_usd = 800_000_000_000_000
supply_tokens = 800_000_000
outcome_usd = 1.00
[protocol.season]
emission_tokens = 1_000_000
[protocol.season.opening]
pool_tokens = 1_000_000
days = {season_days}
[site.bench]
uptime_hours = 1_000_000
busy_share = 0.0
[supply.equals]
population = 7
aware_at_start = 1.0
ponder_days = 0
review_days = 1
lead_days = 0
setup_minutes = 0
belief_sd = 0
weight_error_sd = 0
noise = 0.001
budget_usd = 1_000
scripted = 1.0
tiers = [0.0, 1.0, 0.0, 0.0, 0.0]
forecasts = {{ naive = 1.0 }}
own = {{ hardware = "rtx_3080", site = "bench", machines = 10 }}
{rules}
"#
    )
}

const STAKE: &str = "[protocol.staking]\nper = \"card\"\nstake_usd = 300\n";

#[test]
fn a_budget_lists_as_many_devices_as_it_can_stake() {
    let record = run(&written(&settled(30, 1000, STAKE)));
    assert_eq!(record.suppliers.len(), 7);
    // Three stakes of 300 dollars out of a thousand, whatever is owned.
    assert!(record.suppliers.iter().all(|s| s.cards == 3 && s.staked_usd == 900_000_000));
    assert_eq!(value(&record, "supply.listed.equals"), 21.0);
    for metric in ["staking.locked_peak_usd", "staking.locked_final_usd"] {
        assert_eq!(value(&record, metric), 6_300.0, "{metric}");
    }
    // All join at the end of the first hour: 719 or 720 of 720 hours, at a tenth a year.
    let financing = value(&record, "economics.financing_usd");
    let hours = financing / 6_300.0 / 0.10 * 8_760.0;
    assert!((718.5..720.5).contains(&hours), "{hours} hours");
    assert!(record.metrics["staking.slashed_usd"].value.is_none(), "nothing is slashed by no rule");
    let free = run(&written(&settled(30, 1000, "")));
    assert_eq!(value(&free, "supply.listed.equals"), 70.0);
    assert!(free.metrics["staking.locked_peak_usd"].value.is_none(), "off is not zero");
}

/// Names without machines earn like machines, as far as their stakes go: 3 of 100 beside 21 devices, all alike.
#[test]
fn names_that_no_stake_covers_earn_nothing() {
    let names = r#"
[sybil.names]
population = 1
aware_at_start = 1.0
ponder_days = 0
belief_sd = 0
noise = 0.001
budget_usd = 1_000
max_identities = 100
tier = 1
[sybil.names.trick.identities]
claims = "rtx_3080"
attempts_per_hour = 100
[[timeline]]
at = 2024-03-01
kind = "team"
note = "anyone may write to the table"
metadata_hole = true
[[timeline]]
at = 2024-03-21
kind = "team"
note = "counted and paid"
count_season = true
pay_out = true
"#;
    let record = run(&written(&settled(22, 22, &format!("{STAKE}{names}"))));
    assert_eq!(value(&record, "supply.listed.names"), 100.0);
    assert_eq!(value(&record, "staking.locked_final_usd"), 7_200.0);
    let share = value(&record, "rewards.share_to_fakes");
    // The first hours aside, in which not all are listed.
    assert!((share / (3.0 / 24.0) - 1.0).abs() < 0.01, "{share}");
}

/// Dates of leaving and of coming home.
#[derive(Default)]
struct Gatekeeper {
    brought: i128,
    due: Vec<(Time, Time, i128)>,
    home: Vec<(Time, i128)>,
}

impl Observer for Gatekeeper {
    fn applied(&mut self, now: Time, command: &Command<'_>, _: Result<(), Rejection>, effects: &[Effect]) {
        match *command {
            Command::Stake { amount, .. } => self.brought += amount,
            Command::Withdrawal { usd, .. } => self.home.push((now, usd)),
            _ => {}
        }
        for effect in effects {
            if let Effect::UnstakeStarted { amount, until, .. } = *effect {
                self.due.push((now, until, amount));
            }
        }
    }

    fn posted(&mut self, _: Time, _: &Entry, _: Label, _: Label) {}
    fn account(&mut self, _: AccountId, _: Purse, _: Label) {}
    fn listed(&mut self, _: u32, _: u32, _: u16, _: u16) {}
    fn mark(&mut self, _: Time, _: &'static str, _: &str) {}
    fn epoch(&mut self, _: Time, _: &Scene<'_>) {}
}

#[test]
fn who_leaves_gets_all_of_it_back_when_it_has_cooled_down() {
    // The season is over after twenty days and nobody hopes for another: a stake is then worth asking back.
    let scenario = written(&settled(70, 20, STAKE));
    let mut world = World::new(Arc::clone(&scenario), 0, Gatekeeper::default());
    world.run_until(Time::ZERO + scenario.run.duration, |_, _| {});
    let keeper = world.release_watcher();
    assert_eq!(keeper.brought, 7 * 900_000_000);
    assert_eq!(keeper.home.iter().map(|h| h.1).sum::<i128>(), keeper.brought);
    let mut due: Vec<(Time, i128)> = keeper.due.iter().map(|d| (d.1, d.2)).collect();
    due.sort();
    assert_eq!(keeper.home, due);
    for (asked, until, _) in keeper.due {
        assert_eq!(until, asked + Span::DAY.times(14));
        assert!(asked >= Time::ZERO + Span::DAY.times(20), "nobody leaves while the season runs");
    }
    let record = run(&scenario);
    assert_eq!(value(&record, "staking.locked_final_usd"), 0.0);
    assert!(record.suppliers.iter().all(|s| s.spent_usd == 0 && s.left_unix_s.is_some()));
}

/// Honest machines so often busy that they are banned: what the team's review does is what becomes of their stakes.
#[test]
fn a_review_that_always_sees_an_honest_machine_gives_every_stake_back_and_one_that_never_does_none() {
    let rules = r#"
[protocol.staking]
stake_usd = 100
per = "card"
[protocol.slashing.fixed_share]
appeal_days = 10
[protocol.verification.proof_of_work]
from_start = true
fails_to_quarantine = 2
fails_to_ban = 3
"#;
    let outcome = |chance: &str| {
        let review = format!("{rules}[collateral]\nreview_days = 5\nreview_clears_honest = {chance}\n");
        // Nobody lists anything after the season, so that every charge is decided by the end.
        let text = settled(50, 20, &review).replace("busy_share = 0.0", "busy_share = 0.9");
        let record = run(&written(&text));
        nothing_is_lost(&record);
        let count = |what: &str| value(&record, &format!("slashing.{what}"));
        (count("charges"), count("appeals"), count("dropped"), value(&record, "staking.slashed_usd"))
    };
    let (charges, appeals, dropped, slashed) = outcome("1.0");
    assert!(charges > 0.0 && charges == appeals, "the honest contest every charge");
    assert_eq!((dropped, slashed), (charges, 0.0));
    let (charges, _, dropped, slashed) = outcome("0.0");
    assert_eq!((dropped, slashed), (0.0, charges * 100.0));
}

/// Returns count a stake as neither spent nor earned: with nothing slashed they are those of a world without one.
#[test]
fn a_stake_that_stands_changes_no_return() {
    let bill = |staking: &str| {
        let paid = "[[timeline]]\nat = 2024-03-21\nkind = \"team\"\nnote = \"counted and paid\"\n\
                    count_season = true\npay_out = true\n";
        let site = "electricity_usd_kwh = 0.2";
        let text = settled(22, 22, &format!("{staking}{paid}"));
        let text = text.replace("busy_share = 0.0", &format!("busy_share = 0.0\n{site}"));
        run(&written(&text.replace("machines = 10", "machines = 1")))
    };
    let (without, with) = (bill(""), bill(STAKE));
    assert_eq!(value(&without, "economics.roi.honest"), value(&with, "economics.roi.honest"));
    for (a, b) in without.suppliers.iter().zip(&with.suppliers) {
        assert_eq!((a.spent_usd, a.tokens, a.earned_usd), (b.spent_usd, b.tokens, b.earned_usd));
        assert_eq!((a.staked_usd, b.staked_usd), (0, 300_000_000));
    }
}

#[test]
fn a_stake_of_nothing_moves_nobody() {
    let nothing = "protocol.staking={ stake_usd = 0 }";
    let slashing = "protocol.slashing.fixed_share={}";
    let (off, zero) = (run(&shipped("small", &[])), run(&shipped("small", &[nothing, slashing])));
    assert_eq!(off.suppliers.len(), zero.suppliers.len());
    for (a, b) in off.suppliers.iter().zip(&zero.suppliers) {
        assert_eq!(
            (&a.supplier, a.spent_usd, a.points, a.tokens, a.entered_unix_s, a.left_unix_s),
            (&b.supplier, b.spent_usd, b.points, b.tokens, b.entered_unix_s, b.left_unix_s)
        );
    }
}

/// The baseline was taken without a word of stakes.
#[test]
fn without_staking_the_small_network_keeps_its_digest() {
    let baseline = include_str!("../scenarios/baselines/small.digest").trim();
    let digest = run(&shipped("small", &[])).digest;
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, baseline);
}

/// Problems of the small scenario with these lines added.
fn problems(more: &str) -> String {
    let text = format!("{}\n{more}", text_of("small"));
    let name = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/written.toml");
    let document = Document::from_text_with(name, &text, &[], &Disk).expect("it can be read");
    match Scenario::read("written", &document) {
        Ok(_) => String::new(),
        Err(report) => report.render(false),
    }
}

#[test]
fn what_makes_no_sense_of_stakes_is_said() {
    assert_eq!(problems("[protocol.staking]\nstake_usd = 1\n[protocol.slashing.graduated]\n"), "");
    for (lines, said) in [
        ("[protocol.slashing.fixed_share]", "without staking there is nothing to slash"),
        ("[collateral]\nappeal_usd = 1", "without staking nothing is locked up"),
        ("[protocol.staking]\nstake_usd = 1\nasset = \"token\"", "no tokens to stake before the listing"),
        ("[protocol.staking]\nper = \"card\"", "stake_usd"),
        (
            "[protocol.staking]\nstake_usd = 1\n[protocol.slashing.fixed_share]\ndestination = \"victim\"\n\
             desertion_share = 0.0\nfraud_share = 0.0",
            "no slash has a victim",
        ),
        (
            "[protocol.staking]\nstake_usd = 1\n[protocol.slashing.fixed_share]\nappeal_days = 7",
            "the review comes after the decision",
        ),
    ] {
        let found = problems(lines);
        assert!(found.contains(said), "{lines}: {found}");
    }
}

#[test]
fn victims_need_renters() {
    let text =
        settled(10, 10, &format!("{STAKE}[protocol.slashing.fixed_share]\ndestination = \"victim\"\n"));
    let name = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/written.toml");
    let document = Document::from_text_with(name, &text, &[], &Disk).expect("it can be read");
    let report = Scenario::read("written", &document).expect_err("nobody rents");
    assert!(report.render(false).contains("nobody rents"), "{}", report.render(false));
}
