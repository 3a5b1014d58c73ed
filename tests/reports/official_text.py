"""What an official document says, without setting it in type."""

from reports.official import layout
from reports.official.blocks import Heading, Official, Paragraph, Table


def said(document: Official) -> str:
    """Return everything that stands in a document, a block or a table's row a line."""
    lines = [document.organisation.name, layout.issue_number(document.number), document.title, document.addressees]
    for block in document.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text):
                lines.append(text)
            case Table():
                lines += [block.title, *(" ".join(row) for row in (block.head, *block.rows, block.total) if row)]
    return "\n".join([*lines, *document.notes])


def headings(document: Official) -> list[str]:
    """Return the headings of the first level."""
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]
