//! Metadata only: the claim is believed.
//!
//! *Rule.* Nobody is challenged; a device is verified from the moment it is listed.
//! *Formula.* None.
//! *Source.* The state of io.net before the proof-of-work roll-out of April 2024 (its post-mortem, as reprinted by Cointelegraph).
//! *Known weakness.* A claim costs nothing: about 1.8 million fake cards tried to connect (Shadid via The Block).

use super::{Band, Verification};
use crate::registry::Model;
use crate::units::Span;

/// The rule; it has no parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct MetadataOnly;

impl Verification for MetadataOnly {
    fn name(&self) -> &'static str {
        "metadata_only"
    }

    fn interval(&self) -> Option<Span> {
        None
    }

    fn window(&self) -> Span {
        Span::ZERO
    }

    fn target_ms(&self, _claim: &Model) -> u32 {
        0
    }

    fn band(&self, _claim: &Model) -> Option<Band> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::model;
    use crate::verification::{Answer, Verdict};

    #[test]
    fn any_claim_is_believed_even_without_an_answer() {
        for answer in [Answer::Missing, Answer::Error, Answer::After(0), Answer::After(7_000_000)] {
            assert_eq!(MetadataOnly.judge(&model(1), answer), Verdict::Pass);
        }
        assert_eq!(MetadataOnly.interval(), None);
    }
}
