"""The routes, one file for a noun. A GET reads through ``queries``; a POST goes through ``forms`` to ``actions``."""

from typing import Final

from fastapi import APIRouter

from web.routes import accounts, boards, decisions, deeds, health, look, people, rounds, sign_in

ALL: Final[tuple[APIRouter, ...]] = (health.router, look.doors, sign_in.doors, accounts.doors, rounds.doors, boards.doors, deeds.doors, decisions.doors, people.doors)
