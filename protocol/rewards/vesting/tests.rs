//! Vesting held to Filecoin's own tables, and to conservation whatever is locked when.

use super::*;
use crate::lcg::Lcg;
use crate::units::TOKEN;
use std::collections::BTreeMap;

const A: AccountId = AccountId(0);
const B: AccountId = AccountId(3);

fn day(n: u64) -> Time {
    Time::ZERO + Span::DAY.times(n)
}

fn over_days(days: u64, immediate_ppm: Ppm) -> Vesting {
    Vesting::new(VestingSpec { immediate_ppm, over: Span::DAY.times(days), step: Span::DAY })
}

#[test]
fn a_block_reward_of_filecoin_pays_a_quarter_at_once_and_the_rest_in_180_equal_days() {
    let mut vesting = Vesting::new(VestingSpec::default());
    assert_eq!(vesting.lock(Time::ZERO, A, 240 * TOKEN), 60 * TOKEN);
    assert_eq!(vesting.locked(A), 180 * TOKEN);
    for n in 1..=180 {
        assert_eq!(vesting.due(day(n)), [(A, TOKEN)], "day {n}");
    }
    assert_eq!((vesting.due(day(500)), vesting.locked_by_all()), (vec![], 0));
    assert_eq!(vesting.next_due(), None);
}

#[test]
fn the_odd_units_of_a_lock_come_with_its_last_step() {
    // Filecoin's locked part is floor(11 × 3 / 4) = 8 as well.
    let mut vesting = over_days(3, 250_000);
    assert_eq!(vesting.lock(Time::ZERO, A, 11), 3);
    let paid = [1, 2, 3, 4].map(|n| vesting.due(day(n)));
    assert_eq!(paid, [vec![(A, 2)], vec![(A, 2)], vec![(A, 4)], vec![]]);
}

#[test]
fn nothing_comes_before_its_step_and_all_is_there_after_the_last() {
    let mut vesting = over_days(2, 0);
    // Locked in the night: counts from the next midnight.
    assert_eq!(vesting.lock(Time(day(5).0 + 1), B, 10), 0);
    assert_eq!(vesting.next_due(), Some(day(7)));
    assert_eq!(vesting.due(day(6)), []);
    assert_eq!(vesting.due(Time(day(7).0 - 1)), []);
    assert_eq!(vesting.due(day(7)), [(B, 5)]);
    assert_eq!(vesting.due(day(7)), []);
    assert_eq!(vesting.next_due(), Some(day(8)));
    assert_eq!(vesting.due(day(8)), [(B, 5)]);
}

#[test]
fn a_driver_that_asks_late_gets_the_same_in_one_payment() {
    let mut vesting = over_days(4, 0);
    let _ = vesting.lock(day(0), A, 40);
    let _ = vesting.lock(day(1), B, 40);
    assert_eq!(vesting.due(day(3)), [(A, 30), (B, 20)]);
    assert_eq!(vesting.due(day(99)), [(A, 10), (B, 20)]);
}

#[test]
fn without_a_span_or_with_all_of_it_at_once_nothing_is_locked() {
    for spec in [
        VestingSpec { over: Span::ZERO, ..VestingSpec::default() },
        VestingSpec { immediate_ppm: ONE, ..VestingSpec::default() },
        VestingSpec { immediate_ppm: u32::MAX, ..VestingSpec::default() },
    ] {
        let mut vesting = Vesting::new(spec);
        assert_eq!(vesting.lock(Time::ZERO, A, 7), 7);
        assert_eq!((vesting.next_due(), vesting.locked_by_all()), (None, 0));
    }
}

#[test]
#[should_panic(expected = "locks come in order of time")]
fn a_lock_in_the_past_is_refused() {
    let mut vesting = over_days(4, 0);
    let _ = vesting.lock(day(3), A, 1);
    let _ = vesting.lock(day(1), A, 1);
}

/// What was locked between two steps, by the step that it counts from and account.
type Locks = BTreeMap<(u64, u32), Amount>;

/// Every lock by itself, and what it has released by a step.
fn released_by(step: u64, steps: u64, locks: &Locks, account: AccountId) -> Amount {
    let one = |(&(start, owner), &amount): (&(u64, u32), &Amount)| match step.saturating_sub(start) {
        _ if owner != account.0 => 0,
        passed if passed >= steps => amount,
        passed => amount / Amount::from(steps) * Amount::from(passed),
    };
    locks.iter().map(one).sum()
}

