//! The inputs that fuzzing starts with.

use serde_json::Value as Json;

use super::input::PROCESS_CREATIONS;
use crate::event_log::{Value, event, event_template, record_bytes};
use rulespec::Function::{self, BitsadminActivity, Has, HasAny, ParseCommandLine, Query};
use rulespec::suite::{LoadError, Vector, Want, vectors};
use rulespec_check::engine::protocol::{self, Call};
use rulespec_events::WindowsEvent;

/// An input to start with: its target, its name and its bytes.
pub type Seed = (&'static str, String, Vec<u8>);

/// Returns the seeds of all targets, most of them made from the vectors.
///
/// # Errors
///
/// Returns an error if the embedded vectors are malformed, which a test rules out.
pub fn seeds() -> Result<Vec<Seed>, LoadError> {
    let mut seeds = vec![];
    for vector in vectors()? {
        let mut add = |target, text: String| seeds.push((target, vector.id.clone(), text.into_bytes()));
        let call = Call { id: 1, function: &vector.r#fn, args: &vector.args };
        add("protocol", String::from_utf8_lossy(&protocol::line(&call)).into_owned());
        add("vectors", serde_json::json!([vector]).to_string());
        let function: Option<Function> = vector.r#fn.parse().ok();
        match vector.args.as_slice() {
            [Json::String(line), ..] if function == Some(ParseCommandLine) => {
                add("command_line", line.clone());
                add("quote_then_split", lines(wanted_arguments(&vector)));
            }
            [text, lookup] if function == Some(Has) => add("terms", lines([text, lookup])),
            [text, Json::Array(lookups)] if function == Some(HasAny) => {
                add("terms", lines([text].into_iter().chain(lookups)))
            }
            [table] if function == Some(BitsadminActivity) => add("rule", table.to_string()),
            [Json::String(text), _] if function == Some(Query) => {
                add("query_parse", text.clone());
                add("query_run", text.clone());
            }
            _ => {}
        }
    }
    let telemetry = PROCESS_CREATIONS
        .iter()
        .map(|(format, text)| ("telemetry", format!("{format:?}"), text.as_bytes().to_vec()));
    let logs = records().into_iter().map(|(name, bytes)| ("event_log", name.to_owned(), bytes));
    let times = TIMES.iter().map(|(name, text)| ("time", (*name).to_owned(), text.as_bytes().to_vec()));
    let mappings =
        MAPPINGS.iter().map(|(name, text)| ("mapping", (*name).to_owned(), text.as_bytes().to_vec()));
    let around = AROUND.iter().map(|(name, text)| ("exports", (*name).to_owned(), text.as_bytes().to_vec()));
    let texts = times.chain(mappings).chain(around);
    Ok(seeds.into_iter().chain(telemetry).chain(logs).chain(texts).collect())
}

/// Mapping files.
const MAPPINGS: [(&str, &str); 3] = [
    ("event", "[event]\nevent_id = ['a.b']\ndata = ['.', 'x']\nlocal_time = [{ path = 'a', with = 'b' }]\n"),
    ("values", "[sysmon]\nImage = ['p.exe']\nUser = ['d\\u']\n[security]\nCommandLine = ['c']\n"),
    ("names", "[row]\nFileName = ['exe']\n[alias]\nx = 'Security'\n"),
];

/// What may be beside an event.
const AROUND: [(&str, &str); 5] = [
    (
        "other-event",
        r##"{"EventID":7,"Channel":"Security","EventData":{"Data":[{"@Name":"a","#text":"b"}]}}"##,
    ),
    ("row", r#"{"TimeGenerated":"2026-01-02","TenantId":"t","FileName":null}"#),
    ("xml", "<Event><System><EventID>1</EventID></System></Event>"),
    ("list", r#"[{"Id":1,"source":"x"},[[]],"{\"a\":1}"]"#),
    ("lines", "EventCode=4688\nMessage=A new process has been created."),
];

/// A time of each form, some of them after a time zone.
const TIMES: [(&str, &str); 10] = [
    ("iso", "2026-11-24T18:20:55.1234567+01:00"),
    ("compact", "20261124T182055,123Z"),
    ("month-first", "11/24/2026, 6:20:55.123\u{202f}PM"),
    ("day-first", "24.11.2026 18:20:55"),
    ("named-month", "Nov 24, 2026 @ 18:20:55.123"),
    ("rfc-2822", "Tue, 24 Nov 2026 13:20:55 -0500 (EST)"),
    ("year-last", "Tue Nov 24 18:20:55 UTC 2026"),
    ("number", "1795544455.1234567"),
    ("dotnet", "/Date(1795544455123+0100)/"),
    ("local", "Europe/Berlin\n2026-10-25 02:30:00"),
];

/// The data of some records of event logs.
pub(super) fn records() -> [(&'static str, Vec<u8>); 5] {
    let data = [("Image", r"C:\b.exe"), ("OriginalFileName", "-"), ("CommandLine", "b /x")];
    let texts = data.map(|(name, value)| (name, value.into()));
    let nulls = data.map(|(name, _)| (name, Value::Null));
    let lists = data.map(|(name, _)| (name, Value::Other(0x86, vec![1, 0, 2, 0])));
    let process = [("NewProcessName", r"C:\b.exe".into()), ("CommandLine", "b /x".into())];
    let template = |provider: &str, event_id, data: &[(&str, Value)]| {
        let event = WindowsEvent { provider: provider.to_owned(), event_id, ..WindowsEvent::default() };
        record_bytes(&event_template(&event, data))
    };
    let (sysmon, security) = ("Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing");
    [
        ("elements", record_bytes(&event(sysmon, "1", &data))),
        ("templates", template(sysmon, 1, &texts)),
        ("lists", template(sysmon, 1, &lists)),
        ("nulls", template(sysmon, 1, &nulls)),
        ("security", template(security, 4688, &process)),
    ]
}

fn wanted_arguments(vector: &Vector) -> &[Json] {
    match &vector.want {
        Want::Settled { want: Json::Array(arguments) } => arguments,
        Want::Settled { .. } | Want::Open { .. } => &[],
    }
}

/// Joins strings, one per line.
fn lines<'a>(strings: impl IntoIterator<Item = &'a Json>) -> String {
    let strings = strings.into_iter().map(|string| string.as_str().unwrap_or_default());
    strings.collect::<Vec<_>>().join("\n")
}
