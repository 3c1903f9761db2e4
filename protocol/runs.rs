//! Merges effects on consecutive device ids into one effect per run.

use crate::effect::Effect;
use crate::ids::DeviceId;

/// How an effect is made from a run of ids.
pub(crate) type Make = fn(DeviceId, u32) -> Effect;

/// A run that is still growing. It is local to one command, so that a run never reaches back into
/// effects of an earlier command that happen to stand in the same buffer.
pub(crate) struct Runs {
    make: Make,
    first: u32,
    count: u32,
}

impl Runs {
    /// An empty run.
    pub(crate) fn new(make: Make) -> Self {
        Self { make, first: 0, count: 0 }
    }

    /// Devices are seen as connected.
    pub(crate) fn online() -> Self {
        Self::new(|first, count| Effect::WentOnline { first, count })
    }

    /// Devices are seen to be gone.
    pub(crate) fn offline() -> Self {
        Self::new(|first, count| Effect::WentOffline { first, count })
    }

    /// Appends `device`; states the previous run when it is not its neighbour.
    pub(crate) fn add(&mut self, device: DeviceId, effects: &mut Vec<Effect>) {
        if self.count > 0 && device.0 - self.first.min(device.0) == self.count {
            self.count += 1;
            return;
        }
        self.flush(effects);
        self.first = device.0;
        self.count = 1;
    }

    /// States the last run.
    pub(crate) fn flush(&mut self, effects: &mut Vec<Effect>) {
        if self.count > 0 {
            effects.push((self.make)(DeviceId(self.first), self.count));
            self.count = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ascending_neighbours_share_an_effect() {
        let mut effects = Vec::new();
        let mut runs = Runs::online();
        for id in [3, 4, 5, 7, 6, 5, 0] {
            runs.add(DeviceId(id), &mut effects);
        }
        runs.flush(&mut effects);
        runs.flush(&mut effects);
        let online = |first, count| Effect::WentOnline { first: DeviceId(first), count };
        assert_eq!(effects, [online(3, 3), online(7, 1), online(6, 1), online(5, 1), online(0, 1)]);
    }
}
