//! One cloud offer: stock, what outside renters hold, and the quote.

use crate::scenario::market::{Cloud, Pricing};

/// An offer's state. Cards are counted; money is micro-dollars per card and month.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Cards that exist now.
    pub stock: f64,
    /// Cards rented to suppliers and farms.
    pub rented: u64,
    /// Today's quote.
    pub quote: i128,
    /// The first quote.
    pub first_quote: i128,
    /// Cards asked for since the last look, whether or not they could be had.
    pub asked: u64,
    /// Cards asked for in vain since the last look.
    pub unmet: u64,
    /// Smoothed excess demand, as a share of stock.
    pub pressure: f64,
    /// Log of quote over first quote.
    pub log_quote: f64,
    /// Highest quote so far.
    pub peak_quote: i128,
}

impl Offer {
    /// The offer on its first day, with `stock` cards.
    #[must_use]
    pub fn new(spec: &Cloud, stock: u64) -> Offer {
        Offer {
            stock: stock as f64,
            rented: 0,
            quote: spec.quote,
            first_quote: spec.quote,
            asked: 0,
            unmet: 0,
            pressure: 0.0,
            log_quote: 0.0,
            peak_quote: spec.quote,
        }
    }

    /// Cards that outside AI renters hold at today's quote: they give way as it rises, by their elasticity,
    /// and come back as far as there is room.
    #[must_use]
    pub fn outside(&self, spec: &Cloud) -> f64 {
        let wanted = self.stock * spec.outside_share * libm::exp(-spec.outside_elasticity * self.log_quote);
        wanted.min((self.stock - self.rented as f64).max(0.0))
    }

    /// Cards free to rent now.
    #[must_use]
    pub fn free(&self, spec: &Cloud) -> u64 {
        (self.stock - self.rented as f64 - self.outside(spec)).max(0.0) as u64
    }

    /// Share of the stock that someone holds.
    #[must_use]
    pub fn occupancy(&self, spec: &Cloud) -> f64 {
        if self.stock <= 0.0 { 1.0 } else { (self.rented as f64 + self.outside(spec)) / self.stock }
    }

    /// Takes up to `cards`, in whole machines; what cannot be had counts as unmet demand. Returns cards taken.
    pub fn take(&mut self, spec: &Cloud, cards: u64) -> u64 {
        self.asked += cards;
        let unit = u64::from(spec.cards_per_machine);
        let got = cards.min(self.free(spec)) / unit * unit;
        let got = if got < spec.min_cards { 0 } else { got };
        self.unmet += cards - got;
        self.rented += got;
        got
    }

    /// Gives cards back.
    pub fn give_back(&mut self, cards: u64) {
        self.rented -= cards.min(self.rented);
    }

    /// A day passes: new cards come, and a room moves its log quote by
    /// `gain × (how far occupancy exceeds the target, as a share of what is left + unmet demand ÷ stock)`, demand being
    /// smoothed over the lag; competition pulls the quote back toward the first one by `1 ÷ relief days`.
    /// A list-price cloud keeps its quote.
    pub fn requote(&mut self, spec: &Cloud) {
        let unmet = if self.stock > 0.0 { self.unmet as f64 / self.stock } else { 0.0 };
        self.pressure += (unmet - self.pressure) / spec.quote_lag_days;
        self.asked = 0;
        self.unmet = 0;
        self.stock += self.stock * spec.restock_share_month / 30.0 * self.pressure.min(1.0);
        if spec.pricing == Pricing::List {
            return;
        }
        let above =
            (self.occupancy(spec) - spec.target_occupancy).max(0.0) / (1.0 - spec.target_occupancy).max(0.01);
        let pull = self.log_quote / spec.quote_relief_days;
        self.log_quote = (self.log_quote + spec.quote_gain * (above + self.pressure) - pull).clamp(0.0, 4.0);
        self.quote = (self.first_quote as f64 * libm::exp(self.log_quote)) as i128;
        self.peak_quote = self.peak_quote.max(self.quote);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> Cloud {
        Cloud {
            name: "room".into(),
            provider: "room".into(),
            hardware: 0,
            site: 0,
            pricing: Pricing::Room,
            quote: 100_000_000,
            stock: 1000,
            min_cards: 1,
            cards_per_machine: 1,
            term_days: 30.0,
            tier: 2,
            outside_share: 0.5,
            outside_elasticity: 1.0,
            quote_gain: 0.1,
            target_occupancy: 0.8,
            quote_lag_days: 3.0,
            quote_relief_days: 60.0,
            restock_share_month: 0.0,
            machines_per_subnet: 200,
            image_share: 0.0,
        }
    }

    #[test]
    fn a_room_raises_its_quote_while_orders_go_unmet_and_lowers_it_when_empty() {
        let spec = room();
        let mut offer = Offer::new(&spec, 1000);
        for _ in 0..20 {
            let _ = offer.take(&spec, 2000);
            offer.requote(&spec);
        }
        let high = offer.quote;
        assert!(high > 2 * spec.quote, "quote {high}");
        offer.give_back(offer.rented);
        for _ in 0..200 {
            offer.requote(&spec);
        }
        assert!(offer.quote < high / 2, "quote {}", offer.quote);
    }

    #[test]
    fn a_list_price_cloud_rations_instead_of_re_quoting() {
        let spec = Cloud { pricing: Pricing::List, ..room() };
        let mut offer = Offer::new(&spec, 1000);
        assert_eq!(offer.take(&spec, 800), 500, "outside renters hold half");
        for _ in 0..50 {
            assert_eq!(offer.take(&spec, 100), 0);
            offer.requote(&spec);
        }
        assert_eq!(offer.quote, spec.quote);
    }

    #[test]
    fn orders_below_the_minimum_get_nothing_and_machines_are_whole() {
        let spec = Cloud { min_cards: 16, cards_per_machine: 8, ..room() };
        let mut offer = Offer::new(&spec, 1000);
        assert_eq!(offer.take(&spec, 8), 0);
        assert_eq!(offer.take(&spec, 23), 16);
    }

    #[test]
    fn outside_renters_give_way_to_a_higher_quote() {
        let spec = room();
        let mut offer = Offer::new(&spec, 1000);
        let before = offer.free(&spec);
        offer.log_quote = 0.7;
        assert!(offer.free(&spec) > before);
    }
}
