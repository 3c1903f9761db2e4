//! Promises of a season's points: accrual, counting, recount and purge; payment is in the file below this one.

mod paying;

use super::*;
use crate::emission::{FixedPool, FixedPoolSpec};
use crate::ledger::{Asset, Category};
use crate::rewards::{IgnitionSpec, Leftover};
use crate::units::{ONE, POINT, Span};

const HOUR: u64 = Span::HOUR.0;
const NOW: Time = Time(24 * HOUR);

/// A network reduced to what seasons touch.
struct Network {
    seasons: Seasons,
    ledger: Ledger,
    effects: Vec<Effect>,
    emission: FixedPool,
    mint: Purse,
    account: Vec<AccountId>,
    flags: Vec<u16>,
    purses: Vec<Purse>,
}

impl Network {
    /// Devices owned as listed.
    fn new(account: &[u32]) -> Network {
        let mut ledger = Ledger::default();
        let mint = ledger.open_unlimited();
        let accounts = account.iter().max().map_or(0, |last| last + 1);
        Network {
            seasons: Seasons::default(),
            purses: (0..accounts).map(|_| ledger.open()).collect(),
            ledger,
            effects: Vec::new(),
            emission: FixedPool::new(FixedPoolSpec::default()),
            mint,
            account: account.iter().map(|&id| AccountId(id)).collect(),
            flags: vec![flag::ONLINE; account.len()],
        }
    }

    fn open(&mut self, spec: SeasonSpec) -> SeasonId {
        let opened = self.seasons.open(Time(0), spec, &mut self.effects);
        opened.expect("no other season is open")
    }

