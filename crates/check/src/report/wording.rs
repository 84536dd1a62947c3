//! Phrases that several renderings share.

use super::model::{Explanation, OpenPointOutcome, Outcome, Report};
use super::standing::{Counts, Standing};
use crate::engine::Answer;
use crate::misreading::named;
use crate::printable::{printable, shortened};
use crate::verdict::Verdict;
use rulespec::kql::Profile;

/// `1 clause`, `2 clauses`.
pub fn clauses(count: usize) -> String {
    counted(count as u64, "clause")
}

/// `1 vector`, `2 vectors`.
pub fn vectors(count: usize) -> String {
    counted(count as u64, "vector")
}

/// `1 row`, `2 rows`.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Splits a sentence at backquotes. Each part comes with whether it is code. If a backquote has no partner,
/// the whole sentence is one part.
pub fn code_parts(text: &str) -> Vec<(bool, &str)> {
    let parts: Vec<&str> = text.split('`').collect();
    match parts.len().is_multiple_of(2) {
        true => vec![(false, text)],
        false => parts.into_iter().enumerate().map(|(at, part)| (at % 2 == 1, part)).collect(),
    }
}

/// The engine's name and version, escaped and cut to `limit` characters.
pub fn engine(report: &Report, limit: usize) -> String {
    shortened(format!("{} {}", report.engine.engine, report.engine.version).trim(), limit)
}

/// How the engine does, in words: `misses 3 of the 20 clauses it was asked; 4 of 24 are unsupported`.
pub fn conclusion(report: &Report) -> String {
    let counts = report.counts();
    let count = |is: fn(&Outcome) -> bool| report.outcomes.iter().filter(|outcome| is(outcome)).count();
    let is_asked = |outcome: &Outcome| !matches!(outcome.verdict, Verdict::Unsupported | Verdict::NotAsked);
    let mut parts = match count(is_asked) {
        0 if counts.total() == 0 => vec!["was not asked anything".to_owned()],
        0 => vec![format!("was asked none of the {}", clauses(counts.total()))],
        _ => vec![result(report, &counts)],
    };
    for (standing, verbs) in [(Standing::Unsupported, ["is", "are"]), (Standing::NotAsked, ["was", "were"])] {
        let count = counts.of(standing);
        if counts.asked() > 0 && count > 0 {
            let verb = verbs[usize::from(count > 1)];
            parts.push(format!("{count} of {} {verb} {}", counts.total(), standing.as_str()));
        }
    }
    for (count, is) in [
        (count(|outcome| outcome.word() == "unexpected pass"), ["passes", "pass"]),
        (report.stale.len(), ["names no vector", "name no vector"]),
    ] {
        match count {
            0 => {}
            1 => parts.push(format!("1 known failure {}", is[0])),
            count => parts.push(format!("{count} known failures {}", is[1])),
        }
    }
    if count(|outcome| outcome.verdict == Verdict::NotAsked) > 0 {
        parts.push("the run ended early".to_owned());
    }
    parts.join("; ")
}

/// Which clauses the engine meets, of those that it was asked.
fn result(report: &Report, counts: &Counts) -> String {
    let is_new = |outcome: &&Outcome| outcome.is_news() && outcome.verdict.is_failure();
    let failures =
        report.outcomes.iter().filter(is_new).filter(|one| one.verdict != Verdict::NotAsked).count();
    let known = if failures == 0 { ", as is known" } else { "" };
    let in_part = match counts.of(Standing::PartlyAsked) {
        0 => String::new(),
        partly if partly == counts.asked() => ", in part".to_owned(),
        partly => format!(", {partly} of them in part"),
    };
    match (counts.of(Standing::Missed), counts.asked()) {
        (1, 1) => format!("misses the one clause it was asked{known}"),
        (missed @ 1.., asked) if missed == asked => format!("misses all {asked} clauses it was asked{known}"),
        (missed @ 1.., asked) => format!("misses {missed} of the {asked} clauses it was asked{known}"),
        (0, _) if failures > 0 => format!("fails {}", vectors(failures)),
        (0, 0) => "was asked about open points only".to_owned(),
        (0, 1) => format!("meets the one clause it was asked{in_part}"),
        (0, asked) => format!("meets all {asked} clauses it was asked{in_part}"),
    }
}

/// The functions that the engine does not have, with the number of vectors that call each.
pub fn unsupported(report: &Report, limit: usize) -> Option<String> {
    let functions = report.unsupported();
    let number = |(function, count): &(&str, usize)| format!("{} {count}", printable(function));
    let listed = functions.iter().take(limit).map(number).collect::<Vec<_>>().join(", ");
    (!functions.is_empty())
        .then(|| format!("unsupported functions, with their vectors: {listed}{}", more(&functions, limit)))
}

/// ` and 3 more`, if there are more than the limit.
pub fn more<T>(all: &[T], limit: usize) -> String {
    match all.len().saturating_sub(limit) {
        0 => String::new(),
        more => format!(" and {more} more"),
    }
}

