//! Stakes through the one door: commands in, effects and balances out.

use crate::billing::BillingSpec;
use crate::command::{Command, Rejection, Role, TeamAction};
use crate::effect::{Effect, Outcome};
use crate::emission::{FixedPool, FixedPoolSpec};
use crate::ids::{AccountId, DeviceId, JobId, SlashId};
use crate::ledger::Asset;
use crate::reputation::ReputationSpec;
use crate::rewards::ignition_points::IgnitionSpec;
use crate::rewards::season::SeasonSpec;
use crate::scheduling::{CheapestSpec, FcfsSpec};
use crate::slashing::{Destination, FixedShare, Reason, SlashingSpec, State, Trigger};
use crate::staking::{Per, StakingSpec};
use crate::testbed::{claim, registry, request};
use crate::units::{Amount, ONE, Span, Time, USD};
use crate::verification::proof_of_work;
use crate::{Protocol, Rules};

const SUPPLIER: AccountId = AccountId(0);
const RENTER: AccountId = AccountId(1);
const PASS: u32 = 60_000;
const FAIL: u32 = 480_000;

/// A supplier and a renter with a thousand dollars each.
struct Net {
    protocol: Protocol,
    now: Time,
    effects: Vec<Effect>,
}

impl Net {
    fn new(staking: Option<StakingSpec>, slashing: Option<SlashingSpec>) -> Net {
        let mut models = registry().models;
        models[0].gflops = 20_000;
        let protocol = Protocol::new(Rules {
            models,
            registration: Default::default(),
            liveness: Default::default(),
            supply: Default::default(),
            verification: Box::new(proof_of_work::Spec::default().build()),
            challenges: false,
            reputation: ReputationSpec::default(),
            prices: Default::default(),
            placement: CheapestSpec::default().build(),
            queueing: FcfsSpec::default().build(),
            churn: Default::default(),
            pricing: Default::default(),
            billing: BillingSpec::default(),
            reward: IgnitionSpec::default().build(),
            emission: Box::new(FixedPool::new(FixedPoolSpec { pool_base_units: 0 })),
            season: SeasonSpec::default(),
            same_instant: Default::default(),
            waiting_room: None,
            blocks: None,
            quests: None,
            opening_announced: true,
            opening_season: None,
            linkage: Box::new(crate::linkage::NoLinkage),
            linkage_spec: crate::linkage::Spec::default(),
            sharing: None,
            staking,
            slashing,
        });
        let mut net = Net { protocol, now: Time::ZERO, effects: Vec::new() };
        for (account, role) in [(SUPPLIER, Role::Supplier), (RENTER, Role::Renter)] {
            net.must(Command::OpenAccount { role });
            net.must(Command::Deposit { account, usd: 1_000 * USD });
        }
        net
    }

    fn apply(&mut self, command: Command<'_>) -> Result<(), Rejection> {
        let result = self.protocol.apply(self.now, command, &mut self.effects);
        while self.protocol.next_deadline() <= self.now {
            self.protocol.apply(self.now, Command::Advance, &mut self.effects).expect("time stands still");
        }
        result
    }

    fn must(&mut self, command: Command<'_>) {
        self.apply(command).expect("a sound command");
        if let Some(staking) = self.protocol.staking() {
            let held = self.protocol.ledger().balance(staking.purse(), Asset::Usd);
            assert_eq!(held, staking.total(), "the purse holds the stakes");
        }
        assert_eq!(self.protocol.ledger().recount(), [0; 3]);
    }

    fn stake(&mut self, amount: Amount) -> Result<(), Rejection> {
        self.apply(Command::Stake { account: SUPPLIER, supplier: SUPPLIER, amount, asset: Asset::Usd })
    }

    /// Lists `count` devices of one card at a dollar, which are deployable a day later but for the stake.
    fn list(&mut self, count: u32) {
        let claim = claim(1, 1_000_000);
        let answers_admission = true;
        self.must(Command::Register { account: SUPPLIER, claim, count, spread: false, answers_admission });
        self.must(Command::Heartbeat { first: DeviceId(0), count, beating: true });
        self.hours(24);
    }

    fn hours(&mut self, hours: u64) {
        for _ in 0..hours {
            self.now += Span::HOUR;
            self.must(Command::CloseEpoch { beacon: self.now.0 });
        }
    }

    /// Waits for a round of challenges and answers it for device 0.
    fn round(&mut self, ms: u32) {
        let before = self.effects.len();
        while self.effects[before..].iter().all(|e| !matches!(e, Effect::ChallengesIssued { .. })) {
            self.hours(1);
        }
        let issued = self.effects.iter().rev().find_map(|e| match e {
            Effect::ChallengesIssued { round, due, .. } => Some((*round, *due)),
            _ => None,
        });
        let (round, due) = issued.expect("it was waited for");
        self.now = due;
        self.must(Command::AnswerChallenges { round, devices: &[DeviceId(0)], answer_ms: &[ms] });
        self.now = Time(due.0.next_multiple_of(Span::HOUR.0));
    }

    fn usd(&self, account: AccountId) -> Amount {
        self.protocol.ledger().balance(self.protocol.purse(account), Asset::Usd)
    }

