//! A random life of a network: what suppliers, renters and operators tell it, when, and what it answers.

use crate::catalogue::host_size;
use crate::lcg::Lcg;
use crate::network::Choice;
use depin_protocol::command::{Claim, JobRequest, Part, Role, TeamAction};
use depin_protocol::effect::Effect;
use depin_protocol::ids::{AccountId, DeviceId, JobId, ModelId, SeasonId, SlashId};
use depin_protocol::ledger::Asset;
use depin_protocol::recording::Recorded;
use depin_protocol::units::{ONE, Span, TOKEN, Time, USD};
use depin_protocol::{Protocol, Rejection};

/// Accounts 0 to 5 supply, 6 to 8 rent.
pub const SUPPLIERS: u32 = 6;
pub const RENTERS: u32 = 3;

/// A command, when it came, and whether it was refused.
#[derive(Clone, Debug)]
pub struct Told {
    pub at: Time,
    pub command: Recorded,
    pub answer: Result<(), Rejection>,
}

/// Says which case it was when a check fails or the protocol itself panics.
pub struct Case(pub String);

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("failing case: {}", self.0);
        }
    }
}

/// A network and all it was told.
pub struct Driver {
    pub choice: Choice,
    pub protocol: Protocol,
    pub now: Time,
    /// What the latest command brought about.
    pub effects: Vec<Effect>,
    pub story: Vec<Told>,
    /// All effects with the times at which they were told.
    pub all: Vec<(Time, Effect)>,
    /// Devices are listed at the start only.
    pub closed: bool,
    next_epoch: Time,
    round: Option<(Time, u32)>,
    jobs: u32,
    latest: Option<JobRequest>,
}

impl Driver {
    pub fn new(choice: &Choice) -> Driver {
        Driver {
            choice: *choice,
            protocol: choice.protocol(),
            now: Time::ZERO,
            effects: Vec::new(),
            story: Vec::new(),
            all: Vec::new(),
            closed: false,
            next_epoch: Time::ZERO + Span::HOUR,
            round: None,
            jobs: 0,
            latest: None,
        }
    }

    pub fn tell(&mut self, command: Recorded) -> Result<(), Rejection> {
        self.effects.clear();
        let answer = self.protocol.apply(self.now, command.command(), &mut self.effects);
        for effect in &self.effects {
            match effect {
                Effect::ChallengesIssued { round, due, .. } => self.round = Some((*due, *round)),
                Effect::JobQueued(_) => self.jobs += 1,
                _ => {}
            }
        }
        let now = self.now;
        self.all.extend(self.effects.iter().map(|effect| (now, *effect)));
        self.story.push(Told { at: self.now, command, answer });
        answer
    }

    /// Six suppliers and three renters, with money and tokens, which have a price.
    pub fn found(&mut self, check: &mut dyn FnMut(&mut Driver)) {
        let role = |account| if account < SUPPLIERS { Role::Supplier } else { Role::Renter };
        for account in 0..SUPPLIERS + RENTERS {
            self.expect(Recorded::OpenAccount { role: role(account) }, check);
        }
        for account in 0..SUPPLIERS + RENTERS {
            let role = role(account);
            let usd = if role == Role::Supplier { 2_000 * USD } else { 1_000_000 * USD };
            self.expect(Recorded::Deposit { account: AccountId(account), usd }, check);
        }
        for account in (0..SUPPLIERS + RENTERS).map(AccountId) {
            self.expect(Recorded::DepositTokens { account, tokens: 1_000_000 * TOKEN }, check);
        }
        self.expect(Recorded::QuoteToken { micro_dollars: 3_000_000 }, check);
    }

    /// Commands of a founding.
    pub const FOUNDING: usize = 3 * (SUPPLIERS + RENTERS) as usize + 1;

    fn expect(&mut self, command: Recorded, check: &mut dyn FnMut(&mut Driver)) {
        self.tell(command).expect("it is accepted");
        check(self);
    }

    /// Lists devices and lets them beat.
    pub fn list(&mut self, account: u32, claim: Claim, count: u32, check: &mut dyn FnMut(&mut Driver)) {
        let first = DeviceId(self.protocol.devices());
        let account = AccountId(account);
        let register = Recorded::Register { account, claim, count, spread: false, answers_admission: true };
        if self.tell(register).is_ok() && self.protocol.devices() > first.0 {
            check(self);
            let count = self.protocol.devices() - first.0;
            self.expect(Recorded::Heartbeat { first, count, beating: true }, check);
        } else {
            check(self);
        }
    }

