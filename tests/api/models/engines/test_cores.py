"""api/models/engines/cores.py: each image gets its share."""

from contextlib import ExitStack

import pytest

from api.models.engines.cores import HANDOVER_S, Cores


class Clock:
    """Says the time that the test sets."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(
    ("threads", "images", "share"), [(2, 0, 2), (2, 1, 2), (2, 2, 1), (2, 3, 1), (1, 1, 1), (8, 2, 4), (8, 3, 2)]
)
def test_images_at_once_share_the_threads(threads: int, images: int, share: int) -> None:
    cores = Cores(threads, clock=Clock())
    with ExitStack() as stack:
        for _ in range(images):
            stack.enter_context(cores.taken())
        assert cores.share() == share


def test_place_that_is_free_for_a_moment_is_only_handed_over() -> None:
    clock = Clock()
    cores = Cores(2, clock=clock)
    with cores.taken():
        with pytest.raises(ZeroDivisionError), cores.taken():
            raise ZeroDivisionError
        assert cores.share() == 1
        clock.now_s += 2 * HANDOVER_S
        assert cores.share() == 2
        with cores.taken():
            assert cores.share() == 1
