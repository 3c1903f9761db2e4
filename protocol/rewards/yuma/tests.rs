//! Yuma against the numbers that opentensor/subtensor prints beside its tests of epochs and of medians.

use super::*;

/// The chain's places, κ and moving average.
const CHAIN: Terms = Terms { kappa: 32_767, bonds_average_ppm: 900_000, places: 32 };

/// The number that the chain prints so: it prints as many places as tell it from its neighbours.
fn printed(decimal: &str) -> u64 {
    let (whole, places) = decimal.split_once('.').unwrap_or((decimal, ""));
    let digits: u128 = format!("{whole}{places:0<10}").parse().expect("a decimal of ten places");
    ((((digits << 33) / 10_000_000_000) + 1) >> 1) as u64
}

fn expect(name: &str, fractions: &[u64], decimals: &[&str]) {
    let wanted: Vec<u64> = decimals.iter().map(|decimal| printed(decimal)).collect();
    assert_eq!(fractions, wanted, "{name}, printed as {decimals:?}");
}

/// A network of four validators with stakes 1 to 4 and four servers.
struct Net {
    weights: [[u16; 4]; 4],
    bonds: Vec<Vec<u64>>,
    judged: Judged,
}

impl Net {
    fn new() -> Net {
        // u16::MAX / 4, / 2, / 4 * 3 and whole.
        let weights = [[16_383, 32_767, 49_149, 65_535]; 4];
        Net { weights, bonds: vec![vec![0; 4]; 4], judged: Judged::default() }
    }

    fn epoch(&mut self) {
        let weight = |i: usize, j: usize| u64::from(self.weights[i][j]);
        yuma(&[1, 2, 3, 4], weight, &mut self.bonds, CHAIN, &mut self.judged);
        // What the chain keeps of a bond: 16 bits, rounded down.
        for bond in self.bonds.iter_mut().flatten() {
            *bond = (*bond * 65_535) >> 32;
        }
    }

    fn bonds_of(&self, server: usize) -> Vec<u64> {
        self.bonds.iter().map(|row| row[server]).collect()
    }
}

#[test]
fn validators_of_one_mind_share_by_stake_and_servers_by_weight() {
    let mut net = Net::new();
    net.epoch();
    let judged = &net.judged;
    expect("S", &judged.stakes, &["0.0999999999", "0.2", "0.2999999998", "0.4"]);
    expect("C", &judged.consensus, &["0.0999975584", "0.2000012207", "0.2999926754", "0.400008545"]);
    expect("R", &judged.ranks, &["0.099997558", "0.2000012202", "0.2999926745", "0.4000085443"]);
    expect("I", &judged.incentive, &["0.0999975582", "0.2000012207", "0.2999926752", "0.4000085455"]);
    expect("D", &judged.dividends, &["0.0999999978", "0.1999999983", "0.3000000012", "0.4000000022"]);
    assert_eq!(net.bonds_of(0), [16_383, 32_767, 49_151, 65_535]);
}

#[test]
fn validators_who_fall_silent_one_by_one_lose_their_dividends_slowly() {
    let mut net = Net::new();
    net.epoch();
    // On the chain a weight on oneself is masked.
    net.weights[0] = [0; 4];
    net.epoch();
    expect("R", &net.judged.ranks, &["0.0899978022", "0.1800010982", "0.2699934072", "0.36000769"]);
    let incentive = ["0.0999975582", "0.2000012207", "0.2999926754", "0.4000085455"];
    expect("I", &net.judged.incentive, &incentive);
    expect("D", &net.judged.dividends, &["0.0899967032", "0.2022211233", "0.303334432", "0.404447741"]);
    assert_eq!(net.bonds_of(0), [14_582, 32_767, 49_151, 65_535]);
    net.weights[1] = [0; 4];
    net.epoch();
    expect("I", &net.judged.incentive, &incentive);
    expect("D", &net.judged.dividends, &["0.0809936118", "0.1819995677", "0.3158592721", "0.421147548"]);
    assert_eq!(net.bonds_of(0), [12_603, 28_321, 49_151, 65_535]);
    // Two fifths of the stake back nothing by themselves.
    net.weights[2] = [0; 4];
    net.epoch();
    expect("C", &net.judged.consensus, &["0", "0", "0", "0"]);
    expect("I", &net.judged.incentive, &["0", "0", "0", "0"]);
    expect("D", &net.judged.dividends, &["0", "0", "0", "0"]);
    assert_eq!(net.bonds_of(3), [12_602, 28_320, 49_150, 65_535]);
}

