//! Reverse auction: for a while suppliers offer their devices to one job, and the cheapest offers win.
//!
//! *Rule*: a job takes offers for the length of the window before it joins the queue. Every device that suits it takes
//! part with its asking price, as a provider's pricing script answers every order; a supplier may offer one of its devices
//! for less or more, for this job alone. When the job's turn comes, the cheapest offers of devices that are free then
//! win, equals by the lowest id, and are paid by [`AuctionPays`]. Offers stand while the job waits.
//!
//! *Formula*: price = own offer; or, for all winners, the lowest offer that lost, and the renter's limit when none did.
//!
//! *Source*: Akash: an order is opened, providers bid by a script (`price_script_generic.sh` of its Helm charts), the
//! renter picks after 30 seconds (Console API quick start). That it picks the cheapest is assumed; the second rule is
//! Vickrey's, Journal of Finance 16, 1961, for several like units.
//!
//! *Known weakness*: paid as offered, whoever guesses the next offer asks just below it. Under the lowest losing offer a
//! supplier with several devices gains by holding some back.

use super::passage::Attempt;
use super::pricing::{AuctionPays, Pricing};
use super::{Books, Due, JobState, Market, Member};
use crate::command::Rejection;
use crate::effect::Effect;
use crate::ids::{AccountId, DeviceId, JobId};
use crate::registry::Registry;
use crate::scheduling::Kind;
use crate::units::{Span, Time};
use std::collections::BTreeMap;

/// Offers for jobs that wait, other than the standing ones.
#[derive(Default, Debug)]
pub(super) struct Orders {
    open: BTreeMap<JobId, Order>,
}

#[derive(Debug)]
struct Order {
    closes: Time,
    offers: BTreeMap<DeviceId, u32>,
}

impl Orders {
    /// A job waits no longer; when its offers were to close.
    pub(super) fn forget(&mut self, job: JobId) -> Option<Time> {
        self.open.remove(&job).map(|order| order.closes)
    }
}

/// An offer by a device that is free: price, device, its cards.
type Offer = (u32, DeviceId, u32);

impl Market {
    /// True where jobs are auctioned.
    pub(super) fn auctions(&self) -> bool {
        self.window().is_some()
    }

    /// The length of the window, where jobs are auctioned.
    fn window(&self) -> Option<Span> {
        match self.pricing {
            Pricing::ReverseAuction { window, .. } if self.sharing.is_none() => Some(window),
            _ => None,
        }
    }

    /// A job asks for offers before it joins the queue; false where none are taken.
    pub(super) fn invite_offers(&mut self, now: Time, job: JobId, books: &mut Books<'_>) -> bool {
        let Some(window) = self.window() else {
            return false;
        };
        let closes = now + window;
        self.orders.open.insert(job, Order { closes, offers: BTreeMap::new() });
        self.remind(closes, Due::OffersClose(job));
        books.effects.push(Effect::OffersInvited(job, closes));
        true
    }

    /// A supplier offers a device of its own to a job, instead of at its asking price. A later offer replaces it.
    ///
    /// # Errors
    /// [`Rejection::Unknown`] for a job that never was, or a device that is not the account's;
    /// [`Rejection::WrongState`] for a job that takes no offers now; [`Rejection::BadSize`] for a price above the
    /// renter's limit or a device that does not suit.
    pub fn offer(
        &mut self,
        now: Time,
        account: AccountId,
        job: JobId,
        (device, price): (DeviceId, u32),
        books: &mut Books<'_>,
    ) -> Result<(), Rejection> {
        self.jobs.get(job.at()).ok_or(Rejection::Unknown)?;
        if books.registry.account.get(device.at()) != Some(&account) {
            return Err(Rejection::Unknown);
        }
        let sought = self.sought(job);
        let order = self.orders.open.get_mut(&job).filter(|order| now < order.closes);
        let order = order.ok_or(Rejection::WrongState)?;
        let kind = Kind::of(books.registry, device);
        if price > sought.price_limit || !kind.suits(&books.registry.models, &sought) {
            return Err(Rejection::BadSize);
        }
        order.offers.insert(device, price);
        self.queue.forget_short(job);
        books.effects.push(Effect::Offered { job, device, price });
        Ok(())
    }

