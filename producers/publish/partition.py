"""Which partition a key goes to, as the Java client decides it: murmur2 of the key. Other languages must agree."""

from struct import Struct

_MASK = 0xFFFFFFFF
_M = 0x5BD1E995
_WORDS = {size: Struct(f"<{size}I") for size in range(65)}


def murmur2(key: bytes) -> int:
    """MurmurHash2, 32 bits, seed 0x9747b28c. Source: org.apache.kafka.common.utils.Utils.murmur2.

    Whole words are unpacked at once: a third of the time of a loop over bytes.
    """
    length = len(key)
    whole = length >> 2
    h = 0x9747B28C ^ length
    words = _WORDS[whole] if whole < 65 else Struct(f"<{whole}I")
    for k in words.unpack_from(key):
        k = k * _M & _MASK  # noqa: PLW2901
        k ^= k >> 24  # noqa: PLW2901
        h = (h * _M & _MASK) ^ (k * _M & _MASK)
    rest = key[whole * 4 :]
    if rest:
        h = (h ^ int.from_bytes(rest, "little")) * _M & _MASK
    h ^= h >> 13
    h = h * _M & _MASK
    return h ^ (h >> 15)


def partition_of(key: bytes, partitions: int) -> int:
    """0 … partitions-1."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
