//! A challenge round, answered by physics: work over the throughput that is really free, plus noise and bad luck.

use super::super::event::{Event, phase};
use super::super::machines::State;
use super::super::physics::{Task, share_rig};
use super::super::{Observer, World};
use super::purpose;
use crate::engine::{Span, Time};
use depin_protocol::command::Command;
use depin_protocol::ids::DeviceId;
use depin_protocol::verification::{start_offset, work_gflop};

impl<O: Observer> World<O> {
    pub(in super::super) fn challenges_issued(&mut self, round: u32, beacon: u64, due: Time) {
        self.team.round = Some((round, beacon, self.now()));
        self.sim.at(due, phase::ANSWERS, 0, Event::AnswersAreDue(round));
    }

    /// Everyone whose worker runs hands in what its silicon took.
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

    fn answer(
        &self,
        machine: u32,
        round: u32,
        beacon: u64,
        devices: &mut Vec<DeviceId>,
        answers: &mut Vec<u32>,
    ) {
        let m = &self.machines.all[machine as usize];
        debug_assert_eq!(m.state, State::Running);
        let true_card = &self.scenario.hardware[m.hardware as usize];
        let site = &self.scenario.sites[m.site as usize];
        let stream = self.stream(purpose::ANSWER, m.key);
        let gflops = true_card.tflops * 1000.0 * f64::from(m.speed);
        let claimed = self.protocol.model_of(DeviceId(m.device));
        let rule = self.protocol.verification();
        let target_ms = rule.target_ms(claimed);
        let work = work_gflop(claimed, target_ms) as f64;
        // Who claims another card than it has knows it, and holds back an answer that would come too soon.
        let lies = usize::from(self.protocol.registry().model[m.device as usize].0) != m.hardware as usize;
        let hold_back = |s: f64| {
            if lies { s.max(f64::from(target_ms) / 1000.0) } else { s }
        };
        let busy = stream.uniform(u64::from(round) * 2) < site.busy_share;
        // Link and scheduling delay: exponential with a mean of 2 s (assumed).
        let delay = -2.0 * libm::log(stream.uniform(u64::from(round) * 2 + 1));
        if m.live == 1 {
            devices.push(DeviceId(m.device));
            // A worker of several cards is challenged card by card at the same time: each card answers for itself.
            let seconds = hold_back(work / gflops) + delay;
            answers.push(if busy { u32::MAX } else { milliseconds(seconds) });
            return;
        }
        let window = rule.window();
        let mut tasks: Vec<(u32, Task)> = (0..m.live)
            .map(|i| {
                let offset =
                    start_offset(beacon, self.protocol.registry().address[(m.device + i) as usize], window);
                let start_s = offset.0 as f64 / Span::SECOND.0 as f64;
                (i, Task { start_s, gflop: work, memory_mb: f64::from(claimed.memory_mb) })
            })
            .collect();
        tasks.sort_by(|a, b| a.1.start_s.total_cmp(&b.1.start_s).then(a.0.cmp(&b.0)));
        let row: Vec<Task> = tasks.iter().map(|t| t.1).collect();
        let memory_mb = true_card.memory_gb * 1000.0 * f64::from(m.cards);
        let finished = share_rig(&row, gflops * f64::from(m.cards), memory_mb);
        let mut seconds = vec![None; m.live as usize];
        for ((i, _), done) in tasks.iter().zip(finished) {
            seconds[*i as usize] = done;
        }
        for (i, done) in seconds.into_iter().enumerate() {
            devices.push(DeviceId(m.device + i as u32));
            answers.push(match done {
                Some(s) if !busy => milliseconds(hold_back(s) + delay),
                _ => u32::MAX,
            });
        }
    }
}

fn milliseconds(seconds: f64) -> u32 {
    (seconds * 1000.0 + 0.5).min(4e9) as u32
}
