"""How large a synthetic city is. Shares and sizes follow the domain notes (one province's size table of 2020)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CitySize:
    """Free parameters of a city; the presets in :data:`SIZES` are the ones that the command line names.

    ``enterprises`` counts the registered, ``active`` those with at least one worker at the start. ``workers`` and
    ``members`` are the targets of the opening day (met within a few percent; churn moves them afterwards).
    ``workbooks``, ``envelopes`` and ``own_csv`` say how many of the largest employers file each month in that format;
    all smaller ones file through a bureau, ``bureau_units`` enterprises in a CSV file. ``wage_share`` of the employers
    adjust all wages in January; ``cover`` scales the share of smaller enterprises that have a union.
    """

    name: str
    enterprises: int
    active: int
    workers: int
    members: int
    months: int
    workbooks: int
    envelopes: int
    own_csv: int
    bureau_units: int
    roster_rows: int
    member_rows: int
    giants: int = 0
    wage_share: float = 0.1
    cover: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be built; the message is for the person who typed the numbers."""
        if self.enterprises < 40 or self.workers < 600:
            raise ValueError(f'city "{self.name}": at least 40 enterprises and 600 workers are needed for its stories')
        if not 28 <= self.active <= self.enterprises:
            raise ValueError(f'city "{self.name}": active must lie between 28 and enterprises ({self.enterprises})')
        if not 2 <= self.months <= 120:
            raise ValueError(f'city "{self.name}": months must lie between 2 and 120')
        if not 0 <= self.members <= self.workers:
            raise ValueError(f'city "{self.name}": members must lie between 0 and workers ({self.workers})')


SIZES: dict[str, CitySize] = {
    size.name: size
    for size in (
        CitySize(
            "tiny",
            enterprises=40,
            active=37,
            workers=640,
            members=330,
            months=2,
            workbooks=2,
            envelopes=3,
            own_csv=2,
            bureau_units=5,
            roster_rows=200,
            member_rows=200,
            wage_share=0.2,
        ),
        CitySize(
            "small",
            enterprises=300,
            active=280,
            workers=8_000,
            members=5_200,
            months=3,
            workbooks=10,
            envelopes=20,
            own_csv=10,
            bureau_units=40,
            roster_rows=2_000,
            member_rows=2_000,
        ),
        CitySize(
            "demo",
            enterprises=2_000,
            active=1_900,
            workers=60_000,
            members=41_000,
            months=3,
            workbooks=60,
            envelopes=90,
            own_csv=40,
            bureau_units=150,
            roster_rows=6_000,
            member_rows=20_000,
        ),
        CitySize(
            "city",
            enterprises=48_000,
            active=30_000,
            workers=900_000,
            members=620_000,
            months=12,
            workbooks=100,
            envelopes=600,
            own_csv=300,
            bureau_units=250,
            roster_rows=50_000,
            member_rows=100_000,
            giants=7,
            wage_share=1.0,
            cover=0.6,
        ),
        CitySize(
            "province",
            enterprises=130_000,
            active=80_000,
            workers=2_400_000,
            members=1_600_000,
            months=12,
            workbooks=150,
            envelopes=1_500,
            own_csv=800,
            bureau_units=400,
            roster_rows=50_000,
            member_rows=100_000,
            giants=14,
            wage_share=1.0,
            cover=0.6,
        ),
    )
}
"""The presets. A city's figures are those of Hải Phòng at the end of 2025 (domain notes); tiny is for tests."""

BANDS: tuple[tuple[float, int, int], ...] = (
    (47.75, 1, 4),
    (19.63, 5, 9),
    (25.29, 10, 49),
    (5.34, 50, 199),
    (0.63, 200, 299),
    (0.42, 300, 499),
    (0.63, 500, 999),
    (0.31, 1_000, 4_999),
)
"""Share in percent, smallest and largest number of workers of a size band."""

GIANT = (10_000, 30_000)
"""Smallest and largest of the few giants that a whole city has."""
