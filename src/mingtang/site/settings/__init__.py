"""Settings: `installation` for a city, `test` for the tests."""
