//! Hosts leased in parts, from outside: the leased part of a host's cards counts as hired, and is paid as hire.

use depin_protocol::command::{Claim, Command, JobRequest, Part, Role, TeamAction};
use depin_protocol::effect::{Effect, Outcome};
use depin_protocol::emission::{FixedPool, FixedPoolSpec};
use depin_protocol::ids::{AccountId, DeviceId, ModelId};
use depin_protocol::ledger::Asset;
use depin_protocol::linkage::NoLinkage;
use depin_protocol::market::{SameInstant, SharingSpec};
use depin_protocol::registration;
use depin_protocol::registry::Model;
use depin_protocol::rewards::ignition_points::IgnitionSpec;
use depin_protocol::rewards::season::SeasonSpec;
use depin_protocol::scheduling::hosts::HostPolicy;
use depin_protocol::scheduling::{CheapestSpec, FirstFittingSpec};
use depin_protocol::units::{ONE, Span, TOKEN, Time};
use depin_protocol::verification::metadata_only::MetadataOnly;
use depin_protocol::{Protocol, Rules};

const POOL: i128 = 9_000 * TOKEN;

fn network() -> Protocol {
    let host = |rank| (64_000, 256_000, Some(rank));
    Protocol::new(Rules {
        models: vec![Model { name: "card".into(), memory_mb: 16_000, gflops: 20_000, multiplier: ONE }],
        registration: registration::Spec { waiting: Span::ZERO, ..Default::default() },
        liveness: Default::default(),
        supply: Default::default(),
        verification: Box::new(MetadataOnly),
        challenges: false,
        reputation: Default::default(),
        placement: CheapestSpec::default().build(),
        sharing: Some(SharingSpec {
            policy: HostPolicy::First,
            typical: Vec::new(),
            seed: 0,
            hosts: vec![host(0), host(1)],
        }),
        queueing: FirstFittingSpec::default().build(),
        churn: Default::default(),
        pricing: Default::default(),
        prices: Default::default(),
        same_instant: SameInstant::default(),
        waiting_room: None,
        billing: Default::default(),
        reward: IgnitionSpec::default().build(),
        emission: Box::new(FixedPool::new(FixedPoolSpec { pool_base_units: POOL })),
        season: SeasonSpec::default(),
        blocks: None,
        quests: None,
        opening_announced: true,
        opening_season: Some((POOL, Time::ZERO + Span::DAY)),
        linkage: Box::new(NoLinkage),
        linkage_spec: Default::default(),
        staking: None,
        slashing: None,
    })
}

fn job(cards: u32, card_milli: u16, hours: u64) -> JobRequest {
    JobRequest {
        model: None,
        min_memory_mb: 0,
        cards,
        one_host: false,
        min_tier: 0,
        term: Span::HOUR.times(hours),
        price_limit: 0,
        patience: Span::ZERO,
        priority: 0,
        interruptible: false,
        part: Part { cpu_milli: 1_000, memory_mib: 1_000, card_milli, models: 0 },
    }
}

/// Two equal hosts of four cards, up for two hours. The first of them has three cards leased for both hours and half of
/// its fourth for one: 3.5 ÷ 4 of the first hour and 3 ÷ 4 of the second, 1.625 hours. By the multiplicative form, in
/// which an hour hired counts twice, it earns 2 + 1.625 against 2, which divides 9,000 tokens 5,800 to 3,200.
#[test]
fn the_leased_part_of_a_host_earns_as_hire() {
    let mut network = network();
    let mut effects = Vec::new();
    let mut do_at = |hour: u64, command: Command<'_>| {
        network.apply(Time::ZERO + Span::HOUR.times(hour), command, &mut effects).expect("accepted");
    };
    let renter = AccountId(2);
    for role in [Role::Supplier, Role::Supplier, Role::Renter] {
        do_at(0, Command::OpenAccount { role });
    }
    for account in [AccountId(0), AccountId(1)] {
        let claim =
            Claim { model: ModelId(0), cards: 4, tier: 2, price: 0, address: 1, subnet: 1, fingerprint: 0 };
        let list = Command::Register { account, claim, count: 1, spread: false, answers_admission: true };
        do_at(0, list);
    }
    do_at(0, Command::Heartbeat { first: DeviceId(0), count: 2, beating: true });
    do_at(0, Command::Advance);
    do_at(0, Command::SubmitJob { renter, request: job(3, 1_000, 2) });
    do_at(0, Command::SubmitJob { renter, request: job(1, 500, 1) });
    do_at(1, Command::CloseEpoch { beacon: 1 });
    do_at(2, Command::CloseEpoch { beacon: 2 });
    do_at(2, Command::Team(TeamAction::CountSeason));
    do_at(2, Command::Team(TeamAction::PayOut));
    let paid = |account| network.ledger().balance(network.purse(AccountId(account)), Asset::Token);
    assert_eq!([paid(0), paid(1)], [5_800 * TOKEN, 3_200 * TOKEN]);
    let ended = |effect: &&Effect| matches!(effect, Effect::LeaseEnded(_, _, Outcome::Completed));
    assert_eq!(effects.iter().filter(ended).count(), 2);
}
