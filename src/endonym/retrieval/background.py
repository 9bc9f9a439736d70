"""What students also write to a tutor: texts that mean no lesson, against which every likeness is measured.

A cosine alone does not say whether a text is about anything the pack teaches: it depends on the text's length, language
and wording. How much nearer the pack is than these texts are does say it.

Source: the cohort normalisation of speaker verification (Auckenthaler, Carey and Lloyd-Thomas 2000, "Score
normalization for text-independent speaker verification systems").
"""

from __future__ import annotations

TOO_NEAR = 0.8
"""A background text that is this near (centred cosine) to something the pack teaches is not used with that pack."""

BACKGROUND: dict[str, tuple[str, ...]] = {
    "et": (
        "Tere, kuidas läheb?", "Aitäh, nägemist!", "Ma ei saa millestki aru.", "Anna mulle vihje.", "Ütle lihtsalt vastus.",
        "Mis on sinu nimi?", "Kas sa oled robot?", "Mida sa oskad?", "Kirjuta mulle lugu.", "Räägi üks anekdoot.",
        "Tõlgi see lause inglise keelde.", "Paranda minu kirjavead.", "Mis kell praegu on?", "Kas homme sajab vihma?",
        "Soovita mulle raamatut.", "Mis filmi ma täna vaatan?", "Kes on kõige kuulsam laulja?", "Kes võitis eile mängu?",
        "Mis on Rootsi pealinn?", "Mitu inimest elab Hiinas?", "Kes on peaminister?", "Kuidas keeta suppi?",
        "Mida süüa hommikuks?", "Kuidas kaalust alla võtta?", "Kust osta odavat telefoni?", "Kuidas autot parandada?",
        "Kuidas teha veebilehte?", "Mis on arvutiviirus?", "Kui suur on päikesesüsteem?", "Kes leiutas telefoni?",
        "Miks on taevas sinine?", "Mida tähendab armastus?", "Ma olen väsinud ja kurb.", "Kuidas sõpru leida?",
        "Millal on koolivaheaeg?", "Kellele ma kirjutan, kui õpetaja on haige?",
    ),
    "en": (
        "Hi, how are you?", "Thanks, goodbye!", "I don't understand anything.", "Give me a hint.", "Just give me the answer.",
        "What is your name?", "Are you a robot?", "What can you do?", "Write me a story.", "Tell me a joke.",
        "Translate this sentence into French.", "Correct my spelling.", "What time is it?", "Will it rain tomorrow?",
        "Recommend me a book.", "Which film should I watch tonight?", "Who is the most famous singer?", "Who won the match?",
        "What is the capital of Japan?", "How many people live in China?", "Who is the prime minister?", "How do I cook soup?",
        "What should I eat for breakfast?", "How can I lose weight?", "Where can I buy a cheap phone?", "How do I repair a car?",
        "How do I make a website?", "What is a computer virus?", "How big is the solar system?", "Who invented the telephone?",
        "Why is the sky blue?", "What is love?", "I am tired and sad.", "How do I make friends?",
        "When do the holidays begin?", "How do I invest in shares?",
    ),
    "ru": (
        "Привет, как дела?", "Спасибо, пока!", "Я ничего не понял.", "Дай мне подсказку.", "Просто скажи ответ.",
        "Как тебя зовут?", "Ты робот?", "Что ты умеешь?", "Напиши мне рассказ.", "Расскажи шутку.",
        "Переведи это предложение на английский.", "Исправь мои ошибки.", "Который час?", "Завтра будет дождь?",
        "Посоветуй мне книгу.", "Какой фильм посмотреть сегодня?", "Кто самый известный певец?", "Кто выиграл матч?",
        "Какая столица Японии?", "Сколько людей живёт в Китае?", "Кто премьер-министр?", "Как сварить суп?",
        "Что съесть на завтрак?", "Как похудеть?", "Где купить дешёвый телефон?", "Как починить машину?",
        "Как сделать сайт?", "Что такое компьютерный вирус?", "Насколько велика Солнечная система?", "Кто изобрёл телефон?",
        "Почему небо голубое?", "Что такое любовь?", "Я устал и мне грустно.", "Как найти друзей?",
        "Когда начинаются каникулы?", "Кто автор этого романа?",
    ),
}  # fmt: skip
"""By language. Everyday life, other fields of knowledge, and moves of a conversation; about a hundred texts suffice."""
