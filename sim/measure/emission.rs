//! A schedule of emission walked alone, epoch by epoch: what it releases first, last and in all, year by year.

use crate::scenario::rules::EmissionRule;
use depin_protocol::units::{Amount, Span};
use std::fmt;

/// A year of the tables: 365 days, as the published schedules count.
pub const YEAR: Span = Span(365 * Span::DAY.0);
/// How far a schedule without an end is walked: so many years, and no more than so many epochs.
pub const HORIZON_YEARS: u32 = 200;
/// Assumed: some seconds of work.
pub const HORIZON_EPOCHS: u64 = 10_000_000;
/// Most epochs of a walk. Assumed: some minutes of work.
pub const MOST_EPOCHS: u64 = 1_000_000_000;
/// Most years of a walk.
pub const MOST_YEARS: u32 = 10_000;
/// Points kept for a figure; above twice as many every second one is dropped.
const POINTS: usize = 2048;
/// Epochs between two words on how far the walk has come.
const STRIDE: u64 = 1 << 16;

/// What is asked of a walk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Question {
    /// The epoch whose amount and sum are wanted, in the source's own count.
    pub at: Option<u64>,
    /// Years to walk; absent: to the end or the horizon.
    pub years: Option<u32>,
}

/// Why the walk stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The last epoch of the schedule.
    End,
    /// The cap is reached.
    Cap,
    /// The years or the epoch that were asked for.
    Asked,
    /// The horizon of schedules without an end.
    Horizon,
}

/// One epoch, and the sum of all up to and including it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Moment {
    /// Its number in the source's own count.
    pub epoch: u64,
    /// Base units that it releases.
    pub amount: Amount,
    /// Base units released so far.
    pub cumulative: Amount,
}

/// A year of 365 days since the first epoch; the last may be a part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Year {
    /// From 1.
    pub year: u64,
    /// Epochs that begin in it.
    pub epochs: u64,
    /// Base units released.
    pub emitted: Amount,
    /// Base units released so far.
    pub cumulative: Amount,
    /// Tokens in existence as it begins.
    pub supply: Amount,
}

/// A point of a figure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Point {
    /// Epochs passed before this one.
    pub passed: u64,
    /// Base units that it releases.
    pub amount: Amount,
    /// Base units released with it.
    pub cumulative: Amount,
    /// Tokens in existence after it.
    pub supply: Amount,
}

/// What a walk found.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The schedule's name.
    pub schedule: &'static str,
    /// Decimals of a base unit.
    pub decimals: u8,
    /// Length of an epoch.
    pub epoch: Span,
    /// The most that it may release.
    pub cap: Option<Amount>,
    /// Tokens that existed before.
    pub starting_supply: Amount,
    /// Epochs walked.
    pub walked: u64,
    /// Why no further.
    pub stop: Stop,
    /// The first epoch.
    pub first: Moment,
    /// The last epoch that released anything; the first when none did.
    pub last: Moment,
    /// Base units released in all.
    pub total: Amount,
    /// Tokens in existence after the last epoch walked.
    pub supply: Amount,
    /// The epoch that reaches the cap.
    pub cap_epoch: Option<u64>,
    /// What was asked for; after the end an amount of zero and the final sum.
    pub at: Option<Moment>,
    /// Year by year.
    pub years: Vec<Year>,
    /// Points of a figure, the last epoch among them.
    pub points: Vec<Point>,
}

impl Walk {
    /// True when the last epochs walked released nothing.
    #[must_use]
    pub fn falls_silent(&self) -> bool {
        self.spoke() < self.walked
    }

    /// Epochs up to and including the last that released anything.
    fn spoke(&self) -> u64 {
        self.last.epoch - self.first.epoch + 1
    }

