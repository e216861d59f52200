"""Rules: by what the list of items is narrowed. An item may have several values of a facet."""

DEPARTMENT, KIND, SERVED = "department", "kind", "served"
LEVEL, THEME, LIFE = "level", "theme", "life"
REFERRED = "referred"  # who examines first what another level decides
AT_COUNTY = "county"  # where an item is handled that says nothing of it
