"""Authenticated encryption of small records: AES-256-GCM, nonce first. What a seal is *about* is bound to it."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from producers.errors import KeyUnfit

NONCE = 12


def seal(key: bytes, plain: bytes, about: bytes) -> bytes:
    """12 bytes of nonce, cipher text, 16 bytes of tag. ``about`` (such as the person id) must be named to open it."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, about)


def unseal(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """The plain bytes. ``KeyUnfit`` when the key is another one or the bytes were changed or moved."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], about)
    except InvalidTag:
        raise KeyUnfit(
            "A sealed record of the vault does not open with this key: it was changed, moved to another row, or sealed"
            " by another key. Restore the vault from its backup together with the key file of that day."
        ) from None
