"""What staging works with, for a whole run."""

from dataclasses import dataclass, field
from datetime import datetime

from producers.background import BackgroundConnection
from producers.index.dossiers import Dossiers
from producers.index.merges import Merges
from producers.index.rosters import CompleteRosters
from producers.publish.spool import Spool
from producers.units.directory import UnitDirectory
from producers.vault.keys import VaultKeys
from producers.vault.sealprocess import Sealer


@dataclass(slots=True)
class Desk:
    """``now``: recorded time of everything in the run. ``today`` (``YYYY-MM-DD``): what dates are held against.

    ``named``: receipts are handed back to somebody who may know of every unit (the command line).
    """

    connection: BackgroundConnection
    keys: VaultKeys
    directory: UnitDirectory
    dossiers: Dossiers
    rosters: CompleteRosters
    spool: Spool
    now: datetime
    today: str
    named: bool = False
    sealer: Sealer = field(default_factory=Sealer)
    merges: Merges = field(init=False)

    def __post_init__(self) -> None:
        self.merges = Merges(self.connection)

    def forget(self) -> None:
        """A file was rolled back: what is at hand may be of it."""
        self.directory.forget()
        self.dossiers.forget()
        self.rosters.forget()
