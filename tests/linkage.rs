//! Linkage through the whole world: whom it flags, why, what that costs, and what nobody may have told it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use depin_protocol::ids::AccountId;
use depin_sim::engine::Time;
use depin_sim::measure::digest::hex;
use depin_sim::measure::record::{Record, SupplierRow};
use depin_sim::measure::recorder::Recorder;
use depin_sim::scenario::Scenario;
use depin_sim::telemetry::replay::replay;
use depin_sim::world::World;

use crate::lab::{run, shipped, text_of, value, written};
use crate::replay;

/// A world in which the prize is worth any cost and nothing fails, so that all join in the first hour and stay up.
/// `rest` says who there is, by which rule, and when the season is counted.
fn world(rest: &str) -> Record {
    run(&written(&format!(
        r#"
question = "Who is flagged?"
catalogues = ["catalogues/gpus.toml"]
[run]
start = 2024-03-01
duration_days = 40
[token]
believed_fdv_usd = 800_000_000_000_000
supply_tokens = 800_000_000
outcome_usd = 2.00
[site.bench]
uptime_hours = 1_000_000
busy_share = 0.0
[protocol.season]
emission_tokens = 3_000_000
[protocol.season.opening]
pool_tokens = 900_000
days = 1000
{rest}
"#
    )))
}

/// People who join at once with a card like everyone's.
fn cohort(name: &str, population: u32, means: &str) -> String {
    format!(
        r#"
[supply.{name}]
population = {population}
aware_at_start = 1.0
ponder_days = 0
lead_days = 0
setup_minutes = 0
notice_days = 0
belief_sd = 0
weight_error_sd = 0
noise = 0.001
budget_usd = 1_000_000
max_machines = 1
scripted = 1.0
tiers = [0.0, 1.0, 0.0, 0.0, 0.0]
forecasts = {{ naive = 1.0 }}
{means}
"#
    )
}

fn owners(population: u32) -> String {
    cohort("owners", population, "own = { hardware = \"rtx_4070\", site = \"bench\" }")
}

/// Honest customers of a cloud with one subnet.
fn customers(population: u32, term_days: u32) -> String {
    let cloud = format!(
        "[cloud.basin]\nhardware = \"rtx_4070\"\nsite = \"bench\"\nrent_usd_per_month = 300\nstock_cards = 100\n\
         machines_per_subnet = 200\noutside_share = 0\ntier = 1\nterm_days = {term_days}\n"
    );
    cloud + &cohort("customers", population, "rent = [\"basin\"]")
}

/// A farm that cuts rented cards of a cloud of its own into slices, `rigs` of them within the first hour.
fn farm(rigs: u32, slices: u32, evasion: &str) -> String {
    let identities = rigs * slices;
    format!(
        r#"
[cloud.market]
hardware = "rtx_4090"
site = "bench"
rent_usd_per_month = 300
stock_cards = 10_000
term_days = 365
[sybil.farm]
population = 1
aware_at_start = 1.0
ponder_days = 0
belief_sd = 0
noise = 0.001
budget_usd = 1_000_000_000
minutes_per_identity = 0.01
max_identities = {identities}
tier = 1
[sybil.farm.trick.slices]
rent = "market"
slices_per_card = {slices}
claims = "rtx_4070"
[sybil.farm.evasion]
{evasion}
"#
    )
}

/// A team's act on a day of March or April 2024.
fn act(date: &str, what: &str) -> String {
    format!("[[timeline]]\nat = {date}\nkind = \"team\"\nnote = \"an act\"\n{what}\n")
}

fn members<'r>(record: &'r Record, cohort: &str) -> Vec<&'r SupplierRow> {
    record.suppliers.iter().filter(|s| s.cohort == cohort).collect()
}

fn flagged(record: &Record, cohort: &str) -> usize {
    members(record, cohort).iter().filter(|s| s.flagged).count()
}

fn near(got: f64, expected: f64) {
    assert!((got - expected).abs() < 1e-9 * expected.abs().max(1.0), "{got} should be {expected}");
}

const CLUSTER: &str = "[protocol.linkage.subnet_cluster]\n";

