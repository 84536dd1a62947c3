//! Markdown as HTML, with links between the pages.

use std::collections::BTreeMap;

use maud::{Markup, html};
use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use rulespec_check::printable::printable;

use crate::layout::raw;
use crate::links::{Links, relative};

/// A Markdown file of the repository, on a page of the site.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// Its path in the repository.
    pub file: &'a str,
    /// The page it is on.
    pub page: &'a str,
    /// The links.
    pub links: &'a Links,
}

impl Document<'_> {
    /// Renders a text. HTML in it is shown as text, and comments are left out.
    pub fn render(&self, text: &str) -> Markup {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let events: Vec<Event<'_>> = Parser::new_ext(text, options).collect();
        let mut renderer = Renderer {
            document: self,
            events: vec![],
            slugs: BTreeMap::new(),
            html: String::new(),
            is_literal: false,
            at_definition: false,
            is_evidence: false,
            alignments: vec![],
            column: 0,
            cell: "td",
        };
        for (at, event) in events.iter().enumerate() {
            renderer.add(event.clone(), &events[at + 1..]);
        }
        renderer.show_html();
        let mut out = String::new();
        pulldown_cmark::html::push_html(&mut out, renderer.events.into_iter());
        raw(out)
    }

    /// Renders a text of one paragraph, without the paragraph around it.
    pub fn render_line(&self, text: &str) -> Markup {
        let paragraph = self.render(text).into_string();
        let inside = paragraph.trim().strip_prefix("<p>").and_then(|text| text.strip_suffix("</p>"));
        raw(inside.unwrap_or(&paragraph).to_owned())
    }

    fn to(&self, address: &str) -> String {
        relative(self.page, address)
    }

    /// The address for a link in the text, or `None` if the site has no such page.
    fn address(&self, link: &str) -> Option<String> {
        if link.starts_with("https://") || link.starts_with('#') {
            return Some(link.to_owned());
        }
        let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
        let page = self.links.file(&resolve(self.file, path))?;
        Some(anchor.map_or_else(|| self.to(page), |anchor| self.to(&format!("{page}#{anchor}"))))
    }
}

