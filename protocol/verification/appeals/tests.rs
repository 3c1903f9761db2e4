//! Promises of appeals: who may file, when it is decided, and by what.

use super::*;
use crate::verification::rounds::tests::{HONEST, Net};
use crate::verification::{Consequences, proof_of_work};

const DELAY: Span = Span::DAY;
const OWNER: AccountId = AccountId(0);

/// Devices of one account; one failure quarantines, three ban.
fn net(count: u32, form: Form) -> Net {
    let consequences = Consequences { fails_to_quarantine: 1, passes_to_release: 2, fails_to_ban: 3 };
    let appeals = Appeals { form, delay: DELAY };
    let spec = proof_of_work::Spec { consequences, appeals, ..proof_of_work::Spec::default() };
    Net::by(count, Box::new(spec.build()))
}

fn file(net: &mut Net, account: AccountId, first: u32, count: u32) -> Result<(), Rejection> {
    net.rounds.appeal(&mut net.bench.step(Time(net.now)), account, DeviceId(first), count)
}

/// Lets the delay pass.
fn wait(net: &mut Net) {
    let due = Time(net.now) + DELAY;
    assert_eq!(net.rounds.next_deadline(), due);
    net.rounds.advance(&mut net.bench.step(due), &mut net.live, &mut vec![]);
    net.now = due.0;
}

fn decided(net: &mut Net) -> Vec<(u32, bool)> {
    let told = |effect: Effect| match effect {
        Effect::AppealDecided { device, granted } => Some((device.0, granted)),
        _ => None,
    };
    net.bench.effects().into_iter().filter_map(told).collect()
}

#[test]
fn only_an_owner_of_devices_under_quarantine_or_ban_may_appeal_and_once_at_a_time() {
    let mut none = net(1, Form::None);
    none.round_by(1, &[]);
    assert_eq!(file(&mut none, OWNER, 0, 1), Err(Rejection::WrongState));
    let mut net = net(3, Form::Rechallenge);
    assert_eq!(file(&mut net, OWNER, 0, 3), Err(Rejection::WrongState), "nothing to appeal against");
    net.round_by(1, &[(1, HONEST)]);
    net.bench.effects();
    assert_eq!(file(&mut net, AccountId(1), 0, 3), Err(Rejection::Unknown), "not its own");
    assert_eq!(file(&mut net, OWNER, 0, 4), Err(Rejection::Unknown));
    assert_eq!(file(&mut net, OWNER, 0, 0), Err(Rejection::BadSize));
    assert_eq!(net.bench.effects(), []);
    assert_eq!(file(&mut net, OWNER, 0, 3), Ok(()));
    let filed = |device| Effect::AppealFiled { account: OWNER, device: DeviceId(device) };
    assert_eq!(net.bench.effects(), [filed(0), filed(2)], "for those that are held");
    assert_eq!(file(&mut net, OWNER, 0, 3), Err(Rejection::WrongState), "pending");
}

#[test]
fn a_rechallenge_frees_who_passes_one_challenge_and_refuses_who_fails() {
    let mut net = net(2, Form::Rechallenge);
    net.round_by(1, &[]);
    file(&mut net, OWNER, 0, 2).expect("both are held");
    wait(&mut net);
    assert_eq!(decided(&mut net), [], "summoned, not decided");
    net.round_by(2, &[(0, HONEST), (1, 1)]);
    assert_eq!(decided(&mut net), [(0, true), (1, false)]);
    assert!(net.bench.registry.deployable(DeviceId(0)), "though release takes two passes otherwise");
    assert!(net.bench.has(1, flag::QUARANTINED));
}

#[test]
fn a_rechallenge_lifts_a_ban_and_connects_a_machine_that_kept_beating() {
    let mut net = net(2, Form::Rechallenge);
    for beacon in 0..3 {
        net.round_by(beacon, &[]);
    }
    assert!(net.bench.has(0, flag::BANNED) && net.bench.has(1, flag::BANNED));
    file(&mut net, OWNER, 0, 2).expect("both are banned");
    wait(&mut net);
    net.bench.effects();
    assert_eq!(net.round_by(9, &[(0, HONEST)]), [(0, true), (1, false)], "silence refuses");
    let online = Effect::WentOnline { first: DeviceId(0), count: 1 };
    assert!(net.bench.effects.contains(&Effect::Released(DeviceId(0))));
    assert!(net.bench.effects.contains(&online));
    assert_eq!(decided(&mut net), [(0, true), (1, false)]);
    assert!(net.bench.registry.deployable(DeviceId(0)));
    assert!(net.bench.has(1, flag::BANNED));
    assert_eq!(net.bench.supply.connected(), 1);
    assert_eq!(net.round_by(10, &[(0, HONEST), (1, HONEST)]), [(0, true)], "the banned are asked no more");
}

#[test]
fn a_summoned_machine_that_is_off_is_asked_when_it_beats_again() {
    let mut net = net(1, Form::Rechallenge);
    net.round_by(1, &[]);
    file(&mut net, OWNER, 0, 1).expect("held");
    net.live.beat(&mut net.bench.step(Time(net.now)), DeviceId(0), 1, false).expect("listed");
    net.live.advance(&mut net.bench.step(Time(net.now) + Span::HOUR));
    wait(&mut net);
    assert_eq!(net.round_by(2, &[]), []);
    assert_eq!(decided(&mut net), []);
    net.live.beat(&mut net.bench.step(Time(net.now)), DeviceId(0), 1, true).expect("listed");
    net.round_by(3, &[(0, HONEST)]);
    assert_eq!(decided(&mut net), [(0, true)]);
}

#[test]
fn granted_once_frees_the_first_time_and_refuses_the_second() {
    let mut net = net(1, Form::GrantedOnce);
    net.round_by(1, &[]);
    file(&mut net, OWNER, 0, 1).expect("held");
    wait(&mut net);
    assert_eq!(decided(&mut net), [(0, true)]);
    assert!(!net.bench.has(0, flag::QUARANTINED) && !net.bench.has(0, flag::VERIFIED), "free, not proven");
    assert_eq!(net.rounds.streak(DeviceId(0)), 0);
    net.round_by(2, &[]);
    file(&mut net, OWNER, 0, 1).expect("held again");
    wait(&mut net);
    assert_eq!(decided(&mut net), [(0, false)]);
    assert!(net.bench.has(0, flag::QUARANTINED));
}

#[test]
fn who_has_passed_by_itself_before_the_date_needs_no_decision() {
    let mut net = net(1, Form::GrantedOnce);
    net.round_by(1, &[]);
    file(&mut net, OWNER, 0, 1).expect("held");
    let due = net.rounds.next_deadline();
    net.round_by(2, &[(0, HONEST)]);
    net.round_by(3, &[(0, HONEST)]);
    net.rounds.advance(&mut net.bench.step(due), &mut net.live, &mut vec![]);
    net.now = due.0;
    assert_eq!(decided(&mut net), [(0, true)]);
    net.round_by(4, &[]);
    file(&mut net, OWNER, 0, 1).expect("held");
    wait(&mut net);
    assert_eq!(decided(&mut net), [(0, true)], "its one grant was not spent");
}
