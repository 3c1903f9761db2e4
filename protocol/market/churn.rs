//! What becomes of a job that loses a device, or is stopped for another: how much of its work is saved, and what it
//! does next.
//!
//! *Rule*: under [`OnLoss::Fail`] the job is over. Otherwise its lease ends and is billed, and the job goes on from its
//! last checkpoint: it queues again in its old place ([`OnLoss::Restart`]); or the rest of its gang is held for it until
//! the lost device is back ([`OnLoss::Wait`]), or until any other device that suits can take its place
//! ([`OnLoss::Move`]). When the hold ends first, it queues again. A job that is stopped for another has notice, and
//! keeps all its work. After too many losses the next one ends it.
//!
//! *Formula*: with work `w` to do, checkpoints every `c` that take `k` each, and `r` to get going again
//!
//! ```text
//! length(w)   = (r if it was interrupted) + w + k * (number of whole c before the last instant of w)
//! saved(run)  = c * floor((run - r) / (c + k)), at most w
//! worked(run) = saved(run) + min(c, (run - r) mod (c + k)), at most w
//! ```
//!
//! *Source*: checkpoint and restart as in Young, "A first order approximation to the optimum checkpoint interval", CACM
//! 17(9), 1974. That the rest of a gang is held or moved as one is assumed; so are all defaults.
//!
//! *Known weakness*: a renter pays for work that is lost and done again. Who holds the rest of a gang keeps devices from
//! others that nobody pays for: no bid and no priority takes them back before the hold ends, and a gang that is whole
//! again, or that can move, goes before everyone in the queue.

use crate::units::{Span, Time};
use serde::Serialize;

/// What a job does when it loses a device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub enum OnLoss {
    /// It is over, and its other devices are free.
    #[default]
    Fail,
    /// It frees its other devices and queues again.
    Restart,
    /// It holds its other devices until the lost one is back.
    Wait,
    /// It holds its other devices until another can take the lost one's place.
    Move,
}

/// See the file's header.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct ChurnSpec {
    /// What a job does when it loses a device. It fails (as before this was a choice).
    pub on_loss: OnLoss,
    /// Work between two checkpoints; zero for work that is saved as it is done, none for work that is never saved. None
    /// (assumed).
    pub checkpoint: Option<Span>,
    /// Time that a checkpoint takes. None (assumed).
    pub checkpoint_cost: Span,
    /// Time to get going again after an interruption. None (assumed).
    pub resume_cost: Span,
    /// How long the rest of a gang is held for the lost device. 1 hour (assumed).
    pub hold: Span,
    /// Losses after which a job still goes on. Without end (assumed).
    pub losses: u32,
    /// For how long a device that failed a renter is not given to it again. Not at all (assumed).
    pub shun: Span,
}

impl Default for ChurnSpec {
    fn default() -> Self {
        ChurnSpec {
            on_loss: OnLoss::Fail,
            checkpoint: None,
            checkpoint_cost: Span::ZERO,
            resume_cost: Span::ZERO,
            hold: Span::HOUR,
            losses: u32::MAX,
            shun: Span::ZERO,
        }
    }
}

impl ChurnSpec {
    /// Time on devices that so much work takes, undisturbed.
    #[must_use]
    pub fn length(&self, work: Span, resumed: bool) -> Span {
        let checkpoints = match self.checkpoint {
            Some(every) if every > Span::ZERO => work.0.saturating_sub(1) / every.0,
            _ => 0,
        };
        let spent = u128::from(checkpoints) * u128::from(self.checkpoint_cost.0);
        self.overhead(resumed) + work + Span(u64::try_from(spent).unwrap_or(u64::MAX))
    }

    /// Work that is safe when a device is lost after a run of this length.
    #[must_use]
    pub fn saved(&self, run: Span, resumed: bool, work: Span) -> Span {
        match self.checkpoint {
            None => Span::ZERO,
            Some(Span::ZERO) => self.worked(run, resumed, work),
            Some(every) => {
                let ran = run - self.overhead(resumed);
                Span(ran.0 / (every + self.checkpoint_cost).0 * every.0).min(work)
            }
        }
    }

