//! One hardware shop: purchase prices move with buying ahead of deliveries, used prices with selling.

use crate::scenario::market::Shop;

/// A shop's state.
#[derive(Clone, Debug)]
pub struct Counter {
    /// Weeks of supply that buyers are ahead of deliveries.
    pub backlog: f64,
    /// Weeks of supply sold second-hand and not yet absorbed.
    pub glut: f64,
    /// Machines a week without a price rise, after scale.
    pub weekly: f64,
    /// Machines sold.
    pub sold: u64,
    /// Highest price asked, micro-dollars.
    pub peak_price: i128,
}

impl Counter {
    /// The shop on its first day.
    #[must_use]
    pub fn new(spec: &Shop, weekly: u64) -> Counter {
        Counter { backlog: 0.0, glut: 0.0, weekly: weekly as f64, sold: 0, peak_price: spec.price }
    }

    /// Today's price of one machine: log price rises by `impact` per week of backlog.
    #[must_use]
    pub fn price(&self, spec: &Shop) -> i128 {
        (spec.price as f64 * libm::exp(spec.impact * self.backlog)) as i128
    }

    /// What a used machine fetches: a share of the list price, less as others sell.
    #[must_use]
    pub fn resale(&self, spec: &Shop) -> i128 {
        (spec.price as f64 * spec.resale_share * libm::exp(-spec.resale_impact * self.glut)) as i128
    }

    /// Someone buys.
    pub fn buy(&mut self, spec: &Shop, machines: u64) {
        self.sold += machines;
        self.backlog += machines as f64 / self.weekly;
        self.peak_price = self.peak_price.max(self.price(spec));
    }

    /// Someone sells used machines.
    pub fn sell(&mut self, machines: u64) {
        self.glut += machines as f64 / self.weekly;
    }

    /// A day passes: deliveries of a seventh of a week's supply, and backlog and glut fade.
    pub fn day(&mut self, spec: &Shop) {
        let fade = libm::exp2(-1.0 / spec.relief_days);
        self.backlog = (self.backlog - 1.0 / 7.0).max(0.0) * fade;
        self.glut *= libm::exp2(-1.0 / 30.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mac() -> Shop {
        Shop {
            name: "mac".into(),
            hardware: 0,
            price: 290_000_000,
            cards_per_machine: 1,
            weekly_supply: 1000,
            impact: 0.2,
            relief_days: 7.0,
            resale_share: 0.5,
            resale_impact: 0.1,
        }
    }

    #[test]
    fn buying_ahead_of_deliveries_raises_the_price_and_time_brings_it_back() {
        let spec = mac();
        let mut counter = Counter::new(&spec, 1000);
        for _ in 0..14 {
            counter.buy(&spec, 300);
            counter.day(&spec);
        }
        let high = counter.price(&spec);
        assert!(high > spec.price * 11 / 10, "price {high}");
        for _ in 0..60 {
            counter.day(&spec);
        }
        assert_eq!(counter.price(&spec), spec.price);
    }

    #[test]
    fn used_machines_fetch_half_and_less_when_the_crowd_leaves() {
        let spec = mac();
        let mut counter = Counter::new(&spec, 1000);
        assert_eq!(counter.resale(&spec), spec.price / 2);
        counter.sell(10_000);
        assert!(counter.resale(&spec) < spec.price / 4);
    }
}
