//! The indexed choice against a plain scan of all hosts, worked examples, and the books.

use super::{Ask, Capacity, Fragments, Grant, HostPolicy, Hosts, ModelSet, Room, WHOLE, typical};
use crate::ids::{DeviceId, ModelId};
use crate::lcg::Lcg;

mod scan;

const SCORED: [HostPolicy; 5] =
    [HostPolicy::First, HostPolicy::BestFit, HostPolicy::WorstFit, HostPolicy::Packing, HostPolicy::Fgd];

fn ask(cpu_milli: u32, cards: u16, card_milli: u16) -> Ask {
    Ask { cpu_milli, memory_mib: 0, cards, card_milli, models: ModelSet::default() }
}

fn capacity(cpu_milli: u32, cards: u16) -> Capacity {
    Capacity { cpu_milli, memory_mib: 1_024, cards, model: ModelId(0) }
}

/// Hosts ranked as they are numbered.
fn hosts(policy: HostPolicy, typical: &[(Ask, u64)], shapes: &[Capacity]) -> Hosts {
    let mut hosts = Hosts::new(policy, typical, 1);
    for (at, shape) in shapes.iter().enumerate() {
        assert!(hosts.add(DeviceId(at as u32), *shape, Some(at as u32)));
    }
    hosts
}

fn chosen(hosts: &mut Hosts, ask: &Ask) -> Option<(u32, Vec<(u16, u16)>)> {
    hosts.find(ask).map(|grant| (grant.device.0, grant.cards))
}

fn place(hosts: &mut Hosts, ask: &Ask) -> Grant {
    let grant = hosts.find(ask).expect("there is room");
    assert!(hosts.take(&grant));
    grant
}

fn random_ask(lcg: &mut Lcg) -> Ask {
    let cards = [0, 1, 1, 1, 1, 2, 4, 8][lcg.below(8) as usize];
    let share = [100, 250, 330, 500, 500, 900][lcg.below(6) as usize];
    let card_milli = if cards == 1 && lcg.below(2) == 0 { share } else { WHOLE };
    let models = if lcg.below(4) == 0 { ModelSet(u128::from(lcg.below(8))) } else { ModelSet::default() };
    let cpu_milli = lcg.below(12) as u32 * 1_000;
    Ask { cpu_milli, memory_mib: lcg.below(6) as u32 * 4_096, cards, card_milli, models }
}

fn random_capacity(lcg: &mut Lcg) -> Capacity {
    let cards = [0, 1, 2, 2, 4, 8, 8][lcg.below(7) as usize];
    let cpu_milli = [8_000, 32_000, 64_000, 96_000, 200_000][lcg.below(5) as usize];
    Capacity { cpu_milli, memory_mib: cpu_milli * 4, cards, model: ModelId(lcg.below(3) as u16) }
}

/// Hosts come, go and come back, jobs start and end; every choice is compared. The asks are more kinds than
/// have an order kept, so orders are dropped and built anew on the way.
#[test]
fn the_indexed_choice_is_that_of_a_scan_of_all_hosts() {
    for (policy, seed) in SCORED.into_iter().flat_map(|policy| [(policy, 1), (policy, 2)]) {
        let mut lcg = Lcg(seed);
        let load: Vec<Ask> = (0..400).map(|_| random_ask(&mut lcg)).collect();
        let typical = typical(&load);
        let mut indexed = Hosts::new(policy, &typical, seed);
        let mut plain = scan::Scan { policy, typical, hosts: Vec::new() };
        let mut held: Vec<Grant> = Vec::new();
        let mut lost = 0;
        for _ in 0..4_000 {
            let any = if plain.hosts.is_empty() { 0 } else { lcg.below(plain.hosts.len() as u64) as usize };
            match lcg.below(20) {
                0 if plain.hosts.len() < 60 => {
                    let (shape, rank) = (random_capacity(&mut lcg), lcg.below(10) as u32);
                    let device = DeviceId(plain.hosts.len() as u32);
                    assert!(indexed.add(device, shape, Some(rank)));
                    plain.add(&shape, rank);
                }
                1 if !plain.hosts.is_empty() => {
                    let offered = lcg.below(3) > 0;
                    indexed.set_offered(DeviceId(any as u32), offered);
                    plain.hosts[any].offered = offered;
                }
                2..=7 if !held.is_empty() => {
                    let grant = held.swap_remove(lcg.below(held.len() as u64) as usize);
                    assert!(indexed.give_back(&grant));
                    plain.change(&grant, 1);
                }
                _ => {
                    let ask = load[lcg.below(400) as usize];
                    let found = indexed.find(&ask);
                    assert_eq!(found, plain.find(&ask), "{policy:?}, seed {seed}: {ask:?}");
                    let Some(grant) = found else {
                        lost += 1;
                        continue;
                    };
                    assert!(indexed.take(&grant));
                    plain.change(&grant, -1);
                    held.push(grant);
                }
            }
            assert_eq!(indexed.allocated_milli(), plain.allocated_milli());
        }
        assert!(lost > 50 && !held.is_empty(), "{policy:?}: {lost} lost, {} held", held.len());
    }
}

