"""Forms of the acts on a case, one for each verb of the table of moves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms.base import (
    ActForm,
    Choices,
    FilesField,
    OriginalsField,
    StepForm,
    day,
    days,
    required,
    text_area,
)
from mingtang.cases.forms.own import WithdrawForm
from mingtang.cases.rules import (
    Deferred,
    Finding,
    HandOverWay,
    PauseReason,
    RequestKind,
    TerminationReason,
    Verb,
)


class ReasonForm(ActForm):
    reason = text_area(_("理由"), _("请写明理由。"))


class ReceiveForm(ActForm):
    is_mandate_seen = forms.BooleanField(label=_("已核对代理人的委托书"), required=False)

    is_renewal_seen = forms.ChoiceField(
        label=_("申请延续的原证件"),
        choices=[("", _("还没有核对")), ("yes", _("已核对，属实")), ("no", _("不属实，按新办"))],
        required=False,
    )

    def offer(self, choices: Choices) -> None:
        if not choices.has_proxy:
            del self.fields["is_mandate_seen"]
        if not choices.has_renewal:
            del self.fields["is_renewal_seen"]

    def clean_is_renewal_seen(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["is_renewal_seen"])


class DeclineForm(ReasonForm):
    competent = forms.CharField(
        label=_("应向哪个机关申请"),
        max_length=100,
        error_messages=required(_("请写明有权办理的机关。")),
    )


class NoteForm(ActForm):
    note = text_area(_("更正了什么"), _("请写明更正了什么。"), rows=2)


class StillMissingForm(ActForm):
    note = text_area(_("还缺什么"), _("请写明补正通知书里的哪一项还缺。"), rows=2)


class CorrectionForm(ActForm):
    """All that is missing, at once: ticked materials and a text."""

    missing = forms.MultipleChoiceField(
        label=_("缺少或者要重交的材料"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = text_area(
        _("其他要补正的内容"),
        "",
        required=False,
        help_text=_("写明哪一处、为什么、怎么改。只能告知一次，请写全。"),
    )

    def offer(self, choices: Choices) -> None:
        self.fields["missing"].choices = list(choices.materials)  # type: ignore[attr-defined]
        if not choices.materials:
            del self.fields["missing"]

    def content(self) -> dict[str, Any]:
        names = dict(self.choices.materials)
        chosen = self.cleaned_data.get("missing", [])
        lines = [{"id": one, "name": names[one], "text": ""} for one in chosen]
        return {**super().content(), "missing": lines}


class OverrideForm(CorrectionForm):
    override_reason = text_area(
        _("批准的理由"), _("请写明批准的理由，将记入台账并报监察。"), rows=2
    )


class BringForm(ActForm):
    """What an applicant brings: files, originals left at the counter, a word about it."""

    note = text_area(_("说明"), "", rows=2, required=False)
    uploads = FilesField(label=_("上传材料"), help_text=_("可选多个文件，每个不超过 10 MB。"))
    originals = OriginalsField(label=_("留下的原件"), required=False)


class DeferredForm(ActForm):
    material_ids = forms.MultipleChoiceField(
        label=_("补交了哪些材料"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=required(_("请勾选补交的材料。")),
    )
    uploads = FilesField(label=_("上传材料"))
    originals = OriginalsField(label=_("留下的原件"), required=False)

    def offer(self, choices: Choices) -> None:
        self.fields["material_ids"].choices = list(choices.deferred)  # type: ignore[attr-defined]


class SendBackForm(ReasonForm):
    asked_by_applicant = forms.BooleanField(label=_("申请人要求退件"), required=False)


class AcceptForm(ReceiveForm):
    """Of each paper that was to be brought: it is there, or by which day it comes."""

    brought = forms.MultipleChoiceField(
        label=_("申请人到窗口带来的材料，收到的打勾"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    bring_by = day(_("没打勾的，最晚哪天带来"), required=False)
    deferred = forms.MultipleChoiceField(
        label=_("容缺受理：哪些材料可以后补"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    promise = forms.CharField(label=_("申请人的补交承诺"), max_length=300, required=False)
    due_date = day(_("最迟补交日期"), required=False)

    def offer(self, choices: Choices) -> None:
        super().offer(choices)
        self.fields["brought"].choices = list(choices.owed)  # type: ignore[attr-defined]
        self.fields["deferred"].choices = list(choices.materials)  # type: ignore[attr-defined]
        self.initial.setdefault("bring_by", choices.hints.get("bring_by"))
        for name in ("brought", "bring_by"):  # asked where something is owed
            self.fields[name].is_asked_when_needed = True  # type: ignore[attr-defined]
        if not choices.owed:
            del self.fields["brought"], self.fields["bring_by"]
        if not choices.materials:
            for name in ("deferred", "promise", "due_date"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("deferred"):
            for name, text in (
                ("promise", _("容缺受理须写明申请人的补交承诺。")),
                ("due_date", _("容缺受理须写明最迟补交日期。")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, text)
        if self._later(data) and not data.get("bring_by") and "bring_by" not in self.errors:
            self.add_error("bring_by", _("还有材料没有打勾。请写明最晚哪天带来。"))
        return data

    def _later(self, data: dict[str, Any]) -> list[str]:
        """What was to be brought and is neither there nor deferred by a promise of its own."""
        settled = {*data.get("brought", ()), *data.get("deferred", ())}
        return [one for one, _name in self.choices.owed if one not in settled]

    def content(self) -> dict[str, Any]:
        data = super().content()
        promise, last = data.pop("promise", ""), data.pop("due_date", None)
        chosen = data.pop("deferred", [])
        by = data.pop("bring_by", None)
        deferred = [Deferred(one, promise, last) for one in chosen]
        said = self.choices.promises
        deferred += [
            Deferred(one, said.get(one) or TO_BRING, by) for one in self._later(self.cleaned_data)
        ]
        return {**data, "deferred": deferred}


TO_BRING = "到窗口带来"  # what an applicant promised who chose so when filing, in no own words


class ExamineForm(StepForm):
    opinion = text_area(_("审查意见"), _("请填写审查意见。"))
    finding = forms.ChoiceField(
        label=_("结论"),
        choices=[(one.value, one.label) for one in Finding],
        initial=Finding.FIT.value,
        widget=forms.RadioSelect,
    )
    companion = forms.CharField(
        label=_("同行人员"),
        max_length=60,
        required=False,
        help_text=_("现场踏勘须有两名以上工作人员。"),
    )

    def offer(self, choices: Choices) -> None:
        if not choices.is_site_visit:
            del self.fields["companion"]

    def clean_finding(self) -> Finding:
        return Finding(self.cleaned_data["finding"])


class ReferUpForm(StepForm):
    opinion = text_area(_("初审意见"), _("请填写初审意见。"))
    finding = forms.ChoiceField(
        label=_("初审结论"),
        choices=[(one.value, one.label) for one in Finding],
        initial=Finding.FIT.value,
        widget=forms.RadioSelect,
        help_text=_("不同意的也要上报，由上级决定。"),
    )

    def clean_finding(self) -> Finding:
        return Finding(self.cleaned_data["finding"])


class BounceForm(ActForm):
    reason = text_area(
        _("退回窗口的理由"),
        _("请写明退回窗口的理由。"),
        rows=2,
        help_text=_("移交错了或者不全的才退回；要申请人补的，用补正。办理时限不停，次数会记录。"),
    )


class HandOnForm(ActForm):
    note = text_area(_("补好了什么"), _("请写明补好了什么。"), rows=2)


class ReturnStepForm(StepForm):
    reason = text_area(_("退回的理由"), _("请写明退回的理由。"), rows=2)


class CancelStepForm(StepForm):
    reason = text_area(_("取消的理由"), _("请写明取消的理由。"), rows=2)


class TransferStepForm(StepForm):
    to_person_id = forms.ChoiceField(label=_("转交给"), required=False)
    reason = forms.CharField(label=_("说明"), max_length=300, required=False)

    def offer(self, choices: Choices) -> None:
        nobody = ("", _("放回待办，谁都可以领取"))
        self.fields["to_person_id"].choices = [nobody, *choices.colleagues]  # type: ignore[attr-defined]

    def clean_to_person_id(self) -> int | None:
        chosen = self.cleaned_data["to_person_id"]
        return int(chosen) if chosen else None


class AddSignerForm(ReasonForm):
    signer = forms.ChoiceField(label=_("请谁加签"), error_messages=required(_("请选择加签人员。")))
    field_order = ("signer", "reason")

    def offer(self, choices: Choices) -> None:
        self.fields["signer"].choices = list(choices.signers)  # type: ignore[attr-defined]

    def content(self) -> dict[str, Any]:
        data = super().content()
        person, _colon, unit = data.pop("signer").partition(":")
        return {**data, "person_id": int(person), "organisation_id": int(unit)}


class UnitForm(ActForm):
    organisation_id = forms.ChoiceField(label=_("单位"), error_messages=required(_("请选择单位。")))

    def offer(self, choices: Choices) -> None:
        chosen = [("", _("请选择")), *choices.organisations]
        self.fields["organisation_id"].choices = chosen  # type: ignore[attr-defined]

    def clean_organisation_id(self) -> int:
        return int(self.cleaned_data["organisation_id"])


class OpinionRequestForm(UnitForm):
    question = text_area(_("要征求的问题"), _("请写明要征求的问题。"), rows=2)
    days = days(_("答复时限（工作日）"), most=90, initial=5)


class TransferForm(UnitForm):
    reason = text_area(_("转办的理由"), _("请写明转办的理由。"), rows=2)


class AskPauseForm(ActForm):
    why = forms.ChoiceField(label=_("特别程序"), error_messages=required(_("请选择特别程序。")))
    days = days(_("预计需要（工作日）"), most=365)
    note = text_area(_("事由"), _("请写明事由，将写入告知书。"), rows=2)

    def offer(self, choices: Choices) -> None:
        self.fields["why"].choices = list(choices.pauses)  # type: ignore[attr-defined]

    def clean_why(self) -> PauseReason:
        return PauseReason(self.cleaned_data["why"])


class ResumeForm(ActForm):
    result = text_area(_("特别程序的结果"), _("请写明特别程序的结果。"), rows=2)


class AskExtensionForm(ActForm):
    days = days(_("延长（工作日）"), most=60)
    note = text_area(_("延期的理由"), _("请写明延期的理由，将告知申请人。"), rows=2)


class RejectRequestForm(ReasonForm):
    kind = forms.ChoiceField(label=_("哪项申请"))
    field_order = ("kind", "reason")

    def offer(self, choices: Choices) -> None:
        self.fields["kind"].choices = list(choices.requests)  # type: ignore[attr-defined]

    def clean_kind(self) -> RequestKind:
        return RequestKind(self.cleaned_data["kind"])


class GrantForm(ActForm):
    reason = text_area(_("决定理由"), _("请写明决定的理由。"))


class RefuseForm(GrantForm):
    legal_basis = forms.CharField(
        label=_("法律依据"),
        max_length=500,
        help_text=_("写明法律、法规名称和条款。"),
        error_messages=required(_("不予的决定须写明法律依据。")),
        widget=forms.TextInput,
    )


class TerminateForm(ReasonForm):
    why = forms.ChoiceField(
        label=_("终止的事由"), choices=[(one.value, one.label) for one in TerminationReason]
    )
    field_order = ("why", "reason")

    def clean_why(self) -> TerminationReason:
        return TerminationReason(self.cleaned_data["why"])


class IssueForm(ActForm):
    licence_number = forms.CharField(
        label=_("证照编号"), max_length=100, error_messages=required(_("请填写证照编号。"))
    )
    expires_on = day(_("有效期止"), required=False, help_text=_("长期有效的不填。"))


class HandOverForm(ActForm):
    way = forms.ChoiceField(
        label=_("送达方式"), choices=[(way.value, way.label) for way in HandOverWay]
    )
    note = forms.CharField(
        label=_("领取人、代理人或邮件号码"),
        max_length=60,
        required=False,
        widget=forms.TextInput,
    )

    def offer(self, choices: Choices) -> None:
        if choices.wanted_way:
            self.initial.setdefault("way", choices.wanted_way)

    def clean_way(self) -> HandOverWay:
        return HandOverWay(self.cleaned_data["way"])


FORM_OF: dict[Verb, type[ActForm]] = {
    Verb.RECEIVE: ReceiveForm,
    Verb.NOT_REQUIRE: ReasonForm,
    Verb.DECLINE: DeclineForm,
    Verb.CORRECT_ON_SPOT: NoteForm,
    Verb.ASK_CORRECTION: CorrectionForm,
    Verb.ASK_CORRECTION_AGAIN: OverrideForm,
    Verb.SUPPLY: BringForm,
    Verb.STILL_MISSING: StillMissingForm,
    Verb.SEND_BACK: SendBackForm,
    Verb.ACCEPT: AcceptForm,
    Verb.ASK_MORE: OverrideForm,
    Verb.SUPPLY_DEFERRED: DeferredForm,
    Verb.CLAIM: StepForm,
    Verb.EXAMINE: ExamineForm,
    Verb.REFER_UP: ReferUpForm,
    Verb.BOUNCE: BounceForm,
    Verb.HAND_ON: HandOnForm,
    Verb.TAKE_BACK: StepForm,
    Verb.RETURN_STEP: ReturnStepForm,
    Verb.TRANSFER_STEP: TransferStepForm,
    Verb.ADD_SIGNER: AddSignerForm,
    Verb.REQUEST_OPINION: OpinionRequestForm,
    Verb.CANCEL_STEP: CancelStepForm,
    Verb.ASK_PAUSE: AskPauseForm,
    Verb.PAUSE: ActForm,
    Verb.RESUME: ResumeForm,
    Verb.ASK_EXTENSION: AskExtensionForm,
    Verb.EXTEND: ActForm,
    Verb.REJECT_REQUEST: RejectRequestForm,
    Verb.TRANSFER: TransferForm,
    Verb.GRANT: GrantForm,
    Verb.GRANT_PARTLY: RefuseForm,
    Verb.REFUSE: RefuseForm,
    Verb.WITHDRAW: WithdrawForm,
    Verb.TERMINATE: TerminateForm,
    Verb.ISSUE: IssueForm,
    Verb.HAND_OVER: HandOverForm,
    Verb.ARCHIVE: ActForm,
    Verb.REOPEN: ReasonForm,
}
