//! Cells of one value as outlines: stacks of runs (像元转面).
//!
//! In: values in rows and columns. Out: outlines along the lines between cells, which enclose every cell that has a
//! value once. Cells of one row that are alike make a run; runs of one value below each other make a stack as long as
//! each touches just one above and one below:
//!
//! ```text
//!      0   1   2   3   4   5
//!    0 +---+---+---+
//!      | a   a   a |            the stack of a ends below row 1, where two runs of a touch it;
//!    1 +---+       +---+        each of these begins a stack of its own
//!          | a   a   a |
//!    2 +---+---+---+---+---+
//!      | a |   b   | a   a |
//!    3 +---+---+---+---+---+
//! ```
//!
//! So an outline has no hole and nowhere touches itself, whatever the raster. It has a corner wherever it passes a
//! corner of a cell: outlines that lie beside each other have the same edges, which cancel
//! ([`seam`](crate::geometry::seam)).
//!
//! # Cost
//! O(cells + corners of outlines).

/// A corner of cells: column and row, counted from the corner of the first cell.
pub type Corner = [u32; 2];

/// A stack that may yet grow.
#[derive(Debug, Default)]
struct Stack {
    first_row: u32,
    /// By row: the first column, and the one after the last.
    runs: Vec<[u32; 2]>,
}

/// A run of the row at hand.
#[derive(Debug, Clone, Copy)]
struct Run {
    value: i64,
    columns: [u32; 2],
}

/// Gives the outlines of all cells that have a value, each with the value and the first cell of it (column and row).
/// `cells` are rows of `width` cells.
pub fn outlines(cells: &[Option<i64>], width: usize, mut each: impl FnMut(i64, Corner, &[Corner])) {
    let (mut above, mut open): (Vec<Run>, Vec<Stack>) = Default::default();
    let mut outline = Vec::new();
    let mut close = |run: &Run, stack: Stack| {
        draw(&stack, &mut outline);
        each(run.value, [stack.runs[0][0], stack.first_row], &outline);
    };
    let rows = cells.chunks_exact(width.max(1));
    for (row, cells) in (0..).zip(rows) {
        let below = runs(cells);
        let (touched_above, touched_below) = touches(&above, &below);
        let mut stacks: Vec<Option<Stack>> = open.drain(..).map(Some).collect();
        let mut next = Vec::with_capacity(below.len());
        for (run, touched) in below.iter().zip(&touched_below) {
            let goes_on = touched.only().filter(|&a| touched_above[a].only().is_some());
            let mut stack = goes_on
                .and_then(|a| stacks[a].take())
                .unwrap_or_else(|| Stack { first_row: row, runs: Vec::new() });
            stack.runs.push(run.columns);
            next.push(stack);
        }
        let ended = above.iter().zip(stacks).filter_map(|(run, stack)| Some((run, stack?)));
        ended.for_each(|(run, stack)| close(run, stack));
        (above, open) = (below, next);
    }
    above.iter().zip(open).for_each(|(run, stack)| close(run, stack));
}

fn runs(cells: &[Option<i64>]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut first = 0;
    for alike in cells.chunk_by(|a, b| a == b) {
        let end = first + alike.len() as u32;
        runs.extend(alike[0].map(|value| Run { value, columns: [first, end] }));
        first = end;
    }
    runs
}

/// How many runs of its value a run touches, and the last of them.
#[derive(Debug, Clone, Copy, Default)]
struct Touched {
    count: u32,
    last: usize,
}

impl Touched {
    fn by(&mut self, other: usize) {
        (self.count, self.last) = (self.count + 1, other);
    }

    fn only(&self) -> Option<usize> {
        (self.count == 1).then_some(self.last)
    }
}

/// What the runs of two rows touch in each other.
fn touches(above: &[Run], below: &[Run]) -> (Vec<Touched>, Vec<Touched>) {
    let mut of_above = vec![Touched::default(); above.len()];
    let mut of_below = vec![Touched::default(); below.len()];
    let (mut a, mut b) = (0, 0);
    while let (Some(one), Some(other)) = (above.get(a), below.get(b)) {
        let touch = one.columns[0] < other.columns[1] && other.columns[0] < one.columns[1];
        if touch && one.value == other.value {
            of_above[a].by(b);
            of_below[b].by(a);
        }
        if one.columns[1] <= other.columns[1] { a += 1 } else { b += 1 }
    }
    (of_above, of_below)
}

/// The outline of a stack, corner by corner: along its top, down its right side, back along its bottom, up its left.
fn draw(stack: &Stack, outline: &mut Vec<Corner>) {
    outline.clear();
    let (Some(&top), Some(&bottom)) = (stack.runs.first(), stack.runs.last()) else { return };
    let end_row = stack.first_row + stack.runs.len() as u32;
    outline.push([top[0], stack.first_row]);
    along(outline, top[1]);
    for (row, run) in (stack.first_row..).zip(&stack.runs) {
        along(outline, run[1]);
        outline.push([run[1], row + 1]);
    }
    along(outline, bottom[0]);
    for (row, run) in (stack.first_row..end_row).zip(&stack.runs).rev() {
        along(outline, run[0]);
        outline.push([run[0], row]);
    }
    // Back at the first corner.
    outline.pop();
}

/// Goes along a row to a column, corner by corner.
fn along(outline: &mut Vec<Corner>, to: u32) {
    let Some(&[mut column, row]) = outline.last() else { return };
    while column != to {
        column = if column < to { column + 1 } else { column - 1 };
        outline.push([column, row]);
    }
}
