"""Places, names and lines of television."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.tv.rules import SIZES, Key, Kind, Line, NoSuchPage, pages_of, places, wrapped
from mingtang.tv.rules.keys import parse
from mingtang.tv.rules.layout import MOST_PRESSES, corners, middle, most, presses
from mingtang.tv.rules.lines import NEVER_FIRST, width
from mingtang.tv.rules.sizes import LOWEST_LINK, SMALLEST_TEXT


@pytest.mark.parametrize("size", SIZES.values(), ids=str)
def test_three_presses_reach_every_village_and_none_stands_in_a_corner(size) -> None:
    for count in range(most(size.side) + 1):
        taken = places(count, size.side)
        assert len(set(taken)) == count
        assert taken == sorted(taken)
        assert all(presses(one, size.side) <= MOST_PRESSES for one in taken)
        assert not set(taken) & set(corners(size.side))
        assert count == 0 or middle(size.side) in taken
    with pytest.raises(ValueError, match="do not fit"):
        places(most(size.side) + 1, size.side)


@pytest.mark.parametrize("size", SIZES.values(), ids=str)
def test_what_is_read_and_chosen_is_large_enough_and_within_the_safe_picture(size) -> None:
    assert size.text >= SMALLEST_TEXT
    assert min(size.choice - 4, size.bar - 6, size.body // size.side - 8) >= LOWEST_LINK
    assert size.lines * size.row <= size.body
    assert size.choices * size.choice <= size.body
    assert size.top * 2 + size.bar * 2 + size.body <= size.height
    assert size.columns * size.text <= size.inner_width * 2


@given(st.text(alphabet="村务公开账目abc12，。（）", max_size=200), st.integers(8, 60))
def test_lines_lose_nothing_and_are_no_wider_than_the_screen(text: str, columns: int) -> None:
    lines = wrapped(text, columns)
    assert "".join(lines) == text
    assert all(width(line) <= columns + 2 for line in lines)
    assert all(width(line) <= columns for line in lines if line[:1] not in NEVER_FIRST)


@given(st.lists(st.integers(1, 30), max_size=12), st.integers(2, 14))
def test_screens_lose_no_line_and_keep_together_what_fits(
    sizes: list[int], most_lines: int
) -> None:
    blocks = [[Line(f"{at}.{n}") for n in range(count)] for at, count in enumerate(sizes)]
    screens = pages_of(blocks, most_lines)
    assert [line for screen in screens for line in screen] == [
        line for block in blocks for line in block
    ]
    assert all(len(screen) <= most_lines for screen in screens)
    for block in blocks:
        if len(block) <= most_lines:
            assert any(set(block) <= set(screen) for screen in screens)


@pytest.mark.parametrize(
    "key",
    [
        Key(Kind.INDEX),
        Key(Kind.TOWNSHIP, "330881118000", page=2),
        Key(Kind.VILLAGE, "330881118201"),
        Key(Kind.AREA, "330881118201", "finance", 12),
        Key(Kind.ENTRY, "3032140761165463552", page=3),
        Key(Kind.NOTICES),
        Key(Kind.NOTICE, "3032140761165463552"),
    ],
)
def test_a_name_leads_back_to_its_page(key: Key) -> None:
    assert parse(key.name) == key


@pytest.mark.parametrize(
    "name", ["", "x", "t-1", "v-330881118201-finance", "index-p0", "index-p1", "e-", "e-12a", "a"]
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(NoSuchPage):
        parse(name)
