//! Markdown files of the repository that have pages.

use std::fs;

use anyhow::Context;
use maud::html;
use rulespec::suite::CHAPTERS;
use rulespec_testing::files::{files, path};

use crate::layout::{CONTENTS, Page, Part, place};
use crate::links::{chapter_page, relative};
use crate::markdown::Document;
use crate::site::Site;

/// A Markdown file and the page it is on.
pub struct Entry {
    /// The path in the repository.
    pub file: String,
    /// The path of the page.
    pub page: String,
    /// The text.
    pub text: String,
}

impl Entry {
    /// Its heading.
    pub fn title(&self) -> String {
        let heading = self.text.lines().find_map(|line| line.strip_prefix("# "));
        heading.unwrap_or(&self.file).replace('`', "")
    }

    /// Whether it is listed as another document in the contents: if it is neither a chapter nor linked
    /// elsewhere there.
    pub fn is_listed(&self) -> bool {
        !self.is_chapter() && self.page != "spec/sources.html" && self.page != "spec/about.html"
    }

    fn is_chapter(&self) -> bool {
        CHAPTERS.iter().any(|(file, _)| self.page == chapter_page(file))
    }
}

/// Every file that is rendered as it is.
///
/// # Errors
///
/// Returns an error if a file cannot be read.
pub fn entries() -> anyhow::Result<Vec<Entry>> {
    let chapters = CHAPTERS.iter().map(|(file, _)| (format!("spec/{file}"), chapter_page(file)));
    let others = [
        ("spec/README.md", "spec/about.html"),
        ("spec/sources.md", "spec/sources.html"),
        ("spec/shapes.md", "spec/shapes.html"),
        ("spec/digests.md", "spec/digests.html"),
        ("spec/kin.md", "spec/kin.html"),
        ("spec/kin/differences.md", "spec/kin/differences.html"),
        ("engines/README.md", "engines/index.html"),
    ];
    let others = others.map(|(file, page)| (file.to_owned(), page.to_owned()));
    let entry = |(file, page): (String, String)| {
        let text = fs::read_to_string(path(&file)).with_context(|| format!("cannot read {file}"))?;
        // The contents take the place of the index of clauses.
        let end =
            text.find("\n## Index of clauses").filter(|_| file == "spec/README.md").unwrap_or(text.len());
        Ok(Entry { text: text.get(..end).unwrap_or_default().to_owned(), file, page })
    };
    let fixed: anyhow::Result<Vec<Entry>> = chapters.chain(others).map(entry).collect();
    Ok(fixed?.into_iter().chain(guides()).collect())
}

/// The guides in the folder `docs`, if it exists.
fn guides() -> Vec<Entry> {
    let found = if path("docs").is_dir() { files("docs", "md") } else { vec![] };
    let page =
        |file: &str| format!("guide/{}.html", file.trim_start_matches("docs/").trim_end_matches(".md"));
    found.into_iter().map(|(file, text)| Entry { page: page(&file), file, text }).collect()
}

/// The pages of all documents.
pub fn pages(site: &Site, entries: &[Entry]) -> Vec<Page> {
    let chapters: Vec<&Entry> = entries.iter().filter(|entry| entry.is_chapter()).collect();
    let page = |entry: &Entry| {
        let document = Document { file: &entry.file, page: &entry.page, links: &site.links };
        let at = chapters.iter().position(|chapter| chapter.page == entry.page);
        let neighbour = |at: Option<usize>| {
            at.and_then(|at| chapters.get(at))
                .map(|other| (relative(&entry.page, &other.page), other.title()))
        };
        let before = neighbour(at.and_then(|at| at.checked_sub(1)));
        let after = neighbour(at.map(|at| at + 1));
        let content = html! {
            (place(&entry.page, [CONTENTS]))
            article { (document.render(&entry.text)) }
            nav.neighbours aria-label="Chapters before and after" {
                @if let Some((address, title)) = before { a rel="prev" href=(address) { "← " (title) } }
                @if let Some((address, title)) = after { a rel="next" href=(address) { (title) " →" } }
            }
        };
        let part = if entry.page.starts_with("engines/") { Part::Compare } else { Part::Read };
        Page { part, ..Page::new(entry.page.clone(), entry.title(), content) }
    };
    entries.iter().map(page).collect()
}
