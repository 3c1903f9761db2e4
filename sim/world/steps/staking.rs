//! Stakes: what a device's stake costs, bringing it before listing, leaving with it, and what becomes of slashes.
//!
//! The stake comes out of the owner's budget, through the world's book into its account on the network, and back the
//! same way when it has cooled down. What it costs meanwhile (interest, and the slash that public figures make likely)
//! enters decisions and no book; a slash that is upheld is a loss. Nobody co-stakes. Where the network asks for no stake,
//! nothing here does anything.

use super::super::bonds::YEAR_HOURS;
use super::super::event::{Event, phase};
use super::super::machines::NONE;
use super::super::{Observer, World};
use super::purpose;
use crate::engine::Span;
use depin_protocol::command::{Command, TeamAction};
use depin_protocol::ids::{AccountId, DeviceId, SlashId};
use depin_protocol::ledger::{Asset, Category};
use depin_protocol::registry::flag;
use depin_protocol::slashing::{Reason, State};

/// What the stake of a machine asks of its owner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bond {
    /// Dollars that must be at hand.
    pub stake_usd: f64,
    /// What they cost while they are locked up, dollars.
    pub cost_usd: f64,
}

impl<O: Observer> World<O> {
    /// Names the network's purses of stakes, and opens the door through which dollars come in, in the world's book.
    pub(super) fn open_stakes(&mut self) {
        let Some(staking) = self.protocol.staking() else { return };
        let mut purses = vec![(staking.purse(), "network/stakes")];
        if let Some(slashing) = self.protocol.slashing() {
            purses.push((slashing.seized_purse(), "network/seized"));
            purses.push((slashing.burned_purse(), "network/burned"));
            purses.push((slashing.treasury_purse(), "network/treasury"));
        }
        for (purse, name) in purses {
            let label = self.book.label(name);
            self.watcher().purse(purse, label);
        }
        let door = self.book.label("network/deposits");
        self.bonds.door = self.book.open(door);
    }

    /// Micro-dollars that so many devices need which claim so many cards of this model.
    pub(super) fn stake_for(&self, model: usize, cards: u16, devices: u64) -> i128 {
        let Some(staking) = self.protocol.staking() else { return 0 };
        staking.need(&self.protocol.registry().models[model], cards).saturating_mul(i128::from(devices))
    }

    /// What a stake costs that is locked up for some hours: interest, and the part that is expected to be slashed.
    fn stake_cost_usd(&self, stake: i128, hours: f64) -> f64 {
        if stake == 0 {
            return 0.0;
        }
        let collateral = &self.scenario.collateral;
        let slashed = match self.scenario.rules.slashing() {
            Some(_) => 1.0 - libm::exp(-self.bonds.slash_rate(collateral) * hours),
            None => 0.0,
        };
        stake as f64 / 1e6 * (collateral.financing_per_year * hours / YEAR_HOURS + slashed)
    }

    fn cooldown_hours(&self) -> f64 {
        self.protocol.staking().map_or(0.0, |staking| staking.spec().cooldown.hours())
    }

    /// The stake of so many new devices that stay for some hours, and then cools down.
    pub(super) fn bond(&self, model: usize, cards: u16, devices: u64, hours: f64) -> Bond {
        let stake = self.stake_for(model, cards, devices);
        let cost_usd = self.stake_cost_usd(stake, hours + self.cooldown_hours());
        Bond { stake_usd: stake as f64 / 1e6, cost_usd }
    }

    /// Devices that a machine is or will be listed as.
    fn devices_of(&self, machine: u32) -> u32 {
        let m = &self.machines.all[machine as usize];
        let p = &self.people.all[m.owner as usize];
        match self.cohort(p.group) {
            _ if m.device != NONE => m.live,
            Some(_) => 1,
            None if self.is_identity_farm(p.group) => 0,
            None => p.slices,
        }
    }

