//! Splits a pool by weight: the only place where payouts are rounded.
//!
//! *Rule*: everyone gets the whole part of its share; the units left over go one each to the largest remainders, ties
//! to the lowest index. Optional caps cut shares, and a named policy says what becomes of the cuts.
//!
//! *Formula*: share = pool × weight ÷ total weight, exactly (256-bit products).
//!
//! *Source*: Hamilton's method of apportionment; cap per node as in RNP-006.
//!
//! *Known weakness*: a larger pool can cost an entry one unit (the Alabama paradox). A cap or a tie can be gamed by
//! whoever may split itself: a tie gains at most one base unit per identity, a cap gains everything.

use super::proportion::Proportion;
use crate::units::Amount;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// What becomes of the part of a pool that caps (or a total weight of zero) keep from being paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leftover {
    /// It stays in the pool.
    #[default]
    Retain,
    /// It is split again among those below their caps, until nothing is left or all are at their caps; what even they
    /// cannot take stays in the pool.
    Redistribute,
    /// It is destroyed.
    Burn,
}

/// The part of a pool that was not paid, by what becomes of it; payouts plus both fields make the pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Left {
    /// Base units that stay in the pool.
    pub retained: Amount,
    /// Base units to be destroyed.
    pub burned: Amount,
}

/// Splits `pool` by `weights` into `payouts` (cleared first, same order) and returns the residual: the whole pool
/// when all weights are zero, otherwise zero. Takes O(n) time and no full sort.
///
/// # Panics
/// When the pool is negative or the weights add up beyond a u128.
#[must_use = "a residual must stay somewhere"]
pub fn split<W: Copy + Into<u128>>(pool: Amount, weights: &[W], payouts: &mut Vec<Amount>) -> Amount {
    let units = u128::try_from(pool).expect("a pool is never negative");
    payouts.clear();
    let total = total(weights);
    if total == 0 {
        payouts.resize(weights.len(), 0);
        return pool;
    }
    payouts.reserve(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let proportion = Proportion::of(units, total);
    let mut paid = 0;
    for &weight in weights {
        let (share, remainder) = proportion.share(weight.into());
        paid += share;
        payouts.push(amount(share));
        remainders.push(remainder);
    }
    // Fewer units than entries: each entry held back less than one.
    round_up(payouts, &remainders, (units - paid) as usize);
    0
}

/// As [`split`], but no payout exceeds its entry of `caps` ([`Amount::MAX`] for none, negative as zero); `leftover`
/// says what becomes of the rest.
///
/// Under [`Leftover::Redistribute`] the result is the only one in which all below their caps are paid at one rate per
/// weight and nobody at a cap would get less at that rate.
///
/// # Panics
/// As [`split`], and when `caps` and `weights` differ in length.
#[must_use = "what is left must go somewhere"]
pub fn split_capped<W: Copy + Into<u128>>(
    pool: Amount,
    weights: &[W],
    caps: &[Amount],
    leftover: Leftover,
    payouts: &mut Vec<Amount>,
) -> Left {
    assert_eq!(weights.len(), caps.len(), "a cap for every weight");
    let left = match leftover {
        Leftover::Redistribute => fill(pool, weights, caps, payouts),
        Leftover::Retain | Leftover::Burn => cut(pool, weights, caps, payouts),
    };
    match leftover {
        Leftover::Burn => Left { retained: 0, burned: left },
        Leftover::Retain | Leftover::Redistribute => Left { retained: left, burned: 0 },
    }
}

/// Splits once and cuts at the caps; returns the cuts.
fn cut<W: Copy + Into<u128>>(
    pool: Amount,
    weights: &[W],
    caps: &[Amount],
    payouts: &mut Vec<Amount>,
) -> Amount {
    let mut left = split(pool, weights, payouts);
    for (payout, &cap) in payouts.iter_mut().zip(caps) {
        let allowed = (*payout).min(cap.max(0));
        left += *payout - allowed;
        *payout = allowed;
    }
    left
}

/// Fixes at its cap whoever's share reaches it, until nobody's does, then splits the rest among the others; returns
/// what is left when nobody below a cap has weight.
fn fill<W: Copy + Into<u128>>(
    pool: Amount,
    weights: &[W],
    caps: &[Amount],
    payouts: &mut Vec<Amount>,
) -> Amount {
    let mut left = pool;
    let mut open: Vec<u128> = weights.iter().map(|&weight| weight.into()).collect();
    let mut capped = Vec::new();
    loop {
        let before = capped.len();
        fix_at_caps(left, &mut open, caps, &mut capped);
        // Each was due its cap or more, so together they never take more than there is. Fixing them raises the
        // rate for the others, so nobody fixed would ever be due less again: a round never has to be undone.
        left -= capped[before..].iter().map(|&i| cap(caps, i)).sum::<Amount>();
        if capped.len() == before {
            break;
        }
    }
    let residual = split(left, &open, payouts);
    for i in capped {
        payouts[i] = cap(caps, i);
    }
    residual
}

/// Moves every entry whose share of `pool` reaches its cap from `open` (its weight becomes zero) to `capped`.
///
/// The whole part decides: caps are whole, so a share below its cap is not rounded beyond it.
fn fix_at_caps(pool: Amount, open: &mut [u128], caps: &[Amount], capped: &mut Vec<usize>) {
    let units = u128::try_from(pool).expect("a pool is never negative");
    let total = total(open);
    if total == 0 {
        return;
    }
    let proportion = Proportion::of(units, total);
    for (i, weight) in open.iter_mut().enumerate().filter(|(_, weight)| **weight > 0) {
        let limit = cap(caps, i);
        // An entry without a real cap needs no division.
        if limit >= pool {
            continue;
        }
        if amount(proportion.share(*weight).0) >= limit {
            *weight = 0;
            capped.push(i);
        }
    }
}

fn cap(caps: &[Amount], i: usize) -> Amount {
    caps[i].max(0)
}

fn total<W: Copy + Into<u128>>(weights: &[W]) -> u128 {
    weights.iter().fold(0, |sum: u128, &weight| {
        sum.checked_add(weight.into()).expect("weights that add up within 128 bits")
    })
}

fn amount(share: u128) -> Amount {
    Amount::try_from(share).expect("a share never exceeds its pool")
}

/// Gives one unit to each of the `units` largest remainders, ties to the lowest index.
fn round_up(payouts: &mut [Amount], remainders: &[u128], units: usize) {
    if units == 0 {
        return;
    }
    // All remainders share one denominator, so they compare as integers. Selection finds the smallest one served.
    let mut ranked: Vec<Reverse<u128>> = remainders.iter().copied().map(Reverse).collect();
    let (above, threshold, _) = ranked.select_nth_unstable(units - 1);
    let threshold = threshold.0;
    let greater = above.iter().filter(|r| r.0 > threshold).count();
    let mut ties = units - greater;
    for (payout, &remainder) in payouts.iter_mut().zip(remainders) {
        if remainder > threshold {
            *payout += 1;
        } else if remainder == threshold && ties > 0 {
            *payout += 1;
            ties -= 1;
        }
    }
}

#[cfg(test)]
mod tests;
