//! `[protocol.billing]`: what leases cost, in what, and when it is paid.

use super::super::reading::{Hours, Share, Table};
use super::ppm;
use depin_protocol::billing::{BillingSpec, LossRefund, Settlement};
use depin_protocol::ledger::Asset;
use depin_protocol::units::Span;

/// Reads `[protocol.billing]`.
pub(super) fn read(t: &Table<'_>) -> BillingSpec {
    let b = t.section("billing", "what leases cost");
    let share = |key, default, doc| ppm(b.or(key, Share(default), doc).0);
    let hours = |key, default, doc| Span(b.or(key, Hours(default), doc).ns());
    let pay_in = b.word(
        "pay_in",
        &["usd", "token"],
        Some("usd"),
        "what renters pay in; prices stay in dollars, tokens are taken at the believed price; io.net docs name both",
    );
    let settlement = b.word(
        "settlement",
        &["at_end", "hourly"],
        Some("at_end"),
        "when suppliers are paid; io.net docs: \"at end or daily\"",
    );
    let device_loss = b.word(
        "device_loss_refund",
        &["unused", "none", "whole"],
        Some("unused"),
        "what goes back to the renter when a device is lost; unused time, as io.net's rules of job pay",
    );
    let dispute = b.optional::<Hours>(
        "dispute_window_hours",
        "a renter can say \"not delivered\" of this much of the latest time; of all of it when absent",
    );
    let rent_burned = share(
        "rent_burned_share",
        0.0,
        "of what suppliers would be paid in tokens, burned instead; 1 in Render's form, RNP-001; none (assumed)",
    );
    let fees_burned =
        share("fees_burned_share", 0.0, "of the network's fees in tokens, burned; none (assumed)");
    if pay_in == "usd" && rent_burned.max(fees_burned) > 0 {
        b.problem("pay_in", "dollars are never burned", "say pay_in = \"token\"");
    }
    BillingSpec {
        rent_burned,
        fees_burned,
        renter_reservation: share("renter_reservation_fee", 0.0025, "on top of the rent; io.net docs"),
        supplier_reservation: share("supplier_reservation_fee", 0.0025, "out of the rent; io.net docs"),
        usdc_payment: share(
            "payment_fee",
            if pay_in == "token" { 0.0 } else { 0.02 },
            "for paying in USDC, 2 %; none for paying in tokens; io.net docs",
        ),
        minimum_rental: hours("minimum_rental_hours", 1.0, "shortest time billed; io.net docs"),
        unpaid_start: hours(
            "unpaid_start_hours",
            1.0,
            "a device that leaves within this is paid nothing; io.net docs",
        ),
        forfeit_step: hours(
            "forfeit_step_hours",
            1.0,
            "a lost device is paid for whole steps of this; 0: to the nanosecond; assumed",
        ),
        undelivered_refund: share(
            "undelivered_refund",
            1.0,
            "share of the rent given back when the devices did not deliver; assumed",
        ),
        dispute_window: dispute.map_or(Span::MAX, |window| Span(window.ns())),
        device_loss: match device_loss {
            "none" => LossRefund::None,
            "whole" => LossRefund::Whole,
            _ => LossRefund::Unused,
        },
        settlement: if settlement == "hourly" { Settlement::Hourly } else { Settlement::AtEnd },
        pay_in: if pay_in == "token" { Asset::Token } else { Asset::Usd },
    }
}
