//! [`Protocol::apply`]: one arm per command, nothing clever.

mod collateral;
mod issuing;
mod looking;
mod questing;

use crate::billing::{Billing, BillingSpec, TokenRate};
use crate::command::{Command, Rejection, Role, TeamAction};
use crate::effect::Effect;
use crate::emission::Emission;
use crate::ids::{AccountId, DeviceId};
use crate::ledger::{Asset, Category, Ledger, Purse};
use crate::linkage::{self, Detector, Linkage, Moment};
use crate::liveness::{self, Liveness};
use crate::market::{Books, ChurnSpec, Market, Pricing, SameInstant, SharingSpec};
use crate::prices::Prices;
use crate::registration::{self, Admission, Application};
use crate::registry::{Model, Registry};
use crate::reputation::{Reputation, ReputationSpec};
use crate::rewards::quests::Quests;
use crate::rewards::season::{Owners, Payer, SeasonSpec, Seasons};
use crate::rewards::{BlockSpec, Blocks, RewardRule};
use crate::scheduling::{Placement, Queueing};
use crate::slashing::SlashingSpec;
use crate::staking::StakingSpec;
use crate::step::Step;
use crate::supply::{self, Supply};
use crate::units::{Amount, Ppm, Time};
use crate::verification::Verification;
use crate::verification::rounds::{Answers, Rounds};
use collateral::Collateral;

/// The rules a network runs by: its table of models and one choice per policy.
#[derive(Debug)]
pub struct Rules {
    /// Table of GPU models.
    pub models: Vec<Model>,
    /// Who may list devices.
    pub registration: registration::Spec,
    /// When silence is noticed.
    pub liveness: liveness::Spec,
    /// What the public page shows.
    pub supply: supply::Spec,
    /// How claims are checked once challenges are on.
    pub verification: Box<dyn Verification>,
    /// Challenges are on from the start.
    pub challenges: bool,
    /// What conduct leaves behind.
    pub reputation: ReputationSpec,
    /// Who sets the price of a device.
    pub prices: Prices,
    /// Which devices a job gets.
    pub placement: Box<dyn Placement>,
    /// Hosts are leased in parts, by this; whole devices where absent.
    pub sharing: Option<SharingSpec>,
    /// Which job is next.
    pub queueing: Box<dyn Queueing>,
    /// What becomes of jobs that lose a device.
    pub churn: ChurnSpec,
    /// What renters pay for devices.
    pub pricing: Pricing,
    /// What comes first at one instant.
    pub same_instant: SameInstant,
    /// How many jobs may wait; any number when absent.
    pub waiting_room: Option<u32>,
    /// What leases cost.
    pub billing: BillingSpec,
    /// What devices earn.
    pub reward: Box<dyn RewardRule>,
    /// Where tokens come from.
    pub emission: Box<dyn Emission>,
    /// A schedule that releases tokens epoch by epoch, seasons or not; none: only seasons pay.
    pub blocks: Option<BlockSpec>,
    /// How seasons are counted; pool and end come with each season.
    pub season: SeasonSpec,
    /// A season that is open from the first instant.
    pub opening_season: Option<(Amount, Time)>,
    /// Whether that season's pool and end are public from the first instant.
    pub opening_announced: bool,
    /// Pool for quests, in base units; none: there are no quests.
    pub quests: Option<Amount>,
    /// What links accounts to one another.
    pub linkage: Box<dyn Linkage>,
    /// When accounts are assessed, purged and heard.
    pub linkage_spec: linkage::Spec,
    /// What suppliers lock up; none when off.
    pub staking: Option<StakingSpec>,
    /// What faults cost of it; none when off, and without effect while staking is off.
    pub slashing: Option<SlashingSpec>,
}

