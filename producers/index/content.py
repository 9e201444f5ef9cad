"""Keyed hash of what a claim says: equal hashes, equal content. Without the key it tells nothing about a person."""

import hashlib

from producers.validate.claims import Claim, PersonClaim


def content_of(claim: Claim, key: str, secret: bytes) -> bytes:
    """16 bytes over the person or subject and every field that the log or the vault would keep of the claim."""
    if isinstance(claim, PersonClaim):
        said: tuple[str, ...] = (
            key,
            claim.change,
            claim.unit,
            claim.branch,
            claim.day,
            claim.precision,
            claim.form,
            claim.code or claim.secret_code,
            claim.reason,
        )
    else:
        places = ";".join(f"{place.unit}/{place.branch}" for place in claim.places)
        said = (
            key,
            claim.change,
            claim.day,
            claim.name,
            claim.tax_code,
            claim.unit_code,
            claim.union_code,
            claim.ownership,
            claim.area_code,
            claim.park,
            claim.eligible_agreement,
            claim.eligible_party,
            claim.upper_union,
            places,
            claim.ends_on,
            "complete" if claim.complete else "",
        )
    return hashlib.blake2b("\x1f".join(said).encode(), digest_size=16, key=secret).digest()
