//! Turns tokens into a program in one pass, telling numbers and conditions apart as it goes.
//!
//! What is misnamed, of the wrong kind or called with the wrong number of arguments is told and stands for anything, so
//! that the rest is read too; where a token cannot stand, reading goes on behind the next `;`.

use super::error::{Faults, FormulaError, Span, did_you_mean, quoted};
use super::functions::{FUNCTIONS, Function, Shape, find};
use super::lexer::{Kind as Sign, Token, read};
use super::nearest::nearest;
use super::operation::Operation;
use super::program::{Code, Operand, Program};
use super::{MAX_DEPTH, MAX_OPERATIONS, MAX_TEXT};

/// Most names that an error lists.
const MOST_LISTED: usize = 12;

/// The hint that lists the variables where the error itself does not.
fn all_of(variables: &[&str], known: usize) -> Option<String> {
    (known > MOST_LISTED && !variables.is_empty()).then(|| format!("known are {}", variables.join(", ")))
}

/// What an expression is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Number,
    Condition,
    /// Of something that was told as wrong: fits anywhere, so that one fault is told once.
    Unknown,
}

#[derive(Clone, Copy, Debug)]
struct Value {
    operand: Operand,
    kind: Kind,
    span: Span,
}

/// A token stands where it cannot; the fault is told.
struct Stop;

type Parsed<T> = Result<T, Stop>;

/// How tightly a comparison and a power bind; `or` and `and` bind less than the first, signs less than the second.
const COMPARISON: u8 = 3;
const POWER: u8 = 6;

/// An operator between two values.
struct Infix {
    binding: u8,
    operation: Operation,
    takes: Kind,
    gives: Kind,
}

fn infix(sign: Sign) -> Option<Infix> {
    let (binding, operation) = match sign {
        Sign::Or => (1, Operation::Or),
        Sign::And => (2, Operation::And),
        Sign::Less | Sign::Greater => (COMPARISON, Operation::Less),
        Sign::AtMost | Sign::AtLeast => (COMPARISON, Operation::AtMost),
        Sign::Equal => (COMPARISON, Operation::Equal),
        Sign::Unequal => (COMPARISON, Operation::Unequal),
        Sign::Plus => (4, Operation::Add),
        Sign::Minus => (4, Operation::Subtract),
        Sign::Star => (5, Operation::Multiply),
        Sign::Slash => (5, Operation::Divide),
        Sign::Caret => (POWER, Operation::Power),
        // Whatever it was meant to be, what follows can be read.
        Sign::Stray => {
            let (takes, gives) = (Kind::Unknown, Kind::Unknown);
            return Some(Infix { binding: 1, operation: Operation::Add, takes, gives });
        }
        _ => return None,
    };
    let takes = if binding < COMPARISON { Kind::Condition } else { Kind::Number };
    let gives = if binding > COMPARISON { Kind::Number } else { Kind::Condition };
    Some(Infix { binding, operation, takes, gives })
}

/// The program of `text` over these variables, or what is wrong with it.
pub(super) fn compile(text: &str, variables: &[&str]) -> Result<Program, Vec<FormulaError>> {
    let mut faults = Faults::default();
    if text.len() > MAX_TEXT {
        let at = Span { start: text.floor_char_boundary(MAX_TEXT), end: text.len() };
        let found = format!("a formula of {} bytes", text.len());
        faults.add(at, found, format!("a formula of at most {MAX_TEXT} bytes"), None);
        return Err(faults.0);
    }
    let tokens = read(text, &mut faults);
    let strays = tokens.iter().any(|token| token.kind == Sign::Stray);
    let code = Code::default();
    let mut parser =
        Parser { text, variables, tokens, at: 0, depth: 0, names: Vec::new(), code, faults, strays };
    let result = parser.formula();
    let mut errors = parser.faults.0;
    errors.sort_by_key(|error| error.span.start);
    match result {
        Ok(value) if errors.is_empty() => Ok(parser.code.finish(value.operand)),
        _ => Err(errors),
    }
}

