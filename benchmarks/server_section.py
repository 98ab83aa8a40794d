"""What `benchmarks.serve_load` found about the whole server, as a section of the report."""

import json
from pathlib import Path

from benchmarks.tables import table


def server_section(path: Path) -> str:
    """Return the section, or nothing where the server was not measured."""
    if not path.exists():
        return ""
    found = json.loads(path.read_text())
    bare, memory = found["bare_model"], found["memory_mb"]
    rows = [
        (str(load["clients"]), f"{load['per_second']:.1f}", f"{load['per_second'] / bare['per_second']:.0%}",
         f"{load['p50']:.0f}", f"{load['p99']:.0f}", f"{load['p99'] / load['p50']:.2f}", str(load["refused"]))
        for load in found["clients"]
    ]  # fmt: skip
    head = ("clients", "a second", "of the bare model", "p50, ms", "p99, ms", "p99 / p50", "refused")
    return f"""## The whole server

gunicorn and all, on the same machine as its clients, each of which sends one photograph after the other and waits for
the annotated picture ({found["model"]}). The bare model, with as many threads as the server runs inferences, does
{bare["per_second"]:.1f} a second. `python -m benchmarks.serve_load PHOTOGRAPH`

{table(head, rows)}
One visitor waits {found["request_ms"]:.0f} ms, of which {found["not_inference"]:.0%} is not inference. Start to ready:
{found["start_to_ready_s"]:.1f} s. Memory of the worker: {memory["ready"]["now"]:.0f} MB when ready,
{memory["served"]["now"]:.0f} MB after 100 requests, {memory["loaded"]["now"]:.0f} MB after the load,
{memory["loaded"]["peak"]:.0f} MB at its peak, all that it has imported counted in.
"""
