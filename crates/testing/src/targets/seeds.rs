use serde_json::Value as Json;

use super::input::GOOD;
use crate::event_log::{Value, contents, event, templated};
use rulespec::Function::{
    BitsadminActivity, ColumnIfExists, Element, EqCi, Extend, Has, HasAny, Iff, IndexOf, ParseCommandLine,
    ProjectReorder, Substring, ToString, Where,
};
use rulespec::suite::{LoadError, Vector, Want, vectors};
use rulespec_check::engine::protocol::{self, Call};
use rulespec_events::WindowsEvent;

/// An input to begin with: its target, its name and its bytes.
pub type Seed = (&'static str, String, Vec<u8>);

/// What fuzzing begins with: inputs made from the vectors.
///
/// # Errors
///
/// Where the embedded vectors are broken, which a test of this crate rules out.
pub fn seeds() -> Result<Vec<Seed>, LoadError> {
    let mut seeds = vec![];
    for vector in vectors()? {
        let mut add = |target, text: String| seeds.push((target, vector.id.clone(), text.into_bytes()));
        let call = Call { id: 1, function: &vector.r#fn, args: &vector.args };
        add("protocol", String::from_utf8_lossy(&protocol::line(&call)).into_owned());
        add("vectors", serde_json::json!([vector]).to_string());
        match (vector.r#fn.parse(), vector.args.as_slice()) {
            (Ok(ParseCommandLine), [Json::String(line), ..]) => {
                add("command_line", line.clone());
                add("quote_then_split", lines(arguments(&vector)));
            }
            (Ok(Has), [text, lookup]) => add("terms", lines([text, lookup])),
            (Ok(HasAny), [text, Json::Array(lookups)]) => {
                add("terms", lines([text].into_iter().chain(lookups)))
            }
            (Ok(BitsadminActivity), [table]) => add("rule", table.to_string()),
            (
                Ok(
                    EqCi | Has | HasAny | ParseCommandLine | Element | ToString | IndexOf | Substring | Iff
                    | ColumnIfExists | Where | Extend | ProjectReorder | BitsadminActivity,
                )
                | Err(_),
                _,
            ) => {}
        }
    }
    let telemetry =
        GOOD.iter().map(|(format, text)| ("telemetry", format!("{format:?}"), text.as_bytes().to_vec()));
    let logs = records().into_iter().map(|(name, bytes)| ("event_log", name.to_owned(), bytes));
    Ok(seeds.into_iter().chain(telemetry).chain(logs).collect())
}

/// What records of an event log hold.
pub(super) fn records() -> [(&'static str, Vec<u8>); 5] {
    let data = [("Image", r"C:\b.exe"), ("OriginalFileName", "-"), ("CommandLine", "b /x")];
    let values = data.map(|(name, value)| (name, value.into()));
    let nulls = data.map(|(name, _)| (name, Value::Null));
    let list = data.map(|(name, _)| (name, Value::Other(0x86, vec![1, 0, 2, 0])));
    let path = [("NewProcessName", r"C:\b.exe".into()), ("CommandLine", "b /x".into())];
    let event_of = |provider: &str, event_id| WindowsEvent {
        provider: provider.to_owned(),
        event_id,
        ..WindowsEvent::default()
    };
    let (sysmon, security) = ("Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing");
    [
        ("elements", contents(&event(sysmon, "1", &data))),
        ("templates", contents(&templated(&event_of(sysmon, 1), &values))),
        ("lists", contents(&templated(&event_of(sysmon, 1), &list))),
        ("nulls", contents(&templated(&event_of(sysmon, 1), &nulls))),
        ("security", contents(&templated(&event_of(security, 4688), &path))),
    ]
}

fn arguments(vector: &Vector) -> &[Json] {
    match &vector.want {
        Want::Settled { want: Json::Array(arguments) } => arguments,
        _ => &[],
    }
}

/// Strings, a line each.
fn lines<'a>(strings: impl IntoIterator<Item = &'a Json>) -> String {
    let strings = strings.into_iter().map(|string| string.as_str().unwrap_or_default());
    strings.collect::<Vec<_>>().join("\n")
}
