//! Yuma consensus: what validators with stake agree that miners are worth, in the chain's own fixed point.
//!
//! *Rule*: every validator sets weights over all miners. A weight beyond what κ of the stake backs is clipped to it. Miners
//! earn by the stake behind their clipped weights; validators earn by their bonds to the miners that earn, which follow
//! their own clipped weights slowly.
//!
//! *Formula*, with S the stakes and W the weights, each made to sum up to one (W by validator), B by miner:
//!
//! ```text
//! C_j  = the least weight of miner j such that those who set no more hold over 1 - κ of the stake
//! R_j  = sum over i of S_i * min(W_ij, C_j)          I_j = R_j / sum R
//! dB   = S_i * min(W_ij, C_j), normalised            B   = α dB + (1 - α) B, normalised
//! D_i  = sum over j of B_ij * I_j, normalised
//! ```
//!
//! Every quotient and product is rounded down to a binary place: 32 of them are the chain's numbers to the last bit.
//!
//! *Source*: opentensor/subtensor, `epoch` and `math`: original Yuma with bonds as moving averages, all of whose clipped
//! weight counts for bonds (bonds penalty one, the default). κ = 32,767 of 65,535, moving average 0.9 (`[bittensor]`). The
//! chain keeps bonds and weights as 16 bits; here they have the places of everything else, and the tests cut them.
//! Liquid alpha and the later form of bonds (Yuma 3) are left out.
//!
//! *Known weakness*: it measures agreement and not truth: who holds κ of the stake says what is true, and a validator who
//! copies the others earns as one who looks. Work is miners times validators, with a sort of the validators for each miner.

use super::proportion::Narrow;
use crate::units::{ONE, Ppm};

/// κ of 16 bits that counts as one.
const WHOLE_KAPPA: u128 = u16::MAX as u128;

/// Numbers of the consensus.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    /// Stake that must back a weight, of 65,535.
    pub kappa: u16,
    /// Part of the old bonds in the new, in parts per million: 1 - α.
    pub bonds_average_ppm: Ppm,
    /// Binary places of every fraction, at most 56. 32 is the chain's.
    pub places: u32,
}

/// Fractions of [`Terms::places`], and scratch that is used again.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Judged {
    /// Stake behind each miner's clipped weights.
    pub ranks: Vec<u64>,
    /// The most that each miner's weight counts for.
    pub consensus: Vec<u64>,
    /// What miners earn; sums up to one, or to nothing when no weight stands.
    pub incentive: Vec<u64>,
    /// What validators earn; the same.
    pub dividends: Vec<u64>,
    /// Validators' stakes as parts of one.
    pub stakes: Vec<u64>,
    column: Column,
}

/// One miner's numbers, by validator.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
struct Column {
    weights: Vec<u64>,
    bonds: Vec<u64>,
    fresh: Vec<u64>,
    sorted: Vec<(u64, u64)>,
}

/// Judges as many miners as the bonds have columns; `bonds` has a row for each validator and is renewed, each column
/// scaled so that its largest is one. A validator whose stake is zero is not heard.
///
/// # Panics
/// When there are not as many rows as stakes, or a row is short.
pub fn yuma(
    stakes: &[u64],
    weight: impl Fn(usize, usize) -> u64,
    bonds: &mut [Vec<u64>],
    terms: Terms,
    judged: &mut Judged,
) {
    assert_eq!(stakes.len(), bonds.len(), "a row of bonds for each validator");
    let miners = bonds.first().map_or(0, Vec::len);
    let fraction = Fraction::of(terms.places);
    fraction.normalise_stakes(stakes, &mut judged.stakes);
    let rows: Vec<Option<Narrow>> = (0..stakes.len())
        .map(|i| fraction.parts_of((0..miners).fold(0, |sum: u64, j| sum.saturating_add(weight(i, j)))))
        .collect();
    let Judged { ranks, consensus, incentive, dividends, stakes, column } = judged;
    let heard = Heard::of(stakes, terms, fraction);
    ranks.clear();
    consensus.clear();
    for j in 0..miners {
        column.read(&rows, |i| weight(i, j));
        let median = heard.median(column);
        let backed =
            column.weights.iter().zip(stakes.iter()).map(|(w, s)| fraction.times(*w.min(&median), *s));
        ranks.push(backed.sum());
        consensus.push(median);
    }
    incentive.clear();
    incentive.extend_from_slice(ranks);
    fraction.normalise(incentive);
    dividends.clear();
    dividends.resize(stakes.len(), 0);
    let old_part = fraction.of_ppm(terms.bonds_average_ppm);
    for j in 0..miners {
        column.read(&rows, |i| weight(i, j));
        column.clip(consensus[j], stakes, fraction);
        column.bonds.clear();
        column.bonds.extend(bonds.iter().map(|row| row[j]));
        fraction.normalise(&mut column.bonds);
        for (fresh, old) in column.fresh.iter_mut().zip(&column.bonds) {
            *fresh = fraction.times(fraction.one - old_part, *fresh) + fraction.times(old_part, *old);
        }
        fraction.normalise(&mut column.fresh);
        let largest = fraction.parts_of(column.fresh.iter().copied().max().unwrap_or(0));
        for ((dividend, bond), row) in dividends.iter_mut().zip(&column.fresh).zip(bonds.iter_mut()) {
            *dividend += fraction.times(incentive[j], *bond);
            row[j] = largest.map_or(0, |largest| largest.share(*bond).0);
        }
    }
    fraction.normalise(dividends);
}

