"""What a page says that another page says in the very same words: texts that were left over in English.

In: a page in English and the same page in another language. Out: three words in a row that both share and that are no data.
"""

import re
from html.parser import HTMLParser

READ_ALOUD = {"aria-label", "placeholder", "title", "alt"}
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use", "path"}
# What is the same in every language: names of programs and works, and what is shown as it is written in a file or a mail.
SAME = ("Rapid Response Mechanism", "Handbook on Statistical Disclosure Control", "Test network")


class Reader(HTMLParser):
    """What a page says and what is read aloud of it, without what is marked as being in another language."""

    def __init__(self, language):
        super().__init__(convert_charrefs=True)
        self.said, self._open, self._language = [], [], language

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        ours = self._is_ours and tag not in ("script", "style") and told.get("lang", self._language) == self._language
        if tag not in EMPTY:
            self._open.append((tag, ours))
        if ours:
            self.said += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self._open.pop()

    def handle_endtag(self, tag):
        if any(one == tag for one, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if self._is_ours:
            self.said.append(data)

    @property
    def _is_ours(self):
        return not self._open or self._open[-1][1]


def said_on(page, language):
    reader = Reader(language)
    reader.feed(page)
    return [" ".join(text.split()) for text in reader.said if text.strip()]


def threes(texts):
    """Every three words in a row within one text; signs, numbers, addresses and names with a dot in them part the words."""
    found = set()
    for text in texts:
        for run in re.split(r"[^\s\w’']|\S*[\d_@/]\S*|\S+\.\S+", text):
            words = re.findall(r"[^\W\d_]{2,}", run)
            found |= {" ".join(words[at : at + 3]) for at in range(len(words) - 2)}
    return found


def left(page, english, language, data=frozenset()):
    return threes(said_on(page, language)) & threes(said_on(english, "en")) - data - threes(SAME)
