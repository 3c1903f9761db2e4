//! The seam as a live network would drive it: commands in, effects out, nothing else.

use depin_protocol::billing::BillingSpec;
use depin_protocol::command::{Claim, Command, JobRequest, Role, TeamAction};
use depin_protocol::effect::{Effect, Outcome};
use depin_protocol::emission::{
    ConstantSpec, Denomination, FixedPool, FixedPoolSpec, Issuance, Limits, ScheduleSpec,
};
use depin_protocol::ids::{AccountId, DeviceId, JobId, ModelId, SeasonId};
use depin_protocol::ledger::Asset;
use depin_protocol::linkage::NoLinkage;
use depin_protocol::registry::Model;
use depin_protocol::reputation::ReputationSpec;
use depin_protocol::rewards::BlockSpec;
use depin_protocol::rewards::ignition_points::IgnitionSpec;
use depin_protocol::rewards::season::SeasonSpec;
use depin_protocol::scheduling::{CheapestSpec, FcfsSpec};
use depin_protocol::units::{ONE, Span, TOKEN, Time};
use depin_protocol::verification::proof_of_work;
use depin_protocol::{Protocol, Rejection, Rules};

const POOL: i128 = 1000 * TOKEN;

struct Network {
    protocol: Protocol,
    now: Time,
    effects: Vec<Effect>,
}

impl Network {
    fn new() -> Network {
        Network::with(None)
    }

    fn with(blocks: Option<BlockSpec>) -> Network {
        Network::with_quests(blocks, None)
    }

    fn with_quests(blocks: Option<BlockSpec>, quests: Option<i128>) -> Network {
        let model =
            |name: &str, gflops| Model { name: name.into(), memory_mb: 16_000, gflops, multiplier: ONE };
        let rules = Rules {
            models: vec![model("small", 20_000), model("large", 160_000)],
            registration: Default::default(),
            liveness: Default::default(),
            supply: Default::default(),
            verification: Box::new(proof_of_work::Spec::default().build()),
            challenges: false,
            reputation: ReputationSpec::default(),
            prices: Default::default(),
            placement: CheapestSpec::default().build(),
            sharing: None,
            queueing: FcfsSpec::default().build(),
            churn: Default::default(),
            pricing: Default::default(),
            billing: BillingSpec::default(),
            reward: IgnitionSpec::default().build(),
            emission: Box::new(FixedPool::new(FixedPoolSpec { pool_base_units: POOL })),
            season: SeasonSpec::default(),
            same_instant: Default::default(),
            waiting_room: None,
            blocks,
            quests,
            opening_announced: true,
            linkage: Box::new(NoLinkage),
            linkage_spec: Default::default(),
            opening_season: Some((POOL, Time::ZERO + Span::DAY.times(30))),
            staking: None,
            slashing: None,
        };
        Network { protocol: Protocol::new(rules), now: Time::ZERO, effects: Vec::new() }
    }

    fn apply(&mut self, command: Command<'_>) -> Result<(), Rejection> {
        self.effects.clear();
        self.protocol.apply(self.now, command, &mut self.effects)
    }

    fn hours(&mut self, hours: u64) {
        for _ in 0..hours {
            self.now += Span::HOUR;
            self.apply(Command::CloseEpoch { beacon: self.now.0 }).expect("an epoch closes");
        }
    }

    /// Closes epochs until a challenge round is issued: its number and when answers are due.
    fn next_round(&mut self) -> (u32, Time) {
        for _ in 0..8 {
            self.hours(1);
            for effect in &self.effects {
                if let Effect::ChallengesIssued { round, due, .. } = effect {
                    return (*round, *due);
                }
            }
        }
        panic!("no round within eight hours");
    }

    fn account(&mut self, role: Role) -> AccountId {
        self.apply(Command::OpenAccount { role }).expect("anyone may open an account");
        AccountId(self.protocol.accounts() - 1)
    }

