//! What the TOML parser says of a rule file or of confirmations, in words a surveyor can act on.
//!
//! In: the parser's message and the line it points at. Out: what is wrong, and an example of what is right.
//! A message that is not among the common ones is passed on as it is.

use crate::words;
use crate::words::{Words, foreign};

/// Keys, each as it may be written.
const EXAMPLES: &[(&str, &str)] = &[
    ("schema", "schema = 1"),
    ("name", "name = { zh = \"绿化\", en = \"Green\" }"),
    ("edition", "edition = \"2026\""),
    ("title", "title = \"县级规则\""),
    ("group", "[[group]]"),
    ("rule", "[[group.rule]]"),
    ("item", "item = 1"),
    ("code", "code = \"green-coverage\""),
    ("wording", "wording = \"绿化覆盖率 {figure}\""),
    ("comparator", "comparator = \"at_least\""),
    ("value", "value = 40"),
    ("bands", "bands = [{ below_mm = 400, value = 25 }, { up_to_mm = 800, value = 30 }, { value = 35 }]"),
    ("terrain", "terrain = [{ kind = \"mountain\", value = 60 }, { value = 35 }]"),
    ("kind", "terrain = [{ kind = \"mountain\", value = 60 }, { value = 35 }]"),
    ("unit", "unit = \"%\""),
    ("judged", "judged = \"layers\""),
    ("measure", "measure = \"green_coverage\""),
    ("needs", "needs = \"城区范围图层\""),
    ("applies_to", "applies_to = \"县级城市\""),
    ("condition", "condition = \"创建以来\""),
    ("why", "why = { zh = \"反映绿化程度\", en = \"Tells how green it is\" }"),
    ("note", "note = \"请核对\""),
    ("clause", "clause = { number = \"4.1.2\", confidence = \"read\" }"),
    ("confidence", "confidence = \"A\""),
    ("source", "source = \"县政府文件\""),
    ("confirmed", "confirmed = { by = \"林业局\", date = \"2026-11-23\" }"),
    ("standard", "standard = \"GB/T 37342-2019\""),
    ("by", "by = \"林业局\""),
    ("date", "date = \"2026-11-23\""),
    ("zh", "name = { zh = \"绿化\", en = \"Green\" }"),
    ("en", "name = { zh = \"绿化\", en = \"Green\" }"),
    ("number", "clause = { number = \"4.1.2\", confidence = \"read\" }"),
];

/// The message in both languages, and its cure; `line` is the line of the file that it points at.
pub(super) fn told(message: &str, line: &str) -> (Words, Words) {
    if let Some(key) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return (words!("the key `{key}` is missing", "缺少键 `{key}`"), such_as(key));
    }
    let key = line.split_once('=').map_or("", |(key, _)| key).trim();
    match message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected ")) {
        Some((_, expected)) => {
            let kind = kind(expected);
            let message =
                Words::new(format!("`{key}` should be {}", kind.en), format!("`{key}` 应为{}", kind.zh));
            (message, such_as(key))
        }
        None => {
            let told = Words::new(message, format!("文件内容有误：{}", foreign(message)));
            (told, such_as(key))
        }
    }
}

/// What serde calls a kind of value, as people call it.
fn kind(expected: &str) -> Words {
    let starts = |begins: &[&str]| begins.iter().any(|b| expected.starts_with(b));
    if starts(&["f64", "i64", "u32", "integer", "floating"]) {
        words!("a number", "数字")
    } else if starts(&["a sequence"]) {
        words!("a list in [ ]", "[ ] 列表")
    } else if starts(&["struct", "a map", "map", "internally"]) {
        words!("a table {{ }}", "{{ }} 表")
    } else {
        words!("a text in quotation marks", "引号内的文本")
    }
}

fn such_as(key: &str) -> Words {
    match EXAMPLES.iter().find(|(known, _)| *known == key) {
        Some((_, example)) => words!("write it like this: {example}", "写法示例：{example}"),
        None => words!(
            "compare it with a shipped file: sencheng rules show \"GB/T 37342-2019\" --toml",
            "请对照内置规则文件：sencheng rules show \"GB/T 37342-2019\" --toml"
        ),
    }
}
