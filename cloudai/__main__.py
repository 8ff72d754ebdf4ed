"""``python -m cloudai`` is the command line."""

from cloudai.cli import main

main()
