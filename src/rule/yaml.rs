//! Rules as Sentinel's repository has them: analytic rules and hunting queries in YAML.

use serde::Deserialize;
use serde_saphyr::{Error, Location, Options, Spanned, UserMessageFormatter};

use super::check::Problem;
use super::entities::{EntityMapping, Identifier, Place as Located};
use super::schedule::{Schedule, TriggerOperator};
use super::source::{Place, Source};
use super::{Connector, Rule};
use crate::kql::{ErrorKind, Timespan};
use crate::query::{Diagnostic, Diagnostics, MAX_LEN, Span};

type Text = Option<Spanned<String>>;

/// The members of a template that are read.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Template {
    id: Text,
    name: Text,
    description: Text,
    version: Text,
    kind: Text,
    severity: Text,
    status: Text,
    query: Text,
    required_data_connectors: Option<Vec<Connector>>,
    tactics: Option<Vec<String>>,
    relevant_techniques: Option<Vec<String>>,
    query_frequency: Text,
    query_period: Text,
    trigger_operator: Text,
    trigger_threshold: Text,
    entity_mappings: Option<Vec<Mapping>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mapping {
    entity_type: Spanned<String>,
    field_mappings: Vec<FieldMapping>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FieldMapping {
    identifier: Spanned<String>,
    column_name: Spanned<String>,
}

impl Rule {
    /// Parses a rule: a template in YAML if it looks like one, otherwise a query.
    ///
    /// A text is a template if its first line that is neither empty nor a comment with `#` is `---`, or
    /// begins with a name and a colon, or with `{` or a quote. No query begins like this.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Rule::from_yaml`] or [`Rule::from_kql`].
    ///
    /// ```
    /// use rulespec::rule::Rule;
    ///
    /// let template = Rule::parse("name: Certutil\nquery: |\n  DeviceProcessEvents | count\n")?;
    /// let query = Rule::parse("DeviceProcessEvents | count")?;
    /// assert_eq!((template.name.as_deref(), template.query), (Some("Certutil"), query.query));
    /// # Ok::<(), rulespec::query::Diagnostics>(())
    /// ```
    ///
    /// Spec: RUL-53
    pub fn parse(text: &str) -> Result<Self, Diagnostics> {
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_end);
        let first = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with('#'));
        let first = first.unwrap_or_default();
        let is_name =
            |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        let is_member = first.split_once(':').is_some_and(|(name, rest)| {
            is_name(name) && (rest.is_empty() || rest.starts_with(' ')) && !name.is_empty()
        });
        match first == "---" || first.starts_with(['{', '"', '\'']) || is_member {
            true => Self::from_yaml(text),
            false => Self::from_kql(text),
        }
    }

    /// Parses a template in YAML. Members that are not known are ignored, and a schedule that Sentinel
    /// would refuse is left to [`Rule::check`].
    ///
    /// # Errors
    ///
    /// Returns what is no YAML, a missing query, and what is wrong with the query. The places are those
    /// in the YAML.
    ///
    /// ```
    /// use rulespec::rule::Rule;
    ///
    /// let error = Rule::from_yaml("name: A\nquery: |\n  DeviceProcessEvents\n  | wher true\n").unwrap_err();
    /// assert_eq!(error.to_string(), "4:5: there is no operator \"wher\"");
    /// ```
    ///
    /// Spec: RUL-53
    pub fn from_yaml(text: &str) -> Result<Self, Diagnostics> {
        let failed = |span, message: &str| {
            Diagnostics::new(vec![Diagnostic::new(ErrorKind::Syntax, span, message)], text)
        };
        if text.len() > MAX_LEN {
            return Err(failed(Span::default(), &format!("the text is longer than {MAX_LEN} bytes")));
        }
        let template: Template = serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
            let span = error.location().map(|location| span(text, location)).unwrap_or_default();
            failed(span, &message(&error))
        })?;
        let Some(query) = &template.query else {
            return Err(failed(Span::default(), "the template has no member query"));
        };
        let place = place(text, span(text, query.defined), &query.value);
        let source = Source { text: text.to_owned(), query: place, members: vec![], problems: vec![] };
        let parsed = query.value.parse().map_err(|of_query| source.diagnostics(of_query))?;
        Ok(template.rule(Self::new(parsed, source)))
    }
}

/// Bounds what aliases and nesting can make of a text.
fn options() -> Options {
    serde_saphyr::options! {
        with_snippet: false,
        budget: serde_saphyr::budget! { max_depth: 64, max_nodes: 100_000, max_aliases: 1_000 },
    }
}

/// The message of an error, without its place.
fn message(error: &Error) -> String {
    let message = error.render_with_formatter(&UserMessageFormatter);
    let message = message.split(" at line ").next().unwrap_or_default();
    format!("this is no template in YAML: {message}")
}

/// Where a value is, in bytes.
fn span(text: &str, location: Location) -> Span {
    let byte = |offset: u64| {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        text.char_indices().nth(offset).map_or(text.len(), |(at, _)| at)
    };
    let (start, len) = (location.span().offset(), location.span().len());
    Span { start: byte(start), end: byte(start.saturating_add(len)) }
}

