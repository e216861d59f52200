"""The code that is printed on a document, by which anybody finds out whether it is ours.

Fifty keyed bits of the document's id and salt: derived and never stored, so that no copy of the
database shows one and nobody without the key can put a valid code on a row of their own. A code
must also find its document, from a QR code alone: for that the row keeps the blind index of its
code, which finds one and shows none.
"""

from mingtang.base.codes import spell_code
from mingtang.base.sealed import keyed_hash

INDEX = "document_code"


def code_of(document_id: int, salt: str) -> str:
    """XXXXX-XXXXX."""
    return spell_code(keyed_hash("document_code", f"{document_id}/{salt}".encode()))
