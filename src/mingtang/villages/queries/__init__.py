"""Reads of villages. What television and other screens show is in `public`."""

from mingtang.villages.models import CityNotice as CityNotice
from mingtang.villages.models import Disclosure as Disclosure
from mingtang.villages.models import Objection as Objection
from mingtang.villages.models import Section as Section
from mingtang.villages.models import Village as Village
from mingtang.villages.queries import desk as desk
from mingtang.villages.queries.public import Archive as Archive
from mingtang.villages.queries.public import Entry as Entry
from mingtang.villages.queries.public import Notice as Notice
from mingtang.villages.queries.public import PublicObjection as PublicObjection
from mingtang.villages.queries.public import SectionCard as SectionCard
from mingtang.villages.queries.public import Table as Table
from mingtang.villages.queries.public import Township as Township
from mingtang.villages.queries.public import VillageCard as VillageCard
from mingtang.villages.queries.public import archive_years as archive_years
from mingtang.villages.queries.public import entry as entry
from mingtang.villages.queries.public import notices as notices
from mingtang.villages.queries.public import objections_of as objections_of
from mingtang.villages.queries.public import pilot_townships as pilot_townships
from mingtang.villages.queries.public import released as released
from mingtang.villages.queries.public import sections as sections
from mingtang.villages.queries.public import township_by_code as township_by_code
from mingtang.villages.queries.public import village_by_code as village_by_code
from mingtang.villages.queries.public import villages_of as villages_of
