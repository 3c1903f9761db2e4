//! Reads a formula's text into tokens.

use super::MAX_NUMBER;
use super::error::{Faults, Span, quoted};

/// What a token is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Kind {
    Number(f64),
    Word,
    And,
    Or,
    Not,
    Plus,
    Minus,
    Star,
    Slash,
    Caret,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    Unequal,
    Assign,
    Open,
    Close,
    Comma,
    Semicolon,
    /// No token at all.
    Stray,
    End,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// All tokens of `text`, the last one its end. What is no token is told here.
pub(super) fn read(text: &str, faults: &mut Faults) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(&byte) = bytes.get(start) {
        let (kind, end) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => (None, start + 1),
            b'#' => (None, run(bytes, start, |b| b != b'\n')),
            b'0'..=b'9' | b'.' => {
                let end = number_end(bytes, start);
                (Some(Kind::Number(number(text, Span { start, end }, faults))), end)
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let end = run(bytes, start, is_word);
                (Some(word(&text[start..end])), end)
            }
            _ => match symbol(&bytes[start..]) {
                Some((kind, length)) => (Some(kind), start + length),
                None => {
                    let end = run(bytes, start, |b| stray(b) && !b.is_ascii_whitespace());
                    let at = Span { start, end };
                    let expected = "a number, a name, an operator or a parenthesis";
                    faults.add(at, quoted(text, at), expected, instead(&text[start..end]));
                    (Some(Kind::Stray), end)
                }
            },
        };
        tokens.extend(kind.map(|kind| Token { kind, span: Span { start, end } }));
        start = end;
    }
    tokens.push(Token { kind: Kind::End, span: Span { start, end: start } });
    tokens
}

/// Where a run of bytes that begins at `start` ends; it has one byte at least.
fn run(bytes: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let rest = &bytes[start + 1..];
    start + 1 + rest.iter().position(|b| !belongs(*b)).unwrap_or(rest.len())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether no token begins with this byte.
fn stray(byte: u8) -> bool {
    !is_word(byte) && !b".#".contains(&byte) && symbol(&[byte]).is_none()
}

fn word(text: &str) -> Kind {
    match text {
        "and" => Kind::And,
        "or" => Kind::Or,
        "not" => Kind::Not,
        _ => Kind::Word,
    }
}

fn symbol(bytes: &[u8]) -> Option<(Kind, usize)> {
    let pair = match bytes {
        [b'<', b'=', ..] => Some(Kind::AtMost),
        [b'>', b'=', ..] => Some(Kind::AtLeast),
        [b'=', b'=', ..] => Some(Kind::Equal),
        [b'!', b'=', ..] => Some(Kind::Unequal),
        _ => None,
    };
    let single = || match bytes.first()? {
        b'+' => Some(Kind::Plus),
        b'-' => Some(Kind::Minus),
        b'*' => Some(Kind::Star),
        b'/' => Some(Kind::Slash),
        b'^' => Some(Kind::Caret),
        b'<' => Some(Kind::Less),
        b'>' => Some(Kind::Greater),
        b'=' => Some(Kind::Assign),
        b'(' => Some(Kind::Open),
        b')' => Some(Kind::Close),
        b',' => Some(Kind::Comma),
        b';' => Some(Kind::Semicolon),
        _ => None,
    };
    pair.map(|kind| (kind, 2)).or_else(|| single().map(|kind| (kind, 1)))
}

/// How what other languages write is written here.
fn instead(stray: &str) -> Option<String> {
    Some(match stray {
        "&" | "&&" => "write `and`".into(),
        "|" | "||" => "write `or`".into(),
        "!" => "write `not`".into(),
        "?" | ":" => "write `if(condition, then, otherwise)`".into(),
        "\u{d7}" | "\u{b7}" => "write `*`".into(),
        "\u{f7}" => "write `/`".into(),
        "\u{2212}" | "\u{2013}" => "write `-`".into(),
        "\u{2264}" => "write `<=`".into(),
        "\u{2265}" => "write `>=`".into(),
        "\u{2260}" => "write `!=`".into(),
        "%" => "there is no remainder and no per cent: 5 per cent is `0.05`".into(),
        "[" | "]" | "{" | "}" => "only `(` and `)` group".into(),
        _ => return None,
    })
}

/// Where the number that begins at `start` ends: digits, points and underscores, then an exponent if one is whole.
fn number_end(bytes: &[u8], start: usize) -> usize {
    let figures = |b: u8| b.is_ascii_digit() || b == b'.' || b == b'_';
    let end = run(bytes, start, figures);
    let digits = match &bytes[end..] {
        [b'e' | b'E', b'+' | b'-', b'0'..=b'9', ..] => end + 2,
        [b'e' | b'E', b'0'..=b'9', ..] => end + 1,
        _ => return end,
    };
    run(bytes, digits, figures)
}

/// The value of a number; what is none is told and counts as 1.
fn number(text: &str, at: Span, faults: &mut Faults) -> f64 {
    let written = &text[at.start..at.end];
    if written.len() > MAX_NUMBER {
        let found = format!("a number of {} characters", written.len());
        faults.add(at, found, format!("a number of at most {MAX_NUMBER} characters"), None);
        return 1.0;
    }
    let Some(value) = well_formed(written).then(|| written.replace('_', "").parse::<f64>().ok()).flatten()
    else {
        let example = "a number such as `1`, `0.5`, `1e-3` or `1_000`";
        faults.add(at, quoted(text, at), example, digits_on_both_sides(written));
        return 1.0;
    };
    let mantissa = written.split(['e', 'E']).next().unwrap_or_default();
    let vanished = value == 0.0 && mantissa.bytes().any(|b| (b'1'..=b'9').contains(&b));
    if value.is_infinite() || vanished {
        faults.add(at, quoted(text, at), "0 or a number from 4.9e-324 to 1.7e308", None);
        return 1.0;
    }
    value
}

/// Digits on both sides of the one point, underscores between digits only, none of either in the exponent but digits.
fn well_formed(written: &str) -> bool {
    let figures = |part: &str| {
        let bytes = part.as_bytes();
        let ends = [bytes.first(), bytes.last()];
        ends.iter().all(|end| end.is_some_and(u8::is_ascii_digit))
            && !part.contains("__")
            && !part.contains('.')
    };
    let (mantissa, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    figures(whole) && figures(fraction) && figures(exponent.trim_start_matches(['+', '-']))
}

/// The number with the 0 that is missing beside its point.
fn digits_on_both_sides(written: &str) -> Option<String> {
    let fuller = match (written.starts_with('.'), written.ends_with('.')) {
        (true, false) => format!("0{written}"),
        (false, true) => format!("{written}0"),
        _ => return None,
    };
    well_formed(&fuller).then(|| format!("write `{fuller}`"))
}
