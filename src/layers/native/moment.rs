//! Dates and times of day, told as GDAL tells them: `2020/01/31`, `2020/01/31 12:00:00+00`.

/// Whether a text is an ISO 8601 date, or date and time, and nothing else.
pub(super) fn is(text: &str) -> bool {
    let fits = |text: &str, form: &str| {
        let digit = |(byte, form)| if form == b'0' { u8::is_ascii_digit(&byte) } else { byte == form };
        text.len() == form.len() && text.bytes().zip(form.bytes()).all(digit)
    };
    let (date, time) = text.split_at_checked(10).unwrap_or((text, ""));
    let month = date.get(5..7).and_then(|month| month.parse().ok());
    let day = date.get(8..10).and_then(|day| day.parse().ok());
    let real =
        month.is_some_and(|m: u8| (1..=12).contains(&m)) && day.is_some_and(|d: u8| (1..=31).contains(&d));
    let time = time.strip_prefix(['T', ' ']).map(|time| time.strip_suffix('Z').unwrap_or(time));
    let only_a_date = text.len() == 10 || text.get(10..) == Some("Z");
    fits(date, "0000-00-00") && real && (only_a_date || time.is_some_and(|time| fits(time, "00:00:00")))
}

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