    fn stake_of(&self, machine: u32) -> i128 {
        let claim = self.claim_of(machine, 0);
        self.stake_for(claim.model.at(), claim.cards, u64::from(self.devices_of(machine)))
    }

    /// True when a holding ties up a stake.
    pub(super) fn ties_up_stake(&self, holding: u32) -> bool {
        let h = &self.people.holdings[holding as usize];
        self.protocol.staking().is_some() && (h.first..h.first + h.count).any(|m| self.stake_of(m) > 0)
    }

    /// What it costs to leave the stake of one machine of a holding locked up for some hours more.
    pub(super) fn staying_costs_usd(&self, holding: u32, hours: f64) -> f64 {
        if self.protocol.staking().is_none() {
            return 0.0;
        }
        let h = &self.people.holdings[holding as usize];
        let stake: i128 = (h.first..h.first + h.count).map(|machine| self.stake_of(machine)).sum();
        self.stake_cost_usd(stake, hours) / f64::from(h.count.max(1))
    }

    /// Sets the stake of machines aside that are still to be listed.
    pub(super) fn set_stake_aside(&mut self, holding: u32) {
        if self.protocol.staking().is_none() {
            return;
        }
        let h = &self.people.holdings[holding as usize];
        let amount = (h.first..h.first + h.count).map(|machine| self.stake_of(machine)).sum();
        self.change_aside(holding, amount);
    }

    /// A holding has no machine left to list: what is still set aside is free.
    pub(super) fn free_stake_aside(&mut self, holding: u32) {
        let aside = self.people.holdings[holding as usize].stake_aside;
        self.change_aside(holding, -aside);
    }

    fn change_aside(&mut self, holding: u32, amount: i128) {
        let h = &mut self.people.holdings[holding as usize];
        h.stake_aside += amount;
        self.people.all[h.owner as usize].reserved += amount;
    }

    /// Before a machine is listed: its owner brings the stake, less what lies there unused.
    pub(super) fn bring_stake(&mut self, machine: u32) {
        if self.protocol.staking().is_none() {
            return;
        }
        let (owner, holding) =
            (self.machines.all[machine as usize].owner, self.machines.all[machine as usize].holding);
        let account = self.account_of(owner);
        let amount = self.stake_of(machine) - self.spare(account).max(0);
        if amount > 0 {
            let aside = self.people.holdings[holding as usize].stake_aside;
            self.change_aside(holding, -amount.min(aside));
            self.lock_up(owner, account, amount);
        }
    }

    /// Stake beyond what the devices need; negative when some are not covered.
    fn spare(&self, account: AccountId) -> i128 {
        let cover = self.protocol.staking().map(|staking| staking.cover(account)).unwrap_or_default();
        cover.staked - cover.needed
    }

    /// Dollars go from a person's own means into its account, and there into the stake.
    fn lock_up(&mut self, person: u32, account: AccountId, amount: i128) {
        let purse = self.people.all[person as usize].purse;
        for entry in self.book.pay(Category::Funding, purse, self.bonds.door, amount).into_iter().flatten() {
            self.posted(&entry);
        }
        self.people.all[person as usize].budget -= amount;
        self.apply(Command::Deposit { account, usd: amount }).expect("the supplier's account exists");
        self.apply(Command::Stake { account, supplier: account, amount, asset: Asset::Usd })
            .expect("the dollars have just arrived");
    }

    /// A stake has cooled down: its owner takes it home.
    pub(in super::super) fn stake_comes_back(&mut self, account: AccountId, amount: i128) {
        let Some(person) = self.people.owner_of(account) else { return };
        self.apply(Command::Withdrawal { account, usd: amount }).expect("the stake has just come back");
        let purse = self.people.all[person as usize].purse;
        if let Some(entry) = self.book.post(Category::Withdrawal, self.bonds.door, purse, amount) {
            self.posted(&entry);
        }
        self.people.all[person as usize].budget += amount;
    }

