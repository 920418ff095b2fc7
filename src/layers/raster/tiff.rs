//! Our own reader of GeoTIFF (also BigTIFF and COG), in every build: tiles and strips; deflate, LZW, zstd, PackBits or
//! plain; predictors 2 and 3; whole numbers of 8 to 64 bits and floats of 32 and 64; bands beside or behind each
//! other; masks and alpha; blocks that were left out.
//!
//! In: a path. Out: a band as a [`StoredBand`], or the reason why GDAL should read it. Blocks are read by positioned
//! reads and unpacked into buffers that are used again; nothing is mapped. Memory of a reader: one block packed and
//! one unpacked, at most 256 MiB; an image in one plain block is read by rows. Nothing is set aside by a word of the
//! header before the file was found long enough.

mod codec;
mod directory;
mod layout;
mod place;
mod reader;
mod remarks;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::layers::native::window::Stored as Bytes;
use crate::layers::raster::error::RasterError;
use crate::layers::raster::stored::{Stored, StoredBand, block, nodata, placed, prepare};
use crate::layers::raster::windows::Window;
use crate::survey::SourceFault;
use crate::survey::raster::{Block, BlockReader, CellKind, Frame};
use crate::words;
use crate::words::Words;
use directory::{Directory, Tiff};
use layout::{Layout, Number};
use reader::Reader;

/// Why a file is not read here.
enum Fault {
    /// It is left to GDAL, and why.
    Declined(String),
    /// Nobody can read it; the error is told the file's name.
    Refused(Box<dyn Fn(String) -> RasterError>),
}

impl Fault {
    fn damaged(cause: Words) -> Self {
        Self::Refused(Box::new(move |file| RasterError::Damaged { file, cause: cause.clone() }))
    }

    fn short(what: &str) -> Self {
        let chinese = if what.contains("blocks") { "存储块目录" } else { "目录" };
        Self::damaged(words!("{what} contradicts the file's size", "{chinese}与文件大小矛盾"))
    }
}

impl From<io::Error> for Fault {
    /// A read beyond the end: the header speaks of more than there is.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                Self::damaged(words!("it ends before its header says", "文件在文件头所述长度之前结束"))
            }
            _ => Self::Refused(Box::new(move |file| RasterError::CannotOpen {
                file,
                cause: error.to_string(),
            })),
        }
    }
}

/// What became of a file that was to be opened.
pub(super) enum Opened {
    /// It is read natively.
    Native(Stored),
    /// It is left to GDAL, and why.
    Declined(String),
}

/// Opens a band of a GeoTIFF.
pub(super) fn open(name: &str, path: &Path, band: Option<usize>) -> Result<Opened, RasterError> {
    match native(name, path, band) {
        Ok(stored) => Ok(Opened::Native(stored?)),
        Err(Fault::Declined(reason)) => Ok(Opened::Declined(reason)),
        Err(Fault::Refused(error)) => Err(error(name.to_owned())),
    }
}

fn native(name: &str, path: &Path, band: Option<usize>) -> Result<Result<Stored, RasterError>, Fault> {
    if let Some(reason) = beside(path) {
        return Err(Fault::Declined(reason));
    }
    let (tiff, first) = Tiff::open(Bytes::open(path)?)?;
    let directories = tiff.directories(first)?;
    let Some(image) = directories.first() else {
        return Err(Fault::Declined("it holds no image".to_owned()));
    };
    let layout = Layout::of(&tiff, image)?;
    let Number::Kind(kind) = layout.number else {
        return Err(Fault::Declined("its cells are single bits".to_owned()));
    };
    let crs = place::crs(&tiff, image)?;
    let bands = layout.samples;
    let number = band.unwrap_or(1);
    let file = || name.to_owned();
    if number == 0 || number > bands {
        return Ok(Err(RasterError::NoBand { file: file(), band: number, bands }));
    }
    let transform = match place::transform(&tiff, image)? {
        Some(transform) => transform,
        None if world_file(path) => {
            return Err(Fault::Declined("its place is in a file beside it".to_owned()));
        }
        None => return Ok(Err(RasterError::NotPlaced { file: file() })),
    };
    let remarks = remarks::remarks(&tiff.text(image, GDAL_METADATA)?.unwrap_or_default(), bands);
    let mine = &remarks[number - 1];
    let frame = Frame {
        columns: layout.columns,
        rows: layout.rows,
        block: block(layout.columns, layout.rows, layout.block),
        transform: match placed(name, transform) {
            Ok(transform) => transform,
            Err(error) => return Ok(Err(error)),
        },
        kind,
        nodata: stated_nodata(&tiff, image)?.map(|value| nodata(kind, value)),
        scale: mine.scale.unwrap_or(1.0),
        offset: mine.offset.unwrap_or(0.0),
    };
    let alpha = layout.extra.last().is_some_and(|kind| matches!(kind, 1 | 2));
    let mask = mask(&tiff, &directories, &layout)?;
    let fits = matches!(bands, 2 | 4) && alpha && number < bands;
    let see_through =
        fits && mask.is_none() && frame.nodata.is_none() && matches!(kind, CellKind::U8 | CellKind::U16);
    let descriptions = remarks.iter().map(|r| r.description.clone()).collect();
    let band = TiffBand {
        name: file(),
        path: path.to_owned(),
        big_endian: tiff.big_endian,
        sample: number - 1,
        alpha: see_through.then_some(bands - 1),
        layout,
        mask,
        frame,
    };
    Ok(Ok(Stored { band: Arc::new(band), number, bands: descriptions, alpha, own: true, crs }))
}

