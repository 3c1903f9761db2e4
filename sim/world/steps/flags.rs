//! An account is flagged as linked to others: its owner sees it, complains, appeals, and reckons with nothing more.
//!
//! Owners see it as late as a forced update; farms look every day, and are taken to see it at once (assumed). An owner
//! counts on nothing while the flag stands, an appeal pending or not (assumed): it takes on no machines, renews none that
//! does not pay without the token, and gives up its own by the same review as ever.

use super::super::event::{Event, phase};
use super::super::{Observer, World};
use super::purpose;
use crate::engine::{EntityKey, Span};
use depin_protocol::command::Command;
use depin_protocol::ids::AccountId;

impl<O: Observer> World<O> {
    pub(in super::super) fn account_is_flagged(&mut self, account: AccountId) {
        let Some(person) = self.people.owner_of(account) else {
            return;
        };
        let u = self.stream(purpose::FLAG, self.key_of(person)).uniform(self.now().0 / Span::MINUTE.0);
        let days =
            self.cohort(self.people.all[person as usize].group).map_or(0.0, |c| c.notice_days.sample(u));
        self.sim.after(
            Span::from_hours(24.0 * days),
            phase::PEOPLE,
            u64::from(person),
            Event::OwnerSeesFlag(person),
        );
    }

    pub(in super::super) fn owner_sees_flag(&mut self, person: u32) {
        if !self.is_flagged(person) {
            return;
        }
        let now = self.now();
        self.team.complaints.push((now, 1));
        let group = self.people.all[person as usize].group;
        let share = match self.cohort(group) {
            Some(cohort) => cohort.appeal_share,
            None => self.scenario.farms[group as usize - self.scenario.cohorts.len()].evasion.appeal_share,
        };
        let u = self.stream(purpose::APPEAL, self.key_of(person)).uniform(now.0 / Span::MINUTE.0);
        if u < share {
            let account = self.people.all[person as usize].account.expect("only accounts are flagged");
            // Refused when this flag was appealed before.
            let _ = self.apply(Command::AppealFlag { account });
        }
    }

    /// True while the network holds an owner's account to be linked to others, as its own page tells it.
    pub(super) fn is_flagged(&self, person: u32) -> bool {
        self.people.all[person as usize].account.is_some_and(|account| self.protocol.is_flagged(account))
    }

    /// A key that lasts as long as the person.
    pub(super) fn key_of(&self, person: u32) -> EntityKey {
        self.people.all[person as usize].key
    }
}
