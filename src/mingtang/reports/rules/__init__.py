"""Rules of reports: tables, identities, the linter. Pure."""
