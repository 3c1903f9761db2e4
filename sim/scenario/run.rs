//! `[run]`: when the run starts, how long it lasts, how often it is repeated, and at what scale.

use super::reading::Table;
use super::reading::{Count, Days, Hours, Instant, Positive};
use depin_protocol::units::{Span, Time};

/// How the run is carried out.
#[derive(Clone, Debug)]
pub struct Run {
    /// Master seed; each replication adds its number.
    pub seed: u64,
    /// Unix seconds of the start, UTC.
    pub start: i64,
    /// Length of the run.
    pub duration: Span,
    /// Length of an epoch.
    pub epoch: Span,
    /// Independent repetitions.
    pub replications: u32,
    /// Factor on populations, stock, pools, demand and throughput together.
    pub scale: f64,
    /// Whether the commands that reach the network are kept as a recording; results do not depend on it.
    pub record: bool,
}

impl Run {
    /// Reads `[run]`.
    #[must_use]
    pub fn read(root: &Table<'_>) -> Run {
        let Some(table) = root.table("run", "when the run starts, how long it lasts, how it is repeated")
        else {
            root.problem(
                "run",
                "the table [run] is missing",
                "every scenario says when it starts and how long it lasts",
            );
            return Run {
                seed: 1,
                start: 0,
                duration: Span::DAY,
                epoch: Span::HOUR,
                replications: 1,
                scale: 1.0,
                record: false,
            };
        };
        let seed = table.or("seed", 1u64, "master seed of every random stream");
        let start = table.require::<Instant>("start", "calendar date of the first instant, UTC").0;
        let days = table.require::<Days>("duration_days", "length of the run");
        let epoch = table.or("epoch_hours", Hours(1.0), "length of an epoch; io.net's blocks are hourly");
        let replications =
            table.or("replications", Count(1), "independent repetitions with their own random streams").0;
        let scale = table
            .or("scale", Positive(1.0), "factor on populations, stock, pools, demand and throughput together")
            .0;
        let record = table.word(
            "record",
            &["none", "events"],
            Some("none"),
            "events: keep the commands that reach the network, for depin-sim replay",
        ) == "events";
        table.range("scale", scale, 1e-5, 10.0);
        table.range("duration_days", days.0, 1.0 / 1440.0, 36_525.0);
        table.range("epoch_hours", epoch.0, 1.0 / 60.0, 24.0 * 366.0);
        // Each is kept until the end: a hundred thousand of the smallest fill the memory of a large machine.
        table.range("replications", replications as f64, 1.0, 1e5);
        // 1970 to 2200: calendar arithmetic by days needs nothing outside.
        table.range("start", start as f64, 0.0, 7_258_118_400.0);
        if epoch.ns() > 0 && days.ns() / epoch.ns() > 1_000_000 {
            table.problem(
                "epoch_hours",
                "more than a million epochs",
                "lengthen the epoch or shorten the run",
            );
        }
        Run {
            seed,
            start,
            duration: Span(days.ns()),
            epoch: Span(epoch.ns().max(Span::MINUTE.0)),
            replications: u32::try_from(replications).unwrap_or(1).max(1),
            scale,
            record,
        }
    }

    /// The run's instant of a calendar date; `None` before the start.
    #[must_use]
    pub fn instant(&self, unix_s: i64) -> Option<Time> {
        let seconds = u64::try_from(unix_s.checked_sub(self.start)?).ok()?;
        seconds.checked_mul(Span::SECOND.0).map(Time)
    }

    /// Unix seconds of an instant of the run.
    #[must_use]
    pub fn unix_s(&self, time: Time) -> i64 {
        self.start + i64::try_from(time.0 / Span::SECOND.0).expect("u64 nanoseconds fit i64 seconds")
    }

    /// A head count after scaling: never below one when there was anyone.
    #[must_use]
    pub fn scaled(&self, count: u64) -> u64 {
        if count == 0 { 0 } else { ((count as f64 * self.scale + 0.5) as u64).max(1) }
    }
}
