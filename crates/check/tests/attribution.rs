//! `explore` attributes wrong answers of table functions to the misreading that causes them, names its
//! clause, and does so within seconds if the engine is slow.
//!
//! Each misreading that changes the answers to the vectors of the rule is planted in an engine. All of
//! them take minutes:
//!
//! ```console
//! $ cargo test --release -p rulespec-check --test integration attribution -- --ignored --nocapture
//! ```

use std::thread;
use std::time::{Duration, Instant};

use rulespec::Function;
use rulespec::suite;
use rulespec_check::engine::{Answer, Engine, Hello, Reference, StartError};
use rulespec_check::explore::{Engines, Exploration, Plan, Watch, explore, explore_with};
use rulespec_check::misreading::{Misreading, all, named};
use serde_json::{Value as Json, json};

/// The share of the finds that must be attributed to the right misreading, and to its clause, in percent.
const MIN_RIGHT: usize = 95;
/// How long an engine of 40 calls a second takes for each of them.
const PAUSE: Duration = Duration::from_millis(25);
const MAX_FIRST_FIND: Duration = Duration::from_secs(5);

/// How the rule is implemented apart from a misreading.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Port {
    Exact,
    /// It gives 14 columns of its own, in an order of its own.
    OwnColumns,
    /// It takes its time.
    Slow,
}

/// An engine with a misreading.
struct Planted {
    engine: Reference,
    port: Port,
}

impl Planted {
    fn new(misreading: Option<&Misreading>, port: Port) -> Self {
        Self { engine: misreading.map_or_else(Reference::default, Misreading::engine), port }
    }
}

impl Engine for Planted {
    fn hello(&mut self) -> Result<Hello, StartError> {
        self.engine.hello()
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        match (self.port, self.engine.ask(function, args)) {
            (Port::OwnColumns, Answer::Value(table)) if function == Function::BitsadminActivity.name() => {
                Answer::Value(with_own_columns(&table))
            }
            (Port::Slow, answer) => {
                thread::sleep(PAUSE);
                answer
            }
            (_, answer) => answer,
        }
    }
}

fn with_own_columns(table: &Json) -> Json {
    const COLUMNS: [&str; 14] = [
        "HostName",
        "DnsDomain",
        "Direction",
        "RemoteUrl",
        "LocalFile",
        "TimeGenerated",
        "DeviceId",
        "DeviceName",
        "InitiatingProcessFolderPath",
        "InitiatingProcessAccountDomain",
        "InitiatingProcessAccountName",
        "InitiatingProcessSHA256",
        "ProcessId",
        "ProcessCommandLine",
    ];
    let columns = table["columns"].as_array().unwrap();
    let place = |name: &&str| columns.iter().position(|column| column["name"] == **name);
    let places: Vec<usize> = COLUMNS.iter().filter_map(place).collect();
    let only = |all: &Json| -> Json { places.iter().map(|&at| all[at].clone()).collect() };
    let rows: Json = table["rows"].as_array().unwrap().iter().map(only).collect();
    json!({"columns": only(&table["columns"]), "rows": rows})
}

