//! What the world knows of stakes: who minds them, and what anyone can see of slashes so far.

use crate::scenario::collateral::Collateral;
use depin_protocol::ledger::Purse;
use std::collections::BTreeSet;

/// Hours in a year.
pub const YEAR_HOURS: f64 = 8760.0;

/// Stakes as people see them. Empty while the network asks for none.
#[derive(Debug, Default)]
pub struct Bonds {
    /// Where, in the world's book, the dollars lie that suppliers have brought into the network.
    pub door: Purse,
    /// Owners who are about to look at their stakes.
    pub minding: BTreeSet<u32>,
    /// Stakes integrated over time, dollar-hours.
    exposure: f64,
    /// Largest total of stakes so far, dollars.
    largest: f64,
    /// Dollars seized so far and not given back.
    seized: f64,
}

impl Bonds {
    /// Stakes of so many dollars have stood for so many hours.
    pub fn observe(&mut self, usd: f64, hours: f64) {
        self.exposure += usd * hours;
        self.largest = self.largest.max(usd);
    }

    /// Dollars were seized, or given back (negative).
    pub fn seized(&mut self, usd: f64) {
        self.seized += usd;
    }

    /// Share of a stake that is slashed an hour, as far as anyone can tell: dollars seized over dollar-hours staked,
    /// where the first guess counts like some days of the largest total so far. The network publishes both sums.
    #[must_use]
    pub fn slash_rate(&self, collateral: &Collateral) -> f64 {
        let guess = collateral.slash_guess_per_year / YEAR_HOURS;
        let weight = self.largest * collateral.guess_days * 24.0;
        if weight <= 0.0 {
            return guess;
        }
        (self.seized.max(0.0) + guess * weight) / (self.exposure + weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use depin_protocol::units::Span;

    #[test]
    fn the_rate_starts_at_the_guess_and_follows_what_is_seen() {
        let collateral = Collateral {
            financing_per_year: 0.1,
            slash_guess_per_year: 0.0876,
            guess_days: 10.0,
            appeal: 0,
            review: Span::DAY,
            clears_honest: 1.0,
            clears_fake: 0.0,
        };
        let mut bonds = Bonds::default();
        let near = |got: f64, wanted: f64| assert!((got / wanted - 1.0).abs() < 1e-12, "{got} {wanted}");
        near(bonds.slash_rate(&collateral), 1e-5);
        // 1000 dollars for ten days, none slashed: the guess weighs as much as what was seen.
        bonds.observe(1000.0, 240.0);
        near(bonds.slash_rate(&collateral), 0.5e-5);
        // 480 dollars seized of 480,000 dollar-hours, guessed ones included, on top of that.
        bonds.seized(480.0);
        near(bonds.slash_rate(&collateral), 0.5e-5 + 1e-3);
        bonds.seized(-480.0);
        near(bonds.slash_rate(&collateral), 0.5e-5);
    }
}
