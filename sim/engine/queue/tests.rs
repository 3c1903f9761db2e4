//! Both queues against the order as it is written down, per-entity counters and all.

use std::collections::BTreeMap;

use super::super::radix::RadixQueue;
use super::super::streams::{EntityKey, Purpose, Seed, Stream, Streams};
use super::super::time::Span;
use super::*;

/// (time, round, phase, entity, counter of the entity): the order to the letter.
type WrittenKey = (Time, u32, u8, u64, u64);

/// The definition, executed: a sorted map on the whole key, with a real counter for each entity.
#[derive(Default)]
struct WrittenOrder {
    events: BTreeMap<WrittenKey, u64>,
    counters: BTreeMap<u64, u64>,
    reached: Option<(Time, u32)>,
}

impl EventQueue<u64> for WrittenOrder {
    fn push(&mut self, time: Time, tie: Tie, event: u64) {
        let round = match self.reached {
            Some((now, round)) if now == time => round + 1,
            _ => 0,
        };
        let counter = self.counters.entry(tie.entity()).or_default();
        let key = (time, round, tie.phase(), tie.entity(), *counter);
        *counter += 1;
        assert_eq!(self.events.insert(key, event), None, "the key is total");
    }

    fn pop_until(&mut self, horizon: Time) -> Option<(Key, u64)> {
        if self.next_time()? > horizon {
            return None;
        }
        let ((time, round, phase, entity, _), event) = self.events.pop_first()?;
        self.reached = Some((time, round));
        let tie = Tie::new(phase, entity);
        Some((Key { time, round, tie }, event))
    }

    fn next_time(&self) -> Option<Time> {
        self.events.keys().next().map(|key| key.0)
    }

    fn len(&self) -> usize {
        self.events.len()
    }
}

/// How long until the next event, from 64 random bits.
type Delay = fn(u64) -> u64;

const DELAYS: [(&str, Delay); 5] = [
    ("nearly all tied", |bits| bits % 3),
    ("a zero delay in two", |bits| (bits % 2) * (bits >> 60)),
    ("far apart", |bits| bits >> 30),
    ("every magnitude", |bits| bits >> (20 + bits % 44)),
    ("heartbeats and rare events", |bits| if bits.is_multiple_of(8) { bits >> 20 } else { 60_000 }),
];

fn luck(label: &str) -> Stream {
    Streams::new(Seed::default()).stream(Purpose::new(label), EntityKey(0))
}

/// Grows a random tree of events: each popped event decides, by its own identity, which it schedules,
/// so two queues see the same program exactly as long as they agree.
fn branch<Q: EventQueue<u64>>(mut queue: Q, label: &str, delay: Delay) -> Vec<(Key, u64)> {
    const EVENTS: usize = 6_000;
    let stream = luck(label);
    let mut born = 0;
    let mut grow = |queue: &mut Q, now: Time, parent: u64, children: u64| {
        for child in 0..children {
            let bits = stream.draw(parent * 8 + child);
            let tie = Tie::new((bits >> 8) as u8 % 3, (bits >> 16) % 5);
            queue.push(now + Span(delay(stream.draw(!bits))), tie, born);
            born += 1;
        }
    };
    grow(&mut queue, Time::ZERO, u64::MAX / 8, 7);
    let mut popped = Vec::new();
    let mut horizon = Time::ZERO;
    while popped.len() < EVENTS && !queue.is_empty() {
        // Every so often the run stops, someone looks ahead, and schedules from outside before that.
        let bits = stream.draw(u64::MAX - popped.len() as u64);
        if bits.is_multiple_of(16) && horizon < queue.next_time().expect("not empty") {
            assert_eq!(queue.pop_until(horizon), None);
            grow(&mut queue, horizon, bits >> 8, 1);
        }
        let (key, event) = queue.pop().expect("not empty");
        popped.push((key, event));
        horizon = key.time + Span(delay(bits) / 2);
        // Two children on average until there are plenty, then one.
        let children = if queue.len() < 300 { event % 4 + 1 } else { event % 3 };
        grow(&mut queue, key.time, event, children);
    }
    popped
}

