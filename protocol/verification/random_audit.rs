//! Random audit: each round asks a few devices, drawn by the beacon, and believes the others.
//!
//! *Rule.* A claim is believed until an audit is failed. Each round draws idle online devices by lot, a share or a
//! count; who failed its latest audit is asked again at every round (`recheck`), so that it can pass out of quarantine.
//! *Formula.* A share s: device d is asked when `lot(beacon, d) < s * 2^64`, so that each is asked with probability s
//! independently; a fake is asked within r rounds with probability `1 - (1 - s)^r`. A count n: the n lowest lots. The
//! challenge is that of proof of work.
//! *Source.* Aethir's checkers test capacity by spot checks (Aethir docs); the form, share, count and
//! consequences are assumed.
//! *Known weakness.* A fake earns until it is drawn; siblings of one card are rarely drawn together, so that slices
//! pass unless the share is high; a lot that draws a hired device is none, because hired devices are exempt.

use super::appeals::Appeals;
use super::asking::{Call, Sample};
use super::proof_of_work::{self, ProofOfWork};
use super::{Band, Consequences, Verification};
use crate::registry::Model;
use crate::units::Span;
use serde::Serialize;

/// How many are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Draw {
    /// Each idle online device with this probability, in ppm.
    Share(crate::units::Ppm),
    /// So many of them.
    Count(u32),
}

/// Parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Spec {
    /// The challenge itself, with the consequences of a failed audit. Default: quarantine at the first failure, since
    /// audits are rare, ban at the third in a row (assumed); otherwise as proof of work.
    pub work: proof_of_work::Spec,
    /// How many are drawn. Default 5 % (assumed).
    pub draw: Draw,
    /// Who failed its latest audit is asked at every round. Default true (assumed).
    pub recheck: bool,
}

impl Default for Spec {
    fn default() -> Self {
        let consequences = Consequences { fails_to_quarantine: 1, passes_to_release: 1, fails_to_ban: 3 };
        let work = proof_of_work::Spec { consequences, ..proof_of_work::Spec::default() };
        Self { work, draw: Draw::Share(50_000), recheck: true }
    }
}

impl Spec {
    /// The rule with these parameters.
    #[must_use]
    pub fn build(self) -> RandomAudit {
        RandomAudit { work: self.work.build(), draw: self.draw, recheck: self.recheck }
    }
}

/// The rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RandomAudit {
    work: ProofOfWork,
    draw: Draw,
    recheck: bool,
}

impl Verification for RandomAudit {
    fn name(&self) -> &'static str {
        "random_audit"
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

    fn call(&self, _series: u32) -> Call {
        let idle = match self.draw {
            Draw::Share(share) => Sample::Share(share),
            Draw::Count(count) => Sample::Count(count),
        };
        Call { idle, recheck: self.recheck, hired: false }
    }

    fn presumes(&self) -> bool {
        true
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
