//! How right linkage was: what it flagged against the truth, and what it cost those who were wrongly flagged.
//!
//! The detector never sees any of this. An account counts once it has listed a device, and as flagged once it was ever.
//! *Lost points* of an account in a season: what the latest count would have given it had nobody been left out for a flag
//! and nothing purged for one, less what it gave. *Lost tokens*: with P tokens paid for C counted points, and L points lost
//! by honest accounts in all, an account with c points that lost l would have had P (c + l) / (C + L) and had P c / C.
//! So the honest get back theirs, farms stay out, the pool is the same, and caps per account are not reckoned with.

use super::outcome::put;
use super::record::Metric;
use crate::engine::Time;
use crate::world::Scene;
use crate::world::machines::NONE;
use depin_protocol::effect::Effect;
use depin_protocol::ids::{AccountId, SeasonId};
use std::collections::BTreeMap;

/// What was seen of linkage, by effects alone.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// When each account was first flagged.
    flagged: Vec<Option<Time>>,
    appeals: u64,
    granted: u64,
    /// Tokens paid by season, in base units; none yet where a season is only counted.
    seasons: BTreeMap<SeasonId, Option<i128>>,
}

impl Links {
    /// Follows one effect.
    pub fn see(&mut self, now: Time, effect: &Effect) {
        match *effect {
            Effect::AccountFlagged(account, _) => {
                self.flagged.resize(self.flagged.len().max(account.at() + 1), None);
                self.flagged[account.at()].get_or_insert(now);
            }
            Effect::FlagAppealed(_) => self.appeals += 1,
            Effect::FlagAppealDecided(_, granted) => self.granted += u64::from(granted),
            Effect::SeasonCounted(season, _) => {
                self.seasons.insert(season, None);
            }
            Effect::SeasonPaid(season, tokens) => {
                self.seasons.insert(season, Some(tokens));
            }
            _ => {}
        }
    }

    /// When an account was first flagged, if ever.
    #[must_use]
    pub fn flagged_at(&self, account: AccountId) -> Option<Time> {
        self.flagged.get(account.at()).copied().flatten()
    }
}

/// Every metric of linkage, with what a run without it has: nothing.
const EMPTY: [(&str, &str); 11] = [
    ("linkage.flagged_accounts", "accounts"),
    ("linkage.precision", "share"),
    ("linkage.recall", "share"),
    ("linkage.recall_devices", "share"),
    ("linkage.false_positive_share", "share"),
    ("linkage.points_lost_honest", "share"),
    ("linkage.tokens_lost_honest", "tokens"),
    ("linkage.cost_usd_wrongly_flagged", "USD"),
    ("linkage.appeals", "appeals"),
    ("linkage.appeals_granted", "appeals"),
    ("linkage.detection_delay_hours", "hours"),
];

pub(super) fn metrics(m: &mut BTreeMap<String, Metric>, scene: &Scene<'_>, links: &Links) {
    for (name, unit) in EMPTY {
        put(m, name, unit, None);
    }
    if !scene.scenario.rules.links_accounts() {
        return;
    }
    let truth = Truth::of(scene);
    let flagged = |a: &Known| links.flagged_at(a.account).is_some();
    let count = |keep: &dyn Fn(&Known) -> bool| truth.accounts.iter().filter(|a| keep(a)).count() as f64;
    let devices = |keep: &dyn Fn(&Known) -> bool| {
        truth.accounts.iter().filter(|a| keep(a)).map(|a| f64::from(a.devices)).sum::<f64>()
    };
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    let (all, right) = (count(&flagged), count(&|a| flagged(a) && a.farm));
    put(m, "linkage.flagged_accounts", "accounts", Some(all));
    put(m, "linkage.precision", "share", share(right, all));
    put(m, "linkage.recall", "share", share(right, count(&|a| a.farm)));
    let fakes = devices(&|a| a.farm);
    put(m, "linkage.recall_devices", "share", share(devices(&|a| a.farm && flagged(a)), fakes));
    put(m, "linkage.false_positive_share", "share", share(all - right, count(&|a| !a.farm)));
    put(m, "linkage.appeals", "appeals", Some(links.appeals as f64));
    put(m, "linkage.appeals_granted", "appeals", Some(links.granted as f64));
    let delays: Vec<f64> = truth
        .accounts
        .iter()
        .filter(|a| a.farm)
        .filter_map(|a| Some(links.flagged_at(a.account)?.since(a.first_listed).hours()))
        .collect();
    let delay = share(delays.iter().sum(), delays.len() as f64);
    put(m, "linkage.detection_delay_hours", "hours", delay);
    losses(m, scene, links, &truth);
}

fn losses(m: &mut BTreeMap<String, Metric>, scene: &Scene<'_>, links: &Links, truth: &Truth) {
    let (mut lost_points, mut all_points, mut lost_tokens) = (0i128, 0i128, 0.0);
    let mut paid_any = false;
    for (&season, &paid) in &links.seasons {
        let without = scene.protocol.season_without_linkage(season);
        let had = |a: AccountId| scene.protocol.season_points(season, a);
        let due = |a: AccountId| if without.is_empty() { had(a) } else { without[a.at()] };
        let counted: i128 = (0..scene.protocol.accounts()).map(|a| had(AccountId(a))).sum();
        let honest = || truth.accounts.iter().filter(|a| !a.farm).map(|a| (had(a.account), due(a.account)));
        let lost: i128 = honest().map(|(had, due)| due - had).sum();
        lost_points += lost;
        all_points += honest().map(|(_, due)| due).sum::<i128>();
        let Some(paid) = paid.map(|tokens| tokens as f64 / 1e8) else {
            continue;
        };
        paid_any = true;
        let part = |points: i128, of: i128| if of > 0 { points as f64 / of as f64 } else { 0.0 };
        let wronged = honest().filter(|(had, due)| due > had);
        let tokens = wronged.map(|(had, due)| paid * (part(due, counted + lost) - part(had, counted)));
        lost_tokens += tokens.sum::<f64>();
    }
    let share = (all_points > 0).then(|| lost_points as f64 / all_points as f64);
    put(m, "linkage.points_lost_honest", "share", share);
    put(m, "linkage.tokens_lost_honest", "tokens", paid_any.then_some(lost_tokens));
    let price = scene.scenario.token.outcome_usd as f64 / 1e6;
    put(m, "linkage.cost_usd_wrongly_flagged", "USD", paid_any.then_some(lost_tokens * price));
}

/// An account that has listed something, as it really is.
struct Known {
    account: AccountId,
    farm: bool,
    devices: u32,
    first_listed: Time,
}

/// Who is who.
struct Truth {
    accounts: Vec<Known>,
}

impl Truth {
    fn of(scene: &Scene<'_>) -> Truth {
        let registry = scene.protocol.registry();
        let mut at = vec![NONE; scene.protocol.accounts() as usize];
        let mut accounts: Vec<Known> = Vec::new();
        for (device, &machine) in scene.machines.of_device.iter().enumerate() {
            let account = registry.account[device];
            if at[account.at()] == NONE {
                at[account.at()] = accounts.len() as u32;
                let owner = scene.machines.all[machine as usize].owner;
                let farm = scene.people.all[owner as usize].group as usize >= scene.scenario.cohorts.len();
                let first_listed = registry.registered[device];
                accounts.push(Known { account, farm, devices: 0, first_listed });
            }
            accounts[at[account.at()] as usize].devices += 1;
        }
        Truth { accounts }
    }
}
