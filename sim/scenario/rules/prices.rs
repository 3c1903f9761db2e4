//! `[protocol.prices.NAME]`: who says what a card costs an hour.

use crate::scenario::market::{Hardware, refer};
use crate::scenario::reading::{Table, Usd};
use depin_protocol::ids::ModelId;
use depin_protocol::prices::Prices;

/// Reads the form that is named, and the table of fixed prices; posted prices without one.
pub(super) fn read(t: &Table<'_>, hardware: &[Hardware]) -> Prices {
    let chosen = t.choose("prices", &["posted", "fixed"], "who sets prices: [protocol.prices.NAME]");
    let Some(("fixed", table)) = chosen else {
        return Prices::default();
    };
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
