//! Pay by what validators agree on: Bittensor's Yuma consensus over this network's devices.
//!
//! *Rule*: miners are the devices. Validators are the accounts with the most stake, as many as have a seat; one that has
//! no device up is not heard, keeps its bonds while it keeps its seat, and is paid nothing. Each validator weighs devices
//! by what the network measures of them (hired time, time up, or challenges passed), the same for all, but may favour its
//! own by a bias. Of what is paid, devices get one half by incentive; the other half goes to validators by dividends,
//! whose devices share it by time up. The owner's part is not drawn, since nobody here owns a subnet.
//!
//! *Formula*:
//!
//! ```text
//! score of a device = measure * cards * multiplier; its owner as a validator sees score * (1 + bias)
//! weight            = epoch * (miners' half * I + validators' half * D of its account * its time up / that of all)
//! drawn             = down(tokens on offer * (1 - owner's part))
//! ```
//!
//! with I and D of [`super::yuma`]. Where no weight stands, validators get all, by stake.
//!
//! *Source*: opentensor/subtensor (`[bittensor]`): owner 18 %, the rest in halves (41 % and 41 %), κ, the bonds' moving
//! average. What a subnet's validators look at is theirs to say; that they go by this network's own measures, and the
//! bias, are assumed.
//!
//! *Known weakness*: with one measure for all, consensus confirms what the network believed anyway, so it breaks the Sybil
//! law by copies: k claims of one device, each hired, earn k times. A validator that favours its own devices rules alone
//! once it holds κ of the stake; before, its favour is clipped, but what it withholds from others still counts. A season
//! that counts by snapshot cuts off the dividends that absent devices took, and a device left out at the count has taken
//! its points from its owner's others too: it breaks the law of work beside others.

use super::portions::{Portions, stake_of};
use super::yuma::{Judged, Terms, yuma};
use super::{Draw, EARNS_NOTHING, EpochRecord, Needs, Offer, RewardRule};
use crate::units::{ONE, Ppm, portion};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Places of fractions: a million devices have parts of 1e-6, which the chain's 32 would round to three digits.
const PLACES: u32 = 56;

/// What validators weigh devices by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Time hired.
    Hired,
    /// Time up.
    Up,
    /// Challenges passed, less those failed.
    Passed,
}

/// Numbers of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsensusWeightedSpec {
    /// What validators weigh devices by. Time hired (assumed).
    pub measure: Measure,
    /// Seats of validators. 16 (assumed; subtensor begins with 64 or 128, but bonds are kept for each of them and device).
    pub validators: u32,
    /// What a validator adds to the weight of its own devices, in parts per million of it. None (assumed).
    pub own_bias_ppm: Ppm,
    /// Stake that must back a weight, in parts per million. Half (subtensor).
    pub kappa_ppm: Ppm,
    /// Part of the old bonds in the new, in parts per million. 0.9 (subtensor).
    pub bonds_average_ppm: Ppm,
    /// The owner's part, which is not drawn, in parts per million. 18 % (subtensor).
    pub owner_part_ppm: Ppm,
    /// The miners' part of the rest, in parts per million. Half (subtensor).
    pub miners_part_ppm: Ppm,
}

impl Default for ConsensusWeightedSpec {
    fn default() -> Self {
        ConsensusWeightedSpec {
            measure: Measure::Hired,
            validators: 16,
            own_bias_ppm: 0,
            kappa_ppm: 500_000,
            bonds_average_ppm: 900_000,
            owner_part_ppm: 180_000,
            miners_part_ppm: 500_000,
        }
    }
}

impl ConsensusWeightedSpec {
    /// The rule that this describes.
    #[must_use]
    pub fn build(self) -> Box<dyn RewardRule> {
        Box::new(ConsensusWeighted {
            spec: self,
            seats: Vec::new(),
            bonds: Vec::new(),
            scores: Vec::new(),
            judged: Judged::default(),
            portions: Portions::default(),
        })
    }