/// Where the lines of a query are in the text of its value.
///
/// Spec: RUL-53
fn place(text: &str, value: Span, query: &str) -> Place {
    let written = text.get(value.start..).unwrap_or_default();
    let (mut lines, mut offset, mut at) = (vec![], 0, 0);
    // The place of a block begins with its first line that is not empty.
    let mut skips_empty = true;
    for line in query.split_inclusive('\n') {
        let content = line.trim_end_matches('\n');
        skips_empty &= content.is_empty();
        if !skips_empty {
            let rest = written.get(at..).unwrap_or_default();
            let end = rest.find('\n').map_or(rest.len(), |end| end + 1);
            let is_quoted = at == 0 && rest.starts_with(['"', '\'']);
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            let len = rest.get(..end).unwrap_or_default().trim_end_matches(['\r', '\n']).len();
            let indent = if is_quoted { 1 } else { blanks.min(len.saturating_sub(content.len())) };
            if !rest.get(indent..).is_some_and(|rest| rest.starts_with(content)) {
                return Place::Within(value);
            }
            lines.push((offset, value.start + at + indent));
            at += end;
        }
        offset += line.len();
    }
    Place::Lines(lines)
}

impl Template {
    /// Adds what the template has besides the query.
    fn rule(self, rule: Rule) -> Rule {
        let mut source = rule.source;
        let schedule = self.schedule(&mut source);
        let mut text = |name: &'static str, member: Text| {
            let member = member?;
            source.members.push((name, span(&source.text, member.referenced)));
            Some(member.value)
        };
        Rule {
            id: text("id", self.id),
            name: text("name", self.name),
            description: text("description", self.description),
            version: text("version", self.version),
            kind: text("kind", self.kind),
            severity: text("severity", self.severity),
            status: text("status", self.status),
            required_data_connectors: self.required_data_connectors.unwrap_or_default(),
            tactics: self.tactics.unwrap_or_default(),
            techniques: self.relevant_techniques.unwrap_or_default(),
            schedule,
            entity_mappings: mappings(self.entity_mappings.unwrap_or_default(), &source.text),
            source,
            ..rule
        }
    }

    /// The schedule, if it is complete and valid.
    ///
    /// Spec: RUL-48, RUL-53
    fn schedule(&self, source: &mut Source) -> Option<Schedule> {
        let members = [
            (&self.query_frequency, "queryFrequency"),
            (&self.query_period, "queryPeriod"),
            (&self.trigger_operator, "triggerOperator"),
            (&self.trigger_threshold, "triggerThreshold"),
        ];
        let [frequency, period, operator, threshold] = members.map(|(member, what)| {
            let Spanned { value, referenced, .. } = member.as_ref()?;
            let place = span(&source.text, *referenced);
            source.members.push(("schedule", place));
            Some(Member { value, place, what })
        });
        const TIME: &str = "no time such as 30m, 1h or 14d";
        let place = frequency.as_ref()?.place;
        let frequency = frequency?.parsed(duration, TIME, source)?;
        let period = period?.parsed(duration, TIME, source)?;
        let operator = match operator {
            None => TriggerOperator::default(),
            Some(name) => name.parsed(TriggerOperator::from_name, "none of gt, lt, eq and ne", source)?,
        };
        let threshold = match threshold {
            None => 0,
            Some(number) => number.parsed(|value| value.parse().ok(), "no number", source)?,
        };
        let schedule = Schedule::new(frequency, period, threshold);
        let schedule =
            schedule.map_err(|error| source.problems.push(Problem::new(Some(place), error.to_string())));
        Some(schedule.ok()?.with_operator(operator))
    }
}

/// A member of a template.
struct Member<'a> {
    value: &'a str,
    place: Span,
    what: &'static str,
}

impl Member<'_> {
    /// The parsed value. If it cannot be parsed, that is a problem, which says what the value is.
    fn parsed<T>(&self, parse: impl Fn(&str) -> Option<T>, is: &str, source: &mut Source) -> Option<T> {
        let parsed = parse(self.value);
        if parsed.is_none() {
            let message = format!("{} {:?} is {is}", self.what, self.value);
            source.problems.push(Problem::new(Some(self.place), message));
        }
        parsed
    }
}

/// A duration such as `5m`, `1h` or `14d`, or `01:00:00`.
fn duration(text: &str) -> Option<Timespan> {
    if let Ok(span) = text.parse() {
        return Some(span);
    }
    let unit = text.chars().next_back()?;
    let minutes = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return None,
    };
    let number: u32 = text.strip_suffix(unit)?.parse().ok()?;
    Some(Timespan::from_minutes(i64::from(number) * minutes))
}

fn mappings(mappings: Vec<Mapping>, text: &str) -> Vec<EntityMapping> {
    let located = |place: Location| Located(Some(span(text, place)));
    let mapping = |Mapping { entity_type, field_mappings }: Mapping| EntityMapping {
        place: located(entity_type.referenced),
        kind: entity_type.value.into(),
        identifiers: field_mappings
            .into_iter()
            .map(|FieldMapping { identifier, column_name }| Identifier {
                place: located(column_name.referenced),
                name: identifier.value.into(),
                column: column_name.value.into(),
            })
            .collect(),
    };
    mappings.into_iter().map(mapping).collect()
}
