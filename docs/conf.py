"""How the site is built: ``nox -s docs``."""

from __future__ import annotations

import cloudai

project = "cloudai"
author = "the authors of cloudai"
version = release = cloudai.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"cloudai {release}"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_class_signature = "mixed"
add_module_names = False
# Fields that are called `type` are taken for Python's own.
suppress_warnings = ["ref.python"]
