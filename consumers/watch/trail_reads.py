"""The log of looks at one person's trail."""

from uuid import UUID

from consumers.watch.database import Pool


def write_down(pool: Pool, account: str, person: UUID) -> None:
    """That the account looked now. Raises psycopg.Error: then nothing is shown either."""
    with pool.connection() as conn:
        conn.execute("insert into watch.trail_reads (account, person) values (%s, %s)", [account, person])
