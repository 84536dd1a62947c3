//! The site of the specification: a page for each clause, point, function, misreading, engine and command,
//! and the comparison of engines.
//!
//! The site is static. Its pages need no script, and all links between them are relative. What it says
//! comes from the libraries, and from the files of this repository that they do not embed.

mod badge;
mod catch;
mod chapter;
mod chart;
mod clause;
mod code;
mod command;
mod compare;
mod document;
mod engine;
pub mod folder;
mod function;
mod history;
mod layout;
mod links;
mod markdown;
mod misreading;
mod point;
mod search;
mod site;
mod specification;
mod standing;
mod value;
mod vectors;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use rulespec_testing::files;

use layout::Page;
use links::Links;
use site::Site;
use specification::Specification;

/// The files of the site, by their paths from its root.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The folders of the repository whose files are copied: where they are, and where on the site.
const COPIED: &[(&str, &str)] = &[
    ("page/assets", ""),
    ("spec/schema", "schema/"),
    ("spec/vectors", "spec/vectors/"),
    ("spec/kin", "spec/kin/"),
    ("spec/observed", "observed/"),
];

/// Makes the site from this repository.
///
/// # Errors
///
/// Returns an error if a file of the repository is missing or invalid, or if two pages have the same path.
pub fn generate() -> anyhow::Result<Files> {
    let specification = Specification::read()?;
    let documents = document::entries()?;
    let mut copied = copied_files()?;
    let mut addresses: Vec<(String, String)> =
        documents.iter().map(|entry| (entry.file.clone(), entry.page.clone())).collect();
    addresses.push(("spec/observed/README.md".to_owned(), compare::PAGE.to_owned()));
    let readmes = specification
        .engines
        .iter()
        .map(|engine| (format!("engines/{}/README.md", engine.id), links::engine_page(&engine.id)));
    addresses.extend(readmes);
    addresses.extend(copied.iter().map(|file| (file.path.clone(), file.address.clone())));
    let links = Links::new(&specification, &addresses);
    let site = Site { specification, links };

    let mut site_files: Files = copied.drain(..).map(|file| (file.address, file.content)).collect();
    let has_front = site_files.contains_key("index.html");
    for page in pages(&site, &documents) {
        add(&mut site_files, page.path.clone(), page.render(has_front).into_bytes())?;
    }
    for (engine, report) in site.specification.reports() {
        add(&mut site_files, format!("badges/{}.json", engine.id), badge::badge(report).into_bytes())?;
    }
    add(&mut site_files, "search-index.js".to_owned(), search::index(&site, &documents).into_bytes())?;
    Ok(site_files)
}

fn add(files: &mut Files, path: String, content: Vec<u8>) -> anyhow::Result<()> {
    anyhow::ensure!(
        files.insert(path.clone(), content).is_none(),
        "two files of the site are {path}; rename one"
    );
    Ok(())
}

fn pages(site: &Site, documents: &[document::Entry]) -> Vec<Page> {
    let mut pages = vec![chapter::contents(site, documents), compare::page(site)];
    pages.extend(document::pages(site, documents));
    pages.extend(clause::pages(site));
    pages.extend(point::pages(site));
    pages.extend(function::pages(site));
    pages.extend(misreading::pages(site));
    pages.extend(engine::pages(site));
    pages.extend(command::pages());
    pages
}

/// A file that is copied.
struct Copied {
    path: String,
    address: String,
    content: Vec<u8>,
}

/// The files that are copied, except Markdown, which has pages.
fn copied_files() -> anyhow::Result<Vec<Copied>> {
    let mut copied = vec![];
    for (folder, address) in COPIED {
        for path in files_below(&files::path(folder))? {
            let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let inside = path.strip_prefix(files::path(folder))?.to_string_lossy().replace('\\', "/");
            if !inside.ends_with(".md") {
                copied.push(Copied {
                    path: format!("{folder}/{inside}"),
                    address: format!("{address}{inside}"),
                    content,
                });
            }
        }
    }
    for file in ["rule.kql", "rule.yaml"] {
        let path = format!("spec/{file}");
        let content = fs::read(files::path(&path)).with_context(|| format!("cannot read {path}"))?;
        copied.push(Copied { address: path.clone(), path, content });
    }
    Ok(copied)
}

/// The files in a folder and its subfolders.
fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = vec![];
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        match entry.file_type()?.is_dir() {
            true => found.extend(files_below(&entry.path())?),
            false => found.push(entry.path()),
        }
    }
    Ok(found)
}
