"""A run in a few lines, for the terminal."""

from collections.abc import Iterator

from api.training.report import words
from api.training.report.advice import advise
from api.training.report.findings import Findings, look_into
from api.training.run import Run

CONFUSED = 3


def summary(run: Run) -> str:
    """Return what the report says, in short."""
    return "\n".join(_lines(look_into(run))).replace(words.SPACE, " ")


def _lines(findings: Findings) -> Iterator[str]:
    run, figures = findings.run, findings.figures
    score = figures.score
    yield f"{words.shown(run.name)}: {words.percent(score.share, 1)} right ({score.right:,} of {score.count:,})."
    yield words.certainty(score)
    yield words.verdict(figures)
    if findings.across:
        yield f"Warning: {words.copies_warning(figures, findings.across)}"
    for one in findings.confused[:CONFUSED]:
        meant, said = (words.shown(run.labels[number]) for number in (one.meant, one.said))
        yield f"{meant} was taken for {said}: {one.count} of {one.support}."
    if run.refused:
        yield f"{words.counted(len(run.refused), 'file')} could not be used: the report says why."
    yield f"Would more photographs help? {words.more_photographs(findings.outlook, findings.learnt)}"
    yield "Next:"
    for step in advise(findings):
        yield f"  - {step.text}"
        if step.command:
            yield f"      {step.command}"
