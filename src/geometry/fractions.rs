//! How much of every cell of a raster (栅格像元) a polygon covers, exactly.
//!
//! In: an outline on the grid whose unit is one cell, so that x is the column and y the row. Out: for every row of the
//! raster the spans of cells that the polygon reaches into, each with the fraction (覆盖比例) that is covered, and the
//! ground that lies outside the raster. Rows, classes, files and threads are unknown here.
//!
//! # Method
//! Green's theorem, cell by cell, as it is used to draw letters without jagged edges (area and cover accumulators: R.
//! Levien's font-rs, D. Turner's FreeType `ftgrays.c`). An edge is cut where it crosses the lines between cells. What
//! is cut off adds to its cell the ground between it and the cell's right side, and to all cells further right in that
//! row its height:
//!
//! ```text
//!      column 3      4         5         6
//!          +---------+---------+---------+
//!          |      B  |         |         |      edge A-B, height h within this row
//!          |     /###|#########|#########|
//!          |    /####|#########|#########|      cell 3: h · (its side - mean x of A and B)
//!          |   A#####|#########|#########|      cells 4, 5, 6, ...: h · side
//!          |         |         |         |
//!          +---------+---------+---------+
//! ```
//!
//! Edges that lead down the rows count against those that lead up; where the sum of heights is one whole cell, the
//! polygon covers the cells up to its next edge wholly, and they make one span that nobody visits. O(points + edge
//! cells · log(edge cells)).
//!
//! # Exactness (精度)
//! Places are whole numbers of 2⁻²⁶ of a cell, so heights are, and ground is a whole number of 2⁻⁵³ cells. All sums are
//! of integers. Only the places where an edge crosses lines between cells are rounded, once, the same for both zones
//! that share the edge: so fractions of zones that meet add up to one, to the last bit.

use crate::geometry::grid::{Point, STEPS_PER_UNIT, Shape};

/// Bits of a place within a cell.
const BITS: u32 = 26;
/// One cell's side.
const ONE: i64 = 1 << BITS;
/// Ground is counted in so many parts of a cell.
pub const PARTS_PER_CELL: i64 = 1 << (2 * BITS + 1);
/// Rows above and below the raster are taken together in at most so many bands.
const MOST_BANDS: i64 = 4096;

/// Cells of one row that a polygon covers alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first column.
    pub first: u32,
    /// The column after the last.
    pub end: u32,
    /// How much of each is covered, in parts of [`PARTS_PER_CELL`].
    pub parts: i64,
}

/// Ground of a polygon that lies outside the raster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beyond {
    /// Twice the row that is its middle, counted on beyond the raster.
    pub doubled_row: i64,
    /// How much, in parts of [`PARTS_PER_CELL`].
    pub parts: i128,
}

/// What a polygon covers of a raster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fractions {
    /// The first row with a span.
    pub first_row: usize,
    /// Where the spans of each row end, from the first row on.
    ends: Vec<u32>,
    spans: Vec<Span>,
    /// What lies outside.
    pub beyond: Vec<Beyond>,
    /// The polygon's ground from its corners alone, in parts.
    pub ground: i128,
    /// How many cells an edge runs through.
    pub edge_cells: u64,
}

/// Which cells count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rule {
    /// Every cell by the fraction that is covered.
    #[default]
    Exact,
    /// A cell counts whole where its centre is covered.
    Centre,
}

/// An outline that covers a cell more than once, or less than not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tangled;

impl Fractions {
    /// Of a clean outline: shells wind from x to y, holes against it, and nothing crosses or lies twice. `size` is the
    /// raster's columns and rows.
    ///
    /// # Errors
    /// [`Tangled`] where a cell would be covered more than wholly: the outline is not clean.
    pub fn of(outline: &Shape, size: [usize; 2], rule: Rule) -> Result<Self, Tangled> {
        let mut walk = Walk::new(outline, size);
        for ring in outline.rings() {
            let from = ring.iter();
            from.zip(ring.iter().cycle().skip(1)).for_each(|(a, b)| walk.edge(place(a), place(b), rule));
        }
        match rule {
            Rule::Exact => walk.fractions(),
            Rule::Centre => walk.centres(),
        }
    }

    /// The row after the last with a span.
    pub fn end_row(&self) -> usize {
        self.first_row + self.ends.len()
    }

    /// The spans of a row, from left to right.
    pub fn row(&self, row: usize) -> &[Span] {
        let Some(at) = row.checked_sub(self.first_row).filter(|at| *at < self.ends.len()) else { return &[] };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.spans[start as usize..self.ends[at] as usize]
    }

