"""Read everything that is kept about one person: for their own copy of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from models.accounts import Account, Viewing
from models.books import BOOKS
from models.documents import Document
from models.hearings import Acknowledgement
from models.history import Entry
from models.marks import Attendance, ExamScore
from models.messages import Message
from models.people import Person
from models.rounds import Round
from queries import books

RECORDS = ("ratings", "incidents", "honours", "certificates", "kpis")


def person(session: Session, *, staff_no: str) -> Person | None:
    """Return the row of the directory, also of one who has left."""
    return session.get(Person, staff_no)


def records(session: Session, *, staff_no: str) -> Mapping[str, Sequence[Any]]:
    """Return what the directory records of a person, by book."""
    return {book: books.rows(session, book=book, where={"staff_no": staff_no}) for book in RECORDS}


def fields(book: str) -> tuple[str, ...]:
    """Return the columns of a book."""
    return tuple(BOOKS[book].record._fields)


def account(session: Session, *, staff_no: str) -> Account | None:
    """Return the account that stands for a person."""
    return session.exec(select(Account).where(Account.staff_no == staff_no)).first()


def messages(session: Session, *, staff_no: str) -> Sequence[Message]:
    """Return the letters to a person, oldest first."""
    return session.exec(
        select(Message).where(Message.recipient == staff_no).order_by(col(Message.written_at), Message.key)
    ).all()


def viewings(session: Session, *, staff_no: str) -> Sequence[Viewing]:
    """Return when which pages about a person were looked at, oldest first."""
    return session.exec(select(Viewing).where(Viewing.subject == staff_no).order_by(col(Viewing.id))).all()


def papers(session: Session, *, the_round: Round, staff_no: str) -> Sequence[Document]:
    """Return a person's own documents of a round."""
    mine = select(Document).where(Document.round_id == the_round.id, Document.staff_no == staff_no)
    return session.exec(mine.order_by(Document.kind, col(Document.version))).all()


def entries(session: Session, *, the_round: Round, staff_no: str) -> Sequence[Entry]:
    """Return the entries of a round's history that are about a person."""
    mine = select(Entry).where(Entry.chain == str(the_round.id), Entry.subject == staff_no)
    return session.exec(mine.order_by(col(Entry.number))).all()


def of_round(session: Session, *, the_round: Round, staff_no: str) -> Mapping[str, Sequence[Any]]:
    """Return a person's rows of a round that hold nobody else's name: attendance, examination, confirmations."""
    found: dict[str, Sequence[Any]] = {}
    for name, model in (
        ("attendance", Attendance),
        ("exam", ExamScore),
        ("acknowledgements", Acknowledgement),
    ):
        query = select(model).where(model.round_id == the_round.id, model.staff_no == staff_no)
        found[name] = session.exec(query).all()
    return found
