"""What the law keeps out of every rule: which texts and keys of a policy point to it.

Two kinds of finding: *forbidden* (sex, marriage, pregnancy or leave, ethnicity, religion, disability) and *doubtful*
(age, household registration, attendance that counts lawful leave). The words are in ``rules.fairness_words``.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from rules.fairness_words import ENGLISH, KEYS, PHRASES, SERVED
from rules.texts import Text, _


class Ground(NamedTuple):
    """A ground that the law names, with the sentence that says so."""

    key: str
    reason: str
    forbidden: bool = True


GROUNDS: Final = (
    Ground("sex", _("不得因性别区别对待（《劳动法》《就业促进法》《妇女权益保障法》）")),
    Ground("marriage", _("不得以婚姻状况为条件（《妇女权益保障法》）")),
    Ground("birth", _("不得因怀孕、生育、产假、哺乳限制晋升（《妇女权益保障法》）")),
    Ground("leave", _("依法休假不得对任何人不利")),
    Ground("ethnicity", _("不得因民族、种族区别对待（《劳动法》《就业促进法》）")),
    Ground("religion", _("不得因宗教信仰区别对待（《劳动法》《就业促进法》）")),
    Ground("disability", _("不得歧视残疾人（《残疾人保障法》）")),
    Ground("age", _("年龄不说明能否胜任，竞聘规则不宜使用"), forbidden=False),
    Ground("household", _("户籍不说明能否胜任，竞聘规则不宜使用"), forbidden=False),
    Ground("attendance", _("请确认已剔除依法休假：休假不得对任何人不利"), forbidden=False),
)

LONGEST: Final = 2_000
"""Characters looked at; the texts of a policy are bounded far below."""


class Hit(NamedTuple):
    """A ground, and the words that point to it."""

    ground: Ground
    words: str

    def text(self) -> Text:
        """Return what the law says to these words."""
        values = {"words": self.words, "reason": Text(self.ground.reason)}
        return Text(_("“{words}”：{reason}"), values)


def hits(text: str) -> Iterator[Hit]:
    """Yield each ground that a text or a key points to, once."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    joined, tokens = "".join(plain.split()), _tokens(plain)
    for ground in GROUNDS:
        name = ground.key
        match = PHRASES[name].search(joined) or ENGLISH[name].search(plain) or KEYS[name].search(tokens)
        if match:
            yield Hit(ground, match[0].strip("_ "))


def _tokens(text: str) -> str:
    """Return the words of a key between underlines (``maritalStatus``: ``_marital_status_``), nothing for sentences.

    A key about those whom the work serves (``customer_gender_etiquette``) is about the work, not about the candidates.
    """
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", text):
        return ""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-.]", "_", text).lower().split("_")
    return "" if SERVED.intersection(words) else f"_{'_'.join(filter(None, words))}_"
