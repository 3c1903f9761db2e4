//! The choices a billing rule leaves open: what a lost device costs its renter, and when suppliers are paid.

use serde::Serialize;

/// What goes back to the renter when a device is lost before the term is served.
///
/// *Known weakness*: under [`LossRefund::None`] desertion pays as well as service, and where interrupted jobs go on, a
/// renter that gives such a job up pays for what it used and no more; under [`LossRefund::Whole`] one
/// deserter in a gang costs all the others their pay, and the renter has computed for nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
pub enum LossRefund {
    /// Nothing: the term is billed as though it had been served.
    None,
    /// The unused time: see [`super::BillingSpec::unpaid_start`] and [`super::BillingSpec::forfeit_step`].
    #[default]
    Unused,
    /// The whole price: nobody is paid.
    Whole,
}

/// When what a lease owes is paid out of its escrow. The sums are the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
pub enum Settlement {
    /// Once, when the lease is over.
    #[default]
    AtEnd,
    /// After each full hour, as far as no outcome can take it back; the rest when the lease is over.
    Hourly,
}
