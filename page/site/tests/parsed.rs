//! A page as a browser parses it.

use html5ever::driver::ParseOpts;
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// An element: its name and its attributes.
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub text: String,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// The elements of a page, and what is wrong with its markup.
pub struct Parsed {
    pub elements: Vec<Element>,
    pub errors: Vec<String>,
}

pub fn parse(text: &str) -> Parsed {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { exact_errors: true, ..Default::default() },
        ..Default::default()
    };
    let dom = parse_document(RcDom::default(), options).one(text);
    let mut elements = vec![];
    collect(&dom.document, &mut elements);
    Parsed { elements, errors: dom.errors.borrow().iter().map(ToString::to_string).collect() }
}

fn collect(node: &Handle, elements: &mut Vec<Element>) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let pair = |attribute: &Attribute| (attribute.name.local.to_string(), attribute.value.to_string());
        let children = node.children.borrow();
        let text = children.iter().filter_map(|child| match &child.data {
            NodeData::Text { contents } => Some(contents.borrow().to_string()),
            _ => None,
        });
        let (name, attributes) = (name.local.to_string(), attrs.borrow().iter().map(pair).collect());
        elements.push(Element { name, attributes, text: text.collect() });
    }
    node.children.borrow().iter().for_each(|child| collect(child, elements));
}
