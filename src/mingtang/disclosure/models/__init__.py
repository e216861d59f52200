"""Tables of disclosure: items with their chain in `items`, catalogue and checks in `standard`."""

from mingtang.disclosure.models.items import (
    AutoFact,
    AutoRule,
    IndexNumber,
    IndexScheme,
    Publication,
    Review,
    Training,
    Version,
)
from mingtang.disclosure.models.standard import CatalogueEntry, CatalogueLink, SiteCheck

__all__ = [
    "AutoFact",
    "AutoRule",
    "CatalogueEntry",
    "CatalogueLink",
    "IndexNumber",
    "IndexScheme",
    "Publication",
    "Review",
    "SiteCheck",
    "Training",
    "Version",
]
