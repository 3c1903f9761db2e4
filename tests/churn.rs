//! Churn, interruptible bids, auctions and ways to pay, through the whole world: directions and sums, no sizes.

use crate::lab;
use depin_sim::measure::record::Record;
use depin_sim::scenario::Scenario;
use depin_sim::scenario::reading::{Disk, Document};

/// The shipped scenario under one rule of churn. Hired time earns no points, so that what suppliers see of it changes none
/// of their minds.
fn under(rule: &str) -> Record {
    let rule = format!("protocol.churn.{rule}");
    lab::run(&lab::shipped(
        "churn",
        &[&rule, "protocol.rewards.ignition_points.multiplicative={hired_bonus=0}"],
    ))
}

fn sum(record: &Record, category: &str, asset: &str) -> i128 {
    let rows = record.flows.iter().filter(|row| row.category == category && row.asset == asset);
    rows.map(|row| row.amount).sum()
}

#[test]
fn jobs_that_go_on_are_finished_more_often_and_more_so_with_checkpoints() {
    let fail = under("fail={}");
    let lost = under("restart={}");
    let saved = under("restart={ checkpoint_minutes = 30 }");
    let done = |record: &Record| {
        lab::value(record, "demand.jobs_completed") / lab::value(record, "demand.jobs_submitted")
    };
    assert!(done(&lost) > done(&fail), "{} {}", done(&lost), done(&fail));
    // Turnaround would mislead: without checkpoints the long jobs never end, and so are not in its mean.
    assert!(done(&saved) > done(&lost), "{} {}", done(&saved), done(&lost));
    assert!(lab::value(&fail, "demand.interruptions") < 0.5);
    assert!(lab::value(&saved, "demand.interruptions") > 10.0);
    // Supply has not noticed: the same people, the same machines, the same luck.
    let uptime = |record: &Record| lab::value(record, "supply.uptime_mean").to_bits();
    assert_eq!(uptime(&fail), uptime(&saved));
}

/// Renters bring what an interrupted job needs again, so that none leaves for want of money.
#[test]
fn no_job_of_the_world_leaves_for_want_of_money() {
    let rules = [
        "restart={}",
        "restart={ resume_cost_minutes = 30 }",
        "wait={ checkpoint_minutes = 30, hold_hours = 6 }",
        "move={ checkpoint_minutes = 30, resume_cost_minutes = 20 }",
    ];
    for rule in rules {
        for pay_in in ["usd", "token"] {
            let rule = format!("protocol.churn.{rule}");
            let pay_in = format!("protocol.billing.pay_in={pay_in}");
            let record = lab::run(&lab::shipped("churn", &[&rule, &pay_in]));
            assert!(lab::value(&record, "demand.interruptions") > 10.0, "{rule}");
            assert!(lab::value(&record, "demand.jobs_withdrawn") < 0.5, "{rule} {pay_in}");
        }
    }
}

#[test]
fn settings_that_nothing_reads_or_that_cannot_go_together_are_problems() {
    let problems = |more: &str| {
        let text = format!("{}\n{more}", lab::text_of("small"));
        let name = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/written.toml");
        let document = Document::from_text_with(name, &text, &[], &Disk).expect("it can be read");
        Scenario::read("written", &document).expect_err("it has a problem").to_string()
    };
    let bids = "interruptible bids need both";
    for (more, said) in [
        ("[protocol.prices.bids]", bids),
        ("[protocol.queueing.interruptible_bids]", bids),
        (
            "[protocol.prices.reverse_auction]\n[protocol.queueing.easy]",
            "a reverse auction gives free devices",
        ),
        (
            "[protocol.prices.reverse_auction]\n[protocol.queueing.least_attained_service]",
            "a reverse auction",
        ),
        ("[protocol.sharing.first]\n[protocol.queueing.priority]\npreemptive = true", "no job is stopped"),
        ("[protocol.churn.restart]\nshun_days = 1\n[protocol.queueing.easy]", "devices cannot be shunned"),
        ("[protocol.churn.wait]\nshun_days = 1", "cannot shun it"),
        ("[protocol.churn.restart]\ncheckpoint_cost_seconds = 9", "no checkpoints that could cost"),
        ("[demand.other]\njobs_per_day=1\nhours=1\nreference_cloud=\"room\"\npriority = 300", "priority"),
        (
            "[demand.other]\njobs_per_day=1\nhours=1\nreference_cloud=\"room\"\npriority = 3",
            "does not look at it",
        ),
        (
            "[demand.other]\njobs_per_day=1\nhours=1\nreference_cloud=\"room\"\ninterruptible = true",
            "no bids are taken",
        ),
    ] {
        let report = problems(more);
        assert!(report.contains(said), "{more}\n{report}");
    }
}

