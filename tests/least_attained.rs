//! Least attained service on recorded and random workloads: every first start and every end equals a small program that
//! sorts all jobs at every instant, as the paper describes it.

use std::path::Path;

use crate::lab;

/// A job: when it comes, how many cards, for how long; in seconds.
#[derive(Clone, Copy)]
struct Work {
    submit: u64,
    cards: u64,
    run: u64,
}

/// Where a job of the reference stands.
#[derive(Clone, Copy, Default)]
struct Standing {
    left: u64,
    attained: u64,
    /// Since when it runs, and how many had started before it.
    since: Option<(u64, u64)>,
    first: Option<u64>,
    end: Option<u64>,
}

struct Reference<'a> {
    jobs: &'a [Work],
    cards: u64,
    thresholds: &'a [u64],
    all: Vec<Standing>,
    started: u64,
}

impl Reference<'_> {
    fn level(&self, job: usize) -> usize {
        self.thresholds.iter().filter(|threshold| **threshold <= self.all[job].attained).count()
    }

    /// The next instant at which a running job ends or passes a threshold.
    fn next(&self, now: u64) -> Option<u64> {
        let running = (0..self.jobs.len()).filter(|job| self.all[*job].since.is_some());
        let instants = running.flat_map(|job| {
            let Standing { left, attained, .. } = self.all[job];
            let cards = self.jobs[job].cards;
            let ahead = self.thresholds.iter().filter(move |threshold| **threshold > attained);
            let passes = ahead.map(move |threshold| now + (threshold - attained).div_ceil(cards));
            passes.chain([now + left])
        });
        instants.min()
    }

    /// Lets time pass for those that run.
    fn pass_time(&mut self, from: u64, to: u64) {
        for (job, standing) in self.all.iter_mut().enumerate() {
            if standing.since.is_some() {
                standing.left -= to - from;
                standing.attained += self.jobs[job].cards * (to - from);
                if standing.left == 0 {
                    (standing.since, standing.end) = (None, Some(to));
                }
            }
        }
    }

    /// Sorts everyone who is there by level, those that run before those that wait, and lets run who fits.
    fn schedule(&mut self, now: u64) {
        let there = |job: &usize| self.jobs[*job].submit <= now && self.all[*job].end.is_none();
        let mut order: Vec<usize> = (0..self.jobs.len()).filter(there).collect();
        order.sort_by_key(|job| {
            let running = self.all[*job].since;
            (self.level(*job), running.is_none(), running, *job)
        });
        let mut free = self.cards;
        for job in order {
            let fits = self.jobs[job].cards <= free;
            let standing = &mut self.all[job];
            if !fits {
                standing.since = None;
                continue;
            }
            free -= self.jobs[job].cards;
            standing.first = standing.first.or(Some(now));
            if standing.since.is_none() {
                standing.since = Some((now, self.started));
                self.started += 1;
            }
        }
    }
}

/// First start and end of every job.
fn reference(jobs: &[Work], cards: u64, thresholds: &[u64]) -> Vec<(u64, u64)> {
    let all = jobs.iter().map(|job| Standing { left: job.run, ..Standing::default() }).collect();
    let mut world = Reference { jobs, cards, thresholds, all, started: 0 };
    let mut now = 0;
    world.schedule(now);
    loop {
        let arrival = jobs.iter().map(|job| job.submit).filter(|submit| *submit > now).min();
        let Some(next) = arrival.into_iter().chain(world.next(now)).min() else {
            break;
        };
        world.pass_time(now, next);
        now = next;
        world.schedule(now);
    }
    let told = |standing: &Standing| (standing.first.expect("it starts"), standing.end.expect("it ends"));
    world.all.iter().map(told).collect()
}

