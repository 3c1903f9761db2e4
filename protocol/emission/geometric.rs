//! Emission that falls by the same factor every epoch.
//!
//! *Rule*: each epoch releases a rate of a base; the rate falls by a constant factor from epoch to epoch. The base is a
//! fixed number of tokens, or whatever supply there is.
//!
//! *Formula*: amount_t = B·r·q^(t − 1), epochs from 1. On a fixed base the sums are kept exact and amount_t =
//! floor(C_t) − floor(C_(t − 1)) with C_t = B·r·(1 − q^t)/(1 − q), so that the base units released never drift from the
//! published total; on the supply amount_t = floor(S_t·r·q^(t − 1)). Decimals are taken as printed, products in eighty
//! decimal places; no epoch of the published schedules comes near the last of them. r is a printed rate divided by the
//! epochs that it is for, or such that those epochs together release it: r = R·(1 − q)/(1 − q^n).
//!
//! *Source*: io.net says its emission in four ways that do not agree, so each is a form of its own here.
//! *Hourly* ("Token Emission Schedule"): "Emissions_T = 500,000,000 × Inflation_Rate_T", rate 8 % / 8,760 and fall as
//! printed, 175,319 epochs (`[ionet_hourly]`); it alone adds up to 300,000,000.0004 IO by itself.
//! *Monthly A* ("IO Tokenomics": "Starts at 8% annual inflation in year 1. Decreases by 1.02% monthly … until the cap of
//! 800 million $IO is reached"): the rate of the first month is 8 % / 12 of 500 million.
//! *Monthly B*, the same sentences: the first year adds 8 % of 500 million, 40 million, while it falls by 1.02 % a month.
//! *Monthly table* ("Monthly Token Emission Schedule", `[ionet_monthly]`): the page's table follows 500 million ×
//! 0.08/12 × 0.989849199^(m − 1), each printed row within three parts in a million.
//! *Monthly literal*: the formula printed above that table takes the month's rate of the supply of that month; this
//! compounds, contradicts the table from month 2 on and passes the cap.
//!
//! *Known weakness*: emission falls on a calendar, whatever the network needs; with a factor near one a sum of many epochs hangs
//! on the last digits of a printed number.

use super::ratio::{bounded, whole};
use super::{Activity, Decimal, Schedule};
use crate::units::{Amount, TOKEN};
use num_bigint::BigUint;
use serde::{Deserialize, Serialize};

/// Hours of io.net's hourly schedule.
pub const IONET_HOURS: u64 = 175_319;
/// Months of io.net's monthly schedule.
pub const IONET_MONTHS: u64 = 240;
/// Tokens of io.net at genesis, in base units; the base of its schedules.
pub const IONET_GENESIS: Amount = 500_000_000 * TOKEN;
/// Most that io.net emits, in base units.
pub const IONET_EMISSION: Amount = 300_000_000 * TOKEN;
/// What io.net's rate loses every hour.
pub const IONET_HOURLY_FALL: Decimal = Decimal::new(138_869_523_959_793, 19);

/// Decimal places of products.
const PLACES: u32 = 80;
/// Bits beyond which a number is no amount, whatever it is divided by.
const MOST_BITS: u64 = 4_096;

/// What a scenario says about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeometricSpec {
    /// What the rate is of.
    pub base: Base,
    /// The printed rate.
    pub rate: Decimal,
    /// How many epochs the printed rate is for; nothing is released when zero.
    pub rate_epochs: u32,
    /// How those epochs share it.
    pub first: First,
    /// What the rate is multiplied by from one epoch to the next.
    pub factor: Decimal,
}

/// What a rate is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// Always of this many base units.
    Fixed(Amount),
    /// Of the supply before the epoch.
    Supply,
}

/// How the epochs of a printed rate share it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum First {
    /// The first epoch's rate is an equal part of it.
    Divided,
    /// The first epochs fall already, and add up to it.
    Summed,
}

impl GeometricSpec {
    /// io.net, hourly: 175,319 epochs with eight decimals.
    #[must_use]
    pub const fn ionet_hourly() -> GeometricSpec {
        GeometricSpec {
            base: Base::Fixed(IONET_GENESIS),
            rate: Decimal::new(91_324_200_913_242, 19),
            rate_epochs: 1,
            first: First::Divided,
            factor: IONET_HOURLY_FALL.one_minus(),
        }
    }

    /// io.net's prose, reading A: the first month is a twelfth of 8 %.
    #[must_use]
    pub const fn ionet_monthly_a() -> GeometricSpec {
        GeometricSpec { factor: Decimal::new(102, 4).one_minus(), ..Self::ionet_monthly_table() }
    }

