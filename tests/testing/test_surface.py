from __future__ import annotations

import subprocess
import sys

import cloudai.testing


def test_every_public_name_is_there_and_in_order() -> None:
    assert cloudai.testing.__all__ == sorted(cloudai.testing.__all__, key=str)
    for name in cloudai.testing.__all__:
        assert getattr(cloudai.testing, name).__name__ == name
    assert set(cloudai.testing.__all__) <= set(dir(cloudai.testing))


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(cloudai.testing, "nothing_of_this_name")


def test_only_the_plugin_and_the_suite_need_pytest() -> None:
    program = (
        "import sys; from cloudai.testing import CassetteMissError, Fake, UnusedEntriesError, use_cassette;"
        " print('pytest' in sys.modules, 'httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
