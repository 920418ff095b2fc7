//! Reads a source file and names what breaks a rule. Paths are resolved to the room they lead to, also through
//! `super`, grouped imports and the arguments of macros; code under `#[cfg(test)]` is left alone.

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::rules::{
    Address, FOREIGN, LONG_FILES, LONG_FUNCTIONS, LONGEST_FILE, LONGEST_FUNCTION, MACROS, MAY_PANIC, METHODS,
    ROOMS, STANDARD,
};

/// One broken rule.
pub struct Violation {
    pub sentence: String,
}

/// The room that a file below `src` belongs to.
pub fn room(file: &str) -> &str {
    file.split('/').next().map_or(file, |first| first.strip_suffix(".rs").unwrap_or(first))
}

/// Whether a file lies at an address.
pub fn at_home(file: &str, address: Address) -> bool {
    let below = |home: &str| file.strip_prefix(home).is_some_and(|rest| rest.starts_with('/'));
    address.iter().any(|home| home.is_empty() || *home == file || *home == room(file) || below(home))
}

/// All rules that a file breaks.
pub fn violations(file: &str, source: &str) -> Vec<Violation> {
    let mut reader = Reader { file, modules: modules(file), found: Vec::new() };
    let lines = source.lines().count();
    if lines > LONGEST_FILE && !LONG_FILES.iter().any(|(known, _)| *known == file) {
        reader.name(
            None,
            format!("has {lines} lines; divide it, or give the reason in tests/it/tidy/rules.rs"),
        );
    }
    reader.visit_file(&syn::parse_file(source).unwrap_or_else(|e| panic!("{file}: {e}")));
    reader.found
}

/// Names of the functions that are longer than usual.
pub fn long_functions(source: &str) -> Vec<String> {
    let mut reader = Reader { file: "", modules: Vec::new(), found: Vec::new() };
    reader.visit_file(&syn::parse_file(source).unwrap());
    let name = |v: &Violation| v.sentence.split_once("function ")?.1.split(' ').next().map(str::to_owned);
    reader.found.iter().filter_map(name).collect()
}

/// The module that a file is, from the crate's root.
fn modules(file: &str) -> Vec<String> {
    let parts = file.trim_end_matches(".rs").split('/');
    parts.filter(|part| !["mod", "lib", "main"].contains(part)).map(str::to_owned).collect()
}

struct Reader<'a> {
    file: &'a str,
    modules: Vec<String>,
    found: Vec<Violation>,
}