/// Twenty accounts and twenty devices of one day in one subnet: a crowd and a burst, though nobody did anything wrong. Ten
/// owners elsewhere are left with the pool.
fn crowd(rule: &str, acts: &[String]) -> Record {
    world(&[owners(10), customers(20, 365), CLUSTER.to_owned(), format!("{rule}\n"), acts.concat()].concat())
}

#[test]
fn honest_customers_of_one_cloud_are_flagged_and_lose_exactly_their_two_thirds() {
    let record = crowd("", &[act("2024-03-11", "count_season = true"), act("2024-03-12", "pay_out = true")]);
    assert_eq!((flagged(&record, "customers"), flagged(&record, "owners")), (20, 0));
    assert_eq!(value(&record, "linkage.precision"), 0.0);
    near(value(&record, "linkage.false_positive_share"), 2.0 / 3.0);
    near(value(&record, "linkage.points_lost_honest"), 2.0 / 3.0);
    near(value(&record, "linkage.tokens_lost_honest"), 600_000.0);
    near(value(&record, "linkage.cost_usd_wrongly_flagged"), 1_200_000.0);
    assert_eq!(record.metrics["linkage.recall"].value, None, "there is no farm to find");
    let paid: i128 = members(&record, "owners").iter().map(|s| s.tokens).sum();
    assert_eq!(paid, 900_000 * 100_000_000, "owners share it all");
}

/// What an appeal gives back depends on when it is decided: before the second count, or after it.
#[test]
fn an_appeal_granted_before_the_second_count_costs_nothing_and_after_it_everything() {
    let lost = |appeal_days: u32| {
        let acts = [
            act("2024-03-11", "count_season = true"),
            act("2024-03-21", "recount = true"),
            act("2024-04-05", "pay_out = true"),
        ];
        let record = crowd(&format!("grace_days = 30\nappeal_days = {appeal_days}"), &acts);
        assert_eq!(value(&record, "linkage.appeals"), 20.0);
        assert_eq!(value(&record, "linkage.appeals_granted"), 20.0, "none has a crowd of its own");
        value(&record, "linkage.tokens_lost_honest")
    };
    near(lost(5), 0.0);
    near(lost(15), 600_000.0);
}

/// Without a time of grace the points are gone before anybody can appeal.
#[test]
fn a_purge_without_grace_is_not_undone_by_an_appeal() {
    let acts = [
        act("2024-03-11", "count_season = true"),
        act("2024-03-21", "recount = true"),
        act("2024-04-05", "pay_out = true"),
    ];
    let record = crowd("grace_days = 0\nappeal_days = 5", &acts);
    assert_eq!(value(&record, "linkage.appeals_granted"), 20.0);
    near(value(&record, "linkage.points_lost_honest"), 2.0 / 3.0);
}

#[test]
fn who_is_flagged_gives_its_machine_back_at_the_end_of_the_term_and_who_is_cleared_stays() {
    let gone = |appeal_days: u32| {
        let rule = format!(
            "timing = \"on_date\"\ndate = 2024-03-06\ngrace_days = 30\nappeal_days = {appeal_days}\n"
        );
        let record = world(&[owners(10), customers(20, 10), CLUSTER.to_owned(), rule].concat());
        assert_eq!(flagged(&record, "customers"), 20);
        members(&record, "customers").iter().filter(|s| s.left_unix_s.is_some()).count()
    };
    assert_eq!(gone(300), 20, "the appeal is not decided within the run");
    assert_eq!(gone(2), 0, "it is decided before");
}

/// Shares of the farm's accounts and devices that a rule finds, one rig of forty.
fn found(rule: &str, evasion: &str) -> (f64, f64) {
    let rest = [
        owners(20),
        farm(1, 40, evasion),
        format!("[protocol.linkage.{rule}\n"),
        act("2024-03-11", "count_season = true"),
    ];
    let record = world(&rest.concat());
    assert_eq!(value(&record, "supply.listed.farm"), 40.0);
    assert_eq!(flagged(&record, "owners"), 0, "nobody is at fault but the farm");
    (value(&record, "linkage.recall"), value(&record, "linkage.recall_devices"))
}

