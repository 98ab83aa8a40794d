"""What to do next, the most useful first."""

import shlex
from dataclasses import dataclass

from api.training.command_line import command_line
from api.training.report.findings import Findings
from api.training.report.words import counted, percent, shown

FEW_LEARNT = 20  # photographs of a label; with fewer it is a matter of luck
NAMED = 3  # labels in a sentence
OTHER = "other-photographs"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and what to type for it, or nothing."""

    text: str
    command: str = ""


def advise(findings: Findings) -> list[Step]:
    """Return the steps that this run asks for."""
    run, rows, outlook = findings.run, findings.figures.rows, findings.outlook
    steps = []
    if findings.suspects or findings.duplicates:
        found = []
        if findings.suspects:
            found.append(f"{counted(len(findings.suspects), 'label')} that may be wrong")
        if findings.duplicates:
            found.append(counted(len(findings.duplicates), "copy", "copies"))
        text = (
            f"Look at {' and '.join(found)}, put right what is wrong, and train again. No other hour is spent so well."
        )
        steps.append(Step(text, command_line("clean-data", DATA=shown(str(run.data)), NAME=shown(run.name))))
    rare = [row.label for row in rows if row.learnt < FEW_LEARNT]
    if rare:
        steps.append(Step(f"Take more photographs of {_named(rare)}: it learnt from fewer than {FEW_LEARNT} of each."))
    elif outlook.answer == "yes":
        weak = [row.label for row in rows if row.recall < findings.figures.score.share][:NAMED]
        of_what = f", of {_named(weak)} above all" if weak else ""
        saved = f"twice as many would save it about {percent(outlook.saved)} of its mistakes"
        steps.append(Step(f"Take more photographs{of_what}: {saved}."))
    name = shown(run.name)
    return [
        *steps,
        Step("Try it on the page with photographs that it has never seen.", f"MODEL={shlex.quote(name)} make run"),
        Step(
            "Ask it about a folder of other photographs, of another day.",
            command_line("evaluate", MODEL=name, DATA=OTHER),
        ),
    ]


def _named(labels: list[str]) -> str:
    names = [f"“{shown(label)}”" for label in labels[:NAMED]]
    if len(labels) > NAMED:
        names.append(f"{len(labels) - NAMED} more")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