    /// Work that was done in a run of this length: what an orderly stop keeps.
    #[must_use]
    pub fn worked(&self, run: Span, resumed: bool, work: Span) -> Span {
        let ran = run - self.overhead(resumed);
        match self.checkpoint {
            None | Some(Span::ZERO) => ran.min(work),
            Some(every) => {
                let cycle = (every + self.checkpoint_cost).0;
                (Span(ran.0 / cycle * every.0) + Span(ran.0 % cycle).min(every)).min(work)
            }
        }
    }

    /// Until when a device is shunned that fails a renter now.
    #[must_use]
    pub fn shunned_until(&self, now: Time) -> Option<Time> {
        (self.shun > Span::ZERO).then_some(now + self.shun)
    }

    fn overhead(&self, resumed: bool) -> Span {
        if resumed { self.resume_cost } else { Span::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(checkpoint: u64, cost: u64, resume: u64) -> ChurnSpec {
        ChurnSpec {
            on_loss: OnLoss::Restart,
            checkpoint: Some(Span(checkpoint)),
            checkpoint_cost: Span(cost),
            resume_cost: Span(resume),
            ..ChurnSpec::default()
        }
    }

    #[test]
    fn a_checkpoint_is_taken_after_each_whole_piece_but_not_after_the_last() {
        let spec = every(10, 2, 0);
        // 25 = 10, 10 and 5: two checkpoints. 20 = 10 and 10: the second piece is the last.
        assert_eq!(spec.length(Span(25), false), Span(29));
        assert_eq!(spec.length(Span(20), false), Span(22));
        assert_eq!(spec.length(Span(10), false), Span(10));
        assert_eq!(spec.length(Span(0), false), Span(0));
        assert_eq!(every(10, 2, 3).length(Span(25), true), Span(32), "and 3 to get going again");
    }

    #[test]
    fn what_a_loss_saves_ends_at_the_last_checkpoint_and_what_a_stop_keeps_does_not() {
        let spec = every(10, 2, 0);
        let saved = |run| spec.saved(Span(run), false, Span(25)).0;
        let worked = |run| spec.worked(Span(run), false, Span(25)).0;
        assert_eq!([0, 9, 11, 12, 23, 24, 29].map(saved), [0, 0, 0, 10, 10, 20, 20]);
        assert_eq!([0, 9, 11, 12, 23, 24, 29].map(worked), [0, 9, 10, 10, 20, 20, 25]);
        let late = every(10, 2, 5);
        assert_eq!(late.saved(Span(16), true, Span(25)), Span(0), "11 of 12 after getting going");
        assert_eq!(late.saved(Span(17), true, Span(25)), Span(10));
    }

    #[test]
    fn without_checkpoints_all_is_lost_and_with_continuous_ones_nothing() {
        let never = ChurnSpec { on_loss: OnLoss::Restart, ..ChurnSpec::default() };
        assert_eq!(never.saved(Span(99), false, Span(100)), Span(0));
        assert_eq!(never.worked(Span(99), false, Span(100)), Span(99));
        assert_eq!(every(0, 0, 0).saved(Span(99), false, Span(100)), Span(99));
    }

    #[test]
    fn a_run_of_its_whole_length_does_all_the_work() {
        for (checkpoint, cost, resume) in [(10, 2, 0), (10, 2, 7), (1, 1, 1), (1000, 3, 3)] {
            let spec = every(checkpoint, cost, resume);
            for work in 1..60 {
                for resumed in [false, true] {
                    let length = spec.length(Span(work), resumed);
                    assert_eq!(spec.worked(length, resumed, Span(work)), Span(work));
                    let early = spec.worked(length - Span(1), resumed, Span(work));
                    assert!(early < Span(work), "{checkpoint} {cost} {resume} {work}");
                }
            }
        }
    }
}
