"""What a row means against the index: new, unchanged, refused, or a correction (meaning, rules 8 and 9). Pure."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from producers.index.entry import WITHDRAWN, Entry
from producers.index.ledger import Ledger
from producers.index.swaps import Swap, mark_swaps
from producers.validate.claims import Citation, Claim, PersonClaim, RegistryClaim, RowFault


@dataclass(slots=True)
class Offer:
    """A claim with its identity, the record key that it goes under, and the hash of what it says."""

    claim: Claim
    fact: str
    key: str
    content: bytes


@dataclass(slots=True)
class Spoken:
    """One version of one fact that is to be published. ``claim`` is None when it withdraws what ``entry`` was.

    ``swap``: it is one of several that are one cause.
    """

    kind: Literal["stated", "replaced", "cancelled"]
    fact: str
    version: int
    key: str
    claim: Claim | None
    entry: Entry
    swap: Swap | None = None


@dataclass(slots=True)
class Origin:
    """The row that speaks: its batch, dossier and line. ``dossier`` is that of its identity (see ``--replaces``)."""

    batch: str
    dossier: str
    line: str


def decide(
    offers: Sequence[Offer],
    origin: Origin,
    ledger: Ledger,
    *,
    replaces: Collection[str] = (),
    repeat: bool = False,
    twice: Callable[[Entry], RowFault | None] = lambda _: None,
    derived: bool = False,
) -> list[Spoken]:
    """What a row without citation says that is new; empty: unchanged. All its claims, or ``RowFault`` ``conflict``.

    ``replaces``: a fact of these dossiers may be restated. ``repeat``: the same bytes were taken in before, so what has
    been corrected since is known: not in conflict, nor to be restated. ``twice``: the refusal, where another row of the
    file says something else of the same. ``derived``: its dossier has no number of its own, so another may share it.
    """
    new: list[Offer] = []
    for offer in offers:
        entry = ledger.get(offer.fact)
        if entry is None:
            new.append(offer)
        elif entry.says(offer.content) or (repeat and entry.said_before(offer.content)):
            continue
        elif fault := twice(entry):
            raise fault
        elif entry.dossier in replaces:
            new.append(offer)
        else:
            raise _conflict(entry, offers, ledger, derived=derived)
    spoken = [said for offer in new for said in state(offer, ledger.get(offer.fact), origin, ledger)]
    mark_swaps(spoken)
    return spoken


_ANOTHER = (
    " Nhưng nếu đây là hồ sơ khác của cùng ngày (hồ sơ bổ sung), đừng đính chính: phong bì không ghi số hồ sơ nên hai"
    " hồ sơ bị trùng số. Hãy sửa dòng bị từ chối này: điền số hồ sơ riêng (dossier_no), rồi gửi lại dòng.",
    " But if this is another dossier of the same day (a supplement), do not correct: the envelope states no number, so"
    " both have the same. Edit this refused row: give it a dossier_no of its own, and send the row again.",
)


def _conflict(entry: Entry, offers: Sequence[Offer], ledger: Ledger, *, derived: bool = False) -> RowFault:
    known = [found for found in (ledger.get(offer.fact) for offer in offers) if found]
    cites = f"{entry.dossier}:{entry.line}@{max(found.version for found in known)}"
    if entry.live:
        vi, en = _ANOTHER if derived else ("", "")
        return RowFault(
            "line",
            "conflict",
            f"dòng này đã được nhận với nội dung khác. Để đính chính, gửi lại với action=replace và cites={cites}.{vi}",
            f"this line was taken in before with other content. To correct it, send action=replace and cites={cites}."
            f"{en}",
        )
    return RowFault(
        "line",
        "conflict",
        f"dòng này đã bị hủy. Nếu muốn khai lại, gửi với action=replace và cites={cites}.",
        f"this line was withdrawn. To state it again, send it with action=replace and cites={cites}.",
    )


def correct(
    offers: Sequence[Offer],
    citation: Citation,
    cited: Sequence[Entry],
    origin: Origin,
    ledger: Ledger,
    *,
    repeat: bool = False,
    twice: Callable[[int], RowFault | None] = lambda _: None,
) -> list[Spoken]:
    """Restate the cited row as the offers say it, or withdraw it when there are none; empty: it is so already.

    What was so once and was corrected since is nothing new when the same bytes come again (``repeat``); said by another
    file it needs the version that it corrects, since an old copy looks just like a change of mind.

    ``twice``: the refusal, where another row of the file has corrected the cited one, which has this version by now.

    ``RowFault`` ``unknown-citation`` or ``stale-citation``; the latter names the version that should have been cited.
    """
    if not cited:
        raise RowFault(
            "cites",
            "unknown-citation",
            "không có dòng nào như cites nêu trong đơn vị này. Kiểm tra số hồ sơ và số dòng rồi gửi lại.",
            "nothing was taken in under this citation for this unit. Check dossier and line, and send the row again.",
        )
    version = max(entry.version for entry in cited)
    pairs, dropped = _pair(offers, cited, ledger)
    changed = [(offer, entry) for offer, entry in pairs if entry is None or not entry.says(offer.content)]
    dropped = [entry for entry in dropped if entry.live]
    if not changed and not dropped:
        return []
    if citation.version != version:
        before = [entry is not None and entry.said_before(offer.content) for offer, entry in changed]
        before += [entry.said_before(WITHDRAWN) for entry in dropped]
        if repeat and all(before):
            return []
        if fault := twice(version):
            raise fault
        if citation.version or any(before):
            raise _stale(citation, version)
    for offer, entry in changed:
        if entry and entry.live and entry not in cited:
            raise _conflict(entry, [offer], ledger)
    spoken = [said for entry in dropped for said in take_back(entry, version + 1, origin, ledger)]
    for offer, entry in changed:
        spoken += state(offer, entry, origin, ledger, after=version)
    mark_swaps(spoken)
    return spoken


def _stale(citation: Citation, version: int) -> RowFault:
    latest = f"{citation.dossier}:{citation.line}@{version}"
    if citation.version:
        return RowFault(
            "cites",
            "stale-citation",
            f"phiên bản {citation.version} không còn là bản mới nhất; hãy dẫn {latest} rồi gửi lại dòng này.",
            f"version {citation.version} is not the latest; cite {latest} and send the row again.",
        )
    return RowFault(
        "cites",
        "stale-citation",
        f"dòng này từng được khai như vậy và đã được đính chính sau đó. Nếu vẫn muốn khai như vậy, hãy dẫn {latest}.",
        f"this was stated of the line before and corrected since. If it is meant again, cite {latest}.",
    )


def _pair(
    offers: Sequence[Offer], cited: Sequence[Entry], ledger: Ledger
) -> tuple[list[tuple[Offer, Entry | None]], list[Entry]]:
    """Each offer with the fact that it restates, and the cited facts that are left over, to be withdrawn.

    A declared line keeps its identity whatever it says now. A register row's identity is what it speaks of (rule 8): if
    that changes, the cited fact is withdrawn and the row stands under its own.
    """
    left = list(cited)
    pairs: list[tuple[Offer, Entry | None]] = []
    for offer in offers:
        declared = isinstance(offer.claim, PersonClaim) and not offer.claim.register
        found = next((entry for entry in left if declared or entry.fact == offer.fact), None)
        if found:
            left.remove(found)
        pairs.append((offer, found or ledger.get(offer.fact)))
    return pairs, left


def state(offer: Offer, entry: Entry | None, origin: Origin, ledger: Ledger, *, after: int = 0) -> list[Spoken]:
    """A new fact, or the next version of one. Nothing when the entry says it already.

    Under another person or subject than before it is withdrawn there first, with a version of its own.
    """
    claim = offer.claim
    unit = claim.unit if isinstance(claim, PersonClaim) else claim.subject
    branch = claim.branch if isinstance(claim, PersonClaim) else claim.tax_code if len(claim.tax_code) > 10 else ""
    form = claim.form if isinstance(claim, PersonClaim) else claim.source
    detail = "complete" if isinstance(claim, RegistryClaim) and claim.complete else ""
    if entry is None:
        entry = Entry(
            offer.fact, offer.key, 1, True, offer.content, b"", origin.batch, claim.source, unit, branch, form,
            origin.dossier, origin.line, claim.day, claim.change, detail,
        )  # fmt: skip
        ledger.add(entry)
        return [Spoken("stated", entry.fact, 1, entry.key, claim, entry)]
    if entry.live and entry.content == offer.content:
        return []
    spoken: list[Spoken] = []
    version = max(entry.version, after) + 1
    if entry.live and entry.key != offer.key:
        spoken = withdraw(entry, version, origin, ledger)
        version += 1
    elif entry.live:
        entry.past += entry.content
    entry.key, entry.version, entry.live, entry.content, entry.batch = (
        offer.key,
        version,
        True,
        offer.content,
        origin.batch,
    )
    entry.unit, entry.branch, entry.form = unit, branch, form
    entry.day, entry.change, entry.detail = claim.day, claim.change, detail
    ledger.touch(entry)
    return [*spoken, Spoken("replaced", entry.fact, version, entry.key, claim, entry)]


def take_back(entry: Entry, version: int, origin: Origin, ledger: Ledger) -> list[Spoken]:
    """Cancel a live fact because a row, or a dossier restated without it, says so; it is remembered that one did."""
    spoken = withdraw(entry, version, origin, ledger)
    entry.past += WITHDRAWN
    return spoken


def withdraw(entry: Entry, version: int, origin: Origin, ledger: Ledger) -> list[Spoken]:
    """Cancel a live fact under the key that it has now."""
    entry.past += entry.content
    entry.live, entry.version, entry.batch, entry.content = False, version, origin.batch, b""
    ledger.touch(entry)
    gone = Entry(
        entry.fact, entry.key, version, False, b"", b"", entry.batch, entry.source, entry.unit, entry.branch,
        entry.form, entry.dossier, entry.line, entry.day, entry.change, entry.detail,
    )  # fmt: skip
    return [Spoken("cancelled", entry.fact, version, entry.key, None, gone)]
