"""Forms of what belongs to a case and does not move it: money, originals, seals."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms.base import ActForm, Choices, OriginalsField, day, required, text_area
from mingtang.cases.rules import Deed
from mingtang.cases.rules.fees import MOST_CENTS, yuan
from mingtang.files.rules.documents import SealMethod


class YuanField(forms.CharField):
    """A sum of money as people write it (120 or 120.50). Gives cents."""

    def __init__(self, *, may_be_negative: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.may_be_negative = may_be_negative

    def clean(self, value: Any) -> Any:
        typed = super().clean(value).strip().removesuffix("元").strip()
        if not typed:
            return None
        cents = _cents(typed)
        if cents is None or (cents < 0 and not self.may_be_negative):
            raise forms.ValidationError(_("金额写成 120 或 120.50 这样，单位是元。"))
        return cents


def _cents(typed: str) -> int | None:
    """None for what is no sum of whole cents, and for what nobody has."""
    try:
        cents = Decimal(typed) * 100
    except ArithmeticError:  # no number, or one beyond all bounds (9e999999)
        return None
    if not cents.is_finite() or abs(cents) >= MOST_CENTS or cents != cents.to_integral_value():
        return None
    return int(cents)


class ChargeForm(ActForm):
    """One field for each fee of the schedule; those with a fixed sum are ticked."""

    def offer(self, choices: Choices) -> None:
        for place, (name, standard, cents) in enumerate(choices.fees):
            if cents is None:
                made: forms.Field = YuanField(label=name, required=False, help_text=standard)
            else:
                label = f"{name}　{yuan(cents)}"
                made = forms.BooleanField(label=label, required=False, initial=True)
            self.fields[f"fee_{place}"] = made
        self.fields["blocks_issue"] = forms.BooleanField(
            label=_("缴清以前不能出证、送达（法律有规定的才勾）"), required=False, initial=True
        )

    def content(self) -> dict[str, Any]:
        fees = []
        for place, (name, _standard, cents) in enumerate(self.choices.fees):
            given = self.cleaned_data.get(f"fee_{place}")
            if given:
                fees.append((name, int(given) if cents is None else cents))
        return {"fees": fees, "blocks_issue": self.cleaned_data["blocks_issue"]}


class ChargeActForm(ActForm):
    """Concerns one charge."""

    charge_id = forms.IntegerField(widget=forms.HiddenInput)


class PayForm(ChargeActForm):
    reference = forms.CharField(
        label=_("收据或交易号"),
        max_length=80,
        required=False,
        help_text=_("现金收费可不填。"),
    )


class SumForm(ChargeActForm):
    cents = YuanField(label=_("金额（元）"), error_messages=required(_("请填写金额。")))
    reason = text_area(_("理由和依据"), _("请写明理由和依据。"), rows=2)


class AnswerWaiverForm(ChargeActForm):
    is_approved = forms.ChoiceField(
        label=_("批复"),
        choices=[("yes", _("同意减免")), ("no", _("不同意"))],
        widget=forms.RadioSelect,
        error_messages=required(_("请选择同意或者不同意。")),
    )

    def clean_is_approved(self) -> bool:
        return bool(self.cleaned_data["is_approved"] == "yes")


class KeepOriginalsForm(ActForm):
    originals = OriginalsField(
        label=_("原件"), error_messages=required(_("请至少写一份原件的名称。"))
    )


class BringForm(ActForm):
    """A tick for each paper that came."""

    material_ids = forms.MultipleChoiceField(
        label=_("收到哪些"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=required(_("请勾选收到的材料。")),
    )

    def offer(self, choices: Choices) -> None:
        self.fields["material_ids"].choices = list(choices.owed)  # type: ignore[attr-defined]


class SendOriginalsForm(ActForm):
    original_ids = forms.MultipleChoiceField(
        label=_("哪些原件"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=required(_("请勾选要移交的原件。")),
    )
    receiver_id = forms.ChoiceField(label=_("交给"), error_messages=required(_("请选择接收单位。")))
    due_date = day(_("请对方签收的期限"), _("请填写签收的期限。"))

    def offer(self, choices: Choices) -> None:
        self.fields["original_ids"].choices = list(choices.originals)  # type: ignore[attr-defined]
        chosen = [("", _("请选择")), *choices.organisations]
        self.fields["receiver_id"].choices = chosen  # type: ignore[attr-defined]
        if due := choices.hints.get("due_date"):
            self.initial.setdefault("due_date", due)

    def clean_original_ids(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["original_ids"]]

    def clean_receiver_id(self) -> int:
        return int(self.cleaned_data["receiver_id"])


class SignSlipForm(ActForm):
    slip_id = forms.IntegerField(widget=forms.HiddenInput)


class ReturnOriginalsForm(ActForm):
    original_ids = forms.MultipleChoiceField(
        label=_("退还哪些原件"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=required(_("请勾选要退还的原件。")),
    )

    def offer(self, choices: Choices) -> None:
        self.fields["original_ids"].choices = list(choices.originals)  # type: ignore[attr-defined]

    def clean_original_ids(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["original_ids"]]


class SealForm(ActForm):
    document_id = forms.IntegerField(widget=forms.HiddenInput)
    seal_name = forms.CharField(
        label=_("印章名称"), max_length=60, error_messages=required(_("请填写印章名称。"))
    )
    method = forms.TypedChoiceField(
        label=_("盖章方式"),
        coerce=SealMethod,
        widget=forms.RadioSelect,
        error_messages=required(_("请选择盖章方式。")),
    )

    def offer(self, choices: Choices) -> None:
        if name := choices.hints.get("seal_name"):
            self.initial.setdefault("seal_name", name)
        if choices.seal_methods:
            self.fields["method"].choices = list(choices.seal_methods)  # type: ignore[attr-defined]
            self.initial.setdefault("method", choices.seal_methods[0][0])
        else:
            del self.fields["method"]


DEED_FORMS: dict[Deed, type[ActForm]] = {
    Deed.CHARGE: ChargeForm,
    Deed.PAY: PayForm,
    Deed.ASK_WAIVER: SumForm,
    Deed.ANSWER_WAIVER: AnswerWaiverForm,
    Deed.REFUND: SumForm,
    Deed.KEEP_ORIGINALS: KeepOriginalsForm,
    Deed.SEND_ORIGINALS: SendOriginalsForm,
    Deed.SIGN_SLIP: SignSlipForm,
    Deed.RETURN_ORIGINALS: ReturnOriginalsForm,
    Deed.SEAL: SealForm,
    Deed.SEE_MANDATE: ActForm,
    Deed.RECALL_SLIP: SignSlipForm,
    Deed.BRING: BringForm,
}
