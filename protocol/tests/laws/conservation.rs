//! Conservation: whatever a network of any policies is told, nothing is made, lost or held twice.

use crate::books::Books;
use crate::catalogue::{self, Law, POOL};
use crate::driver::{Case, Driver, any_claim, any_request};
use crate::fleet::{Fleet, for_every_pay};
use crate::lcg::Lcg;
use crate::network::{Choice, Concern, for_every_policy};
use depin_protocol::command::{Claim, JobRequest, Role, TeamAction};
use depin_protocol::effect::{Effect, Outcome};
use depin_protocol::ids::{AccountId, DeviceId, JobId, ModelId, SeasonId, SlashId};
use depin_protocol::ledger::Asset;
use depin_protocol::recording::Recorded;
use depin_protocol::units::{Amount, ONE, Span, Time};
use std::collections::BTreeMap;

/// What all lives together came to, so that no law was kept for want of anything happening.
#[derive(Default, Debug)]
struct Sums {
    leases: u32,
    slashes: u32,
    seasons: u32,
    refused: u32,
}

#[test]
fn after_every_command_under_every_policy_the_books_balance_and_leases_are_sound() {
    let mut sums = Sums::default();
    let mut exercised: BTreeMap<(Concern, usize), u32> = BTreeMap::new();
    let mut passed = vec![Vec::new(); Concern::Queueing.labels().len()];
    for_every_policy(24, |choice, seed| {
        let _case = Case(format!("seed {seed}: {}", choice.name()));
        let mut books = Books::default();
        let mut driver = Driver::new(choice);
        let mut lcg = Lcg::new(seed);
        driver.live(&mut lcg, 110, &mut |driver| books.check(choice, driver));
        for concern in Concern::ALL {
            let facts = driver.all.iter().filter(|(_, effect)| shows(concern, effect)).count();
            *exercised.entry((concern, choice.pick(concern))).or_default() += facts as u32;
        }
        sums.leases += books.leases[0];
        sums.slashes += books.slashes;
        sums.seasons += books.paid_seasons();
        sums.refused += books.refused;
        refuse(choice, &mut driver, &mut lcg);
        let told = books.passed.iter().map(|passed| format!("seed {seed}, {}: {passed}", choice.name()));
        passed[choice.pick(Concern::Queueing)].extend(told);
    });
    for ((concern, pick), facts) in exercised {
        let label = concern.labels()[pick];
        // What is off shows nothing.
        let off = label.starts_with("no ") || label == "metadata only";
        // The default of the weighted evidence is for networks of hundreds.
        let silent = off || label == "weighted evidence";
        assert!(silent || facts > 20, "{concern:?}, {label}: {facts} facts show it at work");
    }
    for (policy, passed) in catalogue::queueings().iter().zip(passed) {
        let breaks = policy.breaks(Law::OrderOfEquals);
        assert_eq!(!passed.is_empty(), breaks, "{}:\n{}", policy.label, passed.join("\n"));
    }
    assert!(
        sums.leases > 10_000 && sums.slashes > 500 && sums.seasons > 600 && sums.refused > 8_000,
        "{sums:?}"
    );
}

/// Facts that a policy of this concern brings about.
fn shows(concern: Concern, effect: &Effect) -> bool {
    match concern {
        Concern::Reward | Concern::Season => {
            matches!(effect, Effect::SeasonCounted(_, points) if *points > 0)
        }
        Concern::Blocks => matches!(effect, Effect::EmissionReleased { minted: 1.., .. }),
        Concern::Emission => matches!(effect, Effect::SeasonPaid(_, tokens) if *tokens > 0),
        Concern::Verification => matches!(effect, Effect::ChallengesJudged { failed: 1.., .. }),
        Concern::Placement | Concern::Queueing | Concern::Sharing | Concern::Prices | Concern::Instant => {
            matches!(effect, Effect::JobStarted(..))
        }
        Concern::Linkage => matches!(effect, Effect::AccountFlagged(..)),
        Concern::Slash => matches!(effect, Effect::SlashPending { .. }),
        Concern::Staking => matches!(effect, Effect::Staked { .. }),
        Concern::Billing | Concern::Pricing => matches!(effect, Effect::LeaseEnded(..)),
        Concern::Churn => {
            matches!(effect, Effect::LeaseEnded(_, _, Outcome::DeviceLost | Outcome::Interrupted))
        }
    }
}

