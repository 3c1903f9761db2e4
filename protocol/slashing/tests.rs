//! Charges by hand, appeals, destinations, and that slashed stake moves and never vanishes.

use super::*;
use crate::lcg::Lcg;
use crate::registry::{Registry, flag};
use crate::staking::cover::News;
use crate::staking::{Per, Stake, StakingSpec};
use crate::testbed::{claim, registry};

const SUPPLIER: AccountId = AccountId(0);
const RENTER: AccountId = AccountId(1);

/// One supplier with devices of a card each, a hundred dollars of stake per device, and a renter.
struct Court {
    slashing: Slashing,
    staking: Staking,
    ledger: Ledger,
    registry: Registry,
    purses: Vec<Purse>,
    effects: Vec<Effect>,
}

impl Court {
    fn new(spec: SlashingSpec, devices: u32) -> Court {
        let mut ledger = Ledger::default();
        let outside = ledger.open_unlimited();
        let stakes = StakingSpec { per: Per::Device, rate: 100, asset: Asset::Usd, ..StakingSpec::default() };
        let mut staking = Staking::open(stakes, &mut ledger);
        let slashing = Slashing::open(spec, &mut ledger);
        let purses = vec![ledger.open(), ledger.open()];
        let amount = 100 * Amount::from(devices);
        ledger.post(Asset::Usd, Category::Funding, outside, purses[0], amount).expect("unlimited");
        let mut registry = registry();
        for _ in 0..devices {
            registry.push(Time::ZERO, SUPPLIER, &claim(1, 1), flag::DEPLOYABLE_SET);
        }
        staking.grow(&mut registry, &mut News::default());
        let stake = Stake { supplier: SUPPLIER, staker: SUPPLIER, amount, asset: Asset::Usd };
        staking.stake(stake, purses[0], &mut ledger, &mut Vec::new()).expect("funded");
        Court { slashing, staking, ledger, registry, purses, effects: Vec::new() }
    }

