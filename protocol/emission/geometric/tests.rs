//! Published schedules of io.net, to the base unit.
