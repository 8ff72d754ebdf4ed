"""Prints what a call and an import cost, side by side with the vendors' own packages, in one run.

    python -m tests.benchmarks [aws] [azure] [google] [import] [profile] [--rounds 20] [--calls 50]

Exit code 1 when something took more than its target. ``profile`` prints where the CPU of our own part of a call goes.
"""

from __future__ import annotations

import argparse
import sys

from tests.benchmarks import calls, imports, profile

PAIRS = {"aws": calls.aws, "azure": calls.azure, "google": calls.google}


def main() -> int:
    """Measures what is named, or all but the profile."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", metavar="WHAT", help=f"{', '.join(PAIRS)}, import or profile")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--calls", type=int, default=50, help="calls in each round")
    options = parser.parse_args()
    what = options.what or [*PAIRS, "import"]
    unknown = set(what) - {*PAIRS, "import", "profile"}
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    fine = True
    if not {*PAIRS}.isdisjoint(what):
        fine &= _calls([name for name in PAIRS if name in what], options.rounds, options.calls)
    if "import" in what:
        fine &= _imports(max(options.rounds // 2, 5))
    if "profile" in what:
        profile.show()
    return 0 if fine else 1


def _calls(names: list[str], rounds: int, count: int) -> bool:
    print(f"CPU of ai.text.sentiment, {rounds} rounds of {count} calls each way")
    fine = True
    with calls.vendor() as address:
        for name in names:
            found = calls.measure(PAIRS[name](address), rounds=rounds, calls=count)
            fine &= found.ratio <= found.target
            low, high = found.spread
            print(
                f"  {name:8}{found.ours * 1e6:6.0f} µs   beside {found.beside:24}{found.raw * 1e6:6.0f} µs"
                f"   ratio {found.ratio:.2f} (quartiles {low:.2f} and {high:.2f}, at most {found.target:.2f})"
            )
    return fine


def _imports(rounds: int) -> bool:
    print(f"CPU of a process, median of {rounds}")
    fine = True
    for item in imports.measure(rounds=rounds):
        fine &= item.target is None or item.ratio <= item.target
        bound = "no target" if item.target is None else f"at most {item.target:.2f}"
        print(
            f"  {item.statement:46}{item.seconds * 1e3:5.0f} ms   beside {imports.BESIDE} {item.beside * 1e3:.0f} ms"
            f"   ratio {item.ratio:.2f} ({item.ratio_alone:.2f} without Python's own start; {bound})"
        )
    return fine


if __name__ == "__main__":
    sys.exit(main())
