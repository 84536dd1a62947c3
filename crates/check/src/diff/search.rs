//! The search for events about which both sides disagree.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use rulespec::kql::{Column, Type};
use rulespec::query::bound::ScalarKind;
use rulespec::rule::Rule;

use super::answer::Which;
use super::cause::{Causes, holds_alone};
use super::difference::{Difference, Finding, Unread, column_notes, finding};
use super::event::{Event, PATHS, Schema};
use super::formula::{Formula, columns_in};
use super::generate::Generator;
use super::kind::Kind;
use super::misread::Misread;
use super::port::PortSide;
use super::rule_side::RuleSide;
use super::sides::{Asked, Side, Sides};
use super::tables;
use super::{DiffError, Input, Plan, Recorded};
use crate::clock::Instant;
use crate::stop::{Reason, Stop};

/// How many events a port is asked about at first.
const FIRST_BATCH: usize = 32;
/// The columns that can identify an event within a table, if no rule looks into them.
const KEYS: [&str; 5] = ["ReportId", "ProcessId", "DeviceId", "TimeGenerated", "Timestamp"];
/// How many words of a port are used in events, and how long they may be.
const MAX_WORDS: usize = 64;
const MAX_WORD_LEN: usize = 80;

/// Searches for events about which a rule and another side disagree. Recorded events are asked about
/// first. `each` is called with each finding when it is found.
///
/// The result depends only on the sides, the plan and the recorded events, unless `stop` ends it early.
/// `asked` counts the events.
///
/// # Errors
///
/// Returns an error if a rule cannot be bound.
///
/// ```
/// use rulespec::kql::{Column, Datetime, Type};
/// use rulespec::rule::Rule;
/// use rulespec_check::diff::{Input, Plan, What, Which, diff};
///
/// let a = Rule::from_kql("DeviceProcessEvents | where FileName =~ 'a.exe'")?;
/// let b = Rule::from_kql("DeviceProcessEvents | where FileName == 'a.exe'")?;
/// let columns = vec![Column::new("FileName", Type::String)];
/// let plan = Plan { columns, now: Datetime::UNIX_EPOCH, seed: 1, cases: 1000 };
/// let found = diff(("a", &a), Input::Rule("b", &b), &mut [].into_iter(), &plan, Default::default())?;
/// assert_eq!(found.findings[0].what, What::Selected { by: Which::A });
/// assert_eq!(found.findings[0].event["FileName"], "a.exE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn diff(
    (name, rule): (&str, &Rule),
    other: Input<'_>,
    recorded: &mut dyn Iterator<Item = Recorded>,
    plan: &Plan,
    watch: Watch<'_>,
) -> Result<Difference, DiffError> {
    let start = Instant::now();
    let mut recorded = recorded.peekable();
    let has_recorded = recorded.peek().is_some();
    let (mut sides, names, words) = sides((name, rule), other, plan, has_recorded)?;
    let formulas: Vec<&Formula> = sides.rules().map(|(_, rule)| &rule.formula).collect();
    let generator = Generator::new(&sides.schema, &formulas, &words, plan.now, plan.seed)?;
    let misread = sides.a.rule().map(|rule| Misread::new(rule, &sides.schema, &generator, plan.now));
    let mut search = Search {
        causes: Causes::new(misread, watch.stop.clone()),
        findings: vec![],
        seen: HashSet::new(),
        events: 0,
        selected: 0,
        untold: 0,
        both: vec![],
        unfit: BTreeMap::new(),
        watch,
    };
    let recorded_count = search.ask_recorded(&mut recorded, &mut sides);
    search.ask_generated(&generator, plan.cases, &mut sides);
    let repeated = if search.is_over(&sides) { None } else { tables::repeated(&search.both, &mut sides) };
    // What was found of a cause after it was told.
    for (told, cause) in search.findings.iter_mut().zip(&search.causes.all) {
        *told = Finding { unstable: told.unstable, ..finding(cause, &sides) };
    }
    for finding in tables::difference(&search.both, &sides).into_iter().chain(repeated) {
        search.tell(finding);
    }
    let is_over = search.is_over(&sides);
    let is_found_none = search.findings.is_empty() && search.causes.more == 0;
    let given_up = sides.gone().or_else(|| untold(search.untold).filter(|_| is_found_none));
    Ok(Difference {
        sides: names,
        findings: search.findings,
        more: search.causes.more,
        untold: search.untold,
        events: search.events,
        recorded: recorded_count,
        selected: search.selected,
        columns: column_notes(&sides),
        unfit: search.unfit,
        unread: Unread::default(),
        seed: plan.seed,
        took_ms: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
        complete: !is_over && given_up.is_none(),
        given_up,
        interrupted: search.watch.stop.reason() == Some(Reason::Interrupted),
    })
}

