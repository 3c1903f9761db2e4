//! The state machine of linkage: edges come in, accounts are assessed, flagged, purged, and cleared on appeal.
//!
//! *Rule*: an account whose score reaches the threshold is flagged; its devices' points are left out of every count while
//! the flag stands. A purge takes the points they have in open and unpaid seasons, once per flag, and waits for an
//! appeal that is pending. An owner may appeal a flag once. The appeal is granted when the evidence on file (that of the
//! assessment which flagged it), without what is merely shared in a subnet, is below the threshold, or when the full
//! score is below the threshold of manual review. A cleared account is flagged again only by evidence that would fail an
//! appeal.
//!
//! *Known weakness*: evidence ages on file while an appeal waits; a purge before the appeal is not undone; an appeal by a
//! farm delays its purge.

use super::edges::Edges;
use super::gather::gather;
use super::{Evidence, Linkage, Spec, Timing};
use crate::command::Rejection;
use crate::effect::Effect;
use crate::ids::{AccountId, DeviceId};
use crate::registry::{Registry, flag};
use crate::units::{Ppm, Time};

/// Occasions on which accounts may be assessed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// An epoch ends.
    EpochEnds,
    /// A season is about to be counted.
    SeasonIsCounted,
    /// The team asks.
    TeamAsks,
}

/// Where an account stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Never flagged.
    Clear,
    /// Flagged since.
    Flagged(Time),
    /// Flagged, with an appeal that is decided then.
    Appealing(Time),
    /// Its appeal was refused; flagged for good.
    Refused,
    /// Its appeal was granted.
    Cleared,
}

/// What is held of one account.
#[derive(Clone, Copy, Debug)]
struct File {
    standing: Standing,
    evidence: Evidence,
    purged: bool,
}

const NEW: File = File { standing: Standing::Clear, evidence: EMPTY, purged: false };
const EMPTY: Evidence = Evidence {
    devices: 0,
    address_devices: 0,
    subnet_devices: 0,
    subnet_accounts: 0,
    burst_devices: 0,
    own_subnet_devices: 0,
    own_burst_devices: 0,
    fingerprint_devices: 0,
    edge_accounts: 0,
};

/// The detector.
#[derive(Debug)]
pub struct Detector {
    rule: Box<dyn Linkage>,
    spec: Spec,
    edges: Edges,
    files: Vec<File>,
    next: Time,
    appeals: Vec<(Time, AccountId)>,
}

impl Detector {
    /// Nobody is known yet.
    #[must_use]
    pub fn new(rule: Box<dyn Linkage>, spec: Spec) -> Detector {
        let next = match spec.timing {
            Timing::OnDate(date) => date,
            Timing::Continuous => Time::ZERO + spec.every,
            Timing::AtSnapshot => Time::NEVER,
        };
        Detector { rule, spec, edges: Edges::default(), files: Vec::new(), next, appeals: Vec::new() }
    }

    /// The rule in force.
    #[must_use]
    pub fn rule(&self) -> &dyn Linkage {
        self.rule.as_ref()
    }

    /// True when anyone is watched at all.
    #[must_use]
    pub fn watches(&self) -> bool {
        self.rule.watches()
    }

    /// Where an account stands.
    #[must_use]
    pub fn standing(&self, account: AccountId) -> Standing {
        self.file(account).standing
    }

    /// Evidence on file, as of the latest assessment, or of the one that flagged the account.
    #[must_use]
    pub fn evidence(&self, account: AccountId) -> Evidence {
        self.file(account).evidence
    }

    /// True when an account was purged under the flag that it has, or had last.
    #[must_use]
    pub fn purged(&self, account: AccountId) -> bool {
        self.files.get(account.at()).is_some_and(|file| file.purged)
    }

    /// True while an account's devices are left out.
    #[must_use]
    pub fn flagged(&self, account: AccountId) -> bool {
        matches!(self.standing(account), Standing::Flagged(_) | Standing::Appealing(_) | Standing::Refused)
    }

    /// The latest `count` devices of the registry are new: those of a flagged account are flagged with it.
    pub fn grow(&self, registry: &mut Registry, count: u32) {
        if self.files.is_empty() {
            return;
        }
        let len = registry.len();
        for i in len - count as usize..len {
            if self.flagged(registry.account[i]) {
                registry.flags[i] |= flag::FLAGGED;
            }
        }
    }

    /// A device of `account` came online (`up`) or went. Constant work.
    pub fn edge(&mut self, now: Time, account: AccountId, up: bool) {
        if self.watches() {
            self.edges.edge(now, account, up, &self.spec);
        }
    }

    /// Reads the edges from effects told since the latest call. What the network cut off by itself (a forced login, a
    /// ban) proves nothing and is passed over.
    pub fn observe(&mut self, now: Time, registry: &Registry, effects: &[Effect]) {
        if !self.watches() || effects.contains(&Effect::ReauthenticationRequired) {
            return;
        }
        let mut banned = None;
        for effect in effects {
            let (first, count, up) = match *effect {
                Effect::WentOnline { first, count } => (first, count, true),
                Effect::WentOffline { first, count } if banned != Some(first) => (first, count, false),
                Effect::Banned(device) => {
                    banned = Some(device);
                    continue;
                }
                _ => continue,
            };
            for account in &registry.account[first.at()..first.at() + count as usize] {
                self.edges.edge(now, *account, up, &self.spec);
            }
        }
    }

