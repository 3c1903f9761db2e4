//! How long a challenge really takes on the silicon that is really there.

/// One challenge on a rig: when it starts and how much work and memory it needs.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// Start, seconds after the round's start.
    pub start_s: f64,
    /// Work in GFLOP.
    pub gflop: f64,
    /// Memory in megabytes.
    pub memory_mb: f64,
}

/// Finish times (seconds after each task's own start) of challenges that share one rig's throughput equally
/// (processor sharing); `None` where the memory in use at the start leaves no room.
///
/// Tasks must be sorted by start. Exact event-by-event sharing; cost grows with the square of the tasks that overlap,
/// which a rig's slices bound.
#[must_use]
pub fn share_rig(tasks: &[Task], gflops: f64, memory_mb: f64) -> Vec<Option<f64>> {
    let mut done: Vec<Option<f64>> = vec![None; tasks.len()];
    let mut running: Vec<(usize, f64)> = Vec::new();
    let mut clock = 0.0_f64;
    let mut next = 0;
    while next < tasks.len() || !running.is_empty() {
        let arrives = tasks.get(next).map_or(f64::INFINITY, |t| t.start_s);
        let least = running.iter().fold(f64::INFINITY, |m, r| m.min(r.1));
        let ends =
            if running.is_empty() { f64::INFINITY } else { clock + least * running.len() as f64 / gflops };
        if arrives < ends {
            progress(&mut running, (arrives - clock).max(0.0) * gflops);
            clock = arrives;
            let used: f64 = running.iter().map(|r| tasks[r.0].memory_mb).sum();
            if used + tasks[next].memory_mb <= memory_mb {
                running.push((next, tasks[next].gflop));
            }
            next += 1;
        } else {
            progress(&mut running, (ends - clock) * gflops);
            clock = ends;
            running.retain(|r| {
                let finished = r.1 <= 1e-9 * tasks[r.0].gflop;
                if finished {
                    done[r.0] = Some(clock - tasks[r.0].start_s);
                }
                !finished
            });
        }
    }
    done
}

fn progress(running: &mut [(usize, f64)], gflop: f64) {
    let each = gflop / running.len().max(1) as f64;
    for r in running.iter_mut() {
        r.1 -= each;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alone_a_task_takes_work_over_throughput() {
        let tasks = [Task { start_s: 5.0, gflop: 600.0, memory_mb: 1000.0 }];
        assert_eq!(share_rig(&tasks, 10.0, 8000.0), vec![Some(60.0)]);
    }

    #[test]
    fn two_at_once_take_twice_as_long_and_half_overlap_half_more() {
        let task = |start_s| Task { start_s, gflop: 600.0, memory_mb: 1000.0 };
        assert_eq!(share_rig(&[task(0.0), task(0.0)], 10.0, 8000.0), vec![Some(120.0), Some(120.0)]);
        let got = share_rig(&[task(0.0), task(30.0)], 10.0, 8000.0);
        assert!((got[0].expect("done") - 90.0).abs() < 1e-9);
        assert!((got[1].expect("done") - 90.0).abs() < 1e-9);
    }

    /// A 4090 (165.2 TFLOPS, 24 GB) down-claimed as 3050s (18.2 TFLOPS, 8 GB) holds 3 slices where memory is checked
    /// and 9 where it is not (the model's own worked numbers).
    #[test]
    fn a_4090_passes_as_three_3050s_with_a_memory_check_and_nine_without() {
        let slices = |memory_mb: f64| {
            (1..=40)
                .take_while(|&k| {
                    let tasks = vec![Task { start_s: 0.0, gflop: 18_200.0 * 60.0, memory_mb: 8000.0 }; k];
                    let target = 60.0 * (1.0 + 1e-9);
                    share_rig(&tasks, 165_200.0, memory_mb).iter().all(|t| t.is_some_and(|s| s <= target))
                })
                .count()
        };
        assert_eq!(slices(24_000.0), 3);
        assert_eq!(slices(f64::INFINITY), 9);
    }
}
