"""Prints what each record of an event log depends on, according to python-evtx.

Each line is a JSON object: the id of the record, and the ranges of bytes that python-evtx reads
to render it: the record itself, and the templates and names in other records that it uses. The
first range is the record.
"""

import json
import sys

from Evtx import BinaryParser
from Evtx.Evtx import ChunkHeader, FileHeader

# How many bytes each method of `Block` reads, or how many for each unit of its length.
LENGTHS = {
    "unpack_byte": 1, "unpack_int8": 1, "unpack_word": 2, "unpack_word_be": 2, "unpack_int16": 2,
    "unpack_dword": 4, "unpack_dword_be": 4, "unpack_int32": 4, "unpack_qword": 8, "unpack_int64": 8,
    "unpack_float": 4, "unpack_double": 8, "unpack_filetime": 8, "unpack_systemtime": 16,
    "unpack_guid": 16,
}  # fmt: skip
UNITS = {"unpack_binary": 1, "unpack_string": 1, "unpack_wstring": 2}
read_bytes = set()


def trace(name, length_of):
    original = getattr(BinaryParser.Block, name)

    def traced(self, offset, *rest):
        start = self._offset + offset
        read_bytes.update(range(start, start + length_of(rest)))
        return original(self, offset, *rest)

    setattr(BinaryParser.Block, name, traced)


for method, size in LENGTHS.items():
    trace(method, lambda rest, size=size: size)
for method, unit in UNITS.items():
    trace(method, lambda rest, unit=unit: unit * (rest[0] if rest else 0))


class Lazy(dict):
    """Reads names or templates only if they are used, without the tables in the header."""

    def __init__(self, read):
        self.read = read

    def __missing__(self, offset):
        return self.read(offset)

    def __bool__(self):
        return True


# python-evtx skips some bytes inside a structure, such as sizes.
MAX_GAP = 64


def ranges(offsets):
    """The sorted ranges that a set of offsets consists of."""
    found = []
    for offset in sorted(offsets):
        if found and offset - found[-1][1] <= MAX_GAP:
            found[-1][1] = offset + 1
        else:
            found.append([offset, offset + 1])
    return found


def main(path):
    with open(path, "rb") as file:
        data = file.read()
    for chunk in FileHeader(data, 0).chunks():
        if not chunk.check_magic():
            continue
        for record in chunk.records():
            fresh = ChunkHeader(data, chunk._offset)
            fresh._strings, fresh._templates = Lazy(fresh.add_string), Lazy(fresh.add_template)
            record._chunk = fresh
            read_bytes.clear()
            record.xml()
            start, end = record.offset(), record.offset() + record.length()
            others = ranges(offset for offset in read_bytes if not start <= offset < end)
            print(json.dumps({"id": record.record_num(), "ranges": [[start, end], *others]}))


main(sys.argv[1])