/// Tells a living network what it must refuse, in the middle of an epoch with a season open: nothing may change.
fn refuse(choice: &Choice, driver: &mut Driver, lcg: &mut Lcg) {
    // A season may be open already.
    let open = TeamAction::OpenSeason { pool: 1, ends: Time::NEVER };
    let _ = driver.tell(Recorded::Team(open));
    driver.tell(Recorded::OpenAccount { role: Role::Supplier }).expect("anyone may open an account");
    let newcomer = AccountId(driver.protocol.accounts() - 1);
    driver.now += Span::MINUTE.times(17);
    driver.tell(Recorded::Advance).expect("time goes on");
    let (supplier, renter, nobody) = (AccountId(0), AccountId(6), AccountId(99));
    let (claim, request) = (any_claim(lcg), any_request(lcg));
    let register = |account, claim| Recorded::Register {
        account,
        claim,
        count: 1,
        spread: false,
        answers_admission: true,
    };
    let submit = |renter, request| Recorded::SubmitJob { renter, request };
    let team = Recorded::Team;
    let mut senseless = vec![
        register(renter, claim),
        register(nobody, claim),
        register(supplier, Claim { cards: 0, ..claim }),
        register(supplier, Claim { tier: 5, ..claim }),
        register(supplier, Claim { model: ModelId(9), ..claim }),
        Recorded::Heartbeat { first: DeviceId(9_999), count: 1, beating: true },
        Recorded::Heartbeat { first: DeviceId(0), count: 0, beating: false },
        Recorded::Authenticate { first: DeviceId(9_999), count: 1 },
        Recorded::Withdraw { first: DeviceId(0), count: 9_999 },
        Recorded::AnswerChallenges { round: 9_999, devices: vec![DeviceId(0)], answer_ms: vec![1] },
        Recorded::Deposit { account: renter, usd: -1 },
        Recorded::DepositTokens { account: renter, tokens: -1 },
        Recorded::Withdrawal { account: renter, usd: Amount::MAX },
        submit(supplier, request),
        submit(nobody, request),
        submit(renter, JobRequest { term: Span::ZERO, ..request }),
        submit(renter, JobRequest { cards: u32::MAX, price_limit: u32::MAX, ..request }),
        submit(renter, JobRequest { model: Some(ModelId(9)), ..request }),
        Recorded::EndJob { job: JobId(9_999_999), satisfied: true },
        Recorded::Offer { account: supplier, job: JobId(9_999_999), device: DeviceId(0), price: 1 },
        Recorded::Offer { account: newcomer, job: JobId(0), device: DeviceId(0), price: 1 },
        Recorded::AppealFlag { account: renter },
        Recorded::AppealSlash { slash: SlashId(9_999) },
        Recorded::Stake { account: supplier, supplier, amount: 0, asset: Asset::Usd },
        Recorded::Stake { account: supplier, supplier, amount: 1, asset: Asset::Points },
        Recorded::Stake { account: supplier, supplier, amount: Amount::MAX, asset: Asset::Usd },
        Recorded::Stake { account: newcomer, supplier: newcomer, amount: 1, asset: Asset::Usd },
        Recorded::Unstake { account: newcomer, supplier: newcomer, amount: 1, asset: Asset::Usd },
        Recorded::Unstake { account: supplier, supplier, amount: Amount::MAX, asset: Asset::Usd },
        Recorded::Unstake { account: nobody, supplier, amount: 1, asset: Asset::Usd },
        Recorded::InviteCoStakers { supplier, share: ONE + 1 },
        Recorded::QuoteToken { micro_dollars: 0 },
        Recorded::Appeal { account: renter, first: DeviceId(0), count: 1 },
        team(TeamAction::OpenSeason { pool: 5, ends: Time::NEVER }),
        team(TeamAction::OpenSeason { pool: -1, ends: Time::NEVER }),
        team(TeamAction::Recount(SeasonId(999))),
        team(TeamAction::PayOut),
        team(TeamAction::WithdrawCharge(SlashId(9_999))),
    ];
    if !choice.shares() {
        senseless.push(submit(renter, JobRequest { cards: 0, ..request }));
    }
    let before = format!("{:?}", driver.protocol);
    for command in senseless {
        let answer = driver.tell(command.clone());
        assert!(answer.is_err(), "{command:?} was accepted");
        assert!(driver.effects.is_empty(), "{command:?} was refused and told {:?}", driver.effects);
        let after = format!("{:?}", driver.protocol);
        assert!(
            after == before,
            "{command:?} was refused and changed the state:\n{}",
            first_change(&before, &after)
        );
    }
}

/// The surroundings of the first difference between two texts.
fn first_change(before: &str, after: &str) -> String {
    let at = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    let part = |text: &str| {
        String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(80)..(at + 80).min(text.len())])
            .into_owned()
    };
    format!("{}\n{}", part(before), part(after))
}

#[test]
fn payouts_and_what_is_left_make_the_pool_whatever_the_emission_has_left() {
    for emission in catalogue::emissions() {
        for_every_pay(10, |name, lcg, rule, season| {
            let mut emission = (emission.build)();
            let gone = emission.release(0, Amount::from(lcg.below(2)) * Amount::from(lcg.below(POOL as u64)));
            let before = emission.remaining();
            assert_eq!(before, POOL - gone, "{name}");
            let fleet = Fleet::any(lcg);
            let result = fleet.season_of(rule.build, (season.build)(), emission.as_mut());
            let paid = result.paid;
            assert_eq!(result.tokens.iter().sum::<Amount>(), paid.paid, "{name}: paid, and said to be paid");
            assert_eq!(
                paid.paid + paid.retained + paid.burned,
                POOL.min(before),
                "{name}: {paid:?} of {before}"
            );
            assert_eq!(result.remaining, before - paid.paid - paid.burned, "{name}: {paid:?}");
            assert!(result.tokens.iter().all(|tokens| *tokens >= 0), "{name}: {:?}", result.tokens);
            if let Some(cap) = (season.build)().cap_per_account {
                assert!(result.tokens.iter().all(|tokens| *tokens <= cap), "{name}: {:?}", result.tokens);
            }
        });
    }
}

#[test]
fn no_emission_releases_more_than_it_is_asked_for_or_has() {
    for policy in catalogue::emissions() {
        for seed in 0..50 {
            let mut lcg = Lcg::new(seed);
            let mut emission = (policy.build)();
            let (all, mut released) = (emission.remaining(), 0);
            for period in 0..30 {
                let asked = Amount::from(lcg.below(POOL as u64 / 4)) - POOL / 20;
                let before = emission.remaining();
                let granted = emission.release(period, asked);
                assert!(
                    (0..=asked.max(0)).contains(&granted),
                    "{}, seed {seed}: {asked}: {granted}",
                    policy.label
                );
                assert_eq!(emission.remaining(), before - granted, "{}, seed {seed}", policy.label);
                released += granted;
            }
            assert!(released <= all, "{}, seed {seed}: {released} of {all}", policy.label);
        }
    }
}
