"""Inputs are read one at a time, from whatever they are in, and what is wrong with them is said with its place."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from cloudai.compare import Item, Reading, read
from cloudai.compare.inputs import same_twice, seems_a_file
from cloudai.errors import InvalidRequestError


def contents(*inputs: str, **how: Any) -> list[Any]:
    return [item.content for item in read(inputs, Reading(**how))]


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_words_are_items_in_their_order() -> None:
    assert list(read(["one", "two words"])) == [Item(content="one"), Item(content="two words")]


def test_a_text_file_is_one_item_without_its_last_line_end(tmp_path: Path) -> None:
    name = write(tmp_path / "a.txt", "one\r\ntwo\r\n")
    assert list(read([name])) == [Item(content="one\r\ntwo", source=name)]


def test_lines_are_items_with_their_numbers_and_blank_ones_keep_their_place(tmp_path: Path) -> None:
    name = write(tmp_path / "a.txt", "one\n\nthree")
    items = list(read([name], Reading(kind="lines")))
    assert [(item.content, item.source) for item in items] == [
        ("one", f"{name}:1"),
        ("", f"{name}:2"),
        ("three", f"{name}:3"),
    ]


def test_a_table_gives_the_text_column_and_a_reference_that_is_named_like_the_answer(tmp_path: Path) -> None:
    name = write(tmp_path / "a.csv", 'id,Text,Sentiment\n1,"fine, really",positive\n2,bad,negative\n')
    items = list(read([name], Reading(references=("sentiment",))))
    assert [(item.content, item.reference) for item in items] == [("fine, really", "positive"), ("bad", "negative")]


def test_sources_name_the_line_on_which_a_row_begins(tmp_path: Path) -> None:
    name = write(tmp_path / "a.csv", '\ntext\n"one\nstill one"\ntwo\n')
    assert [item.source for item in read([name])] == [f"{name}:3", f"{name}:5"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_are_parted_by_what_their_first_line_is_parted_by(tmp_path: Path, delimiter: str) -> None:
    name = write(tmp_path / "a.csv", f"id{delimiter}text\n1{delimiter}fine\n")
    assert contents(name) == ["fine"]


def test_a_row_that_is_too_short_has_no_content_but_keeps_its_place(tmp_path: Path) -> None:
    assert contents(write(tmp_path / "a.csv", "id,text\n1,one\n2\n3,three\n")) == ["one", None, "three"]


def test_empty_lines_of_a_table_are_no_rows(tmp_path: Path) -> None:
    assert contents(write(tmp_path / "a.csv", "id,text\n1,one\n\n2,two\n\n")) == ["one", "two"]


def test_texts_in_tables_may_be_long(tmp_path: Path) -> None:
    text = "x" * 200_000
    assert contents(write(tmp_path / "a.csv", f"text\n{text}\n")) == [text]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path, mark: bytes) -> None:
    assert contents(write(tmp_path / "a.csv", mark + "text\nschön\n".encode())) == ["schön"]


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_utf_16_is_known_by_its_mark(tmp_path: Path, name: str) -> None:
    text = "text\nschön" if name == "a.csv" else "schön"
    assert contents(write(tmp_path / name, text.encode("utf-16"))) == ["schön"]


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl"])
def test_another_encoding_is_refused_with_the_way_out(tmp_path: Path, name: str) -> None:
    text = '{"text": "schön"}' if name == "a.jsonl" else "text\nschön\n"
    path = write(tmp_path / name, text.encode("latin-1"))
    with pytest.raises(InvalidRequestError, match=r"is not utf-8 text .*--encoding"):
        contents(path)
    assert "schön" in contents(path, encoding="latin-1")[0]


def test_an_unknown_encoding_is_named(tmp_path: Path) -> None:
    for name in ("a.txt", "a.csv"):
        with pytest.raises(InvalidRequestError, match="there is no encoding 'utf-9'"):
            contents(write(tmp_path / name, "text\nfine\n"), encoding="utf-9")


def test_json_lines_are_objects_or_strings(tmp_path: Path) -> None:
    name = write(tmp_path / "a.jsonl", '{"text": "one", "reference": ["x"]}\n\n"two"\n{"text": null}\n')
    items = list(read([name], Reading(references=("reference",))))
    assert [(item.content, item.reference) for item in items] == [("one", ["x"]), ("two", None), (None, None)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "", "is empty"),
        ("a.csv", "id,review\n1,fine\n", "has no column 'text': it has id, review"),
        ("a.csv", 'text\n"never closed\n', r"a\.csv:2 is not well-formed"),
        ("a.jsonl", '{"text": 1}\n{"text"', r"a\.jsonl:2 is not JSON"),
        ("a.jsonl", "[1]", "neither an object nor a string"),
        ("a.jsonl", '{"body": "x"}', r"a\.jsonl:1 has no key 'text': it has body"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    with pytest.raises(InvalidRequestError, match=message):
        contents(write(tmp_path / name, content))


def test_a_reference_column_that_is_asked_for_has_to_be_there(tmp_path: Path) -> None:
    name = write(tmp_path / "a.csv", "text,sentiment\nfine,positive\n")
    with pytest.raises(InvalidRequestError, match="has no column 'truth'"):
        contents(name, reference="truth")


def test_the_input_itself_is_never_taken_for_the_reference(tmp_path: Path) -> None:
    name = write(tmp_path / "a.csv", "summary,text\nshort,long\n")
    (item,) = read([name], Reading(column="summary", references=("summary",)))
    assert (item.content, item.reference) == ("short", None)


def test_a_file_that_is_not_there_is_not_taken_for_a_text() -> None:
    with pytest.raises(InvalidRequestError, match=r"there is no file nowhere/reviews\.csv"):
        contents("nowhere/reviews.csv")
    assert contents("nowhere/reviews.csv", literal=True) == ["nowhere/reviews.csv"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [("a.csv", True), ("dir/a.TXT", True), ("I like a.csv", False), ("really?", False), ("3.5", False)],
)
def test_only_what_looks_like_a_file_is_held_for_one(words: str, answer: bool) -> None:
    assert seems_a_file(words) is answer


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError, match="is a directory"):
        contents(str(tmp_path))


def test_long_words_are_no_names() -> None:
    text = "word " * 2000
    assert contents(text) == [text]


def test_items_come_before_the_file_has_been_read_to_its_end(tmp_path: Path) -> None:
    name = write(tmp_path / "a.csv", "text\n" + "fine\n" * 100_000 + '"never closed\n')
    assert next(read([name])).content == "fine"


def test_standard_input_is_one_text_or_what_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    for how, expected in (({}, ["one\ntwo"]), ({"kind": "lines"}, ["one", "two"])):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(b"one\ntwo\n"))))
        assert contents("-", **how) == expected


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_pipes_are_known_for_what_can_be_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert not same_twice([str(pipe)], Reading())
    assert not same_twice(["-"], Reading())
    assert same_twice(["words", write(tmp_path / "a.csv", "text\n")], Reading())