#[test]
fn one_address_for_forty_devices_is_found_and_one_each_is_not() {
    let rule = "per_address]";
    assert_eq!(found(rule, "addresses = \"shared\""), (1.0, 1.0));
    assert_eq!(found(rule, ""), (0.0, 0.0), "a row in one subnet, as by default");
    assert_eq!(found(rule, "addresses = \"scattered\""), (0.0, 0.0));
    assert_eq!(found("per_address]\ndevices_per_address = 40", "addresses = \"shared\""), (0.0, 0.0));
}

#[test]
fn scattered_addresses_do_not_hide_one_cards_fingerprint_and_forging_does() {
    let rule = "weighted_evidence]\nthreshold = 0.3";
    let scattered = "addresses = \"scattered\"";
    assert_eq!(found(rule, scattered), (1.0, 1.0));
    assert_eq!(found(rule, &format!("{scattered}\nforged_fingerprints = true")), (0.0, 0.0));
    // A third of the score, at most, hangs on the fingerprint: above that bound it is no proof by itself.
    assert_eq!(found("weighted_evidence]\nthreshold = 0.31", scattered), (0.0, 0.0));
    assert_eq!(found(&format!("{rule}\nfingerprint = {{ free = 40, full = 41 }}"), scattered), (0.0, 0.0));
}

/// The site fails several times a day, each rig at its own moments, and takes its forty devices with it. They have nothing
/// else in common: an account, an address in a subnet of its own, and a fingerprint each.
#[test]
fn ups_and_downs_at_the_same_minutes_give_away_accounts_that_have_nothing_else_in_common() {
    let found = |rule: &str| {
        let fails = "[site.shaky]\nuptime_hours = { exponential = { mean = 3.0 } }\nsoft_share = 0.0\n\
                     outage_hours = { exponential = { mean = 0.5 } }\nbusy_share = 0.0\n";
        let evasion = "addresses = \"scattered\"\nforged_fingerprints = true\ndevices_per_account = 1";
        let farm = farm(1, 40, evasion).replace("site = \"bench\"", "site = \"shaky\"");
        let own = "own = { hardware = \"rtx_4070\", site = \"shaky\" }";
        let count = act("2024-03-11", "count_season = true");
        let rest = [fails.to_owned(), cohort("owners", 40, own), farm, rule.to_owned(), count].concat();
        let record = world(&rest);
        assert_eq!(flagged(&record, "owners"), 0, "each owner's machine fails alone");
        (value(&record, "linkage.flagged_accounts"), value(&record, "linkage.recall"))
    };
    let rule = "[protocol.linkage.weighted_evidence]\nthreshold = 0.2\n";
    assert_eq!(found(rule), (40.0, 1.0));
    let blind = format!("{rule}edges = {{ weight = 0.19 }}\n");
    assert_eq!(found(&blind), (0.0, 0.0), "it was nothing else that gave them away");
}

/// The known weakness of clustering: what each account has by itself is innocent, so every appeal is granted.
#[test]
fn a_farm_with_an_account_for_each_device_is_flagged_and_cleared_on_appeal() {
    let cleared = |evasion: &str| {
        let rest = [
            owners(20),
            farm(2, 40, evasion),
            format!("{CLUSTER}grace_days = 30\nappeal_days = 5\n"),
            act("2024-03-11", "count_season = true"),
            act("2024-03-21", "recount = true"),
            act("2024-03-22", "pay_out = true"),
        ];
        let record = world(&rest.concat());
        let farm: i128 = members(&record, "farm").iter().map(|s| s.tokens).sum();
        let flags = value(&record, "linkage.flagged_accounts");
        (flags, value(&record, "linkage.appeals_granted"), farm as f64 / 1e8)
    };
    // Behind one address a rig, so that none of a row of addresses lies in the next subnet by itself.
    let shared = "addresses = \"shared\"";
    let (flags, granted, tokens) = cleared(&format!("{shared}\ndevices_per_account = 1"));
    assert_eq!((flags, granted), (80.0, 80.0));
    near(tokens, 900_000.0 * 80.0 / 100.0);
    // One account with forty devices in a subnet is no crowd, neither of accounts nor of devices.
    let (flags, granted, tokens) = cleared(shared);
    assert_eq!((flags, granted), (0.0, 0.0));
    near(tokens, 900_000.0 * 80.0 / 100.0);
}

