"""Videos to upright frames with times and back, and every limit on untrusted videos. No Flask, no torch, no DBOS.

What other rooms import:

- `api.video.available`: `is_available()`: PyAV may be left out of an installation
- `api.video.limits`: `VideoLimits`
- `api.video.sniff`: `find_kind(head)`, by a file's first `HEAD_BYTES` bytes; raises UnsupportedVideo
- `api.video.video`: `Video` (what a file is), `Frame` (a picture and its time)
- `api.video.probe`: `probe_video(path, limits) -> Video`; raises TooLarge, UnsupportedVideo, RefusedVideo
- `api.video.read`: `FrameReader(path, video, limits, ...)`, frames from any time on (`BEFORE_ALL`: from the first)
- `api.video.cuts`: `glance(pixels) -> bytes` and `is_cut(before, now)`: whether the scene has changed, for tracks
- `api.video.write`: `SegmentWriter(path, size)` and `join_segments(segments, path)`

Objects that keep their number from frame to frame are not here but in `api.tasks.detection.tracks`: `follow.Tracks`,
`follow.follow`, `summary.summarise`, `summary.count`.
"""
