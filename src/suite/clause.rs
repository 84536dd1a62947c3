use super::CHAPTERS;

/// One testable idea of the specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its permanent id, `CMD-07`.
    pub id: String,
    /// Whether engines are asked about it.
    pub kind: Kind,
    /// What it says, on one line.
    pub text: String,
    /// What its evidence is: a word, and the sources in brackets.
    pub evidence: String,
    /// The file in `spec/` that holds it.
    pub file: &'static str,
    /// The line there, counted from 1.
    pub line: usize,
}

/// How a clause is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// By code, a test, and vectors that any engine can be asked.
    Asked,
    /// By code and a test; no engine can be asked.
    NotAsked,
    /// It only informs.
    Informative,
}

impl Clause {
    /// The chapter's three letters: `CMD`.
    pub fn chapter(&self) -> &str {
        self.id.split('-').next().unwrap_or_default()
    }
}

/// Every clause of the specification, in the order of its chapters.
///
/// ```
/// let clauses = rulespec::suite::clauses();
/// let clause = clauses.iter().find(|clause| clause.id == "CMD-07").unwrap();
/// assert_eq!(clause.text, "Two quotes with nothing between them are an argument, which is empty.");
/// ```
pub fn clauses() -> Vec<Clause> {
    CHAPTERS.iter().flat_map(|(file, text)| clauses_of(file, text)).collect()
}

/// The clauses of one chapter: paragraphs that begin with `**ID**`.
fn clauses_of(file: &'static str, chapter: &str) -> Vec<Clause> {
    let lines: Vec<&str> = chapter.lines().collect();
    let starts = (0..lines.len()).filter_map(|at| Some((at, split_id(lines[at])?)));
    starts
        .map(|(at, (id, first))| {
            let paragraph = lines[at + 1..].iter().take_while(|line| !line.is_empty());
            let whole = std::iter::once(first).chain(paragraph.copied()).collect::<Vec<_>>().join(" ");
            let (text, evidence) = whole.split_once(" Evidence: ").unwrap_or((&whole, ""));
            let (kind, text) = split_kind(text, file);
            Clause {
                id: id.to_owned(),
                kind,
                text: text.to_owned(),
                evidence: evidence.to_owned(),
                file,
                line: at + 1,
            }
        })
        .collect()
}

/// `**CMD-07** An empty…` as its id and the rest of the line. Open points have
/// ids of another form and are no clauses.
fn split_id(line: &str) -> Option<(&str, &str)> {
    let (id, rest) = line.strip_prefix("**")?.split_once("** ")?;
    let (chapter, number) = id.split_once('-')?;
    let is_id = chapter.len() == 3
        && chapter.bytes().all(|b| b.is_ascii_uppercase())
        && number.len() == 2
        && number.bytes().all(|b| b.is_ascii_digit());
    is_id.then_some((id, rest))
}

fn split_kind<'a>(text: &'a str, file: &str) -> (Kind, &'a str) {
    if let Some(text) = text.strip_prefix("(informative) ") {
        (Kind::Informative, text)
    } else if let Some(text) = text.strip_prefix("(not asked) ") {
        (Kind::NotAsked, text)
    } else if ["70-", "71-", "80-"].iter().any(|chapter| file.starts_with(chapter)) {
        (Kind::NotAsked, text)
    } else {
        (Kind::Asked, text)
    }
}