    /// Calls `act` with everything it may touch, and holds the ledger to its promise.
    fn act<T>(
        &mut self,
        act: impl FnOnce(&mut Seasons, &Owners<'_>, &mut FixedPool, &mut Ledger, &mut Vec<Effect>) -> T,
    ) -> T {
        let owners =
            Owners { account: &self.account, flags: &self.flags, purses: &self.purses, mint: self.mint };
        let (ledger, effects) = (&mut self.ledger, &mut self.effects);
        let answer = act(&mut self.seasons, &owners, &mut self.emission, ledger, effects);
        assert_eq!(self.ledger.recount(), [0; 3]);
        answer
    }

    fn count(&mut self) -> SeasonId {
        self.act(|seasons, owners, _, ledger, effects| seasons.count_season(NOW, owners, ledger, effects))
            .expect("a season is open")
    }

    fn recount(&mut self, id: SeasonId) -> Result<(), Rejection> {
        self.act(|seasons, owners, _, ledger, effects| seasons.recount(id, owners, ledger, effects))
    }

    fn purge(&mut self, devices: &[u32]) {
        let devices: Vec<DeviceId> = devices.iter().map(|&id| DeviceId(id)).collect();
        self.act(|seasons, owners, _, ledger, effects| seasons.purge(&devices, owners, ledger, effects));
    }

    fn pay(&mut self) -> Result<Vec<Paid>, Rejection> {
        self.act(|seasons, owners, emission, ledger, effects| {
            let rule = IgnitionSpec::default().build();
            let payer = Payer { rule: &*rule, price: None };
            seasons.pay_out(owners, &payer, emission, ledger, effects)
        })
    }

    fn held(&self, asset: Asset) -> Vec<Amount> {
        self.purses.iter().map(|&purse| self.ledger.balance(purse, asset)).collect()
    }
}

fn of_pool(pool: Amount) -> SeasonSpec {
    SeasonSpec { pool, ..SeasonSpec::default() }
}

/// Two windows of six hours each on the first day.
fn snapshot(pool: Amount) -> SeasonSpec {
    let windows = vec![(Time(0), Time(6 * HOUR)), (Time(12 * HOUR), Time(18 * HOUR))];
    SeasonSpec { accrual: Accrual::Snapshot { windows }, ..of_pool(pool) }
}

#[test]
fn equal_devices_each_get_an_equal_part_of_the_pool() {
    for n in [1u32, 2, 7, 1_000] {
        let mut network = Network::new(&(0..n).collect::<Vec<_>>());
        network.open(of_pool(Amount::from(n) * 32));
        for _ in 0..3 {
            network.seasons.accrue(&vec![5 * POINT as u64; n as usize], &[]);
        }
        network.count();
        network.pay().expect("a season is counted");
        assert_eq!(network.held(Asset::Token), vec![32; n as usize]);
        assert_eq!(network.held(Asset::Points), vec![15 * POINT; n as usize]);
    }
}

#[test]
fn points_are_summed_per_account_before_the_pool_is_split() {
    let mut network = Network::new(&[0, 1, 0]);
    network.open(of_pool(100));
    network.seasons.accrue(&[10, 50, 40], &[]);
    let id = network.count();
    assert_eq!(network.seasons.counted(id), [50, 50]);
    network.pay().expect("a season is counted");
    assert_eq!(network.held(Asset::Token), [50, 50]);
}

#[test]
fn a_machine_offline_in_the_window_gets_nothing_and_a_recount_pays_its_integral() {
    let mut network = Network::new(&[0, 1]);
    network.open(snapshot(100));
    network.seasons.accrue(&[600, 600], &[12 * HOUR, 0]);
    let id = network.count();
    assert_eq!(network.held(Asset::Points), [600, 0]);
    assert_eq!(network.recount(id), Ok(()));
    assert_eq!(network.held(Asset::Points), [600, 600]);
    network.pay().expect("a season is counted");
    assert_eq!(network.held(Asset::Token), [50, 50]);
}

#[test]
fn a_recount_triples_whoever_was_up_for_a_third_of_the_windows() {
    let mut network = Network::new(&[0, 1]);
    network.open(snapshot(100));
    // In two epochs, so that window time is seen to add up.
    network.seasons.accrue(&[300, 300], &[6 * HOUR, 4 * HOUR]);
    network.seasons.accrue(&[300, 300], &[6 * HOUR, 0]);
    let id = network.count();
    assert_eq!(network.held(Asset::Points), [600, 200]);
    assert_eq!(network.recount(id), Ok(()));
    assert_eq!(network.held(Asset::Points), [600, 600]);
}

#[test]
fn windows_that_had_not_come_by_the_count_are_not_held_against_anyone() {
    let count_at = |now| {
        let mut network = Network::new(&[0]);
        network.open(snapshot(100));
        network.seasons.accrue(&[600], &[3 * HOUR]);
        network
            .act(|seasons, owners, _, ledger, effects| seasons.count_season(now, owners, ledger, effects))
            .expect("a season is open");
        network.held(Asset::Points)[0]
    };
    assert_eq!(count_at(Time(6 * HOUR)), 300);
    assert_eq!(count_at(Time(18 * HOUR)), 150);
    assert_eq!(count_at(Time(0)), 600, "no window came, so the integral counts");
}

#[test]
fn windows_before_the_opening_are_not_held_against_anyone() {
    let mut network = Network::new(&[0]);
    let opened = Time(9 * HOUR);
    let id = network.seasons.open(opened, snapshot(100), &mut network.effects);
    assert_eq!(id, Ok(SeasonId(0)));
    network.seasons.accrue(&[600], &[3 * HOUR]);
    network.count();
    assert_eq!(network.held(Asset::Points), [300], "three of the six hours after opening");
}

#[test]
fn more_time_in_the_windows_than_they_have_counts_as_all_of_it() {
    let mut network = Network::new(&[0]);
    network.open(snapshot(100));
    network.seasons.accrue(&[600], &[13 * HOUR]);
    network.count();
    assert_eq!(network.held(Asset::Points), [600]);
}

#[test]
fn whoever_is_excluded_at_counting_gets_nothing_and_the_others_share_grows() {
    let paid = |flags: u16| {
        let mut network = Network::new(&[0, 1, 2]);
        network.open(of_pool(300));
        network.seasons.accrue(&[7, 7, 7], &[]);
        network.flags[1] |= flags;
        network.count();
        // Too late to matter: standing is read at counting.
        network.flags[2] |= flag::BANNED;
        network.pay().expect("a season is counted");
        network.held(Asset::Token)
    };
    assert_eq!(paid(0), [100, 100, 100]);
    assert_eq!(paid(flag::QUARANTINED), [150, 0, 150]);
    assert_eq!(paid(flag::BANNED), [150, 0, 150]);
    assert_eq!(paid(flag::WITHDRAWN), [100, 100, 100], "who left keeps what was earned");
}

#[test]
fn a_recount_reverses_every_posting_exactly_and_reads_standing_anew() {
    let mut network = Network::new(&[0, 1, 1]);
    network.open(snapshot(100));
    network.seasons.accrue(&[900, 600, 300], &[12 * HOUR, 4 * HOUR, 12 * HOUR]);
    network.flags[0] |= flag::QUARANTINED;
    let id = network.count();
    assert_eq!(network.held(Asset::Points), [0, 500]);
    network.flags[0] &= !flag::QUARANTINED;
    network.flags[2] |= flag::BANNED;
    network.effects.clear();
    assert_eq!(network.recount(id), Ok(()));
    let moved: Vec<(Category, Amount)> = network
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Posted(entry) => Some((entry.category, entry.amount)),
            _ => None,
        })
        .collect();
    let expected =
        [(Category::PointsReversed, 500), (Category::PointsCounted, 900), (Category::PointsCounted, 600)];
    assert_eq!(moved, expected);
    assert_eq!(network.effects.last(), Some(&Effect::SeasonCounted(id, 1_500)));
}

