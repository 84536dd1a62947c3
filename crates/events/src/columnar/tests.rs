//! Round trips of tables through Parquet and Arrow IPC.

use std::io::{BufReader, Cursor, Read, repeat};

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, ListArray, NullArray, StringArray, StringViewArray, StructArray,
    Time32SecondArray, TimestampMillisecondArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::*;
use crate::defender::{COMMAND_LINE, FILE_NAME};
use crate::testing::{collect_items, keeping};
use crate::{Event, Fault, Format, read_bytes};
use rulespec::kql::Dynamic;

/// Ten rows. The fourth has the file name, and the eighth the original file name.
pub(super) fn table() -> RecordBatch {
    let name = |row: i64| if row == 3 { "bitsadmin.exe" } else { "svchost.exe" };
    let original = (0..10).map(|row| (row == 7).then_some("BITSADMIN.EXE"));
    let mut actions = StringDictionaryBuilder::<Int32Type>::new();
    actions.extend((0..10).map(|_| Some("ProcessCreated")));
    let fields: StructArray = vec![(
        Arc::new(Field::new("InitiatingProcess", DataType::Utf8, true)),
        Arc::new((0..10).map(|row| Some(format!("p{row}"))).collect::<StringArray>()) as ArrayRef,
    )]
    .into();
    let times = (0..10).map(|row| 1_767_323_045_123 + row).collect::<Vec<i64>>();
    RecordBatch::try_from_iter([
        ("Timestamp", Arc::new(TimestampMillisecondArray::from(times).with_timezone("UTC")) as ArrayRef),
        ("FileName", Arc::new((0..10).map(|row| Some(name(row))).collect::<StringViewArray>())),
        (ORIGINAL_FILE_NAME, Arc::new(original.collect::<StringArray>())),
        (
            COMMAND_LINE,
            Arc::new((0..10).map(|row| Some(format!("x /transfer {row}"))).collect::<StringArray>()),
        ),
        ("ProcessId", Arc::new((0..10).map(Some).collect::<Int64Array>())),
        ("IsProcessRemoteSession", Arc::new(BooleanArray::from(vec![true; 10]))),
        ("ActionType", Arc::new(actions.finish())),
        ("AdditionalFields", Arc::new(fields)),
    ])
    .unwrap()
}

pub(super) fn as_parquet(batch: &RecordBatch, compression: Compression) -> Vec<u8> {
    let properties =
        WriterProperties::builder().set_max_row_group_row_count(Some(4)).set_compression(compression);
    let mut writer = ArrowWriter::try_new(vec![], batch.schema(), Some(properties.build())).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn halves(batch: &RecordBatch) -> [RecordBatch; 2] {
    let half = batch.num_rows() / 2;
    [batch.slice(0, half), batch.slice(half, batch.num_rows() - half)]
}

fn as_arrow_file(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = FileWriter::try_new(vec![], &batch.schema()).unwrap();
    halves(batch).iter().for_each(|half| writer.write(half).unwrap());
    writer.into_inner().unwrap()
}

fn as_arrow_stream(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(vec![], &batch.schema()).unwrap();
    halves(batch).iter().for_each(|half| writer.write(half).unwrap());
    writer.into_inner().unwrap()
}

pub(super) fn items(bytes: &[u8], format: Option<Format>) -> Vec<Item> {
    let keep = |names: Names<'_>| {
        names.file_name == "bitsadmin.exe"
            || names.original_file_name.is_some_and(|name| name == "BITSADMIN.EXE")
    };
    let options = Options { format, ..keeping(keep) };
    collect_items(&options, |options, sink| read_bytes(bytes, &"bytes".into(), options, sink))
}

fn events(items: &[Item]) -> Vec<&Event> {
    items
        .iter()
        .filter_map(|item| if let Item::Event(event) = item { Some(&**event) } else { None })
        .collect()
}

fn faults(items: &[Item]) -> Vec<&Fault> {
    items.iter().filter_map(|item| if let Item::Fault(fault) = item { Some(fault) } else { None }).collect()
}

