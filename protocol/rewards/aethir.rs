//! Pay for being ready and for serving: Aethir's proof of capacity and proof of delivery.
//!
//! *Rule*: a device is checked every quarter of an hour. It earns of the capacity pool by the checks that find it ready, and
//! of the delivery pool by the time it is hired. A failed challenge takes rewards of the capacity pool, those to come
//! too, before anything is taken of a stake.
//!
//! *Formula*, with size = cards * multiplier:
//!
//! ```text
//! checks   = down(time up / 15 minutes), of them down(checks * passed / (passed + failed)) where it was challenged
//! capacity = max(0, checks - owed) * size     owed = failed * fine + what earlier epochs left owing
//! delivery = time hired * size
//! weight   = down(epoch * part * capacity / all capacity) + down(epoch * (1 - part) * delivery / all delivery)
//! ```
//!
//! *Source*: Aethir docs (`[aethir]`): the two proofs, the quarter of an hour, and rewards slashed before stake. Its table of
//! emissions to cloud hosts and its percentages of slashing were not found, so the parts of the pools and the fine are
//! assumed. That a check finds whole quarters of an hour up stands for sampling, and challenges of this network for the
//! checkers' judgement. The stake (K of the month times a coefficient of the week) is staking per power with `required`
//! ([`crate::staking`]): a device without it weighs nothing; that K and coefficient move is left out, and so is
//! what rewards do not cover, which is slashing's. Checkers are paid from a pool of their own, in equal parts.
//!
//! *Known weakness*: it breaks the Sybil law by copies: challenged or not, k claims of one device that pass earn k times. An
//! idle card that answers earns the capacity pool for ever, and where nobody is hired all goes to capacity. A device left
//! out at the count has taken its points from its owner's others too.

use super::proportion::Narrow;
use super::{EARNS_NOTHING, EpochRecord, Needs, RewardRule};
use crate::units::{ONE, Ppm, Span};
use serde::{Deserialize, Serialize};

/// Numbers of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AethirSpec {
    /// Between checks of capacity. 15 minutes (Aethir docs).
    pub check_every: Span,
    /// Checks taken for each failed challenge. 4, an hour's (assumed).
    pub checks_per_failure: u32,
    /// The capacity pool's part of all, in parts per million. Half (assumed).
    pub capacity_part_ppm: Ppm,
}

impl Default for AethirSpec {
    fn default() -> Self {
        AethirSpec { check_every: Span::MINUTE.times(15), checks_per_failure: 4, capacity_part_ppm: 500_000 }
    }
}

impl AethirSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(Aethir { spec: self, owed: Vec::new(), delivered: Vec::new() })
    }
}

/// See the file's header.
#[derive(Debug)]
pub struct Aethir {
    spec: AethirSpec,
    /// Checks that devices still owe.
    owed: Vec<u64>,
    /// Scratch: what each device delivered.
    delivered: Vec<u64>,
}

impl Aethir {
    /// Checks that a device is paid for, after what it owes.
    fn checks(&mut self, record: &EpochRecord<'_>, device: usize) -> u64 {
        let mut checks = record.up_ns[device].min(record.epoch.0) / self.spec.check_every.0.max(1);
        let failed = u64::from(record.failed[device]);
        let owed = &mut self.owed[device];
        if failed > 0 {
            let passed = u64::from(record.passed[device]);
            checks = (u128::from(checks) * u128::from(passed) / u128::from(passed + failed)) as u64;
            *owed = owed.saturating_add(failed * u64::from(self.spec.checks_per_failure));
        }
        let taken = checks.min(*owed);
        *owed -= taken;
        checks - taken
    }
}

/// So much of one card, for as many cards of a multiplier.
fn sized(record: &EpochRecord<'_>, device: usize, amount: u64) -> u64 {
    let multiplier = u64::from(record.models[record.model[device].at()].multiplier);
    let per_card = match amount.checked_mul(multiplier) {
        Some(product) => product / u64::from(ONE),
        None => (u128::from(amount) * u128::from(multiplier) / u128::from(ONE)) as u64,
    };
    per_card.saturating_mul(u64::from(record.cards[device]))
}

