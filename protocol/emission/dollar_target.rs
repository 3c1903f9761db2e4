//! Emission by need: suppliers are owed dollars, and only the tokens for them are released.
//!
//! *Rule*: each epoch releases what its dollars cost at the day's price, from the reward vault first and from the fee
//! vault when that is empty; what is missing then has to be met by other parameters (the price of hardware, the target
//! return) and is reported. When an epoch needs less than its allowance, at least half of the difference is burned
//! unreleased; the rest stays in the reward vault.
//!
//! *Formula*: need = floor(owed ÷ price); released = min(need, reward vault); from fees = min(need − released, fee
//! vault); missing = the rest; burned = floor(max(0, allowance − need) × share), from the reward vault.
//!
//! *Source*: io.net's Incentive Dynamic Engine, summaries of 2025 and 2026 (facts 2.4, `[ionet_ide]`): payout ÷ price, the
//! order of draws, at least 50 % of the surplus, 231 million IO not yet emitted. No full formula was published. Assumed
//! are: that the reward vault is that remainder at once; that an epoch's allowance is what the hourly schedule's fall
//! would release of it by the same last hour (158,145 hours from June 2026 on); that the fee vault starts empty and is
//! filled by nobody here; that surplus is measured against the need, so that a starved epoch has none; that an epoch
//! without a known price releases and burns nothing; that rounding is down.
//!
//! *Known weakness*: the price decides how long the vault lasts, and a falling price empties it at the time when tokens buy the
//! least; a target in dollars pays for machines that nobody hires as well.

use super::geometric::{Base, First, GeometricSpec, IONET_HOURLY_FALL};
use super::ratio::{floor_ratio, power_of_ten, tokens_for};
use super::{Activity, Decimal, Schedule, ScheduleSpec};
use crate::units::{Amount, ONE, Ppm, TOKEN};
use serde::{Deserialize, Serialize};

/// What io.net had not yet emitted in June 2026, in base units.
pub const IONET_REMAINDER: Amount = 231_000_000 * TOKEN;

/// What a scenario says about it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DollarTargetSpec {
    /// Base units that the reward vault holds, all that will ever be released.
    pub reward_vault: Amount,
    /// Base units that the fee vault holds; they exist already.
    pub fee_vault: Amount,
    /// What an epoch may need before nothing of it is surplus.
    pub allowance: Box<ScheduleSpec>,
    /// The part of a surplus that is burned.
    pub burned_ppm: Ppm,
    /// Decimals of the token; at most 38.
    pub decimals: u32,
}

impl DollarTargetSpec {
    /// io.net from June 2026 on, an epoch being an hour; what is assumed of it is said above.
    #[must_use]
    pub fn ionet_ide() -> DollarTargetSpec {
        DollarTargetSpec {
            reward_vault: IONET_REMAINDER,
            fee_vault: 0,
            allowance: Box::new(ScheduleSpec::Geometric(GeometricSpec {
                base: Base::Fixed(IONET_REMAINDER),
                rate: Decimal::new(1, 0),
                rate_epochs: 158_145,
                first: First::Summed,
                factor: IONET_HOURLY_FALL.one_minus(),
            })),
            burned_ppm: ONE / 2,
            decimals: 8,
        }
    }
}

/// What one epoch took from where, in base units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Draw {
    /// Newly released.
    pub released: Amount,
    /// Paid from fees.
    pub from_fees: Amount,
    /// Owed and not paid.
    pub missing: Amount,
    /// Burned before it was ever released.
    pub burned: Amount,
}

/// What an epoch takes of the vaults, whoever keeps them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VaultTerms {
    /// Base units of a token.
    pub unit: u128,
    /// The part of a surplus that is burned; at most [`ONE`].
    pub burned_ppm: Ppm,
}

impl VaultTerms {
    /// What is taken of a reward vault and a fee vault, in the published order, for dollars that are owed, and what is
    /// burned of an allowance that was not needed; nothing without a price.
    #[must_use]
    pub fn draw(
        self,
        owed_usd: Amount,
        price_usd: Amount,
        allowance: Amount,
        [reward_vault, fee_vault]: [Amount; 2],
    ) -> Draw {
        if price_usd <= 0 {
            return Draw::default();
        }
        let need = tokens_for(owed_usd, price_usd, self.unit);
        let released = need.min(reward_vault);
        let from_fees = (need - released).min(fee_vault);
        let surplus = (allowance - need).clamp(0, reward_vault - released);
        let burned = floor_ratio(surplus, self.burned_ppm.into(), ONE.into());
        Draw { released, from_fees, missing: need - released - from_fees, burned }
    }
}

/// The two vaults.
#[derive(Debug)]
pub struct DollarTarget {
    reward_vault: Amount,
    fee_vault: Amount,
    allowance: Box<dyn Schedule>,
    terms: VaultTerms,
}

impl DollarTarget {
    /// Before its first epoch; a negative vault is an empty one.
    #[must_use]
    pub fn new(spec: &DollarTargetSpec) -> DollarTarget {
        DollarTarget {
            reward_vault: spec.reward_vault.max(0),
            fee_vault: spec.fee_vault.max(0),
            allowance: spec.allowance.build(),
            terms: VaultTerms { unit: power_of_ten(spec.decimals), burned_ppm: spec.burned_ppm.min(ONE) },
        }
    }

