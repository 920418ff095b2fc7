//! Well-known text of coordinate reference systems as a tree: `PROJCS["name",GEOGCS[…],…]`.
//!
//! In: text of any dialect (OGC 1, Esri, ISO 19162). Out: nodes. Nothing is known here of what they mean.

/// Nodes inside nodes, at most: real texts have about six levels.
const DEEPEST: usize = 32;

/// A keyword with what stands in its brackets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// The keyword, in capitals.
    pub word: String,
    /// Texts and numbers, in order; words without brackets are texts.
    pub values: Vec<String>,
    /// The nodes inside, in order.
    pub nodes: Vec<Node>,
}

impl Node {
    /// Reads a text; `None` where it is no such tree.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let node = Self::parse(&mut rest, 0)?;
        rest.trim_end_matches([',', '\0']).trim().is_empty().then_some(node)
    }

    fn parse(rest: &mut &str, depth: usize) -> Option<Self> {
        let word = word(rest)?;
        let opening = rest.chars().next().filter(|c| ['[', '('].contains(c))?;
        if depth > DEEPEST {
            return None;
        }
        let closing = if opening == '[' { ']' } else { ')' };
        *rest = &rest[1..];
        let mut node = Self { word: word.to_ascii_uppercase(), values: Vec::new(), nodes: Vec::new() };
        loop {
            *rest = rest.trim_start();
            match rest.chars().next()? {
                c if c == closing => {
                    *rest = rest[1..].trim_start();
                    return Some(node);
                }
                ',' => *rest = &rest[1..],
                '"' => node.values.push(quoted(rest)?),
                _ => node.member(rest, depth)?,
            }
        }
    }

    /// A node, a number or a bare word.
    fn member(&mut self, rest: &mut &str, depth: usize) -> Option<()> {
        let mut ahead = *rest;
        let text = word(&mut ahead)?;
        if ahead.starts_with(['[', '(']) {
            self.nodes.push(Self::parse(rest, depth + 1)?);
        } else {
            self.values.push(text.to_owned());
            *rest = ahead;
        }
        Some(())
    }

    /// The first node inside with one of these keywords.
    pub(super) fn inside(&self, words: &[&str]) -> Option<&Self> {
        self.nodes.iter().find(|node| words.contains(&node.word.as_str()))
    }

    /// A value.
    pub(super) fn text(&self, at: usize) -> Option<&str> {
        self.values.get(at).map(String::as_str)
    }

    /// A value as a number.
    pub(super) fn number(&self, at: usize) -> Option<f64> {
        self.text(at)?.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

/// Letters, digits and signs up to a bracket, a comma or a blank; at least one.
fn word<'t>(rest: &mut &'t str) -> Option<&'t str> {
    let end = rest.find(|c: char| c.is_whitespace() || "[](),\"".contains(c)).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    *rest = after.trim_start();
    (!word.is_empty()).then_some(word)
}

/// A text between quotation marks; two of them stand for one.
fn quoted(rest: &mut &str) -> Option<String> {
    let mut text = String::new();
    loop {
        let inner = rest.strip_prefix('"')?;
        let end = inner.find('"')?;
        text.push_str(&inner[..end]);
        *rest = &inner[end + 1..];
        if !rest.starts_with('"') {
            return Some(text);
        }
        text.push('"');
    }
}
