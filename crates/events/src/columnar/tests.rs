//! Tables written as Parquet and as Arrow IPC, read back.

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
use crate::{Event, Format, read_bytes};
use rulespec::kql::Dynamic;

/// Ten rows, of which the fourth has the name and the eighth the original name.
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
    let options = Options { format, keep: Arc::new(keep), progress: Arc::default(), jobs: 1 };
    let mut items = vec![];
    let flow = read_bytes(bytes, &"bytes".into(), &options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    items
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

fn cell<'e>(event: &'e Event, name: &str) -> &'e Dynamic {
    let at = event.columns.iter().position(|column| column.name == name).unwrap();
    &event.row[at]
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
        assert_eq!(items.iter().filter(|item| **item == Item::Passed(Source::Defender)).count(), 8);
        assert_eq!(faults(&items), Vec::<&Fault>::new());
        let events = events(&items);
        let positions: Vec<Position> = events.iter().map(|event| event.place.position).collect();
        assert_eq!(positions, [Position::Element(4), Position::Element(8)]);
        assert_eq!(cell(events[0], "ProcessCommandLine"), &Dynamic::from("x /transfer 3"));
        assert_eq!(cell(events[1], "ProcessId"), &Dynamic::Long(7));
    }
}

#[test]
fn tel_74_cells_come_in_the_types_that_exporters_choose() {
    let items = items(&as_parquet(&table(), Compression::SNAPPY), None);
    let event = events(&items)[1];
    assert_eq!(cell(event, "TimeGenerated").to_json(), "2026-01-02T03:04:05.1300000Z");
    assert_eq!(cell(event, "FileName"), &Dynamic::from("svchost.exe"));
    assert_eq!(cell(event, "IsProcessRemoteSession"), &Dynamic::Bool(true));
    assert_eq!(cell(event, "ActionType"), &Dynamic::from("ProcessCreated"));
    assert_eq!(cell(event, "AdditionalFields"), &Dynamic::from(r#"{"InitiatingProcess":"p7"}"#));
    assert_eq!(cell(event, "DeviceName"), &Dynamic::from(""));
}

#[test]
fn tel_74_a_column_of_another_type_is_told_and_left_empty() {
    let mut columns: Vec<(String, ArrayRef)> = vec![];
    for (field, column) in table().schema().fields().iter().zip(table().columns()) {
        columns.push((field.name().clone(), column.clone()));
    }
    columns.push(("Elapsed".to_owned(), Arc::new(Time32SecondArray::from(vec![1; 10]))));
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let items = items(&as_arrow_file(&batch), None);
    let told: Vec<&str> = faults(&items).iter().map(|fault| fault.what.as_str()).collect();
    assert_eq!(told, ["the columns Elapsed have a type that is not read"]);
    assert_eq!(events(&items).len(), 2);
}

#[test]
fn tel_73_a_table_without_the_deciding_columns_is_a_fault() {
    let batch = table().project(&[0, 1]).unwrap();
    for bytes in [as_parquet(&batch, Compression::SNAPPY), as_arrow_file(&batch), as_arrow_stream(&batch)] {
        let items = items(&bytes, None);
        let told: Vec<&str> = faults(&items).iter().map(|fault| fault.what.as_str()).collect();
        assert_eq!(told, ["cannot be read: it lacks the columns ProcessCommandLine"]);
        assert_eq!(items.len(), 1);
    }
}

#[test]
fn tel_73_a_deciding_column_that_holds_no_texts_is_a_fault() {
    let ids = table().column_by_name("ProcessId").unwrap().clone();
    let columns = [("Timestamp", ids.clone()), ("FileName", ids.clone()), (COMMAND_LINE, ids)];
    let items = items(&as_parquet(&RecordBatch::try_from_iter(columns).unwrap(), Compression::SNAPPY), None);
    assert_eq!(faults(&items)[0].what, "cannot be read: its column FileName holds no texts");
}

#[test]
fn tel_39_damaged_columns_are_faults_and_never_a_panic() {
    let table = table();
    for whole in [as_parquet(&table, Compression::SNAPPY), as_arrow_file(&table), as_arrow_stream(&table)] {
        let format = crate::format::recognise(&whole);
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
fn tel_73_a_stream_is_told_from_other_inputs_by_its_mark() {
    let stream = as_arrow_stream(&table());
    let mut count = 0;
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs: 1 };
    let _ = arrow(Cursor::new(&stream), &"x".into(), &options, &mut |_| {
        count += 1;
        ControlFlow::Continue(())
    });
    assert_eq!((count, crate::format::recognise(&stream)), (10, Some(Format::Arrow)));
}

#[test]
fn tel_72_a_row_of_more_values_than_are_held_is_a_fault() {
    let list = |count: i32| {
        let values = Arc::new(NullArray::new(count as usize));
        let offsets = OffsetBuffer::new(vec![0, count].into());
        let field = Arc::new(Field::new_list_field(DataType::Null, true));
        Arc::new(ListArray::new(field, offsets, values, None)) as ArrayRef
    };
    let text = |text: &str| Arc::new(StringArray::from(vec![text])) as ArrayRef;
    let told = |count| {
        let name = text("bitsadmin.exe");
        let columns =
            [("Timestamp", text("")), (FILE_NAME, name), (COMMAND_LINE, text("")), ("Many", list(count))];
        let items = items(&as_arrow_stream(&RecordBatch::try_from_iter(columns).unwrap()), None);
        faults(&items).iter().map(|fault| (fault.place.position, fault.what.clone())).collect::<Vec<_>>()
    };
    assert_eq!(told(99_000), []);
    let fault = (Position::Element(1), "more than 100000 values in one row".to_owned());
    assert_eq!(told(100_000), told(i32::MAX));
    assert_eq!(told(i32::MAX), [fault]);
}

#[test]
fn tel_39_a_batch_without_end_is_given_up() {
    let head = &b"\xff\xff\xff\xff\0\0\0\x70"[..];
    let mut stream = Stream::new(BufReader::new(Cursor::new(head).chain(repeat(1))), 1 << 20);
    assert_eq!(stream.next().map(|_| ()), Err("a batch has more than 1 MiB".to_owned()));
}
