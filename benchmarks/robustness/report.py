"""Makes the tables of docs/robustness.md of what the programs beside it measured.

python -m benchmarks.robustness.report [--write-docs]
"""

import argparse
import json
import re
from collections.abc import Iterator
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from benchmarks.robustness.rows import LARGE_MODEL, RESULTS, USUAL_MODEL

DOCUMENT = Path(__file__).parents[2] / "docs" / "robustness.md"
USUAL = ("", USUAL_MODEL, LARGE_MODEL)


def main() -> None:
    """Print the tables, and put those that are not empty into the document if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write-docs", action="store_true", help="write them into docs/robustness.md")
    text = DOCUMENT.read_text(encoding="utf-8")
    tables = {"table": make_table(RESULTS, text), "models": make_models_table(RESULTS)}
    print(*tables.values(), sep="\n\n")
    if parser.parse_args().write_docs:
        for name, table in tables.items():
            text = put(text, name, table) if table else text
        DOCUMENT.write_text(text, encoding="utf-8")


def put(text: str, name: str, table: str) -> str:
    """Return a document's text with a table between its marks."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    marked = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    return marked.sub(lambda _: f"{begin}\n{table}\n{end}", text)


def make_table(results: Path, text: str = "") -> str:
    """Return the rows of all programs as Markdown, in the programs' alphabetical order; "" if there are none.

    Programs that have not run keep the rows that they have in the document's text.
    """
    lines = {program: list(rows) for program, rows in groupby(_rows_of(text, "table"), _program_of)}
    measured = [document for _, document in _documents(results) if document["model"] in USUAL]
    lines |= {_program_of(document["command"]): [] for document in measured}
    for document in measured:
        for row in document["rows"]:
            cells = (row["measure"], row["target"], row["measured"], "yes" if row["met"] else "**no**")
            lines[_program_of(document["command"])].append(_line(*cells, f"`{document['command']}`"))
    head = [_line("measure", "target", "measured", "met", "command"), "| --- " * 5 + "|"]
    return "\n".join([*head, *chain.from_iterable(lines[program] for program in sorted(lines))]) if measured else ""


def make_models_table(results: Path) -> str:
    """Return how many rows of each program other models met, and below it those that they did not; "" if none ran."""
    others = [(program, document) for program, document in _documents(results) if document["model"] not in USUAL]
    models = list(dict.fromkeys(document["model"] for _, document in others))
    counts = {(program, document["model"]): _count(document["rows"]) for program, document in others}
    programs = list(dict.fromkeys(program for program, _ in others))
    lines = [_line(program, *(counts.get((program, model), "") for model in models)) for program in programs]
    missed = [
        f"- {row['measure']}: {row['measured']}, the target is {row['target']} (`{document['command']}`)"
        for _, document in others
        for row in document["rows"]
        if not row["met"]
    ]
    head = [_line("rows met", *models), "| --- " * (len(models) + 1) + "|"]
    return "\n".join([*head, *lines, *(["", "Not met:", "", *missed] if missed else [])]) if others else ""


def _documents(results: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the program and what it has kept."""
    for path in sorted(results.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        document.setdefault("model", "")  # kept by an older version
        yield path.stem.removesuffix(f"-{document['model']}"), document


def _rows_of(text: str, name: str) -> list[str]:
    """Return the rows of a document's table, without its head."""
    table = re.search(rf"<!-- {name}: begin -->\n(.*)\n<!-- {name}: end -->", text, re.DOTALL)
    return table[1].splitlines()[2:] if table else []


def _program_of(line: str) -> str:
    """Return the program that a command, or the row that ends with it, names."""
    found = re.findall(r"python (?:-m benchmarks\.robustness\.)?(\w+)", line)
    return found[-1] if found else ""


def _count(rows: list[dict[str, Any]]) -> str:
    return f"{sum(row['met'] for row in rows)} of {len(rows)}"


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


if __name__ == "__main__":
    main()
