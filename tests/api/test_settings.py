"""api/settings.py: what a variable may hold, what an owner is told, and that the README says the same."""

import dataclasses
import logging
import re
import subprocess
from pathlib import Path

import pytest

from api.api_key import ApiKey, hash_key
from api.models.engines.cores import available_cores
from api.settings import PREFIX, PROJECT, Settings, SettingsError
from harness.gunicorn_server import COMMAND

BAD_VALUES = [
    *[("MODELS", value, "different names") for value in ("a,", "a,a", "a,../b", ",")],
    ("MODEL", "../secrets", "a file name without its ending"),
    ("MODEL", "a\\b", "a file name without its ending"),
    ("MODEL", ".hidden", "a file name without its ending"),
    *[("INPUT_SIZE", value, "a multiple of 32") for value in ("0", "-32", "400", "4096", "big", "416.0")],
    *[("THREADS", value, "a whole number from 1 to 256") for value in ("0", "257", "1.5", "all")],
    *[("SLOTS", value, "a whole number from 1 to 16") for value in ("0", "17", "two")],
    *[("QUEUE", value, "a whole number from 0 to 200") for value in ("-1", "201", "1e2")],
    *[
        ("ALLOWED_ORIGINS", value, "origins such as")
        for value in (
            "you.example",
            "https://you.example/",
            "https://you.example/page",
            "ftp://you.example",
            "https://",
            "https://*.you.example",
            "https://me@you.example",
            "https://you.example https://me.example",
            "http://[::1",
            "https://you.example:port",
            "null",
            "https://good.example,bad",
        )
    ],
    *[("CONFIDENCE", value, "a number from 0 to 1") for value in ("-0.1", "1.01", "nan", "half")],
    *[("IOU", value, "a number from 0 to 1") for value in ("-1", "45", "inf")],
    *[("MAX_UPLOAD_MB", value, "a number from 0.01 to 1000") for value in ("0", "1001", "10MB")],
    *[("MAX_MEGAPIXELS", value, "a number from 0.01 to 144") for value in ("0", "145", "nan")],
    ("WEIGHTS_DIR", "/nowhere/weights", "a folder"),
    ("SITE_DIR", "/nowhere/dist", "a folder"),
    *[
        ("METRICS", value, "an IPv4 address and a port")
        for value in ("on", "9464", "127.0.0.1:0", "host:1", "1.1.1.1:")
    ],
    ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
]
KEYS = (ApiKey("frigate", hash_key("one")), ApiKey("my-bot.2", hash_key("two"), 60))
BAD_KEYS = [
    ("one", 1),
    (f"frigate:one,{KEYS[1]}", 1),
    (f"{KEYS[0]},", 2),
    (f"{KEYS[0]}, frigate:{hash_key('other')}", 2),
    (f"{KEYS[0]},frigate-2:{KEYS[0].digest}", 2),
    (f"{KEYS[0]},two words:{hash_key('two')}", 2),
    (f"-:{hash_key('one')}", 1),
    (f"{KEYS[0]}:0", 1),
    (f"{KEYS[0]}:100001", 1),
    (f"{KEYS[0]}:often", 1),
    (str(KEYS[0]).upper(), 1),
]
GOOD_VALUES = [
    ("API_KEYS", f"{KEYS[0]}, {KEYS[1]}", KEYS),
    ("MODEL", "my-birds.v2", "my-birds.v2"),
    ("MODELS", "yolov3, faces", ("yolov3", "faces")),
    ("INPUT_SIZE", "608", 608),
    ("THREADS", "1", 1),
    ("SLOTS", "16", 16),
    ("QUEUE", "0", 0),
    ("ALLOWED_ORIGINS", "*", ("*",)),
    ("ALLOWED_ORIGINS", "https://you.example", ("https://you.example",)),
    ("ALLOWED_ORIGINS", " https://a.example , http://b.example:8080, ", ("https://a.example", "http://b.example:8080")),
    ("ALLOWED_ORIGINS", "http://[::1]:5000", ("http://[::1]:5000",)),
    ("CONFIDENCE", "0", 0.0),
    ("IOU", "1", 1.0),
    ("MAX_UPLOAD_MB", "0.5", 0.5),
    ("MAX_MEGAPIXELS", "144", 144.0),
    ("METRICS", "127.0.0.1:9464", ("127.0.0.1", 9464)),
    ("LOG_LEVEL", "warning", "WARNING"),
    ("CERTIFICATE", "/nowhere/yet/fullchain.pem", Path("/nowhere/yet/fullchain.pem")),
]


