//! Scenarios small enough to be solved by hand come out as the solution says.

use depin_sim::measure::record::{Record, SupplierRow};

use crate::lab::{run, value, written};

/// Base units of the pool of every world here: 1,000,001 tokens, so that no share comes out even.
const POOL: i128 = 1_000_001 * 100_000_000;

/// The season is counted after twenty days and paid a day later.
const COUNTED_AND_PAID: &str = r#"
[[timeline]]
at = 2024-03-21
kind = "team"
note = "counted"
count_season = true
[[timeline]]
at = 2024-03-22
kind = "team"
note = "paid"
pay_out = true
"#;

/// A world in which the prize is worth any cost and nobody's taste is against it: whoever may take part does.
/// Those who know from the start hear at the end of the first hour; without pondering or set-up all join then.
fn settled_world(days: u32, rest: &str) -> String {
    format!(
        r#"
question = "Does the closed form hold?"
catalogues = ["catalogues/gpus.toml"]
[run]
start = 2024-03-01
duration_days = {days}
[token]
believed_fdv_usd = 800_000_000_000_000
supply_tokens = 800_000_000
outcome_usd = 1.00
[protocol.season]
emission_tokens = 1_000_001
[protocol.season.opening]
pool_tokens = 1_000_001
days = 1000
{rest}
"#
    )
}

/// A cohort of equals that joins at once; `more` says with what.
fn cohort(name: &str, population: u32, scripted: f64, more: &str) -> String {
    format!(
        r#"
[supply.{name}]
population = {population}
aware_at_start = 1.0
ponder_days = 0
lead_days = 0
setup_minutes = 0
belief_sd = 0
weight_error_sd = 0
noise = 0.001
budget_usd = 1_000_000_000
scripted = {scripted:?}
tiers = [0.0, 1.0, 0.0, 0.0, 0.0]
forecasts = {{ naive = 1.0 }}
{more}
"#
    )
}

/// A place where nothing goes wrong for a hundred years.
const BENCH: &str = "[site.bench]\nuptime_hours = 1_000_000\nbusy_share = 0.0\n";

fn members<'r>(record: &'r Record, cohort: &str) -> Vec<&'r SupplierRow> {
    record.suppliers.iter().filter(|s| s.cohort == cohort).collect()
}

/// Device-hours online over device-hours listed; everyone here joins in the first hour and stays.
fn availability(record: &Record, cohort: &str, days: u32) -> f64 {
    let rows = members(record, cohort);
    assert!(!rows.is_empty(), "{cohort} has joined");
    let up: f64 = rows.iter().map(|s| s.up_hours).sum();
    let cards: f64 = rows.iter().map(|s| f64::from(s.cards)).sum();
    up / (cards * (f64::from(days) * 24.0 - 1.0))
}

fn near(got: f64, expected: f64, relative: f64) {
    assert!((got / expected - 1.0).abs() < relative, "{got} should be {expected} within {relative} of it");
}

#[test]
fn equal_honest_devices_share_the_pool_equally_to_one_base_unit() {
    let own = "own = { hardware = \"rtx_3080\", site = \"bench\" }";
    let text = settled_world(22, &format!("{BENCH}{}{COUNTED_AND_PAID}", cohort("equals", 7, 1.0, own)));
    let record = run(&written(&text));
    let tokens: Vec<i128> = members(&record, "equals").iter().map(|s| s.tokens).collect();
    assert_eq!(tokens.len(), 7);
    assert_eq!(tokens.iter().sum::<i128>(), POOL, "the whole pool is paid");
    for paid in &tokens {
        assert!((paid - POOL / 7).abs() <= 1, "{tokens:?}");
    }
}

/// A farm that rents 4090s from a cloud of its own and lists each as so many 4070s, from the first hour on.
fn farm(rigs: u32, slices: u32) -> String {
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
"#
    )
}

/// H honest cards against n real cards cut into k slices each, same claim, same tier, all from the same hour on.
fn farm_share(honest: u32, rigs: u32, slices: u32) -> (f64, u32) {
    let own = "own = { hardware = \"rtx_4070\", site = \"bench\" }";
    let identities = rigs * slices;
    let farm = farm(rigs, slices);
    let text =
        settled_world(22, &format!("{BENCH}{}{farm}{COUNTED_AND_PAID}", cohort("owners", honest, 1.0, own)));
    let record = run(&written(&text));
    let listed = value(&record, "supply.listed.farm");
    assert_eq!(listed as u32, identities, "the farm lists what it can");
    assert_eq!(value(&record, "supply.listed.owners") as u32, honest);
    (value(&record, "rewards.share_to_fakes"), identities)
}

#[test]
fn an_unverified_farm_takes_kn_of_h_plus_kn() {
    for (honest, rigs, slices) in [(40, 1, 10), (100, 3, 40), (5, 2, 1)] {
        let (share, fakes) = farm_share(honest, rigs, slices);
        let expected = f64::from(fakes) / f64::from(honest + fakes);
        // One base unit per account of a pool of 1e14.
        assert!((share - expected).abs() < 1e-12, "{share} should be {expected}");
    }
}

