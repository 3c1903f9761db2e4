//! RNP-006 as Render published it: a score per node of four parts, and a cap on what a node is paid.
//!
//! *Rule*: a node qualifies when its model is on the approved list and its line reaches the lowest tier. Each node that
//! was up scores once, however many cards it has; the pool is split by score, and no node is paid more than the cap. It
//! differs from [`super::ignition_points`] in its additive form by the published table of models, by counting nodes and
//! not cards, by measuring work in rent and not in time, and by the cap.
//!
//! *Formula*: S = 0.25 work + 0.35 bandwidth + 0.20 model + 0.20 uptime, times a million, rounded down. Work = 0.1 +
//! 0.9 × earned ÷ denominator (see [`Denominator`]); bandwidth = 0.2, 0.4, 0.6, 0.8 from 100/75, 400/300, 800/600,
//! 1600/1200 Mbit/s; model = 0.5 for an RTX 3050 to 1.0 for an RTX 4090; uptime = up ÷ whole epoch, for late joiners
//! too. Shares are rounded down to a millionth. Paid = min(cap, pool × S ÷ ΣS), the cap being 75 RENDER.
//!
//! *Source*: RNP-006 (`[render_rnp006]`) by Render's post on compute client rewards of 17 November 2023, which was to
//! become part of it; the proposal's first text has no scores. The post says node and GPU by turns for what qualifies;
//! a node is read as a listed device. The worked node of the page (A = 0.136, S = 0.484) is met by any denominator of
//! which it earned a twenty-fifth. What becomes of tokens above the cap is not said: they stay in the pool, as
//! "remaining ÷ months left" for later pools suggests.
//!
//! *Known weakness*: an instant of presence earns the bandwidth and model parts of an epoch in full, so it breaks the
//! Sybil law by turns (k claims, each up for a k-th of the time). A node counts once whatever is in it, so it breaks
//! the Sybil law by workers: eight cards on eight nodes earn nearly eight times what they earn on one. It breaks the
//! Sybil law by copies, since no claim is checked. Measured against the largest earner, one node that rents itself
//! dearly lowers everybody's work, its owner's other nodes too: it breaks the law of work by hired time. A node at the
//! cap that does more dilutes its owner's others: it breaks the law of work beside others.
//!
//! The network published scores for whole epochs of eleven days and a month; here every epoch of the record is scored
//! and a season adds the scores up, which is the same where the record's epoch is the season.

use super::ignition_points::{RNP_006_BANDWIDTH, TIERS};
use super::share::Shares;
use super::{EARNS_NOTHING, EpochRecord, Leftover, Needs, PayLimits, RewardRule};
use crate::units::{Amount, ONE, Ppm, TOKEN};
use serde::{Deserialize, Serialize};

/// The approved models and their scores.
const MODELS: [(&str, Ppm); 15] = [
    ("RTX 3050", 500_000),
    ("RTX 3060", 600_000),
    ("RTX 3060 Ti", 600_000),
    ("RTX 3070", 700_000),
    ("RTX 3070 Ti", 700_000),
    ("RTX 3080", 800_000),
    ("RTX 3080 Ti", 800_000),
    ("RTX 3090", 900_000),
    ("RTX 3090 Ti", 900_000),
    ("RTX 4060", 700_000),
    ("RTX 4060 Ti", 700_000),
    ("RTX 4070", 800_000),
    ("RTX 4070 Ti", 800_000),
    ("RTX 4080", 900_000),
    ("RTX 4090", 1_000_000),
];

const WORK: u64 = 250_000;
const BANDWIDTH: u64 = 350_000;
const MODEL: u64 = 200_000;
const UPTIME: u64 = 200_000;
const WORK_FLOOR: u64 = 100_000;

/// What the rent of a node is a share of: the page writes "earned ÷ max earned" and leaves open whose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denominator {
    /// The rent of the node that earned most, as the words suggest.
    #[default]
    Largest,
    /// The rent of all nodes that score.
    Total,
}

/// Numbers of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rnp006Spec {
    /// What rent is a share of. Default: the largest.
    pub denominator: Denominator,
    /// Score of a model that is not on the approved list, in parts per million; at zero (the default, as published)
    /// such a node does not qualify.
    pub unlisted_score_ppm: Ppm,
    /// Most that a node is paid at once, in base units; none is no cap. Default 75 RENDER (RNP-006).
    pub cap_per_node: Option<Amount>,
}

impl Default for Rnp006Spec {
    fn default() -> Self {
        Rnp006Spec {
            denominator: Denominator::Largest,
            unlisted_score_ppm: 0,
            cap_per_node: Some(75 * TOKEN),
        }
    }
}

impl Rnp006Spec {
    /// The rule that this describes; a score beyond one counts as one.
    #[must_use]
    pub fn build(mut self) -> Box<dyn RewardRule> {
        self.unlisted_score_ppm = self.unlisted_score_ppm.min(ONE);
        Box::new(Rnp006 { spec: self, models: Vec::new() })
    }
}

