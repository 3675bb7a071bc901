"""Entries of the directory written in the browser: an authority, an expert, a file; what is wrong, and what is written down."""

import csv
import html
import io
import re

import pytest
from sqlalchemy import delete, select, update

from routing import care
from routing.models import Address, Assignment, Authority, ConsoleUser, Event, Expert, Person
from routing.people import STOPPED, reachable
from tests.fakes.bureau import csrf_of, hidden, words
from tests.world import ASKER_MAIL, COORDINATOR, DEPUTY, DESK, OTHER_QUESTION, SECOND

AUTHORITY = {
    "name": "Città di Esempio", "kind": "municipality", "country": "IT", "subdivision": "BZ", "place": "Esempio", "zone": "Europe/Rome",
    "hours": "mon-fri 08:00-12:00", "capacity_per_month": "3", "profile": "Runs a school of cooks.", "languages": ["it", "en"],
    "more_languages": "de", "themes": ["apprenticeship-dual"],
}  # fmt: skip
EXPERT = {
    "email": "cooks@esempio.example", "role": "School of cooks", "language": "it", "rank": "0", "monthly_limit": "2",
    "languages": ["it"], "more_languages": "", "themes": ["guidance"],
}  # fmt: skip


def fields_of(page):
    """What the form of a page holds, as a browser would send it."""
    told, text = {}, re.search(r"<form method=\"post\"[^>]* class=\"card pad stack narrow-form\".*?</form>", page.text, re.DOTALL)[0]
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = (re.search(rf' {what}="([^"]*)"', tag) for what in ("name", "value"))
        if name and ('type="checkbox"' not in tag or " checked" in tag) and ('type="radio"' not in tag or " checked" in tag):
            told.setdefault(name[1], []).append(html.unescape(value[1]) if value else "on")
    for name, body in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        told[name] = [chosen[1] if chosen else ""]
    for name, body in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', text, re.DOTALL):
        told[name] = [html.unescape(body)]
    return told


def save(browser, form, action, **typed):
    return browser.post(action, data=fields_of(browser.get(form)) | typed)


def add_authority(browser, **typed):
    return save(browser, "/directory/authorities/new", "/directory/authorities", **AUTHORITY | typed)


def number_of(bureau, table, **where):
    return bureau.world.all(table, **where)[-1].id


@pytest.fixture
def browser(bureau):
    return bureau.signed_in()


