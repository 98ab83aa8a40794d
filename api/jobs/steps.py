"""The steps of a job: a photograph in one, a video in chunks of some seconds."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from api.errors import ApiError
from api.images.limits import ImageLimits
from api.jobs.folder import JobFolder, JobFolders, written_whole
from api.jobs.open_videos import OpenVideo
from api.jobs.pulse import Pulse, is_still_running
from api.jobs.result import notes_of, notes_of_stops, read_frames, write_result
from api.jobs.tracking import TASK, add_tracks
from api.jobs.types import JobSettings
from api.jobs.video_chunk import Asked, Chunk, ChunkWork
from api.jobs.workflow import Answer
from api.models.model import Model
from api.tasks.registry import TASKS
from api.video.available import is_available
from api.video.limits import VideoLimits
from api.video.probe import probe_video
from api.video.read import BEFORE_ALL
from api.video.video import Video
from api.work.image_answer import image_answer
from api.work.loaded_models import LoadedModels
from api.work.run_image import ImageRequest, run_image

logger = logging.getLogger(__name__)

UNWANTED: Answer = {"unwanted": True}
ONLY_ANALYSED = "The drawn video has the analysed frames alone, so that nothing to be blurred is seen in between."
NO_PICTURES = "None of the video's pictures could be decoded."
NO_VIDEOS = "This server works on photographs alone: PyAV is not installed."
NO_MEMORY = "The server has not enough memory for this file. Make it smaller."


class JobSteps:
    """The work, on the models of this process."""

    def __init__(self, settings: JobSettings, folders: JobFolders, models: LoadedModels, images: ImageLimits) -> None:
        self._folders = folders
        self._models = models
        self._images = images
        self._limits = VideoLimits(
            max_megabytes=settings.video_mb, max_seconds=settings.video_s, max_side=settings.video_side
        )
        self._open = OpenVideo()

    def work_on_image(self, job_id: str, asked: Answer) -> Answer:
        """Write the result of a photograph."""

        def work(folder: JobFolder) -> Answer:
            model = self._models.get(asked["model"])
            options = read_options(model, asked)
            wanted = ImageRequest(
                folder.upload.read_bytes(), asked["orientation"], asked["annotate"], asked["display_width"]
            )
            outcome = run_image(wanted, model, options, self._images)
            answer = image_answer(outcome, model.card, name=asked["name"], queue_ms=0.0, request_id=job_id)
            write_result(folder, answer)
            if outcome.jpeg:
                with written_whole(folder.preview) as part:
                    part.write_bytes(outcome.jpeg)
            return {"frames": 1}

        return self._guarded(job_id, work)

    def probe(self, job_id: str, _asked: Answer) -> Answer:
        """Return what is known of a video."""
        if not is_available():
            return {"refused": NO_VIDEOS}
        return self._guarded(job_id, lambda folder: asdict(probe_video(folder.upload, self._limits)))

    def work_on_chunk(self, job_id: str, asked: Answer, video: Answer, parts: list[Answer]) -> Answer:
        """Work some seconds on what comes after these parts."""
        after_s = parts[-1]["after_s"] if parts else BEFORE_ALL

        def work(folder: JobFolder) -> Answer:
            known = Video(**video)
            frames = self._open.frames(
                job_id,
                folder.upload,
                known,
                self._limits,
                every=asked["every"],
                after_s=after_s,
                all_=asked["annotate"] and not hides(asked),
            )
            model = self._models.get(asked["model"])
            options = read_options(model, asked)
            wanted = Asked(model, options, asked["annotate"], asked["display_width"])
            tell = _teller(
                Pulse(lambda: is_still_running(job_id)), known, after_s, sum(part["frames"] for part in parts)
            )
            done = ChunkWork(wanted, known, folder).run(frames, folder.video_of(len(parts)), tell)
            if done.is_broken_off:
                return UNWANTED
            with written_whole(folder.frames_of(len(parts))) as part:
                part.write_text(json.dumps(done.found, separators=(",", ":"), allow_nan=False), encoding="utf-8")
            return {
                "after_s": done.after_s,
                "is_last": done.is_last,
                "frames": len(done.found),
                "ended_early": frames.ended_early,
                "is_damaged": frames.take_skipped(),
            }

        answer = self._guarded(job_id, work)
        if answer.get("is_last", True):
            self._open.close()
        return answer

    def finish(self, job_id: str, asked: Answer, video: Answer, parts: list[Answer]) -> Answer:
        """Write the result of a video."""

        def work(folder: JobFolder) -> Answer:
            known = Video(**video)
            found = list(read_frames(folder, len(parts)))
            if not found:
                return {"refused": parts[-1]["ended_early"] or NO_PICTURES}
            frames = [one["frame"] for one in found]
            notes = [*notes_of(known, parts), *notes_of_stops(frames)]
            tracked = add_tracks(frames, [one["glance"] for one in found]) if asked["task"] == TASK else {}
            if asked["annotate"]:
                from api.video.write import join_segments

                join_segments(map(folder.video_of, range(len(parts))), folder.result_mp4, end_s=known.duration_s)
            write_result(
                folder,
                {
                    "name": asked["name"],
                    "task": asked["task"],
                    "model": asked["model"],
                    "width": known.width,
                    "height": known.height,
                    "duration_s": round(known.duration_s, 6),
                    "every": asked["every"],
                    **tracked,
                    "frames": frames,
                    "notes": notes + ([ONLY_ANALYSED] if hides(asked) and asked["annotate"] else []),
                },
            )
            return {"frames": len(frames)}

        return self._guarded(job_id, work)

    def tidy(self, job_id: str) -> Answer:
        """Remove all but the results."""
        self._folders.of(job_id).forget_all_but_results()
        return {}

    def _guarded(self, job_id: str, work: Callable[[JobFolder], Answer]) -> Answer:
        """Return what `work` returns, or why the file is refused."""
        folder = self._folders.of(job_id)
        try:
            return work(folder)
        except ApiError as error:
            return {"refused": error.detail}
        except MemoryError:
            logger.warning("Not enough memory for a job")
            return {"refused": NO_MEMORY}
        except FileNotFoundError:
            if folder.path.is_dir():
                logger.exception("The work on a job failed")
                raise
            return UNWANTED  # it was forgotten meanwhile
        except Exception:
            logger.exception("The work on a job failed")  # without its id, which is the key to it
            raise


def read_options(model: Model, asked: Answer) -> Any:
    """Return the options of the model's task, which went through JSON."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in asked["options"].items()}
    return TASKS[model.card.task].options(**values)


def hides(asked: Answer) -> bool:
    """Return whether something is to be made unrecognisable: then no frame is drawn that was not analysed itself."""
    return bool(asked["options"].get("blur"))


def _teller(pulse: Pulse, video: Video, after_s: float, frames: int) -> Callable[[Chunk], bool]:
    """Return what tells of the progress of a chunk that begins after `after_s` and so many analysed frames."""
    began_s = time.monotonic()
    first_s = max(0.0, after_s)

    def tell(chunk: Chunk) -> bool:
        done_s, whole_s = max(0.0, chunk.after_s), max(video.duration_s, 1e-3)
        pace = (time.monotonic() - began_s) / max(done_s - first_s, 1e-3)
        progress: dict[str, Any] = {
            "progress": min(0.99, done_s / whole_s),
            "frames": frames + len(chunk.found),
            "expected_s": round(max(0.0, whole_s - done_s) * pace, 1),
        }
        pulse.say(**progress)
        return pulse.is_wanted()

    return tell