/// The answers of a port with a misreading to the vectors of the rule.
fn answers(misreading: Option<&Misreading>, port: Port) -> Vec<Answer> {
    let port = if port == Port::Slow { Port::Exact } else { port };
    let mut engine = Planted::new(misreading, port);
    let vectors = suite::vectors().unwrap().into_iter();
    let of_rule = vectors.filter(|vector| vector.r#fn == Function::BitsadminActivity.name());
    of_rule.map(|vector| engine.ask(&vector.r#fn, &vector.args)).collect()
}

/// The misreadings that change an answer of a port to a vector of the rule.
fn planted(port: Port) -> Vec<&'static Misreading> {
    let right = answers(None, port);
    all().iter().filter(|misreading| answers(Some(misreading), port) != right).collect()
}

fn plan(seed: u64, cases: u64, functions: &[Function]) -> Plan {
    Plan { seed, cases: Some(cases), functions: functions.to_vec(), ..Plan::default() }
}

/// What became of a search for one misreading.
#[derive(Debug)]
struct Trial {
    misreading: &'static Misreading,
    first: Vec<String>,
    clauses: Vec<String>,
    title: String,
    is_named: bool,
    has_clause: bool,
}

impl Trial {
    fn new(misreading: &'static Misreading, port: Port, plan: &Plan) -> Self {
        let engine = || -> Box<dyn Engine> { Box::new(Planted::new(Some(misreading), port)) };
        let engines = Engines { engine: &engine, against: None };
        let found: Exploration = explore(plan, engines, &Watch::default(), &[]).unwrap();
        let first = found.report.explanations.first().map(|one| one.misreadings.clone()).unwrap_or_default();
        // Another misreading is as good if it answers every vector of the rule alike.
        let is_right = |name: &String| {
            let other = named(name).unwrap();
            other.name == misreading.name || answers(Some(other), port) == answers(Some(misreading), port)
        };
        let is_named = first.len() == 1 && is_right(&first[0]);
        let explained = found.report.explanations.first().and_then(|one| one.explains.first());
        let of_id = |id: &String| found.report.outcomes.iter().find(|outcome| outcome.vector.id == *id);
        let shown = explained.and_then(of_id).or(found.report.outcomes.first());
        let clauses = shown.map(|outcome| outcome.vector.clauses.clone()).unwrap_or_default();
        let right = if is_named { named(&first[0]).unwrap().breaks } else { misreading.breaks };
        let title = shown.map(|outcome| outcome.vector.title.clone()).unwrap_or_default();
        let has_clause = clauses == [right];
        Self { misreading, first, clauses, title, is_named, has_clause }
    }

    /// Whether something was found besides that the columns of the port differ.
    fn is_found(&self) -> bool {
        !self.title.is_empty() && !self.title.ends_with(": the columns differ")
    }
}

/// Fails if too few of the misreadings that were found are attributed rightly.
fn assert_attributed(what: &str, trials: &[Trial]) {
    let found: Vec<&Trial> = trials.iter().filter(|trial| trial.is_found()).collect();
    let named = found.iter().filter(|trial| trial.is_named).count();
    let clauses = found.iter().filter(|trial| trial.has_clause).count();
    println!(
        "{what}: {} planted, {} found, of which {named} have the right misreading and {clauses} the right clause",
        trials.len(),
        found.len()
    );
    let wrong = found.iter().filter(|trial| !trial.is_named || !trial.has_clause);
    let wrong: Vec<String> = wrong
        .map(|trial| {
            let Trial { misreading: Misreading { name, breaks, .. }, first, clauses, title, .. } = trial;
            format!("{name} ({breaks}): looks like {first:?}, {clauses:?}, {title:?}")
        })
        .collect();
    println!("{}", wrong.join("\n"));
    for right in [named, clauses] {
        assert!(!found.is_empty() && right * 100 >= found.len() * MIN_RIGHT, "{what}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn some_misreadings_of_the_rule_are_attributed() {
    let of_rule = ["switches-without-slash", "url-by-position", "no-host-without-dot", "has-as-substring"];
    for port in [Port::Exact, Port::OwnColumns] {
        let trial = |name: &&str| {
            Trial::new(named(name).unwrap(), port, &plan(2, 40, &[Function::BitsadminActivity]))
        };
        let trials: Vec<Trial> = of_rule.iter().map(trial).collect();
        assert!(trials.iter().all(Trial::is_found), "{trials:?}");
        assert_attributed(&format!("{port:?}"), &trials);
    }
}

#[test]
fn a_port_with_columns_of_its_own_has_one_find() {
    let engine = || -> Box<dyn Engine> { Box::new(Planted::new(None, Port::OwnColumns)) };
    let engines = Engines { engine: &engine, against: None };
    let plan = plan(1, 60, &[Function::BitsadminActivity]);
    let found = explore(&plan, engines, &Watch::default(), &[]).unwrap();
    assert_eq!(found.finds.len(), 1);
    assert_eq!(found.report.outcomes[0].vector.title, "seed 1, case 0: the columns differ");
}

#[test]
fn a_slow_engine_has_its_first_find_within_seconds() {
    let took = first_find(named("every-run-selected").unwrap(), 1).unwrap();
    assert!(took < MAX_FIRST_FIND, "{took:?}");
}

/// How long the first find takes if each call of the rule takes 25 ms, in one thread.
fn first_find(misreading: &'static Misreading, seed: u64) -> Option<Duration> {
    let engine = || -> Box<dyn Engine> { Box::new(Planted::new(Some(misreading), Port::Slow)) };
    let engines = Engines { engine: &engine, against: None };
    let (watch, start) = (Watch::default(), Instant::now());
    let watch = Watch { stop: watch.stop.after(2 * MAX_FIRST_FIND), ..watch };
    let mut first = None;
    let stop = watch.stop.clone();
    let mut on_find = |_| {
        first.get_or_insert(start.elapsed());
        stop.request();
    };
    explore_with(&plan(seed, 10_000, &[Function::BitsadminActivity]), engines, &watch, &[], &mut on_find)
        .unwrap();
    first
}

#[test]
#[ignore = "takes minutes: run by hand and in .ci/nightly"]
fn every_misreading_of_the_rule_is_attributed() {
    for port in [Port::Exact, Port::OwnColumns] {
        let planted = planted(port);
        for functions in [&[Function::BitsadminActivity][..], &[]] {
            let trials: Vec<Trial> = planted
                .iter()
                .map(|misreading| Trial::new(misreading, port, &plan(1, 1000, functions)))
                .collect();
            assert_attributed(&format!("{port:?}, asked {functions:?}"), &trials);
        }
    }
}

#[test]
#[ignore = "takes minutes: run by hand and in .ci/nightly"]
fn every_misreading_in_the_text_of_the_rule_is_found_within_seconds_if_the_engine_is_slow() {
    let of_text = all().iter().filter(|misreading| misreading.breaks.starts_with("RUL-"));
    let finds: Vec<_> = of_text.map(|misreading| (misreading.name, first_find(misreading, 1))).collect();
    let mut times: Vec<Duration> = finds.iter().filter_map(|(_, took)| *took).collect();
    times.sort_unstable();
    println!(
        "first find at 40 calls a second: median {:.1?}, maximum {:.1?}",
        times[times.len() / 2],
        times.last()
    );
    let late: Vec<_> =
        finds.iter().filter(|(_, took)| took.is_none_or(|took| took > MAX_FIRST_FIND)).collect();
    println!("late: {late:?}");
    assert!(late.len() * 100 <= finds.len() * (100 - MIN_RIGHT), "{late:?}");
}
