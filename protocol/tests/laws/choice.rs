//! Who is served does not depend on names: not on those of suppliers or renters, nor on devices that suit nobody.

use crate::catalogue::{self, Law};
use crate::driver::{Case, Driver, LISTED, RENTERS, SUPPLIERS, Told, retell};
use crate::lcg::Lcg;
use crate::network::{Choice, Concern};
use crate::sybil::{SPLITS, confirm};
use depin_protocol::command::{Claim, Role};
use depin_protocol::effect::Effect;
use depin_protocol::ids::{AccountId, DeviceId, JobId, LeaseId};
use depin_protocol::ledger::Asset;
use depin_protocol::recording::Recorded;
use depin_protocol::units::{Amount, TOKEN, Time, USD};
use std::collections::BTreeMap;

/// Every placement, discipline and way of sharing with each other as far as they go together.
pub fn for_every_market(seeds: u64, mut check: impl FnMut(&Choice, u64)) {
    let (placements, queueings, sharings) =
        (Concern::Placement.labels(), Concern::Queueing.labels(), Concern::Sharing.labels());
    for queueing in 0..queueings.len() {
        let plain = Choice::plain().with(Concern::Queueing, queueing);
        for placement in 0..placements.len() {
            (0..seeds).for_each(|seed| check(&plain.with(Concern::Placement, placement), seed));
        }
        for sharing in (1..sharings.len()).filter(|_| !plain.promises()) {
            (0..seeds).for_each(|seed| check(&plain.with(Concern::Sharing, sharing), seed));
        }
    }
}

fn life(choice: &Choice, seed: u64) -> Driver {
    let mut driver = Driver::new(choice);
    driver.closed = true;
    driver.live(&mut Lcg::new(3_000 + seed), 100, &mut |_| {});
    driver
}

/// All that happened to jobs, in order.
pub fn services(driver: &Driver) -> Vec<(Time, Effect)> {
    let of_jobs = |effect: &Effect| {
        matches!(
            effect,
            Effect::JobStarted(..)
                | Effect::DeviceLeased(..)
                | Effect::LeaseEnded(..)
                | Effect::JobUnserved(..)
        )
    };
    driver.all.iter().filter(|(_, effect)| of_jobs(effect)).copied().collect()
}

/// Position of the first command after the founding: all accounts, their money, all devices.
fn founded() -> usize {
    Driver::FOUNDING + 2 * LISTED as usize
}

#[test]
fn a_device_that_suits_nobody_changes_nothing_for_anybody() {
    for_every_market(2, |choice, seed| {
        // A host more is another draw where chance chooses.
        if choice.label(Concern::Sharing) == "random host" {
            return;
        }
        let _case = Case(format!("seed {seed}: {}", choice.name()));
        let driver = life(choice, seed);
        let claim = Claim {
            model: depin_protocol::ids::ModelId(2),
            cards: 8,
            tier: 4,
            price: 1,
            address: 99,
            subnet: 99,
            fingerprint: 0,
        };
        let unfit = [Some(Claim { tier: 0, ..claim }), Some(Claim { price: 1_000_000, ..claim })];
        // Hosts leased in parts have no price.
        for claim in unfit.into_iter().take(if choice.shares() { 1 } else { 2 }).flatten() {
            let mut story = driver.story.clone();
            let at = story[founded() - 1].at;
            let account = AccountId(SUPPLIERS - 1);
            let first = DeviceId(LISTED);
            for command in [
                Recorded::Heartbeat { first, count: 1, beating: true },
                Recorded::Register { account, claim, count: 1, spread: false, answers_admission: true },
            ] {
                story.insert(founded(), Told { at, command, answer: Ok(()) });
            }
            let other = retell(choice, &story, false);
            assert_eq!(other.protocol.devices(), LISTED + 1);
            assert_eq!(services(&other), services(&driver), "{claim:?}");
        }
    });
}

/// The story with one account's doings divided among `n`, the new ones opened after the others.
fn divided(story: &[Told], account: u32, n: u32, role: Role) -> Vec<Told> {
    let accounts = SUPPLIERS + RENTERS;
    let mut turn = 0;
    let mut next = |owner: &mut AccountId| {
        if owner.0 == account {
            let part = turn % n;
            *owner = AccountId(if part == 0 { account } else { accounts + part - 1 });
            turn += 1;
        }
    };
    let mut split: Vec<Told> = Vec::new();
    for (i, told) in story.iter().enumerate() {
        let mut told = told.clone();
        match &mut told.command {
            Recorded::Register { account, .. } => next(account),
            Recorded::SubmitJob { renter, .. } => next(renter),
            _ => {}
        }
        split.push(told.clone());
        if i + 1 == accounts as usize {
            for _ in 1..n {
                split.push(Told { command: Recorded::OpenAccount { role }, ..told.clone() });
            }
        }
        if i + 1 == 2 * accounts as usize && role == Role::Renter {
            for new in accounts..accounts + n - 1 {
                let usd = 1_000_000 * USD;
                split.push(Told {
                    command: Recorded::Deposit { account: AccountId(new), usd },
                    ..told.clone()
                });
                split.push(Told {
                    command: Recorded::DepositTokens { account: AccountId(new), tokens: 1_000_000 * TOKEN },
                    ..told.clone()
                });
            }
        }
    }
    split
}