    fn run<R>(&mut self, act: impl FnOnce(&mut Slashing, &mut Stakes<'_>) -> R) -> R {
        let mut stakes = Stakes {
            staking: &mut self.staking,
            ledger: &mut self.ledger,
            purses: &self.purses,
            effects: &mut self.effects,
        };
        let out = act(&mut self.slashing, &mut stakes);
        assert_eq!(self.usd(self.staking.purse()), self.staking.total());
        out
    }

    fn charge(&mut self, now: Time, device: u32, reason: Reason, victim: Option<AccountId>) {
        let fault = Fault { supplier: SUPPLIER, device: DeviceId(device), reason, victim };
        self.run(|slashing, stakes| slashing.charge(now, &[fault], stakes));
    }

    fn advance(&mut self, now: Time) -> Vec<AccountId> {
        self.run(|slashing, stakes| slashing.advance(now, stakes))
    }

    fn usd(&self, purse: Purse) -> Amount {
        self.ledger.balance(purse, Asset::Usd)
    }

    /// Staked, seized, burned, treasury, renter.
    fn where_it_lies(&self) -> [Amount; 5] {
        let s = &self.slashing;
        [self.staking.purse(), s.seized, s.burned, s.treasury, self.purses[RENTER.at()]]
            .map(|purse| self.usd(purse))
    }
}

fn spec(destination: Destination) -> SlashingSpec {
    let policy = FixedShare { verification: ONE, desertion: 250_000, fraud: 500_000 };
    SlashingSpec { policy: Box::new(policy), destination, ..SlashingSpec::default() }
}

fn day(days: u64) -> Time {
    Time::ZERO + Span::DAY.times(days)
}

#[test]
fn by_hand_a_charge_seizes_and_the_window_decides() {
    let mut court = Court::new(spec(Destination::Burn), 3);
    court.charge(day(0), 1, Reason::Desertion, Some(RENTER));
    assert_eq!(court.where_it_lies(), [275, 25, 0, 0, 0]);
    assert_eq!(court.slashing.next_deadline(), day(30));
    court.charge(day(1), 1, Reason::Desertion, None);
    assert_eq!(court.slashing.slashes().len(), 1, "one pending charge per device and reason");
    court.advance(Time(day(30).0 - 1));
    assert_eq!(court.where_it_lies(), [275, 25, 0, 0, 0]);
    court.advance(day(30));
    assert_eq!(court.where_it_lies(), [275, 0, 25, 0, 0]);
    assert_eq!(court.effects.last(), Some(&Effect::Slashed(SlashId(0), 25)));
    court.charge(day(31), 1, Reason::Desertion, None);
    assert_eq!(court.slashing.slashes().len(), 2, "the first is decided");
    // 275 of 300 stands behind three devices: 91 behind each, a quarter of it is 22.
    assert_eq!(court.where_it_lies(), [253, 22, 25, 0, 0]);
}

#[test]
fn a_slash_goes_where_the_rules_say_and_a_victim_needs_a_lease() {
    for (destination, victim, at) in [
        (Destination::Burn, Some(RENTER), 2),
        (Destination::Treasury, Some(RENTER), 3),
        (Destination::Victim, Some(RENTER), 4),
        (Destination::Victim, None, 3),
    ] {
        let mut court = Court::new(spec(destination), 1);
        court.charge(day(0), 0, Reason::Fraud, victim);
        court.advance(day(30));
        let mut expected = [50, 0, 0, 0, 0];
        expected[at] = 50;
        assert_eq!(court.where_it_lies(), expected, "{destination:?}");
        let categories: Vec<Category> = court
            .effects
            .iter()
            .filter_map(|e| if let Effect::Posted(entry) = e { Some(entry.category) } else { None })
            .collect();
        assert_eq!(categories, [Category::Slash, Category::Slash]);
    }
}

#[test]
fn only_an_appealed_slash_whose_reason_is_withdrawn_comes_back() {
    for (appealed, withdrawn) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut court = Court::new(spec(Destination::Burn), 1);
        court.charge(day(0), 0, Reason::FailedVerification, None);
        assert_eq!(court.where_it_lies(), [0, 100, 0, 0, 0]);
        if appealed {
            court.slashing.appeal(SlashId(0), &mut court.effects).expect("pending");
        }
        if withdrawn {
            court.slashing.passed(DeviceId(0));
        }
        let restored = court.advance(day(30));
        let back = appealed && withdrawn;
        assert_eq!(restored.len(), usize::from(back));
        let expected = if back { [100, 0, 0, 0, 0] } else { [0, 0, 100, 0, 0] };
        assert_eq!(court.where_it_lies(), expected, "appealed {appealed}, withdrawn {withdrawn}");
        let state = if back { State::Dropped } else { State::Upheld };
        assert_eq!(court.slashing.slashes()[0].state, state);
    }
}

#[test]
fn a_passed_challenge_answers_for_failed_challenges_only() {
    let mut court = Court::new(spec(Destination::Burn), 1);
    court.charge(day(0), 0, Reason::Fraud, None);
    court.slashing.passed(DeviceId(0));
    court.slashing.appeal(SlashId(0), &mut court.effects).expect("pending");
    assert!(!court.slashing.slashes()[0].withdrawn);
    court.slashing.withdraw(SlashId(0)).expect("pending");
    court.advance(day(30));
    assert_eq!(court.slashing.slashes()[0].state, State::Dropped, "the operators may");
}

#[test]
fn appeals_are_refused_twice_too_late_and_of_what_never_was() {
    let mut court = Court::new(spec(Destination::Burn), 1);
    let appeal = |court: &mut Court, id| court.slashing.appeal(SlashId(id), &mut court.effects);
    assert_eq!(appeal(&mut court, 0), Err(Rejection::Unknown));
    court.charge(day(0), 0, Reason::Fraud, None);
    assert_eq!(appeal(&mut court, 0), Ok(()));
    assert_eq!(appeal(&mut court, 0), Err(Rejection::WrongState));
    court.advance(day(30));
    assert_eq!(court.slashing.withdraw(SlashId(0)), Err(Rejection::WrongState));
    court.charge(day(31), 0, Reason::Fraud, None);
    court.advance(day(61));
    assert_eq!(appeal(&mut court, 1), Err(Rejection::WrongState));
}