#[test]
fn gangs_that_may_move_are_back_sooner_than_those_that_wait_and_others_pay_for_it() {
    let waits = under("wait={ checkpoint_minutes = 30, hold_hours = 12 }");
    let moves = under("move={ checkpoint_minutes = 30, hold_hours = 12 }");
    let turnaround = |record: &Record| lab::value(record, "demand.turnaround_hours_mean");
    assert!(turnaround(&moves) < turnaround(&waits), "{} {}", turnaround(&moves), turnaround(&waits));
    // Moving gangs take free cards past the queue, and others wait longer for them.
    let p95 = |record: &Record| lab::value(record, "demand.wait_hours_p95");
    assert!(p95(&moves) > p95(&waits), "{} {}", p95(&moves), p95(&waits));
}

#[test]
fn what_comes_back_for_a_lost_device_comes_out_of_what_suppliers_earn() {
    let earned = |refund: &str| {
        let sets = ["protocol.churn.fail={}", refund];
        sum(&lab::run(&lab::shipped("churn", &sets)), "lease_pay", "usd")
    };
    let none = earned("protocol.billing.device_loss_refund=none");
    let unused = earned("protocol.billing.device_loss_refund=unused");
    let whole = earned("protocol.billing.device_loss_refund=whole");
    assert!(none > unused && unused > whole, "{none} {unused} {whole}");
}

#[test]
fn paying_in_tokens_serves_the_same_jobs_and_no_dollar_moves_in_the_network() {
    let sets = ["protocol.billing.payment_fee=0", "demand.inference.jobs_per_day=40"];
    let dollars = lab::run(&lab::shipped("small", &sets));
    let tokens = lab::run(&lab::shipped("small", &[sets[0], sets[1], "protocol.billing.pay_in=token"]));
    for metric in ["demand.jobs_submitted", "demand.jobs_completed", "demand.jobs_failed"] {
        assert_eq!(lab::value(&dollars, metric).to_bits(), lab::value(&tokens, metric).to_bits(), "{metric}");
    }
    let network = ["lease_pay", "fee", "refund", "escrow"];
    assert!(network.iter().all(|category| sum(&tokens, category, "usd") == 0));
    assert!(network.iter().all(|category| sum(&dollars, category, "token") == 0));
    let out: i128 = network[..3].iter().map(|category| sum(&tokens, category, "token")).sum();
    assert!(out > 0 && sum(&tokens, "escrow", "token") >= out);
    let rewards = |record: &Record| lab::value(record, "rewards.paid_tokens").to_bits();
    assert_eq!(rewards(&dollars), rewards(&tokens), "rents in tokens are not rewards");
}

/// Two classes of renters who want the same few cheap cards: one bids, one rents on demand at so many times the ask.
fn bidders(on_demand_factor: f64) -> Record {
    let batch = "demand.batch={ jobs_per_day = 200, hours = 8, reference_cloud = \"room\", patience_hours = 24, \
                 price_share = 0.5, interruptible = true }";
    let prices = format!("protocol.prices.bids={{ on_demand_factor = {on_demand_factor} }}");
    lab::run(&lab::shipped(
        "small",
        &[
            "supply.gamers.ask_usd_hour=0.1",
            "supply.renters.ask_usd_hour=0.1",
            "demand.inference.jobs_per_day=60",
            "protocol.queueing.interruptible_bids={}",
            batch,
            &prices,
        ],
    ))
}

#[test]
fn on_demand_renters_stop_bidders_and_bidders_go_on() {
    let record = bidders(2.0);
    assert!(lab::value(&record, "demand.preemptions") > 10.0);
    assert!(lab::value(&record, "demand.jobs_completed") > 100.0);
    let rigid = bidders(1000.0);
    assert!(
        lab::value(&rigid, "demand.preemptions") < 0.5,
        "at a thousand times the price nobody is on demand"
    );
}

#[test]
fn an_auction_paid_at_the_lowest_losing_offer_costs_renters_more_than_one_paid_as_offered() {
    let paid = |rule: &str| {
        let rule = format!("protocol.prices.reverse_auction={{ winners_paid = \"{rule}\" }}");
        let sets = ["demand.inference.jobs_per_day=40", &rule];
        sum(&lab::run(&lab::shipped("small", &sets)), "lease_pay", "usd")
    };
    let (own, losing) = (paid("own_offer"), paid("lowest_losing"));
    assert!(losing > own, "{losing} {own}");
}