#[test]
fn a_weight_that_most_of_the_stake_does_not_back_is_clipped() {
    let mut net = Net::new();
    net.epoch();
    for silent in 0..3 {
        net.weights[silent] = [0; 4];
        net.epoch();
    }
    // The third validator puts all on the last server, the fourth two fifths: seven tenths of the stake back two fifths.
    net.weights[2] = [0, 0, 0, 65_535];
    let dividends = [
        ["0.0728874663", "0.1637972582", "0.3271309866", "0.4361842885"],
        ["0.0655988548", "0.1474132247", "0.3372762585", "0.4497116616"],
        ["0.0590361361", "0.1326722752", "0.3464062694", "0.4618853189"],
        ["0.053130352", "0.1194037423", "0.3546237142", "0.472842191"],
    ];
    let bonds = [
        [10_951, 24_609, 49_150, 65_535],
        [9_559, 21_482, 49_150, 65_535],
        [8_376, 18_824, 49_150, 65_535],
        [0; 4],
    ];
    for (dividends, bonds) in dividends.iter().zip(bonds) {
        net.epoch();
        expect("C", &net.judged.consensus, &["0", "0", "0", "0.400008545"]);
        expect("R", &net.judged.ranks, &["0", "0", "0", "0.2800059812"]);
        expect("I", &net.judged.incentive, &["0", "0", "0", "1"]);
        expect("D", &net.judged.dividends, dividends);
        if bonds != [0; 4] {
            assert_eq!(net.bonds_of(3), bonds);
        }
    }
    // Bonds to servers that nobody backs stay, but for the bits that the chain drops when it keeps them.
    assert_eq!(net.bonds_of(0), [12_598, 28_316, 49_146, 65_535]);
}

fn fixed(number: f32) -> u64 {
    // Exact: a binary fraction of 24 places.
    (f64::from(number) * 4_294_967_296.0) as u64
}

/// Stakes and scores of the chain's `test_math_weighted_median`, each with its majority and median.
#[test]
fn medians_are_those_of_the_chains_table() {
    let rows: [(&[f32], &[f32], f32, f32); 17] = [
        (&[], &[], 0.51, 0.0),
        (&[1.0], &[1.0], 0.51, 1.0),
        (&[0.49, 0.51], &[0.5, 1.0], 0.51, 1.0),
        (&[0.51, 0.49], &[0.5, 1.0], 0.51, 0.5),
        (&[0.49, 0.0, 0.51], &[0.5, 0.7, 1.0], 0.51, 1.0),
        (&[0.49, 0.01, 0.5], &[0.5, 0.7, 1.0], 0.51, 0.7),
        (&[0.49, 0.51, 0.0], &[0.5, 0.7, 1.0], 0.51, 0.7),
        (&[0.0, 0.49, 0.51], &[0.5, 0.7, 1.0], 0.51, 1.0),
        (&[0.0, 0.49, 0.0, 0.51], &[0.5, 0.5, 1.0, 1.0], 0.51, 1.0),
        (&[0.0, 0.49, 0.0, 0.51, 0.0], &[0.5, 0.5, 1.0, 1.0, 0.5], 0.51, 1.0),
        (&[0.2; 5], &[0.8, 0.2, 1.0, 0.6, 0.4], 0.51, 0.6),
        (&[0.1; 10], &[0.8, 0.8, 0.2, 0.2, 1.0, 1.0, 0.6, 0.6, 0.4, 0.4], 0.51, 0.6),
        // Columns of `test_math_weighted_median_col`, those without stake left out.
        (&[0.75, 0.25], &[0.2, 0.3], 0.24, 0.3),
        (&[0.75, 0.25], &[0.4, 0.1], 0.24, 0.4),
        (&[0.75, 0.25], &[0.2, 0.3], 0.26, 0.2),
        (&[0.75, 0.25], &[0.4, 0.1], 0.76, 0.1),
        (&[0.3, 0.2, 0.5], &[0.2, 0.3, 0.0], 0.51, 0.0),
    ];
    for (stakes, scores, majority, wanted) in rows {
        let mut by_weight: Vec<(u64, u64)> =
            scores.iter().zip(stakes).map(|(score, stake)| (fixed(*score), fixed(*stake))).collect();
        let found = median(&mut by_weight, fixed(1.0) - fixed(majority));
        assert_eq!(found, fixed(wanted), "{stakes:?} {scores:?} {majority}");
    }
}

#[test]
fn finer_places_judge_a_large_network_as_exact_fractions_do() {
    // A thousand miners of equal weight: each a thousandth, which 32 places miss by their last bit.
    let terms = Terms { places: 56, ..CHAIN };
    let mut bonds = vec![vec![0; 1_000]; 2];
    let mut judged = Judged::default();
    yuma(&[1, 3], |_, _| 7, &mut bonds, terms, &mut judged);
    let one = 1u64 << 56;
    let off = |found: u64, wanted: u64| found.abs_diff(wanted);
    assert!(judged.incentive.iter().all(|incentive| off(*incentive, one / 1_000) <= 2));
    assert!(off(judged.dividends[0], one / 4) <= 2_000 && off(judged.dividends[1], one / 4 * 3) <= 2_000);
}

#[test]
fn a_network_without_validators_stake_or_miners_is_judged_empty() {
    let mut judged = Judged::default();
    yuma(&[], |_, _| 1, &mut [], CHAIN, &mut judged);
    assert_eq!((judged.incentive.len(), judged.dividends.len()), (0, 0));
    yuma(&[0, 0], |_, _| 1, &mut [vec![0; 3], vec![0; 3]], CHAIN, &mut judged);
    assert_eq!((judged.incentive.clone(), judged.dividends.clone()), (vec![0; 3], vec![0; 2]));
}
