//! An account is flagged as linked to others: its owner sees it, complains, appeals, and reckons with nothing more.
//!
//! Owners see it as late as a forced update, or when they decide anything; farms look every day, and are taken to see it
//! at once (assumed). An owner complains at each flag of each of its accounts, and appeals when it has seen it. It
//! counts on nothing while the flag stands, an appeal pending or not (assumed): it takes on no machines, renews none that
//! does not pay without the token, and gives up its own by the same review as ever.

use super::super::event::{Event, phase};
use super::super::{Observer, World};
use super::purpose;
use crate::engine::{Purpose, Span};
use depin_protocol::command::Command;
use depin_protocol::ids::AccountId;

impl<O: Observer> World<O> {
    pub(in super::super) fn account_is_flagged(&mut self, account: AccountId) {
        let Some(person) = self.people.owner_of(account) else {
            return;
        };
        let u = self.flag_draw(purpose::FLAG, person, account);
        let days =
            self.cohort(self.people.all[person as usize].group).map_or(0.0, |c| c.notice_days.sample(u));
        self.sim.after(
            Span::from_hours(24.0 * days),
            phase::PEOPLE,
            u64::from(person),
            Event::OwnerSeesFlag(account.0),
        );
    }

    pub(in super::super) fn owner_sees_flag(&mut self, account: AccountId) {
        let Some(person) = self.people.owner_of(account).filter(|_| self.protocol.is_flagged(account)) else {
            return;
        };
        let now = self.now();
        self.team.complaints.push((now, 1));
        let group = self.people.all[person as usize].group;
        let share = match self.cohort(group) {
            Some(cohort) => cohort.appeal_share,
            None => self.scenario.farms[group as usize - self.scenario.cohorts.len()].evasion.appeal_share,
        };
        if self.flag_draw(purpose::APPEAL, person, account) < share {
            // Refused when this flag was appealed before.
            let _ = self.apply(Command::AppealFlag { account });
        }
    }

    /// A uniform number of this minute for one of a person's accounts, by its number among them.
    fn flag_draw(&self, purpose: Purpose, person: u32, account: AccountId) -> f64 {
        let p = &self.people.all[person as usize];
        let number = p.accounts.iter().position(|a| *a == account).unwrap_or(0) as u64;
        self.stream(purpose, p.key).uniform((number << 40) | (self.now().0 / Span::MINUTE.0))
    }

    /// True while the network holds all accounts of an owner to be linked to others, as its own pages tell it.
    pub(super) fn is_flagged(&self, person: u32) -> bool {
        let accounts = &self.people.all[person as usize].accounts;
        !accounts.is_empty() && accounts.iter().all(|account| self.protocol.is_flagged(*account))
    }
}
