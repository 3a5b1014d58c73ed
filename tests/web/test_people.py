"""The directory, and taking tables in from a spreadsheet."""

import io
from datetime import UTC, datetime

import pytest
from httpx2 import Response
from openpyxl import Workbook, load_workbook
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from actions import people
from models.accounts import Viewing
from models.database import reading, transaction
from models.history import Entry
from models.people import Person, Rating
from models.uploads import Upload
from rules import records
from rules.records import Personnel
from tests.factories import NOW, centre
from tests.web.visiting import Visitor, candidate, hr, observer

HEAD = "staff_no,name,business_line,team,grade,hired_on,in_grade_since,manager_no,email\n"


@pytest.fixture
def here(sqlite: Engine) -> None:
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="test", now=NOW)


def hand_in(visitor: Visitor, content: str | bytes, book: str = "people", name: str = "表.csv") -> str:
    """Upload a table and return the address of its preview."""
    given = {"file": (name, content if isinstance(content, bytes) else content.encode())}
    answer = visitor.post(f"/people/import/{book}", files=given)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def seal(page: str) -> str:
    return page.split('name="seal" value="')[1].split('"', maxsplit=1)[0]


def take_in(visitor: Visitor, address: str, **typed: str) -> Response:
    page = visitor.get(address).text
    return visitor.post(address, {"seal": seal(page), "rows": "all", **typed})


def everybody() -> list[str]:
    with reading() as session:
        return list(session.exec(select(Person.name).where(Person.active).order_by(Person.staff_no)))


def test_the_directory_can_be_searched_narrowed_and_sorted(here: None) -> None:
    someone = hr()
    page = someone.get("/people").text
    assert "王芳" in page
    assert "赵静" in page
    page = someone.get("/people", params={"q": "王"}).text
    assert "王芳" in page
    assert "李雷" not in page
    page = someone.get("/people", params={"line": "phone", "sort": "name", "down": "1"}).text
    assert "赵静" not in page
    assert page.index("王芳") < page.index("李雷")
    assert "没有符合条件的人" in someone.get("/people", params={"q": "%"}).text


def test_a_page_number_of_nonsense_shows_the_first_page(here: None) -> None:
    for page in ("-1", "²", "9" * 30, "0", ""):
        assert "王芳" in hr().get("/people", params={"page": page}).text


def test_an_empty_directory_says_what_to_do_first(sqlite: Engine) -> None:
    page = hr().get("/people").text
    assert "名册还是空的" in page
    assert "/people/import/people" in page
    assert "/people/import" not in observer().get("/people").text


def test_the_directory_costs_the_same_queries_for_few_and_for_many(here: None, sqlite: Engine) -> None:
    someone, counts = hr(), []

    def count(*_: object) -> None:
        counts[-1] += 1

    someone.get("/people")
    event.listen(sqlite, "before_cursor_execute", count)
    counts.append(0)
    someone.get("/people")
    more = [records.Person(f"9{n:03}", f"员工{n}", "phone") for n in range(200)]
    counts.append(0)
    with transaction() as session:
        people.take_in(session, personnel=Personnel(people=more), actor="test", now=NOW)
    counts.append(0)
    page = someone.get("/people").text
    event.remove(sqlite, "before_cursor_execute", count)
    assert counts[0] == counts[2]
    assert "共 204 人，第 1 页，共 5 页" in page


def test_who_looks_at_a_person_is_noted_and_candidates_may_not(here: None) -> None:
    page = observer().get("/people/003").text
    assert "买买提·吐尔逊" in page
    assert "2022年1月1日" in page
    assert "没有服务事故" in page
    with reading() as session:
        assert ("person", "003") in {(v.page, v.subject) for v in session.exec(select(Viewing))}
    assert candidate("001").get("/people/003").status_code == 403
    assert hr().get("/people/999").status_code == 404
    assert observer().get("/people/import").status_code == 403


