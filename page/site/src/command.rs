//! A page for each command.

use clap::{Arg, Command};
use maud::{Markup, html};

use crate::layout::{CONTENTS, Page, place};
use crate::links::{command_page, relative};

/// The schemas of what a command reads or writes as JSON.
const SCHEMAS: &[(&str, &[&str])] = &[
    ("bench", &["bench"]),
    ("check", &["report"]),
    ("diff", &["diff"]),
    ("lint", &["vector"]),
    ("report", &["report"]),
    ("run", &["detection", "alert"]),
    ("serve", &["message"]),
];

/// The names of the commands.
pub fn names() -> Vec<String> {
    let command = rulespec_cli::definition();
    subcommands(&command).map(|command| command.get_name().to_owned()).collect()
}

fn subcommands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|command| !command.is_hide_set())
}

/// The pages of all commands, and the page that lists them.
pub fn pages() -> Vec<Page> {
    let command = rulespec_cli::definition();
    let pages = subcommands(&command).map(page);
    std::iter::once(list(&command)).chain(pages).collect()
}

fn list(command: &Command) -> Page {
    let path = command_page("index");
    let content = html! {
        (place(&path, [CONTENTS]))
        h1 { "Commands" }
        @for paragraph in paragraphs(command) { p { (paragraph) } }
        dl.commands {
            @for command in subcommands(command) {
                dt { a href=(relative(&path, &command_page(command.get_name()))) { code { "rulespec " (command.get_name()) } } }
                dd { (command.get_about().map(ToString::to_string).unwrap_or_default()) }
            }
        }
    };
    Page::new(path, "Commands", content)
}

fn page(command: &Command) -> Page {
    let path = command_page(command.get_name());
    let content = html! {
        (place(&path, [CONTENTS, (&command_page("index"), "Commands")]))
        h1 { code { "rulespec " (command.get_name()) } }
        @for paragraph in paragraphs(command) { p { (paragraph) } }
        (usage(command))
        (schemas(&path, command.get_name()))
        (options(command))
        @for command in subcommands(command) {
            section {
                h2 id=(command.get_name()) { code { (command.get_name()) } }
                @for paragraph in paragraphs(command) { p { (paragraph) } }
                (usage(command))
                (options(command))
            }
        }
        @for section in sections(&after_help(command)) { (section_block(&section)) }
    };
    Page::new(path, format!("rulespec {}", command.get_name()), content)
}