/// The network.
#[derive(Debug)]
pub struct Protocol {
    now: Time,
    registry: Registry,
    prices: Prices,
    admission: Admission,
    liveness: Liveness,
    supply: Supply,
    rounds: Rounds,
    reputation: Reputation,
    market: Market,
    billing: Billing,
    ledger: Ledger,
    reward: Box<dyn RewardRule>,
    emission: Box<dyn Emission>,
    blocks: Option<Blocks>,
    seasons: Seasons,
    quests: Option<Quests>,
    season: SeasonSpec,
    announced: bool,
    purses: Vec<Purse>,
    roles: Vec<Role>,
    mint: Purse,
    outside: Purse,
    epochs: u32,
    folded_at: Time,
    /// Connected cards by claimed model at the latest epoch, for the public page.
    by_model: Vec<u64>,
    /// Share of them that was on lease.
    hired_ppm: Ppm,
    connected_card_ns: u128,
    recount: [Amount; 3],
    lost: Vec<DeviceId>,
    back: Vec<DeviceId>,
    verdicts: Vec<(DeviceId, bool)>,
    up_ns: Vec<u64>,
    hired_ns: Vec<u64>,
    window_ns: Vec<u64>,
    weights: Vec<u64>,
    /// Columns that only some reward rules ask for.
    asked: epoch::Asked,
    detector: Detector,
    /// Whether the detector watches anyone.
    watched: bool,
    collateral: Option<Collateral>,
}

/// Borrows the parts that a step of a state machine may write.
macro_rules! step {
    ($p:ident, $effects:ident) => {
        Step {
            now: $p.now,
            registry: &mut $p.registry,
            supply: &mut $p.supply,
            effects: $effects,
            lost: &mut $p.lost,
            back: &mut $p.back,
        }
    };
}

/// Borrows the books that the market reads and writes.
macro_rules! books {
    ($p:ident, $effects:ident) => {
        Books {
            registry: &mut $p.registry,
            reputation: &mut $p.reputation,
            billing: &$p.billing,
            ledger: &mut $p.ledger,
            purses: &$p.purses,
            effects: $effects,
        }
    };
}

mod epoch;

impl Protocol {
    /// A network at its genesis.
    #[must_use]
    pub fn new(rules: Rules) -> Protocol {
        let mut ledger = Ledger::default();
        let mint = ledger.open_unlimited();
        let outside = ledger.open_unlimited();
        let billing = Billing::open(rules.billing, &mut ledger);
        let collateral = Collateral::open(rules.staking, rules.slashing, &mut ledger);
        let blocks = rules.blocks.map(|spec| Blocks::open(spec, &mut ledger));
        let mut protocol = Protocol {
            now: Time::ZERO,
            registry: Registry { models: rules.models, ..Registry::default() },
            prices: rules.prices,
            admission: Admission::new(rules.registration),
            liveness: Liveness::new(rules.liveness),
            supply: Supply::new(rules.supply),
            rounds: Rounds::new(rules.verification),
            reputation: Reputation::new(rules.reputation),
            market: Market::new(rules.placement, rules.queueing),
            billing,
            ledger,
            reward: rules.reward,
            emission: rules.emission,
            blocks,
            seasons: Seasons::default(),
            quests: rules.quests.map(Quests::new),
            season: rules.season,
            announced: rules.opening_announced,
            purses: Vec::new(),
            roles: Vec::new(),
            mint,
            outside,
            epochs: 0,
            folded_at: Time::ZERO,
            by_model: Vec::new(),
            hired_ppm: 0,
            connected_card_ns: 0,
            recount: [0; 3],
            lost: Vec::new(),
            back: Vec::new(),
            verdicts: Vec::new(),
            up_ns: Vec::new(),
            hired_ns: Vec::new(),
            window_ns: Vec::new(),
            weights: Vec::new(),
            asked: epoch::Asked::default(),
            watched: rules.linkage.watches(),
            detector: Detector::new(rules.linkage, rules.linkage_spec),
            collateral,
        };
        let needs = protocol.reward.needs();
        protocol.asked.needs = needs;
        if needs.earned {
            protocol.market.keep_rents();
        }
        protocol.market.set_churn(rules.churn);
        protocol.market.set_pricing(rules.pricing);
        protocol.market.order_instants(rules.same_instant);
        if let Some(places) = rules.waiting_room {
            protocol.market.limit_waiting(places);
        }
        if let Some(sharing) = &rules.sharing {
            protocol.market.share_hosts(sharing);
        }
        let mut unseen = Vec::new();
        if rules.challenges {
            let effects = &mut unseen;
            let p = &mut protocol;
            let enabled = p.rounds.set_enabled(&mut step!(p, effects), true);
            enabled.expect("rules that turn challenges on have a rule with challenges");
        }
        if let Some((pool, ends)) = rules.opening_season {
            protocol.open_season(pool, ends, &mut unseen).expect("a first season can be opened");
        }
        protocol
    }

