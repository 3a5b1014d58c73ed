"""Letters to one person that pages cause: written with the deed, sent later by the clock."""

from actions import outbox
from actions.outbox import Letter
from kit.i18n import in_language, say
from kit.settings import settings
from messages import letters
from messages.letters import About
from models.people import Person
from models.rounds import Round
from models.stages import Stage
from rules.texts import Text
from web.visit import Visit


def to_person(
    visit: Visit, template: str, *, the_round: Round, stage: Stage, staff_no: str, key: str, **values: object
) -> bool:
    """Write a letter to a candidate; false when no address is known (the page says it anyway), or it was written.

    A value that is a ``Text`` is said in the letter's language, whatever whoever acts speaks.
    """
    person = visit.session.get(Person, staff_no)
    if person is None or not person.email:
        return False
    about = About(
        title=" ".join(the_round.title.split()),
        stage_name=stage.name,
        closes_at=stage.closes_at,
        due_at=stage.due_at,
        time_zone=the_round.time_zone,
        organisation=visit.policy_of(the_round).organisation,
        now=visit.now,
    )
    with in_language(settings().language):
        said = {key: say(value) if isinstance(value, Text) else value for key, value in values.items()}
        written = letters.write(template, about, name=person.name, **said)
    letter = Letter(key, "told", staff_no, person.email, written.subject, written.body, the_round.id)
    return outbox.write(visit.session, [letter], now=visit.now) == 1
