"""Filling in an application as somebody with a browser does."""

from django.urls import reverse

from mingtang.cases.models import FilingDraft
from tests.world import NUMBERS, new_command_id


def applying(**changes):
    return {
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "identity_number": NUMBERS[0],
        "phone": "13800000001",
        "address": "",
        "command_id": new_command_id(),
        **changes,
    }


class Writer:
    """Somebody with a browser who fills in an item's form."""

    def __init__(self, client, item, **changes):
        self.client = client
        self.first = client.post(reverse("cases:file", args=[item]), applying(**changes))
        assert self.first.status_code == 302, self.first.content.decode()
        self.draft = FilingDraft.objects.order_by("-id").first()

    def url(self, part):
        return reverse("cases:filing", args=[self.draft.id, part])

    def page(self, part):
        return self.client.get(self.url(part)).content.decode()

    def send(self, part, go="next", **fields):
        return self.client.post(self.url(part), {"go": go, **fields})

    def fill(self):
        """All of the form of test_filing, and the paper to be brought."""
        self.send("s-place", **{"place-river": "江山港", "place-is_farm": "no"})
        self.send("s-pumps", **{"pumps-list-count": "0"})
        return self.send("materials", **{f"way-{self.material}": "to_bring"})

    def fill_plain(self, text="在峡口镇取水灌溉。"):
        """The form of an edition that has none of its own."""
        return self.send("s-matter", **{"matter-summary": text})

    @property
    def material(self):
        """The id of the first material."""
        return self.draft.edition.materials[0]["id"]

    def file(self, **changes):
        check = self.client.get(self.url("check")).context
        fields = {"edition": check["writing"].edition.id, "command_id": check["command_id"]}
        return self.client.post(self.url("check"), fields | changes)