    /// No more offers: the job joins the queue.
    pub(super) fn offers_close(&mut self, now: Time, job: JobId) {
        debug_assert_eq!(self.jobs[job.at()].state, JobState::Waiting);
        self.join_queue(now, job);
    }

    /// Starts an auctioned job on the cheapest offers, if they are enough.
    pub(super) fn attempt_auctioned(&mut self, now: Time, job: JobId, books: &mut Books<'_>) -> Attempt {
        let offers = self.free_offers(job, books);
        let request = self.jobs[job.at()].request;
        let mut missing = request.cards;
        let mut winners: Vec<Member> = Vec::new();
        let mut losing = request.price_limit;
        for (price, device, cards) in &offers {
            if missing == 0 {
                losing = *price;
                break;
            }
            let cards = (*cards).min(missing);
            missing -= cards;
            winners.push(Member { device: *device, cards, price: *price });
        }
        if missing > 0 {
            return Attempt::Blocked;
        }
        if matches!(self.pricing, Pricing::ReverseAuction { pays: AuctionPays::LowestLosing, .. }) {
            winners.iter_mut().for_each(|winner| winner.price = losing);
        }
        let renter = self.jobs[job.at()].renter;
        let paid = self.hold_money(now, job, renter, books);
        if paid {
            self.start(now, job, winners, books);
        }
        self.attempted(job, paid)
    }

    /// Offers of free devices, cheapest first: enough for the job and one more, or all there are.
    fn free_offers(&mut self, job: JobId, books: &mut Books<'_>) -> Vec<Offer> {
        let own = self.orders.open.get(&job).map_or_else(BTreeMap::new, |order| order.offers.clone());
        let renter = self.jobs[job.at()].renter;
        let offer = |registry: &Registry, device: DeviceId, price: u32| {
            (price, device, u32::from(registry.cards[device.at()]))
        };
        let mut offers: Vec<Offer> = Vec::new();
        for (device, price) in &own {
            if books.registry.deployable(*device) && !self.shunned.shuns(renter, *device) {
                offers.push(offer(books.registry, *device, *price));
            }
        }
        let enough = self.standing(job, &own, &[], books);
        let more = match self.pricing {
            Pricing::ReverseAuction { pays: AuctionPays::LowestLosing, .. } => {
                self.standing(job, &own, &enough, books)
            }
            _ => Vec::new(),
        };
        for device in enough.into_iter().chain(more) {
            offers.push(offer(books.registry, device, books.registry.price[device.at()]));
        }
        offers.sort_unstable();
        offers
    }

    /// Free devices with no offer of their own, cheapest first: enough for the whole job beside `but`, or all there are.
    fn standing(
        &mut self,
        job: JobId,
        own: &BTreeMap<DeviceId, u32>,
        but: &[DeviceId],
        books: &mut Books<'_>,
    ) -> Vec<DeviceId> {
        let sought = self.sought(job);
        let renter = self.jobs[job.at()].renter;
        let shunned = &self.shunned;
        let mut found = Vec::new();
        let mut allow = |device| {
            let takes_part =
                !own.contains_key(&device) && !but.contains(&device) && !shunned.shuns(renter, device);
            if takes_part {
                found.push(device);
            }
            takes_part
        };
        let mut picks = std::mem::take(&mut self.picks);
        let placement = self.placement.as_ref();
        let all = self.index.find_among(books.registry, job, &sought, placement, &mut allow, &mut picks);
        self.picks = picks;
        // Too few: what came up is in `found` all the same, and is all there is where nobody made an offer.
        if let Err(supply) = all
            && own.is_empty()
            && but.is_empty()
        {
            self.queue.note_short(job, supply);
        }
        found
    }
}
