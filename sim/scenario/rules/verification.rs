//! `[protocol.verification.NAME]`: how claims are checked, and what verdicts lead to.

use super::super::reading::{Days, Hours, Minutes, Positive, Seconds, Share, Table};
use super::ppm;
use depin_protocol::units::{Ppm, Span};
use depin_protocol::verification::appeals::{Appeals, Form};
use depin_protocol::verification::metadata_only::MetadataOnly;
use depin_protocol::verification::random_audit::Draw;
use depin_protocol::verification::simultaneous_proof_of_work::Group;
use depin_protocol::verification::{
    Consequences, Verification, proof_of_time_lock, proof_of_work, random_audit, simultaneous_proof_of_work,
};

/// Which verification rule stands ready.
#[derive(Clone, Debug)]
pub enum VerificationRule {
    /// Claims are believed.
    MetadataOnly,
    /// Challenges by answer time.
    ProofOfWork(proof_of_work::Spec),
    /// The same for whole groups at once.
    SimultaneousProofOfWork(simultaneous_proof_of_work::Spec),
    /// The same for a few by lot.
    RandomAudit(random_audit::Spec),
    /// Sequential work while hired.
    ProofOfTimeLock(proof_of_time_lock::Spec),
}

impl VerificationRule {
    pub(super) fn build(&self) -> Box<dyn Verification> {
        match self {
            VerificationRule::MetadataOnly => Box::new(MetadataOnly),
            VerificationRule::ProofOfWork(spec) => Box::new(spec.build()),
            VerificationRule::SimultaneousProofOfWork(spec) => Box::new(spec.build()),
            VerificationRule::RandomAudit(spec) => Box::new(spec.build()),
            VerificationRule::ProofOfTimeLock(spec) => Box::new(spec.build()),
        }
    }
}

/// The rule, and whether challenges are on from the first instant.
pub(super) fn read(t: &Table<'_>) -> (VerificationRule, bool) {
    let chosen = t.choose(
        "verification",
        &[
            "metadata_only",
            "proof_of_work",
            "simultaneous_proof_of_work",
            "random_audit",
            "proof_of_time_lock",
        ],
        "how claims are checked: [protocol.verification.NAME]",
    );
    let Some((name, p)) = chosen.filter(|(name, _)| *name != "metadata_only") else {
        return (VerificationRule::MetadataOnly, false);
    };
    let on =
        p.or("from_start", false, "challenges from the first instant; otherwise a team act turns them on");
    let rule = match name {
        "simultaneous_proof_of_work" => VerificationRule::SimultaneousProofOfWork(read_simultaneous(&p)),
        "random_audit" => VerificationRule::RandomAudit(read_audit(&p)),
        "proof_of_time_lock" => VerificationRule::ProofOfTimeLock(read_time_lock(&p)),
        _ => {
            let spec = read_work(&p, proof_of_work::Spec::default());
            check_fits(&p, &spec, spec.target, spec.tolerance);
            VerificationRule::ProofOfWork(spec)
        }
    };
    (rule, on)
}

fn read_simultaneous(p: &Table<'_>) -> simultaneous_proof_of_work::Spec {
    let work = read_work(p, proof_of_work::Spec::default());
    check_fits(p, &work, work.target, work.tolerance);
    let group = p.word(
        "group",
        &["device", "host", "subnet", "supplier"],
        Some("subnet"),
        "whose devices start together: of one address (host), subnet or account (supplier); device: nobody's, for comparison; assumed",
    );
    let group = match group {
        "device" => Group::Device,
        "host" => Group::Host,
        "supplier" => Group::Supplier,
        _ => Group::Subnet,
    };
    simultaneous_proof_of_work::Spec { work, group }
}

fn read_audit(p: &Table<'_>) -> random_audit::Spec {
    let default = random_audit::Spec::default();
    let work = read_work(p, default.work);
    check_fits(p, &work, work.target, work.tolerance);
    let count = p.optional::<u32>("audits", "devices drawn each round, instead of `share`");
    let share =
        p.or("share", Share(0.05), "probability of each idle online device to be drawn in a round; assumed");
    random_audit::Spec {
        work,
        draw: count.map_or(Draw::Share(ppm(share.0)), Draw::Count),
        recheck: p.or(
            "recheck",
            default.recheck,
            "who failed its latest audit is asked at every round; assumed",
        ),
    }
}

