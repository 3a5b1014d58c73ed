"""What people upload is judged by its content: real files pass; what acts, hides or explodes is refused."""

import io
import zipfile
import zlib

import openpyxl
import pikepdf
import pytest
from PIL import Image, ImageFile

from forms import uploads
from rules.texts import RuleError


def pdf(**options: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def pdf_with(change) -> bytes:  # noqa: ANN001 - a function of the document
    document = pikepdf.new()
    document.add_blank_page()
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "案例"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def office(main: str = "word/document.xml", **members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", members.pop("types", b"<Types/>"))
        archive.writestr(main, b"<document/>")
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def office_and(name: str, content: bytes) -> bytes:
    return office(**{name: content})


def image(kind: str, size: tuple[int, int] = (8, 8)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


def refusal(name: str, content: bytes, *, most_mb: int = 1) -> str:
    with pytest.raises(RuleError) as error:
        uploads.read(name, content, most_mb=most_mb)
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), "pdf"),
        (pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate), "pdf"),
        (office(), "docx"),
        (office("ppt/presentation.xml"), "pptx"),
        (xlsx(), "xlsx"),
        (image("JPEG"), "jpg"),
        (image("PNG"), "png"),
        ("一、情况\n客户投诉。".encode(), "txt"),
        ("客户投诉。".encode("gb18030"), "txt"),
    ],
)
def test_the_kind_follows_the_content_whatever_the_name_says(content: bytes, kind: str) -> None:
    found = uploads.read("案例总结.exe", content, most_mb=1)
    assert (found.kind, found.name) == (kind, f"案例总结.exe.{kind}")
    assert uploads.read("案例总结.pdf", content, most_mb=1).name == f"案例总结.{kind}"


def test_a_text_may_be_called_markdown() -> None:
    assert uploads.read("方案.MD", b"# 1", most_mb=1).kind == "md"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\桌面\\案例.pdf", "案例.pdf"),
        ("..", "file.pdf"),
        ("", "file.pdf"),
        ("/", "file.pdf"),
        ("a\x00\r\nb.pdf", "ab.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("<script>alert(1)</script>.pdf", "script_.pdf"),
        ("a:b|c?.pdf", "a_b_c_.pdf"),
        (".hidden.pdf", "hidden.pdf"),
        ("长" * 300 + ".pdf", "长" * 80 + ".pdf"),
    ],
)
def test_a_name_is_never_a_path_and_hides_nothing(name: str, clean: str) -> None:
    assert uploads.clean_name(name, "pdf") == clean


def test_nothing_and_too_much_are_refused() -> None:
    assert "空的" in refusal("a.pdf", b"")
    assert "2 MB，最多 1 MB" in refusal("a.txt", b"x" * (1024**2 + 1))


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>x",
        b"\xef\xbb\xbf  <html><script>alert(1)</script>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<svg><image href="file:///etc/passwd"/></svg>',
        b"# text\n\n<script>alert(1)</script>",
    ],
)
def test_pages_and_drawings_that_can_act_are_refused(content: bytes) -> None:
    assert "脚本" in refusal("a.txt", content)


@pytest.mark.parametrize("content", [b"MZ\x90\x00\x03", b"\x7fELF\x02\x01\x01\x00", b"\x00\x01\x02", b"\xff\xfe\x00a"])
def test_programs_and_what_is_nothing_known_are_refused(content: bytes) -> None:
    assert "不是可以接收的文件" in refusal("a.pdf", content)


def test_an_encrypted_pdf_is_refused_with_a_password_for_readers_or_only_for_owners() -> None:
    assert "已加密" in refusal("a.pdf", pdf(encryption=pikepdf.Encryption(owner="o", user="u")))
    assert "已加密" in refusal("a.pdf", pdf(encryption=pikepdf.Encryption(owner="o", user="")))


def test_a_broken_pdf_is_refused() -> None:
    assert "打不开" in refusal("a.pdf", b"%PDF-1.7\nnothing")
    assert "没有页面" in refusal("a.pdf", pdf_with(lambda d: d.pages.__delitem__(0)))


