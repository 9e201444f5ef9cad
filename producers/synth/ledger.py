"""What the intake must answer to each file, and where each trap lies."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A row that must not get in. ``reason`` is a class of reasons: see ``lines.FAULTS``."""

    line: str
    field: str
    reason: str


@dataclass(slots=True)
class FileCount:
    """Rows of one file (all its dossiers together): taken in, known already, refused. ``rows`` is their sum."""

    path: str
    accepted: int = 0
    unchanged: int = 0
    refused: list[RefusedLine] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows that the file holds."""
        return self.accepted + self.unchanged + len(self.refused)


@dataclass(slots=True)
class Trap:
    """How often something unusual was written, and where it was first: file, line and tax code (empty: the file)."""

    count: int = 0
    file: str = ""
    line: str = ""
    tax_code: str = ""


class Ledger:
    """Collects both while files are written."""

    def __init__(self) -> None:
        """Nothing written yet."""
        self.files: list[FileCount] = []
        self.traps: dict[str, Trap] = {}

    def open(self, path: str) -> FileCount:
        """A new file, by its path relative to the city's folder (POSIX)."""
        count = FileCount(path)
        self.files.append(count)
        return count

    def trap(self, name: str, *, file: str = "", line: str = "", tax_code: str = "") -> None:
        """Note one more of the kind."""
        trap = self.traps.setdefault(name, Trap(0, file, line, tax_code))
        trap.count += 1
