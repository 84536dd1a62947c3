//! Rows of DeviceProcessEvents.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::defender::{self, COMMAND_LINE, FILE_NAME};
use crate::tree::{Members, Node};
use crate::value::Value;
use crate::{Item, Options, Place, Shapes, Sink, Skip};

/// A row of DeviceProcessEvents.
pub(super) struct Row<'t, 'a>(Vec<(&'t str, Cow<'t, Value<'a>>)>);

/// The row that an object is. Returns `None` if it is no row of any table.
///
/// # Errors
///
/// Returns the reason to skip a row of another table.
///
/// Spec: TEL-59, TEL-60
pub(super) fn find<'t, 'a>(
    members: &'t Members<'a>,
    shapes: &'t Shapes,
) -> Option<Result<Row<'t, 'a>, Skip>> {
    if !members.iter().any(|(key, _)| shapes.row_marks.contains(key)) {
        return None;
    }
    let has_other_names = members.iter().any(|(key, _)| shapes.row_keys.contains(key));
    let node = |name: &str| {
        let paths = || shapes.row.get(name).filter(|_| has_other_names);
        let other = || paths()?.iter().find_map(|path| Node::find(members, path));
        Node::find(members, name).or_else(other)
    };
    let text = |name: &str| node(name).map(Node::text).unwrap_or_default();
    if let Some(table) = text("category").strip_prefix("AdvancedHunting-") {
        return Some(match table {
            "DeviceProcessEvents" => Ok(Row(columns_below(members, "properties"))),
            _ => Err(Skip::OtherTable),
        });
    }
    let has = |name: &str| node(name).is_some();
    if !defender::TIMES.into_iter().any(has) {
        return None;
    }
    let is_row = defender::is_row(&text, &has)?;
    Some(if is_row {
        Ok(Row(if has_other_names { columns_by_name(members, shapes) } else { columns(members) }))
    } else {
        Err(Skip::OtherTable)
    })
}

/// Whether an object names the table that it is a row of.
pub(super) fn names_its_table(members: &Members<'_>) -> bool {
    let is_name = |key: &str| matches!(key, "category" | "Type" | "_OriginalType");
    if !members.iter().any(|(key, _)| is_name(key)) {
        return false;
    }
    let text = |name| Node::find(members, name).map(Node::text).unwrap_or_default();
    text("category").starts_with("AdvancedHunting-")
        || ["_OriginalType", "Type"].into_iter().any(|name| text(name).starts_with("Device"))
}

fn columns<'t, 'a>(members: &'t Members<'a>) -> Vec<(&'t str, Cow<'t, Value<'a>>)> {
    members.iter().map(|(name, node)| (&**name, node.value())).collect()
}

/// The columns in an object, with the names that Microsoft gives them.
fn columns_by_name<'t, 'a>(
    members: &'t Members<'a>,
    shapes: &'t Shapes,
) -> Vec<(&'t str, Cow<'t, Value<'a>>)> {
    let mut columns = columns(members);
    for (name, paths) in &shapes.row {
        let mut found = paths.iter().filter_map(|path| Some((path, Node::find(members, path)?)));
        let has_value = columns.iter().any(|(other, value)| other == name && !value.is_empty());
        if let Some((path, node)) =
            found.find(|(path, node)| !node.is_empty() && (!has_value || is_original(path)))
        {
            columns.retain(|(other, _)| other != path);
            columns.push((name, node.value()));
        }
    }
    columns
}

/// Whether a column has the value that the row had in the table that it was copied from.
pub(crate) fn is_original(name: &str) -> bool {
    name.starts_with("_Original")
}

/// The columns in an object, or with this prefix.
fn columns_below<'t, 'a>(members: &'t Members<'a>, path: &str) -> Vec<(&'t str, Cow<'t, Value<'a>>)> {
    let below = members.iter().flat_map(|(key, node)| match (key.strip_prefix(path), node) {
        (Some(""), Node::Object(row)) => columns(row),
        (Some(name), node) => name.strip_prefix('.').map(|name| (name, node.value())).into_iter().collect(),
        (None, _) => vec![],
    });
    below.collect()
}

impl Row<'_, '_> {
    /// Reports the row. Returns `None` if it is wanted and not complete.
    pub(super) fn report(
        &self,
        is_complete: bool,
        place: &Place,
        options: &Options,
        sink: &mut Sink<'_>,
    ) -> Option<ControlFlow<()>> {
        let find = |name: &str| self.0.iter().rfind(|(other, _)| *other == name).map(|(_, value)| &**value);
        // Only some members of an object were read, so an object must be read again if it decides.
        let is_cut = |(name, value): &(&str, Cow<'_, Value<'_>>)| {
            matches!(&**value, Value::Other(json) if json.is_object()) && defender::DECISIVE.contains(name)
        };
        let is_lacking = || find(FILE_NAME).is_none() || find(COMMAND_LINE).is_none();
        if !is_complete && (is_lacking() || self.0.iter().any(is_cut)) {
            return None;
        }
        if find(FILE_NAME).is_none() {
            let what = "the row of a process creation has no FileName";
            return Some(sink(Item::fault(place.clone(), what, "export the table with this column")));
        }
        if let Some(item) = defender::prefilter(&find, true, place, &*options.keep) {
            return Some(sink(item));
        }
        if !is_complete {
            return None;
        }
        let values: Vec<(&str, &Value<'_>)> = self.0.iter().map(|(name, value)| (*name, &**value)).collect();
        Some(defender::report_object(&values, place.clone(), options, sink))
    }
}