    fn list(&mut self, account: AccountId, model: u16, count: u32) -> DeviceId {
        let first = DeviceId(self.protocol.devices());
        let claim = Claim {
            model: ModelId(model),
            cards: 1,
            tier: 2,
            price: 100_000,
            address: 1,
            subnet: 1,
            fingerprint: 0,
        };
        let register = Command::Register { account, claim, count, spread: false, answers_admission: true };
        self.apply(register).expect("room for a few devices");
        self.apply(Command::Heartbeat { first, count, beating: true }).expect("listed");
        first
    }
}

fn job(cards: u32, hours: u64) -> JobRequest {
    JobRequest {
        model: None,
        min_memory_mb: 0,
        cards,
        one_host: false,
        min_tier: 0,
        term: Span::HOUR.times(hours),
        price_limit: 100_000,
        patience: Span::HOUR,
        priority: 0,
        interruptible: false,
        part: depin_protocol::command::Part::default(),
    }
}

#[test]
fn a_season_from_listing_to_tokens_pays_equal_machines_alike_and_the_whole_pool() {
    let mut n = Network::new();
    let accounts: Vec<AccountId> = (0..7).map(|_| n.account(Role::Supplier)).collect();
    for account in &accounts {
        n.list(*account, 0, 1);
    }
    n.hours(48);
    n.apply(Command::Team(TeamAction::CountSeason)).expect("a season is open");
    n.apply(Command::Team(TeamAction::PayOut)).expect("a season is counted");
    let paid: Vec<i128> =
        accounts.iter().map(|a| n.protocol.ledger().balance(n.protocol.purse(*a), Asset::Token)).collect();
    assert_eq!(paid.iter().sum::<i128>(), POOL);
    assert!(paid.iter().all(|p| (p - POOL / 7).abs() <= 1), "{paid:?}");
    assert_eq!(n.protocol.ledger().recount(), [0; 3]);
}

#[test]
fn a_pool_for_quests_takes_nothing_from_the_pool_for_work() {
    const QUESTS: i128 = 1_001;
    let season = |quests: Option<i128>| {
        let mut n = Network::with_quests(None, quests);
        let accounts: Vec<AccountId> = (0..3).map(|_| n.account(Role::Supplier)).collect();
        for account in &accounts[..2] {
            n.list(*account, 0, 1);
        }
        n.hours(48);
        let done = Command::CompleteQuests { accounts: &accounts[1..], points: &[1, 9] };
        assert_eq!(n.apply(done).is_ok(), quests.is_some());
        n.apply(Command::Team(TeamAction::CountSeason)).expect("a season is open");
        n.apply(Command::Team(TeamAction::PayOut)).expect("a season is counted");
        assert_eq!(n.apply(done), Err(Rejection::WrongState), "there are none, or they are over");
        let tokens = |a: &AccountId| n.protocol.ledger().balance(n.protocol.purse(*a), Asset::Token);
        accounts.iter().map(tokens).collect::<Vec<i128>>()
    };
    let (without, with) = (season(None), season(Some(QUESTS)));
    assert_eq!(without.iter().sum::<i128>(), POOL);
    // One of ten points, and nine of ten: 100.1 and 900.9, the unit left over to the larger remainder.
    let for_quests: Vec<i128> = with.iter().zip(&without).map(|(with, without)| with - without).collect();
    assert_eq!(for_quests, [0, 100, 901]);
}

