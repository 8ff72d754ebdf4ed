from __future__ import annotations

import pytest

from cloudai.types.geometry import Box, Point, Polygon


def test_a_box_goes_to_pixels_and_back() -> None:
    box = Box.from_pixels(30, 20, 60, 40, size=(300, 200))
    assert (box.left, box.top, box.width, box.height) == pytest.approx((0.1, 0.1, 0.2, 0.2))
    assert box.to_pixels(300, 200) == (30, 20, 60, 40)
    assert (box.right, box.bottom, box.area) == pytest.approx((0.3, 0.3, 0.04))


def test_a_box_over_the_edge_is_clipped_only_when_asked() -> None:
    box = Box(left=-0.1, top=0.9, width=0.3, height=0.3)
    assert box.to_pixels(100, 100) == (-10, 90, 30, 30)
    clipped = box.clipped()
    assert (clipped.left, clipped.top, clipped.width, clipped.height) == pytest.approx((0.0, 0.9, 0.2, 0.1))


def test_boxes_overlap_by_intersection_over_union() -> None:
    one = Box(left=0, top=0, width=0.5, height=0.5)
    assert one.overlap(one) == pytest.approx(1.0)
    assert one.overlap(Box(left=0.25, top=0, width=0.5, height=0.5)) == pytest.approx(1 / 3)
    assert one.overlap(Box(left=0.5, top=0.5, width=0.5, height=0.5)) == 0.0


def test_a_polygon_has_corners_and_a_box_around_it() -> None:
    polygon = Polygon.from_pixels([10, 20, 110, 20, 110, 60, 10, 60], size=(200, 100))
    assert polygon.points == (Point(0.05, 0.2), Point(0.55, 0.2), Point(0.55, 0.6), Point(0.05, 0.6))
    assert len(polygon) == 4
    assert polygon.box.to_pixels(200, 100) == (10, 20, 100, 40)
    assert polygon.to_pixels(200, 100) == ((10, 20), (110, 20), (110, 60), (10, 60))
    assert Polygon.of(polygon) == polygon == Polygon.from_dict(polygon.to_dict())
