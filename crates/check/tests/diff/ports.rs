//! Ports that are asked by running them.

use std::time::Duration;

use rulespec::kql::{Dynamic, Semantics, Table};
use rulespec::query::Context;
use rulespec::rule::Rule;
use rulespec_check::diff::{
    Difference, Input, Port, PortError, Recorded, Selected, Watch, What, Which, diff,
};
use rulespec_check::report::Painter;
use rulespec_check::stop::Stop;
use serde_json::{Map, Value as Json};

use super::{LIST, edited, events, now, plan};

/// A rule as a port, of which only some columns are left.
struct RulePort {
    rule: Rule,
    columns: Option<&'static [&'static str]>,
    numbers: bool,
    runs: usize,
}

impl RulePort {
    fn new(rule: Rule) -> Self {
        Self { rule, columns: None, numbers: false, runs: 0 }
    }
}

impl Port for RulePort {
    fn name(&self) -> String {
        "a port".to_owned()
    }

    fn select(&mut self, table: &Table) -> Result<Selected, PortError> {
        self.runs += 1;
        let context = Context { kql: &Semantics::default(), now: now() };
        let result = self.rule.run(table, context).map_err(|error| PortError::Refused(error.to_string()))?;
        if self.numbers {
            let ids: Vec<_> = result.rows_by_name().map(|row| row.get("ReportId").cloned()).collect();
            let all = table.rows_by_name().enumerate();
            let selected = all.filter(|(_, row)| ids.contains(&row.get("ReportId").cloned()));
            return Ok(Selected::Numbers(selected.map(|(number, _)| number).collect()));
        }
        let is_kept = |name: &str| self.columns.is_none_or(|columns| columns.contains(&name));
        let row = |cells: &Vec<Dynamic>| -> Map<String, Json> {
            let named = result.columns().iter().zip(cells).filter(|(column, _)| is_kept(&column.name));
            named.map(|(column, cell)| (column.name.clone(), cell.to_json())).collect()
        };
        Ok(Selected::Rows(result.rows().iter().map(row).collect()))
    }
}

fn compared(port: &mut RulePort, recorded: Vec<Recorded>) -> Difference {
    let rule = Rule::bitsadmin_activity();
    diff(("rule", rule), Input::Port(port), &mut recorded.into_iter(), &plan(1_500), Default::default())
        .unwrap()
}

#[test]
fn a_right_port_is_not_told_apart_whatever_columns_it_returns() {
    let columns: [Option<&[&str]>; 4] =
        [None, Some(&["ReportId"]), Some(&["DeviceId", "Direction"]), Some(&["Direction", "LocalFile"])];
    for columns in columns {
        let mut port = RulePort { columns, ..RulePort::new(Rule::bitsadmin_activity().clone()) };
        let found = compared(&mut port, vec![]);
        assert!(found.is_none(), "{columns:?}: {}", found.json());
        assert!(port.runs < 40, "{columns:?}: {} runs for {} events", port.runs, found.events);
    }
    let mut port = RulePort { numbers: true, ..RulePort::new(Rule::bitsadmin_activity().clone()) };
    assert!(compared(&mut port, vec![]).is_none());
}

#[test]
fn a_wrong_port_is_found_with_and_without_a_key() {
    let other = edited(&[(LIST, "ProcessCommandLine contains '/Transfer'")]);
    let keys: [Option<&[&str]>; 3] = [Some(&["ReportId"]), Some(&["TimeGenerated"]), Some(&["LocalFile"])];
    for columns in keys {
        let found = compared(&mut RulePort { columns, ..RulePort::new(other.clone()) }, vec![]);
        let first = &found.findings[0];
        assert!(matches!(first.what, What::Selected { .. }), "{}", found.json());
        let lines = events(&found).join(" ");
        assert!(lines.contains("/addfile") && lines.contains("/transfera"), "{columns:?}: {lines}");
    }
}

