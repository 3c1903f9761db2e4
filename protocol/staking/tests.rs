//! Stakes by hand, cooldowns, co-stakers, and the one invariant: the purse holds exactly the stakes.

use super::cover::News;
use super::*;
use crate::lcg::Lcg;
use crate::registry::{Registry, flag};
use crate::testbed::{claim, registry};
use crate::units::ONE;

const TOKENS: Asset = Asset::Token;

/// Stakes of a few accounts, each with a thousand base units.
struct Pool {
    staking: Staking,
    ledger: Ledger,
    registry: Registry,
    purses: Vec<Purse>,
    effects: Vec<Effect>,
    news: News,
}

impl Pool {
    fn new(spec: StakingSpec, accounts: usize) -> Pool {
        let mut ledger = Ledger::default();
        let mint = ledger.open_unlimited();
        let staking = Staking::open(spec, &mut ledger);
        let purses: Vec<Purse> = (0..accounts).map(|_| ledger.open()).collect();
        for purse in &purses {
            ledger.post(TOKENS, Category::Reward, mint, *purse, 1_000).expect("unlimited");
        }
        let (registry, effects, news) = (registry(), Vec::new(), News::default());
        Pool { staking, ledger, registry, purses, effects, news }
    }

    fn stake(&mut self, supplier: u32, staker: u32, amount: Amount) -> Result<(), Rejection> {
        let stake = stake(supplier, staker, amount);
        let payer = self.purses[staker as usize];
        let done = self.staking.stake(stake, payer, &mut self.ledger, &mut self.effects);
        self.staking.recover(AccountId(supplier), &mut self.registry, &mut self.news);
        done
    }

    fn unstake(&mut self, now: Time, supplier: u32, staker: u32, amount: Amount) -> Result<(), Rejection> {
        let done = self.staking.unstake(now, stake(supplier, staker, amount), &mut self.effects);
        self.staking.recover(AccountId(supplier), &mut self.registry, &mut self.news);
        done
    }

    fn advance(&mut self, now: Time) {
        self.staking.advance(now, &self.purses, &mut self.ledger, &mut self.effects);
    }

    /// Lists devices of one card that are deployable but for the stake.
    fn list(&mut self, supplier: u32, count: u32, cards: u16) {
        for _ in 0..count {
            let standing = flag::DEPLOYABLE_SET;
            self.registry.push(Time::ZERO, AccountId(supplier), &claim(cards, 1), standing);
        }
        self.staking.grow(&mut self.registry, &mut self.news);
    }

    fn held(&self, account: u32) -> Amount {
        self.ledger.balance(self.purses[account as usize], TOKENS)
    }

    fn in_purse(&self) -> Amount {
        self.ledger.balance(self.staking.purse(), TOKENS)
    }

    fn deployable(&self) -> Vec<bool> {
        (0..self.registry.len() as u32).map(|i| self.registry.deployable(DeviceId(i))).collect()
    }
}

fn stake(supplier: u32, staker: u32, amount: Amount) -> Stake {
    Stake { supplier: AccountId(supplier), staker: AccountId(staker), amount, asset: TOKENS }
}

fn hundred(per: Per) -> StakingSpec {
    StakingSpec { per, rate: 100, ..StakingSpec::default() }
}

fn day(days: u64) -> Time {
    Time::ZERO + Span::DAY.times(days)
}

#[test]
fn the_published_stakes_of_two_machines_are_met() {
    let mut pool = Pool::new(StakingSpec::default(), 2);
    // io.net docs: eight H100 stake 16,000 and four 4070 stake 800; the multipliers that this gives are 10 and at most 1.
    pool.registry.models[0].multiplier = 10 * ONE;
    pool.list(0, 1, 8);
    pool.registry.models[0].multiplier = ONE / 2;
    pool.list(1, 1, 4);
    assert_eq!(pool.staking.cover(AccountId(0)).needed, 16_000 * TOKEN);
    assert_eq!(pool.staking.cover(AccountId(1)).needed, 800 * TOKEN);
}

