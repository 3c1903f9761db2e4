//! What the public hears and believes: the narrative index, the believed price, the promised listing.

use crate::engine::Time;
use crate::scenario::outlook::{Narrative, Token};

/// The public mood at one instant, and how it decays.
#[derive(Clone, Debug)]
pub struct Outlook {
    level: f64,
    level_at: Time,
    reference_usd: f64,
    belief_shift: f64,
    /// Price in USD that the network is told, whatever is believed.
    pub quoted_usd: Option<f64>,
    /// Promised listing date.
    pub listing: Option<Time>,
    /// Months by which the listing has slipped so far.
    pub slipped_months: f64,
}

impl Outlook {
    /// The mood at the start.
    #[must_use]
    pub fn new(narrative: &Narrative, token: &Token) -> Outlook {
        Outlook {
            level: narrative.start,
            level_at: Time(0),
            reference_usd: narrative.reference_usd,
            belief_shift: 0.0,
            quoted_usd: token.quoted_usd,
            listing: token.listing,
            slipped_months: 0.0,
        }
    }

    /// The narrative index: shocks decay by half-life, the reference token's log price adds to them.
    #[must_use]
    pub fn narrative(&self, spec: &Narrative, now: Time) -> f64 {
        let days = now.since(self.level_at).hours() / 24.0;
        let level = self.level * libm::exp2(-days / spec.half_life_days);
        let reference = libm::log(self.reference_usd / spec.reference_usd);
        (level + spec.gain * spec.reference_weight * reference).max(0.0)
    }

    /// Publicly believed price of one token, USD: believed fully diluted value ÷ supply, where the log of the
    /// value moves with the narrative, the reference token, scandals and every month by which the listing slips.
    #[must_use]
    pub fn price(&self, narrative: &Narrative, token: &Token, now: Time) -> f64 {
        let mood = token.narrative_weight * self.narrative(narrative, now);
        let reference =
            narrative.gain * token.reference_weight * libm::log(self.reference_usd / narrative.reference_usd);
        let slips = token.slip_cost_per_month * self.slipped_months;
        token.believed_fdv_usd / token.supply_tokens * libm::exp(mood + reference + self.belief_shift - slips)
    }

    /// Something is announced or revealed.
    pub fn shock(&mut self, spec: &Narrative, now: Time, jump: f64) {
        let days = now.since(self.level_at).hours() / 24.0;
        self.level = (self.level * libm::exp2(-days / spec.half_life_days) + spec.gain * jump).max(0.0);
        self.level_at = now;
    }

    /// The reference token trades at a new price.
    pub fn reference(&mut self, usd: f64) {
        self.reference_usd = usd;
    }

    /// The log of belief jumps.
    pub fn believe(&mut self, jump: f64) {
        self.belief_shift += jump;
    }

    /// The listing is now promised for a later date.
    pub fn slip(&mut self, to: Time) {
        if let Some(promised) = self.listing {
            self.slipped_months += to.since(promised).hours() / 730.0;
        }
        self.listing = Some(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Span;

    fn specs() -> (Narrative, Token) {
        let narrative = Narrative {
            start: 0.0,
            half_life_days: 10.0,
            reference_weight: 0.0,
            reference_usd: 4.0,
            gain: 1.0,
        };
        let token = Token {
            believed_fdv_usd: 800.0,
            supply_tokens: 800.0,
            narrative_weight: 1.0,
            reference_weight: 0.5,
            slip_cost_per_month: 0.2,
            listing: Some(Time(0)),
            outcome_usd: 0,
            quoted_usd: None,
            hoped_pool_tokens: 0.0,
            hope: 0.0,
            hope_days: 0.0,
        };
        (narrative, token)
    }

    #[test]
    fn a_shock_raises_the_believed_price_and_fades_by_half_life() {
        let (narrative, token) = specs();
        let mut outlook = Outlook::new(&narrative, &token);
        outlook.shock(&narrative, Time(0), 1.0);
        let later = Time(0) + Span::DAY.times(10);
        assert!((outlook.narrative(&narrative, later) - 0.5).abs() < 1e-12);
        assert!((outlook.price(&narrative, &token, Time(0)) - core::f64::consts::E).abs() < 1e-12);
    }

    #[test]
    fn a_slip_lowers_belief_and_a_rising_reference_raises_it() {
        let (narrative, token) = specs();
        let mut outlook = Outlook::new(&narrative, &token);
        outlook.reference(16.0);
        assert!(
            (outlook.price(&narrative, &token, Time(0)) - 2.0).abs() < 1e-12,
            "square root of four times"
        );
        outlook.slip(Time(0) + Span::DAY.times(30));
        assert!(outlook.price(&narrative, &token, Time(0)) < 2.0);
    }

    #[test]
    fn a_world_without_hype_has_a_gain_of_zero() {
        let (mut narrative, token) = specs();
        narrative.gain = 0.0;
        let mut outlook = Outlook::new(&narrative, &token);
        outlook.shock(&narrative, Time(0), 3.0);
        outlook.reference(13.0);
        assert!((outlook.price(&narrative, &token, Time(0)) - 1.0).abs() < 1e-12);
    }
}
