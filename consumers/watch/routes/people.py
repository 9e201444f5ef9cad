"""Who stands behind a count, and one person's trail: by the vault's ids, line by line. For clerks alone.

No name and no number is in this schema; but a line leads to a person for whoever holds the dossier. So a look at one
person is written down.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import Response

from consumers.store import explain, queries, trail
from consumers.watch import reading
from consumers.watch.database import one_moment
from consumers.watch.ended import elsewhere, ended_units
from consumers.watch.paging import SIZE
from consumers.watch.render import page
from consumers.watch.roles import clerk_only
from consumers.watch.routes.findings import told
from consumers.watch.state import shared

router = APIRouter(dependencies=[Depends(clerk_only)])


@router.get("/enterprise/{tax_code}/people")
def people(
    request: Request,
    tax_code: Annotated[str, Path(max_length=40)],
    valid_at: date | None = None,
    after: UUID | None = None,
) -> Response:
    """A page of those who count on the clock's day, or on ``valid_at``; ``after`` an id, the next ones."""
    with one_moment(shared(request).pool) as conn:
        status = reading.enterprise(conn, tax_code.replace("\x00", ""))
        if status is None:
            return page(request, "wrong", status=404, said="people.unknown")
        day = valid_at or queries.clock_day(conn)
        asked = explain.Asked(status["unit"], day or date.min)
        counted = explain.counted(conn, asked, limit=SIZE, after=after)
        registers = explain.register_facts(conn, asked) if after is None else []
        ended = explain.ended_on(conn, asked)
        gone: dict[str, Any] = {}
        if ended:
            gone = {
                "names": reading.names(conn, units=status["successors"], unions=[]),
                "elsewhere": elsewhere(conn, asked.unit, asked.valid_at, [one["person"] for one in counted.persons]),
            }
    return page(
        request,
        "people",
        live=False,
        it=status,
        on=day,
        ended=ended,
        names=gone.get("names", {}),
        elsewhere=gone.get("elsewhere", {}),
        unclosed=counted.sums["workers"] if ended else 0,
        sums=dict.fromkeys(counted.sums, 0) if ended else counted.sums,
        people=counted.persons,
        following=counted.last.hex if counted.last else "",
        registers=registers,
        begun=after is not None,
    )


@router.get("/person/{person}")
def person(request: Request, person: UUID) -> Response:
    """Spells, membership, movements, findings and every fact of one person."""
    known = shared(request)
    if known.look is None:
        raise HTTPException(404)
    with one_moment(known.pool) as conn:
        found = trail.trail(conn, person)
        ended = ended_units(conn, [one["unit"] for one in found["spells"] + found["memberships"]])
        successors = sorted({unit for one in ended.values() for unit in one["successors"]})
        names = reading.names(conn, units=successors, unions=[])
    if not found["facts"]:
        return page(request, "wrong", status=404, said="people.nobody")
    known.look(request.state.session.account, person)
    codes = [finding["what"] for finding in found["findings"]]
    return page(request, "person", live=False, it=found, ended=ended, names=names, told=told(request, codes))