/// The rule; see the head of this file.
#[derive(Debug)]
pub struct Rnp006 {
    spec: Rnp006Spec,
    /// Score of every model of the network's table, kept between epochs.
    models: Vec<u64>,
}

/// The score of a model by its name, however that is spaced: "RTX 3060 Ti" is "rtx_3060_ti".
fn listed(name: &str) -> Option<Ppm> {
    fn letters(name: &str) -> impl Iterator<Item = u8> {
        name.bytes().filter(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase())
    }
    MODELS.iter().find(|(known, _)| letters(known).eq(letters(name))).map(|(_, score)| *score)
}

/// What the scores of an epoch are shares of.
#[derive(Clone, Copy)]
struct Wholes {
    epoch: Shares,
    rent: Shares,
}

impl Rnp006 {
    /// Score of a node's claim in parts per million squared; zero if it does not qualify.
    fn claim(&self, record: &EpochRecord<'_>, node: usize) -> u64 {
        let bandwidth = u64::from(RNP_006_BANDWIDTH[usize::from(record.tier[node]).min(TIERS - 1)]);
        let model = self.models[record.model[node].at()];
        let earns = record.flags[node] & EARNS_NOTHING == 0 && record.up_ns[node] > 0;
        (BANDWIDTH * bandwidth + MODEL * model) * u64::from(earns & (bandwidth > 0) & (model > 0))
    }

    fn wholes(&self, record: &EpochRecord<'_>) -> Wholes {
        let rents =
            (0..record.len()).map(|node| record.earned[node] * u64::from(self.claim(record, node) > 0));
        let rent = match self.spec.denominator {
            Denominator::Largest => rents.max().unwrap_or(0),
            Denominator::Total => rents.fold(0, u64::saturating_add),
        };
        Wholes { epoch: Shares::of(record.epoch.0), rent: Shares::of(rent) }
    }
}

impl Wholes {
    /// Micro-points of a node; none for no claim.
    fn score(self, claim: u64, earned: u64, up_ns: u64) -> u64 {
        let rent = u64::from(self.rent.share(earned));
        let work = WORK_FLOOR + (u64::from(ONE) - WORK_FLOOR) * rent / u64::from(ONE);
        let uptime = u64::from(self.epoch.share(up_ns));
        (claim + WORK * work + UPTIME * uptime) / u64::from(ONE) * u64::from(claim > 0)
    }
}