/// What the program makes of the same jobs, and how many leases it stopped.
fn ours(name: &str, jobs: &[Work], cards: u64, sets: &[&str]) -> (Vec<(u64, u64)>, f64) {
    let line = |(id, job): (usize, &Work)| {
        format!("{{\"id\":{id},\"submit\":{},\"run\":{},\"procs\":{}}}\n", job.submit, job.run, job.cards)
    };
    let text: String = jobs.iter().enumerate().map(line).collect();
    let path = std::env::temp_dir().join(format!("{name}-{}.jsonl", std::process::id()));
    std::fs::write(&path, text).expect("written");
    let (path_key, nodes) =
        (format!("demand.trace.path={}", path.display()), format!("hardware.nodes.count={cards}"));
    let mut all = vec![path_key.as_str(), nodes.as_str()];
    all.extend(sets);
    let record = lab::run(&lab::shipped("traces/jsonl-least-attained", &all));
    std::fs::remove_file(&path).expect("removed");
    let seconds = |text: &str| text.parse::<u64>().expect("whole seconds");
    let rows = record.jobs.iter().map(|job| (seconds(&job.start), seconds(&job.finish))).collect();
    (rows, lab::value(&record, "demand.preemptions"))
}

#[test]
fn every_start_and_end_of_random_gangs_equals_a_program_that_sorts_all_jobs() {
    let mut state = 7_u64;
    let mut below = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut submit = 0;
    let jobs: Vec<Work> = (0..400)
        .map(|_| {
            submit += 1 + below(900);
            Work { submit, cards: [1, 1, 1, 2, 4, 8][below(6) as usize], run: 60 + below(30_000) }
        })
        .collect();
    let sets = ["protocol.queueing.least_attained_service.levels=4"];
    let (found, stopped) = ours("las-random", &jobs, 24, &sets);
    // Thresholds of one, ten and a hundred card-hours.
    let expected = reference(&jobs, 24, &[3_600, 36_000, 360_000]);
    for (job, (expected, found)) in expected.iter().zip(&found).enumerate() {
        assert_eq!(expected, found, "job {job}");
    }
    assert!(stopped > 100.0, "the test would say little if nobody was stopped: {stopped}");
}

#[test]
fn every_start_and_end_of_the_sixty_jobs_of_tiresias_equals_that_program() {
    let path =
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/tiresias/60_job.csv")).to_owned();
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    // job_id, num_gpu, submit_time, iterations, model_name, duration, interval
    let job = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields[at].trim().parse().expect("a whole number");
        Work { submit: number(2), cards: number(1), run: number(5) }
    };
    let jobs: Vec<Work> = text.lines().skip(1).filter(|line| !line.is_empty()).map(job).collect();
    assert_eq!(jobs.len(), 60);
    // Sixteen cards instead of the paper's 128, and a threshold of six card-minutes, so that jobs get in each other's way.
    let sets = ["protocol.queueing.least_attained_service.threshold_card_hours=0.1"];
    let (found, stopped) = ours("las-sixty", &jobs, 16, &sets);
    assert_eq!(found, reference(&jobs, 16, &[360]));
    assert!(stopped > 0.0);
}

/// Two cards, told by hand. Threshold: four card-hours, 14,400 card-seconds.
#[test]
fn a_small_workload_is_stopped_and_goes_on_as_told_by_hand() {
    let jobs = [
        Work { submit: 0, cards: 2, run: 10_000 }, // has had 14,400 at 7,200
        Work { submit: 1_000, cards: 1, run: 5_000 }, // starts then, ends at 12,200
        Work { submit: 8_000, cards: 1, run: 100 }, // the other card is free
    ];
    let sets = ["protocol.queueing.least_attained_service.threshold_card_hours=4"];
    let (found, stopped) = ours("las-by-hand", &jobs, 2, &sets);
    // The first has 2,800 left, and both cards again at 12,200.
    assert_eq!(found, [(0, 15_000), (7_200, 12_200), (8_000, 8_100)]);
    assert!((stopped - 1.0).abs() < 1e-9);
}
