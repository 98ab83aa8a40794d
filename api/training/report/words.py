"""What the figures mean, in sentences for somebody who trains a model for the first time."""

import math
import unicodedata

from api.training.report.figures import Figures, Score
from api.training.report.outlook import Outlook

FEW = 100  # photographs; with fewer the interval is wide
WELL_CALIBRATED = 0.03  # expected calibration error; below it the percentages can be taken as they are
SPACE = "\N{NO-BREAK SPACE}"
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # Unicode's categories of what a name should not do to a page


def percent(share: float, digits: int = 0) -> str:
    """Write a share as per cent; what is not known as a dash. Only all is 100 %, and only none is 0 %."""
    if not math.isfinite(share):
        return "\N{EN DASH}"
    least = 10.0**-digits
    value = 100 * share
    if 0 < value < least:
        return f"<{SPACE}{least:g}{SPACE}%"
    if 100 - least < value < 100:
        return f">{SPACE}{100 - least:g}{SPACE}%"
    return f"{value:.{digits}f}{SPACE}%"


def shown(text: str) -> str:
    """Return a name as it may be shown: without what turns, hides or breaks lines."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(one) in UNSEEN else one for one in text)


def counted(count: int, thing: str, things: str = "") -> str:
    """Write a number with its thing: 1 photograph, 2,000 photographs."""
    return f"{count:,} {thing if count == 1 else things or f'{thing}s'}"


def duration(seconds: float) -> str:
    """Write a time: 48 seconds, 3 minutes 20 seconds, 1 hour 5 minutes."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{counted(hours, 'hour')} {counted(minutes, 'minute')}"
    return f"{counted(minutes, 'minute')} {counted(rest, 'second')}" if minutes else counted(rest, "second")


def verdict(figures: Figures) -> str:
    """Say in a sentence or two what the accuracy means."""
    score, (label, usual) = figures.score, figures.usual
    low, _ = score.interval
    guess = f"Always saying “{shown(label)}” would be right in {percent(usual)}."
    if not score.count:
        return "Nothing was asked of it, so nothing can be said."
    if low <= usual:
        return (
            f"{guess} That is not clearly worse: either it has not learnt to tell these labels apart, or too few"
            " photographs were asked to see that it has."
        )
    if score.right == score.count:
        return f"It made no mistake here. It will make some: up to {percent(1 - low)} cannot be ruled out. {guess}"
    wrong = round(score.count / (score.count - score.right))
    often = "It is wrong more often than right." if wrong < 2 else f"It is wrong about once in {wrong} photographs."
    return f"{often} {guess}"


def certainty(score: Score) -> str:
    """Say what the interval is."""
    low, high = score.interval
    text = (
        f"{counted(score.count, 'photograph')} that it had not learnt from were asked. With others like them, expect"
        f" between {percent(low, 1)} and {percent(high, 1)} (a range that holds 19 times out of 20)."
    )
    return f"{text} It is wide because they are few." if score.count < FEW else text


def copies_warning(figures: Figures, across: int) -> str:
    """Say that the score is too good."""
    was, rest = figures.score, figures.without_copies
    one = "One photograph that it was asked about is"
    many = f"{across:,} photographs that it was asked about are"
    without = (
        f"Without them it is right in {percent(rest.share, 1)} ({rest.right:,} of {rest.count:,}), not in"
        f" {percent(was.share, 1)}."
    )
    score = "The score is too good" if rest.share < was.share else "The score is not to be trusted"
    return (
        f"{score}. {one if across == 1 else many} also among those that it learnt from, perhaps"
        f" turned, scaled or saved anew. {without if rest.count else 'Without them nothing is left to ask.'}"
    )


def trust(figures: Figures, temperature: float) -> str:
    """Say whether its percentages can be believed."""
    before, after, right = figures.before, figures.after, figures.score.share
    averages = f"{percent(before.confidence)} sure on average, and right in {percent(right)}"
    if before.error < WELL_CALIBRATED:
        first = "Its percentages can be believed as they are."
    elif before.confidence > right:
        first = f"It was too sure of itself: {averages}."
    else:
        first = f"It was too modest: {averages}."
    errors = f"from {percent(before.error, 1)} to {percent(after.error, 1)}"
    verb = "brings" if after.error < before.error else "changes"
    return (
        f"{first} A temperature of {temperature:.2f}, which is kept with the model, {verb} the usual error of its"
        f" percentages {errors}."
    )


def more_photographs(outlook: Outlook, count: int) -> str:
    """Answer the question whether more photographs than these would help."""
    if outlook.answer == "yes":
        return (
            "Yes. With each doubling of their number it made fewer mistakes. If that goes on,"
            f" {2 * count:,} photographs in place of {count:,} would save it about {percent(outlook.saved)} of its"
            " mistakes."
        )
    if outlook.answer == "hardly":
        return (
            "Hardly, if they are like these: the last ones changed little. Better than more of the same are"
            " photographs like its worst mistakes, wrong labels put right, or another backbone."
        )
    if outlook.answer == "perfect":
        return (
            "Not by this measure: there is hardly a mistake left to lose. Photographs from other places, cameras"
            " and times of day would show whether it is as good there."
        )
    return "It cannot be told: too few photographs were asked, or learnt from, to see a trend."


def suspects(count: int, most: int) -> str:
    """Introduce the photographs whose labels may be wrong."""
    of_them = f" These are the {most} most doubtful." if count > most else ""
    return (
        f"The label of {counted(count, 'photograph')} fits neither what a model says that had not learnt from it, nor"
        f" the photographs that look most like it.{of_them} Some are right all the same and only unusual: look at each."
    )


def copies(count: int, across: int, most: int) -> str:
    """Introduce the photographs that occur twice."""
    of_them = f" These are {most} of them." if count > most else ""
    asked = f"; {across:,} of them on both sides: learnt from, and asked about" if across else ""
    are = "is a copy" if count == 1 else "are copies"
    return f"{counted(count, 'photograph')} {are} of another{asked}.{of_them} Keep one of each."


def refused(count: int) -> str:
    """Introduce what was left out."""
    return f"{counted(count, 'file')} could not be used. Nothing was deleted."