def test_nothing_is_taken_in_before_the_preview_was_confirmed(here: None) -> None:
    someone = hr()
    address = hand_in(someone, HEAD + "001,王芳,vip,一组,Ⅱ,2020-01-01,,,\n009,钱多,phone,,,,,,\n")
    page = someone.get(address).text
    assert "<del>phone</del>" in page
    assert "<ins>vip</ins>" in page
    assert "钱多" not in everybody()
    without = take_in(someone, address)
    assert without.status_code == 409
    assert "请写明更正的理由" in without.text
    assert "钱多" not in everybody()
    answer = take_in(someone, address, reason="调岗")
    assert answer.status_code == 303
    assert "钱多" in everybody()
    with reading() as session:
        assert session.get_one(Person, "001").business_line == "vip"
        entry = session.exec(select(Entry).where(Entry.deed == "people.taken_in").order_by(Entry.number.desc())).first()
        assert entry
        assert "调岗" in entry.detail
        assert entry.actor == "hr"
        assert not session.exec(select(Upload)).all()
    assert someone.get(address).status_code == 404


def test_the_same_file_twice_changes_nothing(here: None) -> None:
    someone, table = hr(), HEAD + "009,钱多,phone,,,,,,\n"
    take_in(someone, hand_in(someone, table))
    with reading() as session:
        before = len(session.exec(select(Entry)).all())
    address = hand_in(someone, table)
    assert "再导入一次不会有任何变化" in someone.get(address).text
    assert take_in(someone, address).status_code == 303
    with reading() as session:
        assert len(session.exec(select(Entry)).all()) == before


def test_a_fault_names_row_column_and_what_was_typed_and_only_good_rows_go_in_if_asked(here: None) -> None:
    someone = hr()
    address = hand_in(someone, HEAD + "008,孙礼,phone,,,2021/3/1,,,\n009,钱多,phone,,,,,,\n")
    page = someone.get(address).text
    assert "入职日期" in page
    assert "2021/3/1" in page
    assert "应为 YYYY-MM-DD 形式的日期" in page
    assert take_in(someone, address).status_code == 409
    assert "钱多" not in everybody()
    assert take_in(someone, address, rows="good").status_code == 303
    assert "钱多" in everybody()
    assert "孙礼" not in everybody()


def test_the_file_goes_back_with_its_faults_and_comes_again_mended(here: None) -> None:
    someone = hr()
    address = hand_in(someone, HEAD + "008,=1+1,phone,,,2021/3/1,,,\n009,钱多,phone,,,,,,\n")
    sheet = load_workbook(io.BytesIO(someone.get(f"{address}/faults").content)).active
    assert sheet
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][-1] == "问题"
    assert "入职日期" in str(rows[1][-1])
    assert not rows[2][-1]
    assert b"'=1+1" in someone.get(f"{address}/faults?as=csv").content


def test_the_template_has_chinese_heads_and_its_example_is_not_taken_in(here: None) -> None:
    someone = hr()
    content = someone.get("/people/import/people/template.xlsx").content
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    assert sheet
    assert [cell.value for cell in sheet[1]][:3] == ["工号", "姓名", "业务线"]
    sheet.append(["0012", "周全", "phone"])
    out = io.BytesIO()
    book.save(out)
    address = hand_in(someone, out.getvalue(), name="填好的.xlsx")
    assert take_in(someone, address).status_code == 303
    assert everybody()[-1] != "示例"
    with reading() as session:
        assert session.get_one(Person, "0012").name == "周全"
        assert session.get(Person, "000123") is None


def test_every_template_of_the_directory_is_read_again_without_faults(here: None) -> None:
    someone = hr()
    for book in ("people", "ratings", "incidents", "honours", "certificates", "kpis"):
        content = someone.get(f"/people/import/{book}/template.xlsx").content
        page = someone.get(hand_in(someone, content, book=book, name="模板.xlsx")).text
        assert "没有可以导入的行" in page
        assert "处问题" not in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "旧式 .xls 或加密的文件"),
        ("工号;姓名\n1;王".encode(), "英文逗号"),
        ("工号".encode("gbk"), "CSV UTF-8"),
        (b"PK\x03\x04garbage", "打不开这个 XLSX 文件"),
        (b"<html>", "是网页或 XML"),
    ],
)
def test_what_is_no_table_is_refused_at_once_and_says_what_to_do(here: None, content: bytes, said: str) -> None:
    answer = hr().post("/people/import/people", files={"file": ("名册.xlsx", content)})
    assert answer.status_code == 422
    assert said in answer.text
    with reading() as session:
        assert not session.exec(select(Upload)).all()


