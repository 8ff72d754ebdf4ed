"""Where plates go."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, strategies as st

from cloudai.types.plates import Plates, Rectangle


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return max(one.left, other.left) < min(one.right, other.right) and max(one.top, other.top) < min(
        one.bottom, other.bottom
    )


def test_a_plate_stands_on_its_box() -> None:
    place, apart = Plates(200, 100, cell=4).place(Rectangle(50, 40, 90, 80), 60, 12)
    assert (place, apart) == (Rectangle(50, 28, 110, 40), False)


def test_a_plate_at_the_top_hangs_below_its_box() -> None:
    place, _ = Plates(200, 100, cell=4).place(Rectangle(50, 5, 90, 30), 60, 12)
    assert place.top == 30


def test_a_plate_at_the_right_is_moved_onto_the_picture() -> None:
    place, apart = Plates(200, 100, cell=4).place(Rectangle(180, 40, 230, 80), 60, 12)
    assert (place, apart) == (Rectangle(140, 28, 200, 40), False)


def test_the_plate_of_a_box_outside_is_still_seen() -> None:
    place, _ = Plates(200, 100, cell=4).place(Rectangle(-90, -80, -20, -30), 60, 12)
    assert place == Rectangle(0, 0, 60, 12)


def test_plates_of_one_place_do_not_hide_each_other() -> None:
    plates = Plates(400, 400, cell=4)
    found = [plates.place(Rectangle(150, 150, 250, 250), 80, 16) for _ in range(30)]
    places = [place for place, _ in found]
    assert not any(overlap(one, other) for one, other in combinations(places, 2))
    assert not found[0][1]
    assert found[-1][1]


def test_where_there_is_no_room_plates_lie_on_each_other() -> None:
    plates = Plates(40, 20, cell=4)
    found = [plates.place(Rectangle(0, 0, 40, 20), 40, 20) for _ in range(3)]
    assert [place for place, _ in found] == [Rectangle(0, 0, 40, 20)] * 3


def test_what_is_beside_a_box_touches_it_or_is_nowhere() -> None:
    plates = Plates(200, 60, cell=4)
    plates.take(Rectangle(0, 0, 200, 20))
    plates.take(Rectangle(0, 40, 200, 60))
    line = Rectangle(10, 22, 100, 38)
    plates.take(line)
    assert plates.beside(line, 50, 14) == Rectangle(100, 22, 150, 36)
    assert plates.beside(line, 50, 14) is None


@given(
    st.tuples(st.integers(1, 300), st.integers(1, 300)),
    st.lists(st.tuples(*[st.integers(-400, 400)] * 4), max_size=12),
)
def test_plates_never_leave_the_picture(size: tuple[int, int], boxes: list[tuple[int, int, int, int]]) -> None:
    plates = Plates(*size, cell=5)
    for left, top, width, height in boxes:
        box = Rectangle(left, top, left + abs(width), top + abs(height))
        place, _ = plates.place(box, 50, 11)
        assert 0 <= place.left < place.right <= size[0]
        assert 0 <= place.top < place.bottom <= size[1]
