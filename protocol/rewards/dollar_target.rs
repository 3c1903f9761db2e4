//! A target in dollars: suppliers are owed money for their time, and only the tokens for that are released.
//!
//! *Rule*: every card that is up is owed a target for each hour, by its model's multiplier; an hour that is not hired may
//! be worth a share of it. Of the tokens on offer only what the owed dollars cost at the price of the day is taken, and
//! at least half of the rest is burned before it is ever released. Without a price nothing is taken and nothing burned:
//! so a scenario that names this rule has the token quoted, at the believed price if it states none.
//!
//! *Formula*: weight = owed = floor(target × multiplier × (hired + idle share × (up − hired)) ÷ hour) × cards, in
//! micro-dollars; pay = min(offer, floor(owed of all ÷ price)); burned = floor((offer − pay) × share). The arithmetic of
//! pay and burn is that of the schedule of this name ([`crate::emission::VaultTerms`]), the tokens on offer being both
//! vault and allowance.
//!
//! *Source*: io.net's Incentive Dynamic Engine, summaries of 2025 and 2026 (facts 2.4, `[ionet_ide]`): a payout in dollars
//! "owed to all active GPU suppliers", payout ÷ price released, at least 50 % of the surplus burned. No full formula was
//! published. Assumed are: the target, 0.12 USD an hour at a multiplier of one, since the stated 650,000 USD a month over
//! the 7,600 verified cards of late 2024 are 0.117; that it follows the multiplier; that an idle hour is worth as much as
//! a hired one; that rent comes on top. The summaries speak of a surplus of earnings that buys tokens back; here, as in
//! the schedule, surplus is what was on offer and not needed, since nothing trades tokens yet.
//!
//! *Known weakness*: it pays for machines that nobody hires, so demand may fall by half and no supplier notices. A falling
//! price takes twice the tokens when they buy the least, until the offer ends and everybody is paid in proportion. It
//! breaks the Sybil law by copies: no claim is checked here, so k claims of one device are owed k times.

use super::proportion::Narrow;
use super::{Draw, EARNS_NOTHING, EpochRecord, Needs, Offer, RewardRule};
use crate::emission::{Activity, VaultTerms};
use crate::registry::Model;
use crate::units::{Amount, ONE, Ppm, Span, TOKEN};
use crate::wide::mul_div;
use serde::{Deserialize, Serialize};

/// What a scenario says about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DollarPaySpec {
    /// What a card with a multiplier of one is owed for an hour, in micro-dollars. 0.12 USD (assumed, see above).
    pub target: u32,
    /// What an hour up and not hired is worth of it; more than [`ONE`] counts as [`ONE`]. All (assumed).
    pub idle_ppm: Ppm,
    /// The part of a surplus that is burned; more than [`ONE`] counts as [`ONE`]. Half, the published minimum.
    pub burned_ppm: Ppm,
}

impl Default for DollarPaySpec {
    fn default() -> Self {
        DollarPaySpec { target: 120_000, idle_ppm: ONE, burned_ppm: ONE / 2 }
    }
}

impl DollarPaySpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(DollarPay { spec: self, epoch: Vec::new() })
    }
}

/// Pay by a target in dollars.
#[derive(Debug)]
pub struct DollarPay {
    spec: DollarPaySpec,
    /// What a card of each model is owed for the whole epoch, looked up anew each epoch.
    epoch: Vec<Narrow>,
}

impl DollarPay {
    /// Micro-dollars for a card of this model and a whole epoch, rounded down; what does not fit counts as the most.
    fn whole_epoch(&self, model: &Model, epoch: Span) -> u64 {
        let hour = u128::from(self.spec.target) * u128::from(model.multiplier);
        let (owed, _) = mul_div(hour, epoch.0.into(), u128::from(ONE) * u128::from(Span::HOUR.0));
        u64::try_from(owed).unwrap_or(u64::MAX)
    }
}

/// `floor(time × ppm ÷ 1,000,000)` for a share of at most one, in 64 bits.
fn share_of(time: u64, ppm: Ppm) -> u64 {
    let (one, ppm) = (u64::from(ONE), u64::from(ppm.min(ONE)));
    time / one * ppm + time % one * ppm / one
}

