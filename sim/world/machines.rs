//! What hardware really is: machines, what runs on them, and whether they run.

use crate::engine::{EntityKey, Time};

/// No machine, person, holding or device.
pub const NONE: u32 = u32::MAX;

/// What a machine is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Delivered or rented, not yet brought up.
    SettingUp,
    /// Worker connected (unless its owner uses the machine).
    Running,
    /// The machine runs, the worker has dropped.
    Dropped,
    /// No power or no network.
    Dark,
    /// Given back, sold or switched off for good.
    Gone,
}

/// One machine: a host with its cards, listed as one device, or as many by a farm.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// Key of its random streams.
    pub key: EntityKey,
    /// Person who runs it.
    pub owner: u32,
    /// Holding it belongs to.
    pub holding: u32,
    /// First protocol device; [`NONE`] before registration.
    pub device: u32,
    /// Devices listed for it.
    pub listed: u32,
    /// Of those, from the first on, not withdrawn again.
    pub live: u32,
    /// Next machine in its owner's repair queue.
    pub next_repair: u32,
    /// Bumped at every change of state, so that older events are recognised.
    pub generation: u32,
    /// Spells of running so far: the index of the next spell's draws.
    pub spells: u32,
    /// Repairs so far: the index of the next repair's draw.
    pub repairs: u32,
    /// When it was retired; [`Time::NEVER`] while it is held.
    pub gone_at: Time,
    /// True throughput relative to the catalogue.
    pub speed: f32,
    /// True model of its cards.
    pub hardware: u16,
    /// True cards (0 for names without a machine).
    pub cards: u16,
    /// Site kind.
    pub site: u16,
    /// What it is doing.
    pub state: State,
    /// In use by its owner.
    pub own_use: bool,
    /// Heartbeats reach the network.
    pub beating: bool,
    /// Waits for its owner to log it in again.
    pub logged_out: bool,
    /// In its owner's repair queue.
    pub queued: bool,
}

/// All machines ever, and the way back from protocol devices to them.
#[derive(Default, Debug)]
pub struct Machines {
    /// By number.
    pub all: Vec<Machine>,
    /// Machine of each protocol device.
    pub of_device: Vec<u32>,
    /// True cards connected now (beating and not logged out).
    pub real_connected: u64,
}

impl Machines {
    /// Notes that `count` devices from `first` on belong to `machine`.
    pub fn register(&mut self, machine: u32, first: u32, count: u32) {
        debug_assert_eq!(
            self.of_device.len(),
            first as usize,
            "devices are numbered in order of registration"
        );
        self.of_device.resize(first as usize + count as usize, machine);
        let m = &mut self.all[machine as usize];
        m.device = first;
        m.listed = count;
        m.live = count;
    }

    /// Whether heartbeats should reach the network now.
    #[must_use]
    pub fn should_beat(&self, machine: u32) -> bool {
        let m = &self.all[machine as usize];
        m.state == State::Running && !m.own_use && m.device != NONE
    }
}
