//! `[protocol.rewards.render_availability.FORM]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{Count, Days, NonNegative, Share, Table, Tokens};
use depin_protocol::rewards::AvailabilitySpec;
use depin_protocol::rewards::render_availability::{ComputeClientsSpec, NodesSpec};
use depin_protocol::units::Span;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "render_availability",
    lines: &[
        RuleLine {
            name: "protocol.rewards.render_availability.nodes",
            formula: "points = idle hours * (3 ln OB / ln mean + 3 ln VRAM / ln mean + ln age / ln mean) * decay, \
                      1 for 3 nodes of an account, then exp(-0.65 (x - 3)) (the default)",
            source: "Render, RNP-015; OB from throughput, age in days and the order of nodes are assumed",
            weakness: "the decay is a wallet's and starts anew in the next one; hired time earns nothing",
        },
        RuleLine {
            name: "protocol.rewards.render_availability.compute_clients",
            formula: "RNP-006's points for nodes up more than half of the month, at most 10 tokens a node and payment",
            source: "Render, RNP-013",
            weakness: "the cap is a node's, so one machine listed as many has many caps",
        },
    ],
    read,
};

fn maker(spec: AvailabilitySpec) -> RewardMaker {
    RewardMaker::new(move || spec.clone().build())
}

fn read(t: &Table<'_>) -> RewardMaker {
    let forms = &["nodes", "compute_clients"];
    maker(match t.form(forms, "rendering nodes (RNP-015) or those of compute clients (RNP-013)") {
        Some(("compute_clients", rule)) => AvailabilitySpec::ComputeClients(compute_clients(&rule)),
        Some((_, rule)) => AvailabilitySpec::Nodes(nodes(&rule)),
        None => AvailabilitySpec::default(),
    })
}

fn nodes(rule: &Table<'_>) -> NodesSpec {
    let factor = |key, default, doc| ppm(rule.or(key, NonNegative(default), doc).0.min(1000.0));
    NodesSpec {
        performance_weight_ppm: factor("performance_weight", 3.0, "weight of the OctaneBench term; RNP-015"),
        memory_weight_ppm: factor("memory_weight", 3.0, "weight of the memory term; RNP-015"),
        age_weight_ppm: factor("age_weight", 1.0, "weight of the term of age; RNP-015"),
        full_nodes: count(rule.or("full_nodes", Count(3), "nodes of an account paid in full; RNP-015")),
        decay_ppm: factor("decay", 0.65, "rate of the decay for each node after those; RNP-015"),
        octanebench_per_tflops_ppm: factor(
            "octanebench_per_tflops",
            8.0,
            "OctaneBench points for each TFLOPS of a card; assumed, from an RTX 4090's 1,300 (recalled)",
        ),
    }
}

fn count(count: Count) -> u32 {
    u32::try_from(count.0).unwrap_or(u32::MAX)
}

fn compute_clients(rule: &Table<'_>) -> ComputeClientsSpec {
    let default = ComputeClientsSpec::default();
    let floor = rule.or("uptime_floor", Share(0.5), "part of the month a node must be up more than; RNP-013");
    let month = rule.or("month_days", Days(30.0), "length of the month of that floor; assumed");
    let cap = rule.or("cap_tokens", Tokens(default.cap_per_node), "most of one payment for a node; RNP-013");
    ComputeClientsSpec {
        least_uptime_ppm: ppm(floor.0),
        month: Span(month.ns()).max(Span::HOUR),
        cap_per_node: cap.0,
        ..default
    }
}
