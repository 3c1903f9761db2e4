//! Which devices a supplier's stake reaches, and what that does to their standing.

use super::{Per, Staking};
use crate::ids::{AccountId, DeviceId};
use crate::registry::{Model, Registry, flag};
use crate::units::{Amount, ONE};

/// Devices whose standing changed so that the market must hear of it.
#[derive(Default, Debug)]
pub struct News {
    /// No longer deployable; those on lease stay on it.
    pub lost: Vec<DeviceId>,
    /// Deployable again.
    pub back: Vec<DeviceId>,
}

impl Staking {
    /// Devices were listed: follows the registry's length.
    pub fn grow(&mut self, registry: &mut Registry, news: &mut News) {
        for i in self.need.len()..registry.len() {
            let device = DeviceId(u32::try_from(i).expect("ids have 32 bits"));
            let need = self.need_of(registry, device);
            self.need.push(need);
            let backing = self.backings.entry(registry.account[i]).or_default();
            backing.devices.push(device);
            backing.needed = backing.needed.saturating_add(need);
            if self.spec.required && backing.active() < backing.needed {
                mark(registry, device, false, news);
            }
        }
    }

    /// A device is out for good and needs no stake any more. Saying so twice changes nothing.
    pub fn release_need(&mut self, supplier: AccountId, device: DeviceId) {
        let need = std::mem::take(&mut self.need[device.at()]);
        if let Some(backing) = self.backings.get_mut(&supplier) {
            backing.needed -= need;
        }
    }

    /// Stakes or needs of a supplier changed: marks the devices that its stake reaches, and those it does not.
    pub fn recover(&mut self, supplier: AccountId, registry: &mut Registry, news: &mut News) {
        let Some(backing) = self.backings.get_mut(&supplier).filter(|_| self.spec.required) else {
            return;
        };
        backing.devices.retain(|device| self.need[device.at()] > 0);
        let active = backing.active();
        let mut sum: Amount = 0;
        for &device in &backing.devices {
            sum = sum.saturating_add(self.need[device.at()]);
            mark(registry, device, sum <= active, news);
        }
    }

    fn need_of(&self, registry: &Registry, device: DeviceId) -> Amount {
        let i = device.at();
        self.need(&registry.models[registry.model[i].at()], registry.cards[i])
    }

    /// What a device that claims `cards` of this model needs.
    #[must_use]
    pub fn need(&self, model: &Model, cards: u16) -> Amount {
        let cards = Amount::from(cards);
        let rate = self.spec.rate.max(0);
        match self.spec.per {
            Per::Device => rate,
            Per::Card => rate.saturating_mul(cards),
            Per::Power => {
                let power = cards * Amount::from(model.multiplier.max(ONE));
                let whole = Amount::from(ONE);
                rate.saturating_mul(power).saturating_add(whole - 1) / whole
            }
        }
    }
}

fn mark(registry: &mut Registry, device: DeviceId, covered: bool, news: &mut News) {
    let before = registry.deployable(device);
    let flags = &mut registry.flags[device.at()];
    *flags = if covered { *flags & !flag::UNSTAKED } else { *flags | flag::UNSTAKED };
    match (before, registry.deployable(device)) {
        (true, false) => news.lost.push(device),
        (false, true) => news.back.push(device),
        _ => {}
    }
}
