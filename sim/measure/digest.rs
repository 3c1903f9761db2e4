//! The digest of a run: 256 bits over every command, every effect, every posting and the end state.
//!
//! Values reach it through `Hash`, written little-endian and with fixed widths whatever the machine, and BLAKE3 does the
//! rest. Two runs with the same digest did the same things in the same order.

use std::hash::{Hash, Hasher};

/// Bytes gathered before they are hashed.
const BUFFER: usize = 1 << 16;

/// A running digest.
#[derive(Clone, Debug)]
pub struct Digest {
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
}

impl Digest {
    /// A digest of nothing.
    #[must_use]
    pub fn new() -> Digest {
        Digest { hasher: blake3::Hasher::new(), buffer: Vec::with_capacity(BUFFER + 4096) }
    }

    /// Adds a value.
    pub fn add(&mut self, value: &impl Hash) {
        value.hash(self);
    }

    /// The digest so far.
    #[must_use]
    pub fn finish(mut self) -> [u8; 32] {
        self.hasher.update(&self.buffer);
        self.buffer.clear();
        *self.hasher.finalize().as_bytes()
    }
}

impl Default for Digest {
    fn default() -> Self {
        Digest::new()
    }
}

impl Hasher for Digest {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }

    fn write_u8(&mut self, i: u8) {
        self.write(&[i]);
    }

    fn write_u16(&mut self, i: u16) {
        self.write(&i.to_le_bytes());
    }

    fn write_u32(&mut self, i: u32) {
        self.write(&i.to_le_bytes());
    }

    fn write_u64(&mut self, i: u64) {
        self.write(&i.to_le_bytes());
    }

    fn write_u128(&mut self, i: u128) {
        self.write(&i.to_le_bytes());
    }

    fn write_usize(&mut self, i: usize) {
        self.write_u64(i as u64);
    }

    fn write_i128(&mut self, i: i128) {
        self.write(&i.to_le_bytes());
    }

    fn write_isize(&mut self, i: isize) {
        self.write_u64(i as u64);
    }
}

/// Digest of several replications, in index order.
#[must_use]
pub fn combine(digests: &[[u8; 32]]) -> [u8; 32] {
    if let [only] = digests {
        return *only;
    }
    let mut hasher = blake3::Hasher::new();
    for digest in digests {
        hasher.update(digest);
    }
    *hasher.finalize().as_bytes()
}

/// A digest in hexadecimal.
#[must_use]
pub fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_width_and_value_all_count() {
        let of = |f: fn(&mut Digest)| {
            let mut d = Digest::new();
            f(&mut d);
            d.finish()
        };
        let base = of(|d| {
            d.add(&1u32);
            d.add(&2u32);
        });
        assert_ne!(
            base,
            of(|d| {
                d.add(&2u32);
                d.add(&1u32);
            })
        );
        assert_ne!(base, of(|d| d.add(&1u32)));
        assert_eq!(base, of(|d| d.add(&(1u32, 2u32))));
    }

    /// Pins the bytes: a change here changes every baseline.
    #[test]
    fn the_digest_of_a_known_row_is_known() {
        let mut d = Digest::new();
        d.add(&(7u8, 8u16, 9u64, -1i128));
        let mut plain = blake3::Hasher::new();
        plain.update(&[7, 8, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
        plain.update(&[0xff; 16]);
        assert_eq!(d.finish(), *plain.finalize().as_bytes());
    }
}
