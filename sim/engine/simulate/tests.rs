//! What the driver promises: stopping changes nothing, ties are counted, shuffling is only that.

use super::super::queue::HeapQueue;
use super::super::streams::{EntityKey, Purpose, Seed, Streams};
use super::*;

type Log = Vec<(Time, u64)>;

const ENTITIES: u64 = 30;
/// Events from here on are answers, which nobody answers.
const ANSWER: u64 = 1 << 60;

/// Everybody's first event, at few and coinciding instants.
fn start<Q: EventQueue<u64>>(simulation: &mut Simulation<u64, Q>) {
    for entity in 0..ENTITIES {
        simulation.after(Span(entity % 4), 0, entity, entity);
    }
}

/// Each event of an entity is followed by its next, and now and then by two answers without delay.
fn run<Q: EventQueue<u64>>(simulation: &mut Simulation<u64, Q>, horizon: u64, log: &mut Log) {
    let luck = Streams::new(Seed::default()).stream(Purpose::new("test.driver"), EntityKey(1));
    while let Some((time, event)) = simulation.next(Time(horizon)) {
        log.push((time, event));
        if event >= ANSWER {
            continue;
        }
        let entity = event % ENTITIES;
        let bits = luck.draw(event);
        simulation.after(Span(bits % 50), 0, entity, event + ENTITIES);
        if bits.is_multiple_of(7) {
            simulation.after(Span::ZERO, 1, bits % 3, ANSWER + event);
            simulation.after(Span::ZERO, 1, bits % 3, ANSWER + bits % 60);
        }
    }
}

#[test]
fn running_to_t1_then_to_t2_equals_running_to_t2() {
    let mut whole = Simulation::new();
    let mut whole_log = Log::new();
    start(&mut whole);
    run(&mut whole, 600, &mut whole_log);
    // Stops between events, on an event's instant, twice at the same one, and before the first.
    for stops in [vec![0, 600], vec![1, 150, 151, 151, 400, 600], (0..=600).collect()] {
        let mut parts = Simulation::new();
        let mut log = Log::new();
        start(&mut parts);
        for &stop in &stops {
            run(&mut parts, stop, &mut log);
            assert_eq!(parts.now(), Time(stop));
        }
        assert!(log == whole_log, "{stops:?}");
        assert_eq!(parts.executed(), whole.executed());
        assert_eq!(parts.pending(), whole.pending());
        assert_eq!(parts.ties(), whole.ties());
        assert_eq!(parts.next_time(), whole.next_time());
    }
}

#[test]
fn the_reference_queue_runs_and_counts_the_same() {
    let mut radix = Simulation::new();
    let mut heap = Simulation::with_queue(HeapQueue::default());
    let (mut radix_log, mut heap_log) = (Log::new(), Log::new());
    start(&mut radix);
    start(&mut heap);
    run(&mut radix, 2_000, &mut radix_log);
    run(&mut heap, 2_000, &mut heap_log);
    assert!(radix_log == heap_log);
    assert_eq!(radix.ties(), heap.ties());
    assert!(radix.executed() > 2_000 && radix.ties().shared_instants > 300);
}

#[test]
fn a_clone_continues_like_the_original() {
    let mut original = Simulation::new();
    start(&mut original);
    run(&mut original, 300, &mut Log::new());
    let mut copy = original.clone();
    let (mut original_log, mut copy_log) = (Log::new(), Log::new());
    run(&mut original, 600, &mut original_log);
    run(&mut copy, 600, &mut copy_log);
    assert!(!copy_log.is_empty() && copy_log == original_log);
}