#[test]
fn a_supplier_of_many_names_is_hired_and_paid_as_one() {
    for_every_market(1, |choice, seed| {
        let _case = Case(format!("seed {seed}: {}", choice.name()));
        let driver = life(choice, seed);
        for n in SPLITS {
            let other = retell(choice, &divided(&driver.story, 0, n, Role::Supplier), false);
            let usd = |driver: &Driver, accounts: &mut dyn Iterator<Item = u32>| -> Amount {
                let purse = |account| driver.protocol.purse(AccountId(account));
                accounts.map(|a| driver.protocol.ledger().balance(purse(a), Asset::Usd)).sum()
            };
            let names = SUPPLIERS + RENTERS;
            let one = usd(&driver, &mut std::iter::once(0));
            let many = usd(&other, &mut std::iter::once(0).chain(names..names + n - 1));
            assert_eq!(many, one, "dollars of {n} names, and of one");
            assert_eq!(services(&other), services(&driver), "{n} names");
        }
    });
}

/// When each job was first served.
fn starts(driver: &Driver) -> BTreeMap<JobId, Time> {
    let mut starts = BTreeMap::new();
    for (at, effect) in &driver.all {
        if let Effect::JobStarted(job, _) = effect {
            starts.entry(*job).or_insert(*at);
        }
    }
    starts
}

/// Jobs of the renter, by position among all jobs accepted.
fn jobs_of(driver: &Driver, renter: u32) -> Vec<JobId> {
    let submitted = driver.story.iter().filter(|told| told.answer.is_ok());
    let owners = submitted.filter_map(|told| match told.command {
        Recorded::SubmitJob { renter, .. } => Some(renter),
        _ => None,
    });
    owners.zip(0..).filter(|(owner, _)| owner.0 == renter).map(|(_, job)| JobId(job)).collect()
}

#[test]
fn a_renter_of_many_names_is_not_served_sooner_unless_the_discipline_says_so() {
    let mut broken = vec![(Vec::new(), 0); catalogue::queueings().len()];
    for_every_market(2, |choice, seed| {
        let _case = Case(format!("seed {seed}: {}", choice.name()));
        let driver = life(choice, seed);
        let jobs = jobs_of(&driver, SUPPLIERS);
        assert!(!jobs.is_empty());
        // Jobs never served count as served when all is over.
        let over = driver.now.0;
        let served = |driver: &Driver| -> u128 {
            let starts = starts(driver);
            jobs.iter().map(|job| u128::from(starts.get(job).map_or(over, |at| at.0))).sum()
        };
        for n in SPLITS {
            let other = retell(choice, &divided(&driver.story, SUPPLIERS, n, Role::Renter), false);
            let (one, many) = (served(&driver), served(&other));
            let (found, tried) = &mut broken[choice.pick(Concern::Queueing)];
            *tried += 1;
            if many < one {
                found.push(format!("seed {seed}, {}: {n} names, {many} after {one}", choice.name()));
            }
        }
    });
    for (policy, (broken, tried)) in catalogue::queueings().iter().zip(broken) {
        confirm(policy.label, policy.breaks(Law::SybilByAccounts), Law::SybilByAccounts, &broken, tried);
    }
}

/// Devices of each lease that runs at the end, by job.
pub fn running(driver: &Driver) -> BTreeMap<JobId, Vec<DeviceId>> {
    let mut leases: BTreeMap<LeaseId, (JobId, Vec<DeviceId>)> = BTreeMap::new();
    for (_, effect) in &driver.all {
        match *effect {
            Effect::JobStarted(job, lease) => {
                leases.insert(lease, (job, Vec::new()));
            }
            Effect::DeviceLeased(lease, device) => leases.get_mut(&lease).expect("it began").1.push(device),
            Effect::LeaseEnded(lease, ..) => {
                leases.remove(&lease);
            }
            _ => {}
        }
    }
    leases.into_values().collect()
}