impl Reader<'_> {
    fn name(&mut self, place: Option<Span>, what: String) {
        let line = place.map_or(String::new(), |span| format!(":{}", span.start().line));
        self.found.push(Violation { sentence: format!("src/{}{line}: {what}", self.file) });
    }

    /// Judges a path by where it leads.
    fn path(&mut self, segments: &[String], place: Span) {
        if segments.windows(2).any(|pair| pair[0] == "super" && pair[1] == "super") {
            self.name(Some(place), "super::super: name the path from crate".to_owned());
        }
        if let Some(absolute) = self.resolved(segments) {
            self.inside(&absolute, place);
        } else {
            self.outside(segments, place);
        }
    }

    /// The path from the root of the crate; `None` where it may lead outside the crate.
    fn resolved(&self, segments: &[String]) -> Option<Vec<String>> {
        let (first, rest) = segments.split_first()?;
        let up = segments.iter().take_while(|s| *s == "super").count();
        match first.as_str() {
            "crate" | "sencheng" => Some(rest.to_vec()),
            "self" => Some([&self.modules, rest].concat()),
            "super" => {
                let base = self.modules.len().saturating_sub(up);
                Some([&self.modules[..base], &segments[up..]].concat())
            }
            _ => None,
        }
    }

    fn inside(&mut self, absolute: &[String], place: Span) {
        let own = room(self.file).to_owned();
        let rules = |wanted: &str| ROOMS.iter().find(|(room, _)| *room == wanted);
        let Some((other, _)) = absolute.first().and_then(|first| rules(first)) else { return };
        let allowed = rules(&own).is_some_and(|(_, allowed)| allowed.contains(other));
        if *other != own && own != "lib" && !allowed {
            self.name(Some(place), format!("room {own} may not use {other}"));
        }
    }

    fn outside(&mut self, segments: &[String], place: Span) {
        let starts = |path: &str| {
            path.split("::").enumerate().all(|(i, part)| segments.get(i).is_some_and(|s| s == part))
        };
        let file = self.file;
        if let Some((name, address)) = FOREIGN.iter().find(|(name, a)| starts(name) && !at_home(file, a)) {
            self.name(Some(place), format!("{name} lives in {}", address.join(", ")));
        }
        if let Some((path, address)) = STANDARD.iter().find(|(path, a)| starts(path) && !at_home(file, a)) {
            self.name(Some(place), format!("{path} is used only in {}", listed(address)));
        }
    }

    fn macro_name(&mut self, name: &str, place: Span) {
        let file = self.file;
        if let Some((name, address)) = MACROS.iter().find(|(known, a)| *known == name && !at_home(file, a)) {
            self.name(Some(place), format!("{name}! is used only in {}", listed(address)));
        }
    }

    fn method(&mut self, name: &str, arguments: usize, place: Span) {
        let excused = MAY_PANIC.iter().any(|(file, _)| *file == self.file);
        if !excused && METHODS.iter().any(|(known, n)| *known == name && *n == arguments) {
            self.name(
                Some(place),
                format!(".{name}() is used nowhere: say what is wrong instead, or have it passed in"),
            );
        }
    }

    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let (name, first) = (&signature.ident, signature.fn_token.span);
        let lines = block.brace_token.span.close().end().line + 1 - first.start().line;
        let known = format!("{}:{name}", self.file);
        if lines > LONGEST_FUNCTION && !LONG_FUNCTIONS.iter().any(|(listed, _)| *listed == known) {
            self.name(Some(first), format!("function {name} has {lines} lines"));
        }
    }

    /// Arguments of macros are not parsed by anybody, so their tokens are read one after another.
    fn tokens(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(_) => at = self.word(&tokens, at),
                _ => {}
            }
            at += 1;
        }
    }

    /// Reads the path that begins at a word; gives the place of its last token.
    fn word(&mut self, tokens: &[TokenTree], start: usize) -> usize {
        let (mut segments, mut at) = (vec![tokens[start].to_string()], start);
        while is_colons(tokens, at + 1) {
            let Some(TokenTree::Ident(next)) = tokens.get(at + 3) else { break };
            segments.push(next.to_string());
            at += 3;
        }
        let place = tokens[start].span();
        let (before, after) = (start.checked_sub(1).map(|i| &tokens[i]), tokens.get(at + 1));
        let called = match after {
            Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Parenthesis => Some(count(g.stream())),
            _ => None,
        };
        match (is(before, '.'), is(after, '!')) {
            (true, _) => called.into_iter().for_each(|n| self.method(&segments[0], n, place)),
            (false, true) => {
                self.macro_name(segments.last().map_or("", String::as_str), place);
                self.path(&segments, place);
            }
            (false, false) => self.path(&segments, place),
        }
        at
    }
}

fn listed(address: Address) -> String {
    if address.is_empty() { "nothing".to_owned() } else { address.join(", ") }
}

fn is(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == sign)
}

fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == ':' && p.spacing() == Spacing::Joint)
        && is(tokens.get(at + 1), ':')
}

/// How many arguments stand in brackets.
fn count(arguments: TokenStream) -> usize {
    let mut commas = 0;
    let mut last_is_comma = true;
    for token in arguments {
        last_is_comma = is(Some(&token), ',');
        commas += usize::from(last_is_comma);
    }
    commas + usize::from(!last_is_comma)
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    let names_test = |a: &syn::Attribute| a.parse_args::<syn::Path>().is_ok_and(|p| p.is_ident("test"));
    attributes.iter().any(|a| a.path().is_ident("cfg") && names_test(a))
}

/// All paths of an import.
fn imported(tree: &syn::UseTree, before: &[String], each: &mut dyn FnMut(Vec<String>)) {
    let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
    match tree {
        syn::UseTree::Path(path) => imported(&path.tree, &with(&path.ident), each),
        syn::UseTree::Group(group) => group.items.iter().for_each(|item| imported(item, before, each)),
        syn::UseTree::Name(name) if name.ident == "self" => each(before.to_vec()),
        syn::UseTree::Name(name) => each(with(&name.ident)),
        syn::UseTree::Rename(rename) => each(with(&rename.ident)),
        syn::UseTree::Glob(_) => each(before.to_vec()),
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            self.modules.push(module.ident.to_string());
            visit::visit_item_mod(self, module);
            self.modules.pop();
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        if !is_test(&function.attrs) {
            self.function(&function.sig, &function.block);
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            self.function(&function.sig, &function.block);
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let place = item.use_token.span;
        imported(&item.tree, &[], &mut |segments| self.path(&segments, place));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let Some(first) = path.segments.first().filter(|_| segments.len() > 1) {
            self.path(&segments, first.ident.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if let Some(last) = call.path.segments.last() {
            self.macro_name(&last.ident.to_string(), last.ident.span());
        }
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone());
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.method(&call.method.to_string(), call.args.len(), call.method.span());
        visit::visit_expr_method_call(self, call);
    }
}
