//! From a sheet to PNG and SVG bytes on disk, through plotters.
//!
//! Shapes are drawn at twice the size. The bitmap is then averaged down, which smooths edges that
//! plotters leaves jagged; the SVG keeps the finer integer coordinates behind its view box. Letters of
//! the bitmap are placed here, at fractions of a pixel, because plotters 0.3 drops the side bearing of
//! each glyph and so spaces them unevenly.

use super::font::{self, FAMILY};
use super::sheet::{Align, Point, Shape, Sheet, Text};
use super::stroke::{Canvas, blend};
use super::style::{Colour, HEIGHT, WIDTH};
use ab_glyph::{Font, ScaleFont, point};
use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, RGBAColor, TextStyle};
use std::io;
use std::path::Path;

const FINE: u32 = 2;
const SIZE: (u32, u32) = (WIDTH as u32, HEIGHT as u32);

/// Height of the middle of small letters above the base line, in em (DejaVu Sans).
const MIDDLE: f64 = 0.2735;

/// The sheet as an SVG document.
///
/// # Errors
/// When plotters cannot draw; with text in memory only it has no reason to.
pub fn svg(sheet: &Sheet) -> io::Result<String> {
    font::faces();
    let mut document = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut document, (SIZE.0 * FINE, SIZE.1 * FINE));
        for each in &sheet.shapes {
            shape(&mut backend, each)?;
        }
        for text in &sheet.texts {
            letters(&mut backend, text)?;
        }
        backend.present().map_err(failed)?;
    }
    let fine = format!("width=\"{}\" height=\"{}\"", SIZE.0 * FINE, SIZE.1 * FINE);
    let shown = format!("width=\"{}\" height=\"{}\" role=\"img\" stroke-linejoin=\"round\"", SIZE.0, SIZE.1);
    let document = document.replacen(&fine, &shown, 1);
    Ok(described(&document, sheet))
}

/// Puts title and description for screen readers behind the opening tag.
fn described(document: &str, sheet: &Sheet) -> String {
    let Some(end) = document.find("viewBox").and_then(|at| document[at..].find('>').map(|n| at + n + 1))
    else {
        return document.into();
    };
    let (head, rest) = document.split_at(end);
    let (title, words) = (escape(&sheet.title), escape(&sheet.subtitle));
    format!("{head}\n<title>{title}</title>\n<desc>{words}</desc>{rest}")
}

fn escape(text: &str) -> String {
    super::sheet::printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Writes the sheet as a PNG picture.
///
/// # Errors
/// When the file cannot be written.
pub fn png(sheet: &Sheet, path: &Path) -> io::Result<()> {
    let size = (SIZE.0 * FINE, SIZE.1 * FINE);
    let mut large = vec![255_u8; (size.0 * size.1 * 3) as usize];
    for each in &sheet.shapes {
        if let Shape::Line { points, width, colour } = each {
            let scale = f64::from(FINE);
            let points: Vec<Point> = points.iter().map(|(x, y)| (x * scale, y * scale)).collect();
            let size = (size.0 as usize, size.1 as usize);
            Canvas { pixels: &mut large, size }.stroke(&points, width * scale, *colour);
        } else {
            let mut backend = BitMapBackend::with_buffer(&mut large, size);
            shape(&mut backend, each)?;
            backend.present().map_err(failed)?;
        }
    }
    let mut picture = averaged(&large, size);
    for text in &sheet.texts {
        stamp(&mut picture, text);
    }
    let mut file = BitMapBackend::new(path, SIZE);
    file.blit_bitmap((0, 0), SIZE, &picture).map_err(failed)?;
    file.present().map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

fn fine((x, y): Point) -> (i32, i32) {
    let scale = f64::from(FINE);
    // Far outside the sheet is as good as anywhere; it must only not overflow.
    let place = |v: f64| (v * scale).round().clamp(-100_000.0, 100_000.0) as i32;
    (place(x), place(y))
}

fn paint(colour: Colour) -> RGBAColor {
    RGBAColor(colour.rgb.0, colour.rgb.1, colour.rgb.2, colour.alpha)
}

fn shape<B: DrawingBackend>(backend: &mut B, shape: &Shape) -> io::Result<()> {
    match shape {
        Shape::Fill { points, colour } => {
            backend.fill_polygon(points.iter().map(|p| fine(*p)), &paint(*colour)).map_err(failed)
        }
        Shape::Line { points, width, colour } => {
            let pen = paint(*colour).stroke_width((width * f64::from(FINE)).round() as u32);
            backend.draw_path(points.iter().map(|p| fine(*p)), &pen).map_err(failed)
        }
        Shape::Disc { centre, radius, colour } => {
            let radius = (radius * f64::from(FINE)).round() as u32;
            backend.draw_circle(fine(*centre), radius, &paint(*colour), true).map_err(failed)
        }
    }
}

fn letters<B: DrawingBackend>(backend: &mut B, text: &Text) -> io::Result<()> {
    let side = match text.align {
        Align::Left => HPos::Left,
        Align::Middle => HPos::Center,
        Align::Right => HPos::Right,
    };
    let weight = if text.bold { FontStyle::Bold } else { FontStyle::Normal };
    // plotters divides the size by 1.24 on its way into the document.
    let size = text.size * f64::from(FINE) * 1.24;
    let colour = paint(text.colour);
    let style = TextStyle::from((FAMILY, size, weight)).color(&colour).pos(Pos::new(side, VPos::Center));
    backend.draw_text(&text.text, &style, fine(text.at)).map_err(failed)
}

fn averaged(large: &[u8], size: (u32, u32)) -> Vec<u8> {
    let (wide, fine) = (size.0 as usize, FINE as usize);
    let mut small = Vec::with_capacity(large.len() / (fine * fine));
    for y in 0..size.1 as usize / fine {
        for x in 0..wide / fine {
            for channel in 0..3 {
                let mut total = 0;
                for row in 0..fine {
                    for column in 0..fine {
                        let pixel = (y * fine + row) * wide + x * fine + column;
                        total += u32::from(large[pixel * 3 + channel]);
                    }
                }
                small.push(((total + FINE * FINE / 2) / (FINE * FINE)) as u8);
            }
        }
    }
    small
}

/// Draws a text into the final picture, each glyph at its exact place.
fn stamp(picture: &mut [u8], text: &Text) {
    let face = font::faces().face(text.bold);
    let scaled = face.as_scaled(font::line_height(face, text.size));
    let wide = font::width(&text.text, text.size, text.bold);
    let mut x = match text.align {
        Align::Left => text.at.0,
        Align::Middle => text.at.0 - wide / 2.0,
        Align::Right => text.at.0 - wide,
    } as f32;
    let base = (text.at.1 + MIDDLE * text.size) as f32;
    for letter in text.text.chars() {
        let mut glyph = scaled.scaled_glyph(letter);
        glyph.position = point(x, base);
        x += scaled.h_advance(glyph.id);
        let Some(outline) = face.outline_glyph(glyph) else {
            continue;
        };
        let corner = outline.px_bounds().min;
        outline.draw(|dx, dy, cover| {
            let place = (corner.x as i64 + i64::from(dx), corner.y as i64 + i64::from(dy));
            touch(picture, place, text.colour, f64::from(cover));
        });
    }
}

fn touch(picture: &mut [u8], (x, y): (i64, i64), colour: Colour, cover: f64) {
    if x >= 0 && y >= 0 && x < i64::from(SIZE.0) && y < i64::from(SIZE.1) {
        let start = (y as usize * SIZE.0 as usize + x as usize) * 3;
        blend(&mut picture[start..start + 3], colour, cover);
    }
}
