"""Forms of joint matters."""

from mingtang.joint.forms.acts import FORMS, OwnSupplyForm
from mingtang.joint.forms.base import ActForm, ReasonForm
from mingtang.joint.forms.filing import JointFilingForm, JointMaterialsForm, chosen

__all__ = [
    "FORMS",
    "ActForm",
    "JointFilingForm",
    "JointMaterialsForm",
    "OwnSupplyForm",
    "ReasonForm",
    "chosen",
]
