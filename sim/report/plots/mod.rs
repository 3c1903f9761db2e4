//! The figures: those of a run from the same records, that of a schedule from its walk; PNG and SVG from one drawing.

pub mod bands;
pub mod cloud_quotes;
pub mod dilution;
pub mod dots;
pub mod emission;
pub mod font;
pub mod forest;
pub mod frame;
pub mod marks;
pub mod money_flow;
pub mod render;
pub mod response;
pub mod returns;
pub mod reward_share;
pub mod scale;
pub mod sheet;
pub mod stroke;
pub mod style;
pub mod supply_counts;

use crate::measure::record::Record;
use crate::report::replace;
use sheet::Sheet;
use std::io;
use std::path::{Path, PathBuf};

/// All figures with their file names (without ending), in the order of the story.
#[must_use]
pub fn all(records: &[Record], insiders: &[String]) -> Vec<(&'static str, Sheet)> {
    vec![
        ("supply_counts", supply_counts::draw(records)),
        ("cloud_quotes", cloud_quotes::draw(records)),
        ("dilution", dilution::draw(records)),
        ("returns", returns::draw(records)),
        ("reward_share", reward_share::draw(records, insiders)),
        ("money_flow", money_flow::draw(records)),
    ]
}

/// Writes every figure as `NAME.png` and `NAME.svg` into a folder that exists; gives the paths.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, records: &[Record], insiders: &[String]) -> io::Result<Vec<PathBuf>> {
    font::faces();
    let mut written = Vec::new();
    for (name, sheet) in all(records, insiders) {
        written.extend(save(folder, name, &sheet)?);
    }
    Ok(written)
}

/// Writes one figure as `NAME.png` and `NAME.svg`; gives the paths.
///
/// # Errors
/// When a file cannot be written.
pub fn save(folder: &Path, name: &str, sheet: &Sheet) -> io::Result<[PathBuf; 2]> {
    let picture = folder.join(format!("{name}.png"));
    replace::with(&picture, |temporary| render::png(sheet, temporary))?;
    let drawing = folder.join(format!("{name}.svg"));
    let document = render::svg(sheet)?;
    replace::with(&drawing, |temporary| std::fs::write(temporary, &document))?;
    Ok([picture, drawing])
}
