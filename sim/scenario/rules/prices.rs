//! `[protocol.prices.NAME]`: who says what a card costs an hour, and what renters pay for it.

use super::super::market::{Hardware, refer};
use super::super::reading::{Positive, Seconds, Table, Usd};
use super::placement::PlacementRule;
use super::ppm;
use super::queueing::Queue;
use depin_protocol::ids::ModelId;
use depin_protocol::market::{AuctionPays, Pricing};
use depin_protocol::prices::Prices;
use depin_protocol::units::Span;

/// Reads `[protocol.prices.NAME]`: the network's table of prices, and how renters pay.
pub(super) fn read(
    t: &Table<'_>,
    hardware: &[Hardware],
    queue: &Queue,
    placement: PlacementRule,
    shared: bool,
) -> (Prices, Pricing) {
    let names = &["posted", "fixed", "bids", "reverse_auction"];
    let chosen = t.choose("prices", names, "who sets prices: [protocol.prices.NAME]");
    let mut prices = Prices::default();
    let pricing = match &chosen {
        Some(("fixed", table)) => {
            prices = read_fixed(table, hardware);
            Pricing::Posted
        }
        Some(("bids", p)) => read_bids(p),
        Some(("reverse_auction", p)) => read_auction(p),
        _ => Pricing::Posted,
    };
    check(t, pricing, queue, placement, shared);
    (prices, pricing)
}

fn read_fixed(table: &Table<'_>, hardware: &[Hardware]) -> Prices {
    let models: Vec<&str> = hardware.iter().map(|h| h.name.as_str()).collect();
    let mut rows = Vec::new();
    for (name, row) in table.named_here("a model's price; models without one keep the price that is asked") {
        let price = row.require::<Usd>("usd_per_hour", "price of one card for an hour, set by the network").0;
        row.range("usd_per_hour", price as f64 / 1e6, 0.0, 4000.0);
        let model = refer(&row, "", &name, &models, "hardware");
        rows.push((ModelId(model as u16), u32::try_from(price).unwrap_or(u32::MAX)));
    }
    if rows.is_empty() {
        let hint = "add [protocol.prices.fixed.MODEL] with usd_per_hour, or name posted prices";
        table.problem("", "no model has a fixed price", hint);
    }
    Prices::fixed(rows)
}

fn read_bids(p: &Table<'_>) -> Pricing {
    let doc =
        "what on-demand jobs pay, over the asking price; 2: interruptible time is 50 % cheaper (Vast.ai)";
    let factor = p.or("on_demand_factor", Positive(2.0), doc).0;
    p.range("on_demand_factor", factor, 1.0, 1000.0);
    Pricing::Bids { on_demand: ppm(factor.clamp(1.0, 1000.0)) }
}

fn read_auction(p: &Table<'_>) -> Pricing {
    let doc = "how long offers are taken; 30 s as Akash's quick start waits for bids";
    let window = Span(p.or("window_seconds", Seconds(30.0), doc).ns());
    let doc = "what winners are paid: their own offers (Akash), or the lowest offer that lost";
    let pays = match p.word("winners_paid", &["own_offer", "lowest_losing"], Some("own_offer"), doc) {
        "lowest_losing" => AuctionPays::LowestLosing,
        _ => AuctionPays::OwnOffer,
    };
    Pricing::ReverseAuction { window, pays }
}

fn check(t: &Table<'_>, pricing: Pricing, queue: &Queue, placement: PlacementRule, shared: bool) {
    let bids = matches!(queue, Queue::InterruptibleBids(_));
    if bids != matches!(pricing, Pricing::Bids { .. }) {
        t.problem(
            "prices",
            "interruptible bids need both [protocol.queueing.interruptible_bids] and [protocol.prices.bids]",
            "add the one that is missing, or remove the other",
        );
    }
    let chosen_elsewhere =
        queue.reserves() || queue.preempts() || shared || !matches!(placement, PlacementRule::Cheapest);
    if matches!(pricing, Pricing::ReverseAuction { .. }) && chosen_elsewhere {
        t.problem(
            "prices",
            "a reverse auction gives free devices to the cheapest, so nothing else may choose, promise or take them",
            "use [protocol.scheduling.cheapest], no [protocol.sharing] and a [protocol.queueing] that neither reserves nor stops",
        );
    }
}
