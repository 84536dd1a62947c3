//! Where exports have the values of a process creation.
//!
//! There is one table, [`shapes.toml`](https://docs.rs/crate/rulespec-events/latest/source/src/shapes.toml),
//! for the exports of all tools. A mapping file has the same form and adds the paths of another tool.

mod keys;
mod mapping;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use crate::name_set::NameSet;
use crate::resolve::is_original;
use crate::{defender, security, sysmon};
use keys::{first_keys, insert_path};
pub use mapping::MappingError;
use mapping::{MAX_MAPPING_LEN, Mapping, check_names};

/// The maximum length of a key with underscores in place of dots.
const MAX_FLATTENED_LEN: usize = 200;

/// Where exports have the values of a Windows event: for each value, paths in order of preference.
///
/// ```
/// use std::sync::Arc;
///
/// use rulespec_events::{Options, Shapes};
///
/// let shapes = Shapes::with_mapping("[event]\nevent_id = ['evt.num']\nprovider = ['evt.src']\n")?;
/// let options = Options { shapes: Arc::new(shapes), ..Options::default() };
/// # Ok::<(), rulespec_events::MappingError>(())
/// ```
///
/// Spec: TEL-54, TEL-96
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shapes {
    pub(crate) event: EventPaths,
    pub(crate) sysmon: Extra,
    pub(crate) security: Extra,
    pub(crate) row: Extra,
    /// Other names of providers and channels, and the names that Windows gives them.
    alias: BTreeMap<String, String>,
    /// Whether a mapping file has added to the table.
    pub(crate) has_mapping: bool,
    /// The names of the members that decide what an object is.
    pub(crate) kept: NameSet,
    /// The keys that the path of an event id may begin with.
    pub(crate) event_id_keys: NameSet,
    /// The keys that a row has at least one of.
    pub(crate) row_marks: NameSet,
    /// The keys that the path of a column with another name may begin with.
    pub(crate) row_keys: NameSet,
    /// The paths of nested values by what they are if underscores take the place of dots.
    flattened: HashMap<String, String>,
    /// The same for the paths of data.
    flattened_data: Vec<(String, String)>,
}

/// The paths of values that are not among the data of an event, by the names of the values.
pub(crate) type Extra = BTreeMap<String, Vec<String>>;

/// The paths of the values of a Windows event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct EventPaths {
    pub(crate) provider: Vec<String>,
    pub(crate) channel: Vec<String>,
    pub(crate) event_id: Vec<String>,
    pub(crate) version: Vec<String>,
    pub(crate) computer: Vec<String>,
    pub(crate) time: Vec<String>,
    pub(crate) record_id: Vec<String>,
    pub(crate) data: Vec<String>,
    pub(crate) message: Vec<String>,
    pub(crate) local_time: Vec<LocalTime>,
    pub(crate) escaped: Vec<String>,
}

/// The path of a time that is local, at least if there is another value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum LocalTime {
    Always(String),
    With { path: String, with: String },
}

impl LocalTime {
    /// The path, and the condition, if there is one.
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Always(path) => Cow::Borrowed(path),
            Self::With { path, with } => Cow::Owned(format!("{path} (beside {with})")),
        }
    }
}

static BUILT_IN: LazyLock<Arc<Shapes>> = LazyLock::new(|| {
    let shapes = Shapes::from_toml(include_str!("shapes.toml"));
    Arc::new(shapes.unwrap_or_else(|error| panic!("shapes.toml: {error}")))
});

impl Shapes {
    /// The table of known shapes.
    pub fn built_in() -> Arc<Self> {
        BUILT_IN.clone()
    }

    /// The table of known shapes, preceded by the paths of a mapping file, which is TOML:
    ///
    /// ```toml
    /// [event]              # provider, channel, event_id, version, computer, time, record_id, data, message
    /// event_id = ["evt.num"]
    /// provider = ["evt.src"]
    ///
    /// [security]           # or sysmon: values of the event by their names
    /// CommandLine = ["proc.cmd"]
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the file is not TOML, if it has a name that no value of an event has, or if it
    /// is larger than 1 MiB.
    ///
    /// Spec: TEL-96
    pub fn with_mapping(text: &str) -> Result<Self, MappingError> {
        let mut shapes = Self::from_toml(text)?;
        let known = Self::built_in();
        for (paths, more) in shapes.event.lists_mut().into_iter().zip(known.event.lists()) {
            paths.extend_from_slice(more);
        }
        shapes.event.local_time.extend_from_slice(&known.event.local_time);
        let Self { sysmon, security, row, .. } = &mut shapes;
        for (extra, more) in [(sysmon, &known.sysmon), (security, &known.security), (row, &known.row)] {
            for (name, paths) in more {
                extra.entry(name.clone()).or_default().extend_from_slice(paths);
            }
        }
        for (name, windows_name) in &known.alias {
            shapes.alias.entry(name.clone()).or_insert_with(|| windows_name.clone());
        }
        shapes.index();
        shapes.has_mapping = shapes != *known;
        Ok(shapes)
    }

