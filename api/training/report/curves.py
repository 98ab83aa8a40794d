"""The curves of a training: how it learnt, how its learning rate was chosen, and what more photographs would bring."""

import math

import numpy as np
from markupsafe import Markup

from api.training.report.charts import Axis, Series, axis_over, draw_lines
from api.training.report.figures import Score
from api.training.report.words import percent
from api.training.run import Run

STEEP = 2.0  # times the first loss; a range test ends where the loss runs away, and that part says nothing


def draw_training(run: Run) -> list[tuple[Markup, str]]:
    """Return the charts of the losses, of the accuracy and of the range test, with what they show."""
    charts = []
    if run.epochs:
        charts += [
            (_losses(run), "Loss: how wrong it is on average; 0 is never wrong and always sure."),
            (_accuracy(run), _words(run)),
        ]
    if len(run.range_test.learning_rates) > 1:
        caption = (
            "The range test: the learning rate grows from step to step. Where the loss falls steeply, the model learns"
            f" fast; where it rises again, the steps are too large. {run.range_test.chosen:.2g} was chosen."
        )
        charts.append((_range_test(run), caption))
    return charts


def draw_learning(run: Run) -> Markup:
    """Return the chart of the learning curve, or nothing."""
    if len(run.learning_curve) < 2:
        return Markup("")
    points = [
        (float(point.photographs), point.accuracy)
        for point in sorted(run.learning_curve, key=lambda it: it.photographs)
    ]
    count = int(run.is_validation.sum())
    low = min(Score(round(accuracy * count), count).interval[0] for _, accuracy in points)
    x = axis_over("photographs learnt from", [place for place, _ in points], "{:,.0f}", least=0)
    y = Axis("accuracy", math.floor(low * 20) / 20, 1.0, "{:.0%}")
    written = ", ".join(f"{percent(share, 1)} from {place:,.0f}" for place, share in points)
    return draw_lines(f"The learning curve: {written}.", x, y, [Series("accuracy", points, has_dots=True)])


def _losses(run: Run) -> Markup:
    learnt = [(float(number), epoch.loss) for number, epoch in enumerate(run.epochs, 1)]
    asked = [(float(number), epoch.validation_loss) for number, epoch in enumerate(run.epochs, 1)]
    y = axis_over("loss", [value for _, value in learnt + asked], least=0)
    words = f"The loss of each epoch; the last: {learnt[-1][1]:.3f} learnt from, {asked[-1][1]:.3f} asked."
    return draw_lines(words, _epochs(run), y, [Series("learnt from", learnt), Series("asked", asked)], _change(run))


def _accuracy(run: Run) -> Markup:
    points = [(float(number), epoch.validation_accuracy) for number, epoch in enumerate(run.epochs, 1)]
    low = min((value for _, value in points if math.isfinite(value)), default=0.0)
    y = Axis("accuracy", math.floor(min(low, 0.95) * 20) / 20, 1.0, "{:.0%}")
    words = f"The accuracy after each epoch; after the last: {percent(points[-1][1], 1)}."
    return draw_lines(words, _epochs(run), y, [Series("asked", points)], _change(run))


def _range_test(run: Run) -> Markup:
    test = run.range_test
    x = Axis("learning rate", min(test.learning_rates), max(test.learning_rates), is_log=True)
    finite = [loss for loss in test.losses if math.isfinite(loss)] or [1.0]
    points = list(zip(test.learning_rates, test.losses, strict=True))
    y = axis_over("loss", np.minimum(finite, STEEP * finite[0]).tolist(), least=0)
    words = f"The loss while the learning rate grows; {test.chosen:.2g} was chosen."
    return draw_lines(words, x, y, [Series("loss", points)], (test.chosen, "chosen"))


def _epochs(run: Run) -> Axis:
    return Axis("epoch", 1, max(len(run.epochs), 2), is_counted=True)


def _change(run: Run) -> tuple[float, str] | None:
    """Return where all of the model begins to learn, if that is not from the beginning."""
    of_head = sum(epoch.phase == "head" for epoch in run.epochs)
    return (of_head + 0.5, "all of it learns") if 0 < of_head < len(run.epochs) else None


def _words(run: Run) -> str:
    best = max(run.epochs, key=lambda epoch: epoch.validation_accuracy)
    return f"Accuracy on photographs that it does not learn from; the best was {percent(best.validation_accuracy, 1)}."
