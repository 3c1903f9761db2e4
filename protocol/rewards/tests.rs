//! Closed forms of the whole chain, from an epoch's record through a season to tokens.

use super::*;
use crate::emission::{FixedPool, FixedPoolSpec};
use crate::ids::AccountId;
use crate::ledger::{Asset, Ledger};
use crate::registry::Model;
use crate::units::{Amount, ONE, Span, Time};

/// Tokens per account of a one-epoch season of these workers (owner, cards), all up, unhired and alike but for cards.
fn play(rule: &mut dyn RewardRule, pool: Amount, workers: &[(u32, u16)]) -> Vec<Amount> {
    let n = workers.len();
    let account: Vec<AccountId> = workers.iter().map(|w| AccountId(w.0)).collect();
    let models = vec![Model { name: "a card".into(), memory_mb: 8_000, gflops: 1, multiplier: ONE }];
    let flags = vec![flag::ONLINE; n];
    let row = |&(owner, cards): &(u32, u16)| Row {
        up_ns: Span::HOUR.0,
        cards,
        tier: 2,
        flags: flag::ONLINE,
        account: AccountId(owner),
        ..Row::default()
    };
    let weights = Columns::new(workers.iter().map(row).collect(), models).weigh(rule);

    let (mut ledger, mut effects) = (Ledger::default(), Vec::new());
    let mint = ledger.open_unlimited();
    let accounts = workers.iter().map(|w| w.0 + 1).max().unwrap_or(0);
    let purses: Vec<_> = (0..accounts).map(|_| ledger.open()).collect();
    let owners = Owners { account: &account, flags: &flags, purses: &purses, mint };
    let mut seasons = Seasons::default();
    let spec = SeasonSpec { pool, ..SeasonSpec::default() };
    let mut emission = FixedPool::new(FixedPoolSpec { pool_base_units: pool });
    seasons.open(Time(0), spec, &mut effects).expect("none is open");
    seasons.accrue(&weights, &[]);
    seasons.count_season(Time(Span::HOUR.0), &owners, &mut ledger, &mut effects).expect("one is open");
    let payer = Payer { rule, price: None };
    seasons.pay_out(&owners, &payer, &mut emission, &mut ledger, &mut effects).expect("one is counted");
    assert_eq!(ledger.recount(), [0; 3]);
    purses.iter().map(|&purse| ledger.balance(purse, Asset::Token)).collect()
}

fn forms() -> [Box<dyn RewardRule>; 2] {
    [
        IgnitionSpec::Multiplicative(ignition_points::MultiplicativeSpec::default()).build(),
        IgnitionSpec::Additive(ignition_points::AdditiveSpec::default()).build(),
    ]
}

const POOL: Amount = 3_200_000_000_000_000;

#[test]
fn n_equal_honest_devices_each_get_the_nth_part() {
    for mut rule in forms() {
        for n in [1u32, 3, 1_000] {
            let workers: Vec<(u32, u16)> = (0..n).map(|owner| (owner, 1)).collect();
            for tokens in play(&mut *rule, POOL, &workers) {
                let exact = POOL / Amount::from(n);
                assert!((exact..=exact + 1).contains(&tokens), "{}", rule.name());
            }
        }
    }
}

#[test]
fn an_unverified_farm_takes_its_claimed_share_of_the_pool() {
    for mut rule in forms() {
        for (honest, cards, slices) in [(100u32, 1u32, 1u32), (100, 1, 100), (60, 4, 25), (999, 37, 64)] {
            // Account 0 lists every slice as a worker of its own.
            let fakes = (0..slices * cards).map(|_| (0, 1));
            let workers: Vec<(u32, u16)> = fakes.chain((1..=honest).map(|owner| (owner, 1))).collect();
            let tokens = play(&mut *rule, POOL, &workers);
            let claimed = Amount::from(slices * cards);
            let exact = POOL * claimed / (Amount::from(honest) + claimed);
            assert!((exact..=exact + 1).contains(&tokens[0]), "{}", rule.name());
            assert_eq!(tokens.iter().sum::<Amount>(), POOL);
        }
    }
}

#[test]
fn identities_alone_gain_at_most_a_rounding_unit_each() {
    for mut rule in forms() {
        let honest = (0..50u32).map(|owner| (owner, 1u16));
        let whole: Vec<_> = honest.clone().chain([(50, 24)]).collect();
        let divided: Vec<_> = honest.chain((50..74).map(|owner| (owner, 1))).collect();
        let together: Amount = play(&mut *rule, POOL, &whole)[50..].iter().sum();
        let apart: Amount = play(&mut *rule, POOL, &divided)[50..].iter().sum();
        assert!((together - apart).abs() <= 24, "{}", rule.name());
    }
}
