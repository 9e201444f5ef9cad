"""How ids are derived. Keys and ids can never change once events exist, so each derivation stands here alone."""

import hashlib


def digest(*parts: str) -> str:
    """32 hex digits (128 bits) of SHA-256 over the parts, separated so that no two lists of parts collide."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def enterprise_id(first_tax_code: str) -> str:
    """Unit id of a legal entity, from the first tax code it was seen under: ``e0200123456``; branches share it."""
    return "e" + first_tax_code[:10]


def union_id(union_code: str) -> str:
    """Unit id of a union: ``u`` and its code."""
    return "u" + union_code


def agreement_id(agreement_code: str) -> str:
    """Subject id of a collective agreement."""
    return "a" + agreement_code


def party_id(organisation_code: str) -> str:
    """Subject id of a Party organisation."""
    return "p" + organisation_code


def line_fact_id(source: str, unit: str, dossier: str, form: str, line: str) -> str:
    """Identity of a declared D02 line (meaning, rule 8). Content and person are not part of it."""
    return digest("line", source, unit, dossier, form, line)


def register_fact_id(register: str, key: str, person: str, change: str, on: str) -> str:
    """Identity of a register or roster row (rule 8): ``on`` is its ``effective_on`` or ``as_of``."""
    return digest("row", register, key, person, change, on)


def swap_id(fact: str, version: int) -> str:
    """Identity of a correction that withdraws and states facts at one enterprise: of the first that it withdraws."""
    return digest("swap", fact, str(version))


def movement_id(person: str, unit: str, day: str) -> str:
    """Identity of a resolved movement (rule 6): of its leave, or of a start that has none."""
    return digest("movement", person, unit, day)


def alert_id(rule: str, unit: str, episode: int) -> str:
    """Identity of an alert (rule 13); episodes of one unit count from 1."""
    return digest("alert", rule, unit, str(episode))
