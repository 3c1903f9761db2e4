//! Challenge rounds: when they are issued, who is asked, and what verdicts do to a device's standing.

use super::appeals::Docket;
use super::asking::{self, Call, Challenge, EXEMPT, members};
use super::company;
use super::{Answer, Band, Verdict, Verification};
use crate::command::Rejection;
use crate::effect::Effect;
use crate::ids::{AccountId, DeviceId};
use crate::liveness::Liveness;
use crate::registry::{Registry, flag};
use crate::step::Step;
use crate::units::{Span, Time};

/// How long after its date a round waits for the batch of answers before it is judged without (assumed).
pub const GRACE: Span = Span::MINUTE;

/// A batch of answers, as in [`crate::command::Command::AnswerChallenges`].
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    /// The round that was issued.
    pub round: u32,
    /// Devices that answered, ascending.
    pub devices: &'a [DeviceId],
    /// Their answer times in milliseconds; `u32::MAX` for an error.
    pub answer_ms: &'a [u32],
}

/// A round that is not judged yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    round: u32,
    due: Time,
    beacon: u64,
    /// All idle online devices were asked and nobody else.
    everyone: bool,
    /// It judges again those who failed the round before it, and so silence is no way out.
    repeat: bool,
    /// How often those who fail it are asked again.
    tries_left: u16,
    /// Who passed the rounds that it repeats.
    passed: u32,
}

/// The rounds of one rule. At most one is open at a time.
#[derive(Debug)]
pub struct Rounds {
    rule: Box<dyn Verification>,
    enabled: bool,
    next_issue: Time,
    issued: u32,
    /// Rounds issued, repeats left out.
    series: u32,
    open: Option<Open>,
    /// One bit per device: asked in the open round.
    asked: Vec<u64>,
    /// One bit per device: hired when asked.
    hired: Vec<u64>,
    /// One bit per device: judged by the open repeat. The others that it asks have passed; they are there so that
    /// silicon which failed under all of them is not tried under fewer.
    accused: Vec<u64>,
    docket: Docket,
    /// Passes in a row when positive, failures in a row when negative.
    streak: Vec<i32>,
}

impl Rounds {
    /// Rounds by `rule`, not enabled yet: claims are believed.
    #[must_use]
    pub fn new(rule: Box<dyn Verification>) -> Self {
        Self {
            docket: Docket::new(rule.appeals()),
            rule,
            enabled: false,
            next_issue: Time::NEVER,
            issued: 0,
            series: 0,
            open: None,
            asked: Vec::new(),
            hired: Vec::new(),
            accused: Vec::new(),
            streak: Vec::new(),
        }
    }

    /// Rows for `count` new devices, without verdicts.
    pub fn grow(&mut self, count: u32) {
        self.streak.resize(self.streak.len() + count as usize, 0);
    }

    /// The rule in force.
    #[must_use]
    pub fn rule(&self) -> &dyn Verification {
        &*self.rule
    }

    /// True while claims are believed: new devices are listed as VERIFIED.
    #[must_use]
    pub fn believes(&self) -> bool {
        !self.enabled || self.rule.presumes()
    }

    /// What the open round asks of a device, if anything.
    #[must_use]
    pub fn challenge(&self, device: DeviceId) -> Option<Challenge> {
        let asked = self.open.is_some() && asking::has(&self.asked, device);
        let hired = asked && asking::has(&self.hired, device);
        asked.then_some(if hired { Challenge::TimeLock } else { Challenge::Work })
    }

    /// True when the open round asks every idle online device and nobody else, so that nobody need look itself up.
    #[must_use]
    pub fn asks_everyone(&self) -> bool {
        self.open.is_some_and(|open| open.everyone)
    }

    /// A device's verdicts in a row: passes when positive, failures when negative.
    #[must_use]
    pub fn streak(&self, device: DeviceId) -> i32 {
        self.streak[device.at()]
    }

