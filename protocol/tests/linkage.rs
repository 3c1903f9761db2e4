//! Linkage at the seam: flags, purges and appeals as commands and effects, and what they do to the payment.

use depin_protocol::billing::BillingSpec;
use depin_protocol::command::{Claim, Command, Role, TeamAction};
use depin_protocol::effect::Effect;
use depin_protocol::emission::{
    ConstantSpec, Denomination, FixedPool, FixedPoolSpec, Issuance, Limits, ScheduleSpec,
};
use depin_protocol::ids::{AccountId, DeviceId, ModelId, SeasonId};
use depin_protocol::ledger::Asset;
use depin_protocol::linkage::{Linkage, NoLinkage, PerAddress, Spec, Timing, WeightedEvidence};
use depin_protocol::registry::Model;
use depin_protocol::rewards::BlockSpec;
use depin_protocol::rewards::ignition_points::IgnitionSpec;
use depin_protocol::scheduling::{CheapestSpec, FcfsSpec};
use depin_protocol::units::{ONE, Span, TOKEN, Time};
use depin_protocol::verification::metadata_only::MetadataOnly;
use depin_protocol::{Protocol, Rejection, Rules};

const POOL: i128 = 1000 * TOKEN;
const HOME: AccountId = AccountId(0);
const FARM: AccountId = AccountId(1);

struct Network {
    protocol: Protocol,
    now: Time,
    told: Vec<Effect>,
}

/// One device at home and twenty behind one address, listed and beating.
fn network(linkage: Box<dyn Linkage>, linkage_spec: Spec) -> Network {
    network_with(linkage, linkage_spec, None)
}

fn network_with(linkage: Box<dyn Linkage>, linkage_spec: Spec, blocks: Option<BlockSpec>) -> Network {
    let rules = Rules {
        models: vec![Model { name: "card".into(), memory_mb: 16_000, gflops: 1, multiplier: ONE }],
        registration: Default::default(),
        liveness: Default::default(),
        supply: Default::default(),
        verification: Box::new(MetadataOnly),
        challenges: false,
        reputation: Default::default(),
        prices: Default::default(),
        placement: CheapestSpec::default().build(),
        sharing: None,
        staking: None,
        slashing: None,
        queueing: FcfsSpec::default().build(),
        churn: Default::default(),
        pricing: Default::default(),
        billing: BillingSpec::default(),
        reward: IgnitionSpec::default().build(),
        emission: Box::new(FixedPool::new(FixedPoolSpec { pool_base_units: POOL })),
        season: Default::default(),
        same_instant: Default::default(),
        waiting_room: None,
        blocks,
        quests: None,
        opening_announced: true,
        opening_season: Some((POOL, Time::ZERO + Span::DAY.times(30))),
        linkage,
        linkage_spec,
    };
    let mut n = Network { protocol: Protocol::new(rules), now: Time::ZERO, told: Vec::new() };
    n.list(1);
    n.list(20);
    n
}

impl Network {
    fn apply(&mut self, command: Command<'_>) -> Result<(), Rejection> {
        self.protocol.apply(self.now, command, &mut self.told)
    }

    fn team(&mut self, action: TeamAction) {
        self.apply(Command::Team(action)).expect("the team may");
    }

    fn list(&mut self, count: u32) {
        self.apply(Command::OpenAccount { role: Role::Supplier }).expect("anyone may");
        let account = AccountId(self.protocol.accounts() - 1);
        let first = DeviceId(self.protocol.devices());
        let (address, subnet) = (account.0 << 8, account.0);
        let claim = Claim { model: ModelId(0), cards: 1, tier: 2, price: 1, address, subnet, fingerprint: 0 };
        self.apply(Command::Register { account, claim, count, spread: false, answers_admission: true })
            .expect("room for a few");
        self.apply(Command::Heartbeat { first, count, beating: true }).expect("listed");
    }

    fn hours(&mut self, hours: u64) {
        for _ in 0..hours {
            self.now += Span::HOUR;
            self.apply(Command::CloseEpoch { beacon: 1 }).expect("an epoch closes");
        }
    }

    fn tokens(&self, account: AccountId) -> i128 {
        self.protocol.ledger().balance(self.protocol.purse(account), Asset::Token)
    }

    fn said(&self, effect: Effect) -> bool {
        self.told.contains(&effect)
    }
}

fn cap() -> Box<dyn Linkage> {
    Box::new(PerAddress::default())
}

#[test]
fn at_the_snapshot_a_farm_is_flagged_and_purged_and_the_pool_goes_to_the_rest() {
    let mut n = network(cap(), Spec::default());
    n.hours(48);
    assert!(!n.told.iter().any(|e| matches!(e, Effect::AccountFlagged(..))), "not before the snapshot");
    n.team(TeamAction::CountSeason);
    assert!(n.said(Effect::AccountFlagged(FARM, ONE)) && n.said(Effect::Purged(FARM, 20)));
    n.team(TeamAction::PayOut);
    assert_eq!((n.tokens(HOME), n.tokens(FARM)), (POOL, 0));
    assert_eq!(n.protocol.ledger().recount(), [0; 3]);
}