/// Forty scattered and forged identities at 0.2, 1.5 and 0.25 USD.
#[test]
fn hiding_is_paid_for() {
    let spent = |evasion: &str| {
        let record = world(&[owners(1), farm(1, 40, evasion)].concat());
        let flows = record.flows.iter().filter(|f| f.payer == "farm" && f.payee == "operations");
        flows.map(|f| f.amount).sum::<i128>()
    };
    let plain = spent("");
    let hidden =
        "addresses = \"scattered\"\naddress_usd = 1.5\nforged_fingerprints = true\nforging_usd = 0.25";
    assert_eq!(plain, 8_000_000);
    assert_eq!(spent(hidden), plain + 40 * 1_750_000);
}

/// Two seasons of the same length, paid on 11 and 21 March; the farm has half of all devices.
fn leak(purge: &str) -> f64 {
    let rest = [
        owners(20),
        farm(1, 20, "addresses = \"shared\""),
        purge.to_owned(),
        act(
            "2024-03-11",
            "count_season = true\nopen_season = { pool_tokens = 600_000, days = 1000 }\npay_out = true",
        ),
        act("2024-03-21", "count_season = true\npay_out = true"),
    ];
    let record = world(&rest.concat());
    let farm: i128 = members(&record, "farm").iter().map(|s| s.tokens).sum();
    farm as f64 / 1e8
}

#[test]
fn the_later_the_purge_the_more_tokens_leak() {
    let on =
        |date: &str| leak(&format!("[protocol.linkage.per_address]\ntiming = \"on_date\"\ndate = {date}\n"));
    near(on("2024-03-06"), 0.0);
    near(on("2024-03-16"), 450_000.0);
    near(on("2024-03-26"), 750_000.0);
    near(leak(""), 750_000.0);
}

/// The team's own act does what a date in the rule does.
#[test]
fn the_team_may_purge_on_a_date_of_its_own() {
    let idle = "[protocol.linkage.per_address]\ntiming = \"on_date\"\ndate = 2024-04-09\n";
    near(leak(idle), 750_000.0);
    near(leak(&format!("{idle}{}", act("2024-03-16", "purge_flagged = true"))), 450_000.0);
}

/// Its hands would list a rig a day.
#[test]
fn a_farm_that_sees_its_flag_lists_nothing_more() {
    let listed = |rule: &str| {
        let slow = farm(20, 20, "addresses = \"shared\"")
            .replace("minutes_per_identity = 0.01", "minutes_per_identity = 24");
        value(&world(&[owners(1), slow, rule.to_owned()].concat()), "supply.listed.farm")
    };
    let rule = "[protocol.linkage.per_address]\ntiming = \"on_date\"\ndate = 2024-03-06\n";
    let (with, without) = (listed(rule), listed(""));
    assert_eq!(without, 400.0, "twenty rigs, had nobody looked");
    // The first day's eight hours of work list one rig, and so does each of the next four.
    assert_eq!(with, 100.0);
}

#[test]
fn precision_and_recall_are_what_the_suppliers_table_says() {
    for seed in ["run.seed=1", "run.seed=2", "run.seed=3"] {
        let record = run(&shipped("linkage", &[seed]));
        let count =
            |keep: &dyn Fn(&SupplierRow) -> bool| record.suppliers.iter().filter(|s| keep(s)).count() as f64;
        let (wrong, right) = (count(&|s| s.flagged && s.honest), count(&|s| s.flagged && !s.honest));
        assert!(wrong > 0.0 && right > 0.0, "{seed}: both kinds are there");
        assert_eq!(value(&record, "linkage.flagged_accounts"), wrong + right);
        near(value(&record, "linkage.precision"), right / (wrong + right));
        near(value(&record, "linkage.recall"), right / count(&|s| !s.honest));
        // Whoever took part for an hour has listed something.
        let took_part = count(&|s| s.honest && s.up_hours > 0.0);
        near(value(&record, "linkage.false_positive_share"), wrong / took_part);
        // All farms that share their cloud's subnets are found, and none that buys its addresses.
        let (frugal, careful) = (members(&record, "frugal").len(), members(&record, "careful").len());
        assert!(careful > 0 && flagged(&record, "careful") == 0);
        assert_eq!(flagged(&record, "frugal"), frugal);
        let listed = |farm: &str| value(&record, &format!("supply.listed.{farm}"));
        let share = listed("frugal") / (listed("frugal") + listed("careful"));
        near(value(&record, "linkage.recall_devices"), share);
        assert_eq!(flagged(&record, "gamers"), 0, "a crowd that comes one by one is no burst");
        let granted = value(&record, "linkage.appeals_granted");
        assert!(granted > 0.0 && granted <= wrong, "{seed}: some of the wronged are cleared, no farm is");
    }
}

