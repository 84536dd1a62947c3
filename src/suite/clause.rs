use super::CHAPTERS;

/// A clause: one testable statement of the specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its permanent id, such as `CMD-07`.
    pub id: String,
    /// How it is tested.
    pub kind: Kind,
    /// Its text, on one line.
    pub text: String,
    /// Its evidence: a word and, in parentheses, the sources.
    pub evidence: String,
    /// The file in `spec/` that contains it.
    pub file: &'static str,
    /// Its line in the file, counted from 1.
    pub line: usize,
}

/// How a clause is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// By a test of this project, and by vectors that any engine can be asked.
    Asked,
    /// By a test of this project only: no vector can express it.
    NotAsked,
    /// Not at all: the clause is informative.
    Informative,
}

impl Clause {
    /// Returns the three letters of its chapter, such as `CMD`.
    pub fn chapter(&self) -> &str {
        self.id.split('-').next().unwrap_or_default()
    }

    /// Whether this is a name of its chapter: the letters, or the file, its number or the rest of its name.
    ///
    /// ```
    /// let clauses = rulespec::suite::clauses();
    /// let clause = clauses.iter().find(|clause| clause.id == "TRM-01").unwrap();
    /// let names = ["TRM", "30", "terms", "30-terms", "spec/30-terms.md"];
    /// assert!(names.iter().all(|name| clause.is_of_chapter(name)));
    /// ```
    pub fn is_of_chapter(&self, name: &str) -> bool {
        let stem = self.file.trim_end_matches(".md");
        let (number, title) = stem.split_once('-').unwrap_or((stem, stem));
        let name = name.strip_prefix("spec/").unwrap_or(name);
        let name = name.strip_suffix(".md").unwrap_or(name);
        [self.chapter(), stem, number, title].iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// Returns every clause of the specification, in the order of the chapters.
///
/// ```
/// let clauses = rulespec::suite::clauses();
/// let clause = clauses.iter().find(|clause| clause.id == "CMD-07").unwrap();
/// assert_eq!(clause.text, "Two quotes with nothing between them are an argument, which is empty.");
/// ```
pub fn clauses() -> Vec<Clause> {
    CHAPTERS.iter().flat_map(|(file, text)| clauses_of(file, text)).collect()
}

/// Returns the clauses of a chapter: the paragraphs that begin with `**ID**`.
fn clauses_of(file: &'static str, chapter: &str) -> Vec<Clause> {
    let lines: Vec<&str> = chapter.lines().collect();
    let starts = (0..lines.len()).filter_map(|at| Some((at, split_id(lines[at])?)));
    starts
        .map(|(at, (id, first_line))| {
            let other_lines = lines[at + 1..].iter().take_while(|line| !line.is_empty());
            let paragraph: Vec<&str> = std::iter::once(first_line).chain(other_lines.copied()).collect();
            let paragraph = paragraph.join(" ");
            let (text, evidence) = paragraph.split_once(" Evidence: ").unwrap_or((&paragraph, ""));
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

/// Splits `**CMD-07** An empty…` into the id and the rest of the line. The ids of open points
/// have another form, and are not accepted.
fn split_id(line: &str) -> Option<(&str, &str)> {
    let (id, rest) = line.strip_prefix("**")?.split_once("** ")?;
    let (chapter, number) = id.split_once('-')?;
    let is_id = chapter.len() == 3
        && chapter.bytes().all(|b| b.is_ascii_uppercase())
        && matches!(number.len(), 2 | 3)
        && number.bytes().all(|b| b.is_ascii_digit());
    is_id.then_some((id, rest))
}

/// Splits the note `(informative)` or `(not asked)` from the text of a clause.
fn split_kind<'a>(text: &'a str, file: &str) -> (Kind, &'a str) {
    if let Some(text) = text.strip_prefix("(informative) ") {
        (Kind::Informative, text)
    } else if let Some(text) = text.strip_prefix("(not asked) ") {
        (Kind::NotAsked, text)
    } else if ["70-", "71-", "72-", "73-", "74-", "80-"].iter().any(|chapter| file.starts_with(chapter)) {
        (Kind::NotAsked, text)
    } else {
        (Kind::Asked, text)
    }
}
