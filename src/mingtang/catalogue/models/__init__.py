"""Tables of the catalogue: items with their editions and drafts, clean-up campaigns, lists, the
shelf."""

from mingtang.catalogue.models.campaigns import Campaign, CampaignEntry, CampaignUnit, MergeLink
from mingtang.catalogue.models.items import (
    BasicItem,
    Draft,
    Edition,
    Item,
    ItemStatus,
    LifeEvent,
    LifeEventItem,
    ProcedureProfile,
    Served,
)
from mingtang.catalogue.models.lists import ListRow, PowerList, Printing, PrintingShare
from mingtang.catalogue.models.shelf import ShelfGuide

__all__ = [
    "BasicItem",
    "Campaign",
    "CampaignEntry",
    "CampaignUnit",
    "Draft",
    "Edition",
    "Item",
    "ItemStatus",
    "LifeEvent",
    "LifeEventItem",
    "ListRow",
    "MergeLink",
    "PowerList",
    "Printing",
    "PrintingShare",
    "ProcedureProfile",
    "Served",
    "ShelfGuide",
]
