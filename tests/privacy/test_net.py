from __future__ import annotations

import pytest

from endonym.privacy import Masker, find


@pytest.mark.parametrize(("text", "masked"), [
    ("https://mari:salasona@kool.ee/a", "https://⟦link-1⟧@kool.ee/a"), ("https://a.ee/login?token=9f8e7d&lang=et", "https://a.ee/login?token=⟦link-1⟧&lang=et"),
    ("https://a.ee/?user_id=77&page=2#access_token=abc", "https://a.ee/?user_id=⟦link-1⟧&page=2#access_token=⟦link-2⟧"),
    ("vaata https://forum.ee/users/mari.tamm/posts.", "vaata https://forum.ee/users/⟦link-1⟧/posts."), ("https://www.example.edu/~jk/cv.html", "https://www.example.edu/~⟦link-1⟧/cv.html"),
    ("instagram.com/mari_t", "instagram.com/⟦link-1⟧"), ("https://vk.com/id123456", "https://vk.com/⟦link-1⟧"), ("https://t.me/mari_t?start=1", "https://t.me/⟦link-1⟧?start=1"),
    ("https://a.ee/?q=mari@kool.ee", "https://a.ee/?q=⟦email-1⟧"), ("IP 84.50.12.200", "IP ⟦ip-1⟧"), ("IP 8.8.8.8", "IP ⟦ip-1⟧"),
    ("2a02:26f7:c1:4001::17", "⟦ip-1⟧"), ("邮箱是mari@kool.ee，谢谢", "邮箱是⟦email-1⟧，谢谢"), ("Пишите: иван@почта.рф", "Пишите: ⟦email-1⟧"),
])  # fmt: skip
def test_what_is_personal_is_masked_and_the_rest_stays(text: str, masked: str) -> None:
    assert Masker("", ()).mask(text) == masked


@pytest.mark.parametrize("text", [
    "https://et.wikipedia.org/wiki/Fotosüntees", "https://www.riigiteataja.ee/akt/114022012003", "https://doi.org/10.1038/171737a0", "https://a.ee/articles/2024/05/17?lang=en&page=12",
    "https://www.facebook.com/groups/1", "https://github.com/endonym/endonym", "git@github.com:a/b.git", "192.168.1.1", "127.0.0.1", "10.0.0.0/8", "255.255.255.0",
    "2001:db8::1", "fe80::1", "jaotis 2.3.1.4", "versioon 14.12.3.1", "https://www.gov.uk/guidance/curriculum#key-stage-4", "2@3", "a@b", "@home",
])  # fmt: skip
def test_sources_and_addresses_of_lessons_survive(text: str) -> None:
    assert find(text) == ()