#[test]
fn without_linkage_the_same_farm_is_paid_and_nothing_is_ever_said_of_it() {
    let mut n = network(Box::new(NoLinkage), Spec { timing: Timing::Continuous, ..Spec::default() });
    n.hours(48);
    assert_eq!(n.apply(Command::Team(TeamAction::PurgeFlagged)), Err(Rejection::WrongState));
    assert_eq!(n.apply(Command::AppealFlag { account: FARM }), Err(Rejection::WrongState));
    assert_eq!(n.apply(Command::AppealFlag { account: AccountId(9) }), Err(Rejection::Unknown));
    n.team(TeamAction::CountSeason);
    n.team(TeamAction::PayOut);
    assert!(!n.told.iter().any(|e| matches!(e, Effect::AccountFlagged(..) | Effect::Purged(..))));
    assert!((n.tokens(FARM) - 20 * n.tokens(HOME)).abs() <= 20 && n.tokens(HOME) > 0);
}

/// Points go on accruing under a flag, so that an account cleared in time is paid in full by a recount.
#[test]
fn a_flag_holds_points_back_and_a_granted_appeal_gives_them_back_at_the_recount() {
    let spec = Spec {
        grace: Span::DAY.times(30),
        appeal_delay: Span::DAY,
        review_threshold: 2 * ONE,
        ..Spec::default()
    };
    let mut n = network(cap(), spec);
    n.hours(48);
    n.team(TeamAction::CountSeason);
    let season = SeasonId(0);
    assert_eq!(n.protocol.season_points(season, FARM), 0);
    let home = n.protocol.season_points(season, HOME);
    assert!(!n.protocol.in_good_standing(DeviceId(1)) && n.protocol.in_good_standing(DeviceId(0)));
    n.apply(Command::AppealFlag { account: FARM }).expect("flagged");
    n.hours(23);
    assert!(!n.said(Effect::FlagAppealDecided(FARM, true)));
    n.hours(1);
    assert!(n.said(Effect::FlagAppealed(FARM)) && n.said(Effect::FlagAppealDecided(FARM, true)));
    assert!(n.protocol.in_good_standing(DeviceId(1)));
    n.team(TeamAction::Recount(season));
    assert_eq!(n.protocol.season_points(season, HOME), home);
    assert_eq!(n.protocol.season_points(season, FARM), 20 * home);
}

#[test]
fn continuous_assessment_and_a_date_flag_at_the_epoch_that_is_due() {
    let date = Timing::OnDate(Time::ZERO + Span::HOUR.times(30));
    for (timing, hour) in [(Timing::Continuous, 24), (date, 30)] {
        let mut n = network(cap(), Spec { timing, ..Spec::default() });
        n.hours(hour - 1);
        assert!(!n.said(Effect::AccountFlagged(FARM, ONE)), "{timing:?}");
        n.hours(1);
        assert!(n.said(Effect::AccountFlagged(FARM, ONE)) && n.said(Effect::Purged(FARM, 20)), "{timing:?}");
        n.hours(48);
        assert_eq!(n.told.iter().filter(|e| matches!(e, Effect::Purged(..))).count(), 1, "{timing:?}");
    }
}

#[test]
fn a_refused_appeal_is_followed_by_the_purge_that_it_had_put_off() {
    let spec = Spec {
        timing: Timing::Continuous,
        grace: Span::DAY,
        appeal_delay: Span::DAY.times(3),
        ..Spec::default()
    };
    let mut n = network(cap(), spec);
    n.hours(24);
    n.apply(Command::AppealFlag { account: FARM }).expect("flagged");
    n.hours(71);
    assert!(!n.said(Effect::Purged(FARM, 20)), "the day of grace is over, the appeal is not");
    n.hours(1);
    assert!(n.said(Effect::FlagAppealDecided(FARM, false)) && n.said(Effect::Purged(FARM, 20)));
}

#[test]
fn the_team_may_purge_at_any_time() {
    let mut n = network(cap(), Spec { grace: Span::DAY.times(9), ..Spec::default() });
    n.hours(5);
    assert!(n.protocol.open_points()[1] > 0);
    n.team(TeamAction::PurgeFlagged);
    assert!(n.said(Effect::Purged(FARM, 20)));
    assert!(n.protocol.open_points()[0] > 0 && n.protocol.open_points()[1..].iter().all(|p| *p == 0));
}

