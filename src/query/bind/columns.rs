//! Binds the operators that select columns by name.

use std::collections::HashSet;

use super::scope::Columns;
use super::{Binder, MAX_DIAGNOSTICS};
use crate::kql::{Column, ErrorKind};
use crate::query::bound::{Scalar, ScalarKind, Step};
use crate::query::diagnostic::{Diagnostic, Span, similar};
use crate::query::syntax::{Direction, Name, Pattern};

impl Binder<'_> {
    /// `project-keep`, or `project-away` if the matching columns are left out.
    ///
    /// Spec: TAB-17, TAB-18
    pub(super) fn keep(&mut self, patterns: &[Pattern], columns: &mut Columns, keeps: bool) -> Option<Step> {
        let matching: HashSet<String> = self.matching(patterns, columns)?.into_iter().flatten().collect();
        let numbered = columns.columns.iter().enumerate();
        let kept = numbered.filter(|(_, column)| matching.contains(&column.name) == keeps).map(reference);
        let kept: Vec<(Column, Scalar)> = kept.collect();
        columns.columns = kept.iter().map(|(column, _)| column.clone()).collect();
        Some(Step::Project(kept))
    }

    /// The columns that match each pattern.
    ///
    /// Spec: QRY-33
    fn matching(&mut self, patterns: &[Pattern], columns: &Columns) -> Option<Vec<Vec<String>>> {
        let span = patterns.first().map_or_else(Span::default, |first| first.name.span);
        self.spend(patterns.len().saturating_mul(1 + columns.columns.len()), span)?;
        let matching: Vec<_> = patterns.iter().map(|pattern| self.matching_one(pattern, columns)).collect();
        matching.into_iter().collect()
    }

    /// Spec: QRY-33, TAB-27
    fn matching_one(&mut self, pattern: &Pattern, columns: &Columns) -> Option<Vec<String>> {
        let text = &pattern.name.text;
        let mut names: Vec<String> = match pattern.is_wild {
            true => columns.matching(text).map(str::to_owned).collect(),
            false => columns.position(text).map(|_| text.clone()).into_iter().collect(),
        };
        if names.is_empty() && !columns.unknown.contains(text) {
            return self.unknown_column(&pattern.name, columns);
        }
        let Some(direction) = pattern.order else { return Some(names) };
        names.sort();
        if !names.is_sorted_by(|a, b| a.to_lowercase() < b.to_lowercase()) {
            let what = "the order of names in which upper and lower case differ";
            return self.report(Diagnostic::unsupported(pattern.name.span, what));
        }
        if direction == Direction::Descending {
            names.reverse();
        }
        Some(names)
    }

    pub(super) fn unknown_column<T>(&mut self, name: &Name, columns: &Columns) -> Option<T> {
        if self.diagnostics.len() == MAX_DIAGNOSTICS {
            return None;
        }
        let message = format!("there is no column {:?}", name.text);
        let diagnostic = Diagnostic::new(ErrorKind::UnknownColumn, name.span, message);
        let known = columns.columns.iter().map(|column| &column.name).chain(self.declared.keys());
        let help = match name.text.to_lowercase().as_str() {
            "null" => Some("null is no value: use isnull(…), or long(null)".to_owned()),
            "not" => Some("write not(…)".to_owned()),
            _ => similar(&name.text, known.map(String::as_str)),
        };
        self.report(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        })
    }

    /// Spec: TAB-19
    pub(super) fn rename(&mut self, renamed: &[(Name, Name)], columns: &mut Columns) -> Option<Step> {
        let span = renamed.first().map_or_else(Span::default, |(new, _)| new.span);
        self.spend(renamed.len().saturating_mul(1 + columns.columns.len()), span)?;
        let mut named = columns.columns.clone();
        let mut taken: HashSet<String> = named.iter().map(|column| column.name.clone()).collect();
        for (new, old) in renamed {
            let Some(index) = columns.position(&old.text) else { return self.unknown_column(old, columns) };
            if named[index].name != old.text {
                return self.report(Diagnostic::unsupported(old.span, "a second new name for a column"));
            }
            if !taken.insert(new.text.clone()) {
                let message = format!("column {:?} is named twice", new.text);
                return self.error(ErrorKind::RepeatedColumn, new.span, message);
            }
            named[index].name.clone_from(&new.text);
        }
        let assigned = named.iter().enumerate().map(reference).collect();
        columns.columns = named;
        Some(Step::Project(assigned))
    }

    /// Spec: TAB-11, TAB-12, TAB-13, TAB-14, TAB-27
    pub(super) fn reorder(&mut self, patterns: &[Pattern], columns: &mut Columns) -> Option<Step> {
        let mut listed: Vec<String> = vec![];
        let mut seen = HashSet::new();
        let mut named = HashSet::new();
        for (pattern, names) in patterns.iter().zip(self.matching(patterns, columns)?) {
            let Name { text, span } = &pattern.name;
            let is_name = !(pattern.is_wild && text.contains('*'));
            if is_name && !named.insert(text) {
                return self.error(
                    ErrorKind::RepeatedColumn,
                    *span,
                    format!("column {text:?} is named twice"),
                );
            }
            // Microsoft's library takes a pattern that matches one column for its name.
            if let [name] = &names[..]
                && seen.contains(name)
            {
                let what = format!("the column {name}, which is listed or matched before,");
                return self.report(Diagnostic::unsupported(*span, what));
            }
            listed.extend(names.into_iter().filter(|name| seen.insert(name.clone())));
        }
        let place = |column: &Column| listed.iter().position(|name| *name == column.name);
        columns.columns.sort_by_cached_key(|column| place(column).unwrap_or(usize::MAX));
        Some(Step::Reorder(listed))
    }
}

/// A column of the input under a name, given its index.
fn reference((index, column): (usize, &Column)) -> (Column, Scalar) {
    (column.clone(), Scalar::new(ScalarKind::Column(index), column.r#type, Span::default()))
}
