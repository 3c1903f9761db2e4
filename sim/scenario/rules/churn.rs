//! `[protocol.churn.NAME]`: what becomes of a job that loses a device.

use super::super::reading::{Count, Days, Hours, Minutes, Seconds, Table};
use super::queueing::Queue;
use depin_protocol::market::{ChurnSpec, OnLoss};
use depin_protocol::units::Span;

/// Reads `[protocol.churn.NAME]`.
pub(super) fn read(t: &Table<'_>, queue: &Queue, shared: bool) -> ChurnSpec {
    let chosen = t.choose(
        "churn",
        &["fail", "restart", "wait", "move"],
        "what a job does that loses a device: [protocol.churn.NAME]",
    );
    let mut spec = ChurnSpec::default();
    let Some((name, c)) = chosen else {
        return spec;
    };
    spec.on_loss = match name {
        "restart" => OnLoss::Restart,
        "wait" => OnLoss::Wait,
        "move" => OnLoss::Move,
        _ => OnLoss::Fail,
    };
    spec.shun = Span(
        c.or(
            "shun_days",
            Days(0.0),
            "a device that failed a renter is not given to it for this long; assumed",
        )
        .ns(),
    );
    if spec.shun > Span::ZERO && (queue.reserves() || shared) {
        c.problem(
            "shun_days",
            "devices cannot be shunned where counts of them are promised, or hosts are leased in parts",
            "use another [protocol.queueing], or leave shun_days out",
        );
    }
    if spec.shun > Span::ZERO && spec.on_loss == OnLoss::Wait {
        c.problem(
            "shun_days",
            "who waits for a lost device cannot shun it",
            "use [protocol.churn.move], or leave shun_days out",
        );
    }
    if spec.on_loss == OnLoss::Fail && !queue.preempts() {
        return spec;
    }
    read_progress(&c, &mut spec);
    if matches!(spec.on_loss, OnLoss::Wait | OnLoss::Move) {
        let doc = "how long the rest of a gang is held for what it lost; then the job queues again; assumed";
        spec.hold = Span(c.or("hold_hours", Hours(1.0), doc).ns());
    }
    if spec.on_loss != OnLoss::Fail {
        let doc = "losses after which a job still goes on; the next one ends it; without end when absent";
        let losses = c.optional::<Count>("losses_survived", doc).map_or(u64::from(u32::MAX), |n| n.0);
        spec.losses = u32::try_from(losses).unwrap_or(u32::MAX);
    }
    spec
}

fn read_progress(c: &Table<'_>, spec: &mut ChurnSpec) {
    let doc = "work between two checkpoints; 0: saved as it is done; never saved when absent";
    spec.checkpoint = c.optional::<Minutes>("checkpoint_minutes", doc).map(|every| Span(every.ns()));
    let cost = c.or("checkpoint_cost_seconds", Seconds(0.0), "time that a checkpoint takes; assumed").ns();
    if cost > 0 && spec.checkpoint.is_none_or(|every| every == Span::ZERO) {
        c.problem(
            "checkpoint_cost_seconds",
            "there are no checkpoints that could cost time",
            "give checkpoint_minutes above 0",
        );
    } else {
        spec.checkpoint_cost = Span(cost);
    }
    let doc = "time to get going again after an interruption; assumed";
    spec.resume_cost = Span(c.or("resume_cost_minutes", Minutes(0.0), doc).ns());
}
