//! Where the things that a text names have their pages.

use std::collections::{BTreeMap, BTreeSet};

use rulespec::Function as Asked;
use rulespec::query::Function;
use rulespec::suite::{self, Vector};

use crate::specification::Specification;

/// The addresses of the pages, from the root of the site.
#[derive(Default)]
pub struct Links {
    words: BTreeMap<String, String>,
    code: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
}

impl Links {
    /// The links to everything that a page or an anchor describes. `files` are the files of the repository
    /// that have pages or are copied, with their addresses.
    pub fn new(specification: &Specification, files: &[(String, String)]) -> Self {
        let mut links = Self::with_files(files);
        for clause in &specification.clauses {
            links.words.insert(clause.id.clone(), clause_page(&clause.id));
        }
        for vector in &specification.vectors {
            links.words.extend(vector_anchor(vector).map(|anchor| (vector.id.clone(), anchor)));
        }
        for (id, ..) in specification.points() {
            links.words.insert(id.to_owned(), clause_page(id));
        }
        for id in source_ids() {
            let anchor = format!("spec/sources.html#{id}");
            links.words.insert(id, anchor);
        }
        for name in function_names() {
            links.code.insert(name.to_owned(), function_page(name));
        }
        for catch in &specification.catches {
            links.code.insert(catch.misreading.name.to_owned(), misreading_page(catch.misreading.name));
        }
        links
    }

    /// The links to files only.
    pub fn with_files(files: &[(String, String)]) -> Self {
        Self { files: files.iter().cloned().collect(), ..Self::default() }
    }

    /// The address of what a word names: a clause, a vector, a point or a source.
    pub fn word(&self, word: &str) -> Option<&str> {
        self.words.get(word).map(String::as_str)
    }

    /// The address of what code names: a function or a misreading. An operator of symbols only is none.
    pub fn code(&self, code: &str) -> Option<&str> {
        let has_letter = code.contains(|c: char| c.is_ascii_alphabetic());
        self.code.get(code).filter(|_| has_letter).map(String::as_str)
    }

    /// The address of a file of the repository.
    pub fn file(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }
}

/// The address of `to` as seen from the page `from`.
pub fn relative(from: &str, to: &str) -> String {
    let folders = |path: &str| {
        path.split('#').next().unwrap_or_default().split('/').map(str::to_owned).collect::<Vec<_>>()
    };
    let (from, target) = (folders(from), folders(to));
    let common =
        from.iter().zip(&target).take(from.len().min(target.len()) - 1).take_while(|(a, b)| a == b).count();
    let rest = to.splitn(common + 1, '/').last().unwrap_or_default();
    "../".repeat(from.len() - 1 - common) + rest
}

/// The page of a clause or a point.
pub fn clause_page(id: &str) -> String {
    format!("spec/{id}.html")
}

/// The page of a chapter.
pub fn chapter_page(file: &str) -> String {
    format!("spec/{}.html", file.trim_end_matches(".md"))
}

/// The page of a misreading.
pub fn misreading_page(name: &str) -> String {
    format!("misreadings/{name}.html")
}

/// The page of an engine.
pub fn engine_page(id: &str) -> String {
    format!("engines/{id}.html")
}

/// The page of a subcommand.
pub fn command_page(name: &str) -> String {
    format!("commands/{name}.html")
}

/// The page of a function. Operators are spelled out.
pub fn function_page(name: &str) -> String {
    let has_letter = name.contains(|c: char| c.is_ascii_alphabetic());
    let mut words = vec![String::new()];
    for c in name.chars() {
        let word = match c {
            '=' => "equals",
            '~' => "tilde",
            '!' => "not",
            '<' => "less",
            '>' => "greater",
            '+' => "plus",
            '-' if !has_letter => "minus",
            '*' => "times",
            '/' => "over",
            '%' => "modulo",
            '[' => "element",
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') => {
                words.last_mut().into_iter().for_each(|word| word.push(c));
                continue;
            }
            _ => "",
        };
        words.extend([word.to_owned(), String::new()]);
    }
    words.retain(|word| !word.is_empty());
    format!("spec/fn-{}.html", words.join("-"))
}

/// The anchor of a vector: on the page of its first clause.
pub fn vector_anchor(vector: &Vector) -> Option<String> {
    Some(format!("{}#{}", clause_page(vector.clauses.first()?), vector.id))
}

/// The names of all functions: those that engines are asked to call, and those of queries.
pub fn function_names() -> BTreeSet<&'static str> {
    Asked::ALL
        .iter()
        .map(|function| function.name())
        .chain(Function::all().map(|function| function.name))
        .collect()
}

/// The ids of the sources, in the order of their page.
pub fn source_ids() -> Vec<String> {
    let files = suite::files();
    let text = files.iter().find(|(path, _)| path == "sources.md").map_or("", |(_, text)| text);
    let ids = text.lines().filter_map(|line| line.strip_prefix("| S-")?.split(' ').next());
    ids.map(|id| format!("S-{id}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative_to_the_page() {
        assert_eq!(relative("spec/A.html", "spec/B.html#x"), "B.html#x");
        assert_eq!(relative("spec/A.html", "compare.html"), "../compare.html");
        assert_eq!(relative("compare.html", "spec/A.html"), "spec/A.html");
        assert_eq!(relative("spec/kin/a.html", "spec/B.html"), "../B.html");
        assert_eq!(relative("spec/a.html", "spec/kin/b.kql"), "kin/b.kql");
        assert_eq!(relative("spec/a.html", "engines/b.html"), "../engines/b.html");
    }

    #[test]
    fn functions_have_different_pages_on_every_file_system() {
        let pages: BTreeSet<String> =
            function_names().into_iter().map(|name| function_page(name).to_lowercase()).collect();
        assert_eq!(pages.len(), function_names().len());
        assert_eq!(function_page("!has_cs"), "spec/fn-not-has_cs.html");
        assert_eq!(function_page("project-reorder"), "spec/fn-project-reorder.html");
        assert_eq!(function_page("matches regex"), "spec/fn-matches-regex.html");
        assert_eq!(function_page("-"), "spec/fn-minus.html");
    }
}
