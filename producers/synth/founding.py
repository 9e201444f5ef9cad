"""The city on its opening day: enterprises, their workers, their unions and the members."""

from collections.abc import Iterator
from itertools import islice
from math import exp, log

from producers.synth import months, names
from producers.synth.city import City, Enterprise, Union
from producers.synth.identifiers import mix, tax_codes, unit_code
from producers.synth.sizes import BANDS, GIANT, CitySize
from producers.synth.wards import wards

COVERED = ((200, 0.97), (50, 0.8), (20, 0.45), (5, 0.02))
"""Share of enterprises of at least so many workers that have a union: nearly all large ones."""

Weighted = tuple[tuple[str, int], ...]
_SMALL: Weighted = (("private", 74), ("foreign", 10), ("state", 3), ("cooperative", 5), ("public_unit", 8))
_LARGE: Weighted = (("private", 40), ("foreign", 50), ("state", 7), ("cooperative", 0), ("public_unit", 3))
_PARKS = ("VSIP-HP", "TRANG-DUE", "DINH-VU", "NOMURA", "DEEP-C", "TAN-TRUONG", "DAI-AN")
_TOP_UP_FROM = 50
_MEMBER_SHARE = 0.98
_FILE_ROWS = 1_000


class Founder:
    """Founds enterprises one after another, each under the next tax code."""

    def __init__(self, city: City) -> None:
        """Of a city that is still empty."""
        self._city = city
        self._codes = tax_codes(city.seed)

    def enterprise(self, ownership: str, workers: int, *, registered_on: str = "", listed: float = 1.0) -> Enterprise:
        """A new enterprise with a crew of that many, of whom the share ``listed`` is on its opening roster."""
        city = self._city
        number = len(city.enterprises)
        bits = mix(number, city.seed + 7)
        if not registered_on:
            registered_on = months.day_in(city.first - 2 - bits % 200, (bits >> 9) % 28 + 1)
        effective_on, valid_on = "", registered_on
        scheme_change = wards().changed_on
        if registered_on < scheme_change <= months.day_in(city.first, 1) and (bits >> 14) % 10 < 6:
            effective_on = valid_on = scheme_change
        enterprise = Enterprise(
            number=number,
            tax_code=next(self._codes),
            unit_code=unit_code(number + 1_300_000),
            name=names.enterprise_name(bits, ownership),
            ownership=ownership,
            area_code=wards().on(valid_on, bits >> 20),
            registered_on=registered_on,
            effective_on=effective_on,
            eligible_agreement=("yes", "yes", "yes", "no", "")[(bits >> 30) % 5],
            eligible_party=("yes", "yes", "no", "", "")[(bits >> 34) % 5],
            park=_PARKS[(bits >> 38) % len(_PARKS)] if ownership == "foreign" and (bits >> 44) % 2 else "",
            baseline="complete",
            rate=0.03 + 0.02 * city.random.random(),
            usual=workers,
            peak=workers,
        )
        city.enterprises.append(enterprise)
        for _ in range(workers):
            city.hire(city.new_person(), enterprise, declared=listed >= 1 or city.random.random() < listed)
        return enterprise

    def many(self, size: CitySize, count: int, active: int, workers: int) -> None:
        """The rest of the city: ``active`` enterprises with together ``workers``, and some without any."""
        random = self._city.random
        sizes = list(draw_sizes(self._city, active, workers, size.giants))
        channels = _channels(city=self._city, size=size, sizes=sizes)
        for place, workers_here in enumerate(sizes):
            kinds = _LARGE if workers_here >= 200 else _SMALL
            ownership = random.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
            baseline = "complete"
            if workers_here < 200:
                baseline = random.choices(("complete", "partial", "none"), (94, 3, 3))[0]
            listed = {"complete": 1.0, "partial": 0.85, "none": 0.0}[baseline]
            enterprise = self.enterprise(ownership, workers_here, listed=listed)
            enterprise.baseline = baseline
            enterprise.channel = channels.get(place, "bureau")
        for _ in range(count - active):
            self.enterprise("private", 0).baseline = "none"

    def unionise(self, members: int, first: int, cover: float) -> None:
        """Give the enterprises from number ``first`` on their unions, and admit about ``members`` persons.

        ``cover`` scales the share of those below 200 workers that have one.
        """
        city, random = self._city, self._city.random
        plain = city.enterprises[first:]
        joint: Union | None = None
        for enterprise in plain:
            workers = len(enterprise.crew)
            share = next((share for least, share in COVERED if workers >= least), 0.0)
            if random.random() >= share * (cover if workers < 200 else 1.0):
                continue
            if joint is not None and workers < 50 and random.random() < 0.04:
                joint.covers.append(enterprise.tax_code)
                enterprise.unions.append(joint.number)
            else:
                joint = self.union(enterprise)
        covered = sum(len(e.crew) for e in plain if e.unions)
        for enterprise in sorted(plain, key=lambda e: -len(e.crew)):
            if covered * _MEMBER_SHARE >= members or len(enterprise.crew) < _TOP_UP_FROM:
                break
            if not enterprise.unions:
                self.union(enterprise)
                covered += len(enterprise.crew)
        share = min(_MEMBER_SHARE, members / covered) if covered else 0.0
        for enterprise in plain:
            if enterprise.unions:
                for person in enterprise.crew:
                    if random.random() < share:
                        city.join(person, enterprise.unions[0])
        if city.unions:
            for _ in range(members // 100):  # between two jobs, or retired from one: members all the same
                city.join(city.new_person(), random.choice(city.unions).number)

    def union(self, *enterprises: Enterprise, founded_on: str = "") -> Union:
        """A union that covers them; founded some years ago unless the day is given."""
        city = self._city
        if not founded_on:
            founded_on = months.day_in(city.first - 12 - city.random.randrange(150), city.random.randrange(1, 29))
        first = enterprises[0]
        union = city.found_union(f"CĐCS {first.name}", [e.tax_code for e in enterprises], founded_on)
        for enterprise in enterprises:
            enterprise.unions.append(union.number)
        return union


def draw_sizes(city: City, count: int, workers: int, giants: int) -> Iterator[int]:
    """``count`` sizes after the bands, their larger half scaled so that all together have ``workers``."""
    random = city.random
    weights = [share for share, _, _ in BANDS]
    sizes = [_between(random.random(), *GIANT) for _ in range(giants)]
    for _, low, high in islice(iter(lambda: random.choices(BANDS, weights)[0], None), count - giants):
        sizes.append(_between(random.random(), low, high))
    random.shuffle(sizes)
    large = [place for place, size in enumerate(sizes) if size >= 50] or [sizes.index(max(sizes))]
    small = sum(sizes) - sum(sizes[place] for place in large)
    factor = max(0.2, (workers - small) / sum(sizes[place] for place in large))
    for place in large:
        sizes[place] = max(10, round(sizes[place] * factor))
    largest = sizes.index(max(sizes))
    sizes[largest] = max(1, sizes[largest] + workers - sum(sizes))
    return iter(sizes)


def _channels(city: City, size: CitySize, sizes: list[int]) -> dict[int, str]:
    """File format by place of the largest employers. The very largest send CSV: a workbook holds 1,075 rows."""
    ranks = sorted(range(len(sizes)), key=lambda place: -sizes[place])
    channels = ["xlsx"] * size.workbooks + ["xml"] * size.envelopes + ["csv"] * size.own_csv
    city.random.shuffle(channels)
    chosen = dict(zip(ranks, channels, strict=False))
    return {place: "csv" if sizes[place] > _FILE_ROWS else channel for place, channel in chosen.items()}


def _between(chance: float, low: int, high: int) -> int:
    """Log-uniform between both, inclusive: small ones are many in every band."""
    return min(high, int(exp(log(low) + chance * (log(high + 1) - log(low)))))