    /// The same up to where all but a millionth of the sum is released, and a twentieth more; for a figure, in which
    /// the dust of long schedules would take most of the room.
    #[must_use]
    pub fn without_dust(&self) -> Walk {
        let dust = self.total / 1_000_000;
        let done = self.points.iter().find(|point| self.total - point.cumulative <= dust);
        let spoke = done.map_or(self.walked, |point| point.passed + 1).min(self.spoke());
        let walked = self.walked.min(spoke + spoke / 20);
        let mut kept = self.clone();
        kept.points.retain(|point| point.passed < walked);
        Walk { walked, ..kept }
    }
}

/// Why a schedule cannot be walked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// The epoch asked for lies before the first.
    BeforeFirst {
        /// Asked for.
        epoch: u64,
        /// The first.
        first: u64,
    },
    /// More epochs than anybody waits for, or more years.
    TooLong {
        /// Epochs that it would take.
        epochs: u64,
    },
    /// The schedule follows what a network does, and the scenario assumes nothing of it.
    NothingAssumed {
        /// The schedule.
        schedule: &'static str,
        /// Keys that are missing.
        keys: &'static str,
    },
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::BeforeFirst { epoch, first } => {
                write!(f, "there is no epoch {epoch}: the first is {first}")
            }
            Trouble::TooLong { epochs } => write!(
                f,
                "{epochs} epochs are too many to walk: at most {MOST_EPOCHS} epochs and {MOST_YEARS} years"
            ),
            Trouble::NothingAssumed { schedule, keys } => write!(
                f,
                "{schedule} follows what the network does, and [protocol.emission.assumed] does not say {keys}"
            ),
        }
    }
}

impl std::error::Error for Trouble {}

/// Epochs that so many years hold whole.
#[must_use]
pub fn epochs_in(years: u64, epoch: Span) -> u64 {
    let epochs = u128::from(years) * u128::from(YEAR.0) / u128::from(epoch.0.max(1));
    u64::try_from(epochs).unwrap_or(u64::MAX)
}

/// How many epochs a walk takes at most, and what stops it there.
///
/// # Errors
/// When the epoch asked for does not exist, or there are too many.
pub fn length(rule: &EmissionRule, question: Question) -> Result<(u64, Stop), Trouble> {
    let first = rule.first_epoch();
    let until = match question.at {
        Some(epoch) => {
            let passed = epoch.checked_sub(first).ok_or(Trouble::BeforeFirst { epoch, first })?;
            passed.saturating_add(1)
        }
        None => 0,
    };
    let end = rule.limits().epochs;
    let asked = question.years.map(|years| epochs_in(years.into(), rule.epoch()).max(1));
    let (wanted, stop) = match (asked, end) {
        (Some(asked), _) => (asked.max(until), Stop::Asked),
        (None, Some(end)) => (end, Stop::End),
        (None, None) => {
            let horizon = epochs_in(HORIZON_YEARS.into(), rule.epoch()).clamp(1, HORIZON_EPOCHS);
            if until > horizon { (until, Stop::Asked) } else { (horizon, Stop::Horizon) }
        }
    };
    let epochs = wanted.min(end.unwrap_or(u64::MAX));
    let most = epochs_in(MOST_YEARS.into(), rule.epoch()).clamp(1, MOST_EPOCHS);
    if epochs > most {
        return Err(Trouble::TooLong { epochs });
    }
    Ok((epochs, if Some(epochs) == end { Stop::End } else { stop }))
}

