//! Queueing theory: queues built on the engine wait as long as the closed forms say.

use std::collections::VecDeque;

use depin_sim::engine::{EntityKey, Law, Purpose, Seed, Simulation, Span, Streams, Time};

const ARRIVALS: Purpose = Purpose::new("theory.arrivals");
const SERVICES: Purpose = Purpose::new("theory.services");

const WARM_UP: usize = 20_000;
const BATCHES: usize = 32;
/// Student's t, 99.5 %, 31 degrees of freedom (standard tables).
const T_995_31: f64 = 2.744;

#[derive(Clone, Copy)]
enum Event {
    Arrive,
    Depart,
}

/// Poisson arrivals of rate `lambda` per second to one queue, first come first served, with `servers`.
struct Station {
    servers: u32,
    lambda: f64,
    service: Law,
}

/// Waiting times in seconds of this many customers, in the order in which their services start.
fn waits(station: &Station, customers: usize) -> Vec<f64> {
    let streams = Streams::new(Seed { master: 1, replication: 0 });
    let arrivals = streams.stream(ARRIVALS, EntityKey(0));
    let services = streams.stream(SERVICES, EntityKey(0));
    let gap = Law::Exponential { mean: 1.0 / station.lambda };
    let mut simulation = Simulation::new();
    let mut waiting: VecDeque<Time> = VecDeque::new();
    let mut idle = station.servers;
    let mut arrived = 0;
    let mut waits = Vec::with_capacity(customers);
    simulation.at(Time::ZERO, 1, 0, Event::Arrive);
    while let Some((now, event)) = simulation.next(Time::MAX) {
        match event {
            Event::Arrive => {
                waiting.push_back(now);
                let delay = Span::from_secs(gap.sample(arrivals.uniform(arrived)));
                arrived += 1;
                simulation.after(delay, 1, 0, Event::Arrive);
            }
            Event::Depart => idle += 1,
        }
        if idle == 0 || waiting.is_empty() {
            continue;
        }
        let arrival = waiting.pop_front().expect("checked above");
        // Both draws belong to the customer, whoever serves it.
        let service = station.service.sample(services.uniform(waits.len() as u64));
        waits.push((now - arrival).seconds());
        idle -= 1;
        simulation.after(Span::from_secs(service), 0, 0, Event::Depart);
        if waits.len() == customers {
            break;
        }
    }
    waits
}

/// Mean and half width of its 99 % interval, by batch means after the warm-up.
fn batch_means(values: &[f64]) -> (f64, f64) {
    let values = &values[WARM_UP..];
    let size = values.len() / BATCHES;
    let means: Vec<f64> = values
        .chunks_exact(size)
        .take(BATCHES)
        .map(|batch| batch.iter().sum::<f64>() / size as f64)
        .collect();
    let count = BATCHES as f64;
    let mean = means.iter().sum::<f64>() / count;
    let squares = means.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    let error = (squares / (count - 1.0) / count).sqrt();
    (mean, T_995_31 * error)
}

fn check(station: Station, customers: usize, expected: f64) {
    let (mean, half_width) = batch_means(&waits(&station, customers));
    let miss = (mean - expected).abs();
    println!("mean wait {mean:.4} +- {half_width:.4}, theory {expected:.4}");
    assert!(miss <= half_width, "{mean} +- {half_width} misses {expected}");
    assert!(miss <= 0.05 * expected, "{mean} is off {expected} by 5 %");
    // An interval so wide that it holds anything would prove nothing.
    assert!(half_width < 0.15 * expected, "{half_width} is too wide");
}

const UNIT_EXPONENTIAL: Law = Law::Exponential { mean: 1.0 };

#[test]
fn mm1_at_half_load_waits_one_service_time() {
    let station = Station { servers: 1, lambda: 0.5, service: UNIT_EXPONENTIAL };
    // rho / (mu - lambda): Kleinrock (1975), Queueing Systems 1, chapter 3.
    check(station, 220_000, 1.0);
}

#[test]
fn mm1_at_four_fifths_load_waits_four_service_times() {
    let station = Station { servers: 1, lambda: 0.8, service: UNIT_EXPONENTIAL };
    check(station, 420_000, 4.0);
}

#[test]
fn mmc_with_four_servers_waits_as_erlang_c_says() {
    let station = Station { servers: 4, lambda: 2.8, service: UNIT_EXPONENTIAL };
    // Erlang C / (c mu - lambda), evaluated with 50 digits.
    check(station, 320_000, 0.357_211_931_860_447_8);
}

#[test]
fn mg1_with_lognormal_service_waits_as_pollaczek_and_khinchine_say() {
    let station = Station { servers: 1, lambda: 0.5, service: Law::Lognormal { mean: 1.0, sd: 2.0 } };
    // lambda E[S^2] / (2 (1 - rho)), with E[S^2] = 1 + scv = 5.
    // The heavy tail needs this many: over twenty seeds the mean's standard error was 1.7 %.
    check(station, 1_600_000, 2.5);
}

#[test]
fn a_wrong_service_law_would_be_noticed() {
    // Half the variance gives three quarters of the wait: the tolerance must tell them apart.
    let station = Station { servers: 1, lambda: 0.5, service: Law::Erlang { k: 2, mean: 1.0 } };
    let (mean, half_width) = batch_means(&waits(&station, 120_000));
    assert!(mean + half_width < 0.95, "{mean} +- {half_width}");
    assert!((mean - 0.75).abs() < 0.05 * 0.75, "{mean}");
}
