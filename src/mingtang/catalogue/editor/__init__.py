"""The office's own screens of the catalogue: edit, review, compare, completeness."""
