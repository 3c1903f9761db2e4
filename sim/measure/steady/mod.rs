//! What a settled run says, for queueing and reliability theory: its warm-up is cut off, and each figure has an interval.
//!
//! The run is cut into a thousand slices. The warm-up ends where the scenario says, or where MSER-5 finds it over the
//! number of jobs in the system (of devices up, where no job ever came). The slices after it make twenty batches; the
//! figure is that of all of them together, and the half width is Student's over the batches' own figures. With several
//! replications the summary's interval, over replications, is the better one.

pub mod fleet;
pub mod level;
pub mod service;
#[cfg(test)]
mod tests;

use super::statistics::half_width;
use super::statistics::warm_up::{BATCH, WarmUp, mser};
use crate::engine::Time;
use crate::scenario::Scenario;
use depin_protocol::command::{Command, Role};
use depin_protocol::effect::Effect;
use depin_protocol::ids::AccountId;
use fleet::Fleet;
use level::{SLICES, start};
use service::Service;

/// Batches of one run. Assumed: Schmeiser (1982) finds 10 to 30 enough.
const BATCHES: usize = 20;

/// Confidence of the half widths.
pub const CONFIDENCE: f64 = 0.95;

/// A figure of some slices.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Metric, with the class of renters behind a dot where it is of one.
    pub name: String,
    /// Unit.
    pub unit: &'static str,
    /// The figure; `None` where nothing defines it.
    pub value: Option<f64>,
}

fn found(metric: &str, class: &str, unit: &'static str, value: Option<f64>) -> Found {
    let name = if class.is_empty() { metric.to_owned() } else { format!("{metric}.{class}") };
    Found { name, unit, value: value.filter(|v| v.is_finite()) }
}

/// A figure of a settled run.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// What it is.
    pub found: Found,
    /// Half width of its 95 % interval over batches; `None` where a batch has no figure.
    pub half_width: Option<f64>,
}

/// Watches one replication.
#[derive(Clone, Debug)]
pub struct Steady {
    end: Time,
    warm_up: Option<f64>,
    needed: Option<u64>,
    names: Vec<String>,
    /// Accounts of the classes, in their order, as they are opened.
    renters: Vec<AccountId>,
    service: Service,
    fleet: Fleet,
}

impl Steady {
    /// A watcher, where the scenario asks for one.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Option<Steady> {
        let spec = scenario.steady?;
        let end = Time::ZERO + scenario.run.duration;
        let names: Vec<String> = scenario.renters.iter().map(|class| class.name.clone()).collect();
        Some(Steady {
            end,
            warm_up: spec.warm_up,
            needed: spec.needed,
            renters: Vec::new(),
            service: Service::new(end, names.len()),
            fleet: Fleet::new(end),
            names,
        })
    }

    /// A command was applied.
    pub fn see(&mut self, now: Time, command: &Command<'_>, effects: &[Effect]) {
        for effect in effects {
            match (effect, command) {
                // Classes open their accounts in their order.
                (Effect::AccountOpened(account), Command::OpenAccount { role: Role::Renter }) => {
                    self.renters.push(*account);
                }
                (Effect::JobQueued(_), Command::SubmitJob { renter, request }) => {
                    let class = self.renters.iter().position(|account| account == renter).unwrap_or(0);
                    self.service.arrives(now, class, request.cards);
                }
                _ => {}
            }
            self.service.see(now, effect);
            self.fleet.see(now, effect);
        }
    }

    /// Slices that belong to the warm-up; `None` when no steady state is in sight.
    fn cut(&mut self) -> Option<usize> {
        if let Some(share) = self.warm_up {
            return Some((share * SLICES as f64) as usize);
        }
        let numbers = if self.service.is_idle() { self.fleet.numbers() } else { self.service.numbers() };
        match mser(&numbers, BATCH) {
            WarmUp::Ends(cut) => Some(cut),
            WarmUp::NotReached | WarmUp::TooShort => None,
        }
    }

    /// What the run says, once it is over; no figure has a value when it has not settled.
    ///
    /// # Panics
    /// When Little's law does not hold to the nanosecond.
    #[must_use]
    pub fn finish(mut self) -> Vec<Settled> {
        let cut = self.cut();
        let begin = cut.unwrap_or(0);
        self.service.close(begin);
        self.fleet.close();
        let whole = self.estimates(begin..SLICES);
        let size = (SLICES - begin) / BATCHES;
        let batch = |number: usize| {
            let to = SLICES - (BATCHES - 1 - number) * size;
            self.estimates(to - size..to)
        };
        let batches: Vec<Vec<Found>> = (0..BATCHES).map(batch).collect();
        let settle = |(at, found): (usize, Found)| {
            let values: Option<Vec<f64>> = batches.iter().map(|batch| batch[at].value).collect();
            match cut {
                Some(_) => Settled { half_width: values.and_then(|v| half_width(&v, CONFIDENCE)), found },
                None => Settled { found: Found { value: None, ..found }, half_width: None },
            }
        };
        let warm_up = start(begin, self.end).since(Time::ZERO).hours();
        let length = Settled {
            found: found("steady.warm_up_hours", "", "hours", cut.map(|_| warm_up)),
            half_width: None,
        };
        std::iter::once(length).chain(whole.into_iter().enumerate().map(settle)).collect()
    }

    fn estimates(&self, slices: std::ops::Range<usize>) -> Vec<Found> {
        let mut all = self.service.estimates(&slices, &self.names);
        all.extend(self.fleet.estimates(&slices, self.needed));
        all
    }
}
