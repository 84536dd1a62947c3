//! The result as text and Markdown.

use std::fmt::Write;
use std::sync::LazyLock;

use serde_json::{Map, Value as Json};

use super::answer::SIDES;
use super::difference::{ColumnNotes, Difference, Finding, What};
use crate::printable::printable;
use crate::report::Painter;
use crate::report::text::wrapped;
use crate::report::wording::counted;
use rulespec::suite::{self, Clause};

/// The names of both sides as text.
pub fn names_text([a, b]: [&str; 2], painter: Painter) -> String {
    let line = |side: &str, name: &str| format!("{}  {}\n", painter.strong(side), printable(name));
    line(SIDES[0], a) + &line(SIDES[1], b) + "\n"
}

/// A finding as text, with its number.
pub fn finding_text(number: usize, finding: &Finding, painter: Painter) -> String {
    let title = painter.error(&finding.title(SIDES));
    let mut out = format!("{}  {title}\n", painter.strong(&number.to_string()));
    event(&mut out, &finding.event, "");
    if let Some(absent) = &finding.absent {
        _ = writeln!(out, "     in a table without the column {}", printable(absent));
    }
    if let Some(place) = &finding.place {
        _ = writeln!(out, "     first in {}", printable(place));
    }
    answers(&mut out, finding);
    if finding.unstable {
        out.push_str(
            "     not if B is asked about this event alone: its answers change, or depend on other events\n",
        );
    }
    for decider in &finding.decided_by {
        let holds = if decider.holds { "true" } else { "false" };
        let side = decider.side;
        let place = format!("{}:{}", decider.line, decider.column);
        _ = writeln!(out, "   {side} {}: {holds} ({place})", printable(&decider.predicate));
    }
    if let Some(open) = &finding.open {
        let text =
            format!("open point {}: B follows {}; which is right is not known", open.point, open.alternative);
        _ = writeln!(out, "     {}", painter.warning(&printable(&text)));
    }
    for also in &finding.also {
        _ = writeln!(out, "     also: {}", printable(also));
    }
    for id in &finding.clauses {
        out += &wrapped("     ", 13, &format!("{id}  {}", clause_text(id)));
    }
    if let Some(reading) = &finding.misreading {
        let reading = printable(&format!("like {}: {}", reading.name, reading.says)).into_owned();
        out += &wrapped("     ", 7, &painter.warning(&reading));
    }
    out
}

/// The text of a clause.
fn clause_text(id: &str) -> &'static str {
    static CLAUSES: LazyLock<Vec<Clause>> = LazyLock::new(suite::clauses);
    CLAUSES.iter().find(|clause| clause.id == id).map_or("", |clause| clause.text.as_str())
}

impl Finding {
    /// In which way both sides differ, in a few words. `sides` is what they are called.
    pub fn title(&self, sides: [&str; 2]) -> String {
        let [a_name, b_name] = sides;
        match &self.what {
            What::Selected { by } => format!("only {} selects this event", by.of(sides)),
            What::Rows { rows: [a, b] } => format!("{a_name} returns {a} rows for this event, {b_name} {b}"),
            What::Columns { columns } => {
                let names: Vec<&str> = columns.iter().map(|values| values.column.as_str()).collect();
                format!("{} differ{}", printable(&names.join(", ")), if names.len() == 1 { "s" } else { "" })
            }
            What::Error { of, .. } => format!("only {} has an error", of.of(sides)),
            What::Twice { rows: [a, b] } => {
                format!("of this event twice, {a_name} returns {a} rows, {b_name} {b}")
            }
            What::Together {} => {
                format!("{b_name} gives another answer about this event when it is asked about it alone")
            }
            What::Table { .. } => "other rows, or another order, for a table of several events".to_owned(),
        }
    }
}

fn event(out: &mut String, event: &Map<String, Json>, indent: &str) {
    if event.is_empty() {
        _ = writeln!(out, "     {indent}an event whose columns are all empty");
    }
    let width = event.keys().map(|name| name.chars().count()).max().unwrap_or(0);
    for (name, value) in event {
        _ = writeln!(out, "     {indent}{:width$}  {}", printable(name), printable(&value.to_string()));
    }
}