impl RewardRule for Rnp006 {
    fn name(&self) -> &'static str {
        "rnp_006"
    }

    fn needs(&self) -> Needs {
        Needs { earned: true, ..Needs::default() }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        let unlisted = self.spec.unlisted_score_ppm;
        self.models.clear();
        self.models.extend(record.models.iter().map(|m| u64::from(listed(&m.name).unwrap_or(unlisted))));
        assert!(weights.len() == record.len() && record.earned.len() == record.len(), "a row per node");
        let wholes = self.wholes(record);
        for (node, weight) in weights.iter_mut().enumerate() {
            *weight = wholes.score(self.claim(record, node), record.earned[node], record.up_ns[node]);
        }
    }

    fn limits(&self) -> PayLimits {
        PayLimits { per_device: self.spec.cap_per_node, per_account: None, leftover: Leftover::Retain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ModelId;
    use crate::registry::{Model, flag};
    use crate::rewards::{Columns, Row, split, split_capped};
    use crate::units::Span;

    /// Rows of the models below.
    const RTX_4090: ModelId = ModelId(0);
    const RTX_3060: ModelId = ModelId(1);
    const H100: ModelId = ModelId(2);

    fn weigh(spec: Rnp006Spec, rows: &[Row]) -> Vec<u64> {
        let model = |name: &str| Model { name: name.into(), memory_mb: 0, gflops: 0, multiplier: ONE };
        let models = ["RTX 4090", "rtx_3060", "H100 SXM"].map(model).to_vec();
        let columns = Columns { epoch: Span::DAY, ..Columns::new(rows.to_vec(), models) };
        columns.weigh(spec.build().as_mut())
    }

    fn node(model: ModelId, tier: u8, up_share: f64, earned: u64) -> Row {
        Row { up_ns: Span::from_hours(24.0 * up_share).0, tier, model, earned, ..Row::default() }
    }

    #[test]
    fn the_published_worked_node_scores_what_the_page_prints() {
        // A = 0.136, here 4 % of the best earner; B = 0.4, C = 0.6, D = 0.95; S = 0.484.
        let worked = node(RTX_3060, 2, 0.95, 40_000);
        // 0.25 x 1 + 0.35 x 0.8 + 0.20 x 1 + 0.20 x 1 = 0.93.
        let best = node(RTX_4090, 4, 1.0, 1_000_000);
        assert_eq!(weigh(Rnp006Spec::default(), &[worked, best]), [484_000, 930_000]);
    }

    #[test]
    fn of_the_total_the_same_node_needs_a_twenty_fifth_of_all_rents() {
        let spec = Rnp006Spec { denominator: Denominator::Total, ..Rnp006Spec::default() };
        let nodes = [node(RTX_3060, 2, 0.95, 40_000), node(RTX_4090, 4, 1.0, 960_000)];
        // The other: 0.25 x (0.1 + 0.9 x 0.96) + 0.35 x 0.8 + 0.20 + 0.20 = 0.921.
        assert_eq!(weigh(spec, &nodes), [484_000, 921_000]);
    }

    #[test]
    fn a_node_off_the_list_or_on_a_slow_line_does_not_qualify_and_sets_no_measure() {
        let rich = 9_000_000;
        let nodes = [
            node(RTX_4090, 1, 1.0, 500),
            node(H100, 4, 1.0, rich),
            node(RTX_4090, 0, 1.0, rich),
            node(RTX_4090, 4, 0.0, rich),
            Row { flags: flag::BANNED, ..node(RTX_4090, 4, 1.0, rich) },
        ];
        // 0.25 x 1 + 0.35 x 0.2 + 0.20 + 0.20.
        assert_eq!(weigh(Rnp006Spec::default(), &nodes), [720_000, 0, 0, 0, 0]);
        let all = Rnp006Spec { unlisted_score_ppm: ONE, ..Rnp006Spec::default() };
        assert_eq!(weigh(all, &nodes)[1], 930_000);
    }

    #[test]
    fn a_network_without_work_pays_for_presence_alone() {
        let nodes = [node(RTX_4090, 4, 1.0, 0), node(RTX_3060, 1, 0.5, 0)];
        // 0.025 + 0.28 + 0.2 + 0.2, and 0.025 + 0.07 + 0.12 + 0.1.
        assert_eq!(weigh(Rnp006Spec::default(), &nodes), [705_000, 315_000]);
    }

    #[test]
    fn eight_cards_in_one_node_count_as_one() {
        let one = node(RTX_4090, 4, 1.0, 0);
        let weights = weigh(Rnp006Spec::default(), &[one, Row { cards: 8, ..one }]);
        assert_eq!(weights[0], weights[1]);
    }

    #[test]
    fn scores_run_from_a_half_to_one_and_names_are_read_however_spaced() {
        assert_eq!((listed("RTX 3050"), listed("rtx_4090")), (Some(500_000), Some(ONE)));
        assert_eq!((listed("rtx3060ti"), listed("RTX 3060")), (Some(600_000), Some(600_000)));
        assert_eq!((listed("rtx_4080_super"), listed("")), (None, None));
    }

    #[test]
    fn models_score_what_the_shared_catalogue_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/facts/data/gpu_catalogue.csv");
        let Ok(table) = std::fs::read_to_string(path) else {
            println!("skipped: the shared catalogue of cards is not here");
            return;
        };
        let at = |name: &str| table.lines().next().and_then(|head| head.split(',').position(|c| c == name));
        let at = at("render_score_rnp006").expect("the catalogue has the column");
        let mut known = 0;
        // The cells after the scores may hold commas of their own; those before them do not.
        for row in table.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>()) {
            let score: Option<f64> = row[at].parse().ok();
            assert_eq!(listed(row[0]), score.map(|score| (score * 1e6) as Ppm), "{}", row[0]);
            known += usize::from(score.is_some());
        }
        assert_eq!(known, MODELS.len());
    }

    #[test]
    fn no_node_is_paid_more_than_seventy_five_and_the_rest_stays_in_the_pool() {
        let limits = Rnp006Spec::default().build().limits();
        assert_eq!((limits.per_device, limits.per_account), (Some(75 * TOKEN), None));
        let mut paid = Vec::new();
        // 1,000 nodes alike and the pool of November 2023, 100,000 RENDER: 100 each, of which 25 are not paid.
        let (weights, caps) = ([705_000u64; 1_000], [75 * TOKEN; 1_000]);
        let left = split_capped(100_000 * TOKEN, &weights, &caps, limits.leftover, &mut paid);
        assert!(paid.iter().all(|tokens| *tokens == 75 * TOKEN));
        assert_eq!((left.retained, left.burned), (25_000 * TOKEN, 0));
    }

    #[test]
    fn the_upgrade_points_of_the_same_page_are_paid_as_it_prints_them() {
        // 100,000 tokens at five points each, of fifty million points in all, and 95,071 RENDER: 950.71.
        let mut paid = Vec::new();
        let rest = split(95_071 * TOKEN, &[500_000u64, 49_500_000], &mut paid);
        assert_eq!((paid[0], rest), (95_071_000_000, 0));
        // The pool from January 2024: what is left of 1,140,852 after two pools, in ten months: 84,085.2.
        assert_eq!((1_140_852 - 100_000 - 200_000) * TOKEN / 10, 8_408_520_000_000);
    }
}
