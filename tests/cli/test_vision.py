"""``cloudai vision``: which files are meant, what is asked, what is shown and drawn, and how it ends."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cloudai import AuthenticationError, RateLimitedError
from cloudai.operations.vision import (
    AnalysisPart,
    AnalysisResult,
    ColorsResult,
    CompareFacesResult,
    CropHintsResult,
    DetectedObject,
    Face,
    FaceMatch,
    FacesResult,
    Label,
    LabelsResult,
    Line,
    ObjectsResult,
    Page,
    TextResult,
)
from cloudai.types.geometry import Box

Run = Callable[..., Any]
Install = Callable[..., None]
BOX = Box(left=0.25, top=0.25, width=0.5, height=0.5)


def png(width: int = 40, height: int = 30) -> bytes:
    """A white picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\xff" * 3 * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def called(request: Any) -> LabelsResult:
    """A label that is named like the picture's file."""
    return LabelsResult(labels=(Label(name=f"seen {request.image.name}", confidence=0.9),))


def remembering(asked: list[Any], result: Any) -> Callable[[Any], Any]:
    """An answer that writes down what was asked."""

    def answer(request: Any) -> Any:
        asked.append(request)
        return result

    return answer


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder ``photos`` in the working directory, with two pictures, one that only says so, and other things."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "photos"
    (folder / "old").mkdir(parents=True)
    for name in ("a.png", "b.dat", ".hidden.png", "old/c.png"):
        (folder / name).write_bytes(png())
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def alpha(vendors: Install) -> None:
    vendors(alpha={"vision.labels": called})


def seen(output: str) -> list[str]:
    """The names of the files that were asked about."""
    words = output.split()
    return [word for before, word in pairwise(words) if before == "seen"]


# --- which files are meant -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("alpha", "photos")
def test_one_file_is_shown_like_any_result(run: Run) -> None:
    result = run("vision", "labels", "photos/a.png", "-p", "alpha")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split() == ["name", "confidence"]
    assert seen(result.stdout) == ["a.png"]


@pytest.mark.usefixtures("alpha", "photos")
def test_several_files_have_a_section_each_in_their_order(run: Run) -> None:
    result = run("vision", "labels", "photos/b.dat", "photos/a.png", "-p", "alpha")
    assert result.exit_code == 0
    assert seen(result.stdout) == ["b.dat", "a.png"]
    assert [line for line in result.stdout.splitlines() if "/2 " in line] == ["1/2 photos/b.dat", "2/2 photos/a.png"]


@pytest.mark.usefixtures("alpha", "photos")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("photos", ["a.png", "b.dat"]),
        ("photos/*", ["a.png", "b.dat"]),
        ("photos/[ab].*", ["a.png", "b.dat"]),
        ("photos/**", ["a.png", "b.dat", "c.png"]),
        ("photos/old", ["c.png"]),
    ],
)
def test_folders_and_patterns_stand_for_the_pictures_in_them(run: Run, given: str, expected: list[str]) -> None:
    assert seen(run("vision", "labels", given, "-p", "alpha").stdout) == expected


@pytest.mark.usefixtures("alpha", "photos")
def test_a_file_whose_name_is_a_pattern_is_the_file(run: Run, photos: Path) -> None:
    (photos / "x[1].png").write_bytes(png())
    assert seen(run("vision", "labels", "photos/x[1].png", "-p", "alpha").stdout) == ["x[1].png"]


def test_addresses_are_handed_on_as_they_are(run: Run, vendors: Install, photos: Path) -> None:
    asked: list[str | None] = []

    def answer(request: Any) -> LabelsResult:
        asked.append(request.image.address)
        return LabelsResult(labels=())

    vendors(alpha={"vision.labels": answer})
    addresses = ["https://example.com/a*.jpg?x=1", "s3://bucket/key[1]", "gs://bucket/b.png"]
    run("vision", "labels", *addresses, "-p", "alpha", "--concurrency", "1")
    assert asked == addresses


