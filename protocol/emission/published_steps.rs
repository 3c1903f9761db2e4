//! Emission in the steps of a published table.
//!
//! *Rule*: a table says how many base units each stretch of epochs releases; a stretch is spread evenly over its epochs
//! without losing a base unit. After the last stretch nothing is released, or the same stretch again and again, each time
//! multiplied by a damping coefficient.
//!
//! *Formula*: amount of the j-th epoch of a stretch of A over n = floor(A·j/n) − floor(A·(j − 1)/n); afterwards
//! A_(s + 1) = floor(A_s × coefficient).
//!
//! *Source*: Aethir docs: Edge pool of 9.66 billion ATH, shares of years 1 to 5 (`[aethir]`; the printed shares stop
//! there, with 92.72 % released). Aethir checkers: 6.3 billion over 1,460 days. Nosana: 20 million over 24 months
//! (`[nosana]`). Render RNP-006: 9,126,804 RENDER in year 1, 760,567 a month; RNP-018: 5.9 million in year 2. RNP-001
//! names a damping coefficient of 0.945 for the years from the fifth on; years 3 and 4 stand in a spreadsheet that is
//! not stored, so the published form stops after year 2 and the damped form, which applies the coefficient from year 3
//! on, is assumed. (8.5 % and 5.5 % of the growth of 107,374,182 give both years to their printed digits: computed, not
//! printed.) Of the node operators' share RNP-006 prints the start only, of the liquidity pool nine months; its 95,707
//! is no half of 190,141, and is followed as printed.
//!
//! *Known weakness*: steps are known in advance, and so is the day after which supplying pays less.

use super::spread::Spread;
use super::{Activity, Decimal, Schedule};
use crate::units::{Amount, TOKEN};
use serde::{Deserialize, Serialize};

/// Render's damping coefficient.
pub const RENDER_DAMPING: Decimal = Decimal::new(945, 3);

/// One row of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Base units of the whole stretch; negative is none.
    pub amount: Amount,
    /// Its epochs; a stretch of none is skipped, with its amount.
    pub epochs: u64,
}

/// What a scenario says about it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedStepsSpec {
    /// The table, in order.
    pub steps: Vec<Step>,
    /// What the last step is multiplied by, again and again, after the table; nothing comes after it when absent.
    #[serde(default)]
    pub damping: Option<Decimal>,
}

impl PublishedStepsSpec {
    /// Stretches of equal length, told in whole tokens of eight decimals.
    fn tokens(amounts: &[Amount], epochs: u64) -> PublishedStepsSpec {
        let steps = amounts.iter().map(|&tokens| Step { amount: tokens * TOKEN, epochs }).collect();
        PublishedStepsSpec { steps, damping: None }
    }

    /// Aethir Edge, years 1 to 5: 40, 24.12, 14.54, 8.77 and 5.29 % of 9.66 billion ATH, in base units of eight decimals.
    #[must_use]
    pub fn aethir_edge(epochs_per_year: u64) -> PublishedStepsSpec {
        let years = [3_864_000_000, 2_329_992_000, 1_404_564_000, 847_182_000, 511_014_000];
        PublishedStepsSpec::tokens(&years, epochs_per_year)
    }

    /// Aethir checkers: 6.3 billion ATH over 1,460 days.
    #[must_use]
    pub fn aethir_checkers(epochs_per_day: u64) -> PublishedStepsSpec {
        PublishedStepsSpec::tokens(&[6_300_000_000], epochs_per_day.saturating_mul(1_460))
    }

    /// Nosana's mining pool: 20 million NOS over 24 months.
    #[must_use]
    pub fn nosana_mining(epochs_per_month: u64) -> PublishedStepsSpec {
        PublishedStepsSpec::tokens(&[20_000_000], epochs_per_month.saturating_mul(24))
    }

    /// Render, years 1 and 2, as published.
    #[must_use]
    pub fn render(epochs_per_year: u64) -> PublishedStepsSpec {
        PublishedStepsSpec::tokens(&[9_126_804, 5_900_000], epochs_per_year)
    }

    /// Render, each year after the second 0.945 of the one before (assumed; the source says so from year 5 on).
    #[must_use]
    pub fn render_damped(epochs_per_year: u64) -> PublishedStepsSpec {
        PublishedStepsSpec { damping: Some(RENDER_DAMPING), ..PublishedStepsSpec::render(epochs_per_year) }
    }

    /// Render's liquidity pool of year 1, the nine months that are printed.
    #[must_use]
    pub fn render_liquidity(epochs_per_month: u64) -> PublishedStepsSpec {
        let months = [190_141, 190_141, 190_141, 95_707, 95_707, 95_707, 95_707, 95_707, 95_707];
        PublishedStepsSpec::tokens(&months, epochs_per_month)
    }

    /// Render's node operators in year 1: twelve months of the printed start (assumed; no taper is printed).
    #[must_use]
    pub fn render_nodes(epochs_per_month: u64) -> PublishedStepsSpec {
        PublishedStepsSpec::tokens(&[190_142; 12], epochs_per_month)
    }
}

/// Emission by a table.
#[derive(Clone, Debug)]
pub struct PublishedSteps {
    spec: PublishedStepsSpec,
    /// Steps begun so far.
    begun: usize,
    current: Spread,
    left: u64,
}

impl PublishedSteps {
    /// Before its first epoch.
    #[must_use]
    pub fn new(mut spec: PublishedStepsSpec) -> PublishedSteps {
        spec.steps.retain(|step| step.epochs > 0);
        PublishedSteps { spec, begun: 0, current: Spread::new(0, 0), left: 0 }
    }

