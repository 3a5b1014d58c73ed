"""Which passwords are refused: too short, saying who it is, or made of what everybody tries first.

A list of common passwords knows few that are as long as ours have to be; people reach the length by joining, repeating
and numbering the common ones. So what is common is taken out, and what is left has to be enough.
"""

import re
from collections.abc import Iterable
from typing import Final

from rules.texts import Text, _

SHORTEST: Final = 12
LONGEST: Final = 256
"""Characters; ASVS asks for at least 8 and recommends 15, and that 64 are possible."""

ENOUGH: Final = 6
"""Characters that have to be left when all that is common is taken out."""

_ALIKE: Final = str.maketrans("@430!5$", "aaeoiss")

COMMON: Final = tuple(
    sorted(
        """
        password passwort passwd pass word admin administrator root user login guest test temp default changeme change
        secret letmein welcome hello iloveyou love lovely sunshine princess dragon monkey master superman batman shadow
        football baseball soccer hockey michael jennifer jordan charlie summer winter spring autumn monday friday
        computer internet service office company manager system server database windows apple google microsoft huawei
        xiaomi tencent alibaba baidu taobao wechat weixin zhifubao alipay china beijing shanghai shenzhen guangzhou
        qwertyuiop qwerty qwert asdfghjkl asdfgh asdf zxcvbnm zxcvbn zxcv qazwsxedc qazwsx qaz wsx edc rfv
        oneqtwow oneqaz qweasdzxc qweasd qwe asd zxc abcdefghijklmnopqrstuvwxyz abcdefgh abcdef abcd abc xyz aabbcc
        woaini woaiwojia woaiwo wojia laogong laopo baobao baobei nihao zhongguo xiexie mima denglu yonghu guanliyuan
        ceshi kefu kefuzhongxin jingpin hotline callcenter customer helpdesk support agent wangluo diannao gongsi
        zhangwei wangwei wangfang liwei lina zhangmin lijing wangjing liuwei wangxiuying zhangli lixiuying zhangjing
        killer trustno hunter ranger buster soccer tigger thomas robert daniel andrew joshua matthew pepper ginger
        freedom whatever nothing please forever family friend happy lucky smile angel flower orange banana cookie cheese
        chocolate coffee starwars pokemon naruto matrix ferrari mercedes porsche corvette mustang harley yamaha
        correcthorsebatterystaple
        密码 口令 管理员 测试 你好 我爱你 客服 竞聘 中国 公司 登录 用户
        """.split(),  # noqa: SIM905 - a list that people read
        key=len,
        reverse=True,
    )
)
"""Longest first, so that a word is taken out whole."""

_RUNS: Final = ("abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba")


def fault(password: str, *, about: Iterable[str]) -> Text | None:
    """Return what is wrong with a password; ``None``: it will do. ``about``: login, names, numbers of whose it is."""
    if len(password) < SHORTEST:
        return Text(_("密码至少 {n} 个字符；可以用一句话，空格和汉字都算"), {"n": SHORTEST})
    if len(password) > LONGEST:
        return Text(_("密码最多 {n} 个字符"), {"n": LONGEST})
    said = password.casefold()
    if any(len(word) > 1 and word.casefold() in said for word in about):
        return Text(_("密码中不能含有登录名、姓名或工号"))
    if len(_uncommon(said)) < ENOUGH:
        return Text(_("这个密码太常见，别人很快就能猜到；请换成几个互不相干的词"))
    return None


def _uncommon(said: str) -> str:
    """Return what is left of a password without common words, dates, runs, repetitions and what stands between."""
    readings = ("".join(said.split()), "".join(said.translate(_ALIKE).split()))
    return min((_without_common(reading) for reading in readings), key=len)


def _without_common(said: str) -> str:
    for word in COMMON:
        said = said.replace(word, " ")
    said = re.sub(r"\d{3,}|(19|20)\d\d|[\W_]+", " ", said)
    for run in _RUNS:
        for length in range(len(run), 2, -1):
            for start in range(len(run) - length + 1):
                said = said.replace(run[start : start + length], " ")
    return re.sub(r"(.+?)\1+", r"\1", "".join(said.split()))
