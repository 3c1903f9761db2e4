//! One site first: a gang stands in one place if any place can serve it alone, else in as few as a greedy choice finds.
//!
//! *Rule*: a site is a subnet, which is all that the network sees of a place. A job takes the cheapest devices when they
//! are one device, or stand on one site. Otherwise, for the cards still missing: if a site can serve them all, the
//! smallest such site does; else the largest gives all it has; and so on until the gang is complete. Within a site the
//! cheapest serve. When that takes no fewer sites than the cheapest devices stand on, the cheapest serve after all.
//!
//! *Formula*: size of a site = its deployable cards that suit by kind and whose price lies on no higher
//! [price step](price_step) than the limit; whether it can serve is asked of the prices themselves. Equal sizes: the
//! lower subnet. After 64 sites in vain, because what they have lies between the limit and the next step, the cheapest
//! devices serve wherever they stand.
//!
//! *Source*: consolidated placement of gangs in GPU clusters: Jeon et al., "Analysis of large-scale multi-tenant GPU
//! clusters", USENIX ATC 2019 (Philly), and Gu et al., Tiresias, NSDI 2019; io.net forms clusters by location (its
//! docs). The subnet as a site, smallest that suffices (best fit), largest first otherwise, price steps of a quarter of
//! an octave and the 64 are assumed.
//!
//! *Known weakness*: a subnet says who shares a provider's prefix, not who is near: one owner's machines count as one
//! site wherever they stand. A farm that cuts cards into slices on one subnet is the largest site there is. A gang pays
//! more than the cheapest choice. Where a discipline promises devices by counts of like ones, a promise knows prices and
//! kinds but no sites, and devices are taken by price and id.

use super::Placement;
use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneSiteFirstSpec {}

impl OneSiteFirstSpec {
    /// The policy that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn Placement> {
        Box::new(OneSiteFirst)
    }
}

/// See the file's header.
#[derive(Clone, Copy, Debug)]
pub struct OneSiteFirst;

impl Placement for OneSiteFirst {
    fn name(&self) -> &'static str {
        "one_site_first"
    }

    fn gathers(&self) -> bool {
        true
    }
}

/// The step of a price: four to an octave, of equal width within it. A lower price has no higher step.
#[must_use]
pub fn price_step(price: u32) -> u8 {
    match price.checked_ilog2() {
        Some(octave @ 2..) => (4 * octave + (price >> (octave - 2) & 3)) as u8,
        _ => price as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_a_quarter_of_an_octave() {
        // 2^18 = 262,144; the octave above it in four parts of 65,536.
        let edges = [262_144, 327_680, 393_216, 458_752, 524_288];
        let steps = edges.map(price_step);
        assert_eq!(steps, [72, 73, 74, 75, 76]);
        assert_eq!(edges.map(|edge| price_step(edge - 1)), [71, 72, 73, 74, 75]);
        assert_eq!(price_step(u32::MAX), 127);
    }

    #[test]
    fn a_lower_price_has_no_higher_step() {
        assert!((0..100_000).map(price_step).is_sorted());
        assert!((0..32).map(|bits| price_step(u32::MAX >> bits)).rev().is_sorted());
    }
}
