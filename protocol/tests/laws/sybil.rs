//! The Sybil law: whatever one owner divides, and among however many names, it must not be paid more for the same work.
//!
//! Rounding may favour it by one base unit for each of the names. A rule that breaks the law says so in its file.

use crate::catalogue::{self, Law, Policy};
use crate::evidence::{Looks, registry};
use crate::fleet::{EPOCHS, Fleet, Row, any_row};
use crate::lcg::Lcg;
use depin_protocol::ids::{AccountId, DeviceId};
use depin_protocol::ledger::{Category, Ledger};
use depin_protocol::linkage::{Detector, Linkage};
use depin_protocol::rewards::SeasonSpec;
use depin_protocol::slashing::{Charge, Fault, FixedShare, Reason, Slashing, SlashingSpec, Stakes};
use depin_protocol::staking::cover::News;
use depin_protocol::staking::{Stake, Staking, StakingSpec};
use depin_protocol::units::{Amount, Span, Time};
use std::collections::BTreeSet;

const REASONS: [Reason; 3] = [Reason::FailedVerification, Reason::Desertion, Reason::Fraud];

/// Into how many names an owner splits.
pub const SPLITS: [u32; 3] = [2, 3, 10];

/// A policy that says that it breaks a law must have been seen to break it in most of the cases made for that; every
/// other one in none.
pub fn confirm(label: &str, breaks: bool, law: Law, broken: &[String], tried: usize) {
    if breaks {
        assert!(
            broken.len() * 2 > tried,
            "{label} is said to break {law:?} and did so in {} of {tried} cases only",
            broken.len()
        );
    } else {
        let first = &broken[..broken.len().min(5)];
        assert!(
            broken.is_empty(),
            "{label} breaks {law:?} in {} of {tried} cases, as in\n{}",
            broken.len(),
            first.join("\n")
        );
    }
}

/// Account 0 owns ten devices, others some more; none of the ten is without a tier or set aside.
fn owner_of_ten(lcg: &mut Lcg) -> Fleet {
    let mut fleet = Fleet::any(lcg);
    fleet.rows.retain(|row| row.account != 0);
    for _ in 0..10 {
        let mut row = any_row(lcg, 0);
        row.tier = row.tier.max(1);
        fleet.rows.push(row);
    }
    fleet
}

/// Account 0 owns one device of eight cards that is never down, others some.
fn owner_of_one(lcg: &mut Lcg) -> Fleet {
    let mut fleet = Fleet::any(lcg);
    fleet.rows.retain(|row| row.account != 0);
    let row = any_row(lcg, 0);
    fleet.rows.push(Row { cards: 8, tier: row.tier.max(1), up: [Span::HOUR.0; EPOCHS], ..row });
    fleet
}

/// Replaces every device of account 0 by what `split` makes of it.
fn replaced(fleet: &Fleet, split: impl Fn(&Row) -> Vec<Row>) -> Fleet {
    let rows =
        fleet.rows.iter().flat_map(|row| if row.account == 0 { split(row) } else { vec![row.clone()] });
    Fleet { accounts: fleet.accounts, rows: rows.collect() }
}

/// One of `n` claims that share what stood behind one: a stake cannot be claimed twice.
fn claim(row: &Row, n: u32) -> Row {
    Row { stake: row.stake / Amount::from(n), ..row.clone() }
}

