//! HTML that is being built. Untrusted text gets in only escaped.

use crate::report::escape::{content, xml};
use crate::report::wording::code_parts;

/// Elements whose end tag may be left out before a sibling or at the end of their parent.
const WITHOUT_END: [&str; 5] = ["tr", "th", "td", "dt", "dd"];

/// A piece of HTML. A text that is converted to it is escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markup(String);

/// The start tag of an element that has no content yet.
#[derive(Debug)]
pub struct Element {
    name: &'static str,
    tag: String,
}

/// Begins an element.
pub fn element(name: &'static str) -> Element {
    Element { name, tag: format!("<{name}") }
}

/// A sentence of the specification; text between backquotes is code.
pub fn sentence(text: &str) -> Markup {
    let part = |(is_code, part): (bool, &str)| match is_code {
        true => element("code").of(part),
        false => part.into(),
    };
    code_parts(text).into_iter().map(part).collect()
}

/// A table in a box of its own that scrolls sideways, also by keyboard.
pub fn scrolling(label: &str, table: Markup) -> Markup {
    let frame = element("div").class("scroll").attribute("role", "region").attribute("aria-label", label);
    frame.attribute("tabindex", "0").of(table)
}

/// A list that is closed at first.
pub fn closed(summary: impl Into<Markup>, content: impl Into<Markup>) -> Markup {
    element("details").of([element("summary").of(summary), content.into()])
}

/// The heading row of a table.
pub fn heads(labels: impl IntoIterator<Item = Markup>) -> Markup {
    let cell = |label| element("th").of(label);
    element("thead").of(element("tr").of(labels.into_iter().map(cell).collect::<Markup>()))
}

impl Markup {
    /// HTML of our own.
    pub fn own(html: &str) -> Self {
        Self(html.to_owned())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Element {
    pub fn class(self, name: &str) -> Self {
        self.attribute("class", name)
    }

    pub fn id(self, id: &str) -> Self {
        self.attribute("id", id)
    }

    /// The address of a place on this page.
    pub fn to(self, id: &str) -> Self {
        self.attribute("href", &format!("#{id}"))
    }

    pub fn attribute(mut self, name: &str, value: &str) -> Self {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./#:%".contains(c);
        self.tag += &match !value.is_empty() && value.chars().all(is_plain) {
            true => format!(" {name}={value}"),
            false => format!(" {name}=\"{}\"", xml(value)),
        };
        self
    }

    /// The element with its content.
    pub fn of(self, content: impl Into<Markup>) -> Markup {
        let Self { name, tag } = self;
        let Markup(content) = content.into();
        Markup(match WITHOUT_END.contains(&name) {
            true => format!("{tag}>{content}"),
            false => format!("{tag}>{content}</{name}>"),
        })
    }
}

impl From<&str> for Markup {
    fn from(text: &str) -> Self {
        Self(content(text))
    }
}

impl From<String> for Markup {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl<const N: usize> From<[Self; N]> for Markup {
    fn from(parts: [Self; N]) -> Self {
        parts.into_iter().collect()
    }
}

impl FromIterator<Self> for Markup {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        Self(parts.into_iter().map(|Self(part)| part).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped() {
        let bad = "</td><img src=x onerror='alert(1)'>\"&\u{1b}\n";
        let cell = element("td").attribute("title", bad).of(bad);
        assert_eq!(
            cell.as_str(),
            "<td title=\"&lt;/td&gt;&lt;img src=x onerror='alert(1)'&gt;&quot;&amp;\\x1b\n\">\
             &lt;/td&gt;&lt;img src=x onerror='alert(1)'&gt;\"&amp;\\x1b\\n"
        );
        assert_eq!(element("a").to("TRM-05/wine").of("x").as_str(), "<a href=#TRM-05/wine>x</a>");
    }

    #[test]
    fn text_between_backquotes_is_code() {
        assert_eq!(sentence("a `<b>` c").as_str(), "a <code>&lt;b&gt;</code> c");
        assert_eq!(sentence("a ` b").as_str(), "a ` b");
    }
}
