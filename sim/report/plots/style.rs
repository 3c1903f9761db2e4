//! The look of every figure: colours, sizes and margins, in pixels of a 1600 by 900 sheet.

/// A colour with opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colour {
    /// Red, green, blue.
    pub rgb: (u8, u8, u8),
    /// 0 transparent, 1 opaque.
    pub alpha: f64,
}

impl Colour {
    const fn new(rgb: u32) -> Self {
        Self { rgb: ((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8), alpha: 1.0 }
    }

    /// The same colour, more transparent.
    #[must_use]
    pub const fn faded(self, alpha: f64) -> Self {
        Self { rgb: self.rgb, alpha }
    }
}

/// Text and axes that must be read.
pub const INK: Colour = Colour::new(0x33_37_40);
/// Text that explains.
pub const MUTED: Colour = Colour::new(0x5b_62_6e);
/// Axis lines.
pub const AXIS: Colour = Colour::new(0x9a_a0_a8);
/// Grid lines.
pub const GRID: Colour = Colour::new(0xe6_e8_ec);
/// Paper.
pub const PAPER: Colour = Colour::new(0xff_ff_ff);
/// Honest supply and money.
pub const HONEST: Colour = SERIES[0];
/// Fakes.
pub const FAKE: Colour = SERIES[1];
/// Insiders.
pub const INSIDER: Colour = SERIES[3];
/// Everything that was folded together.
pub const OTHER: Colour = Colour::new(0x9a_a0_a8);

/// Series in the order of their importance; the first five are told apart by colour-blind readers.
pub const SERIES: [Colour; 8] = [
    Colour::new(0x45_6e_e0),
    Colour::new(0xe0_7a_3a),
    Colour::new(0x2a_9d_6f),
    Colour::new(0xb0_4a_a8),
    Colour::new(0x6b_72_80),
    Colour::new(0x17_98_b3),
    Colour::new(0xc2_40_5a),
    Colour::new(0x8a_6d_1f),
];

/// Width of the sheet.
pub const WIDTH: f64 = 1600.0;
/// Height of the sheet.
pub const HEIGHT: f64 = 900.0;
/// Left edge of titles and footers.
pub const MARGIN: f64 = 48.0;
/// Size of titles.
pub const TITLE: f64 = 34.0;
/// Size of subtitles.
pub const SUBTITLE: f64 = 23.0;
/// Size of labels; readable when the figure is printed at half size.
pub const LABEL: f64 = 21.0;
/// Size of footers and lists of marks.
pub const NOTE: f64 = 19.0;
/// Width of a data line.
pub const LINE: f64 = 4.0;
/// Opacity of a band.
pub const BAND: f64 = 0.16;