/// The fleet before and after the owner splits into `n`, and the names that are its own then.
fn split(law: Law, lcg: &mut Lcg, n: u32) -> (Fleet, Fleet, Vec<u32>) {
    // A rule that pays an owner's later devices less hides what splitting one of ten gains.
    let alone = law != Law::SybilByAccounts && lcg.once_in(2);
    let mut fleet = if alone { owner_of_one(lcg) } else { owner_of_ten(lcg) };
    let one = vec![0];
    match law {
        Law::SybilByAccounts => {
            let mut after = fleet.clone();
            after.accounts += n - 1;
            let own = after.rows.iter_mut().filter(|row| row.account == 0);
            for (i, row) in own.enumerate() {
                let part = i as u32 % n;
                row.account = if part == 0 { 0 } else { fleet.accounts + part - 1 };
            }
            let mine = one.into_iter().chain(fleet.accounts..after.accounts).collect();
            (fleet, after, mine)
        }
        Law::SybilByWorkers => {
            for row in fleet.rows.iter_mut().filter(|row| row.account == 0) {
                row.cards *= n as u16;
            }
            let worker = |row: &Row| Row { cards: row.cards / n as u16, ..claim(row, n) };
            let after = replaced(&fleet, |row| vec![worker(row); n as usize]);
            (fleet, after, one)
        }
        Law::SybilByTurns => {
            let turn = |row: &Row| Row {
                up: row.up.map(|up| up / u64::from(n)),
                hired: row.hired.map(|hired| hired / u64::from(n)),
                ..claim(row, n)
            };
            let after = replaced(&fleet, |row| vec![turn(row); n as usize]);
            (fleet, after, one)
        }
        _ => {
            let after = replaced(&fleet, |row| vec![claim(row, n); n as usize]);
            (fleet, after, one)
        }
    }
}

const BY_CLAIMS: [Law; 4] =
    [Law::SybilByAccounts, Law::SybilByWorkers, Law::SybilByTurns, Law::SybilByCopies];

#[test]
fn no_reward_rule_pays_an_owner_more_for_splitting_unless_it_says_so() {
    const SEEDS: u64 = 6;
    for law in BY_CLAIMS {
        for (r, rule) in catalogue::rewards().iter().enumerate() {
            for (s, season) in catalogue::seasons().iter().enumerate() {
                let breaks = rule.breaks(law) || season.breaks(law);
                // What breaks it is shown by each breaker beside one that keeps it: a cap hides what copies gain.
                if breaks && r != 0 && s != 0 {
                    continue;
                }
                if breaks && s != 0 && !season.breaks(law) {
                    continue;
                }
                if !breaks && catalogue::moves_between_devices(rule, season) {
                    continue;
                }
                let mut broken = Vec::new();
                for (seed, n) in (0..SEEDS).flat_map(|seed| SPLITS.map(|n| (seed, n))) {
                    let (before, after, mine) = split(law, &mut Lcg::new(seed), n);
                    let spec: SeasonSpec = (season.build)();
                    let one = before.season(rule.build, spec.clone()).tokens_of([0]);
                    let many = after.season(rule.build, spec).tokens_of(mine);
                    if many > one + Amount::from(n) {
                        broken.push(format!("seed {seed}: one gets {one}, {n} get {many}"));
                    }
                }
                let label = format!("{}, {}", rule.label, season.label);
                confirm(&label, breaks, law, &broken, SEEDS as usize * SPLITS.len());
            }
        }
    }
}

/// With so many offences of equal devices, one supplier must not lose more than the same offences under several names.
#[test]
fn no_slash_is_smaller_for_a_supplier_of_many_names_unless_its_rule_says_so() {
    for policy in catalogue::slash_policies() {
        let mut broken = Vec::new();
        for (seed, n) in (0..20).flat_map(|seed| SPLITS.map(|n| (seed, n))) {
            let mut lcg = Lcg::new(seed);
            let reasons: Vec<Reason> = (0..2 + lcg.below(10)).map(|_| lcg.pick(&REASONS)).collect();
            let rule = (policy.build)();
            let lost = |names: u32| -> u64 {
                let offences = reasons.iter().zip(0u32..);
                offences
                    .map(|(reason, i)| {
                        u64::from(rule.fraction(Charge { reason: *reason, earlier: i / names }))
                    })
                    .sum()
            };
            if lost(n) < lost(1) {
                broken.push(format!("seed {seed}: one loses {}, {n} lose {} millionths", lost(1), lost(n)));
            }
        }
        let breaks = policy.breaks(Law::SybilByAccounts);
        confirm(policy.label, breaks, Law::SybilByAccounts, &broken, 60);
    }
}

