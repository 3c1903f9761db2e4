//! What tests share: a registry to work on, and a small seeded generator.

use crate::command::Claim;
use crate::effect::Effect;
use crate::ids::{AccountId, DeviceId, ModelId};
use crate::registry::{Model, Registry};
use crate::step::Step;
use crate::supply::{Spec, Supply};
use crate::units::{ONE, Time};

/// Everything a step borrows.
pub(crate) struct Bench {
    pub(crate) registry: Registry,
    pub(crate) supply: Supply,
    pub(crate) effects: Vec<Effect>,
    pub(crate) lost: Vec<DeviceId>,
    pub(crate) back: Vec<DeviceId>,
}

impl Bench {
    /// One model of 1,000 GFLOPS and no devices.
    pub(crate) fn new(supply: Spec) -> Self {
        let registry = Registry { models: vec![model(1_000)], ..Registry::default() };
        let supply = Supply::new(supply);
        Self { registry, supply, effects: vec![], lost: vec![], back: vec![] }
    }

    /// The default counts and `count` devices of one card with `flags`.
    pub(crate) fn with(count: u32, flags: u16) -> Self {
        let mut bench = Self::new(Spec::default());
        for _ in 0..count {
            bench.push(1, flags);
        }
        bench
    }

    pub(crate) fn push(&mut self, cards: u16, flags: u16) {
        let claim = Claim { cards, ..claim() };
        self.registry.push(Time(0), AccountId(0), &claim, flags);
    }

    pub(crate) fn step(&mut self, now: Time) -> Step<'_> {
        Step {
            now,
            registry: &mut self.registry,
            supply: &mut self.supply,
            effects: &mut self.effects,
            lost: &mut self.lost,
            back: &mut self.back,
        }
    }

    /// The effects so far, which are then forgotten.
    pub(crate) fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The devices lost and back so far, which are then forgotten.
    pub(crate) fn news(&mut self) -> (Vec<u32>, Vec<u32>) {
        let ids = |list: &mut Vec<DeviceId>| list.drain(..).map(|device| device.0).collect();
        (ids(&mut self.lost), ids(&mut self.back))
    }

    pub(crate) fn has(&self, device: u32, flags: u16) -> bool {
        self.registry.has(DeviceId(device), flags)
    }
}

/// A model of so many GFLOPS.
pub(crate) fn model(gflops: u32) -> Model {
    Model { name: format!("{gflops} GFLOPS"), memory_mb: 8_000, gflops, multiplier: ONE }
}

/// One card of the first model.
pub(crate) fn claim() -> Claim {
    Claim { model: ModelId(0), cards: 1, tier: 1, price: 100_000, address: 7 << 8, subnet: 7, fingerprint: 0 }
}

/// SplitMix64: a sequence per seed.
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    /// Uniform below `n`, up to a bias of n / 2^64.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}
