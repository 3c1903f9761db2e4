//! A compiled formula: a flat list of steps, each writing the next place of a frame that only earlier places feed.
//!
//! A frame is the variables that are read, then the constants, then one place for each step. There are no jumps: both
//! sides of an `if` are computed and one is chosen, so every evaluation costs the same.

use super::operation::{BLOCK, Block, Operation};
use super::{MAX_OPERATIONS, Stack};
use std::ops::Range;

/// Every NaN that leaves a formula has these bits, whatever the machine made of its sign.
const NAN: f64 = f64::from_bits(0x7FF8_0000_0000_0000);

/// Where an operand comes from, while the program grows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand {
    /// The n-th variable that is read.
    Variable(u16),
    /// A constant.
    Number(f64),
    /// The result of a step.
    Step(u16),
}

/// A program as it is written.
#[derive(Debug, Default)]
pub(super) struct Code {
    slots: Vec<u16>,
    steps: Vec<(Operation, [Operand; 3])>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Step {
    operation: Operation,
    /// Places in the frame.
    operands: [u16; 3],
}

/// A program that runs.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Program {
    /// Which of the caller's variables are read, in the order in which the formula names them.
    pub(super) slots: Vec<u16>,
    constants: Vec<f64>,
    steps: Vec<Step>,
    result: u16,
}

impl Code {
    /// The variable in the caller's `slot`.
    pub(super) fn variable(&mut self, slot: u16) -> Operand {
        let known = self.slots.iter().position(|read| *read == slot);
        let index = known.unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        Operand::Variable(index as u16)
    }

    /// The result of an operation, computed at once when nothing in it varies; `None` when the program is full.
    pub(super) fn emit(&mut self, operation: Operation, operands: [Operand; 3]) -> Option<Operand> {
        if let [Operand::Number(a), Operand::Number(b), Operand::Number(c)] = operands {
            let value = operation.row([a, b, c]);
            if !value.is_nan() {
                return Some(Operand::Number(value));
            }
        }
        let index = self.steps.len();
        (index < MAX_OPERATIONS as usize).then(|| {
            self.steps.push((operation, operands));
            Operand::Step(index as u16)
        })
    }

    /// The program that ends in `result`.
    pub(super) fn finish(self, result: Operand) -> Program {
        let mut constants: Vec<f64> = Vec::new();
        let operands = self.steps.iter().flat_map(|(_, operands)| operands).chain([&result]);
        for operand in operands {
            if let Operand::Number(value) = operand
                && place_of(*value, &constants).is_none()
            {
                constants.push(*value);
            }
        }
        let first_constant = self.slots.len();
        let first_step = first_constant + constants.len();
        let place = |operand| match operand {
            Operand::Variable(index) => index,
            Operand::Number(value) => {
                (first_constant + place_of(value, &constants).expect("all were gathered")) as u16
            }
            Operand::Step(index) => first_step as u16 + index,
        };
        let step = |&(operation, operands): &(Operation, [Operand; 3])| Step {
            operation,
            operands: operands.map(place),
        };
        let steps = self.steps.iter().map(step).collect();
        let result = place(result);
        Program { slots: self.slots, constants, steps, result }
    }
}

/// Where a constant of these very bits is.
fn place_of(value: f64, constants: &[f64]) -> Option<usize> {
    constants.iter().position(|known| known.to_bits() == value.to_bits())
}

impl Program {
    pub(super) fn cost(&self) -> u32 {
        self.steps.len() as u32
    }

    /// The result for one row of values, one for each of the caller's variables.
    pub(super) fn row(&self, values: &[f64], stack: &mut Stack) -> f64 {
        let first_constant = self.slots.len();
        let first_step = first_constant + self.constants.len();
        let frame = grown(&mut stack.row, first_step + self.steps.len(), 0.0);
        for (place, slot) in frame.iter_mut().zip(&self.slots) {
            *place = values[usize::from(*slot)];
        }
        frame[first_constant..first_step].copy_from_slice(&self.constants);
        for (at, step) in self.steps.iter().enumerate() {
            let operands = step.operands.map(|place| frame[usize::from(place)]);
            frame[first_step + at] = step.operation.row(operands);
        }
        canonical(frame[usize::from(self.result)])
    }

    /// The results for `rows` rows, a block at a time.
    pub(super) fn blocks(
        &self,
        rows: usize,
        stack: &mut Stack,
        mut fill: impl FnMut(usize, Range<usize>, &mut [f64]),
        mut take: impl FnMut(Range<usize>, &[f64]),
    ) {
        let first_constant = self.slots.len();
        let first_step = first_constant + self.constants.len();
        let frame = grown(&mut stack.blocks, first_step + self.steps.len(), [0.0; BLOCK]);
        for (block, constant) in frame[first_constant..].iter_mut().zip(&self.constants) {
            *block = [*constant; BLOCK];
        }
        for start in (0..rows).step_by(BLOCK) {
            let range = start..rows.min(start + BLOCK);
            for (block, slot) in frame.iter_mut().zip(&self.slots) {
                fill(usize::from(*slot), range.clone(), &mut block[..range.len()]);
            }
            for (at, step) in self.steps.iter().enumerate() {
                let (known, rest) = frame.split_at_mut(first_step + at);
                step.operation.block(step.operands.map(|place| &known[usize::from(place)]), &mut rest[0]);
            }
            let result: Block = frame[usize::from(self.result)].map(canonical);
            take(range.clone(), &result[..range.len()]);
        }
    }
}

fn canonical(value: f64) -> f64 {
    if value.is_nan() { NAN } else { value }
}

/// The first `length` places, made if there were never so many.
fn grown<T: Clone>(places: &mut Vec<T>, length: usize, empty: T) -> &mut [T] {
    if places.len() < length {
        places.resize(length, empty);
    }
    &mut places[..length]
}
