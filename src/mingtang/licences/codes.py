"""The code of a licence, by which anybody finds out how it stands: derived, never stored."""

from mingtang.base.codes import spell_code
from mingtang.base.sealed import blind_index, keyed_hash


def code_of(licence_id: int) -> str:
    """XXXXX-XXXXX."""
    return spell_code(keyed_hash("licence_code", str(licence_id).encode()))


def index_of(code: str) -> str:
    return blind_index("licence_code", code)