    /// Challenges begin or stop; what already holds is not done again.
    ///
    /// When they begin, nobody has passed yet: VERIFIED is cleared (unless the rule presumes that claims are true),
    /// leases go on, and the first round is issued when the epoch closes. When they stop, an open round is dropped, and claims are believed again: whoever is not
    /// banned or gone is VERIFIED, and quarantines end, since nobody could pass out of them any more.
    ///
    /// # Errors
    /// `WrongState` when challenges shall begin under a rule that has none.
    pub fn set_enabled(&mut self, step: &mut Step<'_>, enabled: bool) -> Result<(), Rejection> {
        if enabled == self.enabled {
            return Ok(());
        }
        if enabled && self.rule.interval().is_none() {
            return Err(Rejection::WrongState);
        }
        self.enabled = enabled;
        self.open = None;
        self.docket.adjourn();
        self.next_issue = if enabled { step.now } else { Time::NEVER };
        self.streak.fill(0);
        for device in devices(step.registry) {
            if enabled {
                let lost = if self.rule.presumes() { 0 } else { flag::VERIFIED };
                change(step, device, 0, lost);
            } else if step.registry.flags[device.at()] & (flag::BANNED | flag::WITHDRAWN) == 0 {
                release(step, device, flag::VERIFIED);
            }
        }
        Ok(())
    }

    /// An epoch closes: issues a round when one is due, and none is open. The cadence is kept on the grid of the
    /// first round, whatever the epoch's length.
    pub fn close_epoch(&mut self, step: &mut Step<'_>, beacon: u64) {
        let Some(interval) = self.rule.interval() else {
            return;
        };
        if !self.enabled || self.open.is_some() || step.now < self.next_issue {
            return;
        }
        let grid = interval.0.max(1);
        let missed = step.now.since(self.next_issue).0 / grid;
        self.next_issue += Span(grid).times(missed + 1);
        self.issue(step, beacon);
    }

