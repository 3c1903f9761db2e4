//! What a renter pays for a device: its asking price, a bid, or the price of an auction.
//!
//! *Formula*, with `ask` the device's asking price and `limit` the renter's price limit, per card and hour
//!
//! ```text
//! posted               price = ask                     devices with ask <= limit
//! bids, interruptible  price = limit (the bid)         devices with ask <= limit
//! bids, on demand      price = ask * factor            devices with ask * factor <= limit
//! reverse auction      price = the device's own offer, or the lowest offer that lost
//! ```
//!
//! *Source*: posted: io.net's and Vast.ai's listings. Bids: Vast.ai, pricing page (interruptible is "50%+ cheaper", hence a
//! factor of 2). Auction: [`super::auction`].
//!
//! *Known weakness*: posted prices invite whoever is hired first to ask more; see the disciplines for the others.

use crate::command::JobRequest;
use crate::units::{ONE, Ppm, Span};
use serde::Serialize;

/// How prices are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub enum Pricing {
    /// The device's asking price.
    #[default]
    Posted,
    /// On demand at a multiple of the asking price, interruptible at what is bid.
    Bids {
        /// What on-demand jobs pay, as a multiple of the asking price; at least [`ONE`]. 2 (Vast.ai: interruptible time
        /// is "50%+ cheaper").
        on_demand: Ppm,
    },
    /// Offers for each job, the lowest of which win.
    ReverseAuction {
        /// How long offers are taken. 30 seconds (Akash, Console API quick start: "Wait 30 seconds for bids").
        window: Span,
        /// What the winners are paid.
        pays: AuctionPays,
    },
}

/// What the winners of a reverse auction are paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub enum AuctionPays {
    /// Their own offers (Akash).
    #[default]
    OwnOffer,
    /// The lowest offer that lost, or the renter's limit when none did: nobody gains by asking more than it needs.
    LowestLosing,
}

impl Pricing {
    /// The highest asking price of a device that the request can pay for.
    #[must_use]
    pub fn reach(self, request: &JobRequest) -> u32 {
        match self {
            Pricing::Bids { on_demand } if !request.interruptible => {
                let reach = u64::from(request.price_limit) * u64::from(ONE) / u64::from(on_demand.max(ONE));
                u32::try_from(reach).unwrap_or(u32::MAX)
            }
            _ => request.price_limit,
        }
    }

    /// What the request pays for a device within its reach, by its asking price; auctions settle theirs elsewhere.
    #[must_use]
    pub fn price(self, request: &JobRequest, ask: u32) -> u32 {
        match self {
            Pricing::Posted | Pricing::ReverseAuction { .. } => ask,
            Pricing::Bids { .. } if request.interruptible => request.price_limit,
            Pricing::Bids { on_demand } => {
                let price = u64::from(ask) * u64::from(on_demand.max(ONE)) / u64::from(ONE);
                u32::try_from(price).unwrap_or(u32::MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testbed::request;

    #[test]
    fn nobody_pays_more_than_its_limit_for_what_is_within_its_reach() {
        for factor in [ONE, 1_500_001, 2 * ONE, 3_333_333, u32::MAX] {
            let pricing = Pricing::Bids { on_demand: factor };
            for limit in [1, 7, 999_999, 2_000_000, u32::MAX] {
                for interruptible in [false, true] {
                    let ask = JobRequest { price_limit: limit, interruptible, ..request(1) };
                    let reach = pricing.reach(&ask);
                    assert!(pricing.price(&ask, reach) <= limit, "{factor} {limit}");
                    let beyond = u64::from(reach) + 1;
                    let dear = interruptible || beyond * u64::from(factor) > u64::from(limit) * 1_000_000;
                    assert!(dear, "a device just beyond the reach costs more than the limit");
                }
            }
        }
    }

    #[test]
    fn a_bid_is_what_is_paid_and_on_demand_costs_the_factor() {
        let pricing = Pricing::Bids { on_demand: 2 * ONE };
        let bid = JobRequest { price_limit: 700_000, interruptible: true, ..request(1) };
        assert_eq!((pricing.reach(&bid), pricing.price(&bid, 400_000)), (700_000, 700_000));
        let full = JobRequest { price_limit: 900_000, ..request(1) };
        assert_eq!((pricing.reach(&full), pricing.price(&full, 400_000)), (450_000, 800_000));
    }
}
