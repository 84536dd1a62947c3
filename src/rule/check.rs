//! What is wrong with a rule apart from its query.

use super::Rule;
use super::entities::{EntityMapping, EntityType, Identifier};
use crate::kql::{Column, Type, is_guid};
use crate::query::Span;

/// Something wrong with what a rule has besides its query.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// What is wrong, in lower case.
    pub message: String,
    /// Where it is in [`Rule::text`], if it is in one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// What to do about it, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// The members that a template must have, and the greatest length of their texts.
///
/// Spec: RUL-54
const MEMBERS: [(&str, usize); 4] = [("id", 36), ("name", 256), ("description", 5_000), ("severity", 13)];

/// Spec: RUL-54
const SEVERITIES: [&str; 4] = ["Informational", "Low", "Medium", "High"];

/// Spec: RUL-54
const MAX_MAPPINGS: usize = 10;

/// Spec: RUL-54
const MAX_IDENTIFIERS: usize = 3;

impl Problem {
    pub(super) fn new(span: Option<Span>, message: impl Into<String>) -> Self {
        Self { message: message.into(), span, help: None }
    }
}

impl Rule {
    /// Checks what the rule has besides its query, given the columns of the query's result: whether the
    /// entity mappings name columns that are there, and what else Sentinel demands of a template. A
    /// rule that is only a query has no problems.
    ///
    /// ```
    /// use rulespec::kql::{Column, Type};
    /// use rulespec::rule::{EntityMapping, Rule};
    ///
    /// let mut rule = Rule::bitsadmin_activity().clone();
    /// rule.entity_mappings = vec![EntityMapping::new("Host", &[("HostName", "DeviceName")])];
    /// let problems = rule.check(&[Column::new("Count", Type::Long)]);
    /// assert_eq!(problems[0].message, "the result of the query has no column \"DeviceName\"");
    /// ```
    ///
    /// Spec: RUL-52, RUL-54
    pub fn check(&self, output: &[Column]) -> Vec<Problem> {
        let mut problems = self.source.problems.clone();
        if self.is_template() {
            self.check_members(&mut problems);
        }
        if self.entity_mappings.len() > MAX_MAPPINGS {
            let count = self.entity_mappings.len();
            let message =
                format!("there are {count} entity mappings, but at most {MAX_MAPPINGS} are allowed");
            problems.push(Problem::new(self.entity_mappings[MAX_MAPPINGS].place.0, message));
        }
        self.entity_mappings.iter().for_each(|mapping| mapping.check(output, &mut problems));
        problems.sort_by_key(|problem| problem.span.map(|span| span.start));
        problems
    }

    /// Whether the rule is more than a query.
    fn is_template(&self) -> bool {
        self.id.is_some() || self.name.is_some() || !self.source.members.is_empty()
    }

    /// Spec: RUL-54
    fn check_members(&self, problems: &mut Vec<Problem>) {
        let place =
            |name: &str| self.source.members.iter().find(|(member, _)| *member == name).map(|found| found.1);
        let is_analytic = self.kind.is_some() || place("schedule").is_some();
        let values = [&self.id, &self.name, &self.description, &self.severity];
        for ((name, max), value) in MEMBERS.into_iter().zip(values) {
            let message = match value {
                None if name == "severity" && !is_analytic => continue,
                None => format!("the template has no {name}"),
                Some(value) if value.chars().count() > max => {
                    format!("the {name} has more than {max} characters")
                }
                Some(value) if name == "id" && !is_guid(value) => format!("the id {value:?} is no GUID"),
                Some(value) if name == "severity" && !SEVERITIES.contains(&value.as_str()) => {
                    format!("the severity {value:?} is none of {}", SEVERITIES.join(", "))
                }
                Some(_) => continue,
            };
            problems.push(Problem::new(place(name), message));
        }
        if self.kind.as_deref() == Some("Scheduled")
            && self.schedule.is_none()
            && self.source.problems.is_empty()
        {
            let message =
                "a scheduled rule needs queryFrequency, queryPeriod, triggerOperator and triggerThreshold";
            problems.push(Problem::new(place("kind"), message));
        }
    }
}

impl EntityMapping {
    /// Spec: RUL-52, RUL-54
    fn check(&self, output: &[Column], problems: &mut Vec<Problem>) {
        let mut wrong = |place: super::entities::Place, message: String, help: Option<String>| {
            problems.push(Problem { message, span: place.0, help });
        };
        let found = EntityType::find(&self.kind);
        if found.is_none() {
            wrong(self.place, format!("there is no entity type {:?}", self.kind), None);
        }
        if self.identifiers.len() > MAX_IDENTIFIERS {
            let message = format!("an entity has at most {MAX_IDENTIFIERS} identifiers");
            wrong(self.place, message, None);
        }
        for identifier in &self.identifiers {
            if let Some(found) = found
                && !found.identifiers.contains(&&*identifier.name)
            {
                let message = format!("a {} has no identifier {:?}", found.name, identifier.name);
                wrong(identifier.place, message, Some(format!("it has {}", found.identifiers.join(", "))));
            }
            if let Some((message, help)) = identifier.wrong_column(output) {
                wrong(identifier.place, message, Some(help));
            }
        }
        let has = |name: &&str| self.identifiers.iter().any(|identifier| *identifier.name == **name);
        if let Some(found) = found.filter(|found| !found.required.iter().any(|set| set.iter().all(has))) {
            let sets: Vec<String> = found.required.iter().map(|set| set.join(" and ")).collect();
            wrong(self.place, format!("a {} needs {}", found.name, sets.join(" or ")), None);
        }
    }
}

impl Identifier {
    /// What is wrong with the column, and what to do, given the columns of the result.
    fn wrong_column(&self, output: &[Column]) -> Option<(String, String)> {
        match output.iter().find(|column| *column.name == *self.column) {
            None => {
                let names: Vec<&str> = output.iter().map(|column| column.name.as_str()).collect();
                let message = format!("the result of the query has no column {:?}", self.column);
                Some((message, format!("it has {}", names.join(", "))))
            }
            Some(Column { r#type: Type::Dynamic, .. }) => {
                let message =
                    format!("column {:?} is dynamic, and an identifier is a single value", self.column);
                Some((message, "convert it with tostring".to_owned()))
            }
            Some(_) => None,
        }
    }
}
