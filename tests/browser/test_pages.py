"""What the pages show, asked for without a browser."""

import pytest

from tests.browser.city import COVERED, ENDED, FOOD, SEWING
from tests.browser.serving import Served

pytestmark = pytest.mark.services


def shown(served: Served, path: str, language: str = "vi") -> str:
    with served.signed_in() as client:
        client.cookies.set("mobility_language", language)
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return " ".join(answer.text.split())


def test_the_cover_has_its_numerator_and_denominator(served: Served) -> None:
    assert "1 trong 4" in shown(served, "/")
    assert "1 of 4" in shown(served, "/", "en")


def test_alerts_are_ranked_by_workers_and_the_resolved_are_left_out(served: Served) -> None:
    text = shown(served, "/")
    places = [text.index(f"/enterprise/{code}") for code in (SEWING, FOOD)]
    assert places == sorted(places)
    assert f"/enterprise/{COVERED}" not in text


@pytest.mark.parametrize("words", ["may dong hai", "MAY ĐÔNG", "hải đông", "100001"])
def test_a_search_needs_no_accents_no_case_and_no_order(served: Served, words: str) -> None:
    with served.signed_in() as client:
        for path in ("/", "/enterprises"):
            text = client.get(path, params={"q": words}).text
            assert f"/enterprise/{SEWING}" in text
            assert f"/enterprise/{FOOD}" not in text


@pytest.mark.parametrize("words", ["%", "_", "' or 1=1 --", "\x00", "(", "x" * 500])
def test_a_search_for_signs_finds_no_more_than_the_signs(served: Served, words: str) -> None:
    with served.signed_in() as client:
        answer = client.get("/enterprises", params={"q": words})
        assert answer.status_code == 200
        assert f"/enterprise/{SEWING}" not in answer.text or words == "\x00"


@pytest.mark.parametrize("number", ["0", "-1", "nine", "99999999999999999999", "²"])
def test_a_page_that_is_not_there_is_the_first(served: Served, number: str) -> None:
    with served.signed_in() as client:
        for path in ("/", "/enterprises", "/receipts"):
            answer = client.get(path, params={"page_number": number})
            assert answer.status_code == 200
            assert 'class="cards' in answer.text


def test_an_enterprise_page_tells_counts_registers_and_alerts(served: Served) -> None:
    text = shown(served, f"/enterprise/{SEWING}")
    assert "Công ty TNHH May Đông Hải" in text
    assert text.count("<path class=") == 4, "workers and members, for a desk and for a phone"
    assert "sẽ tính từ ngày này" in text, "what is dated after the clock's day counts from that day"
    assert "Lần 1" in text
    ended = shown(served, f"/enterprise/{ENDED}")
    assert "Giải thể ngày 01/10/2026" in ended
    assert f'href="/enterprise/{SEWING}"' in ended, "its successor"
    assert "Công đoàn cơ sở Cảng Đình Vũ" in shown(served, f"/enterprise/{COVERED}")


def test_an_unknown_enterprise_is_said_so(served: Served) -> None:
    with served.signed_in() as client:
        answer = client.get("/enterprise/0999999999")
    assert answer.status_code == 404
    assert "0999999999" in answer.text


def test_receipts_show_reasons_and_lead_to_all_of_them(served: Served) -> None:
    text = shown(served, "/receipts")
    assert "row 10:" in text
    assert "row 11:" not in text
    assert "&lt;b&gt;GX" in text
    assert "<b>GX" not in text
    assert "row 13:" in shown(served, "/receipt/" + "1" * 32)
    only = shown(served, "/receipts?show=refused")
    assert "600/11-2026" in only
    assert "601/11-2026" not in only


def test_numbers_and_days_are_written_as_the_language_does(served: Served) -> None:
    assert "1.234" in shown(served, "/enterprises")
    assert "89,1\u00a0%".replace("\u00a0", " ") in shown(served, "/enterprises")
    english = shown(served, "/enterprises", "en")
    assert "1,234" in english
    assert "2026-11-05" in english


def test_a_fragment_is_the_content_alone(served: Served) -> None:
    with served.signed_in() as client:
        text = client.get("/", headers={"x-fragment": "1"}).text
    assert "<html" not in text
    assert f"/enterprise/{SEWING}" in text