    fn from_toml(text: &str) -> Result<Self, MappingError> {
        if text.len() > MAX_MAPPING_LEN {
            let what = format!("a mapping of {} bytes is larger than 1 MiB", text.len());
            return Err(MappingError::new(what, "keep only the paths that are needed"));
        }
        let mapping: Mapping = toml::from_str(text).map_err(|error| MappingError {
            line: error.span().map(|span| text.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1),
            what: error.message().lines().next().unwrap_or_default().to_owned(),
            remedy: "see `rulespec list shapes` for the names of values".to_owned(),
        })?;
        check_names("sysmon", &mapping.sysmon, &|name| sysmon::NAMES.contains(&name))?;
        check_names("security", &mapping.security, &|name| security::NAMES.contains(&name))?;
        check_names("row", &mapping.row, &defender::is_known_column)?;
        let Mapping { event, sysmon, security, row, alias } = mapping;
        let mut shapes = Self {
            event,
            sysmon,
            security,
            row,
            alias,
            has_mapping: false,
            kept: NameSet::default(),
            event_id_keys: NameSet::default(),
            row_marks: NameSet::default(),
            row_keys: NameSet::default(),
            flattened: HashMap::new(),
            flattened_data: vec![],
        };
        shapes.index();
        let problem = shapes.entries().find_map(|entry| entry.problem());
        problem.map_or(Ok(shapes), Err)
    }

    /// The path that a key with underscores in place of dots stands for, such as `winlog_event_id`. It may
    /// have the name of a tool before it. Returns `None` if that is no path of this table.
    ///
    /// Spec: TEL-53
    pub(crate) fn path_of_flattened(&self, key: &str) -> Option<String> {
        if key.len() > MAX_FLATTENED_LEN {
            return None;
        }
        // The name of a tool may precede the whole, or what Winlogbeat calls `winlog`.
        let without_tool = key.strip_prefix("winlogbeat_").unwrap_or(key);
        let within = without_tool.find("_winlog_").map(|at| without_tool.split_at(at + 1).1);
        [Some(without_tool), within].into_iter().flatten().find_map(|key| {
            let data = self.flattened_data.iter().find_map(|(flattened, path)| {
                let name = key.strip_prefix(flattened.as_str())?.strip_prefix('_')?;
                Some(format!("{path}.{name}"))
            });
            data.or_else(|| self.flattened.get(key).cloned())
        })
    }

    /// The name of a column without the underscore that GELF puts before it.
    ///
    /// Spec: TEL-53
    pub(crate) fn name_in_gelf(&self, key: &str) -> Option<String> {
        key.strip_prefix('_').filter(|name| self.is_column(name)).map(str::to_owned)
    }

    /// The columns of a header with the names that Microsoft gives those of DeviceProcessEvents.
    ///
    /// Spec: TEL-61
    pub(crate) fn column_names(&self, names: Vec<String>) -> Vec<String> {
        let mut columns = names.clone();
        for (name, paths) in &self.row {
            let position = |path: &str| names.iter().position(|other| other == path);
            let Some((path, at)) = paths.iter().find_map(|path| Some((path, position(path)?))) else {
                continue;
            };
            let own = position(name);
            if own.is_some() && !is_original(path) {
                continue;
            }
            // The copy's own time gives way to that of the row.
            if let Some(column) = own.and_then(|at| columns.get_mut(at)) {
                column.push_str(" of the copy");
            }
            if let Some(column) = columns.get_mut(at) {
                column.clone_from(name);
            }
        }
        columns
    }

    /// Whether a value of a Windows event may be in a column with this name.
    pub(crate) fn is_column(&self, name: &str) -> bool {
        let is_value = sysmon::NAMES.contains(&name) || security::NAMES.contains(&name);
        is_value || self.paths().any(|path| path == name)
    }

    /// The name that Windows gives a provider or a channel.
    ///
    /// Spec: TEL-103
    pub(crate) fn windows_name<'n>(&'n self, name: &'n str) -> &'n str {
        // Windows' own names are never aliases.
        if name.starts_with("Microsoft-Windows-") {
            return name;
        }
        let found = self.alias.get(name);
        let found = found.or_else(|| {
            let mut aliases = self.alias.iter();
            aliases.find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map(|(_, windows_name)| windows_name)
        });
        found.map_or(name, String::as_str)
    }

