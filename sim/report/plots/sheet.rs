//! A figure as a list of shapes, so that one drawing serves every format.

use super::font;
use super::style::{Colour, HEIGHT, PAPER, WIDTH};

/// A point: x to the right, y down, in pixels.
pub type Point = (f64, f64);

/// Side of a text that stands at its x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// The text begins there.
    Left,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    Right,
}

/// One thing drawn.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A filled polygon.
    Fill {
        /// Corners in order.
        points: Vec<Point>,
        /// Colour.
        colour: Colour,
    },
    /// A line through points.
    Line {
        /// Points in order.
        points: Vec<Point>,
        /// Width.
        width: f64,
        /// Colour.
        colour: Colour,
    },
    /// A filled circle.
    Disc {
        /// Centre.
        centre: Point,
        /// Radius.
        radius: f64,
        /// Colour.
        colour: Colour,
    },
}

/// One line of text.
#[derive(Clone, Debug)]
pub struct Text {
    /// Anchor and vertical middle of the small letters.
    pub at: Point,
    /// Em, in pixels.
    pub size: f64,
    /// Bold or regular.
    pub bold: bool,
    /// Which side stands at the anchor.
    pub align: Align,
    /// Colour.
    pub colour: Colour,
    /// The characters; control characters were replaced.
    pub text: String,
}

/// A figure: shapes in the order of drawing, and text above them all.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Title, also for screen readers.
    pub title: String,
    /// What the reader should see, also for screen readers.
    pub subtitle: String,
    /// Shapes, first drawn first.
    pub shapes: Vec<Shape>,
    /// Text, above all shapes.
    pub texts: Vec<Text>,
}

impl Sheet {
    /// A blank sheet.
    #[must_use]
    pub fn new() -> Self {
        let mut sheet = Self::default();
        sheet.rectangle((0.0, 0.0), (WIDTH, HEIGHT), PAPER);
        sheet
    }

    /// A filled rectangle between two corners.
    pub fn rectangle(&mut self, from: Point, to: Point, colour: Colour) {
        self.fill(vec![from, (to.0, from.1), to, (from.0, to.1)], colour);
    }

    /// A filled polygon.
    pub fn fill(&mut self, points: Vec<Point>, colour: Colour) {
        if points.len() > 2 {
            self.shapes.push(Shape::Fill { points, colour });
        }
    }

    /// A line; a single point becomes a dot.
    pub fn line(&mut self, points: Vec<Point>, width: f64, colour: Colour) {
        match points.as_slice() {
            [] => {}
            [only] => self.disc(*only, width * 1.4, colour),
            _ => self.shapes.push(Shape::Line { points, width, colour }),
        }
    }

    /// A filled circle.
    pub fn disc(&mut self, centre: Point, radius: f64, colour: Colour) {
        self.shapes.push(Shape::Disc { centre, radius, colour });
    }

    /// A ring: a circle with paper inside.
    pub fn ring(&mut self, centre: Point, radius: f64, width: f64, colour: Colour) {
        self.disc(centre, radius, colour);
        self.disc(centre, radius - width, PAPER);
    }

    /// A diamond.
    pub fn diamond(&mut self, (x, y): Point, radius: f64, colour: Colour) {
        self.fill(vec![(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], colour);
    }

    /// One line of regular text.
    pub fn text(&mut self, at: Point, text: &str, size: f64, align: Align, colour: Colour) {
        self.put(at, text, size, false, align, colour);
    }

    /// One line of bold text.
    pub fn bold(&mut self, at: Point, text: &str, size: f64, align: Align, colour: Colour) {
        self.put(at, text, size, true, align, colour);
    }

    fn put(&mut self, at: Point, text: &str, size: f64, bold: bool, align: Align, colour: Colour) {
        let text = printable(text);
        self.texts.push(Text { at, size, bold, align, colour, text });
    }

    /// A thin frame of paper behind a label, so that lines below do not cross its letters.
    pub fn plate(&mut self, at: Point, text: &str, size: f64, align: Align) {
        let wide = font::width(text, size, false);
        let left = match align {
            Align::Left => at.0,
            Align::Middle => at.0 - wide / 2.0,
            Align::Right => at.0 - wide,
        };
        let half = size * 0.62;
        self.rectangle((left - 4.0, at.1 - half), (left + wide + 4.0, at.1 + half), PAPER.faded(0.85));
    }
}

/// The text without characters that XML forbids or that break a line.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c })
        .collect()
}
