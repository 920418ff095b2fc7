//! A reader of well-known text that takes rings as they stand: unclosed, of one vertex, or wound twice. The oracle's
//! own reader refuses such rings.

/// A ring as recorded.
pub type Ring = Vec<[f64; 2]>;

/// A part as recorded: its shell, then its holes.
pub type Rings = Vec<Ring>;

/// The parts of a polygon, a multipolygon, or the polygons of a collection; points and lines cover no ground.
/// `None` where the text is none of these.
pub fn parts(text: &str) -> Option<Vec<Rings>> {
    let mut rest = Rest(text.trim());
    let mut parts = Vec::new();
    rest.geometry(&mut parts)?;
    rest.0.is_empty().then_some(parts)
}

struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn geometry(&mut self, parts: &mut Vec<Rings>) -> Option<()> {
        let word = self.word();
        if self.0.to_ascii_uppercase().starts_with("EMPTY") {
            self.word();
            return Some(());
        }
        match word.to_ascii_uppercase().as_str() {
            "POLYGON" => parts.push(self.list(Self::ring)?),
            "MULTIPOLYGON" => parts.extend(self.list(Self::polygon)?),
            "GEOMETRYCOLLECTION" => {
                self.list(|rest| rest.geometry(parts))?;
            }
            "LINESTRING" | "LINEARRING" | "POINT" | "MULTIPOINT" | "MULTILINESTRING" => self.skip()?,
            _ => return None,
        }
        Some(())
    }

    fn polygon(&mut self) -> Option<Rings> {
        if self.0.to_ascii_uppercase().starts_with("EMPTY") {
            self.word();
            return Some(Rings::new());
        }
        self.list(Self::ring)
    }

    fn ring(&mut self) -> Option<Ring> {
        self.list(|rest| Some([rest.number()?, rest.number()?]))
    }

    /// `( item, item … )`
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.mark('(')?;
        let mut items = vec![item(self)?];
        while self.mark(',').is_some() {
            items.push(item(self)?);
        }
        self.mark(')')?;
        Some(items)
    }

    /// Over a bracket with all that is in it.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0i32;
        for (at, c) in self.0.char_indices() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            if depth == 0 {
                self.0 = self.0[at + 1..].trim_start();
                return Some(());
            }
        }
        None
    }

    fn mark(&mut self, mark: char) -> Option<()> {
        self.0 = self.0.strip_prefix(mark)?.trim_start();
        Some(())
    }

    fn word(&mut self) -> &'a str {
        self.take(|c| c.is_ascii_alphabetic())
    }

    fn number(&mut self) -> Option<f64> {
        self.take(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)).parse().ok()
    }

    fn take(&mut self, of: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !of(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest.trim_start();
        taken
    }
}

#[test]
fn rings_are_read_as_they_stand() {
    let square = vec![[0.0, 0.0], [1.5, 0.0], [1.0, -2e3]];
    assert_eq!(parts("POLYGON ((0 0, 1.5 0, 1 -2e3))"), Some(vec![vec![square.clone()]]));
    assert_eq!(parts(" multipolygon(((0 0,1.5 0,1 -2e3)),EMPTY) "), Some(vec![vec![square.clone()], vec![]]));
    let collection =
        "GEOMETRYCOLLECTION (POINT (1 1), POLYGON ((0 0, 1.5 0, 1 -2e3)), LINESTRING (0 0, 1 1))";
    assert_eq!(parts(collection), Some(vec![vec![square]]));
    assert_eq!(parts("POLYGON EMPTY"), Some(vec![]));
    assert_eq!(parts("POLYGON ((0 0, 1)"), None);
    assert_eq!(parts("CIRCLE (0 0)"), None);
}
