"""Every mailed letter as a mail client on a phone shows it, in eight languages, light and dark: nothing sticks out or is too small.

The facts are those of the golden test; SCREENSHOTS names a folder to keep the pictures in.
"""

import pytest

from bot.mail.letterhtml import letter_html
from routing.languages import LANGUAGES
from routing.letters import with_marker, write
from tests.routing.test_letters_golden import CASES

PHONE = {"width": 390, "height": 844}
SECRET = "k3j2h4g5f6d7s8a9p1o2i3u4y5"
LINK = "https://rrm.example/do/" + "x" * 32
SHOWN = ("answer_returned", "assignment", "receipt", "answer", "proposal", "holding", "reminder", "confirm_entry")
# Fingers: what can be touched is 44 px high at least (WCAG 2.2, 2.5.5); the body is read without zooming.
WRONG = """() => [...document.querySelectorAll('a.rrm-b')].filter(one => one.getBoundingClientRect().height < 44)
    .map(one => 'too low: ' + one.textContent)
    .concat(parseFloat(getComputedStyle(document.body).fontSize) < 15 ? ['too small to read'] : [])
    .concat(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['too wide'] : [])"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_fits_a_phone(chromium, shots, language, scheme):
    context = chromium.new_context(viewport=PHONE, color_scheme=scheme)
    page = context.new_page()
    for kind, cases in CASES.items():
        for facts in cases[: 1 if scheme == "light" else kind in SHOWN]:
            letter = write(kind, language, medium="email", **facts)
            links = [(label, LINK) for _, label in letter.buttons]
            page.set_content(letter_html(with_marker(letter.text, language, SECRET), links, language))
            assert page.evaluate(WRONG) == [], f"{kind} in {language}"
            if kind in SHOWN:
                page.screenshot(path=f"{shots}/mail-{kind}-{language}-{scheme}.png", full_page=True)
    context.close()
