//! What an exported object is: a Windows event, a row of DeviceProcessEvents, or an object around one.
//!
//! One table says where the exports of all tools have the values of an event: [`Shapes`]. An
//! object that is none itself is searched, to a small depth, for objects and for texts that are.

mod data;
mod found;
mod message;
mod missing;
mod nested;
mod repeated;
mod row;
mod template;

use std::borrow::Cow;
use std::ops::ControlFlow;

use serde_json::Error;

use crate::prefilter::prefilter;
use crate::shapes::{EventPaths, LocalTime, Shapes};
use crate::tree::candidate::Candidate;
use crate::tree::{self, Decisive, Members, Node, Parsed};
use crate::value::Value;
use crate::windows_event::{self, WindowsEvent};
use crate::{Item, Options, Place, Sink, Skip, Source, security, sysmon, time};
use data::Data;
use found::Found;

pub(crate) use missing::{counted, keys, listed, program as missing_program};
pub(crate) use row::is_original;
pub(crate) use template::named as named_by_position;

/// How deep an event may be in objects and lists around it.
const MAX_DEPTH: usize = 4;

/// Reports the events that a JSON object is or contains. Returns `None` if there are none, or if they may
/// be in a list and lists are not to be looked into.
///
/// # Errors
///
/// Returns an error if the object cannot be parsed.
///
/// Spec: TEL-44, TEL-54
pub(crate) fn report(
    text: &str,
    has_lists: bool,
    place: &Place,
    options: &Options,
    sink: &mut Sink<'_>,
) -> Result<Option<ControlFlow<()>>, Error> {
    let resolver = Resolver { has_lists, ..Resolver::new(place, options) };
    resolver.report_json(text, sink)
}

/// Reports the events that an object with these members is or contains. Returns `None` if there are
/// none.
pub(crate) fn report_members(
    members: &Members<'_>,
    place: &Place,
    options: &Options,
    sink: &mut Sink<'_>,
) -> Option<ControlFlow<()>> {
    Resolver::new(place, options).report(members, sink)
}

/// Whether a value has a list of objects or lists, which may be events.
fn has_inner_objects(node: &Node<'_>) -> bool {
    match node {
        Node::Leaf(_) => false,
        Node::List(list) => list.iter().any(|node| !matches!(node, Node::Leaf(_))),
        Node::Object(members) => members.iter().any(|(_, node)| has_inner_objects(node)),
    }
}

/// Resolves one object of an input.
struct Resolver<'r> {
    place: &'r Place,
    options: &'r Options,
    /// The texts of the object that may be events, if not all of its members are there.
    candidates: &'r [Candidate<'r>],
    /// How many texts the object is nested in.
    nesting: usize,
    /// Whether the object has all of its members, or only those that decide what it is.
    is_complete: bool,
    /// Whether events may be in lists.
    has_lists: bool,
    /// Whether texts matter only if they may have process creations.
    has_only_creations: bool,
}

impl<'r> Resolver<'r> {
    /// Resolves an object with all of its members.
    fn new(place: &'r Place, options: &'r Options) -> Self {
        Self {
            place,
            options,
            candidates: &[],
            nesting: 0,
            is_complete: true,
            has_lists: true,
            has_only_creations: false,
        }
    }