    fn terms(&self) -> Terms {
        // 32,767 of 65,535 for a half, as on the chain.
        let kappa = u64::from(u16::MAX) * u64::from(self.kappa_ppm.min(ONE)) / u64::from(ONE);
        Terms { kappa: kappa as u16, bonds_average_ppm: self.bonds_average_ppm, places: PLACES }
    }

    /// What all see of a device.
    fn score(&self, record: &EpochRecord<'_>, device: usize) -> u64 {
        if record.flags[device] & EARNS_NOTHING != 0 || record.up_ns[device] == 0 {
            return 0;
        }
        let time = |ns: u64| ns.min(record.epoch.0) / 1_000;
        let measured = match self.measure {
            Measure::Hired => time(record.hired_ns[device]),
            Measure::Up => time(record.up_ns[device]),
            Measure::Passed => u64::from(record.passed[device].saturating_sub(record.failed[device])),
        };
        let multiplier = u128::from(record.models[record.model[device].at()].multiplier);
        let cards = u128::from(measured) * u128::from(record.cards[device]);
        u64::try_from(cards * multiplier / u128::from(ONE)).unwrap_or(u64::MAX)
    }

    fn own(&self, score: u64) -> u64 {
        let seen = u128::from(score) * u128::from(self.own_bias_ppm.saturating_add(ONE)) / u128::from(ONE);
        u64::try_from(seen).unwrap_or(u64::MAX)
    }
}

/// See the file's header.
#[derive(Debug)]
pub struct ConsensusWeighted {
    spec: ConsensusWeightedSpec,
    /// Accounts that validate, in ascending order, each with a row of bonds.
    seats: Vec<usize>,
    bonds: Vec<Vec<u64>>,
    scores: Vec<u64>,
    judged: Judged,
    portions: Portions,
}

impl ConsensusWeighted {
    /// Gives seats to the largest stakes, of equals to the first. Who had one keeps its bonds.
    fn seat(&mut self, record: &EpochRecord<'_>) {
        let staked = (0..record.accounts.min(record.stake.len()))
            .map(|account| (Reverse(stake_of(record, account)), account))
            .filter(|(stake, _)| stake.0 > 0);
        let mut ranking: Vec<(Reverse<u64>, usize)> = staked.collect();
        let places = self.spec.validators as usize;
        if ranking.len() > places {
            ranking.select_nth_unstable(places);
            ranking.truncate(places);
        }
        let mut seats: Vec<usize> = ranking.into_iter().map(|(_, account)| account).collect();
        seats.sort_unstable();
        let kept = |account: &usize| match self.seats.binary_search(account) {
            Ok(seat) => std::mem::take(&mut self.bonds[seat]),
            Err(_) => Vec::new(),
        };
        let mut bonds: Vec<Vec<u64>> = seats.iter().map(kept).collect();
        bonds.iter_mut().for_each(|row| row.resize(record.len(), 0));
        (self.seats, self.bonds) = (seats, bonds);
    }

    /// Seats whose accounts have a device up are heard by their stake.
    fn judge(&mut self, record: &EpochRecord<'_>) {
        let heard = |seat: &usize| if self.portions.has(*seat) { stake_of(record, *seat) } else { 0 };
        let stakes: Vec<u64> = self.seats.iter().map(heard).collect();
        let spec = self.spec;
        self.scores.clear();
        self.scores.extend((0..record.len()).map(|device| spec.score(record, device)));
        let weight = |seat: usize, device: usize| {
            let score = self.scores[device];
            let own = spec.own_bias_ppm > 0 && record.account[device].at() == self.seats[seat];
            if own { spec.own(score) } else { score }
        };
        yuma(&stakes, weight, &mut self.bonds, spec.terms(), &mut self.judged);
    }
}