def test_a_formula_without_a_value_is_a_fault_of_its_cell(here: None) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["工号", "姓名", "业务线", "班组", "职级", "入职日期", "现职级起始日期", "直接上级工号", "电子邮箱"])
    sheet.append(["008", "=A1", "phone"])
    out = io.BytesIO()
    book.save(out)
    someone = hr()
    assert "公式没有计算结果" in someone.get(hand_in(someone, out.getvalue(), name="公式.xlsx")).text


def test_no_file_at_all_says_so(here: None) -> None:
    answer = hr().post("/people/import/people")
    assert (answer.status_code, "请先选择要导入的文件" in answer.text) == (422, True)


def test_a_table_waits_only_for_who_handed_it_in(here: None) -> None:
    address = hand_in(hr(), HEAD + "009,钱多,phone,,,,,,\n")
    other = hr("hr2")
    assert other.get(address).status_code == 404
    assert other.post(address, {"seal": "", "rows": "all"}).status_code == 404


def test_what_changed_since_the_preview_is_previewed_again(here: None) -> None:
    someone = hr()
    address = hand_in(someone, HEAD + "009,钱多,phone,,,,,,\n")
    seen = seal(someone.get(address).text)
    with transaction() as session:
        person = Personnel(people=[records.Person("009", "钱多", "vip")])
        people.take_in(session, personnel=person, actor="test", now=NOW)
    answer = someone.post(address, {"seal": seen, "rows": "all", "reason": "更正"})
    assert answer.status_code == 409
    assert "系统中的数据又有变化" in answer.text
    with reading() as session:
        assert session.get_one(Person, "009").business_line == "vip"


def test_a_whole_list_marks_the_absent_as_having_left_only_when_asked(here: None) -> None:
    someone, table = hr(), HEAD + "001,王芳,phone,一组,Ⅱ,2020-01-01,,,\n009,钱多,phone,,,,,,\n"
    address = hand_in(someone, table)
    assert "3 名在职人员记为离职" in someone.get(address).text
    take_in(someone, address)
    assert len(everybody()) == 5
    take_in(someone, hand_in(someone, table), whole="yes")
    assert everybody() == ["王芳", "钱多"]


def test_records_of_strangers_are_named_and_left_out(here: None) -> None:
    someone = hr()
    address = hand_in(someone, "工号,周期,绩效等级\n001,2026Q2,A\n777,2026Q2,A\n", book="ratings")
    page = someone.get(address).text
    assert "777" in page
    assert "已忽略" in page
    take_in(someone, address)
    with reading() as session:
        assert [r.staff_no for r in session.exec(select(Rating))] == ["001"]
    assert "2026Q2" in someone.get("/people/001").text


def test_an_unknown_table_is_not_found(here: None) -> None:
    assert hr().get("/people/import/marks").status_code == 404
    assert hr().get("/people/import/people/not-an-id").status_code == 404


def test_uploads_that_waited_for_more_than_a_day_are_deleted(here: None) -> None:
    hand_in(hr(), HEAD + "009,钱多,phone,,,,,,\n")
    with transaction() as session:
        _make_old(session)
    hand_in(hr("hr2"), HEAD + "010,钱少,phone,,,,,,\n")
    with reading() as session:
        assert [u.made_by for u in session.exec(select(Upload))] == ["hr2"]


def _make_old(session: Session) -> None:
    session.exec(select(Upload)).one().made_at = datetime(2026, 1, 1, tzinfo=UTC)
