//! Promises of the split: exact, complete, fair up to the tie rule, and never beyond a cap.

use super::*;
use crate::lcg::Lcg;
use crate::wide::mul_div;

fn shares<W: Copy + Into<u128>>(pool: Amount, weights: &[W]) -> Vec<Amount> {
    let mut payouts = vec![-1; 3];
    let residual = split(pool, weights, &mut payouts);
    assert_eq!(payouts.iter().sum::<Amount>() + residual, pool);
    payouts
}

fn capped(pool: Amount, weights: &[u64], caps: &[Amount], leftover: Leftover) -> (Vec<Amount>, Left) {
    let mut payouts = Vec::new();
    let left = split_capped(pool, weights, caps, leftover, &mut payouts);
    assert_eq!(payouts.iter().sum::<Amount>() + left.retained + left.burned, pool);
    (payouts, left)
}

/// Up to 12 weights whose sum and products reach beyond 128 bits; one in eight is zero.
fn case(lcg: &mut Lcg) -> (Amount, Vec<u128>) {
    let pool = lcg.of_bits(127) as Amount;
    let count = 1 + lcg.below(12);
    let weights = (0..count).map(|_| if lcg.below(8) == 0 { 0 } else { lcg.of_bits(124) }).collect();
    (pool, weights)
}

#[test]
fn published_apportionments_are_met_exactly() {
    let rows: [(Amount, &[u64], &[Amount]); 3] = [
        (100, &[1, 1, 1], &[34, 33, 33]),
        (
            456_621_004_566,
            &[3, 7, 11, 13],
            &[40_290_088_638, 94_010_206_822, 147_730_325_007, 174_590_384_099],
        ),
        (0, &[1, 2], &[0, 0]),
    ];
    for (pool, weights, expected) in rows {
        assert_eq!(shares(pool, weights), expected);
    }
}

#[test]
fn rows_of_the_shared_table_are_met_exactly() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/expected/analytic.csv");
    let Ok(table) = std::fs::read_to_string(path) else {
        println!("skipped: the shared table of expected results is not here");
        return;
    };
    let rows: Vec<&str> = table.lines().filter(|line| line.contains(",split,")).collect();
    assert!(rows.len() >= 3, "the table has lost its split rows");
    for row in rows {
        // name,split,"total=T;weights=a,b,c",payouts,x y z,source
        let quoted: Vec<&str> = row.split('"').collect();
        let (total, weights) = quoted[1].split_once(";weights=").expect("a total and weights");
        let pool: Amount = total["total=".len()..].parse().expect("a total");
        let weights: Vec<u128> = weights.split(',').map(|w| w.parse().expect("a weight")).collect();
        let expected: Vec<Amount> = quoted[2]
            .split(',')
            .nth(2)
            .expect("payouts")
            .split(' ')
            .map(|p| p.parse().expect("a payout"))
            .collect();
        assert_eq!(shares(pool, &weights), expected, "{row}");
    }
}

#[test]
fn payouts_and_residual_make_the_pool_in_ten_thousand_huge_cases() {
    let mut lcg = Lcg(1);
    let mut residuals = 0;
    for _ in 0..10_000 {
        let (pool, weights) = case(&mut lcg);
        let mut payouts = Vec::new();
        let residual = split(pool, &weights, &mut payouts);
        assert_eq!(payouts.iter().sum::<Amount>() + residual, pool);
        assert!(payouts.iter().all(|&payout| payout >= 0));
        let weightless = weights.iter().all(|&weight| weight == 0);
        assert_eq!(residual, if weightless { pool } else { 0 });
        residuals += u32::from(weightless);
    }
    assert!(residuals > 10, "cases of zero total weight must occur");
}

#[test]
fn every_payout_is_its_exact_share_rounded_down_or_up() {
    let mut lcg = Lcg(2);
    for _ in 0..2_000 {
        let (pool, weights) = case(&mut lcg);
        let total: u128 = weights.iter().sum();
        if total == 0 {
            continue;
        }
        for (payout, &weight) in shares(pool, &weights).into_iter().zip(&weights) {
            let (share, remainder) = mul_div(pool as u128, weight, total);
            let up = payout - share as Amount;
            assert!(up == 0 || up == 1 && remainder > 0, "{pool} {weights:?}");
        }
    }
}

#[test]
fn a_larger_weight_is_never_paid_less() {
    let mut lcg = Lcg(3);
    for _ in 0..2_000 {
        let (pool, weights) = case(&mut lcg);
        let mut pairs: Vec<(u128, Amount)> = weights.iter().copied().zip(shares(pool, &weights)).collect();
        // Among equals the earlier may have one unit more, which a sort by payout hides on purpose.
        pairs.sort_unstable();
        assert!(pairs.is_sorted_by_key(|pair| pair.1), "{pool} {weights:?}");
    }
}

#[test]
fn order_decides_single_units_among_tied_remainders_and_nothing_else() {
    let mut lcg = Lcg(4);
    let mut moved = 0;
    for _ in 0..4_000 {
        // Small numbers, so that ties are frequent.
        let pool = Amount::from(lcg.below(60) as u32);
        let weights: Vec<u64> = (0..1 + lcg.below(7)).map(|_| 1 + lcg.below(12)).collect();
        let turn = lcg.below(weights.len() as u64) as usize;
        let mut turned = weights.clone();
        turned.rotate_left(turn);
        let straight = shares(pool, &weights);
        let mut back = shares(pool, &turned);
        back.rotate_right(turn);
        let total: u64 = weights.iter().sum();
        let remainder = |i: usize| pool as u64 * weights[i] % total;
        for i in 0..weights.len() {
            let tied = (0..weights.len()).any(|j| j != i && remainder(j) == remainder(i));
            let apart = (straight[i] - back[i]).abs();
            assert!(apart == 0 || apart == 1 && tied, "{pool} {weights:?} {turn}");
            moved += apart;
        }
    }
    assert!(moved > 100, "ties must occur");
}

