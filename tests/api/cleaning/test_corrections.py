"""Corrections of a folder: nothing is lost or overwritten, all can be undone, and training reads what was decided."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cleaning.actions import Moved
from api.cleaning.corrections import Corrections, read_folder
from api.cleaning.journal import NAME
from api.errors import BadRequest, FolderChanged, FolderNotWritable
from api.training.dataset import read_dataset
from api.training.errors import DataError
from tests.api.cleaning.folders import FORMS, LABELS, contents, make_folders, make_saved, make_table, photograph

Make = Callable[[Path], Path]


def open_folder(folder: Path) -> Corrections:
    return Corrections(read_folder(folder))


def numbers_of(corrections: Corrections, *names: str) -> list[int]:
    found = {item.name: item.number for item in corrections.items}
    return [found[name] for name in names]


def labelled(corrections: Corrections) -> dict[str, str]:
    return {item.name: item.label for item in corrections.items if item.label is not None}


def as_training_reads(folder: Path) -> dict[str, str]:
    dataset = read_dataset(folder, least_labels=0)
    return {one.name: dataset.labels[one.label] for one in dataset.photographs}


def everything(folder: Path) -> list[bytes]:
    """Return the photographs anywhere in the folder, the trash too."""
    return sorted(path.read_bytes() for path in folder.rglob("*.jpg"))


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
def test_relabelled_photographs_have_the_label_for_training_too(tmp_path: Path, make: Make):
    corrections = open_folder(make(tmp_path))
    chosen = [item.number for item in corrections.items if item.label == "cat"][:2]
    done = corrections.relabel(chosen, "dög")
    assert [(item.number, item.label, item.is_kept) for item in done.items] == [(one, "dög", True) for one in chosen]
    assert as_training_reads(tmp_path) == labelled(corrections)


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
def test_deleted_photographs_are_in_the_trash_and_not_in_training(tmp_path: Path, make: Make):
    corrections = open_folder(make(tmp_path))
    before = everything(tmp_path)
    corrections.delete([0, 3])
    assert as_training_reads(tmp_path) == labelled(corrections)
    assert len(as_training_reads(tmp_path)) == len(corrections.items) - 2
    assert everything(tmp_path) == before
    assert corrections.read(0) in before, "what was just deleted may still be shown"
    with pytest.raises(BadRequest):
        corrections.delete([0])


@pytest.mark.parametrize(
    "make", [*FORMS.values(), lambda folder: make_table(folder, ";", "\r\n")], ids=[*FORMS, "excel"]
)
def test_whatever_is_decided_undoing_all_of_it_brings_every_byte_back(tmp_path: Path, make: Make):
    folder = make(tmp_path)
    before = contents(folder)
    choice = random.Random(3)
    corrections = open_folder(folder)
    for step in range(25):
        there = [item.number for item in corrections.items if item.label is not None]
        chosen = choice.sample(there, choice.randint(1, 2))
        if step % 5 == 0 and len(there) > 6:
            corrections.delete(chosen)
        elif step % 5 == 1:
            corrections.keep(chosen)
        else:
            label = choice.choice(LABELS)
            if {item.label for item in corrections.items if item.number in chosen} == {label}:
                continue
            corrections.relabel(chosen, label)
        if step == 12:
            corrections = open_folder(folder)  # the program is started again
        assert as_training_reads(folder) == labelled(corrections)
    while corrections.undoable:
        corrections.undo()
    assert contents(folder) == before


def test_a_photograph_never_overwrites_another_of_its_name(tmp_path: Path):
    corrections = open_folder(make_folders(tmp_path))
    before = everything(tmp_path)
    corrections.relabel(numbers_of(corrections, "cat/1.jpg"), "dög")
    assert everything(tmp_path) == before
    assert (tmp_path / "dög" / "1-2.jpg").is_file()


def test_two_of_one_name_find_two_places_in_the_trash(tmp_path: Path):
    corrections = open_folder(make_folders(tmp_path))
    before = everything(tmp_path)
    first = numbers_of(corrections, "cat/1.jpg")
    corrections.delete(first)
    (tmp_path / "cat" / "1.jpg").write_bytes(photograph(99))
    again = open_folder(tmp_path)
    again.delete(numbers_of(again, "cat/1.jpg"))
    assert everything(tmp_path) == sorted([*before, photograph(99)])


def test_a_move_leaves_a_name_alone_that_was_taken_meanwhile(tmp_path: Path):
    (tmp_path / "one").write_bytes(b"one")
    (tmp_path / "other").write_bytes(b"other")
    with pytest.raises(FolderChanged, match="There is a file already"):
        Moved("one", "other").perform(tmp_path)
    assert contents(tmp_path) == {"one": b"one", "other": b"other"}


def test_several_at_once_are_all_done_or_none(tmp_path: Path):
    corrections = open_folder(make_folders(tmp_path))
    before = contents(tmp_path)
    (tmp_path / "cat" / "3.jpg").unlink()
    with pytest.raises(FolderChanged, match=r"cat/3\.jpg is not there any more"):
        corrections.delete(numbers_of(corrections, "cat/1.jpg", "cat/2.jpg", "cat/3.jpg"))
    del before["cat/3.jpg"]
    assert contents(tmp_path) == before
    assert corrections.undoable is None


@pytest.mark.parametrize(
    "name",
    ["🐈 Katze.jpg", "a\u0301.jpg", "-rf.jpg", "<img src=x>.jpg", "a\nb.jpg", "\u0627\u202eb.jpg", "x" * 240 + ".jpg"],
)
def test_names_of_any_letters_go_there_and_back(tmp_path: Path, name: str):
    folder = make_folders(tmp_path)
    (folder / "cat" / name).write_bytes(photograph(50))
    before = contents(folder)
    corrections = open_folder(folder)
    number = numbers_of(corrections, f"cat/{name}")
    corrections.relabel(number, "dög")
    assert (folder / "dög" / name).is_file()
    corrections.delete(number)
    again = open_folder(folder)
    again.undo()
    again.undo()
    assert contents(folder) == before


def test_what_was_kept_is_still_kept_after_a_start(tmp_path: Path):
    corrections = open_folder(make_folders(tmp_path))
    corrections.keep(numbers_of(corrections, "cat/1.jpg"))
    corrections.keep_both(*numbers_of(corrections, "cat/2.jpg", "cat/3.jpg"))
    again = open_folder(tmp_path)
    assert [item.name for item in again.items if item.is_kept] == ["cat/1.jpg"]
    assert again.kept_pairs == {frozenset(("cat/2.jpg", "cat/3.jpg"))}
    again.undo()
    again.undo()
    assert not any(item.is_kept for item in again.items)
    assert not again.kept_pairs


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("do", ["relabel", "delete"])
def test_a_folder_that_lost_a_label_or_all_photographs_is_opened_again(tmp_path: Path, make: Make, do: str):
    folder = make(tmp_path)
    before = contents(folder)
    corrections = open_folder(folder)
    if do == "delete":
        corrections.delete([item.number for item in corrections.items])
    else:
        corrections.relabel([item.number for item in corrections.items], "cat")
    again = open_folder(folder)
    assert again.labels == LABELS
    again.undo()
    assert contents(folder) == before


def test_a_table_has_a_copy_from_before_in_the_trash(tmp_path: Path):
    folder = make_table(tmp_path)
    before = (folder / "labels.csv").read_bytes()
    corrections = open_folder(folder)
    corrections.relabel([0], "dög")
    corrections.relabel([1], "dög")
    assert (folder / ".trash" / "labels.csv").read_bytes() == before
    assert len(list((folder / ".trash").iterdir())) == 1


def test_a_table_keeps_its_rights_and_all_other_lines(tmp_path: Path):
    folder = make_table(tmp_path, ";", "\r\n")
    (folder / "labels.csv").chmod(0o640)
    before = (folder / "labels.csv").read_bytes().split(b"\r\n")
    corrections = open_folder(folder)
    corrections.relabel(numbers_of(corrections, "3.jpg"), "dög")
    after = (folder / "labels.csv").read_bytes().split(b"\r\n")
    assert [(one, other) for one, other in zip(before, after, strict=True) if one != other] == [
        (b'"3.jpg"; cat', "3.jpg;dög".encode())
    ]
    assert (folder / "labels.csv").stat().st_mode & 0o777 == 0o640


def test_a_table_that_was_changed_meanwhile_is_left_alone(tmp_path: Path):
    corrections = open_folder(make_table(tmp_path))
    table = tmp_path / "labels.csv"
    corrections.relabel(numbers_of(corrections, "0.jpg"), "dög")
    table.write_text(table.read_text(encoding="utf-8").replace("0.jpg,dög", "0.jpg,bird"), encoding="utf-8")
    written = table.read_bytes()
    with pytest.raises(FolderChanged, match="cannot be undone any more"):
        corrections.undo()
    assert table.read_bytes() == written
    assert corrections.undoable is None


def test_what_the_page_saved_is_read_by_training_as_corrected(tmp_path: Path):
    corrections = open_folder(make_saved(tmp_path))
    corrections.relabel(numbers_of(corrections, "0.jpg"), "dög")
    assert as_training_reads(tmp_path)["0.jpg"] == "dög"
    corrections.delete(numbers_of(corrections, "1.jpg"))
    assert not (tmp_path / "1-classes.json").exists()


def test_a_link_out_of_the_folder_gets_nothing(tmp_path: Path):
    folder, outside = make_folders(tmp_path / "data"), tmp_path / "outside"
    outside.mkdir()
    (folder / ".trash").symlink_to(outside)
    corrections = open_folder(folder)
    with pytest.raises(FolderChanged, match="outside the data folder"):
        corrections.delete([0])
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("target", ["../outside/stolen.jpg", "/tmp/stolen.jpg"])  # noqa: S108, nothing is written there
def test_a_journal_that_came_with_the_folder_moves_nothing_outside(tmp_path: Path, target: str):
    folder = make_folders(tmp_path / "data")
    (tmp_path / "outside").mkdir()
    record = (
        '{"do": "delete", "before": [["%s", "cat"]], "after": [["cat/1.jpg", null]], "actions": [["%s", "cat/1.jpg"]]}'
    )
    (folder / NAME).write_text(record % (target, target) + "\n", encoding="ascii")
    with pytest.raises(FolderChanged, match="outside the data folder"):
        open_folder(folder).undo()
    assert list((tmp_path / "outside").iterdir()) == []
    assert not Path("/tmp/stolen.jpg").exists()  # noqa: S108


@pytest.mark.parametrize("text", ["[]", '{"do": "undo"}', '{"do": "relabel", "actions": 3}', '{"names": []}'])
def test_a_journal_of_somebody_else_is_refused_in_words(tmp_path: Path, text: str):
    folder = make_folders(tmp_path)
    (folder / NAME).write_text(text + "\n", encoding="ascii")
    with pytest.raises(DataError, match="is not what this program writes"):
        open_folder(folder)


def test_a_journal_that_was_cut_off_goes_on(tmp_path: Path):
    corrections = open_folder(make_folders(tmp_path))
    corrections.keep([0])
    with (tmp_path / NAME).open("a") as journal:
        journal.write('{"do": "ke')
    again = open_folder(tmp_path)
    again.keep([1])
    assert [item.number for item in open_folder(tmp_path).items if item.is_kept] == [0, 1]


def test_what_cannot_be_written_down_is_not_done(tmp_path: Path):
    corrections = open_folder(make_folders(tmp_path))
    before = contents(tmp_path)
    (tmp_path / NAME).mkdir()
    with pytest.raises(FolderNotWritable, match="cannot be written"):
        corrections.delete([0, 1])
    assert contents(tmp_path) == before
    assert all(item.label for item in corrections.items)


def test_an_empty_folder_is_a_label_to_sort_into(tmp_path: Path):
    (make_folders(tmp_path) / "bird").mkdir()
    corrections = open_folder(tmp_path)
    corrections.relabel([0], "bird")
    assert sum(label == "bird" for label in as_training_reads(tmp_path).values()) == 1


def test_a_label_that_a_mac_wrote_is_the_same_label(tmp_path: Path):
    folder = make_folders(tmp_path)
    (folder / "dög").rename(folder / "do\u0308g")
    corrections = open_folder(folder)
    assert corrections.labels == LABELS
    corrections.relabel([0], "dög")
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["cat", "do\u0308g"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_changed_is_told_so(tmp_path: Path):
    corrections = open_folder(make_folders(tmp_path))
    (tmp_path / "cat").chmod(0o500)
    try:
        with pytest.raises(FolderNotWritable, match="cannot be changed"):
            corrections.delete(numbers_of(corrections, "cat/1.jpg"))
    finally:
        (tmp_path / "cat").chmod(0o700)


@pytest.mark.parametrize("label", ["bird", "", "../cat"])
def test_a_label_that_there_is_not_is_refused(tmp_path: Path, label: str):
    with pytest.raises(BadRequest):
        open_folder(make_folders(tmp_path)).relabel([0], label)


def test_a_renamed_photograph_is_followed(tmp_path: Path):
    corrections = open_folder(make_folders(tmp_path))
    corrections.relabel(numbers_of(corrections, "cat/1.jpg"), "dög")
    assert corrections.follow("cat/1.jpg") == "dög/1-2.jpg"
    assert corrections.follow("cat/2.jpg") == "cat/2.jpg"
