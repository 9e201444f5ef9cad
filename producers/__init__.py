"""Facts in: files of every feed become facts on the log, each exactly once, with nothing personal in them.

    from producers.intake import open_intake
    from producers.ingest import ingest

    with open_intake(dsn=..., kafka="127.0.0.1:9092", home=Path(".mobility")) as intake:
        receipts = ingest(intake, [Path("registers"), Path("D02_2026-10.xlsx")], now=datetime.now(UTC))

What the command line and the pages use:

- ``intake.open_intake(*, dsn, kafka, home, vault_key="") -> ContextManager[Intake]``: connects, migrates (schemas
  ``vault`` and ``intake``), finds or makes ``<home>/vault.key``.
- ``ingest.ingest(intake, paths, *, now, today="", unit="", dossier="", replaces="", progress, say, on_receipt) ->
  list[Receipt]``: files, folders, ZIPs; in groups, each one Kafka transaction. ``ingest.ingest_file(path, *, intake,
  now, unit="", dossier="", replaces="", progress)`` is the same for one path; ``ingest.settle_past(intake, *, now)``
  only settles what a killed run left.
- ``quarantine.held_rows(connection, keys, *, who, why, dossier="", limit=1000) -> list[Held]`` and
  ``quarantine.held_counts(connection) -> dict[reason, count]``.
- ``vault.reading.find_person``, ``read_person``, ``read_codes``: personal data, each with ``who`` and ``why``, logged.
- ``errors``: ``ServiceAway`` (``KafkaAway``, ``PostgresAway``: exit code 3), ``TopicMissing``, ``Overtaken``,
  ``KeyMissing``, ``KeyUnfit``; all ``IntakeError``. Rows and files that are refused are on the receipts, not raised.

The way of a row: ``readers`` (text) → ``validate`` (claims) → ``vault`` (person) → ``index`` (new, unchanged, refused,
corrected) → ``staging`` (one PostgreSQL transaction) → ``publish`` (one Kafka transaction) → done. See ``session``.
"""
