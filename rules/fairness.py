"""What the law keeps out of every rule: words in texts and keys that point to it.

Two kinds of finding: *forbidden* (sex, marriage, pregnancy or leave, ethnicity, religion, disability) and *doubtful*
(age, household registration, attendance that counts lawful leave). A word list can never be complete; it is
kept to phrases that make a rule, so that 婚庆业务 or 客户性别称谓礼仪 (what the work is about) pass.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from rules.texts import _


class Ground(NamedTuple):
    """A ground that the law names, with the sentence that says so."""

    key: str
    reason: str
    forbidden: bool = True


class Hit(NamedTuple):
    """A ground and the words that point to it."""

    ground: Ground
    words: str


SEX: Final = Ground("sex", _("不得因性别区别对待（《劳动法》《就业促进法》《妇女权益保障法》）"))
MARRIAGE: Final = Ground("marriage", _("不得以婚姻状况为条件（《妇女权益保障法》）"))
BIRTH: Final = Ground("birth", _("不得因怀孕、生育、产假、哺乳限制晋升（《妇女权益保障法》）"))
LEAVE: Final = Ground("leave", _("依法休假不得对任何人不利"))
ETHNICITY: Final = Ground("ethnicity", _("不得因民族、种族区别对待（《劳动法》《就业促进法》）"))
RELIGION: Final = Ground("religion", _("不得因宗教信仰区别对待（《劳动法》《就业促进法》）"))
DISABILITY: Final = Ground("disability", _("不得歧视残疾人（《残疾人保障法》）"))
AGE: Final = Ground("age", _("年龄与能否胜任无关，竞聘规则不宜使用"), forbidden=False)
HOUSEHOLD: Final = Ground("household", _("户籍与能否胜任无关，竞聘规则不宜使用"), forbidden=False)
ATTENDANCE: Final = Ground("attendance", _("请先剔除依法休假：休假不得对任何人不利"), forbidden=False)

GROUNDS: Final = (SEX, MARRIAGE, BIRTH, LEAVE, ETHNICITY, RELIGION, DISABILITY, AGE, HOUSEHOLD, ATTENDANCE)

LONGEST: Final = 2_000
"""Characters looked at; texts of a policy are bounded far below."""


def hits(text: str) -> Iterator[Hit]:
    """Yield each ground that a text or key points to, at most once."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    joined, tokens = "".join(plain.split()), _tokens(plain)
    for ground in GROUNDS:
        match = PHRASES[ground.key].search(joined) or ENGLISH[ground.key].search(plain) if joined else None
        if match:
            yield Hit(ground, match[0])
        elif tokens and (match := TOKENS[ground.key].search(tokens)):
            yield Hit(ground, match[0].strip("_"))


def _tokens(text: str) -> str:
    """Return a key's words between underlines (``maritalStatus`` → ``_marital_status_``), nothing for a sentence.

    A key about those whom the work serves (``customer_gender_etiquette``) is about the work.
    """
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", text):
        return ""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-.]", "_", text).lower().strip("_").split("_")
    return "" if SERVED.intersection(words) else f"_{'_'.join(words)}_"
