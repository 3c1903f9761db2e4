//! `[protocol.prices.NAME]`: what renters pay for devices.

use super::super::reading::{Positive, Seconds, Table};
use super::ppm;
use super::queueing::Queue;
use depin_protocol::market::{AuctionPays, Pricing};
use depin_protocol::units::Span;

/// Reads `[protocol.prices.NAME]`.
pub(super) fn read(t: &Table<'_>, queue: &Queue, placement: &str, shared: bool) -> Pricing {
    let bids = matches!(queue, Queue::InterruptibleBids(_));
    let names = &["posted", "bids", "reverse_auction"];
    let chosen = t.choose("prices", names, "what renters pay: [protocol.prices.NAME]");
    let pricing = match &chosen {
        Some(("bids", p)) => {
            let doc = "what on-demand jobs pay, over the asking price; 2: interruptible time is 50 % cheaper (Vast.ai)";
            let factor = p.or("on_demand_factor", Positive(2.0), doc).0;
            p.range("on_demand_factor", factor, 1.0, 1000.0);
            Pricing::Bids { on_demand: ppm(factor.clamp(1.0, 1000.0)) }
        }
        Some(("reverse_auction", p)) => {
            let doc = "how long offers are taken; 30 s as Akash's quick start waits for bids";
            let window = Span(p.or("window_seconds", Seconds(30.0), doc).ns());
            let doc = "what winners are paid: their own offers (Akash), or the lowest offer that lost";
            let pays = match p.word("winners_paid", &["own_offer", "lowest_losing"], Some("own_offer"), doc) {
                "lowest_losing" => AuctionPays::LowestLosing,
                _ => AuctionPays::OwnOffer,
            };
            Pricing::ReverseAuction { window, pays }
        }
        _ => Pricing::Posted,
    };
    if bids != matches!(pricing, Pricing::Bids { .. }) {
        t.problem(
            "prices",
            "interruptible bids need both [protocol.queueing.interruptible_bids] and [protocol.prices.bids]",
            "add the one that is missing, or remove the other",
        );
    }
    if matches!(pricing, Pricing::ReverseAuction { .. })
        && (queue.reserves() || shared || placement != "cheapest")
    {
        t.problem(
            "prices",
            "a reverse auction gives the job to the cheapest, so nothing else may choose or promise devices",
            "use [protocol.scheduling.cheapest], no [protocol.sharing] and a [protocol.queueing] without promises",
        );
    }
    pricing
}