/// What a supplier's devices need in stakes.
fn needed(policy: &Policy<Option<StakingSpec>>, devices: &[Looks]) -> Amount {
    let Some(spec) = (policy.build)() else {
        return 0;
    };
    let mut staking = Staking::open(spec, &mut Ledger::default());
    staking.grow(&mut registry(devices), &mut News::default());
    let accounts: BTreeSet<u32> = devices.iter().map(|looks| looks.account).collect();
    accounts.into_iter().map(|account| staking.cover(AccountId(account)).needed).sum()
}

#[test]
fn no_stake_is_smaller_for_a_supplier_of_many_names_or_workers() {
    for policy in catalogue::stakings() {
        for (seed, n) in (0..20).flat_map(|seed| SPLITS.map(|n| (seed, n))) {
            let mut lcg = Lcg::new(seed);
            let mut one: Vec<Looks> = Vec::new();
            for _ in 0..10 {
                let cards = n as u16 * (1 + lcg.below(4) as u16);
                one.push(Looks { cards, model: lcg.below(3) as u16, ..Looks::default() });
            }
            let whole = needed(&policy, &one);
            let named: Vec<Looks> =
                one.iter().zip(0u32..).map(|(looks, i)| Looks { account: i % n, ..*looks }).collect();
            assert_eq!(needed(&policy, &named), whole, "{}, seed {seed}: {n} accounts", policy.label);
            let workers: Vec<Looks> = one
                .iter()
                .flat_map(|looks| vec![Looks { cards: looks.cards / n as u16, ..*looks }; n as usize])
                .collect();
            let apart = needed(&policy, &workers);
            assert!(apart >= whole, "{}, seed {seed}: {whole} for one, {apart} for {n}", policy.label);
        }
    }
}

/// What is seized of a supplier that has exactly the stake it needs, when one of its ten devices commits every offence at
/// once, with its devices under so many names.
fn seized(policy: &Policy<Option<StakingSpec>>, devices: &[Looks], names: u32) -> Amount {
    let Some(spec) = (policy.build)() else {
        return 0;
    };
    let named: Vec<Looks> =
        devices.iter().zip(0u32..).map(|(looks, i)| Looks { account: i % names, ..*looks }).collect();
    let mut ledger = Ledger::default();
    let outside = ledger.open_unlimited();
    let purses: Vec<_> = (0..names).map(|_| ledger.open()).collect();
    let mut staking = Staking::open(spec, &mut ledger);
    staking.grow(&mut registry(&named), &mut News::default());
    let effects = &mut Vec::new();
    for (supplier, purse) in (0..names).map(AccountId).zip(&purses) {
        let (amount, asset) = (staking.cover(supplier).needed, spec.asset);
        ledger.post(asset, Category::Funding, outside, *purse, amount).expect("unlimited");
        let stake = Stake { supplier, staker: supplier, amount, asset };
        staking.stake(stake, *purse, &mut ledger, effects).expect("funded");
    }
    let policy = Box::new(FixedShare::default());
    let mut slashing = Slashing::open(SlashingSpec { policy, ..SlashingSpec::default() }, &mut ledger);
    let faults =
        REASONS.map(|reason| Fault { supplier: AccountId(0), device: DeviceId(0), reason, victim: None });
    let mut stakes = Stakes { staking: &mut staking, ledger: &mut ledger, purses: &purses, effects };
    slashing.charge(Time::ZERO, &faults, &mut stakes);
    slashing.slashes().iter().map(|slash| slash.amount).sum()
}

#[test]
fn no_stake_is_safer_under_many_names_unless_its_rule_says_so() {
    for policy in catalogue::stakings() {
        let mut broken = Vec::new();
        for (seed, n) in (0..20).flat_map(|seed| SPLITS.map(|n| (seed, n))) {
            let mut lcg = Lcg::new(seed);
            let any = |lcg: &mut Lcg| Looks {
                cards: lcg.pick(&[1, 2, 4, 8]),
                model: lcg.below(3) as u16,
                ..Looks::default()
            };
            let devices: Vec<Looks> = (0..10).map(|_| any(&mut lcg)).collect();
            let (one, many) = (seized(&policy, &devices, 1), seized(&policy, &devices, n));
            if many < one {
                broken.push(format!("seed {seed}: one loses {one}, {n} lose {many}"));
            }
        }
        let breaks = policy.breaks(Law::SybilByAccounts);
        // A few names keep enough stake together; ten, one for each device, do not.
        confirm(policy.label, breaks, Law::SybilByAccounts, &broken, 20);
    }
}

