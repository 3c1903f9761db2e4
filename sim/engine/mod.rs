//! Door of the discrete-event core: integer time, event queue, random streams, sampling.
//!
//! The engine has never heard of a GPU. A model brings a closed, `Copy` event type and drives
//! [`Simulation`]; every random number comes from a [`Stream`] named by who draws and what for.

pub mod draw;
pub mod philox;
pub mod queue;
pub mod radix;
pub mod simulate;
pub mod streams;
pub mod time;

pub use draw::Law;
pub use queue::{EventQueue, HeapQueue, Key, Tie};
pub use radix::RadixQueue;
pub use simulate::{Simulation, TieCount};
pub use streams::{Cursor, EntityKey, Purpose, Seed, Stream, Streams};
pub use time::{Span, Time};
