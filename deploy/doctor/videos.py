"""Videos, where the server takes any: whether somebody works on them, and whether nginx lets them through."""

from deploy.doctor.finding import Finding, well, wrong
from deploy.doctor.form import encode_form
from deploy.doctor.server import Server

LARGER_THAN_A_PHOTOGRAPH = 13_000_000  # nginx takes 12 MB where nobody has told it of videos
LOG = "journalctl -u pagesight-worker -n 30 on the server says why."


def check_videos(server: Server) -> Finding:
    """See that a worker is there, and that nginx takes more at /v1/jobs than a photograph."""
    jobs = server.status.members.get("jobs")
    if not isinstance(jobs, dict):
        return well("photographs alone: PAGESIGHT_JOBS is off")
    if not jobs.get("workers"):
        return wrong("videos are taken in, and no worker is there", f"sudo systemctl restart pagesight-worker; {LOG}")
    body, headers = encode_form(b"x" * LARGER_THAN_A_PHOTOGRAPH)
    answer = server.send_file("/v1/jobs", headers, body)
    if answer.status == 413:
        return wrong(
            f"nginx takes no {LARGER_THAN_A_PHOTOGRAPH / 1e6:.0f} MB at /v1/jobs (413)",
            "sudo deploy/install.sh writes nginx's files anew, with MAX_VIDEO_MB.",
        )
    return well(f"{jobs['workers']} at work on videos, {jobs.get('waiting')} wait")
