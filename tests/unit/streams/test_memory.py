"""What a worker has freed it uses again, instead of asking the system for new pages."""

import platform
import subprocess
import sys

import pytest

CHUNKS = """
import resource, sys
from streams.engine.memory import keep_freed_memory
if sys.argv[1] == "kept":
    keep_freed_memory()
def pages():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def chunk():
    batches = [bytes([1]) * 1_000_000 for _ in range(20)]
    small = [bytes(600) for _ in range(20_000)]
chunk()
before = pages()
for _ in range(20):
    chunk()
print(pages() - before)
"""


def new_pages(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", CHUNKS, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_chunk_after_chunk_takes_no_new_pages() -> None:
    kept, given_back = new_pages("kept"), new_pages("given back")
    assert kept < 2_000 < given_back, f"{kept} new pages in 20 chunks, {given_back} if memory is given back"