def test_a_pdf_with_a_script_is_refused_wherever_it_stands() -> None:
    script = {"/S": pikepdf.Name.JavaScript, "/JS": "app.alert(1)"}

    def on_opening(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(script)

    def of_a_page(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.AA = pikepdf.Dictionary(O=document.make_indirect(pikepdf.Dictionary(script)))

    def by_name(document: pikepdf.Pdf) -> None:
        document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array()))

    for change in (on_opening, of_a_page, by_name):
        assert "JavaScript" in refusal("a.pdf", pdf_with(change))


def test_a_pdf_that_starts_something_or_carries_files_is_refused() -> None:
    def starts(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")

    def carries(document: pikepdf.Pdf) -> None:
        document.attachments["a.exe"] = b"MZ"

    assert "自行启动" in refusal("a.pdf", pdf_with(starts))
    assert "夹带" in refusal("a.pdf", pdf_with(carries))


@pytest.mark.parametrize("name", [b"/ObjStm", b"/Obj#53tm", b"/XRef"])
def test_a_pdf_that_explodes_when_it_is_opened_is_refused_before(name: bytes) -> None:
    bomb = zlib.compress(b"0 " * (40 * 1024**2), 9)
    head = b"%PDF-1.5\n1 0 obj\n<</Type" + name + b"/N 1/First 5/Filter/FlateDecode/Length %d>>\nstream\n" % len(bomb)
    assert "异常庞大" in refusal("a.pdf", head + bomb + b"\nendstream endobj\n%%EOF")


@pytest.mark.parametrize(
    "member", ["word/vbaProject.bin", "word/activeX/activeX1.xml", "word/embeddings/oleObject1.bin", "x.exe"]
)
def test_macros_controls_and_programs_in_office_files_are_refused(member: str) -> None:
    assert "宏" in refusal("a.docx", office_and(member, b"x"))


def test_a_macro_type_without_a_macro_is_refused() -> None:
    assert "宏" in refusal("a.docx", office(types=b'<Types ContentType="application/vnd.ms-word.macroEnabled"/>'))


def test_a_template_that_is_fetched_from_elsewhere_is_refused() -> None:
    relation = (
        b'<Relationships><Relationship TargetMode="External" Id="1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        b'Target="http://127.0.0.1/a.dotm"/></Relationships>'
    )
    assert "别处" in refusal("a.docx", office_and("word/_rels/settings.xml.rels", relation))
    link = relation.replace(b"attachedTemplate", b"hyperlink")
    assert uploads.read("a.docx", office_and("word/_rels/document.xml.rels", link), most_mb=1).kind == "docx"


def test_an_xml_bomb_in_an_office_file_is_refused() -> None:
    assert "声明" in refusal("a.docx", office_and("word/styles.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'))


def test_a_zip_bomb_and_any_other_zip_are_refused() -> None:
    assert "异常庞大" in refusal("a.docx", office_and("word/media/a.png", b"\0" * (50 * 1024**2)))
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "压缩包" in refusal("a.docx", other.getvalue())


def test_paths_out_of_an_office_file_are_refused() -> None:
    assert "之外" in refusal("a.docx", office_and("../../x.xml", b"<x/>"))


def test_broken_and_old_office_files_are_refused() -> None:
    assert "损坏" in refusal("a.docx", office()[:-40])
    torn = bytearray(xlsx())
    torn[60] ^= 0xFF
    assert "损坏" in refusal("a.xlsx", bytes(torn))
    assert "旧版或加密" in refusal("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


@pytest.mark.parametrize("told", [False, True])
def test_images_are_opened_to_their_last_line(*, told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", told)  # as WeasyPrint does for the whole process
    whole = image("PNG", (200, 200))
    assert "打不开" in refusal("a.png", whole[: len(whole) // 2])
    assert "打不开" in refusal("a.jpg", b"\xff\xd8\xff\xe0 nothing")


def test_an_image_of_a_monstrous_size_is_refused_before_it_is_unpacked() -> None:
    for side, said in ((9_000, "9000×9000"), (60_000, "多得异常")):
        small = bytearray(image("PNG"))
        small[16:24] = side.to_bytes(4, "big") * 2
        small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4, "big")
        assert said in refusal("a.png", bytes(small))