@pytest.mark.usefixtures("alpha")
def test_standard_input_is_a_picture(run: Run) -> None:
    result = run("vision", "labels", "-", "-p", "alpha", "--json", input=png())
    assert json.loads(result.stdout)["labels"][0]["name"] == "seen None"
    assert "can be read once" in run("vision", "labels", "-", "-", "-p", "alpha", input=png()).stderr


@pytest.mark.usefixtures("alpha", "photos")
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["photos/a.png", "nowhere.png"], "there is no file nowhere.png"),
        (["*.gif"], "there are no pictures in *.gif"),
        (["empty"], "there are no pictures in empty"),
        ([], "Missing argument 'IMAGE...'"),
    ],
)
def test_names_that_mean_nothing_end_it_before_anybody_is_asked(
    run: Run, given: list[str], message: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    result = run("vision", "labels", *given, "-p", "alpha")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


# --- what comes out --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("alpha", "photos")
def test_files_without_an_answer_are_told_beside_the_others(run: Run) -> None:
    result = run("vision", "labels", "photos", "photos/old/c.png", "-p", "alpha")
    assert result.exit_code == 4
    assert seen(result.stdout) == ["a.png", "b.dat", "c.png"]
    assert "InvalidRequestError: empty.jpg is empty" in result.stdout
    assert result.stdout.index("empty.jpg is empty") < result.stdout.index("4/4 photos/old/c.png")
    assert "1 of 4 failed" in result.stderr


def test_a_vendors_error_is_told_for_its_file_alone(run: Run, vendors: Install, photos: Path) -> None:
    def answer(request: Any) -> Any:
        return RateLimitedError("slow", retry_after=1e9) if request.image.name == "a.png" else called(request)

    vendors(alpha={"vision.labels": answer})
    result = run("vision", "labels", "photos/a.png", "photos/b.dat", "-p", "alpha", "--json")
    assert result.exit_code == 4
    first, second = json.loads(result.stdout)
    assert (first["input"], first["error"]["class"]) == ("photos/a.png", "RateLimitedError")
    assert (second["input"], second["result"]["labels"][0]["name"]) == ("photos/b.dat", "seen b.dat")


def test_what_is_wrong_with_whoever_asks_is_told_once(run: Run, vendors: Install, photos: Path) -> None:
    vendors(alpha={"vision.labels": AuthenticationError("no such key")})
    result = run("vision", "labels", "photos/a.png", "photos/b.dat", "-p", "alpha")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.count("no such key") == 1


@pytest.mark.usefixtures("alpha", "photos")
def test_json_is_one_result_for_a_file_and_a_list_for_what_may_be_many(run: Run) -> None:
    one = json.loads(run("vision", "labels", "photos/a.png", "-p", "alpha", "--json").stdout)
    (listed,) = json.loads(run("vision", "labels", "photos/old", "-p", "alpha", "--json").stdout)
    assert one["labels"][0]["name"] == "seen a.png"
    assert listed["input"] == "photos/old/c.png"
    assert listed["result"].keys() == one.keys()
    (raw,) = json.loads(run("vision", "labels", "photos/old", "-p", "alpha", "--raw").stdout)
    assert "raw" in raw["result"]


def test_files_are_read_as_there_is_room(run: Run, vendors: Install, photos: Path) -> None:
    def answer(request: Any) -> LabelsResult:
        # The last is not there any more when its turn comes: it was not read before.
        (photos / "z.png").unlink(missing_ok=True)
        return called(request)

    (photos / "z.png").write_bytes(png())
    vendors(alpha={"vision.labels": answer})
    given = [f"photos/{name}" for name in ("a.png", "b.dat", "z.png")]
    result = run("vision", "labels", *given, "-p", "alpha", "--concurrency", "1")
    assert result.exit_code == 4
    assert "z.png cannot be read" in result.stdout


def test_the_picture_itself_is_never_shown(run: Run, vendors: Install, photos: Path) -> None:
    vendors(alpha={"vision.labels": called}, beta={"vision.labels": LabelsResult(labels=())})
    for options in ([], ["--json"], ["--raw"]):
        for result in (
            run("vision", "labels", "-", *options, "-p", "alpha", input=png()),
            run("compare", "vision.labels", "-", *options, "-p", "alpha,beta", input=png()),
        ):
            assert result.exit_code == 0
            assert "IHDR" not in result.output
            assert "iVBOR" not in result.output


def test_options_reach_the_request(run: Run, vendors: Install, photos: Path) -> None:
    asked: list[Any] = []

    vendors(
        alpha={
            "vision.text": remembering(asked, TextResult(text="", pages=())),
            "vision.faces": remembering(asked, FacesResult(faces=())),
            "vision.crop_hints": remembering(asked, CropHintsResult(hints=())),
        }
    )
    file = "photos/a.png"
    pages = ["--pages", "1,2", "--languages", "en,DE", "--kind", "document", "--fit"]
    assert run("vision", "text", file, *pages, "-p", "alpha").exit_code == 0
    run("vision", "faces", file, "--no-attributes", "-p", "alpha")
    run("vision", "crop-hints", file, "--aspect-ratios", "1,1.78", "-p", "alpha")
    text, faces, crops = asked
    assert (text.pages, text.languages, text.kind) == ((1, 2), ("en", "de"), "document")
    assert faces.attributes is False
    assert crops.aspect_ratios == (1.0, 1.78)


@pytest.mark.usefixtures("alpha", "photos")
def test_a_wrong_option_is_told_once_for_all_files(run: Run) -> None:
    result = run("vision", "labels", "photos", "--min-confidence", "7", "-p", "alpha")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("min_confidence=7.0") == 1


def test_the_parts_of_an_analysis_stand_one_after_the_other_with_their_errors(
    run: Run, vendors: Install, photos: Path
) -> None:
    parts = {
        "vision.labels": AnalysisPart(result=LabelsResult(labels=(Label(name="cat"),))),
        "vision.faces": AnalysisPart(error=RateLimitedError("slow")),
    }
    asked: list[Any] = []
    vendors(alpha={"vision.analyze": remembering(asked, AnalysisResult(parts=parts))})
    result = run("vision", "analyze", "photos/a.png", "--operations", "labels,faces", "-p", "alpha")
    assert asked[0].operations == ("vision.labels", "vision.faces")
    assert result.exit_code == 4
    lines = result.stdout.splitlines()
    assert lines.index("vision.labels") < lines.index("cat") < lines.index("vision.faces")
    assert "RateLimitedError: slow" in result.stdout
    assert "Missing option '--operations'" in run("vision", "analyze", "photos/a.png", "-p", "alpha").stderr


def test_one_face_is_looked_for_in_one_or_many_pictures(run: Run, vendors: Install, photos: Path) -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: Any) -> CompareFacesResult:
        asked.append((request.image.name, request.target.name))
        return CompareFacesResult(matches=())

    vendors(alpha={"vision.compare_faces": answer})
    assert run("vision", "compare-faces", "photos/a.png", "photos/b.dat", "-p", "alpha").exit_code == 0
    run("vision", "compare-faces", "photos/a.png", "photos/b.dat", "photos/old", "-p", "alpha", "--concurrency", "1")
    run("compare", "vision.compare_faces", "photos/a.png", "photos/old", "-p", "alpha")
    assert asked == [("a.png", "b.dat"), ("a.png", "b.dat"), ("a.png", "c.png"), ("a.png", "c.png")]


