"""Every word of the console and of the demo's pages goes through its catalogues, in all eight languages: read from the templates and the source."""

import re
from html.parser import HTMLParser

import pytest
from jinja2 import nodes

from bot.console.render import FOLDER, Pages
from bot.demo import pages as demo

FOLDERS = [folder / "templates" for folder in (FOLDER, demo.FOLDER)]
TEMPLATES = sorted(path.name for folder in FOLDERS for path in folder.glob("*.html"))
# Names that are the same in every language, and examples of what is typed.
NAMES = {
    "RRM", "Rapid Response Mechanism", "Telegram", "CSV", "XLSX", "kB", "SQLite", "PostgreSQL", "HTML",
    "Handbook on Statistical Disclosure Control",
}  # fmt: skip
READ_ALOUD = {"aria-label", "placeholder", "title", "alt"}
# What a macro writes into a tag of its caller's stands outside of any tag in its own text.
ATTRIBUTE = re.compile(rf'(?<![^\s"0])(?!{"|".join(READ_ALOUD)})[a-z-]+="[^"<>]*"')


class Bare(HTMLParser):
    """Letters between tags, or in what is shown or read aloud of a tag."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []

    def handle_data(self, data):
        self.look(ATTRIBUTE.sub("", data))

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in READ_ALOUD:
                self.look(value or "")

    def look(self, text):
        words = " ".join(text.split())
        if re.search(r"[^\W\d_]{2}", words) and not words.startswith("/") and words.strip(" 0:·,–") not in NAMES:
            self.found.append(words)


def template(name):
    pages = Pages()
    pages.add(demo.FOLDER / "templates")
    env = pages.env("en")
    return env.parse(env.loader.get_source(env, name)[0])


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_text_of_a_template_stands_outside_the_catalogue(name):
    source = "".join(
        one.data if isinstance(one, nodes.TemplateData) else "0"
        for output in template(name).find_all(nodes.Output)
        for one in output.nodes
    )
    reader = Bare()
    reader.feed(re.sub(r"<(kbd|script|style)\b.*?</\1>", "", source, flags=re.DOTALL))
    assert reader.found == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_word_in_an_expression_stands_outside_the_catalogue(name):
    """A constant that is shown is an argument of `_` or `ngettext`; classes, icons and keys of tables are not shown."""
    assert [text for output in template(name).find_all(nodes.Output) for text in shown(output) if text not in NAMES] == []


def shown(node):
    """Constants that reach the page as words: whatever a conditional, a concatenation or a chip shows."""
    if isinstance(node, nodes.Const):
        is_words = isinstance(node.value, str) and re.search(r"^[^\W\d_]{2}", node.value)
        return [node.value] if is_words else []
    if isinstance(node, nodes.Output):
        return [text for one in node.nodes if not in_a_class(node, one) for text in shown(one)]
    if isinstance(node, nodes.CondExpr):
        return [text for one in (node.expr1, node.expr2) if one for text in shown(one)]
    if isinstance(node, nodes.Concat | nodes.Or):
        return [text for one in node.iter_child_nodes() for text in shown(one)]
    if isinstance(node, nodes.Filter):
        return shown(node.node) if node.node else []
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr == "chip":
        told = node.args[0]
        cases = [told.expr1, told.expr2] if isinstance(told, nodes.CondExpr) else [told]
        return [text for case in cases if isinstance(case, nodes.Tuple) for text in shown(case.items[0])]
    return []


def in_a_class(output, one):
    """True for an expression inside an attribute that is not read aloud: what stands before it ends in an open quote."""
    before = "".join(
        each.data if isinstance(each, nodes.TemplateData) else "0" for each in output.nodes[: output.nodes.index(one)]
    )
    opened = re.search(r'([\w-]+)="[^"<>]*$', before)
    return bool(opened) and opened[1] not in READ_ALOUD
