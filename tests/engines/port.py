"""Ports of tests/fixtures/diff/certutil.kql for `rulespec diff`: reads events and writes those that it selects.

Usage: python3 port.py MODE
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time

TERMS = {"urlcache", "verifyctl"}
KEYS = ("ReportId", "TimeGenerated")


def terms(text):
    return {term.lower() for term in re.findall(r"[^\W_]+", text)}


def selects(event):
    return event["FileName"].lower() == "certutil.exe" and bool(TERMS & terms(event["ProcessCommandLine"]))


def selected():
    return [event for event in map(json.loads, sys.stdin) if selects(event)]


def without_keys(event):
    return {"FileName": event["FileName"], "ProcessCommandLine": event["ProcessCommandLine"]}


def write(events):
    for event in events:
        print(json.dumps(event))


def right():
    write(selected())


def no_key():
    write(map(without_keys, selected()))


def no_line_feed():
    sys.stdout.write("\n".join(map(json.dumps, selected())))


def substring():
    """Takes words for substrings."""
    events = map(json.loads, sys.stdin)
    write(
        event
        for event in events
        if event["FileName"].lower() == "certutil.exe"
        and any(term in event["ProcessCommandLine"].lower() for term in TERMS)
    )


def substring_no_key():
    events = map(json.loads, sys.stdin)
    write(
        without_keys(event)
        for event in events
        if event["FileName"].lower() == "certutil.exe"
        and any(term in event["ProcessCommandLine"].lower() for term in TERMS)
    )


def all_no_key():
    write(without_keys(json.loads(line)) for line in sys.stdin)


def most_no_key():
    write(without_keys(event) for event in map(json.loads, sys.stdin) if event["FileName"].lower() != "certutil.exe")


def nothing():
    sys.stdin.read()


def exits():
    sys.exit("port: cannot find my configuration")


def garbage():
    sys.stdin.read()
    print("Traceback (most recent call last): \x1b[31m \u202e")


def long_line():
    sys.stdin.read()
    sys.stdout.write("x" * 100_000_000)


def endless():
    while True:
        sys.stdout.write('{"FileName": "certutil.exe"}\n' * 1000)


def endless_blank():
    while True:
        sys.stdout.write("\n" * 10000)


def endless_stderr():
    while True:
        sys.stderr.write("x" * 10000 + "\n")


def never_ends():
    sys.stdin.read()
    time.sleep(1000)


def closes_stdout_and_sleeps():
    right()
    sys.stdout.flush()
    os.close(1)
    time.sleep(1000)


def never_reads():
    time.sleep(1000)


def never_reads_and_exits():
    pass


def reads_half():
    for number, line in enumerate(sys.stdin):
        if number > 8:
            break
        if selects(json.loads(line)):
            print(line, end="")
    sys.stdout.flush()
    os._exit(0)


def invented():
    write(selected())
    print(json.dumps({"FileName": "certutil.exe", "ProcessCommandLine": "certutil urlcache", "ReportId": 4711}))


def invented_no_key():
    write(map(without_keys, selected()))
    print(json.dumps({"FileName": "invented.exe"}))


def twice():
    for event in selected():
        write([event, event])


def twice_no_key():
    for event in selected():
        write([without_keys(event), without_keys(event)])


def shuffled():
    events = selected()
    random.shuffle(events)
    write(events)


def shuffled_no_key():
    events = selected()
    random.shuffle(events)
    write(map(without_keys, events))


def flaky():
    write(event for event in selected() if random.random() < 0.5)


def flaky_no_key():
    write(without_keys(event) for event in selected() if random.random() < 0.5)


def flaky_exit():
    if random.random() < 0.2:
        sys.exit("flaky")
    right()


def crashes_on_a_kind():
    for event in map(json.loads, sys.stdin):
        if event["ProcessCommandLine"] == "":
            raise ValueError("no command line\x1b[31m")
        if selects(event):
            write([event])


def killed_on_a_kind():
    for event in map(json.loads, sys.stdin):
        if "verifyctl" in event["ProcessCommandLine"]:
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        if selects(event):
            write([event])


def leaves_a_child():
    subprocess.Popen(["sleep", "1000"])
    right()


def leaves_a_session():
    subprocess.Popen(["sleep", "20"], start_new_session=True)
    right()


def escapes():
    for event in selected():
        write([{**event, "FileName": "\x1b[31m\u202e::error::`x`\r\n::notice::y", "\x1b[0m\n|": 1}])


def escapes_in_stderr():
    sys.stdin.read()
    sys.exit("\x1b[31mred\r\n::error::x\u202e `code` <b>")


def wrong_types():
    for event in selected():
        write([{name: [value] for name, value in event.items()}])


def array():
    sys.stdin.read()
    print("[1, 2]")


def deep():
    sys.stdin.read()
    print('{"a":' * 100000 + "1" + "}" * 100000)


def wide():
    sys.stdin.read()
    print(json.dumps({f"column{number}": number for number in range(100000)}))


def not_utf8():
    sys.stdin.read()
    sys.stdout.buffer.write(b'{"FileName": "\xff\xfe"}\n')


def duplicate_names():
    for event in selected():
        print('{"FileName": "a", "FileName": "b", ' + json.dumps(event)[1:])


def bom():
    sys.stdout.write("\ufeff")
    right()


def crlf():
    for event in selected():
        sys.stdout.write(json.dumps(event) + "\r\n")


def long_values():
    for event in selected():
        write([{**event, "FileName": "x" * 1_000_000}])


def many_rows():
    for event in selected():
        write([event] * 3000)


def slow():
    time.sleep(0.3)
    right()


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogatepass")
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")
    globals()[sys.argv[1].replace("-", "_")]()