#[test]
fn random_gives_every_feasible_host_and_card_the_same_chance() {
    // Half of the hosts feasible, and one in fifty, where trying at random gives way to counting.
    for (all, every) in [(20u32, 2), (500, 50)] {
        let shape = |at| capacity(if at % every == 0 { 4_000 } else { 1_000 }, 2);
        let shapes: Vec<Capacity> = (0..all).map(shape).collect();
        let mut hosts = hosts(HostPolicy::Random, &[], &shapes);
        let mut counts = vec![0u32; all as usize * 2];
        for _ in 0..20_000 {
            let (device, cards) = chosen(&mut hosts, &ask(4_000, 1, 300)).expect("there is room");
            counts[device as usize * 2 + usize::from(cards[0].0)] += 1;
        }
        let feasible: Vec<u32> = counts.iter().copied().filter(|count| *count > 0).collect();
        assert_eq!(feasible.len(), 20, "{all}: ten hosts of two cards");
        // Binomial with mean 1,000 and standard deviation 31; five of them.
        assert!(feasible.iter().all(|count| count.abs_diff(1_000) < 155), "{feasible:?}");
    }
}

#[test]
fn fragmentation_is_what_typical_asks_cannot_use() {
    // Half want 500 of a card, a quarter two whole cards, a quarter no card; 2,300 are left on three cards.
    let typical = [(ask(1_000, 1, 500), 2), (ask(1_000, 2, 1_000), 1), (ask(1_000, 0, 0), 1)];
    let fragments = Fragments::new(&typical);
    let room = |cpu_milli, cards: [u16; 3]| Room { cpu_milli, cards: cards.to_vec(), ..Room::default() };
    // The first kind leaves 300; the second fits on the two whole cards and leaves 300; the third leaves all.
    assert_eq!(fragments.of(&room(1_000, [1_000, 300, 1_000])), 2 * 300 + 300 + 2_300);
    // With 900 on one card the second kind no longer fits.
    assert_eq!(fragments.of(&room(1_000, [1_000, 300, 900])), 2 * 300 + 2_200 + 2_200);
    // Too little processor: nothing is of use.
    assert_eq!(fragments.of(&room(999, [1_000, 300, 1_000])), 4 * 2_300);
}

#[test]
fn fgd_keeps_whole_cards_for_those_who_need_them_where_best_fit_does_not() {
    // Whole cards are what arrives. Host 0 has little processor left beside one whole card and is the best
    // fit; host 1 has a card that is broken already.
    let typical = [(ask(1_000, 1, 1_000), 1)];
    let small = ask(0, 1, 400);
    let shapes = [capacity(1_000, 1), capacity(64_000, 2)];
    let choice = |policy| {
        let mut hosts = hosts(policy, &typical, &shapes);
        assert!(hosts.take(&Grant {
            device: DeviceId(1),
            cpu_milli: 0,
            memory_mib: 0,
            cards: vec![(1, 500)]
        }));
        chosen(&mut hosts, &small)
    };
    assert_eq!(choice(HostPolicy::BestFit), Some((0, vec![(0, 400)])));
    assert_eq!(choice(HostPolicy::Fgd), Some((1, vec![(1, 400)])));
}

#[test]
fn packing_prefers_shared_cards_then_hosts_in_use_then_small_idle_hosts() {
    let mut hosts =
        hosts(HostPolicy::Packing, &[], &[capacity(9_000, 8), capacity(9_000, 2), capacity(9_000, 4)]);
    let half = ask(1_000, 1, 500);
    assert_eq!(place(&mut hosts, &half).device, DeviceId(1), "the smallest idle host");
    assert_eq!(place(&mut hosts, &half).cards, [(0, 500)], "the card in use");
    assert_eq!(place(&mut hosts, &half).device, DeviceId(1), "the free card of the host in use");
    assert_eq!(place(&mut hosts, &ask(1_000, 2, 1_000)).device, DeviceId(2), "the next smallest idle host");
}

