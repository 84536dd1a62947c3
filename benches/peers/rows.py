"""The rows of benches/data/table.rs."""

ROWS = 1_000_000
MATCH_INTERVAL = 1_000
NAMES = ["svchost.exe", "conhost.exe", "cmd.exe", "powershell.exe", "chrome.exe", "msedge.exe", "taskhostw.exe",
         "RuntimeBroker.exe", "backgroundTaskHost.exe", "git.exe", "SearchProtocolHost.exe"]


def numbers(seed):
    """SplitMix64, as in rulespec_check::bench::data."""
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) % 2**64
        mixed = (seed ^ seed >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % 2**64
        yield mixed ^ mixed >> 31


def rows():
    sequence = numbers(0x5EED)
    for number in range(ROWS):
        if number % MATCH_INTERVAL == 0:
            yield "bitsadmin.exe", rf"bitsadmin /transfer job{number} http://files.example/{number} C:\Users\Public\a.bin"
            continue
        name = "bitsadmin.exe" if next(sequence) % 1000 == 0 else NAMES[next(sequence) % len(NAMES)]
        padding = "x" * (next(sequence) % 140)
        yield name, rf'"C:\Windows\System32\{name}" -k netsvcs -p -s Schedule {number} {padding}'