    /// Goes on to `until`: every deadline is met at its own time, epochs are closed, rounds are answered.
    pub fn pass_time(&mut self, until: Time, lcg: &mut Lcg, check: &mut dyn FnMut(&mut Driver)) {
        loop {
            let round = self.round.map_or(Time::NEVER, |(due, _)| due);
            let next = self.next_epoch.min(round);
            let due = self.protocol.next_deadline();
            if due < next.min(until) {
                self.now = due;
                self.expect(Recorded::Advance, check);
            } else if next <= until {
                self.now = next;
                if next == self.next_epoch {
                    self.next_epoch += Span::HOUR;
                    self.expect(Recorded::CloseEpoch { beacon: lcg.next() }, check);
                } else if let Some((_, round)) = self.round.take() {
                    let (devices, answer_ms) = answers(&self.protocol, lcg);
                    // The round may have been dropped since.
                    let _ = self.tell(Recorded::AnswerChallenges { round, devices, answer_ms });
                    check(self);
                }
            } else {
                self.now = until;
                return;
            }
        }
    }

    /// One random command; most are accepted.
    pub fn disturb(&mut self, lcg: &mut Lcg, check: &mut dyn FnMut(&mut Driver)) {
        let supplier = AccountId(lcg.below(SUPPLIERS.into()) as u32);
        let renter = AccountId(SUPPLIERS + lcg.below(RENTERS.into()) as u32);
        let devices = u64::from(self.protocol.devices()).max(1);
        let first = DeviceId(lcg.below(devices) as u32);
        let count = (1 + lcg.below(2) as u32).min(self.protocol.devices() - first.0);
        let asset = Asset::Usd;
        let command = match lcg.below(40) {
            0 | 1 if !self.closed => return self.list(supplier.0, any_claim(lcg), count, check),
            2..=4 => Recorded::Heartbeat { first, count, beating: false },
            5..=8 => Recorded::Heartbeat { first, count, beating: true },
            9 => Recorded::Authenticate { first, count },
            10 if lcg.once_in(3) => Recorded::Withdraw { first, count: 1 },
            11 => Recorded::Deposit { account: renter, usd: i128::from(lcg.below(100)) * USD },
            12 => Recorded::Withdrawal { account: supplier, usd: i128::from(lcg.below(1_000_000)) },
            13..=16 => {
                let newest = u64::from(self.jobs.max(1));
                let job = JobId((newest - 1 - lcg.below(newest.min(8))) as u32);
                Recorded::EndJob { job, satisfied: lcg.below(3) > 0 }
            }
            17 | 18 => {
                let supplier = if lcg.once_in(4) { AccountId(0) } else { supplier };
                let account = if lcg.once_in(4) { AccountId(1) } else { supplier };
                Recorded::Stake { account, supplier, amount: i128::from(1 + lcg.below(200)) * USD, asset }
            }
            19 => {
                let amount = i128::from(1 + lcg.below(60)) * USD;
                Recorded::Unstake { account: supplier, supplier, amount, asset }
            }
            20 => Recorded::InviteCoStakers { supplier, share: lcg.below(u64::from(ONE) + 2) as u32 },
            21 => Recorded::AppealSlash { slash: SlashId(lcg.below(4) as u32) },
            22 => Recorded::AppealFlag { account: supplier },
            23 => Recorded::Appeal { account: supplier, first, count: 1 },
            24 => Recorded::QuoteToken { micro_dollars: lcg.below(9_000_000) },
            25 | 26 => Recorded::Team(self.team(lcg)),
            27..=29 if self.choice.auctions() => {
                let newest = u64::from(self.jobs.max(1));
                let job = JobId((newest - 1 - lcg.below(newest.min(4))) as u32);
                let account = self.protocol.registry().account[first.at()];
                Recorded::Offer { account, job, device: first, price: 30_000 + lcg.below(90_000) as u32 }
            }
            _ => Recorded::SubmitJob { renter, request: self.request(lcg) },
        };
        // Refusals are part of life; the checks look at what they leave behind.
        let _ = self.tell(command);
        check(self);
    }

    /// Another request, or once in two the same again.
    fn request(&mut self, lcg: &mut Lcg) -> JobRequest {
        let again = self.latest.filter(|_| lcg.once_in(2));
        let request = again.unwrap_or_else(|| any_request(lcg));
        self.latest = Some(request);
        request
    }

    fn team(&self, lcg: &mut Lcg) -> TeamAction {
        match lcg.below(12) {
            0 => TeamAction::SetProofOfWork(lcg.below(3) > 0),
            1 => TeamAction::SetAdmissionCheck(lcg.once_in(2)),
            2 if lcg.once_in(3) => TeamAction::RequireReauthentication,
            3 => TeamAction::Purge,
            4 | 5 => TeamAction::CountSeason,
            6 => TeamAction::Recount(SeasonId(lcg.below(3) as u16)),
            7 => TeamAction::PayOut,
            8 => TeamAction::PurgeFlagged,
            9 => TeamAction::WithdrawCharge(SlashId(lcg.below(4) as u32)),
            _ => {
                let pool = i128::from(1 + lcg.below(600)) * TOKEN;
                TeamAction::OpenSeason { pool, ends: self.now + Span::DAY }
            }
        }
    }

