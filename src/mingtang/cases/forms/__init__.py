"""Forms of cases: filing, acts, money and originals, the desk."""

from mingtang.cases.forms.acts import FORM_OF
from mingtang.cases.forms.base import ActForm, Choices, CommandForm
from mingtang.cases.forms.deeds import DEED_FORMS
from mingtang.cases.forms.filing import (
    DeliveryForm,
    FilingForm,
    IntakeForm,
    MaterialsForm,
    ProgressForm,
    ResumeForm,
)
from mingtang.cases.forms.own import CitizenBringForm, WithdrawForm

__all__ = [
    "DEED_FORMS",
    "FORM_OF",
    "ActForm",
    "Choices",
    "CitizenBringForm",
    "CommandForm",
    "DeliveryForm",
    "FilingForm",
    "IntakeForm",
    "MaterialsForm",
    "ProgressForm",
    "ResumeForm",
    "WithdrawForm",
]
