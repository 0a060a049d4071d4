//! A pattern as steps that are all followed at once, character by character (Thompson's way): each step is taken at most once for
//! a character.

use super::{Class, Part};

/// What a pattern runs as.
#[derive(Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
    classes: Vec<Class>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A character of a class, then the next step.
    One(u32),
    /// Both.
    Fork(u32, u32),
    /// Another step.
    Jump(u32),
    /// The end.
    End,
}

/// Most steps taken over a text: a second's work of a slow tablet. What takes more does not match.
const MOST: u64 = 50_000_000;

impl Program {
    /// Most steps: far more than a pattern has that a person can read, and a thousand repetitions of a few parts.
    pub(super) const LONGEST: u64 = 10_000;

    /// Of a part that is no longer than [`Program::LONGEST`].
    pub(super) fn of(part: Part) -> Self {
        let mut program = Self { steps: Vec::new(), classes: Vec::new() };
        let part = program.named(part);
        program.write(&part);
        program.steps.push(Step::End);
        program
    }

    /// The part with its classes kept once, whatever repeats them.
    fn named(&mut self, part: Part) -> Named {
        match part {
            Part::One(class) => {
                self.classes.push(class);
                Named::One(u32::try_from(self.classes.len() - 1).unwrap_or(u32::MAX))
            }
            Part::Row(parts) => Named::Row(parts.into_iter().map(|part| self.named(part)).collect()),
            Part::Either(parts) => Named::Either(parts.into_iter().map(|part| self.named(part)).collect()),
            Part::Times(part, least, most) => Named::Times(Box::new(self.named(*part)), least, most),
        }
    }

    fn next(&self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX)
    }

    fn write(&mut self, part: &Named) {
        match part {
            Named::One(class) => self.steps.push(Step::One(*class)),
            Named::Row(parts) => parts.iter().for_each(|part| self.write(part)),
            Named::Either(parts) => {
                let mut ends = Vec::new();
                for (place, part) in parts.iter().enumerate() {
                    let fork = self.steps.len();
                    let is_last = place + 1 == parts.len();
                    if !is_last {
                        self.steps.push(Step::End);
                    }
                    self.write(part);
                    if !is_last {
                        ends.push(self.steps.len());
                        self.steps.push(Step::End);
                        let (here, other) = (u32::try_from(fork + 1).unwrap_or(u32::MAX), self.next());
                        self.steps[fork] = Step::Fork(here, other);
                    }
                }
                let next = self.next();
                ends.into_iter().for_each(|end| self.steps[end] = Step::Jump(next));
            }
            Named::Times(part, least, most) => {
                let mut last = self.next();
                for _ in 0..*least {
                    last = self.next();
                    self.write(part);
                }
                let Some(most) = most else {
                    if *least > 0 {
                        // The last one over and over.
                        let next = self.next() + 1;
                        return self.steps.push(Step::Fork(last, next));
                    }
                    let fork = self.steps.len();
                    self.steps.push(Step::End);
                    let inner = self.next();
                    self.write(part);
                    self.steps.push(Step::Jump(inner - 1));
                    self.steps[fork] = Step::Fork(inner, self.next());
                    return;
                };
                let mut forks = Vec::new();
                for _ in *least..*most {
                    forks.push(self.steps.len());
                    self.steps.push(Step::End);
                    self.write(part);
                }
                let next = self.next();
                for fork in forks {
                    self.steps[fork] = Step::Fork(u32::try_from(fork + 1).unwrap_or(u32::MAX), next);
                }
            }
        }
    }

    /// Whether it matches the whole text.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut taken = 0_u64;
        let (mut now, mut then) = (Places::of(self), Places::of(self));
        now.reach(self, 0, &mut taken);
        for c in text.chars() {
            if now.waiting.is_empty() || taken > MOST {
                return false;
            }
            for at in now.waiting.drain(..) {
                if let Step::One(class) = self.steps[at as usize]
                    && self.classes[class as usize].has(c)
                {
                    then.reach(self, at + 1, &mut taken);
                }
            }
            std::mem::swap(&mut now, &mut then);
            then.clear();
        }
        now.is_at_end
    }
}

#[derive(Debug)]
enum Named {
    One(u32),
    Row(Vec<Named>),
    Either(Vec<Named>),
    Times(Box<Named>, usize, Option<usize>),
}

/// Where a program stands before a character.
struct Places {
    /// Steps that wait for it.
    waiting: Vec<u32>,
    /// In which round each step was last reached.
    seen: Vec<u32>,
    round: u32,
    is_at_end: bool,
    stack: Vec<u32>,
}

impl Places {
    fn of(program: &Program) -> Self {
        Self { waiting: Vec::new(), seen: vec![0; program.steps.len()], round: 1, is_at_end: false, stack: Vec::new() }
    }

    fn clear(&mut self) {
        self.waiting.clear();
        (self.round, self.is_at_end) = (self.round.wrapping_add(1), false);
        if self.round == 0 {
            self.seen.fill(0);
            self.round = 1;
        }
    }

    /// Goes to a step, and on from it as far as no character is needed.
    fn reach(&mut self, program: &Program, step: u32, taken: &mut u64) {
        self.stack.push(step);
        while let Some(at) = self.stack.pop() {
            *taken += 1;
            if std::mem::replace(&mut self.seen[at as usize], self.round) == self.round {
                continue;
            }
            match program.steps[at as usize] {
                Step::One(_) => self.waiting.push(at),
                Step::Fork(one, other) => self.stack.extend([other, one]),
                Step::Jump(to) => self.stack.push(to),
                Step::End => self.is_at_end = true,
            }
        }
    }
}
