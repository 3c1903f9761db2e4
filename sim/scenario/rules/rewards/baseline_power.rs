//! `[protocol.rewards.baseline_power]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{Count, NonNegative, Share, Table};
use depin_protocol::rewards::BaselinePowerSpec;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "baseline_power",
    lines: &[RuleLine {
        name: "protocol.rewards.baseline_power",
        formula: "points = verified cards * TFLOPS * (hours up + 9 * hours hired); of the tokens on offer 0.3, and 0.7 \
                  * (raw power below the baseline / the baseline, which doubles every year) are shared",
        source: "Filecoin spec and builtin-actors, with throughput for bytes and hire for verified deals (assumed)",
        weakness: "who leases its own devices has ten times the power for the fee of the lease",
    }],
    read,
};

fn read(rule: &Table<'_>) -> RewardMaker {
    let default = BaselinePowerSpec::default();
    let baseline = Count(default.baseline_tflops);
    let growth =
        rule.or("growth_per_year", NonNegative(1.0), "growth of the baseline; 1 doubles it; Filecoin");
    let quality = rule.or(
        "hired_quality",
        NonNegative(10.0),
        "what power counts while hired; Filecoin's verified deals",
    );
    let simple = rule.or("simple_share", Share(0.3), "part shared whatever the power; Filecoin");
    let spec = BaselinePowerSpec {
        baseline_tflops: rule
            .or("baseline_tflops", baseline, "baseline at the start; assumed, 6,000 RTX 4090")
            .0,
        growth_ppm: ppm(growth.0.min(1000.0)),
        hired_quality_ppm: ppm(quality.0.min(1000.0)),
        simple_share_ppm: ppm(simple.0),
    };
    RewardMaker::new(move || spec.clone().build())
}
