//! Whom a round asks: idle devices all, none or by lot, and hired ones when the rule has a challenge for them.

use super::keyed;
use crate::ids::DeviceId;
use crate::registry::flag;
use crate::units::{ONE, Ppm};

/// Not asked, or without a verdict: hired (io.net docs exempt hired workers), or out for good.
pub(super) const EXEMPT: u16 = flag::LEASED | flag::BANNED | flag::WITHDRAWN;

/// Keeps the lot apart from start offsets, which follow from the same beacon: "audit" in ASCII.
const LOT: u64 = 0x61_75_64_69_74;

/// Which idle online devices a round asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sample {
    /// All of them.
    All,
    /// None.
    Nobody,
    /// Each by its own lot with this probability, in ppm.
    Share(Ppm),
    /// Exactly so many, or all when there are fewer.
    Count(u32),
}

/// Whom a round asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Call {
    /// Idle online devices.
    pub idle: Sample,
    /// Idle online devices whose latest verdict was a failure are asked whatever the lot says.
    pub recheck: bool,
    /// Hired online devices are asked for a proof of time-lock.
    pub hired: bool,
}

impl Call {
    /// Every idle online device and nobody else.
    pub const EVERYONE: Call = Call { idle: Sample::All, recheck: false, hired: false };
}

/// What an asked device has to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Challenge {
    /// Work sized for the claimed model, which cards may share out among themselves.
    Work,
    /// Sequential work beside a lease.
    TimeLock,
}

/// One bit per device.
pub(super) fn has(bits: &[u64], device: DeviceId) -> bool {
    bits.get(device.at() / 64).is_some_and(|word| word >> (device.at() % 64) & 1 == 1)
}

/// Sets a device's bit; the column must be long enough.
pub(super) fn set(bits: &mut [u64], device: DeviceId) {
    bits[device.at() / 64] |= 1 << (device.at() % 64);
}

/// Marks who is `asked`, and which of them are `hired`. `streak` is negative after a failure.
pub(super) fn choose(
    call: Call,
    flags: &[u16],
    streak: &[i32],
    beacon: u64,
    asked: &mut Vec<u64>,
    hired: &mut Vec<u64>,
) {
    asked.clear();
    hired.clear();
    match call.idle {
        Sample::All => asked.extend(flags.chunks(64).map(asked_word)),
        Sample::Nobody => {
            asked.resize(flags.len().div_ceil(64), 0);
            mark(asked, idle(flags), |device| recheck(call, streak, device));
        }
        Sample::Share(share) => {
            asked.resize(flags.len().div_ceil(64), 0);
            let drawn = |device: DeviceId| falls_within(lot(beacon, device), share);
            mark(asked, idle(flags), |device| recheck(call, streak, device) || drawn(device));
        }
        Sample::Count(count) => {
            asked.resize(flags.len().div_ceil(64), 0);
            mark(asked, idle(flags), |device| recheck(call, streak, device));
            for device in lowest(flags, beacon, count) {
                set(asked, device);
            }
        }
    }
    if call.hired {
        hired.extend(flags.chunks(64).map(hired_word));
        for (asked, hired) in asked.iter_mut().zip(hired) {
            *asked |= *hired;
        }
    }
}

fn recheck(call: Call, streak: &[i32], device: DeviceId) -> bool {
    call.recheck && streak[device.at()] < 0
}

fn mark(bits: &mut [u64], devices: impl Iterator<Item = DeviceId>, chosen: impl Fn(DeviceId) -> bool) {
    devices.filter(|&device| chosen(device)).for_each(|device| set(bits, device));
}

/// Online devices that are not exempt, ascending.
fn idle(flags: &[u16]) -> impl Iterator<Item = DeviceId> + '_ {
    let asked = |(_, flags): &(u32, &u16)| **flags & (flag::ONLINE | EXEMPT) == flag::ONLINE;
    (0u32..).zip(flags).filter(asked).map(|(device, _)| DeviceId(device))
}

/// A device's lot, uniform over 64 bits.
fn lot(beacon: u64, device: DeviceId) -> u64 {
    keyed(beacon ^ LOT, u64::from(device.0))
}

/// True for the given share of all lots.
fn falls_within(lot: u64, share: Ppm) -> bool {
    (u128::from(lot) * u128::from(ONE)) >> 64 < u128::from(share)
}

/// The `count` idle devices with the lowest lots, in no order; equal lots go to the lower id.
fn lowest(flags: &[u16], beacon: u64, count: u32) -> impl Iterator<Item = DeviceId> {
    let mut lots: Vec<(u64, DeviceId)> = idle(flags).map(|device| (lot(beacon, device), device)).collect();
    let count = count as usize;
    if count < lots.len() {
        lots.select_nth_unstable(count);
        lots.truncate(count);
    }
    lots.into_iter().map(|(_, device)| device)
}

/// Which of up to 64 devices are online and not exempt, as bits.
pub(super) fn asked_word(flags: &[u16]) -> u64 {
    word(flags, |flags| flags & (flag::ONLINE | EXEMPT) == flag::ONLINE)
}

/// Which of up to 64 devices are online and hired, as bits.
fn hired_word(flags: &[u16]) -> u64 {
    word(flags, |flags| flags & (flag::ONLINE | EXEMPT) == flag::ONLINE | flag::LEASED)
}

fn word(flags: &[u16], asked: impl Fn(u16) -> bool) -> u64 {
    flags.iter().rev().fold(0, |word, &flags| word << 1 | u64::from(asked(flags)))
}

/// The devices whose bit is set, ascending.
pub(super) fn members(asked: &[u64]) -> impl Iterator<Item = DeviceId> + '_ {
    asked.iter().zip(0u32..).flat_map(|(&word, block)| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let bit = rest.trailing_zeros();
            (bit < 64).then(|| {
                rest &= rest - 1;
                DeviceId(block * 64 + bit)
            })
        })
    })
}

#[cfg(test)]
mod tests;