#[test]
fn ties_go_to_the_lowest_index() {
    assert_eq!(shares(5, &[1u64; 4]), [2, 1, 1, 1]);
    assert_eq!(shares(2, &[1u64, 3]), [1, 1]);
    assert_eq!(shares(2, &[3u64, 1]), [2, 0]);
}

#[test]
fn weights_in_another_unit_give_the_same_payouts() {
    let mut lcg = Lcg(5);
    for _ in 0..2_000 {
        let pool = lcg.of_bits(60) as Amount;
        let weights: Vec<u128> = (0..1 + lcg.below(12)).map(|_| lcg.of_bits(50)).collect();
        // The scaled weights need 256-bit products where the others do not, so the two paths check each other.
        let scaled: Vec<u128> = weights.iter().map(|w| w * ((1 << 70) - 3)).collect();
        assert_eq!(shares(pool, &weights), shares(pool, &scaled));
    }
}

#[test]
fn zero_weights_are_paid_nothing_and_nobody_leaves_a_residual() {
    assert_eq!(shares(7, &[0u64, 3, 0, 3]), [0, 4, 0, 3]);
    assert_eq!(shares(7, &[0u64, 0]), [0, 0]);
    assert_eq!(shares::<u64>(7, &[]), []);
}

#[test]
fn cuts_are_retained_or_burned_by_name() {
    let caps = [75, 75, 75];
    let (payouts, left) = capped(200, &[6, 3, 1], &caps, Leftover::Retain);
    assert_eq!((payouts, left.retained, left.burned), (vec![75, 60, 20], 45, 0));
    let (payouts, left) = capped(200, &[6, 3, 1], &caps, Leftover::Burn);
    assert_eq!((payouts, left.retained, left.burned), (vec![75, 60, 20], 0, 45));
}

#[test]
fn redistribution_repeats_when_it_pushes_others_to_their_caps() {
    // First 120 is cut to 75; the 45 lift 60 to 93.75, cut to 75 as well; the last takes what remains, 50.
    let (payouts, left) = capped(200, &[6, 3, 1], &[75; 3], Leftover::Redistribute);
    assert_eq!((payouts, left), (vec![75, 75, 50], Left::default()));
    let (payouts, left) = capped(200, &[6, 3, 1], &[60; 3], Leftover::Redistribute);
    assert_eq!((payouts, left.retained), (vec![60, 60, 60], 20));
}

#[test]
fn what_nobody_earned_follows_the_named_policy() {
    assert_eq!(capped(9, &[0, 0], &[5, 5], Leftover::Retain).1.retained, 9);
    assert_eq!(capped(9, &[0, 0], &[5, 5], Leftover::Redistribute).1.retained, 9);
    assert_eq!(capped(9, &[0, 0], &[5, 5], Leftover::Burn).1.burned, 9);
}

#[test]
fn without_binding_caps_all_policies_equal_the_plain_split() {
    let mut lcg = Lcg(6);
    for _ in 0..500 {
        let pool = lcg.of_bits(100) as Amount;
        let weights: Vec<u64> = (0..1 + lcg.below(9)).map(|_| 1 + lcg.below(1 << 40)).collect();
        for leftover in [Leftover::Retain, Leftover::Redistribute, Leftover::Burn] {
            let caps = vec![Amount::MAX; weights.len()];
            let (payouts, left) = capped(pool, &weights, &caps, leftover);
            assert_eq!((payouts, left), (shares(pool, &weights), Left::default()));
        }
    }
}

#[test]
fn redistribution_pays_one_rate_below_the_caps_and_no_more_at_them() {
    let mut lcg = Lcg(8);
    let mut bound = 0;
    for _ in 0..3_000 {
        let count = 1 + lcg.below(10) as usize;
        let pool = Amount::from(lcg.below(5_000) as u32);
        let weights: Vec<u64> = (0..count).map(|_| lcg.below(50)).collect();
        let caps: Vec<Amount> = (0..count).map(|_| lcg.below(900) as Amount - 20).collect();
        let (payouts, left) = capped(pool, &weights, &caps, Leftover::Redistribute);
        for i in 0..count {
            let cap = caps[i].max(0);
            assert!((0..=cap).contains(&payouts[i]));
            if payouts[i] == cap || weights[i] == 0 {
                continue;
            }
            bound += 1;
            assert_eq!(left.retained, 0, "somebody below a cap could have taken it");
            for j in (0..count).filter(|&j| weights[j] > 0) {
                // payout / weight of j is at most that of i, up to one unit of rounding on either side.
                let (i_weight, j_weight) = (Amount::from(weights[i]), Amount::from(weights[j]));
                assert!((payouts[j] - 1) * i_weight < (payouts[i] + 1) * j_weight);
            }
        }
    }
    assert!(bound > 3_000, "entries below their caps must occur");
}

#[test]
#[should_panic(expected = "a pool is never negative")]
fn a_negative_pool_is_our_own_mistake() {
    let _ = split(-1, &[1u64], &mut Vec::new());
}
