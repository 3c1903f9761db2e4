//! A seeded stream of integers for tests: the same cases on every machine, without a random number crate.

/// Knuth's MMIX multiplier and increment; the upper half of the state is the output.
pub(crate) struct Lcg(pub(crate) u64);

impl Lcg {
    /// The next 64 bits, from two steps because the low bits of one step are poor.
    pub(crate) fn next(&mut self) -> u64 {
        self.step() << 32 | self.step()
    }

    /// The next 128 bits.
    pub(crate) fn next_wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    /// An integer of at most `bits` bits (1 to 128), of varying magnitude so that small ones occur too.
    pub(crate) fn of_bits(&mut self, bits: u32) -> u128 {
        let shift = 128 - bits + self.below(u64::from(bits)) as u32;
        self.next_wide() >> shift
    }

    /// An integer below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn step(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 32
    }
}