    /// Founds a network, lists devices, and lets it live for so many disturbances.
    pub fn live(&mut self, lcg: &mut Lcg, disturbances: u32, check: &mut dyn FnMut(&mut Driver)) {
        self.found(check);
        for i in 0..LISTED {
            self.list(i % SUPPLIERS, any_claim(lcg), 1, check);
        }
        for account in (0..SUPPLIERS).map(AccountId) {
            let amount = i128::from(20 + lcg.below(300)) * USD;
            let stake = Recorded::Stake { account, supplier: account, amount, asset: Asset::Usd };
            // Refused where there are no stakes.
            let _ = self.tell(stake);
            check(self);
        }
        let _ = self.tell(quests(1));
        check(self);
        self.pass_time(self.now + Span::HOUR + Span::MINUTE, lcg, check);
        for _ in 0..disturbances {
            // Many commands come at one instant.
            let wait = if lcg.once_in(3) { 0 } else { lcg.below(Span::MINUTE.0 * 40) };
            self.pass_time(Time(self.now.0 + wait), lcg, check);
            self.disturb(lcg, check);
        }
        // Refused where there are no quests, or where they are paid.
        let _ = self.tell(quests(3));
        check(self);
        // Both fail when no season is open or none is counted.
        for action in [TeamAction::CountSeason, TeamAction::PayOut] {
            let _ = self.tell(Recorded::Team(action));
            check(self);
        }
        self.pass_time(self.now + Span::HOUR.times(3), lcg, check);
    }
}

/// Suppliers did quests, each more than the one before.
fn quests(first: u32) -> Recorded {
    let points = (0..SUPPLIERS).map(|supplier| first + supplier).collect();
    Recorded::CompleteQuests { accounts: (0..SUPPLIERS).map(AccountId).collect(), points }
}

/// Four in five answer in time; the others are late, wrong or silent.
fn answers(protocol: &Protocol, lcg: &mut Lcg) -> (Vec<DeviceId>, Vec<u32>) {
    let mut devices = Vec::new();
    let mut answer_ms = Vec::new();
    for device in (0..protocol.devices()).map(DeviceId) {
        let ms = match lcg.below(15) {
            0 => u32::MAX,
            1 => 600_000,
            2 => continue,
            _ => 60_000,
        };
        devices.push(device);
        answer_ms.push(ms);
    }
    (devices, answer_ms)
}

/// A claim with every field drawn from a few values.
pub fn any_claim(lcg: &mut Lcg) -> Claim {
    let address = lcg.below(8) as u32;
    Claim {
        model: ModelId(lcg.below(3) as u16),
        cards: lcg.pick(&[1, 1, 2, 4]),
        tier: lcg.pick(&[0, 1, 2, 2, 3, 4, 4]),
        price: 50_000 + 10_000 * lcg.below(6) as u32,
        address,
        subnet: address / 4,
        fingerprint: lcg.below(6) as u32,
    }
}

/// A request with every field drawn from a few values.
pub fn any_request(lcg: &mut Lcg) -> JobRequest {
    let most = lcg.pick(&[1, 3, 8]);
    let cards = 1 + lcg.below(most) as u32;
    let (cpu_milli, memory_mib) = host_size(lcg.index(3));
    JobRequest {
        model: lcg.once_in(3).then(|| ModelId(lcg.below(3) as u16)),
        min_memory_mb: lcg.pick(&[0, 0, 8_001]),
        cards,
        one_host: lcg.once_in(4),
        min_tier: lcg.below(4) as u8,
        term: Span(1 + lcg.below(5 * Span::HOUR.0)),
        price_limit: 60_000 + 10_000 * lcg.below(8) as u32,
        patience: Span(lcg.below(4) * lcg.below(6 * Span::HOUR.0)),
        part: Part {
            cpu_milli: cpu_milli / 4,
            memory_mib: memory_mib / 4,
            card_milli: if cards == 1 { lcg.pick(&[250, 500, 1_000]) } else { 1_000 },
            models: lcg.pick(&[0, 0, 0b011]),
        },
        priority: lcg.below(3) as u8,
        interruptible: lcg.once_in(2),
    }
}

/// Devices that a living network has at the start; the commands that list them are the last of its founding.
pub const LISTED: u32 = 14;

/// Tells a network a story; with `late`, without any of the times at which it had something to do by itself.
pub fn retell(choice: &Choice, story: &[Told], late: bool) -> Driver {
    let mut driver = Driver::new(choice);
    for told in story {
        if late && told.command == Recorded::Advance {
            continue;
        }
        driver.now = told.at;
        let answer = driver.tell(told.command.clone());
        let alike = answer.is_ok() == told.answer.is_ok();
        assert!(alike, "{:?} at {:?}: {answer:?} instead of {:?}", told.command, told.at, told.answer);
    }
    driver
}
