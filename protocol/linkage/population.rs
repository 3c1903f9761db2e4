//! Populations whose truth the test knows and the detector does not.

use super::{Detector, Linkage, Spec};
use crate::command::Claim;
use crate::effect::Effect;
use crate::ids::AccountId;
use crate::registry::Registry;
use crate::testbed;
use crate::units::{Ppm, Span, Time};

/// What one kind of owner looks like from outside.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) address: u32,
    pub(super) subnet: u32,
    pub(super) fingerprint: u32,
    pub(super) day: u64,
}

/// A registry, and the truth about each account.
pub(super) struct Population {
    pub(super) registry: Registry,
    pub(super) farm: Vec<bool>,
}

/// How well a set of accounts found fits the truth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Score {
    pub(super) caught: usize,
    pub(super) wronged: usize,
    pub(super) escaped: usize,
}

impl Score {
    pub(super) fn precision(self) -> f64 {
        self.caught as f64 / (self.caught + self.wronged) as f64
    }

    pub(super) fn recall(self) -> f64 {
        self.caught as f64 / (self.caught + self.escaped) as f64
    }
}

impl Population {
    pub(super) fn new() -> Population {
        Population { registry: testbed::registry(), farm: Vec::new() }
    }

    /// An account with devices of these looks.
    pub(super) fn account(&mut self, farm: bool, looks: impl IntoIterator<Item = Look>) -> AccountId {
        let account = AccountId(self.farm.len() as u32);
        self.farm.push(farm);
        for look in looks {
            let Look { address, subnet, fingerprint, day } = look;
            let claim = Claim { address, subnet, fingerprint, ..testbed::claim(1, 1) };
            self.registry.push(Time::ZERO + Span::DAY.times(day), account, &claim, 0);
        }
        account
    }

    /// `count` people at home: an address, a subnet and a machine of their own, over a month.
    pub(super) fn homes(&mut self, count: u32) {
        for i in 0..count {
            let n = 10_000 + i;
            let day = u64::from(i % 30);
            self.account(false, [Look { address: n << 8, subnet: n, fingerprint: n, day }]);
        }
    }

    /// `count` honest customers of one cloud: a crowd in one subnet, all of one day; the first `imaged` of them
    /// started from one image.
    pub(super) fn customers(&mut self, subnet: u32, count: u32, imaged: u32) {
        for i in 0..count {
            let fingerprint = if i < imaged { subnet } else { 500_000 + (subnet << 8) + i };
            self.account(false, [Look { address: (subnet << 8) + i, subnet, fingerprint, day: 7 }]);
        }
    }

    /// A farm of `count` accounts with a device each, all looking as `look` says of their number.
    pub(super) fn farm(&mut self, count: u32, look: impl Fn(u32) -> Look) {
        for i in 0..count {
            self.account(true, [look(i)]);
        }
    }

    pub(super) fn found(&self, rule: impl Linkage + 'static) -> Vec<(AccountId, Ppm)> {
        Detector::new(Box::new(rule), Spec::default()).assess(Time::ZERO + Span::DAY, &self.registry)
    }

    pub(super) fn judge(&self, rule: impl Linkage + 'static) -> Score {
        self.compare(&self.found(rule))
    }

    /// The confusion of a set of accounts with the truth.
    pub(super) fn compare(&self, found: &[(AccountId, Ppm)]) -> Score {
        let caught = found.iter().filter(|(a, _)| self.farm[a.at()]).count();
        let farms = self.farm.iter().filter(|f| **f).count();
        Score { caught, wronged: found.len() - caught, escaped: farms - caught }
    }

    /// A detector that has assessed and flagged this population at `now`.
    pub(super) fn flagged(
        &mut self,
        now: Time,
        rule: impl Linkage + 'static,
        spec: Spec,
    ) -> (Detector, Vec<Effect>) {
        let mut detector = Detector::new(Box::new(rule), spec);
        let mut effects = Vec::new();
        let found = detector.assess(now, &self.registry);
        detector.flag(now, &found, &mut self.registry, &mut effects);
        (detector, effects)
    }
}
