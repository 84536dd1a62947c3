"""Tests a report page in a browser: page.py PAGE ENGINES [FOLDER for screenshots]"""
import pathlib, sys
from browser import Browser, is_available

page, engines = pathlib.Path(sys.argv[1]).resolve().as_uri(), int(sys.argv[2])
folder = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
if not is_available():
    sys.exit("chromium and chromedriver are not installed")


def assert_equal(got, want, what):
    assert got == want, f"{what}: want {want!r}, got {got!r}"


with Browser() as browser:
    def screenshot(name):
        for scheme in ("light", "dark") if folder else ():
            browser.set_media(scheme)
            browser.screenshot(folder / f"{name}-{scheme}.png")

    def focused_label():
        return browser.run("return document.activeElement.getAttribute('aria-label')")

    def count(selector):
        return browser.run("return document.querySelectorAll(arguments[0]).length", selector)

    def set_value(id, value, event):
        browser.run("const e = document.getElementById(arguments[0]); e.value = arguments[1];"
                    "e.dispatchEvent(new Event(arguments[2]))", id, value, event)

    def visible_clauses():
        return browser.run("return [...document.querySelectorAll('tbody tr:not(.chapter):not([hidden]) b:first-child')]"
                           ".filter((b) => b.parentElement.tagName === 'TH').map((b) => b.textContent)")

    # The page is complete and loads nothing else.
    browser.open(page)
    assert_equal(browser.errors(), [], "errors of the page")
    assert_equal(count(".engine"), engines, "engines")
    assert_equal(count("#matrix thead th"), engines + 1, "columns")
    assert_equal(count("body img, script[src], link"), 0, "external elements")
    assert_equal(browser.run("return performance.getEntriesByType('resource').length"), 0, "requests")
    clauses = visible_clauses()
    assert clauses, "the page has clauses"
    screenshot("page")

    # The mouse: a click on a cell opens the panel.
    browser.click("td.cell.missed button")
    assert_equal(browser.is_shown("#panel"), True, "the panel after a click")
    assert ": missed" in browser.text("#panel-title"), browser.text("#panel-title")
    first = browser.text(".vector")
    assert all(word in first for word in ("call", "want", "got", "again")), first
    clause = browser.text("#panel-title").split(",")[0]
    assert clause in clauses, clause
    assert_equal(browser.run("return document.querySelector('.word').className"), "word news", "the first vector")
    screenshot("panel")
    browser.press("Escape")
    assert_equal(browser.is_shown("#panel"), False, "the panel after Escape")
    assert focused_label().startswith(clause), "the focus returns to the cell"

    # The keyboard: arrow keys move the focus, Enter opens the panel.
    browser.run("document.getElementById('status').focus()")
    browser.press("Tab", "Down", "Right" if engines > 1 else "End")
    assert focused_label().startswith(clauses[clauses.index(clause) + 1]), focused_label()
    style = browser.run("const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]")
    assert_equal(style, ["solid", "3px"], "the outline of the focus")
    screenshot("focus")
    opened = focused_label()
    browser.press("Enter")
    assert_equal(browser.is_shown("#panel"), True, "the panel after Enter")
    assert_equal(browser.text("#panel-title").split(",")[0], opened.split(",")[0], "the clause of the panel")
    browser.click("#close")
    assert_equal(browser.is_shown("#panel"), False, "the panel after its close button")
    assert_equal(focused_label(), opened, "the focus after closing")

    # Filters.
    browser.type("#filter", "T-0010")
    assert_equal(visible_clauses(), ["TAB-01"], "the clauses of one vector")
    assert_equal(browser.text("#count"), f"1 of {len(clauses)} clauses", "the count")
    browser.type("#filter", "no such thing")
    assert_equal(visible_clauses(), [], "the clauses without a match")
    set_value("filter", "", "input")
    assert_equal(visible_clauses(), clauses, "all clauses again")
    set_value("status", "open", "change")
    assert_equal(visible_clauses(), ["CMD-19"], "the open clauses")
    set_value("status", "all", "change")

    # Text from engines, even hostile ones, never becomes an element.
    safe = browser.run("""
      let safe = 0;
      for (const button of document.querySelectorAll('td.cell button')) {
        button.click();
        safe += document.querySelectorAll('#panel img, #panel script').length === 0 ? 1 : 0;
      }
      return safe;""")
    assert_equal(safe, count("td.cell button"), "panels without injected elements")
    assert_equal(browser.errors(), [], "errors at the end")

    browser.set_media("light", "print")
    assert_equal(browser.is_shown(".filters"), False, "the filters in print")
    if folder:
        browser.screenshot(folder / "print.png")
print("clicked")