/// Follows a comparison, and ends it.
#[derive(Default)]
pub struct Watch<'a> {
    /// Ends it early; what was found is kept.
    pub stop: Stop,
    /// Counts the events that both sides were asked about.
    pub asked: Option<&'a AtomicU64>,
    /// Is called with each finding when it is found.
    pub each: Option<&'a mut dyn FnMut(&Finding)>,
}

/// Binds the rules, and chooses the columns of events. Returns the names of the sides too, and the words
/// of a port.
fn sides<'a>(
    (name, rule): (&str, &Rule),
    other: Input<'a>,
    plan: &Plan,
    has_recorded: bool,
) -> Result<(Sides<'a>, [String; 2], Vec<String>), DiffError> {
    let (other_rule, text, has_fixed_columns) = match &other {
        Input::Rule(_, other) => (Some(*other), None, false),
        Input::Port(port) => (None, Some(port.text().to_owned()), !port.accepts_missing_columns()),
    };
    let rules: Vec<&Rule> = [Some(rule), other_rule].into_iter().flatten().collect();
    let optional: BTreeSet<String> = match has_fixed_columns {
        // A column that some rule names without `column_ifexists` cannot be missing.
        false => {
            let all = rules.iter().flat_map(|rule| rule.query.optional_column_names());
            let is_required = |name: &&str| rules.iter().any(|rule| rule.query.column_names().contains(name));
            all.filter(|name| !is_required(name)).map(str::to_owned).collect()
        }
        true => BTreeSet::new(),
    };
    let is_read = |column: &Column| {
        let in_rule = |rule: &&Rule| {
            let query = &rule.query;
            query.column_names().contains(column.name.as_str())
                || query.optional_column_names().contains(column.name.as_str())
        };
        rules.iter().any(in_rule) || text.as_ref().is_some_and(|text| names_column(text, &column.name))
    };
    let names_read: BTreeSet<&str> =
        plan.columns.iter().filter(|column| is_read(column)).map(|column| column.name.as_str()).collect();
    let is_linked = |name: &str| {
        let both = PATHS.iter().filter(|(a, b)| *a == name || *b == name);
        both.into_iter().any(|(a, b)| names_read.contains(a) || names_read.contains(b))
    };
    let keeps_all = has_recorded && text.is_some();
    let is_needed =
        |column: &&Column| keeps_all || names_read.contains(column.name.as_str()) || is_linked(&column.name);
    let columns: Vec<Column> = plan.columns.iter().filter(is_needed).cloned().collect();
    let read = columns.iter().map(|column| names_read.contains(column.name.as_str())).collect();
    let mut schema = Schema::new(columns, read, &optional, plan.now);
    let bind = |which: Which, rule: &Rule, schema: &Schema| {
        RuleSide::new(rule, schema, &plan.columns, plan.now).map_err(|error| DiffError::Rule(which, error))
    };
    let a = bind(Which::A, rule, &schema)?;
    let words = text.as_deref().map(words).unwrap_or_default();
    let (b, b_name) = match other {
        Input::Rule(name, rule) => (Side::Rule(Box::new(bind(Which::B, rule, &schema)?)), name.to_owned()),
        Input::Port(port) => {
            schema.keys = keys(&schema, &a.formula);
            let name = port.name();
            (Side::Port(PortSide::new(port, plan.columns.clone())), name)
        }
    };
    Ok((Sides { schema, a: Side::Rule(Box::new(a)), b }, [name.to_owned(), b_name], words))
}

/// The columns that can identify events, and that the rule neither compares nor computes with.
fn keys(schema: &Schema, formula: &Formula) -> Vec<usize> {
    let mut used = BTreeSet::new();
    formula.predicates.iter().for_each(|predicate| columns_in(predicate, &mut used));
    let computed = formula.results.iter().filter(|(_, result)| matches!(result.kind, ScalarKind::Call(..)));
    computed.for_each(|(_, result)| columns_in(result, &mut used));
    let places = schema.columns.iter().enumerate();
    let is_key = |(index, column): &(usize, &Column)| {
        KEYS.contains(&column.name.as_str())
            && !used.contains(index)
            && matches!(column.r#type, Type::Long | Type::String | Type::Datetime)
    };
    places.filter(is_key).map(|(index, _)| index).collect()
}

/// Whether a text names a column, in any case.
fn names_column(text: &str, name: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| word.eq_ignore_ascii_case(name))
}

