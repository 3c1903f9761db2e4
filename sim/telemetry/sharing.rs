//! What a network that leases hosts in parts was told besides its rules, as the header of a recording keeps it.

use depin_protocol::ids::ModelId;
use depin_protocol::market::SharingSpec;
use depin_protocol::scheduling::hosts::{Ask, HostPolicy, ModelSet};
use serde::{Deserialize, Serialize};

/// Sizes and ranks of hosts, what usually arrives, and the seed of draws and ties.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// Decides draws, and the order of equal hosts without a rank.
    pub seed: u64,
    /// What usually arrives.
    pub typical: Vec<Typical>,
    /// Size and rank of each device, by its id.
    pub hosts: Vec<Host>,
}

/// A kind of job that usually arrives.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typical {
    /// Processor, in thousandths of a core.
    pub cpu_milli: u32,
    /// Main memory in mebibytes.
    pub memory_mib: u32,
    /// Cards.
    pub cards: u16,
    /// Thousandths of each card.
    pub card_milli: u16,
    /// Models that will do, by number; none for any.
    pub models: Vec<u16>,
    /// How often it arrives.
    pub weight: u64,
}

/// A host.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Processor, in thousandths of a core.
    pub cpu_milli: u32,
    /// Main memory in mebibytes.
    pub memory_mib: u32,
    /// Its place among equals; drawn by the seed where null.
    pub rank: Option<u32>,
}

impl Sharing {
    /// All of a specification but its policy, which stands in the rules.
    #[must_use]
    pub fn of(spec: &SharingSpec) -> Sharing {
        let typical = |(ask, weight): &(Ask, u64)| Typical {
            cpu_milli: ask.cpu_milli,
            memory_mib: ask.memory_mib,
            cards: ask.cards,
            card_milli: ask.card_milli,
            models: (0..128).filter(|bit| ask.models.0 >> bit & 1 == 1).collect(),
            weight: *weight,
        };
        let host =
            |&(cpu_milli, memory_mib, rank): &(u32, u32, Option<u32>)| Host { cpu_milli, memory_mib, rank };
        Sharing {
            seed: spec.seed,
            typical: spec.typical.iter().map(typical).collect(),
            hosts: spec.hosts.iter().map(host).collect(),
        }
    }

    /// The specification again.
    #[must_use]
    pub fn spec(&self, policy: HostPolicy) -> SharingSpec {
        let typical = |kind: &Typical| {
            let none = ModelSet::default();
            let models = kind.models.iter().fold(none, |set, model| set.with(ModelId(*model)));
            let ask = Ask {
                cpu_milli: kind.cpu_milli,
                memory_mib: kind.memory_mib,
                cards: kind.cards,
                card_milli: kind.card_milli,
                models,
            };
            (ask, kind.weight)
        };
        SharingSpec {
            policy,
            typical: self.typical.iter().map(typical).collect(),
            seed: self.seed,
            hosts: self.hosts.iter().map(|host| (host.cpu_milli, host.memory_mib, host.rank)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_specification_is_kept_to_the_last_bit() {
        let ask =
            |models| Ask { cpu_milli: 1, memory_mib: 2, cards: 3, card_milli: 4, models: ModelSet(models) };
        let spec = SharingSpec {
            policy: HostPolicy::Fgd,
            typical: vec![(ask(0), 5), (ask(1 | 1 << 127), u64::MAX)],
            seed: u64::MAX,
            hosts: vec![(u32::MAX, 0, None), (1, u32::MAX, Some(u32::MAX))],
        };
        let text = serde_json::to_string(&Sharing::of(&spec)).expect("it is written");
        let again: Sharing = serde_json::from_str(&text).expect("it is read");
        let again = again.spec(HostPolicy::Fgd);
        assert_eq!((again.seed, again.typical, again.hosts), (spec.seed, spec.typical, spec.hosts));
    }
}
