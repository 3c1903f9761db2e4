//! Ignition points: io.net's rule of its first seasons, in two forms because the true one was never published.
//!
//! *Rule*: points per node from job hours, bandwidth, GPU model and uptime; summed per account; pro rata of a fixed
//! pool (the last two are [`super::season`]'s work).
//!
//! *Formula*: see [`Multiplicative`] and [`Additive`]. A conclusion that flips between the two is no conclusion about
//! io.net.
//!
//! *Source*: io.net developer docs, Ignition Rewards Program, for the factors (`[ignition_season_1]`: "weights = not
//! recovered"); RNP-006 (`[render_rnp006]`), the nearest published twin, for the additive weights and both tables of
//! bandwidth. The use of RNP-006's scores as factors of the multiplicative form is assumed.
//!
//! *Known weakness*: nothing here is verified, so a claim multiplies. Both forms are linear in devices and cards:
//! dividing the same claims among more accounts or workers gains nothing (to the rounding of one base unit each), so
//! identities alone are worthless, but k virtual cards on each of n real ones earn kn ÷ (H + kn) of the pool against
//! H honest cards of the same claim. The additive form is weaker still: bandwidth and uptime are paid whatever the
//! card, so one strong card claimed as many weak ones earns nearly k times as much.

mod additive;
mod multiplicative;

pub use additive::{Additive, AdditiveSpec};
pub use multiplicative::{Multiplicative, MultiplicativeSpec};

use super::{EARNS_NOTHING, EpochRecord, RewardRule};
use crate::ids::ModelId;
use crate::units::Ppm;
use serde::{Deserialize, Serialize};

/// Connectivity tiers: below the minimum, low, medium, high, ultra.
pub(super) const TIERS: usize = 5;

/// RNP-006's bandwidth scores by tier: 0.2 from 100/75 Mbit/s down/up, 0.4 from 400/300, 0.6 from 800/600, 0.8 from
/// 1600/1200; nothing below the minimum.
pub(super) const RNP_006_BANDWIDTH: [Ppm; TIERS] = [0, 200_000, 400_000, 600_000, 800_000];

/// Which form of the rule a scenario runs, with its numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IgnitionSpec {
    /// Factors multiply, as the words "bandwidth multiplier" and "GPU-model multiplier" suggest.
    Multiplicative(MultiplicativeSpec),
    /// Scores add, as in RNP-006.
    Additive(AdditiveSpec),
}

impl Default for IgnitionSpec {
    /// The multiplicative form: the documentation calls two of the four factors multipliers.
    fn default() -> Self {
        IgnitionSpec::Multiplicative(MultiplicativeSpec::default())
    }
}

impl IgnitionSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        match self {
            IgnitionSpec::Multiplicative(spec) => Box::new(Multiplicative::new(spec)),
            IgnitionSpec::Additive(spec) => Box::new(Additive::new(spec)),
        }
    }
}

/// What a claim is worth apart from time: one number per model and tier, so that a device costs one look-up.
struct ClaimTable {
    worth: Vec<u64>,
}

impl ClaimTable {
    fn new(models: usize, worth: impl Fn(usize, usize) -> u64) -> ClaimTable {
        let worth = (0..models)
            .flat_map(|model| (0..TIERS).map(move |tier| (model, tier)))
            .map(|(model, tier)| worth(model, tier))
            .collect();
        ClaimTable { worth }
    }

    /// A tier beyond the table counts as the highest.
    fn of(&self, model: ModelId, tier: u8) -> u64 {
        self.worth[model.at() * TIERS + usize::from(tier).min(TIERS - 1)]
    }

    fn largest(&self) -> u64 {
        self.worth.iter().copied().max().unwrap_or(0)
    }
}

/// What the rule reads about one device.
struct Row {
    up_ns: u64,
    hired_ns: u64,
    cards: u16,
    /// From the [`ClaimTable`].
    worth: u64,
}

impl Row {
    fn earned_up_ns(&self, epoch_ns: u64) -> u64 {
        self.up_ns.min(epoch_ns)
    }
}

/// Runs `points` over every device; excluded standing weighs zero without a branch.
fn weigh_each(
    record: &EpochRecord<'_>,
    table: &ClaimTable,
    weights: &mut [u64],
    points: impl Fn(&Row) -> u64,
) {
    let n = record.len();
    // Slices of one known length let the compiler drop the bounds checks below.
    let (up, hired) = (&record.up_ns[..n], &record.hired_ns[..n]);
    let (cards, tier, model) = (&record.cards[..n], &record.tier[..n], &record.model[..n]);
    assert_eq!(weights.len(), n, "a weight for every device");
    for (i, (weight, flags)) in weights.iter_mut().zip(record.flags).enumerate() {
        let row =
            Row { up_ns: up[i], hired_ns: hired[i], cards: cards[i], worth: table.of(model[i], tier[i]) };
        *weight = points(&row) * u64::from(flags & EARNS_NOTHING == 0);
    }
}

#[cfg(test)]
mod tests;
