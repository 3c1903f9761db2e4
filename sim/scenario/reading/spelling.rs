//! Where each letter of a text stands in the file: TOML's quotes and escapes make the two differ.

use std::ops::Range;

/// Where bytes `span` of `text` are written in `literal`, in bytes of that: a TOML string of any of the four kinds with
/// its quotes, or the bare text of a `--set` argument. `None` when the literal does not spell the text. An empty span is
/// the place before the letter that follows, and at the end of the text the place after the last.
pub(super) fn written(literal: &str, text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let (letters, end) = spell(literal)?;
    let spelt: String = letters.iter().map(|(letter, _)| letter).collect();
    if spelt != text {
        return None;
    }
    // The letter that the byte belongs to.
    let holding = |byte: usize| {
        let at = text.char_indices().take_while(|(start, _)| *start <= byte).count().checked_sub(1)?;
        (byte < text.len()).then(|| letters[at].1.clone())
    };
    let start = holding(span.start).map_or(end, |letter| letter.start);
    let last = span.end.checked_sub(1).filter(|last| *last >= span.start);
    Some(start..last.and_then(holding).map_or(start, |letter| letter.end))
}

/// Letters, each with where it is written; and where the text ends.
type Spelling = (Vec<(char, Range<usize>)>, usize);

fn spell(literal: &str) -> Option<Spelling> {
    let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| literal.starts_with(quotes));
    let quotes = quotes.unwrap_or_default();
    let end = literal.len().checked_sub(quotes.len())?;
    let mut at = quotes.len();
    let inner = literal.get(at..end)?;
    if quotes.len() == 3 {
        // A line break right behind the quotes is no part of the text.
        at += ["\r\n", "\n"].into_iter().find(|line| inner.starts_with(line)).map_or(0, str::len);
    }
    let mut letters = Vec::new();
    while let Some(letter) = literal.get(at..end)?.chars().next() {
        let (letter, length) = match letter {
            '\\' if quotes.starts_with('"') => escaped(&literal[at..end])?,
            other => (Some(other), other.len_utf8()),
        };
        letters.extend(letter.map(|letter| (letter, at..at + length)));
        at += length;
    }
    Some((letters, end))
}

/// What the escape at the start of `rest` means, and its length; a break of the line means nothing.
fn escaped(rest: &str) -> Option<(Option<char>, usize)> {
    let code = |digits: usize| {
        let number = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        Some((Some(char::from_u32(number)?), 2 + digits))
    };
    let letter = match rest[1..].chars().next()? {
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        quoted @ ('"' | '\\') => quoted,
        'x' => return code(2),
        'u' => return code(4),
        'U' => return code(8),
        blank if blank.is_ascii_whitespace() => {
            let beyond = rest[1..].trim_start_matches([' ', '\t', '\r', '\n']);
            return Some((None, rest.len() - beyond.len()));
        }
        _ => return None,
    };
    Some((Some(letter), 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::DeValue;

    /// What TOML reads in the literal, with every letter's own place.
    fn read(literal: &str) -> Vec<(char, &str)> {
        let value = DeValue::parse(literal).unwrap_or_else(|error| panic!("{literal:?}: {error}"));
        let DeValue::String(text) = value.get_ref() else { panic!("{literal:?} is no text") };
        let place = |(at, letter): (usize, char)| {
            let span = written(literal, text, &(at..at + letter.len_utf8()));
            (letter, &literal[span.unwrap_or_else(|| panic!("{literal:?} spells {text:?}"))])
        };
        text.char_indices().map(place).collect()
    }

    #[test]
    fn every_letter_is_found_where_it_is_written() {
        assert_eq!(read(r#""a*b""#), [('a', "a"), ('*', "*"), ('b', "b")]);
        assert_eq!(read(r"'a\n'"), [('a', "a"), ('\\', r"\"), ('n', "n")]);
        assert_eq!(read(r#""\t\"\\x""#), [('\t', r"\t"), ('"', r#"\""#), ('\\', r"\\"), ('x', "x")]);
        assert_eq!(
            read(r#""\u00e9é\U0001d538b""#),
            [('é', r"\u00e9"), ('é', "é"), ('𝔸', r"\U0001d538"), ('b', "b")]
        );
        assert_eq!(read("\"\"\"\na\nb\"\"\""), [('a', "a"), ('\n', "\n"), ('b', "b")]);
        assert_eq!(read("'''\r\na'b'''"), [('a', "a"), ('\'', "'"), ('b', "b")]);
        assert_eq!(read("\"\"\"a \\\n\n   b\\n\"\"\""), [('a', "a"), (' ', " "), ('b', "b"), ('\n', r"\n")]);
        assert_eq!(read("\"\"\"\"a\"\"\"\""), [('"', "\""), ('a', "a"), ('"', "\"")]);
        assert_eq!(read("\"\""), []);
    }

    /// TOML leaves it to the reader whether such a break is one letter of the text or two; ours keeps both.
    #[test]
    fn breaks_of_lines_of_two_letters_are_found_as_well() {
        let letters = read("\"\"\"\r\na\r\nb \\\r\n c\"\"\"");
        let text: String = letters.iter().map(|(letter, _)| letter).collect();
        assert_eq!(text, "a\r\nb c");
        assert!(letters.iter().all(|(letter, written)| *written == letter.to_string()), "{letters:?}");
    }

    #[test]
    fn spans_reach_from_their_first_letter_to_their_last() {
        let literal = r#""up\tups""#;
        assert_eq!(written(literal, "up\tups", &(3..6)), Some(5..8));
        assert_eq!(written(literal, "up\tups", &(1..4)), Some(2..6));
        // Something missing: before a letter, and at the end.
        assert_eq!(written(literal, "up\tups", &(2..2)), Some(3..3));
        assert_eq!(written(literal, "up\tups", &(6..6)), Some(8..8));
        assert_eq!(written("cards *", "cards *", &(7..7)), Some(7..7));
        assert_eq!(written("\"\"", "", &(0..0)), Some(1..1));
    }

    #[test]
    fn a_literal_that_spells_another_text_gives_no_place() {
        assert_eq!(written("\"ab\"", "ac", &(0..1)), None);
        for broken in ["\"", "\"\"\"", "'''a", "\"\\q\"", "\"\\u12\"", "\"\\ud800\""] {
            assert_eq!(written(broken, "x", &(0..1)), None, "{broken}");
        }
    }
}
