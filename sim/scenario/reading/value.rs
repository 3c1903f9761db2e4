//! What can be read from a key: the trait, and the plain numbers, flags and texts.

use super::canonical;
use super::raw::Raw;

/// A type that a scenario value can be read as.
pub trait Value: Sized {
    /// The type in words, after "expected": "a whole number from 0 to 65535".
    const EXPECTED: &'static str;

    /// Reads the value.
    ///
    /// # Errors
    /// What was found instead, in words that follow "found": usually [`Raw::describe`], with `, which ...` appended
    /// where the type is right and the size is not.
    fn read(raw: &Raw<'_>) -> Result<Self, String>;

    /// What stands in for a value that could not be read, so that reading goes on. Never simulated.
    fn placeholder() -> Self;

    /// The value in TOML, the same however it was written (`400`, `"400.00"`): the canonical text and the register of
    /// defaults use it. `None`: it is kept as written.
    fn write(&self) -> Option<String> {
        None
    }
}

/// Reads a whole number between two bounds.
pub(super) fn whole(raw: &Raw<'_>, low: i128, high: i128) -> Result<i128, String> {
    let value = raw.integer().ok_or_else(|| raw.describe())?;
    if value < low {
        return Err(format!("{}, which is below {low}", raw.describe()));
    }
    if value > high {
        return Err(format!("{}, which is above {high}", raw.describe()));
    }
    Ok(value)
}

/// Reads a finite number between two bounds, both allowed. Minus zero becomes zero.
pub(super) fn real(raw: &Raw<'_>, low: f64, high: f64) -> Result<f64, String> {
    let value = raw.number().ok_or_else(|| raw.describe())?;
    if !value.is_finite() {
        return Err(format!("{}, which is not a finite number", raw.describe()));
    }
    if value < low {
        return Err(format!("{}, which is below {low}", raw.describe()));
    }
    if value > high {
        return Err(format!("{}, which is above {high}", raw.describe()));
    }
    Ok(value + 0.0)
}

macro_rules! whole_number {
    ($type:ty, $expected:literal) => {
        impl Value for $type {
            const EXPECTED: &'static str = $expected;

            fn read(raw: &Raw<'_>) -> Result<Self, String> {
                let value = whole(raw, <$type>::MIN.into(), <$type>::MAX.into())?;
                Ok(<$type>::try_from(value).expect("the bounds were just checked"))
            }

            fn placeholder() -> Self {
                1
            }

            fn write(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    };
}

whole_number!(u16, "a whole number from 0 to 65535");
whole_number!(u32, "a whole number from 0 to 4294967295");
whole_number!(u64, "a whole number from 0 to 18446744073709551615");
whole_number!(i64, "a whole number, positive or negative");

impl Value for f64 {
    const EXPECTED: &'static str = "a number";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        real(raw, f64::MIN, f64::MAX)
    }

    fn placeholder() -> Self {
        1.0
    }

    fn write(&self) -> Option<String> {
        Some(canonical::float(*self))
    }
}

impl Value for bool {
    const EXPECTED: &'static str = "true or false";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        raw.flag().ok_or_else(|| raw.describe())
    }

    fn placeholder() -> Self {
        false
    }

    fn write(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Value for String {
    const EXPECTED: &'static str = "a text";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        let text = raw.text().ok_or_else(|| raw.describe())?;
        Ok(text.to_owned())
    }

    fn placeholder() -> Self {
        "placeholder".to_owned()
    }

    fn write(&self) -> Option<String> {
        Some(canonical::text(self))
    }
}
