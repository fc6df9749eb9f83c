"""Decodes a Parquet file in a process of its own: `python -m bottega.sources.parquet_process FILE`.

A damaged file can end the library that decodes it with the whole process (a length that claims more memory than there
is aborts it), and nothing within a process catches that. So the file's bytes meet the library here alone. Standard
output carries parts: a letter, the length in eight bytes, that many bytes.

    N   the names of its columns, JSON; once, first
    F   some thousand rows as an Arrow stream (IPC), moments as texts: a damaged one may be none that Python has
    E   nothing more comes
    X   what is wrong, in a line; nothing more comes
"""

from __future__ import annotations

import io
import json
import struct
import sys
from typing import BinaryIO

__all__ = ["HEAD", "main"]

HEAD = struct.Struct(">cQ")
_CHUNK = 10_000


def main() -> None:
    """Send the file that the command line names."""
    import polars as pl

    out = sys.stdout.buffer
    try:
        lazy = pl.scan_parquet(sys.argv[1])
        _send(out, b"N", json.dumps(lazy.collect_schema().names()).encode())
        for frame in lazy.collect_batches(chunk_size=_CHUNK):
            rows = io.BytesIO()
            frame.with_columns(pl.selectors.temporal().cast(pl.String, strict=False)).write_ipc_stream(rows)
            _send(out, b"F", rows.getvalue())
    except (pl.exceptions.PolarsError, OSError, OverflowError) as error:
        _send(out, b"X", (str(error).strip() or type(error).__name__).splitlines()[0].encode())
    else:
        _send(out, b"E", b"")


def _send(out: BinaryIO, kind: bytes, content: bytes) -> None:
    out.write(HEAD.pack(kind, len(content)) + content)
    out.flush()


if __name__ == "__main__":
    main()