/// What a reader must know about how the engine was asked: restarts, retries, and what was not
/// asked.
pub fn notes(report: &Report) -> Vec<String> {
    let mut notes = vec![];
    if report.restarts > 0 {
        let times =
            if report.restarts == 1 { "once".to_owned() } else { format!("{} times", report.restarts) };
        notes.push(format!(
            "the engine was started again {times}; calls that were open were asked again in a new process"
        ));
    }
    let retried = report.outcomes.iter().filter(|outcome| matches!(outcome.answer, Answer::Retried { .. }));
    let retried: Vec<&str> = retried.map(|outcome| outcome.vector.id.as_str()).collect();
    if let Some(first) = retried.first() {
        notes.push(format!(
            "answered only when asked again in a new process: {}, first {}",
            vectors(retried.len()),
            printable(first)
        ));
    }
    let reasons = report.outcomes.iter().filter_map(|outcome| match &outcome.answer {
        Answer::NotAsked(why) => Some(why),
        _ => None,
    });
    let reasons: Vec<&String> = reasons.collect();
    if let Some(why) = reasons.last() {
        notes.push(format!("not asked: {}; {}", vectors(reasons.len()), shortened(why, 500)));
    }
    notes
}

/// `drops-empty-arguments: explains all 9 failures`.
pub fn looks_like(explanation: &Explanation) -> String {
    let name = explanation.misreadings.join(" + ");
    let (explains, failures) = (explanation.explains.len(), explanation.failures);
    let how_many = match failures {
        1 if explains == 1 => "the one failure".to_owned(),
        _ if explains == failures => format!("all {failures} failures"),
        _ => format!("{explains} of {failures} failures"),
    };
    format!("{}: explains {how_many}", printable(&name))
}

/// What misreadings assume.
pub fn says(explanation: &Explanation) -> String {
    let known = explanation.misreadings.iter().filter_map(|name| named(name));
    let says = known.map(|misreading| misreading.says).collect::<Vec<_>>();
    printable(&says.join("; ")).into_owned()
}

/// `has-as-substring: …`: misreadings, and what they assume.
#[cfg(feature = "explore")]
pub fn assumption(explanation: &Explanation) -> String {
    format!("{}: {}", printable(&explanation.misreadings.join(" + ")), says(explanation))
}

/// The alternatives of an open point that an answer follows.
pub fn followed(alternatives: &[String]) -> String {
    if alternatives.is_empty() { "no alternative".to_owned() } else { alternatives.join(", ") }
}

/// Which alternative of an open point the engine follows.
pub fn open_point(point: &OpenPointOutcome) -> String {
    if let Some((_, holds)) = Profile::SETTLED.iter().find(|(id, _)| *id == point.id) {
        // In an older report the reference may follow another alternative.
        return format!("{}; settled since: {holds}", point.follows.join(" or "));
    }
    match (point.follows.as_slice(), point.outside.as_slice()) {
        ([], []) => format!("follows no one alternative in all {}", vectors(point.asked)),
        ([], [first, ..]) => {
            format!("{} of {} follow no alternative: {first}", point.outside.len(), vectors(point.asked))
        }
        (follows, _) if follows.contains(&point.default) => format!("as the reference: {}", point.default),
        (follows, _) => format!("{} (the reference: {})", follows.join(" or "), point.default),
    }
}

/// The command that asks one vector again.
///
/// If the answers were recorded, or the engine runs in the process of its caller, no
/// command can ask again. Then it is the command that shows the vector.
pub fn again(id: &str, report: &Report) -> String {
    if let Some(again) = report.again.get(id) {
        return again.clone();
    }
    let is_callers = report.command.is_empty() && !report.engine.engine.starts_with("rulespec ");
    if report.answers.is_some() || is_callers {
        return format!("rulespec show {}", shell_word(id));
    }
    let mut words = vec!["rulespec".to_owned(), "check".to_owned()];
    if let Some(suite) = &report.suite {
        words.extend(["--suite".to_owned(), shell_word(suite)]);
    }
    words.extend(["--only".to_owned(), shell_word(id), "-v".to_owned()]);
    if !report.command.is_empty() {
        words.push("--".to_owned());
        words.extend(report.command.iter().map(|word| shell_word(word)));
    }
    words.join(" ")
}

/// Quotes a word for the shell of this system: a POSIX shell, or on Windows cmd.exe and PowerShell.
pub fn shell_word(word: &str) -> String {
    if cfg!(windows) { windows_word(word) } else { posix_word(word) }
}

fn posix_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:=@%+,".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", printable(word).replace('\'', r"'\''")),
    }
}

/// Quotes a word so that a Windows program finds it unchanged in its command line (chapter 10).
fn windows_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || r"_-./:=+\".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for c in printable(word).chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => quoted.extend(std::iter::repeat_n('\\', backslashes * 2 + 1)),
            _ => quoted.extend(std::iter::repeat_n('\\', backslashes)),
        }
        if c != '\\' {
            quoted.push(c);
            backslashes = 0;
        }
    }
    quoted.extend(std::iter::repeat_n('\\', backslashes * 2));
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use rulespec::fast::command_line::split_to_owned;

    use super::*;

    #[test]
    fn words_are_quoted_for_a_posix_shell() {
        for (word, want) in [("a-b.c", "a-b.c"), ("", "''"), ("a b", "'a b'"), ("it's", r"'it'\''s'")] {
            assert_eq!(posix_word(word), want);
        }
    }

    #[test]
    fn a_windows_program_finds_each_word_unchanged() {
        for (word, want) in [
            (r"C:\x.exe", r"C:\x.exe"),
            ("", r#""""#),
            (r"C:\Program Files\", r#""C:\Program Files\\""#),
            (r#"say "hi\""#, r#""say \"hi\\\"""#),
            (r"a&b\\c", r#""a&b\\c""#),
        ] {
            assert_eq!(windows_word(word), want);
            assert_eq!(split_to_owned(&format!("x {want}")), ["x", word]);
        }
    }
}
