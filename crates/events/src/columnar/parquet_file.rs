//! Parquet files.

use std::fs::File;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Fields, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaData;

use super::{Header, Names, RowReporter, TABLE_COLUMNS, catch_panic, footer, message, unreadable};
use crate::time::settle;
use crate::{Options, Place, Position, Sink};
use rulespec::fast::text_column::is_text;

const BATCH_ROWS: usize = 8192;

/// Reads a Parquet file.
///
/// Spec: TEL-73, TEL-74
pub(crate) fn read(file: &File, name: &Arc<str>, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    settle(name, options, sink, |sink| read_rows(file, name, options, sink))
}

fn read_rows(file: &File, name: &Arc<str>, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let metadata = footer::check(file).and_then(|()| catch_panic(|| metadata(file).map_err(message)));
    let opened = metadata.and_then(|metadata| {
        check_codecs(metadata.metadata())?;
        Ok((Header::new(metadata.schema())?, metadata))
    });
    let (header, metadata) = match opened {
        Ok(opened) => opened,
        Err(error) => return sink(unreadable(Place::new(name, Position::Whole), &error)),
    };
    let mut reporter = RowReporter::new(header, name, options, sink);
    reporter.report_unsupported_columns()?;
    for index in 0..metadata.metadata().num_row_groups() {
        reporter.report_group(&RowGroup { file, metadata: &metadata, index })?;
    }
    ControlFlow::Continue(())
}

/// The metadata of a file, with each text column as views. Views share the memory of a page, while
/// copies of the texts can take many times the size of the file.
fn metadata(file: &File) -> parquet::errors::Result<ArrowReaderMetadata> {
    let metadata = ArrowReaderMetadata::load(file, Default::default())?;
    let fields = metadata.schema().fields().iter().map(|field| match is_text(field.data_type()) {
        true => Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View)),
        false => field.clone(),
    });
    let schema = Schema::new_with_metadata(fields.collect::<Fields>(), metadata.schema().metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    ArrowReaderMetadata::try_new(metadata.metadata().clone(), options)
}

/// Checks that the columns can be decompressed. Brotli is not supported: its encoder and their tables would
/// come along, and make the Python package larger than all other codecs together do.
///
/// Spec: TEL-73
fn check_codecs(metadata: &ParquetMetaData) -> Result<(), String> {
    let mut codecs = metadata.row_groups().iter().flat_map(|group| group.columns()).map(|c| c.compression());
    let unsupported = codecs.find_map(|codec| match codec {
        Compression::BROTLI(_) => Some("Brotli"),
        Compression::LZO => Some("LZO"),
        _ => None,
    });
    match unsupported {
        None => Ok(()),
        Some(codec) => {
            Err(format!("it is compressed with {codec}; only Snappy, Gzip, Zstandard and LZ4 are supported"))
        }
    }
}

/// A row group of a file.
struct RowGroup<'g> {
    file: &'g File,
    metadata: &'g ArrowReaderMetadata,
    index: usize,
}

impl RowGroup<'_> {
    /// Reads the columns of the mask, of these rows or of all, batch by batch.
    fn batches(
        &self,
        mask: ProjectionMask,
        rows: Option<RowSelection>,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, String>>, String> {
        let file = self.file.try_clone().map_err(message)?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let builder = builder.with_row_groups(vec![self.index]).with_projection(mask);
        let builder = builder.with_batch_size(BATCH_ROWS);
        let builder = match rows {
            Some(rows) => builder.with_row_selection(rows),
            None => builder,
        };
        let mut reader = catch_panic(|| builder.build().map_err(message))?;
        Ok(std::iter::from_fn(move || catch_panic(|| reader.next().transpose().map_err(message)).transpose()))
    }

    fn filter_columns(&self) -> ProjectionMask {
        let names = Names::COLUMNS.into_iter().chain(TABLE_COLUMNS);
        ProjectionMask::columns(self.metadata.parquet_schema(), names)
    }

    fn row_count(&self) -> usize {
        let group = self.metadata.metadata().row_groups().get(self.index);
        group.map_or(0, |group| usize::try_from(group.num_rows()).unwrap_or(0))
    }
}

impl RowReporter<'_, '_> {
    fn report_group(&mut self, group: &RowGroup<'_>) -> ControlFlow<()> {
        let rows_before_group = self.rows_before;
        let mut wanted = vec![];
        let batches = match group.batches(group.filter_columns(), None) {
            Ok(batches) => batches,
            Err(error) => return self.report_error(&error),
        };
        for batch in batches {
            match batch {
                Ok(batch) => {
                    let offset = (self.rows_before - rows_before_group) as usize;
                    wanted.extend(self.filter(&batch)?.into_iter().map(|row| offset + row));
                    self.rows_before += batch.num_rows() as u64;
                }
                Err(error) => return self.report_error(&error),
            }
        }
        self.report_rows(group, rows_before_group, &wanted)
    }

    /// Reads all columns of the wanted rows of a group, and reports these rows.
    fn report_rows(
        &mut self,
        group: &RowGroup<'_>,
        rows_before_group: u64,
        wanted: &[usize],
    ) -> ControlFlow<()> {
        if wanted.is_empty() {
            return ControlFlow::Continue(());
        }
        let ranges = wanted.iter().map(|row| Range { start: *row, end: row + 1 });
        let rows = RowSelection::from_consecutive_ranges(ranges, group.row_count());
        let batches = match group.batches(ProjectionMask::all(), Some(rows)) {
            Ok(batches) => batches,
            Err(error) => return self.report_error(&error),
        };
        let mut numbers = wanted.iter().map(|row| rows_before_group + *row as u64 + 1);
        for batch in batches {
            match batch {
                Ok(batch) => self.report(&batch, (0..batch.num_rows()).zip(numbers.by_ref()))?,
                Err(error) => return self.report_error(&error),
            }
        }
        ControlFlow::Continue(())
    }
}
