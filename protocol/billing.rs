//! Billing: what a lease costs, who is paid from its escrow, and what goes back to the renter.
//!
//! *Rule*: money for the dearest case is held when a lease starts; when it ends, each supplier is paid
//! for the cards that were asked of its device, at its own asking price, for the time that counts; the
//! network takes its fees; the rest returns to the renter. Cards of a device beyond those asked idle
//! and are not billed.
//!
//! *Formula*: with time `t` that counts (see [`Billing::counted_time`]) and shares `i`
//!
//! ```text
//! escrow = up(asked * limit * max(term, minimum) / hour) =: E, plus up(E * renter fees)
//! rent_i = down(cards_i * price_i * t_i / hour); if not delivered, what is older than the dispute window
//!          and (1 - refund) of the rest
//! pay_i  = down(rent_i * (1 - supplier fee))
//! fees   = sum down(rent_i * supplier fee) + down(sum rent * reservation) + down(sum rent * payment)
//! refund = escrow - sum pay_i - fees
//! paid   = down(pay_i * (1 - rent burned)), down(fees * (1 - fees burned)), in tokens only; the rest is burned
//! ```
//!
//! Rounding happens in `rent`, `portion`, `portion_up` and, for tokens, [`Currency`] only. Escrow rounds up, everything paid out of it
//! rounds down, so what rounding leaves stays with the renter and the escrow always suffices.
//!
//! *Source*: io.net docs, IO Tokenomics and IO Cloud Payments (fees), and its rules of job pay: one hour
//! is the minimum rental, and leaving in the first hour pays nothing. That the payment fee falls on the
//! renter, on top of the rent, is assumed, as are the refund of undelivered work and whole-hour pay of a
//! deserter. Burning on use is Render's (RNP-001: tokens for work are burned after a fee of 5 %) and Akash's (AEP-76);
//! io.net says that revenue buys and burns IO.
//!
//! With [`Settlement::Hourly`] served hours are paid as they end, see [`parts`]; a bill in tokens is worked out in
//! micro-dollars and converted, see [`Currency`].
//!
//! *Known weakness*: a renter who always says "not delivered" computes for nothing while the refund is
//! whole; a gang's innocent members lose their first hour with the deserter.

use crate::command::JobRequest;
use crate::effect::{Effect, Outcome};
use crate::ledger::{Asset, Ledger, Purse};
use crate::units::{Amount, ONE, Ppm, Span, portion};
use serde::Serialize;

mod currency;
pub mod parts;
mod rules;

pub use currency::{Currency, TokenRate};
pub use rules::{LossRefund, Settlement};

/// Fees and rules of payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct BillingSpec {
    /// Renter's reservation fee, as a share of the rent and on top of it. 0.25 % (io.net docs).
    pub renter_reservation: Ppm,
    /// Supplier's reservation fee, taken out of the rent; more than [`ONE`] counts as [`ONE`]. 0.25 %
    /// (io.net docs).
    pub supplier_reservation: Ppm,
    /// Fee for paying in USDC, on top of the rent. 2 % (io.net docs); that the renter bears it is assumed.
    pub usdc_payment: Ppm,
    /// Shortest time that is billed when the term is served or the renter ends it. 1 hour (io.net docs).
    pub minimum_rental: Span,
    /// A job that loses a device within this time is paid to nobody. 1 hour (io.net docs: "leaving in
    /// first hour pays nothing"; that its gang goes unpaid too is assumed).
    pub unpaid_start: Span,
    /// A lost device is paid for whole steps of this length, the current one is forfeit; zero pays to the
    /// nanosecond. 1 hour (assumed, from hourly settlement).
    pub forfeit_step: Span,
    /// Share of the rent given back when the devices did not deliver; more than [`ONE`] counts as [`ONE`].
    /// All of it (assumed).
    pub undelivered_refund: Ppm,
    /// A renter can say "not delivered" of this much of the latest time only; what was served earlier stands. Without
    /// end (assumed, as the network publishes no such limit).
    pub dispute_window: Span,
    /// What goes back to the renter when a device is lost. The unused time (as before this was a choice).
    pub device_loss: LossRefund,
    /// When suppliers are paid. At the end (io.net docs: "paid at end or daily").
    pub settlement: Settlement,
    /// What renters pay in; prices stay in micro-dollars. Dollars (io.net docs name USDC and IO).
    pub pay_in: Asset,
    /// Share of what suppliers would be paid in tokens that is burned instead; more than [`ONE`] counts as [`ONE`]. None.
    pub rent_burned: Ppm,
    /// The same of the network's fees. None.
    pub fees_burned: Ppm,
}

