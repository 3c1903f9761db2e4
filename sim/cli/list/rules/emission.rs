//! Schedules of emission for `list rules`.

use super::Rule;

pub const RULES: &[Rule] = &[
    Rule {
        name: "protocol.emission.constant",
        formula: "amount = per_epoch_tokens",
        source: "assumed; within their terms Nosana's and Aethir's pools are constant",
        weakness: "pays as much for an empty network as for a busy one; never ends unless the cap does it",
    },
    Rule {
        name: "protocol.emission.halving",
        formula: "each epoch: first >> floor(epoch / n); whole period: its amount spread over n epochs, half of it \
                  in the next",
        source: "Bitcoin Core, GetBlockSubsidy; Helium HIP-20",
        weakness: "pay falls by half from one epoch to the next, whatever the network needs",
    },
    Rule {
        name: "protocol.emission.halving_by_issuance",
        formula: "amount = first >> floor(log2(1 / (1 - supply / ceiling)))",
        source: "opentensor/subtensor, get_block_emission_for_issuance (Bittensor)",
        weakness: "burning moves the halvings, so nobody knows their dates",
    },
    Rule {
        name: "protocol.emission.geometric",
        formula: "amount = base * rate * factor^(epoch - 1), of a fixed base or of the supply; sums on a fixed base \
                  are exact",
        source: "io.net docs: hourly schedule, monthly table and formula, prose (readings A and B), which do not agree",
        weakness: "falls on a calendar; long sums hang on the last digits of a printed number",
    },
    Rule {
        name: "protocol.emission.published_steps",
        formula: "a stretch's tokens spread evenly over its epochs; after the table nothing, or the last stretch * \
                  damping",
        source: "Aethir docs (Edge, checkers); Nosana docs; Render RNP-006, RNP-018, RNP-001",
        weakness: "everybody knows the day after which supplying pays less",
    },
    Rule {
        name: "protocol.emission.bonding",
        formula: "inflation + change while bonded / supply < target, - change while above; amount = supply * inflation",
        source: "livepeer/protocol, Minter",
        weakness: "the step does not depend on the distance: inflation runs on long after bonding has recovered",
    },
    Rule {
        name: "protocol.emission.net_emissions",
        formula: "fixed schedule + burned tokens minted again: all, through a smoothed pool, or up to a cap",
        source: "Helium HIP-20; Helium's chain, calculate_net_emissions_reward",
        weakness: "who burns moves next week's pay of all; uncapped, burning never shrinks the supply",
    },
    Rule {
        name: "protocol.emission.settlement",
        formula: "amount = floor(owed / price)",
        source: "Akash AEP-76 (burn and mint)",
        weakness: "holders pay for every fall of the price on the day it falls; the published brakes are left out",
    },
    Rule {
        name: "protocol.emission.dollar_target",
        formula: "released = min(owed / price, vault); of a surplus against the allowance a share is burned unreleased",
        source: "io.net's Incentive Dynamic Engine, summaries of 2025 and 2026; no full formula was published",
        weakness: "a falling price empties the vault when tokens buy least; pays for machines that nobody hires",
    },
    Rule {
        name: "protocol.emission.filecoin_simple",
        formula: "amount = total (e^lambda - 1) e^(-lambda epoch), in the chain's fixed point",
        source: "filecoin-project/builtin-actors, actors/reward",
        weakness: "pays as much for an empty network as for a full one",
    },
    Rule {
        name: "protocol.emission.filecoin_baseline",
        formula: "simple, + total (e^(-lambda theta) - e^(-lambda theta')), theta moved by min(power, baseline)",
        source: "filecoin-project/builtin-actors, actors/reward",
        weakness: "power beyond the baseline mints nothing; late power is paid for epochs in which others carried it",
    },
    Rule {
        name: "protocol.payments",
        formula: "released = floor of the schedule's sum * run.scale - earlier sums; split by the weights of its epoch with \
                  what was retained; paid each pay_every_hours, under vesting a part at once",
        source: "io.net docs, Block Rewards (each hour, paid once a day); Filecoin spec for vesting",
        weakness: "what is retained while nobody works falls to whoever comes first; vesting pays those who have left",
    },
];
