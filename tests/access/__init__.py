"""Who may open what: every route, every role, one's own things and other people's."""