/// The description of a command, in paragraphs.
fn paragraphs(command: &Command) -> Vec<String> {
    let about = command.get_long_about().or_else(|| command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    about.split("\n\n").map(str::to_owned).collect()
}

fn usage(command: &Command) -> Markup {
    let usage = command.clone().render_usage().to_string();
    html! { pre.usage { code { (usage.trim_start_matches("Usage: ").trim()) } } }
}

fn schemas(path: &str, name: &str) -> Markup {
    let schemas =
        SCHEMAS.iter().find(|(command, _)| *command == name).map_or(&[][..], |(_, schemas)| schemas);
    html! {
        @if !schemas.is_empty() {
            p.note {
                "JSON Schema of its data: "
                @for (at, schema) in schemas.iter().enumerate() {
                    @if at > 0 { ", " }
                    a href=(relative(path, &format!("schema/{schema}.schema.json"))) { (schema) ".schema.json" }
                }
            }
        }
    }
}

/// The arguments and options, under their headings.
fn options(command: &Command) -> Markup {
    let shown: Vec<&Arg> = command.get_arguments().filter(|argument| !argument.is_hide_set()).collect();
    let heading = |argument: &Arg| match argument.get_help_heading() {
        Some(heading) => heading.to_owned(),
        None if argument.is_positional() => "Arguments".to_owned(),
        None => "Options".to_owned(),
    };
    let mut headings: Vec<String> = vec![];
    for argument in &shown {
        if !headings.contains(&heading(argument)) {
            headings.push(heading(argument));
        }
    }
    html! {
        @for name in headings {
            h3 { (name) }
            dl.options {
                @for argument in shown.iter().filter(|argument| heading(argument) == name) {
                    dt { code { (signature(argument)) } }
                    dd { (help(argument)) }
                }
            }
        }
    }
}

/// An argument as the usage has it: `-o, --output <FILE>`.
fn signature(argument: &Arg) -> String {
    let styled = argument.to_string();
    match argument.get_short().filter(|_| argument.get_long().is_some()) {
        Some(short) => format!("-{short}, {styled}"),
        None => styled,
    }
}

fn help(argument: &Arg) -> Markup {
    let text =
        argument.get_long_help().or_else(|| argument.get_help()).map(ToString::to_string).unwrap_or_default();
    let takes_value = argument.get_action().takes_values();
    let default: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let values = argument.get_possible_values();
    html! {
        @for paragraph in text.split("\n\n") { p { (paragraph) } }
        @if takes_value && !default.is_empty() && !argument.is_hide_default_value_set() { p.note { "Default: " code { (default.join(", ")) } } }
        @if takes_value && !values.is_empty() {
            dl.values {
                @for value in values.iter().filter(|value| !value.is_hide_set()) {
                    dt { code { (value.get_name()) } }
                    dd { (value.get_help().map(ToString::to_string).unwrap_or_default()) }
                }
            }
        }
    }
}

fn after_help(command: &Command) -> String {
    command
        .get_after_long_help()
        .or_else(|| command.get_after_help())
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// A part of the text after the options: a heading if it has one, and its lines.
#[derive(Debug, PartialEq)]
struct Section {
    heading: String,
    lines: Vec<String>,
}

/// Splits the text after the options. A heading is a line that ends in a colon and is not indented, before
/// lines that are.
fn sections(text: &str) -> Vec<Section> {
    let lines: Vec<&str> = text.lines().collect();
    let mut sections: Vec<Section> = vec![];
    for (at, line) in lines.iter().enumerate() {
        let is_indented = |line: &str| line.starts_with(' ');
        let introduces = lines.get(at + 1).is_some_and(|next| is_indented(next));
        match line.strip_suffix(':').filter(|_| !is_indented(line) && introduces) {
            Some(heading) => sections.push(Section { heading: heading.to_owned(), lines: vec![] }),
            None => {
                let continues = sections
                    .last()
                    .is_some_and(|last| is_indented(line) || line.is_empty() || last.heading.is_empty());
                if !continues {
                    sections.push(Section { heading: String::new(), lines: vec![] });
                }
                sections.last_mut().into_iter().for_each(|last| last.lines.push((*line).to_owned()));
            }
        }
    }
    sections
}

fn section_block(section: &Section) -> Markup {
    let statuses: Option<Vec<(&str, &str)>> = match section.heading.as_str() {
        "Exit status" => statuses(&section.lines),
        _ => None,
    };
    let text = section.lines.join("\n");
    html! {
        section {
            @if section.heading.is_empty() { @for paragraph in text.split("\n\n") { p { (paragraph) } } }
            @else {
                h2 { (section.heading) }
                @if let Some(statuses) = statuses {
                    dl.statuses { @for (status, meaning) in statuses { dt { code { (status) } } dd { (meaning) } } }
                } @else { pre { code { (text.trim_end()) } } }
            }
        }
    }
}

/// The exit statuses and their meanings, if each is on one line.
fn statuses(lines: &[String]) -> Option<Vec<(&str, &str)>> {
    let lines = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            line.split_once("  ")
                .filter(|(status, _)| status.parse::<u8>().is_ok())
                .map(|(status, meaning)| (status, meaning.trim()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_after_the_options_has_headings() {
        let found = sections(
            "Some words.\n\nExamples:\n  rulespec a\n  rulespec b\n\nExit status:\n  0  good\n  1  bad",
        );
        let headings: Vec<&str> = found.iter().map(|section| section.heading.as_str()).collect();
        assert_eq!(headings, ["", "Examples", "Exit status"]);
        assert_eq!(found[1].lines, ["  rulespec a", "  rulespec b", ""]);
        assert_eq!(statuses(&found[2].lines), Some(vec![("0", "good"), ("1", "bad")]));
    }

    #[test]
    fn every_schema_is_of_a_command() {
        let names = names();
        assert!(SCHEMAS.iter().all(|(command, _)| names.iter().any(|name| name == command)));
    }
}