impl Default for BillingSpec {
    fn default() -> Self {
        BillingSpec {
            renter_reservation: 2_500,
            supplier_reservation: 2_500,
            usdc_payment: 20_000,
            minimum_rental: Span::HOUR,
            unpaid_start: Span::HOUR,
            forfeit_step: Span::HOUR,
            undelivered_refund: ONE,
            dispute_window: Span::MAX,
            device_loss: LossRefund::Unused,
            settlement: Settlement::AtEnd,
            pay_in: Asset::Usd,
            rent_burned: 0,
            fees_burned: 0,
        }
    }
}

/// One device's part of a lease, as far as money goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    /// Supplier's purse.
    pub payee: Purse,
    /// Cards asked of this device, not those it has.
    pub cards: u32,
    /// Asking price when the lease began, micro-dollars per card and hour.
    pub price: u32,
    /// True for the device whose loss ended the lease.
    pub lost: bool,
}

/// A lease that is over, as far as money goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bill<'a> {
    /// Renter's purse.
    pub renter: Purse,
    /// What [`Billing::hold_in`] held, less the parts paid since; in micro-dollars, or base units of the currency.
    pub held: Amount,
    /// Term agreed.
    pub term: Span,
    /// Time served, at most the term.
    pub used: Span,
    /// Why it ended.
    pub outcome: Outcome,
    /// One per device.
    pub shares: &'a [Share],
    /// Time that its job had been served before, by earlier leases: it counts towards the shortest time that is billed
    /// and towards the unpaid start.
    pub served_before: Span,
}

/// The rules with the two purses they need.
#[derive(Debug)]
pub struct Billing {
    spec: BillingSpec,
    escrow: Purse,
    network: Purse,
    /// Where burned tokens lie for good, if any are burned.
    burned: Option<Purse>,
    rate: Option<TokenRate>,
}

impl Billing {
    /// Opens the escrow and the network's own purse, and one of burned tokens where any are burned.
    #[must_use]
    pub fn open(spec: BillingSpec, ledger: &mut Ledger) -> Billing {
        let (escrow, network) = (ledger.open(), ledger.open());
        let burns = spec.pay_in == Asset::Token && spec.rent_burned.max(spec.fees_burned) > 0;
        Billing { spec, escrow, network, burned: burns.then(|| ledger.open()), rate: None }
    }

    /// The rules in force.
    #[must_use]
    pub fn spec(&self) -> &BillingSpec {
        &self.spec
    }

    /// Where money of running leases is held; its balance is the sum of their escrows.
    #[must_use]
    pub fn escrow_purse(&self) -> Purse {
        self.escrow
    }

    /// Where fees arrive.
    #[must_use]
    pub fn network_purse(&self) -> Purse {
        self.network
    }

    /// Where burned tokens lie for good; none while the rules burn nothing.
    #[must_use]
    pub fn burned_purse(&self) -> Option<Purse> {
        self.burned
    }

    /// What a request costs at most, fees included, in micro-dollars.
    #[must_use]
    pub fn escrow(&self, request: &JobRequest) -> Amount {
        self.escrow_for(request, request.term, Span::ZERO)
    }

    /// The same for a lease of this length, of a job that has been served for some time before.
    #[must_use]
    pub fn escrow_for(&self, request: &JobRequest, length: Span, served_before: Span) -> Amount {
        let time = length.max(self.minimum(served_before));
        let product = card_price_time(request.cards, request.price_limit, time);
        let rent = micro_dollars(product.div_ceil(u128::from(Span::HOUR.0)));
        rent + portion_up(rent, self.spec.renter_reservation) + portion_up(rent, self.spec.usdc_payment)
    }