def test_an_authority_and_its_expert_are_added_and_can_be_asked_at_once(bureau, browser):
    done = add_authority(browser)
    assert done.status_code == 303 and done.headers["location"].endswith("told=authority-added")
    [added] = bureau.world.all(Authority, slug="citta-di-esempio")
    assert (added.languages, added.themes, added.subdivision) == (["it", "en", "de"], ["apprenticeship-dual"], "BZ")
    assert added.hours["fri"] == ["08:00-12:00"] and added.last_confirmed_at == bureau.now
    there = f"/directory/authorities/{added.id}/experts"
    assert save(browser, f"{there}/new", there, **EXPERT).headers["location"].endswith("told=expert-added")
    page = words(browser.get(done.headers["location"]))
    assert "Città di Esempio" in page and "School of cooks" in page and "cooks@esempio.example" in page
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign("cooks@esempio.example")
    assert bureau.world.letters("assignment", "cooks@esempio.example")
    record = words(browser.get("/record"))
    assert "added Città di Esempio to the directory" in record
    assert "added School of cooks, Città di Esempio, to the directory" in record


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "  ", "Write the name."),
        ("kind", "", "Choose the kind of body."),
        ("country", "", "Choose the country."),
        ("subdivision", "Bolzano", "No public holidays are known for this region"),
        ("zone", "Europe/Nowhere", "This time zone is not known"),
        ("name", "x" * 4001, "Write at most 4000 characters here."),
        ("hours", "nine to five", "Write the working hours like this"),
        ("capacity_per_month", "-3", "Write a whole number."),
        ("languages", [], ""),
        ("more_languages", "Ladin", "Choose at least one language."),
        ("profile", "x" * 4001, "Write at most 4000 characters here."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(bureau, browser, field, typed, says):
    shown = add_authority(browser, **{field: typed})
    if field == "languages":
        assert shown.status_code == 303, "a further language is enough"
        return
    assert shown.status_code == 422 and says in words(shown)
    assert AUTHORITY["profile"] in shown.text or field == "profile"
    assert "autofocus" in shown.text and not bureau.world.all(Authority, name=AUTHORITY["name"])


def test_an_entry_is_corrected_and_deadlines_are_counted_again(bureau, browser):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    trento = number_of(bureau, Authority, slug="trento")
    with bureau.store.transaction() as session:
        session.execute(update(Authority).values(last_confirmed_at=None))
    form = f"/directory/authorities/{trento}"
    before = fields_of(browser.get(form))
    assert before["name"] == ["Provincia autonoma di Trento"] and before["zone"] == ["Europe/Rome"]
    done = save(browser, form, form, hours="tue 10:00-12:00", place="Rovereto")
    assert done.status_code == 303 and done.headers["location"].endswith("told=entry-saved")
    [after] = bureau.world.all(Authority, slug="trento")
    assert (after.place, after.hours) == ("Rovereto", {"tue": ["10:00-12:00"]})
    assert after.last_confirmed_at is None, "the authority itself has confirmed nothing"
    assert bureau.world.letters("deadline_moved", DESK)
    [told] = bureau.world.events("entry-corrected")
    assert (told.actor, sorted(told.detail["columns"])) == ("user:1", ["hours", "place"])


def test_saving_without_a_change_changes_nothing(bureau, browser):
    for form in (f"/directory/authorities/{number_of(bureau, Authority, slug='trento')}", f"/directory/experts/{bureau.world.expert(DESK).id}"):
        with bureau.store.snapshot() as session:
            before = len(session.scalars(select(Event)).all())
        assert save(browser, form, form).status_code == 303
        assert len(bureau.world.all(Event)) == before


def test_what_somebody_else_has_changed_meanwhile_is_not_written_over(bureau, browser):
    form = f"/directory/authorities/{number_of(bureau, Authority, slug='trento')}"
    mine = fields_of(browser.get(form)) | {"place": ["Mine"]}
    save(bureau.signed_in("admin"), form, form, place="Theirs")
    late = browser.post(form, data=mine)
    assert late.status_code == 409 and "has changed since you opened it" in words(late) and 'value="Mine"' in late.text
    assert bureau.world.all(Authority, slug="trento")[0].place == "Theirs"
    assert browser.post(form, data=fields_of(late)).status_code == 303, "the second time it is meant"
    assert bureau.world.all(Authority, slug="trento")[0].place == "Mine"


def test_an_expert_moves_to_another_address_with_all_they_have(bureau, browser):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    expert = bureau.world.expert(DESK)
    form = f"/directory/experts/{expert.id}"
    assert save(browser, form, form, email="New-Desk@trento.example", role="New desk").status_code == 303
    [after] = bureau.world.all(Expert, id=expert.id)
    assert (after.role, after.person_id, after.may_be_named) == ("New desk", expert.person_id, expert.may_be_named)
    first = min(bureau.world.all(Address, person_id=expert.person_id), key=lambda one: one.rank)
    assert first.address == "new-desk@trento.example"
    assert [one.expert_id for one in bureau.world.all(Assignment)] == [expert.id]


@pytest.mark.parametrize("address", [SECOND, DEPUTY])
def test_an_address_of_another_expert_is_refused(bureau, browser, address):
    there = f"/directory/authorities/{number_of(bureau, Authority, slug='trento')}/experts"
    for shown in (
        save(browser, f"{there}/new", there, **EXPERT | {"email": address.upper()}),
        save(browser, f"/directory/experts/{bureau.world.expert(DESK).id}", f"/directory/experts/{bureau.world.expert(DESK).id}", email=address),
    ):
        assert shown.status_code == 422 and "already in the directory" in words(shown)
    assert bureau.world.expert(address).role != EXPERT["role"]


def test_an_asker_may_become_an_expert_but_not_take_the_place_of_one(bureau, browser):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    there = f"/directory/authorities/{number_of(bureau, Authority, slug='reggio')}/experts"
    form = f"/directory/experts/{bureau.world.expert(DESK).id}"
    shown = save(browser, form, form, email=ASKER_MAIL)
    assert shown.status_code == 422 and bureau.world.expert(DESK)
    assert save(browser, f"{there}/new", there, **EXPERT | {"email": ASKER_MAIL}).status_code == 303
    assert bureau.world.expert(ASKER_MAIL).role == EXPERT["role"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("email", "desk at esempio"), ("email", "a@b@c"), ("email", "reply+abc@reply.network.example"), ("role", " "),
     ("language", "xx9"), ("rank", "first"), ("monthly_limit", "")],
)  # fmt: skip
def test_a_wrong_expert_is_refused(bureau, browser, field, typed):
    there = f"/directory/authorities/{number_of(bureau, Authority, slug='trento')}/experts"
    before = len(bureau.world.all(Person))
    shown = save(browser, f"{there}/new", there, **EXPERT | {field: typed})
    assert shown.status_code == 422 and EXPERT["themes"][0] in shown.text and 'class="error"' in shown.text
    assert len(bureau.world.all(Person)) == before


