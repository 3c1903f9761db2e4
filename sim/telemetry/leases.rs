//! The digest of leases: which job got which devices, when, and how each lease ended, in one number.

use depin_protocol::effect::Effect;
use depin_protocol::units::Time;

/// Counts up with the effects of every command.
#[derive(Clone, Debug, Default)]
pub struct Leases(blake3::Hasher);

impl Leases {
    /// Takes in what came of a command.
    pub fn see(&mut self, now: Time, effects: &[Effect]) {
        for effect in effects {
            match *effect {
                Effect::JobStarted(job, lease) => self.row(1, now, job.0, lease.0),
                Effect::DeviceLeased(lease, device) => self.row(2, now, lease.0, device.0),
                Effect::LeaseEnded(lease, job, outcome) => self.row(3 + outcome as u8, now, lease.0, job.0),
                _ => {}
            }
        }
    }

    /// A byte that says what, eight of the instant, four of each number, little-endian.
    fn row(&mut self, what: u8, now: Time, one: u32, other: u32) {
        let mut row = [what; 17];
        row[1..9].copy_from_slice(&now.0.to_le_bytes());
        row[9..13].copy_from_slice(&one.to_le_bytes());
        row[13..].copy_from_slice(&other.to_le_bytes());
        self.0.update(&row);
    }

    /// BLAKE3 of all rows so far.
    #[must_use]
    pub fn digest(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}
