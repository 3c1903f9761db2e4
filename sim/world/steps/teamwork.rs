//! Dated acts, and the team's answers to what it sees.

use super::super::event::{Event, phase};
use super::super::team::Team;
use super::super::{Observer, World};
use crate::scenario::timeline::Act;
use depin_protocol::command::{Command, TeamAction};
use depin_protocol::ids::{AccountId, SeasonId};
use std::sync::Arc;

impl<O: Observer> World<O> {
    pub(in super::super) fn timeline_turns(&mut self, entry: u32) {
        let scenario = Arc::clone(&self.scenario);
        let dated = &scenario.timeline[entry as usize];
        self.mark(if dated.outside { "outside" } else { "team" }, &dated.note);
        for act in &dated.acts {
            self.act(act);
        }
    }

    pub(in super::super) fn trigger_acts(&mut self, trigger: u32) {
        let scenario = Arc::clone(&self.scenario);
        let order = &scenario.triggers[trigger as usize];
        self.mark("trigger", &order.note);
        for act in &order.acts {
            self.act(act);
        }
    }

    /// The team looks at its signs once an epoch; each standing order is carried out once.
    pub(super) fn look_at_signs(&mut self) {
        let scenario = Arc::clone(&self.scenario);
        let now = self.now();
        let taking_part = self.groups.iter().take(scenario.cohorts.len()).map(|g| g.taking_part).sum();
        for (number, order) in scenario.triggers.iter().enumerate() {
            if self.team.pulled[number] || now < order.from {
                continue;
            }
            let threshold =
                if Team::scales(order.sign) { order.above * scenario.run.scale } else { order.above };
            if self.team.read(order.sign, now, taking_part) > threshold {
                self.team.pulled[number] = true;
                self.sim.after(
                    order.delay,
                    phase::TIMELINE,
                    number as u64,
                    Event::TriggerActs(number as u32),
                );
            }
        }
    }

    fn act(&mut self, act: &Act) {
        let now = self.now();
        let scenario = Arc::clone(&self.scenario);
        match *act {
            Act::Narrative(jump) => self.outlook.shock(&scenario.narrative, now, jump),
            Act::Reference(usd) => self.outlook.reference(usd),
            Act::Belief(jump) => self.outlook.believe(jump),
            Act::TokenPrice(usd) => {
                self.outlook.quoted_usd = Some(usd);
                self.quote_token();
            }
            Act::Demand(share) => self.renters.iter_mut().for_each(|class| class.demand = share),
            Act::ListingSlips(to) => self.outlook.slip(to),
            Act::Outage(share) => self.outage(share),
            Act::SetupFactor(factor) => self.team.setup_factor = factor,
            Act::Restock(cloud, cards) => self.offers[cloud].stock += cards as f64,
            Act::ProofOfWork(on) => self.team_acts(TeamAction::SetProofOfWork(on)),
            Act::AdmissionCheck(on) => self.team_acts(TeamAction::SetAdmissionCheck(on)),
            Act::MetadataHole(open) => self.team.hole = open,
            Act::RequireLogin => self.team_acts(TeamAction::RequireReauthentication),
            Act::Purge => self.team_acts(TeamAction::Purge),
            Act::PurgeFlagged => self.team_acts(TeamAction::PurgeFlagged),
            Act::CountSeason => self.team_acts(TeamAction::CountSeason),
            Act::Recount => {
                if let Some(season) = self.team.counted {
                    self.team_acts(TeamAction::Recount(season));
                }
            }
            Act::OpenSeason(pool, length) => {
                self.team_acts(TeamAction::OpenSeason { pool, ends: now + length })
            }
            Act::AnnounceSeason => self.team_acts(TeamAction::AnnounceSeason),
            Act::PayOut => self.team_acts(TeamAction::PayOut),
            Act::Pad(cards_per_epoch) => self.team_acts(TeamAction::PadDisplay { cards_per_epoch }),
        }
    }

    /// The operators' command; one that finds nothing to act on (no season to count) is refused, shown and left.
    pub(super) fn team_acts(&mut self, action: TeamAction) {
        if self.apply(Command::Team(action)).is_err() {
            self.mark("refused", &format!("{action:?}"));
        }
    }

    /// Everyone sees its own points. An owner whose count is less than half of what its machines worked for, by its own
    /// reckoning, complains (half: assumed).
    pub(in super::super) fn season_counted(&mut self, season: SeasonId) {
        let again = self.team.counted == Some(season);
        self.team.counted = Some(season);
        let accounts = (0..self.protocol.accounts()).map(AccountId);
        let points: Vec<i128> = accounts.map(|a| self.protocol.season_points(season, a)).collect();
        if again {
            self.team.recount_gain_p99 = gain_p99(&self.team.first_count, &points);
            return;
        }
        self.estimate.reset();
        let work = self.protocol.season_work(season);
        let complaints =
            points.iter().zip(&work).filter(|(counted, worked)| **worked > 0 && *counted * 2 < **worked);
        let complaints = complaints.count() as u32;
        self.team.complaints.push((self.now(), complaints));
        self.team.first_count = points;
    }
}

/// 99th percentile of the factor by which accounts gained from a recount, over those that had anything before.
fn gain_p99(before: &[i128], after: &[i128]) -> Option<f64> {
    let mut gains: Vec<f64> =
        before.iter().zip(after).filter(|(b, _)| **b > 0).map(|(&b, &a)| a as f64 / b as f64).collect();
    gains.sort_by(f64::total_cmp);
    gains.get((gains.len() * 99 / 100).min(gains.len().saturating_sub(1))).copied()
}
