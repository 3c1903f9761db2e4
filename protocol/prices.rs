//! Prices: who says what a card costs an hour.
//!
//! *Rule*: posted, the owner of a device asks what it likes (the default). Fixed per class, the network has a table of
//! prices by model: a device is listed at the price of the model that it claims, whatever its owner asks. A model
//! without a row keeps the price that its owner asks. A price stands for as long as the device is listed.
//!
//! *Formula*: price = table\[claimed model\], or the asking price where there is none.
//!
//! *Source*: Salad charges by GPU class and priority, from a list of its own (its docs, billing); on Nosana a market
//! stands for one type of GPU and has one job price, and hosts join it or do not (its docs, markets); RNP-004, io.net's
//! ancestor, had a target price per model. In none of them does a host name a price, so nobody is refused for asking
//! more. That a network mixes both forms is assumed.
//!
//! *Known weakness*: the table does not follow the market: too low, and in life suppliers stay away (here they list at
//! any price); too high, and jobs find no match. Among devices of one model the price tells nothing, so a placement
//! by price takes the oldest listing. The claim sets the price, so a false claim is also paid as one.

use crate::command::Claim;
use crate::ids::ModelId;

/// See the file's header. The default has no row: all prices are posted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Prices {
    /// By model, micro-dollars per card and hour.
    fixed: Vec<Option<u32>>,
}

impl Prices {
    /// Prices of these models, micro-dollars per card and hour; a later row replaces an earlier one.
    #[must_use]
    pub fn fixed(rows: impl IntoIterator<Item = (ModelId, u32)>) -> Prices {
        let mut fixed = Vec::new();
        for (model, price) in rows {
            fixed.resize(fixed.len().max(model.at() + 1), None);
            fixed[model.at()] = Some(price);
        }
        Prices { fixed }
    }

    /// The claim at the price at which it is listed.
    #[must_use]
    pub fn set(&self, claim: Claim) -> Claim {
        let price = self.fixed.get(claim.model.at()).copied().flatten();
        Claim { price: price.unwrap_or(claim.price), ..claim }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn priced(prices: &Prices, model: u16, ask: u32) -> u32 {
        let claim = Claim { model: ModelId(model), price: ask, ..crate::testbed::claim(1, 0) };
        prices.set(claim).price
    }

    #[test]
    fn a_model_with_a_row_has_its_price_and_any_other_what_is_asked() {
        let prices = Prices::fixed([(ModelId(3), 40), (ModelId(1), 0)]);
        for ask in [0, 39, 40, 41, u32::MAX] {
            assert_eq!(
                [0, 1, 2, 3, 4, u16::MAX].map(|m| priced(&prices, m, ask)),
                [ask, 0, ask, 40, ask, ask]
            );
            assert_eq!(priced(&Prices::default(), 3, ask), ask);
        }
    }
}
