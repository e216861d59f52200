"""Forms of consultations: for everyone in `public`, for those who answer in `office`."""

from typing import Any

from django import forms


def area(label: Any, rows: int, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more
    )
