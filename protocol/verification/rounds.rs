//! Challenge rounds: when they are issued, who is asked, and what verdicts do to a device's standing.

use super::{Answer, Band, Verdict, Verification};
use crate::command::Rejection;
use crate::effect::Effect;
use crate::ids::DeviceId;
use crate::liveness::Liveness;
use crate::registry::{Registry, flag};
use crate::step::Step;
use crate::units::{Span, Time};

/// Not asked, or without a verdict: hired (io.net docs exempt hired workers), or out for good.
const EXEMPT: u16 = flag::LEASED | flag::BANNED | flag::WITHDRAWN;

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
}

/// The rounds of one rule. At most one is open at a time.
#[derive(Debug)]
pub struct Rounds {
    rule: Box<dyn Verification>,
    enabled: bool,
    next_issue: Time,
    issued: u32,
    open: Option<Open>,
    /// One bit per device: asked in the open round.
    asked: Vec<u64>,
    /// Passes in a row when positive, failures in a row when negative.
    streak: Vec<i32>,
}

impl Rounds {
    /// Rounds by `rule`, not enabled yet: claims are believed.
    #[must_use]
    pub fn new(rule: Box<dyn Verification>) -> Self {
        Self {
            rule,
            enabled: false,
            next_issue: Time::NEVER,
            issued: 0,
            open: None,
            asked: Vec::new(),
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
        !self.enabled
    }

    /// A device's verdicts in a row: passes when positive, failures when negative.
    #[must_use]
    pub fn streak(&self, device: DeviceId) -> i32 {
        self.streak[device.at()]
    }

    /// Challenges begin or stop; what already holds is not done again.
    ///
    /// When they begin, nobody has passed yet: VERIFIED is cleared, leases go on, and the first round is issued when
    /// the epoch closes. When they stop, an open round is dropped, and claims are believed again: whoever is not
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
        self.next_issue = if enabled { step.now } else { Time::NEVER };
        self.streak.fill(0);
        for device in devices(step.registry) {
            if enabled {
                change(step, device, 0, flag::VERIFIED);
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

    /// When the open round is judged even if no answers have come, or never.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.open.map_or(Time::NEVER, |open| open.due + GRACE)
    }

    /// Judges a round whose batch of answers never came: all who are online fail by timeout.
    pub fn advance(
        &mut self,
        step: &mut Step<'_>,
        liveness: &mut Liveness,
        verdicts: &mut Vec<(DeviceId, bool)>,
    ) {
        if let Some(open) = self.open
            && step.now >= self.next_deadline()
        {
            let none = Answers { round: open.round, devices: &[], answer_ms: &[] };
            self.judge(step, liveness, none, verdicts);
        }
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
        self.judge(step, liveness, answers, verdicts);
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
        let longest = self.bands(step.registry).iter().flatten().map(|band| band.most_ms).max();
        let longest = Span(u64::from(longest.unwrap_or(0)) * 1_000_000);
        let due = step.now + self.rule.window() + longest;
        let round = self.issued;
        self.issued += 1;
        self.open = Some(Open { round, due });
        self.asked.clear();
        self.asked.extend(step.registry.flags.chunks(64).map(asked_word));
        step.effects.push(Effect::ChallengesIssued { round, beacon, due });
    }

    /// The accepted band of each model, by model id.
    fn bands(&self, registry: &Registry) -> Vec<Option<Band>> {
        registry.models.iter().map(|model| self.rule.band(model)).collect()
    }

    /// Merges the ascending answers with the devices asked, and closes the round.
    fn judge(
        &mut self,
        step: &mut Step<'_>,
        liveness: &mut Liveness,
        answers: Answers<'_>,
        verdicts: &mut Vec<(DeviceId, bool)>,
    ) {
        self.open = None;
        let asked = std::mem::take(&mut self.asked);
        let bands = self.bands(step.registry);
        let rules = self.rule.consequences();
        let mut given = answers.devices.iter().zip(answers.answer_ms).peekable();
        let (mut passed, mut failed) = (0, 0);
        for device in members(&asked) {
            while given.next_if(|(other, _)| **other < device).is_some() {}
            let given = given.next_if(|(other, _)| **other == device);
            let flags = step.registry.flags[device.at()];
            let answer = match given {
                _ if flags & EXEMPT != 0 => continue,
                Some((_, &ms)) => Answer::from_ms(ms),
                None if flags & flag::ONLINE == 0 => continue,
                None => Answer::Missing,
            };
            let band = bands[step.registry.model[device.at()].at()];
            if band.is_none_or(|band| band.judge(answer) == Verdict::Pass) {
                passed += 1;
                self.pass(step, device, rules.passes_to_release);
                verdicts.push((device, true));
            } else {
                failed += 1;
                self.fail(step, liveness, device, rules);
                verdicts.push((device, false));
            }
        }
        self.asked = asked;
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

/// Ends a quarantine by a ban; [`Liveness::ban`] disconnects the device and tells the market.
fn expel(step: &mut Step<'_>, liveness: &mut Liveness, device: DeviceId) {
    step.registry.flags[device.at()] &= !flag::QUARANTINED;
    liveness.ban(step, device);
}

/// All devices ever listed.
fn devices(registry: &Registry) -> impl Iterator<Item = DeviceId> + use<> {
    (0..u32::try_from(registry.len()).expect("ids have 32 bits")).map(DeviceId)
}

/// Which of up to 64 devices are online and not exempt, as bits.
fn asked_word(flags: &[u16]) -> u64 {
    let asked = |flags: u16| u64::from(flags & (flag::ONLINE | EXEMPT) == flag::ONLINE);
    flags.iter().rev().fold(0, |word, &flags| word << 1 | asked(flags))
}

/// The devices whose bit is set, ascending.
fn members(asked: &[u64]) -> impl Iterator<Item = DeviceId> + '_ {
    asked.iter().zip(0u32..).flat_map(|(&word, block)| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let bit = rest.trailing_zeros();
            (bit < 64).then(|| {
                rest &= rest - 1;
                DeviceId(block * 64 + bit)
            })
        })
    })
}

#[cfg(test)]
mod cost;
#[cfg(test)]
mod switching;
#[cfg(test)]
mod tests;