const GDAL_METADATA: u16 = 42112;
const GDAL_NODATA: u16 = 42113;

fn stated_nodata(tiff: &Tiff, image: &Directory) -> Result<Option<f64>, Fault> {
    let Some(text) = tiff.text(image, GDAL_NODATA)? else { return Ok(None) };
    let odd = || Fault::Declined(format!("its value for no data is \"{}\"", text.trim()));
    text.trim().parse().map(Some).map_err(|_| odd())
}

/// The mask of the image itself, not of an overview.
fn mask(tiff: &Tiff, directories: &[Directory], image: &Layout) -> Result<Option<Layout>, Fault> {
    for directory in &directories[1..] {
        let kind = tiff.first(directory, 254)?.unwrap_or(0);
        if kind & 4 == 0 || kind & 1 != 0 {
            continue;
        }
        let mask = Layout::of(tiff, directory)?;
        let fits = [mask.columns, mask.rows] == [image.columns, image.rows] && mask.samples == 1;
        let known = matches!(mask.number, Number::Bit | Number::Kind(CellKind::U8));
        return if fits && known {
            Ok(Some(mask))
        } else {
            Err(Fault::Declined("its mask is odd".to_owned()))
        };
    }
    Ok(None)
}

/// Whether something that only GDAL understands lies beside the file.
fn beside(path: &Path) -> Option<String> {
    const MATTERS: [&str; 8] =
        ["GeoTransform", "SRS", "GCP", "NoDataValue", "Scale>", "Offset>", "PIXELTYPE", "Mask"];
    let with = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    if with(".msk").exists() {
        return Some("its mask is in a file beside it".to_owned());
    }
    let file = Bytes::open(&with(".aux.xml")).ok()?;
    let text = file.bytes(0, file.length.min(1 << 20)).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let more = file.length > 1 << 20 || MATTERS.iter().any(|word| text.contains(word));
    more.then(|| "an .aux.xml beside it says more".to_owned())
}

/// Whether a world file lies beside the file.
fn world_file(path: &Path) -> bool {
    const ENDINGS: [&str; 8] = ["tfw", "tifw", "tiffw", "wld", "TFW", "WLD", "tab", "TAB"];
    ENDINGS.iter().any(|ending| path.with_extension(ending).exists())
}

/// Bytes of a cell.
fn width(kind: CellKind) -> usize {
    match kind {
        CellKind::U8 | CellKind::I8 => 1,
        CellKind::U16 | CellKind::I16 => 2,
        CellKind::U32 | CellKind::I32 | CellKind::F32 => 4,
        CellKind::U64 | CellKind::I64 | CellKind::F64 => 8,
    }
}

/// A band of a GeoTIFF.
#[derive(Debug)]
struct TiffBand {
    name: String,
    path: PathBuf,
    big_endian: bool,
    sample: usize,
    /// The sample that says where there is data.
    alpha: Option<usize>,
    layout: Layout,
    mask: Option<Layout>,
    frame: Frame,
}

impl StoredBand for TiffBand {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn reader(self: Arc<Self>) -> Result<Box<dyn BlockReader>, RasterError> {
        let cannot = |e: io::Error| RasterError::CannotOpen { file: self.name.clone(), cause: e.to_string() };
        let open = || Ok(Reader::new(Bytes::open(&self.path).map_err(cannot)?, self.big_endian));
        let apart = self.mask.is_some() || self.alpha.is_some() && self.layout.planar;
        let (reader, aside) = (open()?, apart.then(open).transpose()?);
        Ok(Box::new(Blocks { band: self, reader, aside }))
    }
}

struct Blocks {
    band: Arc<TiffBand>,
    reader: Reader,
    /// Reads the mask where it lies in blocks of its own.
    aside: Option<Reader>,
}

impl BlockReader for Blocks {
    fn read(&mut self, column: usize, row: usize, block: &mut Block) -> Result<(), SourceFault> {
        let window = self.band.frame.window(column, row);
        self.window(window, block).map_err(|cause| {
            SourceFault::from(RasterError::BrokeOff { file: self.band.name.clone(), window, cause })
        })
    }
}

impl Blocks {
    fn window(&mut self, window: Window, block: &mut Block) -> Result<(), String> {
        let band = &self.band;
        let count = window.1[0] * window.1[1];
        prepare(&mut block.cells, band.frame.kind, count);
        block.size = window.1;
        let empty = band.frame.nodata.unwrap_or(0.0);
        self.reader.window(&band.layout, band.sample, window, empty, &mut block.cells)?;
        block.valid.clear();
        let mask = band.mask.as_ref().map(|mask| (mask, 0));
        if let Some((layout, sample)) = mask.or(band.alpha.map(|alpha| (&band.layout, alpha))) {
            block.valid.resize(count, true);
            self.aside.as_mut().unwrap_or(&mut self.reader).mask(layout, sample, window, &mut block.valid)?;
        }
        Ok(())
    }
}
