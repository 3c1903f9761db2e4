//! Promises of grouped starts: whose silicon is shared shows, whose is not passes.

use super::*;
use crate::bench::{Bench, claim};
use crate::command::Claim;
use crate::ids::AccountId;
use crate::units::Time;
use crate::verification::{Answer, Verdict, start_offset};

const ROUNDS: u64 = 40;
const TICK_MS: u64 = 100;

/// Four hours, in which four slices of a minute each hardly ever meet by chance.
const WIDE: Span = Span(4 * Span::HOUR.0);

fn rule(group: Group) -> SimultaneousProofOfWork {
    let work = proof_of_work::Spec { window: WIDE, ..proof_of_work::Spec::default() };
    Spec { work, group }.build()
}

/// Ticks from each start until equal tasks of `work` ticks on one card are done, the card shared equally among those
/// that run: exact, in steps of a tick and of a part of it that up to eight tasks divide.
fn share_card(starts: &[u64], work: u64) -> Vec<u32> {
    const PARTS: u64 = 840;
    let mut left: Vec<u64> = vec![work * PARTS; starts.len()];
    let mut took = vec![0; starts.len()];
    let mut order: Vec<u64> = starts.to_vec();
    order.sort_unstable();
    let mut clock = order[0];
    while left.iter().any(|&left| left > 0) {
        let runs: Vec<usize> = (0..starts.len()).filter(|&i| starts[i] <= clock && left[i] > 0).collect();
        if runs.is_empty() {
            clock = *order.iter().find(|&&start| start > clock).expect("somebody is left");
            continue;
        }
        for &i in &runs {
            left[i] = left[i].saturating_sub(PARTS / runs.len() as u64);
            took[i] = u32::try_from(clock + 1 - starts[i]).expect("short");
        }
        clock += 1;
    }
    took
}

/// Rounds out of [`ROUNDS`] in which some of `devices`, all on one card of the claimed model, are late.
fn rounds_that_catch(group: Group, bench: &Bench, devices: &[u32]) -> u64 {
    let rule = rule(group);
    let model = &bench.registry.models[0];
    let caught = |beacon: &u64| {
        let start = |&device: &u32| {
            let key = rule.offset_key(&bench.registry, DeviceId(device));
            start_offset(*beacon, key, rule.window()).0 / 1_000_000 / TICK_MS
        };
        let starts: Vec<u64> = devices.iter().map(start).collect();
        let took = share_card(&starts, u64::from(rule.target_ms(model)) / TICK_MS);
        let passes = |ticks: u32| rule.judge(model, Answer::After(ticks * TICK_MS as u32)) == Verdict::Pass;
        !took.into_iter().all(passes)
    };
    (0..ROUNDS).filter(caught).count() as u64
}

/// `count` devices, each placed by its number.
fn listed(count: u32, place: impl Fn(u32) -> (u32, u32, u32)) -> Bench {
    let mut bench = Bench::with(0, 0);
    for device in 0..count {
        let (account, address, subnet) = place(device);
        let claim = Claim { address, subnet, ..claim() };
        bench.registry.push(Time(0), AccountId(account), &claim, 0);
    }
    bench
}

#[test]
fn slices_of_one_card_at_one_address_are_caught_at_once_and_by_chance_only_when_each_starts_alone() {
    let farm = listed(4, |_| (0, 7 << 8, 7));
    let slices = [0, 1, 2, 3];
    assert_eq!(rounds_that_catch(Group::Host, &farm, &slices), ROUNDS);
    let alone = rounds_that_catch(Group::Device, &farm, &slices);
    assert!(alone <= ROUNDS / 8, "{alone} of {ROUNDS}");
}

#[test]
fn slices_behind_spread_addresses_escape_the_host_and_not_their_subnet() {
    let farm = listed(4, |i| (i, (7 << 8) + i, 7));
    let slices = [0, 1, 2, 3];
    let host = rounds_that_catch(Group::Host, &farm, &slices);
    assert!(host <= ROUNDS / 8, "{host} of {ROUNDS}");
    assert_eq!(rounds_that_catch(Group::Subnet, &farm, &slices), ROUNDS);
    let supplier = rounds_that_catch(Group::Supplier, &farm, &slices);
    assert!(supplier <= ROUNDS / 8, "under four names: {supplier} of {ROUNDS}");
}

#[test]
fn slices_behind_spread_subnets_of_one_account_are_caught_by_supplier_only() {
    let farm = listed(4, |i| (9, i << 8, i));
    let slices = [0, 1, 2, 3];
    assert_eq!(rounds_that_catch(Group::Supplier, &farm, &slices), ROUNDS);
    let subnet = rounds_that_catch(Group::Subnet, &farm, &slices);
    assert!(subnet <= ROUNDS / 8, "{subnet} of {ROUNDS}");
}

#[test]
fn an_honest_owner_of_many_real_cards_passes_however_it_is_grouped() {
    let owner = listed(8, |_| (0, 7 << 8, 7));
    for group in [Group::Device, Group::Host, Group::Subnet, Group::Supplier] {
        for card in 0..8 {
            assert_eq!(rounds_that_catch(group, &owner, &[card]), 0, "{group:?}");
        }
    }
}

#[test]
fn a_window_of_zero_starts_all_groups_together() {
    let bench = listed(2, |i| (i, i << 8, i));
    let rule = rule(Group::Subnet);
    let offset = |device| start_offset(3, rule.offset_key(&bench.registry, DeviceId(device)), Span::ZERO);
    assert_eq!(offset(0), offset(1));
}
