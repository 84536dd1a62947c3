//! Checks vectors for their authors: the schema, the canonical form, ids, titles, and references
//! to clauses, functions, open points and sources.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Value as Json, json};

use rulespec::Function;
use rulespec::kql::Profile;
use rulespec::suite::{Clause, VECTOR_SCHEMA, Vector, Want, clauses, load, settled_hint, source};

/// A violation of the rules for vector files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The file.
    pub file: String,
    /// The id of the vector. Empty if the whole file is meant.
    pub vector: String,
    /// The problem and its remedy.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, vector, what } = self;
        if vector.is_empty() {
            return write!(f, "{file}: {what}");
        }
        write!(f, "{file}: {vector}: {what}")
    }
}

/// The vectors of one file.
struct File<'a> {
    name: &'a str,
    vectors: Vec<Vector>,
}

impl File<'_> {
    fn violation(&self, vector: &Vector, what: String) -> Violation {
        Violation { file: self.name.to_owned(), vector: vector.id.clone(), what }
    }
}

/// Checks vector files, which are given by name and text.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::lint::lint;
///
/// assert_eq!(lint(suite::VECTOR_FILES), []);
/// assert_eq!(lint(&[("a.json", "[{}]")])[0].file, "a.json");
/// ```
pub fn lint(files: &[(impl AsRef<str>, impl AsRef<str>)]) -> Vec<Violation> {
    let mut violations = vec![];
    let mut readable = vec![];
    for (name, text) in files {
        let (name, text) = (name.as_ref(), text.as_ref());
        let schema_violations = check_schema(name, text);
        match load(name, text) {
            Ok(vectors) => {
                let file = File { name, vectors };
                violations.extend(schema_violations.into_iter().chain(check_form(&file, text)));
                readable.push(file);
            }
            Err(error) if schema_violations.is_empty() => {
                violations.push(file_violation(name, error.message()));
            }
            // The violations of the schema are more precise than the error.
            Err(_) => violations.extend(schema_violations),
        }
    }
    let clauses = clauses();
    for file in &readable {
        violations.extend(check_ids(file, &clauses));
        violations.extend(check_references(file, &clauses));
    }
    violations.extend(check_duplicates(&readable));
    violations
}

fn file_violation(file: &str, what: String) -> Violation {
    Violation { file: file.to_owned(), vector: String::new(), what }
}

fn check_schema(file: &str, text: &str) -> Vec<Violation> {
    let schema: Json = serde_json::from_str(VECTOR_SCHEMA).unwrap_or_default();
    let (Ok(validator), Ok(json)) = (jsonschema::draft202012::new(&schema), serde_json::from_str(text))
    else {
        return vec![];
    };
    let violation = |error: jsonschema::ValidationError<'_>| {
        let path = error.instance_path().to_string();
        let index = path.split('/').nth(1).and_then(|index| index.parse::<usize>().ok());
        let id = index.and_then(|index| Json::get(&json, index)?.get("id")?.as_str());
        let vector = id.unwrap_or_default().to_owned();
        Violation { file: file.to_owned(), vector, what: format!("{path}: {}", error.masked()) }
    };
    validator.iter_errors(&json).map(violation).collect()
}

/// Checks that the text is in canonical form, as this library prints it.
fn check_form(file: &File<'_>, text: &str) -> Option<Violation> {
    let canonical = serde_json::to_string_pretty(&file.vectors).ok()? + "\n";
    if canonical == text {
        return None;
    }
    let equal_lines = canonical.lines().zip(text.lines()).take_while(|(want, got)| want == got).count();
    let want = canonical.lines().nth(equal_lines).unwrap_or("the end").trim();
    let line = equal_lines + 1;
    Some(file_violation(file.name, format!("line {line} is not in canonical form; expected {want}")))
}

/// Ids have the prefix of their chapter and four digits, and ascend.
fn check_ids(file: &File<'_>, clauses: &[Clause]) -> Vec<Violation> {
    let chapter = file.name.rsplit(['/', '\\']).next().unwrap_or_default().replace(".json", ".md");
    let letters = clauses.iter().find(|clause| clause.file == chapter).map(|c| c.chapter().to_lowercase());
    let first = file.vectors.first().and_then(|vector| Some(vector.id.split_once('-')?.0.to_owned()));
    let prefix = format!("{}-", letters.or(first).unwrap_or_default());
    let mut last = 0;
    let mut violations = vec![];
    for vector in &file.vectors {
        let digits = vector.id.strip_prefix(&prefix).filter(|digits| digits.len() == 4);
        match digits.and_then(|digits| digits.parse::<u32>().ok()) {
            Some(number) if number > last => last = number,
            Some(_) => {
                violations.push(file.violation(vector, "the id is not above the one before it".into()))
            }
            None => {
                violations.push(file.violation(vector, format!("the id is not of the form {prefix}0000")))
            }
        }
    }
    violations
}

/// Everything that a vector refers to exists, and an open point has an answer for each alternative.
fn check_references(file: &File<'_>, clauses: &[Clause]) -> Vec<Violation> {
    let mut violations = vec![];
    for vector in &file.vectors {
        let mut report = |what: String| violations.push(file.violation(vector, what));
        for id in vector.clauses.iter().filter(|id| !clauses.iter().any(|clause| clause.id == **id)) {
            report(format!("there is no clause {id}; see `rulespec list clauses`"));
        }
        if let Err(unknown) = vector.r#fn.parse::<Function>() {
            report(unknown.to_string());
        }
        if let Some(evidence) = vector.evidence.as_ref().filter(|id| source(id).is_none()) {
            report(format!("there is no source {evidence}; see spec/sources.md"));
        }
        let Want::Open { open, wants } = &vector.want else { continue };
        let Some((_, alternatives)) = Profile::POINTS.iter().find(|(id, _)| id == open) else {
            let unknown = || format!("there is no open point {open}; see `rulespec list open-points`");
            report(settled_hint(open).unwrap_or_else(unknown));
            continue;
        };
        for name in alternatives.iter().filter(|name| !wants.contains_key(**name)) {
            report(format!("there is no answer for the alternative {name} of {open}"));
        }
    }
    violations
}

/// Each id and title occurs once, and so does each call of one clause.
fn check_duplicates(files: &[File<'_>]) -> Vec<Violation> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut violations = vec![];
    let vectors = files.iter().flat_map(|file| file.vectors.iter().map(move |vector| (file, vector)));
    for (file, vector) in vectors {
        let mut once = |key: String, what: &str| {
            if let Some(other) = seen.insert(key, &vector.id) {
                violations.push(file.violation(vector, format!("{what} {other}")));
            }
        };
        once(format!("id {}", vector.id), "has the id of");
        once(format!("title {}", vector.title), "has the title of");
        for clause in &vector.clauses {
            let call = json!([clause, vector.r#fn, vector.args]).to_string();
            once(call, &format!("makes the same call for {clause} as"));
        }
    }
    violations
}
