"""A run as a web page: one file that asks nothing of the network, runs nothing, and can be sent to somebody else.

Names of files and labels are whatever somebody called them, so all that comes from them is escaped by the template.
"""

import base64
import hashlib
import math
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.training.duplicates import Duplicate
from api.training.report import words
from api.training.report.advice import advise
from api.training.report.charts import draw_calibration, draw_confusion, draw_range, draw_share
from api.training.report.curves import draw_learning, draw_training
from api.training.report.figures import Answer
from api.training.report.findings import Findings, look_into
from api.training.report.pictures import Picture, read_picture
from api.training.run import Run
from api.training.suspects import Suspect

HERE = Path(__file__).parent
TABLE_LABELS = 20  # up to so many the confusion matrix is a table; more are a map
SHORT = 3  # letters of a label that need not be turned
ROWS_AT_ONCE = 20
CONFUSED = 12
PICTURES = 24
PAIRS = 12
REFUSED_AT_ONCE = 50
FEW_ASKED = 5  # photographs of a label
SHADES = 3


def write_report(run: Run, to: Path) -> None:
    """Write the report of a run to a file, whole or not at all. Raises OSError."""
    part = to.with_name(f"{to.name}.part")
    part.write_text(render(run), encoding="utf-8")
    part.replace(to)


def render(run: Run) -> str:
    """Return the report of a run as HTML."""
    findings = look_into(run)
    figures = findings.figures
    is_table = len(run.labels) <= TABLE_LABELS
    return _environment().get_template("page.html").render(
        run=run,
        figures=figures,
        steps=advise(findings),
        style=Markup(_style()),  # noqa: S704 (ours)
        style_hash=_hash(_style()),
        range=draw_range(figures.score, figures.usual[1]),
        certainty=words.certainty(figures.score),
        verdict=words.verdict(figures),
        warnings=list(_warnings(findings)),
        is_short=max(map(len, run.labels)) <= SHORT,
        table=list(_table(findings)) if is_table else [],
        map="" if is_table else draw_confusion("A map of what was taken for what.", figures.confusion, run.labels),
        confused=findings.confused[:CONFUSED],
        rows_at_once=ROWS_AT_ONCE,
        few_asked=sum(row.support < FEW_ASKED for row in figures.rows),
        fewest_asked=FEW_ASKED,
        bar=draw_share,
        mistakes=_pictures(run, [answer for answer in figures.losses if answer.said != answer.meant][:PICTURES]),
        trust=words.trust(figures, run.temperature),
        calibration=draw_calibration("How often it was right against how sure it was.", figures.before, figures.after),
        suspects=_pictures(run, findings.suspects[:PICTURES]),
        suspects_words=words.suspects(len(findings.suspects), PICTURES),
        pairs=_pairs(run, findings.duplicates[:PAIRS]),
        copies_words=words.copies(len(findings.duplicates), findings.across, PAIRS),
        more=words.more_photographs(findings.outlook, findings.learnt),
        learning=draw_learning(run),
        charts=draw_training(run),
        refused_words=words.refused(len(run.refused)),
        refused_at_once=REFUSED_AT_ONCE,
        facts=list(_facts(findings)),
    )  # fmt: skip


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True, loader=FileSystemLoader(HERE), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["percent"] = words.percent
    environment.filters["shown"] = words.shown
    return environment


@cache
def _style() -> str:
    return (HERE / "style.css").read_text(encoding="utf-8")


def _hash(style: str) -> str:
    """Return how a Content-Security-Policy names a style sheet that it lets in."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode('ascii')}"


def _warnings(findings: Findings) -> Iterator[str]:
    if findings.across:
        yield words.copies_warning(findings.figures, findings.across)


def _table(findings: Findings) -> Iterator[list[tuple[str, str]]]:
    """Yield for each row of the confusion matrix its cells: the number, and the class that shades it."""
    for meant, row in enumerate(findings.figures.confusion):
        whole = max(int(row.sum()), 1)
        yield [
            (str(count), f"{'r' if meant == said else 'w'}{math.ceil(SHADES * count / whole)}")
            if count
            else ("0", "none")
            for said, count in enumerate(row.tolist())
        ]


def _pictures(run: Run, shown: Sequence[Suspect | Answer]) -> list[tuple[Suspect | Answer, Picture]]:
    return [(one, read_picture(run.data, run.photographs[one.index])) for one in shown]


def _pairs(run: Run, pairs: Sequence[Duplicate]) -> list[tuple[Duplicate, Picture, Picture]]:
    names = run.photographs
    return [(it, read_picture(run.data, names[it.one]), read_picture(run.data, names[it.other])) for it in pairs]


def _facts(findings: Findings) -> Iterator[tuple[str, Any]]:
    run = findings.run
    height, width = run.image_size
    yield "Photographs", f"{run.data} ({findings.learnt:,} learnt from, {findings.figures.score.count:,} asked)"
    yield "Backbone", f"{run.backbone}, at {width} x {height} pixels"
    yield "Epochs", f"{len(run.epochs)} ({sum(one.phase == 'head' for one in run.epochs)} of the last layer alone)"
    yield "Learning rate", f"{run.range_test.chosen:.2g}, chosen by the range test"
    yield "Temperature", f"{run.temperature:.3f}"
    yield "Seed", str(run.seed)
    yield "Time", words.duration(run.seconds)
    if run.machine:
        yield "Machine", run.machine
    yield "Date", run.made
