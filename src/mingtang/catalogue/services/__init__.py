"""Commands of the catalogue: publish service items from tables."""

from mingtang.catalogue.services.importing import import_demo_items, import_items
from mingtang.catalogue.services.plan import ImportRefused, Plan, plan_import
from mingtang.catalogue.services.sheets import read_items_file

__all__ = [
    "ImportRefused",
    "Plan",
    "import_demo_items",
    "import_items",
    "plan_import",
    "read_items_file",
]
