"""The papers of a draft: its policy.yaml, and the launch notice as it would be published now."""

from typing import Final

from fastapi import Response

from forms import draft_policies
from kit import fonts
from kit.i18n import gettext
from kit.renderer import Renderer
from kit.settings import settings
from reports.official import layout
from rules.access import Act
from web import draft_pages
from web.doors import Doors
from web.downloads import attachment, opened
from web.visit import Visit

doors: Final = Doors()


@doors.get("/drafts/{draft}/policy.yaml", act=Act.PREPARE_ROUNDS, name="draft_file")
def file(visit: Visit, draft: str) -> Response:
    """Hand out the draft as policy.yaml, whether it is complete or not."""
    sheet = draft_pages.sheet_of(draft_pages.found(visit, draft))
    name = f"{sheet.tree.get('code') or 'policy'}.yaml"
    return attachment(sheet.judged.text, name=name, media_type="application/yaml; charset=utf-8")


@doors.get("/drafts/{draft}/notice.pdf", act=Act.PREPARE_ROUNDS, name="draft_notice", lasts=True)
def notice(visit: Visit, draft: str) -> Response:
    """Set the launch notice as it would be published now."""
    sheet = draft_pages.sheet_of(draft_pages.found(visit, draft))
    policy = draft_policies.require_sound(sheet.judged).policy
    paper = layout.paper(draft_pages.launch_notice(visit, policy, sheet), time_zone=policy.time_zone)
    now = settings()
    with Renderer(fonts.prepare(now.cache, now.fonts), workers=1) as renderer:
        content = renderer.render(paper)
    return opened(content, name=gettext("竞聘公告（预览）.pdf"))
