"""Two people at one form: neither loses anything."""

from collections.abc import Mapping

from hypothesis import given, strategies as st

from chalicelib.forms.merging import Merged, mark, marks, merged

Fields = dict[str, list[str]]

OPENED: Fields = {
    "title.da": ["Før"],
    "capacity": ["40"],
    "waiting_list": ["yes"],
    "goals": ["4", "13"],
    "sessions.0.id": ["a"],
    "sessions.0.date": ["2027-03-23"],
}


def after(here: Mapping[str, list[str]], there: Mapping[str, list[str]]) -> Merged:
    """Return what comes of changes here and there."""
    return merged(OPENED | dict(here), OPENED | dict(there), marks(OPENED))


def without(fields: Fields, *names: str) -> Fields:
    return {name: values for name, values in fields.items() if name not in names}


def test_what_only_i_changed_stands() -> None:
    found = after({"title.da": ["Mit"]}, {})

    assert found.fields["title.da"] == ["Mit"]
    assert found.theirs == {}


def test_what_only_the_other_one_changed_is_taken_over_and_told() -> None:
    found = after({"title.da": ["Mit"]}, {"capacity": ["60"]})

    assert (found.fields["title.da"], found.fields["capacity"]) == (["Mit"], ["60"])
    assert found.theirs == {"capacity": ["60"]}


def test_where_both_changed_what_i_typed_stands_and_theirs_is_told() -> None:
    found = after({"title.da": ["Mit"]}, {"title.da": ["Deres"]})

    assert found.fields["title.da"] == ["Mit"]
    assert found.theirs == {"title.da": ["Deres"]}


def test_the_same_change_needs_no_telling() -> None:
    found = after({"title.da": ["Vores"]}, {"title.da": ["Vores"]})

    assert (found.fields["title.da"], found.theirs) == (["Vores"], {})


def test_a_box_that_the_other_one_emptied_is_emptied() -> None:
    found = merged(OPENED, without(OPENED, "waiting_list"), marks(OPENED))

    assert found.fields.get("waiting_list", []) == []
    assert found.theirs == {"waiting_list": []}


def test_a_box_that_i_emptied_stays_empty() -> None:
    found = merged(without(OPENED, "waiting_list"), OPENED | {"capacity": ["60"]}, marks(OPENED))

    assert "waiting_list" not in found.fields
    assert found.theirs == {"capacity": ["60"]}


def test_the_way_lines_end_is_no_change() -> None:
    assert mark(["a\r\nb"]) == mark(["a\nb"])
    assert mark([""]) == mark([]) == ""


NEW_ROW = {"sessions.1.id": ["b"], "sessions.1.date": ["2027-04-01"]}


def test_a_row_that_the_other_one_added_is_taken_over() -> None:
    found = after({}, NEW_ROW)

    assert found.fields["sessions.1.date"] == ["2027-04-01"]
    assert list(found.theirs) == ["sessions"]


def test_a_row_that_i_added_stands_whatever_the_other_one_did_to_the_rows() -> None:
    found = after(NEW_ROW, {"sessions.0.date": ["2027-03-30"]})

    assert found.fields["sessions.1.date"] == ["2027-04-01"]
    assert found.fields["sessions.0.date"] == ["2027-03-23"]
    assert list(found.theirs) == ["sessions"]


def test_a_row_that_i_added_is_no_news_while_the_other_one_left_the_rows_alone() -> None:
    found = after(NEW_ROW, {"capacity": ["60"]})

    assert found.fields["sessions.1.date"] == ["2027-04-01"]
    assert found.theirs == {"capacity": ["60"]}


def test_without_marks_what_was_typed_stands_and_every_difference_is_told() -> None:
    found = merged(OPENED | {"title.da": ["Mit"]}, OPENED, "no marks")

    assert found.fields["title.da"] == ["Mit"]
    assert "title.da" in found.theirs


VALUES = st.fixed_dictionaries({name: st.sampled_from([["1"], ["2"], ["3"]]) for name in ("a", "b", "c", "d")})


@given(opened=VALUES, here=VALUES, there=VALUES)
def test_no_change_is_lost_unsaid(opened: Fields, here: Fields, there: Fields) -> None:
    found = merged(here, there, marks(opened))

    for name in opened:
        if here[name] != opened[name]:
            assert found.fields[name] == here[name]
        else:
            assert found.fields[name] == there[name]
        if there[name] not in (opened[name], here[name]):
            assert found.theirs[name] == there[name]