impl RewardRule for ConsensusWeighted {
    fn name(&self) -> &'static str {
        "consensus_weighted"
    }

    fn needs(&self) -> Needs {
        let verdicts = self.spec.measure == Measure::Passed;
        Needs { stake: true, verdicts, ..Needs::default() }
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        assert_eq!(weights.len(), record.len(), "a weight for every device");
        self.portions.measure(record, record.up_ns);
        self.seat(record);
        self.judge(record);
        let part = |whole: u64, fraction: u64| ((u128::from(whole) * u128::from(fraction)) >> PLACES) as u64;
        let stands = self.judged.incentive.iter().any(|incentive| *incentive > 0);
        let mut miners = part_of(record.epoch.0, self.spec.miners_part_ppm);
        let validators = if stands { record.epoch.0 - miners } else { record.epoch.0 };
        miners *= u64::from(stands);
        weights.fill(0);
        for (weight, incentive) in weights.iter_mut().zip(&self.judged.incentive) {
            *weight = part(miners, *incentive);
        }
        let (seats, judged) = (&self.seats, &self.judged);
        let dividends = if stands { &judged.dividends } else { &judged.stakes };
        let worth = |account: usize| {
            seats.binary_search(&account).map_or(0, |seat| part(validators, dividends[seat]))
        };
        self.portions.share((record, record.up_ns), worth, weights);
    }

    fn draw(&self, offer: &Offer) -> Draw {
        Draw { pay: portion(offer.tokens, ONE - self.spec.owner_part_ppm.min(ONE)), burn: 0 }
    }
}

