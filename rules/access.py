"""Who may do what: the table an auditor reads. Every page and every call of the API names one act of it.

A role *reaches* all of a round, only the sheets assigned to one, or only one's own records. How far it reaches is kept
by the queries: they take the reach, or the staff number, as an argument.
"""

from collections.abc import Collection, Mapping
from enum import IntEnum, StrEnum
from typing import Final

from rules.texts import Text, _, enumerated


class Role(StrEnum):
    """What an account is in the centre; one account may have several, see ``APART``."""

    HR = "hr"
    REVIEWER = "reviewer"
    CANDIDATE = "candidate"
    OBSERVER = "observer"
    ADMIN = "admin"


ROLES: Final[Mapping[Role, str]] = {
    Role.HR: _("人力资源"),
    Role.REVIEWER: _("评委"),
    Role.CANDIDATE: _("候选人"),
    Role.OBSERVER: _("监督员"),
    Role.ADMIN: _("系统管理员"),
}

APART: Final[tuple[frozenset[Role], ...]] = (
    frozenset({Role.ADMIN, Role.HR}),
    frozenset({Role.ADMIN, Role.OBSERVER}),
    frozenset({Role.HR, Role.OBSERVER}),
    frozenset({Role.REVIEWER, Role.OBSERVER}),
)
"""Roles that nobody has together: who runs a round neither watches over it nor gives out the rights to run it."""


SECOND_FACTOR: Final[Mapping[str, frozenset[Role]]] = {
    "administrators": frozenset({Role.ADMIN}),
    "staff": frozenset(Role) - {Role.CANDIDATE},
    "everyone": frozenset(Role),
}
"""Who has to have a second factor, by what the centre has set; others may have one."""

WHOSE: Final[Mapping[str, str]] = {
    "administrators": _("系统管理员"),
    "staff": _("候选人以外的各角色"),
    "everyone": _("所有人"),
}


class Reach(IntEnum):
    """How far an act reaches; a wider one includes the narrower."""

    OWN = 1
    ASSIGNED = 2
    ALL = 3


class Act(StrEnum):
    """What pages and API let people do."""

    # everybody, signed in or not
    SIGN_IN = "sign_in"
    READ_NOTICES = "read_notices"
    READ_REFERENCE = "read_reference"
    CHOOSE_LOOK = "choose_look"
    # everybody who is signed in
    USE_ACCOUNT = "use_account"
    # accounts
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_HEALTH = "see_health"
    # people
    SEE_PEOPLE = "see_people"
    IMPORT_PEOPLE = "import_people"
    # rounds
    PREPARE_ROUNDS = "prepare_rounds"
    SEE_ROUND = "see_round"
    STEER_ROUND = "steer_round"
    ENTER_EVIDENCE = "enter_evidence"
    CONFIRM_DECISION = "confirm_decision"
    SEE_RESULTS = "see_results"
    SEE_DOCUMENTS = "see_documents"
    SEE_HISTORY = "see_history"
    ANSWER_HEARINGS = "answer_hearings"
    # candidates
    APPLY = "apply"
    # reviewers
    SCORE = "score"
    SEE_DOSSIER = "see_dossier"
    # observers
    SIGN_HISTORY = "sign_history"
    RECEIVE_OBJECTIONS = "receive_objections"
    SEE_VIEWINGS = "see_viewings"


OPEN_TO_ALL: Final = frozenset({Act.SIGN_IN, Act.READ_NOTICES, Act.CHOOSE_LOOK, Act.READ_REFERENCE})
"""What needs no signing in."""

OPEN_TO_SIGNED_IN: Final = frozenset({Act.USE_ACCOUNT})
"""What everybody may who is signed in, whatever their role."""

TABLE: Final[Mapping[Act, Mapping[Role, Reach]]] = {
    Act.MANAGE_ACCOUNTS: {Role.ADMIN: Reach.ALL},
    Act.SEE_HEALTH: {Role.ADMIN: Reach.ALL},
    Act.SEE_PEOPLE: {Role.HR: Reach.ALL, Role.OBSERVER: Reach.ALL},
    Act.IMPORT_PEOPLE: {Role.HR: Reach.ALL},
    Act.PREPARE_ROUNDS: {Role.HR: Reach.ALL},
    Act.SEE_ROUND: {Role.HR: Reach.ALL, Role.OBSERVER: Reach.ALL},
    Act.STEER_ROUND: {Role.HR: Reach.ALL},
    Act.ENTER_EVIDENCE: {Role.HR: Reach.ALL},
    Act.CONFIRM_DECISION: {Role.HR: Reach.ALL},
    Act.SEE_RESULTS: {Role.HR: Reach.ALL, Role.OBSERVER: Reach.ALL, Role.CANDIDATE: Reach.OWN},
    Act.SEE_DOCUMENTS: {Role.HR: Reach.ALL, Role.OBSERVER: Reach.ALL, Role.CANDIDATE: Reach.OWN},
    Act.SEE_HISTORY: {Role.HR: Reach.ALL, Role.OBSERVER: Reach.ALL},
    Act.ANSWER_HEARINGS: {Role.HR: Reach.ALL},
    Act.APPLY: {Role.CANDIDATE: Reach.OWN},
    Act.SCORE: {Role.REVIEWER: Reach.ASSIGNED},
    Act.SEE_DOSSIER: {Role.HR: Reach.ALL, Role.OBSERVER: Reach.ALL, Role.REVIEWER: Reach.ASSIGNED},
    Act.SIGN_HISTORY: {Role.OBSERVER: Reach.ALL},
    Act.RECEIVE_OBJECTIONS: {Role.OBSERVER: Reach.ALL},
    Act.SEE_VIEWINGS: {Role.OBSERVER: Reach.ALL},
}


def reach(act: Act, roles: Collection[Role]) -> Reach | None:
    """Return how far an act reaches for somebody of these roles; ``None``: they may not do it at all.

    What is open to everybody reaches one's own records only.
    """
    if act in OPEN_TO_ALL or act in OPEN_TO_SIGNED_IN:
        return Reach.OWN
    return max((far for role, far in TABLE[act].items() if role in roles), default=None)


def refusal(act: Act) -> Text:
    """Return why somebody may not do an act, and who may."""
    who = enumerated(Text(ROLES[role]) for role in TABLE.get(act, {}))
    return Text(_("您的账号没有这项权限；可以操作的是：{who}"), {"who": who})


def clash(roles: Collection[Role]) -> Text | None:
    """Return which of these roles nobody may have together; ``None`` when all go together."""
    for pair in APART:
        if pair <= set(roles):
            named = enumerated(Text(ROLES[role]) for role in sorted(pair))
            return Text(_("这些角色不能由同一账号兼任：{roles}"), {"roles": named})
    return None
