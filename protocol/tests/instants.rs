//! What comes first at one instant, from outside: the order of its commands decides nothing.

use depin_protocol::command::{Claim, Command, JobRequest, Part, Role};
use depin_protocol::effect::{Effect, Outcome};
use depin_protocol::emission::{FixedPool, FixedPoolSpec};
use depin_protocol::ids::{AccountId, DeviceId, JobId, LeaseId, ModelId};
use depin_protocol::linkage::NoLinkage;
use depin_protocol::market::SameInstant;
use depin_protocol::registration;
use depin_protocol::registry::Model;
use depin_protocol::rewards::ignition_points::IgnitionSpec;
use depin_protocol::rewards::season::SeasonSpec;
use depin_protocol::scheduling::{CheapestSpec, FirstFittingSpec};
use depin_protocol::units::{ONE, Span, Time};
use depin_protocol::verification::metadata_only::MetadataOnly;
use depin_protocol::{Protocol, Rejection, Rules};

const RENTER: AccountId = AccountId(1);

/// Two devices of one card, a renter, and job 0 on one device from hour 0 for ten hours.
fn network(same_instant: SameInstant) -> Protocol {
    let mut network = Protocol::new(Rules {
        models: vec![Model { name: "card".into(), memory_mb: 16_000, gflops: 20_000, multiplier: ONE }],
        registration: registration::Spec { waiting: Span::ZERO, ..Default::default() },
        liveness: Default::default(),
        supply: Default::default(),
        verification: Box::new(MetadataOnly),
        challenges: false,
        reputation: Default::default(),
        placement: CheapestSpec::default().build(),
        sharing: None,
        queueing: FirstFittingSpec::default().build(),
        churn: Default::default(),
        pricing: Default::default(),
        prices: Default::default(),
        same_instant,
        waiting_room: None,
        billing: Default::default(),
        reward: IgnitionSpec::default().build(),
        emission: Box::new(FixedPool::new(FixedPoolSpec { pool_base_units: 0 })),
        season: SeasonSpec::default(),
        blocks: None,
        quests: None,
        opening_announced: true,
        opening_season: None,
        linkage: Box::new(NoLinkage),
        linkage_spec: Default::default(),
        staking: None,
        slashing: None,
    });
    let claim =
        Claim { model: ModelId(0), cards: 1, tier: 2, price: 0, address: 1, subnet: 1, fingerprint: 0 };
    let account = AccountId(0);
    for command in [
        Command::OpenAccount { role: Role::Supplier },
        Command::OpenAccount { role: Role::Renter },
        Command::Register { account, claim, count: 2, spread: false, answers_admission: true },
        Command::Heartbeat { first: DeviceId(0), count: 2, beating: true },
        Command::Advance,
        ask(1, 10),
        Command::Advance,
    ] {
        network.apply(Time::ZERO, command, &mut Vec::new()).expect("accepted");
    }
    network
}

fn ask(cards: u32, hours: u64) -> Command<'static> {
    let request = JobRequest {
        model: None,
        min_memory_mb: 0,
        cards,
        one_host: false,
        min_tier: 0,
        term: Span::HOUR.times(hours),
        price_limit: 0,
        patience: Span::HOUR.times(1_000),
        priority: 0,
        interruptible: false,
        part: Part::default(),
    };
    Command::SubmitJob { renter: RENTER, request }
}

fn end(job: u32) -> Command<'static> {
    Command::EndJob { job: JobId(job), satisfied: true }
}

/// Starts and ends of these commands, all at one hour, and of what is due by then.
fn told(network: &mut Protocol, hour: u64, commands: &[Command<'_>]) -> Vec<String> {
    let mut effects = Vec::new();
    let now = Time::ZERO + Span::HOUR.times(hour);
    for command in commands.iter().chain([&Command::Advance]) {
        network.apply(now, *command, &mut effects).expect("accepted");
    }
    let of_leases = effects.iter().filter_map(|effect| match effect {
        Effect::JobStarted(job, _) => Some(format!("start {}", job.0)),
        Effect::LeaseEnded(_, job, outcome) => Some(format!("end {} {outcome:?}", job.0)),
        _ => None,
    });
    of_leases.collect()
}

/// At hour 5 job 0 is ended early, job 1 wants both devices and job 2 one of them.
#[test]
fn the_order_of_the_commands_of_an_instant_decides_nothing() {
    for (first, expected) in [
        (SameInstant::CompletionsFirst, ["end 0 EndedEarly", "start 1"]),
        (SameInstant::ArrivalsFirst, ["start 2", "end 0 EndedEarly"]),
    ] {
        for commands in
            [[end(0), ask(2, 1), ask(1, 1)], [ask(2, 1), end(0), ask(1, 1)], [ask(2, 1), ask(1, 1), end(0)]]
        {
            assert_eq!(told(&mut network(first), 5, &commands), expected, "{first:?}");
        }
    }
}

/// The same with a lease whose term is served at hour 10 and no command that says so.
#[test]
fn a_term_that_is_served_is_a_completion_like_any_other() {
    for (first, expected) in [
        (SameInstant::CompletionsFirst, ["end 0 Completed", "start 1"]),
        (SameInstant::ArrivalsFirst, ["start 2", "end 0 Completed"]),
    ] {
        let mut network = network(first);
        assert_eq!(told(&mut network, 10, &[ask(2, 1), ask(1, 1)]), expected, "{first:?}");
        // The rest follows by itself, told late: job 1 when both devices are free, or job 2 when job 1 is done.
        let rest = match first {
            SameInstant::CompletionsFirst => ["end 1 Completed", "start 2", "end 2 Completed"],
            SameInstant::ArrivalsFirst => ["end 2 Completed", "start 1", "end 1 Completed"],
        };
        assert_eq!(told(&mut network, 20, &[]), rest);
    }
}

#[test]
fn a_job_is_ended_once() {
    for first in [SameInstant::CompletionsFirst, SameInstant::ArrivalsFirst] {
        let mut network = network(first);
        let mut at = |hour: u64, command: Command<'_>| {
            network.apply(Time::ZERO + Span::HOUR.times(hour), command, &mut Vec::new())
        };
        assert_eq!(at(5, end(0)), Ok(()));
        assert_eq!(at(5, end(0)), Err(Rejection::WrongState), "it has been ended at this instant");
        assert_eq!(at(6, end(0)), Err(Rejection::WrongState), "it is over");
        let mut network = self::network(first);
        let late = network.apply(Time::ZERO + Span::HOUR.times(10), end(0), &mut Vec::new());
        assert_eq!(late, Err(Rejection::WrongState), "its term is served");
    }
}

/// A device that falls silent before the end is done takes the lease with it, and the end finds nothing more to end.
#[test]
fn what_is_over_for_another_reason_is_not_ended_again() {
    let mut network = network(SameInstant::ArrivalsFirst);
    let now = Time::ZERO + Span::HOUR.times(5);
    let mut effects = Vec::new();
    network.apply(now, end(0), &mut effects).expect("it runs");
    network.apply(now, Command::Withdraw { first: DeviceId(0), count: 2 }, &mut effects).expect("listed");
    network.apply(now, Command::Advance, &mut effects).expect("time stands still");
    let ends: Vec<_> = effects.iter().filter(|e| matches!(e, Effect::LeaseEnded(..))).collect();
    assert_eq!(ends, [&Effect::LeaseEnded(LeaseId(0), JobId(0), Outcome::DeviceLost)]);
    assert_eq!(network.ledger().recount(), [0; 3]);
}
