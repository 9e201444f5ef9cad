"""A real browser before the page: what changes on the log is seen without a reload."""

import json
import re
import time

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from psycopg.conninfo import conninfo_to_dict

from deploy.local import Endpoints
from schemas.ids import enterprise_id
from schemas.states import AlertStep
from tests.browser.city import ENDED, FOOD, HOSTILE, SEWING, SNOOZED
from tests.browser.conftest import enter
from tests.browser.log import alert_of
from tests.browser.serving import NAME, Served

pytestmark = [pytest.mark.services, pytest.mark.browser]

ROW = "tr#a{}"


def mark_document(page: Page) -> None:
    """A reload would lose this."""
    page.evaluate("document.body.dataset.kept = 'yes'")


def assert_not_reloaded(page: Page) -> None:
    assert page.evaluate("document.body.dataset.kept") == "yes"


def test_a_new_alert_appears_and_a_resolved_one_goes_without_a_reload(page: Page, served: Served) -> None:
    mark_document(page)
    code = "0200100777"
    began = time.monotonic()
    served.log.enterprise(code, "Dệt kim Lạch Tray", 61).alert(code, "Dệt kim Lạch Tray", 61).commit()
    expect(page.get_by_role("link", name="Dệt kim Lạch Tray")).to_be_visible(timeout=10_000)
    assert time.monotonic() - began < 10
    rows = page.locator(".alerts tbody tr th a").all_inner_texts()
    assert rows[:3] == ["Công ty TNHH May Đông Hải", "Dệt kim Lạch Tray", HOSTILE], "ranked by workers"
    steps = [AlertStep(on="2026-09-01", state="open", workers=61)]
    steps.append(AlertStep(on="2026-11-05", state="resolved", reason="covered", workers=61))
    ended = {"state": "resolved", "resolved_on": "2026-11-05", "reason": "covered", "history": steps}
    served.log.alert(code, "Dệt kim Lạch Tray", 61, version=2, **ended).commit()
    expect(page.get_by_role("link", name="Dệt kim Lạch Tray")).to_have_count(0, timeout=10_000)
    assert_not_reloaded(page)


def test_what_an_officer_types_and_chooses_survives_a_change(page: Page, served: Served) -> None:
    page.locator("[name=q]").press_sequentially("may đông")
    page.locator(ROW.format(alert_of(FOOD))).locator("select").select_option("30")
    page.locator("[name=q]").focus()
    served.log.enterprise(SEWING, "Công ty TNHH May Đông Hải", 121, version=2).commit()
    figure = page.locator(ROW.format(alert_of(SEWING))).locator("[data-figure]")
    expect(figure).to_have_text("121", timeout=10_000)
    expect(page.locator("[name=q]")).to_have_value("may đông")
    expect(page.locator("[name=q]")).to_be_focused()
    expect(page.locator(ROW.format(alert_of(FOOD))).locator("select")).to_have_value("30")
    expect(figure).to_have_class(re.compile("fresh"))


def test_an_action_is_sent_and_its_state_comes_back_by_the_log(page: Page, served: Served) -> None:
    mark_document(page)
    served.desk.taken.clear()
    row = page.locator(ROW.format(alert_of(SEWING)))
    row.get_by_role("button", name="Nhận xử lý").click()
    expect(row.locator(".sent")).to_contain_text("đã gửi")
    expect(row.locator(".state")).to_have_text("đang mở")
    ((unit, action),) = served.desk.taken
    assert unit == enterprise_id(SEWING)
    assert (action.alert, action.action, action.by, action.until) == (alert_of(SEWING), "acknowledge", NAME, "")
    served.log.alert(SEWING, "Công ty TNHH May Đông Hải", 121, version=2, state="acknowledged", by=NAME).commit()
    expect(row.locator(".state")).to_have_text("đang xử lý", timeout=10_000)
    expect(row.locator(".sent")).to_have_count(0)
    expect(row).to_contain_text(NAME)
    assert_not_reloaded(page)


def test_a_snooze_names_the_day_counted_from_the_clock(page: Page, served: Served) -> None:
    served.desk.taken.clear()
    row = page.locator(ROW.format(alert_of(FOOD)))
    row.locator("select").select_option("14")
    row.get_by_role("button", name="Tạm hoãn").click()
    expect(row.locator(".sent")).to_be_visible()
    assert [(one.action, one.until) for _, one in served.desk.taken] == [("snooze", "2026-11-19")]


def test_an_action_that_does_not_reach_the_log_is_said_so(page: Page, served: Served) -> None:
    served.desk.broken = True
    try:
        row = page.locator(ROW.format(alert_of(SNOOZED)))
        row.get_by_role("button", name="Mở lại").click()
        expect(page.locator(".toast")).to_contain_text("Chưa gửi được")
        expect(row.locator(".sent")).to_have_count(0)
    finally:
        served.desk.broken = False


