"""Uses the page "Try" in a browser by keyboard: tools.py DIST [FOLDER for screenshots]"""
import functools, gzip, http.server, json, pathlib, statistics, sys, threading, time, urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/html"))
from browser import Browser, is_available

dist = pathlib.Path(sys.argv[1]).resolve()
folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
HOSTILE = "<img src=x onerror=alert(1)>\u202e</script>${7}"
TOOLS = {
    "cmd": {"cmd": 'a.exe "b c" \\"d'},
    "has": {"has": "see/Transfer x/TRANSFER", "op": "has", "lookup": "/transfer"},
    "event": {"event": '{"FileName": "bitsadmin.exe", "ProcessCommandLine": "x /addfile j http://a c"}', "absent": ""},
    "rule": {"rule": "DeviceProcessEvents | where FileName == 'a'", "event": '{"FileName": "a"}', "absent": "", "columns": ""},
}
COMPARED = "document.querySelector('#rule-difference').innerText.includes(' selected, seed ')"
LONG = 9007199254740993  # JavaScript rounds it
MAX_TRANSFER = 1_000_000
if not is_available():
    sys.exit("chromium and chromedriver are not installed")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=dist))
threading.Thread(target=server.serve_forever, daemon=True).start()
SITE = f"http://127.0.0.1:{server.server_port}/index.html"


def assert_equal(got, want, what):
    assert got == want, f"{what}: want {want!r}, got {got!r}"


def address(tool, **parts):
    return f"{SITE}#{urllib.parse.urlencode({**TOOLS[tool], **parts})}"


