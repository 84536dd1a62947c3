//! The index that the search reads.

use rulespec_check::printable::printable;
use serde_json::{Value as Json, json};

use crate::command;
use crate::document::Entry;
use crate::links::{clause_page, command_page, engine_page, function_names, function_page, misreading_page};
use crate::site::Site;

/// The script with the index: for each entry, its kind, its name, its address and its text.
pub fn index(site: &Site, documents: &[Entry]) -> String {
    let specification = &site.specification;
    let entry = |kind: &str, name: &str, address: String, text: &str| {
        json!([kind, printable(name), address, printable(&text.replace('`', ""))])
    };
    let mut entries: Vec<Json> = vec![];
    entries.extend(
        specification
            .clauses
            .iter()
            .map(|clause| entry("clause", &clause.id, clause_page(&clause.id), &clause.text)),
    );
    entries.extend(
        specification.points().map(|(id, question, _)| entry("open point", id, clause_page(id), question)),
    );
    entries.extend(function_names().into_iter().map(|name| entry("function", name, function_page(name), "")));
    let misreadings = specification.catches.iter().map(|catch| catch.misreading);
    entries.extend(misreadings.map(|misreading| {
        entry(
            "misreading",
            misreading.name,
            misreading_page(misreading.name),
            &format!("{} {}", misreading.says, misreading.breaks),
        )
    }));
    entries.extend(
        command::names()
            .iter()
            .map(|name| entry("command", &format!("rulespec {name}"), command_page(name), "")),
    );
    entries.extend(specification.engines.iter().map(|engine| {
        let name = engine.report.as_ref().map_or("", |report| &report.engine.engine);
        entry("engine", &engine.id, engine_page(&engine.id), name)
    }));
    entries.extend(
        documents.iter().map(|document| entry("document", &document.title(), document.page.clone(), "")),
    );
    let lines: Vec<String> = entries.iter().map(Json::to_string).collect();
    format!("globalThis.rulespecIndex = [\n{}\n];\n", lines.join(",\n"))
}
