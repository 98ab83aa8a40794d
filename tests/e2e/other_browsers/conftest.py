"""Each of the other browsers that are here, one after the other."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.other_browsers.browsers import ENGINES, NotInstalled, running
from tests.e2e.other_browsers.driver import Driver


@pytest.fixture(scope="module", params=ENGINES)
def driver(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    with ExitStack() as browsers:
        try:
            yield browsers.enter_context(running(request.param, tmp_path_factory.mktemp(request.param)))
        except NotInstalled as missing:
            pytest.skip(str(missing))
