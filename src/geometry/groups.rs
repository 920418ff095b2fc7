//! What belongs together.

/// Things that belong together, by number; each knows one of its group, the first knows itself.
pub struct Groups(Vec<usize>);

impl Groups {
    /// So many things, each by itself.
    pub fn of(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The first of its group.
    pub fn first(&mut self, mut index: usize) -> usize {
        while self.0[index] != index {
            self.0[index] = self.0[self.0[index]];
            index = self.0[index];
        }
        index
    }

    /// Makes one group of two.
    pub fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b)] = a.min(b);
    }
}
