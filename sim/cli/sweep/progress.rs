//! How far a sweep has come: runs done, failures so far, time left.

use crate::cli::output;
use crate::cli::run::progress::span;
use crate::experiment::sweep::blocks::Blocks;
use crate::experiment::sweep::carry;
use crate::experiment::sweep::journal;
use crate::experiment::sweep::outcome::Outcome;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Between two plain lines.
const PAUSE: Duration = Duration::from_secs(10);

/// Counts the runs of some blocks and shows them.
pub struct Meter {
    all: u64,
    /// Done before this process began.
    before: u64,
    began: Instant,
    ended: AtomicU64,
    failed: AtomicU64,
    display: Display,
}

enum Display {
    Nothing,
    Bar(ProgressBar),
    /// When the last line was written.
    Lines(Mutex<Instant>),
}

impl Meter {
    /// A meter of the runs of `blocks`; `quiet` shows nothing.
    pub fn new(blocks: &[u64], cut: &Blocks, folder: &Path, quiet: bool) -> Meter {
        let size = |block: u64| cut.range(block).end - cut.range(block).start;
        let done = |block: u64| {
            if carry::part(folder, block).exists() {
                return size(block);
            }
            journal::look(&carry::journal(folder, block), &cut.range(block))
                .map_or(0, |found| found.len() as u64)
        };
        let all = blocks.iter().map(|&block| size(block)).sum();
        let before = blocks.iter().map(|&block| done(block)).sum();
        let display = if quiet {
            Display::Nothing
        } else if std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{bar:30} {msg}").expect("the template is sound");
            Display::Bar(ProgressBar::new(all).with_style(style.progress_chars("=> ")))
        } else {
            Display::Lines(Mutex::new(Instant::now()))
        };
        let zero = || AtomicU64::new(0);
        Meter { all, before, began: Instant::now(), ended: zero(), failed: zero(), display }
    }

    /// A run has ended.
    pub fn ended(&self, outcome: &Outcome) {
        self.ended.fetch_add(1, Ordering::Relaxed);
        self.failed.fetch_add(u64::from(outcome.failed()), Ordering::Relaxed);
        match &self.display {
            Display::Nothing => {}
            Display::Bar(bar) => {
                bar.set_position(self.before + self.ended.load(Ordering::Relaxed));
                bar.set_message(self.facts(self.began.elapsed()));
            }
            Display::Lines(last) => {
                // Another thread that writes is as good.
                let Ok(mut last) = last.try_lock() else { return };
                if last.elapsed() >= PAUSE {
                    *last = Instant::now();
                    output::note(&format!("{}\n", self.facts(self.began.elapsed())));
                }
            }
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Display::Bar(bar) = &self.display {
            bar.finish_and_clear();
        }
    }

    /// Runs that have not ended.
    pub fn left(&self) -> u64 {
        self.all - self.before - self.ended.load(Ordering::Relaxed)
    }

    fn facts(&self, elapsed: Duration) -> String {
        let (ended, failed) = (self.ended.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed));
        let done = self.before + ended;
        let left = match ended {
            0 => "?".to_owned(),
            _ => span(elapsed.as_secs_f64() * self.left() as f64 / ended as f64),
        };
        let percent = 100 * done / self.all.max(1);
        format!("{done} of {} runs  {percent:>3}%  {failed} failed  {left} left", self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn it_counts_what_ended_and_what_failed_and_guesses_the_rest_by_this_process_alone() {
        let folder = std::env::temp_dir().join("depin-sim-no-such-sweep");
        let cut = Blocks::of(1000);
        let meter = Meter::new(&[0, 1, 2], &cut, &folder, true);
        assert_eq!(meter.facts(Duration::ZERO), "0 of 9 runs    0%  0 failed  ? left");
        for (run, error) in [(0, ""), (1, "it panicked"), (2, "")] {
            let outcome = Outcome {
                run,
                id: String::new(),
                digest: String::new(),
                error: error.to_owned(),
                values: BTreeMap::new(),
            };
            meter.ended(&outcome);
        }
        assert_eq!(meter.facts(Duration::from_secs(60)), "3 of 9 runs   33%  1 failed  2 min 0 s left");
        assert_eq!(meter.left(), 6);
    }
}
