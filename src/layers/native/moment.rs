//! Dates and times of day, told as GDAL tells them: `2020/01/31`, `2020/01/31 12:00:00+00`.

/// Rewrites an ISO 8601 date, or date and time, into `out`; anything else stays as it is.
pub(super) fn tell(text: &str, out: &mut String) {
    out.clear();
    let (date, time) = text.split_at_checked(10).unwrap_or((text, ""));
    let is_date = date.len() == 10
        && date
            .bytes()
            .enumerate()
            .all(|(i, byte)| if i == 4 || i == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if !is_date {
        return out.push_str(text);
    }
    out.extend(date.chars().map(|c| if c == '-' { '/' } else { c }));
    let Some(time) = time.strip_prefix(['T', ' ']) else { return };
    let (time, zone) = match time.strip_suffix('Z') {
        Some(time) => (time, "+00"),
        None => (time, ""),
    };
    out.push(' ');
    match time.split_once('.') {
        Some((whole, part)) if part.bytes().all(|byte| byte == b'0') => out.push_str(whole),
        _ => out.push_str(time),
    }
    out.push_str(zone);
}
