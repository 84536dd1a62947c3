//! Vectors looked over for their authors: the schema, the canonical form, ids,
//! titles, and links to clauses, functions, open points and sources.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Value as Json, json};

use rulespec::Function;
use rulespec::kql::Profile;
use rulespec::suite::{Clause, VECTOR_SCHEMA, Vector, Want, clauses, load, retired, source};

/// Something wrong with a file of vectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offence {
    /// The file.
    pub file: String,
    /// The id of the vector; empty where the whole file is meant.
    pub vector: String,
    /// What is wrong, and what to do.
    pub what: String,
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, vector, what } = self;
        match vector.is_empty() {
            true => write!(f, "{file}: {what}"),
            false => write!(f, "{file}: {vector}: {what}"),
        }
    }
}

/// The vectors of one file.
struct File<'a> {
    name: &'a str,
    vectors: Vec<Vector>,
}

impl File<'_> {
    fn offence(&self, vector: &Vector, what: String) -> Offence {
        Offence { file: self.name.to_owned(), vector: vector.id.clone(), what }
    }
}

/// Everything that is wrong with files of vectors, given by name and text.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::lint::lint;
///
/// assert_eq!(lint(suite::VECTOR_FILES), []);
/// assert_eq!(lint(&[("a.json", "[{}]")])[0].file, "a.json");
/// ```
pub fn lint(files: &[(impl AsRef<str>, impl AsRef<str>)]) -> Vec<Offence> {
    let mut offences = vec![];
    let mut readable = vec![];
    for (name, text) in files {
        let (name, text) = (name.as_ref(), text.as_ref());
        offences.extend(against_schema(name, text));
        match load(name, text) {
            Ok(vectors) => readable.push(File { name, vectors }),
            // What the schema has already found is said there with its place.
            Err(_) if !offences.is_empty() => continue,
            Err(error) => offences.push(whole(name, error.what())),
        }
        offences.extend(readable.last().and_then(|file| out_of_form(file, text)));
    }
    let clauses = clauses();
    for file in &readable {
        offences.extend(ids(file, &clauses));
        offences.extend(links(file, &clauses));
    }
    offences.extend(repeated(&readable));
    offences
}

fn whole(file: &str, what: String) -> Offence {
    Offence { file: file.to_owned(), vector: String::new(), what }
}

fn against_schema(file: &str, text: &str) -> Vec<Offence> {
    let schema: Json = serde_json::from_str(VECTOR_SCHEMA).unwrap_or_default();
    let (Ok(validator), Ok(json)) = (jsonschema::draft202012::new(&schema), serde_json::from_str(text))
    else {
        return vec![];
    };
    let offence = |error: jsonschema::ValidationError<'_>| {
        let path = error.instance_path().to_string();
        let number = path.split('/').nth(1).and_then(|number| number.parse::<usize>().ok());
        let vector = number.and_then(|number| Json::get(&json, number)?.get("id")?.as_str());
        let vector = vector.map_or_else(String::new, str::to_owned);
        Offence { file: file.to_owned(), vector, what: format!("{path}: {}", error.masked()) }
    };
    validator.iter_errors(&json).map(offence).collect()
}

/// Where the text is not as this library prints it.
fn out_of_form(file: &File<'_>, text: &str) -> Option<Offence> {
    let canonical = serde_json::to_string_pretty(&file.vectors).ok()? + "\n";
    if canonical == text {
        return None;
    }
    let line = canonical.lines().zip(text.lines()).take_while(|(want, got)| want == got).count() + 1;
    let want = canonical.lines().nth(line - 1).unwrap_or("the end").trim();
    Some(whole(file.name, format!("line {line} is not in canonical form, which is {want}")))
}

/// Ids have the letters of their chapter and four digits, and ascend.
fn ids(file: &File<'_>, clauses: &[Clause]) -> Vec<Offence> {
    let chapter = file.name.rsplit(['/', '\\']).next().unwrap_or_default().replace(".json", ".md");
    let letters = clauses.iter().find(|clause| clause.file == chapter).map(|c| c.chapter().to_lowercase());
    let first = file.vectors.first().and_then(|vector| Some(vector.id.split_once('-')?.0.to_owned()));
    let prefix = format!("{}-", letters.or(first).unwrap_or_default());
    let mut last = 0;
    let mut offences = vec![];
    for vector in &file.vectors {
        let digits = vector.id.strip_prefix(&prefix).filter(|digits| digits.len() == 4);
        match digits.and_then(|digits| digits.parse::<u32>().ok()) {
            Some(number) if number > last => last = number,
            Some(_) => offences.push(file.offence(vector, "the id is not above the one before it".into())),
            None => offences.push(file.offence(vector, format!("the id is not of the form {prefix}0000"))),
        }
    }
    offences
}

/// What a vector names exists.
fn links(file: &File<'_>, clauses: &[Clause]) -> Vec<Offence> {
    let mut offences = vec![];
    for vector in &file.vectors {
        let mut wrong = |what: String| offences.push(file.offence(vector, what));
        for id in vector.clauses.iter().filter(|id| !clauses.iter().any(|clause| clause.id == **id)) {
            wrong(format!("there is no clause {id}; `rulespec list clauses` names all"));
        }
        if let Err(unknown) = vector.r#fn.parse::<Function>() {
            wrong(unknown.to_string());
        }
        if let Some(evidence) = vector.evidence.as_ref().filter(|id| source(id).is_none()) {
            wrong(format!("there is no source {evidence}; spec/sources.md lists all"));
        }
        if let Want::Open { open, wants } = &vector.want {
            alternatives(open, &mut |name| wants.contains_key(name), &mut wrong);
        }
    }
    offences
}

/// An open point exists, and has an answer for each of its alternatives.
fn alternatives(open: &str, has: &mut dyn FnMut(&str) -> bool, wrong: &mut dyn FnMut(String)) {
    match Profile::POINTS.iter().find(|(id, _)| *id == open) {
        None => wrong(retired(open).unwrap_or_else(|| {
            format!("there is no open point {open}; `rulespec list open-points` names all")
        })),
        Some((_, names)) => {
            for name in names.iter().filter(|name| !has(name)) {
                wrong(format!("{open} has the alternative {name}, and there is no answer for it"));
            }
        }
    }
}

/// No id, no title, and for one clause no question, stands twice.
fn repeated(files: &[File<'_>]) -> Vec<Offence> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut offences = vec![];
    for (file, vector) in files.iter().flat_map(|file| file.vectors.iter().map(move |vector| (file, vector)))
    {
        let mut once = |key: String, what: &str| {
            if let Some(other) = seen.insert(key, &vector.id) {
                offences.push(file.offence(vector, format!("{what} {other}")));
            }
        };
        once(format!("id {}", vector.id), "has the id of");
        once(format!("title {}", vector.title), "has the title of");
        for clause in &vector.clauses {
            let question = json!([clause, vector.r#fn, vector.args]).to_string();
            once(question, &format!("asks for {clause} the same as"));
        }
    }
    offences
}
