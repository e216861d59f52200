"""How a document is shown and printed."""

import json


def page_context(document):
    return {"document": document, "paper": json.loads(document.content)}
