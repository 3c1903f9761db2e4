//! Top-k: known choices, who is drawn how often, and what a look-up costs.

use super::*;
use crate::scheduling::TopKSpec;

const SPEC: TopKSpec = TopKSpec { candidates: 1, reputation_weight: 1, price_weight: 1, dear: 2_000_000 };

/// A yard under this rule.
fn yard(spec: TopKSpec) -> Yard {
    Yard::new(spec.build())
}

/// Which device each of `jobs` jobs for one card takes, all of them from the same idle yard.
fn taken(yard: &mut Yard, jobs: u32) -> Vec<u32> {
    let mut count = vec![0; yard.registry.len()];
    for job in 0..jobs {
        yard.job = JobId(job);
        let picks = yard.find(&request(1)).expect("idle devices");
        count[picks[0].device.at()] += 1;
    }
    count
}

#[test]
fn the_index_chooses_what_a_scan_would_whatever_the_k_and_the_weights() {
    let specs = [
        SPEC,
        TopKSpec { candidates: 2, ..SPEC },
        TopKSpec { candidates: 7, reputation_weight: 3, price_weight: 2, dear: 700_000 },
        TopKSpec { candidates: 1_000, ..SPEC },
        TopKSpec { candidates: 3, reputation_weight: 0, ..SPEC },
        TopKSpec { candidates: 3, price_weight: 0, ..SPEC },
    ];
    for (seed, spec) in specs.into_iter().enumerate() {
        compare_with_scan(spec.build(), &Rule::TopK(spec), 40 + seed as u64);
    }
}

/// Prices and reputations. Their points: 50 + 50, 75 + 40, 25 + 90 and 5 + 10. The second and the third are equal, and
/// the second is cheaper.
const FOUR: [(u32, Ppm); 4] =
    [(1_000_000, 500_000), (500_000, 400_000), (1_500_000, 900_000), (1_900_000, 100_000)];

fn four(candidates: u32) -> Yard {
    let mut yard = yard(TopKSpec { candidates, ..SPEC });
    for (price, score) in FOUR {
        yard.list(&claim(1, price), score);
    }
    yard
}

#[test]
fn with_one_candidate_the_best_is_taken_and_the_price_breaks_ties() {
    let mut yard = four(1);
    let mut order = Vec::new();
    while let Ok(picks) = yard.find(&request(1)) {
        order.push(picks[0].device.0);
        yard.lease(&picks);
    }
    assert_eq!(order, [1, 2, 0, 3]);
    let gang = four(1).find(&request(4)).expect("four devices");
    assert_eq!(gang.iter().map(|pick| pick.device.0).collect::<Vec<_>>(), [1, 2, 0, 3]);
}

#[test]
fn each_of_the_k_best_is_taken_about_equally_often_and_nobody_else() {
    let halves = taken(&mut four(2), 1_000);
    assert_eq!((halves[0], halves[3]), (0, 0), "{halves:?}");
    // Binomial with mean 500 and standard deviation 16.
    assert!((440..=560).contains(&halves[1]), "{halves:?}");
    let quarters = taken(&mut four(10), 1_000);
    // Mean 250, standard deviation 14: fewer devices than candidates are all candidates.
    assert!(quarters.iter().all(|n| (195..=305).contains(n)), "{quarters:?}");
}

#[test]
fn the_lot_hangs_on_beacon_and_job_alone() {
    let of = |beacon| {
        let mut yard = four(4);
        yard.index.set_beacon(beacon);
        let one_by_one = |job| {
            yard.job = JobId(job);
            yard.find(&request(3)).expect("four devices")
        };
        (0..50).map(one_by_one).collect::<Vec<_>>()
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn a_gang_takes_each_device_once_and_draws_anew_for_each() {
    let mut yard = four(2);
    let mut orders = BTreeSet::new();
    for job in 0..200 {
        yard.job = JobId(job);
        let picks = yard.find(&request(4)).expect("four devices");
        let order: Vec<u32> = picks.iter().map(|pick| pick.device.0).collect();
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3]);
        orders.insert(order);
    }
    // At each of the first three picks one of two, so 2 * 2 * 2 orders.
    assert_eq!(orders.len(), 8, "{orders:?}");
    assert_eq!(yard.find(&request(5)), Err(4));
}

#[test]
fn a_look_up_costs_the_same_among_a_hundred_idle_devices_and_among_ten_thousand() {
    let visits = |devices| {
        let mut lcg = Lcg(8);
        let mut yard = yard(TopKSpec { candidates: 5, ..SPEC });
        for _ in 0..devices {
            let score = lcg.below(u64::from(ONE) + 1) as Ppm;
            yard.list(&claim(1, 100_000 + lcg.below(900_000) as u32), score);
        }
        let before = yard.index.visits();
        yard.find(&request(3)).expect("idle devices");
        yard.index.visits() - before
    };
    // Five for the first pick and one for each of the other two.
    assert_eq!([100, 1_000, 10_000].map(visits), [7; 3]);
}

#[test]
fn ten_thousand_devices_that_are_too_dear_cost_one_visit_per_score() {
    let mut yard = yard(TopKSpec { candidates: 5, ..SPEC });
    for i in 0..10_000 {
        yard.list(&claim(1, 1_000_000 + i), i * 100);
    }
    let cheap = yard.list(&claim(1, 900_000), 0);
    let before = yard.index.visits();
    let ask = JobRequest { price_limit: 999_999, ..request(1) };
    let picks = yard.find(&ask).expect("the one that is cheap enough");
    assert_eq!(picks[0].device, cheap);
    let visits = yard.index.visits() - before;
    assert!((50..=202).contains(&visits), "{visits}");
}