def test_a_file_is_looked_at_and_then_imported(bureau, browser):
    text = browser.get("/directory/authorities.csv").text.replace("Provincia autonoma di Trento", "Provincia di Trento")
    text += "esempio,Esempio,municipality,IT,,Esempio,Europe/Rome,mon 08:00-12:00,,it,4,,,yes\r\n"
    shown = save(browser, "/directory/import", "/directory/import", text=text, look="yes")
    found = re.search(r"It can be imported: (\d+) new, (\d+) changed, (\d+) as before", words(shown))
    assert found and found.groups()[:2] == ("1", "1") and "esempio,Esempio" in shown.text
    assert not bureau.world.all(Authority, slug="esempio") and not bureau.world.events("directory-imported")
    done = save(browser, "/directory/import", "/directory/import", text=text)
    assert done.headers["location"] == "/directory?told=directory-imported"
    assert bureau.world.all(Authority, slug="trento")[0].name == "Provincia di Trento"
    assert "imported a file of authorities: 1 new, 1 changed" in words(browser.get("/record"))


def test_experts_are_imported_from_a_sheet_that_was_pasted(bureau, browser):
    rows = browser.get("/directory/experts.csv").text
    pasted = "\n".join("\t".join(line.split(",")) for line in rows.replace("Apprenticeship desk", "Desk of Trento").splitlines())
    done = save(browser, "/directory/import", "/directory/import", text=pasted, what="experts")
    assert done.status_code == 303 and bureau.world.expert(DESK).role == "Desk of Trento"


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "The file holds no lines below its header."), ("slug,name\ntown,Town\n", "Row 2 lacks kind"), ('slug\n"town', "This is no CSV"),
     ("x" * 100, "The file holds no lines")],
)  # fmt: skip
def test_a_wrong_file_is_named_and_nothing_is_imported(bureau, browser, text, says):
    before = len(bureau.world.all(Authority))
    shown = save(browser, "/directory/import", "/directory/import", text=text)
    assert shown.status_code == 422 and says in words(shown) and "Nothing was imported." in words(shown)
    assert len(bureau.world.all(Authority)) == before


def test_a_file_with_one_wrong_row_changes_nothing(bureau, browser):
    text = browser.get("/directory/experts.csv").text.replace("Apprenticeship desk", "Changed") + "nobody,nowhere,x,it,it,,0,4,,,yes\r\n"
    shown = save(browser, "/directory/import", "/directory/import", text=text, what="experts")
    assert shown.status_code == 422 and "(nobody)" in words(shown) and bureau.world.expert(DESK).role == "Apprenticeship desk"