    fn shapes(&self) -> &'r Shapes {
        &self.options.shapes
    }

    /// Reports the events in a JSON object. Most of them need only the members that decide.
    fn report_json(&self, text: &str, sink: &mut Sink<'_>) -> Result<Option<ControlFlow<()>>, Error> {
        let decisive = tree::parse_decisive(text, &self.shapes().kept)?;
        let Decisive { members, candidates, is_repeated } = &decisive;
        if !is_repeated {
            let resolver = Resolver { candidates, is_complete: false, ..*self };
            if let Some(flow) = resolver.report(members, sink) {
                return Ok(Some(flow));
            }
        }
        let Parsed { value: members, repeated } = tree::parse(text)?;
        let root_is = Found::of(&members, self.shapes());
        let is_certain = root_is.as_ref().is_some_and(Found::is_certain);
        if !self.has_lists && !is_certain && members.iter().any(|(_, node)| has_inner_objects(node)) {
            return Ok(None);
        }
        let resolver = Resolver { has_lists: true, ..*self };
        let report = |sink: &mut Sink<'_>| resolver.report_root(root_is, &members, sink);
        Ok(match is_repeated {
            true => self.tell_before(&repeated, sink, report),
            false => self.tell_after(&repeated, sink, report),
        })
    }

    /// Reports the events in this object. Returns `None` if there are none, or if all members are needed
    /// to know.
    fn report(&self, root: &Members<'_>, sink: &mut Sink<'_>) -> Option<ControlFlow<()>> {
        self.report_root(Found::of(root, self.shapes()), root, sink)
    }

    /// Reports the events in an object that is this itself.
    fn report_root<'t, 'a>(
        &self,
        root_is: Option<Found<'t, 'a>>,
        root: &'t Members<'a>,
        sink: &mut Sink<'_>,
    ) -> Option<ControlFlow<()>>
    where
        'r: 't,
    {
        // Most objects are events themselves, or have a single one.
        if let Some(found) = root_is.as_ref().filter(|found| found.is_certain()) {
            return self.report_all(std::slice::from_ref(found), root, sink);
        }
        // The tree of an event's XML has a single root element. This is what the search would find.
        if let (None, [(_, Node::Object(element))]) = (&root_is, &root[..])
            && let Some(found) = Found::of(element, self.shapes()).filter(Found::is_certain)
        {
            return self.report_all(std::slice::from_ref(&found), root, sink);
        }
        let mut inner = self.search(root);
        let doubtful = root_is.or_else(|| inner.extract_if(.., |found| !found.is_certain()).next());
        inner.retain(Found::is_certain);
        if !inner.is_empty() {
            return self.report_all(&inner, root, sink);
        }
        if !self.is_complete {
            return None;
        }
        let texts = self.report_texts(root, sink).or_else(|| self.report_flattened(root, sink));
        texts.or_else(|| self.report_found(&doubtful?, sink))
    }

    /// Reports one or several events in an object, or none of them.
    fn report_all(
        &self,
        found: &[Found<'_, '_>],
        root: &Members<'_>,
        sink: &mut Sink<'_>,
    ) -> Option<ControlFlow<()>> {
        let is_other = |found: &Found<'_, '_>| match found {
            Found::Skipped(skip) => *skip != Skip::OtherTable,
            Found::Creation(..) | Found::Row(_) | Found::Doubtful(..) => false,
        };
        // An event of another kind may have a process creation in a text.
        if found.iter().all(is_other) {
            if self.have_creations(self.candidates) {
                return None;
            }
            let inner = if self.is_complete { self.creations_in_texts(root) } else { vec![] };
            if !inner.is_empty() {
                return Some(inner.into_iter().try_for_each(sink));
            }
        }
        if let [found] = found {
            return self.report_found(found, sink);
        }
        let mut items = vec![];
        let mut keep = |item| {
            items.push(item);
            ControlFlow::Continue(())
        };
        for event in found {
            let _ = self.report_found(event, &mut keep)?;
        }
        Some(items.into_iter().try_for_each(sink))
    }

    /// Reports events whose keys are written with underscores: instead of dots, or as a prefix.
    ///
    /// Spec: TEL-53
    fn report_flattened(&self, root: &Members<'_>, sink: &mut Sink<'_>) -> Option<ControlFlow<()>> {
        let mut level = vec![root];
        for _ in 0..=MAX_DEPTH {
            let renamed: Vec<_> = level.iter().filter_map(|members| self.renamed(members)).collect();
            let found = renamed.iter().filter_map(|members| Found::of(members, self.shapes()));
            let found: Vec<_> = found.filter(Found::is_certain).collect();
            if !found.is_empty() {
                return self.report_all(&found, root, sink);
            }
            level = level.into_iter().flatten().flat_map(|(_, node)| self.inner_objects(node)).collect();
        }
        None
    }

    /// An object with the paths that its keys stand for. Returns `None` if they stand for none.
    fn renamed<'a>(&self, members: &Members<'a>) -> Option<Members<'a>> {
        let path =
            |key: &str| self.shapes().path_of_flattened(key).or_else(|| self.shapes().name_in_gelf(key));
        let paths: Vec<Option<String>> = members.iter().map(|(key, _)| path(key)).collect();
        let is_renamed = paths.iter().any(Option::is_some);
        let members = members.iter().zip(paths).map(|((key, node), path)| {
            let key = path.map_or_else(|| key.clone(), Cow::Owned);
            (key, node.clone())
        });
        is_renamed.then(|| members.collect())
    }

    /// The outermost objects in an object that are events or rows.
    ///
    /// Spec: TEL-54
    fn search<'t, 'a>(&self, root: &'t Members<'a>) -> Vec<Found<'t, 'a>>
    where
        'r: 't,
    {
        let mut level = vec![root];
        let mut all = vec![];
        for _ in 0..MAX_DEPTH {
            level = level.into_iter().flatten().flat_map(|(_, node)| self.inner_objects(node)).collect();
            let found: Vec<_> =
                level.iter().filter_map(|members| Found::of(members, self.shapes())).collect();
            let is_over = found.iter().any(|found| matches!(found, Found::Creation(..) | Found::Row(_)));
            all.extend(found);
            if is_over {
                break;
            }
        }
        all
    }

    /// The objects directly in a value, also as elements of lists.
    fn inner_objects<'t, 'a>(&self, node: &'t Node<'a>) -> Vec<&'t Members<'a>> {
        match node {
            Node::Object(members) => vec![members],
            Node::List(list) if self.has_lists => {
                list.iter().flat_map(|node| self.inner_objects(node)).collect()
            }
            Node::Leaf(_) | Node::List(_) => vec![],
        }
    }

    fn report_found(&self, found: &Found<'_, '_>, sink: &mut Sink<'_>) -> Option<ControlFlow<()>> {
        match found {
            Found::Skipped(skip) => Some(sink(Item::Skipped(*skip))),
            Found::Doubtful(..) if !self.is_complete => None,
            Found::Doubtful(members, skip) => Some(sink(
                missing::unknown_provider(members, self.place, self.shapes()).unwrap_or(Item::Skipped(*skip)),
            )),
            Found::Row(row) => row.report(self.is_complete, self.place, self.options, sink),
            Found::Creation(members, source) => self.report_creation(members, *source, sink),
        }
    }

    /// Spec: TEL-97
    fn report_creation(
        &self,
        members: &Members<'_>,
        source: Source,
        sink: &mut Sink<'_>,
    ) -> Option<ControlFlow<()>> {
        let mut data = Data::of(members, source, self.shapes());
        let repeated = std::mem::take(&mut data.repeated);
        self.tell_before(&repeated, sink, |sink| self.report_data(members, data, source, sink))
    }

    fn report_data<'t, 'a>(
        &self,
        members: &'t Members<'a>,
        mut data: Data<'t, 'a>,
        source: Source,
        sink: &mut Sink<'_>,
    ) -> Option<ControlFlow<()>> {
        match self.is_complete {
            false => data.fill(members, decisive_names(source), source, self.shapes()),
            true => {
                data.fill(members, names(source), source, self.shapes());
                data.fill_from_message(members, source, self.shapes());
            }
        }
        let decisive = decisive_names(source).iter().map(|name| Some((*name, data.get(name)?)));
        let decisive: Vec<(&str, Cow<'_, str>)> = decisive.flatten().collect();
        if decisive.len() < decisive_names(source).len() {
            if !self.is_complete {
                return None;
            }
            if let Some(fault) = missing::fault(members, &data, source, self.place, self.shapes()) {
                return Some(self.report_texts(members, sink).unwrap_or_else(|| sink(fault)));
            }
        }
        let find = |name: &str| decisive.iter().find(|(other, _)| *other == name).map(|(_, value)| &**value);
        let names = windows_event::names(source, &find);
        let place = || self.place.clone();
        if let Some(item) = prefilter(names, source, place, &*self.options.keep) {
            let time = || first_text(members, &self.shapes().event.time).unwrap_or_default();
            return Some(sink(item.with_orders(|| time::orders(&time()))));
        }
        if !self.is_complete {
            return None;
        }
        let event = self.event(members, data);
        Some(windows_event::report_row(&event, source, place(), self.options, sink))
    }

    fn event(&self, members: &Members<'_>, data: Data<'_, '_>) -> WindowsEvent {
        let paths = &self.shapes().event;
        let text = |paths| first_text(members, paths).unwrap_or_default().into_owned();
        let number = |paths| first_text(members, paths)?.trim().parse().ok();
        WindowsEvent {
            provider: text(&paths.provider),
            channel: text(&paths.channel),
            event_id: event_id(members, paths).unwrap_or_default(),
            version: first_text(members, &paths.version).and_then(|version| version.trim().parse().ok()),
            computer: text(&paths.computer),
            time_created: text(&paths.time),
            is_local_time: is_local_time(members, paths),
            record_id: number(&paths.record_id),
            data: data.into_pairs(),
        }
    }
}

