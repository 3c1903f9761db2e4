//! Verification: how a claim is checked. The trait, what an answer can be, and the pure arithmetic that the
//! asked machine needs to know what is asked of it.

pub mod appeals;
pub mod asking;
mod company;
pub mod metadata_only;
pub mod proof_of_time_lock;
pub mod proof_of_work;
pub mod random_audit;
pub mod rounds;
pub mod simultaneous_proof_of_work;

use crate::ids::DeviceId;
use crate::registry::{Model, Registry};
use crate::units::Span;
use appeals::Appeals;
use asking::Call;
use serde::Serialize;

/// A device's answer to a challenge, as it reached the network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Answer {
    /// A correct answer after so many milliseconds.
    After(u32),
    /// An error instead of an answer (io.net's "empty list" and "wrong answer").
    Error,
    /// Nothing in time.
    Missing,
}

impl Answer {
    /// Reads an answer column, in which `u32::MAX` stands for an error.
    #[must_use]
    pub fn from_ms(ms: u32) -> Self {
        if ms == u32::MAX { Answer::Error } else { Answer::After(ms) }
    }
}

/// Why a challenge was failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Failure {
    /// Faster than the claimed model can be.
    TooFast,
    /// Slower than the claimed model may be.
    TooSlow,
    /// An error.
    Error,
    /// No answer.
    Timeout,
}

/// What an answer proves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Verdict {
    /// The answer fits the claim.
    Pass,
    /// It does not.
    Fail(Failure),
}

/// Answer times that fit a claimed model, in milliseconds, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Band {
    /// Fastest.
    pub least_ms: u32,
    /// Slowest.
    pub most_ms: u32,
}

impl Band {
    /// Judges one answer.
    #[must_use]
    pub fn judge(self, answer: Answer) -> Verdict {
        match answer {
            Answer::Missing => Verdict::Fail(Failure::Timeout),
            Answer::Error => Verdict::Fail(Failure::Error),
            Answer::After(ms) if ms < self.least_ms => Verdict::Fail(Failure::TooFast),
            Answer::After(ms) if ms > self.most_ms => Verdict::Fail(Failure::TooSlow),
            Answer::After(_) => Verdict::Pass,
        }
    }
}

/// How verdicts change a device's standing; a count of zero means never.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Consequences {
    /// Failures in a row that lead to quarantine. Default 2 (assumed).
    pub fails_to_quarantine: u16,
    /// Passes in a row that end a quarantine. Default 1 (assumed).
    pub passes_to_release: u16,
    /// Failures in a row that lead to a ban. Default 12 (assumed: three days of rounds every 6 hours).
    pub fails_to_ban: u16,
}

impl Default for Consequences {
    fn default() -> Self {
        Self { fails_to_quarantine: 2, passes_to_release: 1, fails_to_ban: 12 }
    }
}

/// A rule by which claims are checked. It is asked once per model and round, not per device.
pub trait Verification: std::fmt::Debug + Send {
    /// Name as written in a scenario.
    fn name(&self) -> &'static str;

    /// Time between rounds; none when nobody is ever challenged.
    fn interval(&self) -> Option<Span>;

    /// Devices start their challenge at an offset within this span, see [`start_offset`].
    fn window(&self) -> Span;

    /// Milliseconds that a genuine card of the claimed model needs.
    fn target_ms(&self, claim: &Model) -> u32;

    /// Answer times accepted for the claimed model; none when this model's claim is believed.
    fn band(&self, claim: &Model) -> Option<Band>;

    /// What the verdicts lead to.
    fn consequences(&self) -> Consequences {
        Consequences::default()
    }

    /// Whom the `series`-th ordinary round asks (counted from zero, repeats left out).
    fn call(&self, _series: u32) -> Call {
        Call::EVERYONE
    }

    /// Devices with the same key start their challenge at the same offset: by default those of one address.
    fn offset_key(&self, registry: &Registry, device: DeviceId) -> u64 {
        u64::from(registry.address[device.at()])
    }

    /// True when a claim is believed until a challenge is failed: turning challenges on takes nobody's standing.
    fn presumes(&self) -> bool {
        false
    }

    /// Milliseconds that a genuine card needs for the sequential work asked while it is hired.
    fn lock_ms(&self, _claim: &Model) -> u32 {
        0
    }

    /// Answer times accepted from a hired device; none when the claim of this model is then believed.
    fn lock_band(&self, _claim: &Model) -> Option<Band> {
        None
    }

    /// How often a failed challenge is repeated, at once and with the same window, before it counts. A repeat asks all of
    /// the round that share the [`Verification::offset_key`] of one who failed: it loads shared silicon as the first did.
    fn retries(&self) -> u16 {
        0
    }

    /// What an owner may do against a quarantine or a ban.
    fn appeals(&self) -> Appeals {
        Appeals::default()
    }

    /// Judges one answer by [`Verification::band`]. Rounds judge by the band, so there is no use in overriding this.
    fn judge(&self, claim: &Model, answer: Answer) -> Verdict {
        self.band(claim).map_or(Verdict::Pass, |band| band.judge(answer))
    }
}

/// Work of a challenge in GFLOP: what the claimed model does in the target time. It is fixed by the claim, so that
/// another card needs `work ÷ its own throughput`. Rounded down.
#[must_use]
pub fn work_gflop(claim: &Model, target_ms: u32) -> u64 {
    u64::from(claim.gflops) * u64::from(target_ms) / 1000
}

/// When the workers of a group start their challenge after the round was issued: uniform in `[0, window)`, the same for
/// everyone who knows the beacon, and unknown before it. The group's key is the rule's, see [`Verification::offset_key`].
///
/// Formula: `floor(h * window / 2^64)` with `h = mix(mix(beacon) + (key + 1) * 0x9E3779B97F4A7C15)`, sums and
/// products modulo 2^64, `mix` the output function of SplitMix64 (Steele, Lea and Flood 2014, variant 13 of Stafford).
#[must_use]
pub fn start_offset(beacon: u64, key: u64, window: Span) -> Span {
    let hash = keyed(beacon, key);
    let scaled = (u128::from(hash) * u128::from(window.0)) >> 64;
    Span(u64::try_from(scaled).expect("below the window, which has 64 bits"))
}

/// A number that is uniform over keys and over beacons.
fn keyed(beacon: u64, key: u64) -> u64 {
    mix(mix(beacon).wrapping_add(key.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15)))
}

/// SplitMix64's output function.
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests;
