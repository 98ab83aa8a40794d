"""`pagesight detect FOLDER --server URL --to coco.json`, and its like."""

import argparse
import asyncio
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pagesight.async_client import DEFAULT_AT_ONCE, AsyncClient
from pagesight.command.asking import TASKS, Question, options_of
from pagesight.command.detect import Outcome, detect, journal_of
from pagesight.command.formats.table import OF_DETECTIONS, PICTURES, Target, read_target
from pagesight.command.formats.yolo import SameName
from pagesight.command.journal import OtherQuestion
from pagesight.command.watch import watch
from pagesight.errors import PagesightError
from pagesight.retries import Retries

SERVER = "http://127.0.0.1:5000"
FIRST_PATIENCE_S = 10.0  # a wrong address is told soon
NOT_ALL, USAGE, STOPPED, CTRL_C = 1, 2, 3, 130
VERBS = {
    "detect": "find objects in all pictures of a folder",
    "classify": "label all pictures of a folder",
    "segment": "say which class each pixel shows, in all pictures of a folder",
    "read": "read the text in all pictures of a folder",
}
TO = """where to: a PATH whose ending says the form (x.csv, x.json, x.jsonl, and coco.json for COCO), or FORM=PATH with
json, jsonl, csv, coco, yolo (a folder) or pictures (a folder of drawn pictures). It may be given several times."""


def run() -> None:
    """Run the command and end the program with its status."""
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    if status == CTRL_C:
        os._exit(status)  # what is under way has nobody who waits for it, and a thread would be waited for
    sys.exit(status)


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Returns 0 if all pictures are answered, 1 if some are refused, 2 for arguments that make no sense, 3 if the server
    cannot be had, 130 after Ctrl+C.
    """
    parser = make_parser()
    asked = parser.parse_args(arguments)
    verb = asked.task if asked.command == "watch" else asked.command
    options = {name: value for name in options_of(verb) if (value := getattr(asked, name, None)) is not None}
    targets: list[Target] = asked.to or []
    wrong = _wrong(asked, targets, verb)
    if wrong:
        parser.error(wrong)
    question = Question(asked.server, verb, options, draws=any(target.form == PICTURES for target in targets))
    try:
        outcome = asyncio.run(_ask(asked, question, targets))
    except KeyboardInterrupt:
        print(f"\nStopped. {_how_to_go_on(asked, targets)}", file=sys.stderr)
        return CTRL_C
    except (PagesightError, OSError, OtherQuestion, SameName) as error:
        print(f"pagesight: {error}\n{_how_to_go_on(asked, targets)}", file=sys.stderr)
        return STOPPED
    return _tell(outcome, targets)


def make_parser() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(prog="pagesight", description="Asks a Pagesight server about whole folders.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for verb, what in VERBS.items():
        command = commands.add_parser(verb, help=what, description=f"{what.capitalize()}.", epilog=TO)
        _add_common(command)
        _add_options(command, options_of(verb))
    command = commands.add_parser("watch", help="do so with each picture that comes into a folder", epilog=TO)
    command.add_argument("--task", choices=list(TASKS), default="detect", help="what is asked (default: detect)")
    _add_common(command)
    _add_options(command, {name: kind for verb in TASKS for name, kind in options_of(verb).items()})
    return parser


def _add_common(command: argparse.ArgumentParser) -> None:
    server = os.environ.get("PAGESIGHT_SERVER", SERVER)
    command.add_argument("folder", type=Path, metavar="FOLDER")
    command.add_argument("--server", default=server, metavar="URL", help=f"default: PAGESIGHT_SERVER, or {SERVER}")
    command.add_argument("--key", default=os.environ.get("PAGESIGHT_KEY"), help="better: the variable PAGESIGHT_KEY")
    command.add_argument("--to", action="append", type=_target, metavar="[FORM=]PATH", help="where to; see below")
    command.add_argument("--at-once", type=_count, default=DEFAULT_AT_ONCE, metavar="N", help="requests under way")
    patience = "how long a busy or absent server is asked again (default: detect 300, watch for ever)"
    command.add_argument("--patience", type=float, default=None, metavar="SECONDS", help=patience)


def _add_options(command: argparse.ArgumentParser, options: dict[str, Any]) -> None:
    for name, kind in options.items():
        flag = f"--{name.replace('_', '-')}"
        if kind is bool:
            command.add_argument(flag, action="store_true", default=None)
        else:
            command.add_argument(flag, type=kind, metavar=kind.__name__.upper())


def _target(text: str) -> Target:
    try:
        return read_target(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1.")
    return int(text)


def _wrong(asked: argparse.Namespace, targets: Sequence[Target], verb: str) -> str | None:
    """Return what makes no sense in the arguments."""
    forms = {target.form for target in targets}
    if not asked.folder.is_dir():
        return f"{asked.folder} is no folder."
    if asked.command == "watch" and (not forms <= {"jsonl", PICTURES} or len(targets) > len(forms)):
        return "watch writes one file of JSON lines (--to x.jsonl), pictures (--to pictures=FOLDER), or both."
    if asked.command != "watch" and not targets:
        return "Say where to, as in --to coco.json."
    if verb != "detect" and forms & set(OF_DETECTIONS):
        return f"COCO's and YOLO's files are of detections; of {verb} there are json, jsonl, csv and pictures."
    return None


async def _ask(asked: argparse.Namespace, question: Question, targets: Sequence[Target]) -> Outcome:
    patience_s = asked.patience
    if patience_s is None:
        patience_s = math.inf if asked.command == "watch" else Retries().patience_s
    first = Retries(patience_s=min(patience_s, FIRST_PATIENCE_S))
    try:
        async with AsyncClient(asked.server, asked.key, retries=first) as client:
            await client.status()
    except ValueError as error:
        raise PagesightError(str(error)) from error
    retries = Retries(patience_s=patience_s)
    async with AsyncClient(asked.server, asked.key, retries=retries, at_once=asked.at_once) as client:
        if asked.command == "watch":
            await watch(client, question, asked.folder, targets, at_once=asked.at_once)
        return await detect(client, question, asked.folder, targets, at_once=asked.at_once)


def _how_to_go_on(asked: argparse.Namespace, targets: Sequence[Target]) -> str:
    if asked.command == "watch" or not targets or not journal_of(targets).exists():
        return ""
    return f"What was answered is kept in {journal_of(targets)}: the same command goes on from there."


def _tell(outcome: Outcome, targets: Sequence[Target]) -> int:
    for name, detail in outcome.unanswered.items():
        print(f"{name}: {detail}", file=sys.stderr)
    written = ", ".join(str(target.path) for target in targets)
    missing = f", {len(outcome.unanswered)} not (see above)" if outcome.unanswered else ""
    print(f"{outcome.answered} pictures answered{missing}; written: {written}", file=sys.stderr)
    return NOT_ALL if outcome.unanswered else 0
