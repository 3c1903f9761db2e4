//! The end of an epoch: word spreads, the protocol closes its books, outsiders look at the display, the team at its signs.

use super::super::event::{Event, phase};
use super::super::{Observer, World};
use super::purpose;
use crate::engine::{EntityKey, Span};
use depin_protocol::command::Command;
use std::sync::Arc;

impl<O: Observer> World<O> {
    pub(in super::super) fn epoch_ends(&mut self) {
        let epoch = self.scenario.run.epoch;
        self.word_spreads(epoch);
        self.quote_token();
        let beacon = self.stream(purpose::BEACON, EntityKey(0)).draw(self.now().0 / epoch.0);
        self.apply(Command::CloseEpoch { beacon }).expect("epochs close in order");
        assert_eq!(self.book.recount(), [0; 3], "the world's book does not balance");
        self.outsiders_look(epoch);
        self.outsiders_see_stakes(epoch);
        self.team.close_epoch(self.protocol.operator().connected_cards);
        self.look_at_signs();
        self.show_epoch();
        self.sim.after(epoch, phase::EPOCH, 0, Event::EpochEnds);
    }

    fn show_epoch(&mut self) {
        let mut watcher = self.observer.take().expect("the watcher is here but while it looks");
        watcher.epoch(self.now(), &self.scene());
        self.observer = Some(watcher);
    }

    /// Awareness: hazard per day = narrative × (news + peers × share of one's own kind that takes part). News reaches
    /// everyone alike, peers their own kind, and both are listened to as far as the subject is in the air.
    fn word_spreads(&mut self, epoch: Span) {
        let scenario = Arc::clone(&self.scenario);
        let narrative = self.outlook.narrative(&scenario.narrative, self.now());
        let days = epoch.hours() / 24.0;
        for group in 0..self.groups.len() {
            let (news, peers) = match scenario.cohorts.get(group) {
                Some(c) => (c.news_per_day, c.peers_per_day),
                None => {
                    let f = &scenario.farms[group - scenario.cohorts.len()];
                    (f.news_per_day, f.peers_per_day)
                }
            };
            let g = &self.groups[group];
            let share = if g.members > 0 { f64::from(g.taking_part) / f64::from(g.members) } else { 0.0 };
            let mut heard = Vec::new();
            self.groups[group].spread.advance(narrative * (news + peers * share) * days, |p| heard.push(p));
            for person in heard {
                self.person_hears(person);
            }
        }
    }

    /// An individual has heard of the network, and will think about it.
    pub(super) fn person_hears(&mut self, person: u32) {
        let scenario = Arc::clone(&self.scenario);
        let group = self.people.all[person as usize].group as usize;
        let u = self.person_draw(person);
        match scenario.cohorts.get(group) {
            Some(cohort) => self.plan_decision(person, cohort.ponder.sample(u)),
            None => {
                let farm = &scenario.farms[group - scenario.cohorts.len()];
                self.sim.after(
                    Span::from_hours(24.0 * farm.ponder.sample(u)),
                    phase::PEOPLE,
                    u64::from(person),
                    Event::FarmWorks(person),
                );
            }
        }
    }

    /// Outsiders turn the public display into an estimate of the season's weight.
    fn outsiders_look(&mut self, epoch: Span) {
        let board = self.protocol.board();
        let o = &self.scenario.outsiders;
        let (tier, least) = (o.typical_tier, o.least_hired_share);
        self.hired_share = (f64::from(board.hired_ppm) / 1e6).max(least);
        let (mut cards, mut weight) = (0u64, 0.0);
        for (hardware, &count) in self.protocol.public_models().iter().enumerate().filter(|row| *row.1 > 0) {
            cards += count;
            weight += count as f64 * self.public_weight(hardware, 1, tier, false);
        }
        let rate = board.displayed_cards as f64 * weight / cards.max(1) as f64;
        self.estimate.observe(rate, epoch.hours());
        self.entry_cost = self.cheapest_entry();
    }

    pub(in super::super) fn clouds_requote(&mut self) {
        let scenario = Arc::clone(&self.scenario);
        for (offer, spec) in self.offers.iter_mut().zip(&scenario.clouds) {
            offer.requote(spec);
        }
        for (counter, spec) in self.counters.iter_mut().zip(&scenario.shops) {
            counter.day(spec);
        }
        self.sim.after(Span::DAY, phase::CLOUD, 0, Event::CloudsRequote);
    }
}
