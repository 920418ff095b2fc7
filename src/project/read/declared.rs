//! `[[declared]]`: the items that the user answers.

use std::collections::HashSet;

use crate::project::settings::{DeclaredSettings, EvidenceSettings, JudgeBy};
use crate::project::table::Table;
use crate::words;

/// The items that the file declares.
pub(super) fn declared(tables: Vec<Table<'_>>) -> Vec<DeclaredSettings> {
    let mut items = HashSet::new();
    tables.into_iter().map(|table| declared_item(table, &mut items)).collect()
}

/// `[evidence]`.
pub(super) fn evidence(mut table: Table<'_>) -> EvidenceSettings {
    let evidence = EvidenceSettings {
        file: table.required_path(
            "file",
            words!("the filled form: xlsx, xls or csv", "填好的佐证材料清单：xlsx、xls 或 csv"),
        ),
        sheet: table.text("sheet"),
    };
    table.end();
    evidence
}

fn declared_item(mut table: Table<'_>, items: &mut HashSet<String>) -> DeclaredSettings {
    let judges = [("computed", JudgeBy::Computed), ("declared", JudgeBy::Declared)];
    let declared = DeclaredSettings {
        item: table.required("item", words!("the code or number of the item", "指标代码或序号"), Table::code),
        value: figure(&mut table),
        passed: table.flag("passed"),
        official: table.number("official"),
        judge_by: table.choice("judge_by", words!("a way to judge", "评判依据"), &judges).unwrap_or_default(),
        evidence: table.required_text("evidence", words!("the document that proves it", "证明文件名称")),
        number: table.code("number"),
        date: table.date("date"),
        note: table.text("note"),
    };
    check_declared(&table, &declared);
    if !items.insert(declared.item.clone()) {
        let item = &declared.item;
        table.contradiction(
            "item",
            words!("item `{item}` is declared twice", "指标 `{item}` 重复申报"),
            words!("keep one of the two", "请只保留一条"),
        );
    }
    table.end();
    declared
}

/// The declared figure. `value = true` is the answer to another question.
fn figure(table: &mut Table<'_>) -> Option<f64> {
    if !table.is_flag("value") {
        return table.number("value");
    }
    let answer = table.flag("value")?;
    table.contradiction(
        "value",
        words!("`value` is a number, not {answer}", "`value` 是数值，不能写 {answer}"),
        words!(
            "write passed = {answer} for an item answered by yes or no",
            "只问是否达标的指标，请写 passed = {answer}"
        ),
    );
    None
}

fn check_declared(table: &Table<'_>, declared: &DeclaredSettings) {
    if declared.value.is_some() && declared.passed.is_some() {
        table.contradiction(
            "passed",
            words!("both `value` and `passed`", "同时写了 `value` 和 `passed`"),
            words!(
                "give `value` for an item with a number, else `passed`",
                "有数值的指标写 `value`，否则写 `passed`"
            ),
        );
    } else if !["value", "passed", "official"].iter().any(|key| table.has(key)) {
        table.missing(
            "value",
            words!("the declared value; or `passed`, or `official`", "申报值；或 `passed`、`official`"),
        );
    }
    if declared.judge_by == JudgeBy::Declared && !table.has("official") && !table.has("value") {
        table.contradiction(
            "judge_by",
            words!("no declared figure to judge by", "没有可供评判的申报数值"),
            words!("add `official = …`", "请补上 `official = …`"),
        );
    }
}