/// Whether the time of an event is at a path that has local times.
///
/// Spec: TEL-101
fn is_local_time(members: &Members<'_>, paths: &EventPaths) -> bool {
    let mut found = paths.time.iter().filter_map(|path| Some((path, Node::find_value(members, path)?)));
    found.next().is_some_and(|(found, node)| {
        let is_told = matches!(node, Node::Leaf(Value::LocalTime(_)));
        is_told
            || paths.local_time.iter().any(|local| match local {
                LocalTime::Always(path) => path == found,
                LocalTime::With { path, with } => path == found && Node::find_value(members, with).is_some(),
            })
    })
}

/// The text of the first of these paths that has a value.
///
/// Spec: TEL-100
fn first_text<'t>(members: &'t Members<'_>, paths: &[String]) -> Option<Cow<'t, str>> {
    paths.iter().find_map(|path| Node::find_value(members, path)).map(Node::text)
}

/// The first event id that is a number.
fn event_id(members: &Members<'_>, paths: &EventPaths) -> Option<u32> {
    let number = |node: &Node<'_>| {
        let text = node.text();
        let text = text.trim();
        text.strip_suffix(".0").unwrap_or(text).parse().ok()
    };
    paths.event_id.iter().find_map(|path| number(Node::find(members, path)?))
}

/// The names of the values that decide whether a process creation is wanted.
fn decisive_names(source: Source) -> &'static [&'static str] {
    match source {
        Source::Security => &security::DECISIVE,
        Source::Sysmon | Source::Defender => &sysmon::DECISIVE,
    }
}

/// The names of the values of a process creation of this source.
fn names(source: Source) -> &'static [&'static str] {
    match source {
        Source::Security => security::NAMES,
        Source::Sysmon | Source::Defender => sysmon::NAMES,
    }
}
