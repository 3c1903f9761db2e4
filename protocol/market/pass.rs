//! A pass over the waiting jobs: who starts now, as the discipline says.

use super::passage::Attempt;
use super::reserve::Reserve;
use super::{Books, Market};
use crate::ids::{DeviceId, JobId};
use crate::scheduling::calendar::Part;
use crate::scheduling::index::Pick;
use crate::scheduling::{Unit, WhenBlocked};
use crate::units::Time;

impl Market {
    /// Starts every waiting job that the discipline lets start now.
    pub(super) fn pass(&mut self, now: Time, books: &mut Books<'_>) {
        self.mend(now, books);
        match self.queueing.when_blocked() {
            WhenBlocked::Stop => {
                while let Some(job) = self.queue.first()
                    && matches!(self.attempt(now, job, books), Attempt::Left)
                {}
            }
            WhenBlocked::Skip => {
                for job in self.take_turns() {
                    self.attempt(now, job, books);
                }
            }
            WhenBlocked::ReserveFirst(_) => self.pass_with_one_promise(now, books),
            WhenBlocked::ReserveAll(_) => self.pass_with_all_promises(now, books),
        }
        self.turn_away(now, books);
    }

    fn take_turns(&mut self) -> Vec<JobId> {
        let mut turn = std::mem::take(&mut self.turn);
        turn.clear();
        turn.extend(self.queue.in_order());
        turn
    }

    /// EASY: the first that cannot start is promised its devices; others start beside that promise.
    fn pass_with_one_promise(&mut self, now: Time, books: &mut Books<'_>) {
        self.reserved().advance(now);
        self.reserved().forget_fresh();
        let mut parts = Vec::new();
        let mut promised = false;
        let turn = self.take_turns();
        for &job in &turn {
            let free = self.index.all_deployable_cards();
            if promised && free == 0 {
                break;
            }
            let hopeless = u64::from(self.jobs[job.at()].request.cards) > free;
            if promised && hopeless {
                continue;
            }
            let request = self.sought(job);
            if !hopeless && self.reserved().open(now, &request, books.registry, &mut parts) {
                self.start_on(now, job, &parts, books);
            } else if !promised {
                self.reserved().promise(now, job, &request, books.registry);
                promised = true;
            }
        }
        self.turn = turn;
        self.reserved().withdraw_promises();
    }

    /// Conservative: everyone holds a promise; those whose time has come start.
    fn pass_with_all_promises(&mut self, now: Time, books: &mut Books<'_>) {
        self.reserved().advance(now);
        let fresh = self.reserved().take_fresh();
        if self.reserved().settle_disturbance() {
            self.reserved().withdraw_promises();
            let turn = self.take_turns();
            for &job in &turn {
                let request = self.sought(job);
                self.reserved().promise(now, job, &request, books.registry);
            }
            self.turn = turn;
        } else {
            for job in fresh {
                if !self.queue.has(job) {
                    continue;
                }
                let request = self.sought(job);
                self.reserved().promise(now, job, &request, books.registry);
            }
        }
        for job in self.reserved().due(now) {
            let parts = self.reserved().parts_of(job).to_vec();
            self.start_on(now, job, &parts, books);
        }
    }

    /// Starts a job on devices of the parts that were chosen for it; not yet where those are held back.
    fn start_on(&mut self, now: Time, job: JobId, parts: &[Part], books: &mut Books<'_>) {
        let request = self.sought(job);
        let mut picks = std::mem::take(&mut self.picks);
        let reserve = self.reserve.as_ref().expect("a discipline with promises");
        match reserve.unit() {
            Unit::Hosts => {
                picks.clear();
                let mut missing = request.cards;
                for part in parts {
                    let device = DeviceId(part.column);
                    let cards = u32::from(books.registry.cards[device.at()]).min(missing);
                    missing -= cards;
                    picks.push(Pick { device, cards });
                }
                if reserve.holds_back() && picks.iter().any(|pick| !books.registry.deployable(pick.device)) {
                    self.picks = picks;
                    return;
                }
            }
            Unit::Counts => {
                let mut left = parts.to_vec();
                let mut allow = |device: DeviceId| {
                    let column = reserve.column(device);
                    let part = left.iter_mut().find(|part| part.column == column && part.devices > 0);
                    part.map(|part| part.devices -= 1).is_some()
                };
                let placement = self.placement.as_ref();
                let registry = &mut *books.registry;
                let found = self.index.find_among(registry, job, &request, placement, &mut allow, &mut picks);
                if reserve.holds_back() && found.is_err() {
                    self.picks = picks;
                    return;
                }
                found.expect("what the calendar says is free is deployable");
            }
        }
        self.pay_and_start(now, job, &picks, books);
        self.picks = picks;
    }

    fn reserved(&mut self) -> &mut Reserve {
        self.reserve.as_mut().expect("a discipline with promises")
    }
}
