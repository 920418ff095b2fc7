//! What GDAL writes about bands into the tag `GDAL_METADATA`: scale, offset, description.

/// Scale, offset and description of a band, where they are written.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Remarks {
    pub scale: Option<f64>,
    pub offset: Option<f64>,
    pub description: String,
}

/// The remarks on each of so many bands. What cannot be understood is passed over, as GDAL does.
pub(super) fn remarks(text: &str, bands: usize) -> Vec<Remarks> {
    let mut found = vec![Remarks::default(); bands];
    for item in text.split("<Item ").skip(1) {
        let Some((head, rest)) = item.split_once('>') else { continue };
        let Some((value, _)) = rest.split_once("</Item>") else { continue };
        let band = attribute(head, "sample").and_then(|n| n.parse::<usize>().ok());
        let Some(band) = band.and_then(|n| found.get_mut(n)) else { continue };
        match attribute(head, "role") {
            Some("scale") => band.scale = value.trim().parse().ok(),
            Some("offset") => band.offset = value.trim().parse().ok(),
            // GDAL writes such marks twice over.
            Some("description") => band.description = plain(&plain(value)),
            _ => {}
        }
    }
    found
}

fn attribute<'t>(head: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = head.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn plain(text: &str) -> String {
    const MARKS: [(&str, &str); 5] =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    MARKS.iter().fold(text.to_owned(), |text, (mark, sign)| text.replace(mark, sign))
}
