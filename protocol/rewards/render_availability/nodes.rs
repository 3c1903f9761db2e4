//! Render's availability rewards for rendering nodes: idle time, scored by logarithms against the network's averages.

use crate::rewards::{EARNS_NOTHING, EpochRecord, RewardRule};
use crate::units::{ONE, Ppm, Span, Time};
use serde::{Deserialize, Serialize};

const HOUR_US: u64 = Span::HOUR.0 / 1_000;
/// The decay in binary fixed point.
const FRACTION: u32 = 32;
/// From this node of an account on the decay stays as it is.
const DEEPEST: u32 = 1 << 16;

/// Numbers of RNP-015.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NodesSpec {
    /// Weight of the OctaneBench term in parts per million. Default 3 (RNP-015).
    pub performance_weight_ppm: Ppm,
    /// Weight of the memory term in parts per million. Default 3 (RNP-015).
    pub memory_weight_ppm: Ppm,
    /// Weight of the age term in parts per million. Default 1 (RNP-015).
    pub age_weight_ppm: Ppm,
    /// Nodes of an account that are paid in full. Default 3 (RNP-015).
    pub full_nodes: u32,
    /// Rate of the decay for each node after those, in parts per million. Default 0.65 (RNP-015).
    pub decay_ppm: Ppm,
    /// OctaneBench points for each TFLOPS of a card, in parts per million. Default 8: assumed, from about 1,300 points
    /// of an RTX 4090 (recalled) and its 165 TFLOPS.
    pub octanebench_per_tflops_ppm: u32,
}

impl Default for NodesSpec {
    fn default() -> Self {
        NodesSpec {
            performance_weight_ppm: 3 * ONE,
            memory_weight_ppm: 3 * ONE,
            age_weight_ppm: ONE,
            full_nodes: 3,
            decay_ppm: 650_000,
            octanebench_per_tflops_ppm: 8 * ONE,
        }
    }
}

/// Part that the `x`-th node of an account is paid: 1 up to `full`, then exp(-rate (x - full)).
#[must_use]
pub fn node_decay(x: u32, full: u32, rate: f64) -> f64 {
    match x.saturating_sub(full) {
        0 => 1.0,
        beyond => libm::exp(-rate * f64::from(beyond)),
    }
}

/// The logarithm of a size, of which less than 2 counts as 2.
fn ln(size: f64) -> f64 {
    libm::log(size.max(2.0))
}

/// Micro-points = idle hours × (3 ln OB ÷ ln mean OB + 3 ln VRAM ÷ ln mean VRAM + ln age ÷ ln mean age) × decay(x), times
/// a million. Idle is up and not hired. Means are over the nodes that earn this epoch, that is that were up in it and are
/// in good standing, and so is the count x of an account's nodes, in the record's order, which is the order of listing:
/// the page counts nodes of a wallet and does not say which is the fourth.
///
/// Readings where the page is silent, all assumed: OB is the node's, so that of all its cards, and follows from their
/// throughput; VRAM is that of one card in GB, since rendering does not pool it (recalled); age is in whole days since
/// listing; sizes below 2 count as 2, since the quotient of logarithms has no bounds near 1. The idle share of an epoch
/// is counted in hours, so that epochs of other lengths, or parts of one, add up; the factor that makes the sum of an
/// epoch its pool is what the split of a pool does. Each term is rounded down to a millionth, the decay to 2^-32, the
/// product to a micro-point.
///
/// *Known weakness*: no claim is checked and logarithms pay many small nodes more than one large one of the same cards,
/// three times over in one wallet and without end in many. It breaks the Sybil law by copies, it breaks the Sybil law by
/// workers, and, since a wallet's decay starts anew in the next one, it breaks the Sybil law by accounts. What is hired
/// earns nothing here, so a node that would be paid less than this is better idle: it breaks the law of work by idle time
/// and breaks the law of work by hired time. More cards raise the mean too, which takes weight from the whole term of
/// performance: it breaks the law of work by cards for an owner whose nodes are large and of which the one that grows
/// is hired. Which of an owner's nodes are paid in full hangs on the order in which they were listed.
#[derive(Debug)]
pub struct Nodes {
    spec: NodesSpec,
    /// By node of an account, from the first.
    decay: Vec<u64>,
    /// Logarithms of whole numbers.
    logs: Vec<f64>,
    /// Nodes seen in the epoch, by account.
    seen: Vec<u32>,
}

impl Nodes {
    /// The rule with these numbers.
    #[must_use]
    pub fn new(spec: NodesSpec) -> Nodes {
        let rate = f64::from(spec.decay_ppm) / f64::from(ONE);
        let one = (1u64 << FRACTION) as f64;
        let decay = |x| (node_decay(x, spec.full_nodes, rate) * one) as u64;
        let last = spec.full_nodes.saturating_add(DEEPEST).min(2 * DEEPEST);
        // Once nothing is left, nothing is left for the later ones.
        let mut table: Vec<u64> = (1..=last).map(decay).take_while(|&part| part > 0).collect();
        if table.len() < last as usize {
            table.push(0);
        }
        Nodes { spec, decay: table, logs: vec![0.0], seen: Vec::new() }
    }

