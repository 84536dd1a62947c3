//! Points that are or were open, as chapter 90 writes them.

use super::CHAPTERS;

/// The chapter that has them.
const CHAPTER: &str = "90-open-points.md";

/// A question that no public evidence decides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenPoint {
    /// Its permanent id, `OPEN-NUL`.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// What is known of it.
    pub known: String,
    /// The names of its alternatives, the default first, and what each means; empty if
    /// the name says all.
    pub alternatives: Vec<(String, String)>,
    /// What is said after the alternatives.
    pub note: String,
    /// Where it is written down: file and line in `spec/`.
    pub place: String,
}

/// A question that was open, and that evidence has decided.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettledPoint {
    /// Its permanent id.
    pub id: String,
    /// What was asked.
    pub question: String,
    /// The name of the alternative that holds.
    pub holds: String,
    /// What that means; empty if the name says all.
    pub meaning: String,
    /// Who recorded it.
    pub record: String,
    /// Where it is written down: file and line in `spec/`.
    pub place: String,
}

/// Every open point, in the order of the chapter.
///
/// ```
/// let points = rulespec::suite::open_points();
/// let nul = points.iter().find(|point| point.id == "OPEN-NUL").unwrap();
/// assert_eq!(nul.question, "What does U+0000 do in a command line?");
/// assert_eq!(nul.alternatives[0].0, "ends-the-line");
/// ```
pub fn open_points() -> Vec<OpenPoint> {
    let mut points: Vec<OpenPoint> = vec![];
    for (line, paragraph) in paragraphs() {
        if let Some(point) = begun(line, &paragraph) {
            points.push(point);
        } else if paragraph.starts_with("## ") {
            // Only what stands before the first heading is about single points.
            break;
        } else if let Some(point) = points.last_mut() {
            match paragraph.starts_with("* ") {
                true => point.alternatives.extend(alternatives(&paragraph)),
                false if point.note.is_empty() => point.note = joined(&paragraph),
                false => point.note = format!("{} {}", point.note, joined(&paragraph)),
            }
        }
    }
    points
}

/// Every settled point, in the order of the chapter.
///
/// ```
/// let points = rulespec::suite::settled_points();
/// let point = points.iter().find(|point| point.id == "OPEN-INDEXOF-EMPTY").unwrap();
/// assert_eq!((point.holds.as_str(), point.meaning.as_str()), ("null", ""));
/// assert_eq!(point.record, "S-KQL2SQL, three rows in four recordings");
/// ```
pub fn settled_points() -> Vec<SettledPoint> {
    chapter().lines().enumerate().filter_map(|(at, line)| settled_row(at + 1, line)).collect()
}

/// What to do about a vector whose point is not open, if it was once.
#[doc(hidden)]
pub fn retired(open: &str) -> Option<String> {
    let (_, holds) = crate::kql::Profile::SETTLED.iter().find(|(id, _)| *id == open)?;
    Some(format!(
        "{open} is settled: `{holds}` holds; write that answer as `want`, in place of `open` and `wants`"
    ))
}

fn chapter() -> &'static str {
    CHAPTERS.iter().find(|(file, _)| *file == CHAPTER).map_or("", |(_, text)| text)
}

fn place(line: usize) -> String {
    format!("{CHAPTER}:{line}")
}

/// The paragraphs of the chapter, each with its first line, counted from 1.
fn paragraphs() -> Vec<(usize, String)> {
    let mut paragraphs: Vec<(usize, String)> = vec![];
    let mut within = false;
    for (at, line) in chapter().lines().enumerate() {
        match paragraphs.last_mut() {
            Some((_, text)) if within && !line.is_empty() => *text += &format!("\n{line}"),
            _ if !line.is_empty() => paragraphs.push((at + 1, line.to_owned())),
            _ => {}
        }
        within = !line.is_empty();
    }
    paragraphs
}

fn joined(paragraph: &str) -> String {
    paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// `**OPEN-NUL** What …? No record …` as a point without alternatives.
fn begun(line: usize, paragraph: &str) -> Option<OpenPoint> {
    let text = joined(paragraph);
    let (id, text) = text.strip_prefix("**").filter(|text| text.starts_with("OPEN-"))?.split_once("** ")?;
    let (question, known) = text.split_at(text.find('?')? + 1);
    Some(OpenPoint {
        id: id.to_owned(),
        question: question.to_owned(),
        known: known.trim_start().to_owned(),
        alternatives: vec![],
        note: String::new(),
        place: place(line),
    })
}

/// A list whose items have the form ``* `null` `` or ``* `null` (default): meaning``.
fn alternatives(paragraph: &str) -> Vec<(String, String)> {
    let list = format!("\n{paragraph}");
    list.split("\n* ").filter_map(|item| named(&joined(item))).collect()
}

/// `` `name`: meaning`` as its two parts.
fn named(text: &str) -> Option<(String, String)> {
    let (name, rest) = text.strip_prefix('`')?.split_once('`')?;
    let rest = rest.strip_prefix(" (default)").unwrap_or(rest);
    Some((name.to_owned(), rest.strip_prefix(": ").unwrap_or(rest).to_owned()))
}

fn settled_row(line: usize, row: &str) -> Option<SettledPoint> {
    let cells: Vec<&str> = row.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
    let [id, question, holds, record] = *cells.as_slice() else { return None };
    let (holds, meaning) = named(holds).filter(|_| id.starts_with("OPEN-"))?;
    let (id, question, record) = (id.to_owned(), question.to_owned(), record.to_owned());
    Some(SettledPoint { id, question, holds, meaning, record, place: place(line) })
}