#[test]
fn a_model_list_and_each_resource_can_rule_a_host_out() {
    let mut hosts = hosts(HostPolicy::First, &[], &[capacity(4_000, 2)]);
    let fits = Ask { memory_mib: 1_024, models: ModelSet(0b1), ..ask(4_000, 2, 1_000) };
    assert!(hosts.find(&fits).is_some());
    for unfit in [
        Ask { cpu_milli: 4_001, ..fits },
        Ask { memory_mib: 1_025, ..fits },
        Ask { cards: 3, ..fits },
        Ask { models: ModelSet(0b10), ..fits },
    ] {
        assert_eq!(hosts.find(&unfit), None, "{unfit:?}");
    }
    let cardless = Ask { cards: 0, models: ModelSet(0b10), ..fits };
    assert!(hosts.find(&cardless).is_some(), "a job without cards has no model");
    hosts.set_offered(DeviceId(0), false);
    assert_eq!(hosts.find(&fits), None);
    hosts.set_offered(DeviceId(0), true);
    assert!(hosts.find(&fits).is_some());
}

#[test]
fn a_refused_grant_changes_nothing() {
    let mut hosts = hosts(HostPolicy::First, &[], &[capacity(4_000, 2)]);
    let grant = place(&mut hosts, &ask(3_000, 1, 600));
    let before = hosts.room(DeviceId(0)).cloned();
    let twice = Grant { cards: vec![(1, 600), (1, 600)], cpu_milli: 0, ..grant.clone() };
    let nowhere = Grant { cards: vec![(2, 1)], cpu_milli: 0, ..grant.clone() };
    let unknown = Grant { device: DeviceId(7), ..grant.clone() };
    for refused in [&grant, &twice, &nowhere, &unknown] {
        assert!(!hosts.take(refused), "{refused:?}");
    }
    assert!(!hosts.give_back(&Grant { cpu_milli: 3_001, ..grant.clone() }));
    assert!(!hosts.give_back(&Grant { cards: vec![(0, 601)], ..grant.clone() }));
    assert!(!hosts.give_back(&unknown));
    assert!(!hosts.add(DeviceId(0), capacity(1, 1), None), "known already");
    assert_eq!((hosts.room(DeviceId(0)).cloned(), hosts.allocated_milli()), (before, 600));
    assert!(hosts.give_back(&grant));
    assert_eq!(hosts.room(DeviceId(0)), Some(&Room::whole(&capacity(4_000, 2))));
    assert_eq!((hosts.allocated_milli(), hosts.capacity_milli()), (0, 2_000));
}

#[test]
fn idle_hosts_of_a_kind_are_one_group_however_many() {
    let shapes = vec![capacity(64_000, 8); 20_000];
    let mut hosts = hosts(HostPolicy::Fgd, &[(ask(1_000, 1, 500), 1)], &shapes);
    assert_eq!(hosts.groups(), 1);
    let grants: Vec<Grant> = (0..100).map(|_| place(&mut hosts, &ask(64_000, 8, 1_000))).collect();
    assert_eq!(hosts.groups(), 2, "the idle and the full");
    assert!(grants.iter().all(|grant| hosts.give_back(grant)));
    assert_eq!(hosts.groups(), 1);
}

#[test]
fn typical_asks_are_the_commonest_that_cover_95_percent_memory_apart() {
    let mut load = vec![ask(1_000, 1, 1_000); 60];
    load.extend((0..30).map(|at| Ask { memory_mib: at, ..ask(2_000, 1, 500) }));
    load.extend([ask(3_000, 0, 0); 5]);
    // 95 of 100 are covered by three; a fourth kind adds nothing needed.
    load.extend([ask(4_000, 2, 1_000); 3]);
    load.extend([ask(5_000, 2, 1_000); 2]);
    assert_eq!(typical(&load), [(ask(1_000, 1, 1_000), 60), (ask(2_000, 1, 500), 30), (ask(3_000, 0, 0), 5)]);
    assert!(typical(&[]).is_empty());
}

#[test]
fn the_seed_decides_the_ranks_that_nobody_gave() {
    let first = |seed| {
        let mut hosts = Hosts::new(HostPolicy::First, &[], seed);
        for device in 0..100 {
            assert!(hosts.add(DeviceId(device), capacity(1_000, 1), None));
        }
        let order: Vec<DeviceId> =
            (0..100).map(|_| place(&mut hosts, &ask(1_000, 1, 1_000)).device).collect();
        order
    };
    assert_eq!(first(5), first(5));
    assert_ne!(first(5), first(6));
    assert!(first(5) != (0..100).map(DeviceId).collect::<Vec<_>>(), "not the order of arrival");
}