    /// A person will look at its stake at once, when all of this instant is known.
    pub(super) fn mind_stake(&mut self, person: u32) {
        if self.protocol.staking().is_some() && self.bonds.minding.insert(person) {
            self.sim.after(Span::ZERO, phase::PEOPLE, u64::from(person), Event::StakeIsMinded(person));
        }
    }

    /// The same for the owner of a device.
    pub(in super::super) fn mind_stake_of(&mut self, device: DeviceId) {
        if self.protocol.staking().is_some() {
            let machine = self.machines.of_device[device.at()];
            self.mind_stake(self.machines.all[machine as usize].owner);
        }
    }

    pub(in super::super) fn stake_is_minded(&mut self, person: u32) {
        self.bonds.minding.remove(&person);
        self.look_at_stake(person);
    }

    /// An owner asks back what its devices do not need, and tops up what they lack if that pays. What machines on their
    /// way to the network will need is left where it is.
    pub(super) fn look_at_stake(&mut self, person: u32) {
        let Some(&account) = self.people.all[person as usize].accounts.first() else { return };
        let spare = self.spare(account);
        if spare > 0 && !self.has_machines_to_list(person) {
            let (supplier, asset) = (account, Asset::Usd);
            self.apply(Command::Unstake { account, supplier, amount: spare, asset })
                .expect("the stake is its owner's alone");
        } else if spare < 0 && self.topping_up_pays(person, -spare) {
            self.lock_up(person, account, -spare);
        }
    }

    fn has_machines_to_list(&self, person: u32) -> bool {
        let mut holding = self.people.all[person as usize].holdings;
        while holding != NONE {
            let h = &self.people.holdings[holding as usize];
            if h.active && h.ready < h.count {
                return true;
            }
            holding = h.older;
        }
        false
    }

    /// Whether what the uncovered devices would earn again is worth the missing stake, which must be at hand.
    fn topping_up_pays(&self, person: u32, missing: i128) -> bool {
        let p = &self.people.all[person as usize];
        let (Some(prospect), true) = (self.prospect(), p.budget - p.reserved >= missing) else {
            return false;
        };
        let (weight, means) = self.uncovered_weight(person);
        let value = self.value(p, &prospect, weight, 0.0);
        let cost = self.stake_cost_usd(missing, prospect.hours + self.cooldown_hours());
        let noise = match self.cohort(p.group) {
            Some(cohort) => cohort.noise,
            None => self.farm_cloud(p.group).1,
        };
        weight > 0.0 && self.decide(person, &[(means, value / cost.max(0.01) - 1.0)], noise).is_some()
    }

    /// Weight per hour that a person's devices lack for want of a stake alone, and its newest means.
    fn uncovered_weight(&self, person: u32) -> (f64, usize) {
        let registry = self.protocol.registry();
        let bad = flag::QUARANTINED | flag::BANNED | flag::WITHDRAWN | flag::FLAGGED;
        let lacks = |device: &u32| {
            registry.flags[*device as usize] & flag::UNSTAKED != 0
                && registry.flags[*device as usize] & bad == 0
        };
        let (mut weight, mut means) = (0.0, None);
        let mut holding = self.people.all[person as usize].holdings;
        while holding != NONE {
            let h = &self.people.holdings[holding as usize];
            if h.active {
                means = means.or(Some(usize::from(h.means)));
                for machine in &self.machines.all[h.first as usize..(h.first + h.ready) as usize] {
                    let devices = machine.device..machine.device.saturating_add(machine.live);
                    let lacking = devices.filter(lacks).count() as f64;
                    weight += lacking * self.device_weight(person, holding, machine);
                }
            }
            holding = h.older;
        }
        (weight, means.unwrap_or(0))
    }

