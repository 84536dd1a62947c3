//! Phrases that several renderings share.

use super::model::{Explanation, OpenPointOutcome, Report};
use crate::engine::Answer;
use crate::misreading::named;
use crate::printable::{printable, shortened};
use crate::verdict::Verdict;
use rulespec::kql::Profile;

/// `1 vector`, `2 vectors`.
pub fn vectors(count: usize) -> String {
    format!("{count} vector{}", if count == 1 { "" } else { "s" })
}

/// The engine's name and version, escaped and cut to `limit` characters.
pub fn engine(report: &Report, limit: usize) -> String {
    shortened(format!("{} {}", report.engine.engine, report.engine.version).trim(), limit)
}

/// Whether the engine conforms, in words.
pub fn conclusion(report: &Report) -> &'static str {
    let mut news = report.outcomes.iter().filter(|outcome| outcome.is_news());
    match report.conforms() {
        true => "conforms",
        false if report.stale.is_empty() && news.all(|outcome| outcome.verdict == Verdict::NotAsked) => {
            "was not fully asked"
        }
        false => "does not conform",
    }
}

/// What a reader must know about how the engine was asked: restarts, retries, and what was not
/// asked.
pub fn notes(report: &Report) -> Vec<String> {
    let mut notes = vec![];
    if report.restarts > 0 {
        let times =
            if report.restarts == 1 { "once".to_owned() } else { format!("{} times", report.restarts) };
        notes.push(format!("the engine was started again {times}; calls that were open were asked again"));
    }
    let retried = report.outcomes.iter().filter(|outcome| matches!(outcome.answer, Answer::Retried { .. }));
    let retried: Vec<&str> = retried.map(|outcome| outcome.vector.id.as_str()).collect();
    if let Some(first) = retried.first() {
        notes.push(format!(
            "answered only when asked again: {}, first {}",
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