    /// Applies one command at `now`; pushes what came about onto `effects`.
    ///
    /// Deadlines up to `now` are met first, each at its own time, so a driver that advances late gets the same
    /// facts in the same order. Jobs start when all commands of an instant are in: at [`Command::Advance`], or when a
    /// command of a later instant shows that this one is over.
    ///
    /// # Errors
    /// A [`Rejection`]; the command has then changed nothing (deadlines that were due are met all the same).
    pub fn apply(
        &mut self,
        now: Time,
        command: Command<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Rejection> {
        if now < self.now {
            return Err(Rejection::BackInTime);
        }
        let mut seen = effects.len();
        let mut due = self.next_deadline();
        while due < now {
            self.now = due;
            let told = effects.len();
            self.advance(effects);
            seen = self.look_back(seen, told, effects);
            due = self.next_deadline();
        }
        self.now = now;
        let told = effects.len();
        if due <= now {
            self.meet_deadlines(effects);
        }
        let result = self.dispatch(command, effects);
        self.settle(effects);
        self.look_back(seen, told, effects);
        result
    }

    /// Shows what was told from `told` on to the detector, and from `seen` on to the keeper of stakes, where there are
    /// any. Returns up to where the latter has seen.
    fn look_back(&mut self, seen: usize, told: usize, effects: &mut Vec<Effect>) -> usize {
        if self.watched {
            self.detector.observe(self.now, &self.registry, &effects[told..]);
        }
        if self.collateral.is_none() {
            return seen;
        }
        self.collateral(seen, effects)
    }

    fn dispatch(&mut self, command: Command<'_>, effects: &mut Vec<Effect>) -> Result<(), Rejection> {
        match command {
            Command::Advance => {
                self.advance(effects);
                Ok(())
            }
            Command::OpenAccount { role } => {
                self.open_account(role, effects);
                Ok(())
            }
            Command::Register { account, claim, count, spread, answers_admission } => {
                self.role(account, Role::Supplier)?;
                let claim = self.prices.set(claim);
                let application = Application { account, claim, count, spread, answers_admission };
                self.register(&application, effects)
            }
            Command::Heartbeat { first, count, beating } => {
                self.liveness.beat(&mut step!(self, effects), first, count, beating)
            }
            Command::Authenticate { first, count } => {
                self.liveness.login(&mut step!(self, effects), first, count)
            }
            Command::Withdraw { first, count } => {
                self.liveness.withdraw(&mut step!(self, effects), first, count)?;
                self.market.devices_left(self.now, first, count, &mut books!(self, effects));
                Ok(())
            }
            Command::AnswerChallenges { round, devices, answer_ms } => {
                let answers = Answers { round, devices, answer_ms };
                self.rounds.answer(&mut step!(self, effects), &mut self.liveness, answers, &mut self.verdicts)
            }
            Command::Deposit { account, usd } => {
                let purse = self.known(account)?;
                self.ledger.transfer(Asset::Usd, Category::Funding, self.outside, purse, usd, effects)?;
                self.market.money_came(self.now);
                Ok(())
            }
            Command::DepositTokens { account, tokens } => {
                let purse = self.known(account)?;
                let (asset, category) = (Asset::Token, Category::Funding);
                self.ledger.transfer(asset, category, self.outside, purse, tokens, effects)?;
                self.market.money_came(self.now);
                Ok(())
            }
            Command::Withdrawal { account, usd } => {
                let purse = self.known(account)?;
                self.ledger.transfer(Asset::Usd, Category::Withdrawal, purse, self.outside, usd, effects)
            }
            Command::SubmitJob { renter, request } => {
                self.role(renter, Role::Renter)?;
                self.market.submit(self.now, renter, request, &mut books!(self, effects)).map(|_| ())
            }
            Command::EndJob { job, satisfied } => {
                let faults = self.accused(job, satisfied);
                self.market.end_job(self.now, job, satisfied, &mut books!(self, effects))?;
                self.note_faults(faults);
                Ok(())
            }
            Command::Offer { account, job, device, price } => {
                self.role(account, Role::Supplier)?;
                self.market.offer(self.now, account, job, (device, price), &mut books!(self, effects))
            }
            Command::CloseEpoch { beacon } => {
                self.close_epoch(beacon, effects);
                Ok(())
            }
            Command::Team(action) => self.team(action, effects),
            Command::AppealFlag { account } => {
                self.role(account, Role::Supplier)?;
                self.detector.appeal(self.now, account, effects)
            }
            Command::Stake { account, supplier, amount, asset } => {
                self.move_stake([account, supplier], (amount, asset), true, effects)
            }
            Command::Unstake { account, supplier, amount, asset } => {
                self.move_stake([account, supplier], (amount, asset), false, effects)
            }
            Command::InviteCoStakers { supplier, share } => self.invite(supplier, share),
            Command::AppealSlash { slash } => self.appeal(slash, effects),
            Command::QuoteToken { micro_dollars } => {
                self.billing.set_rate(TokenRate::new(micro_dollars).ok_or(Rejection::BadSize)?);
                Ok(())
            }
            Command::CompleteQuests { accounts, points } => self.quests_done(accounts, points),
            Command::Appeal { account, first, count } => {
                self.role(account, Role::Supplier)?;
                self.rounds.appeal(&mut step!(self, effects), account, first, count)
            }
        }
    }

    /// Tells the market and reputation what a step has changed.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        if self.lost.is_empty() && self.back.is_empty() && self.verdicts.is_empty() {
            return;
        }
        let mut verdicts = std::mem::take(&mut self.verdicts);
        for (device, passed) in verdicts.drain(..) {
            self.reputation.verdict(device, passed);
            self.asked.verdict(device, passed);
            if passed {
                self.vindicate(device);
            }
        }
        self.verdicts = verdicts;
        let mut lost = std::mem::take(&mut self.lost);
        for device in lost.drain(..) {
            let lease = self.market.lease_of(device);
            self.market.device_lost(self.now, device, &mut books!(self, effects));
            self.note_desertion(device, lease, effects);
        }
        self.lost = lost;
        let mut back = std::mem::take(&mut self.back);
        for device in back.drain(..) {
            if self.registry.deployable(device) {
                self.market.device_deployable(device, &mut books!(self, effects));
            }
        }
        self.back = back;
        self.market.ask_for_pass(self.now);
    }

    /// Does what is due by itself; jobs start only when the instant is over, in [`Protocol::advance`]. Before
    /// [`Protocol::next_deadline`] there is nothing to do here.
    fn meet_deadlines(&mut self, effects: &mut Vec<Effect>) {
        self.liveness.advance(&mut step!(self, effects));
        self.admission.advance(&mut step!(self, effects));
        self.rounds.advance(&mut step!(self, effects), &mut self.liveness, &mut self.verdicts);
        self.supply.advance(self.now);
        self.settle(effects);
        if !self.market.arrivals_come_first() {
            self.market.end_due_leases(self.now, &mut books!(self, effects));
        }
    }

    fn advance(&mut self, effects: &mut Vec<Effect>) {
        if self.next_deadline() <= self.now {
            self.meet_deadlines(effects);
        }
        self.market.advance(self.now, &mut books!(self, effects));
        self.detector.advance(self.now, &mut self.registry, effects);
    }

    /// The next instant at which the protocol has something to do by itself.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.liveness
            .next_deadline()
            .min(self.admission.next_deadline())
            .min(self.rounds.next_deadline())
            .min(self.supply.next_deadline())
            .min(self.market.next_deadline())
            .min(self.detector.next_deadline())
            .min(self.collateral.as_ref().map_or(Time::NEVER, Collateral::next_deadline))
    }

    fn open_account(&mut self, role: Role, effects: &mut Vec<Effect>) {
        let account = AccountId(self.accounts());
        self.purses.push(self.ledger.open());
        self.roles.push(role);
        effects.push(Effect::AccountOpened(account));
    }

    fn known(&self, account: AccountId) -> Result<Purse, Rejection> {
        self.purses.get(account.at()).copied().ok_or(Rejection::Unknown)
    }

    fn role(&self, account: AccountId, role: Role) -> Result<(), Rejection> {
        match self.roles.get(account.at()) {
            Some(r) if *r == role => Ok(()),
            Some(_) => Err(Rejection::WrongState),
            None => Err(Rejection::Unknown),
        }
    }

    fn register(&mut self, application: &Application, effects: &mut Vec<Effect>) -> Result<(), Rejection> {
        let believed = self.rounds.believes();
        let added = self.admission.register(&mut step!(self, effects), application, believed)?;
        self.liveness.grow(added);
        self.rounds.grow(added);
        self.reputation.grow(added);
        self.market.grow(&self.registry);
        self.detector.grow(&mut self.registry, added);
        Ok(())
    }

    fn team(&mut self, action: TeamAction, effects: &mut Vec<Effect>) -> Result<(), Rejection> {
        match action {
            TeamAction::SetProofOfWork(on) => self.rounds.set_enabled(&mut step!(self, effects), on),
            TeamAction::SetAdmissionCheck(on) => {
                self.admission.set_check(on);
                Ok(())
            }
            TeamAction::RequireReauthentication => {
                self.liveness.require_login(&mut step!(self, effects));
                Ok(())
            }
            TeamAction::Purge => {
                let mut purged = Vec::new();
                self.rounds.purge(&mut step!(self, effects), &mut self.liveness, &mut purged);
                self.purge(&purged, effects);
                Ok(())
            }
            TeamAction::CountSeason => {
                self.seasons.current().ok_or(Rejection::WrongState)?;
                self.fold();
                self.look_for_links(Moment::SeasonIsCounted, effects);
                let owners = owners(&self.registry, &self.purses, self.mint);
                self.seasons.count_season(self.now, &owners, &mut self.ledger, effects).map(|_| ())
            }
            TeamAction::Recount(season) => {
                let owners = owners(&self.registry, &self.purses, self.mint);
                self.seasons.recount(season, &owners, &mut self.ledger, effects)
            }
            TeamAction::OpenSeason { pool, ends } => {
                self.seasons.may_open(&self.season_of(pool, ends))?;
                self.fold();
                self.open_season(pool, ends, effects)?;
                self.announced = true;
                Ok(())
            }
            TeamAction::AnnounceSeason => {
                self.seasons.current().ok_or(Rejection::WrongState)?;
                self.announced = true;
                Ok(())
            }
            TeamAction::PayOut => {
                let owners = owners(&self.registry, &self.purses, self.mint);
                let payer = Payer { rule: self.reward.as_ref(), price: self.billing.rate() };
                let emission = self.emission.as_mut();
                self.seasons.pay_out(&owners, &payer, emission, &mut self.ledger, effects)?;
                self.pay_quests(effects);
                Ok(())
            }
            TeamAction::PadDisplay { cards_per_epoch } => {
                self.supply.set_padding(cards_per_epoch);
                Ok(())
            }
            TeamAction::PurgeFlagged if !self.detector.watches() => Err(Rejection::WrongState),
            TeamAction::PurgeFlagged => {
                self.fold();
                self.look_for_links(Moment::TeamAsks, effects);
                Ok(())
            }
            TeamAction::WithdrawCharge(slash) => self.withdraw_charge(slash),
        }
    }

    /// Assesses, flags and purges linked accounts when that is due; points have been folded up to now.
    fn look_for_links(&mut self, moment: Moment, effects: &mut Vec<Effect>) {
        if !self.detector.watches() {
            return;
        }
        if self.detector.due(self.now, moment) {
            let found = self.detector.assess(self.now, &self.registry);
            self.detector.flag(self.now, &found, &mut self.registry, effects);
        }
        let urgent = moment == Moment::TeamAsks;
        let purged = self.detector.purge(self.now, urgent, &self.registry, effects);
        self.seasons.note_taken(&purged);
        self.purge(&purged, effects);
    }

    /// Takes the points of devices in open and unpaid seasons, and their weights in the schedule's running epoch.
    fn purge(&mut self, devices: &[DeviceId], effects: &mut Vec<Effect>) {
        let owners = owners(&self.registry, &self.purses, self.mint);
        self.seasons.purge(devices, &owners, &mut self.ledger, effects);
        if let Some(blocks) = &mut self.blocks {
            blocks.purge(devices);
        }
    }

    fn season_of(&self, pool: Amount, ends: Time) -> SeasonSpec {
        SeasonSpec { pool, ends, ..self.season.clone() }
    }

    fn open_season(&mut self, pool: Amount, ends: Time, effects: &mut Vec<Effect>) -> Result<(), Rejection> {
        self.seasons.open(self.now, self.season_of(pool, ends), effects).map(|_| ())
    }
}

fn owners<'a>(registry: &'a Registry, purses: &'a [Purse], mint: Purse) -> Owners<'a> {
    Owners { account: &registry.account, flags: &registry.flags, purses, mint }
}
