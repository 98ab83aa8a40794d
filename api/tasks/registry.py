"""All tasks, by name."""

from api.tasks.classification.task import CLASSIFICATION
from api.tasks.detection.task import DETECTION
from api.tasks.reading.task import READING
from api.tasks.segmentation.task import SEGMENTATION
from api.tasks.task import AnyTask

TASKS: dict[str, AnyTask] = {task.name: task for task in (DETECTION, CLASSIFICATION, SEGMENTATION, READING)}