#[test]
fn a_refused_command_changes_nothing_and_says_nothing() {
    let mut n = Network::new();
    let supplier = n.account(Role::Supplier);
    let renter = n.account(Role::Renter);
    let device = n.list(supplier, 0, 2);
    let claim =
        Claim { model: ModelId(9), cards: 1, tier: 2, price: 1, address: 1, subnet: 1, fingerprint: 0 };
    let before = format!("{:?}", n.protocol);
    let refused = [
        (
            Command::Register { account: supplier, claim, count: 1, spread: false, answers_admission: true },
            Rejection::Unknown,
        ),
        (
            Command::Register { account: renter, claim, count: 1, spread: false, answers_admission: true },
            Rejection::WrongState,
        ),
        (
            Command::Register {
                account: AccountId(99),
                claim,
                count: 1,
                spread: false,
                answers_admission: true,
            },
            Rejection::Unknown,
        ),
        (Command::Heartbeat { first: DeviceId(5), count: 1, beating: true }, Rejection::Unknown),
        (Command::Heartbeat { first: device, count: 0, beating: true }, Rejection::BadSize),
        (Command::Withdraw { first: device, count: 3 }, Rejection::Unknown),
        (Command::AnswerChallenges { round: 0, devices: &[device], answer_ms: &[1] }, Rejection::NoSuchRound),
        (Command::SubmitJob { renter: supplier, request: job(1, 1) }, Rejection::WrongState),
        (Command::SubmitJob { renter, request: job(1, 1) }, Rejection::Unfunded),
        (Command::SubmitJob { renter, request: job(0, 1) }, Rejection::BadSize),
        (Command::EndJob { job: JobId(0), satisfied: true }, Rejection::Unknown),
        (Command::Withdrawal { account: renter, usd: 1 }, Rejection::Unfunded),
        (Command::Deposit { account: renter, usd: -1 }, Rejection::BadSize),
        (Command::CompleteQuests { accounts: &[supplier], points: &[1] }, Rejection::WrongState),
        (Command::Team(TeamAction::PayOut), Rejection::WrongState),
        (Command::Team(TeamAction::Recount(SeasonId(3))), Rejection::Unknown),
        (Command::Team(TeamAction::OpenSeason { pool: 1, ends: Time::NEVER }), Rejection::WrongState),
    ];
    for (command, why) in refused {
        assert_eq!(n.apply(command), Err(why), "{command:?}");
        assert!(n.effects.is_empty(), "{command:?} was refused and told {:?}", n.effects);
        assert_eq!(format!("{:?}", n.protocol), before, "{command:?} was refused and changed the state");
    }
}

/// In the middle of an epoch, which opening a season would fold: rules that pay presence per epoch would pay twice.
#[test]
fn a_refused_season_does_not_end_the_epoch() {
    let mut n = Network::new();
    let supplier = n.account(Role::Supplier);
    n.list(supplier, 0, 1);
    n.hours(2);
    n.now += Span::MINUTE.times(30);
    n.apply(Command::Advance).expect("time goes on");
    let before = format!("{:?}", n.protocol);
    let open = |pool| Command::Team(TeamAction::OpenSeason { pool, ends: Time::NEVER });
    assert_eq!(n.apply(open(1)), Err(Rejection::WrongState), "one is open");
    assert_eq!(format!("{:?}", n.protocol), before);
    n.apply(Command::Team(TeamAction::CountSeason)).expect("it is open");
    n.now += Span::MINUTE;
    n.apply(Command::Advance).expect("time goes on");
    let before = format!("{:?}", n.protocol);
    assert_eq!(n.apply(open(-1)), Err(Rejection::BadSize), "less than nothing");
    assert_eq!(format!("{:?}", n.protocol), before);
}

#[test]
fn time_never_runs_backward() {
    let mut n = Network::new();
    n.hours(2);
    n.now = Time::ZERO + Span::HOUR;
    assert_eq!(n.apply(Command::Advance), Err(Rejection::BackInTime));
}

/// Deadlines are met at their own time, so a driver that advances late learns the same facts in the same order.
#[test]
fn advancing_late_tells_the_same_story() {
    let run = |steps: &[u64]| {
        let mut n = Network::new();
        let supplier = n.account(Role::Supplier);
        let renter = n.account(Role::Renter);
        let device = n.list(supplier, 0, 2);
        n.hours(13);
        n.apply(Command::Deposit { account: renter, usd: 10_000_000 }).expect("a renter exists");
        n.apply(Command::SubmitJob { renter, request: job(1, 3) }).expect("funded");
        n.apply(Command::Heartbeat { first: DeviceId(device.0 + 1), count: 1, beating: false })
            .expect("listed");
        let start = n.now;
        let mut told = Vec::new();
        for minutes in steps {
            n.now = start + Span::MINUTE.times(*minutes);
            n.apply(Command::Advance).expect("time goes on");
            told.extend(n.effects.iter().copied());
        }
        (told, format!("{:?}", n.protocol.ledger()))
    };
    let often: Vec<u64> = (1..=300).collect();
    assert_eq!(run(&[300]), run(&often));
}

