"""Counting a list by its facets: the quick way says what the plain way says."""

from hypothesis import given
from hypothesis import strategies as st

from mingtang.catalogue.rules.facets import FACETS, count, label_of, read

VALUES = st.sampled_from(["a", "b=", '"', "[],", "主题"])
ITEM = st.fixed_dictionaries({facet: st.lists(VALUES, max_size=3) for facet in FACETS})
WANTED = st.dictionaries(st.sampled_from(FACETS), st.one_of(VALUES, st.just("")))


def fits(item: dict[str, list[str]], wanted: dict[str, str], but: str = "") -> bool:
    return all(not value or facet == but or value in item[facet] for facet, value in wanted.items())


@given(st.lists(ITEM, max_size=12), WANTED)
def test_counts_are_those_of_asking_each_item(items, wanted) -> None:
    labels = [label_of(item) for item in items]
    found = count({label: labels.count(label) for label in labels}, wanted)
    fitting = [item for item in items if fits(item, wanted)]
    assert found.total == len(fitting)
    assert set(found.labels) == {label_of(item) for item in fitting}
    for facet in FACETS:
        left = [set(item[facet]) for item in items if fits(item, wanted, but=facet)]
        plain = {value: sum(value in one for one in left) for one in left for value in one}
        assert dict(found.by_facet[facet]) == plain


@given(ITEM)
def test_a_label_says_its_values_in_any_order(item) -> None:
    turned = {facet: values[::-1] * 2 for facet, values in item.items()}
    assert label_of(turned) == label_of(item)
    assert read(label_of(item)).values == {
        facet: tuple(sorted(set(values))) for facet, values in item.items()
    }
