//! `[protocol.linkage.NAME]`: what links accounts to one another, when they are assessed and purged, and appeals.

use super::super::reading::{Days, Hours, Instant, Minutes, NonNegative, Share, Table};
use super::super::run::Run;
use super::ppm;
use depin_protocol::linkage::weighted_evidence::Term;
use depin_protocol::linkage::{
    Linkage, NoLinkage, PerAddress, Spec, SubnetCluster, Timing, WeightedEvidence,
};
use depin_protocol::units::{Ppm, Span, Time};

/// Which linkage rule is in force.
#[derive(Clone, Copy, Debug)]
enum Rule {
    PerAddress(PerAddress),
    SubnetCluster(SubnetCluster),
    WeightedEvidence(WeightedEvidence),
}

/// The rule, if there is one, and how it is applied.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinkageRule {
    rule: Option<Rule>,
    pub(super) spec: Spec,
}

impl LinkageRule {
    pub(super) fn build(&self) -> Box<dyn Linkage> {
        match self.rule {
            None => Box::new(NoLinkage),
            Some(Rule::PerAddress(rule)) => Box::new(rule),
            Some(Rule::SubnetCluster(rule)) => Box::new(rule),
            Some(Rule::WeightedEvidence(rule)) => Box::new(rule),
        }
    }

    pub(super) fn is_on(&self) -> bool {
        self.rule.is_some()
    }
}

pub(super) fn read(t: &Table<'_>, run: &Run) -> LinkageRule {
    let names = &["per_address", "subnet_cluster", "weighted_evidence"];
    let chosen = t.choose(
        "linkage",
        names,
        "what links accounts to one another: [protocol.linkage.NAME]; none: accounts are what they say they are",
    );
    let Some((name, l)) = chosen else {
        return LinkageRule { rule: None, spec: Spec::default() };
    };
    let rule = match name {
        "per_address" => Rule::PerAddress(read_per_address(&l)),
        "subnet_cluster" => Rule::SubnetCluster(read_subnet_cluster(&l)),
        _ => Rule::WeightedEvidence(read_weighted_evidence(&l)),
    };
    LinkageRule { rule: Some(rule), spec: read_spec(&l, run) }
}

fn read_per_address(l: &Table<'_>) -> PerAddress {
    let cap = PerAddress::default().cap;
    PerAddress {
        cap: l.or(
            "devices_per_address",
            cap,
            "devices allowed per address; assumed: two machines of eight cards behind one router",
        ),
    }
}

fn read_subnet_cluster(l: &Table<'_>) -> SubnetCluster {
    let d = SubnetCluster::default();
    SubnetCluster {
        accounts: l.or("crowd_accounts", d.accounts, "accounts in one subnet that make a crowd; assumed"),
        devices: l.or(
            "crowd_devices",
            d.devices,
            "devices in one subnet that make a crowd; assumed: a quarter of 256",
        ),
        burst: l.or(
            "burst_devices",
            d.burst,
            "devices listed in one subnet within a burst window that make a burst; assumed",
        ),
    }
}

fn read_weighted_evidence(l: &Table<'_>) -> WeightedEvidence {
    let d = WeightedEvidence::default();
    WeightedEvidence {
        address: read_term(l, "address", d.address, "devices per address"),
        fingerprint: read_term(l, "fingerprint", d.fingerprint, "devices per reported fingerprint"),
        edges: read_term(l, "edges", d.edges, "accounts that come and go at the same times"),
        subnet: read_term(l, "subnet", d.subnet, "accounts or devices per subnet"),
        burst: read_term(l, "burst", d.burst, "devices listed in one subnet within a burst window"),
        threshold: ppm(l.or("threshold", Share(share(d.threshold)), "least score that flags; assumed").0),
    }
}

fn read_term(l: &Table<'_>, key: &'static str, d: Term, doc: &'static str) -> Term {
    let t = l.section(key, doc);
    let term = Term {
        weight: ppm(t.or("weight", Share(share(d.weight)), "most it adds to the score; assumed").0),
        free: t.or("free", d.free, "count that is still innocent; assumed"),
        full: t.or("full", d.full, "count from which on the whole weight is added; assumed"),
    };
    if term.full < term.free {
        t.problem("full", "it lies below `free`", "give at least the count that is still innocent");
    }
    term
}

fn share(ppm: Ppm) -> f64 {
    f64::from(ppm) / 1e6
}

fn read_spec(l: &Table<'_>, run: &Run) -> Spec {
    let d = Spec::default();
    let timing = l.word(
        "timing",
        &["at_snapshot", "on_date", "continuous"],
        Some("at_snapshot"),
        "when accounts are assessed: just before a season is counted (founding article: a purge on the snapshot day), \
         once on a date, or all the time",
    );
    let mut spec = Spec {
        burst_window: span(l.or("burst_window_hours", Hours(24.0), "devices listed within one cell of this grid are a burst; assumed").ns()),
        edge_window: span(l.or("edge_window_hours", Hours(24.0), "ups and downs are compared over windows of this length; assumed").ns()),
        sweep: span(l.or("same_edge_minutes", Minutes(1.0), "ups and downs within one cell of this grid are simultaneous; assumed: the network's own sweep").ns()),
        least_edges: l.or("least_edges", d.least_edges, "fewer ups and downs than this in a window prove nothing; assumed: an outage makes two"),
        grace: Span(l.or("grace_days", Days(0.0), "a flag must be this old before the account is purged, but when the team asks; assumed: April 2024 is reported without notice").ns()),
        appeal_delay: Span(l.or("appeal_days", Days(30.0), "from an appeal to its decision; io.net docs: a month to appeal a slash").ns()),
        review_threshold: ppm(l.or("review_threshold", NonNegative(0.0), "an appeal is also granted below this full score, by a manual review; 0: no review; assumed").0.min(4000.0)),
        ..d
    };
    match timing {
        "on_date" => spec.timing = Timing::OnDate(date(l, run)),
        "continuous" => {
            spec.timing = Timing::Continuous;
            spec.every = span(l.or("every_days", Days(1.0), "time between assessments; assumed").ns());
        }
        _ => {}
    }
    spec
}

/// A span of at least a second.
fn span(ns: u64) -> Span {
    Span(ns).max(Span::SECOND)
}

fn date(l: &Table<'_>, run: &Run) -> Time {
    let date = l.require::<Instant>("date", "date of the assessment, UTC").0;
    let at = run.instant(date).filter(|at| at.0 <= run.duration.0);
    at.unwrap_or_else(|| {
        l.problem("date", "the date lies outside the run", "give a date between run.start and the run's end");
        Time::NEVER
    })
}