impl RewardRule for Aethir {
    fn name(&self) -> &'static str {
        "aethir"
    }

    fn needs(&self) -> Needs {
        Needs { verdicts: true, ..Needs::default() }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        assert_eq!(weights.len(), record.len(), "a weight for every device");
        self.owed.resize(record.len(), 0);
        self.delivered.clear();
        let (mut capacity, mut delivery) = (0u64, 0u64);
        for (device, weight) in weights.iter_mut().enumerate() {
            let earns = u64::from(record.flags[device] & EARNS_NOTHING == 0);
            // A check is worth a million, so that a small multiplier is not rounded away.
            let ready = self.checks(record, device) * u64::from(ONE) * earns;
            let hired = record.hired_ns[device].min(record.epoch.0) / 1_000 * earns;
            *weight = sized(record, device, ready);
            let delivered = sized(record, device, hired);
            self.delivered.push(delivered);
            capacity = capacity.saturating_add(*weight);
            delivery = delivery.saturating_add(delivered);
        }
        let part = u128::from(self.spec.capacity_part_ppm.min(ONE));
        let for_capacity = (u128::from(record.epoch.0) * part / u128::from(ONE)) as u64;
        let capacity = Narrow::of(for_capacity, capacity.max(1));
        let delivery = Narrow::of(record.epoch.0 - for_capacity, delivery.max(1));
        for (weight, delivered) in weights.iter_mut().zip(&self.delivered) {
            *weight = capacity.share(*weight).0 + delivery.share(*delivered).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, Row, split};
    use super::*;
    use crate::registry::{Model, flag};
    use crate::units::{Amount, TOKEN};

    const HOUR: u64 = Span::HOUR.0;
    const HALF: u64 = HOUR / 2;

    fn up(hired: Span) -> Row {
        Row { up_ns: HOUR, hired_ns: hired.0, ..Row::default() }
    }

    fn network(rows: Vec<Row>) -> Columns {
        let card = |multiplier| Model { name: "card".into(), memory_mb: 0, gflops: 0, multiplier };
        Columns::new(rows, vec![card(ONE), card(ONE / 4)])
    }

    fn weigh(rows: Vec<Row>) -> Vec<u64> {
        network(rows).weigh(AethirSpec::default().build().as_mut())
    }

    #[test]
    fn an_idle_card_earns_capacity_and_a_hired_one_delivery_as_well() {
        assert_eq!(weigh(vec![up(Span::ZERO), up(Span::HOUR)]), [HALF / 2, HALF / 2 + HALF]);
        // Hired by three to one.
        let thirds = weigh(vec![up(Span::MINUTE.times(45)), up(Span::MINUTE.times(15))]);
        assert_eq!(thirds, [HALF / 2 + HALF / 4 * 3, HALF / 2 + HALF / 4]);
    }

    #[test]
    fn a_card_is_found_ready_in_whole_quarters_of_an_hour() {
        let minutes = |n| Row { up_ns: Span::MINUTE.times(n).0, ..Row::default() };
        // 0, 1, 2 and 4 checks of seven.
        let weights = weigh(vec![minutes(14), minutes(15), minutes(44), minutes(60)]);
        assert_eq!(weights, [0, HALF / 7, HALF * 2 / 7, HALF * 4 / 7]);
    }

    #[test]
    fn eight_cards_of_a_quarter_are_two_whole_ones() {
        let farm = Row { cards: 8, model: crate::ids::ModelId(1), ..up(Span::HOUR) };
        assert_eq!(weigh(vec![up(Span::HOUR), up(Span::HOUR), farm]), [HALF / 2, HALF / 2, HOUR / 2]);
    }

    #[test]
    fn a_device_that_fails_pays_from_its_rewards_until_the_fine_is_worked_off() {
        let mut rule = AethirSpec { capacity_part_ppm: ONE, ..AethirSpec::default() }.build();
        let honest = up(Span::ZERO);
        // Failed one of two: two of four checks are left, and four are owed.
        let mut seen = Vec::new();
        let mut fails = Row { passed: 1, failed: 1, ..honest };
        for _ in 0..3 {
            seen.push(network(vec![honest, fails]).weigh(rule.as_mut()));
            (fails.passed, fails.failed) = (2, 0);
        }
        // Two are taken at once, two of the next four, then none: 4 to 0, 4 to 2, 4 to 4.
        assert_eq!(seen, [[HOUR, 0], [HOUR / 3 * 2, HOUR / 3], [HALF, HALF]]);
    }

    #[test]
    fn a_device_without_its_stake_or_in_quarantine_weighs_nothing_and_takes_from_nobody() {
        let barred = |flags| Row { flags, ..up(Span::HOUR) };
        let weights = weigh(vec![barred(flag::UNSTAKED), barred(flag::QUARANTINED), up(Span::HOUR)]);
        assert_eq!(weights, [0, 0, HOUR]);
    }

    #[test]
    fn slices_that_pass_multiply_what_they_stand_for() {
        let weights = weigh(vec![up(Span::ZERO); 4]);
        assert_eq!(weights[1..].iter().sum::<u64>(), 3 * weights[0]);
    }

    /// Published: 6.3 billion tokens over 1,460 days among 91,759 checkers are 47.026 tokens for each and day.
    #[test]
    fn checkers_share_their_pool_in_equal_parts() {
        let day: Amount = 6_300_000_000 * TOKEN / 1_460;
        let mut paid = Vec::new();
        let left = split(day, &vec![1u64; 91_759], &mut paid);
        assert!(paid.iter().all(|tokens| tokens * 1_000 / TOKEN == 47_026 && tokens / TOKEN == 47));
        assert_eq!(left, 0);
    }

    #[test]
    fn a_fine_or_a_network_beyond_all_numbers_saturates() {
        let fine = AethirSpec { checks_per_failure: u32::MAX, ..AethirSpec::default() };
        let fails = Row { failed: u16::MAX, cards: u16::MAX, ..up(Span::HOUR) };
        let mut rule = fine.build();
        for _ in 0..3 {
            assert_eq!(network(vec![fails]).weigh(rule.as_mut()), [HALF]);
        }
    }
}
