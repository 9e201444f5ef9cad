"""One dossier of one file, while it is being taken in; in the end, its receipt."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from producers.readers import Reading
from schemas.states import Receipt, Refused

RECEIPT_ROWS = 1_000
NOTES = 50
RECEIPT_BYTES = 500_000  # a receipt is one Kafka record; brokers take 1 MiB


@dataclass(slots=True)
class Filing:
    """Counts of rows, and the refused ones as far as they fit the receipt. ``events``: facts to publish.

    ``file``: as the log may call it (``producers.readers.harmless.public_name``); ``sent_as``: its real name.
    ``kept``: lines of a file sent again whose newer version stands. ``withdrawn``: lines that it does not restate under
    ``--replaces``. ``other_persons``: lines that corrected one to speak of somebody else. ``spoken_of``: ids of
    enterprises and unions that accepted rows speak of, to ask whether a register names them.
    """

    dossier: str
    feed: str
    file: str
    sha256: str
    sent_as: str = ""
    repeat: bool = False
    batch: str = field(default_factory=lambda: secrets.token_hex(16))
    units: set[str] = field(default_factory=set)
    accepted: int = 0
    unchanged: int = 0
    events: int = 0
    refused_total: int = 0
    refused: list[Refused] = field(default_factory=list)
    signed: bool = False
    ignored_columns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    two_units: list[str] = field(default_factory=list)
    """Lines whose tax code and unit code lead to two enterprises."""
    withdrawn: list[str] = field(default_factory=list)
    other_persons: list[str] = field(default_factory=list)
    spoken_of: set[str] = field(default_factory=set)
    _bytes: int = 0

    def notice(self, reading: Reading) -> None:
        """Keep what the reading says of the file itself."""
        self.signed = self.signed or reading.signed
        self.ignored_columns += [c for c in reading.ignored_columns if c not in self.ignored_columns]
        self.remark(reading.notes)

    def remark(self, notes: Iterable[str]) -> None:
        """Keep remarks for the receipt, each once, the first 50."""
        self.notes += [said for said in dict.fromkeys(notes) if said not in self.notes][: NOTES - len(self.notes)]

    def refuse(self, line: str, column: str, reason: str, message: str) -> None:
        """Count a refused row; the receipt has the first 1,000 of them, or half a megabyte."""
        self.refused_total += 1
        self._bytes += len(message.encode()) + 100
        if len(self.refused) < RECEIPT_ROWS and self._bytes <= RECEIPT_BYTES:
            self.refused.append(Refused(line=line, field=column, reason=reason, message=message))

    @property
    def is_news(self) -> bool:
        """There is something to publish: facts, or refusals of a file that was not taken in before.

        A file sent again of which all is unchanged publishes nothing, not even a receipt: the log tells what was
        published for a dossier, and that was nothing. Whoever sent it gets the receipt all the same.
        """
        return self.events > 0 or (self.refused_total > 0 and not self.repeat)

    def receipt_for_sender(self) -> Receipt:
        """The receipt for whoever has the file: under its real name, which is never published."""
        receipt = self.receipt()
        if not self.sent_as or self.sent_as == self.file:
            return receipt
        told = [
            one.model_copy(update={"message": self.sent_as + one.message.removeprefix(self.file)})
            if one.message.startswith(self.file)
            else one
            for one in receipt.refused
        ]
        return receipt.model_copy(update={"file": self.sent_as, "refused": told})

    def receipt(self) -> Receipt:
        """For the log. ``unit`` is named when the dossier speaks of one unit only."""
        return Receipt(
            dossier=self.dossier,
            batch=self.batch,
            file=self.file,
            sha256=self.sha256,
            feed=self.feed,
            unit=next(iter(self.units)) if len(self.units) == 1 else "",
            accepted=self.accepted,
            unchanged=self.unchanged,
            refused=self.refused,
            refused_total=self.refused_total,
            signed=self.signed,
            ignored_columns=self.ignored_columns,
            notes=self.notes,
            fixed=self.fixed[:RECEIPT_ROWS],
        )
