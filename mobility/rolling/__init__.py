"""The rolling check: a slice at a time, for ever, live state = facts = PostgreSQL, at equal offsets.

| kind | what is compared |
|---|---|
| ``log`` | each statement on ``mobility.events`` stands in the store, saying the same |
| ``people`` | a person's statements in the store, sent through the step again, give the state in the changelog, and the counts and findings in the store |
| ``movements`` | each reading on ``mobility.movements`` stands in the store, saying the same; by ``people``: the last ones are those that follow from the facts |
| ``registry`` | a register's statements on the log, sent through the step again, give the state in the changelog |
| ``units`` | a unit's state in the changelog = its live state in the store = the kept sums = the sum of its effects; its alert in the changelog = the alert in the store |
| ``alerts`` | the last state of each alert on the log = the alert in the store, and there is no other |

Together they close the ring from the log to what is shown. Nothing waits for the pipeline: each look takes the position
that stands in the changelog and the offsets that stand in the store, and passes over the keys that lie between them.
"""  # noqa: E501 - a table
