//! Reasons that come from elsewhere: the system, GDAL, a library. They are English, or whatever language the system has.

/// Part of a reason, and what kind of reason it is, in Chinese. The first that fits counts.
const KINDS: &[(&[&str], &str)] = &[
    (&["No such file", "os error 2)", "does not exist", "cannot find the"], "文件或文件夹不存在"),
    (
        &["Permission denied", "os error 13)", "os error 5)", "Access is denied"],
        "没有权限，或文件正被其他程序占用",
    ),
    (&["os error 32)", "being used by another"], "文件正被其他程序占用"),
    (&["No space left", "os error 28)", "os error 112)", "disk is full"], "磁盘空间不足"),
    (&["Read-only file system", "os error 30)", "readonly database"], "所在磁盘或文件为只读"),
    (&["Is a directory", "os error 21)"], "这是文件夹，不是文件"),
    (&["Not a directory", "os error 20)"], "路径中有一段不是文件夹"),
    (&["File exists", "os error 17)", "already exists"], "同名文件或文件夹已存在"),
    (&["Too many open files", "os error 24)"], "同时打开的文件过多"),
    (&["File name too long", "os error 36)"], "文件名过长"),
    (&["Input/output error", "os error 5", "disk I/O"], "磁盘读写出错"),
    (&["neither UTF-8 nor GB18030"], "既不是 UTF-8 也不是 GB18030 编码"),
    (&["valid UTF-8", "invalid utf-8", "Invalid UTF-8", "invalid unicode"], "文字不是有效的 UTF-8 编码"),
    (&["without the feature", "built without"], "本程序的这个版本不含所需的功能"),
    (&["central directory", "invalid Zip", "Invalid Zip", "EOCD"], "不是有效的 zip 压缩文件，或已损坏"),
    (&["password", "encrypted"], "文件已加密"),
    (&["not a database", "malformed", "corrupt", "Corrupt"], "文件内容已损坏"),
    (&["database is locked"], "数据库正被其他程序使用"),
    (&["it is empty", "has no sheet"], "文件中没有内容"),
    (
        &[
            "failed to fill whole buffer",
            "unexpected end",
            "Unexpected end",
            "EOF",
            "truncated",
            "ends early",
        ],
        "文件不完整，提前结束",
    ),
    (
        &["not recognized as", "not a supported", "Unsupported", "unsupported", "not supported"],
        "格式无法识别或不受支持",
    ),
    (&["duplicate key"], "同一个键写了两次"),
    (&["unclosed", "invalid basic string", "invalid literal string"], "引号或括号没有闭合"),
    (&["missing comma"], "各项之间缺少逗号"),
    (&["missing assignment", "key with no value"], "键后面缺少 = 和值"),
    (&["must be quoted", "invalid unquoted", "missing opening quote"], "文本没有加引号"),
    (&["invalid mantissa", "invalid number", "expected value", "invalid digit"], "数值写法有误"),
    (&["PROJ", "proj", "EPSG", "crs not found"], "坐标系库无法识别或转换"),
];

/// A reason from elsewhere in a Chinese sentence: its kind, and the reason as it came. One that is Chinese already stands
/// as it is.
pub fn foreign(reason: &str) -> String {
    if reason.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) {
        return reason.to_owned();
    }
    let fits = |parts: &&[&str]| parts.iter().any(|part| reason.contains(part));
    let kind = KINDS.iter().find(|(parts, _)| fits(parts)).map_or("读写所用的程序库报错", |(_, kind)| kind);
    format!("{kind}（原文：{reason}）")
}
