"""Vendors in order: when the first one cannot answer, the next one does, and meta says what happened.

The first vendor here is a fake that is always down, so that this runs without an account. With accounts it is
``CloudAI(["google", "aws", "local"])``.
"""

from cloudai import CloudAI, Retry, ServiceUnavailableError
from cloudai.testing import Fake

down = Fake(name="primary", answers={"text.sentiment": ServiceUnavailableError("maintenance")})

with CloudAI([down, "local"], retry=Retry(attempts=2, first_wait=0.01)) as ai:
    result = ai.text.sentiment("I love it")
    print(f"{result.sentiment}, says {result.meta.provider}")
    for failed in result.meta.fallbacks:
        print(f"{failed.provider} was asked {failed.attempts} times before: {failed.error}: {failed.message}")