#[test]
fn a_need_is_counted_by_device_card_or_power() {
    for (per, need) in [("device", 200), ("card", 600), ("power", 1_500)] {
        let mut pool = Pool::new(hundred(Per::named(per).expect("a name")), 1);
        pool.registry.models[0].multiplier = 2_500_000;
        pool.list(0, 2, 3);
        assert_eq!(pool.staking.cover(AccountId(0)).needed, need, "{per}");
    }
    assert_eq!(Per::named("rack"), None);
}

#[test]
fn required_stakes_cover_devices_in_order_of_listing_and_a_read_out_covers_all() {
    let mut pool = Pool::new(StakingSpec { required: true, ..hundred(Per::Device) }, 1);
    pool.list(0, 3, 1);
    assert_eq!(pool.deployable(), [false; 3]);
    assert_eq!(pool.news.lost.len(), 3);
    pool.stake(0, 0, 250).expect("funded");
    assert_eq!(pool.deployable(), [true, true, false]);
    assert_eq!(pool.news.back, [DeviceId(0), DeviceId(1)]);
    pool.unstake(Time::ZERO, 0, 0, 51).expect("staked");
    assert_eq!(pool.deployable(), [true, false, false], "what leaves counts no more");
    pool.staking.release_need(AccountId(0), DeviceId(0));
    pool.staking.recover(AccountId(0), &mut pool.registry, &mut pool.news);
    assert_eq!(pool.deployable(), [true, true, false], "the stake of a device out for good serves the next");
    let mut shown = Pool::new(hundred(Per::Device), 1);
    shown.list(0, 3, 1);
    assert_eq!(shown.deployable(), [true; 3]);
}

#[test]
fn a_lease_is_not_cut_short_by_a_stake_that_leaves() {
    let mut pool = Pool::new(StakingSpec { required: true, ..hundred(Per::Device) }, 1);
    pool.stake(0, 0, 100).expect("funded");
    pool.list(0, 1, 1);
    pool.registry.flags[0] |= flag::LEASED;
    pool.unstake(Time::ZERO, 0, 0, 100).expect("staked");
    assert!(pool.news.lost.is_empty() && pool.registry.has(DeviceId(0), flag::UNSTAKED));
}

#[test]
fn a_stake_comes_back_after_its_cooldown_and_not_a_nanosecond_before() {
    let mut pool = Pool::new(hundred(Per::Device), 1);
    pool.stake(0, 0, 300).expect("funded");
    pool.unstake(day(1), 0, 0, 120).expect("staked");
    assert_eq!(pool.staking.next_deadline(), day(15));
    pool.advance(Time(day(15).0 - 1));
    assert_eq!((pool.held(0), pool.in_purse()), (700, 300));
    pool.advance(day(15));
    assert_eq!((pool.held(0), pool.in_purse()), (820, 180));
    let out = Effect::Unstaked { supplier: AccountId(0), staker: AccountId(0), amount: 120 };
    assert_eq!(pool.effects.last(), Some(&out));
    assert_eq!(pool.staking.next_deadline(), Time::NEVER);
}

#[test]
fn a_co_staker_is_invited_holds_at_most_half_and_waits_longer_when_it_leaves_first() {
    let mut pool = Pool::new(hundred(Per::Device), 3);
    pool.stake(0, 0, 300).expect("funded");
    assert_eq!(pool.stake(0, 1, 100), Err(Rejection::WrongState), "not invited");
    pool.staking.invite(AccountId(0), 800_000).expect("below the whole");
    assert_eq!(pool.stake(0, 1, 301), Err(Rejection::BadSize), "more than half");
    pool.stake(0, 1, 300).expect("half");
    assert_eq!(pool.stake(0, 2, 1), Err(Rejection::WrongState), "one per offer");
    let cover = pool.staking.cover(AccountId(0));
    assert_eq!((cover.staked, cover.delegated, cover.leaving), (600, 300, 0));
    pool.unstake(day(0), 0, 1, 100).expect("staked");
    assert_eq!(pool.staking.next_deadline(), day(21));
    pool.unstake(day(0), 0, 0, 300).expect("staked");
    pool.unstake(day(0), 0, 1, 200).expect("staked");
    assert_eq!(pool.staking.next_deadline(), day(14));
    pool.advance(day(14));
    assert_eq!((pool.held(0), pool.held(1), pool.in_purse()), (1_000, 900, 100), "the owner had left");
}

