//! Everything that can happen: a closed set of small values, in the present tense.

/// One thing that happens at an instant. Generations tell a stale event from a live one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// An entry of the timeline is due.
    TimelineTurns(u32),
    /// A trigger that was pulled takes effect.
    TriggerActs(u32),
    /// The protocol has something to do by itself.
    ProtocolIsDue,
    /// A challenge round's answers are handed in.
    AnswersAreDue(u32),
    /// A running worker is interrupted.
    WorkerFails {
        /// Machine.
        machine: u32,
        /// Generation of its state.
        generation: u32,
    },
    /// A worker runs again by itself (script, or power is back).
    WorkerReturns {
        /// Machine.
        machine: u32,
        /// Generation of its state.
        generation: u32,
    },
    /// The owner sees that a worker is down.
    OwnerNotices {
        /// Machine.
        machine: u32,
        /// Generation of its state.
        generation: u32,
    },
    /// The owner finishes the repair of a machine.
    RepairEnds(u32),
    /// The owner hears that everyone must log in again.
    OwnerLearnsOfUpdate(u32),
    /// The owner of an account looks at it, and sees that it is flagged.
    OwnerSeesFlag(u32),
    /// The owner takes the machine for own use, or may.
    OwnUseBegins(u32),
    /// The owner gives it back.
    OwnUseEnds(u32),
    /// The next machine of a holding has been brought up.
    MachineIsReady(u32),
    /// A holding's paid term runs out.
    TermEnds(u32),
    /// An individual decides.
    PersonDecides(u32),
    /// A farm's working day.
    FarmWorks(u32),
    /// A renter may arrive (thinned against the hour's rate).
    RenterMayArrive(u32),
    /// A renter ends a job that does not deliver, if it still runs by this lease.
    RenterComplains {
        /// Job.
        job: u32,
        /// Lease.
        lease: u32,
    },
    /// The next job of a trace comes.
    TraceJobArrives,
    /// A job of a trace has done its work, if it still runs by this lease.
    TraceJobFinishes {
        /// Job.
        job: u32,
        /// Lease.
        lease: u32,
    },
    /// Clouds look at the day's demand.
    CloudsRequote,
    /// A week of quests is over.
    QuestsAreDone,
    /// An owner looks at its stake.
    StakeIsMinded(u32),
    /// The team looks into a contested slash.
    SlashIsReviewed(u32),
    /// Word has spread for another hour; the epoch closes after it.
    EpochEnds,
}

/// Order of events at one instant: what the world does, then what people do, then the books.
pub mod phase {
    /// Dated acts and triggers.
    pub const TIMELINE: u8 = 0;
    /// Machines and their owners' hands.
    pub const HARDWARE: u8 = 1;
    /// Clouds re-quote.
    pub const CLOUD: u8 = 2;
    /// Decisions.
    pub const PEOPLE: u8 = 3;
    /// Renters.
    pub const RENTERS: u8 = 4;
    /// The protocol's own deadlines, after everything it should know of.
    pub const PROTOCOL: u8 = 5;
    /// Challenge answers, before the epoch closes.
    pub const ANSWERS: u8 = 6;
    /// The epoch closes last.
    pub const EPOCH: u8 = 7;
}
