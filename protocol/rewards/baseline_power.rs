//! Verified power against a baseline that grows: Filecoin's storage rewards, with computing in the place of storage.
//!
//! *Rule*: a device's power is what it could compute, as far as that is verified, and counts ten times while it is hired,
//! as verified deals do. Tokens are shared by power. Of what is on offer three tenths are taken in any case; the other
//! seven only as far as the network's power has kept up with a baseline that doubles every year.
//!
//! *Formula*:
//!
//! ```text
//! power  = verified cards * TFLOPS * (hours up + 9 * hours hired)                         (points)
//! raw(e) = sum of verified cards * TFLOPS * hours up in epoch e
//! b(e)   = b(0) * 2^(t / 365 days) * hours of e
//! taken  = offer * (0.3 + 0.7 * sum of min(raw(e), b(e)) / sum of b(e)), over all epochs so far
//! ```
//!
//! *Source*: Filecoin's spec and builtin-actors: simple and baseline minting (`[filecoin]`: 330M and 770M of 1,100M), quality
//! multiplier 10 of verified deals, baseline over raw power and not quality (power actor, `this_epoch_raw_byte_power`),
//! growth to 200 % a year. That hired time is the verified deal of computing, and throughput its bytes, is assumed;
//! so is the baseline's start, which is in TFLOPS and has to be set for a network's size. Filecoin turns the sum of
//! min(raw, b) into an effective time of its schedule (`emission/filecoin`); a pool that is paid once has no schedule,
//! and the same sum is its share here.
//!
//! What surrounds the rule there and is not its own here: a stake in advance is the network's staking, and a device
//! without it weighs zero; [`pledge`] computes Filecoin's, but no rule calls it: a scenario says a rate. Faulty power
//! weighs zero until it passes again, and fees for faults (3.51 days of reward for each day in builtin-actors today,
//! 2.14 in the spec) are slashing's to charge. That 75 % of a reward vests over 180 days is [`super::vesting`].
//!
//! *Known weakness*: whoever leases its own devices multiplies its power by ten for the fee of the lease, as Filecoin's
//! self-made deals do. A claim that is verified once counts in full: it breaks the Sybil law by copies where the verification
//! believes claims. A newcomer pays for itself in part while the network is below the baseline, and only dilutes above it.

pub mod pledge;

use super::{Draw, EARNS_NOTHING, EpochRecord, Offer, RewardRule};
use crate::registry::flag;
use crate::units::{Amount, ONE, Ppm, Span, portion};
use crate::wide::mul_div;
use serde::{Deserialize, Serialize};

const HOUR_US: u64 = Span::HOUR.0 / 1_000;
/// A year of the baseline's growth.
const YEAR: Span = Span(365 * Span::DAY.0);

/// Numbers of the rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BaselinePowerSpec {
    /// The baseline at the start, in TFLOPS. Default 1,000,000, some six thousand RTX 4090 (assumed).
    pub baseline_tflops: u64,
    /// Its growth in a year, in parts per million. Default 1: it doubles (Filecoin).
    pub growth_ppm: Ppm,
    /// What power counts while it is hired, in parts per million. Default 10 (Filecoin); less than one counts as one.
    pub hired_quality_ppm: Ppm,
    /// Part of an offer that is taken whatever the power, in parts per million. Default 0.3 (Filecoin).
    pub simple_share_ppm: Ppm,
}

impl Default for BaselinePowerSpec {
    fn default() -> Self {
        BaselinePowerSpec {
            baseline_tflops: 1_000_000,
            growth_ppm: ONE,
            hired_quality_ppm: 10 * ONE,
            simple_share_ppm: 300_000,
        }
    }
}

impl BaselinePowerSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(BaselinePower { spec: self, realised: 0, baseline: 0 })
    }
}

/// Micro-points are millionths of a TFLOPS hour at quality one, rounded down by device and epoch, after times were rounded
/// down to microseconds. The baseline of an epoch is a real power, rounded down to a millionth of a TFLOPS hour.
#[derive(Debug)]
pub struct BaselinePower {
    spec: BaselinePowerSpec,
    /// Sums over the epochs so far, in millionths of a TFLOPS hour.
    realised: u128,
    baseline: u128,
}

impl BaselinePower {
    /// The baseline's power over the epoch, from its value when the epoch begins.
    fn baseline_of(&self, record: &EpochRecord<'_>) -> u128 {
        let began = record.now.0.saturating_sub(record.epoch.0);
        let grown = 1.0 + f64::from(self.spec.growth_ppm) / f64::from(ONE);
        let factor = libm::pow(grown, began as f64 / YEAR.0 as f64);
        let tflops = self.spec.baseline_tflops as f64 * factor;
        (tflops * record.epoch.hours() * f64::from(ONE)) as u128
    }

    /// Of time in microseconds, card by card, at these GFLOPS.
    fn power(time_us: u64, cards: u16, gflops: u32) -> u64 {
        // A GFLOPS hour is a thousand micro-points.
        let rate = u64::from(cards) * u64::from(gflops);
        match time_us.checked_mul(rate) {
            Some(product) => product / (HOUR_US / 1_000),
            None => {
                let wide = u128::from(time_us) * u128::from(rate) / u128::from(HOUR_US / 1_000);
                u64::try_from(wide).unwrap_or(u64::MAX)
            }
        }
    }

    /// Part of the baseline that the network has kept up with, of so many tokens.
    fn kept_up(&self, tokens: Amount) -> Amount {
        let tokens = tokens.max(0) as u128;
        match self.baseline {
            0 => 0,
            baseline => mul_div(tokens, self.realised, baseline).0 as Amount,
        }
    }
}

/// Time times parts per million; the largest number stands for anything larger.
fn times(time_us: u64, ppm: u64) -> u64 {
    match time_us.checked_mul(ppm) {
        Some(product) => product / u64::from(ONE),
        None => {
            let wide = u128::from(time_us) * u128::from(ppm) / u128::from(ONE);
            u64::try_from(wide).unwrap_or(u64::MAX)
        }
    }
}

impl RewardRule for BaselinePower {
    fn name(&self) -> &'static str {
        "baseline_power"
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        let n = record.len();
        assert_eq!(weights.len(), n, "a weight for every device");
        let (up, hired, cards) = (&record.up_ns[..n], &record.hired_ns[..n], &record.cards[..n]);
        let (model, flags) = (&record.model[..n], &record.flags[..n]);
        let extra = u64::from(self.spec.hired_quality_ppm.saturating_sub(ONE));
        let mut raw = 0u128;
        for (at, weight) in weights.iter_mut().enumerate() {
            let verified = flags[at] & (EARNS_NOTHING | flag::VERIFIED) == flag::VERIFIED;
            let up = up[at].min(record.epoch.0);
            let (up_us, hired_us) = (up / 1_000, hired[at].min(up) / 1_000);
            let bonus = times(hired_us, extra);
            let gflops = record.models[model[at].at()].gflops;
            let counts = u64::from(verified);
            raw += u128::from(Self::power(up_us, cards[at], gflops) * counts);
            *weight = Self::power(up_us.saturating_add(bonus), cards[at], gflops) * counts;
        }
        let baseline = self.baseline_of(record);
        self.baseline = self.baseline.saturating_add(baseline);
        self.realised = self.realised.saturating_add(raw.min(baseline)).min(self.baseline);
    }

    fn draw(&self, offer: &Offer) -> Draw {
        let simple = portion(offer.tokens, self.spec.simple_share_ppm.min(ONE));
        Draw { pay: simple + self.kept_up(offer.tokens - simple), burn: 0 }
    }
}

#[cfg(test)]
mod tests;