    fn charges(&self) -> Vec<(DeviceId, Reason, Amount)> {
        let slashes = self.protocol.slashing().map_or(&[][..], |slashing| slashing.slashes());
        slashes.iter().map(|s| (s.device, s.reason, s.amount)).collect()
    }
}

/// A hundred dollars per device.
fn stakes(required: bool) -> StakingSpec {
    StakingSpec { per: Per::Device, rate: 100 * USD, asset: Asset::Usd, required, ..StakingSpec::default() }
}

fn slashes(trigger: Trigger) -> Option<SlashingSpec> {
    let policy = FixedShare { verification: ONE, desertion: 200_000, fraud: 500_000 };
    let destination = Destination::Victim;
    Some(SlashingSpec { policy: Box::new(policy), destination, trigger, ..SlashingSpec::default() })
}

#[test]
fn a_job_waits_until_the_stake_that_is_required_is_there() {
    let mut net = Net::new(Some(stakes(true)), None);
    net.list(2);
    net.must(Command::SubmitJob { renter: RENTER, request: request(1) });
    let started = |net: &Net| net.effects.iter().any(|e| matches!(e, Effect::JobStarted(..)));
    assert!(!started(&net), "no device is deployable");
    net.stake(99 * USD).expect("funded");
    assert!(!started(&net));
    net.stake(USD).expect("funded");
    assert!(started(&net));
    net.must(Command::SubmitJob { renter: RENTER, request: request(1) });
    assert_eq!(net.protocol.audit().jobs_running, 1, "the stake covers one device of two");
    let all =
        Command::Unstake { account: SUPPLIER, supplier: SUPPLIER, amount: 100 * USD, asset: Asset::Usd };
    net.must(all);
    assert_eq!(net.protocol.audit().jobs_running, 1, "a lease is not cut short");
    net.now = net.protocol.next_deadline().max(net.now + Span::DAY.times(14));
    net.must(Command::Advance);
    assert!(net.effects.iter().any(|e| matches!(e, Effect::Unstaked { .. })));
}

#[test]
fn a_deserter_pays_its_renter_and_those_cut_off_by_the_network_do_not() {
    let mut net = Net::new(Some(stakes(false)), slashes(Trigger::Ban));
    net.list(2);
    net.stake(200 * USD).expect("funded");
    net.must(Command::SubmitJob { renter: RENTER, request: request(2) });
    net.now += Span::MINUTE;
    net.must(Command::Heartbeat { first: DeviceId(1), count: 1, beating: false });
    net.hours(1);
    assert!(net.effects.iter().any(|e| matches!(e, Effect::LeaseEnded(_, _, Outcome::DeviceLost))));
    assert_eq!(net.charges(), [(DeviceId(1), Reason::Desertion, 20 * USD)]);
    let before = net.usd(RENTER);
    while net.protocol.slashing().expect("on").slashes()[0].state == State::Pending {
        net.now = net.protocol.next_deadline();
        net.must(Command::Advance);
    }
    assert_eq!(net.usd(RENTER), before + 20 * USD);
    assert_eq!(net.protocol.staking().expect("on").cover(SUPPLIER).staked, 180 * USD);
    assert!(net.effects.contains(&Effect::Slashed(SlashId(0), 20 * USD)));

    let mut net = Net::new(Some(stakes(false)), slashes(Trigger::Ban));
    net.list(1);
    net.stake(100 * USD).expect("funded");
    net.must(Command::SubmitJob { renter: RENTER, request: request(1) });
    net.must(Command::Team(TeamAction::RequireReauthentication));
    assert!(net.effects.iter().any(|e| matches!(e, Effect::LeaseEnded(_, _, Outcome::DeviceLost))));
    assert_eq!(net.charges(), []);
}

#[test]
fn undelivered_work_is_charged_to_every_device_unless_the_renter_is_satisfied() {
    for (satisfied, charges) in [(true, 0), (false, 2)] {
        let mut net = Net::new(Some(stakes(false)), slashes(Trigger::Ban));
        net.list(3);
        net.stake(300 * USD).expect("funded");
        net.must(Command::SubmitJob { renter: RENTER, request: request(2) });
        net.must(Command::EndJob { job: JobId(0), satisfied });
        assert_eq!(net.apply(Command::EndJob { job: JobId(0), satisfied }), Err(Rejection::WrongState));
        let charged = net.charges();
        assert_eq!(charged.len(), charges);
        assert!(charged.iter().all(|c| c.1 == Reason::Fraud && c.2 >= 41 * USD), "{charged:?}");
    }
}