#[test]
fn random_locks_release_exactly_what_each_would_alone_and_lose_not_one_unit() {
    for seed in 0..40 {
        let mut lcg = Lcg(seed);
        let steps = 1 + lcg.below(9);
        let mut vesting = over_days(steps, lcg.below(1_200_000) as Ppm);
        let (mut locks, mut paid) = (Locks::new(), [0; 5]);
        for n in 0..60 {
            for (account, amount) in vesting.due(day(n)) {
                paid[account.at()] += amount;
            }
            for account in (0..5).map(AccountId) {
                let alone = released_by(n, steps, &locks, account);
                let put_in: Amount = locks.iter().filter(|(key, _)| key.1 == account.0).map(|(_, a)| a).sum();
                assert_eq!(paid[account.at()], alone, "seed {seed}, day {n}");
                assert_eq!(vesting.locked(account), put_in - alone);
            }
            // Some exactly at the step, some after it.
            for nanosecond in 0..2 * u64::from(n < 45) {
                let (now, account) = (Time(day(n).0 + nanosecond), lcg.below(5) as u32);
                let amount = lcg.of_bits(90) as Amount;
                let lock = amount - vesting.lock(now, AccountId(account), amount);
                *locks.entry((n + nanosecond, account)).or_default() += lock;
            }
        }
        let all: Amount = locks.values().sum();
        assert_eq!((paid.iter().sum(), vesting.locked_by_all()), (all, 0), "seed {seed}");
    }
}

#[test]
fn the_line_is_never_overtaken_and_never_left_by_a_base_unit_for_every_step() {
    let mut vesting = over_days(180, 0);
    let _ = vesting.lock(Time::ZERO, A, 12_345_678_901);
    let mut paid = 0;
    for n in 1..180 {
        paid += vesting.due(day(n)).iter().map(|&(_, amount)| amount).sum::<Amount>();
        let line = 12_345_678_901 * Amount::from(n) / 180;
        assert!(paid <= line && line - paid < 180, "day {n}");
    }
}

#[test]
fn two_locks_of_one_day_are_one_lock() {
    let mut vesting = over_days(2, 0);
    let _ = vesting.lock(Time(1), A, 1);
    let _ = vesting.lock(Time(2), B, 4);
    let _ = vesting.lock(Time(3), A, 1);
    assert_eq!(vesting.due(day(2)), [(A, 1), (B, 2)]);
    assert_eq!(vesting.due(day(3)), [(A, 1), (B, 2)]);
}

/// Cases of builtin-actors, `vesting_add_locked_funds_table.rs`, that count from a whole step: 100 locked at 0, and what
/// comes from then on. Filecoin releases in the epoch after a step, here it is the step itself.
#[test]
fn releases_are_those_of_the_tables_of_builtin_actors() {
    for (over, step, expected) in [
        (1, 1, vec![0, 100, 0]),
        (2, 1, vec![0, 50, 50, 0]),
        (3, 1, vec![0, 33, 33, 34, 0]),
        (2, 2, vec![0, 0, 100, 0]),
        (5, 2, vec![0, 0, 40, 0, 40, 0, 20, 0]),
        (5, 3, vec![0, 0, 0, 60, 0, 0, 40, 0]),
        (5, 6, vec![0, 0, 0, 0, 0, 0, 100, 0]),
        (5, 1, vec![0, 20, 20, 20, 20, 20, 0]),
        (10, 2, vec![0, 0, 20, 0, 20, 0, 20, 0, 20, 0, 20]),
    ] {
        let mut vesting = Vesting::new(VestingSpec { immediate_ppm: 0, over: Span(over), step: Span(step) });
        let _ = vesting.lock(Time::ZERO, A, 100);
        let mut left = 100;
        for (now, expected) in (0..).map(Time).zip(expected) {
            let paid: Amount = vesting.due(now).iter().map(|&(_, amount)| amount).sum();
            left -= expected;
            assert_eq!((paid, vesting.locked(A)), (expected, left), "{over} by {step} at {now:?}");
        }
        assert_eq!((left, vesting.next_due()), (0, None));
    }
}
