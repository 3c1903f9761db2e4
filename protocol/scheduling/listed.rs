//! What has ever been listed, by kind: enough to tell a request that nobody could serve from one that must wait.

use super::Kind;
use crate::command::JobRequest;
use crate::ids::DeviceId;
use crate::registry::Registry;
use std::collections::BTreeMap;

/// The lowest price ever asked, per kind.
#[derive(Default, Debug)]
pub struct Listed {
    lowest: BTreeMap<Kind, u32>,
}

impl Listed {
    /// A device was listed.
    pub fn note(&mut self, registry: &Registry, device: DeviceId) {
        let price = registry.price[device.at()];
        let lowest = self.lowest.entry(Kind::of(registry, device)).or_insert(price);
        *lowest = price.min(*lowest);
    }

    /// True when at least one device ever listed suits the request by kind and price, whatever its standing.
    /// Whether there are enough of them for a gang is not asked: more may be listed while the job waits.
    #[must_use]
    pub fn could_serve(&self, registry: &Registry, request: &JobRequest) -> bool {
        self.lowest
            .iter()
            .any(|(kind, price)| *price <= request.price_limit && kind.suits(&registry.models, request))
    }
}
