"""Names as a payroll has them: common and rare ones, compound surnames, names of several peoples.

All invented. Names of ethnic minorities are written with ``·`` where their owners do; some characters are rare on
purpose (堃, 赟, 䶮), one lies outside the basic plane of Unicode (𬱖): a name must never come out as an empty box.
"""

from random import Random
from typing import Final

from demo.chance import falls, weighed

SURNAMES: Final = {
    **dict.fromkeys("王李张刘陈", 7.0),
    **dict.fromkeys("杨黄赵吴周", 3.0),
    **dict.fromkeys("徐孙马朱胡郭何高林罗", 1.6),
    **dict.fromkeys("郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡", 0.8),
    **dict.fromkeys("余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金", 0.5),
    **dict.fromkeys("石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯", 0.3),
    **dict.fromkeys("覃冼邬乜麴盖仇区解单查逄", 0.06),
}
COMPOUND: Final = ("欧阳", "司徒", "上官", "诸葛", "皇甫", "慕容", "尉迟", "令狐", "端木", "夏侯")

SINGLE: Final = "伟芳敏静丽强磊洋勇艳杰娟涛超霞平刚桂莉斌鹏婷雪琳倩蕾萌薇岚晶昊宇晨阳帆哲瀚骁峥"
FIRST: Final = "子雨佳梓思文志建晓海俊嘉欣一宇浩婷诗明永春玉秀国立书若锦泽亦沐景清承云"
SECOND: Final = "涵轩怡琪萱然宁瑶彤妍悦豪杰峰辉华玲燕梅兰英军民强红娜婷琴航博睿欣远恒源安"
RARE: Final = ("堃", "赟", "珺垚", "䶮", "昶", "𬱖", "翀", "祎昕", "頔", "喆", "璟琰", "骉")

WITH_DOT: Final = (
    ("阿依努尔", "迪丽拜尔", "艾尔肯", "古丽米热", "帕尔哈提", "热依汗古丽", "叶尔兰", "木合塔尔"),
    ("艾则孜", "吐尔地", "阿不都热依木", "库尔班", "肉孜", "哈斯木", "沙吾提", "依明江"),
)
WITHOUT_DOT: Final = ("扎西次仁", "央金卓玛", "苏日娜", "乌兰图雅", "阿木古楞", "格桑德吉")


def name(chance: Random) -> str:
    """Return the name of one person; namesakes happen."""
    kind = weighed(chance, {"plain": 92.0, "compound": 2.0, "rare": 3.0, "dot": 2.6, "minority": 1.2})
    if kind == "dot":
        return "·".join(chance.choice(part) for part in WITH_DOT)
    if kind == "minority":
        return chance.choice(WITHOUT_DOT)
    surname = chance.choice(COMPOUND) if kind == "compound" else weighed(chance, SURNAMES)
    return surname + (chance.choice(RARE) if kind == "rare" else _given(chance))


def _given(chance: Random) -> str:
    if falls(chance, 0.22):
        return chance.choice(SINGLE)
    return chance.choice(FIRST) + chance.choice(SECOND)