    /// When the open round is judged even if no answers have come, or when an appeal is due, or never.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.closes().min(self.docket.next_deadline())
    }

    fn closes(&self) -> Time {
        self.open.map_or(Time::NEVER, |open| open.due + GRACE)
    }

    /// Judges a round whose batch of answers never came: all who are online fail by timeout. Decides appeals that are
    /// due, or orders their challenge.
    pub fn advance(
        &mut self,
        step: &mut Step<'_>,
        liveness: &mut Liveness,
        verdicts: &mut Vec<(DeviceId, bool)>,
    ) {
        if let Some(open) = self.open
            && step.now >= self.closes()
        {
            let none = Answers { round: open.round, devices: &[], answer_ms: &[] };
            self.judge(step, open, liveness, none, verdicts);
        }
        for device in self.docket.advance(step) {
            self.streak[device.at()] = 0;
            acquit(step, liveness, device, if self.believes() { flag::VERIFIED } else { 0 });
        }
    }

    /// An owner appeals for those of its `count` devices from `first` that are in quarantine or banned.
    ///
    /// # Errors
    /// As [`Docket::file`], with everything untouched.
    pub fn appeal(
        &mut self,
        step: &mut Step<'_>,
        account: AccountId,
        first: DeviceId,
        count: u32,
    ) -> Result<(), Rejection> {
        self.docket.file(step, account, first, count)
    }

    /// The batch of answers arrives and the round is judged at once; verdicts are appended in ascending order.
    ///
    /// A device that was asked and gave no answer fails if it is online, and gets no verdict if it is not. An answer
    /// is judged even if its sender is offline by now, or failing could be escaped. Who is hired by now gets no verdict;
    /// answers of devices that were not asked are ignored.
    ///
    /// # Errors
    /// `NoSuchRound` when it is not open, `WrongState` before its date, `BadSize` when the columns differ in length
    /// or ids do not ascend, `Unknown` when a device was never listed. Nothing is changed then.
    pub fn answer(
        &mut self,
        step: &mut Step<'_>,
        liveness: &mut Liveness,
        answers: Answers<'_>,
        verdicts: &mut Vec<(DeviceId, bool)>,
    ) -> Result<(), Rejection> {
        let open = self.open.filter(|open| open.round == answers.round);
        let open = open.ok_or(Rejection::NoSuchRound)?;
        if step.now < open.due {
            return Err(Rejection::WrongState);
        }
        let ids = answers.devices;
        if ids.len() != answers.answer_ms.len() || !ids.is_sorted_by(|a, b| a < b) {
            return Err(Rejection::BadSize);
        }
        if ids.last().is_some_and(|last| last.at() >= step.registry.len()) {
            return Err(Rejection::Unknown);
        }
        self.judge(step, open, liveness, answers, verdicts);
        Ok(())
    }

    /// The team expels whoever is in quarantine now, online or not: banned, and named in `purged` (ascending) so
    /// that their points can be taken back.
    pub fn purge(&mut self, step: &mut Step<'_>, liveness: &mut Liveness, purged: &mut Vec<DeviceId>) {
        for device in devices(step.registry) {
            let flags = step.registry.flags[device.at()];
            if flags & (flag::QUARANTINED | flag::BANNED) == flag::QUARANTINED {
                expel(step, liveness, device);
                purged.push(device);
            }
        }
    }

    fn issue(&mut self, step: &mut Step<'_>, beacon: u64) {
        let call = self.rule.call(self.series);
        self.series += 1;
        let flags = &step.registry.flags;
        asking::choose(call, flags, &self.streak, beacon, &mut self.asked, &mut self.hired);
        let summoned = self.docket.call(flags, &mut self.asked);
        let everyone = call == Call::EVERYONE && !summoned;
        if !everyone && self.asked.iter().all(|&word| word == 0) {
            return;
        }
        let tries_left = self.rule.retries();
        let round = Open { round: 0, due: step.now, beacon, everyone, repeat: false, tries_left, passed: 0 };
        self.open(step, round);
    }

    /// Sends out a round to those marked as asked; its number and date are set here.
    fn open(&mut self, step: &mut Step<'_>, round: Open) {
        let (work, lock) = self.bands(step.registry);
        let lock = if self.hired.is_empty() { &[][..] } else { &lock };
        let longest = work.iter().chain(lock).flatten().map(|band| band.most_ms).max();
        let longest = Span(u64::from(longest.unwrap_or(0)) * 1_000_000);
        let due = step.now + self.rule.window() + longest;
        let open = Open { round: self.issued, due, ..round };
        self.issued += 1;
        self.open = Some(open);
        step.effects.push(Effect::ChallengesIssued { round: open.round, beacon: open.beacon, due });
    }

    /// The accepted bands of each model, by model id: for work, and for sequential work while hired.
    fn bands(&self, registry: &Registry) -> (Vec<Option<Band>>, Vec<Option<Band>>) {
        let models = &registry.models;
        let work = models.iter().map(|model| self.rule.band(model)).collect();
        (work, models.iter().map(|model| self.rule.lock_band(model)).collect())
    }

    /// Merges the ascending answers with the devices asked, and closes the round; those who failed are asked again
    /// while tries are left, with all who started together with them, and the verdicts of the whole series are counted
    /// in one. Who has passed once has passed: it is asked again for company only, and its answer changes nothing.
    fn judge(
        &mut self,
        step: &mut Step<'_>,
        open: Open,
        liveness: &mut Liveness,
        answers: Answers<'_>,
        verdicts: &mut Vec<(DeviceId, bool)>,
    ) {
        self.open = None;
        let mut asked = std::mem::take(&mut self.asked);
        let mut again = vec![0; if open.tries_left > 0 { asked.len() } else { 0 }];
        let (work, lock) = self.bands(step.registry);
        let rules = self.rule.consequences();
        let mut given = answers.devices.iter().zip(answers.answer_ms).peekable();
        let (mut passed, mut failed, mut repeated) = (open.passed, 0, false);
        let accused = std::mem::take(&mut self.accused);
        for device in members(if open.repeat { &accused } else { &asked }) {
            while given.next_if(|(other, _)| **other < device).is_some() {}
            let given = given.next_if(|(other, _)| **other == device);
            let flags = step.registry.flags[device.at()];
            let hired = asking::has(&self.hired, device);
            let appeals = self.docket.called(device);
            let answer = match given {
                _ if flags & exempt(hired, appeals) != 0 => continue,
                Some((_, &ms)) => Answer::from_ms(ms),
                None if flags & flag::ONLINE == 0 && !open.repeat && !appeals => continue,
                None => Answer::Missing,
            };
            let band = if hired { &lock } else { &work }[step.registry.model[device.at()].at()];
            let pass = band.is_none_or(|band| band.judge(answer) == Verdict::Pass);
            if !pass && open.tries_left > 0 {
                asking::set(&mut again, device);
                repeated = true;
                continue;
            }
            if appeals {
                self.docket.decide(step, device, pass);
            }
            if pass {
                passed += 1;
                self.pass(step, device, rules.passes_to_release);
                if appeals {
                    acquit(step, liveness, device, flag::VERIFIED);
                }
            } else {
                failed += 1;
                self.fail(step, liveness, device, rules);
            }
            verdicts.push((device, pass));
        }
        if repeated {
            let registry = &*step.registry;
            let free = |device: DeviceId| {
                let exempt = exempt(asking::has(&self.hired, device), self.docket.called(device));
                registry.flags[device.at()] & (flag::ONLINE | exempt) == flag::ONLINE
            };
            let key = |device| self.rule.offset_key(registry, device);
            self.asked = company::gather(&again, &asked, key, free);
            self.accused = again;
            let tries_left = open.tries_left - 1;
            let beacon = super::mix(open.beacon.wrapping_add(0x9E37_79B9_7F4A_7C15));
            let repeat = Open { beacon, everyone: false, repeat: true, tries_left, passed, ..open };
            self.open(step, repeat);
            return;
        }
        asked.clear();
        self.asked = asked;
        self.docket.adjourn();
        step.effects.push(Effect::ChallengesJudged { round: answers.round, passed, failed });
    }

    fn pass(&mut self, step: &mut Step<'_>, device: DeviceId, to_release: u16) {
        let streak = &mut self.streak[device.at()];
        *streak = (*streak).max(0) + 1;
        if reached(*streak, to_release) {
            release(step, device, flag::VERIFIED);
        } else {
            change(step, device, flag::VERIFIED, 0);
        }
    }

    fn fail(
        &mut self,
        step: &mut Step<'_>,
        liveness: &mut Liveness,
        device: DeviceId,
        rules: super::Consequences,
    ) {
        if step.registry.has(device, flag::BANNED) {
            return;
        }
        let streak = &mut self.streak[device.at()];
        *streak = (*streak).min(0) - 1;
        let fails = -*streak;
        if reached(fails, rules.fails_to_ban) {
            step.registry.flags[device.at()] &= !flag::VERIFIED;
            expel(step, liveness, device);
            return;
        }
        let held = step.registry.has(device, flag::QUARANTINED);
        if !held && reached(fails, rules.fails_to_quarantine) {
            step.effects.push(Effect::Quarantined(device));
            change(step, device, flag::QUARANTINED, flag::VERIFIED);
        } else {
            change(step, device, 0, flag::VERIFIED);
        }
    }
}

