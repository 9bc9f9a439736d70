from endonym.privacy import Masker, Unmasker, find

EE = ("ee.ik",)


def kinds(text: str) -> list[str]:
    return [found.kind for found in find(text, "EE", EE)]


def test_national_identifier_is_found_by_its_checksum() -> None:
    assert kinds("Minu isikukood on 38001085718.") == ["identifier"]
    assert kinds("Minu isikukood on 38001085719.") == []


def test_a_number_in_an_equation_is_mathematics() -> None:
    assert kinds("x = 38001085718") == []
    assert kinds("38001085718 * 2 =") == []


def test_phone_mail_iban_and_card() -> None:
    text = "Helista +372 5123 4567 või mari@kool.ee, konto EE38 2200 2210 2014 5685, kaart 4111 1111 1111 1111."
    assert kinds(text) == ["phone", "email", "iban", "card"]


def test_plain_mathematics_is_left_alone() -> None:
    for text in ("2 + 3 = 5", "100 000 000 inimest", "aastal 1918-1920", "x^2 - 5x + 6 = 0", "3,14159265", "24.02.1918"):
        assert kinds(text) == [], text


def test_masking_is_reversible_and_stable() -> None:
    masker = Masker("EE", EE)
    masked = masker.mask("Kirjuta mari@kool.ee ja veel kord mari@kool.ee, siis jaan@kool.ee.")
    assert masked == "Kirjuta ⟦email-1⟧ ja veel kord ⟦email-1⟧, siis ⟦email-2⟧."
    assert "mari@kool.ee" not in repr(masker.masks)


def test_a_placeholder_split_over_deltas_is_restored() -> None:
    masker = Masker("EE", EE)
    masked = masker.mask("Aadress on mari@kool.ee, eks")
    for size in range(1, len(masked)):
        unmasker = Unmasker(masker.masks)
        shown = [unmasker.feed(masked[at : at + size]) for at in range(0, len(masked), size)]
        assert "".join((*shown, unmasker.close())) == "Aadress on mari@kool.ee, eks"


def test_an_opening_bracket_alone_is_not_held_for_ever() -> None:
    masker = Masker("EE", EE)
    masker.mask("mari@kool.ee")
    unmasker = Unmasker(masker.masks)
    assert unmasker.feed("⟦ see on lihtsalt sulg tekstis, mitte kohatäide") == "⟦ see on lihtsalt sulg tekstis, mitte kohatäide"
