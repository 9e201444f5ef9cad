"""Build a whole city in a folder: registers, rosters, dossiers, and the expected answer beside them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from producers.synth import enterprise_register, months, rosters, union_register
from producers.synth.churn import Churn
from producers.synth.city import City
from producers.synth.desk import Desk
from producers.synth.expected import Expected, tally
from producers.synth.founding import Founder
from producers.synth.ledger import Ledger
from producers.synth.member_register import MemberRegister
from producers.synth.membership import Membership
from producers.synth.news import month_of_news
from producers.synth.sizes import SIZES, CitySize
from producers.synth.stories import STORIES, Stage, Story

EXPECTED = "expected.json"
CLOCK_AFTER = timedelta(days=35)
"""The expected day lies so long after the last month's end: its month-end, evaluated 30 days later, is settled."""

Progress = Callable[[str, int, int], None]
"""Called with what is being written, the steps done and the steps in all."""

EARLIEST, LATEST = "2000-01", "2099-12"
"""First months: the clock begins in 2000 at the earliest, and a city needs its workers' years of birth before it."""

_RANKS = {"enterprises": 0, "unions": 1, "members": 2}


def generate(
    out: Path, *, size: str | CitySize, seed: int = 1, start_month: str = "2026-01", progress: Progress | None = None
) -> Expected:
    """Write the city of that size and seed into ``out``, whose first month of movements is ``start_month``.

    The same arguments give the same bytes. Movements are written month by month, so memory holds the city's state and
    no more. Raises ValueError for an unknown size or month, FileExistsError if the folder holds something already.
    """
    plan = _size(size)
    city = City(seed, _first(start_month), plan.months)
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(
            f'folder "{out}" is not empty: name a new one, or empty it, so that no old file is mixed in'
        )
    steps = plan.months + 4
    tell = progress or (lambda _what, _done, _all: None)
    for folder in ("registers", "rosters", "dossiers"):
        (out / folder).mkdir(parents=True, exist_ok=True)

    tell("enterprises and workers", 0, steps)
    ledger = Ledger()
    stage, stories = _found(out, city, plan, ledger)
    tell("registers", 1, steps)
    enterprise_register.write_opening(out, city, ledger)
    union_register.write_opening(out, city, ledger)
    stage.membership.opening()
    tell("opening rosters", 2, steps)
    rosters.write_opening(out, city, ledger, plan.roster_rows)

    churn = Churn(city, stage.desk, stage.membership, ledger, plan.wage_share)
    for act in range(plan.months):
        month = city.first + act
        tell(f"dossiers of {months.iso(month)}", 3 + act, steps)
        stage.desk.open_month(month)
        stage.membership.open_month(month)
        month_of_news(stage, month)
        for story in stories:
            story.play(stage, act, month)
        churn.month(month)
    stage.desk.close()
    stage.membership.register.close()
    stage.enterprises.write(out, ledger)
    stage.unions.write(out, ledger)

    tell("expected answer", steps - 1, steps)
    expected = _expected(city, plan, ledger, start_month)
    expected.write(out / EXPECTED)
    tell("expected answer", steps, steps)
    return expected


def files(folder: Path) -> list[Path]:
    """The generated files in the order of intake: registers (enterprises, unions, members), rosters, dossiers by month.

    Any order gives the same counts once all are in; this one lets every row find its unit.
    """
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != EXPECTED]
    return sorted(found, key=lambda path: _place(path.relative_to(folder)))


def _place(path: Path) -> tuple[int, int, str]:
    stage = ("registers", "rosters", "dossiers").index(path.parts[0]) if len(path.parts) > 1 else 3
    rank = next((rank for name, rank in _RANKS.items() if path.name.startswith(name)), 3) if stage == 0 else 0
    return stage, rank, path.as_posix()


def _size(size: str | CitySize) -> CitySize:
    if isinstance(size, CitySize):
        return size
    if size not in SIZES:
        raise ValueError(f'size "{size}" is not known: choose one of {", ".join(SIZES)}')
    return SIZES[size]


def _first(start_month: str) -> int:
    """The month as a number. ValueError for years in which nobody in a city could be born, insured and counted."""
    first = months.month_of(start_month)
    if not months.month_of(EARLIEST) <= first <= months.month_of(LATEST):
        raise ValueError(f'month "{start_month}" is out of range: choose one from {EARLIEST} to {LATEST}')
    return first


def _found(out: Path, city: City, plan: CitySize, ledger: Ledger) -> tuple[Stage, list[Story]]:
    register = MemberRegister(out, city, ledger, plan.member_rows)
    stage = Stage(
        out=out,
        city=city,
        founder=Founder(city),
        desk=Desk(out, city, ledger, plan.bureau_units),
        membership=Membership(city, register, ledger),
        enterprises=enterprise_register.LaterEnterprises(),
        unions=union_register.LaterUnions(),
        ledger=ledger,
    )
    stories = [story() for story in STORIES]
    for story in stories:
        story.found(stage)
    scripted = city.enterprises
    cast, busy = len(scripted), sum(1 for enterprise in scripted if enterprise.crew)
    workers = sum(len(enterprise.crew) for enterprise in scripted)
    members = sum(1 for union in city.home if union >= 0)
    active = max(1, min(plan.enterprises - cast, plan.active - busy))
    stage.founder.many(plan, plan.enterprises - cast, active, plan.workers - workers)
    stage.founder.unionise(max(0, plan.members - members), cast, plan.cover)
    return stage, stories


def _expected(city: City, plan: CitySize, ledger: Ledger, start_month: str) -> Expected:
    counted = tally(city)
    return Expected(
        size=plan.name,
        seed=city.seed,
        start_month=start_month,
        months=city.months,
        day=(months.last_day(city.last) + CLOCK_AFTER).isoformat(),
        totals=counted.totals,
        enterprises=counted.enterprises,
        unions=counted.unions,
        open_alerts=counted.open_alerts,
        alerts_possible=counted.alerts_possible,
        files=sorted(ledger.files, key=lambda count: _place(Path(count.path))),
        traps=ledger.traps,
    )
