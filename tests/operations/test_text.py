"""How results of pieces become one result, and what requests check by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from cloudai import (
    CategoriesResult,
    Category,
    ClassifyRequest,
    DetectedLanguage,
    DetectionResult,
    EntitiesRequest,
    EntitiesResult,
    Entity,
    InvalidRequestError,
    KeyPhrase,
    KeyPhrasesRequest,
    KeyPhrasesResult,
    LanguageRequest,
    LinkedEntitiesRequest,
    Mention,
    Opinion,
    OpinionsRequest,
    OpinionsResult,
    PiiRequest,
    PiiResult,
    Sentence,
    SentimentRequest,
    SentimentResult,
    SentimentScores,
    SummarizeRequest,
    SummaryResult,
    SummarySentence,
    SyntaxRequest,
    SyntaxResult,
    TextModerationRequest,
    Token,
    operations,
)
from cloudai.operations.request import option_names, reference

TEXT = "Lovely food. 😀 Rude staff!"
CUT = TEXT.index("Rude")


def pieces(first: Any, second: Any) -> list[tuple[int, Any]]:
    return [(0, first), (CUT, second)]


def test_sentiments_are_joined_by_length() -> None:
    joined = SentimentRequest(text=TEXT).join(
        pieces(
            SentimentResult(
                sentiment="positive",
                score=0.8,
                magnitude=0.5,
                scores=SentimentScores(positive=0.9, negative=0.1),
                sentences=(Sentence(text="Lovely food.", offset=0, length=12),),
                language="en",
            ),
            SentimentResult(
                sentiment="negative",
                score=-0.8,
                magnitude=0.7,
                scores=SentimentScores(positive=0.1, negative=0.9),
                sentences=(Sentence(text="Rude staff!", offset=0, length=11),),
                language="en",
            ),
        )
    )
    weight = CUT / len(TEXT)
    assert joined.sentiment == "positive"
    assert joined.score == pytest.approx(0.8 * weight - 0.8 * (1 - weight))
    assert joined.scores is not None
    assert joined.scores.positive == pytest.approx(0.9 * weight + 0.1 * (1 - weight))
    assert joined.scores.mixed is None
    assert joined.magnitude == pytest.approx(1.2)
    assert [TEXT[item.offset : item.offset + item.length] for item in joined.sentences] == [
        item.text for item in joined.sentences
    ]
    assert joined.language == "en"


def test_halves_that_disagree_are_mixed() -> None:
    request = SentimentRequest(text="aabb")
    joined = request.join([(0, SentimentResult(sentiment="positive")), (2, SentimentResult(sentiment="negative"))])
    assert (joined.sentiment, joined.score, joined.scores, joined.magnitude) == ("mixed", None, None, None)


@pytest.mark.parametrize("request_class", [EntitiesRequest, LinkedEntitiesRequest])
def test_entities_move_to_where_they_stand_and_groups_stay_apart(request_class: Any) -> None:
    food = Entity(text="food", offset=7, length=4, group=0)
    staff = Entity(text="staff", offset=5, length=5, group=0)
    joined = request_class(text=TEXT).join(pieces(EntitiesResult(entities=(food,)), EntitiesResult(entities=(staff,))))
    assert [TEXT[item.offset : item.offset + item.length] for item in joined] == ["food", "staff"]
    assert [item.group for item in joined] == [0, 1]


def test_redaction_is_made_again_over_the_whole_text() -> None:
    joined = PiiRequest(text=TEXT).join(
        pieces(
            PiiResult(entities=(Entity(text="Lovely", offset=0, length=6),), redacted_text="****** food. 😀 "),
            PiiResult(entities=(Entity(text="staff", offset=5, length=5),), redacted_text="Rude *****!"),
        )
    )
    assert joined.redacted_text == "****** food. 😀 Rude *****!"


def test_opinions_move_with_their_assessments() -> None:
    opinion = Opinion(
        target=Mention(text="staff", offset=5, length=5), assessments=(Mention(text="Rude", offset=0, length=4),)
    )
    joined = OpinionsRequest(text=TEXT).join(pieces(OpinionsResult(opinions=()), OpinionsResult(opinions=(opinion,))))
    assert joined[0].target.offset == CUT + 5
    assert joined[0].assessments[0].offset == CUT


def test_phrases_without_offsets_are_given_once() -> None:
    joined = KeyPhrasesRequest(text=TEXT).join(
        pieces(
            KeyPhrasesResult(phrases=(KeyPhrase(text="staff"), KeyPhrase(text="food", offset=7, length=4))),
            KeyPhrasesResult(phrases=(KeyPhrase(text="staff"), KeyPhrase(text="food", offset=0, length=4))),
        )
    )
    assert [(item.text, item.offset) for item in joined] == [("staff", None), ("food", 7), ("food", CUT)]


def test_languages_share_the_text_by_length() -> None:
    german, english = DetectedLanguage(tag="de", confidence=1.0), DetectedLanguage(tag="en", confidence=0.5)
    joined = LanguageRequest(text=TEXT).join(
        pieces(DetectionResult(languages=(english,)), DetectionResult(languages=(german, english)))
    )
    assert [item.tag for item in joined] == ["en", "de"]
    assert joined[0].confidence == pytest.approx(0.5)
    assert joined[1].confidence == pytest.approx((len(TEXT) - CUT) / len(TEXT))


def test_tokens_keep_pointing_at_their_heads() -> None:
    first = SyntaxResult(
        tokens=(Token(text="Lovely", offset=0, head=1), Token(text="food", offset=7, head=1)), language="en"
    )
    second = SyntaxResult(tokens=(Token(text="Rude", offset=0, head=0),), language="de")
    joined = SyntaxRequest(text=TEXT).join(pieces(first, second))
    assert [(item.offset, item.head) for item in joined] == [(0, 1), (7, 1), (CUT, 2)]
    assert joined.language is None


def test_topics_are_weighed_by_length_and_sorted() -> None:
    joined = ClassifyRequest(text=TEXT).join(
        pieces(
            CategoriesResult(categories=(Category(name="/Food", confidence=0.4),)),
            CategoriesResult(categories=(Category(name="/Work", confidence=1.0),)),
        )
    )
    assert [item.name for item in joined] == ["/Work", "/Food"]


def test_a_text_is_as_harmful_as_its_worst_part() -> None:
    joined = TextModerationRequest(text=TEXT).join(
        pieces(
            CategoriesResult(categories=(Category(name="insult", confidence=0.2),), flagged=False, score=0.1),
            CategoriesResult(categories=(Category(name="insult", confidence=0.9),), flagged=True, score=0.8),
        )
    )
    assert (joined[0].confidence, joined.flagged, joined.score) == (0.9, True, 0.8)
    assert joined.above(0.5) == joined.categories
    assert joined.above(0.95) == ()
    assert CategoriesResult(categories=(Category(name="hate", severity=0.5),)).above(0.4)


def test_summaries_follow_each_other() -> None:
    sentence = SummarySentence(text="Rude staff!", offset=0, length=11)
    joined = SummarizeRequest(text=TEXT).join(
        pieces(SummaryResult(summary="A."), SummaryResult(summary="Rude staff!", sentences=(sentence,)))
    )
    assert joined.summary == "A. Rude staff!"
    assert joined.sentences[0].offset == CUT


@pytest.mark.parametrize(
    ("cls", "fields"),
    [
        (SummarizeRequest, {"sentences": 0}),
        (SummarizeRequest, {"sentences": True}),
        (SummarizeRequest, {"kind": "poem"}),
        (PiiRequest, {"categories": "email"}),
        (PiiRequest, {"categories": []}),
        (LanguageRequest, {"country_hint": "Brazil"}),
        (SentimentRequest, {"language": "english"}),
    ],
)
def test_a_request_that_no_vendor_could_answer_cannot_be_built(cls: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError):
        cls(text="x", **fields)


def test_requests_bring_tags_and_countries_into_their_usual_form() -> None:
    assert SentimentRequest(text="x", language="zh_hans").language == "zh-Hans"
    assert SentimentRequest(text="x", language="auto").language == "auto"
    assert LanguageRequest(text="x", country_hint="br").country_hint == "BR"


def test_every_operation_names_its_result_its_measure_and_its_options() -> None:
    for name, request in operations.operations().items():
        if not name.startswith("text."):
            continue
        assert request.measure == "characters"
        assert "split" not in option_names(request)
        instance = request(text="some words")
        assert instance.amount() == 10
        assert reference(instance) == "some words"


def test_a_long_request_is_referred_to_in_short() -> None:
    assert len(reference(SentimentRequest(text="x" * 500))) == 60


def test_an_unknown_operation_names_the_nearest() -> None:
    with pytest.raises(InvalidRequestError, match=r"did you mean text\.sentiment"):
        operations.find("text.sentimant")