    /// The spans of a row between two columns, cut off there.
    pub fn within(&self, row: usize, first: u32, end: u32) -> impl Iterator<Item = Span> + '_ {
        let spans = self.row(row);
        let start = spans.partition_point(|span| span.end <= first);
        let reached = spans[start..].iter().take_while(move |span| span.first < end);
        reached.map(move |span| Span { first: span.first.max(first), end: span.end.min(end), ..*span })
    }

    /// The first column with a span, and the one after the last. O(rows).
    pub fn columns(&self) -> [usize; 2] {
        let rows = || (self.first_row..self.end_row()).map(|row| self.row(row));
        let first = rows().filter_map(|spans| spans.first()).map(|span| span.first).min();
        let end = rows().filter_map(|spans| spans.last()).map(|span| span.end).max();
        [first.unwrap_or(0) as usize, end.unwrap_or(0) as usize]
    }

    /// All spans added up, in parts.
    pub fn inside(&self) -> i128 {
        self.spans.iter().map(|span| i128::from(span.end - span.first) * i128::from(span.parts)).sum()
    }

    /// All that lies outside, added up.
    pub fn outside(&self) -> i128 {
        self.beyond.iter().map(|beyond| beyond.parts).sum()
    }

    /// By how many cells spans and ground outside differ from the ground by the corners.
    pub fn residual_cells(&self) -> f64 {
        (self.inside() + self.outside() - self.ground) as f64 / PARTS_PER_CELL as f64
    }

    /// What the roundings of crossings may come to: half a step of 2⁻²⁶ over each edge cell's side, twice, and no less
    /// than a millionth of a millionth of the ground.
    pub fn tolerance_cells(&self) -> f64 {
        let ground = self.ground as f64 / PARTS_PER_CELL as f64;
        2.0 * self.edge_cells as f64 / ONE as f64 + ground * 1e-12 + 1e-9
    }
}

/// A point in steps of 2⁻²⁶ of a cell.
fn place(p: &Point) -> [i64; 2] {
    const SHIFT: u32 = (STEPS_PER_UNIT as u64).trailing_zeros() - BITS;
    [p.x, p.y].map(|steps| (steps + (1 << (SHIFT - 1))) >> SHIFT)
}

/// What the edges within a cell come to.
#[derive(Debug, Clone, Copy)]
struct Touched {
    row: u32,
    column: u32,
    /// The sum of their heights, downward ones against.
    cover: i64,
    /// The same, each by twice its mean distance from the cell's left side.
    left: i64,
}

/// Walks along edges.
struct Walk {
    /// Columns and rows, in steps.
    far: [i64; 2],
    /// The rows that the outline reaches, within the raster.
    rows: [i64; 2],
    /// Rows in a band above and below the raster.
    band: i64,
    touched: Vec<Touched>,
    /// The integral of x over y of every row of the raster, and of every band above and below, in parts.
    inner: Vec<i128>,
    outer: std::collections::BTreeMap<i64, i128>,
    /// Where edges cross the middle of a row.
    crossings: Vec<(u32, i64)>,
    ground: i128,
}

/// An edge with its lower end first, so that it is cut in the same places whichever way it is walked.
#[derive(Clone, Copy)]
struct Edge {
    low: [i64; 2],
    high: [i64; 2],
}

impl Edge {
    fn x_at(&self, y: i64) -> i64 {
        let [dx, dy] = [self.high[0] - self.low[0], self.high[1] - self.low[1]];
        let part = (y - self.low[1]) as f64 / dy as f64;
        let (least, most) = (self.low[0].min(self.high[0]), self.low[0].max(self.high[0]));
        (self.low[0] + (dx as f64 * part).round() as i64).clamp(least, most)
    }

    fn y_at(&self, x: i64) -> i64 {
        let [dx, dy] = [self.high[0] - self.low[0], self.high[1] - self.low[1]];
        let part = (x - self.low[0]) as f64 / dx as f64;
        (self.low[1] + (dy as f64 * part).round() as i64).clamp(self.low[1], self.high[1])
    }
}

impl Walk {
    fn new(outline: &Shape, size: [usize; 2]) -> Self {
        let far = size.map(|cells| (cells as i64) << BITS);
        let row = |p: Point| place(&p)[1] >> BITS;
        let (low, high) = outline.bounds().map_or((0, 0), |b| (row(b.low), row(b.high) + 1));
        let rows = [low.clamp(0, size[1] as i64), high.clamp(0, size[1] as i64)];
        let outer = (-low).max(high - size[1] as i64).max(1);
        Self {
            far,
            rows,
            band: (outer + MOST_BANDS - 1) / MOST_BANDS,
            touched: Vec::new(),
            inner: vec![0; (rows[1] - rows[0]) as usize],
            outer: Default::default(),
            crossings: Vec::new(),
            ground: 0,
        }
    }

