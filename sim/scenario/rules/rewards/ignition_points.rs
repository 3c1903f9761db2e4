//! `[protocol.rewards.ignition_points.FORM]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{NonNegative, Share, Table};
use depin_protocol::rewards::ignition_points::{AdditiveSpec, IgnitionSpec, MultiplicativeSpec};

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "ignition_points",
    lines: &[
        RuleLine {
            name: "protocol.rewards.ignition_points.multiplicative",
            formula: "points = up hours * cards * bandwidth factor * model multiplier * (1 + bonus * hired share) \
                      (the default)",
            source: "io.net docs, Ignition Rewards Program, for the factors; RNP-006's scores as factors are assumed",
            weakness: "a claim multiplies: k virtual cards on one real card earn k times as much",
        },
        RuleLine {
            name: "protocol.rewards.ignition_points.additive",
            formula: "points = cards * (0.25 work + 0.35 bandwidth + 0.20 model + 0.20 uptime), per epoch",
            source: "io.net docs for the factors; RNP-006 for weights and scores",
            weakness: "bandwidth and uptime are paid whatever the card, so many weak claims beat one strong card",
        },
    ],
    read,
};

/// What holds where a scenario says nothing.
pub(super) fn default() -> RewardMaker {
    maker(IgnitionSpec::default())
}

fn maker(spec: IgnitionSpec) -> RewardMaker {
    RewardMaker::new(move || spec.clone().build())
}

fn read(t: &Table<'_>) -> RewardMaker {
    let forms = &["multiplicative", "additive"];
    let Some((form, rule)) = t.form(forms, "form of the rule, never published") else {
        return default();
    };
    maker(match form {
        "additive" => IgnitionSpec::Additive(additive(&rule)),
        _ => IgnitionSpec::Multiplicative(multiplicative(&rule)),
    })
}

fn additive(rule: &Table<'_>) -> AdditiveSpec {
    AdditiveSpec {
        work_weight_ppm: ppm(rule.or("work_weight", Share(0.25), "RNP-006").0),
        bandwidth_weight_ppm: ppm(rule.or("bandwidth_weight", Share(0.35), "RNP-006").0),
        model_weight_ppm: ppm(rule.or("model_weight", Share(0.20), "RNP-006").0),
        uptime_weight_ppm: ppm(rule.or("uptime_weight", Share(0.20), "RNP-006").0),
        ..AdditiveSpec::default()
    }
}

fn multiplicative(rule: &Table<'_>) -> MultiplicativeSpec {
    let bonus = rule.or("hired_bonus", NonNegative(1.0), "extra points per hired hour, as a share; assumed");
    MultiplicativeSpec { hired_bonus_ppm: ppm(bonus.0.min(1000.0)), ..MultiplicativeSpec::default() }
}
