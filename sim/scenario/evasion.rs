//! `[sybil.FARM.evasion]`: what a farm spends so that its devices do not look like one card.

use super::reading::{NonNegative, Share, Table};

/// Where a farm's devices connect from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Addresses {
    /// All of a rig behind its one address.
    Shared,
    /// One each, in a row, in the subnet where the rig stands.
    Block,
    /// One each, bought from networks all over the world.
    Scattered,
}

/// How a farm hides, and what that costs it.
#[derive(Clone, Copy, Debug)]
pub struct Evasion {
    /// Addresses.
    pub addresses: Addresses,
    /// What a scattered address costs beyond the identity, USD.
    pub address_usd: f64,
    /// Every device reports a fingerprint of its own instead of its card's.
    pub forged_fingerprints: bool,
    /// What forging one costs, USD.
    pub forging_usd: f64,
    /// Most devices that it lists under one account; all under one where absent.
    pub devices_per_account: Option<u32>,
    /// Share of a farm's flagged accounts that appeal.
    pub appeal_share: f64,
}

impl Evasion {
    /// Reads the table of a farm, or its defaults.
    pub(super) fn read(farm: &Table<'_>) -> Evasion {
        let t = farm.section("evasion", "what it does so that its devices do not look like one card");
        let addresses = t.word(
            "addresses",
            &["shared", "block", "scattered"],
            Some("block"),
            "shared: the rig's one address for all; block: one each, in a row, in the rig's subnet; scattered: one each, \
             bought all over the world (founding article: hundreds of IP addresses; how they lay is assumed)",
        );
        let forged = t.or(
            "forged_fingerprints",
            false,
            "each device reports a fingerprint of its own, not its card's; assumed",
        );
        for (key, acts, needs) in [
            ("address_usd", addresses == "scattered", "addresses = \"scattered\""),
            ("forging_usd", forged, "forged_fingerprints = true"),
        ] {
            if t.has(key) && !acts {
                t.problem(key, "nothing is bought at this price", format!("add {needs}, or leave it out"));
            }
        }
        let most = t.optional::<u32>(
            "devices_per_account",
            "most devices it lists under one account; without it one account holds them all",
        );
        if most == Some(0) {
            t.problem(
                "devices_per_account",
                "an account without devices",
                "give at least 1, or leave it out",
            );
        }
        Evasion {
            addresses: match addresses {
                "shared" => Addresses::Shared,
                "scattered" => Addresses::Scattered,
                _ => Addresses::Block,
            },
            address_usd: t
                .or("address_usd", NonNegative(1.0), "a scattered address, beyond identity_usd; assumed")
                .0,
            forged_fingerprints: forged,
            devices_per_account: most.map(|devices| devices.max(1)),
            forging_usd: t.or("forging_usd", NonNegative(0.05), "forging one fingerprint; assumed").0,
            appeal_share: t
                .or(
                    "appeal_share",
                    Share(1.0),
                    "share of its flagged accounts that appeal at once, since it costs nothing; assumed",
                )
                .0,
        }
    }

    /// What hiding adds to the cost of one identity, USD.
    #[must_use]
    pub fn usd_per_identity(&self) -> f64 {
        let address = if self.addresses == Addresses::Scattered { self.address_usd } else { 0.0 };
        address + if self.forged_fingerprints { self.forging_usd } else { 0.0 }
    }
}