fn read_time_lock(p: &Table<'_>) -> proof_of_time_lock::Spec {
    let default = proof_of_time_lock::Spec::default();
    let work = read_work(p, default.work);
    let target = Span(
        p.or(
            "lock_seconds",
            Seconds(60.0),
            "time a genuine card needs for the sequential work asked of it while hired; assumed",
        )
        .ns(),
    );
    let spec = proof_of_time_lock::Spec {
        work,
        target,
        tolerance: slowest(p, "lock_slowest", "slowest accepted answer as a multiple of lock_seconds; assumed"),
        too_fast: fastest(p, "lock_fastest", "fastest accepted answer as a multiple of lock_seconds; assumed"),
        idle_every: p.or("idle_every", default.idle_every, "idle devices are asked for work at every so-manieth round; 0: their claims are believed; every 6 hours in June 2024, Cryptonary"),
    };
    let (work_ends, lock_ends) =
        (answered_in(work.target, work.tolerance), answered_in(target, spec.tolerance));
    if lock_ends > work_ends {
        check_fits(p, &work, target, spec.tolerance);
    } else {
        check_fits(p, &work, work.target, work.tolerance);
    }
    spec
}

fn slowest(p: &Table<'_>, key: &'static str, doc: &'static str) -> Ppm {
    ppm(p.or(key, Positive(1.35), doc).0.min(1000.0))
}

fn fastest(p: &Table<'_>, key: &'static str, doc: &'static str) -> Ppm {
    ppm(p.or(key, Share(0.5), doc).0)
}

/// Keys that all rules with challenges have.
fn read_work(p: &Table<'_>, d: proof_of_work::Spec) -> proof_of_work::Spec {
    let c = d.consequences;
    proof_of_work::Spec {
        interval: Span(
            p.or(
                "interval_hours",
                Hours(d.interval.seconds() / 3600.0),
                "time between rounds; every 6 hours in June 2024, Cryptonary; time-lock hourly, io.net docs",
            )
            .ns()
            .max(Span::HOUR.0),
        ),
        window: Span(
            p.or(
                "window_minutes",
                Minutes(15.0),
                "challenges of a round start within this span; io.net docs",
            )
            .ns(),
        ),
        target: Span(p.or("target_seconds", Seconds(60.0), "time a genuine card needs; assumed").ns()),
        tolerance: slowest(p, "slowest", "slowest accepted answer as a multiple of the target; assumed"),
        too_fast: fastest(p, "fastest", "fastest accepted answer as a multiple of the target; assumed"),
        consequences: Consequences {
            fails_to_quarantine: p.or(
                "fails_to_quarantine",
                c.fails_to_quarantine,
                "failures in a row that lead to quarantine; assumed",
            ),
            passes_to_release: p.or(
                "passes_to_release",
                c.passes_to_release,
                "passes in a row that end it; assumed",
            ),
            fails_to_ban: p.or(
                "fails_to_ban",
                c.fails_to_ban,
                "failures in a row that lead to a ban; assumed",
            ),
        },
        retries: p.or(
            "retries",
            d.retries,
            "how often a failed challenge is repeated, with the same window and all who start with it, before it counts; assumed",
        ),
        appeals: read_appeals(p),
    }
}

fn read_appeals(p: &Table<'_>) -> Appeals {
    let form = p.word(
        "appeals",
        &["none", "rechallenge", "granted_once"],
        Some("none"),
        "what decides an appeal against quarantine or ban: one challenge, or freedom the first time; assumed",
    );
    let delay = p.or("appeal_days", Days(3.0), "from an appeal to its decision or its challenge; assumed");
    Appeals {
        form: match form {
            "rechallenge" => Form::Rechallenge,
            "granted_once" => Form::GrantedOnce,
            _ => Form::None,
        },
        delay: Span(delay.ns()),
    }
}

/// The slowest accepted answer.
fn answered_in(target: Span, slowest: Ppm) -> Span {
    Span((u128::from(target.0) * u128::from(slowest) / 1_000_000).min(u128::from(u64::MAX)) as u64)
}

/// A round with its repeats must be judged before the next one is due.
fn check_fits(p: &Table<'_>, spec: &proof_of_work::Spec, target: Span, slowest: Ppm) {
    // Without repeats, the round itself may overlap the next date, which then waits: only its start must not.
    let repeat = u128::from((spec.window + answered_in(target, slowest)).0);
    let judged = u128::from((spec.window + target).0) + repeat * u128::from(spec.retries);
    if judged >= u128::from(spec.interval.0) {
        p.problem(
            "interval_hours",
            "the next round would begin before this one is judged",
            "lengthen interval_hours or shorten window_minutes",
        );
    }
}
