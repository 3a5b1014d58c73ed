"""SQLModel tables, column types and the database itself.

Tables have columns and constraints, no behaviour: ``table=True`` does not validate, so what comes from outside
passes through ``forms`` first. Write through ``actions`` only. May import ``rules`` and ``kit``.
"""

from sqlmodel import SQLModel

# Before any table is declared: constraints need names, so that migrations can change them on every database.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
