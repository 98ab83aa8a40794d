"""api/tasks/part.py: from a part's pixels to those of the whole, whatever the whole was reduced to."""

from api.tasks.part import Part


def test_a_point_of_a_part_is_moved() -> None:
    assert Part.cut(30, 20, (100, 200), (100, 200)).point(5, 7) == (35, 27)


def test_a_part_of_a_reduced_image_is_enlarged() -> None:
    part = Part.cut(30, 20, (100, 200), (200, 600))
    assert part.point(0, 0) == (90, 40)
    assert part.points([(10, 10), (1, 0)]) == ((120, 60), (93, 40))
