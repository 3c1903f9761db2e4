//! Promises of registration: throughput, the check, waiting, and refusals that touch nothing.

use super::*;
use crate::bench::{Bench, claim};
use crate::ids::ModelId;

const HOUR: u64 = Span::HOUR.0;

fn application(count: u32) -> Application {
    Application { account: AccountId(3), claim: claim(), count, spread: false, answers_admission: true }
}

fn door(max_devices_per_hour: u32) -> Admission {
    Admission::new(Spec { max_devices_per_hour, ..Spec::default() })
}

#[test]
fn throughput_is_shared_within_an_hour_of_the_clock_and_renewed_with_the_next() {
    let mut door = door(100);
    let mut ask = |at, count| {
        let admitted = door.admit(Time(at), count, true);
        assert!(!admitted.by_check);
        (admitted.accepted, admitted.refused)
    };
    assert_eq!(ask(0, 60), (60, 0));
    assert_eq!(ask(HOUR - 1, 60), (40, 20));
    assert_eq!(ask(HOUR - 1, 1), (0, 1));
    assert_eq!(ask(HOUR, 250), (100, 150));
    assert_eq!(ask(9 * HOUR + 5, 100), (100, 0));
}

#[test]
fn the_admission_check_turns_away_only_those_who_do_not_answer() {
    let mut door = door(100);
    assert_eq!(door.admit(Time(0), 10, false).accepted, 10, "no check yet");
    door.set_check(true);
    let turned_away = Admitted { accepted: 0, refused: 500, by_check: true };
    assert_eq!(door.admit(Time(1), 500, false), turned_away);
    assert_eq!(door.admit(Time(1), 90, true).accepted, 90, "refusals use no throughput");
    door.set_check(false);
    assert_eq!(door.admit(Time(HOUR), 10, false).accepted, 10);
}

#[test]
fn listed_devices_are_silent_unwaited_and_verified_only_when_believed() {
    let mut bench = Bench::with(0, 0);
    let mut door = door(5);
    assert_eq!(door.register(&mut bench.step(Time(9)), &application(2), true), Ok(2));
    assert_eq!(door.register(&mut bench.step(Time(9)), &application(4), false), Ok(3));
    let expected = [flag::VERIFIED, flag::VERIFIED, 0, 0, 0];
    assert_eq!(bench.registry.flags, expected);
    let account = AccountId(3);
    let listed = |first, count| Effect::Registered { account, first: DeviceId(first), count, cards: 1 };
    let refused = Effect::RegistrationRefused { account, count: 1, by_check: false };
    assert_eq!(bench.effects(), [listed(0, 2), listed(2, 3), refused]);
    assert_eq!(door.register(&mut bench.step(Time(9)), &application(1), false), Ok(0));
    assert_eq!(bench.effects(), [refused]);
}

#[test]
fn spread_devices_have_an_address_each_and_a_subnet_per_256() {
    let mut bench = Bench::with(0, 0);
    let mut spread = Application { spread: true, ..application(300) };
    spread.claim.address += 250;
    door(300).register(&mut bench.step(Time(0)), &spread, false).expect("valid");
    for i in 0..300u32 {
        let address = (7 << 8) + 250 + i;
        assert_eq!(bench.registry.address[i as usize], address);
        assert_eq!(bench.registry.subnet[i as usize], address >> 8);
    }
    door(300).register(&mut bench.step(Time(0)), &application(300), false).expect("valid");
    assert!(bench.registry.address[300..].iter().all(|&address| address == 7 << 8));
    assert!(bench.registry.subnet[300..].iter().all(|&subnet| subnet == 7));
}

#[test]
fn the_first_waiting_time_ends_after_twelve_hours_at_a_sweep() {
    let mut bench = Bench::with(0, 0);
    let mut door = door(10);
    let mut tierless = application(1);
    tierless.claim.tier = 0;
    door.register(&mut bench.step(Time(1)), &application(2), true).expect("valid");
    door.register(&mut bench.step(Time(1)), &tierless, true).expect("valid");
    bench.registry.flags[0] |= flag::ONLINE;
    bench.registry.flags[2] |= flag::ONLINE;
    let due = Time(12 * HOUR + Span::MINUTE.0);
    assert_eq!(door.next_deadline(), due);
    door.advance(&mut bench.step(Time(due.0 - 1)));
    assert!(!bench.has(0, flag::WAITED));
    door.advance(&mut bench.step(due));
    assert!(bench.has(0, flag::WAITED | flag::CLUSTER_OK));
    assert!(bench.has(2, flag::WAITED) && !bench.has(2, flag::CLUSTER_OK), "no tier, no cluster");
    assert_eq!(bench.news(), (vec![], vec![0]), "1 is offline, 2 cannot form a cluster");
    assert_eq!(door.next_deadline(), Time::NEVER);
}

#[test]
fn senseless_applications_are_refused_untouched() {
    let mut bench = Bench::with(2, 0);
    let mut door = door(10);
    let with = |edit: &dyn Fn(&mut Application)| {
        let mut application = application(2);
        edit(&mut application);
        application
    };
    let cases = [
        (with(&|a| a.claim.model = ModelId(1)), Rejection::Unknown),
        (with(&|a| a.count = 0), Rejection::BadSize),
        (with(&|a| a.claim.cards = 0), Rejection::BadSize),
        (with(&|a| a.claim.tier = 5), Rejection::BadSize),
        (with(&|a| a.count = u32::MAX), Rejection::BadSize),
        (with(&|a| (a.claim.address, a.spread) = (u32::MAX, true)), Rejection::BadSize),
        (with(&|a| (a.claim.address, a.claim.subnet, a.spread) = (255, u32::MAX, true)), Rejection::BadSize),
    ];
    for (application, why) in cases {
        let step = &mut bench.step(Time(0));
        assert_eq!(door.register(step, &application, true), Err(why), "{application:?}");
    }
    assert_eq!(bench.registry.len(), 2);
    assert_eq!(bench.effects(), []);
    assert_eq!(door.admit(Time(0), 10, true).accepted, 10, "no throughput was used");
}
