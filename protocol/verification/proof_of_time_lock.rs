//! Proof of time-lock: hired devices show at an interval that the claimed card is there and theirs alone.
//!
//! *Rule.* Every round asks hired online devices for sequential work, which nothing can divide: its answer time must
//! fit the claimed model. Idle devices, whom hire would exempt, get the ordinary proof of work at every `idle_every`-th
//! round. At 0 their claims are believed, and only who failed last is asked, so that it can pass again.
//! *Formula.* pass when `fastest * lock_target <= answer <= slowest * lock_target`. Work is what the claimed model does
//! alone in `lock_target`; a card under n leases gives each of them 1/n, so that n slices need n times as long.
//! *Source.* io.net docs: uptime (proof of time-lock) is tested at every block close, hourly; hired workers are exempt
//! from proof of work and "time-lock still applies". Proof of work every 6 hours in June 2024 (Cryptonary). Target and
//! bounds are assumed; that a lease leaves room for the proof is assumed.
//! *Known weakness.* One hired slice of a card whose other slices are idle has the card to itself and passes; cards
//! near a better one pass for it; whoever ends the lease before the answer is still judged, but whoever is hired after
//! the issue is asked nothing until the next round.

use super::appeals::Appeals;
use super::asking::{Call, Sample};
use super::proof_of_work::{self, ProofOfWork, milliseconds};
use super::{Band, Consequences, Verification};
use crate::registry::Model;
use crate::units::{ONE, Ppm, Span};
use serde::Serialize;

/// Parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Spec {
    /// Interval and window of all rounds (default hourly, io.net docs), the challenge of idle devices, and consequences.
    pub work: proof_of_work::Spec,
    /// Idle devices are asked at every so-manieth round; 0: never. Default 6 (every 6 hours; June 2024, Cryptonary).
    pub idle_every: u32,
    /// Time a genuine card needs for the sequential work. Default 60 s (assumed).
    pub target: Span,
    /// Slowest accepted answer, in ppm of that. Default 1.35 (assumed).
    pub tolerance: Ppm,
    /// Fastest accepted answer, in ppm of that. Default 0.5 (assumed).
    pub too_fast: Ppm,
}

impl Default for Spec {
    fn default() -> Self {
        let work = proof_of_work::Spec { interval: Span::HOUR, ..proof_of_work::Spec::default() };
        Self { work, idle_every: 6, target: Span::MINUTE, tolerance: 1_350_000, too_fast: 500_000 }
    }
}

impl Spec {
    /// The rule with these parameters.
    #[must_use]
    pub fn build(self) -> ProofOfTimeLock {
        ProofOfTimeLock { work: self.work.build(), spec: self }
    }
}

/// The rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProofOfTimeLock {
    work: ProofOfWork,
    spec: Spec,
}

impl Verification for ProofOfTimeLock {
    fn name(&self) -> &'static str {
        "proof_of_time_lock"
    }

    fn interval(&self) -> Option<Span> {
        self.work.interval()
    }

    fn window(&self) -> Span {
        self.work.window()
    }

    fn target_ms(&self, claim: &Model) -> u32 {
        self.work.target_ms(claim)
    }

    fn band(&self, claim: &Model) -> Option<Band> {
        self.work.band(claim)
    }

    fn consequences(&self) -> Consequences {
        self.work.consequences()
    }

    fn call(&self, series: u32) -> Call {
        let asks_idle = self.spec.idle_every > 0 && series.is_multiple_of(self.spec.idle_every);
        Call {
            idle: if asks_idle { Sample::All } else { Sample::Nobody },
            recheck: self.presumes(),
            hired: true,
        }
    }

    fn presumes(&self) -> bool {
        self.spec.idle_every == 0
    }

    fn lock_ms(&self, _claim: &Model) -> u32 {
        milliseconds(self.spec.target, ONE)
    }

    fn lock_band(&self, _claim: &Model) -> Option<Band> {
        Some(Band {
            least_ms: milliseconds(self.spec.target, self.spec.too_fast),
            most_ms: milliseconds(self.spec.target, self.spec.tolerance),
        })
    }

    fn retries(&self) -> u16 {
        self.work.retries()
    }

    fn appeals(&self) -> Appeals {
        self.work.appeals()
    }
}

#[cfg(test)]
mod tests;
