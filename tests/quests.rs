//! Quests in the world: a pool apart from that for work, taken by accounts and not by hardware.

use crate::lab::{run, shipped, value};
use depin_sim::scenario::Scenario;
use std::path::Path;

const QUESTS: &str = "protocol.quests={ pool_tokens = 10_000 }";

#[test]
fn a_pool_for_quests_leaves_the_pool_for_work_and_everybodys_luck_as_they_were() {
    let without = run(&shipped("small", &[]));
    let with = run(&shipped(
        "small",
        &[QUESTS, "supply.gamers.quests_per_week=3", "supply.renters.quests_per_week=1"],
    ));
    assert!(without.metrics["rewards.quest_tokens"].value.is_none());
    assert_eq!(value(&with, "rewards.quest_tokens"), 10_000.0);
    let paid = |record| value(record, "rewards.paid_tokens");
    assert!((paid(&with) - paid(&without) - 10_000.0).abs() < 1e-6);
    // Nobody came or went for quests: decisions leave them out.
    for metric in ["supply.connected_peak", "supply.uptime_mean", "demand.jobs_completed"] {
        assert_eq!(value(&with, metric), value(&without, metric), "{metric}");
    }
    let flows = |record: &depin_sim::measure::record::Record, category: &str| -> Vec<(String, i128)> {
        let rows = record.flows.iter().filter(|row| row.category == category);
        rows.map(|row| (row.payee.clone(), row.amount)).collect()
    };
    assert_eq!(flows(&with, "reward"), flows(&without, "reward"), "to the unit");
    assert_eq!(flows(&with, "quest").iter().map(|row| row.1).sum::<i128>(), 10_000 * 100_000_000);
}

#[test]
fn a_farm_with_many_accounts_takes_many_shares_whatever_its_cards_prove() {
    let share = |most: &str| {
        let record = run(&shipped(
            "small",
            &[
                QUESTS,
                "supply.gamers.quests_per_week=3",
                "supply.renters.quests_per_week=3",
                "sybil.slicer.quests_per_week=3",
                &format!("sybil.slicer.evasion={{ devices_per_account = {most} }}"),
            ],
        ));
        value(&record, "rewards.quest_share_to_fakes")
    };
    let (few, many) = (share("200"), share("2"));
    assert!(few < 0.1 && many > 4.0 * few, "one account takes {few}, one for each two slices {many}");
}

#[test]
fn quests_cost_what_they_cost_and_nobody_does_what_it_cannot_pay() {
    let spent = |usd: &str| {
        let usd = format!("supply.renters.quest_usd={usd}");
        let record = run(&shipped("small", &[QUESTS, "supply.renters.quests_per_week=5", &usd]));
        (value(&record, "economics.spend_usd.operations"), value(&record, "rewards.quest_tokens"))
    };
    let (free, dear, absurd) = (spent("0"), spent("2"), spent("1000000"));
    assert!(dear.0 > free.0 && dear.1 == 10_000.0);
    assert_eq!(absurd, (free.0, 0.0), "nobody can pay a million for a quest, and no token is minted");
}

#[test]
fn quests_without_a_pool_and_senseless_ones_are_told() {
    let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/small.toml");
    let told = |sets: &[&str]| -> String {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        Scenario::load(&small, &sets).expect_err("it is wrong").to_string()
    };
    let lone = told(&["supply.gamers.quests_per_week=2"]);
    assert!(lone.contains("no pool for quests") && lone.contains("[protocol.quests]"), "{lone}");
    assert!(told(&["protocol.quests={}"]).contains("`protocol.quests.pool_tokens` is missing"));
    for wrong in ["-1", "nan", "2000"] {
        let set = format!("sybil.slicer.quests_per_week={wrong}");
        assert!(told(&[QUESTS, &set]).contains("sybil.slicer.quests_per_week"), "{wrong}");
    }
    assert!(told(&["protocol.quests={ pool_token = 1 }"]).contains("`protocol.quests.pool_token`"));
}