#[test]
fn a_ban_costs_the_stake_behind_the_device_which_needs_none_from_then_on() {
    let mut net = Net::new(Some(stakes(false)), slashes(Trigger::Ban));
    net.list(1);
    net.stake(150 * USD).expect("funded");
    net.must(Command::Team(TeamAction::SetProofOfWork(true)));
    for _ in 0..2 {
        net.round(FAIL);
    }
    assert!(net.effects.contains(&Effect::Quarantined(DeviceId(0))));
    assert_eq!(net.charges(), []);
    net.must(Command::Team(TeamAction::Purge));
    assert_eq!(net.charges(), [(DeviceId(0), Reason::FailedVerification, 100 * USD)]);
    let cover = net.protocol.staking().expect("on").cover(SUPPLIER);
    assert_eq!((cover.staked, cover.needed), (50 * USD, 0));
    net.must(Command::Withdraw { first: DeviceId(0), count: 1 });
    assert_eq!(net.protocol.staking().expect("on").cover(SUPPLIER).needed, 0, "it is released once");
}

#[test]
fn a_device_that_passes_again_gets_its_stake_back_on_appeal() {
    for appealed in [true, false] {
        let mut net = Net::new(Some(stakes(false)), slashes(Trigger::Quarantine));
        net.list(1);
        net.stake(100 * USD).expect("funded");
        net.must(Command::Team(TeamAction::SetProofOfWork(true)));
        net.round(FAIL);
        net.round(FAIL);
        assert_eq!(net.charges(), [(DeviceId(0), Reason::FailedVerification, 100 * USD)]);
        if appealed {
            net.must(Command::AppealSlash { slash: SlashId(0) });
            assert_eq!(net.apply(Command::AppealSlash { slash: SlashId(1) }), Err(Rejection::Unknown));
        }
        net.round(PASS);
        net.hours(31 * 24);
        let staked = net.protocol.staking().expect("on").cover(SUPPLIER).staked;
        assert_eq!(staked, if appealed { 100 * USD } else { 0 });
    }
}

#[test]
fn a_charge_that_the_operators_withdraw_is_dropped_on_appeal() {
    let mut net = Net::new(Some(stakes(true)), slashes(Trigger::Ban));
    net.list(1);
    net.stake(100 * USD).expect("funded");
    net.must(Command::SubmitJob { renter: RENTER, request: request(1) });
    net.must(Command::EndJob { job: JobId(0), satisfied: false });
    assert!(!net.protocol.registry().deployable(DeviceId(0)), "what is seized covers nothing");
    net.must(Command::Team(TeamAction::WithdrawCharge(SlashId(0))));
    net.must(Command::AppealSlash { slash: SlashId(0) });
    net.hours(30 * 24);
    assert!(net.effects.contains(&Effect::SlashDropped(SlashId(0), 50 * USD)));
    assert!(net.protocol.registry().deployable(DeviceId(0)), "the stake covers it again");
}

/// What a day of leases, losses and complaints looks like under these rules; postings without their purses.
fn story(staking: Option<StakingSpec>, slashing: Option<SlashingSpec>) -> Vec<String> {
    let mut net = Net::new(staking, slashing);
    net.list(4);
    for cards in [1, 2] {
        net.must(Command::SubmitJob { renter: RENTER, request: request(cards) });
    }
    net.must(Command::EndJob { job: JobId(0), satisfied: false });
    net.must(Command::Heartbeat { first: DeviceId(0), count: 3, beating: false });
    net.must(Command::Team(TeamAction::SetProofOfWork(true)));
    net.hours(24);
    net.must(Command::Withdraw { first: DeviceId(3), count: 1 });
    let told = net.effects.iter().map(|effect| match effect {
        Effect::Posted(e) => format!("{:?} {:?} {}", e.asset, e.category, e.amount),
        other => format!("{other:?}"),
    });
    told.collect()
}

#[test]
fn rules_that_take_no_stake_change_no_fact() {
    let off = story(None, None);
    assert!(off.iter().any(|effect| effect.contains("DeviceLost")), "the story has something to slash");
    assert_eq!(story(Some(stakes(false)), slashes(Trigger::Ban)), off);
    assert_eq!(story(None, slashes(Trigger::Ban)), off, "without staking there is nothing to slash");
}

#[test]
fn without_staking_its_commands_are_refused() {
    let mut net = Net::new(None, None);
    assert_eq!(net.stake(1), Err(Rejection::WrongState));
    let invite = Command::InviteCoStakers { supplier: SUPPLIER, share: 1 };
    assert_eq!(net.apply(invite), Err(Rejection::WrongState));
    assert_eq!(net.apply(Command::AppealSlash { slash: SlashId(0) }), Err(Rejection::Unknown));
    let stake = |supplier| Command::Stake { account: SUPPLIER, supplier, amount: 1, asset: Asset::Usd };
    let mut on = Net::new(Some(stakes(false)), None);
    assert_eq!(on.apply(stake(RENTER)), Err(Rejection::WrongState), "a renter has no devices");
    assert_eq!(on.apply(stake(AccountId(9))), Err(Rejection::Unknown));
    assert!(on.protocol.slashing().is_none());
}

#[test]
fn the_quoted_rate_is_that_of_the_next_lease() {
    let mut net = Net::new(None, None);
    assert_eq!(net.apply(Command::QuoteToken { micro_dollars: 0 }), Err(Rejection::BadSize));
    net.must(Command::QuoteToken { micro_dollars: 3_000_000 });
    assert_eq!(net.protocol.billing().currency(), Some(crate::billing::Currency::Usd), "dollars are asked");
}