/// Customers who come on one day are flagged without any farm in sight.
#[test]
fn without_farms_every_flag_is_wrong() {
    let sets = [
        "sybil.frugal.population=0",
        "sybil.careful.population=0",
        "protocol.linkage.subnet_cluster.burst_devices=8",
    ];
    let record = run(&shipped("linkage", &sets));
    assert!(flagged(&record, "customers") > 0);
    assert_eq!(value(&record, "linkage.precision"), 0.0);
}

/// The text of the scenario without its rule.
fn without_rule() -> String {
    let text = text_of("linkage");
    let from = text.find("[protocol.linkage").expect("it has a rule");
    let to = from + text[from..].find("[[timeline]]").expect("acts follow it");
    format!("{}{}", &text[..from], &text[to..])
}

#[test]
fn a_rule_that_flags_nobody_changes_nothing_and_no_rule_says_nothing() {
    let digest = |text: &str| hex(&run(&written(text)).digest);
    let without = digest(&without_rule());
    for timing in ["timing = \"at_snapshot\"", "timing = \"continuous\""] {
        let idle = "[protocol.linkage.per_address]\ndevices_per_address = 4_000_000_000\n";
        assert_eq!(digest(&format!("{}\n{idle}{timing}\n", without_rule())), without, "{timing}");
    }
    assert_ne!(digest(&text_of("linkage")), without, "the shipped rule does change something");
    let record = run(&written(&without_rule()));
    let named = record.metrics.iter().filter(|(name, _)| name.starts_with("linkage."));
    assert!(named.clone().count() >= 10 && named.into_iter().all(|(_, m)| m.value.is_none()));
    assert!(record.suppliers.iter().all(|s| !s.flagged));
}

/// What the network sees of a device, and whose it is: address, subnet, fingerprint, number of the owner in its group.
type Seen = (u32, u32, u32, u32);

/// All devices of a group, in order of registration.
fn seen(scenario: &Arc<Scenario>, group: &str) -> Vec<Seen> {
    let mut world = World::new(Arc::clone(scenario), 0, Recorder::new(scenario));
    world.run_until(Time::ZERO + scenario.run.duration, |_, _| {});
    let scene = world.scene();
    let cohorts = scenario.cohorts.iter().map(|c| c.name.as_str());
    let names: Vec<&str> = cohorts.chain(scenario.farms.iter().map(|f| f.name.as_str())).collect();
    let registry = scene.protocol.registry();
    let owner = |device: usize| {
        let machine = scene.machines.of_device[device] as usize;
        &scene.people.all[scene.machines.all[machine].owner as usize]
    };
    let devices = (0..registry.len()).filter(|&d| names[owner(d).group as usize] == group);
    let look =
        |d: usize| (registry.address[d], registry.subnet[d], registry.fingerprint[d], owner(d).ordinal);
    devices.map(look).collect()
}

fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> usize {
    values.collect::<BTreeSet<T>>().len()
}

