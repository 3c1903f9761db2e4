//! The Sobol sequence, any point of it: direction numbers of Joe and Kuo (2008), Gray-code order as in scipy.

use crate::engine::streams::Stream;
use ::sobol::Sobol;
use ::sobol::params::JoeKuoD6;

/// Bits of a coordinate: a double's.
const BITS: usize = 53;

/// Direction numbers, one list per dimension.
#[derive(Clone, Debug, Default)]
pub(super) struct Directions(Vec<Vec<u64>>);

impl Directions {
    /// Those of so many dimensions, at most 1000.
    pub fn new(dimensions: usize) -> Directions {
        let table = if dimensions <= 100 { JoeKuoD6::minimal() } else { JoeKuoD6::standard() };
        Directions(Sobol::<f64>::init_direction_vals::<u32>(dimensions, BITS, &table))
    }

    /// The coordinates of a point; with streams, moved by a digital shift out of the last draw of each. A point has one
    /// coordinate per dimension, and dimension d takes stream d modulo their number, at an index of its own.
    pub fn row(&self, row: u64, shift: &[Stream]) -> Vec<f64> {
        let gray = row ^ (row >> 1);
        let coordinate = |(dimension, directions): (usize, &Vec<u64>)| {
            let mut bits = 0;
            let mut rest = gray;
            while rest != 0 {
                bits ^= directions[rest.trailing_zeros() as usize];
                rest &= rest - 1;
            }
            if shift.is_empty() {
                return (bits >> (64 - BITS)) as f64 / (1_u64 << BITS) as f64;
            }
            let round = (dimension / shift.len()) as u64;
            let moved = bits ^ shift[dimension % shift.len()].draw(u64::MAX - round);
            // An odd multiple of 2^-54 rounds up to 1 at the upper end; one bit less never does.
            ((moved >> (64 - BITS)) | 1) as f64 / (1_u64 << BITS) as f64
        };
        self.0.iter().enumerate().map(coordinate).collect()
    }
}
