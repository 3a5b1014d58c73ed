"""The routes, one file for a noun. A GET reads through ``queries``; a POST goes through ``forms`` to ``actions``."""

from typing import Final

from fastapi import APIRouter

from web.routes import (
    account,
    accounts,
    boards,
    decisions,
    deeds,
    enrolment,
    health,
    links,
    look,
    panels,
    people,
    reviews,
    rounds,
    score_sheets,
    second_factor,
    sign_in,
    viewings,
    watch,
)

ALL: Final[tuple[APIRouter, ...]] = (
    health.router,
    look.doors,
    sign_in.doors,
    links.doors,
    account.doors,
    second_factor.doors,
    enrolment.doors,
    accounts.doors,
    rounds.doors,
    boards.doors,
    deeds.doors,
    decisions.doors,
    panels.doors,
    people.doors,
    watch.doors,
    viewings.doors,
    reviews.doors,
    score_sheets.doors,
)
