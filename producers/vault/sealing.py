"""Authenticated encryption of small records: AES-256-GCM, nonce first. What a seal is *about* is bound to it."""

from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from producers.errors import KeyUnfit
from producers.vault.randomness import random_bytes

NONCE = 12


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    """Setting up a key takes longer than sealing a record, and a person's key seals several."""
    return AESGCM(key)


def seal(key: bytes, plain: bytes, about: bytes) -> bytes:
    """12 bytes of nonce, cipher text, 16 bytes of tag. ``about`` (such as the person id) must be named to open it."""
    nonce = random_bytes(NONCE)
    return nonce + _cipher(key).encrypt(nonce, plain, about)


def unseal(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """The plain bytes. ``KeyUnfit`` when the key is another one or the bytes were changed or moved.

    A ``MasterKey`` that is being changed opens what is under the one before, too.
    """
    for candidate in (key, getattr(key, "former", b"")):
        if candidate:
            try:
                return AESGCM(candidate).decrypt(sealed[:NONCE], sealed[NONCE:], about)
            except InvalidTag:
                continue
    raise KeyUnfit(
        "A sealed record of the vault does not open with this key: it was changed, moved to another row, or sealed"
        " by another key. Restore the vault from its backup together with the key file of that day."
    )