/// Walks a schedule; `progress` hears now and then how many epochs have passed.
///
/// # Errors
/// As [`length`], and when the schedule needs assumptions that are not made.
pub fn walk(rule: &EmissionRule, question: Question, progress: &dyn Fn(u64)) -> Result<Walk, Trouble> {
    if let Some(keys) = rule.lacks() {
        return Err(Trouble::NothingAssumed { schedule: rule.name(), keys });
    }
    let (length, stop) = length(rule, question)?;
    let mut issuance = rule.build();
    let limits = rule.limits();
    let mut found = Walk {
        schedule: rule.name(),
        decimals: rule.decimals(),
        epoch: rule.epoch(),
        cap: limits.cap,
        starting_supply: limits.starting_supply,
        walked: 0,
        stop,
        first: Moment { epoch: rule.first_epoch(), ..Moment::default() },
        last: Moment { epoch: rule.first_epoch(), ..Moment::default() },
        total: 0,
        supply: 0,
        cap_epoch: None,
        at: None,
        years: Vec::new(),
        points: Vec::new(),
    };
    let mut calendar = Calendar::new(rule.epoch(), issuance.supply());
    let mut curve = Curve::default();
    for passed in 0..length {
        if issuance.is_over() {
            break;
        }
        let activity = rule.activity(passed, issuance.supply());
        let amount = issuance.release(&activity);
        let moment = Moment { epoch: rule.first_epoch() + passed, amount, cumulative: issuance.issued() };
        if passed == 0 {
            found.first = moment;
        }
        if amount > 0 || passed == 0 {
            found.last = moment;
        }
        if question.at == Some(moment.epoch) {
            found.at = Some(moment);
        }
        found.walked = passed + 1;
        let supply = issuance.supply();
        calendar.count(found.walked, moment, supply);
        curve.keep(Point { passed, amount, cumulative: moment.cumulative, supply });
        if found.walked.is_multiple_of(STRIDE) {
            progress(found.walked);
        }
    }
    found.total = issuance.issued();
    found.supply = issuance.supply();
    if limits.cap.is_some_and(|cap| issuance.issued() >= cap) {
        found.cap_epoch = Some(found.last.epoch);
        found.stop = Stop::Cap;
    }
    if let (Some(epoch), None) = (question.at, found.at) {
        found.at = Some(Moment { epoch, amount: 0, cumulative: found.total });
    }
    found.years = calendar.close();
    found.points = curve.close();
    Ok(found)
}

/// Gathers epochs into years.
struct Calendar {
    epoch: Span,
    years: Vec<Year>,
    open: Year,
    /// Epochs that have begun when the open year ends.
    until: u64,
    supply: Amount,
}

impl Calendar {
    fn new(epoch: Span, supply: Amount) -> Calendar {
        let open = Year { year: 1, epochs: 0, emitted: 0, cumulative: 0, supply };
        Calendar { epoch, years: Vec::new(), open, until: epochs_in(1, epoch).max(1), supply }
    }

    fn count(&mut self, walked: u64, moment: Moment, supply: Amount) {
        self.open.epochs += 1;
        self.open.emitted = self.open.emitted.saturating_add(moment.amount);
        self.open.cumulative = moment.cumulative;
        self.supply = supply;
        if walked == self.until {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.years.push(self.open);
        let Year { mut year, cumulative, .. } = self.open;
        let until = self.until;
        while self.until <= until {
            year += 1;
            self.until = epochs_in(year, self.epoch);
        }
        self.open = Year { year, epochs: 0, emitted: 0, cumulative, supply: self.supply };
    }

    fn close(mut self) -> Vec<Year> {
        if self.open.epochs > 0 {
            self.years.push(self.open);
        }
        self.years
    }
}

/// Thins points as it goes, so that a walk of any length keeps a few thousand.
struct Curve {
    points: Vec<Point>,
    last: Option<Point>,
    stride: u64,
}

impl Default for Curve {
    fn default() -> Curve {
        Curve { points: Vec::new(), last: None, stride: 1 }
    }
}

impl Curve {
    fn keep(&mut self, point: Point) {
        self.last = Some(point);
        if !point.passed.is_multiple_of(self.stride) {
            return;
        }
        self.points.push(point);
        if self.points.len() > 2 * POINTS {
            self.stride *= 2;
            let stride = self.stride;
            self.points.retain(|point| point.passed.is_multiple_of(stride));
        }
    }

    fn close(mut self) -> Vec<Point> {
        if self.points.last() != self.last.as_ref() {
            self.points.extend(self.last);
        }
        self.points
    }
}