    /// Names without machines are covered as far as the farm's money goes, if a name's share is worth its stake.
    pub(super) fn cover_names(&mut self, person: u32, machine: u32, names: u32) {
        let claim = self.claim_of(machine, 0);
        let one = self.stake_for(claim.model.at(), claim.cards, 1);
        let Some(prospect) = self.prospect().filter(|_| one > 0) else { return };
        let p = &self.people.all[person as usize];
        let value = self.value(p, &prospect, self.farm_weight(p.group, 1), 0.0);
        let cost = self.stake_cost_usd(one, prospect.hours + self.cooldown_hours());
        let covered = ((p.budget - p.reserved).max(0) / one).min(i128::from(names));
        let (roi, noise) = (value / cost.max(0.01) - 1.0, self.farm_cloud(p.group).1);
        if covered > 0 && self.decide(person, &[(0, roi)], noise).is_some() {
            let account = self.account_of(person);
            self.lock_up(person, account, covered * one);
        }
    }

    /// Stake was seized. Its owner contests that when the appeal costs less than it can hope to bring: the stake, times the
    /// chance that the team's review clears the likes of it, which owners know (assumed). The team looks into it some days
    /// later.
    pub(in super::super) fn stake_is_seized(&mut self, slash: SlashId, supplier: AccountId, amount: i128) {
        self.bonds.seized(amount as f64 / 1e6);
        let Some(person) = self.people.owner_of(supplier) else { return };
        let collateral = self.scenario.collateral;
        let honest = self.cohort(self.people.all[person as usize].group).is_some();
        let chance = if honest { collateral.clears_honest } else { collateral.clears_fake };
        let contests = collateral.appeal == 0 || (collateral.appeal as f64) < chance * amount as f64;
        if contests && self.apply(Command::AppealSlash { slash }).is_ok() {
            let operations = self.book.operations;
            self.spend(person, Category::Operations, operations, collateral.appeal);
            let review = Event::SlashIsReviewed(slash.0);
            self.sim.after(collateral.review, phase::TIMELINE, u64::from(slash.0), review);
        }
        self.mind_stake(person);
    }

    /// The team looks into a contested slash. It sees through most honest machines and is taken in by few false ones; that
    /// a machine left its lease is on record, and stands.
    pub(in super::super) fn slash_is_reviewed(&mut self, slash: u32) {
        let Some(record) = self.protocol.slashing().and_then(|s| s.slashes().get(slash as usize)) else {
            return;
        };
        let open = record.state == State::Pending && !record.withdrawn;
        if !open || record.reason == Reason::Desertion {
            return;
        }
        let m = &self.machines.all[self.machines.of_device[record.device.at()] as usize];
        let honest = self.cohort(self.people.all[m.owner as usize].group).is_some();
        let collateral = &self.scenario.collateral;
        let chance = if honest { collateral.clears_honest } else { collateral.clears_fake };
        // Slices of one card that are reviewed in the same minute each have their own luck.
        let index = self.now().0 / Span::MINUTE.0 * 4096 + u64::from(record.device.0 - m.device);
        if self.stream(purpose::REVIEW, m.key).uniform(index) < chance {
            self.team_acts(TeamAction::WithdrawCharge(SlashId(slash)));
        }
    }

    /// A charge was dropped, and the stake is back.
    pub(in super::super) fn slash_is_dropped(&mut self, slash: SlashId, amount: i128) {
        self.bonds.seized(-(amount as f64) / 1e6);
        let supplier = self.protocol.slashing().map(|s| s.slashes()[slash.at()].supplier);
        if let Some(person) = supplier.and_then(|supplier| self.people.owner_of(supplier)) {
            self.mind_stake(person);
        }
    }

    /// An epoch passes: everyone sees how much stake there is.
    pub(super) fn outsiders_see_stakes(&mut self, epoch: Span) {
        if let Some(staking) = self.protocol.staking() {
            self.bonds.observe(staking.total() as f64 / 1e6, epoch.hours());
        }
    }
}
