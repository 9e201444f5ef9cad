"""API keys as the watch page shows and makes them (``consumers.watch.operation.Keys``)."""

from dataclasses import asdict
from datetime import UTC, datetime

from consumers.watch.operation import Made, Row, Said
from mobility import addresses
from mobility.endpoints import Endpoints
from mobility.operation.database import IntakeDatabase
from mobility.settings import Settings
from producers.http.asked import KeyRefused
from producers.http.keys import ApiKey, create_key, list_keys, revoke_key, unknown_unions
from producers.http.scope import FEEDS


def state_of(key: ApiKey, now: datetime) -> str:
    """``open``, ``expired`` or ``revoked``."""
    if key.revoked_at is not None:
        return "revoked"
    return "open" if key.is_open(now) else "expired"


class KeyDesk:
    """``who`` is the page's account; it is written down as ``page:ACCOUNT``."""

    def __init__(self, settings: Settings, at: Endpoints) -> None:
        self._settings, self._at = settings, at
        self._database = IntakeDatabase(at.postgres)

    def feeds(self) -> tuple[str, ...]:
        """What a key may be allowed to send."""
        return FEEDS

    def listed(self) -> list[Row]:
        """All keys, the open ones first, then the newest."""
        now = datetime.now(UTC)
        with self._database.connected() as connection:
            keys = sorted(list_keys(connection), key=lambda key: key.created_at, reverse=True)
        return sorted((_row(key, now) for key in keys), key=lambda row: row["state"] != "open")

    def create(self, asked: Row, *, who: str, expires_at: datetime | None) -> Made | Said:
        """The key with its text, or why there is none."""
        now = datetime.now(UTC)
        with self._database.connected() as connection:
            try:
                key, text = create_key(connection, **asked, expires_at=expires_at, by=f"page:{who}", now=now)
            except KeyRefused as error:
                return error.vi, str(error)
            unknown = unknown_unions(connection, asked["unions"])
        return Made(_row(key, now), text, addresses.intake(self._settings).url, unknown)

    def revoke(self, key_id: str, *, who: str) -> Said | None:
        """From its next request on it opens nothing."""
        with self._database.connected() as connection:
            try:
                revoke_key(connection, key_id, by=f"page:{who}", now=datetime.now(UTC))
            except KeyRefused as error:
                return error.vi, str(error)
        return None


def _row(key: ApiKey, now: datetime) -> Row:
    scope = key.scope
    kept = asdict(key)
    del kept["scope"]
    return {
        **kept,
        "rate": key.per_minute,
        "state": state_of(key, now),
        "feeds": sorted(scope.feeds),
        "everywhere": scope.everywhere,
        "areas": sorted(scope.areas),
        "enterprises": sorted(scope.enterprises),
        "unions": sorted(scope.unions),
    }
