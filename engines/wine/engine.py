"""The Windows API itself: CommandLineToArgvW in Wine, through engine.exe."""
import pathlib
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from protocol import Unsupported, serve  # noqa: E402

wine = subprocess.Popen(["wine", str(HERE / "engine.exe")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL)


def number():
    return struct.unpack("<I", wine.stdout.read(4))[0]


def answer(fn, args):
    line, parser = args
    if parser != "windows":
        raise Unsupported("the API has one way to parse")
    encoded = line.encode("utf-16-le", "surrogatepass")
    wine.stdin.write(struct.pack("<I", len(encoded)) + encoded)
    wine.stdin.flush()
    return [wine.stdout.read(number()).decode("utf-16-le", "replace") for _ in range(number())]


version = subprocess.run(["wine", "--version"], capture_output=True, text=True, check=True).stdout.strip()
serve("Wine CommandLineToArgvW", version, answer, ["parse_command_line"])
