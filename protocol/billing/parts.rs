//! Paying a lease in parts: served hours as they end, the rest when it is over.
//!
//! *Rule*: after a full hour each supplier is paid what it will have earned whatever happens next; the network takes
//! the fees on that. The last bill pays the difference to what one bill at the end would have paid, and returns the
//! remaining escrow. So nothing ever has to be taken back, and the sums do not depend on the parts.
//!
//! *Formula*: with `t` the full hours served and `rent(outcome, t)` as in [`super`]
//!
//! ```text
//! certain_i(0) = 0, certain_i(t) = min over outcomes that may end it at t of rent_i(outcome, t): device lost or
//!                                  interrupted (by i itself), stopped for another, not delivered
//! part_i       = pay(certain_i(t)) - pay(certain_i(t')), with t' the hours paid before; fees alike
//! last_i       = pay(rent_i(outcome, used)) - pay(certain_i(t'))
//! ```
//!
//! All terms grow with `t` and no outcome pays less than their minimum, so no part is negative.
//!
//! *Source*: io.net docs (paid at end or daily); the hour is its unit of rent. That parts are limited to what is
//! certain is assumed.
//!
//! *Known weakness*: while all undelivered work is refunded without limit of time, or a lost device refunds all,
//! nothing is certain before the end, and the parts are zero. [`BillingSpec::dispute_window`] of an hour is what makes
//! hourly pay real.

use super::{Bill, Billing, BillingSpec, Currency, Settlement, Share, TokenRate};
use crate::command::Rejection;
use crate::effect::{Effect, Outcome};
use crate::ledger::{Asset, Category, Ledger, Purse};
use crate::units::{Amount, ONE, Ppm, Span, Time, portion};

/// What a bill comes to before conversion, in micro-dollars: pay by share, and all fees.
#[derive(Debug)]
struct Sums {
    pay: Vec<Amount>,
    fees: Amount,
}

impl Billing {
    /// The rate of the token from now on; leases that run keep theirs.
    pub fn set_rate(&mut self, rate: TokenRate) {
        self.rate = Some(rate);
    }

    /// The rate of the token, once one was set.
    #[must_use]
    pub fn rate(&self) -> Option<TokenRate> {
        self.rate
    }

    /// What a lease that starts now is paid in; none while tokens are asked and have no rate.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        match self.spec.pay_in {
            Asset::Token => self.rate.map(Currency::Token),
            Asset::Usd | Asset::Points => Some(Currency::Usd),
        }
    }

    /// Moves `amount` from the renter to escrow.
    ///
    /// # Errors
    /// [`Rejection::Unfunded`] when the renter's balance is short; nothing has moved then.
    pub fn hold_in(
        &self,
        currency: Currency,
        renter: Purse,
        amount: Amount,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Rejection> {
        ledger.transfer(currency.asset(), Category::Escrow, renter, self.escrow, amount, effects)
    }

    /// When the next part of a lease is due, given what was settled so far; never under [`Settlement::AtEnd`].
    #[must_use]
    pub fn next_part(&self, started: Time, settled: Span) -> Time {
        match self.spec.settlement {
            Settlement::AtEnd => Time::NEVER,
            Settlement::Hourly => started + settled + Span::HOUR,
        }
    }

    /// Pays the full hours of `bill.used` that were not `settled` yet, as far as they are certain. Returns the time that
    /// is settled now and the base units that left escrow, by which the caller lowers `held`. The bill's outcome is
    /// not read. Under [`Settlement::AtEnd`] nothing happens.
    pub fn settle_part(
        &self,
        bill: &Bill<'_>,
        settled: Span,
        currency: Currency,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) -> (Span, Amount) {
        let full = Span(bill.used.0 - bill.used.0 % Span::HOUR.0);
        if self.spec.settlement == Settlement::AtEnd || full <= settled {
            return (settled, 0);
        }
        let before = self.certain(bill, settled);
        let after = self.certain(bill, full);
        (full, self.pay(bill, &before, &after, currency, ledger, effects))
    }

    /// Settles a lease that is over, of which `settled` was paid in parts: all that is left of `held` goes to
    /// suppliers, network and renter.
    pub fn settle_rest(
        &self,
        bill: &Bill<'_>,
        settled: Span,
        currency: Currency,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) {
        let before = self.certain(bill, settled);
        let after = self.sums(bill.shares.iter().map(|share| self.rent(bill, share)));
        let left = bill.held - self.pay(bill, &before, &after, currency, ledger, effects);
        let (asset, refund) = (currency.asset(), Category::Refund);
        ledger.transfer(asset, refund, self.escrow, bill.renter, left, effects).expect("it is still held");
    }

    /// Pays the difference between two states of a bill; returns its sum.
    fn pay(
        &self,
        bill: &Bill<'_>,
        before: &Sums,
        after: &Sums,
        currency: Currency,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) -> Amount {
        let (mut paid, mut burned) = (0, 0);
        let burns = self.burned.filter(|_| currency.asset() == Asset::Token);
        let mut pay = |category, to, amount| {
            ledger
                .transfer(currency.asset(), category, self.escrow, to, amount, effects)
                .expect("escrow rounds up and payments round down and grow, so it covers them");
            paid += amount;
        };
        // What is kept of a sum and what is burned of it both grow with it, so neither ever has to be given back.
        let mut kept = |(before, after): (Amount, Amount), lost: Ppm| {
            let lost = burns.map_or(0, |_| lost.min(ONE));
            let (before, after) = (currency.down(before), currency.down(after));
            let amount = portion(after, ONE - lost) - portion(before, ONE - lost);
            burned += after - before - amount;
            amount
        };
        for (i, share) in bill.shares.iter().enumerate() {
            let amount = kept((before.pay[i], after.pay[i]), self.spec.rent_burned);
            pay(Category::LeasePay, share.payee, amount);
        }
        let fees = kept((before.fees, after.fees), self.spec.fees_burned);
        pay(Category::Fee, self.network, fees);
        if let Some(purse) = burns {
            pay(Category::Burn, purse, burned);
        }
        paid
    }

    /// What has been earned for good once `served` is over, whatever happens next.
    fn certain(&self, bill: &Bill<'_>, served: Span) -> Sums {
        let rent = |share: &Share| {
            let under = |outcome, lost| {
                self.rent(&Bill { used: served, outcome, ..*bill }, &Share { lost, ..*share })
            };
            let lost = under(Outcome::DeviceLost, true).min(under(Outcome::Interrupted, true));
            lost.min(under(Outcome::Preempted, false)).min(under(Outcome::NotDelivered, false))
        };
        if served == Span::ZERO {
            return Sums { pay: vec![0; bill.shares.len()], fees: 0 };
        }
        self.sums(bill.shares.iter().map(rent))
    }

    /// Pay and fees from rents.
    fn sums(&self, rents: impl Iterator<Item = Amount>) -> Sums {
        let BillingSpec { supplier_reservation, renter_reservation, usdc_payment, .. } = self.spec;
        let fee = supplier_reservation.min(ONE);
        let mut sums = Sums { pay: Vec::with_capacity(rents.size_hint().0), fees: 0 };
        let mut total = 0;
        for rent in rents {
            sums.pay.push(portion(rent, ONE - fee));
            sums.fees += portion(rent, fee);
            total += rent;
        }
        sums.fees += portion(total, renter_reservation) + portion(total, usdc_payment);
        sums
    }
}

#[cfg(test)]
mod tests;
