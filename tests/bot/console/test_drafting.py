"""How a fiche comes about: begun blank, reviewed by a second person, every state kept, translations told what changed."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from routing import privacy, versions
from routing.models import Event, Fiche, FicheRemark, FicheText, FicheVersion, Person
from tests.fakes.bureau import csrf_of, hidden, words
from tests.world import ASKER_MAIL, DESK, DUAL_FICHE, OTHER_QUESTION

URL = f"/fiches/{DUAL_FICHE}"


def save(bureau, browser, url, language, **fields):
    page = browser.get(f"{url}/edit?language={language}")
    told = {name: html.unescape(found) for name, found in re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', page.text)}
    told |= {
        name: html.unescape(text)
        for name, text in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', page.text, re.S)
    }
    return browser.post(url, data=told | {"language": language} | fields)


def test_a_fiche_is_begun_blank(bureau):
    browser = bureau.signed_in()
    assert 'href="/fiches/new"' in browser.get("/fiches").text
    told = {"csrf": csrf_of(browser.get("/fiches/new")), "title": " A van with a welding bench ", "language": "hr"}
    begun = browser.post("/fiches/new", data=told)
    assert begun.status_code == 303 and re.fullmatch(
        r"/fiches/practice-2026-\w+/edit\?told=fiche-begun", begun.headers["location"]
    )
    assert "A van with a welding bench" in browser.get(begun.headers["location"]).text
    (draft,) = bureau.world.all(Fiche, status="draft")
    assert (draft.source_language, draft.revision) == ("hr", 0)
    assert browser.post("/fiches/new", data=told | {"title": " "}).status_code == 422
    assert browser.post("/fiches/new", data=told | {"title": "x" * 101}).status_code == 422


def test_a_draft_is_reviewed_with_remarks_by_a_second_person(bureau):
    writer, reader = bureau.signed_in(), bureau.signed_in("admin")
    bureau.send(writer, "/fiches/new", "/fiches/new", title="A van", language="en")
    url = f"/fiches/{bureau.world.all(Fiche, status='draft')[0].slug}"
    stale = hidden(reader.get(url), "revision")
    assert bureau.send(writer, url, f"{url}/review").status_code == 303
    assert "review" in words(reader.get(url))
    assert reader.post(f"{url}/review", data={"csrf": csrf_of(reader.get(url)), "revision": stale}).status_code == 409
    assert bureau.send(reader, url, f"{url}/remarks", text="Which year was that?").status_code == 303
    assert bureau.send(reader, url, f"{url}/return").status_code == 422, "what should change?"
    assert bureau.send(reader, url, f"{url}/return", text="Say which year.").status_code == 303
    assert "Admin , just now , on revision 1 Which year was that?" in words(writer.get(url))
    assert "changes requested Say which year." in words(writer.get(url))
    assert [one.kind for one in bureau.world.all(Event) if one.kind.startswith("fiche-")][-3:] == [
        "fiche-begun",
        "fiche-in-review",
        "fiche-sent-back",
    ]
    assert bureau.send(reader, url, f"{url}/remarks", text=" ").status_code == 422


def test_every_saved_state_is_kept_with_what_it_changed(bureau):
    browser = bureau.signed_in()
    summary = bureau.world.all(Fiche, slug=DUAL_FICHE)
    assert summary and "No versions yet" in browser.get(f"{URL}/versions").text
    save(bureau, browser, URL, "en", title="Dual training in three valleys")
    told = browser.get(f"{URL}/versions").text
    assert "<ins>" in told and "<del>" in told and "three" in " ".join(re.findall(r"<ins>(.*?)</ins>", told))
    assert words(browser.get(f"{URL}/versions")).count("Revision") == 2
    with bureau.store.snapshot() as session:
        before, after = (
            one.content for one in reversed(versions.of(session, session.query(Fiche).filter_by(slug=DUAL_FICHE).one()))
        )
    assert {(language, name) for language, name, _ in versions.differences(before, after)} == {("en", "title")}


def test_two_others_validate_before_the_policy_lets_it_be_published(bureau):
    office = bureau.world.office
    office.policy = replace(office.policy, fiches=replace(office.policy.fiches, validations=1))
    writer, reader = bureau.signed_in(), bureau.signed_in("admin")
    bureau.send(writer, "/fiches/new", "/fiches/new", title="A van", language="en")
    url = f"/fiches/{bureau.world.all(Fiche, status='draft')[0].slug}"
    save(bureau, writer, url, "en", summary="A van.", activities="It drives.", themes=["mobility"])
    assert "1 more person must validate it" in words(writer.get(url)) and "/publication" not in writer.get(url).text
    assert bureau.send(writer, url, f"{url}/publication").status_code == 422
    bureau.send(writer, url, f"{url}/review")
    assert "somebody else must validate it" in words(bureau.send(writer, url, f"{url}/validation"))
    assert "told=fiche-validated" in bureau.send(reader, url, f"{url}/validation", text="It is right.").headers["location"]
    assert "validated by the network It is right." in words(writer.get(url))
    save(bureau, reader, url, "en", summary="A van, and its driver.")
    assert bureau.send(writer, url, f"{url}/publication").status_code == 422, "it says something else now"
    bureau.send(writer, url, f"{url}/validation")
    assert bureau.send(writer, url, f"{url}/publication").status_code == 303


def test_what_was_retired_is_found_and_says_why(bureau):
    browser = bureau.signed_in()
    bureau.send(browser, URL, f"{URL}/retirement", why="The law behind it has changed.")
    assert "The law behind it has changed." in words(browser.get(URL)) and "no longer offered to anybody" in words(browser.get(URL))
    assert f'href="{URL}"' in browser.get("/fiches?tab=retired").text
    assert f'href="{URL}"' not in browser.get("/fiches?tab=published").text
    assert "Publish again" in words(browser.get(URL))


def test_the_tabs_count_what_one_would_see(bureau):
    bureau.pass_time(days=366)
    browser = bureau.signed_in()

    def counts(wish):
        page = browser.get(f"/fiches?tab=published{wish}").text
        return [int(told) for told in re.findall(r'class="tab"[^>]*>[^<]*<span class="count">(\d+)', page)]

    every = len(bureau.world.all(Fiche, status="published"))
    with bureau.store.transaction() as session:
        for place, status in enumerate(("draft", "review", "retired")):
            for number in range(place + 1):
                fiche = Fiche(slug=f"{status}-{number}", source_language="en", status=status, facts={"country": "IS"})
                fiche.created_at = fiche.updated_at = bureau.now
                fiche.texts = [FicheText(language="en", title=f"Zebra {status} {number}", summary="", sections={})]
                session.add(fiche)
    few = sum(one.facts.get("country") == "IT" for one in bureau.world.all(Fiche))
    assert counts("") == [1, 2, every, every, 3]
    assert counts("&country=IS") == [1, 2, 0, 0, 3] == counts("&words=zebra")
    assert counts("&country=IT") == [0, 0, few, few, 0] and 0 < few < every
    assert counts("&country=IS&words=0") == [1, 1, 0, 0, 1]


def test_who_begins_what_is_there_already_is_told_so(bureau):
    browser = bureau.signed_in()
    bureau.send(browser, "/fiches/new", "/fiches/new", title="A  van", language="hr")
    again = bureau.send(browser, "/fiches/new", "/fiches/new", title="A van ", language="en")
    slug = bureau.world.all(Fiche, status="draft")[0].slug
    assert again.status_code == 422 and f"already a fiche with this title: {slug}" in words(again)
    assert 'value="A van "' in again.text and len(bureau.world.all(Fiche, status="draft")) == 1


def test_a_text_out_of_a_word_processor_is_kept_plain(bureau):
    browser = bureau.signed_in()
    pasted = "\uf0b7\tTwo firms\r\n\uf0b7\tone “van”\x0bwith a bench\u00ad"
    sources = "•\thttps://province.example/van\n- https://province.example/van\nhttps://town.example"
    save(bureau, browser, URL, "en", title="A van\x0bwith a bench", activities=pasted, sources=sources)
    page = browser.get(f"{URL}/edit?language=en").text
    assert "• Two firms\n• one “van”\nwith a bench</textarea>" in page and 'value="A van with a bench"' in page
    assert ">https://province.example/van\nhttps://town.example</textarea>" in page


def test_an_author_is_named_who_has_agreed_until_they_are_forgotten(bureau):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    browser = bureau.signed_in()
    author = "Mrs Exemplar Example, Provincia autonoma di Trento"
    refused = save(bureau, browser, URL, "en", author=author, author_agreed="")
    assert refused.status_code == 422 and "a role and its body" in words(refused)
    assert save(bureau, browser, URL, "en", author=author, author_agreed="yes").status_code == 303
    assert author in words(browser.get(URL))
    with bureau.store.transaction() as session:
        person = session.get_one(Person, bureau.world.question().asker_id)
        person.name = "Exemplar Example"
        privacy.erase(session, person, bureau.now)
    (fiche,) = bureau.world.all(Fiche, slug=DUAL_FICHE)
    assert not {"author", "author_agreed"} & set(fiche.facts)
    assert not [one for one in bureau.world.all(FicheVersion) if "Exemplar" in str(one.content)]


def test_a_changed_fact_stands_among_the_changes_in_words(bureau):
    browser = bureau.signed_in()
    save(bureau, browser, URL, "en", themes=["mobility", "inclusion"], target_groups=["NEET"], stage="pilot", country="it")
    save(bureau, browser, URL, "en", themes=["mobility"], target_groups=["NEET", "women"], stage="completed", country="it")
    save(bureau, browser, URL, "en", themes=["mobility"], target_groups=["NEET", "women"], stage="completed", country="it")
    page = browser.get(f"{URL}/versions")
    last, changed = (words_of for words_of in page.text.split("<li ")[1:3])
    assert "Saved without changes." in last
    assert "<del>inclusion</del>" in changed and "<ins>women</ins>" in changed
    assert "<del>being tried out</del> <ins>completed</ins>" in changed and "Italy" not in changed
    assert "unchanged: young people out of work and training" in " ".join(changed.split())


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({}, {}, []),
        ({"facts": {"themes": []}}, {"facts": {}}, []),
        ({"facts": {"stage": ""}}, {"facts": {"stage": "pilot"}}, [("stage", (), (), ("pilot",))]),
        ({"facts": {"budget": 0}}, {"facts": {}}, [("budget", (0,), (), ())]),
        ({"facts": {"themes": ["a", "b"]}}, {"facts": {"themes": ["b", "c"]}}, [("themes", ("a",), ("b",), ("c",))]),
        ({"status": "draft", "source": "it"}, {"status": "published", "source": "it"}, [("status", ("draft",), (), ("published",))]),
    ],
)
def test_facts_that_changed_are_told_by_name(before, after, found):
    told = versions.facts_changed(before, after)
    assert [(one.name, one.removed, one.kept, one.added) for one in told] == found


def test_who_is_forgotten_is_no_contact_any_more(bureau):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    browser = bureau.signed_in()
    save(bureau, browser, URL, "en", contact=f"Desk, {ASKER_MAIL.upper()}")
    save(bureau, browser, URL, "en", contact=f"Office, {ASKER_MAIL}")
    assert any(ASKER_MAIL in str(one.content) for one in bureau.world.all(FicheVersion))
    with bureau.store.transaction() as session:
        privacy.erase(session, session.get_one(Person, bureau.world.question().asker_id), bureau.now)
    (fiche,) = bureau.world.all(Fiche, slug=DUAL_FICHE)
    assert "contact" not in fiche.facts and fiche.facts["themes"]
    assert not [one for one in bureau.world.all(FicheVersion) if ASKER_MAIL in str(one.content).lower()]


def test_a_translation_is_told_what_changed_in_its_source(bureau):
    browser = bureau.signed_in()
    with bureau.store.snapshot() as session:
        source = session.query(Fiche).filter_by(slug=DUAL_FICHE).one().source_language
    other = "ro" if source != "ro" else "it"
    save(bureau, browser, URL, other, title="Un titlu", summary="Un rezumat")
    assert "has changed since this translation" not in browser.get(f"{URL}/edit?language={other}").text
    save(bureau, browser, URL, source, summary="Another summary altogether.")
    beside = browser.get(f"{URL}/edit?language={other}").text
    assert "has changed since this translation" in beside and "Another" in "".join(re.findall(r"<ins>(.*?)</ins>", beside))
    assert "has changed since" not in browser.get(f"{URL}/edit?language={source}").text
    save(bureau, browser, URL, other, summary="Un rezumat nou")
    assert "has changed since" not in browser.get(f"{URL}/edit?language={other}").text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("a b c", "a x c"),
        ("a", ""),
        ("", "a b"),
        ("one two  three", "one three two"),
        ("ș ț", "ş ţ"),
        ("x " * 5000, "x " * 4999),
    ],
)
def test_two_texts_come_back_out_of_their_differences(before, after):
    pieces = versions.compare(before, after)
    assert "".join(one.text for one in pieces if one.how != "added") == before
    assert "".join(one.text for one in pieces if one.how != "removed") == after


def test_questions_close_to_a_fiche_are_named(bureau):
    bureau.world.mail(ASKER_MAIL, "Apprenticeship training shared between school and company: how is dual training organised?")
    near = words(bureau.signed_in().get(URL))
    assert "Similar questions" in near and "2026-0001" in near


def test_versions_forget_with_the_asker(bureau):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    bureau.world.mail(DESK, "Two firms paid.", to=bureau.world.letter("assignment", DESK))
    browser = bureau.signed_in()
    url = f"/fiches/{bureau.world.all(Fiche, status='draft')[0].slug}"
    save(bureau, browser, url, "en", title="A van")
    bureau.send(browser, url, f"{url}/remarks", text="The asker wrote from Lisboa")
    assert bureau.world.all(FicheVersion) and bureau.world.all(FicheRemark)
    with bureau.store.transaction() as session:
        privacy.erase(session, session.get_one(Person, bureau.world.question().asker_id), bureau.now)
    assert not bureau.world.all(FicheVersion) and not bureau.world.all(FicheRemark)


def test_what_may_be_personal_is_marked_until_it_is_published(bureau):
    sections = {"activities": "Call +39 0461 123 456."}
    with bureau.store.transaction() as session:
        session.add(
            Fiche(
                slug="draft-one",
                source_language="en",
                status="draft",
                facts={"themes": ["guidance"]},
                created_at=bureau.now,
                updated_at=bureau.now,
                texts=[FicheText(language="en", title="A desk", summary="Mrs Example runs it.", sections=sections)],
            )
        )
    browser = bureau.signed_in()
    page = browser.get("/fiches/draft-one").text
    assert page.count("<mark") == 2 and ">Example</mark>" in page and "perhaps a person’s name" in page
    bureau.send(browser, "/fiches/draft-one", "/fiches/draft-one/publication", revision="0")
    assert "<mark" not in browser.get("/fiches/draft-one").text


def test_a_fiche_that_nobody_looked_at_for_a_year_is_listed_until_somebody_does(bureau):
    slug = bureau.world.all(Fiche)[0].slug
    bureau.pass_time(days=366)
    browser = bureau.signed_in()
    every = re.findall(r'data-row="([^"]+)"', browser.get("/fiches?tab=due").text)
    assert slug in every and len(every) > 1
    with bureau.store.transaction() as session:
        session.query(Fiche).filter_by(slug=every[-1]).one().confirmed_at -= timedelta(days=1)
    assert re.findall(r'data-row="([^"]+)"', browser.get("/fiches?tab=due").text) == [every[-1], *every[:-1]], "the longest unseen first"
    assert bureau.send(browser, f"/fiches/{slug}", f"/fiches/{slug}/confirmation").status_code == 303
    assert f'href="/fiches/{slug}"' not in browser.get("/fiches?tab=due").text
