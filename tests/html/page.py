"""Tests a report page in a browser: page.py PAGE ENGINES [FOLDER for screenshots]"""
import pathlib, sys
from browser import Browser, is_available

page, engines = pathlib.Path(sys.argv[1]).resolve().as_uri(), int(sys.argv[2])
folder = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
if not is_available():
    sys.exit("chromium and chromedriver are not installed")

CLAUSES = "#matrix tbody tr:not(.chapter)"
FAILURES = ":is(article, .rows tbody tr, .names span)[id]"
# The lowest contrast of a visible text with what is behind it, by WCAG 2, and that text.
CONTRAST = """
const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = (colour) => channels(colour).slice(0, 3).map((c) => c / 255)
  .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
const isSolid = (element) => channels(getComputedStyle(element).backgroundColor)[3] !== 0;
const behind = (element) => (isSolid(element) || !element.parentElement ? element : behind(element.parentElement));
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let lowest = [99, ""];
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  if (!node.data.trim() || !element.checkVisibility()) continue;
  const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(behind(element)).backgroundColor)];
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (contrast < lowest[0]) lowest = [contrast, node.data];
}
return lowest"""


def assert_equal(got, want, what):
    assert got == want, f"{what}: want {want!r}, got {got!r}"


with Browser() as browser:
    def screenshot(name):
        for scheme in ("light", "dark") if folder else ():
            browser.set_media(scheme)
            browser.screenshot(folder / f"{name}-{scheme}.png")

    def count(selector):
        return browser.run("return document.querySelectorAll(arguments[0]).length", selector)

    def visible(selector):
        """The ids of the elements that are displayed, or would be if their list were open."""
        return browser.run("return [...document.querySelectorAll(arguments[0])]"
                           ".filter((e) => !e.closest('[hidden]')).map((e) => e.id)", selector)

    def set_value(name, value):
        browser.run("const e = document.querySelector(`[name=${arguments[0]}]`); e.value = arguments[1];"
                    "e.dispatchEvent(new Event('input', {bubbles: true}))", name, value)

    def open_at(fragment):
        """Opens the page in a new tab."""
        browser.open("about:blank")
        browser.open(f"{page}#{fragment}")

    def assert_at(id):
        """Asserts that a place is displayed and in view."""
        top = browser.run("const e = document.getElementById(arguments[0]); "
                          "return e.checkVisibility() ? e.getBoundingClientRect().top : null", id)
        height = browser.run("return innerHeight")
        assert top is not None and -1 <= top < height, f"{id} is not in view: {top}"

    def assert_fits(width):
        browser.set_size(width, 1600)
        for kind in ("closed", "open"):
            browser.run("for (const e of document.querySelectorAll('details')) e.open = arguments[0]", kind == "open")
            wide = browser.run("return document.documentElement.scrollWidth")
            assert wide <= width, f"the page is {wide} px wide at {width} px, with lists {kind}"

    def address():
        return browser.run("return location.hash")

    def assert_readable():
        for scheme in ("light", "dark"):
            browser.set_media(scheme)
            contrast, text = browser.run(CONTRAST)
            assert contrast >= 4.5, f"{scheme}: contrast {contrast:.2f} of {text!r}"
        browser.set_media("light")

    # Without scripts, the page is complete, and each cell leads to what is behind it.
    browser.set_scripts(False)
    browser.open(page)
    clauses, failures = visible(CLAUSES), visible(FAILURES)
    assert clauses and failures, "the page has clauses and failures"
    assert_equal(count("section.engine"), engines, "engines")
    assert_equal(count("#matrix thead th"), engines + 1, "columns")
    assert_equal(browser.is_shown("#tools"), False, "the filters without scripts")
    browser.click("#matrix td.missed a")
    missed = address()[1:]
    assert_at(missed)
    for width in (320, 390, 800, 1280):
        assert_fits(width)
        hint = browser.run("const e = document.querySelector('.hint'); return Boolean(e && e.checkVisibility())")
        scrolls = browser.run("const e = document.querySelector('.scroll'); return e.scrollWidth > e.clientWidth")
        assert hint or not scrolls, f"the table scrolls at {width} px without a hint"
    browser.run("for (const e of document.querySelectorAll('details')) e.open = true")
    assert_readable()
    for width in (390, 800, 1280):
        browser.set_size(width, 1600)
        browser.run("for (const e of document.querySelectorAll('details')) e.open = false; scrollTo(0, 0)")
        screenshot(f"without-scripts-{width}")

    # With scripts, it has the same content, and loads nothing else.
    browser.set_scripts(True)
    browser.open("about:blank")
    browser.open(page)
    assert_equal(browser.errors(), [], "errors of the page")
    assert_equal(visible(CLAUSES), clauses, "clauses with scripts")
    assert_equal(visible(FAILURES), failures, "failures with scripts")
    assert_equal(count("body img, script[src], link"), 0, "external elements")
    assert_equal(browser.run("return performance.getEntriesByType('resource').length"), 0, "requests")
    for width in (390, 800, 1280):
        assert_fits(width)
    assert_readable()
    screenshot("with-scripts")

    # The keyboard reaches the filters and each cell, and the focus is visible.
    browser.run("document.querySelector('[name=sort]').focus()")
    browser.press("Tab")
    style = browser.run("const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]")
    assert_equal(style, ["solid", "3px"], "the outline of the focus")
    browser.run("document.querySelector('#matrix td.missed a').focus()")
    browser.press("Enter")
    assert_equal(address(), f"#{missed}", "the address after Enter")
    assert_at(missed)

    # Filters, and their addresses.
    vector = failures[0].split("/")[0]
    browser.type("[name=q]", vector)
    found = visible(FAILURES)
    assert found and all(id.startswith(vector) for id in found), found
    assert 0 < len(visible(CLAUSES)) < len(clauses), visible(CLAUSES)
    assert_equal(address(), f"#?q={vector}", "the address of a search")
    assert f"of {len(clauses)} clauses" in browser.text("#tools output")
    shown = visible(CLAUSES)
    open_at(f"?q={vector}")
    assert_equal(visible(CLAUSES), shown, "the clauses of a search in a new tab")
    assert_equal(visible(FAILURES), found, "the failures of a search in a new tab")
    browser.type("[name=q]", "no such thing")
    assert_equal(visible(f"{CLAUSES}, {FAILURES}, .chapter, .block"), [], "what is displayed without a match")
    set_value("q", "")
    assert_equal(visible(CLAUSES), clauses, "all clauses again")
    assert_equal(address(), "", "the address without filters")
    set_value("show", "open")
    assert_equal(visible(CLAUSES), ["CMD-19"], "the open clauses")
    set_value("show", "missed")
    assert missed.split("/")[0] in visible(CLAUSES), visible(CLAUSES)
    set_value("sort", "worst")
    assert_equal(address(), "#?show=missed&sort=worst", "the address of two filters")
    worst = visible(CLAUSES)
    open_at("?show=missed&sort=worst")
    assert_equal(visible(CLAUSES), worst, "the order in a new tab")
    numbers = [browser.run("return document.querySelectorAll(arguments[0]).length",
                           f".block:has(h4 a[href='#{id}']) {FAILURES}") for id in worst]
    assert numbers[0] == max(numbers), f"the worst clause comes first: {numbers}"
    open_at("?show=nonsense&other=1&q=")
    assert_equal(visible(CLAUSES), clauses, "the clauses with an unknown filter")
    if engines > 1:
        slug = missed.split("/")[1]
        set_value("engine", slug)
        assert_equal(visible("section.engine"), [slug], "the only engine")
        assert_equal(browser.run("return document.querySelectorAll('#matrix thead th:not([hidden])').length"), 2, "columns")

    # Clauses and failures have addresses, also those in closed lists and those that a filter hides.
    for id in (clauses[-1], missed, failures[0], failures[-1]):
        open_at(id)
        assert_at(id)
    set_value("q", "no such thing")
    browser.run("location.hash = arguments[0]", f"#{failures[0]}")
    browser.run("return new Promise((done) => setTimeout(done, 50))")
    assert_at(failures[0])
    assert_equal(visible(FAILURES), failures, "the failures if the address is one that was hidden")

    # Text from engines, even hostile ones, never becomes an element.
    assert_equal(count("img, body script:not(:last-child), iframe, object, embed"), 0, "injected elements")
    assert_equal(browser.errors(), [], "errors at the end")

    browser.set_media("light", "print")
    assert_equal(browser.is_shown("#tools"), False, "the filters in print")
    if folder:
        browser.screenshot(folder / "print.png")
print("clicked")