#[test]
fn what_a_port_reads_alone_is_found_by_the_events_that_were_recorded() {
    let other = edited(&[(
        "FileName =~ \"bitsadmin.exe\" or",
        "FolderPath startswith 'D:' or FileName =~ \"bitsadmin.exe\" or",
    )]);
    let cells =
        [("FolderPath", "D:\\x.exe"), ("FileName", "x.exe"), ("ProcessCommandLine", "x /transfer y z")];
    let cells = cells.map(|(name, text)| (name.to_owned(), text.into())).to_vec();
    let recorded = vec![Recorded { cells, place: "log.json:7".to_owned() }];
    let found = compared(&mut RulePort::new(other), recorded);
    assert_eq!(found.findings[0].place.as_deref(), Some("log.json:7"));
    assert_eq!(found.findings[0].what, What::Selected { by: Which::B });
    assert_eq!(events(&found)[0], r#"{"FolderPath":"d:","ProcessCommandLine":"/transfer"}"#);
    assert_eq!(found.recorded, 1);
}

#[test]
fn values_that_do_not_fit_their_column_are_counted() {
    let cell = |name: &str, value: Dynamic| (name.to_owned(), value);
    let cells = vec![cell("FileName", Dynamic::Long(7)), cell("ProcessCommandLine", "x".into())];
    let recorded = vec![Recorded { cells, place: "log.json:7".to_owned() }];
    let found = compared(&mut RulePort::new(Rule::bitsadmin_activity().clone()), recorded);
    assert_eq!((found.recorded, &found.unfit), (1, &[("FileName".to_owned(), 1)].into()));
    assert!(found.findings.is_empty() && !found.is_none(), "{}", found.json());
    let summary = found.summary(Painter::default());
    assert!(summary.starts_with("1 value of FileName in recorded events left out"), "{summary}");
}

/// A port that has an error for the events of some program.
struct Failing(RulePort);

impl Port for Failing {
    fn name(&self) -> String {
        self.0.name()
    }

    fn select(&mut self, table: &Table) -> Result<Selected, PortError> {
        let fails = table
            .rows_by_name()
            .any(|row| row.get("FileName").is_some_and(|name| name.as_str() == Some("A")));
        match fails {
            true => Err(PortError::Refused("no A, please".to_owned())),
            false => self.0.select(table),
        }
    }
}

#[test]
fn an_error_for_some_events_is_a_finding() {
    let rule = Rule::bitsadmin_activity();
    let mut port = Failing(RulePort::new(rule.clone()));
    let found =
        diff(("rule", rule), Input::Port(&mut port), &mut [].into_iter(), &plan(1_500), Default::default());
    let found = found.unwrap();
    assert_eq!(events(&found), [r#"{"FileName":"A"}"#]);
    assert_eq!(found.findings[0].what, What::Error { of: Which::B, error: "no A, please".to_owned() });
}

/// A port that can be asked only a few times.
struct Ending(RulePort);

impl Port for Ending {
    fn name(&self) -> String {
        self.0.name()
    }

    fn select(&mut self, table: &Table) -> Result<Selected, PortError> {
        if self.0.runs == 3 {
            return Err(PortError::Gone("its license has expired".to_owned()));
        }
        self.0.select(table)
    }
}

#[test]
fn a_port_that_cannot_be_asked_to_the_end_is_not_called_equal() {
    let rule = Rule::bitsadmin_activity();
    let mut port = Ending(RulePort::new(rule.clone()));
    let found =
        diff(("rule", rule), Input::Port(&mut port), &mut [].into_iter(), &plan(1_500), Default::default());
    let found = found.unwrap();
    assert_eq!((found.is_none(), found.given_up.as_deref()), (false, Some("its license has expired")));
    assert!(!found.complete);
}

/// A port that has an error, or cannot be asked any more, for two events of the same time.
struct Unique(RulePort, fn(String) -> PortError);

impl Port for Unique {
    fn name(&self) -> String {
        self.0.name()
    }

    fn select(&mut self, table: &Table) -> Result<Selected, PortError> {
        let times: Vec<_> = table.rows_by_name().map(|row| row.get("TimeGenerated").cloned()).collect();
        match times.iter().enumerate().any(|(at, time)| times[..at].contains(time)) {
            true => Err(self.1("the times must be unique".to_owned())),
            false => self.0.select(table),
        }
    }
}

#[test]
fn an_error_for_an_event_that_is_there_twice_is_told() {
    let rule = Rule::bitsadmin_activity();
    let of = |error| {
        let mut port = Unique(RulePort::new(rule.clone()), error);
        let (input, mut recorded) = (Input::Port(&mut port), std::iter::empty());
        diff(("rule", rule), input, &mut recorded, &plan(1_500), Default::default()).unwrap()
    };
    let found = of(PortError::Refused);
    let error = "for a table with this event twice: the times must be unique".to_owned();
    assert_eq!(found.findings[0].what, What::Error { of: Which::B, error });
    let found = of(PortError::Gone);
    assert_eq!(found.given_up.as_deref(), Some("the times must be unique"));
    assert!(!found.is_none());
}

#[test]
fn a_search_that_is_cut_short_says_so() {
    let rule = Rule::bitsadmin_activity();
    let mut all = compared(&mut RulePort::new(rule.clone()), vec![]);
    assert!(all.complete && !all.summary(Painter::default()).contains("the time was over"));
    let watch = Watch { stop: Stop::default().after(Duration::ZERO), ..Watch::default() };
    all = diff(("a", rule), Input::Rule("b", rule), &mut [].into_iter(), &plan(1_500), watch).unwrap();
    assert!(!all.complete && all.summary(Painter::default()).ends_with("; the time was over\n"));
}

#[test]
fn every_event_fits_its_table_whatever_the_types_of_the_columns_and_the_operators_are() {
    let texts = [
        "project TimeGenerated",
        "project TimeGenerated, ProcessId, IsLarge = ProcessId > 4",
        "project TimeGenerated, FileName | distinct *",
    ];
    for text in texts {
        let rule = Rule::from_kql(&format!("DeviceProcessEvents | {text}")).unwrap();
        let mut port = RulePort::new(rule.clone());
        let (input, mut recorded) = (Input::Port(&mut port), std::iter::empty());
        let found = diff(("rule", &rule), input, &mut recorded, &plan(300), Default::default()).unwrap();
        assert!(found.is_none(), "{text}: {}", found.json());
        // An event that does not fit is an error of both, and no difference.
        assert_eq!(found.selected, found.events, "{text}");
    }
}
