//! Proof of work: a challenge whose answer time must fit the claimed model.
//!
//! *Rule.* Every idle online device gets work sized for its claimed model, starts it at its own offset within the
//! window, and must answer neither later nor sooner than that model plausibly can. Leased devices are exempt.
//! *Formula.* work = claimed GFLOPS * target; pass when `too_fast * target <= answer <= tolerance * target`.
//! *Source.* io.net docs, Proof of Work (up to 15 min of load; errors and timeouts fail; hired workers exempt);
//! every 6 hours in June 2024 (Cryptonary). Target and bounds are assumed: no figure was published.
//! *Known weakness.* Cards within the tolerance of a better one pass for it; a fast card can hold its answer back
//! and pass for a slower one; slices of one card pass as long as their offsets do not overlap; who disconnects
//! before its turn gets no verdict; who rents itself is exempt. A repeat asks again all of the address at which somebody
//! failed, since these start together: slices behind one address do not get their card to themselves, those behind
//! several addresses do. A card that serves those first who failed before passes for up to 1 + `retries` slices.

use super::appeals::Appeals;
use super::{Band, Consequences, Verification};
use crate::registry::Model;
use crate::units::{ONE, Ppm, Span};
use serde::Serialize;

/// Parameters of the challenge.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Spec {
    /// Time between rounds. Default 6 hours (June 2024, Cryptonary; the docs' later cadence is hourly).
    pub interval: Span,
    /// Challenges of a round start within this span. Default 15 minutes (at most 15 min of load, io.net docs).
    pub window: Span,
    /// Time a genuine card needs. Default 60 s (assumed).
    pub target: Span,
    /// Slowest accepted answer, in ppm of the target. Default 1.35 (assumed).
    pub tolerance: Ppm,
    /// Fastest accepted answer, in ppm of the target. Default 0.5 (assumed).
    pub too_fast: Ppm,
    /// What verdicts lead to.
    pub consequences: Consequences,
    /// How often a failed challenge is repeated before it counts. Default 0 (assumed: no repeat is documented).
    pub retries: u16,
    /// What an owner may do against a quarantine or a ban. Default nothing.
    pub appeals: Appeals,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            interval: Span::HOUR.times(6),
            window: Span::MINUTE.times(15),
            target: Span::MINUTE,
            tolerance: 1_350_000,
            too_fast: 500_000,
            consequences: Consequences::default(),
            retries: 0,
            appeals: Appeals::default(),
        }
    }
}

impl Spec {
    /// The rule with these parameters.
    #[must_use]
    pub fn build(self) -> ProofOfWork {
        ProofOfWork { spec: self }
    }
}

/// The rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProofOfWork {
    spec: Spec,
}

impl ProofOfWork {
    fn share_of_target(&self, ppm: Ppm) -> u32 {
        milliseconds(self.spec.target, ppm)
    }
}

/// A share of a span in milliseconds, rounded down; never the column's mark for an error.
pub(super) fn milliseconds(span: Span, share: Ppm) -> u32 {
    let ns = u128::from(span.0) * u128::from(share) / u128::from(ONE);
    u32::try_from(ns / 1_000_000).unwrap_or(u32::MAX - 1)
}

impl Verification for ProofOfWork {
    fn name(&self) -> &'static str {
        "proof_of_work"
    }

    fn interval(&self) -> Option<Span> {
        Some(self.spec.interval)
    }

    fn window(&self) -> Span {
        self.spec.window
    }

    fn target_ms(&self, _claim: &Model) -> u32 {
        self.share_of_target(ONE)
    }

    fn band(&self, _claim: &Model) -> Option<Band> {
        Some(Band {
            least_ms: self.share_of_target(self.spec.too_fast),
            most_ms: self.share_of_target(self.spec.tolerance),
        })
    }

    fn consequences(&self) -> Consequences {
        self.spec.consequences
    }

    fn retries(&self) -> u16 {
        self.spec.retries
    }

    fn appeals(&self) -> Appeals {
        self.spec.appeals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::model;
    use crate::verification::{Answer, Failure, Verdict, work_gflop};

    /// Milliseconds that a card of `gflops` needs for what is asked of `claim`.
    fn needs(claim: &Model, gflops: u64) -> Answer {
        let work = work_gflop(claim, Spec::default().build().target_ms(claim));
        Answer::After(u32::try_from(work * 1000 / gflops).expect("short"))
    }

    #[test]
    fn an_honest_card_passes_with_a_third_of_noise() {
        let (rule, card) = (Spec::default().build(), model(165_200));
        assert_eq!(rule.target_ms(&card), 60_000);
        for gflops in [165_200, 165_200 * 100 / 134, 165_200 * 19 / 10] {
            assert_eq!(rule.judge(&card, needs(&card, gflops)), Verdict::Pass);
        }
    }

    #[test]
    fn a_slower_card_fails_as_a_faster_model() {
        let rule = Spec::default().build();
        let (rtx_4090, rtx_3050) = (model(165_200), model(18_200));
        assert_eq!(needs(&rtx_4090, 18_200), Answer::After(544_615));
        let verdict = rule.judge(&rtx_4090, needs(&rtx_4090, u64::from(rtx_3050.gflops)));
        assert_eq!(verdict, Verdict::Fail(Failure::TooSlow));
    }

    #[test]
    fn a_faster_card_that_does_not_hold_back_fails_as_a_slower_model() {
        let rule = Spec::default().build();
        let rtx_3050 = model(18_200);
        let verdict = rule.judge(&rtx_3050, needs(&rtx_3050, 165_200));
        assert_eq!(verdict, Verdict::Fail(Failure::TooFast));
    }

    #[test]
    fn both_bounds_are_themselves_accepted() {
        let (rule, card) = (Spec::default().build(), model(1_000));
        let cases = [
            (29_999, Verdict::Fail(Failure::TooFast)),
            (30_000, Verdict::Pass),
            (81_000, Verdict::Pass),
            (81_001, Verdict::Fail(Failure::TooSlow)),
        ];
        for (ms, verdict) in cases {
            assert_eq!(rule.judge(&card, Answer::After(ms)), verdict, "{ms} ms");
        }
        assert_eq!(rule.judge(&card, Answer::from_ms(u32::MAX)), Verdict::Fail(Failure::Error));
        assert_eq!(rule.judge(&card, Answer::Missing), Verdict::Fail(Failure::Timeout));
    }
}
