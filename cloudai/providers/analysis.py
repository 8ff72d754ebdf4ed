"""What the ``vision.analyze`` of all vendors has in common: an operation that fails alone fails alone."""

from __future__ import annotations

from collections.abc import Awaitable

from cloudai.errors import CloudAIError, InvalidResponseError
from cloudai.operations.vision import AnalysisPart
from cloudai.providers.reading import MISREAD
from cloudai.types.value import Result

__all__ = ["part"]


async def part(operation: str, answer: Awaitable[Result]) -> AnalysisPart:
    """What becomes of one operation of an analysis: its result, or its error."""
    try:
        return AnalysisPart(result=await answer)
    except CloudAIError as error:
        error.operation = operation
        return AnalysisPart(error=error)
    except MISREAD as error:
        # As for a whole answer (see pipeline/dispatch.py), but for this operation only.
        wrong = InvalidResponseError(
            f"the answer does not have the agreed shape ({type(error).__name__}: {error})", operation=operation
        )
        wrong.__cause__ = error
        return AnalysisPart(error=wrong)