#[test]
fn availability_is_mttf_over_mttf_plus_mttr_whatever_the_laws() {
    let days = 200;
    for law in [
        "{ exponential = { mean = 8.0 } }",
        "{ weibull = { shape = 0.7, mean = 8.0 } }",
        "{ erlang = { k = 3, mean = 8.0 } }",
        "8.0",
    ] {
        let site = format!(
            "[site.plain]\nuptime_hours = {law}\nsoft_share = 0.0\noutage_hours = {{ lognormal = {{ mean = 2.0, sd = 2.0 }} }}\n"
        );
        let own = "own = { hardware = \"rtx_3080\", site = \"plain\" }";
        let text = settled_world(days, &format!("{site}{}", cohort("plain", 60, 1.0, own)));
        let record = run(&written(&text));
        near(availability(&record, "plain", days), 8.0 / 10.0, 0.01);
        near(value(&record, "supply.uptime_mean"), 8.0 / 10.0, 0.01);
    }
}

/// Machine-repair queue M/M/1//N: availability of N machines with one pair of hands.
fn one_repairer(machines: u32, mttf: f64, repair: f64) -> f64 {
    let (mut weight, mut total, mut down) = (1.0, 0.0, 0.0);
    for broken in 0..=machines {
        total += weight;
        down += f64::from(broken) * weight;
        weight *= f64::from(machines - broken) * repair / mttf;
    }
    1.0 - down / total / f64::from(machines)
}

#[test]
fn the_closed_form_of_the_repair_queue_gives_the_models_own_numbers() {
    near(one_repairer(2, 8.0, 0.1), 0.9875, 1e-4);
    near(one_repairer(200, 8.0, 0.1), 0.4, 1e-4);
}

const REPAIRED: &str = r#"
[site.plain]
uptime_hours = { exponential = { mean = 8.0 } }
soft_share = 1.0
notice_hours = 0
repair_minutes = { exponential = { mean = 6.0 } }
script_minutes = { exponential = { mean = 6.0 } }
"#;

fn plain_machines(count: u32) -> String {
    format!("own = {{ hardware = \"rtx_3080\", site = \"plain\", machines = {count} }}")
}

#[test]
fn hands_mend_few_cards_well_and_many_badly_while_scripts_do_not_care() {
    let days = 90;
    let text = settled_world(
        days,
        &[
            REPAIRED.to_owned(),
            cohort("few_by_hand", 200, 0.0, &plain_machines(2)),
            cohort("many_by_hand", 4, 0.0, &plain_machines(200)),
            cohort("few_by_script", 200, 1.0, &plain_machines(2)),
            cohort("many_by_script", 2, 1.0, &plain_machines(200)),
        ]
        .concat(),
    );
    let record = run(&written(&text));
    let down = |cohort| 1.0 - availability(&record, cohort, days);
    // Unavailability within 3 %: of 0.0125 that is four standard errors of some 100,000 repairs.
    near(down("few_by_hand"), 1.0 - one_repairer(2, 8.0, 0.1), 0.03);
    near(down("few_by_script"), 0.1 / 8.1, 0.03);
    near(down("many_by_script"), 0.1 / 8.1, 0.03);
    // All 200 start up and fall to 80 within a day: 120 × 8 h more than the steady state, over the whole run.
    let start = 120.0 * 8.0 / (200.0 * 24.0 * f64::from(days));
    near(availability(&record, "many_by_hand", days), one_repairer(200, 8.0, 0.1) + start, 0.01);
}

#[test]
fn points_per_card_follow_availability_linearly() {
    let days = 22;
    let text = settled_world(
        days,
        &[
            REPAIRED.to_owned(),
            cohort("few", 100, 0.0, &plain_machines(2)),
            cohort("many", 2, 0.0, &plain_machines(200)),
            COUNTED_AND_PAID.to_owned(),
        ]
        .concat(),
    );
    let record = run(&written(&text));
    let per_card = value(&record, "rewards.per_card.many") / value(&record, "rewards.per_card.few");
    let up = availability(&record, "many", days) / availability(&record, "few", days);
    // Points end two days before the run does; one unlucky day of 22 bounds what those two can change.
    near(per_card, up, 0.02);
}

/// Rent that two whales pay in their first term: 200 T4 at 400 and 15 A100 at 1,200 USD a month.
fn whale_rent(term_days: &str) -> i128 {
    let cloud = |name: &str, hardware: &str, rent: u32| {
        format!(
            "[cloud.{name}]\nhardware = \"{hardware}\"\nsite = \"bench\"\nrent_usd_per_month = {rent}\n\
             stock_cards = 1000\nterm_days = {term_days}\n"
        )
    };
    let whale = |name: &str, offer: &str, cards: u32| {
        cohort(name, 1, 1.0, &format!("max_machines = {cards}\nrent = [\"{offer}\"]"))
    };
    let text = settled_world(
        20,
        &[
            BENCH.to_owned(),
            cloud("t4", "tesla_t4", 400),
            cloud("a100", "a100_80gb", 1200),
            whale("zhu_t4", "t4", 200),
            whale("zhu_a100", "a100", 15),
        ]
        .concat(),
    );
    let record = run(&written(&text));
    let rents = record.flows.iter().filter(|f| f.category == "cloud_rent");
    let rents: Vec<_> = rents.filter(|f| f.payee.starts_with("cloud/")).collect();
    assert_eq!(rents.len(), 2, "one payer per cloud");
    rents.iter().map(|f| f.amount).sum()
}

