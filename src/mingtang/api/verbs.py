"""Verbs: what an operation whose path ends in a verb takes, for each of them."""

from dataclasses import dataclass

from pydantic import BaseModel


@dataclass(frozen=True)
class Verb:
    """`law`: the article that it rests on, if one is known; `files`: names that take files."""

    name: str
    label: str
    body: type[BaseModel]
    law: str = ""
    files: tuple[str, ...] = ()
