//! Names of things: dense indices that the protocol hands out, so that hot state is flat.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta] $name:ident($inner:ty);)*) => {$(
        #[$doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
        pub struct $name(pub $inner);

        impl $name {
            /// The position in a column.
            #[must_use]
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

id! {
    /// A supplier's or renter's account on the network.
    AccountId(u32);
    /// A worker as listed: one host claim with one or more cards of one model.
    DeviceId(u32);
    /// A renter's request.
    JobId(u32);
    /// Devices bound to one job.
    LeaseId(u32);
    /// A row of the network's table of GPU models.
    ModelId(u16);
    /// A season of points, in order of opening.
    SeasonId(u16);
    /// A slash, in order of charging.
    SlashId(u32);
}
