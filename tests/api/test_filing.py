"""Filing with files over the API: a request that comes again is the same filing, what is refused
leaves nothing behind, and no file is taken and dropped."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.api import services
from mingtang.cases.models import Case, FilingDraft
from mingtang.catalogue.queries import edition_for_filing, materials_of
from mingtang.files.models import Upload
from mingtang.files.queries import uploads_of
from tests.api.caller import Caller
from tests.papers import pdf, png
from tests.world import NUMBERS, new_command_id, plain

pytestmark = pytest.mark.django_db
WHO = {
    "applicant_kind": "natural",
    "applicant_name": "毛小明",
    "identity_number": NUMBERS[0],
    "phone": "13800000001",
}
SOUND = {**WHO, "answers": plain("在峡口镇取水。")}


class Filing:
    """An item of two materials, and its address."""

    def __init__(self, world):
        self.code = world.item(materials="身份证\n取水申请书")
        self.path = f"/items/{self.code}/cases"
        self.card, self.letter = [one["id"] for one in materials_of(edition_for_filing(self.code))]

    def send(self, files, status=200, key="", ways=("uploaded", "uploaded"), **said):
        materials = [
            {"id": one, "way": way} for one, way in zip((self.card, self.letter), ways, strict=True)
        ]
        fresh = {
            f"files-{name}": [SimpleUploadedFile(*one) for one in listed]
            for name, listed in files.items()
        }
        whole = {**SOUND, "materials": materials, **said}
        return Caller().send(self.path, fresh, status, key, **whole)

    def papers(self):
        return {
            self.card: [("正面.png", png(90)), ("反面.png", png(91))],
            self.letter: [("申请书.pdf", pdf())],
        }


@pytest.fixture
def filing(world):
    return Filing(world)


def left():
    return FilingDraft.objects.count(), Upload.objects.count(), Case.objects.count()


@pytest.mark.slow
def test_the_files_of_each_material_become_the_cases(filing):
    number = filing.send(filing.papers())["number"]
    case = Case.objects.get(number=number)
    names = {str(one.id): one.original_name for one in uploads_of(case.stream)}
    given = case.submissions.get().materials.order_by("id")
    assert [(one.material_id, [names[key] for key in one.upload_ids]) for one in given] == [
        (filing.card, ["正面.png", "反面.png"]),
        (filing.letter, ["申请书.pdf"]),
    ]
    assert FilingDraft.objects.count() == 0


@pytest.mark.slow
def test_a_filing_whose_answer_was_lost_is_answered_when_it_comes_again(filing, monkeypatch):
    key, ways = new_command_id(), ("to_bring", "uploaded")

    def send(status=200, shade=90):
        files = {filing.letter: [("申请书.png", png(shade))]}
        return filing.send(files, status, key, ways)

    def killed(**_said):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(services, "remember", killed)
        with pytest.raises(KeyboardInterrupt):
            send()
    assert left() == (0, 1, 1)
    again = send()
    assert again["number"] == Case.objects.get().number
    assert again["query_code"]
    assert left() == (0, 1, 1)
    send(409, shade=91)  # control: another request is still another


def test_a_filing_that_is_refused_leaves_nothing_behind(filing):
    wrong = filing.send(filing.papers(), 422, answers={})
    assert [one["field"] for one in wrong["errors"]] == ["answers.matter"]
    assert left() == (0, 0, 0)
    broken = filing.papers() | {filing.letter: [("申请书.pdf", b"%PDF-1.4 broken")]}
    filing.send(broken, 422)
    assert left() == (0, 0, 0)


def test_a_file_of_no_material_of_the_item_is_refused_by_name(filing):
    stray = {**filing.papers(), "m9": [("别的.png", png())]}
    wrong = filing.send(stray, 422)
    assert [one["field"] for one in wrong["errors"]] == ["files-m9"]
    assert "没有要这份材料" in wrong["errors"][0]["message"]
    named = [{"id": "m9", "way": "uploaded"}]
    wrong = filing.send(stray, 422, materials=named)
    assert {"materials.0.id", "files-m9"} <= {one["field"] for one in wrong["errors"]}
    assert left() == (0, 0, 0)


def test_a_material_of_another_variant_is_refused(world):
    lines = "申请书|表格|1|必要\n工程图|图纸|1|必要||办理项=01\n原证|原件|1|必要||办理项=02"
    code = world.item(variants="01|新办\n02|变更", materials=lines)
    asked, other, own = [one["id"] for one in materials_of(edition_for_filing(code))]

    def send(status, *ids):
        materials = [{"id": one, "way": "to_bring"} for one in ids]
        said = {**SOUND, "variant": "02", "materials": materials}
        return Caller().post(f"/items/{code}/cases", status, **said)

    wrong = send(422, asked, other, own)
    assert [one["field"] for one in wrong["errors"]] == ["materials.1.id"]
    assert send(200, asked, own)["number"]