def test_a_text_keeps_its_lines_and_cannot_steer_the_terminal(run: Run, vendors: Install, photos: Path) -> None:
    page = Page(number=1, lines=tuple(Line(text=f"line {number}") for number in range(40)))
    vendors(alpha={"vision.text": TextResult(text="one\ntwo \x1b[31m", pages=(page,))})
    output = run("vision", "text", "photos/a.png", "-p", "alpha").stdout
    assert [line.split()[-1] for line in output.splitlines() if line.split()[-1:] in (["one"],)] == ["one"]
    assert any(line.strip().startswith("two") for line in output.splitlines())
    assert "\x1b" not in output
    assert "line 11, 28 more" in output


# --- drawing ---------------------------------------------------------------------------------------------------------

CAT = ObjectsResult(objects=(DetectedObject(name="cat", box=BOX, confidence=0.9),))


@pytest.fixture
def pillow() -> Any:
    return pytest.importorskip("PIL.Image", reason="needs cloudai[images]")


@pytest.fixture
def beta(vendors: Install) -> None:
    vendors(beta={"vision.objects": CAT, "vision.faces": FacesResult(faces=())})


@pytest.mark.usefixtures("beta", "photos")
def test_a_result_is_drawn_on_its_picture(run: Run, pillow: Any) -> None:
    for place in ("out.png", "out.jpg"):
        assert run("vision", "objects", "photos/a.png", "--draw", place, "-p", "beta").exit_code == 0
        with pillow.open(place) as drawn:
            colors = drawn.convert("RGB").getcolors(1 << 20)
        assert len(colors) > 1, "a white picture on which nothing was drawn"


