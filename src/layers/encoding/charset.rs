//! The names that text encodings go by: in settings, in `.cpg` files, and in the language byte of a `.dbf`.
//!
//! In: a name or a byte. Out: a [`Charset`] with the name that GDAL (iconv) understands and, where there is one,
//! the decoder that can tell whether bytes are possible in it. All simplified Chinese names give GB18030, of which
//! GB 2312 and GBK (code page 936) are parts.

use encoding_rs::Encoding;

/// A text encoding that attribute files are known to be written in.
#[derive(Debug)]
pub struct Charset {
    /// The name that GDAL understands.
    pub gdal: &'static str,
    /// Its decoder; `None` for the old DOS pages, in which any byte means some character.
    pub decoder: Option<&'static Encoding>,
    /// Written by software as a mere default, whatever the text is: never evidence against the bytes.
    pub western: bool,
    /// Its names and code-page numbers, reduced as [`Charset::named`] reduces them.
    names: &'static [&'static str],
}

const fn of(gdal: &'static str, decoder: &'static Encoding, names: &'static [&'static str]) -> Charset {
    Charset { gdal, decoder: Some(decoder), western: false, names }
}

const fn western(gdal: &'static str, names: &'static [&'static str]) -> Charset {
    Charset { gdal, decoder: Some(encoding_rs::WINDOWS_1252), western: true, names }
}

const fn dos(gdal: &'static str, western: bool, names: &'static [&'static str]) -> Charset {
    Charset { gdal, decoder: None, western, names }
}

/// UTF-8.
pub static UTF_8: Charset = of("UTF-8", encoding_rs::UTF_8, &["UTF8", "65001"]);
/// Simplified Chinese: GB 18030 with its parts GBK and GB 2312.
pub static GB18030: Charset =
    of("GB18030", encoding_rs::GB18030, &["936", "GBK", "GB2312", "GB231280", "GB18030", "EUCCN", "54936"]);
/// Western European; every byte is some character in it, so reading it loses nothing.
pub static LATIN_1: Charset = western("ISO-8859-1", &["ISO88591", "88591", "LATIN1", "L1", "28591"]);

static OTHERS: [Charset; 33] = [
    of("CP950", encoding_rs::BIG5, &["950", "BIG5", "BIG5HKSCS", "BIGFIVE"]),
    of("CP932", encoding_rs::SHIFT_JIS, &["932", "SHIFTJIS", "SJIS", "31J"]),
    of("EUC-JP", encoding_rs::EUC_JP, &["EUCJP", "20932", "51932"]),
    of("CP949", encoding_rs::EUC_KR, &["949", "EUCKR", "UHC", "KSC5601", "51949"]),
    of("CP874", encoding_rs::WINDOWS_874, &["874", "TIS620"]),
    of("CP1250", encoding_rs::WINDOWS_1250, &["1250"]),
    of("CP1251", encoding_rs::WINDOWS_1251, &["1251"]),
    western("CP1252", &["1252"]),
    of("CP1253", encoding_rs::WINDOWS_1253, &["1253"]),
    of("CP1254", encoding_rs::WINDOWS_1254, &["1254"]),
    of("CP1255", encoding_rs::WINDOWS_1255, &["1255"]),
    of("CP1256", encoding_rs::WINDOWS_1256, &["1256"]),
    of("CP1257", encoding_rs::WINDOWS_1257, &["1257"]),
    of("CP1258", encoding_rs::WINDOWS_1258, &["1258"]),
    of("ISO-8859-2", encoding_rs::ISO_8859_2, &["ISO88592", "88592", "LATIN2", "L2"]),
    of("ISO-8859-4", encoding_rs::ISO_8859_4, &["ISO88594", "88594", "LATIN4", "L4"]),
    of("ISO-8859-5", encoding_rs::ISO_8859_5, &["ISO88595", "88595"]),
    of("ISO-8859-7", encoding_rs::ISO_8859_7, &["ISO88597", "88597"]),
    of("ISO-8859-9", encoding_rs::WINDOWS_1254, &["ISO88599", "88599", "LATIN5", "L5"]),
    of("ISO-8859-15", encoding_rs::ISO_8859_15, &["ISO885915", "885915", "LATIN9", "L9"]),
    of("KOI8-R", encoding_rs::KOI8_R, &["KOI8R", "20866"]),
    of("KOI8-U", encoding_rs::KOI8_U, &["KOI8U", "21866"]),
    dos("CP437", true, &["437"]),
    dos("CP850", true, &["850"]),
    dos("CP737", false, &["737"]),
    dos("CP852", false, &["852"]),
    dos("CP857", false, &["857"]),
    dos("CP860", false, &["860"]),
    dos("CP861", false, &["861"]),
    dos("CP863", false, &["863"]),
    dos("CP865", false, &["865"]),
    of("CP866", encoding_rs::IBM866, &["866"]),
    dos("CP775", false, &["775"]),
];

/// Words that stand before a code-page number and say nothing.
const PREFIXES: [&str; 8] = ["ANSI", "OEM", "CODEPAGE", "CP", "WINDOWS", "WIN", "MS", "IBM"];

/// The encodings that people of the trade name in a setting; shown where a name is not understood.
pub const USUAL_NAMES: [&str; 5] = ["UTF-8", "GBK", "GB18030", "BIG5", "ISO-8859-1"];

impl Charset {
    /// The encoding of that name, in any of its spellings: `936`, `CP936`, `ANSI 936`, `gb2312`, `utf8`, `OEM 437`.
    pub fn named(name: &str) -> Option<&'static Charset> {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        let mut reduced: &str = &letters.collect::<String>().to_ascii_uppercase();
        loop {
            if let Some(found) = all().find(|charset| charset.names.contains(&reduced)) {
                return Some(found);
            }
            reduced = PREFIXES.iter().find_map(|prefix| reduced.strip_prefix(prefix))?;
        }
    }

    /// The encoding that byte 29 of a `.dbf` (language driver id) names; `None` for 0 and for unknown ids.
    ///
    /// Source: the table of language driver ids of Esri's dBASE specification and of Visual FoxPro.
    pub fn of_language_byte(byte: u8) -> Option<&'static Charset> {
        Charset::named(match byte {
            0x4D | 0x7A => "936",
            0x4F | 0x78 => "950",
            0x13 | 0x7B => "932",
            0x4E | 0x79 => "949",
            0x50 | 0x7C => "874",
            0x03 | 0x58 | 0x59 => "1252",
            0x57 => "ISO-8859-1",
            0xC8 => "1250",
            0xC9 => "1251",
            0xCA => "1254",
            0xCB => "1253",
            0xCC => "1257",
            0x7D => "1255",
            0x7E => "1256",
            0x01 | 0x09 | 0x0B | 0x0D | 0x0F | 0x11 | 0x15 | 0x18 | 0x19 | 0x1B => "437",
            0x02 | 0x0A | 0x0E | 0x10 | 0x12 | 0x14 | 0x16 | 0x1A | 0x1D | 0x25 | 0x37 => "850",
            0x1F | 0x22 | 0x23 | 0x40 | 0x64 | 0x87 => "852",
            0x26 | 0x65 => "866",
            0x08 | 0x17 | 0x66 => "865",
            0x24 => "860",
            0x1C | 0x6C => "863",
            0x67 => "861",
            0x6A | 0x86 => "737",
            0x6B | 0x88 => "857",
            _ => return None,
        })
    }

    /// The text that bytes spell, or `None` where they are impossible in this encoding.
    ///
    /// `cut` says that the end may have been cut off inside a character, as happens to a text as wide as its column.
    pub fn read(&self, bytes: &[u8], cut: bool) -> Option<String> {
        let Some(encoding) = self.decoder else {
            return Some(bytes.iter().map(|&b| if b.is_ascii() { char::from(b) } else { '?' }).collect());
        };
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut text =
            String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len())?);
        let (outcome, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, !cut);
        matches!(outcome, encoding_rs::DecoderResult::InputEmpty).then_some(text)
    }
}

fn all() -> impl Iterator<Item = &'static Charset> {
    [&UTF_8, &GB18030, &LATIN_1].into_iter().chain(&OTHERS)
}
