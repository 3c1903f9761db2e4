//! Calendar dates and instants as Unix seconds in UTC.

use toml::value::{Datetime, Offset};

use super::raw::Raw;
use super::value::Value;

/// An instant in Unix seconds (UTC, no leap seconds).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub i64);

impl Value for Instant {
    const EXPECTED: &'static str =
        "a calendar date or an instant in UTC, such as 2024-06-11 or 2024-06-11T12:00:00Z";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        let date = match (raw.datetime(), raw.text()) {
            (Some(date), _) => date,
            (None, Some(text)) => {
                text.parse().map_err(|_| format!("{}, which is not a date", raw.describe()))?
            }
            (None, None) => return Err(raw.describe()),
        };
        unix_seconds(&date).map(Self).map_err(|why| format!("{}, {why}", raw.describe()))
    }

    fn placeholder() -> Self {
        Self(0)
    }

    fn write(&self) -> Option<String> {
        Some(iso_text(self.0))
    }
}

/// Unix seconds of a TOML date; a date without a time is its first second, a time without an offset is in UTC.
fn unix_seconds(date: &Datetime) -> Result<i64, &'static str> {
    let day = date.date.ok_or("a time without a date")?;
    let (year, month) = (i64::from(day.year), i64::from(day.month));
    if !(1..=12).contains(&month) || day.day == 0 || day.day > days_in_month(year, month) {
        return Err("which is not in the calendar");
    }
    let mut seconds = days_since_epoch(year, month, i64::from(day.day)) * 86_400;
    if let Some(time) = date.time {
        let second = time.second.unwrap_or(0);
        if time.nanosecond.unwrap_or(0) != 0 {
            return Err("which has a fraction of a second");
        }
        if time.hour > 23 || time.minute > 59 || second > 59 {
            return Err("which is not a time of day (leap seconds are not counted)");
        }
        seconds += i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(second);
    }
    if let Some(Offset::Custom { minutes }) = date.offset {
        seconds -= i64::from(minutes) * 60;
    }
    Ok(seconds)
}

fn days_in_month(year: i64, month: i64) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    // The year starts in March, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_since_epoch`], as `YYYY-MM-DDTHH:MM:SSZ`.
fn iso_text(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400) + 719_468;
    let clock = seconds.rem_euclid(86_400);
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_unix_seconds() {
        // Expected values from `date -u -d ... +%s`.
        for (text, seconds) in [
            ("1970-01-01", 0),
            ("2023-11-04", 1_699_056_000),
            ("2024-02-29", 1_709_164_800),
            ("2024-06-11T12:00:00Z", 1_718_107_200),
            ("2024-06-11T14:00:00+02:00", 1_718_107_200),
            ("2024-06-11 12:00:00", 1_718_107_200),
            ("1969-12-31T23:59:59Z", -1),
        ] {
            let date: Datetime = text.parse().expect("a date of this test");
            assert_eq!(unix_seconds(&date), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn writing_an_instant_and_reading_it_again_changes_nothing() {
        let mut seconds = -62_000_000_000;
        while seconds < 250_000_000_000 {
            let date: Datetime = iso_text(seconds).parse().expect("our own text");
            assert_eq!(unix_seconds(&date), Ok(seconds));
            seconds += 1_234_567_891;
        }
    }
}