impl RewardRule for DollarPay {
    fn name(&self) -> &'static str {
        "dollar_target"
    }

    fn needs(&self) -> Needs {
        Needs { price: true, ..Needs::default() }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        let (n, epoch) = (record.len(), record.epoch);
        assert_eq!(weights.len(), n, "a weight for every device");
        let mut models = std::mem::take(&mut self.epoch);
        models.clear();
        let whole = |model| Narrow::of(self.whole_epoch(model, epoch), epoch.0.max(1));
        models.extend(record.models.iter().map(whole));
        let (up, hired) = (&record.up_ns[..n], &record.hired_ns[..n]);
        let (cards, model) = (&record.cards[..n], &record.model[..n]);
        for (i, (weight, flags)) in weights.iter_mut().zip(record.flags).enumerate() {
            let up = up[i].min(epoch.0);
            let hired = hired[i].min(up);
            let time = hired + share_of(up - hired, self.spec.idle_ppm);
            let (per_card, _) = models[model[i].at()].share(time);
            *weight = per_card.saturating_mul(u64::from(cards[i]) * u64::from(flags & EARNS_NOTHING == 0));
        }
        self.epoch = models;
    }

    fn draw(&self, offer: &Offer) -> Draw {
        let terms = VaultTerms { unit: TOKEN.unsigned_abs(), burned_ppm: self.spec.burned_ppm.min(ONE) };
        let owed = Amount::try_from(offer.points).unwrap_or(Amount::MAX);
        let price = offer.price.map_or(0, |rate| rate.micro_dollars().into());
        let taken = terms.draw(owed, price, offer.tokens, [offer.tokens, 0]);
        Draw { pay: taken.released, burn: taken.burned }
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
    use crate::emission::{ConstantSpec, DollarTarget, DollarTargetSpec, ScheduleSpec};
    use crate::ids::{AccountId, ModelId};
    use crate::registry::flag;
    use crate::rewards::{Columns, Row};
    use crate::units::USD;

    fn models() -> Vec<Model> {
        let model = |multiplier| Model { name: "a card".into(), memory_mb: 0, gflops: 0, multiplier };
        vec![model(ONE), model(10 * ONE)]
    }

    /// One card of model 0 that was up for the whole hour and never hired.
    const IDLE: Row = Row {
        up_ns: Span::HOUR.0,
        hired_ns: 0,
        streak_ns: 0,
        earned: 0,
        passed: 0,
        failed: 0,
        registered: crate::units::Time::ZERO,
        cards: 1,
        tier: 1,
        model: ModelId(0),
        flags: 0,
        reputation: 0,
        account: AccountId(0),
    };

    fn owed(spec: DollarPaySpec, rows: &[Row]) -> Vec<u64> {
        Columns::new(rows.to_vec(), models()).weigh(spec.build().as_mut())
    }

    fn offer(tokens: Amount, owed_usd: Amount, price_usd: u64) -> Offer {
        Offer {
            tokens: tokens * TOKEN,
            points: (owed_usd * USD).unsigned_abs(),
            price: TokenRate::new(price_usd),
        }
    }

    fn drawn(offer: &Offer) -> (Amount, Amount) {
        let draw = DollarPaySpec::default().build().draw(offer);
        (draw.pay, draw.burn)
    }

    #[test]
    fn an_idle_card_is_owed_what_a_hired_one_is() {
        let hired = Row { hired_ns: Span::HOUR.0, ..IDLE };
        let data_centre = Row { model: ModelId(1), cards: 8, ..IDLE };
        assert_eq!(
            owed(DollarPaySpec::default(), &[IDLE, hired, data_centre]),
            [120_000, 120_000, 9_600_000]
        );
    }

    #[test]
    fn where_only_work_counts_the_idle_are_owed_nothing() {
        let half = Row { hired_ns: Span::HOUR.0 / 2, ..IDLE };
        let work = DollarPaySpec { idle_ppm: 0, ..DollarPaySpec::default() };
        assert_eq!(owed(work, &[IDLE, half]), [0, 60_000]);
        let some = DollarPaySpec { idle_ppm: 250_000, ..DollarPaySpec::default() };
        assert_eq!(owed(some, &[IDLE, half]), [30_000, 75_000]);
    }

    #[test]
    fn time_down_and_bad_standing_are_owed_nothing() {
        let quarter = Row { up_ns: Span::HOUR.0 / 4, hired_ns: u64::MAX, ..IDLE };
        let off = Row { up_ns: 0, ..IDLE };
        let banned = Row { flags: flag::BANNED, ..IDLE };
        assert_eq!(owed(DollarPaySpec::default(), &[quarter, off, banned]), [30_000, 0, 0]);
    }

    #[test]
    fn a_day_is_owed_as_twenty_four_hours() {
        let day = Row { up_ns: Span::DAY.0, ..IDLE };
        let columns = Columns { epoch: Span::DAY, ..Columns::new(vec![day], models()) };
        assert_eq!(columns.weigh(DollarPaySpec::default().build().as_mut()), [24 * 120_000]);
    }

    #[test]
    fn half_the_price_takes_twice_the_tokens_for_the_same_dollars() {
        assert_eq!(drawn(&offer(1_000, 100, 1_000_000)), (100 * TOKEN, 450 * TOKEN));
        assert_eq!(drawn(&offer(1_000, 100, 500_000)), (200 * TOKEN, 400 * TOKEN));
    }

    #[test]
    fn an_offer_that_does_not_reach_is_paid_whole_and_burns_nothing() {
        assert_eq!(drawn(&offer(1_000, 5_000, 1_000_000)), (1_000 * TOKEN, 0));
    }

    #[test]
    fn a_network_without_work_burns_half_and_keeps_half() {
        assert_eq!(drawn(&offer(1_000, 0, 1_000_000)), (0, 500 * TOKEN));
    }

    #[test]
    fn without_a_price_nothing_is_paid_or_burned() {
        assert_eq!(drawn(&offer(1_000, 100, 0)), (0, 0));
    }

    #[test]
    fn an_epochs_offer_is_drawn_as_the_schedule_draws_it() {
        for (tokens, owed_usd, price) in [(100, 45, 1_000_000), (70, 900, 260_000), (33, 1, 7)] {
            let allowance = Box::new(ScheduleSpec::Constant(ConstantSpec { per_epoch: tokens * TOKEN }));
            let vaults =
                DollarTargetSpec { reward_vault: tokens * TOKEN, allowance, ..DollarTargetSpec::ionet_ide() };
            let mut schedule = DollarTarget::new(&vaults);
            let activity = Activity { owed_usd: owed_usd * USD, price_usd: price, ..Activity::default() };
            let taken = schedule.draw(&activity);
            assert_eq!(
                drawn(&offer(tokens, owed_usd, price.unsigned_abs() as u64)),
                (taken.released, taken.burned)
            );
        }
    }

    #[test]
    fn absurd_numbers_saturate() {
        let spec = DollarPaySpec { target: u32::MAX, idle_ppm: u32::MAX, burned_ppm: u32::MAX };
        let huge = Model { name: "huge".into(), memory_mb: 0, gflops: 0, multiplier: u32::MAX };
        let row = Row { up_ns: u64::MAX, cards: u16::MAX, ..IDLE };
        let columns = Columns { epoch: Span::MAX, ..Columns::new(vec![row], vec![huge]) };
        assert_eq!(columns.weigh(spec.build().as_mut()), [u64::MAX]);
        let all = Offer { tokens: 7, points: u128::MAX, price: TokenRate::new(1) };
        let draw = spec.build().draw(&all);
        assert_eq!((draw.pay, draw.burn), (7, 0));
    }

    #[test]
    fn more_hired_time_never_lowers_what_a_card_is_owed() {
        for idle_ppm in [0, 1, 333_333, 999_999, ONE] {
            for time in [0, 1, 999_999, 1_000_001, Span::HOUR.0 - 1] {
                let less = share_of(time, idle_ppm);
                let more = share_of(time + 1, idle_ppm);
                assert!(more == less || more == less + 1, "a nanosecond hired is worth a nanosecond");
            }
        }
    }
}