def settings_of(**variables: str) -> Settings:
    return Settings.from_environment({PREFIX + name: value for name, value in variables.items()})


@pytest.mark.parametrize(("name", "value", "expected"), BAD_VALUES)
def test_bad_value_names_variable_value_and_expectation(name: str, value: str, expected: str):
    with pytest.raises(SettingsError) as refused:
        settings_of(**{name: value})
    message = str(refused.value)
    assert message.startswith(f"PAGESIGHT_{name}={value!r} is not ")
    assert expected in message
    assert "\n" not in message


@pytest.mark.parametrize(("value", "entry"), BAD_KEYS)
def test_bad_key_is_numbered_and_never_shown(value: str, entry: int):
    with pytest.raises(SettingsError) as refused:
        settings_of(API_KEYS=value)
    message = str(refused.value)
    assert message.startswith(f"PAGESIGHT_API_KEYS (entry {entry}) is not NAME:SHA256 or")
    assert not [part for part in re.split("[:,]", value) if part and part in message.partition(" is not ")[0]]


@pytest.mark.parametrize(("name", "value", "expected"), GOOD_VALUES)
def test_reads_good_value(name: str, value: str, expected: object):
    assert getattr(settings_of(**{name: value}), name.lower()) == expected


@pytest.mark.parametrize("name", ["WEIGHTS_DIR", "SITE_DIR"])
def test_folder_becomes_absolute(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path.parent)
    assert getattr(settings_of(**{name: tmp_path.name}), name.lower()) == tmp_path


def test_nothing_set_gives_the_defaults():
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert settings.model == "yolov3"
    assert settings.weights_dir == PROJECT / "weights"
    assert settings.site_dir == PROJECT / "site" / "dist"
    assert settings.input_size is None
    assert settings.allowed_origins == ()
    assert (settings.confidence, settings.iou) == (0.25, 0.45)
    assert (settings.max_upload_mb, settings.max_megapixels) == (10, 25)
    assert settings.threads >= 1
    assert settings.logging_level == logging.INFO


@pytest.mark.parametrize("empty", ["", "  "])
def test_empty_value_is_the_default(empty: str):
    names = [field.name.upper() for field in dataclasses.fields(Settings)]
    assert settings_of(**dict.fromkeys(names, empty)) == Settings()


def test_reads_the_environment_of_the_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PAGESIGHT_QUEUE", "3")
    monkeypatch.setenv("QUEUE", "4")
    assert Settings.from_environment().queue == 3


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [("PAGESIGHT_SLOTS", "none", "a whole number from 1 to 16"), ("PAGESIGHT_MODEL", "missing", "missing.cfg")],
)
def test_server_does_not_start_and_says_why_in_one_line(variable: str, value: str, words: str):
    environment = {"PYTHONPATH": str(PROJECT), variable: value}
    done = subprocess.run(COMMAND, env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("Pagesight does not start: ")
    assert value in line
    assert words in line


def test_only_settings_reads_the_environment():
    reads = re.compile(r"\bos\.environ|\bgetenv|import environ")
    sources = {path.name: path.read_text(encoding="utf-8") for path in (PROJECT / "api").rglob("*.py")}
    assert [name for name, text in sources.items() if reads.search(text)] == ["settings.py"]


@pytest.mark.parametrize(
    ("quota", "cores"), [("max 100000", 64), ("200000 100000", 2), ("250000 100000", 2), ("50000 100000", 1)]
)
def test_cores_are_those_that_a_container_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: str, cores: int
):
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: set(range(64)))
    assert available_cores(tmp_path) == 64
    (tmp_path / "cpu.max").write_text(f"{quota}\n")
    assert available_cores(tmp_path) == cores


def rows_of_readme() -> list[tuple[str, str]]:
    """Return variable and meaning of each row of the README's table of settings."""
    lines = (PROJECT / "README.md").read_text(encoding="utf-8").splitlines()
    start = lines.index("| variable | default | meaning |") + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        variable, _, meaning = (cell.strip() for cell in line.strip("|").split(" | "))
        rows.append((variable, meaning))
    return rows


def test_readme_documents_each_setting():
    documented = [(f"`{PREFIX}{field.name.upper()}`", field.metadata["docs"]) for field in dataclasses.fields(Settings)]
    table = "\n".join(f"| {variable} | ... | {meaning} |" for variable, meaning in documented)
    assert rows_of_readme() == documented, f"the README's table ought to have these rows:\n{table}"