#[test]
fn both_queues_follow_the_written_order() {
    for (label, delay) in DELAYS {
        let written = branch(WrittenOrder::default(), label, delay);
        assert!(written.len() == 6_000, "{label}: {}", written.len());
        assert!(written.is_sorted_by_key(|(key, _)| *key), "{label}");
        let heap = branch(HeapQueue::default(), label, delay);
        assert!(heap == written, "{label}: the heap differs");
        let radix = branch(RadixQueue::default(), label, delay);
        assert!(radix == written, "{label}: the radix heap differs");
    }
}

#[test]
fn the_differential_programs_do_contain_ties_rounds_and_long_waits() {
    let (label, delay) = DELAYS[0];
    let events = branch(RadixQueue::default(), label, delay);
    let same_key = events.windows(2).filter(|w| w[0].0 == w[1].0).count();
    assert!(same_key > 500, "{same_key}");
    assert!(events.iter().any(|(key, _)| key.round > 2));
    let (label, delay) = DELAYS[2];
    let last = branch(RadixQueue::default(), label, delay)[5_999].0;
    assert!(last.time.0 > 1 << 36, "{last:?}");
}

/// Six entities, one of them `talkative`, meet at instants that nearly all share; returns what the others saw.
/// The talkative one schedules `extra` events whenever anything happens, and causes nothing else. `backwards`
/// reverses the order in which the program visits entities to schedule for them.
fn seen_by_others<Q: EventQueue<u64>>(
    mut queue: Q,
    talkative: u64,
    extra: u64,
    backwards: bool,
) -> Vec<(Key, u64)> {
    const ANSWER: u64 = 1 << 32;
    let mut others: Vec<u64> = (0..6).filter(|&entity| entity != talkative).collect();
    if backwards {
        others.reverse();
    }
    let chatter = |queue: &mut Q, now: Time| {
        // At this instant, where it has a round of its own, and at instants that others use.
        for delay in 0..extra {
            queue.push(now + Span(delay % 3), Tie::new(0, talkative), 0);
        }
    };
    for &entity in &others {
        chatter(&mut queue, Time::ZERO);
        queue.push(Time(entity % 2), Tie::new(0, entity), entity);
    }
    let mut seen = Vec::new();
    while seen.len() < 500 {
        let (key, event) = queue.pop().expect("each entity goes on for ever");
        let (entity, now) = (key.tie.entity(), key.time);
        if entity == talkative {
            continue;
        }
        seen.push((key, event));
        if event >= ANSWER {
            continue;
        }
        chatter(&mut queue, now);
        // Everyone answers everyone, now and at the next instant: ties between unrelated causes abound.
        for &answered in &others {
            let delay = Span(event % 2 * (answered % 2));
            let answer = ANSWER * (entity + 1) + event;
            queue.push(now + delay, Tie::new(1, answered), answer);
            chatter(&mut queue, now);
        }
        queue.push(now + Span(1 + event % 2), Tie::new(0, entity), event + 7);
    }
    seen
}

#[test]
fn an_extra_event_of_one_entity_reorders_nobody_elses_ties() {
    for talkative in [0, 3, 5] {
        let quiet = seen_by_others(RadixQueue::default(), talkative, 0, false);
        let loud = seen_by_others(RadixQueue::default(), talkative, 4, false);
        assert!(quiet == loud, "radix, entity {talkative}");
        let heap = seen_by_others(HeapQueue::default(), talkative, 4, false);
        assert!(quiet == heap, "heap, entity {talkative}");
    }
}

#[test]
fn the_order_in_which_a_program_visits_entities_decides_no_tie() {
    let forwards = seen_by_others(RadixQueue::default(), 3, 2, false);
    let backwards = seen_by_others(RadixQueue::default(), 3, 2, true);
    assert!(forwards == backwards);
}

