//! Calendar dates (UTC, proleptic Gregorian) from seconds since 1970, by integer arithmetic.

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// A calendar date with its second of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// Year.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day of the month, from 1.
    pub day: u32,
    /// Second of the day.
    pub second: i64,
}

impl Date {
    /// The date at an instant. Algorithm: Howard Hinnant, `chrono`-compatible low-level date algorithms.
    #[must_use]
    pub fn at(unix_s: i64) -> Self {
        let shifted = unix_s.div_euclid(DAY) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 } as u32;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month, day, second: unix_s.rem_euclid(DAY) }
    }

    /// Seconds since 1970 of midnight on a date.
    #[must_use]
    pub fn midnight(year: i64, month: u32, day: u32) -> i64 {
        let year = year - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted_month = (i64::from(month) + 9) % 12;
        let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        (era * 146_097 + day_of_era - 719_468) * DAY
    }

    /// `Apr`.
    #[must_use]
    pub fn month_name(self) -> &'static str {
        MONTHS[self.month as usize - 1]
    }

    /// `25 Apr 2024`.
    #[must_use]
    pub fn long(self) -> String {
        format!("{} {} {}", self.day, self.month_name(), self.year)
    }

    /// `25 Apr`.
    #[must_use]
    pub fn short(self) -> String {
        format!("{} {}", self.day, self.month_name())
    }

    /// `06:30`.
    #[must_use]
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.second / 3600, self.second % 3600 / 60)
    }
}

/// A length of time in the largest unit that counts it whole: `30 seconds`, `1 hour`; a month is a twelfth of 365 days.
#[must_use]
pub fn length(seconds: f64) -> String {
    let day = DAY as f64;
    for (unit, name) in [
        (365.0 * day, "year"),
        (365.0 * day / 12.0, "month"),
        (day, "day"),
        (3600.0, "hour"),
        (60.0, "minute"),
    ] {
        let count = seconds / unit;
        if count >= 1.0 && count == libm::floor(count) {
            return format!("{count} {name}{}", if count == 1.0 { "" } else { "s" });
        }
    }
    format!("{seconds} seconds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants_have_their_dates() {
        assert_eq!(Date::at(1_714_003_200).long(), "25 Apr 2024");
        assert_eq!(Date::at(1_709_164_800).long(), "29 Feb 2024");
        assert_eq!(Date::at(-1).long(), "31 Dec 1969");
        assert_eq!(Date::at(1_714_003_200 + 23_400).clock(), "06:30");
    }

    #[test]
    fn lengths_are_said_in_the_unit_that_counts_them_whole() {
        let said = [12.0, 600.0, 3600.0, 172_800.0, 2_628_000.0, 31_536_000.0].map(length);
        assert_eq!(said, ["12 seconds", "10 minutes", "1 hour", "2 days", "1 month", "1 year"]);
    }

    #[test]
    fn midnight_undoes_the_date_for_four_centuries() {
        for day in (-80_000..80_000).step_by(13) {
            let date = Date::at(day * DAY);
            assert_eq!(Date::midnight(date.year, date.month, date.day), day * DAY);
        }
    }
}
