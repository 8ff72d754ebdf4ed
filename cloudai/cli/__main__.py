"""``python -m cloudai.cli`` is ``cloudai``."""

from cloudai.cli import main

main()