    /// True when accounts are to be assessed now, which is then noted as done. To be asked at every epoch's end.
    pub fn due(&mut self, now: Time, moment: Moment) -> bool {
        match moment {
            Moment::TeamAsks => true,
            Moment::SeasonIsCounted => self.spec.timing == Timing::AtSnapshot,
            Moment::EpochEnds => {
                self.edges.roll(now, &self.spec);
                let due = now >= self.next;
                if due {
                    let again = self.spec.timing == Timing::Continuous;
                    self.next = if again { now + self.spec.every } else { Time::NEVER };
                }
                due
            }
        }
    }

    /// Gathers evidence on everyone; accounts to flag anew with their scores, by id.
    pub fn assess(&mut self, now: Time, registry: &Registry) -> Vec<(AccountId, Ppm)> {
        self.edges.roll(now, &self.spec);
        let all = gather(registry, self.spec.burst_window, self.edges.peers());
        self.edges.forget();
        if self.files.len() < all.len() {
            self.files.resize(all.len(), NEW);
        }
        let mut found = Vec::new();
        for (i, evidence) in all.into_iter().enumerate() {
            let account = AccountId(i as u32);
            if evidence.devices == 0 || self.flagged(account) {
                continue;
            }
            self.files[i].evidence = evidence;
            let score = self.rule.score(&evidence);
            let known = self.files[i].standing == Standing::Cleared;
            if score >= self.rule.threshold() && !(known && self.excused(&evidence)) {
                found.push((account, score));
            }
        }
        found
    }

    /// Flags accounts and all their devices.
    pub fn flag(
        &mut self,
        now: Time,
        found: &[(AccountId, Ppm)],
        registry: &mut Registry,
        effects: &mut Vec<Effect>,
    ) {
        for &(account, score) in found {
            let file = &mut self.files[account.at()];
            file.standing = Standing::Flagged(now);
            file.purged = false;
            effects.push(Effect::AccountFlagged(account, score));
        }
        self.mark(registry, !found.is_empty());
    }

    /// Devices of flagged accounts that lose their points now: flagged for the time of grace (or any time when it is
    /// `urgent`), not purged yet, with no appeal pending.
    pub fn purge(
        &mut self,
        now: Time,
        urgent: bool,
        registry: &Registry,
        effects: &mut Vec<Effect>,
    ) -> Vec<DeviceId> {
        let grace = self.spec.grace;
        let mut counts = vec![None; self.files.len()];
        for (file, count) in self.files.iter_mut().zip(&mut counts) {
            let ripe = match file.standing {
                Standing::Flagged(since) => urgent || since + grace <= now,
                Standing::Refused => true,
                _ => false,
            };
            if ripe && !file.purged {
                file.purged = true;
                *count = Some(0u32);
            }
        }
        let mut purged = Vec::new();
        if counts.iter().all(Option::is_none) {
            return purged;
        }
        for (i, account) in registry.account.iter().enumerate() {
            if let Some(Some(count)) = counts.get_mut(account.at()) {
                *count += 1;
                purged.push(DeviceId(i as u32));
            }
        }
        for (i, count) in counts.into_iter().enumerate() {
            effects.extend(count.map(|count| Effect::Purged(AccountId(i as u32), count)));
        }
        purged
    }

    /// An owner appeals.
    ///
    /// # Errors
    /// `WrongState` when the account is not flagged, or has appealed this flag before.
    pub fn appeal(
        &mut self,
        now: Time,
        account: AccountId,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Rejection> {
        let Standing::Flagged(_) = self.standing(account) else {
            return Err(Rejection::WrongState);
        };
        let due = now + self.spec.appeal_delay;
        self.files[account.at()].standing = Standing::Appealing(due);
        self.appeals.push((due, account));
        effects.push(Effect::FlagAppealed(account));
        Ok(())
    }

    /// When the next appeal is decided, or never. The delay is one for all, so appeals are in order of their dates.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.appeals.first().map_or(Time::NEVER, |(due, _)| *due)
    }

    /// Decides the appeals that are due.
    pub fn advance(&mut self, now: Time, registry: &mut Registry, effects: &mut Vec<Effect>) {
        let due = self.appeals.partition_point(|(due, _)| *due <= now);
        for (_, account) in self.appeals.drain(..due).collect::<Vec<_>>() {
            let granted = self.excused(&self.evidence(account));
            let standing = if granted { Standing::Cleared } else { Standing::Refused };
            self.files[account.at()].standing = standing;
            effects.push(Effect::FlagAppealDecided(account, granted));
        }
        self.mark(registry, due > 0);
    }

    /// True when an appeal on this evidence is granted.
    fn excused(&self, evidence: &Evidence) -> bool {
        self.rule.score(&evidence.without_shared_subnets()) < self.rule.threshold()
            || self.rule.score(evidence) < self.spec.review_threshold
    }

    /// Brings the flags of all devices in line with their accounts, when something `changed`.
    fn mark(&self, registry: &mut Registry, changed: bool) {
        if changed {
            for (flags, account) in registry.flags.iter_mut().zip(&registry.account) {
                let set = if self.flagged(*account) { flag::FLAGGED } else { 0 };
                *flags = *flags & !flag::FLAGGED | set;
            }
        }
    }

    fn file(&self, account: AccountId) -> File {
        self.files.get(account.at()).copied().unwrap_or(NEW)
    }
}
