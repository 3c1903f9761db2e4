//! Lines of the bitmap: each pixel is covered by its distance to the line, with round joints.
//!
//! plotters 0.3 widens a path by mitring its corners without limit, which throws long spikes off noisy data.

use super::sheet::Point;
use super::style::Colour;

/// A picture of three bytes per pixel.
pub struct Canvas<'a> {
    /// Rows from the top, each from the left.
    pub pixels: &'a mut [u8],
    /// Width and height.
    pub size: (usize, usize),
}

impl Canvas<'_> {
    /// Draws a line of some width through points, all in pixels of this picture.
    pub fn stroke(&mut self, points: &[Point], width: f64, colour: Colour) {
        let half = width / 2.0;
        let Some(area) = Area::around(points, half + 1.0, self.size) else {
            return;
        };
        let mut cover = vec![0.0_f32; area.wide() * area.high()];
        for ends in points.windows(2) {
            area.mark(&mut cover, (ends[0], ends[1]), half);
        }
        for (row, line) in cover.chunks(area.wide()).enumerate() {
            for (column, share) in line.iter().enumerate().filter(|(_, share)| **share > 0.0) {
                let pixel = (area.top + row) * self.size.0 + area.left + column;
                blend(&mut self.pixels[pixel * 3..pixel * 3 + 3], colour, f64::from(*share));
            }
        }
    }
}

/// Mixes a colour into a pixel that it covers in part.
pub fn blend(pixel: &mut [u8], colour: Colour, cover: f64) {
    let share = (cover * colour.alpha).clamp(0.0, 1.0);
    let (red, green, blue) = colour.rgb;
    for (old, target) in pixel.iter_mut().zip([red, green, blue]) {
        *old = (f64::from(*old) + (f64::from(target) - f64::from(*old)) * share).round() as u8;
    }
}

/// A rectangle of pixels, the last ones excluded.
struct Area {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Area {
    fn around(points: &[Point], margin: f64, size: (usize, usize)) -> Option<Self> {
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for (x, y) in points {
            low = (low.0.min(*x), low.1.min(*y));
            high = (high.0.max(*x), high.1.max(*y));
        }
        let inside = |v: f64, end: usize| v.clamp(0.0, end as f64) as usize;
        let area = Self {
            left: inside(low.0 - margin, size.0),
            right: inside(high.0 + margin + 1.0, size.0),
            top: inside(low.1 - margin, size.1),
            bottom: inside(high.1 + margin + 1.0, size.1),
        };
        (area.left < area.right && area.top < area.bottom).then_some(area)
    }

    fn wide(&self) -> usize {
        self.right - self.left
    }

    fn high(&self) -> usize {
        self.bottom - self.top
    }

    /// Raises the cover of pixels near one straight piece; the highest of all pieces counts, so that pieces
    /// do not darken each other where they meet.
    fn mark(&self, cover: &mut [f32], ((ax, ay), (bx, by)): (Point, Point), half: f64) {
        let Some(near) = Self::around(&[(ax, ay), (bx, by)], half + 1.0, (self.right, self.bottom)) else {
            return;
        };
        let (dx, dy) = (bx - ax, by - ay);
        let square = (dx * dx + dy * dy).max(1e-12);
        for y in near.top.max(self.top)..near.bottom {
            for x in near.left.max(self.left)..near.right {
                let (px, py) = (x as f64 + 0.5 - ax, y as f64 + 0.5 - ay);
                let along = ((px * dx + py * dy) / square).clamp(0.0, 1.0);
                let (ex, ey) = (px - along * dx, py - along * dy);
                let share = (half + 0.5 - (ex * ex + ey * ey).sqrt()).clamp(0.0, 1.0) as f32;
                let cell = &mut cover[(y - self.top) * self.wide() + x - self.left];
                *cell = cell.max(share);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plots::style::INK;

    #[test]
    fn a_sharp_corner_throws_no_spike() {
        let mut pixels = vec![255; 100 * 100 * 3];
        let mut canvas = Canvas { pixels: &mut pixels, size: (100, 100) };
        canvas.stroke(&[(50.0, 90.0), (50.5, 50.0), (51.0, 90.0)], 6.0, INK);
        let dark = |x: usize, y: usize| pixels[(y * 100 + x) * 3] < 128;
        assert!(dark(50, 50) && dark(50, 48) && !dark(50, 44) && !dark(56, 70));
    }

    #[test]
    fn a_line_outside_the_picture_is_left_out() {
        let mut pixels = vec![255; 30];
        let mut canvas = Canvas { pixels: &mut pixels, size: (5, 2) };
        canvas.stroke(&[(-90.0, -50.0), (-80.0, -70.0)], 3.0, INK);
        assert!(pixels.iter().all(|p| *p == 255));
    }
}