/// A farm in one subnet, part of it behind one address, listed on one day.
fn farm(lcg: &mut Lcg, n: u32) -> Vec<Looks> {
    let (devices, together) = (64 + lcg.below(16) as u32, 26 + lcg.below(2) as u32);
    (0..devices)
        .map(|i| Looks { account: i % n, address: i.saturating_sub(together), subnet: 1, ..Looks::default() })
        .collect()
}

/// Least score of the farm's accounts, as assessed and as an appeal would see it.
fn least_scores(policy: &Policy<Box<dyn Linkage>>, devices: &[Looks]) -> (u32, u32) {
    let mut detector = Detector::new((policy.build)(), Default::default());
    detector.assess(Time::ZERO + Span::DAY, &registry(devices));
    let rule = (policy.build)();
    let accounts: BTreeSet<u32> = devices.iter().map(|looks| looks.account).collect();
    let files = accounts.into_iter().map(|account| detector.evidence(AccountId(account)));
    let scores = files.map(|e| (rule.score(&e), rule.score(&e.without_shared_subnets())));
    scores.reduce(|(a, b), (c, d)| (a.min(c), b.min(d))).expect("a farm has accounts")
}

#[test]
fn no_farm_hides_behind_many_accounts_and_a_rule_that_excuses_it_on_appeal_says_so() {
    for policy in catalogue::linkages() {
        let threshold = (policy.build)().threshold();
        let mut excused = Vec::new();
        for (seed, n) in (0..20).flat_map(|seed| SPLITS.map(|n| (seed, n))) {
            let (one, one_on_appeal) = least_scores(&policy, &farm(&mut Lcg::new(seed), 1));
            let (many, many_on_appeal) = least_scores(&policy, &farm(&mut Lcg::new(seed), n));
            assert!(many >= one, "{}, seed {seed}: {n} accounts score {many}, one {one}", policy.label);
            if many_on_appeal < threshold && threshold <= one_on_appeal {
                excused.push(format!("seed {seed}: {n} accounts {many_on_appeal}, one {one_on_appeal}"));
            }
        }
        let breaks = policy.breaks(Law::SybilOnAppeal);
        // Two or three accounts of many devices each are not excused; ten are.
        confirm(policy.label, breaks, Law::SybilOnAppeal, &excused, 20);
    }
}

/// Slices of one card are found out by starting together, so no name may buy a start of its own.
#[test]
fn no_rule_of_verification_spreads_the_starts_of_one_address_over_names_unless_it_says_so() {
    for policy in catalogue::verifications() {
        let mut broken = Vec::new();
        for (seed, n) in (0..20).flat_map(|seed| SPLITS.map(|n| (seed, n))) {
            let mut lcg = Lcg::new(seed);
            let (address, devices) = (lcg.below(1_000) as u32, 10 + lcg.below(5) as u32);
            let starts = |names: u32| {
                let looks = |i: u32| Looks { account: i % names, address, subnet: 9, ..Looks::default() };
                let registry = registry(&(0..devices).map(looks).collect::<Vec<_>>());
                let rule = (policy.build)();
                let keys = (0..devices).map(|i| rule.offset_key(&registry, DeviceId(i)));
                keys.collect::<BTreeSet<u64>>().len()
            };
            if starts(n) > starts(1) {
                broken.push(format!(
                    "seed {seed}: one name has {} starts, {n} have {}",
                    starts(1),
                    starts(n)
                ));
            }
        }
        let breaks = policy.breaks(Law::SybilByAccounts);
        confirm(policy.label, breaks, Law::SybilByAccounts, &broken, 60);
    }
}
