"""api/video/cuts.py: another scene is seen, movement in one is not taken for it."""

from itertools import pairwise

import numpy as np

from api.video.cuts import glance, is_cut
from harness.videos import moving_square


def test_movement_is_no_cut():
    glances = [glance(picture) for picture in moving_square(10, 270, 480)]
    assert not any(is_cut(before, now) for before, now in pairwise(glances))


def test_another_scene_is_one():
    (picture,) = moving_square(1, 270, 480)
    assert is_cut(glance(picture), glance(np.ascontiguousarray(picture[:, ::-1])))


def test_a_slow_fade_is_none_and_a_jump_of_light_is_one():
    grey = [glance(np.full((90, 160, 3), level, np.uint8)) for level in (100, 120, 140, 200)]
    assert [is_cut(before, now) for before, now in pairwise(grey)] == [False, False, True]


def test_a_glance_is_small_and_the_same_in_every_size():
    (small,), (large,) = moving_square(1, 96, 160), moving_square(1, 960, 1600)
    assert len(glance(small)) == len(glance(large)) == 2304
    assert not is_cut(glance(small), glance(large))
