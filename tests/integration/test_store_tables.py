"""The schema ``store``: exactly the expected tables, however often and by how many it is made."""

import threading
from pathlib import Path

import psycopg
import pytest

import consumers.migrations
from consumers.migrations import MigrationError
from consumers.store import offsets, prepare_database, reset
from deploy.local import Endpoints
from tests.integration.store_kit import TABLES, new_database

pytestmark = pytest.mark.services

_COLUMNS = """
    select table_name, string_agg(
        column_name || ' ' || data_type || case is_nullable when 'YES' then '?' else '' end,
        ', ' order by ordinal_position)
    from information_schema.columns where table_schema = 'store' and table_name not like 'stage%' group by table_name
"""
_PLACE = "month_end date, partition integer, offset bigint, day date"
_KEYED = "partition integer, offset bigint, "
_MOVEMENT = (
    "movement_id uuid, version integer, supersedes integer, person uuid, what text, from_unit text, to_unit text, "
    "left_on date?, started_on date?, facts ARRAY, recorded_at timestamp with time zone"
)
_FINDING = (
    "person uuid, fact uuid, what text, unit text, day date, open boolean, cause uuid, partition integer, "
    "offset bigint, recorded_at timestamp with time zone"
)
EXPECTED = {
    "migrations": "name text, sha256 text, applied_at timestamp with time zone",
    "offsets": "topic text, partition integer, next_offset bigint, goal bigint",
    "rejected": "topic text, partition integer, offset bigint, reason text, at timestamp with time zone",
    "clock": "partition integer, day date?, passed date?",
    "unit_status": (
        "unit text, kind text, day date?, version bigint, workers integer, present integer, members integer, "
        "tax_code text, union_code text, name text, ownership text, area_code text, park text, "
        "eligible_agreement text, eligible_party text, upper_union text, unions ARRAY, partial_cover boolean, "
        "agreement boolean, party boolean, baseline text, dissolved_on date?, unclosed integer, successors ARRAY, "
        "recorded_at timestamp with time zone"
    ),
    "alerts": (
        "id uuid, rule text, unit text, tax_code text, name text, episode integer, version integer, state text, "
        "workers integer, opened_on date, confirmed_on date?, resolved_on date?, reason text, snoozed_until date?, "
        "by text, history jsonb, recorded_at timestamp with time zone, "
        "successors ARRAY, inherited jsonb"
    ),
    "effects": _KEYED
    + "person uuid, unit text, day date, workers smallint, present smallint, members smallint, fact text, "
    "correction boolean, recorded_at timestamp with time zone",
    "waiting": _KEYED + "person uuid, unit text, day date, workers smallint, present smallint, members smallint",
    "marks": _KEYED
    + "unit text, sign smallint, about text, day date, key text, branch text, on boolean, detail jsonb, "
    "fact text, recorded_at timestamp with time zone",
    "actions": _KEYED
    + "unit text, alert uuid, action text, by text, until date?, recorded_at timestamp with time zone",
    "movements": _MOVEMENT,
    "movement_versions": _MOVEMENT,
    "receipts": (
        "batch uuid, dossier text, file text, sha256 text, feed text, unit text, accepted integer, unchanged integer, "
        "refused_total integer, signed boolean, ignored_columns ARRAY, recorded_at timestamp with time zone"
    ),
    "receipt_refusals": "batch uuid, place integer, line text, field text, reason text, message text",
    "unit_counts": "unit text, workers integer, present integer, members integer",
    "person_units": "person uuid, unit text, workers smallint, members smallint",
    "persons_in_several": "person uuid",
    "facts": (
        "person uuid, fact uuid, version bigint, offset bigint, recorded_at timestamp with time zone, "
        "partition integer, day date, exact boolean, short boolean, change text, unit text, branch text, form text, "
        "code text, reason text, source text, dossier text, line text, rest jsonb?"
    ),
    "register_facts": (
        "fact uuid, version bigint, offset bigint, recorded_at timestamp with time zone, partition integer, day date, "
        "change text, subject text, units ARRAY, name text, source text, dossier text, line text"
    ),
    "findings": _FINDING,
    "finding_versions": _FINDING,
    "checks": (
        "kind text, partition integer, part integer, parts integer, checked_at timestamp with time zone, "
        "compared bigint, passed_over bigint, seconds real, differences jsonb"
    ),
    "check_rounds": (
        "round bigint, began_at timestamp with time zone, ended_at timestamp with time zone?, slices integer, "
        "differences integer"
    ),
    "today": "day date?",
    "areas": (
        "scheme text, code text, level text, name text, unit_type text, parent text, province text, valid_from date?, "
        "valid_to date?"
    ),
    "area_links": "old text, new text",
    "area_members": "grouping text, ward text",
    "area_files": "name text, sha256 text, loaded_at timestamp with time zone",
    "month_end_places": _PLACE,
    "month_ends": (
        "month_end date, published_on date, enterprises bigint, workers bigint, persons bigint, members bigint, "
        "watched bigint, with_union bigint"
    ),
    "month_end_units": (
        "month_end date, unit text, kind text, tax_code text, union_code text, name text, workers integer, "
        "present integer, members integer, unions ARRAY, ownership text, area_code text, area_since date?"
    ),
    "inheritances": (
        _KEYED + "unit text, sign smallint, alert uuid, sender text, left_on date, recorded_at timestamp with time zone"
    ),
    "edges": "predecessor text?, successor text?, day date?",
    "moves": ", ".join(f"{one.removesuffix('?')}?" for one in _MOVEMENT.split(", ")) + ", along_edge boolean?",
    "totals": "enterprises bigint?, workers bigint?, persons numeric?, members numeric?",
    "cover": "enterprises bigint?, with_union bigint?",
}


