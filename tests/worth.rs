//! What outsiders make of a rule, against the rule's own formula by hand.

use crate::lab;
use depin_sim::world::worth::{Imagined, Worth};

const CARD: Imagined = Imagined { hardware: 0, cards: 1, tier: 2, scripted: true, stake: 0 };

/// Weight per hour of a device of the small scenario under a rule, hired with this chance.
fn worth(rule: &str, device: Imagined, hired: f64) -> f64 {
    let scenario =
        lab::shipped("small", &[&format!("protocol.rewards.{rule}"), "outsiders.scripted_uptime=0.5"]);
    let models = scenario.rules.build(&scenario.hardware).models;
    Worth::default().of(&scenario, &models, device, hired)
}

fn multiplier(hardware: usize) -> f64 {
    lab::shipped("small", &[]).hardware[hardware].multiplier
}

fn near(got: f64, wanted: f64) {
    assert!((got / wanted - 1.0).abs() < 1e-5, "{got} against {wanted}");
}

#[test]
fn under_a_product_an_imagined_device_is_worth_the_product_of_its_factors() {
    // RNP-006's score of tier 2 is 0.4; a bonus of 1 doubles what a hired hour earns.
    let idle = 0.4 * 0.5 * multiplier(0);
    let rule = "ignition_points.multiplicative={ hired_bonus = 1 }";
    near(worth(rule, CARD, 0.0), idle);
    near(worth(rule, CARD, 1.0), 2.0 * idle);
    near(worth(rule, CARD, 0.25), 1.25 * idle);
    near(worth(rule, Imagined { cards: 8, ..CARD }, 0.0), 8.0 * idle);
}

#[test]
fn under_a_sum_it_is_compared_with_the_best_device_there_could_be() {
    let scenario = lab::shipped("small", &[]);
    let largest = scenario.hardware.iter().map(|h| h.multiplier).fold(0.0, f64::max);
    // Work 0.25, of which a tenth is the floor; bandwidth 0.35 x 0.4; model 0.20; uptime 0.20 x 0.5.
    let rest = 0.35 * 0.4 + 0.20 * multiplier(0) / largest + 0.20 * 0.5;
    let rule = "ignition_points.additive={}";
    near(worth(rule, CARD, 0.0), 0.25 * 0.1 + rest);
    near(worth(rule, CARD, 1.0), 0.25 * (0.1 + 0.9 * 0.5) + rest);
}
