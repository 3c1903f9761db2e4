//! Promises of a season's payment: whole pools, once, within emission and caps, and what breaks the Sybil law.

use super::*;
use crate::lcg::Lcg;

#[test]
fn several_seasons_may_wait_and_each_pays_its_own_pool_once() {
    let mut network = Network::new(&[0, 1]);
    network.open(of_pool(100));
    network.seasons.accrue(&[1, 3], &[]);
    let first = network.count();
    network.open(of_pool(60));
    network.seasons.accrue(&[2, 1], &[]);
    let second = network.count();
    let third = network.open(of_pool(1_000));
    network.seasons.accrue(&[0, 9], &[]);
    let paid = network.pay().expect("two seasons are counted");
    assert_eq!(paid.iter().map(|p| (p.season, p.paid)).collect::<Vec<_>>(), [(first, 100), (second, 60)]);
    assert_eq!(network.held(Asset::Token), [65, 95]);
    assert_eq!(network.pay(), Err(Rejection::WrongState), "nothing is paid twice");
    assert_eq!(network.recount(first), Err(Rejection::WrongState));
    assert_eq!(network.seasons.stage(third), Some(Stage::Open));
    assert!(network.seasons.accrued(first).is_empty(), "device columns are dropped");
    assert_eq!(network.seasons.counted(first), [1, 3]);
    assert_eq!(network.seasons.accrued(third), [0, 9]);
}

#[test]
fn emission_caps_the_pools_of_all_seasons_together() {
    let mut network = Network::new(&[0]);
    network.emission = FixedPool::new(FixedPoolSpec { pool_base_units: 130 });
    for _ in 0..3 {
        network.open(of_pool(100));
        network.seasons.accrue(&[1], &[]);
        network.count();
    }
    let paid: Vec<Amount> = network.pay().expect("counted").iter().map(|p| p.paid).collect();
    assert_eq!(paid, [100, 30, 0]);
    assert_eq!(network.emission.remaining(), 0);
}

#[test]
fn caps_and_empty_seasons_leave_tokens_under_their_names() {
    let pay = |leftover, points: [u64; 2]| {
        let mut network = Network::new(&[0, 1]);
        network.emission = FixedPool::new(FixedPoolSpec { pool_base_units: 1_000 });
        network.open(SeasonSpec { cap_per_account: Some(60), leftover, ..of_pool(100) });
        network.seasons.accrue(&points, &[]);
        network.count();
        let paid = network.pay().expect("a season is counted")[0];
        assert_eq!(paid.paid + paid.retained + paid.burned, 100);
        (network.held(Asset::Token), paid.retained, paid.burned, network.emission.remaining())
    };
    assert_eq!(pay(Leftover::Retain, [3, 1]), (vec![60, 25], 15, 0, 915));
    assert_eq!(pay(Leftover::Burn, [3, 1]), (vec![60, 25], 0, 15, 900));
    assert_eq!(pay(Leftover::Redistribute, [3, 1]), (vec![60, 40], 0, 0, 900));
    assert_eq!(pay(Leftover::Retain, [0, 0]), (vec![0, 0], 100, 0, 1_000));
}

#[test]
fn an_exponent_below_one_breaks_the_sybil_law_and_one_keeps_it() {
    // Four devices of one owner beside four of an honest one, all alike.
    let share = |exponent: u32, accounts: [u32; 4]| {
        let mut network = Network::new(&[&[0; 4][..], &accounts].concat());
        network.open(SeasonSpec { account_exponent_ppm: exponent, ..of_pool(3_000) });
        network.seasons.accrue(&[4 * POINT as u64; 8], &[]);
        network.count();
        network.pay().expect("a season is counted");
        network.held(Asset::Token)[1..].iter().sum::<Amount>()
    };
    let (whole, divided) = ([1; 4], [1, 2, 3, 4]);
    assert_eq!((share(ONE, whole), share(ONE, divided)), (1_500, 1_500));
    // sqrt(16) = 4 against 4 x sqrt(4) = 8: a half becomes two thirds.
    assert_eq!((share(ONE / 2, whole), share(ONE / 2, divided)), (1_500, 2_000));
}

#[test]
fn a_cap_per_account_breaks_the_sybil_law_too() {
    let share = |accounts: [u32; 2]| {
        let mut network = Network::new(&[&[0][..], &accounts].concat());
        network.open(SeasonSpec { cap_per_account: Some(40), ..of_pool(120) });
        network.seasons.accrue(&[5; 3], &[]);
        network.count();
        network.pay().expect("a season is counted");
        network.held(Asset::Token)[1..].iter().sum::<Amount>()
    };
    assert_eq!((share([1, 1]), share([1, 2])), (40, 80));
}

#[test]
fn payouts_never_exceed_the_pool_and_the_ledger_balances_in_any_season() {
    let mut lcg = Lcg(41);
    for _ in 0..200 {
        let owners: Vec<u32> = (0..30).map(|_| lcg.below(12) as u32).collect();
        let mut network = Network::new(&owners);
        let pool = lcg.of_bits(90) as Amount;
        network.emission = FixedPool::new(FixedPoolSpec { pool_base_units: pool });
        let id = network.open(SeasonSpec {
            account_exponent_ppm: 1 + lcg.below(u64::from(ONE)) as u32,
            cap_per_account: (lcg.below(2) == 0).then(|| lcg.of_bits(88) as Amount),
            leftover: [Leftover::Retain, Leftover::Redistribute, Leftover::Burn][lcg.below(3) as usize],
            ..snapshot(pool)
        });
        for _ in 0..3 {
            let weights: Vec<u64> = owners.iter().map(|_| lcg.of_bits(40) as u64).collect();
            let up: Vec<u64> = owners.iter().map(|_| lcg.below(5 * HOUR)).collect();
            network.seasons.accrue(&weights, &up);
        }
        let bad = lcg.below(30) as u32;
        network.flags[bad as usize] |= flag::BANNED;
        network.count();
        network.purge(&[lcg.below(30) as u32]);
        if lcg.below(2) == 0 {
            network.recount(id).expect("counted and unpaid");
        }
        assert_eq!(network.held(Asset::Points), network.seasons.counted(id));
        let paid = network.pay().expect("a season is counted")[0];
        assert_eq!(paid.paid + paid.retained + paid.burned, pool);
        assert_eq!(network.held(Asset::Token).iter().sum::<Amount>(), paid.paid);
        assert_eq!(network.emission.remaining(), paid.retained);
    }
}