fn part_of(whole: u64, ppm: Ppm) -> u64 {
    (u128::from(whole) * u128::from(ppm.min(ONE)) / u128::from(ONE)) as u64
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, Row};
    use super::*;
    use crate::ids::{AccountId, ModelId};
    use crate::registry::Model;
    use crate::units::{Amount, Span, TOKEN};

    const HOUR: u64 = Span::HOUR.0;

    fn row(account: u32, hired: Span) -> Row {
        Row { account: AccountId(account), up_ns: HOUR, hired_ns: hired.0, ..Row::default() }
    }

    fn network(rows: Vec<Row>, stake: &[Amount]) -> Columns {
        let model = Model { name: "card".into(), memory_mb: 0, gflops: 0, multiplier: ONE };
        Columns { stake: stake.to_vec(), accounts: stake.len(), ..Columns::new(rows, vec![model]) }
    }

    /// Weights to the nearest millionth of the epoch, far above what is rounded on the way.
    fn millionths(weights: &[u64]) -> Vec<u64> {
        weights.iter().map(|weight| (weight + HOUR / 2_000_000) / (HOUR / 1_000_000)).collect()
    }

    #[test]
    fn honest_validators_pay_devices_by_hire_and_each_other_by_stake() {
        // Accounts 0 and 1 stake three to one and have a device up each; 2 and 3 work three to one without a stake.
        let idle = Span::ZERO;
        let rows = vec![row(0, idle), row(1, idle), row(2, Span::HOUR), row(3, Span(HOUR / 3))];
        let weights =
            network(rows, &[300, 100, 0, 0]).weigh(ConsensusWeightedSpec::default().build().as_mut());
        assert_eq!(millionths(&weights), [375_000, 125_000, 375_000, 125_000]);
    }

    #[test]
    fn the_owners_eighteen_percent_are_not_drawn() {
        let rule = ConsensusWeightedSpec::default().build();
        let drawn = rule.draw(&Offer { tokens: 100 * TOKEN, points: 1, price: None });
        assert_eq!((drawn.pay, drawn.burn), (82 * TOKEN, 0));
    }

    #[test]
    fn where_nobody_was_hired_validators_get_all_by_stake() {
        let rows = vec![row(0, Span::ZERO), row(1, Span::ZERO), row(2, Span::ZERO)];
        let weights = network(rows, &[300, 100, 0]).weigh(ConsensusWeightedSpec::default().build().as_mut());
        assert_eq!(millionths(&weights), [750_000, 250_000, 0]);
    }

    #[test]
    fn a_network_without_stake_pays_nobody_however_much_it_works() {
        let weights =
            network(vec![row(0, Span::HOUR)], &[0]).weigh(ConsensusWeightedSpec::default().build().as_mut());
        assert_eq!(weights, [0]);
    }

    /// Account 0 favours its own device tenfold; 1 is honest; 2 works as much as 0. Millionths of 0's and 2's devices.
    fn biased(stake: Amount, bias: Ppm) -> (u64, u64) {
        let spec = ConsensusWeightedSpec { own_bias_ppm: bias, miners_part_ppm: ONE, ..Default::default() };
        let rows = vec![row(0, Span::HOUR), row(1, Span::ZERO), row(2, Span::HOUR)];
        let weights = network(rows, &[stake, 100 - stake, 0]).weigh(spec.build().as_mut());
        let seen = millionths(&weights);
        (seen[0], seen[2])
    }

    #[test]
    fn a_minority_that_favours_its_own_device_is_clipped_and_a_majority_is_not() {
        assert_eq!(biased(40, 0), (500_000, 500_000));
        // Of 40: its device counts for the honest half; the other for 1/11 of 40 and a half of 60: 0.5 : 0.3363636.
        assert_eq!(biased(40, 9 * ONE), (597_826, 402_174));
        // Of 60: its tenfold view is the median of its device: 60 of 100 at 10/11, 40 at a half: 0.7454545; the other's is
        // 1/11, clipped for both: 0.0909091.
        assert_eq!(biased(60, 9 * ONE), (891_304, 108_696));
    }

    #[test]
    fn beyond_the_seats_a_stake_is_not_heard_and_equals_keep_their_order() {
        let spec = ConsensusWeightedSpec { validators: 1, miners_part_ppm: 0, ..Default::default() };
        let rows = vec![row(0, Span::HOUR), row(1, Span::HOUR), row(2, Span::HOUR)];
        let weights = network(rows, &[5, 7, 7]).weigh(spec.build().as_mut());
        assert_eq!(millionths(&weights), [0, 1_000_000, 0]);
    }

    #[test]
    fn a_newcomer_with_as_much_stake_earns_dividends_slowly() {
        let spec = ConsensusWeightedSpec { miners_part_ppm: 0, ..Default::default() };
        let mut rule = spec.build();
        let rows = vec![row(0, Span::HOUR), row(1, Span::HOUR)];
        network(rows.clone(), &[100, 0]).weigh(rule.as_mut());
        let weights = network(rows, &[100, 100]).weigh(rule.as_mut());
        // A tenth of the new bonds is half the newcomer's.
        assert_eq!(millionths(&weights), [950_000, 50_000]);
    }

    #[test]
    fn a_validator_whose_devices_are_down_is_not_heard_and_loses_a_tenth_of_its_bonds() {
        let spec = ConsensusWeightedSpec { miners_part_ppm: 0, ..Default::default() };
        let mut rule = spec.build();
        let rows = vec![row(0, Span::HOUR), row(1, Span::HOUR)];
        network(rows.clone(), &[100, 100]).weigh(rule.as_mut());
        let down = Row { up_ns: 0, hired_ns: 0, ..rows[1] };
        let weights = network(vec![rows[0], down], &[100, 100]).weigh(rule.as_mut());
        // Its bonds of 0.45 to the other's device earn what nobody is paid.
        assert_eq!(millionths(&weights), [550_000, 0]);
    }

    #[test]
    fn measured_by_challenges_a_farm_that_fails_them_earns_nothing() {
        let spec =
            ConsensusWeightedSpec { measure: Measure::Passed, miners_part_ppm: ONE, ..Default::default() };
        let passes = |account, passed, failed| Row { passed, failed, ..row(account, Span::ZERO) };
        let rows = vec![passes(0, 4, 0), passes(1, 2, 3), passes(2, 5, 1)];
        let weights = network(rows, &[100, 0, 0]).weigh(spec.build().as_mut());
        assert_eq!(millionths(&weights), [500_000, 0, 500_000]);
    }

    #[test]
    fn a_card_of_another_model_counts_by_its_multiplier() {
        let spec = ConsensusWeightedSpec { miners_part_ppm: ONE, ..Default::default() };
        let rows = vec![row(0, Span::HOUR), Row { model: ModelId(1), cards: 2, ..row(1, Span::HOUR) }];
        let mut columns = network(rows, &[100, 0]);
        columns.models.push(Model { multiplier: ONE * 3 / 2, ..columns.models[0].clone() });
        let weights = columns.weigh(spec.build().as_mut());
        assert_eq!(millionths(&weights), [250_000, 750_000]);
    }
}
