//! A challenge round, answered by physics: work over the throughput that is really free, plus noise and bad luck.

use super::super::event::{Event, phase};
use super::super::machines::State;
use super::super::physics::{Task, share_rig};
use super::super::{Observer, World};
use super::purpose;
use crate::engine::{Span, Time};
use depin_protocol::command::Command;
use depin_protocol::ids::DeviceId;
use depin_protocol::verification::appeals::Form;
use depin_protocol::verification::asking::Challenge;
use depin_protocol::verification::{start_offset, work_gflop};

impl<O: Observer> World<O> {
    pub(in super::super) fn challenges_issued(&mut self, round: u32, beacon: u64, due: Time) {
        self.team.round = Some((round, beacon, self.now()));
        self.sim.at(due, phase::ANSWERS, 0, Event::AnswersAreDue(round));
    }

    /// Everyone who is asked and whose worker runs hands in what its silicon took.
    pub(in super::super) fn answers_are_due(&mut self, round: u32) {
        let Some((_, beacon, _)) = self.team.round.take_if(|r| r.0 == round) else {
            return;
        };
        let mut devices = Vec::new();
        let mut answers = Vec::new();
        let mut device = 0u32;
        let all = self.machines.of_device.len() as u32;
        while device < all {
            let machine = self.machines.of_device[device as usize];
            let m = &self.machines.all[machine as usize];
            let count = m.listed;
            if m.beating && !m.logged_out && m.cards > 0 {
                self.answer(machine, round, beacon, &mut devices, &mut answers);
            }
            device += count.max(1);
        }
        // A refusal means that the round is already closed; the protocol then counts everyone as silent.
        let _ = self.apply(Command::AnswerChallenges { round, devices: &devices, answer_ms: &answers });
    }

    /// A device was set apart: its owner appeals at once where it can, guilty or not, since it costs nothing (assumed).
    pub(in super::super) fn owner_appeals(&mut self, device: DeviceId) {
        if self.protocol.verification().appeals().form == Form::None {
            return;
        }
        let account = self.protocol.registry().account[device.at()];
        // Refused while an appeal is pending, or when the device was freed in the meantime.
        let _ = self.apply(Command::Appeal { account, first: device, count: 1 });
    }

    /// What is asked of a machine's devices, by position, with those asked for nothing left out. In a round that asks
    /// everyone, all of them reckon with being asked, and the network ignores answers that it did not ask for.
    fn asked_of(&self, machine: u32) -> Vec<(u32, Challenge)> {
        let m = &self.machines.all[machine as usize];
        if self.protocol.asks_everyone() {
            return (0..m.live).map(|i| (i, Challenge::Work)).collect();
        }
        let asked = |i| Some((i, self.protocol.challenge(DeviceId(m.device + i))?));
        (0..m.live).filter_map(asked).collect()
    }

    fn answer(
        &self,
        machine: u32,
        round: u32,
        beacon: u64,
        devices: &mut Vec<DeviceId>,
        answers: &mut Vec<u32>,
    ) {
        let asked = self.asked_of(machine);
        if asked.is_empty() {
            return;
        }
        let m = &self.machines.all[machine as usize];
        debug_assert_eq!(m.state, State::Running);
        let site = &self.scenario.sites[m.site as usize];
        let stream = self.stream(purpose::ANSWER, m.key);
        let claimed = self.protocol.model_of(DeviceId(m.device));
        let rule = self.protocol.verification();
        // Who claims another card than it has knows it, and holds back an answer that would come too soon.
        let lies = usize::from(self.protocol.registry().model[m.device as usize].0) != m.hardware as usize;
        let busy = stream.uniform(u64::from(round) * 2) < site.busy_share;
        // Link and scheduling delay: exponential with a mean of 2 s (assumed).
        let delay = -2.0 * libm::log(stream.uniform(u64::from(round) * 2 + 1));
        for ((i, challenge), done) in asked.iter().zip(self.work_on(machine, beacon, &asked)) {
            let (target_ms, busy) = match challenge {
                Challenge::Work => (rule.target_ms(claimed), busy),
                // What a lease leaves free is kept free for this.
                Challenge::TimeLock => (rule.lock_ms(claimed), false),
            };
            let soonest = if lies { f64::from(target_ms) / 1000.0 } else { 0.0 };
            devices.push(DeviceId(m.device + i));
            answers.push(match done {
                Some(s) if !busy => milliseconds(s.max(soonest) + delay),
                _ => u32::MAX,
            });
        }
    }

    /// Seconds that the machine's silicon needs for what is asked of its devices, each from its own start; `None` where
    /// memory is wanting.
    fn work_on(&self, machine: u32, beacon: u64, asked: &[(u32, Challenge)]) -> Vec<Option<f64>> {
        let m = &self.machines.all[machine as usize];
        let card = &self.scenario.hardware[m.hardware as usize];
        let gflops = card.tflops * 1000.0 * f64::from(m.speed);
        let claimed = self.protocol.model_of(DeviceId(m.device));
        let rule = self.protocol.verification();
        let work = work_gflop(claimed, rule.target_ms(claimed)) as f64;
        let lock = work_gflop(claimed, rule.lock_ms(claimed)) as f64;
        if m.live == 1 {
            // A worker of several cards is challenged card by card at the same time: each card answers for itself.
            let gflop = |challenge| if challenge == Challenge::TimeLock { lock } else { work };
            return asked.iter().map(|&(_, challenge)| Some(gflop(challenge) / gflops)).collect();
        }
        // Each lease on a card draws its share of it all the time, and no chain runs on two cards at once.
        let leased = asked.iter().filter(|a| a.1 == Challenge::TimeLock).count() as f64;
        let share = (f64::from(m.cards) / leased.max(1.0)).min(1.0);
        let mut seconds: Vec<Option<f64>> = vec![Some(lock / (gflops * share)); asked.len()];
        let mut tasks: Vec<(usize, Task)> = asked
            .iter()
            .enumerate()
            .filter(|(_, a)| a.1 == Challenge::Work)
            .map(|(at, (i, _))| {
                let key = rule.offset_key(self.protocol.registry(), DeviceId(m.device + i));
                let start_s = start_offset(beacon, key, rule.window()).0 as f64 / Span::SECOND.0 as f64;
                (at, Task { start_s, gflop: work, memory_mb: f64::from(claimed.memory_mb) })
            })
            .collect();
        tasks.sort_by(|a, b| a.1.start_s.total_cmp(&b.1.start_s).then(a.0.cmp(&b.0)));
        let row: Vec<Task> = tasks.iter().map(|t| t.1).collect();
        let memory_mb = card.memory_gb * 1000.0 * f64::from(m.cards);
        let finished = share_rig(&row, gflops * f64::from(m.cards), memory_mb);
        for ((at, _), done) in tasks.iter().zip(finished) {
            seconds[*at] = done;
        }
        seconds
    }
}

fn milliseconds(seconds: f64) -> u32 {
    (seconds * 1000.0 + 0.5).min(4e9) as u32
}
