//! What a weight may be made of: the one table of names, with meaning, unit and where each number comes from.

use super::facts::{Fact, Fact::*};
use super::quantity::Quantity;
use crate::formula::Variable;

/// Every name, in the order in which errors list them: the device, its account, the network, the epoch. Sums are over
/// devices that were online in the epoch and may earn, and are whole numbers until they are divided by their unit, so that
/// no order of adding shows.
pub(super) const TABLE: [(Variable, Fact); 31] = [
    row("uptime", "time online ÷ length of the epoch", "share, 0 to 1", Uptime),
    row("up_hours", "time online in the epoch", "hours", Device(Quantity::Up)),
    row("hired_hours", "time hired in the epoch, at most the time online", "hours", Device(Quantity::Hired)),
    row("rent_usd", "rent of the hired time, before fees and refunds", "dollars", Device(Quantity::Rent)),
    row(
        "bandwidth_tier",
        "declared connectivity tier, 0 below the minimum",
        "0 to 4",
        Device(Quantity::Tier),
    ),
    row("multiplier", "the network's multiplier of the claimed model", "ratio", Device(Quantity::Multiplier)),
    row("cards", "claimed cards", "cards", Device(Quantity::Cards)),
    row("tflops", "compute of one card of the claimed model", "TFLOPS", Device(Quantity::CardCompute)),
    row("memory_gb", "memory of one card of the claimed model", "gigabytes", Device(Quantity::CardMemory)),
    row("reputation", "what conduct left behind", "share, 0 to 1", Device(Quantity::Reputation)),
    row("challenges_passed", "challenges passed in the epoch", "challenges", Device(Quantity::Passed)),
    row("challenges_failed", "challenges failed in the epoch", "challenges", Device(Quantity::Failed)),
    row(
        "streak_hours",
        "time online without a break up to the epoch's end",
        "hours",
        Device(Quantity::Streak),
    ),
    row("age_hours", "time since it was listed", "hours", Device(Quantity::Age)),
    row("account_devices", "devices of its account", "devices", Account(Quantity::One)),
    row("account_cards", "cards of its account", "cards", Account(Quantity::Cards)),
    row("account_up_hours", "up_hours of its account's devices", "hours", Account(Quantity::Up)),
    row("account_hired_hours", "hired_hours of its account's devices", "hours", Account(Quantity::Hired)),
    row("account_rent_usd", "rent_usd of its account's devices", "dollars", Account(Quantity::Rent)),
    row("account_stake", "active stake of its account", STAKE, AccountStake),
    row("network_accounts", "accounts with a device that counts", "accounts", NetworkAccounts),
    row("network_devices", "devices of all", "devices", Network(Quantity::One)),
    row("network_cards", "cards of all", "cards", Network(Quantity::Cards)),
    row("network_up_hours", "up_hours of all devices", "hours", Network(Quantity::Up)),
    row("network_hired_hours", "hired_hours of all devices", "hours", Network(Quantity::Hired)),
    row("network_rent_usd", "rent_usd of all devices", "dollars", Network(Quantity::Rent)),
    row("network_tflops", "compute of all cards", "TFLOPS", Network(Quantity::Compute)),
    row("network_stake", "active stakes of all accounts", STAKE, NetworkStake),
    row("epoch_hours", "length of the epoch", "hours", EpochHours),
    row("epoch_number", "epochs before this one", "epochs", EpochNumber),
    row(
        "price_usd",
        "price of the token; without one not a number, which no comparison holds for",
        "dollars",
        Price,
    ),
];

/// The rule is not told which asset is staked.
const STAKE: &str = "base units: a token is 1e8, a dollar 1e6";

const fn row(name: &'static str, meaning: &'static str, unit: &'static str, fact: Fact) -> (Variable, Fact) {
    (Variable { name, meaning, unit }, fact)
}

/// The names that a weight may use, with meaning and unit.
pub fn variables() -> impl Iterator<Item = Variable> {
    TABLE.into_iter().map(|(variable, _)| variable)
}
