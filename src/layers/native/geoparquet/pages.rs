//! What stands between a damaged file and the `parquet` crate, which panics on some of them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result as Parquet};
use parquet::file::metadata::RowGroupMetaData;

/// Pages of a column; one that refers to a dictionary which was not there is refused before it is decoded.
pub(super) struct Pages<P> {
    pages: P,
    dictionary: bool,
}

impl<P: PageReader> Pages<P> {
    pub(super) fn new(pages: P) -> Self {
        Self { pages, dictionary: false }
    }
}

impl<P: PageReader> Iterator for Pages<P> {
    type Item = Parquet<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<P: PageReader> PageReader for Pages<P> {
    fn get_next_page(&mut self) -> Parquet<Option<Page>> {
        let page = self.pages.get_next_page()?;
        let refers = matches!(
            page.as_ref().map(Page::encoding),
            Some(Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY)
        );
        match &page {
            Some(Page::DictionaryPage { .. }) => self.dictionary = true,
            Some(_) if refers && !self.dictionary => {
                return Err(ParquetError::General(
                    "a page refers to a dictionary that is not there".to_owned(),
                ));
            }
            _ => {}
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Parquet<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Parquet<()> {
        self.pages.skip_next_page()
    }
}

/// Whether all columns of a row group lie where the file has bytes.
pub(super) fn lie_inside(group: &RowGroupMetaData, length: u64) -> bool {
    group.columns().iter().all(|column| {
        let starts = [Some(column.data_page_offset()), column.dictionary_page_offset()];
        let starts_well = starts.into_iter().flatten().all(|start| start >= 0);
        let size = u64::try_from(column.compressed_size());
        let end = |size: u64| column.byte_range().0.checked_add(size).is_some_and(|end| end <= length);
        starts_well && size.is_ok_and(end)
    })
}

/// The last net: a panic of the crate over a damaged file becomes an error.
pub(super) fn caught<T>(read: impl FnOnce() -> Parquet<T>) -> Parquet<T> {
    let damaged = |_| Err(ParquetError::General("its pages are damaged".to_owned()));
    // What was being read is never looked at again.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(damaged)
}
