//! The network's rules in a line each: how a scenario names them, formula, source, known weakness.

mod emission;

use crate::scenario::rules::rewards::{self, RuleLine as Rule};
use serde_json::{Value, json};

const RULES: &[Rule] = &[
    Rule {
        name: "protocol.verification.metadata_only",
        formula: "none: a device is verified from the moment it is listed (the default)",
        source: "io.net before the proof-of-work roll-out of April 2024 (its post-mortem, via Cointelegraph)",
        weakness: "a claim costs nothing: about 1.8 million fake cards tried to connect (Shadid via The Block)",
    },
    Rule {
        name: "protocol.verification.proof_of_work",
        formula: "pass when fastest * target <= answer time <= slowest * target, for work sized by the claimed model",
        source: "io.net docs, Proof of Work; every 6 hours in June 2024 (Cryptonary); target and bounds assumed",
        weakness: "cards near a better one pass for it; slices of one card pass while their turns do not overlap; \
                   leased devices are exempt",
    },
    Rule {
        name: "protocol.verification.simultaneous_proof_of_work",
        formula: "as proof_of_work, all devices of one address, subnet or supplier (group) starting at one offset",
        source: "a proposal for this model; parameters as proof_of_work",
        weakness: "only a group that covers the card helps; an owner's machines on one link or fuse fail together",
    },
    Rule {
        name: "protocol.verification.random_audit",
        formula: "claims are believed; each round a share or a count of idle devices, drawn by lot of the beacon, is \
                  asked as in proof_of_work, and who failed last is asked again",
        source: "a proposal for this model; share, count and consequences are assumed",
        weakness: "a fake earns until it is drawn; slices of one card are rarely drawn together",
    },
    Rule {
        name: "protocol.verification.proof_of_time_lock",
        formula: "hired: lock_fastest * lock_seconds <= answer time <= lock_slowest * lock_seconds, for sequential \
                  work; idle: proof_of_work at every idle_every-th round, or belief",
        source: "io.net docs: hired workers are exempt from proof of work, time-lock still applies, hourly; target and \
                 bounds assumed",
        weakness: "one hired slice of a card whose other slices are idle passes",
    },
    Rule {
        name: "protocol.linkage.per_address",
        formula: "flagged when devices on one address > devices_per_address",
        source: "the usual first filter; farmers answered it with hundreds of addresses (founding article)",
        weakness: "an address is cheap; a hall behind one address translator is honest and flagged",
    },
    Rule {
        name: "protocol.linkage.subnet_cluster",
        formula: "flagged when min(max(accounts / crowd_accounts, devices / crowd_devices), burst / burst_devices) >= 1 \
                  in a subnet it uses",
        source: "clustering by address prefix and time of arrival, as airdrop filters do; bounds are assumed",
        weakness: "honest customers of one cloud share subnets and come on one day; bought addresses are not seen",
    },
    Rule {
        name: "protocol.linkage.weighted_evidence",
        formula: "flagged when the sum of weight * min(1, (count - free) / (full - free)) over address, fingerprint, \
                  edges, subnet and burst >= threshold",
        source: "the project's list of evidence; weights and bounds are assumed",
        weakness: "whoever pays for an address, a fingerprint and a timetable each shows nothing; machines of one image \
                   are flagged",
    },
    Rule {
        name: "protocol.scheduling.cheapest",
        formula: "lowest asking price per card, then lowest id (the default)",
        source: "usual rule of a market with posted prices; that io.net's matching was price-led is assumed",
        weakness: "says nothing about quality: the cheapest fake is hired first",
    },
    Rule {
        name: "protocol.scheduling.best_fit",
        formula: "fewest cards left over, then smallest memory that suffices, then lowest price",
        source: "best fit of bin packing (Johnson 1973), applied device by device",
        weakness: "greedy over several devices; pays more than the cheapest whenever the better fit is dearer",
    },
    Rule {
        name: "protocol.scheduling.most_reputable",
        formula: "highest reputation in steps of one per cent, then lowest price",
        source: "RNP-004: accumulated probe score \"is reputation and gives preference\"; the step is assumed",
        weakness: "newcomers wait behind old machines; a supplier may hire itself to be preferred later",
    },
    Rule {
        name: "protocol.scheduling.one_site_first",
        formula: "the cheapest, if on one subnet; else the smallest subnet that can serve the whole gang, else the \
                  largest and so on; cheapest within",
        source: "consolidation of gangs (Philly, ATC 2019; Tiresias, NSDI 2019); the subnet as a site is assumed",
        weakness: "a farm of slices on one subnet is the largest site there is; a gang pays more",
    },
    Rule {
        name: "protocol.scheduling.top_k",
        formula: "one of the k best (candidates), by lot of beacon, job and pick; score = reputation_weight * R + \
                  price_weight * P, each 0 to 100",
        source: "OpenStack Nova's host_subset_size; weighted sum as in Kubernetes; the lot and P's scale are assumed",
        weakness: "within an epoch the lot can be computed; of more than k equals the lowest ids are drawn among",
    },
    Rule {
        name: "protocol.prices.posted",
        formula: "price = what the owner asks (the default)",
        source: "the usual rule of an open market",
        weakness: "here asking prices are constants of a cohort and follow no market",
    },
    Rule {
        name: "protocol.prices.fixed",
        formula: "price = table[claimed model], whatever the owner asks; a model without a row keeps its asking price",
        source: "Salad (price list by GPU class), Nosana (a job price per market); RNP-004's target prices",
        weakness: "follows no market; here nobody stays away from a price that is too low",
    },
    Rule {
        name: "protocol.queueing.fcfs",
        formula: "only the job that has waited longest is tried (the default)",
        source: "the textbook discipline",
        weakness: "one gang too large for the network stops all behind it",
    },
    Rule {
        name: "protocol.queueing.first_fitting",
        formula: "every waiting job is tried in order of arrival",
        source: "list scheduling (Graham 1966); the two-sided FIFO of Nosana",
        weakness: "a large gang may wait for ever behind small jobs",
    },
    Rule {
        name: "protocol.queueing.priority",
        formula: "rank = arrival + (255 - priority) * step; nobody overtakes the first",
        source: "delay-dependent priority (Kleinrock 1964); the step is assumed",
        weakness: "priorities that cost nothing are all claimed to be the highest",
    },
    Rule {
        name: "protocol.queueing.shortest_job",
        formula: "least stated term first; nobody overtakes the first",
        source: "Smith 1956",
        weakness: "a long job may wait for ever; terms are what renters say",
    },
    Rule {
        name: "protocol.queueing.least_attained_service",
        formula: "level = thresholds <= cards * run time so far; the lowest level first, which stops higher ones",
        source: "Tiresias (Gu et al., NSDI 2019): discretised two-dimensional LAS; the threshold is assumed",
        weakness: "a large job may wait for ever behind small ones; who cuts a job into many is always new",
    },
    Rule {
        name: "protocol.queueing.interruptible_bids",
        formula: "on demand before bids, bids by height; a higher one stops a lower one",
        source: "Vast.ai, pricing page: interruptible instances may be reclaimed; the order is assumed",
        weakness: "paid as bid, so bids are shaded; a low bid may be stopped again and again",
    },
    Rule {
        name: "protocol.queueing.easy",
        formula: "the first that cannot start is promised the earliest time; who does not delay it passes",
        source: "Lifka 1995 (EASY); Mu'alem and Feitelson 2001",
        weakness: "believes stated terms; the second in line may be put off without bound",
    },
    Rule {
        name: "protocol.queueing.conservative",
        formula: "every job is promised its start on arrival; promises are made anew after an early end",
        source: "Mu'alem and Feitelson 2001",
        weakness: "believes stated terms; cost grows with the number of waiting jobs",
    },
    Rule {
        name: "protocol.churn.fail",
        formula: "a job that loses a device is over (the default)",
        source: "the plainest rule; assumed",
        weakness: "one weak device costs a gang all its work",
    },
    Rule {
        name: "protocol.churn.restart",
        formula: "it queues again in its old place, from its last checkpoint: floor(run / (every + cost)) * every",
        source: "checkpoint and restart, as in Young 1974; defaults assumed",
        weakness: "the renter pays for work that is lost and done again",
    },
    Rule {
        name: "protocol.churn.wait",
        formula: "it holds the rest of its gang until the lost device is back, for hold_hours at most",
        source: "assumed",
        weakness: "what is held earns nothing and serves nobody",
    },
    Rule {
        name: "protocol.churn.move",
        formula: "as wait, and any device that suits may take the place of the lost one",
        source: "assumed; migration of gangs in cluster schedulers",
        weakness: "takes devices past the queue",
    },
    Rule {
        name: "protocol.prices.bids",
        formula: "interruptible: the bid; on demand: asking price * on_demand_factor",
        source: "Vast.ai, pricing page: interruptible is \"50%+ cheaper\"",
        weakness: "see protocol.queueing.interruptible_bids",
    },
    Rule {
        name: "protocol.prices.reverse_auction",
        formula: "the cheapest offers within the window win; paid own offer, or the lowest that lost",
        source: "Akash: providers bid by a script, the renter picks after 30 s; the second rule is Vickrey's, 1961",
        weakness: "paid as offered, whoever guesses the next offer asks just below it",
    },
    Rule {
        name: "protocol.sharing.first",
        formula: "the lowest rank that can serve",
        source: "the usual rule of a list",
        weakness: "fills the head of the list whatever suits it",
    },
    Rule {
        name: "protocol.sharing.random",
        formula: "any host that can serve, with equal chances",
        source: "Weng et al., \"Beware of Fragmentation\", USENIX ATC 2023, as a baseline",
        weakness: "leaves fragments everywhere",
    },
    Rule {
        name: "protocol.sharing.best_fit",
        formula: "the least left over of processor, memory and cards, weighed",
        source: "Weng et al., \"Beware of Fragmentation\", USENIX ATC 2023, as a baseline",
        weakness: "packs whatever is asked next to anything",
    },
    Rule {
        name: "protocol.sharing.worst_fit",
        formula: "the most left over",
        source: "load balancing",
        weakness: "leaves the most fragments",
    },
    Rule {
        name: "protocol.sharing.packing",
        formula: "cards in use first, then hosts in use",
        source: "Weng et al., \"Beware of Fragmentation\", USENIX ATC 2023, as a baseline",
        weakness: "looks at cards alone",
    },
    Rule {
        name: "protocol.sharing.fgd",
        formula: "the least growth of fragments, as typical tasks see them",
        source: "Weng et al., \"Beware of Fragmentation\", USENIX ATC 2023",
        weakness: "knows the past mix of tasks, not the next",
    },
    Rule {
        name: "protocol.staking",
        formula: "a device is hired and earns only while its owner's stake covers it and those listed before it: \
                  stake_usd * (devices, cards, or cards * max(1, multiplier)); back after cooldown_days (off by default)",
        source: "io.net docs, Staking: 200 tokens per unit of power, 14 days; dollars before the listing are assumed",
        weakness: "asks the same of a real card and of a slice that claims to be one; whoever has money to spare can wait",
    },
    Rule {
        name: "protocol.slashing.none",
        formula: "none: a fault costs nothing of the stake (the default)",
        source: "io.net before staking opened; assumed as the default",
        weakness: "a stake then costs its owner the wait alone",
    },
    Rule {
        name: "protocol.slashing.fixed_share",
        formula: "share of the device's stake, by reason: verification_share, desertion_share, fraud_share; decided \
                  after appeal_days, dropped when appealed and withdrawn; to burn, treasury or victim",
        source: "io.net docs, Staking, for the reasons, the month and the burning; shares assumed",
        weakness: "an honest machine that drops out by chance pays what a deserter pays",
    },
    Rule {
        name: "protocol.slashing.graduated",
        formula: "min(1, first share of the reason * 2^slashes upheld before), decided as fixed_share",
        source: "no network studied publishes such a scale; assumed, for comparison",
        weakness: "offences are counted per account, and a new account is free",
    },
    Rule {
        name: "protocol.season",
        formula: "tokens = pool * counted / sum of counted, where counted = (points of the account)^account_exponent",
        source: "io.net docs, Ignition Rewards Program: sum per account, pro rata of the pool",
        weakness: "below an exponent of one, and under a cap per account, dividing a fleet among accounts pays more",
    },
    Rule {
        name: "protocol.season.snapshot",
        formula: "points of a device are multiplied by its time up in the windows / length of the windows",
        source: "founding article, for the snapshot and the second count",
        weakness: "pays presence on one day: a forced update on that day takes the points of honest machines",
    },
    Rule {
        name: "protocol.season.emission_tokens",
        formula: "released = min(asked, remaining), from a pool promised once",
        source: "Ignition worker pool of 32 million IO (founding article); 12.5 % of 800 M planned for all seasons",
        weakness: "the pool is limited and machines are not: the return per machine falls with entry",
    },
];

