"""api/jobs/folder.py: files that are whole or not there, and that nobody else may read."""

import os
import time
from pathlib import Path

import pytest

from api.jobs.folder import JobFolders, make_id, written_whole

ID = "0123456789abcdef" * 2


@pytest.fixture
def folders(tmp_path: Path) -> JobFolders:
    made = JobFolders(tmp_path / "jobs")
    made.prepare()
    return made


def admit(folders: JobFolders, job_id: str = ID) -> Path:
    incoming = folders.incoming()
    incoming.write_bytes(b"a video")
    return folders.admit(incoming, job_id).path


def test_only_the_owner_may_look_into_a_folder(folders: JobFolders):
    path = admit(folders)
    assert [folder.stat().st_mode & 0o077 for folder in (folders.root, path.parent, path)] == [0, 0, 0]


@pytest.mark.parametrize("name", ["", "..", "../../etc", ID[:-1], ID + "0", ID.upper(), f"{ID}\n", "0" * 31 + "/"])
def test_what_is_no_id_leads_nowhere(folders: JobFolders, name: str):
    with pytest.raises(ValueError, match="no id"):
        folders.of(name)


def test_ids_are_of_128_bits_and_differ():
    ids = {make_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(bytes.fromhex(one)) == 16 for one in ids)


def test_a_job_is_taken_in_once(folders: JobFolders):
    admit(folders)
    with pytest.raises(FileExistsError):
        admit(folders)


def test_a_file_that_could_not_be_written_is_not_there(tmp_path: Path):
    def write() -> None:
        with written_whole(tmp_path / "result.json") as part:
            part.write_text("half of")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_seen_only_when_it_is_whole(tmp_path: Path):
    with written_whole(tmp_path / "result.json") as part:
        part.write_text("half of")
        assert not (tmp_path / "result.json").exists()
    assert (tmp_path / "result.json").read_text() == "half of"


def test_results_are_left_and_the_upload_is_not(folders: JobFolders):
    path = admit(folders)
    for name in ("00000.json", "00000.mp4", "result.json", "result.mp4", "preview.jpg"):
        (path / name).touch()
    folders.of(ID).forget_all_but_results()
    assert {file.name for file in path.iterdir()} == {"result.json", "result.mp4", "preview.jpg"}


def test_forgetting_leaves_nothing(folders: JobFolders):
    admit(folders)
    folders.forget(ID)
    assert [path for name in ("jobs", "incoming") for path in (folders.root / name).iterdir()] == []
    folders.forget(ID)  # a second time is no mistake


def test_what_a_sender_left_half_sent_goes(folders: JobFolders):
    old, new = folders.incoming(), folders.incoming()
    for path in (old, new):
        path.write_bytes(b"half of a")
    os.utime(old, (time.time() - 100,) * 2)
    folders.forget_unfinished(50)
    assert (old.exists(), new.exists()) == (False, True)


def test_a_worker_counts_while_it_signs_in(folders: JobFolders):
    folders.sign_in("worker-1")
    folders.sign_in("worker-2")
    assert folders.workers() == 2
    os.utime(folders.root / "workers" / "worker-2", (time.time() - 100,) * 2)
    assert folders.workers() == 1
    folders.sign_out("worker-1")
    assert folders.workers() == 0
