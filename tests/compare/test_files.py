"""Which files an input stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudai.compare import Item, Reading, read
from cloudai.compare.files import found, is_address, word_for
from cloudai.compare.inputs import same_twice
from cloudai.errors import InvalidRequestError
from cloudai.types.media import Image

GIF = b"GIF89a\x01\0\x01\0\0\0\0;"
IMAGES = Reading(media=Image, column="image", columns=("path",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in {"b.gif": GIF, "a": GIF, "broken.jpeg": b"?", "words.txt": b"?", ".c.gif": GIF}.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "d.gif").write_bytes(GIF)
    return tmp_path


def names(given: Path | str, kind: type = Image) -> list[str]:
    return [Path(name).name for name in found(str(given), kind)]


def test_a_folder_is_what_begins_or_is_named_like_a_picture(folder: Path) -> None:
    assert names(folder) == ["a", "b.gif", "broken.jpeg"]


def test_a_pattern_may_reach_into_folders(folder: Path) -> None:
    assert names(folder / "**" / "*.gif") == ["b.gif", "d.gif"]
    assert names(folder / "[ab]*") == ["a", "b.gif", "broken.jpeg"]


def test_a_file_that_is_named_is_taken_whatever_it_holds(folder: Path) -> None:
    assert names(folder / "words.txt") == ["words.txt"]


def test_files_of_a_kind_that_nothing_is_known_of_are_all_taken(folder: Path) -> None:
    assert names(folder, bytes) == ["a", "b.gif", "broken.jpeg", "words.txt"]
    assert (word_for(Image), word_for(bytes)) == ("pictures", "files")


@pytest.mark.parametrize("given", ["https://example.com/a?b=*", "s3://bucket/*", "GS://bucket/a", "-"])
def test_addresses_and_standard_input_are_themselves(given: str) -> None:
    assert found(given, Image) == [given]
    assert is_address(given) is (given != "-")


def test_a_drive_is_no_address() -> None:
    assert not is_address("c:\\photos\\a.png")


def test_nothing_is_an_error(folder: Path) -> None:
    for given, message in (("gone.gif", "there is no file"), ("*.webp", "no pictures in")):
        with pytest.raises(InvalidRequestError, match=message):
            found(str(folder / given), Image)


def test_tables_and_lines_name_files_from_where_they_are(folder: Path) -> None:
    (folder / "t.csv").write_text('path\nb.gif\ninner/d.gif\ns3://bucket/e\n" "\n')
    items = list(read([str(folder / "t.csv")], IMAGES))
    assert [item.content for item in items] == [
        str(folder / "b.gif"),
        str(folder / "inner/d.gif"),
        "s3://bucket/e",
        None,
    ]
    (folder / "t.jsonl").write_text('"b.gif"\n{"image": "a", "path": "b.gif"}\n')
    assert names_of(read([str(folder / "t.jsonl")], IMAGES)) == ["b.gif", "a"]
    (folder / "list").write_text("a\nb.gif\n")
    assert names_of(read([str(folder / "list")], Reading(media=Image, kind="lines"))) == ["a", "b.gif"]


def names_of(items: object) -> list[str]:
    return [Path(item.content).name for item in items if isinstance(item, Item)]  # type: ignore[attr-defined]


def test_pictures_are_named_without_being_read(folder: Path) -> None:
    assert names_of(read([str(folder)], IMAGES)) == ["a", "b.gif", "broken.jpeg"]
    assert same_twice([str(folder), str(folder / "*"), "https://example.com/a"], IMAGES)
    assert not same_twice(["-"], IMAGES)
