//! What has been promised to whom: the calendar, told of every lease and of every device that comes and goes.

mod held_back;

use super::{Lease, Member};
use crate::command::JobRequest;
use crate::ids::{DeviceId, JobId};
use crate::registry::Registry;
use crate::scheduling::calendar::{Calendar, Part};
use crate::scheduling::{Kind, Unit, WhenBlocked, suits};
use crate::units::Time;
use std::collections::BTreeMap;

/// Devices promised to a waiting job.
#[derive(Clone, Debug)]
struct Promise {
    start: Time,
    end: Time,
    parts: Vec<Part>,
}

/// Devices alike in price and kind, in that order.
type Lot = (u32, Kind);

/// See the file's header.
#[derive(Debug)]
pub(super) struct Reserve {
    calendar: Calendar,
    lots: BTreeMap<Lot, u32>,
    /// Lot of each device.
    lot_of: Vec<u32>,
    /// Whether a device is in the calendar.
    here: Vec<bool>,
    promises: BTreeMap<JobId, Promise>,
    /// Jobs that arrived since promises were last made.
    fresh: Vec<JobId>,
    /// Something ended before its time, left or came: promises must be made anew.
    disturbed: bool,
    /// Free by the calendar and not free yet; see `reserve/held_back.rs`.
    held_back: Vec<Part>,
    row: Vec<i64>,
}

impl Reserve {
    /// None for disciplines without promises.
    pub(super) fn for_discipline(when_blocked: WhenBlocked) -> Option<Reserve> {
        let unit = match when_blocked {
            WhenBlocked::Stop | WhenBlocked::Skip => return None,
            WhenBlocked::ReserveFirst(unit) | WhenBlocked::ReserveAll(unit) => unit,
        };
        Some(Reserve {
            calendar: Calendar::new(unit),
            lots: BTreeMap::new(),
            lot_of: Vec::new(),
            here: Vec::new(),
            promises: BTreeMap::new(),
            fresh: Vec::new(),
            disturbed: false,
            held_back: Vec::new(),
            row: Vec::new(),
        })
    }

    /// Devices were listed.
    pub(super) fn grow(&mut self, registry: &Registry) {
        for i in self.lot_of.len()..registry.len() {
            let device = DeviceId(u32::try_from(i).expect("ids are 32 bits"));
            let next = u32::try_from(self.lots.len()).expect("fewer lots than devices");
            let lot = (registry.price[i], Kind::of(registry, device));
            self.lot_of.push(*self.lots.entry(lot).or_insert(next));
        }
        self.here.resize(registry.len(), false);
        self.calendar.grow(match self.calendar.unit() {
            Unit::Counts => self.lots.len(),
            Unit::Hosts => registry.len(),
        });
    }

    /// A device can be hired from now on.
    pub(super) fn came(&mut self, device: DeviceId) {
        if !std::mem::replace(&mut self.here[device.at()], true) {
            self.calendar.change_for_good(self.column(device), 1);
            self.disturbed = true;
        }
    }

    /// A device can no longer be hired.
    pub(super) fn went(&mut self, device: DeviceId) {
        if std::mem::replace(&mut self.here[device.at()], false) {
            self.calendar.change_for_good(self.column(device), -1);
            self.disturbed = true;
        }
    }

    /// A job waits.
    pub(super) fn arrived(&mut self, job: JobId) {
        self.fresh.push(job);
    }

    /// A job no longer waits.
    pub(super) fn left(&mut self, now: Time, job: JobId) {
        if let Some(promise) = self.promises.remove(&job) {
            self.disturbed |= promise.start > now;
            self.release(&promise);
        }
    }

    /// A lease began.
    pub(super) fn started(&mut self, now: Time, lease: &Lease) {
        let parts = self.parts(&lease.members);
        self.calendar.take(now, lease.ends, &parts);
    }

    /// A lease ended, maybe before its time.
    pub(super) fn ended(&mut self, now: Time, ends: Time, members: &[Member]) {
        if now < ends {
            let parts = self.parts(members);
            self.calendar.give(now, ends, &parts);
            self.disturbed = true;
        }
    }

    /// Forgets what is past.
    pub(super) fn advance(&mut self, now: Time) {
        self.calendar.advance(now);
    }

    /// Parts that serve the request from now to the end of its term, beside all promises; false when there are none.
    pub(super) fn open(
        &mut self,
        now: Time,
        request: &JobRequest,
        registry: &Registry,
        parts: &mut Vec<Part>,
    ) -> bool {
        self.calendar.open(now, request.term, &mut self.row);
        self.leave_out_held_back(now);
        let chooser = Chooser::new(self.calendar.unit(), &self.lots, registry, request);
        chooser.choose(&self.row, parts)
    }

