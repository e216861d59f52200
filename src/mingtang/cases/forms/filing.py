"""Forms of filing, across the counter too, and of looking a case up: shape and messages."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.clock import today
from mingtang.base.errors import DomainError
from mingtang.cases.forms.base import (
    CommandForm,
    FilesField,
    OriginalsField,
    SeveralFiles,
    day,
    required,
)
from mingtang.cases.rules import (
    Applicant,
    ApplicantKind,
    GivenWay,
    HandOverWay,
    Proxy,
    Renewal,
    normalise_code,
)
from mingtang.cases.rules.applying import known_way, renewing
from mingtang.outage.forms import PaperFields
from mingtang.regions.rules import check_citizen_number, check_credit_code

NOT_KEPT = {"command_id", "uploads", "originals", "is_mandate_seen"}


class FilingForm(CommandForm):
    """Who applies, for which business variant; what is applied for is asked by the item's form."""

    variant = forms.ChoiceField(
        label=_("办哪一种"),
        widget=forms.RadioSelect,
        error_messages=required(_("请选择办哪一种。")),
    )
    township = forms.ChoiceField(
        label=_("所在乡镇（街道）"),
        help_text=_("这件事先由乡镇（街道）初审，再报上级决定。请选要办的事所在的乡镇（街道）。"),
        error_messages=required(_("请选择所在的乡镇（街道）。")),
    )
    applicant_kind = forms.ChoiceField(
        label=_("申请人类型"),
        choices=[("natural", _("个人")), ("legal", _("企业或其他单位"))],
        initial="natural",
        widget=forms.RadioSelect,
    )
    applicant_name = forms.CharField(
        label=_("姓名或单位名称"),
        max_length=120,
        error_messages=required(_("请填写申请人姓名或单位名称。")),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    identity_number = forms.CharField(
        label=_("身份证号或统一社会信用代码"),
        max_length=40,
        help_text=_("个人填 18 位身份证号，单位填 18 位统一社会信用代码。"),
        error_messages=required(_("请填写身份证号或统一社会信用代码。")),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    phone = forms.RegexField(
        r"^\s*(1\d{10}|0\d{2,3}-?\d{7,8})\s*$",
        label=_("联系电话"),
        help_text=_("窗口核对材料时可能打这个电话。"),
        error_messages={
            "required": _("请填写联系电话。"),
            "invalid": _("电话号码不对：手机应为 11 位数字，座机请带区号，如 0570-4012345。"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=_("联系地址"),
        max_length=200,
        required=False,
        help_text=_("可不填。邮寄结果时需要。"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    proxy_name = forms.CharField(label=_("代理人姓名"), max_length=60, required=False)
    proxy_identity_number = forms.CharField(
        label=_("代理人身份证号"), max_length=40, required=False
    )
    proxy_phone = forms.CharField(label=_("代理人电话"), max_length=20, required=False)
    renews_number = forms.CharField(label=_("原证件编号"), max_length=100, required=False)
    renews_until = day(_("原证件有效期止"), required=False)

    def __init__(
        self,
        *args: Any,
        variants: Sequence[Mapping[str, Any]] = (),
        item_name: str = "",
        townships: Sequence[tuple[str, str]] = (),
        **more: Any,
    ) -> None:
        """`townships`: of which one is chosen, where a township examines first."""
        super().__init__(*args, **more)
        if townships:
            chosen = [("", _("请选择")), *townships]
            self.fields["township"].choices = chosen  # type: ignore[attr-defined]
        else:
            del self.fields["township"]
        self.renewing = renewing(item_name, variants)
        if self.renewing == []:
            del self.fields["renews_number"], self.fields["renews_until"]
        if variants:
            self.fields["variant"].choices = [  # type: ignore[attr-defined]
                (one["code"], one["name"] or one["code"]) for one in variants
            ]
        else:
            del self.fields["variant"]

    @property
    def when_renewing(self) -> str:
        """For the script of the page: the block of the old licence belongs to some variants."""
        if self.renewing is None:
            return "[]"
        return json.dumps([{"name": "variant", "test": "in", "value": self.renewing}])

    def typed(self) -> dict[str, str]:
        """All that was typed, right or wrong, to be shown again some other day."""
        kept = (name for name in self.fields if name not in NOT_KEPT)
        return {name: str(self.data.get(name, ""))[:2000] for name in kept}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, kind = data.get("identity_number"), data.get("applicant_kind")
        if number and kind:
            self._check("identity_number", kind, number)
        self._clean_proxy(data)
        if data.get("renews_number") and not data.get("renews_until"):
            self.add_error("renews_until", _("办理延续须填写原证件的有效期止。"))
        return data

    def _clean_proxy(self, data: dict[str, Any]) -> None:
        if not (data.get("proxy_name") or data.get("proxy_identity_number")):
            return
        if not data.get("proxy_name"):
            self.add_error("proxy_name", _("请填写代理人姓名。"))
        if not data.get("proxy_identity_number"):
            self.add_error("proxy_identity_number", _("请填写代理人身份证号。"))
        else:
            natural = ApplicantKind.NATURAL.value
            self._check("proxy_identity_number", natural, data["proxy_identity_number"])

    def _check(self, name: str, kind: str, number: str) -> None:
        try:
            self.cleaned_data[name] = _checked_number(kind, number)
        except DomainError as error:
            self.add_error(name, error.message)

    def applicant(self, *, person_id: int | None, is_registered: bool = False) -> Applicant:
        """Who applies, as the command takes it. `is_registered`: the proxy's mandate is on
        record."""
        data = self.cleaned_data
        proxy = None
        if data["proxy_name"]:
            proxy = Proxy(
                data["proxy_name"],
                data["proxy_identity_number"],
                "".join(data["proxy_phone"].split()),
                is_registered,
            )
        return Applicant(
            kind=ApplicantKind(data["applicant_kind"]),
            name=data["applicant_name"],
            identity_number=data["identity_number"],
            phone="".join(data["phone"].split()),
            address=data["address"],
            person_id=person_id,
            proxy=proxy,
        )

    def township_id(self) -> int | None:
        chosen = self.cleaned_data.get("township")
        return int(chosen) if chosen else None

    def renewal(self) -> Renewal | None:
        data = self.cleaned_data
        number, until = data.get("renews_number"), data.get("renews_until")
        if self.renewing is not None and data.get("variant") not in self.renewing:
            return None
        return Renewal(number, until) if number and until else None


class IntakeForm(FilingForm):
    """The same at a counter, with papers in hand."""

    uploads = FilesField(label=_("扫描件"), help_text=_("可选多个文件。"))
    originals = OriginalsField(label=_("留下的原件"), required=False)
    is_mandate_seen = forms.BooleanField(label=_("已核对代理人的委托书"), required=False)


class CounterForm(PaperFields, IntakeForm):
    """The intake at a counter, with the receipt of an outage where there was one."""


class MaterialsForm(forms.Form):
    """How each material comes: uploaded now, brought to the window, or later.

    `lines` are what the edition asks for; `given` is what the draft says so far:
    {material: {"way", "promise", "uploads"}}; `attributes` those of an input that takes files.
    """

    def __init__(
        self,
        lines: Sequence[Mapping[str, Any]],
        given: Mapping[str, Any],
        data: Any,
        attributes: Mapping[str, str],
        *,
        has_proxy: bool = False,
    ) -> None:
        super().__init__(data)
        self.lines, self.given, self.attributes = lines, given, attributes
        self.known = {
            line["id"]: known_way(line["need"], line.get("note") or "", has_proxy=has_proxy)
            for line in lines
        }
        for line in lines:
            self._add(line, given.get(line["id"]) or {})

    def _add(self, line: Mapping[str, Any], said: Mapping[str, Any]) -> None:
        key = line["id"]
        self.fields[f"way-{key}"] = forms.ChoiceField(
            label=_("怎么交"),
            choices=[(way.value, _(way.label)) for way in ways_of(line)],
            initial=said.get("way") or self.known[key][0],
            widget=forms.RadioSelect,
            error_messages=required(_("请选择这份材料怎么交。")),
        )
        self.fields[f"files-{key}"] = forms.Field(  # the view takes the files themselves
            label=_("选照片或文件，可以一次选几张"),
            required=False,
            widget=SeveralFiles(attrs=dict(self.attributes)),
        )
        self.fields[f"promise-{key}"] = forms.CharField(
            label=_("什么时候补交"),
            help_text=_("例如：十月底前拿到检验报告就交来"),
            max_length=300,
            required=False,
            initial=said.get("promise"),
        )
        for name in ("files", "promise"):  # asked only where it is needed
            self.fields[f"{name}-{key}"].is_asked_when_needed = True  # type: ignore[attr-defined]
        for name in ("way", "files", "promise"):  # in the list of errors, where all look alike
            self.fields[f"{name}-{key}"].told = line["name"]  # type: ignore[attr-defined]

    def said(self) -> dict[str, dict[str, Any]]:
        """What was chosen, with the pages that are there already; complete or not."""
        ways = {way.value for way in GivenWay}
        return {
            line["id"]: {
                "way": way if (way := str(self.data.get(f"way-{line['id']}"))) in ways else "",
                "promise": str(self.data.get(f"promise-{line['id']}", ""))[:300],
                "uploads": list((self.given.get(line["id"]) or {}).get("uploads") or []),
            }
            for line in self.lines
        }

    def clean(self) -> dict[str, Any]:
        for key, said in self.said().items():
            if f"way-{key}" in self.errors:
                if said["way"] or not said["uploads"]:
                    continue
                del self.errors[f"way-{key}"]  # a file that is there says how it comes
            for name, fault in material_faults(said["way"], bool(said["uploads"]), said["promise"]):
                self.add_error(f"{name}-{key}", fault)
        return self.cleaned_data

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "line": line,
                "number": number,
                "known": self.known[line["id"]][1],
                **{name: self[f"{name}-{line['id']}"] for name in ("way", "files", "promise")},
                "when_uploaded": _when(line["id"], GivenWay.UPLOADED),
                "when_deferred": _when(line["id"], GivenWay.DEFERRED),
            }
            for number, line in enumerate(self.lines, 1)
        ]


ALWAYS = "必要"  # as the catalogue says of a material that every applicant gives


def ways_of(line: Mapping[str, Any]) -> list[GivenWay]:
    """How a material may come: one that only some give may be left out."""
    return [way for way in GivenWay if way is not GivenWay.NOT_NEEDED or line["need"] != ALWAYS]


def rest_brought(data: Any, lines: Iterable[Mapping[str, Any]], given: Mapping[str, Any]) -> Any:
    """The page as if each material of which nothing was said were brought to the window."""
    filled = data.copy()
    for line in lines:
        key = line["id"]
        has_files = (given.get(key) or {}).get("uploads") or data.get(f"files-{key}_handed")
        if not data.get(f"way-{key}") and not has_files:
            filled[f"way-{key}"] = GivenWay.TO_BRING.value
    return filled


def _when(key: str, way: GivenWay) -> str:
    """For the script of the page: an input that belongs to one way of giving."""
    return json.dumps([{"name": f"way-{key}", "test": "is", "value": way.value}])


def material_faults(way: str, has_files: bool, promise: str) -> list[tuple[str, Any]]:
    """What is not settled of a material: which input, and a sentence."""
    if has_files and way in {"", GivenWay.UPLOADED.value}:
        return []
    if not way:
        return [("way", _("请选择这份材料怎么交。"))]
    if way == GivenWay.UPLOADED.value:
        return [("files", _("还没有文件。请上传，或改选到窗口时带来。"))]
    if way == GivenWay.DEFERRED.value and not promise.strip():
        return [("promise", _("请写明什么时候能交来。"))]
    return []


class ResumeForm(forms.Form):
    code = forms.CharField(
        label=_("续填码"),
        max_length=20,
        help_text=_("保存时给您的 10 位字母和数字，大小写都可以。"),
        error_messages=required(_("请填写续填码。")),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        return normalise_code(self.cleaned_data["code"])


class DeliveryForm(CommandForm):
    """How the applicant wants the result."""

    way = forms.ChoiceField(
        label=_("怎么领取结果"),
        choices=[(way.value, _(way.label)) for way in HandOverWay],
        widget=forms.RadioSelect,
        error_messages=required(_("请选择领取方式。")),
    )
    address = forms.CharField(
        label=_("收件地址"),
        max_length=200,
        required=False,
        help_text=_("选邮寄的请填写，连同收件人电话。"),
    )

    def clean_way(self) -> HandOverWay:
        return HandOverWay(self.cleaned_data["way"])


def _checked_number(kind: str, number: str) -> str:
    if kind == ApplicantKind.LEGAL.value:
        return check_credit_code(number).code
    return check_citizen_number(number, today=today()).number


class ProgressForm(forms.Form):
    number = forms.CharField(
        label=_("办件编号"),
        max_length=50,
        help_text=_("回执上的 21 位数字。"),
        error_messages=required(_("请填写办件编号。")),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        help_text=_("回执上的 10 位字母和数字，大小写都可以。"),
        error_messages=required(_("请填写查询码。")),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"]
        return "".join(typed.split())

    def clean_code(self) -> str:
        return normalise_code(self.cleaned_data["code"])
