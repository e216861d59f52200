"""The editor of routes: a list, a draft in rows, its checks, its review, its editions."""
