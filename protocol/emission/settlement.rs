//! Emission at settlement: suppliers' dollars turned into tokens at the price of the day.
//!
//! *Rule*: renters burn tokens for dollar credits when they top up; when work is settled, credits are burned and tokens
//! for as many dollars are minted to the supplier. The supply falls when the price rose in between, and grows when it fell.
//!
//! *Formula*: amount = floor(owed ÷ price) in base units; nothing while nobody knows a price. At the top-up:
//! burned = ceil(credit ÷ (price × (1 − spread))).
//!
//! *Source*: Akash AEP-76: `akt_out = floor(act_spend / P_settle)`, `akt_req = ceil(usd_exact / P_mint)`, six decimals. It
//! names a spread of 25 bps twice: once "mint/settle", once "on mint only … on the tenant side"; the second is followed,
//! since it forbids a fee on providers, and none of its worked examples applies one. Those examples round to the
//! nearest unit (666.666667, and 877.192982 where its formula's ceiling gives 877.192983); the formulas are followed.
//! Its vault of burned tokens, from which payouts are taken before anything is minted, changes what is called minted but
//! not how many tokens there are.
//!
//! *Known weakness*: every fall of the price is paid for by holders, in the days when they can least bear it; the published
//! brakes (warning and halt at a collateral ratio of 0.95 and 0.90) are not part of this schedule.

use super::ratio::{power_of_ten, tokens_for, whole};
use super::{Activity, Schedule};
use crate::units::Amount;
use serde::{Deserialize, Serialize};

/// Akash's spread on minting credits, in hundredths of a percent.
pub const AKASH_MINT_SPREAD_BPS: u32 = 25;
const BPS: u32 = 10_000;

/// What a scenario says about it. Default: Akash.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SettlementSpec {
    /// Decimals of the token; at most 38.
    pub decimals: u32,
}

impl Default for SettlementSpec {
    fn default() -> Self {
        SettlementSpec { decimals: 6 }
    }
}

impl SettlementSpec {
    /// Base units that are burned for a credit of so many micro-dollars at a price in micro-dollars, rounded up; zero
    /// without a price, or when the spread is everything.
    #[must_use]
    pub fn burned(&self, credit_usd: Amount, price_usd: Amount, spread_bps: u32) -> Amount {
        let kept = u128::from(BPS.saturating_sub(spread_bps));
        let (numerator, denominator) =
            (power_of_ten(self.decimals).saturating_mul(BPS.into()), whole(price_usd).saturating_mul(kept));
        if credit_usd <= 0 || denominator == 0 {
            return 0;
        }
        // The ceiling is the floor of what a unit less would need, and one.
        let exact = num_bigint::BigUint::from(whole(credit_usd)) * numerator - 1u32;
        super::ratio::bounded(&(exact / denominator + 1u32))
    }
}

/// Tokens for owed dollars.
#[derive(Clone, Copy, Debug)]
pub struct Settlement {
    unit: u128,
}

impl Settlement {
    /// A schedule with these decimals.
    #[must_use]
    pub fn new(spec: SettlementSpec) -> Settlement {
        Settlement { unit: power_of_ten(spec.decimals) }
    }
}

impl Schedule for Settlement {
    fn name(&self) -> &'static str {
        "settlement"
    }

    fn next(&mut self, activity: &Activity) -> Amount {
        tokens_for(activity.owed_usd, activity.price_usd, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::USD;

    /// Base units minted for whole dollars at a price in cents.
    fn minted(decimals: u32, dollars: Amount, cents: Amount) -> Amount {
        let epoch = Activity { owed_usd: dollars * USD, price_usd: cents * USD / 100, ..Activity::default() };
        Settlement::new(SettlementSpec { decimals }).next(&epoch)
    }

    fn burned(decimals: u32, dollars: Amount, cents: Amount, spread_bps: u32) -> Amount {
        SettlementSpec { decimals }.burned(dollars * USD, cents * USD / 100, spread_bps)
    }

    /// Rounded to the nearest of six decimals, as the proposal prints.
    fn printed(nanos: Amount) -> Amount {
        (nanos + 500) / 1_000
    }

    #[test]
    fn a_price_that_rose_between_top_up_and_settlement_burns_the_printed_amount() {
        let (burn, mint) = (burned(9, 1_000, 114, 0), minted(9, 1_000, 150));
        assert_eq!(
            [printed(burn), printed(mint), printed(burn - mint)],
            [877_192_982, 666_666_667, 210_526_316]
        );
    }

    #[test]
    fn a_price_that_fell_mints_the_printed_amount() {
        let (burn, mint) = (burned(9, 1_000, 114, 0), minted(9, 1_000, 90));
        assert_eq!([printed(mint), printed(mint - burn)], [1_111_111_111, 233_918_129]);
    }

    #[test]
    fn in_akashs_own_units_the_tenant_pays_the_fraction_and_the_provider_loses_it() {
        assert_eq!(burned(6, 1_000, 114, 0), 877_192_983);
        assert_eq!(minted(6, 1_000, 150), 666_666_666);
    }

    #[test]
    fn ten_million_dollars_a_month_burn_the_printed_net() {
        let (burn, mint) = (burned(6, 10_000_000, 114, 0), minted(6, 10_000_000, 125));
        assert_eq!(
            [burn / 1_000_000, mint / 1_000_000, (burn - mint) / 1_000_000],
            [8_771_929, 8_000_000, 771_929]
        );
    }

    #[test]
    fn the_spread_is_paid_by_the_tenant_alone() {
        // 1,000 / (1.14 × 0.9975) = 879.391461…
        assert_eq!(burned(6, 1_000, 114, AKASH_MINT_SPREAD_BPS), 879_391_462);
    }

    #[test]
    fn without_a_price_or_a_debt_nothing_moves() {
        assert_eq!([minted(6, 1_000, 0), minted(6, 1_000, -1), minted(6, -1, 100)], [0, 0, 0]);
        assert_eq!([burned(6, 1_000, 0, 0), burned(6, -1, 100, 0), burned(6, 1, 1, 10_000)], [0, 0, 0]);
        assert_eq!(burned(99, 1_000_000_000_000, 1, 9_999), Amount::MAX);
        assert_eq!(minted(99, 1_000_000_000_000, 1), Amount::MAX);
    }
}