struct Parser<'t> {
    text: &'t str,
    variables: &'t [&'t str],
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Names given so far.
    names: Vec<(&'t str, Value)>,
    code: Code,
    faults: Faults,
    /// Something in it is no token, so that what seems out of place may not be.
    strays: bool,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Token {
        self.tokens[self.at]
    }

    /// The next token, which is passed unless it is the end.
    fn next(&mut self) -> Token {
        let token = self.peek();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn written(&self, at: Span) -> &'t str {
        &self.text[at.start..at.end]
    }

    fn formula(&mut self) -> Parsed<Value> {
        loop {
            let following = self.tokens.get(self.at + 1);
            let defines =
                self.peek().kind == Sign::Word && following.is_some_and(|next| next.kind == Sign::Assign);
            let line = if defines { self.definition().map(|()| None) } else { self.result().map(Some) };
            match line {
                Ok(Some(result)) => return Ok(result),
                Ok(None) => {}
                Err(Stop) => {
                    self.depth = 0;
                    while self.peek().kind != Sign::Semicolon {
                        if self.next().kind == Sign::End {
                            return Err(Stop);
                        }
                    }
                    self.next();
                    if self.peek().kind == Sign::End {
                        return Err(Stop);
                    }
                }
            }
        }
    }

    /// `name = expression;`
    fn definition(&mut self) -> Parsed<()> {
        let at = self.next().span;
        self.next();
        let name = self.written(at);
        let value = self.expression(0);
        let taken = self.variables.contains(&name)
            || find(name).is_some()
            || self.names.iter().any(|(given, _)| *given == name);
        if taken {
            let expected = "a name that no variable, function or earlier line has";
            self.faults.add(at, quoted(self.text, at), expected, Some("to compare, write `==`".to_owned()));
        }
        let known = *value.as_ref().unwrap_or(&self.anything(at));
        self.names.push((name, if taken { self.anything(at) } else { known }));
        value?;
        match self.peek().kind {
            Sign::Semicolon => self.next(),
            _ => return Err(self.misplaced("an operator or `;` at the end of the name's line")),
        };
        Ok(())
    }

    /// The last expression, which is the formula's value.
    fn result(&mut self) -> Parsed<Value> {
        let value = self.expression(0)?;
        if self.peek().kind != Sign::End {
            return Err(self.misplaced("an operator or the end of the formula"));
        }
        self.want(&value, Kind::Number);
        Ok(value)
    }

    fn expression(&mut self, least: u8) -> Parsed<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let at = self.peek().span;
            let found = format!("{} at level {}", self.seen(at), self.depth);
            let expected = format!("at most {MAX_DEPTH} levels of parentheses, calls, signs and operators");
            let hint = "give a part a name of its own: `name = expression;`".to_owned();
            return Err(self.give_up(at, found, expected, hint));
        }
        let mut left = self.operand()?;
        while let Some(operator) = infix(self.peek().kind)
            && operator.binding >= least
        {
            let sign = self.next();
            let right_associative = operator.binding == POWER;
            let right = self.expression(operator.binding + u8::from(!right_associative))?;
            left = self.join(sign.kind, &operator, left, right)?;
            if operator.binding == COMPARISON {
                left = self.only_one_comparison(left, right);
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn join(&mut self, sign: Sign, operator: &Infix, left: Value, right: Value) -> Parsed<Value> {
        self.want(&left, operator.takes);
        self.want(&right, operator.takes);
        let swapped = matches!(sign, Sign::Greater | Sign::AtLeast);
        let (first, second) = if swapped { (right, left) } else { (left, right) };
        let span = Span { start: left.span.start, end: right.span.end };
        self.emit(operator.operation, [first, second, second], operator.gives, span)
    }

    /// Refuses `a < b < c`.
    fn only_one_comparison(&mut self, left: Value, middle: Value) -> Value {
        let next = self.peek();
        let chained = infix(next.kind).is_some_and(|operator| operator.binding == COMPARISON);
        if !chained {
            return left;
        }
        let (sign, middle) = (self.written(next.span), self.written(middle.span));
        let hint = format!("compare twice: `... and {middle} {sign} ...`");
        let expected = "`and`, `or` or the end of the comparison";
        self.faults.add(next.span, quoted(self.text, next.span), expected, Some(hint));
        self.anything(left.span)
    }

    fn operand(&mut self) -> Parsed<Value> {
        while self.peek().kind == Sign::Stray {
            self.next();
        }
        let Token { kind, span } = self.peek();
        match kind {
            Sign::Number(number) => {
                self.next();
                Ok(Value { operand: Operand::Number(number), kind: Kind::Number, span })
            }
            Sign::Minus => self.prefixed(Operation::Negate, Kind::Number, POWER),
            Sign::Not => self.prefixed(Operation::Not, Kind::Condition, COMPARISON),
            Sign::Open => {
                self.next();
                let inner = self.expression(0)?;
                let end = self.close(span, "an operator or `)`")?;
                Ok(Value { span: Span { start: span.start, end }, ..inner })
            }
            Sign::Word if self.tokens[self.at + 1].kind == Sign::Open => self.call(),
            Sign::Word => Ok(self.name()),
            _ => Err(self.misplaced("a number, a variable, a function or `(`")),
        }
    }

    fn prefixed(&mut self, operation: Operation, kind: Kind, least: u8) -> Parsed<Value> {
        let start = self.next().span.start;
        let value = self.expression(least)?;
        self.want(&value, kind);
        self.emit(operation, [value; 3], kind, Span { start, end: value.span.end })
    }

    /// A variable or a name of an earlier line.
    fn name(&mut self) -> Value {
        let at = self.next().span;
        let word = self.written(at);
        if let Some((_, value)) = self.names.iter().find(|(name, _)| *name == word) {
            return Value { span: at, ..*value };
        }
        if let Some(slot) = self.variables.iter().position(|variable| *variable == word) {
            let operand = self.code.variable(slot as u16);
            return Value { operand, kind: Kind::Number, span: at };
        }
        let found = quoted(self.text, at);
        match find(word) {
            Some(function) => {
                let hint = format!("it is called as `{}`", function.signature);
                self.faults.add(at, found, format!("`(` behind the function `{word}`"), Some(hint));
            }
            None => {
                let known = self.variables.iter().copied().chain(self.names.iter().map(|(name, _)| *name));
                let list: Vec<&str> = known.clone().collect();
                let expected = match list.len() {
                    0 => "a number: there are no variables".to_owned(),
                    1..=MOST_LISTED => format!("a known name: {}", list.join(", ")),
                    count => format!("one of {count} known names"),
                };
                let hint = did_you_mean(nearest(word, known)).or_else(|| all_of(self.variables, list.len()));
                self.faults.add(at, found, expected, hint);
            }
        }
        self.anything(at)
    }

    fn call(&mut self) -> Parsed<Value> {
        let at = self.next().span;
        let open = self.next().span;
        let mut arguments = Vec::new();
        if self.peek().kind != Sign::Close {
            arguments.push(self.expression(0)?);
            while self.peek().kind == Sign::Comma {
                self.next();
                arguments.push(self.expression(0)?);
            }
        }
        let end = self.close(open, "an operator, `,` or `)`")?;
        let whole = Span { start: at.start, end };
        let Some(function) = find(self.written(at)) else {
            self.unknown_function(at);
            return Ok(self.anything(whole));
        };
        if !function.takes(arguments.len()) {
            let count = arguments.len();
            let found = format!("{count} argument{}", if count == 1 { "" } else { "s" });
            self.faults.add(whole, found, format!("`{}`", function.signature), None);
            return Ok(self.anything(whole));
        }
        self.apply(function, &arguments, whole)
    }

    fn unknown_function(&mut self, at: Span) {
        let word = self.written(at);
        let names = FUNCTIONS.iter().map(|function| function.name);
        let named = self.variables.contains(&word) || self.names.iter().any(|(name, _)| *name == word);
        let hint = match word {
            _ if named => Some(format!("to multiply, write `{word} * (...)`")),
            "log" => Some("say which: `ln`, `log2` or `log10`".to_owned()),
            _ => did_you_mean(nearest(word, names.clone())),
        };
        let expected = format!("a function: {}", names.collect::<Vec<_>>().join(", "));
        self.faults.add(at, quoted(self.text, at), expected, hint);
    }

    fn apply(&mut self, function: Function, arguments: &[Value], whole: Span) -> Parsed<Value> {
        for (index, argument) in arguments.iter().enumerate() {
            let chooses = matches!(function.shape, Shape::If) && index == 0;
            self.want(argument, if chooses { Kind::Condition } else { Kind::Number });
        }
        let number = Kind::Number;
        match (function.shape, arguments) {
            (Shape::One(operation), &[x]) => self.emit(operation, [x; 3], number, whole),
            (Shape::Two(operation), &[x, y]) => self.emit(operation, [x, y, y], number, whole),
            (Shape::Fold(operation), [first, rest @ ..]) => rest
                .iter()
                .try_fold(*first, |so_far, y| self.emit(operation, [so_far, *y, *y], number, whole)),
            (Shape::Clamp, &[x, least, most]) => {
                let raised = self.emit(Operation::Maximum, [x, least, least], number, whole)?;
                self.emit(Operation::Minimum, [raised, most, most], number, whole)
            }
            (Shape::If, &[condition, then, otherwise]) => {
                self.emit(Operation::Choose, [condition, then, otherwise], number, whole)
            }
            (_, _) => unreachable!("the arguments were counted"),
        }
    }

    fn emit(&mut self, operation: Operation, of: [Value; 3], kind: Kind, span: Span) -> Parsed<Value> {
        match self.code.emit(operation, of.map(|value| value.operand)) {
            Some(operand) => Ok(Value { operand, kind, span }),
            None => {
                let found = format!("operation {}", MAX_OPERATIONS + 1);
                let hint = "give what is computed more than once a name: `name = expression;`".to_owned();
                Err(self.give_up(span, found, format!("at most {MAX_OPERATIONS} operations"), hint))
            }
        }
    }

    /// Tells it when `value` is of the other kind.
    fn want(&mut self, value: &Value, kind: Kind) {
        let text = quoted(self.text, value.span);
        let inner = text.trim_matches('`');
        let (found, expected, hint) = match (value.kind, kind) {
            (Kind::Number, Kind::Condition) => ("a number", "a condition", format!("`{inner} > 0`")),
            (Kind::Condition, Kind::Number) => ("a condition", "a number", format!("`if({inner}, 1, 0)`")),
            _ => return,
        };
        self.faults.add(value.span, format!("{found}, {text}"), expected, Some(hint));
    }

    /// Passes the `)` of the parenthesis at `open` and says where it ends.
    fn close(&mut self, open: Span, expected: &str) -> Parsed<usize> {
        match self.peek().kind {
            Sign::Close => Ok(self.next().span.end),
            Sign::End | Sign::Semicolon if !self.strays => {
                let at = self.peek().span;
                let hint = format!("the `(` at byte {} is still open", open.start);
                self.faults.add(at, self.seen(at), expected, Some(hint));
                Err(Stop)
            }
            _ => Err(self.misplaced(expected)),
        }
    }

    /// What fits anywhere.
    fn anything(&self, span: Span) -> Value {
        Value { operand: Operand::Number(1.0), kind: Kind::Unknown, span }
    }

    fn seen(&self, at: Span) -> String {
        if at.start == self.text.len() { "the end of the formula".to_owned() } else { quoted(self.text, at) }
    }

    /// Tells that the next token cannot stand where it does.
    fn misplaced(&mut self, expected: &str) -> Stop {
        let at = self.peek().span;
        if !self.strays {
            self.faults.add(at, self.seen(at), expected, self.advice());
        }
        Stop
    }

    /// What was probably meant by a token that cannot stand where it does.
    fn advice(&self) -> Option<String> {
        let Token { kind, span } = self.peek();
        let before = self.at.checked_sub(1).map(|at| self.tokens[at].kind);
        let after_value = matches!(before, Some(Sign::Number(_) | Sign::Word | Sign::Close));
        let last = self.tokens.get(self.at + 1).is_some_and(|next| next.kind == Sign::End);
        let small = self.written(span).to_ascii_lowercase();
        let advice = match (kind, before) {
            (Sign::Word, _) if ["and", "or", "not"].contains(&small.as_str()) => {
                format!("write `{small}` in small letters")
            }
            (Sign::Word | Sign::Number(_) | Sign::Open, _) if after_value => {
                "to multiply, write `*`".to_owned()
            }
            (Sign::Star, Some(Sign::Star)) => "a power is written `^`".to_owned(),
            (Sign::Assign, _) => "`==` compares; `name = expression;` gives a name at the start".to_owned(),
            (Sign::Close, _) if after_value => "no `(` is open here".to_owned(),
            (Sign::Comma, Some(Sign::Number(_))) => "the decimal point is `.`".to_owned(),
            (Sign::Semicolon, _) if last => "leave it out: the last line is the formula's value".to_owned(),
            (Sign::Semicolon, _) if after_value => "give the line a name: `name = expression;`".to_owned(),
            _ => return None,
        };
        Some(advice)
    }

    /// Tells of a bound that is passed; nothing behind it is read.
    fn give_up(&mut self, at: Span, found: String, expected: String, hint: String) -> Stop {
        self.faults.add(at, found, expected, Some(hint));
        self.at = self.tokens.len() - 1;
        Stop
    }
}