/// Arithmetic of so many binary places.
#[derive(Clone, Copy, Debug)]
struct Fraction {
    places: u32,
    one: u64,
}

impl Fraction {
    fn of(places: u32) -> Fraction {
        let places = places.min(56);
        Fraction { places, one: 1 << places }
    }

    fn times(self, a: u64, b: u64) -> u64 {
        ((u128::from(a) * u128::from(b)) >> self.places) as u64
    }

    fn of_ppm(self, ppm: Ppm) -> u64 {
        (u128::from(self.one) * u128::from(ppm.min(ONE)) / u128::from(ONE)) as u64
    }

    /// Parts of a whole; none of nothing.
    fn parts_of(self, whole: u64) -> Option<Narrow> {
        (whole > 0).then(|| Narrow::of(self.one, whole))
    }

    fn normalise(self, numbers: &mut [u64]) {
        let sum = numbers.iter().sum();
        if let Some(parts) = self.parts_of(sum) {
            numbers.iter_mut().for_each(|number| *number = parts.share(*number).0);
        }
    }

    /// As the chain does: once from amounts, and once more among those that are heard.
    fn normalise_stakes(self, amounts: &[u64], stakes: &mut Vec<u64>) {
        let sum: u128 = amounts.iter().map(|amount| u128::from(*amount)).sum();
        stakes.clear();
        stakes
            .extend(amounts.iter().map(|amount| ((u128::from(*amount) << self.places) / sum.max(1)) as u64));
        self.normalise(stakes);
    }
}

/// Stakes of validators that have one, and the stake below the median.
struct Heard {
    stakes: Vec<(usize, u64)>,
    minority: u64,
}

impl Heard {
    fn of(stakes: &[u64], terms: Terms, fraction: Fraction) -> Heard {
        let mut own: Vec<u64> = stakes.iter().copied().filter(|stake| *stake > 0).collect();
        fraction.normalise(&mut own);
        let kappa = (u128::from(fraction.one) * u128::from(terms.kappa) / WHOLE_KAPPA) as u64;
        let minority = own.iter().sum::<u64>().saturating_sub(kappa);
        let seats = stakes.iter().enumerate().filter(|(_, stake)| **stake > 0).map(|(seat, _)| seat);
        Heard { stakes: seats.zip(own).collect(), minority }
    }

    fn median(&self, column: &mut Column) -> u64 {
        column.sorted.clear();
        column.sorted.extend(self.stakes.iter().map(|(seat, stake)| (column.weights[*seat], *stake)));
        median(&mut column.sorted, self.minority)
    }
}

/// The least weight such that those who set no more hold over `minority`; the largest when none does.
fn median(by_weight: &mut [(u64, u64)], minority: u64) -> u64 {
    by_weight.sort_unstable();
    let mut below = 0;
    for (weight, stake) in by_weight.iter() {
        below += stake;
        if below > minority {
            return *weight;
        }
    }
    by_weight.last().map_or(0, |(weight, _)| *weight)
}

impl Column {
    fn read(&mut self, rows: &[Option<Narrow>], weight: impl Fn(usize) -> u64) {
        let part = |(i, row): (usize, &Option<Narrow>)| row.map_or(0, |row| row.share(weight(i)).0);
        self.weights.clear();
        self.weights.extend(rows.iter().enumerate().map(part));
    }

    /// Fresh bonds: stake behind the clipped weights, as parts of one.
    fn clip(&mut self, consensus: u64, stakes: &[u64], fraction: Fraction) {
        let backed = self.weights.iter().zip(stakes);
        self.fresh.clear();
        self.fresh.extend(backed.map(|(weight, stake)| fraction.times(*weight.min(&consensus), *stake)));
        fraction.normalise(&mut self.fresh);
    }
}

#[cfg(test)]
mod tests;
