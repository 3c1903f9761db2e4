//! Redrawing tasks, and lists of machines.

use super::super::inflate::{CannotInflate, card_milli, inflate};
use super::super::{TraceJob, nodes};
use std::path::Path;

fn task(id: &str, procs: u32, part: u16) -> TraceJob {
    TraceJob { procs, card_milli: part, ..TraceJob::new(id.to_owned()) }
}

/// A plain generator of uniform numbers, one per index.
fn uniform(i: u64) -> f64 {
    let mut x = i.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[test]
fn a_trace_is_redrawn_up_to_the_target_and_not_beyond_one_task() {
    let jobs = vec![task("a", 1, 500), task("b", 2, 1000), task("c", 0, 0)];
    let once = inflate(jobs.clone(), 100_000, uniform).expect("it can be met");
    assert_eq!(once, inflate(jobs.clone(), 100_000, uniform).expect("again"));
    let requested: u64 = once.iter().map(card_milli).sum();
    assert!((100_000..102_000).contains(&requested), "{requested}");
    for job in &jobs {
        assert!(once.contains(job), "the trace itself is in it");
        let copies = once.iter().filter(|other| other.id.starts_with(&format!("{}-tuned-", job.id))).count();
        assert!(copies > 15, "{copies} copies of {}", job.id);
    }
    let mut numbers: Vec<usize> =
        once.iter().filter_map(|job| job.id.split("-tuned-").nth(1)?.parse().ok()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..once.len() - 3).collect::<Vec<_>>());
}

#[test]
fn the_order_of_draws_is_the_written_one() {
    let mut asked = Vec::new();
    let draws = [0.0, 0.99, 0.0, 0.5, 0.0];
    let jobs = vec![task("a", 1, 1000), task("b", 1, 1000)];
    let all = inflate(jobs, 4000, |i| {
        asked.push(i);
        draws[i as usize]
    });
    // Redrawn: a, then b. Shuffled: the fourth with the first, the third with the second, the second with the first.
    let ids: Vec<String> = all.expect("it can be met").into_iter().map(|job| job.id).collect();
    assert_eq!(ids, ["a-tuned-0", "b-tuned-1", "b", "a"]);
    assert_eq!(asked, [0, 1, 2, 3, 4]);
}

#[test]
fn a_shuffle_leaves_every_task_at_every_place_equally_often() {
    let mut at = [[0_u32; 4]; 4];
    for round in 0..8000_u64 {
        let jobs = (0..4).map(|n| task(&n.to_string(), 1, 1000)).collect();
        let all = inflate(jobs, 0, |i| uniform(round * 16 + i)).expect("nothing to meet");
        for (place, job) in all.iter().enumerate() {
            at[place][job.id.parse::<usize>().expect("a number")] += 1;
        }
    }
    // 2000 expected, standard deviation 39.
    assert!(at.iter().flatten().all(|n| n.abs_diff(2000) < 200), "{at:?}");
}

#[test]
fn a_load_that_cannot_grow_is_refused() {
    assert_eq!(inflate(vec![task("c", 0, 0)], 1, uniform), Err(CannotInflate::NoCards));
    assert_eq!(inflate(Vec::new(), 1, uniform), Err(CannotInflate::NoCards));
    assert_eq!(inflate(Vec::new(), 0, uniform), Ok(Vec::new()));
}

#[test]
fn machines_are_read_with_their_ranks_and_twins_refused() {
    let list = b"sn,cpu_milli,memory_mib,gpu,model\nn1,64000,262144,2,P100\nn2,32000,1,0,\n";
    let read = nodes::nodes(list).expect("good");
    assert_eq!((read[0].name.as_str(), read[0].cards, read[0].model.as_deref()), ("n1", 2, Some("P100")));
    assert_eq!((read[1].cpu_milli, read[1].memory_mib, read[1].model.as_deref()), (32000, 1, None));
    assert_eq!(nodes::ranks(b"sn,rank\nn2,0\nn1,7\n").expect("good").get("n1"), Some(&7));
    for (bad, message) in [
        (
            "sn,cpu_milli,memory_mib,gpu\nn1,1,1,1\nn1,1,1,1\n",
            "f, line 3: found \"n1\" as sn; expected a machine not yet named on line 2",
        ),
        (
            "sn,cpu_milli,memory_mib,gpu\nn1,1,1,-1\n",
            "f, line 2: found \"-1\" as gpu; expected a whole number from 0 to 4294967295",
        ),
        ("sn,cpu_milli\nn1,1\n", "f, line 1: found columns \"sn,cpu_milli\"; expected a column memory_mib"),
    ] {
        let error = nodes::nodes(bad.as_bytes()).expect_err("bad").in_file(Path::new("f"));
        assert_eq!(error.to_string(), message);
    }
}
