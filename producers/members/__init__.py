"""The member record (hồ sơ đoàn viên): seen, corrected, exported, merged and erased, each with who and why.

- ``holding.opened``: a person with key, record, numbers and positions.
- ``finding``: by number, by name and birth, by card; ``viewing.view``: all of it for a person's eyes, logged.
- ``editing``: fields and positions; every change keeps what was before. ``exporting``: the copy for its person.
- ``duplicates.suggestions``: pairs that may be one person; ``merging.merge``: make two ids one, once on the log.
- ``erasing.erase``: mappings, record and key go.

Whoever may read ``vault.key`` may use them: the key file is readable by its owner alone, and nothing opens without it.
"""
