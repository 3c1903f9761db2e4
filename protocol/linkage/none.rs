//! No linkage: accounts are what they say they are.
//!
//! *Rule.* Nobody is ever flagged.
//! *Formula.* Score 0.
//! *Source.* The state before any purge; the null to compare the others with.
//! *Known weakness.* Identities cost nothing, so any cap or concavity per account is void.

use super::{Evidence, Linkage};
use crate::units::Ppm;

/// The rule; it has no parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct NoLinkage;

impl Linkage for NoLinkage {
    fn name(&self) -> &'static str {
        "none"
    }

    fn watches(&self) -> bool {
        false
    }

    fn score(&self, _evidence: &Evidence) -> Ppm {
        0
    }
}