#[test]
fn phase_then_entity_rank_a_round_and_pushes_rank_an_entity() {
    let mut queue = RadixQueue::default();
    for (phase, entity, event) in [(1, 0, 'e'), (0, 9, 'c'), (0, 2, 'a'), (0, 9, 'd'), (0, 2, 'b')] {
        queue.push(Time(5), Tie::new(phase, entity), event);
    }
    let order: String = std::iter::from_fn(|| queue.pop()).map(|(_, event)| event).collect();
    assert_eq!(order, "abcde");
}

#[test]
fn an_event_for_the_running_instant_waits_for_the_next_round() {
    let mut queue = RadixQueue::default();
    queue.push(Time(5), Tie::new(0, 1), 'a');
    queue.push(Time(5), Tie::new(0, 3), 'b');
    assert_eq!(queue.pop().map(|(key, event)| (key.round, event)), Some((0, 'a')));
    // Before 'b' by entity and phase, but caused within round 0.
    queue.push(Time(5), Tie::new(0, 2), 'c');
    queue.push(Time(6), Tie::new(0, 0), 'd');
    let rest: Vec<_> =
        std::iter::from_fn(|| queue.pop()).map(|(key, event)| (key.time.0, key.round, event)).collect();
    assert_eq!(rest, [(5, 0, 'b'), (5, 1, 'c'), (6, 0, 'd')]);
}

#[test]
fn an_earlier_event_may_be_pushed_after_a_look_ahead() {
    let mut queue = RadixQueue::default();
    queue.push(Time(1_000), Tie::new(0, 0), 'z');
    assert_eq!(queue.next_time(), Some(Time(1_000)));
    assert_eq!(queue.pop_until(Time(999)), None);
    queue.push(Time(3), Tie::new(0, 0), 'a');
    assert_eq!(queue.next_time(), Some(Time(3)));
    let order: String = std::iter::from_fn(|| queue.pop()).map(|(_, event)| event).collect();
    assert_eq!(order, "az");
    assert_eq!(queue.next_time(), None);
}

#[test]
fn a_tie_gives_back_what_was_packed() {
    let tie = Tie::new(255, Tie::MAX_ENTITY);
    assert_eq!((tie.phase(), tie.entity()), (255, Tie::MAX_ENTITY));
    assert!(Tie::new(0, Tie::MAX_ENTITY) < Tie::new(1, 0));
}

#[test]
#[should_panic(expected = "does not fit in 56 bits")]
fn too_large_an_entity_panics() {
    Tie::new(0, Tie::MAX_ENTITY + 1);
}

#[test]
#[should_panic(expected = "Time(4) lies before Time(5), already popped")]
fn a_push_into_the_past_panics() {
    let mut queue = RadixQueue::default();
    queue.push(Time(5), Tie::default(), 'a');
    queue.pop();
    queue.push(Time(4), Tie::default(), 'b');
}

/// Pops one event and answers it without delay this many times.
fn loop_at_one_instant<Q: EventQueue<u32>>(mut queue: Q, rounds: u32) -> u32 {
    queue.push(Time(7), Tie::new(0, 42), 0);
    for round in 0..rounds {
        queue.pop();
        queue.push(Time(7), Tie::new(0, 42), round);
    }
    queue.pop().map_or(0, |(key, _)| key.round)
}

#[test]
fn the_allowed_number_of_zero_delay_rounds_runs() {
    let radix = loop_at_one_instant(RadixQueue::default(), ROUND_LIMIT);
    let heap = loop_at_one_instant(HeapQueue::default(), ROUND_LIMIT);
    assert_eq!((radix, heap), (ROUND_LIMIT, ROUND_LIMIT));
}

#[test]
#[should_panic(expected = "zero-delay rounds at Time(7): the model loops (phase 0, entity 42)")]
fn a_zero_delay_loop_panics() {
    loop_at_one_instant(RadixQueue::default(), ROUND_LIMIT + 1);
}

#[test]
#[should_panic(expected = "zero-delay rounds at Time(7)")]
fn a_zero_delay_loop_panics_in_the_reference_too() {
    loop_at_one_instant(HeapQueue::default(), ROUND_LIMIT + 1);
}