#[test]
fn two_hundred_t4_and_fifteen_a100_cost_98_000_dollars_a_month() {
    // A month is 730 hours (8,760 a year over twelve); written in days it is 30.4166…
    assert_eq!(whale_rent("30.416666666666668"), 98_000_000_000);
}

#[test]
fn a_contract_of_thirty_days_costs_720_of_730_hours_rounded_down_per_machine() {
    let per_t4 = 400_000_000i128 * 720 / 730;
    let per_a100 = 1_200_000_000i128 * 720 / 730;
    assert_eq!(whale_rent("30"), 200 * per_t4 + 15 * per_a100);
}

#[test]
fn an_owner_who_plays_every_evening_is_down_for_its_mean_length_each_day() {
    let days = 60;
    let site =
        "[site.plain]\nuptime_hours = 1_000_000\nrest_share = 1.0\nrest_hours = 3.0\nrest_from_hour = 17.0\n";
    let own = "own = { hardware = \"rtx_3080\", site = \"plain\" }";
    let text = settled_world(days, &format!("{site}{}", cohort("players", 200, 1.0, own)));
    let record = run(&written(&text));
    let down = 1.0 - availability(&record, "players", days);
    // Exponential with mean 3 h, cut at 20 h; evenings begin between 17 and 20 o'clock, so one in six ends after
    // midnight, and the evening after it is played too. 2 %: 12,000 evenings, two standard errors.
    near(down, 3.0 * (1.0 - libm::exp(-20.0 / 3.0)) / 24.0, 0.02);
}

#[test]
fn a_farm_that_lists_one_weaker_card_per_real_card_answers_every_challenge() {
    let proof = "[protocol.verification.proof_of_work]\nfrom_start = true\n";
    let alone = farm(3, 1);
    let text = settled_world(22, &format!("{BENCH}{alone}{proof}{COUNTED_AND_PAID}"));
    let record = run(&written(&text));
    assert_eq!(value(&record, "supply.listed.farm"), 3.0);
    assert_eq!(value(&record, "verification.detected_share"), 0.0);
    // With forty on each, some must be late wherever they start within the round; the farm then cuts its rigs back, so
    // that not all of them are caught.
    let crowded = farm(3, 40);
    let text = settled_world(22, &format!("{BENCH}{crowded}{proof}{COUNTED_AND_PAID}"));
    let caught = value(&run(&written(&text)), "verification.detected_share");
    assert!((0.1..1.0).contains(&caught), "{caught}");
}

/// Shares of fakes and of honest devices that were ever quarantined under a rule, with three rigs of four slices each.
fn caught_by(rule: &str) -> (f64, f64) {
    let own = "own = { hardware = \"rtx_4070\", site = \"bench\" }";
    let (owners, farm) = (cohort("owners", 20, 1.0, own), farm(3, 4));
    let proof = format!("[protocol.verification.{rule}\nfrom_start = true\n");
    let record =
        run(&written(&settled_world(22, &format!("{BENCH}{owners}{farm}{proof}{COUNTED_AND_PAID}"))));
    let share = |name: &str| value(&record, &format!("verification.{name}"));
    (share("detected_share"), share("false_positive_share"))
}

/// Memory holds two of the four claims at a time, so that half of the slices fail together; in four hours, three of four
/// hardly ever meet by chance twice in a row.
#[test]
fn slices_behind_an_address_each_are_caught_by_their_subnet_and_the_honest_are_not() {
    let wide = "window_minutes = 240";
    assert_eq!(caught_by(&format!("proof_of_work]\n{wide}")), (0.0, 0.0));
    let grouped =
        |group: &str| caught_by(&format!("simultaneous_proof_of_work]\n{wide}\ngroup = \"{group}\""));
    assert_eq!(grouped("device"), (0.0, 0.0));
    assert_eq!(grouped("host"), (0.0, 0.0));
    // One rig's addresses begin at the last one of a subnet (248,547,839), so that one of its slices starts apart.
    assert_eq!(grouped("subnet"), (5.0 / 12.0, 0.0));
    assert_eq!(grouped("supplier"), (6.0 / 12.0, 0.0));
}

/// One audit draws one slice, which has its card to itself.
#[test]
fn an_audit_of_single_slices_finds_cards_that_can_pass_for_the_claim() {
    assert_eq!(caught_by("random_audit]\naudits = 1"), (0.0, 0.0));
    let (everyone, honest) = caught_by("random_audit]\nshare = 1.0\nwindow_minutes = 1");
    assert!(everyone > 0.0 && honest == 0.0, "{everyone}, {honest}");
    assert_eq!(caught_by("proof_of_time_lock]\nidle_every = 0"), (0.0, 0.0), "nobody is hired here");
}
