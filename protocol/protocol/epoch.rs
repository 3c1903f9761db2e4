//! The end of an epoch: uptime, hire and points are folded, rounds begin, the ledger is recounted.

use super::Protocol;
use crate::effect::Effect;
use crate::ids::{AccountId, DeviceId};
use crate::linkage::Moment;
use crate::market::{Books, Sharing};
use crate::registry::flag;
use crate::rewards::{EpochRecord, Needs};
use crate::step::Step;
use crate::units::{Amount, ONE, Ppm, Span, Time};

/// Columns that cost something, filled only for a reward rule that asks for them.
#[derive(Default, Debug)]
pub(super) struct Asked {
    pub(super) needs: Needs,
    streak_ns: Vec<u64>,
    earned: Vec<u64>,
    passed: Vec<u16>,
    failed: Vec<u16>,
    stake: Vec<Amount>,
}

impl Asked {
    /// A device passed or failed a challenge.
    pub(super) fn verdict(&mut self, device: DeviceId, passed: bool) {
        if !self.needs.verdicts {
            return;
        }
        let column = if passed { &mut self.passed } else { &mut self.failed };
        if column.len() <= device.at() {
            column.resize(device.at() + 1, 0);
        }
        column[device.at()] = column[device.at()].saturating_add(1);
    }
}

impl Protocol {
    pub(super) fn close_epoch(&mut self, beacon: u64, effects: &mut Vec<Effect>) {
        self.advance(effects);
        self.fold();
        self.market.set_beacon(beacon);
        self.market.scores_changed(&mut books!(self, effects));
        self.supply.recount(self.now, &self.registry, self.liveness.last_beat());
        self.rounds.close_epoch(&mut step!(self, effects), beacon);
        self.look_for_links(Moment::EpochEnds, effects);
        self.release_tokens(effects);
        self.recount = self.ledger.recount();
        assert_eq!(self.recount, [0; 3], "the ledger does not balance");
        self.look_at_models();
        effects.push(Effect::EpochClosed(self.epochs));
        self.epochs += 1;
    }

    /// Folds uptime, hire, points and reputation since the last fold: at every epoch's end, and before a season begins
    /// or is counted, so that no season gains or loses the part of an epoch that lies on its side of the date.
    pub(super) fn fold(&mut self) {
        let part = self.now.since(self.folded_at);
        if part == Span::ZERO {
            return;
        }
        let devices = self.registry.len();
        for column in [&mut self.up_ns, &mut self.hired_ns, &mut self.weights] {
            column.resize(devices, 0);
        }
        self.liveness.fold_epoch(self.now, &mut self.up_ns);
        self.market.fold_epoch(self.now, &mut self.hired_ns);
        self.ask();
        self.accrue(part);
        self.asked.passed.fill(0);
        self.asked.failed.fill(0);
        self.reputation.fold_epoch(&self.up_ns, part);
        self.connected_card_ns += u128::from(self.supply.connected()) * u128::from(part.0);
        self.folded_at = self.now;
    }

    /// Fills the columns that the reward rule asks for.
    fn ask(&mut self) {
        let (asked, devices, now) = (&mut self.asked, self.registry.len(), self.now);
        if asked.needs.streak {
            let streak = |&since: &Time| now.since(since).0 * u64::from(since != Time::NEVER);
            asked.streak_ns.clear();
            asked.streak_ns.extend(self.liveness.up_since().iter().map(streak));
        }
        if asked.needs.earned {
            asked.earned.resize(devices, 0);
            self.market.fold_rents(now, &mut asked.earned);
        }
        if asked.needs.verdicts {
            asked.passed.resize(devices, 0);
            asked.failed.resize(devices, 0);
        }
        if let Some(collateral) = self.collateral.as_ref().filter(|_| asked.needs.stake) {
            let accounts = (0..self.purses.len() as u32).map(AccountId);
            asked.stake.clear();
            asked.stake.extend(accounts.map(|account| collateral.staking.cover(account).staked));
        }
    }

    /// Weights of the epoch: points for the open season, and a claim on what the schedule releases; without either nobody
    /// is weighed.
    fn accrue(&mut self, epoch: Span) {
        let season = self.seasons.current().map(|(_, spec)| spec.inside_windows(self.folded_at, self.now));
        if season.is_none() && !self.blocks.as_ref().is_some_and(|blocks| blocks.counts(self.now)) {
            return;
        }
        let record = EpochRecord {
            number: self.epochs,
            epoch,
            now: self.now,
            up_ns: &self.up_ns,
            hired_ns: &self.hired_ns,
            streak_ns: &self.asked.streak_ns,
            earned: &self.asked.earned,
            passed: &self.asked.passed,
            failed: &self.asked.failed,
            registered: &self.registry.registered,
            cards: &self.registry.cards,
            tier: &self.registry.tier,
            model: &self.registry.model,
            flags: &self.registry.flags,
            reputation: self.reputation.scores(),
            account: &self.registry.account,
            stake: &self.asked.stake,
            accounts: self.purses.len(),
            models: &self.registry.models,
            price: self.billing.rate(),
        };
        self.reward.weigh(&record, &mut self.weights);
        if let Some(blocks) = &mut self.blocks {
            let (flags, owner, detector) = (&self.registry.flags, &self.registry.account, &self.detector);
            let barred = |at: usize| flags[at] & flag::FLAGGED != 0 && detector.purged(owner[at]);
            blocks.accrue(self.now, &self.weights, barred);
        }
        let Some(inside) = season else {
            return;
        };
        // Inside a window that covers part of an epoch, uptime counts by the part covered: exact when windows fall on
        // epoch ends, as those of a snapshot should.
        self.window_ns.clear();
        if inside == epoch {
            self.window_ns.extend_from_slice(&self.up_ns);
        } else if inside == Span::ZERO {
            self.window_ns.resize(self.up_ns.len(), 0);
        } else {
            let (inside, whole) = (u128::from(inside.0), u128::from(epoch.0.max(1)));
            self.window_ns.extend(self.up_ns.iter().map(|&up| (u128::from(up) * inside / whole) as u64));
        }
        self.seasons.accrue(&self.weights, &self.window_ns);
    }

    /// What the public page's table of models gives away.
    fn look_at_models(&mut self) {
        self.by_model.clear();
        self.by_model.resize(self.registry.models.len(), 0);
        let (mut connected, mut hired) = (0u64, 0u64);
        let columns = self.registry.flags.iter().zip(&self.registry.cards).zip(&self.registry.model);
        for ((flags, count), model) in columns {
            let online = u64::from(flags & flag::ONLINE != 0) * u64::from(*count);
            self.by_model[model.at()] += online;
            connected += online;
            hired += online * u64::from(flags & flag::LEASED != 0);
        }
        // Hosts leased in parts are never marked as leased: of them the share of the cards' parts is known.
        let parts = self.market.sharing().map(Sharing::allocation);
        let (hired, of) = parts.unwrap_or((hired, connected));
        self.hired_ppm = (u128::from(hired) * u128::from(ONE) / u128::from(of.max(1))) as Ppm;
    }
}
