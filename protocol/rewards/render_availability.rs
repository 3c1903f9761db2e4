//! Render's rewards for being available: two forms, one for rendering nodes and one for compute clients.
//!
//! *Rule*: a part of the emission is kept for machines that stand ready. RNP-013 gives 25,000 RENDER a month, half of it
//! to rendering nodes and half to the nodes of compute clients; who gets how much of each half is the form.
//!
//! *Formula*: see [`Nodes`] (RNP-015) and [`ComputeClients`] (RNP-013).
//!
//! *Source*: rendernetwork/RNPs, RNP-013 (pools, the floor and the cap of compute clients) and RNP-015 (the formula of
//! rendering nodes), read there; `[render_rnp015]`.
//!
//! *Known weakness*: both pay claims that nobody checks here. RNP-015 names it: "sybil optimization and reward seeking".

mod compute_clients;
mod nodes;

pub use compute_clients::{ComputeClients, ComputeClientsSpec};
pub use nodes::{Nodes, NodesSpec, node_decay};

use super::RewardRule;
use serde::{Deserialize, Serialize};

/// Which form of the rule a scenario runs, with its numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AvailabilitySpec {
    /// Rendering nodes, RNP-015.
    Nodes(NodesSpec),
    /// Nodes of compute clients, RNP-013.
    ComputeClients(ComputeClientsSpec),
}

impl Default for AvailabilitySpec {
    fn default() -> Self {
        AvailabilitySpec::Nodes(NodesSpec::default())
    }
}

impl AvailabilitySpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        match self {
            AvailabilitySpec::Nodes(spec) => Box::new(Nodes::new(spec)),
            AvailabilitySpec::ComputeClients(spec) => Box::new(ComputeClients::new(spec)),
        }
    }
}

#[cfg(test)]
mod tests;
