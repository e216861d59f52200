"""Rules of assessment: schemes, scoring, ranking, sources, sheets. Pure."""
