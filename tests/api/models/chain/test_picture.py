"""The picture of a chain that `make check-model` prints."""

from pathlib import Path

from api.models.chain.file import chain_file, read_chain_file
from api.models.chain.picture import draw_chain
from harness.gunicorn_server import PROJECT

PICTURE = """\
image
   │
   ▼
┌──────────────────────────┐
│ looks                    │
│ is there at least 20% of │
│   street sign?           │
└──────────────────────────┘
   ├── no ──▶ stop: "No street."
   │ yes
   ▼
┌───────────────────┐
│ finds             │
│ answers detection │
│ keeps stop sign   │
└───────────────────┘
   │
   │ each of the first 3 boxes, cut out with a margin of 10%
   ▼
┌─────────────────┐
│ reads           │
│ attaches 'text' │
└─────────────────┘
   │
   ▼
answer
"""
CHAIN = """task = "detection"
[[step]]
run = "looks"
pass = ["street sign"]
at_least = 0.2
otherwise = "No street."
[[step]]
run = "finds"
keep = ["stop sign"]
[[step]]
run = "reads"
crop = { at_most = 3 }
attach = "text"
"""


def test_a_chain_is_drawn_from_top_to_bottom(tmp_path: Path) -> None:
    chain_file("street", tmp_path).write_text(CHAIN)
    assert draw_chain(read_chain_file(chain_file("street", tmp_path))) == PICTURE


def test_the_example_can_be_read() -> None:
    chain = read_chain_file(chain_file("street", PROJECT / "weights"))
    assert [step.run for step in chain.steps] == ["mobilenet_v2", "yolox-nano", "read"]
