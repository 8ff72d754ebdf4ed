"""Azure AI services."""

from __future__ import annotations

from cloudai.providers import Provider
from cloudai.settings import Azure

__all__ = ["provider"]

provider = Provider(
    name="azure",
    title="Azure AI services",
    package=__name__,
    settings=Azure,
    install="pip install 'cloudai[azure]'",
    needs=("azure.ai.textanalytics", "azure.cognitiveservices.vision.computervision"),
)