def test_migrations_give_exactly_the_expected_tables_and_nothing_the_second_time(endpoints: Endpoints) -> None:
    with new_database(endpoints.postgres) as dsn:
        first = prepare_database(dsn)
        assert first == sorted(first)
        assert len(first) >= 3
        with psycopg.connect(dsn) as line:
            assert dict(line.execute(_COLUMNS).fetchall()) == EXPECTED
        assert prepare_database(dsn) == []
    assert set(TABLES) <= set(EXPECTED)


def test_many_starts_at_once_migrate_once(endpoints: Endpoints) -> None:
    with new_database(endpoints.postgres) as dsn:
        applied: list[str] = []
        failed: list[BaseException] = []
        gate = threading.Barrier(6)

        def begin() -> None:
            gate.wait()
            try:
                applied.extend(prepare_database(dsn))
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=begin) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert len(applied) == len(set(applied)) >= 3


def test_a_changed_migration_is_refused_and_a_failing_one_leaves_nothing(
    endpoints: Endpoints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    monkeypatch.setattr(consumers.migrations, "files", lambda _: tmp_path)

    def migrate(dsn: str) -> list[str]:
        return consumers.migrations.migrate(dsn, schema="trial", package="trial")

    with new_database(endpoints.postgres) as dsn:
        (folder / "0001_one.sql").write_text("create table trial.one ()")
        (folder / "0002_two.sql").write_text("create table trial.two (); select 1 / 0")
        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(dsn)
        with psycopg.connect(dsn) as line:
            assert line.execute("select to_regnamespace('trial')::text").fetchone() == (None,)
        (folder / "0002_two.sql").write_text("create table trial.two ()")
        assert migrate(dsn) == ["0001_one.sql", "0002_two.sql"]
        (folder / "0001_one.sql").write_text("create table trial.uno ()")
        with pytest.raises(MigrationError, match=r"0001_one\.sql"):
            migrate(dsn)


def test_before_the_first_run_there_are_no_offsets(endpoints: Endpoints) -> None:
    with new_database(endpoints.postgres) as dsn:
        assert offsets(dsn) == {}
        prepare_database(dsn)
        assert offsets(dsn) == {}
        reset(dsn)
        assert offsets(dsn) == {}
