//! Cheapest first: the lowest asking price serves.
//!
//! *Rule*: among devices that suit the request, take the lowest price per card, then the lowest id.
//!
//! *Formula*: fit 0, class 0; the price decides.
//!
//! *Source*: the usual rule of an open market with posted prices; that io.net's own matching was price-led
//! is assumed.
//!
//! *Known weakness*: a large device may be spent on a small request while small ones idle; it says nothing
//! about quality, so the cheapest fake is hired first. Among equal prices the oldest listing always wins.

use super::Placement;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheapestSpec {}

impl CheapestSpec {
    /// The policy that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Placement> {
        Box::new(Cheapest)
    }
}

/// See the file's header.
#[derive(Clone, Copy, Debug)]
pub struct Cheapest;

impl Placement for Cheapest {
    fn name(&self) -> &'static str {
        "cheapest"
    }
}
