"""What people are told about their personal data before they apply; they agree to exactly these words."""

from kit.i18n import gettext as _
from kit.jinja import joined
from reports.official.contact import contact
from reports.requirements import rule_name, rules_of
from reports.words import word
from rules.policies import Policy


def paragraphs(policy: Policy) -> list[str]:
    """Return the notice for one round: what is used, for what, who sees it, how long it is kept, one's rights."""
    rules = joined([rule_name(rule) for rule in rules_of(policy)])
    files = joined([word(slot) for slot in policy.applications.materials])
    who = contact(policy.organisation)
    texts = [
        _("处理目的：审查报名资格、评审、公示和任职。不用于其他目的，也不作对外提供。"),
        _("使用的信息：姓名、工号、业务线、班组、职级，以及资格条件涉及的记录（{rules}）。").format(rules=rules)
        if rules
        else _("使用的信息：姓名、工号、业务线、班组和职级。"),
        _("您提交的材料（{files}）和本轮的评分、考勤、考试成绩。").format(files=files)
        if files
        else _("本轮产生的评分、考勤和考试成绩。"),
        _("谁能看到：经办的人力资源、被指派的评委和监督组；每次查阅都有记录。其他候选人看不到。"),
        _("公示的内容：入选人员的姓名、隐去中间部分的工号、现单位和职级、拟任岗位，以及综合成绩和名次。")
        if policy.notice.show_scores
        else _("公示的内容：入选人员的姓名、隐去中间部分的工号、现单位和职级、拟任岗位，不公布成绩。"),
        _("自动审查：资格结论由程序按公布的规则得出，会列出规则、数值和来源；您可以要求由人复核。"),
        _("保存期限：按单位的人事档案规定保存；操作记录至少保存六个月。"),
        _("您的权利：随时查阅和导出自己的信息，要求更正，截止前撤回报名；撤回不影响以后的竞聘。"),
    ]
    return [*texts, _("联系：{contact}。").format(contact=who)] if who else texts


def text(policy: Policy) -> str:
    """Return the whole notice as one text, as it is kept with the consent."""
    return "\n".join(paragraphs(policy))
