"""Commands of the catalogue: items from tables and drafts, their states, life events, enquiries."""

from mingtang.catalogue.search import missing_from_index, reindex_items
from mingtang.catalogue.services.basic import (
    BasicRefused,
    load_basic_items,
    load_demo_basic_items,
    plan_basic_items,
    read_basic_file,
)
from mingtang.catalogue.services.campaigns import (
    accept_reports,
    announce,
    carry_out,
    close_inventory,
    decide,
    freeze,
    plan_decisions,
    plan_report,
    report,
    return_report,
    start_campaign,
    take_reports,
)
from mingtang.catalogue.services.drafts import (
    create_item,
    discard_draft,
    open_draft,
    publish_draft,
    return_draft,
    save_draft,
    submit_draft,
)
from mingtang.catalogue.services.enquiries import record_enquiry
from mingtang.catalogue.services.exporting import export_items, write_table
from mingtang.catalogue.services.importing import import_demo_items, import_items
from mingtang.catalogue.services.item_files import NameTaken, keep_item_file
from mingtang.catalogue.services.life_events import (
    load_demo_life_events,
    load_life_events,
    read_life_events_file,
)
from mingtang.catalogue.services.lists import (
    bring_in_list,
    freeze_lists,
    make_handbook,
    make_lists,
    record_printing,
)
from mingtang.catalogue.services.plan import ImportRefused, Plan, plan_import
from mingtang.catalogue.services.profiles import lay_profiles
from mingtang.catalogue.services.sheets import read_items_file, read_upload
from mingtang.catalogue.services.shelf import (
    count_guide,
    print_guide,
    remove_guide,
    set_least,
    shelve_guide,
)
from mingtang.catalogue.services.states import move_item, resume_item, retire_item, suspend_item
from mingtang.catalogue.services.synonyms import SHIPPED as SHIPPED_SYNONYMS
from mingtang.catalogue.services.synonyms import (
    load_shipped_synonyms,
    load_synonyms,
    read_synonyms,
    synonyms_loaded,
)

__all__ = [
    "SHIPPED_SYNONYMS",
    "BasicRefused",
    "ImportRefused",
    "NameTaken",
    "Plan",
    "accept_reports",
    "announce",
    "bring_in_list",
    "carry_out",
    "close_inventory",
    "count_guide",
    "create_item",
    "decide",
    "discard_draft",
    "export_items",
    "freeze",
    "freeze_lists",
    "import_demo_items",
    "import_items",
    "keep_item_file",
    "lay_profiles",
    "load_basic_items",
    "load_demo_basic_items",
    "load_demo_life_events",
    "load_life_events",
    "load_shipped_synonyms",
    "load_synonyms",
    "make_handbook",
    "make_lists",
    "missing_from_index",
    "move_item",
    "open_draft",
    "plan_basic_items",
    "plan_decisions",
    "plan_import",
    "plan_report",
    "print_guide",
    "publish_draft",
    "read_basic_file",
    "read_items_file",
    "read_life_events_file",
    "read_synonyms",
    "read_upload",
    "record_enquiry",
    "record_printing",
    "reindex_items",
    "remove_guide",
    "report",
    "resume_item",
    "retire_item",
    "return_draft",
    "return_report",
    "save_draft",
    "set_least",
    "shelve_guide",
    "start_campaign",
    "submit_draft",
    "suspend_item",
    "synonyms_loaded",
    "take_reports",
    "write_table",
]
