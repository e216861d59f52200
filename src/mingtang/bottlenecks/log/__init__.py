"""A log of events from a file, told as JSON, as a table or as a page. Needs no installation."""
