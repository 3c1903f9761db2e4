//! The bundled font: registered once, measured, and cut to fit.

use ab_glyph::{Font, FontRef, ScaleFont};
use plotters::style::{FontStyle, register_font};
use std::sync::OnceLock;

const REGULAR: &[u8] = include_bytes!("../fonts/DejaVuSans-subset.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/DejaVuSans-Bold-subset.ttf");

/// Family written into SVG files: the bundled face first, then wide faces that most machines have.
pub const FAMILY: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// Regular and bold.
pub struct Faces {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

impl Faces {
    /// The face of a weight.
    #[must_use]
    pub fn face(&self, bold: bool) -> &FontRef<'static> {
        if bold { &self.bold } else { &self.regular }
    }
}

/// The bundled faces. The first call also registers them with plotters, so that no drawing can ask for
/// a font that is not there.
pub fn faces() -> &'static Faces {
    static FACES: OnceLock<Faces> = OnceLock::new();
    FACES.get_or_init(|| {
        let _ = register_font(FAMILY, FontStyle::Normal, REGULAR);
        let _ = register_font(FAMILY, FontStyle::Bold, BOLD);
        let parse = |bytes| FontRef::try_from_slice(bytes).expect("the bundled font is a font");
        Faces { regular: parse(REGULAR), bold: parse(BOLD) }
    })
}

/// Scale of `ab_glyph` (line height) for an em of `size` pixels.
#[must_use]
pub fn line_height(face: &FontRef<'static>, size: f64) -> f32 {
    size as f32 * face.height_unscaled() / face.units_per_em().unwrap_or(1000.0)
}

/// Width of a text in pixels.
#[must_use]
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let face = faces().face(bold);
    let scaled = face.as_scaled(line_height(face, size));
    text.chars().map(|c| f64::from(scaled.h_advance(face.glyph_id(c)))).sum()
}

/// The text, cut with an ellipsis where it is wider than `limit` pixels.
#[must_use]
pub fn fit(text: &str, size: f64, bold: bool, limit: f64) -> String {
    if width(text, size, bold) <= limit {
        return text.into();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if width(&format!("{kept}\u{2026}"), size, bold) > limit {
            kept.pop();
            break;
        }
    }
    format!("{}\u{2026}", kept.trim_end())
}

/// A name, shortened in its middle where it is wider than `limit` pixels: long names often differ at the end.
#[must_use]
pub fn shorten(name: &str, size: f64, limit: f64) -> String {
    let letters: Vec<char> = name.chars().collect();
    let with = |kept: usize| {
        let tail = kept * 2 / 5;
        let head: String = letters[..kept - tail].iter().collect();
        let end: String = letters[letters.len() - tail..].iter().collect();
        format!("{}\u{2026}{}", head.trim_end(), end.trim_start())
    };
    if width(name, size, false) <= limit {
        return name.into();
    }
    let fitting = (0..letters.len()).rev().map(with).find(|text| width(text, size, false) <= limit);
    fitting.unwrap_or_default()
}

/// The text broken at spaces into lines of at most `limit` pixels, `most` lines in all; the last is cut.
#[must_use]
pub fn wrap(text: &str, size: f64, limit: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let words = text.split_whitespace();
    for word in words {
        let candidate = match lines.last() {
            Some(line) => format!("{line} {word}"),
            None => word.into(),
        };
        if lines.is_empty() {
            lines.push(word.into());
        } else if width(&candidate, size, false) <= limit || lines.len() == most {
            *lines.last_mut().expect("one line is there") = candidate;
        } else {
            lines.push(word.into());
        }
    }
    lines.into_iter().map(|line| fit(&line, size, false, limit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_fits_and_says_that_it_was_cut() {
        let cut = fit("a very long name of a cohort indeed", 21.0, false, 150.0);
        assert!(cut.ends_with('\u{2026}') && width(&cut, 21.0, false) <= 150.0);
        assert_eq!(fit("short", 21.0, false, 150.0), "short");
    }

    #[test]
    fn shortened_names_keep_their_ends_apart() {
        let names = ["a cohort with quite a long name 1", "a cohort with quite a long name 2"];
        let short = names.map(|name| shorten(name, 21.0, 160.0));
        assert_ne!(short[0], short[1]);
        assert!(short.iter().all(|text| width(text, 21.0, false) <= 160.0 && text.starts_with('a')));
        assert_eq!(shorten("fits", 21.0, 160.0), "fits");
    }

    #[test]
    fn wrapped_lines_keep_every_word_when_there_is_room() {
        let lines = wrap("one two three four five six", 21.0, 120.0, 9);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), "one two three four five six");
        assert_eq!(wrap("one two three four five six", 21.0, 120.0, 2).len(), 2);
    }

    #[test]
    fn the_bundled_font_has_the_signs_that_figures_use() {
        for letter in "Az09 \u{2212}\u{2013}\u{2026}\u{d7}\u{b7}%$\u{25b6}\u{25c6}\u{3b1}".chars() {
            for bold in [false, true] {
                assert_ne!(faces().face(bold).glyph_id(letter).0, 0, "{letter}");
            }
        }
    }
}
