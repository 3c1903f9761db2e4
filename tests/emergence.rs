//! What nobody wants does not happen: effects come from their causes and vanish with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use depin_protocol::Rejection;
use depin_protocol::command::Command;
use depin_protocol::effect::Effect;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::{Entry, Purse};
use depin_sim::engine::{Span, Time};
use depin_sim::measure::record::Record;
use depin_sim::scenario::cohort::Means;
use depin_sim::world::book::Label;
use depin_sim::world::{Observer, Scene, World};

use crate::lab::{run, shipped, value};

fn small(sets: &[&str]) -> Record {
    run(&shipped("small", sets))
}

fn rents(record: &Record) -> i128 {
    let rents = record.flows.iter().filter(|f| f.category == "cloud_rent");
    rents.filter(|f| f.payer == "renters").map(|f| f.amount).sum()
}

#[test]
fn without_a_budget_nobody_rents() {
    assert!(rents(&small(&[])) > 0, "with budgets, some do");
    let poor = small(&["supply.renters.budget_usd=0"]);
    assert_eq!(rents(&poor), 0);
    assert_eq!(value(&poor, "supply.listed.renters"), 0.0);
}

#[test]
fn without_awareness_nobody_enters() {
    let mut sets = Vec::new();
    for group in ["supply.gamers", "supply.renters", "sybil.slicer"] {
        for key in ["aware_at_start", "news_per_day", "peers_per_day"] {
            sets.push(format!("{group}.{key}=0"));
        }
    }
    let deaf = small(&sets.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(deaf.suppliers.is_empty());
    assert_eq!(value(&deaf, "supply.connected_peak"), 0.0);
}

#[test]
fn without_a_narrative_only_those_who_knew_enter() {
    // Awareness spreads as far as the subject is in the air; gamers and the farm know from the start, renters do not.
    let silent = small(&["narrative.start=0"]);
    assert_eq!(value(&silent, "supply.listed.renters"), 0.0);
    assert!(value(&silent, "supply.listed.gamers") > 0.0);
}

#[test]
fn owners_who_never_play_keep_their_machines_up_longer() {
    // The same luck of interruptions in both: only the evenings differ.
    let uptime = |r: &Record| value(r, "supply.uptime_mean");
    let (play, rest) = (small(&[]), small(&["site.home.rest_share=0"]));
    let more = uptime(&rest) - uptime(&play);
    assert!(more > 0.0, "{} without own use, {} with", uptime(&rest), uptime(&play));
}

#[test]
fn restart_scripts_keep_machines_up_longer_than_hands() {
    let by = |share: &str| {
        let sets = ["gamers", "renters"].map(|c| format!("supply.{c}.scripted={share}"));
        value(&small(&[&sets[0], &sets[1]]), "supply.uptime_mean")
    };
    let (hands, scripts) = (by("0"), by("1"));
    // Noticing takes hours, a script minutes: at eight hours between failures that is not a matter of luck.
    assert!(scripts > hands + 0.1, "{scripts} with scripts, {hands} by hand");
}

#[test]
fn a_worthless_token_attracts_only_those_whose_taste_is_stronger_than_money() {
    // Choice noise is set to almost nothing: without it, no return is no reason.
    let sets = [
        "token.believed_fdv_usd=0.000001",
        "supply.gamers.noise=0.0001",
        "supply.renters.noise=0.0001",
        "sybil.slicer.noise=0.0001",
    ];
    let worthless = small(&sets);
    assert!(worthless.suppliers.is_empty(), "{:?}", worthless.suppliers.first());
}

/// Who left, when, and who of them was back within two hours, by group.
#[derive(Default)]
struct DoorKeeper {
    owner: Vec<u32>,
    newest: u32,
    left: BTreeMap<u32, Time>,
    back: BTreeMap<u16, u32>,
    now: Time,
}

impl Observer for DoorKeeper {
    fn applied(&mut self, now: Time, _: &Command<'_>, _: Result<(), Rejection>, effects: &[Effect]) {
        self.now = now;
        for effect in effects {
            match *effect {
                Effect::Registered { account, first, count, .. } => {
                    self.owner.resize((first.0 + count) as usize, account.0);
                    self.newest = account.0;
                }
                Effect::Withdrew { first, count } => {
                    for device in first.0..first.0 + count {
                        self.left.insert(self.owner[device as usize], now);
                    }
                }
                _ => {}
            }
        }
    }

    fn listed(&mut self, _: u32, _: u32, _: u16, group: u16) {
        let left = self.left.get(&self.newest);
        let soon = left.is_some_and(|at| self.now.since(*at) < Span::HOUR.times(2));
        *self.back.entry(group).or_default() += u32::from(soon);
    }

    fn posted(&mut self, _: Time, _: &Entry, _: Label, _: Label) {}
    fn account(&mut self, _: AccountId, _: Purse, _: Label) {}
    fn mark(&mut self, _: Time, _: &'static str, _: &str) {}
    fn epoch(&mut self, _: Time, _: &Scene<'_>) {}
}

/// Whoever takes its own machines off the network does so because running them no longer seems worth it; to list
/// them anew in the same breath would contradict that, and would count them twice on a display of a month's devices.
#[test]
fn nobody_takes_own_machines_off_the_network_to_list_them_again_at_once() {
    let scenario = shipped("ionet-ignition", &["run.scale=0.02"]);
    let mut world = World::new(Arc::clone(&scenario), 0, DoorKeeper::default());
    world.run_until(Time::ZERO + scenario.run.duration, |_, _| {});
    let keeper = world.release_watcher();
    assert!(keeper.left.len() > 100, "many have left");
    for (group, cohort) in scenario.cohorts.iter().enumerate() {
        let own = cohort.means.iter().all(|m| !matches!(m, Means::Rent { .. }));
        let back = keeper.back.get(&(group as u16)).copied().unwrap_or(0);
        assert!(!own || back == 0, "{back} machines of {}", cohort.name);
    }
}