    /// Adds the edge from one corner to the next.
    fn edge(&mut self, from: [i64; 2], to: [i64; 2], rule: Rule) {
        self.ground += i128::from(to[1] - from[1]) * i128::from(from[0] + to[0]);
        if from[1] == to[1] {
            return;
        }
        let (edge, up) = if from[1] < to[1] {
            (Edge { low: from, high: to }, 1)
        } else {
            (Edge { low: to, high: from }, -1)
        };
        let mut at = edge.low;
        while at[1] < edge.high[1] {
            let (row, border) = self.strip(at[1]);
            let next = if border >= edge.high[1] { edge.high } else { [edge.x_at(border), border] };
            self.piece(&edge, row, at, next, up, rule);
            at = next;
        }
    }

    /// The row that holds a place or, outside the raster, the first of its band, and where that ends.
    fn strip(&self, y: i64) -> (i64, i64) {
        let row = y >> BITS;
        let rows = self.far[1] >> BITS;
        if row < 0 {
            let first = -(-row).div_ceil_by(self.band) * self.band;
            (first, (first + self.band) << BITS)
        } else if row >= rows {
            let first = rows + (row - rows) / self.band * self.band;
            (first, (first + self.band) << BITS)
        } else {
            (row, (row + 1) << BITS)
        }
    }

    /// Adds a piece of an edge that lies within one row, its lower end first.
    fn piece(&mut self, edge: &Edge, row: i64, a: [i64; 2], b: [i64; 2], up: i64, rule: Rule) {
        let integral = i128::from(up * (b[1] - a[1])) * i128::from(a[0] + b[0]);
        let inner = row.checked_sub(self.rows[0]).filter(|_| row >= self.rows[0] && row < self.rows[1]);
        let Some(sum) = inner.and_then(|at| self.inner.get_mut(at as usize)) else {
            *self.outer.entry(row).or_default() += integral;
            return;
        };
        *sum += integral;
        match rule {
            Rule::Exact => self.cells(edge, row as u32, a, b, up),
            Rule::Centre => {
                let middle = (row << BITS) + ONE / 2;
                if a[1] <= middle && middle < b[1] {
                    self.crossings.push((row as u32, edge.x_at(middle)));
                }
            }
        }
    }

    /// Cuts a piece at the lines between columns.
    fn cells(&mut self, edge: &Edge, row: u32, a: [i64; 2], b: [i64; 2], up: i64) {
        let (left, right) = if a[0] <= b[0] { (a, b) } else { (b, a) };
        if left[0] >= self.far[0] {
            return;
        }
        // The ground of a polygon that winds from x to y lies left of edges that lead up.
        let mut add = |column: i64, height: i64, left: i64| {
            let (cover, left) = (-up * height, -up * height * left);
            self.touched.push(Touched { row, column: column as u32, cover, left });
        };
        if right[0] <= 0 {
            return add(0, right[1].abs_diff(left[1]) as i64, 0);
        }
        if left[0] == right[0] {
            let column = left[0] >> BITS;
            return add(column, b[1] - a[1], 2 * (left[0] - (column << BITS)));
        }
        let [mut x, mut y] = left;
        let between = |y: i64, at: i64| at.clamp(y.min(right[1]), y.max(right[1]));
        if x < 0 {
            let next = between(y, edge.y_at(0));
            add(0, (next - y).abs(), 0);
            (x, y) = (0, next);
        }
        let end = right[0].min(self.far[0]);
        while x < end {
            let column = x >> BITS;
            let (start, next) = (column << BITS, ((column + 1) << BITS).min(end));
            let below = if next == right[0] { right[1] } else { between(y, edge.y_at(next)) };
            add(column, (below - y).abs(), x + next - 2 * start);
            (x, y) = (next, below);
        }
    }

