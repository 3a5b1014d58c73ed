"""PDF: the same bytes each time, nothing fetched, no empty boxes, files inside."""

import base64
import io
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf
import pypdf
import pytest

from kit import fonts, pdf
from kit.fonts import FontSet
from kit.pdf import Attached, Paper
from kit.settings import settings

ISSUED = datetime(2026, 10, 21, 18, 0, tzinfo=timezone(timedelta(hours=8)))
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def prepared() -> FontSet:
    return fonts.prepare(settings().cache, settings().fonts)


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine that notes every request."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(DOT)

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{one.server_port}", asked
        one.shutdown()


def a_paper(body: str = "<p>正文", css: str = "", **more: object) -> Paper:
    values = {"title": "文件", "issued": ISSUED, **more}
    return Paper(html=f"<html lang='zh-CN'><body>{body}", css=("body { font-family: Latin, Song }", css), **values)  # type: ignore[arg-type] # a factory


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).strip()


def images(content: bytes) -> int:
    with opened(content) as document:
        streams = [o for o in document.objects if isinstance(o, pikepdf.Stream)]
        return sum(o.get("/Subtype") == "/Image" for o in streams)


def test_the_same_paper_gives_the_same_bytes(prepared: FontSet) -> None:
    paper = a_paper("<p>正文", attachments=(Attached("a.json", b"{}"),))
    assert pdf.render(paper, prepared) == pdf.render(paper, prepared)


def test_another_date_gives_other_bytes(prepared: FontSet) -> None:
    later = a_paper(issued=ISSUED + timedelta(days=1))
    assert pdf.render(a_paper(), prepared) != pdf.render(later, prepared)


def test_the_document_carries_its_own_date_title_author_and_font_set(prepared: FontSet) -> None:
    with opened(pdf.render(a_paper(author="江南中心", subject="公示"), prepared)) as document:
        info = {key: str(value) for key, value in document.docinfo.items()}
        assert info["/CreationDate"] == info["/ModDate"] == "D:20261021180000+08'00"
        assert (info["/Title"], info["/Author"], info["/Subject"]) == ("文件", "江南中心", "公示")
        assert prepared.version in info["/Keywords"]
        assert str(document.Root.Lang) == "zh-CN"


def test_a_picture_inside_the_document_is_shown(prepared: FontSet) -> None:
    source = "data:image/png;base64," + base64.b64encode(DOT).decode()
    assert images(pdf.render(a_paper(f"<img src='{source}'>"), prepared)) > 0


def test_no_file_of_the_machine_gets_into_a_document(prepared: FontSet, tmp_path: Path) -> None:
    (tmp_path / "dot.png").write_bytes(DOT)
    (tmp_path / "secret.txt").write_text("geheim")
    (tmp_path / "a.css").write_text("p { display: none }")
    where = tmp_path.as_uri()
    svg = base64.b64encode(f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{where}/dot.png'/></svg>".encode())
    body = (
        f"<link rel=stylesheet href='{where}/a.css'><link rel=attachment href='{where}/secret.txt'>"
        f"<img src='{where}/dot.png'><img src='data:image/svg+xml;base64,{svg.decode()}'>"
        f"<object data='{where}/dot.png'></object><a rel=attachment href='{where}/secret.txt'>甲</a><p>正文"
    )
    css = f"body {{ background: url({where}/dot.png) }} @import url({where}/a.css);"
    content = pdf.render(a_paper(body, css), prepared)
    assert images(content) == 0
    with opened(content) as document:
        assert not document.attachments
        assert "Noto Serif CJK SC" in pdf.fonts_used(content)


def test_nothing_is_asked_of_the_network(prepared: FontSet, server: tuple[str, list[str]]) -> None:
    address, asked = server
    body = f"<base href='{address}'><link rel=stylesheet href='a.css'><img src='{address}/b.png'><img src='c.png'>"
    css = (
        f"@font-face {{ font-family: X; src: url({address}/d.ttf) }} p {{ font-family: X }} @import '{address}/e.css';"
    )
    pdf.render(a_paper(body + f"<svg><image href='{address}/f.png'/></svg><p>正文", css), prepared)
    assert asked == []


def test_files_go_inside_once_with_the_documents_date(prepared: FontSet) -> None:
    paper = a_paper(attachments=(Attached("result.json", b'{"a": 1}', "成绩"), Attached("b.csv", b"x\n")))
    with opened(pdf.render(paper, prepared)) as document:
        assert {n: document.attachments[n].get_file().read_bytes() for n in document.attachments} == {
            "result.json": b'{"a": 1}',
            "b.csv": b"x\n",
        }
        assert len(document.Root.AF) == 2
        dates = {document.attachments[n].get_file().creation_date for n in document.attachments}
        assert dates == {ISSUED}


@pytest.mark.parametrize("role", ["Song", "Title", "Hei", "Kai", "Fang"])
def test_rare_names_are_drawn_in_every_role(prepared: FontSet, role: str) -> None:
    content = pdf.render(a_paper(f"<p style='font-family: Latin, {role}'>玥堃赟 𠮷 欧阳㛃"), prepared)
    assert prepared.families[role] in pdf.fonts_used(content)
    assert text_of(content) == "玥堃赟 𠮷 欧阳㛃"


def test_a_character_that_no_font_draws_becomes_a_visible_mark(
    prepared: FontSet, caplog: pytest.LogCaptureFixture
) -> None:
    content = pdf.render(a_paper("<p>好😀"), prepared)
    assert text_of(content) == "好〓"
    assert "U+1F600" in caplog.text


def test_fonts_are_embedded_and_reported_by_their_real_names(prepared: FontSet) -> None:
    used = pdf.fonts_used(pdf.render(a_paper("<p>甲 1"), prepared))
    assert used == ["Liberation Serif", prepared.families["Song"]]