    /// io.net's prose, reading B: the first year is 8 %.
    #[must_use]
    pub const fn ionet_monthly_b() -> GeometricSpec {
        GeometricSpec { first: First::Summed, ..Self::ionet_monthly_a() }
    }

    /// What the table of io.net's monthly page prints.
    #[must_use]
    pub const fn ionet_monthly_table() -> GeometricSpec {
        GeometricSpec {
            base: Base::Fixed(IONET_GENESIS),
            rate: Decimal::new(8, 2),
            rate_epochs: 12,
            first: First::Divided,
            factor: Decimal::new(989_849_199, 9),
        }
    }

    /// What the formula of io.net's monthly page says; its first month has a supply of [`IONET_GENESIS`].
    #[must_use]
    pub const fn ionet_monthly_literal() -> GeometricSpec {
        GeometricSpec { base: Base::Supply, ..Self::ionet_monthly_table() }
    }
}

/// Emission that falls by a factor.
#[derive(Clone, Debug)]
pub struct Geometric {
    of_supply: bool,
    /// Numerator of the next epoch's amount on a fixed base, of its rate on the supply.
    term: BigUint,
    denominator: BigUint,
    /// What rounding down has left over on a fixed base, over the same denominator.
    rest: BigUint,
    factor: BigUint,
    factor_unit: BigUint,
}

impl Geometric {
    /// Before its first epoch.
    #[must_use]
    pub fn new(spec: GeometricSpec) -> Geometric {
        let (rate, denominator) = first_rate(&spec).unwrap_or((BigUint::ZERO, BigUint::from(1u32)));
        let (of_supply, base) = match spec.base {
            Base::Fixed(amount) => (false, whole(amount)),
            Base::Supply => (true, 1),
        };
        Geometric {
            of_supply,
            term: rate * base * fixed_one(),
            denominator: denominator * fixed_one(),
            rest: BigUint::ZERO,
            factor: spec.factor.digits().into(),
            factor_unit: spec.factor.unit().into(),
        }
    }

    fn amount(&mut self, supply: Amount) -> Amount {
        if self.of_supply {
            return bounded(&(&self.term * whole(supply) / &self.denominator));
        }
        self.rest += &self.term;
        let amount = &self.rest / &self.denominator;
        self.rest -= &amount * &self.denominator;
        bounded(&amount)
    }

    fn fall(&mut self) {
        if self.term.bits() < MOST_BITS {
            self.term *= &self.factor;
            self.term /= &self.factor_unit;
        }
    }
}

impl Schedule for Geometric {
    fn name(&self) -> &'static str {
        "geometric"
    }

    fn next(&mut self, activity: &Activity) -> Amount {
        let amount = self.amount(activity.supply);
        self.fall();
        amount
    }
}

/// One in fixed point.
fn fixed_one() -> BigUint {
    BigUint::from(10u32).pow(PLACES)
}

/// The first epoch's rate as a fraction; none when it is for no epochs, or grows beyond all amounts.
fn first_rate(spec: &GeometricSpec) -> Option<(BigUint, BigUint)> {
    let (rate, unit) = (BigUint::from(spec.rate.digits()), BigUint::from(spec.rate.unit()));
    let constant = spec.factor == Decimal::new(1, 0);
    match (spec.rate_epochs, spec.first) {
        (0, _) => None,
        (epochs, First::Summed) if !constant => {
            let one = fixed_one();
            let factor = &one * spec.factor.digits() / spec.factor.unit();
            let power = power(factor.clone(), epochs, &one)?;
            Some((rate * distance(&one, &factor), unit * distance(&one, &power)))
        }
        (epochs, _) => Some((rate, unit * epochs)),
    }
}

/// A fixed-point number to a power, by squaring; none when it grows beyond all amounts.
fn power(mut base: BigUint, mut exponent: u32, one: &BigUint) -> Option<BigUint> {
    let mut result = one.clone();
    loop {
        if exponent & 1 == 1 {
            result = &result * &base / one;
        }
        exponent >>= 1;
        if exponent == 0 {
            return Some(result);
        }
        base = &base * &base / one;
        if base.bits() > MOST_BITS || result.bits() > MOST_BITS {
            return None;
        }
    }
}

fn distance(a: &BigUint, b: &BigUint) -> BigUint {
    if a > b { a - b } else { b - a }
}

#[cfg(test)]
mod tests;
