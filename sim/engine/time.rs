//! The clock's type: the protocol's own, so that the seam needs no conversion.

pub use depin_protocol::units::{Span, Time};