@pytest.mark.usefixtures("beta", "photos")
def test_many_are_drawn_into_a_folder_under_their_names(run: Run, pillow: Any, photos: Path, tmp_path: Path) -> None:
    (photos / "a.jpg").write_bytes(png())
    result = run("vision", "objects", "photos", "--draw", "drawn", "-p", "beta", "--json")
    assert result.exit_code == 4, "empty.jpg has no answer"
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["a-2.png", "a.png", "b.png"]
    assert [entry.get("drawn") for entry in json.loads(result.stdout)] == [
        "drawn/a.png",
        "drawn/a-2.png",
        "drawn/b.png",
        None,
    ]
    one = run("vision", "objects", "photos/b.dat", "--draw", "more/", "-p", "beta")
    assert (one.exit_code, (tmp_path / "more" / "b.png").exists()) == (0, True)


@pytest.mark.usefixtures("photos")
@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["photos/a.png", "--draw", "photos/a.png"], "would write over a picture"),
        (["photos/a.png", "--draw", "photos/../photos/a.png"], "would write over a picture"),
        (["photos/a.png", "--draw", "link.png"], "would write over a picture"),
        (["photos", "--draw", "photos"], "would write over a picture"),
        (["photos", "--draw", "out.png"], "name a folder"),
        (["photos", "--draw", "photos/notes.txt"], "it is no folder"),
        (["photos/a.png", "--draw", "out.txt"], "ends in .png"),
        (["photos/a.png", "--draw", "out"], "ends in .png"),
        (["photos/a.png", "--draw", "photos/notes.txt/out.png"], "is not a folder"),
    ],
)
def test_a_place_that_is_none_is_refused_before_anybody_is_asked(
    run: Run, vendors: Install, pillow: Any, tmp_path: Path, args: list[str], message: str
) -> None:
    asked: list[Any] = []
    vendors(beta={"vision.objects": remembering(asked, CAT)})
    (tmp_path / "link.png").symlink_to(tmp_path / "photos" / "a.png")
    before = (tmp_path / "photos" / "a.png").read_bytes()
    result = run("vision", "objects", *args, "-p", "beta")
    assert (result.exit_code, result.stdout, asked) == (2, "", [])
    assert message in result.stderr
    assert (tmp_path / "photos" / "a.png").read_bytes() == before


@pytest.mark.usefixtures("beta", "photos")
def test_without_pillow_drawing_names_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    result = run("vision", "objects", "photos/a.png", "--draw", "out.png", "-p", "beta")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "pip install 'cloudai[images]'" in result.stderr


@pytest.mark.usefixtures("beta", "photos", "pillow")
def test_where_nothing_was_found_the_picture_is_saved_and_it_is_said(run: Run, tmp_path: Path) -> None:
    result = run("vision", "faces", "photos/a.png", "--draw", "out.png", "-p", "beta")
    assert result.exit_code == 0
    assert "out.png: nothing was found that could be drawn" in result.stderr
    assert (tmp_path / "out.png").exists()


