//! Everything has a page, and the site is always the same.

use rulespec::Function;
use rulespec::suite;
use rulespec_check::misreading;
use rulespec_site::{folder, generate};
use rulespec_testing::assert_none;
use rulespec_testing::files::files;

use crate::{PARSED, SITE, pages};

fn assert_pages(wanted: impl IntoIterator<Item = String>) {
    let missing: Vec<String> = wanted.into_iter().filter(|path| !SITE.contains_key(path)).collect();
    assert_none("pages are missing", &missing);
}

#[test]
fn clauses_and_points_have_pages_and_are_in_the_contents() {
    let ids: Vec<String> = suite::clauses()
        .into_iter()
        .map(|clause| clause.id)
        .chain(suite::open_points().into_iter().map(|point| point.id))
        .chain(suite::settled_points().into_iter().map(|point| point.id))
        .collect();
    assert_pages(ids.iter().map(|id| format!("spec/{id}.html")));
    let contents = &PARSED["spec/index.html"].elements;
    let is_listed = |id: &String| contents.iter().any(|element| element.attribute("id") == Some(id));
    assert_none(
        "ids are not in the contents",
        &ids.into_iter().filter(|id| !is_listed(id)).collect::<Vec<_>>(),
    );
}

#[test]
fn chapters_functions_and_misreadings_have_pages() {
    assert_pages(suite::CHAPTERS.iter().map(|(file, _)| format!("spec/{}", file.replace(".md", ".html"))));
    let named =
        Function::ALL.iter().filter(|function| !matches!(function, Function::EqCi | Function::Element));
    assert_pages(named.map(|function| format!("spec/fn-{function}.html")));
    assert_pages(["spec/fn-equals-tilde.html".to_owned(), "spec/fn-element.html".to_owned()]);
    assert_pages(misreading::all().iter().map(|misreading| format!("misreadings/{}.html", misreading.name)));
}

#[test]
fn commands_and_their_schemas_have_pages() {
    let commands = rulespec_cli::definition();
    assert_pages(commands.get_subcommands().map(|command| format!("commands/{}.html", command.get_name())));
    let schemas = suite::files().into_iter().filter(|(path, _)| path.ends_with(".schema.json"));
    assert_pages(schemas.map(|(path, _)| path));
    let (_, check) = pages().find(|(path, _)| *path == "commands/check.html").unwrap();
    for part in ["../schema/report.schema.json", "--answers &lt;FILE&gt;", "Exit status", "Examples"] {
        assert!(check.contains(part), "{part}");
    }
}

#[test]
fn engines_have_pages() {
    let engines = files("engines", "md").into_iter().filter(|(path, _)| path.matches('/').count() == 2);
    assert_pages(engines.map(|(path, _)| path.replace("/README.md", ".html")));
}

#[test]
fn a_clause_shows_its_vectors_and_misreadings() {
    let (_, page) = pages().find(|(path, _)| *path == "spec/TRM-05.html").unwrap();
    let vectors = suite::vectors().unwrap();
    for vector in vectors.iter().filter(|vector| vector.clauses[0] == "TRM-05") {
        assert!(page.contains(&format!("<tr id=\"{}\">", vector.id)), "{}", vector.id);
    }
    for misreading in misreading::all().iter().filter(|misreading| misreading.breaks == "TRM-05") {
        assert!(page.contains(&format!("../misreadings/{}.html", misreading.name)), "{}", misreading.name);
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    let again = generate().unwrap();
    let changed: Vec<String> = SITE
        .iter()
        .filter(|(path, content)| again.get(*path) != Some(content))
        .map(|(path, _)| path.clone())
        .collect();
    assert_none("files differ between two runs", &changed);
    assert_eq!(again.len(), SITE.len());
}

#[test]
fn a_folder_loses_stale_pages_and_keeps_other_files() {
    let folder = tempfile::tempdir().unwrap();
    let site = |paths: &[&str]| paths.iter().map(|path| ((*path).to_owned(), b"x".to_vec())).collect();
    folder::write(folder.path(), &site(&["a.html", "spec/b.html"])).unwrap();
    std::fs::write(folder.path().join("other"), "y").unwrap();
    folder::write(folder.path(), &site(&["a.html"])).unwrap();
    assert!(folder.path().join("a.html").exists() && folder.path().join("other").exists());
    assert!(!folder.path().join("spec/b.html").exists());
}

#[test]
fn the_pages_above_a_page_are_links() {
    let is_place = |element: &&crate::parsed::Element| element.attribute("class") == Some("place");
    let places = PARSED
        .iter()
        .flat_map(|(path, page)| page.elements.iter().filter(is_place).map(move |one| (path, one)));
    let places: Vec<_> = places.collect();
    assert!(places.len() > 200, "{}", places.len());
    let unlinked =
        places.iter().filter(|(_, place)| place.text.split('›').any(|text| !text.trim().is_empty()));
    assert_none(
        "places have text that is no link",
        &unlinked.map(|(path, _)| path.to_string()).collect::<Vec<_>>(),
    );
}
