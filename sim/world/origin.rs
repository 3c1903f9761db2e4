//! Where a worker connects from and what hardware it reports: what the network sees of a machine's place and owner.
//!
//! Addresses, subnets and fingerprints are names: two are equal when the things are. All follow from stable keys, so that
//! nobody's depends on who else is there or came first.
//! - An owner's own machines are behind its one address, or have one each where the site says so; both in one of the
//!   subnets of the owner's provider.
//! - A rented machine has an address of its own in one of its cloud's subnets, which all customers of the provider share.
//! - A machine reports the fingerprint of its hardware, or, in some clouds, that of the provider's image.

use crate::engine::EntityKey;
use crate::scenario::market::{ALL_SUBNETS, Cloud, Site};

/// What the network sees of one worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Address.
    pub address: u32,
    /// Subnet of that address.
    pub subnet: u32,
    /// Reported fingerprint; 0 when there is no worker to report one.
    pub fingerprint: u32,
}

/// Addresses in a subnet.
const PER_SUBNET: u32 = 256;
/// Subnets with a number from here on belong to somebody in the scenario; those below are the rest of the world's.
const OWNED: u32 = 1 << 30;

/// The address of whoever has this key: 31 bits of it.
#[must_use]
pub fn address(key: EntityKey) -> u32 {
    (key.0 >> 17) as u32 >> 1
}

/// The subnet of an address somewhere in the world.
#[must_use]
pub fn anywhere(address: u32) -> u32 {
    address / PER_SUBNET
}

/// The `at`-th address of a row that begins here, and its subnet, as the network numbers them.
#[must_use]
pub fn row(address: u32, subnet: u32, at: u32) -> (u32, u32) {
    let last = address + at;
    (last, subnet + (last / PER_SUBNET - address / PER_SUBNET))
}

/// The subnet of an owner at a place of this kind, where they are spread over `subnets`.
#[must_use]
pub fn at_site(site: &Site, subnets: u64, owner: EntityKey) -> u32 {
    if site.isp_subnets == ALL_SUBNETS {
        return anywhere(address(owner));
    }
    owned("site.subnet", &site.name, pick("site", &site.name, owner, subnets))
}

/// The subnet of a machine rented from this provider, which has so many.
#[must_use]
pub fn in_cloud(cloud: &Cloud, subnets: u64, machine: EntityKey) -> u32 {
    owned("cloud.subnet", &cloud.provider, pick("cloud", &cloud.provider, machine, subnets))
}

/// Subnets of the provider of `cloud`: enough for the stock of all its offers.
#[must_use]
pub fn subnets_of(cloud: &Cloud, clouds: &[Cloud], scaled: impl Fn(u64) -> u64) -> u64 {
    let offers = clouds.iter().filter(|offer| offer.provider == cloud.provider);
    let machines = |offer: &Cloud| scaled(offer.stock).div_ceil(u64::from(offer.cards_per_machine).max(1));
    offers.map(|offer| machines(offer).div_ceil(offer.machines_per_subnet)).sum::<u64>().max(1)
}

/// The fingerprint of what this key stands for; never 0.
#[must_use]
pub fn fingerprint(kind: &str, key: EntityKey) -> u32 {
    ((EntityKey::of("fingerprint", kind, key.0).0 >> 32) as u32).max(1)
}

/// The fingerprint of a provider's image; never 0.
#[must_use]
pub fn image(cloud: &Cloud) -> u32 {
    fingerprint("image", EntityKey::of("cloud", &cloud.provider, 0))
}

/// The `at`-th device of a farm's machine, as one who draws a name of its own.
#[must_use]
pub fn alias(machine: EntityKey, at: u32) -> EntityKey {
    EntityKey::of("alias", "", machine.0.wrapping_add(u64::from(at).wrapping_mul(0x9E37_79B9_7F4A_7C15)))
}

/// One of `count`, with equal chances.
fn pick(kind: &str, name: &str, who: EntityKey, count: u64) -> u64 {
    let uniform = EntityKey::of(kind, name, who.0).0;
    ((u128::from(uniform) * u128::from(count)) >> 64) as u64
}

fn owned(kind: &str, name: &str, number: u64) -> u32 {
    OWNED | (EntityKey::of(kind, name, number).0 >> 34) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_passes_into_the_next_subnet_where_the_network_says_so() {
        assert_eq!(row(510, 7, 0), (510, 7));
        assert_eq!(row(510, 7, 1), (511, 7));
        assert_eq!(row(510, 7, 2), (512, 8));
        assert_eq!(row(0, 7, 511), (511, 8));
    }

    #[test]
    fn picks_are_spread_evenly_and_owned_subnets_are_nobody_elses() {
        let mut counts = [0u32; 4];
        for i in 0..40_000 {
            counts[pick("cloud", "a", EntityKey(i), 4) as usize] += 1;
        }
        // Ten thousand each; five standard deviations are 433.
        assert!(counts.iter().all(|n| n.abs_diff(10_000) < 433), "{counts:?}");
        let highest = anywhere(address(EntityKey(u64::MAX)));
        assert!((0..1000).all(|i| owned("cloud.subnet", "a", i) > highest));
    }
}
