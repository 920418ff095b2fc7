//! The standards that come with the program, by name.

use super::error::IndicatorError;
use super::rule_file;
use super::standard::Standard;
use crate::nearest::nearest;

/// A shipped rule file: the name users write, other spellings of it, and the text.
struct Shipped {
    name: &'static str,
    also: &'static [&'static str],
    file: &'static str,
    text: &'static str,
}

const SHIPPED: &[Shipped] = &[
    Shipped {
        name: "GB/T 37342-2019",
        also: &[],
        file: "gbt-37342-2019.toml",
        text: include_str!("standards/gbt-37342-2019.toml"),
    },
    Shipped {
        name: "GB/T 37342-2024 county",
        also: &["GB/T 37342-2024 县级", "GB/T 37342-2024 县级城市"],
        file: "gbt-37342-2024-county.toml",
        text: include_str!("standards/gbt-37342-2024-county.toml"),
    },
    Shipped {
        name: "GB/T 37342-2024 prefecture",
        also: &["GB/T 37342-2024 地级", "GB/T 37342-2024 地级及以上城市"],
        file: "gbt-37342-2024-prefecture.toml",
        text: include_str!("standards/gbt-37342-2024-prefecture.toml"),
    },
    Shipped {
        name: "LY/T 2004-2012",
        also: &[],
        file: "lyt-2004-2012.toml",
        text: include_str!("standards/lyt-2004-2012.toml"),
    },
    Shipped {
        name: "Guangdong forest town 2023",
        also: &["广东省森林城镇", "广东省森林城镇评价指标", "广东森林城镇 2023"],
        file: "guangdong-forest-town-2023.toml",
        text: include_str!("standards/guangdong-forest-town-2023.toml"),
    },
    Shipped {
        name: "Sichuan forest town",
        also: &["四川省级森林小镇", "四川森林小镇"],
        file: "sichuan-forest-town.toml",
        text: include_str!("standards/sichuan-forest-town.toml"),
    },
    Shipped {
        name: "Fujian forest county",
        also: &["福建省级森林城市", "福建省级森林城市（县城）"],
        file: "fujian-forest-county.toml",
        text: include_str!("standards/fujian-forest-county.toml"),
    },
    Shipped {
        name: "National model greening",
        also: &["全国绿化模范城市", "全国绿化模范城市（区）"],
        file: "national-model-greening.toml",
        text: include_str!("standards/national-model-greening.toml"),
    },
    Shipped {
        name: "National forest village",
        also: &["国家森林乡村"],
        file: "national-forest-village.toml",
        text: include_str!("standards/national-forest-village.toml"),
    },
];

/// The names of the shipped standards.
pub fn standard_names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|s| s.name)
}

/// The shipped standard of a name.
pub(super) fn find(name: &str) -> Result<Standard, IndicatorError> {
    shipped(name).and_then(|shipped| rule_file::parse(shipped.text, shipped.file))
}

/// The shipped standard of a name as the text of its rule file: what a rule file of one's own starts from.
///
/// # Errors
/// [`IndicatorError::UnknownStandard`], with the known names.
pub fn standard_text(name: &str) -> Result<&'static str, IndicatorError> {
    shipped(name).map(|shipped| shipped.text)
}

fn shipped(name: &str) -> Result<&'static Shipped, IndicatorError> {
    let wanted = folded(name);
    let same = |s: &&Shipped| std::iter::once(&s.name).chain(s.also).any(|n| folded(n) == wanted);
    SHIPPED.iter().find(same).ok_or_else(|| IndicatorError::UnknownStandard {
        name: name.to_owned(),
        near: nearest(name, standard_names()).map(str::to_owned),
        known: standard_names().map(str::to_owned).collect(),
    })
}

/// A name without what people write differently: case, blanks, the slash of `GB/T`, kinds of dash.
pub(super) fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '/' | '／'))
        .map(|c| if matches!(c, '－' | '—' | '–') { '-' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}