#[test]
fn a_lease_pays_its_supplier_and_the_network_and_returns_the_rest() {
    let mut n = Network::new();
    let supplier = n.account(Role::Supplier);
    let renter = n.account(Role::Renter);
    n.list(supplier, 0, 1);
    n.hours(13);
    n.apply(Command::Deposit { account: renter, usd: 10_000_000 }).expect("a renter exists");
    n.apply(Command::SubmitJob { renter, request: job(1, 2) }).expect("funded");
    assert!(!n.effects.iter().any(|e| matches!(e, Effect::JobStarted(..))), "the instant is not over");
    n.apply(Command::Advance).expect("the network asked for it");
    assert!(n.effects.iter().any(|e| matches!(e, Effect::JobStarted(..))));
    n.now += Span::HOUR.times(2);
    n.apply(Command::Advance).expect("time goes on");
    assert!(n.effects.iter().any(|e| matches!(e, Effect::LeaseEnded(_, _, Outcome::Completed))));
    let balance = |a| n.protocol.ledger().balance(n.protocol.purse(a), Asset::Usd);
    // Two hours at 0.10 USD: the supplier gives 0.25 %, the renter pays 0.25 % and 2 % on top.
    assert_eq!(balance(supplier), 200_000 - 500);
    assert_eq!(balance(renter), 10_000_000 - 200_000 - 500 - 4_000);
}

#[test]
fn proof_of_work_sets_slow_machines_apart_and_a_purge_takes_their_points() {
    let mut n = Network::new();
    let (honest, liar) = (n.account(Role::Supplier), n.account(Role::Supplier));
    let good = n.list(honest, 1, 1);
    let bad = n.list(liar, 1, 1);
    n.hours(24);
    n.apply(Command::Team(TeamAction::SetProofOfWork(true))).expect("the rule has challenges");
    for _ in 0..3 {
        let (round, due) = n.next_round();
        n.now = due;
        n.apply(Command::AnswerChallenges { round, devices: &[good, bad], answer_ms: &[60_000, 480_000] })
            .expect("due");
        n.now = Time((due.0 / Span::HOUR.0 + 1) * Span::HOUR.0);
        n.apply(Command::CloseEpoch { beacon: 1 }).expect("an epoch closes");
    }
    assert!(n.protocol.audit().quarantined_cards == 1 && n.protocol.audit().verified_cards == 1);
    n.apply(Command::Team(TeamAction::Purge)).expect("always");
    assert!(n.effects.contains(&Effect::Banned(bad)));
    n.apply(Command::Team(TeamAction::CountSeason)).expect("open");
    n.apply(Command::Team(TeamAction::PayOut)).expect("counted");
    let tokens = |a| n.protocol.ledger().balance(n.protocol.purse(a), Asset::Token);
    assert_eq!((tokens(honest), tokens(liar)), (POOL, 0));
}

#[test]
fn after_a_forced_update_nobody_earns_until_its_owner_logs_in() {
    let mut n = Network::new();
    let (quick, slow) = (n.account(Role::Supplier), n.account(Role::Supplier));
    let first = n.list(quick, 0, 1);
    n.list(slow, 0, 1);
    n.hours(10);
    n.apply(Command::Team(TeamAction::RequireReauthentication)).expect("always");
    assert!(n.effects.contains(&Effect::ReauthenticationRequired));
    assert_eq!(n.protocol.audit().connected_cards, 0);
    n.apply(Command::Authenticate { first, count: 1 }).expect("listed");
    assert_eq!(n.protocol.audit().connected_cards, 1, "the machine had kept beating");
    n.hours(10);
    let up = |d| n.protocol.uptime(d) / Span::HOUR.0;
    assert_eq!((up(0), up(1)), (20, 10));
}