#[test]
fn graduated_slashes_double_up_to_the_whole_and_none_takes_nothing() {
    let policy = Graduated::default();
    let fraction = |reason, earlier| policy.fraction(Charge { reason, earlier });
    assert_eq!((0..4).map(|n| fraction(Reason::Fraud, n)).collect::<Vec<_>>(), [250_000, 500_000, ONE, ONE]);
    assert_eq!(fraction(Reason::Desertion, 5), 320_000);
    assert_eq!(fraction(Reason::Desertion, u32::MAX), ONE);
    let mut court = Court::new(SlashingSpec::default(), 1);
    court.charge(day(0), 0, Reason::Fraud, None);
    assert!(court.slashing.slashes().is_empty() && court.effects.is_empty());
    let graduated = SlashingSpec { policy: Box::new(policy), ..spec(Destination::Burn) };
    let mut court = Court::new(graduated, 2);
    court.charge(day(0), 0, Reason::Fraud, None);
    court.advance(day(30));
    court.charge(day(31), 1, Reason::Fraud, None);
    // A quarter of 100; then half of the 87 that are left behind each of two.
    assert_eq!(court.where_it_lies(), [132, 43, 25, 0, 0]);
}

#[test]
fn random_charges_appeals_and_decisions_lose_not_one_unit() {
    let mut lcg = Lcg(31);
    let reasons = [Reason::FailedVerification, Reason::Desertion, Reason::Fraud];
    let mut states = [0; 3];
    for _ in 0..60 {
        let destination = [Destination::Burn, Destination::Treasury, Destination::Victim];
        let policy: Box<dyn SlashPolicy> = match lcg.below(2) {
            0 => Box::new(FixedShare { desertion: lcg.below(400_000) as Ppm, ..FixedShare::default() }),
            _ => Box::new(Graduated::default()),
        };
        let rules = SlashingSpec { policy, ..spec(destination[lcg.below(3) as usize]) };
        let mut court = Court::new(rules, 12);
        for step in 0..60 {
            let now = day(step * 4);
            court.advance(now);
            let device = lcg.below(12) as u32;
            match lcg.below(4) {
                0 => {
                    let victim = (lcg.below(2) == 0).then_some(RENTER);
                    court.charge(now, device, reasons[lcg.below(3) as usize], victim);
                }
                1 => (0..=device).for_each(|device| court.slashing.passed(DeviceId(device))),
                _ => {
                    let latest = court.slashing.slashes().len() as u32;
                    let slash = SlashId(latest.saturating_sub(1 + lcg.below(3) as u32));
                    let _ = court.slashing.appeal(slash, &mut court.effects);
                }
            }
            assert_eq!(court.where_it_lies().iter().sum::<Amount>(), 1_200);
            let pending = court.slashing.slashes().iter().filter(|s| s.state == State::Pending);
            assert_eq!(court.where_it_lies()[1], pending.map(|s| s.amount).sum::<Amount>());
            assert_eq!(court.ledger.recount(), [0; 3]);
        }
        assert_eq!(court.registry.len(), 12);
        for slash in court.slashing.slashes() {
            assert_eq!(slash.parts, [(SUPPLIER, slash.amount)]);
            states[slash.state as usize] += 1;
        }
    }
    assert!(states.iter().all(|count| *count > 10), "{states:?}");
}

#[test]
fn faults_of_one_command_are_charged_alike_whatever_their_order() {
    let fault = |device, reason| Fault { supplier: SUPPLIER, device: DeviceId(device), reason, victim: None };
    let mut court = Court::new(spec(Destination::Burn), 4);
    let all: Vec<Fault> = (0..4).rev().map(|device| fault(device, Reason::FailedVerification)).collect();
    court.run(|slashing, stakes| slashing.charge(day(0), &all, stakes));
    assert!(court.slashing.slashes().iter().all(|slash| slash.amount == 100));
    assert_eq!(court.where_it_lies(), [0, 400, 0, 0, 0], "all of it, not what the earlier charges leave");

    let mut court = Court::new(spec(Destination::Burn), 1);
    let both = [fault(0, Reason::FailedVerification), fault(0, Reason::Fraud)];
    court.run(|slashing, stakes| slashing.charge(day(0), &both, stakes));
    assert_eq!(court.slashing.slashes().len(), 1, "nothing is left for the second");
    assert_eq!(court.where_it_lies(), [0, 100, 0, 0, 0]);
}
