//! A machine becomes devices on the network: what its owner claims, and where its workers are seen to connect from.

use super::super::origin::{self, Origin};
use super::super::{Observer, World};
use super::purpose;
use crate::scenario::cohort::{Farm, Means, Trick};
use crate::scenario::evasion::Addresses;
use depin_protocol::command::{Claim, Command};
use depin_protocol::ids::{AccountId, ModelId};

impl<O: Observer> World<O> {
    /// Lists a machine as `devices` devices; returns how many the network accepted.
    pub(super) fn register(&mut self, machine: u32, devices: u32) -> u32 {
        let owner = self.machines.all[machine as usize].owner;
        let group = self.people.all[owner as usize].group;
        let answers_admission = !self.is_identity_farm(group);
        let farm = (group as usize).checked_sub(self.scenario.cohorts.len());
        let evasion = farm.map(|farm| self.scenario.farms[farm].evasion);
        let spread = evasion.is_some_and(|e| e.addresses == Addresses::Block);
        // What one command cannot say of all of them is said of each.
        let each = evasion.is_some_and(|e| e.addresses == Addresses::Scattered || e.forged_fingerprints);
        let most = evasion.and_then(|e| e.devices_per_account);
        let before = self.protocol.devices();
        let cards = self.claim_of(machine, 0).cards;
        let mut at = 0;
        while at < devices {
            let (account, room) = self.account_with_room(owner, most);
            let count = if each { 1 } else { room.min(devices - at) };
            let claim = self.claim_of(machine, at);
            let listed = self.protocol.devices();
            // None of these is senseless: what is not accepted is turned away by effects.
            let _ = self.apply(Command::Register { account, claim, count, spread, answers_admission });
            self.people.all[owner as usize].on_latest += self.protocol.devices() - listed;
            at += count;
        }
        let accepted = self.protocol.devices() - before;
        if accepted > 0 {
            self.machines.register(machine, before, accepted);
            self.watcher().listed(before, accepted, cards, group);
        }
        accepted
    }

    /// The account under which a person lists what comes next, and how many devices it still takes: a new one when the
    /// latest is full, or flagged while more than one is used.
    fn account_with_room(&mut self, person: u32, most: Option<u32>) -> (AccountId, u32) {
        let latest = self.account_of(person);
        let Some(most) = most else {
            return (latest, u32::MAX);
        };
        let room = most.saturating_sub(self.people.all[person as usize].on_latest);
        if room > 0 && !self.protocol.is_flagged(latest) {
            return (latest, room);
        }
        (self.open_account(person), most)
    }

    /// What the owner of a machine says of its `at`-th device.
    pub(super) fn claim_of(&self, machine: u32, at: u32) -> Claim {
        let m = &self.machines.all[machine as usize];
        let p = &self.people.all[m.owner as usize];
        let h = &self.people.holdings[m.holding as usize];
        let (model, cards, tier, ask, origin) = match self.cohort(p.group) {
            Some(cohort) => {
                let means = &cohort.means[h.means as usize];
                let tier = match means {
                    Means::Rent { cloud } => self.scenario.clouds[*cloud].tier,
                    _ => p.tier,
                };
                (m.hardware, m.cards, tier, cohort.ask_usd_hour, self.honest_origin(machine, means))
            }
            None => {
                let farm = &self.scenario.farms[p.group as usize - self.scenario.cohorts.len()];
                let claims = match farm.trick {
                    Trick::Slices { claims, .. } | Trick::Identities { claims, .. } => claims,
                };
                (claims as u16, 1, farm.tier, farm.ask_usd_hour, self.farm_origin(machine, at, farm))
            }
        };
        Claim {
            model: ModelId(model),
            cards,
            tier,
            price: (ask * 1e6 + 0.5) as u32,
            address: origin.address,
            subnet: origin.subnet,
            fingerprint: origin.fingerprint,
        }
    }

    fn honest_origin(&self, machine: u32, means: &Means) -> Origin {
        if let Means::Rent { cloud } = means {
            return self.rented_origin(machine, *cloud);
        }
        let m = &self.machines.all[machine as usize];
        let owner = self.people.all[m.owner as usize].key;
        let site = &self.scenario.sites[m.site as usize];
        Origin {
            address: origin::address(if site.own_addresses { m.key } else { owner }),
            subnet: origin::at_site(site, self.scenario.run.scaled(site.isp_subnets), owner),
            fingerprint: origin::fingerprint("hardware", m.key),
        }
    }

    fn rented_origin(&self, machine: u32, cloud: usize) -> Origin {
        let key = self.machines.all[machine as usize].key;
        let run = &self.scenario.run;
        let clouds = &self.scenario.clouds;
        let cloud = &clouds[cloud];
        let subnets = origin::subnets_of(cloud, clouds, |stock| run.scaled(stock));
        let imaged =
            cloud.image_share > 0.0 && self.stream(purpose::IMAGE, key).uniform(0) < cloud.image_share;
        Origin {
            address: origin::address(key),
            subnet: origin::in_cloud(cloud, subnets, key),
            fingerprint: if imaged { origin::image(cloud) } else { origin::fingerprint("hardware", key) },
        }
    }

    /// A rig stands in its cloud, and its slices are one card; names without a machine come from anywhere, and there is
    /// nothing that could report what it is. What is bought or forged comes on top.
    fn farm_origin(&self, machine: u32, at: u32, farm: &Farm) -> Origin {
        let key = self.machines.all[machine as usize].key;
        let mut origin = match farm.trick {
            Trick::Slices { cloud, .. } => self.rented_origin(machine, cloud),
            Trick::Identities { .. } => {
                let address = origin::address(key);
                Origin { address, subnet: origin::anywhere(address), fingerprint: 0 }
            }
        };
        let alias = origin::alias(key, at);
        match farm.evasion.addresses {
            Addresses::Shared => {}
            Addresses::Block => {
                (origin.address, origin.subnet) = origin::row(origin.address, origin.subnet, at);
            }
            Addresses::Scattered => {
                origin.address = origin::address(alias);
                origin.subnet = origin::anywhere(origin.address);
            }
        }
        if farm.evasion.forged_fingerprints {
            origin.fingerprint = origin::fingerprint("forged", alias);
        }
        origin
    }
}
