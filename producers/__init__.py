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
- ``quarantine``: ``reading`` (``seen_rows``, ``held_groups``, ``held_months``, ``fates``: nothing personal;
  ``opened_rows``: what rows stated, logged), ``correcting.edit`` and ``discard``, ``resending.resend(intake, *, who,
  now, ids=None, reason="", patient=True) -> Resent``.
- ``dropfolder.watching.Watcher(drop, opened=…, now=…).step()``; ``dropfolder.status.drop_status(drop)``.
- ``templates.writing.write_xlsx(kind, path)``, ``write_csv``; ``templates.columns.TEMPLATES``.
- ``vault.reading.find_person``, ``read_person``, ``read_codes``: personal data, each with ``who`` and ``why``, logged.
- ``errors``: ``ServiceAway`` (``KafkaAway``, ``PostgresAway``: exit code 3), ``TopicMissing``, ``Overtaken``,
  ``KeyMissing``, ``KeyUnfit``; all ``IntakeError``. Rows and files that are refused are on the receipts, not raised.

The way of a row: ``readers`` (text) → ``validate`` (claims) → ``vault`` (person) → ``index`` (new, unchanged, refused,
corrected) → ``staging`` (one PostgreSQL transaction) → ``publish`` (one Kafka transaction) → done. See ``session``.
"""
