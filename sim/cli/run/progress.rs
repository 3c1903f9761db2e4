//! How far a run has come: a bar on a terminal, a plain line now and then anywhere else.

use crate::cli::output;
use crate::engine::Time;
use crate::report::calendar::Date;
use crate::report::number::short;
use crate::scenario::run::Run;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Between two plain lines.
const PAUSE: Duration = Duration::from_secs(10);
/// Steps of the bar.
const STEPS: u64 = 1000;

/// Counts simulated time over all replications and shows it.
#[derive(Debug)]
pub struct Meter {
    run: Run,
    began: Instant,
    /// Per replication: milliseconds simulated, events.
    each: Vec<(AtomicU64, AtomicU64)>,
    /// Sums over replications. Milliseconds, because nanoseconds of a million replications exceed 64 bits.
    millis: AtomicU64,
    events: AtomicU64,
    done: AtomicU64,
    display: Display,
}

#[derive(Debug)]
enum Display {
    Nothing,
    Bar(ProgressBar),
    /// When the last line was written.
    Lines(Mutex<Instant>),
}

/// The state of a run at one moment.
#[derive(Clone, Copy, Debug)]
struct Snapshot {
    /// Share of simulated time, over all replications.
    share: f64,
    /// Instant of the replication that reported last.
    now: Time,
    events: u64,
    done: u64,
    elapsed: Duration,
}

impl Meter {
    /// A meter for a run that begins now; `quiet` shows nothing.
    pub fn new(run: &Run, quiet: bool) -> Meter {
        let began = Instant::now();
        let display = if quiet {
            Display::Nothing
        } else if std::io::stderr().is_terminal() {
            Display::Bar(bar())
        } else {
            Display::Lines(Mutex::new(began))
        };
        Meter {
            run: run.clone(),
            began,
            each: (0..run.replications).map(|_| Default::default()).collect(),
            millis: AtomicU64::new(0),
            events: AtomicU64::new(0),
            done: AtomicU64::new(0),
            display,
        }
    }

    /// A replication has come as far as `now`, with so many events.
    pub fn reached(&self, replication: u32, now: Time, events: u64) {
        let (own_millis, own_events) = &self.each[replication as usize];
        let add = |own: &AtomicU64, sum: &AtomicU64, value: u64| {
            let before = own.swap(value, Ordering::Relaxed);
            sum.fetch_add(value.saturating_sub(before), Ordering::Relaxed);
            before
        };
        let millis = now.0 / 1_000_000;
        let end = self.run.duration.0 / 1_000_000;
        let before = add(own_millis, &self.millis, millis);
        add(own_events, &self.events, events);
        if millis >= end && before < end {
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        self.show(now);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Display::Bar(bar) = &self.display {
            bar.finish_and_clear();
        }
    }

    fn show(&self, now: Time) {
        match &self.display {
            Display::Nothing => {}
            Display::Bar(bar) => {
                let state = self.state(now);
                bar.set_position((state.share * STEPS as f64) as u64);
                bar.set_message(facts(&self.run, &state));
            }
            Display::Lines(last) => {
                // Another thread that writes is as good.
                let Ok(mut last) = last.try_lock() else { return };
                if last.elapsed() >= PAUSE {
                    *last = Instant::now();
                    let state = self.state(now);
                    output::note(&format!("{}\n", facts(&self.run, &state)));
                }
            }
        }
    }

    fn state(&self, now: Time) -> Snapshot {
        let whole = self.run.duration.0 as f64 / 1e6 * f64::from(self.run.replications);
        Snapshot {
            share: (self.millis.load(Ordering::Relaxed) as f64 / whole).min(1.0),
            now,
            events: self.events.load(Ordering::Relaxed),
            done: self.done.load(Ordering::Relaxed),
            elapsed: self.began.elapsed(),
        }
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {msg}").expect("the template is sound");
    ProgressBar::new(STEPS).with_style(style.progress_chars("=> "))
}

/// Simulated date (or how many replications are done), percent, events per second, time left.
fn facts(run: &Run, state: &Snapshot) -> String {
    let place = if run.replications == 1 {
        let date = Date::at(run.unix_s(state.now));
        format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
    } else {
        format!("{} of {} replications done", state.done, run.replications)
    };
    let seconds = state.elapsed.as_secs_f64();
    let rate = if seconds > 0.0 { state.events as f64 / seconds } else { 0.0 };
    let left =
        if state.share > 0.0 { span(seconds * (1.0 - state.share) / state.share) } else { "?".to_owned() };
    let percent = (state.share * 100.0) as u32;
    format!("{place}  {percent:>3}%  {} events/s  {left} left", short(rate))
}

/// A length of real time in its two largest units.
pub fn span(seconds: f64) -> String {
    let whole = (seconds + 0.5) as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{hours} h {minutes} min")
    } else if minutes > 0 {
        format!("{minutes} min {seconds} s")
    } else {
        format!("{seconds} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Span;

    fn ten_days(replications: u32) -> Run {
        Run {
            seed: 1,
            // 2024-03-01.
            start: 1_709_251_200,
            duration: Span(10 * Span::DAY.0),
            epoch: Span::HOUR,
            replications,
            scale: 1.0,
            record: false,
        }
    }

    fn at(meter: &Meter, day: u64, elapsed_s: u64) -> String {
        let state =
            Snapshot { elapsed: Duration::from_secs(elapsed_s), ..meter.state(Time(day * Span::DAY.0)) };
        facts(&meter.run, &state)
    }

    #[test]
    fn one_run_shows_its_date_and_the_time_left() {
        let meter = Meter::new(&ten_days(1), true);
        assert_eq!(at(&meter, 0, 0), "2024-03-01    0%  0 events/s  ? left");
        meter.reached(0, Time(4 * Span::DAY.0), 3_000_000);
        assert_eq!(at(&meter, 4, 60), "2024-03-05   40%  50K events/s  1 min 30 s left");
    }

    #[test]
    fn several_runs_count_together_and_once_each() {
        let meter = Meter::new(&ten_days(4), true);
        let end = Time(10 * Span::DAY.0);
        meter.reached(0, Time(5 * Span::DAY.0), 50);
        meter.reached(0, end, 100);
        meter.reached(0, end, 100);
        meter.reached(2, Time(6 * Span::DAY.0), 60);
        assert_eq!(at(&meter, 6, 4), "1 of 4 replications done   40%  40 events/s  6 s left");
    }

    #[test]
    fn a_million_long_replications_do_not_overflow() {
        let mut run = ten_days(1);
        run.duration = Span(36_525 * Span::DAY.0);
        run.replications = 1_000_000;
        let whole = (run.duration.0 / 1_000_000).checked_mul(1_000_000);
        assert!(whole.is_some());
    }
}
