//! What has been promised to whom: the calendar, told of every lease and of every device that comes and goes.

mod held_back;

use super::{Lease, Member};
use crate::command::JobRequest;
use crate::ids::{DeviceId, JobId, ModelId};
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
    suited: Suited,
    /// Parts of a lease while they are entered.
    entered: Vec<Part>,
    /// Emptied lists of parts, for the next promises.
    spare: Vec<Vec<Part>>,
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
            suited: Suited::default(),
            entered: Vec::new(),
            spare: Vec::new(),
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
            self.release(promise);
        }
    }

    /// A lease began.
    pub(super) fn started(&mut self, now: Time, lease: &Lease) {
        self.enter(&lease.members);
        self.calendar.take(now, lease.ends, &self.entered);
    }

    /// A lease ended, maybe before its time.
    pub(super) fn ended(&mut self, now: Time, ends: Time, members: &[Member]) {
        if now < ends {
            self.enter(members);
            self.calendar.give(now, ends, &self.entered);
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
        let holds_back = self.holds_back();
        let lots = self.suited.lots(&self.lots, registry, request);
        let chooser = Chooser { unit: self.calendar.unit(), lots, registry, request };
        let enough = |row: &[i64]| holds_back || chooser.suffices(row);
        if !self.calendar.open(now, request.term, &mut self.row, enough) {
            return false;
        }
        if holds_back {
            self.leave_out_held_back(now);
        }
        let lots = self.suited.lots(&self.lots, registry, request);
        Chooser { unit: self.calendar.unit(), lots, registry, request }.choose(&self.row, parts)
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
        let lots = self.suited.lots(&self.lots, registry, request);
        let chooser = Chooser { unit: self.calendar.unit(), lots, registry, request };
        let enough = |row: &[i64]| chooser.suffices(row);
        let Some(start) = self.calendar.earliest(now, request.term, &mut self.row, enough) else {
            return false;
        };
        let mut parts = self.spare.pop().unwrap_or_default();
        let chosen = chooser.choose(&self.row, &mut parts);
        debug_assert!(chosen, "what was found is there");
        let promise = Promise { start, end: start + request.term, parts };
        self.calendar.take(promise.start, promise.end, &promise.parts);
        self.promises.insert(job, promise);
        start <= now
    }

    /// Promises no longer hold, and are made anew.
    pub(super) fn disturb(&mut self) {
        self.withdraw_promises();
        self.disturbed = true;
    }

    /// Takes all promises back.
    pub(super) fn withdraw_promises(&mut self) {
        while let Some((_, promise)) = self.promises.pop_first() {
            self.release(promise);
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

    /// Notes the parts that a lease's devices are.
    fn enter(&mut self, members: &[Member]) {
        let mut parts = std::mem::take(&mut self.entered);
        parts.clear();
        for member in members {
            let column = self.column(member.device);
            match parts.last_mut() {
                Some(last) if last.column == column => last.devices += 1,
                _ => parts.push(Part { column, devices: 1 }),
            }
        }
        self.entered = parts;
    }

    fn release(&mut self, mut promise: Promise) {
        if self.calendar.unit() == Unit::Hosts {
            // A host that has gone since was taken out of every slice and does not come back by this door.
            promise.parts.retain(|part| self.here[part.column as usize]);
        }
        self.calendar.give(promise.start, promise.end, &promise.parts);
        promise.parts.clear();
        self.spare.push(promise.parts);
    }
}

/// What decides which lots suit a request: model, memory, tier, price limit, and the size of one host.
type Wish = (Option<ModelId>, u32, u8, u32, Option<u32>);

/// The lots that suit the latest request: those that ask alike, as a class of renters does, share the look.
#[derive(Default, Debug)]
struct Suited {
    wish: Option<Wish>,
    /// Lots there were.
    known: usize,
    /// Column and cards of a device, cheapest first.
    lots: Vec<(u32, u32)>,
}

impl Suited {
    fn lots(&mut self, all: &BTreeMap<Lot, u32>, registry: &Registry, request: &JobRequest) -> &[(u32, u32)] {
        let host = request.one_host.then_some(request.cards);
        let wish = (request.model, request.min_memory_mb, request.min_tier, request.price_limit, host);
        if self.wish != Some(wish) || self.known != all.len() {
            let suits =
                |(price, kind): &Lot| *price <= request.price_limit && kind.suits(&registry.models, request);
            let suited = all.iter().filter(|(lot, _)| suits(lot));
            self.lots.clear();
            self.lots.extend(suited.map(|(lot, column)| (*column, u32::from(lot.1.cards))));
            self.wish = Some(wish);
            self.known = all.len();
        }
        &self.lots
    }
}

/// Chooses parts for one request out of what is free: the cheapest lots first, or the lowest ids.
struct Chooser<'a> {
    unit: Unit,
    /// Lots that suit, cheapest first: column and cards of a device.
    lots: &'a [(u32, u32)],
    registry: &'a Registry,
    request: &'a JobRequest,
}

impl Chooser<'_> {
    /// True when [`Chooser::choose`] would find its parts.
    fn suffices(&self, row: &[i64]) -> bool {
        match self.unit {
            Unit::Counts => {
                let free = |column: u32| u64::try_from(row[column as usize]).unwrap_or(0);
                let cards = self.lots.iter().map(|(column, cards)| free(*column) * u64::from(*cards));
                cards.sum::<u64>() >= u64::from(self.request.cards)
            }
            Unit::Hosts => self.hosts(row, |_| {}),
        }
    }

    fn choose(&self, row: &[i64], parts: &mut Vec<Part>) -> bool {
        parts.clear();
        match self.unit {
            Unit::Counts => self.by_counts(row, parts),
            Unit::Hosts => self.hosts(row, |device| parts.push(Part { column: device.0, devices: 1 })),
        }
    }

    fn by_counts(&self, row: &[i64], parts: &mut Vec<Part>) -> bool {
        let mut missing = self.request.cards;
        for (column, cards) in self.lots {
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

    fn hosts(&self, row: &[i64], mut take: impl FnMut(DeviceId)) -> bool {
        let mut missing = self.request.cards;
        for (word, block) in row.iter().zip(0u32..) {
            let mut rest = word.cast_unsigned();
            while rest != 0 {
                let device = DeviceId(block * 64 + rest.trailing_zeros());
                rest &= rest - 1;
                if suits(self.registry, self.request, device) {
                    take(device);
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