#[test]
fn tel_73_parquet_and_arrow_are_read_as_defender_rows() {
    let table = table();
    for bytes in [
        as_parquet(&table, Compression::UNCOMPRESSED),
        as_parquet(&table, Compression::SNAPPY),
        as_parquet(&table, Compression::ZSTD(Default::default())),
        as_arrow_file(&table),
        as_arrow_stream(&table),
    ] {
        let items = items(&bytes, None);
        assert_eq!(items.iter().filter(|item| matches!(item, Item::Filtered(_))).count(), 8);
        assert_eq!(faults(&items), Vec::<&Fault>::new());
        let events = events(&items);
        let positions: Vec<Position> = events.iter().map(|event| event.place.position).collect();
        assert_eq!(positions, [Position::Element(4), Position::Element(8)]);
        assert_eq!(events[0].cell("ProcessCommandLine"), Some(&Dynamic::from("x /transfer 3")));
        assert_eq!(events[1].cell("ProcessId"), Some(&Dynamic::Long(7)));
    }
}

#[test]
fn tel_74_the_types_that_exporters_use_are_read() {
    let items = items(&as_parquet(&table(), Compression::SNAPPY), None);
    let event = events(&items)[1];
    assert_eq!(event.cell("TimeGenerated").unwrap().to_json(), "2026-01-02T03:04:05.1300000Z");
    assert_eq!(event.cell("FileName"), Some(&Dynamic::from("svchost.exe")));
    assert_eq!(event.cell("IsProcessRemoteSession"), Some(&Dynamic::Bool(true)));
    assert_eq!(event.cell("ActionType"), Some(&Dynamic::from("ProcessCreated")));
    assert_eq!(event.cell("AdditionalFields"), Some(&Dynamic::from(r#"{"InitiatingProcess":"p7"}"#)));
    assert_eq!(event.cell("DeviceName"), Some(&Dynamic::from("")));
}

#[test]
fn tel_74_a_column_of_another_type_is_reported_and_left_empty() {
    let mut columns: Vec<(String, ArrayRef)> = vec![];
    for (field, column) in table().schema().fields().iter().zip(table().columns()) {
        columns.push((field.name().clone(), column.clone()));
    }
    columns.push(("Elapsed".to_owned(), Arc::new(Time32SecondArray::from(vec![1; 10]))));
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let items = items(&as_arrow_file(&batch), None);
    let messages: Vec<&str> = faults(&items).iter().map(|fault| fault.what.as_str()).collect();
    assert_eq!(messages, ["the columns Elapsed have an unsupported type"]);
    assert_eq!(events(&items).len(), 2);
}

#[test]
fn tel_73_a_table_without_the_required_columns_is_a_fault() {
    let batch = table().project(&[0, 1]).unwrap();
    for bytes in [as_parquet(&batch, Compression::SNAPPY), as_arrow_file(&batch), as_arrow_stream(&batch)] {
        let items = items(&bytes, None);
        let messages: Vec<&str> = faults(&items).iter().map(|fault| fault.what.as_str()).collect();
        assert_eq!(messages, ["cannot be read: it lacks the columns ProcessCommandLine"]);
        assert_eq!(items.len(), 1);
    }
}

#[test]
fn tel_73_a_table_of_more_than_1_000_columns_is_a_fault() {
    let cell = table().column_by_name("FileName").unwrap().clone();
    let columns = (0..1_001).map(|number| (format!("c{number}"), cell.clone()));
    let items = items(&as_arrow_stream(&RecordBatch::try_from_iter(columns).unwrap()), None);
    assert_eq!(faults(&items)[0].what, "cannot be read: it has 1001 columns, more than 1000");
    assert_eq!(items.len(), 1);
}

#[test]
fn tel_73_a_filter_column_without_text_is_a_fault() {
    let ids = table().column_by_name("ProcessId").unwrap().clone();
    let columns = [("Timestamp", ids.clone()), ("FileName", ids.clone()), (COMMAND_LINE, ids)];
    let items = items(&as_parquet(&RecordBatch::try_from_iter(columns).unwrap(), Compression::SNAPPY), None);
    assert_eq!(faults(&items)[0].what, "cannot be read: its column FileName does not have text");
}

/// Reads a file that pyarrow wrote: one row, compressed with Brotli.
#[test]
fn tel_73_parquet_that_is_compressed_with_brotli_is_a_fault() {
    let items = items(include_bytes!("tests/brotli.parquet"), None);
    let what =
        "cannot be read: it is compressed with Brotli; only Snappy, Gzip, Zstandard and LZ4 are supported";
    assert_eq!(faults(&items)[0].what, what);
    assert_eq!(items.len(), 1);
}

#[test]
fn tel_39_a_damaged_table_never_causes_a_panic() {
    let table = table();
    for whole in [as_parquet(&table, Compression::SNAPPY), as_arrow_file(&table), as_arrow_stream(&table)] {
        let format = crate::format::detect(&whole, &crate::Shapes::built_in());
        for cut in (1..whole.len()).step_by(97) {
            let items = items(&whole[..cut], format);
            assert!(items.len() <= 12, "{cut}");
        }
        for at in (0..whole.len()).step_by(7) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            let items = items(&damaged, format);
            assert!(items.len() <= 30, "{at}: {}", items.len());
        }
    }
    let cut = &as_arrow_file(&table)[..900];
    assert_eq!(faults(&items(cut, None)).len(), 1);
}

#[test]
fn tel_73_a_stream_is_detected_by_its_first_bytes() {
    let stream = as_arrow_stream(&table());
    let items = collect_items(&Options::default(), |options, sink| {
        arrow_file::read(Cursor::new(&stream), &"x".into(), options, sink)
    });
    assert_eq!(
        (items.len(), crate::format::detect(&stream, &crate::Shapes::built_in())),
        (10, Some(Format::Arrow))
    );
}

#[test]
fn tel_72_a_row_of_too_many_values_is_a_fault() {
    let list = |count: i32| {
        let values = Arc::new(NullArray::new(count as usize));
        let offsets = OffsetBuffer::new(vec![0, count].into());
        let field = Arc::new(Field::new_list_field(DataType::Null, true));
        Arc::new(ListArray::new(field, offsets, values, None)) as ArrayRef
    };
    let text = |text: &str| Arc::new(StringArray::from(vec![text])) as ArrayRef;
    let faults_of = |count| {
        let name = text("bitsadmin.exe");
        let columns =
            [("Timestamp", text("")), (FILE_NAME, name), (COMMAND_LINE, text("")), ("Many", list(count))];
        let items = items(&as_arrow_stream(&RecordBatch::try_from_iter(columns).unwrap()), None);
        faults(&items).iter().map(|fault| (fault.place.position, fault.what.clone())).collect::<Vec<_>>()
    };
    assert_eq!(faults_of(99_000), []);
    let fault = (Position::Element(1), "more than 100000 values in one row".to_owned());
    assert_eq!(faults_of(100_000), faults_of(i32::MAX));
    assert_eq!(faults_of(i32::MAX), [fault]);
}

#[test]
fn tel_39_an_endless_batch_is_abandoned() {
    let head = &b"\xff\xff\xff\xff\0\0\0\x70"[..];
    let mut stream =
        arrow_file::BatchReader::new(BufReader::new(Cursor::new(head).chain(repeat(1))), 1 << 20);
    assert_eq!(stream.next().map(|_| ()), Err("a batch has more than 1 MiB".to_owned()));
}

#[test]
fn tel_60_a_row_of_another_table_is_skipped() {
    let texts = |values: [&str; 2]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let batch = RecordBatch::try_from_iter([
        ("Timestamp", texts(["2026-01-02", "2026-01-02"])),
        ("FileName", texts(["bitsadmin.exe", "bitsadmin.exe"])),
        ("ProcessCommandLine", texts(["a", "b"])),
        ("ActionType", texts(["ProcessCreated", "OpenProcessApiCall"])),
    ])
    .unwrap();
    for bytes in [as_arrow_stream(&batch), as_parquet(&batch, Compression::UNCOMPRESSED)] {
        for keep in [true, false] {
            let found = collect_items(&keeping(move |_| keep), |options, sink| {
                read_bytes(&bytes, &"t".into(), options, sink)
            });
            // A row that is not wanted is no process creation either.
            let others = found.iter().filter(|item| **item == Item::Skipped(Skip::OtherTable)).count();
            let creations = found.iter().filter(|item| matches!(item, Item::Event(_) | Item::Filtered(_)));
            assert_eq!((found.len(), others, creations.count()), (2, 1, 1), "{found:?}");
        }
    }
}
