"""Rules of search: the kind under which public items lie in the index, and their facets. Pure."""

KIND = "publication"
ORGAN, COLUMN, CATEGORY, GENRE, THEME, DAY = (
    *("organ", "column", "category", "genre", "theme", "day"),
)
