"""Rules of villages. Pure: no Django, no clock."""
