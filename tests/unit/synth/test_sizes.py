"""The large presets hold what the domain notes say of a city: how many, how large, how heavy at the top."""

from collections import Counter

import pytest

from producers.synth.city import City
from producers.synth.founding import draw_sizes
from producers.synth.sizes import BANDS, SIZES


def test_the_city_is_that_of_the_domain_notes() -> None:
    city = SIZES["city"]
    assert (city.enterprises, city.active, city.workers, city.members) == (48_000, 30_000, 900_000, 620_000)
    assert city.months >= 12, "a January is among them"


def test_the_province_is_larger_than_the_city_in_every_way() -> None:
    city, province = SIZES["city"], SIZES["province"]
    for name in ("enterprises", "active", "workers", "members", "giants"):
        assert getattr(province, name) >= 2 * getattr(city, name)


@pytest.mark.parametrize("name", ["city", "province"])
def test_sizes_follow_the_bands_with_a_heavy_tail(name: str) -> None:
    plan = SIZES[name]
    sizes = [*draw_sizes(City(1, 24_318, plan.months), plan.active, plan.workers, plan.giants)]
    assert (len(sizes), sum(sizes)) == (plan.active, plan.workers)
    found = Counter(
        next(place for place, (_, _, high) in enumerate(BANDS) if size <= high or high == 4_999) for size in sizes
    )
    for place, (share, low, high) in enumerate(BANDS):
        assert 100 * found[place] / len(sizes) == pytest.approx(share, abs=max(0.3, share / 10)), (low, high)
    assert sum(size >= 7_500 for size in sizes) >= 5, "a handful of giants"
    assert max(sizes) <= 40_000
    assert 0.15 <= sum(size >= 20 for size in sizes) / len(sizes) <= 0.23, "some 5,000 to 6,500 of a city's 30,000"
