//! Burn and mint: renters' tokens are burned for their work, and those who did it share newly minted ones.
//!
//! *Rule*: a device weighs the dollars that its work came to. What they share depends on the network: Render mints an
//! amount that does not hang on what was burned, and pays all of it; Helium pays for data at most what the data was worth,
//! and the rest goes elsewhere; Akash mints what a lease is worth when it is settled, and no more. What is burned is a
//! matter of billing ([`crate::billing::BillingSpec::rent_burned`]), what is minted in all one of emission: Helium's net
//! emissions and Akash's settlement are schedules of their own.
//!
//! *Formula*: weight = rent in micro-dollars, before fees and refunds. Render: pay = offer. Helium and Akash: pay =
//! min(offer, floor(Σ weights ÷ price)), and nothing while nobody knows a price.
//!
//! *Source*: Render: RNP-001 and RNP-006 (`[render_bme]`, "mint_is_function_of_burn = false"). Helium: HIP-10, "rewarded at
//! a 1:1 rate with the value of DC delivered", up to its part of the emission, beyond it "proportionally"; its worked
//! example prints a credit as 0.0001 USD where its result of 50 HNT and HIP-20 have 0.00001, which is followed. Akash:
//! AEP-76, "akt_out = floor(act_spend / P_settle)"; see [`crate::emission::Settlement`], whose arithmetic this is.
//!
//! *Known weakness*: whoever rents from itself is its own work. Under Render's form every burned token that is worth less
//! than its share of the mint pays to be burned: the less real work there is, the more a dollar of false work earns.
//! Helium's cap was made against that. Idle machines earn nothing, so supply has to wait for demand. It breaks the Sybil
//! law by copies: rent that is paid k times is work k times.

use super::{Draw, EARNS_NOTHING, EpochRecord, Needs, Offer, RewardRule};
use crate::emission::{Activity, tokens_for};
use crate::units::{Amount, TOKEN};
use serde::{Deserialize, Serialize};

/// Whose mint is shared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BurnAndMintSpec {
    /// All that is on offer, by share of work.
    #[default]
    Render,
    /// What the work was worth at the most.
    Helium,
    /// What the work is worth when it is settled; the offer is a bound that the network does not have.
    Akash,
}

impl BurnAndMintSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(BurnAndMint { form: self })
    }
}

/// Pay by share of work in dollars.
#[derive(Debug)]
pub struct BurnAndMint {
    form: BurnAndMintSpec,
}

