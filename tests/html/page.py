"""Clicks through a report page: page.py PAGE ENGINES [FOLDER for pictures]"""
import pathlib, sys
from browser import Browser, missing

page, engines = pathlib.Path(sys.argv[1]).resolve().as_uri(), int(sys.argv[2])
pictures = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
if missing():
    sys.exit(f"{missing()} is not installed")


def same(got, want, what):
    assert got == want, f"{what}: want {want!r}, got {got!r}"


with Browser() as browser:
    def picture(name):
        for scheme in ("light", "dark") if pictures else ():
            browser.media(scheme)
            browser.picture(pictures / f"{name}-{scheme}.png")

    def focused():
        return browser.run("return document.activeElement.getAttribute('aria-label')")

    def rows():
        return browser.run("return [...document.querySelectorAll('tbody tr:not(.chapter):not([hidden]) b:first-child')]"
                           ".filter((b) => b.parentElement.tagName === 'TH').map((b) => b.textContent)")

    browser.open(page)
    same(browser.errors(), [], "errors of the page")
    same(browser.run("return document.querySelectorAll('.engine').length"), engines, "engines")
    same(browser.run("return document.querySelectorAll('thead th').length"), engines + 1, "columns")
    same(browser.run("return document.querySelectorAll('body img, script[src], link').length"), 0, "foreign elements")
    same(browser.run("return performance.getEntriesByType('resource').length"), 0, "requests")
    everything = rows()
    assert everything, "the page has clauses"
    picture("page")

    browser.click("td.cell.missed button")
    same(browser.shown("#panel"), True, "the panel after a click")
    assert ": missed" in browser.text("#panel-title"), browser.text("#panel-title")
    first = browser.text(".vector")
    assert all(word in first for word in ("call", "want", "got", "again")), first
    clause = browser.text("#panel-title").split(",")[0]
    assert clause in everything, clause
    same(browser.run("return [...document.querySelectorAll('.word')][0].className"), "word news", "what comes first")
    picture("panel")
    browser.press("Escape")
    same(browser.shown("#panel"), False, "the panel after Escape")
    assert focused().startswith(clause), "focus goes back to the cell"

    browser.run("document.getElementById('status').focus()")
    browser.press("Tab", "Down", "Right" if engines > 1 else "End")
    assert focused().startswith(everything[everything.index(clause) + 1]), focused()
    style = browser.run("const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]")
    same(style, ["solid", "3px"], "the focus is seen")
    picture("focus")
    opened = focused()
    browser.press("Enter")
    same(browser.shown("#panel"), True, "the panel after Enter")
    same(browser.text("#panel-title").split(",")[0], opened.split(",")[0], "the clause of the panel")
    browser.click("#close")
    same(browser.shown("#panel"), False, "the panel after its button")
    same(focused(), opened, "the focus after closing")

    browser.type("#filter", "T-0010")
    same(rows(), ["TAB-01"], "the clauses of one vector")
    same(browser.text("#count"), f"1 of {len(everything)} clauses", "the count")
    browser.type("#filter", "no such thing")
    same(rows(), [], "the clauses of nothing")
    browser.run("const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input'))")
    same(rows(), everything, "all clauses again")
    browser.run("const s = document.getElementById('status'); s.value = 'open'; s.dispatchEvent(new Event('change'))")
    same(rows(), ["CMD-19"], "the open clauses")
    browser.run("const s = document.getElementById('status'); s.value = 'all'; s.dispatchEvent(new Event('change'))")

    # Every panel of every engine, hostile ones too, is text and nothing else.
    panels = browser.run("""
      let seen = 0;
      for (const button of document.querySelectorAll('td.cell button')) {
        button.click();
        seen += document.querySelectorAll('#panel img, #panel script').length === 0 ? 1 : 0;
      }
      return [seen, document.querySelectorAll('td.cell button').length];""")
    same(panels[0], panels[1], "panels without foreign elements")
    same(browser.errors(), [], "errors after all")
    browser.media("light", "print")
    same(browser.shown(".filters"), False, "the filters in print")
    if pictures:
        browser.picture(pictures / "print.png")
print("clicked")
