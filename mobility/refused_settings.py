"""Settings that can't be used, as a sentence: the variable, its value, what is allowed instead."""

from typing import Any, get_args

from pydantic import ValidationError

from mobility.settings import Settings


def sentence(error: ValidationError) -> str:
    """``MOBILITY_PAGE_PORT='x': a whole number from 0 to 65535 is allowed``, of each one that is wrong."""
    wrong = (f"MOBILITY_{str(one['loc'][0]).upper()}={one['input']!r}: {_reason(one)}" for one in error.errors())
    return f"A setting can't be used. {'; '.join(wrong)}."


def _reason(one: Any) -> str:
    """A validator of ours has said it itself; of the rest the field knows what it takes."""
    stated = one.get("ctx", {}).get("error")
    return str(stated) if isinstance(stated, ValueError) else f"{_allowed(str(one['loc'][0]))} is allowed"


def _allowed(name: str) -> str:
    field = Settings.model_fields[name]
    if words := [word for word in get_args(field.annotation) if isinstance(word, str)]:
        return " or ".join(words)
    kind = {int: "a whole number", float: "a number"}.get(field.annotation, "a path")  # type: ignore[arg-type]
    least = next((one.ge for one in field.metadata if hasattr(one, "ge")), None)
    most = next((one.le for one in field.metadata if hasattr(one, "le")), None)
    if least is None:
        return kind
    return f"{kind} from {least} to {most}" if most is not None else f"{kind} from {least} on"