impl RewardRule for BurnAndMint {
    fn name(&self) -> &'static str {
        match self.form {
            BurnAndMintSpec::Render => "burn_and_mint.render",
            BurnAndMintSpec::Helium => "burn_and_mint.helium",
            BurnAndMintSpec::Akash => "burn_and_mint.akash",
        }
    }

    fn needs(&self) -> Needs {
        Needs { earned: true, price: self.form != BurnAndMintSpec::Render, ..Needs::default() }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        let n = record.len();
        assert_eq!(weights.len(), n, "a weight for every device");
        let earned = &record.earned[..n];
        for (i, (weight, flags)) in weights.iter_mut().zip(record.flags).enumerate() {
            *weight = earned[i] * u64::from(flags & EARNS_NOTHING == 0);
        }
    }

    fn draw(&self, offer: &Offer) -> Draw {
        let pay = match self.form {
            BurnAndMintSpec::Render => offer.tokens,
            BurnAndMintSpec::Helium | BurnAndMintSpec::Akash => {
                let owed = Amount::try_from(offer.points).unwrap_or(Amount::MAX);
                let price = offer.price.map_or(0, |rate| rate.micro_dollars().into());
                tokens_for(owed, price, TOKEN.unsigned_abs()).min(offer.tokens)
            }
        };
        Draw { pay, burn: 0 }
    }

    /// Weights are dollars owed.
    fn activity(&self, points: u128) -> Activity {
        Activity { owed_usd: Amount::try_from(points).unwrap_or(Amount::MAX), ..Activity::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::TokenRate;
    use crate::emission::net_emissions::Remint;
    use crate::emission::{ConstantSpec, NetEmissionsSpec, ScheduleSpec};
    use crate::registry::{Model, flag};
    use crate::rewards::{Columns, Row, split};
    use crate::units::{ONE, Span, USD};
    use BurnAndMintSpec::{Akash, Helium, Render};

    fn weigh(rows: Vec<Row>) -> Vec<u64> {
        let model = Model { name: "a card".into(), memory_mb: 0, gflops: 0, multiplier: ONE };
        Columns::new(rows, vec![model]).weigh(Render.build().as_mut())
    }

    fn worked(dollars: u64) -> Row {
        Row { up_ns: Span::HOUR.0, hired_ns: Span::HOUR.0, earned: dollars * 1_000_000, ..Row::default() }
    }

    /// Base units paid of an offer for so many dollars of work at a price in micro-dollars.
    fn paid(form: BurnAndMintSpec, tokens: Amount, dollars: Amount, price: u64) -> Amount {
        let points = (dollars * USD).unsigned_abs();
        let draw = form.build().draw(&Offer { tokens: tokens * TOKEN, points, price: TokenRate::new(price) });
        assert_eq!(draw.burn, 0, "what is burned was burned by the bill");
        draw.pay
    }

    #[test]
    fn idle_and_excluded_machines_earn_nothing_whatever_they_are() {
        let idle = Row { up_ns: Span::HOUR.0, cards: 8, ..Row::default() };
        let banned = Row { flags: flag::BANNED, ..worked(5) };
        assert_eq!(weigh(vec![worked(3), idle, banned]), [3_000_000, 0, 0]);
    }

    #[test]
    fn renders_mint_is_shared_by_work_however_little_was_burned() {
        // Half of the first year's 760,567 a month went to nodes.
        let (mint, weights) = (380_283 * TOKEN, weigh(vec![worked(1), worked(3)]));
        assert_eq!(Render.build().draw(&Offer { tokens: mint, points: 4_000_000, price: None }).pay, mint);
        let mut shares = Vec::new();
        assert_eq!(split(mint, &weights, &mut shares), 0);
        assert_eq!(shares, [mint / 4, mint / 4 * 3]);
    }

    #[test]
    fn fifty_hnt_are_paid_for_a_hundred_dollars_of_data_at_two_dollars() {
        // 10,000,000 credits of 0.00001 USD; 1,625,000 HNT were on offer.
        assert_eq!(paid(Helium, 1_625_000, 100, 2_000_000), 50 * TOKEN);
    }

    #[test]
    fn four_hundred_billion_credits_share_what_is_on_offer() {
        assert_eq!(paid(Helium, 1_625_000, 4_000_000, 2_000_000), 1_625_000 * TOKEN);
    }

    #[test]
    fn a_settlement_mints_what_the_lease_is_worth_at_the_price_of_that_day() {
        // AEP-76: 1,000 dollars at 1.50 are 666.666667 (printed to the nearest), at 0.90 1,111.111111.
        assert_eq!(paid(Akash, 10_000, 1_000, 1_500_000), 66_666_666_666);
        assert_eq!(paid(Akash, 10_000, 1_000, 900_000), 111_111_111_111);
    }

    #[test]
    fn without_a_price_only_render_pays() {
        assert_eq!([Render, Helium, Akash].map(|form| paid(form, 10, 100, 0)), [10 * TOKEN, 0, 0]);
    }

    #[test]
    fn self_dealing_pays_under_render_while_others_work_little_and_never_under_helium() {
        // A dollar a token; an owner rents its own machine for 100 dollars, all others work for 10; 1,000 are minted.
        let own = |form| paid(form, 1_000, 110, 1_000_000) * 100 / 110;
        assert!(own(Render) > 900 * TOKEN, "burning 100 tokens brought {}", own(Render));
        assert_eq!(own(Helium), 100 * TOKEN, "it gets back what it burned at best");
    }

    #[test]
    fn ten_hnt_burned_are_ten_more_for_those_who_worked() {
        let fixed = Box::new(ScheduleSpec::Constant(ConstantSpec { per_epoch: 3_424 * TOKEN }));
        let mut schedule =
            ScheduleSpec::NetEmissions(NetEmissionsSpec { fixed, remint: Remint::Uncapped }).build();
        let minted = schedule.next(&Activity { burned: 10 * TOKEN, ..Activity::default() });
        let draw = Render.build().draw(&Offer { tokens: minted, points: 1, price: None });
        assert_eq!(draw.pay, 3_434 * TOKEN);
    }
}
