//! What a reader may know: the public board, an owner's account, and the audit view for measurement alone.

use crate::ids::SeasonId;
use crate::units::{Amount, Ppm, Span, Time};

/// The open season as announced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SeasonNotice {
    /// Which.
    pub season: SeasonId,
    /// Tokens promised, in base units.
    pub pool: Amount,
    /// Announced end.
    pub ends: Time,
}

/// A schedule of emission as anyone can follow it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EmissionNotice {
    /// When its first epoch begins.
    pub begins: Time,
    /// Tokens that its cap leaves, in base units; nothing when it is over, unknown without a cap.
    pub left: Option<Amount>,
    /// The latest release, if there was one.
    pub latest: Option<Release>,
}

/// One release of a schedule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Release {
    /// Time that it was for: the epochs of the schedule that had ended.
    pub over: Span,
    /// Tokens that the schedule released, in base units.
    pub released: Amount,
    /// Tokens that were minted for suppliers, earlier rests included.
    pub minted: Amount,
}

/// The public page: what anyone can see.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PublicBoard {
    /// Cards on display: a trailing count, stale between refreshes, padded if the team pads it.
    pub displayed_cards: u64,
    /// Connected cards that are on lease, of all connected cards, at the latest epoch's end, as the page shows them: a
    /// share in parts per million; zero while nothing is connected.
    pub hired_ppm: Ppm,
    /// The open season, if any.
    pub season: Option<SeasonNotice>,
    /// The schedule of emission, if any.
    pub emission: Option<EmissionNotice>,
}

/// What the network's operators see of their own network, and act upon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OperatorView {
    /// Cards connected now.
    pub connected_cards: u64,
}

/// For measurement only: nothing that decides may read it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AuditView {
    /// Cards the network sees as connected.
    pub connected_cards: u64,
    /// Cards verified.
    pub verified_cards: u64,
    /// Cards deployable.
    pub deployable_cards: u64,
    /// Cards in quarantine.
    pub quarantined_cards: u64,
    /// Jobs running.
    pub jobs_running: u64,
    /// Jobs waiting.
    pub jobs_waiting: u64,
    /// Integral of waiting jobs, job-nanoseconds.
    pub waiting_job_ns: u128,
    /// Integral of connected cards, card-nanoseconds, by epochs.
    pub connected_card_ns: u128,
    /// Integral of cards leased, card-nanoseconds.
    pub leased_card_ns: u128,
    /// Sum over all purses per asset at the latest epoch; zero, or a posting is broken.
    pub recount: [Amount; 3],
    /// Postings so far.
    pub postings: u64,
}
