//! What all pages have in common.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::links::relative;

/// Which resources a page may load, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'";

/// A part of the site, in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The pages of the specification, and the guides.
    Read,
    /// The results of engines.
    Compare,
}

/// A page before it is laid out.
pub struct Page {
    /// Its path from the root of the site.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The part that it belongs to.
    pub part: Part,
    /// Its content, without the header and the footer.
    pub content: Markup,
    /// The names of scripts in the root of the site that it needs.
    pub scripts: &'static [&'static str],
}

impl Page {
    /// A page of the part "Read".
    pub fn new(path: impl Into<String>, title: impl Into<String>, content: Markup) -> Self {
        Self { path: path.into(), title: title.into(), part: Part::Read, content, scripts: &[] }
    }

    /// Renders the page. `has_front` says whether the site has the front page `index.html`.
    pub fn render(&self, has_front: bool) -> String {
        let to = |path: &str| relative(&self.path, path);
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · rulespec" }
                    link rel="icon" href=(to("icon.svg"));
                    link rel="stylesheet" href=(to("style.css"));
                    script defer src=(to("search.js")) data-root=(to("")) {}
                    @for script in self.scripts { script defer src=(to(script)) {} }
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    (self.header(has_front))
                    main #main { (self.content) }
                    footer { p { "rulespec · an executable specification of KQL and of one detection rule" } }
                }
            }
        };
        page.into_string() + "\n"
    }

    fn header(&self, has_front: bool) -> Markup {
        let to = |path: &str| relative(&self.path, path);
        let current = |part: Part| (self.part == part).then_some("true");
        html! {
            header.site {
                a.brand href=(to("spec/index.html")) { "rulespec" }
                nav aria-label="Parts of the site" {
                    @if has_front { a href=(to("index.html")) { "Try" } }
                    a href=(to("spec/index.html")) aria-current=[current(Part::Read)] { "Read" }
                    a href=(to("compare.html")) aria-current=[current(Part::Compare)] { "Compare" }
                }
                div #search {}
            }
        }
    }
}

/// Links to the pages above one, from the top: their paths and what they are called.
pub fn place<'a>(page: &str, above: impl IntoIterator<Item = (&'a str, &'a str)>) -> Markup {
    html! {
        p.place {
            @for (at, (address, name)) in above.into_iter().enumerate() {
                @if at > 0 { " › " }
                a href=(relative(page, address)) { (name) }
            }
        }
    }
}

/// The contents of the specification, as [`place`] takes it.
pub const CONTENTS: (&str, &str) = ("spec/index.html", "Contents");

/// A box in which wide content scrolls.
pub fn scrolling(label: &str, content: &Markup) -> Markup {
    html! { div.scroll tabindex="0" role="group" aria-label=(label) { (content) } }
}

/// A text in which `code` between backquotes is code.
pub fn prose(text: &str) -> Markup {
    html! {
        @for (is_code, part) in rulespec_check::report::wording::code_parts(text) {
            @if is_code { code { (shown(part)) } } @else { (shown(part)) }
        }
    }
}

/// Untrusted text, with control characters and invisible characters escaped.
pub fn shown(text: &str) -> Markup {
    html! { (rulespec_check::printable::printable(text)) }
}

/// Markup that is known to be good.
pub fn raw(html: String) -> Markup {
    PreEscaped(html)
}