    /// The stretch after the current one.
    fn following(&mut self) -> Option<Step> {
        if let Some(&step) = self.spec.steps.get(self.begun) {
            self.begun += 1;
            return Some(step);
        }
        let last = self.spec.steps.last_mut()?;
        last.amount = self.spec.damping?.of(last.amount);
        Some(*last)
    }
}

impl Schedule for PublishedSteps {
    fn name(&self) -> &'static str {
        "published_steps"
    }

    fn next(&mut self, _activity: &Activity) -> Amount {
        if self.left == 0 {
            let Some(step) = self.following() else {
                return 0;
            };
            self.current = Spread::new(step.amount, step.epochs);
            self.left = step.epochs;
        }
        self.left -= 1;
        self.current.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums of stretches of this many epochs.
    fn sums(spec: PublishedStepsSpec, epochs: u64, stretches: usize) -> Vec<Amount> {
        let mut schedule = PublishedSteps::new(spec);
        let mut sum = || (0..epochs).map(|_| schedule.next(&Activity::default())).sum();
        (0..stretches).map(|_| sum()).collect()
    }

    #[test]
    fn render_pays_the_printed_month_every_month_of_year_one() {
        // 730 hours a month.
        let months = sums(PublishedStepsSpec::render(8_760), 730, 24);
        assert!(months[..12].iter().all(|&month| month == 760_567 * TOKEN));
        assert_eq!(months[12..].iter().sum::<Amount>(), 5_900_000 * TOKEN);
    }

    /// RNP-001: what is minted may vary, "as long as it is not a function of burned tokens".
    #[test]
    fn render_mints_the_same_however_much_is_burned() {
        let mut schedule = PublishedSteps::new(PublishedStepsSpec::render(12));
        let idle = schedule.next(&Activity::default());
        let busy = schedule.next(&Activity { burned: 5_000_000 * TOKEN, ..Activity::default() });
        assert_eq!([idle, busy], [760_567 * TOKEN; 2]);
    }

    #[test]
    fn after_the_printed_years_render_stops_or_is_damped() {
        let printed = sums(PublishedStepsSpec::render(52), 52, 3);
        assert_eq!(printed, [9_126_804 * TOKEN, 5_900_000 * TOKEN, 0]);
        let damped = sums(PublishedStepsSpec::render_damped(52), 52, 4);
        // 5,900,000 × 0.945 = 5,575,500; × 0.945 = 5,268,847.5
        assert_eq!(damped[2..], [5_575_500 * TOKEN, 526_884_750_000_000]);
    }

    #[test]
    fn a_day_of_render_nodes_is_the_printed_6251() {
        // 365 / 12 days a month do not divide; a year of 4,380 epochs has twelve months of 365 and days of twelve.
        let days = sums(PublishedStepsSpec::render_nodes(365), 12, 1);
        assert_eq!(days[0] / TOKEN, 6_251);
        assert_eq!(sums(PublishedStepsSpec::render_nodes(365), 365, 13)[11..], [190_142 * TOKEN, 0]);
    }

    #[test]
    fn liquidity_follows_the_printed_numbers_and_ends() {
        let months = sums(PublishedStepsSpec::render_liquidity(30), 30, 10);
        assert_eq!(months[2..4], [190_141 * TOKEN, 95_707 * TOKEN]);
        assert_eq!(months[8..], [95_707 * TOKEN, 0]);
    }

    #[test]
    fn aethir_edge_pays_its_shares_hour_by_hour_and_stops_after_year_five() {
        let years = sums(PublishedStepsSpec::aethir_edge(8_760), 8_760, 6);
        let pool = 9_660_000_000 * TOKEN;
        let shares = [4_000, 2_412, 1_454, 877, 529, 0];
        assert_eq!(years, shares.map(|share| pool * share / 10_000));
    }

    #[test]
    fn a_checker_gets_the_printed_47_a_day() {
        let days = sums(PublishedStepsSpec::aethir_checkers(96), 96, 1_461);
        assert_eq!(days[0] / 91_759 / TOKEN, 47);
        assert_eq!(days[..1_460].iter().sum::<Amount>(), 6_300_000_000 * TOKEN);
        assert_eq!(days[1_460], 0);
    }

    #[test]
    fn nosana_loses_no_base_unit_to_its_months() {
        let months = sums(PublishedStepsSpec::nosana_mining(1), 1, 25);
        // 20,000,000 / 24 = 833,333.333333333…
        assert_eq!(months[..3], [83_333_333_333_333, 83_333_333_333_333, 83_333_333_333_334]);
        assert_eq!(months.iter().sum::<Amount>(), 20_000_000 * TOKEN);
        assert_eq!(months[24], 0);
    }

    #[test]
    fn an_empty_table_or_steps_without_epochs_release_nothing() {
        let spec = |steps| PublishedStepsSpec { steps, damping: Some(RENDER_DAMPING) };
        assert_eq!(sums(spec(vec![]), 5, 1), [0]);
        assert_eq!(sums(spec(vec![Step { amount: 9, epochs: 0 }]), 5, 1), [0]);
        assert_eq!(sums(spec(vec![Step { amount: -9, epochs: 2 }]), 5, 1), [0]);
        let growing = PublishedStepsSpec {
            steps: vec![Step { amount: Amount::MAX, epochs: 1 }],
            damping: Some(Decimal::new(10, 0)),
        };
        assert_eq!(sums(growing, 1, 3), [Amount::MAX; 3]);
    }
}