    fn logs_up_to(&mut self, n: usize) {
        let from = self.logs.len();
        self.logs.extend((from..=n).map(|n| libm::log(n as f64)));
    }

    /// Points of a card of this throughput and number, in OctaneBench.
    fn octanebench(&self, gflops: f64) -> f64 {
        gflops / 1_000.0 * (f64::from(self.spec.octanebench_per_tflops_ppm) / f64::from(ONE))
    }
}

/// Whole days since listing, at least two.
fn days(now: Time, registered: Time) -> usize {
    (now.since(registered).0 / Span::DAY.0).max(2) as usize
}

fn earns(record: &EpochRecord<'_>, at: usize) -> bool {
    record.flags[at] & EARNS_NOTHING == 0 && record.up_ns[at] > 0
}

/// Sums over the nodes that earn.
#[derive(Default)]
struct Sums {
    nodes: u64,
    gflops: u128,
    memory_mb: u128,
    days: u64,
    most_cards: usize,
    most_days: usize,
}

impl Sums {
    fn of(record: &EpochRecord<'_>) -> Sums {
        let mut sums = Sums::default();
        for at in (0..record.len()).filter(|&at| earns(record, at)) {
            let (model, cards) = (&record.models[record.model[at].at()], record.cards[at]);
            let age = days(record.now, record.registered[at]);
            sums.nodes += 1;
            sums.gflops += u128::from(u64::from(model.gflops) * u64::from(cards));
            sums.memory_mb += u128::from(model.memory_mb);
            sums.days += age as u64;
            sums.most_cards = sums.most_cards.max(cards.into());
            sums.most_days = sums.most_days.max(age);
        }
        sums
    }
}

/// Terms of an epoch in millionths, so that a node costs three look-ups.
struct Terms {
    by_model: Vec<u64>,
    by_cards: Vec<u64>,
    by_days: Vec<u64>,
}

impl Terms {
    fn of(rule: &Nodes, sums: &Sums, record: &EpochRecord<'_>) -> Terms {
        let nodes = sums.nodes as f64;
        let performance = ln(rule.octanebench(sums.gflops as f64 / nodes));
        let memory = ln(sums.memory_mb as f64 / nodes / 1_000.0);
        let age = ln(sums.days as f64 / nodes);
        let term = |weight: Ppm, log: f64, mean: f64| (f64::from(weight) * log / mean) as u64;
        let spec = &rule.spec;
        let of_model = record.models.iter().map(|model| {
            let octanebench = ln(rule.octanebench(model.gflops.into()));
            term(spec.performance_weight_ppm, octanebench, performance)
                + term(spec.memory_weight_ppm, ln(f64::from(model.memory_mb) / 1_000.0), memory)
        });
        let logs = |most: usize| rule.logs[..=most].iter();
        Terms {
            by_model: of_model.collect(),
            by_cards: logs(sums.most_cards)
                .map(|&log| term(spec.performance_weight_ppm, log, performance))
                .collect(),
            by_days: logs(sums.most_days).map(|&log| term(spec.age_weight_ppm, log, age)).collect(),
        }
    }
}

/// Idle time times a score in millionths, an hour being one; the largest weight stands for anything larger.
fn points(idle_us: u64, score: u64) -> u64 {
    match idle_us.checked_mul(score) {
        Some(product) => product / HOUR_US,
        None => {
            let wide = u128::from(idle_us) * u128::from(score) / u128::from(HOUR_US);
            u64::try_from(wide).unwrap_or(u64::MAX)
        }
    }
}

impl RewardRule for Nodes {
    fn name(&self) -> &'static str {
        "render_availability.nodes"
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        assert_eq!(weights.len(), record.len(), "a weight for every device");
        weights.fill(0);
        let sums = Sums::of(record);
        if sums.nodes == 0 {
            return;
        }
        self.logs_up_to(sums.most_cards.max(sums.most_days));
        let terms = Terms::of(self, &sums, record);
        self.seen.clear();
        self.seen.resize(record.accounts, 0);
        let last = self.decay.len() - 1;
        for at in (0..record.len()).filter(|&at| earns(record, at)) {
            let x = &mut self.seen[record.account[at].at()];
            let decay = self.decay[(*x as usize).min(last)];
            *x += 1;
            let score = terms.by_model[record.model[at].at()]
                + terms.by_cards[usize::from(record.cards[at])]
                + terms.by_days[days(record.now, record.registered[at])];
            let idle = record.up_ns[at].min(record.epoch.0).saturating_sub(record.hired_ns[at]);
            let score = ((u128::from(score) * u128::from(decay)) >> FRACTION) as u64;
            weights[at] = points(idle / 1_000, score);
        }
    }
}