/// Every rule in the order of the list.
fn all() -> impl Iterator<Item = &'static Rule> {
    let rewards = rewards::all().into_iter().flat_map(|entry| entry.lines);
    rewards.chain(RULES).chain(emission::RULES)
}

/// The list for people.
pub fn text() -> String {
    let mut text = String::new();
    for rule in all() {
        text.push_str(&format!(
            "{}\n  formula   {}\n  source    {}\n  weakness  {}\n\n",
            rule.name, rule.formula, rule.source, rule.weakness
        ));
    }
    text.pop();
    text
}

/// The list for programs.
pub fn data() -> Value {
    all()
        .map(|r| json!({ "name": r.name, "formula": r.formula, "source": r.source, "weakness": r.weakness }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::all;
    use crate::cli::shipped::SCENARIOS;
    use crate::scenario::Scenario;
    use crate::scenario::reading::{Document, Shape};
    use std::path::Path;

    /// The register of keys knows every policy that a scenario may choose.
    #[test]
    fn every_policy_that_a_scenario_may_choose_is_listed_and_no_other() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(SCENARIOS[0].path);
        let document = Document::load(&path, &[]).expect("a shipped scenario is sound");
        Scenario::read("any", &document).expect("a shipped scenario is sound");
        let mut keys = document.keys();
        keys.retain(|k| k.shape == Shape::Choice && k.table.starts_with("protocol"));
        let choosable: Vec<String> = keys
            .iter()
            .flat_map(|k| k.choices.iter().map(|choice| format!("{}.{}.{choice}", k.table, k.key)))
            .collect();
        assert!(choosable.len() >= 7, "{choosable:?}");
        let is_reward = |name: &str| name.starts_with("protocol.rewards.");
        for policy in choosable.iter().filter(|policy| !is_reward(policy)) {
            let listed = all().filter(|rule| rule.name == policy).count();
            assert_eq!(listed, 1, "{policy}");
        }
        for rule in all().filter(|rule| !is_reward(rule.name)) {
            let tables = ["protocol.season", "protocol.staking", "protocol.payments"];
            let table = tables.iter().any(|t| rule.name.starts_with(t));
            assert!(table || choosable.iter().any(|c| c == rule.name), "{}", rule.name);
        }
    }

    /// A reward rule and its lines stand in one table, so that neither can be without the other.
    #[test]
    fn every_reward_rule_has_lines_and_they_name_it() {
        for entry in super::rewards::all() {
            assert!(!entry.lines.is_empty(), "{}", entry.name);
            for line in entry.lines {
                let rest = line.name.strip_prefix("protocol.rewards.").expect("it is a reward rule");
                assert_eq!(rest.split('.').next(), Some(entry.name), "{}", line.name);
            }
        }
    }
}
