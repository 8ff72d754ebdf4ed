"""The jobs of this project. ``nox`` runs those that a change has to pass; ``nox -l`` lists all.

lint        ruff, codespell, import rules
types       mypy strict on everything, pyright on the package and on a user's script
tests       on the built package: once without any extra, once with all of them
coverage    the lines and branches that both runs of the tests have left out
docs        the site, with warnings as errors; its generated parts are up to date
examples    every example, and the README's main job, on the offline engines
api         the public surface against the last release
bench       CPU of a call and of an import beside the vendors' own packages, and of pages of text
"""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)
"""From the classifiers."""
FIRST = PYTHONS[0]
EVERYTHING = "all,limits,local-full"
COVERAGE = ROOT / ".nox" / "measured"

nox.needs_version = ">=2025.2.9"
# uv, which comes with "nox[uv]", keeps what it has downloaded and links it into each environment.
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.reuse_existing_virtualenvs = True
# The tests on the oldest Python; ``nox -s tests`` runs them on all that are here.
nox.options.sessions = ["lint", "types", f"tests-{FIRST}", "coverage", "docs", "examples", "api"]
nox.options.error_on_missing_interpreters = False


def install(session: nox.Session, *names: str, extras: str | None = None) -> None:
    """Installs dependency groups of pyproject.toml and, where extras are named, the package itself.

    The package is built and installed as a user's would be, so that a file which the wheel lacks is missed.
    """
    wanted = list(nox.project.dependency_groups(PROJECT, *names))
    if extras is not None:
        wanted.append(f".[{extras}]" if extras else ".")
        if session.venv_backend == "uv":
            # The version does not change with each edit, so uv has to be told that the package did.
            wanted.append("--reinstall-package=cloudai")
    session.install(*wanted)


@nox.session(python=FIRST)
def lint(session: nox.Session) -> None:
    """ruff, codespell, import rules."""
    install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("codespell")
    session.run("lint-imports", "--no-cache")


@nox.session(python=FIRST)
def types(session: nox.Session) -> None:
    """mypy and pyright."""
    install(session, "types", "tests", "tests-full", extras=EVERYTHING)
    session.run("mypy", "cloudai", "docs", "examples", "tests/typing", "tests/benchmarks")
    # It would take the environment that nox itself was installed into.
    session.run("basedpyright", "--warnings", "--pythonpath", str(Path(session.bin) / "python"))


@nox.session(python=PYTHONS)
@nox.parametrize("extras", ["", EVERYTHING], ids=["bare", "full"])
def tests(session: nox.Session, extras: str) -> None:
    """pytest on the built package, without extras and with all."""
    install(session, "tests", *(["tests-full"] if extras else []), extras=extras)
    COVERAGE.mkdir(parents=True, exist_ok=True)
    name = f"{session.python}-{'full' if extras else 'bare'}"
    for old in COVERAGE.glob(f".coverage.{name}*"):
        old.unlink()
    env = {"COVERAGE_FILE": str(COVERAGE / f".coverage.{name}"), "CLOUDAI_TESTS_INSTALLED": "1"}
    # By its path, not with -m: that would put this directory, and the package in it, before what is installed.
    session.run("coverage", "run", str(Path(session.bin) / "pytest"), *session.posargs, env=env)


@nox.session(python=FIRST)
def coverage(session: nox.Session) -> None:
    """What no test has run."""
    found = sorted(str(path) for path in COVERAGE.glob(".coverage.*") if not path.name.startswith(".coverage.all"))
    if not found:
        session.skip("there is nothing to report before the tests have run")
    session.install("coverage[toml]")
    env = {"COVERAGE_FILE": str(COVERAGE / ".coverage.all")}
    session.run("coverage", "combine", "--keep", "--quiet", *found, env=env)
    session.run("coverage", "report", env=env)


@nox.session(python=FIRST)
def docs(session: nox.Session) -> None:
    """The site."""
    install(session, "docs", extras=EVERYTHING)
    session.run("python", "docs/generate.py", "--check")
    target = ROOT / "docs" / "_build"
    shutil.rmtree(target, ignore_errors=True)
    session.run("sphinx-build", "--fail-on-warning", "--keep-going", "--quiet", "docs", str(target / "html"))
    session.log(f"the site is in {target / 'html' / 'index.html'}")


@nox.session(python=FIRST)
def examples(session: nox.Session) -> None:
    """Every example, on the offline engines."""
    install(session, extras="local")
    for script in sorted((ROOT / "examples").glob("*.py")):
        session.run("python", str(script), silent=True)
    session.run("cloudai", "compare", "text.sentiment", "examples/reviews.csv", "-p", "local")


@nox.session(python=FIRST)
def api(session: nox.Session) -> None:
    """The public surface against the last release."""
    if shutil.which("git") is None:
        session.skip("there is no git here")
    asked = ("git", "tag", "--list", "v*", "--sort=-version:refname")
    # 128: these files are no clone.
    listed = session.run(*asked, external=True, silent=True, success_codes=[0, 128])
    releases = [line for line in str(listed).split() if line.startswith("v")]
    if not releases:
        session.skip("there is no release yet to compare with")
    install(session, "api")
    session.run("griffe", "check", "cloudai", "--against", releases[0])


@nox.session(python=FIRST, default=False)
def bench(session: nox.Session) -> None:
    """CPU of a call and of an import beside the vendors' own packages; pages of text beside ``json.loads``."""
    install(session, "bench", extras="all")
    session.run("python", "-m", "tests.benchmarks", *session.posargs)
    session.run("python", "-m", "tests.benchmarks.pages")
    session.run("python", "-m", "tests.benchmarks.textract")
