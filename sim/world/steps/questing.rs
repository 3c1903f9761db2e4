//! Quests, once a week: whoever has machines on the network does some under each of its accounts.

use super::super::event::{Event, phase};
use super::super::{Observer, World};
use super::purpose;
use crate::engine::Span;
use crate::engine::draw::poisson;
use crate::scenario::quests::Habit;
use depin_protocol::command::Command;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::Category;
use std::sync::Arc;

/// The last entity that the order of events knows.
const LAST: u64 = (1 << 56) - 1;
/// Room for a person's accounts in the index of a week's draws.
const ACCOUNTS: u64 = 1 << 32;

impl<O: Observer> World<O> {
    /// The first week of quests ends in a week, where the network pays any.
    pub(super) fn begin_quests(&mut self) {
        if self.scenario.rules.quests().is_some() {
            self.plan_quests();
        }
    }

    fn plan_quests(&mut self) {
        // After all that people decide at that instant.
        self.sim.after(Span(7 * Span::DAY.0), phase::PEOPLE, LAST, Event::QuestsAreDone);
    }

    pub(in super::super) fn quests_are_done(&mut self) {
        let week = self.now().0 / (7 * Span::DAY.0);
        let (mut accounts, mut points): (Vec<AccountId>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut bills: Vec<(u32, i128)> = Vec::new();
        for person in 0..self.people.all.len() {
            let p = &self.people.all[person];
            let habit = self.quest_habit(p.group);
            if habit.per_week == 0.0 || p.machines == 0 {
                continue;
            }
            let luck = self.stream(purpose::QUEST, p.key);
            let mut mine = 0_u64;
            let before = accounts.len();
            for (number, &account) in (0..).zip(&p.accounts) {
                let done = poisson(habit.per_week, luck.uniform(week * ACCOUNTS + number));
                if done > 0 {
                    accounts.push(account);
                    points.push(u32::try_from(done).unwrap_or(u32::MAX));
                    mine += done;
                }
            }
            let cost = (habit.usd * 1e6 * mine as f64 + 0.5) as i128;
            if cost > (p.budget - p.reserved).max(0) {
                // It cannot pay for them, and does none.
                accounts.truncate(before);
                points.truncate(before);
            } else if cost > 0 {
                bills.push((person as u32, cost));
            }
        }
        if !accounts.is_empty() {
            let told = self.apply(Command::CompleteQuests { accounts: &accounts, points: &points });
            if told.is_err() {
                // The programme is over: nobody does quests any more.
                return;
            }
        }
        let operations = self.book.operations;
        for (person, cost) in bills {
            self.spend(person, Category::Operations, operations, cost);
        }
        self.plan_quests();
    }

    fn quest_habit(&self, group: u16) -> Habit {
        let scenario = Arc::as_ref(&self.scenario);
        let group = usize::from(group);
        let cohorts = scenario.cohorts.len();
        if group < cohorts { scenario.cohorts[group].quests } else { scenario.farms[group - cohorts].quests }
    }
}