@pytest.mark.parametrize(
    ("what", "column", "value"),
    [("authorities", "name", ""), ("authorities", "zone", "Mars/X"), ("authorities", "capacity_per_month", "many"),
     ("experts", "email", "nobody"), ("experts", "email", "questions@network.example"), ("experts", "rank", "first"),
     ("experts", "absences", "2027-02-02/2027-01-01"), ("experts", "role", "")],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_said_whole_in_the_readers_language(bureau, browser, what, column, value):
    rows = list(csv.DictReader(io.StringIO(browser.get(f"/directory/{what}.csv").text.lstrip("\ufeff"))))
    rows[0][column] = value
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    with bureau.store.transaction() as session:
        session.execute(update(Person).values(language="it"))
    shown = words(save(browser, "/directory/import", "/directory/import", text=text.getvalue(), what=what))
    assert "Riga 2 (" in shown, shown
    for english in ("Row 2", " is no ", "must be", "ends before", "is empty", "own address"):
        assert english not in shown, shown


def test_who_looks_after_some_authorities_corrects_those_alone(bureau, browser):
    trento, reggio = (number_of(bureau, Authority, slug=slug) for slug in ("trento", "reggio"))
    with bureau.store.transaction() as session:
        user = session.scalars(select(ConsoleUser).where(ConsoleUser.email == COORDINATOR)).one()
        care.give(session, user.id, {trento}, by="user:9", now=bureau.now)
    assert save(browser, f"/directory/authorities/{trento}", f"/directory/authorities/{trento}", place="Rovereto").status_code == 303
    assert browser.get(f"/directory/authorities/{reggio}").status_code == 404
    assert browser.get(f"/directory/experts/{bureau.world.expert(SECOND).id}").status_code == 404
    for page in ("/directory/authorities/new", "/directory/import"):
        assert browser.get(page).status_code == 403
    assert "Import a file" not in words(browser.get("/directory"))
    told = {"csrf": csrf_of(browser.get("/directory")), **AUTHORITY}
    assert browser.post("/directory/authorities", data=told).status_code == 403


def test_observers_read_only(bureau):
    watcher = bureau.signed_in("observer")
    for page in ("/directory/authorities/new", "/directory/authorities/1", "/directory/experts/1", "/directory/import"):
        assert watcher.get(page).status_code == 403
    assert "Correct the entry" not in words(watcher.get("/directory"))


def test_a_place_that_is_gone_is_no_form(browser):
    for page in ("/directory/authorities/999", "/directory/authorities/999/experts/new", "/directory/experts/999"):
        assert browser.get(page).status_code == 404


def test_what_strangers_called_themselves_is_no_markup(bureau, browser):
    add_authority(browser, name='<script>alert(1)</script>"', profile="</textarea><script>alert(2)</script>")
    form = f"/directory/authorities/{number_of(bureau, Authority)}"
    page = browser.get(form)
    assert "<script>alert" not in page.text and fields_of(page)["name"] == ['<script>alert(1)</script>"']
    assert hidden(page, "seen")
    with bureau.store.snapshot() as session:
        assert session.scalars(select(Authority).where(Authority.slug == "script-alert-1-script")).one().name.startswith("<script>")


def test_themes_that_only_a_file_knows_stay(bureau, browser):
    with bureau.store.transaction() as session:
        session.execute(update(Authority).values(themes=["apprenticeship-dual", "mountain-schools"]))
    form = f"/directory/authorities/{number_of(bureau, Authority, slug='trento')}"
    save(browser, form, form, place="Rovereto")
    assert bureau.world.all(Authority, slug="trento")[0].themes == ["apprenticeship-dual", "mountain-schools"]


def test_an_address_that_bounced_is_tried_again_when_a_coordinator_gives_it(bureau, browser):
    form = f"/directory/experts/{bureau.world.expert(DESK).id}"
    save(browser, form, form, email="typo@trento.example")
    with bureau.store.transaction() as session:
        session.execute(update(Address).where(Address.address == DESK).values(dead_at=bureau.now, dead_reason="5.1.1"))
    assert save(browser, form, form, email=DESK).status_code == 303
    person = bureau.world.expert(DESK).person_id
    with bureau.store.snapshot() as session:
        assert reachable(session, person).address == DESK


def test_who_stopped_our_letters_is_not_written_to_again(bureau, browser):
    with bureau.store.transaction() as session:
        bureau_person = Person(name="", language="en", created_at=bureau.now)
        session.add(bureau_person)
        session.flush()
        stopped = dict(dead_at=bureau.now, dead_reason=STOPPED)
        session.add(Address(person_id=bureau_person.id, channel="email", address=EXPERT["email"], **stopped))
    there = f"/directory/authorities/{number_of(bureau, Authority, slug='trento')}/experts"
    shown = save(browser, f"{there}/new", there, **EXPERT)
    assert shown.status_code == 422 and "asked us to stop writing" in words(shown)


def test_an_expert_without_a_mail_address_gets_one(bureau, browser):
    expert = bureau.world.expert(DESK)
    with bureau.store.transaction() as session:
        session.execute(delete(Address).where(Address.person_id == expert.person_id))
    form = f"/directory/experts/{expert.id}"
    shown = fields_of(browser.get(form))
    assert (shown["role"], shown["email"], shown["monthly_limit"]) == (["Apprenticeship desk"], [""], ["9"])
    assert save(browser, form, form, email="again@trento.example").status_code == 303
    assert bureau.world.expert("again@trento.example").id == expert.id


def test_limits_and_ranks_that_a_file_allows_are_no_obstacle(bureau, browser):
    expert = bureau.world.expert(DESK)
    with bureau.store.transaction() as session:
        session.execute(update(Expert).values(monthly_limit=0, rank=-1))
    form = f"/directory/experts/{expert.id}"
    assert 'name="rank" value="-1" max' in browser.get(form).text
    assert save(browser, form, form, role="Desk").status_code == 303 and bureau.world.expert(DESK).rank == -1
    text = browser.get("/directory/experts.csv").text
    assert save(browser, "/directory/import", "/directory/import", text=text, what="experts").status_code == 303


def test_each_authority_of_a_file_is_confirmed_by_it(bureau, browser):
    with bureau.store.transaction() as session:
        session.execute(update(Authority).values(last_confirmed_at=None))
    save(browser, "/directory/import", "/directory/import", text=browser.get("/directory/authorities.csv").text)
    assert {one.last_confirmed_at for one in bureau.world.all(Authority)} == {bureau.now}


def test_a_form_that_is_sent_twice_makes_one_authority(bureau, browser):
    first, again = add_authority(browser), add_authority(browser, name="  CITTÀ di Esempio")
    assert first.status_code == 303 and again.status_code == 422
    assert "An authority of this name and place is already in the directory." in words(again)
    assert add_authority(browser, place="Another place").status_code == 303
    assert {one.slug for one in bureau.world.all(Authority) if "esempio" in one.slug} == {"citta-di-esempio", "citta-di-esempio-2"}


@pytest.mark.parametrize(
    ("was", "wrong", "says"),
    [(",it,", ",italiano,", "le lingue sono codici di due lettere separati da punto e virgola, non 'italiano'."),
     (",trento,", ",nowhere,", "non c’è alcun ente 'nowhere': lo importi prima.")],
)  # fmt: skip
def test_why_a_row_is_wrong_is_said_in_the_reader_s_language(bureau, browser, was, wrong, says):
    text = browser.get("/directory/experts.csv").text.replace(was, wrong)
    with bureau.store.transaction() as session:
        session.execute(update(Person).values(language="it"))
    shown = save(browser, "/directory/import", "/directory/import", text=text, what="experts")
    assert shown.status_code == 422 and says in words(shown)
