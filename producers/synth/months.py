"""Months as whole numbers (year * 12 + month - 1), so that they can be added to and kept in compact arrays."""

from datetime import date, timedelta


def month_of(text: str) -> int:
    """``2026-01`` -> 24312. Raises ValueError with the expected shape for anything else."""
    year, dash, month = text.partition("-")
    digits = len(year) == 4 and len(month) == 2 and text.isascii() and (year + month).isdigit()
    if not dash or not digits or not 1 <= int(month) <= 12:
        raise ValueError(f'"{text}" is not a month: write YYYY-MM, for example 2026-01')
    return int(year) * 12 + int(month) - 1


def iso(month: int) -> str:
    """24312 -> ``2026-01``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def stated(month: int) -> str:
    """24312 -> ``01/2026``, the way a dossier states it."""
    return f"{month % 12 + 1:02d}/{month // 12:04d}"


def day_in(month: int, day: int) -> str:
    """ISO day of the month; ``day`` between 1 and 28."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}-{day:02d}"


def last_day(month: int) -> date:
    """Last day of the month."""
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)


def slashed(day: str) -> str:
    """``2026-01-31`` -> ``31/01/2026``."""
    return f"{day[8:10]}/{day[5:7]}/{day[0:4]}"
