"""The Python client and a server that asks programs for a key, with a rate of its own."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pagesight import AsyncClient, Client, Refused, Retries, Unavailable

from api.api_key import ApiKey, hash_key, new_key
from harness.gunicorn_server import GunicornServer, running_server
from harness.pictures import encode, make_upright
from tests.clients.conftest import run

PHOTO = encode(make_upright(), "JPEG")
KEY, RARE, WRONG = new_key(), new_key(), new_key()
KNOWN = f"{ApiKey('folders', hash_key(KEY))},{ApiKey('rare', hash_key(RARE), per_minute=1)}"


@pytest.fixture(scope="module")
def locked(small_models: Path) -> Iterator[GunicornServer]:
    environment = {"PAGESIGHT_WEIGHTS_DIR": str(small_models), "PAGESIGHT_MODEL": "ants", "PAGESIGHT_PRECISION": "fp32"}
    environment |= {"PAGESIGHT_CONVERTED_DIR": str(small_models / "converted"), "PAGESIGHT_API_KEYS": KNOWN}
    with running_server(**environment) as server:
        yield server


def test_key_is_sent_by_both_clients(locked: GunicornServer):
    async def ask() -> str:
        async with AsyncClient(locked.url, KEY) as client:
            return (await client.detect(PHOTO)).model

    with Client(locked.url, KEY) as client:
        assert client.detect(PHOTO).model == "ants"
    with ThreadPoolExecutor(1) as thread:  # in the tests' own thread a browser's loop may run
        assert thread.submit(asyncio.run, ask()).result() == "ants"
    assert " key=folders method=POST route=/v1/detect status=200 " in locked.log()


@pytest.mark.parametrize("key", [None, WRONG], ids=["none", "wrong"])
def test_wrong_key_is_refused_and_not_tried_again(locked: GunicornServer, key: str | None):
    with Client(locked.url, key, retries=Retries(patience_s=60)) as client:
        assert client.status().model == "ants"  # which needs none
        before = locked.log().count(" status=401 ")
        with pytest.raises(Refused) as refused:
            client.detect(PHOTO)
    assert refused.value.status == 401
    assert refused.value.problem.type.endswith(":wrong-key" if key else ":no-key")
    assert locked.log().count(" status=401 ") == before + 1


def test_who_asks_too_often_is_told_when_to_ask_again(locked: GunicornServer):
    with Client(locked.url, RARE, retries=Retries(patience_s=0)) as client:
        client.detect(PHOTO)
        with pytest.raises(Unavailable) as refused:
            client.detect(PHOTO)
    assert refused.value.status == 429
    assert refused.value.problem.type.endswith(":too-often")


@pytest.mark.parametrize("key", ["two words", "line\n", "schlüssel"])
def test_what_cannot_be_a_key_is_told_before_anything_is_sent(key: str):
    with pytest.raises(ValueError, match="The key is none"):
        Client("http://127.0.0.1:9", key)


def test_command_reads_the_key_from_the_environment(locked: GunicornServer, folder: Path, tmp_path: Path):
    asked = ("detect", folder, "--server", locked.url, "--to", tmp_path / "x.json")
    status, said = run(*asked, PAGESIGHT_KEY=WRONG)
    assert status == 3
    assert "This is no key of this server." in said
    assert run(*asked, PAGESIGHT_KEY=KEY)[0] == 0
    assert run(*asked[:-1], tmp_path / "y.json", "--key", KEY)[0] == 0
    assert KEY not in said + locked.log()
    assert WRONG not in said + locked.log()