with Browser() as browser:
    def wait(condition, what, seconds=20):
        end = time.monotonic() + seconds
        while not browser.run(f"return {condition}"):
            assert time.monotonic() < end, f"{what} does not come; {browser.errors()}; {browser.text('body')[:2000]}"
            time.sleep(.03)

    def open_tool(tool, **parts):
        browser.open("about:blank")
        browser.open(address(tool, **parts))
        settle(tool)

    def settle(tool):
        """Waits until the state in the inputs is the one that is shown."""
        wait(f"document.querySelector('#tools')?.dataset.shown === document.querySelector('#address').getAttribute('href')"
             f" && !document.getElementById('tool-{tool}').hidden", f"the answer of {tool}")

    def text(selector):
        return browser.run("return document.querySelector(arguments[0]).innerText", selector)

    def tab_to(selector):
        for _ in range(80):
            if browser.run("return document.activeElement.matches(arguments[0])", selector):
                return
            browser.press("Tab")
        raise AssertionError(f"the tab key does not reach {selector}")

    def open_by_keyboard(tool):
        tab_to(f"[data-tool={tool}]")
        browser.press("Enter")
        settle(tool)

    # Without JavaScript, the page says why, and links to the specification.
    script = {"cmd": "Emulation.setScriptExecutionDisabled"}
    browser.request("POST", "/goog/cdp/execute", {**script, "params": {"value": True}})
    browser.open(SITE)
    assert browser.is_shown("#static a[href^='spec/']"), "links without JavaScript"
    browser.request("POST", "/goog/cdp/execute", {**script, "params": {"value": False}})

    # Each tool by keyboard.
    browser.open("about:blank")
    browser.open(SITE)
    settle("cmd")
    tab_to("#cmd")
    browser.run("document.activeElement.select()")
    browser.press(*'x "a b" c\\')
    settle("cmd")
    assert_equal(text(".arguments").split("\n"), ["x", "a b", "c\\"], "the arguments")
    assert "CMD-12" in text("#cmd-output"), "the clause of a backslash"
    assert "Wine" in text("#cmd-output"), "the engine that has the function"

    open_by_keyboard("has")
    assert_equal(text(".answer"), "true", "the answer of the first example")
    tab_to("#op")
    browser.press(*"hass")
    settle("has")
    assert "op=hassuffix&" in browser.run("return document.querySelector('#address').hash"), "the operator in the address"

    open_by_keyboard("event")
    assert_equal(text("#event-output .answer"), "The rule fires.", "the first event")
    tab_to("#event-examples")
    browser.press("Down")
    tab_to("#event-add")
    browser.press("Enter")
    settle("event")
    assert_equal(browser.run("return 'TimeGenerated' in JSON.parse(document.getElementById('event').value)"), True, "the added column")
    tab_to("#event-absent-ProcessVersionInfoOriginalFileName")

    open_by_keyboard("rule")
    assert "the text of the original" in text("#rule-difference"), "the original is not compared"
    tab_to("#rule-examples")
    browser.press("Down", "Down")
    wait("document.querySelector('.findings li')", "a difference", 60)
    assert "Only the original selects this event." in browser.text(".findings") or " differ" in browser.text(".findings")
    wait(COMPARED, "the end of the search", 60)
    browser.run("const e = document.getElementById('rule'); e.value = 'DeviceProcessEvents | where FileNam'; e.dispatchEvent(new Event('input'))")
    settle("rule")
    assert "1:29" in text(".problems") and "FileName" in text(".problems"), text(".problems")
    assert_equal(browser.errors(), [], "errors after the tools")

    # Numbers that JavaScript would round are shown as they are: of the event, the rule and its difference.
    open_tool("rule", event=f'{{"ProcessId": {LONG}}}', rule=f"DeviceProcessEvents | where ProcessId == {LONG} | extend Next = ProcessId + 2")
    assert_equal(text("#rule-output .answer"), "The rule fires.", "the rule with a long")
    assert str(LONG + 2) in text("#rule-output"), text("#rule-output")
    browser.run("document.querySelector('#rule-output details').open = true")
    assert str(LONG) in text("#rule-output details"), text("#rule-output details")
    wait(COMPARED, "the difference", 60)
    assert f'"ProcessId": {LONG}' in text(".findings"), text(".findings")
    browser.run("[...document.querySelectorAll('.findings pre')].find((one) => one.innerText.includes(arguments[0]))"
                ".closest('li').querySelector('a[href^=\"#rule\"]').click()", str(LONG))
    settle("rule")
    assert f'"ProcessId": {LONG}' in browser.run("return document.getElementById('rule-event').value"), "the event of a finding"
    open_tool("event", event=f'{{"ProcessId": {LONG}}}')
    browser.run("document.getElementById('event-add').click()")
    wait("document.getElementById('event').value.includes('Time')", "the added column")
    assert f'"ProcessId": {LONG},' in browser.run("return document.getElementById('event').value"), "the event with a column more"

    # Columns that only the rule and the event have, and those that only the event has.
    open_tool("rule", event='{"Score": 7, "Other": 1}', rule="DeviceProcessEvents | where Score > 5")
    assert_equal(text("#rule-output .answer"), "The rule fires.", "a column of the event")
    assert "Score is not a column of DeviceProcessEvents. It is assumed to be of type long" in text("#rule-output"), text("#rule-output")
    assert "Other is not used" in text("#rule-output"), text("#rule-output")
    wait(COMPARED, "the comparison with a column of the event", 60)
    browser.run("[...document.querySelectorAll('.findings li')].find((one) => !one.querySelector('pre').innerText.includes('Score'))"
                ".querySelector('a[href^=\"#rule\"]').click()")
    settle("rule")
    assert_equal(text("#rule-output .answer"), "The rule does not fire.", "an event without the column")
    assert "Score is not a column of DeviceProcessEvents. It is assumed to be of type long" in text("#rule-output"), text("#rule-output")

    # A second tab of the same address has the same state.
    for tool in TOOLS:
        open_tool(tool)
        first = text(f"#tool-{tool} > [id$=output]")
        same = browser.run("return location.href")
        browser.open("about:blank")
        browser.open(same)
        settle(tool)
        assert_equal(text(f"#tool-{tool} > [id$=output]"), first, f"the second tab of {tool}")
        assert_equal(browser.run("return location.href"), same, f"the address of {tool}")

    # Hostile text stays text, and long text is refused.
    for tool, parts in TOOLS.items():
        open_tool(tool, **{key: HOSTILE for key in parts if key != "op"})
        assert_equal(browser.run("return document.querySelectorAll('main img, main script').length"), 0, "elements from text")
    open_tool("event", event='{"FileName": "bitsadmin.exe", "ProcessCommandLine": "/transfer <img src=x onerror=alert(1)> b"}')
    assert "<img src=x" in text("#event-output"), "markup is shown"
    assert_equal(browser.run("return document.querySelectorAll('main img').length"), 0, "elements from an event")
    for tool, part, most in (("cmd", "cmd", 32_767), ("has", "has", 10_000), ("event", "event", 100_000), ("rule", "rule", 50_000)):
        browser.open("about:blank")
        browser.open(address(tool, **{part: '"' * (most + 1)}))
        wait("document.querySelector('#message')?.innerText.includes('characters')", f"the limit of {tool}")
        browser.open("about:blank")
        browser.open(address(tool, **{part: '"a ' * (most // 3)}))
        settle(tool)
        if tool != "rule":
            assert_equal(text("#message"), "", f"the message for the longest {part}")
    assert_equal(browser.errors(), [], "errors after hostile text")

    # A call that takes long does not block the page, and what is typed then is answered.
    browser.open("about:blank")
    browser.open(address("has", op="has_any", has="a" * 10_000, lookup="a\n" * 2000))
    wait("!document.getElementById('tool-has').hidden", "the tool")
    begun = time.monotonic()
    browser.run("const e = document.getElementById('has'); e.value = 'a b'; e.dispatchEvent(new Event('input'))")
    assert time.monotonic() - begun < 2, "the page is blocked"
    settle("has")
    assert_equal(text(".answer"), "true", "the answer after a long call")

    # After a call that is given up, the next one is answered.
    slow = 'DeviceProcessEvents | where ProcessCommandLine contains "' + "a" * 40_000 + 'b"'
    browser.open("about:blank")
    browser.open(address("rule", rule=slow, event=json.dumps({"ProcessCommandLine": "a" * 90_000})))
    wait("document.querySelector('#message')?.innerText.includes('No answer within 5 s')", "the end of a slow rule", 30)
    assert_equal(text("#rule-output") + text("#rule-difference"), "", "what is shown of a rule without an answer")
    browser.run("const e = document.getElementById('rule'); e.value = \"DeviceProcessEvents | where FileName == ''\"; e.dispatchEvent(new Event('input'))")
    settle("rule")
    assert_equal((text("#message"), text("#rule-output .answer")), ("", "The rule fires."), "the answer after a slow rule")
    wait(COMPARED, "the comparison after a slow rule", 60)

    # The answer comes fast.
    times = []
    for tool, part in (("cmd", "cmd"), ("has", "has"), ("event", "event"), ("rule", "rule-event")):
        open_tool(tool)
        took = []
        for number in range(15):
            browser.run("const e = document.getElementById(arguments[0]); e.value = arguments[1]; e.dispatchEvent(new Event('input'))",
                        part, f'{{"FileName": "a{number}.exe"}}')
            settle(tool)
            took.append(float(browser.run("return document.getElementById('tools').dataset.took")))
        times.append(f"{tool} {statistics.median(took):.0f}")
        assert statistics.median(took) < 50, f"{tool}: {took} ms"

    # Every width and scheme, without scrolling sideways.
    browser.open("about:blank")
    browser.open(SITE)
    settle("cmd")
    for width in (390, 800, 1280):
        browser.resize(width, 900)
        for tool in TOOLS:
            browser.run("document.querySelector(`[data-tool=${arguments[0]}]`).click()", tool)
            settle(tool)
            if tool == "rule":
                browser.run("const s = document.getElementById('rule-examples'); s.selectedIndex = 2; s.dispatchEvent(new Event('change'))")
                wait(COMPARED, "the difference", 60)
            wide = browser.run("return document.documentElement.scrollWidth")
            assert wide <= width, f"{tool} is {wide} px wide at {width} px"
            for scheme in ("light", "dark") if folder else ():
                browser.set_media(scheme)
                browser.screenshot(folder / f"{tool}-{width}-{scheme}.png", whole=True)

    # On a phone, the last column of a table on the site is wide enough for sentences.
    browser.resize(390, 900)
    for page in ("compare.html", "engines/index.html", "spec/90-open-points.html"):
        browser.open(SITE.replace("index.html", page))
        widths = browser.run("return [...document.querySelectorAll('.scroll > table:not(.data, #matrix) td:last-child:not(.number, .date)')].map((cell) => cell.offsetWidth)")
        assert widths and min(widths) >= 200, f"{page}: columns of {min(widths, default=0)} px"
        assert browser.run("return document.documentElement.scrollWidth") <= 390, f"{page} scrolls sideways"

    assert_equal(browser.errors(), [], "errors at the end")

loaded = ["index.html", "style.css", "try.css", "icon.svg", *(f"try/{file.name}" for file in (dist / "try").iterdir())]
size = sum(len(gzip.compress((dist / name).read_bytes(), 9)) for name in loaded)
assert size < MAX_TRANSFER, f"{size} bytes compressed"
print(f"used by keyboard; medians in ms: {', '.join(times)}; {size:,} bytes compressed")
