"""Makes the table of docs/robustness.md of what the programs beside it measured.

python -m benchmarks.robustness.report [--write-docs]
"""

import argparse
import json
import re
from pathlib import Path

from benchmarks.robustness.rows import RESULTS

DOCUMENT = Path(__file__).parents[2] / "docs" / "robustness.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def main() -> None:
    """Print the table, and put it into the document if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write-docs", action="store_true", help="write it into docs/robustness.md")
    table = make_table(RESULTS)
    print(table)
    if parser.parse_args().write_docs:
        text = DOCUMENT.read_text(encoding="utf-8")
        marked = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
        DOCUMENT.write_text(marked.sub(lambda _: f"{BEGIN}\n{table}\n{END}", text), encoding="utf-8")


def make_table(results: Path) -> str:
    """Return the rows of all programs as Markdown, in the programs' alphabetical order."""
    lines = ["| measure | target | measured | met | command |", "| --- | --- | --- | --- | --- |"]
    for path in sorted(results.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for row in document["rows"]:
            met = "yes" if row["met"] else "**no**"
            cells = (row["measure"], row["target"], row["measured"], met, f"`{document['command']}`")
            lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
