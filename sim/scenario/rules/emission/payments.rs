//! `[protocol.payments]`: from when on a schedule releases tokens in a run, and how suppliers are paid what it released.

use super::super::super::reading::{Days, Hours, Instant, Share, Table};
use super::super::super::run::Run;
use super::super::ppm;
use depin_protocol::emission::Denomination;
use depin_protocol::rewards::vesting::VestingSpec;
use depin_protocol::units::{Span, Time};

/// Parts that a whole network is cut into; `run.scale` counts to this many digits.
const PARTS: u64 = 1_000_000_000_000;

/// How what a schedule releases reaches suppliers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payments {
    pub(super) begins: Time,
    pub(super) pay_every: Span,
    pub(super) vesting: Option<VestingSpec>,
}

/// Reads the table, or takes its defaults.
pub(super) fn read(t: &Table<'_>, run: &Run) -> Payments {
    let p = t.section("payments", "how what a schedule releases is paid out");
    let begins =
        p.optional::<Instant>("begins", "start of the schedule's first epoch, UTC; absent: run.start");
    let begins = begins.map_or(Some(Time::ZERO), |date| run.instant(date.0));
    if begins.is_none() {
        p.problem(
            "begins",
            "the date lies before run.start",
            "move the date, or give the schedule its later state",
        );
    }
    let every =
        p.or("pay_every_hours", Hours(24.0), "time from one payment to the next; io.net docs: once a day");
    p.range("pay_every_hours", every.0, 1.0 / 60.0, 8_784.0);
    let doc = "part of each payment comes later; absent: all of it at once";
    let vesting = p.table("vesting", doc).map(|v| {
        let share = v.or("immediate_share", Share(0.25), "paid at once; Filecoin spec");
        let over = v.or("over_days", Days(180.0), "time over which the rest is paid; Filecoin spec");
        let step = v.or("step_hours", Hours(24.0), "time from one part of it to the next; Filecoin spec");
        v.range("over_days", over.0, 0.0, 36_525.0);
        v.range("step_hours", step.0, 1.0, 8_784.0);
        let step = Span(step.ns().max(Span::HOUR.0));
        VestingSpec { immediate_ppm: ppm(share.0), over: Span(over.ns()), step }
    });
    let pay_every = Span(every.ns().max(Span::MINUTE.0));
    Payments { begins: begins.unwrap_or(Time::ZERO), pay_every, vesting }
}

/// The schedule's units in a run that is `scale` of the network.
pub(super) fn denomination(decimals: u8, scale: f64) -> Denomination {
    let parts = (scale * PARTS as f64 + 0.5) as u64;
    Denomination::new(decimals, (parts.max(1), PARTS))
}
