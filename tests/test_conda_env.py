"""conda_env.yml and pyproject.toml ask for the same packages in the same versions."""

import tomllib
from pathlib import Path

import yaml

PROJECT = Path(__file__).parent.parent
PYPI_NAMES = {
    "arabic_reshaper": "arabic-reshaper",
    "prometheus_client": "prometheus-client",
    "py-opencv": "opencv-python-headless",
    "pytorch": "torch",
}
BUILD_NUMBERED = {"opencv-python-headless"}  # its fourth number counts builds of the wheel, not releases of OpenCV


def read_conda() -> dict[str, str]:
    pins = yaml.safe_load((PROJECT / "conda_env.yml").read_text())["dependencies"]
    by_pip = dict(pin.split("==") for pin in pins.pop()["pip"])
    names_and_versions = [pin.split("=")[:2] for pin in pins if not pin.startswith("python>")]
    return by_pip | {PYPI_NAMES.get(name, name): version for name, version in names_and_versions}


def read_pyproject() -> dict[str, str]:
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text())["dependency-groups"]
    pins = [pin.partition(";")[0].strip() for pin in (*groups["runtime"], *groups["video"], *groups["jobs"])]
    versions = dict(pin.split("==") for pin in pins)
    return {name: ".".join(version.split(".")[:3]) if name in BUILD_NUMBERED else version
            for name, version in versions.items()}  # fmt: skip


def test_conda_env_asks_for_what_pyproject_does() -> None:
    assert read_conda() == read_pyproject()


def test_conda_env_takes_cpu_and_headless_builds() -> None:
    text = (PROJECT / "conda_env.yml").read_text()
    assert "pytorch=2.14.1=cpu*" in text
    assert "=headless*" in text


def test_conda_env_needs_the_same_python() -> None:
    requires = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert f"python{requires}" in yaml.safe_load((PROJECT / "conda_env.yml").read_text())["dependencies"]
