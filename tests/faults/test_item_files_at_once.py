"""Two upload different files under one name at the same moment: one is kept, one is told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.catalogue.models import Item
from mingtang.catalogue.queries import item_files
from mingtang.catalogue.services import NameTaken, keep_item_file
from tests import papers
from tests.faults.test_at_once import _at_once
from tests.world import new_command_id

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_one_name_never_means_two_contents_even_at_once(world, at):
    item = Item.objects.get(code=world.item())

    def keep(number: int) -> object:
        return keep_item_file(
            item_id=item.id,
            incoming=SimpleUploadedFile("申请表.pdf", papers.pdf(number + 1)),
            actor=world.actor(world.clerk),
            at=at,
            command_id=new_command_id(),
        )

    results = _at_once([lambda number=number: keep(number) for number in range(6)])
    assert sum(isinstance(result, dict) for result in results) == 1
    assert sum(isinstance(result, NameTaken) for result in results) == 5
    assert item_files.names_kept(item.id) == {"申请表.pdf"}