/// The path that a link in a file names, from the root of the repository.
fn resolve(file: &str, link: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchor of a heading, as GitHub makes it.
pub fn slug(heading: &str) -> String {
    let words = heading.to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

struct Renderer<'a, 'b> {
    document: &'b Document<'b>,
    events: Vec<Event<'a>>,
    slugs: BTreeMap<String, usize>,
    /// HTML of the source that is not shown yet.
    html: String,
    /// Whether words are not linked: in links, headings and blocks of code.
    is_literal: bool,
    /// Whether a text may define what it names: in the first cell of a row.
    at_definition: bool,
    /// Whether the evidence of a clause has begun.
    is_evidence: bool,
    /// The alignments of the columns of a table, the next column, and the element of a cell.
    alignments: Vec<Alignment>,
    column: usize,
    cell: &'static str,
}

impl<'a> Renderer<'a, '_> {
    fn add(&mut self, event: Event<'a>, rest: &[Event<'a>]) {
        // The library passes a block of HTML on by its lines.
        if !matches!(event, Event::Html(_) | Event::InlineHtml(_)) {
            self.show_html();
        }
        match event {
            Event::Html(html) | Event::InlineHtml(html) => self.html.push_str(&html),
            Event::Text(text) => self.add_text(&text),
            Event::Code(code) => self.add_code(&code),
            Event::SoftBreak if next_text(rest).is_some_and(|text| text.starts_with("Evidence: ")) => {
                self.push("<br>\n<span class=\"evidence\">");
                self.is_evidence = true;
            }
            Event::Start(tag) => self.start(tag, rest),
            Event::End(tag) => self.end(tag),
            event => self.events.push(event),
        }
    }

    fn push(&mut self, html: impl Into<CowStr<'a>>) {
        self.events.push(Event::InlineHtml(html.into()));
    }

    /// Shows the HTML that was passed on last as text, without its comments.
    fn show_html(&mut self) {
        let html = std::mem::take(&mut self.html);
        let text = without_comments(&html);
        if !text.trim().is_empty() {
            self.events.push(Event::Text(printable_lines(&text).into()));
        }
    }

    fn start(&mut self, tag: Tag<'a>, rest: &[Event<'a>]) {
        match tag {
            Tag::Heading { level, .. } => self.start_heading(level, rest),
            Tag::Link { dest_url, .. } => self.start_link(&dest_url),
            Tag::CodeBlock(_) => {
                self.is_literal = true;
                self.events.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)));
            }
            Tag::Table(alignments) => {
                self.push("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">");
                // With alignments, the library would write attributes `style`, which the policy forbids.
                let columns = alignments.len();
                self.alignments = alignments;
                self.events.push(Event::Start(Tag::Table(vec![Alignment::None; columns])));
            }
            Tag::TableHead | Tag::TableRow => {
                self.cell = if tag == Tag::TableHead { "th" } else { "td" };
                self.column = 0;
                self.at_definition = tag == Tag::TableRow;
                self.events.push(Event::Start(tag));
            }
            Tag::TableCell => self.start_cell(),
            Tag::Paragraph => {
                let id = defined(rest).filter(|id| self.document.links.word(id).is_some());
                match id {
                    Some(id) => self.push(format!("<p class=\"clause\" id=\"{id}\">")),
                    None => self.push("<p>"),
                }
            }
            // Its text may not say what it shows.
            Tag::Image { .. } => self.is_literal = true,
            tag => self.events.push(Event::Start(tag)),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::CodeBlock => self.is_literal = false,
            TagEnd::Link => {
                self.is_literal = false;
                return self.push("</a>");
            }
            TagEnd::Image => return self.is_literal = false,
            TagEnd::Paragraph if std::mem::take(&mut self.is_evidence) => return self.push("</span></p>\n"),
            TagEnd::Paragraph => return self.push("</p>\n"),
            TagEnd::Table => {
                self.events.push(Event::End(tag));
                return self.push("</div>\n");
            }
            TagEnd::TableCell => {
                self.at_definition = false;
                return self.push(format!("</{}>", self.cell));
            }
            _ => {}
        }
        self.events.push(Event::End(tag));
    }

    fn start_cell(&mut self) {
        let is_right = self.alignments.get(self.column) == Some(&Alignment::Right);
        let class = if is_right { " class=\"number\"" } else { "" };
        self.column += 1;
        self.push(format!("<{}{class}>", self.cell));
    }

    fn start_heading(&mut self, level: HeadingLevel, rest: &[Event<'a>]) {
        self.is_literal = true;
        let inside = rest.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
        let text: String = inside
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(&**text),
                _ => None,
            })
            .collect();
        let slug = slug(&text);
        let count = self.slugs.entry(slug.clone()).or_default();
        *count += 1;
        let id = if *count == 1 { slug } else { format!("{slug}-{}", *count - 1) };
        self.events.push(Event::Start(Tag::Heading {
            level,
            id: Some(id.into()),
            classes: vec![],
            attrs: vec![],
        }));
    }

    fn start_link(&mut self, link: &str) {
        self.is_literal = true;
        let open = match self.document.address(link) {
            Some(address) => html! { a href=(address) {} },
            // The file is not on the site.
            None => html! { a title=(format!("{} in the repository", resolve(self.document.file, link))) {} },
        };
        self.push(open.into_string().trim_end_matches("</a>").to_owned());
    }

    /// Adds a text, in which the names of clauses, vectors, points and sources are links.
    fn add_text(&mut self, text: &str) {
        let text = printable_lines(text);
        if self.is_literal {
            return self.events.push(Event::Text(text.into()));
        }
        let mut rest = text.as_str();
        while let Some((before, word, after)) = self.next_name(rest) {
            self.events.push(Event::Text(before.to_owned().into()));
            self.add_name(&word);
            rest = after;
        }
        self.events.push(Event::Text(rest.to_owned().into()));
    }

    /// The first name in a text, with what is before and after it.
    fn next_name<'t>(&self, text: &'t str) -> Option<(&'t str, String, &'t str)> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let mut start = 0;
        while start < text.len() {
            let rest = text.get(start..)?;
            let skipped = rest.find(is_part)?;
            let word = rest.get(skipped..)?;
            let length = word.find(|c| !is_part(c)).unwrap_or(word.len());
            let word = word.get(..length)?.trim_end_matches('-');
            let at = start + skipped;
            if self.document.links.word(word).is_some() {
                return Some((text.get(..at)?, word.to_owned(), text.get(at + word.len()..)?));
            }
            start = at + length;
        }
        None
    }

    fn add_name(&mut self, word: &str) {
        let Some(address) = self.document.links.word(word) else { return };
        let is_definition = self.at_definition
            && address.ends_with(&format!("#{word}"))
            && address.starts_with(self.document.page);
        let link = match is_definition {
            true => html! { span id=(word) { (word) } },
            false => html! { a.id href=(self.document.to(address)) { (word) } },
        };
        self.push(link.into_string());
    }

    fn add_code(&mut self, code: &str) {
        let shown = printable(code).into_owned();
        let address = self.document.links.code(code).or_else(|| self.document.links.word(code));
        match address.filter(|_| !self.is_literal) {
            Some(address) => {
                let link = html! { a href=(self.document.to(address)) { code { (shown) } } };
                self.push(link.into_string());
            }
            None => self.events.push(Event::Code(shown.into())),
        }
    }
}