    /// Pays suppliers, network and renter out of escrow, to the last micro-dollar of what was held.
    pub fn settle(&self, bill: &Bill<'_>, ledger: &mut Ledger, effects: &mut Vec<Effect>) {
        self.settle_rest(bill, Span::ZERO, Currency::Usd, ledger, effects);
    }

    /// Shortest time that is billed, less what the job was served before.
    fn minimum(&self, served_before: Span) -> Span {
        self.spec.minimum_rental - served_before
    }

    /// Rent owed for one share in micro-dollars, rounded down.
    fn rent(&self, bill: &Bill<'_>, share: &Share) -> Amount {
        let time = self.counted_time(bill, share.lost);
        let product = card_price_time(share.cards, share.price, time);
        let rent = per_hour(product);
        match bill.outcome {
            Outcome::NotDelivered => {
                let stands = bill.used - self.spec.dispute_window;
                let stands = per_hour(card_price_time(share.cards, share.price, stands));
                stands + portion(rent - stands, ONE - self.spec.undelivered_refund.min(ONE))
            }
            _ => rent,
        }
    }

    /// The time for which a share is paid: the term when it was served; the time used, at least the minimum
    /// rental, when the renter ended it; the time used when it was stopped for another; when a device was lost, what
    /// [`LossRefund`] says: under the default nothing at the start, then the time used, and whole steps only for the
    /// lost device itself. For a job that goes on after an interruption, what it was served before counts towards the
    /// minimum and the start.
    #[must_use]
    pub fn counted_time(&self, bill: &Bill<'_>, lost: bool) -> Span {
        let spec = &self.spec;
        let minimum = self.minimum(bill.served_before);
        let longest = bill.term.max(minimum);
        match bill.outcome {
            Outcome::Completed => longest,
            Outcome::EndedEarly | Outcome::NotDelivered => bill.used.max(minimum).min(longest),
            Outcome::Preempted => bill.used,
            Outcome::DeviceLost | Outcome::Interrupted => match spec.device_loss {
                // What a job that goes on has not used, it pays for when it has.
                LossRefund::None if bill.outcome == Outcome::Interrupted => bill.used,
                LossRefund::None => longest,
                LossRefund::Whole => Span::ZERO,
                LossRefund::Unused if bill.served_before + bill.used < spec.unpaid_start => Span::ZERO,
                LossRefund::Unused if lost && spec.forfeit_step > Span::ZERO => {
                    Span(bill.used.0 - bill.used.0 % spec.forfeit_step.0)
                }
                LossRefund::Unused => bill.used,
            },
        }
    }
}

/// Cards × micro-dollars × nanoseconds: at most (2^32)(2^32)(2^64), which still fits.
fn card_price_time(cards: u32, price: u32, time: Span) -> u128 {
    u128::from(cards) * u128::from(price) * u128::from(time.0)
}

/// Micro-dollars × nanoseconds over an hour, rounded down; in 64 bits where that suffices, which is several times faster.
fn per_hour(product: u128) -> Amount {
    match u64::try_from(product) {
        Ok(narrow) => Amount::from(narrow / Span::HOUR.0),
        Err(_) => micro_dollars(product / u128::from(Span::HOUR.0)),
    }
}

fn micro_dollars(amount: u128) -> Amount {
    Amount::try_from(amount).expect("2^128 divided by the nanoseconds of an hour")
}

/// As [`portion`], rounded up.
fn portion_up(amount: Amount, ppm: Ppm) -> Amount {
    let narrow = u64::try_from(amount).ok().and_then(|amount| amount.checked_mul(u64::from(ppm)));
    match narrow {
        Some(product) => Amount::from(product.div_ceil(u64::from(ONE))),
        None => (amount * Amount::from(ppm) + Amount::from(ONE) - 1) / Amount::from(ONE),
    }
}

#[cfg(test)]
mod tests;
