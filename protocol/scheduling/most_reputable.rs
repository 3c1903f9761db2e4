//! Most reputable first: the best record serves, the price decides among equals.
//!
//! *Rule*: among devices that suit the request, take the highest reputation, counted in whole steps, then
//! the lowest price, then the lowest id.
//!
//! *Formula*: class = floor((10^6 − min(reputation, 10^6)) / step); fit 0; then the price.
//!
//! *Source*: RNP-004, where accumulated probe score "is reputation and gives preference". The step is assumed.
//!
//! *Known weakness*: newcomers wait behind old machines whatever their quality, and hired machines gain
//! reputation by being hired, so early luck lasts. A supplier may hire itself to be preferred later.

use super::{Candidate, Placement};
use crate::units::{ONE, Ppm};
use serde::{Deserialize, Serialize};

/// How finely reputations are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MostReputableSpec {
    /// Reputations within one step of this many ppm count as equal. A finer step files more devices anew
    /// each epoch and slows look-ups under a price limit. 10,000 (one per cent, assumed); 0 counts as 1.
    pub step_ppm: Ppm,
}

impl Default for MostReputableSpec {
    fn default() -> Self {
        MostReputableSpec { step_ppm: 10_000 }
    }
}

impl MostReputableSpec {
    /// The policy that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Placement> {
        Box::new(MostReputable { step: self.step_ppm.max(1) })
    }
}

/// See the file's header.
#[derive(Clone, Copy, Debug)]
pub struct MostReputable {
    step: Ppm,
}

impl Placement for MostReputable {
    fn name(&self) -> &'static str {
        "most_reputable"
    }

    fn class(&self, candidate: &Candidate) -> u32 {
        ONE.saturating_sub(candidate.reputation) / self.step
    }

    fn reads_reputation(&self) -> bool {
        true
    }
}