#[test]
fn a_co_staker_earns_its_share_of_what_its_stake_earns() {
    let mut pool = Pool::new(hundred(Per::Device), 2);
    pool.stake(0, 0, 300).expect("funded");
    pool.staking.invite(AccountId(0), 800_000).expect("below the whole");
    pool.stake(0, 1, 100).expect("a quarter");
    // A quarter of 1001 is 250.25, of which four fifths.
    let parts = pool.staking.reward_parts(AccountId(0), 1_001);
    assert_eq!(parts, [(AccountId(0), 801), (AccountId(1), 200)]);
    assert_eq!(pool.staking.reward_parts(AccountId(1), 7), [(AccountId(1), 7)]);
    pool.staking.invite(AccountId(0), 0).expect("below the whole");
    assert_eq!(pool.staking.delegations(AccountId(0))[1].share, 800_000, "who is in keeps its terms");
    pool.stake(0, 1, 1).expect("a little more");
    assert_eq!(pool.staking.delegations(AccountId(0))[1].share, 0, "who adds takes the new ones");
}

#[test]
fn behind_a_device_stands_its_need_or_its_part_of_too_little() {
    let mut pool = Pool::new(hundred(Per::Card), 1);
    pool.list(0, 1, 1);
    pool.list(0, 1, 3);
    let behind = |pool: &Pool, i| pool.staking.behind(AccountId(0), DeviceId(i));
    assert_eq!((behind(&pool, 0), behind(&pool, 1)), (0, 0));
    pool.stake(0, 0, 200).expect("funded");
    assert_eq!((behind(&pool, 0), behind(&pool, 1)), (50, 150));
    pool.unstake(day(0), 0, 0, 200).expect("staked");
    assert_eq!(behind(&pool, 1), 150, "a stake that cools down is still at risk");
    pool.stake(0, 0, 700).expect("funded");
    assert_eq!((behind(&pool, 0), behind(&pool, 1)), (100, 300), "extra stake is not");
}

#[test]
fn stakers_lose_in_proportion_active_stake_first_and_the_latest_to_leave_next() {
    let mut pool = Pool::new(StakingSpec { cooldown: Span::DAY, ..hundred(Per::Device) }, 2);
    pool.stake(0, 0, 300).expect("funded");
    pool.staking.invite(AccountId(0), 0).expect("below the whole");
    pool.stake(0, 1, 100).expect("a quarter");
    pool.unstake(day(0), 0, 0, 100).expect("staked");
    pool.unstake(day(1), 0, 0, 150).expect("staked");
    let parts = pool.staking.seize(AccountId(0), 200);
    assert_eq!(parts, [(AccountId(0), 150), (AccountId(1), 50)]);
    let own = &pool.staking.delegations(AccountId(0))[0];
    assert_eq!((own.active, own.leaving.as_slice()), (0, &[(day(1), 100), (day(2), 50)][..]));
    pool.staking.restore(AccountId(0), &parts);
    assert_eq!(pool.staking.total(), 400);
    assert_eq!(pool.staking.cover(AccountId(0)).staked, 250, "what comes back is active");
}

#[test]
fn refused_stakes_change_nothing() {
    let mut pool = Pool::new(hundred(Per::Device), 2);
    pool.stake(0, 0, 10).expect("funded");
    assert_eq!(pool.stake(0, 0, 0), Err(Rejection::BadSize));
    assert_eq!(pool.stake(0, 0, -1), Err(Rejection::BadSize));
    assert_eq!(pool.stake(0, 0, 991), Err(Rejection::Unfunded));
    assert_eq!(pool.unstake(day(0), 0, 0, 11), Err(Rejection::Unfunded));
    assert_eq!(pool.unstake(day(0), 0, 1, 1), Err(Rejection::Unknown));
    assert_eq!(pool.unstake(day(0), 1, 1, 1), Err(Rejection::Unknown));
    let usd = Stake { asset: Asset::Usd, ..stake(0, 0, 1) };
    assert_eq!(pool.staking.unstake(day(0), usd, &mut pool.effects), Err(Rejection::WrongState));
    let payer = pool.purses[0];
    let staked = pool.staking.stake(usd, payer, &mut pool.ledger, &mut pool.effects);
    assert_eq!(staked, Err(Rejection::WrongState));
    assert_eq!(pool.staking.invite(AccountId(0), ONE + 1), Err(Rejection::BadSize));
    assert_eq!((pool.in_purse(), pool.staking.total(), pool.effects.len()), (10, 10, 2));
}