#[test]
fn a_purge_takes_points_of_open_and_unpaid_seasons_and_of_nobody_else() {
    let mut network = Network::new(&[0, 0, 1]);
    let first = network.open(snapshot(100));
    network.seasons.accrue(&[600, 600, 600], &[12 * HOUR, 6 * HOUR, 6 * HOUR]);
    network.count();
    let second = network.open(of_pool(100));
    network.seasons.accrue(&[5, 6, 7], &[]);
    // Standing changed since the count, which a purge of another device must not bring up again.
    network.flags[2] |= flag::BANNED;
    network.purge(&[1, 99]);
    assert_eq!(network.seasons.accrued(second), [5, 0, 7]);
    assert_eq!(network.seasons.counted(first), [600, 300]);
    assert_eq!(network.held(Asset::Points), [600, 300]);
    network.recount(first).expect("counted and unpaid");
    assert_eq!(network.held(Asset::Points), [600, 0], "what was purged does not come back");
}

#[test]
fn a_purge_that_finds_nothing_posts_nothing() {
    let mut network = Network::new(&[0, 1]);
    network.open(of_pool(100));
    network.seasons.accrue(&[600, 0], &[]);
    network.count();
    network.effects.clear();
    network.purge(&[1]);
    assert_eq!(network.effects, []);
}

#[test]
fn only_one_season_is_open_and_refusals_change_nothing() {
    let mut network = Network::new(&[0]);
    assert_eq!(network.recount(SeasonId(0)), Err(Rejection::Unknown));
    assert_eq!(network.pay(), Err(Rejection::WrongState));
    let early = network.act(|s, owners, _, ledger, effects| s.count_season(NOW, owners, ledger, effects));
    assert_eq!(early, Err(Rejection::WrongState));
    network.seasons.accrue(&[1], &[]);
    let id = network.open(of_pool(100));
    assert_eq!(network.seasons.accrued(id), [], "nothing accrues before the opening");
    assert_eq!(network.recount(id), Err(Rejection::WrongState));
    assert_eq!(network.pay(), Err(Rejection::WrongState));
    let again = network.seasons.open(NOW, of_pool(1), &mut network.effects);
    assert_eq!(again, Err(Rejection::WrongState));
    network.count();
    let broken = network.seasons.open(NOW, of_pool(-1), &mut network.effects);
    assert_eq!(broken, Err(Rejection::BadSize));
    let expected = [Effect::SeasonOpened(id, 100), Effect::SeasonCounted(id, 0)];
    assert_eq!(network.effects, expected);
}

#[test]
fn devices_and_accounts_listed_during_and_after_a_season_have_their_place() {
    let mut network = Network::new(&[0, 1, 2]);
    let id = network.open(of_pool(100));
    network.seasons.accrue(&[4], &[]);
    network.seasons.accrue(&[4, 2], &[]);
    // The third device, of the third account, was listed when the season was over.
    network.count();
    assert_eq!(network.seasons.counted(id), [8, 2, 0]);
    network.purge(&[2]);
    network.pay().expect("a season is counted");
    assert_eq!(network.held(Asset::Token), [80, 20, 0]);
}