#[test]
fn events_at_the_horizon_run_and_later_ones_stay() {
    let mut simulation = Simulation::new();
    simulation.at(Time(10), 0, 0, 'a');
    simulation.at(Time(11), 0, 0, 'b');
    assert_eq!(simulation.next(Time(10)), Some((Time(10), 'a')));
    simulation.after(Span::ZERO, 0, 0, 'c');
    assert_eq!(simulation.next(Time(10)), Some((Time(10), 'c')));
    assert_eq!(simulation.next(Time(10)), None);
    // An outsider may still schedule at the horizon, and an older horizon moves nothing back.
    simulation.at(Time(10), 0, 0, 'd');
    assert_eq!(simulation.next(Time(9)), None);
    assert_eq!(simulation.now(), Time(10));
    assert_eq!(simulation.next(Time(10)), Some((Time(10), 'd')));
    assert_eq!(simulation.next(Time::MAX), Some((Time(11), 'b')));
    assert_eq!(simulation.next(Time::MAX), None);
    assert_eq!((simulation.now(), simulation.executed()), (Time(11), 4));
}

#[test]
fn never_is_not_scheduled() {
    let mut simulation = Simulation::new();
    simulation.at(Time(1), 0, 0, ());
    simulation.next(Time::MAX);
    simulation.at(Time::MAX, 0, 0, ());
    simulation.after(Span::MAX, 0, 0, ());
    assert_eq!(simulation.pending(), 0);
}

#[test]
#[should_panic(expected = "an event for Time(4) was scheduled at Time(5)")]
fn scheduling_before_a_reached_horizon_panics() {
    let mut simulation = Simulation::new();
    simulation.next(Time(5));
    simulation.at(Time(4), 0, 0, ());
}

#[test]
fn ties_are_counted_by_instant_and_by_what_decided() {
    let mut simulation = Simulation::new();
    // Instant 1: alone. Instant 2: two entities. Instant 3: one entity three times. Instant 4: a zero delay.
    for (time, entity) in [(1, 0), (2, 0), (2, 1), (3, 5), (3, 5), (3, 5), (4, 0)] {
        simulation.at(Time(time), 0, entity, ());
    }
    while simulation.next(Time(4)).is_some() {
        if simulation.now() == Time(4) && simulation.executed() == 7 {
            simulation.after(Span::ZERO, 0, 0, ());
        }
    }
    let expected = TieCount { shared_instants: 3, program_order: 2 };
    assert_eq!(simulation.ties(), expected);
    assert_eq!(simulation.executed(), 8);
}

/// The order in which twenty entities, two events each, take one round of two phases.
fn order_of(mut simulation: Simulation<(u8, u64, u32)>) -> Vec<(u8, u64, u32)> {
    for entity in 0..20 {
        for number in 0..2 {
            let phase = (entity % 2) as u8;
            simulation.at(Time(3), phase, entity, (phase, entity, number));
        }
    }
    std::iter::from_fn(|| simulation.next(Time::MAX)).map(|(_, event)| event).collect()
}

#[test]
fn shuffled_ties_change_the_order_of_entities_and_nothing_else() {
    let plain = order_of(Simulation::new());
    assert!(plain.is_sorted());
    for seed in 1..4 {
        let shuffled = order_of(Simulation::new().with_shuffled_ties(seed));
        assert_ne!(shuffled, plain, "{seed}");
        assert!(shuffled.is_sorted_by_key(|event| event.0), "phases stay");
        for pair in shuffled.chunks(2) {
            assert_eq!((pair[0].1, pair[0].2, pair[1].2), (pair[1].1, 0, 1));
        }
        let again = order_of(Simulation::new().with_shuffled_ties(seed));
        assert_eq!(shuffled, again);
        let mut entities = shuffled;
        entities.sort_unstable();
        assert_eq!(entities, plain, "nobody is lost");
    }
}

#[test]
fn shuffling_never_maps_two_entities_to_one() {
    let mut images: Vec<u64> = (0..50_000)
        .chain((0..50_000).map(|low| Tie::MAX_ENTITY - low))
        .map(|entity| permute_entity(entity, 9))
        .collect();
    assert!(images.iter().all(|&image| image <= Tie::MAX_ENTITY));
    images.sort_unstable();
    images.dedup();
    assert_eq!(images.len(), 100_000);
}
