//! Open and settled points, parsed from chapter 90.

use super::CHAPTERS;

/// The chapter of the open points.
const CHAPTER: &str = "90-open-points.md";

/// A question that no public evidence decides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenPoint {
    /// Its permanent id, such as `OPEN-NUL`.
    pub id: String,
    /// The question.
    pub question: String,
    /// What is known about it.
    pub known: String,
    /// The name and the meaning of each alternative, the default first. The meaning is empty
    /// if the name is clear.
    pub alternatives: Vec<(String, String)>,
    /// The text after the alternatives.
    pub note: String,
    /// Its place: file and line in `spec/`.
    pub place: String,
}

/// A formerly open question that evidence has decided.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettledPoint {
    /// Its permanent id.
    pub id: String,
    /// The question.
    pub question: String,
    /// The name of the alternative that holds.
    pub holds: String,
    /// The meaning of that alternative; empty if the name is clear.
    pub meaning: String,
    /// The source of the evidence.
    pub record: String,
    /// Its place: file and line in `spec/`.
    pub place: String,
}

/// Returns every open point, in the order of the chapter.
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
        if let Some(point) = open_point(line, &paragraph) {
            points.push(point);
        } else if paragraph.starts_with("## ") {
            // Only the text before the first heading describes single points.
            break;
        } else if let Some(point) = points.last_mut() {
            if paragraph.starts_with("* ") {
                point.alternatives.extend(alternatives(&paragraph));
            } else {
                point.note = format!("{} {}", point.note, one_line(&paragraph)).trim_start().to_owned();
            }
        }
    }
    points
}

/// Returns every settled point, in the order of the chapter.
///
/// ```
/// let points = rulespec::suite::settled_points();
/// let point = points.iter().find(|point| point.id == "OPEN-INDEXOF-EMPTY").unwrap();
/// assert_eq!((point.holds.as_str(), point.meaning.as_str()), ("null", ""));
/// assert_eq!(point.record, "S-KQL2SQL, three rows in four recordings");
/// ```
pub fn settled_points() -> Vec<SettledPoint> {
    chapter().lines().enumerate().filter_map(|(at, line)| settled_point(at + 1, line)).collect()
}

/// Returns how to correct a vector whose point is settled, or `None` if this is no settled point.
#[doc(hidden)]
pub fn settled_hint(open: &str) -> Option<String> {
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

/// Returns the paragraphs of the chapter, each with the number of its first line.
fn paragraphs() -> Vec<(usize, String)> {
    let lines: Vec<(usize, &str)> = chapter().lines().enumerate().collect();
    let paragraphs = lines.split(|(_, line)| line.is_empty()).filter(|lines| !lines.is_empty());
    paragraphs
        .map(|lines| (lines[0].0 + 1, lines.iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n")))
        .collect()
}

fn one_line(paragraph: &str) -> String {
    paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// Parses `**OPEN-NUL** What …? No record …` as a point without alternatives.
fn open_point(line: usize, paragraph: &str) -> Option<OpenPoint> {
    let text = one_line(paragraph);
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

/// Parses a list whose items have the form ``* `null` `` or ``* `null` (default): meaning``.
fn alternatives(paragraph: &str) -> Vec<(String, String)> {
    let list = format!("\n{paragraph}");
    list.split("\n* ").filter_map(|item| split_name(&one_line(item))).collect()
}

/// Splits `` `name`: meaning`` into its two parts.
fn split_name(text: &str) -> Option<(String, String)> {
    let (name, rest) = text.strip_prefix('`')?.split_once('`')?;
    let rest = rest.strip_prefix(" (default)").unwrap_or(rest);
    Some((name.to_owned(), rest.strip_prefix(": ").unwrap_or(rest).to_owned()))
}

/// Parses a row of the table of settled points.
fn settled_point(line: usize, row: &str) -> Option<SettledPoint> {
    let cells: Vec<&str> = row.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
    let [id, question, holds, record] = *cells.as_slice() else { return None };
    let (holds, meaning) = split_name(holds).filter(|_| id.starts_with("OPEN-"))?;
    let (id, question, record) = (id.to_owned(), question.to_owned(), record.to_owned());
    Some(SettledPoint { id, question, holds, meaning, record, place: place(line) })
}