/// Standing that keeps a device from being asked and judged, given whether it was hired when asked, and appeals.
fn exempt(hired: bool, appeals: bool) -> u16 {
    match (hired, appeals) {
        (true, _) => EXEMPT & !flag::LEASED,
        (false, true) => EXEMPT & !flag::BANNED,
        (false, false) => EXEMPT,
    }
}

/// True when a run of verdicts is long enough; a threshold of zero is never reached.
fn reached(streak: i32, threshold: u16) -> bool {
    threshold > 0 && streak >= i32::from(threshold)
}

/// Sets and clears flags, and tells the market when that makes the device deployable or ends it.
fn change(step: &mut Step<'_>, device: DeviceId, set: u16, clear: u16) {
    let before = step.registry.deployable(device);
    let flags = &mut step.registry.flags[device.at()];
    *flags = (*flags | set) & !clear;
    match (before, step.registry.deployable(device)) {
        (true, false) => step.lost.push(device),
        (false, true) => step.back.push(device),
        _ => {}
    }
}

/// Sets flags and ends a quarantine, if there is one.
fn release(step: &mut Step<'_>, device: DeviceId, set: u16) {
    if step.registry.has(device, flag::QUARANTINED) {
        step.effects.push(Effect::Released(device));
    }
    change(step, device, set, flag::QUARANTINED);
}

/// Ends a quarantine or a ban, and sets flags.
fn acquit(step: &mut Step<'_>, liveness: &mut Liveness, device: DeviceId, set: u16) {
    release(step, device, set);
    if step.registry.has(device, flag::BANNED) {
        step.effects.push(Effect::Released(device));
        liveness.reinstate(step, device);
    }
}

/// Ends a quarantine by a ban; [`Liveness::ban`] disconnects the device and tells the market.
fn expel(step: &mut Step<'_>, liveness: &mut Liveness, device: DeviceId) {
    step.registry.flags[device.at()] &= !flag::QUARANTINED;
    liveness.ban(step, device);
}

/// All devices ever listed.
fn devices(registry: &Registry) -> impl Iterator<Item = DeviceId> + use<> {
    (0..u32::try_from(registry.len()).expect("ids have 32 bits")).map(DeviceId)
}

#[cfg(test)]
mod cost;
#[cfg(test)]
mod repeats;
#[cfg(test)]
mod switching;
#[cfg(test)]
pub(super) mod tests;