#[test]
fn what_the_network_sees_is_true_to_the_world() {
    let scenario = shipped("linkage", &[]);
    let of = |group: &str| seen(&scenario, group);
    let subnets = |rows: &[Seen]| rows.iter().map(|r| r.1).collect::<BTreeSet<u32>>();
    let (gamers, customers, frugal, careful) = (of("gamers"), of("customers"), of("frugal"), of("careful"));
    assert!(gamers.len() > 10 && customers.len() > 50 && frugal.len() >= 120 && careful.len() >= 120);
    assert_eq!(subnets(&customers).len(), 2, "the cloud has two");
    assert!((2..=12).contains(&subnets(&gamers).len()), "homes lie in a dozen");
    assert!(subnets(&gamers).is_disjoint(&subnets(&customers)));
    assert!(!subnets(&frugal).is_disjoint(&subnets(&customers)), "its rigs stand beside honest customers");
    assert!(subnets(&careful).is_disjoint(&subnets(&customers)));
    assert_eq!(subnets(&careful).len(), careful.len(), "bought one by one, all over the world");
    // Honest machines are each their own; a rig's forty devices are one card.
    for honest in [&gamers, &customers] {
        assert_eq!(distinct(honest.iter().map(|r| r.2)), honest.len());
    }
    for farm in [&frugal, &careful] {
        assert_eq!(distinct(farm.iter().map(|r| r.2)) * 40, farm.len());
    }
    let in_a_row = frugal.windows(2).filter(|w| w[0].2 == w[1].2).all(|w| w[1].0 == w[0].0 + 1);
    assert!(in_a_row, "a block of addresses came with each rig");
    let forged = seen(&shipped("linkage", &["sybil.careful.evasion.forged_fingerprints=true"]), "careful");
    assert_eq!(distinct(forged.iter().map(|r| r.2)), forged.len());
}

/// Names are made of who one is, not of who else is there or came first: without farms and gamers, and with them, each
/// customer's first machine is seen alike, though others came before it.
#[test]
fn nobodys_address_depends_on_others() {
    let first_of = |sets: &[&str]| {
        let mut first = BTreeMap::new();
        for row in seen(&shipped("linkage", sets), "customers") {
            first.entry(row.3).or_insert(row);
        }
        first
    };
    let alone = ["sybil.frugal.population=0", "sybil.careful.population=0", "supply.gamers.population=0"];
    let (with, without) = (first_of(&[]), first_of(&alone));
    let both: Vec<_> = with.iter().filter_map(|(owner, row)| Some((*row, *without.get(owner)?))).collect();
    assert!(both.len() > 10, "only {} came to both", both.len());
    assert!(both.iter().all(|(a, b)| a == b), "{both:?}");
}

#[test]
fn a_date_outside_the_run_and_a_purge_without_a_rule_are_problems() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/small.toml");
    let problems = |sets: &[&str]| {
        let sets: Vec<String> = sets.iter().map(|&s| s.to_owned()).collect();
        Scenario::load(&path, &sets).expect_err("it has problems").to_string()
    };
    let rule = |date: &str| {
        problems(&[&format!("protocol.linkage.per_address={{ timing = \"on_date\", date = {date} }}")])
    };
    assert!(rule("2024-02-29").contains("outside the run"));
    assert!(rule("2024-04-11").contains("outside the run"), "the run ends on 10 April");
    let act = "timeline=[{ at = 2024-03-05, kind = \"team\", note = \"x\", purge_flagged = true }]";
    assert!(problems(&[act]).contains("purge_flagged has no rule"));
}

/// Flags, appeals and purges are in the commands, so the protocol alone comes to the same again.
#[test]
fn a_recording_with_flags_appeals_and_purges_replays_to_the_same_ledger() {
    let folder = replay::place("linkage");
    let (world, record) = replay::record(&shipped("linkage", &["run.record=events"]), &folder);
    assert!(value(&record, "linkage.appeals") > 0.0);
    let again = replay(&folder.join("events.jsonl.zst")).expect("it is a recording");
    assert_eq!((again.trouble.clone(), again.different), (None, 0), "{:?}", again.differences);
    let first = world.scene().protocol;
    assert_eq!(again.protocol.ledger().balances(), first.ledger().balances());
    let flags = |p: &depin_protocol::Protocol| -> Vec<bool> {
        (0..first.accounts()).map(|account| p.is_flagged(AccountId(account))).collect()
    };
    assert_eq!(flags(&again.protocol), flags(first));
    assert!(flags(first).contains(&true));
}