fn answers(out: &mut String, finding: &Finding) {
    match &finding.what {
        What::Selected { .. } | What::Rows { .. } | What::Together {} | What::Twice { .. } => {}
        What::Columns { columns } => {
            for values in columns {
                let column = printable(&values.column);
                _ = writeln!(out, "   A {column} = {}", printable(&values.a.to_string()));
                _ = writeln!(out, "   B {column} = {}", printable(&values.b.to_string()));
            }
        }
        What::Error { of, error } => {
            // The first line says how it ended, and the last ones of its standard error say why.
            let last = error.lines().count().saturating_sub(3);
            let shown = error.lines().enumerate().filter(|(index, _)| *index == 0 || *index >= last);
            for (_, line) in shown {
                _ = writeln!(out, "   {} {}", of, printable(line));
            }
        }
        What::Table { more_events, rows: [a, b] } => {
            for more in more_events {
                out.push_str("     and\n");
                event(out, more, "");
            }
            for (side, rows) in [("A", a), ("B", b)] {
                for row in rows {
                    _ = writeln!(out, "   {side} {}", printable(&Json::Object(row.clone()).to_string()));
                }
                if rows.is_empty() {
                    _ = writeln!(out, "   {side} no row");
                }
            }
        }
    }
}

impl Difference {
    /// Why a port was given up, and the totals, as text.
    pub fn summary(&self, painter: Painter) -> String {
        // One line: a line of a port could begin like a command of a workflow.
        let why = self.given_up.iter().map(|why| painter.error(&printable(why)) + "\n");
        why.collect::<String>() + &self.totals(painter)
    }

    /// The columns that are not compared, and the last line, as text.
    pub fn totals(&self, painter: Painter) -> String {
        self.totals_of(SIDES, painter)
    }

    /// The totals, with these names for the sides.
    pub fn totals_of(&self, sides: [&str; 2], painter: Painter) -> String {
        let mut out = self.columns.text(sides);
        self.left_out(&mut out);
        let open = self.findings.iter().filter(|finding| finding.open.is_some()).count();
        let at_open_points = match open {
            0 => String::new(),
            _ => format!(", and {open} at open points"),
        };
        let found = match self.findings.len() - open {
            0 if self.is_none() && !self.interrupted => painter.success("no difference"),
            0 if !self.columns.agree() => painter.error("other columns, and no other difference"),
            0 if self.selected == 0 && self.events > 0 => {
                painter.error("no event was selected, so that no difference could be found")
            }
            0 => painter.error("no difference so far"),
            1 => painter.error("1 difference"),
            count => painter.error(&format!("{count} differences")),
        };
        let recorded = match self.recorded {
            0 => String::new(),
            count => format!(", {count} of them recorded"),
        };
        let early = match (self.interrupted, self.complete || self.given_up.is_some()) {
            (true, _) => "; interrupted",
            (false, true) => "",
            (false, false) => "; the time was over",
        };
        let seconds = self.took_ms as f64 / 1000.0;
        _ = writeln!(
            out,
            "{found}{at_open_points} among {} events{recorded}, {} selected, seed {}, {seconds:.1} s{early}",
            self.events, self.selected, self.seed
        );
        out
    }
}

impl Difference {
    /// What was not compared, and what was not told apart.
    fn left_out(&self, out: &mut String) {
        if self.unread.count > 0 {
            _ = writeln!(
                out,
                "{} of the recorded events could not be read",
                counted(self.unread.count, "part")
            );
        }
        for (column, count) in &self.unfit {
            let values = counted(*count, "value");
            let column = printable(column);
            _ = writeln!(
                out,
                "{values} of {column} in recorded events left out: not of the type of the column"
            );
        }
        if self.more > 0 {
            _ = writeln!(out, "{} more events differ; their causes were not determined", self.more);
        }
        if self.untold > 0 && self.given_up.is_none() {
            _ = writeln!(
                out,
                "{} more events were not compared, because the port would have to be run for each; fewer runs \
                 are needed if its rows have ReportId",
                self.untold
            );
        }
    }
}

impl ColumnNotes {
    /// A line for each way in which the columns differ.
    fn text(&self, sides: [&str; 2]) -> String {
        let mut out = String::new();
        let [a_name, b_name] = sides;
        for (side, only) in [(a_name, &self.only_a), (b_name, &self.only_b)] {
            if !only.is_empty() {
                _ = writeln!(out, "only {side} has {}", listed(only));
            }
        }
        for (column, a, b) in &self.other_type {
            _ = writeln!(out, "{} is {a} in {a_name} and {b} in {b_name}", printable(column));
        }
        if self.other_order {
            out.push_str("the columns are in another order\n");
        }
        out
    }
}

/// `the column a`, `5 columns: a, b and 3 more`.
fn listed(names: &[String]) -> String {
    const MAX_LISTED: usize = 8;
    let shown: Vec<&str> = names.iter().take(MAX_LISTED).map(String::as_str).collect();
    let more = match names.len().saturating_sub(MAX_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let columns = match names.len() {
        1 => "the column ".to_owned(),
        count => format!("{count} columns: "),
    };
    printable(&format!("{columns}{}{more}", shown.join(", "))).into_owned()
}