#[test]
fn after_any_commands_the_purse_holds_the_stakes_and_nothing_is_lost() {
    let mut lcg = Lcg(29);
    let (mut refused, mut returned) = (0, 0);
    for case in 0..40 {
        let spec = StakingSpec { most_co_stakers: 2, required: case % 2 == 0, ..hundred(Per::Card) };
        let mut pool = Pool::new(spec, 5);
        let outside = pool.ledger.open();
        let mut taken = 0;
        for hour in 0..250 {
            let now = Time::ZERO + Span::HOUR.times(hour * 5);
            pool.advance(now);
            let supplier = lcg.below(3) as u32;
            let staker = if lcg.below(2) == 0 { supplier } else { lcg.below(5) as u32 };
            let amount = Amount::from(lcg.below(300));
            let done = match lcg.below(8) {
                0 | 1 => pool.stake(supplier, staker, amount),
                2 | 3 => pool.unstake(now, supplier, staker, amount),
                4 => pool.staking.invite(AccountId(supplier), lcg.below(1_200_000) as Ppm),
                5 => {
                    pool.list(supplier, 1, 1 + lcg.below(4) as u16);
                    Ok(())
                }
                kind => {
                    let parts = pool.staking.seize(AccountId(supplier), amount);
                    let sum: Amount = parts.iter().map(|(_, part)| part).sum();
                    assert!(sum <= amount);
                    if kind == 6 {
                        pool.staking.restore(AccountId(supplier), &parts);
                    } else {
                        let from = pool.staking.purse();
                        pool.ledger.post(TOKENS, Category::Slash, from, outside, sum).expect("held");
                        taken += sum;
                    }
                    pool.staking.recover(AccountId(supplier), &mut pool.registry, &mut pool.news);
                    Ok(())
                }
            };
            refused += u32::from(done.is_err());
            assert_eq!(pool.in_purse(), pool.staking.total());
            let held: Amount = (0..5).map(|account| pool.held(account)).sum();
            assert_eq!(held + pool.in_purse() + taken, 5_000);
            for supplier in (0..3).map(AccountId) {
                check(&pool, supplier);
            }
        }
        returned += pool.effects.iter().filter(|e| matches!(e, Effect::Unstaked { .. })).count();
    }
    assert!(refused > 500 && returned > 100, "{refused} {returned}");
}

/// A supplier's sums agree with its rows, its parts of a reward with the whole, and its marks with a count from scratch.
fn check(pool: &Pool, supplier: AccountId) {
    let rows = pool.staking.delegations(supplier);
    let cover = pool.staking.cover(supplier);
    assert_eq!(cover.staked, rows.iter().map(|row| row.active).sum::<Amount>());
    assert_eq!(cover.staked + cover.leaving, rows.iter().map(Delegation::slashable).sum::<Amount>());
    assert!(rows.iter().all(|row| row.active >= 0 && row.leaving.iter().all(|(_, amount)| *amount > 0)));
    let parts = pool.staking.reward_parts(supplier, 997);
    assert_eq!(parts.iter().map(|(_, part)| part).sum::<Amount>(), 997);
    assert!(parts.iter().all(|(_, part)| *part >= 0));
    let mut needed = 0;
    for (i, owner) in pool.registry.account.iter().enumerate().filter(|(_, owner)| **owner == supplier) {
        assert_eq!(*owner, supplier);
        needed += 100 * Amount::from(pool.registry.cards[i]);
        let covered = needed <= cover.staked || !pool.staking.spec().required;
        assert_eq!(pool.registry.deployable(DeviceId(i as u32)), covered);
    }
    assert_eq!(cover.needed, needed);
}
