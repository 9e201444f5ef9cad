"""Small pure pieces at the page's edge."""

import pytest

from consumers.watch import accounts
from consumers.watch.errors import AccountError
from consumers.watch.onward import within
from consumers.watch.paging import Paging, asked_page, words
from consumers.watch.tokens import form_token, kept, new_token, same_form


@pytest.mark.parametrize("path", ["/", "/enterprise/0200100001", "/?q=may&show=open"])
def test_a_path_of_this_page_is_kept(path: str) -> None:
    assert within(path) == path


@pytest.mark.parametrize("path", ["", "x", "//e.example", "/\\e.example", "https://e.example", "/a\r\nb", "/sign-in"])
def test_any_other_path_leads_to_the_first_page(path: str) -> None:
    assert within(path) == "/"


def test_a_form_token_belongs_to_one_browser() -> None:
    mine, other = new_token(), new_token()
    assert same_form(mine, form_token(mine))
    assert not same_form(mine, form_token(other))
    assert not same_form(mine, "é")
    assert mine.encode() not in kept(mine)


@pytest.mark.parametrize(("stated", "page"), [("3", 3), ("0", 1), ("", 1), ("-2", 1), ("²", 1), ("x", 1)])
def test_a_page_number_is_a_number_from_one_on(stated: str, page: int) -> None:
    assert asked_page(stated) == page


def test_paging_counts_its_rows() -> None:
    last = Paging(3, total=101)
    assert (last.first, last.last, last.more) == (101, 101, False)
    assert Paging(2, total=101).more


def test_a_search_is_bounded() -> None:
    assert words("a\x00 b " + "x" * 999 + " c" * 99)[:3] == ["a", "b", "x" * 60]
    assert len(words("c " * 99)) == 10


@pytest.mark.parametrize("name", ["", "Nguyễn Văn A", "a b", "-a", "x" * 33, "ops\n"])
def test_an_account_is_named_by_its_post(name: str) -> None:
    with pytest.raises(AccountError, match="name"):
        accounts.set_password("postgresql://nowhere.invalid/", name, "long enough it is")


def test_a_short_password_is_refused() -> None:
    with pytest.raises(AccountError, match="10 to 200"):
        accounts.ensure_account("postgresql://nowhere.invalid/", "ops", "short")