    /// Base units left in the reward vault.
    #[must_use]
    pub fn reward_vault(&self) -> Amount {
        self.reward_vault
    }

    /// Takes what an epoch needs, in the published order, and burns of what it does not.
    pub fn draw(&mut self, activity: &Activity) -> Draw {
        let allowance = self.allowance.next(activity);
        let vaults = [self.reward_vault, self.fee_vault];
        let draw = self.terms.draw(activity.owed_usd, activity.price_usd, allowance, vaults);
        self.reward_vault -= draw.released + draw.burned;
        self.fee_vault -= draw.from_fees;
        draw
    }
}

impl Schedule for DollarTarget {
    fn name(&self) -> &'static str {
        "dollar_target"
    }

    fn next(&mut self, activity: &Activity) -> Amount {
        self.draw(activity).released
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emission::ConstantSpec;
    use crate::units::USD;

    fn vaults(reward: Amount, fee: Amount, allowance: Amount) -> DollarTarget {
        DollarTarget::new(&DollarTargetSpec {
            reward_vault: reward * TOKEN,
            fee_vault: fee * TOKEN,
            allowance: Box::new(ScheduleSpec::Constant(ConstantSpec { per_epoch: allowance * TOKEN })),
            burned_ppm: ONE / 2,
            decimals: 8,
        })
    }

    fn epoch(owed: Amount, price_usd: Amount) -> Activity {
        Activity { owed_usd: owed * USD, price_usd, ..Activity::default() }
    }

    /// In whole tokens: released, from fees, missing, burned.
    fn tokens(draw: Draw) -> [Amount; 4] {
        [draw.released, draw.from_fees, draw.missing, draw.burned].map(|amount| amount / TOKEN)
    }

    #[test]
    fn half_the_price_releases_twice_the_tokens_for_the_same_dollars() {
        let mut ide = vaults(1_000, 0, 0);
        assert_eq!(tokens(ide.draw(&epoch(100, USD)))[0], 100);
        assert_eq!(tokens(ide.draw(&epoch(100, USD / 2)))[0], 200);
    }

    #[test]
    fn demand_down_by_55_percent_leaves_a_surplus_of_which_half_burns() {
        // The allowance covers 100 tokens; 45 are needed, 55 are surplus.
        let mut ide = vaults(1_000, 0, 100);
        let draw = ide.draw(&epoch(45, USD));
        assert_eq!((draw.released, draw.burned), (45 * TOKEN, 55 * TOKEN / 2));
        assert_eq!(ide.reward_vault(), (1_000 - 45) * TOKEN - 55 * TOKEN / 2);
    }

    #[test]
    fn an_epoch_that_needs_more_than_its_allowance_gets_it_and_burns_nothing() {
        assert_eq!(tokens(vaults(1_000, 0, 100).draw(&epoch(300, USD))), [300, 0, 0, 0]);
    }

    #[test]
    fn the_reward_vault_is_drawn_first_then_the_fees_then_somebody_goes_short() {
        let mut ide = vaults(100, 30, 10);
        assert_eq!(tokens(ide.draw(&epoch(120, USD))), [100, 20, 0, 0]);
        assert_eq!(tokens(ide.draw(&epoch(120, USD))), [0, 10, 110, 0]);
        assert_eq!(tokens(ide.draw(&epoch(0, USD))), [0, 0, 0, 0]);
    }

    #[test]
    fn without_a_price_nothing_is_released_or_burned() {
        let mut ide = vaults(1_000, 0, 100);
        assert_eq!(ide.draw(&epoch(50, 0)), Draw::default());
        assert_eq!(ide.draw(&epoch(50, -USD)), Draw::default());
        assert_eq!(ide.reward_vault(), 1_000 * TOKEN);
    }

    #[test]
    fn the_assumed_allowance_releases_the_remainder_by_the_old_last_hour() {
        let mut allowance = DollarTargetSpec::ionet_ide().allowance.build();
        let hours: Vec<Amount> = (0..158_145).map(|_| allowance.next(&Activity::default())).collect();
        // 231e6 × d / (1 − (1 − d)^158145) = 3609.34…: near the 3,597 an hour of the old schedule by then.
        assert_eq!(hours[0] / TOKEN, 3_609);
        // The first rate is rounded in its eightieth place, so the last unit may stay behind.
        assert!((IONET_REMAINDER - 1..=IONET_REMAINDER).contains(&hours.iter().sum::<Amount>()));
    }

    #[test]
    fn an_engine_that_nobody_is_owed_by_burns_half_and_keeps_half() {
        let mut ide = vaults(1_000, 0, 100);
        for _ in 0..10 {
            ide.draw(&epoch(0, USD));
        }
        assert_eq!(ide.reward_vault(), 500 * TOKEN);
    }

    #[test]
    fn extreme_numbers_stay_within_the_vaults() {
        let mut ide = vaults(1_000, 5, 100);
        let wild = Activity { owed_usd: Amount::MAX, price_usd: 1, ..Activity::default() };
        let draw = ide.draw(&wild);
        assert_eq!(tokens(draw)[..2], [1_000, 5]);
        assert_eq!(draw.missing, Amount::MAX - 1_005 * TOKEN);
        let debt = Activity { owed_usd: -5, price_usd: 1, ..Activity::default() };
        assert_eq!(vaults(-5, -5, -5).draw(&debt), Draw::default());
    }
}