/// A text of several lines, with invisible characters escaped.
fn printable_lines(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(printable).collect();
    lines.join("\n")
}

/// HTML without its comments. A comment that has no end goes to the end of the text.
fn without_comments(html: &str) -> String {
    let mut parts = html.split("<!--");
    let first = parts.next().unwrap_or_default();
    let behind = parts.map(|part| part.split_once("-->").map_or("", |(_, behind)| behind));
    std::iter::once(first).chain(behind).collect()
}

/// The text of the next event.
fn next_text<'e>(rest: &'e [Event<'_>]) -> Option<&'e str> {
    match rest.first()? {
        Event::Text(text) => Some(text),
        _ => None,
    }
}

/// The id that a paragraph begins with, in bold.
fn defined(rest: &[Event<'_>]) -> Option<String> {
    match rest {
        [Event::Start(Tag::Strong), Event::Text(id), Event::End(TagEnd::Strong), ..] => Some(id.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> String {
        let files = [("spec/30-terms.md".to_owned(), "spec/30-terms.html".to_owned())];
        let links = Links::with_files(&files);
        Document { file: "spec/README.md", page: "spec/about.html", links: &links }.render(text).into_string()
    }

    #[test]
    fn html_is_text_and_comments_are_left_out() {
        let html = rendered("a <b onclick=x> c\n\n<script>alert(1)</script>\n\n<!-- table -->\nd");
        assert!(html.contains("a &lt;b onclick=x&gt; c") && html.contains("&lt;script&gt;"), "{html}");
        assert!(!html.contains("<!--") && !html.contains("<script"), "{html}");
    }

    #[test]
    fn a_comment_is_left_out_and_what_is_behind_it_is_not() {
        let html =
            rendered("<!-- file:\n\nsecret\n-->\n\na <!-- <b> --><i>b</i>\n\n<!-- c --> <p onclick=x>d\n");
        assert!(!html.contains("secret") && !html.contains("--"), "{html}");
        assert!(html.contains("a &lt;i&gt;b&lt;/i&gt;") && html.contains("&lt;p onclick=x&gt;d"), "{html}");
        assert_eq!(rendered("<!-- a\n\nb").trim(), "");
        assert!(rendered("<div>\u{202e}").contains("&lt;div&gt;\\u{202e}"));
    }

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(rendered("a\u{202e}b `c\u{200b}`"), "<p>a\\u{202e}b <code>c\\u{200b}</code></p>\n");
    }

    #[test]
    fn links_lead_to_pages_or_nowhere() {
        assert_eq!(rendered("[x](30-terms.md#a)"), "<p><a href=\"30-terms.html#a\">x</a></p>\n");
        assert_eq!(rendered("[x](../a/b.rs)"), "<p><a title=\"a/b.rs in the repository\">x</a></p>\n");
        for link in ["javascript:alert(1)", "data:text/html,x", "//example.com/", "http://example.com/"] {
            assert!(!rendered(&format!("[x]({link})")).contains("href"), "{link}");
        }
        assert!(!rendered("![x](https://example.com/y.png)").contains("img"));
    }

    #[test]
    fn a_column_is_aligned_without_a_style() {
        let html = rendered("| a | b |\n|---|---:|\n| c | 1 |\n");
        assert!(
            html.contains("<th class=\"number\">b</th>")
                && html.contains("<td>c</td><td class=\"number\">1</td>"),
            "{html}"
        );
    }

    #[test]
    fn a_heading_has_the_anchor_that_github_gives_it() {
        assert_eq!(slug("Ask a Kusto"), "ask-a-kusto");
        assert_eq!(slug("`text has lookup`: x_y-z!"), "text-has-lookup-x_y-z");
        assert!(rendered("# A b\n\n# A b").contains("<h1 id=\"a-b-1\">"));
    }
}
