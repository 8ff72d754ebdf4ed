"""The same client, awaited: several questions about one text at once."""

import asyncio

from cloudai import AsyncCloudAI

TEXT = "Checked in late in Lisbon; the night porter was wonderful and found us soup at midnight."


async def main() -> None:
    async with AsyncCloudAI("local") as ai:
        sentiment, languages, phrases = await asyncio.gather(
            ai.text.sentiment(TEXT), ai.text.language(TEXT), ai.text.key_phrases(TEXT)
        )
        print(sentiment.sentiment, languages[0].tag, [phrase.text for phrase in phrases])


asyncio.run(main())
