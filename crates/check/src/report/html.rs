//! One page for one or more reports: clauses by engines, and every failure by its cause.
//!
//! The page is complete without its script, which only adds filters, sorting and search. It needs
//! no network and no server. Text from engines is escaped, and the browser is told to run no
//! script and to use no style but those of the page.

mod cut;
mod engine;
mod failures;
mod legend;
mod markup;
mod matrix;
mod side;
mod summary;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use super::model::Report;
use super::standing::Standing;
use cut::CUTS;
use legend::look;
use markup::{Markup, element};
use side::{Side, sides};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The size of a page in bytes, for each engine. Failures are cut to what fits.
const MAX_SIZE: usize = 300_000;

/// Renders reports as a page. There may be none.
///
/// `section` is HTML to insert below the reports, such as the chart of
/// [`bench::chart`](crate::bench::chart); it is not escaped.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::html};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(html::render(&[report], "").starts_with("<!doctype html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(reports: &[Report], section: &str) -> String {
    let (style, script) = (compact(STYLE), compact(SCRIPT));
    let sides = sides(reports);
    let fixed = [head(&sides, &style, &script), top(reports, &sides)];
    let budget =
        (MAX_SIZE * reports.len()).saturating_sub(fixed.iter().map(|part| part.as_str().len()).sum());
    let mut engines = Markup::default();
    for cut in CUTS {
        engines = sides.iter().map(|side| engine::engine(side, cut)).collect();
        if engines.as_str().len() <= budget {
            break;
        }
    }
    let [head, top] = fixed;
    let body = [top, engines, Markup::own(section), element("script").of(Markup::own(&script))];
    let html = element("html").attribute("lang", "en").of([head, element("body").of(body)]);
    format!("<!doctype html>\n{}\n", html.as_str())
}

/// The head, with the only style and the only script that the browser may use.
fn head(sides: &[Side<'_>], style: &str, script: &str) -> Markup {
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        source(style),
        source(script)
    );
    let meta = |name, content| Markup::own(&format!("<meta name={name} content=\"{content}\">"));
    let title = match sides {
        [] => "rulespec".to_owned(),
        [side] => format!("{} · rulespec", side.name),
        sides => format!("{} engines · rulespec", sides.len()),
    };
    element("head").of([
        Markup::own("<meta charset=utf-8>"),
        Markup::own(&format!("<meta http-equiv=Content-Security-Policy content=\"{policy}\">")),
        meta("viewport", "width=device-width, initial-scale=1"),
        meta("color-scheme", "light dark"),
        meta("referrer", "no-referrer"),
        element("title").of(title),
        element("style").of(Markup::own(style)),
    ])
}

/// What stands above the sections of the engines.
fn top(reports: &[Report], sides: &[Side<'_>]) -> Markup {
    if sides.is_empty() {
        return element("header").of(element("h1").of("rulespec"));
    }
    let title = match sides {
        [side] => side.name.clone(),
        sides => format!("{} engines", sides.len()),
    };
    let link = |to: &str, label: &str| element("a").to(to).of(label);
    let links = [link("summary", "Summary"), link("legend", "Legend"), link("clauses", "Clauses")];
    let engines = sides.iter().map(|side| link(&side.slug, &side.name));
    Markup::from([
        element("header").of([
            element("p").class("quiet").of("rulespec: the semantics of KQL, clause by clause"),
            element("h1").of(title),
            element("nav")
                .attribute("aria-label", "Sections")
                .of(links.into_iter().chain(engines).collect::<Markup>()),
        ]),
        summary::summary(sides),
        legend::legend(),
        tools(sides),
        matrix::matrix(reports, sides),
    ])
}

/// What only the script can do. It is hidden until the script runs.
fn tools(sides: &[Side<'_>]) -> Markup {
    let option = |value: &str, label: &str| element("option").attribute("value", value).of(label);
    let standing = |standing: Standing| option(look(standing).class, standing.as_str());
    let standings = Standing::ALL.into_iter().map(standing);
    let several = (sides.len() > 1).then(|| option("differ", "engines differ"));
    let engines = sides.iter().map(|side| option(&side.slug, &side.name));
    let select = |name: &str, label: &str, options: Markup| {
        element("label")
            .of([format!("{label} ").into(), element("select").attribute("name", name).of(options)])
    };
    let any = |label: &str| std::iter::once(option("", label));
    element("form").id("tools").attribute("role", "search").attribute("hidden", "").of([
        Markup::own("<label>Search <input name=q type=search autocomplete=off spellcheck=false placeholder=\"clause, word, vector, call\"></label>"),
        select("show", "Show", any("all clauses").chain(standings).chain(several).collect()),
        match sides {
            [_] => Markup::default(),
            _ => select("engine", "Engine", any("all").chain(engines).collect()),
        },
        select("sort", "Order", Markup::from([option("", "by chapter"), option("worst", "most failures first")])),
        element("output").attribute("aria-live", "polite").of(""),
    ])
}

/// Our text without indentation, and with the line ends that a browser sees.
fn compact(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The source of a Content-Security-Policy that allows exactly this text.
fn source(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}
