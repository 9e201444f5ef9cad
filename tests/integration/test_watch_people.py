"""The pages of findings, of who is counted, and of one person's trail: what they tell, to whom, and what is kept."""

from collections.abc import Iterator

import pytest

from consumers.watch import accounts
from tests.browser.serving import NAME, PASSWORD, Served, serve, sign_in
from tests.build import person_id
from tests.integration.steps_kit import Steps
from tests.integration.store_kit import Kit, Put, kit
from tests.integration.test_explain import ONE, TWO, finding, story
from tests.services import endpoints

__all__ = ["endpoints", "kit"]
pytestmark = pytest.mark.services

PEOPLE, TRAIL = f"/enterprise/{ONE[1:]}/people", f"/person/{person_id('binh')}"


@pytest.fixture
def served(kit: Kit) -> Iterator[Served]:
    kit.start()
    kit.take([*story(), *(finding("chi", f"c{n}", "already-open", ONE, "2026-05-01") for n in range(2, 62))])
    with serve(kit.dsn) as made:
        yield made


def told(served: Served, path: str, language: str = "vi") -> str:
    with served.signed_in() as client:
        client.cookies.set("mobility_language", language)
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return " ".join(answer.text.split())


def test_only_a_clerk_sees_persons_and_each_look_at_one_is_kept(kit: Kit, served: Served) -> None:
    with served.client() as client:
        assert sign_in(client, NAME, PASSWORD).status_code == 303
        for path in (PEOPLE, TRAIL):
            assert client.get(path).status_code == 403, path
        for path in ("/findings", f"/enterprise/{ONE[1:]}"):
            assert "/person/" not in client.get(path).text
            assert PEOPLE not in client.get(path).text
    assert served.desk.looks == []
    accounts.set_role(kit.dsn, NAME, "clerk")
    assert "D-3" in told(served, TRAIL)
    assert served.desk.looks == [(NAME, person_id("binh"))]
    with served.signed_in() as client:
        assert client.get(f"/person/{'0' * 32}").status_code == 404
        assert client.get("/person/79001").status_code == 400
        assert client.get("/enterprise/0000000000/people").status_code == 404


def test_the_people_of_an_enterprise_stand_there_with_their_lines(kit: Kit, served: Served) -> None:
    accounts.set_role(kit.dsn, NAME, "clerk")
    assert PEOPLE in told(served, f"/enterprise/{ONE[1:]}")
    text = told(served, PEOPLE)
    for who in ("an", "em"):
        assert f"/person/{person_id(who)}" in text
    assert f"/person/{person_id('binh')}" not in text
    for said in ("D-1", "M-1", "D-2", "D-6", "kết nạp", "reg 1"):
        assert said in text, said
    assert f"/person/{person_id('binh')}" in told(served, f"{PEOPLE}?valid_at=2026-04-30")


def test_a_trail_tells_spells_membership_movements_and_findings(kit: Kit, served: Served) -> None:
    accounts.set_role(kit.dsn, NAME, "clerk")
    binh = told(served, TRAIL, "en")
    for said in ("Spells", "2026-05-10", "transferred", "D-4", "Movements"):
        assert said in binh, said
    assert "Membership" in told(served, f"/person/{person_id('an')}", "en")
    assert "Báo giảm người chưa từng báo tăng" in told(served, f"/person/{person_id('chi')}")


def test_findings_are_told_with_what_to_do_by_page_and_filter(served: Served) -> None:
    text = told(served, "/findings")
    assert "Báo tăng người đang làm việc tại đây" in text
    assert "hủy dòng thừa" in text
    assert "page_number=2" in text
    assert "1–50" in text
    assert "51–61" in told(served, "/findings?page_number=2")
    one = told(served, "/findings?dossier=D-3")
    assert "Báo giảm người chưa từng báo tăng" in one
    assert "1–1 trong 1" in one
    assert "1–1" in told(served, "/findings?what=leave-without-start")
    assert "61" in told(served, f"/findings?tax_code={ONE[1:]}")
    for nothing in ("/findings?dossier=%00", "/findings?tax_code=%27or", "/findings?what=x&page_number=9"):
        told(served, nothing)
    firm = told(served, f"/enterprise/{ONE[1:]}")
    assert "(61)" in firm
    assert f"/findings?tax_code={ONE[1:]}" in firm


def ended() -> list[Put]:
    """ONE is merged into TWO in October: An left before, Bình was left open, Chi too and works at TWO by now."""
    steps = Steps()
    records = [
        steps.tick("2026-11-03"),
        steps.register("reg 1", "enterprise_stated", ONE, "2026-01-01", name="Một", tax_code=ONE[1:]),
        steps.register("reg 2", "enterprise_stated", TWO, "2026-01-01", name="Hai", tax_code=TWO[1:]),
        steps.person("an", "a1", "joined", ONE, "2026-02-01"),
        steps.person("an", "a2", "departed", ONE, "2026-03-01"),
        steps.person("binh", "b1", "joined", ONE, "2026-02-01"),
        steps.person("chi", "c1", "joined", ONE, "2026-02-01"),
        steps.person("chi", "c2", "joined", TWO, "2026-10-05"),
        steps.register("reg 3", "enterprise_dissolved", ONE, "2026-10-01", tax_code=ONE[1:], places=(TWO,)),
    ]
    return [put for some in records for put in some]


@pytest.fixture
def dissolved(kit: Kit) -> Iterator[Served]:
    kit.start()
    kit.take(ended())
    with serve(kit.dsn) as made:
        accounts.set_role(kit.dsn, NAME, "clerk")
        yield made


def test_who_was_left_open_at_a_dissolved_enterprise_is_not_shown_as_counted(dissolved: Served) -> None:
    text = told(dissolved, PEOPLE)
    assert "Giải thể ngày 01/10/2026" in text
    assert "2 lao động chưa được báo giảm, không còn tính" in text
    assert text.count("data-figure>0<") == 3, "nobody is counted: workers, present, members"
    assert text.count("không, từ ngày 01/10/2026") == 2
    assert text.count("chưa ở đâu") == 1, "Bình counts nowhere; Chi at the successor"
    assert text.count(f'href="/enterprise/{TWO[1:]}"') == 2, "the successor, and where Chi is now"
    assert f"/person/{person_id('an')}" not in text
    before = told(dissolved, f"{PEOPLE}?valid_at=2026-09-30")
    assert "data-figure>2<" in before
    assert "không, từ ngày" not in before


def test_the_pages_of_a_dissolved_enterprise_and_its_person_say_zero_and_where_to(dissolved: Served) -> None:
    firm = told(dissolved, f"/enterprise/{ONE[1:]}", "en")
    assert "From that day on it has 0 workers." in firm
    assert "2 left open, not counted" in firm
    assert "Those who were left open and count no more" in firm
    assert 'id="d2026-10-01"' in firm, "the day of the end is a day with a change"
    binh = told(dissolved, f"/person/{person_id('binh')}", "en")
    assert "not counted since 2026-10-01" in binh
    assert "still" not in binh.partition("<main")[2]
    assert f'href="/enterprise/{TWO[1:]}"' in binh
    chi = told(dissolved, f"/person/{person_id('chi')}", "en")
    assert "not counted since 2026-10-01" in chi
    assert "still" in chi
