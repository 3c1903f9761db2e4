//! `[protocol.rewards.consensus_weighted]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{NonNegative, Share, Table};
use depin_protocol::rewards::ConsensusWeightedSpec;
use depin_protocol::rewards::consensus_weighted::Measure;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "consensus_weighted",
    lines: &[RuleLine {
        name: "protocol.rewards.consensus_weighted",
        formula: "Yuma: weights clipped at kappa of the stake; I = normalised rank, D = sum of B * I; devices I, \
                  validators D, 18 % not drawn",
        source: "opentensor/subtensor, original Yuma; what validators measure is assumed",
        weakness: "agreement is not truth: kappa of the stake decides, and copies of a claim that is hired multiply",
    }],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let d = ConsensusWeightedSpec::default();
    let measure = t.word(
        "measure",
        &["hired", "up", "passed"],
        Some("hired"),
        "what validators weigh devices by: time hired, time up, or challenges passed less failed; assumed",
    );
    let validators = t.or(
        "validators",
        d.validators,
        "seats, largest stakes first, 1 to 256; assumed, subtensor begins with 64 or 128",
    );
    t.range("validators", f64::from(validators), 1.0, 256.0);
    let bias =
        t.or("own_bias", NonNegative(0.0), "what a validator adds to the weight of its own devices; assumed");
    t.range("own_bias", bias.0, 0.0, 1000.0);
    let share = |key, default, doc| ppm(t.or(key, Share(default), doc).0);
    let spec = ConsensusWeightedSpec {
        measure: match measure {
            "up" => Measure::Up,
            "passed" => Measure::Passed,
            _ => Measure::Hired,
        },
        validators: validators.min(256),
        own_bias_ppm: ppm(bias.0.min(1000.0)),
        kappa_ppm: share("kappa", 0.5, "stake that must back a weight; subtensor"),
        bonds_average_ppm: share("bonds_average", 0.9, "part of old bonds in the new; subtensor"),
        owner_part_ppm: share("owner_part", 0.18, "what is not drawn; subtensor"),
        miners_part_ppm: share("miners_part", 0.5, "what devices get of the rest; subtensor"),
    };
    RewardMaker::new(move || spec.build())
}
