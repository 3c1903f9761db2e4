//! What one step of a state machine may write: the registry, the counts of supply, effects, and news for the market.

use crate::effect::Effect;
use crate::ids::DeviceId;
use crate::registry::Registry;
use crate::supply::Supply;
use crate::units::Time;

/// The shared state one command works on, borrowed for the length of a call.
#[derive(Debug)]
pub struct Step<'a> {
    /// The command's time.
    pub now: Time,
    /// Standing of every device.
    pub registry: &'a mut Registry,
    /// Counts that follow every change of ONLINE.
    pub supply: &'a mut Supply,
    /// What came about.
    pub effects: &'a mut Vec<Effect>,
    /// Devices that ceased to be online, or to be deployable: the market gives up their leases and entries.
    pub lost: &'a mut Vec<DeviceId>,
    /// Devices that came online, or that became deployable otherwise: the market looks at
    /// [`Registry::deployable`] before it offers them.
    pub back: &'a mut Vec<DeviceId>,
}