@pytest.mark.usefixtures("beta", "pillow")
def test_an_answer_that_cannot_be_drawn_is_shown_all_the_same(run: Run, photos: Path) -> None:
    one = run("vision", "objects", "s3://bucket/a.png", "--draw", "out.png", "-p", "beta")
    assert one.exit_code == 2
    assert "cat" in one.stdout
    assert "is not fetched to be drawn on" in one.stderr
    many = run("vision", "objects", "photos/a.png", "s3://bucket/a.png", "--draw", "out", "-p", "beta")
    assert many.exit_code == 4
    assert many.stdout.count("cat") == 2
    assert "is not fetched to be drawn on" in many.stdout


def test_a_match_is_drawn_on_the_second_picture(run: Run, vendors: Install, photos: Path, pillow: Any) -> None:
    (photos / "wide.png").write_bytes(png(900, 700))
    matches = CompareFacesResult(matches=(FaceMatch(face=Face(box=BOX), similarity=0.9),))
    vendors(alpha={"vision.compare_faces": matches})
    result = run("vision", "compare-faces", "photos/a.png", "photos/wide.png", "--draw", "out.png", "-p", "alpha")
    assert result.exit_code == 0
    with pillow.open("out.png") as drawn:
        assert drawn.width >= 900


def test_operations_whose_results_cannot_be_drawn_have_no_such_option(run: Run) -> None:
    assert "--draw" in run("vision", "colors", "--help").stdout
    assert "--draw" not in run("text", "sentiment", "--help").stdout


# --- side by side ----------------------------------------------------------------------------------------------------


@pytest.fixture
def two(vendors: Install) -> None:
    vendors(
        alpha={"vision.labels": LabelsResult(labels=(Label(name="Cat"), Label(name="Pet")))},
        beta={"vision.labels": LabelsResult(labels=(Label(name="cat"),))},
    )


@pytest.mark.usefixtures("two", "photos")
def test_vendors_are_compared_over_the_pictures_of_a_folder(run: Run) -> None:
    result = run("compare", "vision.labels", "photos", "-p", "alpha,beta")
    assert result.exit_code == 4
    assert "vision.labels: 3 inputs, 2 with answers that differ" in result.stdout
    assert "photos/empty.jpg   InvalidRequestError   InvalidRequestError" in result.stdout
    assert "50.0%" in result.stdout


@pytest.mark.usefixtures("two", "photos")
def test_a_table_holds_paths_from_where_it_is_with_the_right_answers(run: Run, photos: Path) -> None:
    (photos / "right.csv").write_text("path,labels\na.png,cat\nold/c.png,cat;dog\nhttps://example.com/x.jpg,cat\n")
    document = json.loads(run("compare", "vision.labels", "photos/right.csv", "-p", "alpha,beta", "--json").stdout)
    assert [row["input"] for row in document["rows"]] == [
        "photos/a.png",
        "photos/old/c.png",
        "https://example.com/x.jpg",
    ]
    assert [row["reference"] for row in document["rows"]] == [["cat"], ["cat", "dog"], ["cat"]]
    assert document["summary"]["vendors"][1]["reference"]["agreement"] == pytest.approx((1 + 0.5 + 1) / 3)


@pytest.mark.usefixtures("two", "photos")
def test_a_path_that_is_wrong_ends_a_comparison_before_it_costs_anything(run: Run, photos: Path) -> None:
    (photos / "right.csv").write_text("picture\na.png\ngone.png\n")
    result = run("compare", "vision.labels", "photos/right.csv", "--column", "picture", "-p", "alpha,beta")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "photos/right.csv:3: there is no file photos/gone.png" in result.stderr.replace("\\", "/")


def test_colors_of_a_real_picture_run_offline(run: Run, pillow: Any, photos: Path) -> None:
    pillow.new("RGB", (60, 40), (200, 20, 20)).save("photos/red.png")
    result = run("vision", "colors", "photos/red.png", "-p", "local", "--json", "--draw", "out.png")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert ColorsResult.from_dict(data).colors[0].hex == "#c81414"
    buffer = io.BytesIO(Path("photos/red.png").read_bytes())
    with pillow.open("out.png") as drawn, pillow.open(buffer) as before:
        assert drawn.height > before.height, "colours stand below the picture"
    assert "red" in run("compare", "vision.colors", "photos/red.png", "-p", "local").stdout
