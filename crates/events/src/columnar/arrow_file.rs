//! Arrow IPC files and streams.

use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;

use super::{Header, RowReporter, catch_panic, message, unreadable};
use crate::time::settle;
use crate::{Options, Place, Position, Sink};

/// The maximum size of a batch in bytes.
const MAX_BATCH_SIZE: usize = 1 << 30;

const FILE_SIGNATURE: &[u8] = b"ARROW1";

/// Reads an Arrow IPC file or stream. A file is a stream with a signature before it and a footer
/// after it.
///
/// Spec: TEL-73, TEL-74
pub(crate) fn read(
    input: impl BufRead,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    settle(name, options, sink, |sink| read_batches(input, name, options, sink))
}

fn read_batches(
    mut input: impl BufRead,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let signature_len = input.fill_buf().map_or(0, signature_len);
    input.consume(signature_len);
    let mut batches = BatchReader::new(input, MAX_BATCH_SIZE);
    let mut batch = catch_panic(|| batches.next());
    let header = match batches.decoder.schema() {
        Some(schema) => Header::new(&schema),
        None => Err(batch.as_ref().err().cloned().unwrap_or_default()),
    };
    let header = match header {
        Ok(header) => header,
        Err(error) => return sink(unreadable(Place::new(name, Position::Whole), &error)),
    };
    let mut reporter = RowReporter::new(header, name, options, sink);
    reporter.report_unsupported_columns()?;
    loop {
        match batch {
            Ok(Some(batch)) => reporter.report_batch(&batch)?,
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => return reporter.report_error(&error),
        }
        batch = catch_panic(|| batches.next());
    }
}

/// The length of the signature of a file, including the padding after it.
fn signature_len(head: &[u8]) -> usize {
    let Some(rest) = head.strip_prefix(FILE_SIGNATURE) else {
        return 0;
    };
    FILE_SIGNATURE.len() + rest.iter().take_while(|byte| **byte == 0).count()
}

impl RowReporter<'_, '_> {
    fn report_batch(&mut self, batch: &RecordBatch) -> ControlFlow<()> {
        let rows = self.filter(batch)?;
        let numbers: Vec<u64> = rows.iter().map(|row| self.number(*row)).collect();
        self.report(batch, rows.into_iter().zip(numbers))?;
        self.rows_before = self.rows_before.saturating_add(batch.num_rows() as u64);
        ControlFlow::Continue(())
    }
}

/// Decodes a stream as it is read. It allocates nothing for data that the input only announces.
pub(super) struct BatchReader<R> {
    input: R,
    decoder: StreamDecoder,
    buffer: Buffer,
    max_batch_size: usize,
}

impl<R: BufRead> BatchReader<R> {
    pub(super) fn new(input: R, max_batch_size: usize) -> Self {
        Self { input, decoder: StreamDecoder::new(), buffer: Buffer::default(), max_batch_size }
    }

    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>, String> {
        let mut batch_size = 0_usize;
        loop {
            if self.buffer.is_empty() {
                let bytes = self.input.fill_buf().map_err(message)?;
                if bytes.is_empty() {
                    return self.decoder.finish().map(|()| None).map_err(message);
                }
                batch_size = batch_size.saturating_add(bytes.len());
                if batch_size > self.max_batch_size {
                    return Err(format!("a batch has more than {} MiB", self.max_batch_size >> 20));
                }
                self.buffer = Buffer::from_slice_ref(bytes);
                let used = bytes.len();
                self.input.consume(used);
            }
            match self.decoder.decode(&mut self.buffer) {
                Ok(None) => {}
                Ok(Some(batch)) => return Ok(Some(batch)),
                // The stream has ended. In a file, the footer follows.
                Err(_) if self.decoder.finish().is_ok() => return Ok(None),
                Err(error) => return Err(message(error)),
            }
        }
    }
}
