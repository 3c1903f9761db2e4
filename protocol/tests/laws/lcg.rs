//! A seeded stream of integers: the same cases on every machine.

/// Knuth's MMIX multiplier and increment; the upper half of the state is the output.
pub struct Lcg(u64);

impl Lcg {
    /// A stream of its own for each seed; neighbours are mixed apart.
    pub fn new(seed: u64) -> Lcg {
        let mut lcg = Lcg(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x6C61_7773);
        lcg.next();
        lcg
    }

    pub fn next(&mut self) -> u64 {
        self.step() << 32 | self.step()
    }

    /// An integer below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// An index below `bound`.
    pub fn index(&mut self, bound: usize) -> usize {
        self.below(bound as u64) as usize
    }

    /// True once in `n`.
    pub fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.index(from.len())]
    }

    /// Another order, each with the same chance.
    pub fn shuffle<T>(&mut self, row: &mut [T]) {
        for i in (1..row.len()).rev() {
            row.swap(i, self.index(i + 1));
        }
    }

    fn step(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 32
    }
}
