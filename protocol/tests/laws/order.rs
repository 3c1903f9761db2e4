//! Order within one instant: what is told at the same time may be told in any order, but for the written tie rule that
//! of equal jobs the one that came first is served first.

use crate::catalogue::{self, Law};
use crate::choice::{for_every_market, running};
use crate::driver::{Case, Driver, RENTERS, SUPPLIERS, any_claim, any_request};
use crate::lcg::Lcg;
use crate::network::{Choice, Concern};
use depin_protocol::command::{Claim, JobRequest};
use depin_protocol::effect::Effect;
use depin_protocol::ids::{AccountId, DeviceId, JobId, ModelId};
use depin_protocol::recording::Recorded;
use depin_protocol::units::{Span, USD};

/// A network with sixteen deployable devices, four of them silent, and eight jobs that wait or run.
fn busy(choice: &Choice, lcg: &mut Lcg) -> Driver {
    let mut driver = Driver::new(choice);
    let check = &mut |_: &mut Driver| {};
    driver.found(check);
    for i in 0..16 {
        let claim = Claim { tier: 4, ..any_claim(lcg) };
        driver.list(i % SUPPLIERS, claim, 1, check);
    }
    driver.pass_time(driver.now + Span::HOUR.times(2), lcg, check);
    driver
        .tell(Recorded::Heartbeat { first: DeviceId(12), count: 4, beating: false })
        .expect("they are listed");
    driver.pass_time(driver.now + Span::MINUTE.times(10), lcg, check);
    for _ in 0..8 {
        submit(&mut driver, lcg);
    }
    driver.pass_time(driver.now + Span::MINUTE.times(20), lcg, check);
    driver
}

fn patient(lcg: &mut Lcg) -> JobRequest {
    JobRequest { patience: Span::DAY, min_tier: 0, ..any_request(lcg) }
}

fn submit(driver: &mut Driver, lcg: &mut Lcg) {
    let renter = AccountId(SUPPLIERS + lcg.below(RENTERS.into()) as u32);
    let request = patient(lcg);
    driver.tell(Recorded::SubmitJob { renter, request }).expect("renters are rich");
}

/// Commands of one instant, none of which concerns what another one does.
fn instant(driver: &Driver, lcg: &mut Lcg) -> Vec<Recorded> {
    let mut commands = Vec::new();
    let running = running(driver);
    let ended = running.keys().take(3);
    commands.extend(ended.map(|job| Recorded::EndJob { job: *job, satisfied: lcg.once_in(2) }));
    commands.extend((12..15).map(|device| Recorded::Heartbeat {
        first: DeviceId(device),
        count: 1,
        beating: true,
    }));
    let idle = |device: &u32| !running.values().flatten().any(|busy| busy.0 == *device);
    commands.extend(
        (0..12).filter(idle).take(1).map(|device| Recorded::Withdraw { first: DeviceId(device), count: 1 }),
    );
    commands.push(Recorded::Deposit { account: AccountId(SUPPLIERS), usd: USD });
    for _ in 0..6 {
        let renter = AccountId(SUPPLIERS + lcg.below(RENTERS.into()) as u32);
        commands.push(Recorded::SubmitJob { renter, request: patient(lcg) });
    }
    commands
}

/// Another order, in which jobs are submitted in the same order as before, since that names them.
fn permuted(commands: &[Recorded], lcg: &mut Lcg) -> Vec<Recorded> {
    let is_job = |command: &Recorded| matches!(command, Recorded::SubmitJob { .. });
    let mut jobs = commands.iter().filter(|command| is_job(command));
    let mut order = commands.to_vec();
    lcg.shuffle(&mut order);
    order
        .into_iter()
        .map(|command| if is_job(&command) { jobs.next().expect("as many").clone() } else { command })
        .collect()
}

#[test]
fn what_is_told_at_one_instant_may_be_told_in_any_order() {
    for_every_market(3, |choice, seed| {
        // Where chance chooses the host, it also settles the ties.
        if choice.label(Concern::Sharing) == "random host" {
            return;
        }
        let _case = Case(format!("seed {seed}: {}", choice.name()));
        let served = |shuffle: u64| {
            let mut lcg = Lcg::new(4_000 + seed);
            let mut driver = busy(choice, &mut lcg);
            let mut commands = instant(&driver, &mut lcg);
            if shuffle > 0 {
                commands = permuted(&commands, &mut Lcg::new(shuffle));
            }
            for command in commands {
                driver.tell(command).expect("it is accepted in any order");
            }
            driver.tell(Recorded::Advance).expect("the instant is over");
            let served = running(&driver);
            driver.pass_time(driver.now + Span::HOUR.times(3), &mut lcg, &mut |_| {});
            (served, running(&driver))
        };
        let first = served(0);
        for shuffle in 1..4 {
            assert_eq!(served(shuffle), first, "order {shuffle}");
        }
    });
}

/// The tie rule itself: two equal jobs, one device, and whoever comes first gets it.
#[test]
fn of_two_equal_jobs_of_one_instant_the_first_is_served() {
    for_every_market(1, |choice, seed| {
        let discipline = &catalogue::queueings()[choice.pick(Concern::Queueing)];
        if discipline.breaks(Law::OrderOfEquals) {
            return;
        }
        let _case = Case(format!("seed {seed}: {}", choice.name()));
        let mut lcg = Lcg::new(seed);
        let mut driver = Driver::new(choice);
        let check = &mut |_: &mut Driver| {};
        driver.found(check);
        let claim = Claim { tier: 2, cards: 1, price: 50_000, model: ModelId(1), ..any_claim(&mut lcg) };
        driver.list(0, claim, 1, check);
        driver.pass_time(driver.now + Span::HOUR.times(2), &mut lcg, check);
        let request = JobRequest {
            cards: 1,
            model: None,
            min_memory_mb: 0,
            term: Span::HOUR,
            part: depin_protocol::command::Part { card_milli: 1_000, ..Default::default() },
            ..patient(&mut lcg)
        };
        for renter in [SUPPLIERS + 1, SUPPLIERS].map(AccountId) {
            driver.tell(Recorded::SubmitJob { renter, request }).expect("renters are rich");
        }
        driver.pass_time(driver.now + Span::HOUR.times(3), &mut lcg, check);
        let starts = driver.all.iter().filter_map(|(_, effect)| match effect {
            Effect::JobStarted(job, _) => Some(*job),
            _ => None,
        });
        assert_eq!(starts.collect::<Vec<_>>(), [JobId(0), JobId(1)]);
    });
}