/// Accounts 1 to 5 hang on one rig that fails three times a day; account 0 fails alone.
fn edges(advance_minutes: u64) -> Vec<u32> {
    let spec = Spec { timing: Timing::Continuous, ..Spec::default() };
    let mut n = network(Box::new(WeightedEvidence::default()), spec);
    (0..4).for_each(|_| n.list(1));
    n.hours(24);
    let day = n.now;
    for minute in (0..24 * 60).step_by(advance_minutes as usize) {
        n.now = day + Span::MINUTE.times(minute);
        n.apply(Command::Advance).expect("time goes on");
        let beat = |n: &mut Network, first, count, beating| {
            n.apply(Command::Heartbeat { first: DeviceId(first), count, beating }).expect("listed");
        };
        match minute % 480 {
            60 => beat(&mut n, 1, 24, false),
            120 => beat(&mut n, 1, 24, true),
            180 => beat(&mut n, 0, 1, false),
            240 => beat(&mut n, 0, 1, true),
            _ => {}
        }
    }
    n.now = day + Span::DAY;
    n.apply(Command::CloseEpoch { beacon: 1 }).expect("an epoch closes");
    (0..6).map(|a| n.protocol.linkage().evidence(AccountId(a)).edge_accounts).collect()
}

#[test]
fn machines_on_one_rig_are_seen_to_come_and_go_together_however_late_the_driver_advances() {
    assert_eq!(edges(1), [1, 5, 5, 5, 5, 5]);
    assert_eq!(edges(60), edges(1));
}

/// Nobody logs in again: being cut off together by the network is no evidence against anyone.
#[test]
fn a_forced_login_makes_no_edges() {
    let spec = Spec { timing: Timing::Continuous, least_edges: 1, ..Spec::default() };
    let mut n = network(Box::new(WeightedEvidence::default()), spec);
    let peers = |n: &Network| [HOME, FARM].map(|a| n.protocol.linkage().evidence(a).edge_accounts);
    n.hours(30);
    n.team(TeamAction::RequireReauthentication);
    n.hours(18);
    assert_eq!(peers(&n), [0, 0]);
    n.apply(Command::Authenticate { first: DeviceId(0), count: 21 }).expect("listed");
    n.hours(24);
    assert_eq!(peers(&n), [2, 2], "coming back at the same time is");
}

/// What linkage withheld is known to the unit, by a flag or by a purge, before the payment and after it.
#[test]
fn what_a_count_would_have_been_without_linkage_is_known_to_the_unit() {
    let season = SeasonId(0);
    for (grace, purged) in [(0, true), (30, false)] {
        let mut n = network(cap(), Spec { grace: Span::DAY.times(grace), ..Spec::default() });
        n.hours(48);
        n.team(TeamAction::CountSeason);
        assert_eq!(n.said(Effect::Purged(FARM, 20)), purged);
        let home = n.protocol.season_points(season, HOME);
        // Twenty devices beside the one at home, all up from the first instant on.
        assert_eq!(n.protocol.season_without_linkage(season), [home, 20 * home]);
        n.team(TeamAction::PayOut);
        assert_eq!(n.protocol.season_without_linkage(season), [home, 20 * home], "kept after the payment");
        assert_eq!(n.protocol.season_points(season, FARM), 0);
    }
    let mut free = network(Box::new(NoLinkage), Spec::default());
    free.hours(48);
    free.team(TeamAction::CountSeason);
    assert_eq!(free.protocol.season_without_linkage(season), [], "the same, and said so");
}

/// Of twenty-one tokens an hour the farm takes twenty until it is purged, a day after its flag, and all its own is the
/// home's from then on; an appeal that is granted brings it back.
#[test]
fn under_a_schedule_a_flagged_farm_earns_until_it_is_purged_and_again_when_it_is_cleared() {
    let spec = Spec {
        timing: Timing::Continuous,
        grace: Span::DAY,
        appeal_delay: Span::DAY,
        review_threshold: 2 * ONE,
        ..Spec::default()
    };
    let schedule = ScheduleSpec::Constant(ConstantSpec { per_epoch: 21 * TOKEN });
    let blocks = BlockSpec {
        issuance: Issuance::new(schedule.build(), Limits::default()),
        unit: Denomination::whole(8),
        epoch: Span::HOUR,
        begins: Time::ZERO,
        pay_every: Span::DAY,
        vesting: None,
    };
    let mut n = network_with(cap(), spec, Some(blocks));
    let earned = |n: &Network| {
        let owed = |account| n.protocol.blocks().expect("a schedule").owed(account);
        [HOME, FARM].map(|account| (n.tokens(account) + owed(account)) / TOKEN)
    };
    n.hours(24);
    assert!(n.said(Effect::AccountFlagged(FARM, ONE)) && !n.said(Effect::Purged(FARM, 20)));
    assert_eq!(earned(&n), [24, 480]);
    n.hours(24);
    // The purge comes before the release of its own hour.
    assert!(n.said(Effect::Purged(FARM, 20)));
    assert_eq!(earned(&n), [47 + 21, 940]);
    n.hours(10);
    assert_eq!(earned(&n), [68 + 210, 940]);
    n.apply(Command::AppealFlag { account: FARM }).expect("flagged");
    n.hours(24);
    assert!(n.said(Effect::FlagAppealDecided(FARM, true)));
    let cleared = earned(&n);
    n.hours(1);
    assert_eq!(earned(&n), [cleared[0] + 1, cleared[1] + 20]);
}