def test_a_lost_stream_is_shown_and_comes_back_by_itself(page: Page, served: Served, endpoints: Endpoints) -> None:
    mark_document(page)
    ours = conninfo_to_dict(served.dsn)["dbname"]
    with psycopg.connect(endpoints.postgres, autocommit=True) as line:
        line.execute(f"alter database {ours} allow_connections false".encode())
        try:
            line.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [ours])
            expect(page.locator("#live")).to_have_text("Mất kết nối", timeout=10_000)
        finally:
            line.execute(f"alter database {ours} allow_connections true".encode())
    served.log.enterprise(SNOOZED, "Nhà máy Cơ khí Kiến An", 34, version=2).commit()
    expect(page.locator("#live")).to_have_text("Trực tiếp", timeout=20_000)
    expect(page.locator(ROW.format(alert_of(SNOOZED))).locator("[data-figure]")).to_have_text("34")
    assert_not_reloaded(page)


def test_a_broken_network_is_shown_too(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.locator("#live")).to_have_text("Mất kết nối", timeout=10_000)
    page.context.set_offline(False)
    expect(page.locator("#live")).to_have_text("Trực tiếp", timeout=20_000)


def test_a_hostile_name_is_text_on_every_page(page: Page) -> None:
    for path in ("/", f"/enterprise/{FOOD}", "/enterprises"):
        page.goto(path)
        page.wait_for_selector("#live[data-state=live]")
        expect(page.get_by_text(HOSTILE).first).to_be_visible()
        assert page.evaluate("[...document.scripts].map(one => one.getAttribute('src'))") == ["/static/live.js"]


def test_the_language_switches_and_stays(page: Page) -> None:
    assert page.evaluate("document.documentElement.lang") == "vi"
    page.get_by_role("link", name="EN", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The city")
    assert "language" not in page.url
    page.goto("/receipts")
    expect(page.get_by_role("heading", level=1)).to_have_text("Newest dossiers")
    expect(page.locator("#live")).to_have_text("Live")
    page.get_by_role("link", name="VI", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hồ sơ mới nhận")


def test_a_filter_and_a_search_narrow_the_alerts(page: Page) -> None:
    page.select_option("[name=show]", "snoozed")
    expect(page.locator(".alerts tbody tr")).to_have_count(1)
    expect(page.locator(".alerts tbody tr")).to_contain_text("đến 20/11/2026")
    page.goto("/")
    page.fill("[name=q]", "co khi")
    page.keyboard.press("Enter")
    expect(page.locator(".alerts tbody tr")).to_have_count(1)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, served: Served, language: str) -> None:
    context = browser.new_context(base_url=served.url, viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    enter(page)
    receipt = "/receipt/" + "1" * 32
    wide = "0200100009"
    for what in ("already-open", "leave-without-start"):
        served.log.finding(wide, f"found {what}", what, "2026-05-01")
    served.log.enterprise(wide, "W" * 300, 46, unions=["C" * 40], ownership="private").commit()
    page.goto(f"/?language={language}")
    for path in (
        "/",
        "/enterprises",
        f"/enterprise/{SEWING}",
        f"/enterprise/{ENDED}",
        f"/enterprise/{wide}",
        "/findings",
        "/receipts",
        receipt,
        "/nowhere",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    context.close()


def test_everything_is_reached_by_keyboard_and_the_focus_is_seen(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "(() => { const at = document.activeElement; return JSON.stringify([at.tagName, at.name || at.innerText, "
            "getComputedStyle(at).outlineStyle]); })()"
        )
        tag, name, outline = json.loads(said)
        if tag != "BODY":
            reached.add(name)
            assert outline != "none", f"the focus on {tag} {name} is not seen"
    assert {"Tổng quan", "q", "show", "Nhận xử lý", "days", "Đăng xuất"} <= reached


def test_the_page_of_an_ended_session_leads_to_the_sign_in(page: Page, served: Served) -> None:
    with psycopg.connect(served.dsn, autocommit=True) as line:
        line.execute("delete from watch.sessions")
    served.log.enterprise(FOOD, HOSTILE, 46, version=2).commit()
    expect(page.locator("[name=password]")).to_be_visible(timeout=10_000)


def test_what_is_being_typed_outlives_a_change_above_it(page: Page) -> None:
    page.locator("#seek [name=q]").focus()
    page.keyboard.type("co")
    page.evaluate(
        """async () => {
            const { morph } = await import("/static/morph.js");
            const content = document.getElementById("content");
            const fresh = content.cloneNode(true);
            fresh.querySelector("[name=q]").value = "";
            fresh.querySelector(".standing").remove();
            morph(content, fresh);
        }"""
    )
    expect(page.locator(".standing")).to_have_count(0)
    page.keyboard.type(" khi")
    page.keyboard.press("Enter")
    expect(page.locator(".alerts tbody tr")).to_have_count(1)