/// The literals of a statement in another language: what stands between quotes, and the values of lists
/// and keys in YAML, without the wildcards at their ends.
fn words(text: &str) -> Vec<String> {
    let quoted = ['\'', '"'].into_iter().flat_map(|quote| text.split(quote).skip(1).step_by(2));
    let values = text.lines().filter_map(|line| {
        line.trim_start().strip_prefix("- ").or_else(|| line.split_once(": ").map(|(_, value)| value))
    });
    let mut words: Vec<String> = vec![];
    for word in quoted.chain(values) {
        let word = word.trim_matches(|c: char| c == '%' || c == '*' || c == '\'' || c == '"');
        let is_short = (1..=MAX_WORD_LEN).contains(&word.len()) && !word.contains('\n');
        if is_short && words.len() < MAX_WORDS && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// That a port cannot be compared about some events, if there are any.
fn untold(count: u64) -> Option<String> {
    (count > 0).then(|| {
        format!("{count} events could not be compared: its rows do not say to which events they belong, or it has errors for tables of several events; keep ReportId")
    })
}

struct Search<'a> {
    causes: Causes,
    findings: Vec<Finding>,
    seen: HashSet<u64>,
    events: u64,
    selected: u64,
    /// How many events a port was not asked about alone, although it must be.
    untold: u64,
    /// Events that both sides select.
    both: Vec<Event>,
    /// How many values of recorded events do not have the types of their columns.
    unfit: BTreeMap<String, u64>,
    watch: Watch<'a>,
}

impl Search<'_> {
    /// Asks about recorded events, and returns how many there were.
    fn ask_recorded(&mut self, recorded: &mut dyn Iterator<Item = Recorded>, sides: &mut Sides<'_>) -> u64 {
        let mut count = 0;
        loop {
            let batch: Vec<Recorded> = recorded.take(sides.batch()).collect();
            if batch.is_empty() || self.is_over(sides) {
                return count;
            }
            count += batch.len() as u64;
            let (events, places): (Vec<Event>, Vec<String>) =
                batch.into_iter().map(|one| (self.recorded_event(&one, &sides.schema), one.place)).unzip();
            let asked = sides.ask(events);
            asked.iter().zip(places).for_each(|(asked, place)| self.add(asked, Some(&place), sides));
        }
    }

    /// A recorded event with the columns of the tables. Values of other types are left out, and counted.
    fn recorded_event(&mut self, recorded: &Recorded, schema: &Schema) -> Event {
        let mut event = Event { is_recorded: true, ..Event::default() };
        for (name, value) in &recorded.cells {
            let Some(index) = schema.columns.iter().position(|column| column.name == *name) else { continue };
            if !schema.columns[index].r#type.admits(value) {
                *self.unfit.entry(name.clone()).or_default() += 1;
            } else if value != schema.plain(index) {
                event.cells.insert(index, value.clone());
            }
        }
        event
    }

    fn ask_generated(&mut self, generator: &Generator, cases: u64, sides: &mut Sides<'_>) {
        let mut number = 0;
        let mut at_once = FIRST_BATCH.min(sides.batch());
        // Events are made again and again if there are few different ones.
        let max_made = cases.saturating_mul(4).max(generator.planned());
        let first = self.events;
        while self.events - first < cases && number < max_made && !self.is_over(sides) {
            let room = usize::try_from(cases - (self.events - first)).unwrap_or(usize::MAX);
            let mut batch = vec![];
            while batch.len() < at_once.min(room) && number < max_made {
                let event = generator.event(number);
                number += 1;
                if self.is_new(&event) {
                    batch.push(event);
                }
            }
            let asked = sides.ask(batch);
            asked.iter().for_each(|asked| self.add(asked, None, sides));
            at_once = (at_once * 2).min(sides.batch());
        }
    }

    fn is_over(&self, sides: &Sides<'_>) -> bool {
        self.watch.stop.is_set() || sides.gone().is_some()
    }

    /// Whether an event has not been asked about.
    fn is_new(&mut self, event: &Event) -> bool {
        let mut hasher = DefaultHasher::new();
        (event.schema, &event.cells).hash(&mut hasher);
        self.seen.insert(hasher.finish())
    }

    /// Adds the answers about an event.
    fn add(&mut self, asked: &Asked, place: Option<&str>, sides: &mut Sides<'_>) {
        if asked.is_unanswered() {
            self.untold += u64::from(!self.is_over(sides));
            return;
        }
        self.events += 1;
        if let Some(count) = self.watch.asked {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.selected += u64::from(asked.a.is_selected() || asked.b.is_selected());
        if asked.are_selected() && asked.event.schema == 0 && self.both.len() < tables::MAX_EVENTS {
            self.both.push(asked.event.clone());
        }
        for index in self.causes.add(asked, place, sides) {
            let cause = &self.causes.all[index];
            let unstable =
                cause.like.kind != Kind::Together && !holds_alone(&cause.shown, &cause.like, sides);
            self.tell(Finding { unstable, ..finding(cause, sides) });
        }
    }

    fn tell(&mut self, finding: Finding) {
        if let Some(each) = &mut self.watch.each {
            each(&finding);
        }
        self.findings.push(finding);
    }
}
