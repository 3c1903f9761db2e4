//! `[protocol.rewards.burn_and_mint.NETWORK]`.

use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::Table;
use depin_protocol::rewards::BurnAndMintSpec;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "burn_and_mint",
    lines: &[
        RuleLine {
            name: "protocol.rewards.burn_and_mint.render",
            formula: "weight = rent in USD; the whole mint by share of work, whatever was burned",
            source: "RNP-001, RNP-006; what is burned of a bill: protocol.billing.rent_burned_share",
            weakness: "while there is little work, a dollar of false work earns more than it burns",
        },
        RuleLine {
            name: "protocol.rewards.burn_and_mint.helium",
            formula: "weight = rent in USD; paid = min(offer, rent / price), in proportion beyond; the rest stays",
            source: "HIP-10; net emissions are a schedule: protocol.emission.net_emissions, HIP-20",
            weakness: "machines that wait for work earn nothing, so supply has to wait for demand",
        },
        RuleLine {
            name: "protocol.rewards.burn_and_mint.akash",
            formula: "weight = rent in USD; minted = floor(rent / price) when it is settled, at most what is on offer",
            source: "AEP-76; that an offer bounds it is of this simulator",
            weakness: "every fall of the price between top-up and settlement is paid for by holders",
        },
    ],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let form = t.form(&["render", "helium", "akash"], "whose mint is shared");
    let spec = match form.map(|(name, _)| name) {
        Some("helium") => BurnAndMintSpec::Helium,
        Some("akash") => BurnAndMintSpec::Akash,
        _ => BurnAndMintSpec::Render,
    };
    RewardMaker::new(move || spec.build())
}
