"""The Windows function CommandLineToArgvW in Wine, called by commandline.exe."""
import pathlib
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from protocol import Unsupported, serve  # noqa: E402

# For an empty line the API returns the path of the program. This path is the same on
# every machine.
wine = subprocess.Popen(["wine", r"C:\commandline.exe"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL)


def read_number():
    return struct.unpack("<I", wine.stdout.read(4))[0]


def parse_command_line(line, parser):
    if parser != "windows":
        raise Unsupported("the API has one way to parse")
    encoded = line.encode("utf-16-le", "surrogatepass")
    wine.stdin.write(struct.pack("<I", len(encoded)) + encoded)
    wine.stdin.flush()
    return [wine.stdout.read(read_number()).decode("utf-16-le", "replace") for _ in range(read_number())]


version = subprocess.run(["wine", "--version"], capture_output=True, text=True, check=True).stdout
serve("Wine", version.strip().removeprefix("wine-"), parse_command_line, "parse_command_line")
