"""What a text says, on this machine alone: no account, no key, nothing sent.

pip install 'cloudai[local]'
"""

from cloudai import CloudAI

TEXT = "The kettle is lovely, but the lid leaks. Write to ann@example.org or call +44 20 7946 0958."

with CloudAI("local") as ai:
    sentiment = ai.text.sentiment(TEXT)
    print(f"sentiment: {sentiment.sentiment} ({sentiment.score:+.2f})")
    for sentence in sentiment.sentences:
        print(f"  {sentence.sentiment}: {sentence.text.strip()}")

    likeliest = ai.text.language(TEXT)[0]
    print(f"language: {likeliest.tag} ({likeliest.confidence:.0%})")

    print("key phrases:", ", ".join(phrase.text for phrase in ai.text.key_phrases(TEXT)))

    personal = ai.text.pii(TEXT)
    for entity in personal:
        print(f"{entity.type}: {entity.text} at {entity.offset}")
    print(personal.redacted_text)
    print(f"answered by {personal.meta.provider} in {personal.meta.latency * 1000:.0f} ms")
