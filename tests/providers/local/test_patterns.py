"""Personal data with a form of its own."""

from __future__ import annotations

import pytest

from cloudai.providers.local.patterns import KINDS, Found, find, settle


def found(text: str) -> list[tuple[str, str]]:
    items = settle(find(text))
    assert all(text[item["offset"] : item["offset"] + item["length"]] == item["text"] for item in items)
    return [(item["kind"], item["text"]) for item in items]


@pytest.mark.parametrize(
    "number",
    [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111111",
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "3782 822463 10005",
        "6011111111111117",
        "3530111333300000",
        "30569309025904",
    ],
)
def test_cards_are_found_in_the_ways_they_are_written(number: str) -> None:
    assert found(f"My card is {number}, thanks.") == [("credit_card", number)]


@pytest.mark.parametrize(
    "number",
    [
        "4111 1111 1111 1112",  # the check digit is wrong
        "1234567812345670",  # the check digit is right, but nobody issues such cards
        "0000000000000000",
        "4444444444444444444",
        "41111111111111111111111",  # a part of a longer number
        "A4111111111111111",
        "4111.1111.1111.1111",
        "123456789012",
        "4111 1111-1111 1111",
    ],
)
def test_order_numbers_are_not_taken_for_cards(number: str) -> None:
    assert found(f"Order {number} is late") == []


def test_the_scheme_of_a_card_is_told() -> None:
    (item,) = settle(find("378282246310005"))
    assert item.get("subtype") == "american_express"


@pytest.mark.parametrize(
    "number",
    [
        "DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000",
        "de89 3704 0044 0532 0130 00",
        "GB82 WEST 1234 5698 7654 32",
        "NO93 8601 1117 947",
        "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    ],
)
def test_accounts_are_found_without_the_words_behind_them(number: str) -> None:
    assert found(f"Pay to {number} today or never") == [("iban", number)]
    assert found(f"{number}.") == [("iban", number)]


@pytest.mark.parametrize(
    "number",
    [
        "DE89 3704 0044 0532 0130 01",  # modulo 97
        "DE89 3704 0044 0532 0130",  # too short for Germany
        "XX89 3704 0044 0532 0130 00",  # no such country
        "DE893704004405320130001",  # one digit too many
        "ZDE89370400440532013000",
    ],
)
def test_other_numbers_are_not_taken_for_accounts(number: str) -> None:
    assert found(number) == []


def test_signs_that_only_look_like_latin_letters_do_no_harm() -> None:
    assert found("DE89 3704 0044 0532 \u212a130 00 and GB82 WEST 1234 5698 7654 3\u017f") == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("mail a.b+c@mail.example.co.uk.", "a.b+c@mail.example.co.uk"),
        ("'a@example.com'", "a@example.com"),
        ("<o'neil@example.com>", "o'neil@example.com"),
        ("ü.ñ@exämple.de", "ü.ñ@exämple.de"),
        ("邮箱a@example.com在", "a@example.com"),
        ("a@例え.中国", "a@例え.中国"),
        ("a@xn--fiq228c.xn--fiqs8s", "a@xn--fiq228c.xn--fiqs8s"),
    ],
)
def test_mail_addresses_are_found(text: str, address: str) -> None:
    assert found(text) == [("email", address)]


@pytest.mark.parametrize("text", ["user@host", "a@b.c", "@handle", "a@@b.com@", "3 @ 4.50"])
def test_other_uses_of_the_at_sign_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("(see https://example.com/a_(b)?q=1).", "https://example.com/a_(b)?q=1"),
        ("www.example.org!", "www.example.org"),
        ("HTTP://EXAMPLE.COM/", "HTTP://EXAMPLE.COM/"),
        ("见https://example.com/路径。好", "https://example.com/路径"),
        ("“https://example.com”", "https://example.com"),
        ("https://example.com/" + ")" * 50_000, "https://example.com/"),
    ],
)
def test_web_addresses_end_where_the_sentence_goes_on(text: str, address: str) -> None:
    assert found(text) == [("url", address)]


@pytest.mark.parametrize(
    "address",
    ["192.168.0.1", "255.255.255.255", "2001:db8::1", "::1", "fe80::1ff:fe23:4567:890a", "::ffff:192.0.2.128"],
)
def test_ip_addresses_are_found(address: str) -> None:
    assert found(f"from {address}, twice") == [("ip_address", address)]


@pytest.mark.parametrize("text", ["256.1.1.1", "1.2.3.4.5", "12:30:45", "std::vector", "a::b", "::", "1.2.3"])
def test_versions_times_and_names_of_programs_are_no_ip_addresses(text: str) -> None:
    assert found(text) == []


def test_mac_addresses_are_found_whole() -> None:
    assert found("00:1A:2B:3C:4D:5E and 00-1a-2b-3c-4d-5e") == [
        ("mac_address", "00:1A:2B:3C:4D:5E"),
        ("mac_address", "00-1a-2b-3c-4d-5e"),
    ]
    assert found("00:1A-2B:3C:4D:5E or 00-1A-2B-3C-4D-5E-6F") == []


def test_numbers_of_the_us_social_security_keep_to_its_ranges() -> None:
    assert found("SSN 219-09-9999") == [("us_ssn", "219-09-9999")]
    for wrong in ("000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "1219-09-9999"):
        assert found(f"SSN {wrong}") == []


def test_numbers_of_the_uk_national_insurance_keep_to_its_letters() -> None:
    assert found("AB 12 34 56 C, ab123456c") == [("uk_nino", "AB 12 34 56 C"), ("uk_nino", "ab123456c")]
    for wrong in ("QQ123456C", "GB123456A", "AB123456E", "AB12345C"):
        assert found(wrong) == []


def test_numbers_behind_letters_without_a_space_are_found() -> None:
    assert found("卡号4111111111111111在") == [("credit_card", "4111111111111111")]


def test_the_longest_wins_where_places_overlap() -> None:
    assert found("http://user:word@example.com/x") == [("url", "http://user:word@example.com/x")]


def test_the_surest_wins_between_equals() -> None:
    card = Found(kind="credit_card", text="4111111111111111", offset=0, length=16)
    phone = Found(kind="phone_number", text="4111111111111111", offset=0, length=16)
    assert settle([phone, card]) == [card]
    assert KINDS.index("credit_card") < KINDS.index("phone_number")


def test_what_stands_side_by_side_is_all_kept_in_order() -> None:
    assert [kind for kind, _ in found("a@example.com,192.168.0.1 DE89370400440532013000")] == [
        "email",
        "ip_address",
        "iban",
    ]


@pytest.mark.parametrize("text", ["a." * 50_000, "a@" * 50_000, "4111 " * 20_000, "DE89 " * 20_000, ":" * 100_000])
def test_texts_that_nearly_match_everywhere_take_no_long_time(text: str) -> None:
    # Backtracking would take hours here.
    assert found(text) == []
