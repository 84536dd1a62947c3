//! Process creations for tests.

use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{WindowsEvent, report};
use crate::{Event, Item, Names, Options, Place, Position};

/// A process creation of this provider with these data.
pub(crate) fn creation(provider: &str, event_id: u32, data: &[(&str, &str)]) -> Event {
    // Without a program, there would be no row.
    let program = if event_id == 1 { "Image" } else { "NewProcessName" };
    let data = data.iter().copied().chain([(program, "")]);
    let data = data.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let event = WindowsEvent {
        provider: provider.to_owned(),
        event_id,
        computer: "ws07.corp.example".to_owned(),
        time_created: "2026-01-02T03:04:05.6789012Z".to_owned(),
        record_id: Some(911_402),
        data,
        ..WindowsEvent::default()
    };
    match item(&event, |_| true) {
        Item::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

/// The only item that is reported for an event.
pub(crate) fn item(event: &WindowsEvent, keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Item {
    let place = Place { file: "f".into(), position: Position::Whole };
    let options = Options { keep: Arc::new(keep), ..Options::default() };
    let mut items = vec![];
    let _ = report(event, place, &options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0)
}

/// The cells of an event that are not empty, as JSON.
pub(crate) fn cells(event: &Event) -> Map<String, Json> {
    event.table().unwrap();
    let cells = event.columns.iter().zip(&event.row);
    let cells = cells.filter(|(column, cell)| **cell != column.r#type.empty());
    cells.map(|(column, cell)| (column.name.clone(), cell.to_json())).collect()
}

/// The cells of an event that are not empty, except for these columns, which must not be empty.
pub(crate) fn cells_except(event: &Event, common: &[&str]) -> Json {
    let mut cells = cells(event);
    for name in common {
        cells.remove(*name).unwrap();
    }
    cells.into()
}