    /// Adds up what the edges left in the cells.
    fn fractions(mut self) -> Result<Fractions, Tangled> {
        self.touched.sort_unstable_by_key(|t| (t.row, t.column));
        let touched = std::mem::take(&mut self.touched);
        let mut spans = Spans::new(&self);
        let mut at = 0;
        for row in self.rows[0]..self.rows[1] {
            let (mut cover, mut next_column) = (0i64, 0u32);
            while let Some(first) = touched.get(at).filter(|t| i64::from(t.row) == row) {
                spans.push(next_column, first.column, cover * 2 * ONE)?;
                let mut left = 0i64;
                while let Some(t) = touched.get(at).filter(|t| (t.row, t.column) == (first.row, first.column))
                {
                    cover += t.cover;
                    left = left.wrapping_add(t.left);
                    at += 1;
                }
                spans.edge_cells += 1;
                spans.push(first.column, first.column + 1, (cover * 2 * ONE).wrapping_sub(left))?;
                next_column = first.column + 1;
            }
            spans.push(next_column, (self.far[0] >> BITS) as u32, cover * 2 * ONE)?;
            spans.end_row();
        }
        Ok(spans.done(self))
    }

    /// Makes spans of the cells whose centres lie between crossings.
    fn centres(mut self) -> Result<Fractions, Tangled> {
        self.crossings.sort_unstable();
        let crossings = std::mem::take(&mut self.crossings);
        let column = |x: i64| (x - ONE / 2 + ONE - 1) >> BITS;
        let columns = self.far[0] >> BITS;
        let mut spans = Spans::new(&self);
        let (mut pairs, mut ground) = (crossings.chunks_exact(2).peekable(), 0);
        for row in self.rows[0]..self.rows[1] {
            let mut counted = 0;
            while let Some(pair) = pairs.next_if(|pair| i64::from(pair[0].0) == row) {
                let (first, end) = (column(pair[0].1), column(pair[1].1));
                counted += i128::from(end - first);
                let [first, end] = [first, end].map(|c| c.clamp(0, columns) as u32);
                spans.push(first, end, PARTS_PER_CELL)?;
            }
            self.inner[(row - self.rows[0]) as usize] = counted * i128::from(PARTS_PER_CELL);
            ground += counted * i128::from(PARTS_PER_CELL);
            spans.end_row();
        }
        self.ground = ground + self.outer.values().sum::<i128>();
        Ok(spans.done(self))
    }
}

/// Spans, row after row.
struct Spans {
    first_row: usize,
    ends: Vec<u32>,
    spans: Vec<Span>,
    edge_cells: u64,
}

impl Spans {
    fn new(walk: &Walk) -> Self {
        Self { first_row: walk.rows[0] as usize, ends: Vec::new(), spans: Vec::new(), edge_cells: 0 }
    }

    /// Adds cells of the row that is being built, at its right end.
    fn push(&mut self, first: u32, end: u32, parts: i64) -> Result<(), Tangled> {
        if first >= end || parts == 0 {
            return Ok(());
        }
        if !(0..=PARTS_PER_CELL).contains(&parts) {
            return Err(Tangled);
        }
        let begun = self.ends.last().copied().unwrap_or(0) as usize;
        match self.spans[begun..].last_mut() {
            Some(last) if last.end == first && last.parts == parts => last.end = end,
            _ => self.spans.push(Span { first, end, parts }),
        }
        Ok(())
    }

    fn end_row(&mut self) {
        self.ends.push(self.spans.len() as u32);
    }

    /// With what lies beside the raster: all of a row's ground that is not in its spans.
    fn done(self, walk: Walk) -> Fractions {
        let mut fractions = Fractions {
            first_row: self.first_row,
            ends: self.ends,
            spans: self.spans,
            beyond: Vec::new(),
            ground: walk.ground,
            edge_cells: self.edge_cells,
        };
        let mut beyond: Vec<Beyond> = (walk.outer.iter())
            .map(|(row, &parts)| Beyond { doubled_row: 2 * row + walk.band, parts })
            .collect();
        for (row, ground) in (fractions.first_row..).zip(&walk.inner) {
            let inside: i128 = (fractions.row(row).iter())
                .map(|span| i128::from(span.end - span.first) * i128::from(span.parts))
                .sum();
            // Roundings of crossings are no ground outside.
            let rounding = i128::from(ONE) * 4 * (1 + fractions.row(row).len() as i128);
            let parts = ground - inside;
            if parts.abs() > rounding {
                beyond.push(Beyond { doubled_row: 2 * row as i64 + 1, parts });
            }
        }
        beyond.sort_unstable_by_key(|b| b.doubled_row);
        fractions.beyond = beyond;
        fractions
    }
}

/// Division that rounds up, of positive numbers.
trait DivCeil {
    fn div_ceil_by(self, by: i64) -> i64;
}

impl DivCeil for i64 {
    fn div_ceil_by(self, by: i64) -> i64 {
        (self + by - 1) / by
    }
}