    /// Derives what is looked up for every object.
    fn index(&mut self) {
        let flattened = |path: &str| (path.replace('.', "_"), path.to_owned());
        let nested = |path: &str| path.contains('.');
        self.kept = self.kept_names();
        self.event_id_keys = first_keys(self.event.event_id.iter());
        self.row_keys = first_keys(self.row.values().flatten());
        let times = defender::TIMES.iter().filter_map(|name| self.row.get(*name));
        self.row_marks = first_keys(times.flatten());
        defender::TIMES.into_iter().chain(["category"]).for_each(|name| self.row_marks.insert(name));
        self.flattened_data =
            self.event.data.iter().filter(|path| nested(path)).map(|path| flattened(path)).collect();
        self.flattened = self.paths().filter(|path| nested(path)).map(|path| flattened(&path)).collect();
    }

    /// The names of all members that decide what an object is, whether it is wanted, and when it was.
    fn kept_names(&self) -> NameSet {
        let mut kept = NameSet::default();
        let event = &self.event;
        let decisive = [&event.provider, &event.channel, &event.event_id, &event.time, &event.data];
        decisive.into_iter().flatten().for_each(|path| insert_path(&mut kept, path));
        let named: [(&Extra, &[&str]); 3] = [
            (&self.sysmon, &sysmon::DECISIVE),
            (&self.security, &security::DECISIVE),
            (&self.row, &defender::DECISIVE),
        ];
        for (extra, names) in named {
            for name in names {
                kept.insert(name);
                kept.insert(&first_lowercase(name));
                kept.insert(&format!("properties.{name}"));
                event.data.iter().for_each(|path| insert_path(&mut kept, &format!("{path}.{name}")));
                extra.get(*name).into_iter().flatten().for_each(|path| insert_path(&mut kept, path));
            }
        }
        let parts = ["Data", "#text", "text", "Value", "value", "_", "@Name", "Name"];
        parts.into_iter().for_each(|name| kept.insert(name));
        // The objects that have these values.
        for path in self.paths() {
            path.rsplit_once('.').unwrap_or_default().0.split('.').for_each(|name| kept.insert(name));
        }
        // Objects in or around events. To search others takes longer.
        let objects =
            ["Event", "#attributes", "Correlation", "Execution", "Security", "_source", "properties"];
        objects.into_iter().for_each(|name| kept.insert(name));
        kept
    }

    /// All entries of the table, in its order.
    pub fn entries(&self) -> impl Iterator<Item = ShapeEntry<'_>> {
        let event = EventPaths::NAMES.into_iter().zip(self.event.lists());
        let event =
            event.map(|(value, paths)| ShapeEntry { section: "event", value, paths: borrowed(paths) });
        let local_time = self.event.local_time.iter().map(LocalTime::text).collect();
        let local_time = ShapeEntry { section: "event", value: "local_time", paths: local_time };
        let extra = [("sysmon", &self.sysmon), ("security", &self.security), ("row", &self.row)];
        let extra = extra.into_iter().flat_map(|(section, extra)| {
            extra.iter().map(move |(value, paths)| ShapeEntry { section, value, paths: borrowed(paths) })
        });
        let alias = self.alias.iter().map(|(name, windows_name)| ShapeEntry {
            section: "alias",
            value: name,
            paths: vec![Cow::Borrowed(windows_name.as_str())],
        });
        event.chain([local_time]).chain(extra).chain(alias)
    }

    /// The paths of all values.
    fn paths(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.entries().filter(|entry| entry.section != "alias").flat_map(|entry| entry.paths)
    }
}

/// A value, and the paths that it is looked for at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeEntry<'a> {
    /// `event`, `sysmon`, `security`, `row` or `alias`.
    pub section: &'static str,
    /// The name of the value, or the other name of a provider or a channel.
    pub value: &'a str,
    /// The paths in order of preference, or the name that Windows gives it.
    pub paths: Vec<Cow<'a, str>>,
}

fn borrowed(paths: &[String]) -> Vec<Cow<'_, str>> {
    paths.iter().map(|path| Cow::Borrowed(path.as_str())).collect()
}

impl EventPaths {
    /// The names of the lists in their order.
    const NAMES: [&str; 10] = [
        "provider",
        "channel",
        "event_id",
        "version",
        "computer",
        "time",
        "record_id",
        "data",
        "message",
        "escaped",
    ];

    fn lists(&self) -> [&Vec<String>; 10] {
        [
            &self.provider,
            &self.channel,
            &self.event_id,
            &self.version,
            &self.computer,
            &self.time,
            &self.record_id,
            &self.data,
            &self.message,
            &self.escaped,
        ]
    }

    fn lists_mut(&mut self) -> [&mut Vec<String>; 10] {
        [
            &mut self.provider,
            &mut self.channel,
            &mut self.event_id,
            &mut self.version,
            &mut self.computer,
            &mut self.time,
            &mut self.record_id,
            &mut self.data,
            &mut self.message,
            &mut self.escaped,
        ]
    }
}

/// A name as exports write it whose keys begin with a small letter.
pub(crate) fn first_lowercase(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

#[cfg(test)]
mod tests;