/// A season gains and loses nothing of the epoch in which it begins or is counted, whatever the order of events at that
/// instant: points follow the time up on its side of the date.
#[test]
fn a_season_is_folded_to_its_date_and_not_to_the_epoch() {
    let mut n = Network::new();
    let supplier = n.account(Role::Supplier);
    n.list(supplier, 0, 1);
    n.hours(10);
    n.now += Span::MINUTE.times(30);
    n.apply(Command::Team(TeamAction::CountSeason)).expect("a season is open");
    let first = n.protocol.season_points(SeasonId(0), supplier);
    n.now += Span::MINUTE.times(15);
    n.apply(Command::Team(TeamAction::OpenSeason { pool: POOL, ends: Time::NEVER })).expect("none is open");
    n.now = Time::ZERO + Span::HOUR.times(12);
    n.apply(Command::CloseEpoch { beacon: 1 }).expect("an epoch closes");
    n.apply(Command::Team(TeamAction::CountSeason)).expect("a season is open");
    let second = n.protocol.season_points(SeasonId(1), supplier);
    // 10.5 hours against 1.25 hours of the same machine.
    assert_eq!(first * 125, second * 1050, "{first} and {second}");
}

/// Four tokens an hour, of a token of six decimals.
fn four_an_hour() -> BlockSpec {
    let schedule = ScheduleSpec::Constant(ConstantSpec { per_epoch: 4_000_000 });
    BlockSpec {
        issuance: Issuance::new(schedule.build(), Limits::default()),
        unit: Denomination::whole(6),
        epoch: Span::HOUR,
        begins: Time::ZERO,
        pay_every: Span::DAY,
        vesting: None,
    }
}

#[test]
fn a_season_and_a_schedule_pay_by_the_same_weights_and_the_schedule_goes_on_without_a_season() {
    let mut n = Network::with(Some(four_an_hour()));
    let (one, three) = (n.account(Role::Supplier), n.account(Role::Supplier));
    n.list(one, 0, 1);
    n.list(three, 0, 3);
    n.hours(48);
    let tokens = |n: &Network| {
        [one, three].map(|a| n.protocol.ledger().balance(n.protocol.purse(a), Asset::Token) / TOKEN)
    };
    assert_eq!(tokens(&n), [48, 144]);
    n.apply(Command::Team(TeamAction::CountSeason)).expect("a season is open");
    n.apply(Command::Team(TeamAction::PayOut)).expect("a season is counted");
    assert_eq!(tokens(&n), [48 + 250, 144 + 750]);
    n.hours(23);
    assert_eq!(tokens(&n), [298, 894], "paid once a day");
    n.hours(1);
    assert_eq!(tokens(&n), [298 + 24, 894 + 72]);
    assert_eq!(n.protocol.minted_tokens(), (1_000 + 72 * 4) * TOKEN);
    let notice = n.protocol.board().emission.expect("it is public");
    assert_eq!((notice.left, notice.latest.map(|latest| latest.released)), (None, Some(4 * TOKEN)));
}

#[test]
fn who_is_offline_or_has_left_takes_no_part_in_the_hours_release() {
    let mut n = Network::with(Some(four_an_hour()));
    let (stays, leaves) = (n.account(Role::Supplier), n.account(Role::Supplier));
    n.list(stays, 0, 1);
    let left = n.list(leaves, 0, 1);
    n.hours(12);
    n.apply(Command::Withdraw { first: left, count: 1 }).expect("listed");
    n.hours(12);
    let tokens =
        [stays, leaves].map(|a| n.protocol.ledger().balance(n.protocol.purse(a), Asset::Token) / TOKEN);
    assert_eq!(tokens, [24 + 48, 24]);
}
