"""Forgetting: after the kept time no row and no file of a job is left. DBOS itself deletes nothing."""

import time
from datetime import UTC, datetime

from dbos import DBOSClient

from api.jobs.folder import JobFolders
from api.jobs.types import WORKFLOW

ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
UNFINISHED_S = 3600.0  # for an upload, and between a folder and its row
AT_ONCE = 100


def forget_old(client: DBOSClient, folders: JobFolders, keep_s: float) -> None:
    """Forget the jobs that ended `keep_s` ago, and the files that belong to none."""
    while ids := _ended_before(client, time.time() - keep_s):
        for job_id in ids:
            folders.forget(job_id)
        client.delete_workflows(ids)
    folders.forget_unfinished(UNFINISHED_S)
    lonely = [job_id for job_id in folders.ids() if folders.age_s(job_id) > UNFINISHED_S]
    known = {row.workflow_id for row in client.list_workflows(workflow_ids=lonely, load_input=False, load_output=False)}
    for job_id in set(lonely) - known:
        folders.forget(job_id)


def _ended_before(client: DBOSClient, moment_s: float) -> list[str]:
    rows = client.list_workflows(
        name=WORKFLOW,
        status=ENDED,
        completed_before=datetime.fromtimestamp(moment_s, UTC).isoformat(),
        limit=AT_ONCE,
        load_input=False,
        load_output=False,
    )
    return [row.workflow_id for row in rows]
