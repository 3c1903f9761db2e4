//! What happens, one kind of happening per file.

mod begin;
mod challenges;
mod entry;
mod epoch;
mod farming;
mod flags;
mod listing;
mod questing;
mod renting;
mod setup;
mod staking;
mod teamwork;
mod terms;
mod tracing;
mod upkeep;

pub use begin::sharing;

use crate::engine::Purpose;
pub use terms::resale_of_holdings;

/// Purposes of random draws; each has its own stream, so that one more draw of one kind shifts no other.
mod purpose {
    use super::Purpose;
    pub const AWARE: Purpose = Purpose::new("awareness.threshold");
    pub const TRAITS: Purpose = Purpose::new("person.traits");
    pub const TASTE: Purpose = Purpose::new("person.tastes");
    pub const DECIDE: Purpose = Purpose::new("person.decisions");
    pub const LEARN: Purpose = Purpose::new("person.learns_of_update");
    pub const FLAG: Purpose = Purpose::new("person.sees_flag");
    pub const APPEAL: Purpose = Purpose::new("person.appeals");
    pub const IMAGE: Purpose = Purpose::new("machine.image");
    pub const UPTIME: Purpose = Purpose::new("machine.uptime");
    pub const KIND: Purpose = Purpose::new("machine.kind_of_failure");
    pub const NOTICE: Purpose = Purpose::new("machine.notice");
    pub const DARK: Purpose = Purpose::new("machine.outage_length");
    pub const REPAIR: Purpose = Purpose::new("machine.repair");
    pub const SPEED: Purpose = Purpose::new("machine.speed");
    pub const OWN_USE: Purpose = Purpose::new("machine.own_use");
    pub const OUTAGE: Purpose = Purpose::new("machine.outage");
    pub const ANSWER: Purpose = Purpose::new("machine.answer");
    pub const ARRIVE: Purpose = Purpose::new("renter.arrival");
    pub const ACCEPT: Purpose = Purpose::new("renter.thinning");
    pub const HOURS: Purpose = Purpose::new("renter.hours");
    pub const CARDS: Purpose = Purpose::new("renter.cards");
    pub const PATIENCE: Purpose = Purpose::new("renter.patience");
    pub const COMPLAIN: Purpose = Purpose::new("renter.complains");
    pub const SHARE: Purpose = Purpose::new("hosts.share");
    pub const REDRAW: Purpose = Purpose::new("trace.redraw");
    pub const REVIEW: Purpose = Purpose::new("slash.review");
    pub const QUEST: Purpose = Purpose::new("person.quests");
    pub const BEACON: Purpose = Purpose::new("epoch.beacon");
}
