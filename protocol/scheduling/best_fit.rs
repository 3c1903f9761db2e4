//! Best fit: leave as few cards idle as possible, and keep large memories for those who need them.
//!
//! *Rule*: for the cards still missing, take the device that leaves the fewest of its own cards over, then
//! the smallest memory that suffices, then the lowest price, then the lowest id; repeat until the gang is
//! complete.
//!
//! *Formula*: fit = max(0, cards − missing) · 2^32 + memory in megabytes; class 0; then the price.
//!
//! *Source*: best fit of bin packing (Johnson 1973), applied device by device.
//!
//! *Known weakness*: greedy, so a gang over several devices may leave more over than the best combination
//! would. A large gang takes small devices first when their memory and price are no worse, and so crosses
//! more hosts than it must. It pays more than the cheapest placement whenever the better fit is dearer.

use super::Placement;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BestFitSpec {}

impl BestFitSpec {
    /// The policy that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Placement> {
        Box::new(BestFit)
    }
}

/// See the file's header.
#[derive(Clone, Copy, Debug)]
pub struct BestFit;

impl Placement for BestFit {
    fn name(&self) -> &'static str {
        "best_fit"
    }

    fn fit(&self, cards: u16, memory_mb: u32, missing: u32) -> u64 {
        let left_over = u32::from(cards).saturating_sub(missing);
        u64::from(left_over) << 32 | u64::from(memory_mb)
    }
}