    /// Promises a job the earliest start; true when that is now. A job that all devices together could not serve is
    /// promised nothing.
    pub(super) fn promise(
        &mut self,
        now: Time,
        job: JobId,
        request: &JobRequest,
        registry: &Registry,
    ) -> bool {
        let chooser = Chooser::new(self.calendar.unit(), &self.lots, registry, request);
        let mut parts = Vec::new();
        let enough = |row: &[i64]| chooser.choose(row, &mut parts);
        let Some(start) = self.calendar.earliest(now, request.term, &mut self.row, enough) else {
            return false;
        };
        let chosen = chooser.choose(&self.row, &mut parts);
        debug_assert!(chosen, "what was found is there");
        let promise = Promise { start, end: start + request.term, parts };
        self.calendar.take(promise.start, promise.end, &promise.parts);
        self.promises.insert(job, promise);
        start <= now
    }

    /// Takes all promises back.
    pub(super) fn withdraw_promises(&mut self) {
        for promise in std::mem::take(&mut self.promises).into_values() {
            self.release(&promise);
        }
    }

    /// True when promises must be made anew; asking settles it.
    pub(super) fn settle_disturbance(&mut self) -> bool {
        std::mem::take(&mut self.disturbed)
    }

    /// Jobs that arrived since this was last asked, in order of arrival.
    pub(super) fn take_fresh(&mut self) -> Vec<JobId> {
        std::mem::take(&mut self.fresh)
    }

    /// Nobody will ask who arrived.
    pub(super) fn forget_fresh(&mut self) {
        self.fresh.clear();
    }

    /// Jobs whose promised time has come, in order of arrival.
    pub(super) fn due(&self, now: Time) -> Vec<JobId> {
        let due = self.promises.iter().filter(|(_, promise)| promise.start <= now);
        due.map(|(job, _)| *job).collect()
    }

    /// What a job is promised.
    pub(super) fn parts_of(&self, job: JobId) -> &[Part] {
        self.promises.get(&job).map_or(&[], |promise| &promise.parts)
    }

    /// In what it counts.
    pub(super) fn unit(&self) -> Unit {
        self.calendar.unit()
    }

    /// The lot or the device itself.
    pub(super) fn column(&self, device: DeviceId) -> u32 {
        match self.calendar.unit() {
            Unit::Counts => self.lot_of[device.at()],
            Unit::Hosts => device.0,
        }
    }

    fn parts(&self, members: &[Member]) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::with_capacity(members.len().min(8));
        for member in members {
            let column = self.column(member.device);
            match parts.last_mut() {
                Some(last) if last.column == column => last.devices += 1,
                _ => parts.push(Part { column, devices: 1 }),
            }
        }
        parts
    }

    fn release(&mut self, promise: &Promise) {
        let by_hosts = self.calendar.unit() == Unit::Hosts;
        let here = |part: &&Part| !by_hosts || self.here[part.column as usize];
        // A host that has gone since was taken out of every slice and does not come back by this door.
        let parts: Vec<Part> = promise.parts.iter().filter(here).copied().collect();
        self.calendar.give(promise.start, promise.end, &parts);
    }
}

/// Chooses parts for one request out of what is free: the cheapest lots first, or the lowest ids.
struct Chooser<'a> {
    unit: Unit,
    /// Lots that suit, cheapest first: column and cards of a device.
    lots: Vec<(u32, u32)>,
    registry: &'a Registry,
    request: &'a JobRequest,
}

impl<'a> Chooser<'a> {
    fn new(
        unit: Unit,
        lots: &BTreeMap<Lot, u32>,
        registry: &'a Registry,
        request: &'a JobRequest,
    ) -> Chooser<'a> {
        let suited =
            |(price, kind): &Lot| *price <= request.price_limit && kind.suits(&registry.models, request);
        let lots = match unit {
            Unit::Counts => lots
                .iter()
                .filter(|(lot, _)| suited(lot))
                .map(|(lot, column)| (*column, u32::from(lot.1.cards)))
                .collect(),
            Unit::Hosts => Vec::new(),
        };
        Chooser { unit, lots, registry, request }
    }

    fn choose(&self, row: &[i64], parts: &mut Vec<Part>) -> bool {
        parts.clear();
        match self.unit {
            Unit::Counts => self.by_counts(row, parts),
            Unit::Hosts => self.by_hosts(row, parts),
        }
    }

    fn by_counts(&self, row: &[i64], parts: &mut Vec<Part>) -> bool {
        let mut missing = self.request.cards;
        for (column, cards) in &self.lots {
            let free = u32::try_from(row[*column as usize].max(0)).unwrap_or(u32::MAX);
            let devices = free.min(missing.div_ceil(*cards));
            if devices > 0 {
                parts.push(Part { column: *column, devices });
                missing = missing.saturating_sub(devices.saturating_mul(*cards));
            }
            if missing == 0 {
                return true;
            }
        }
        false
    }

    fn by_hosts(&self, row: &[i64], parts: &mut Vec<Part>) -> bool {
        let mut missing = self.request.cards;
        for (word, block) in row.iter().zip(0u32..) {
            let mut rest = word.cast_unsigned();
            while rest != 0 {
                let device = DeviceId(block * 64 + rest.trailing_zeros());
                rest &= rest - 1;
                if suits(self.registry, self.request, device) {
                    parts.push(Part { column: device.0, devices: 1 });
                    missing = missing.saturating_sub(u32::from(self.registry.cards[device.at()]));
                    if missing == 0 {
                        return true;
                    }
                }
            }
        }
        false
    }
}
