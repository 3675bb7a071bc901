"""What attackers do to the console, each with the tests that show it fails; a name that no longer exists fails here.

The list follows OWASP ASVS 5.0, chapters 1, 3, 6, 7 and 8, as far as they concern the web.
"""

import ast
import itertools
import logging
import re
from pathlib import Path

import pytest

from bot.logs import TextLines
from routing.models import Question
from tests.bot.console.test_access import ROUTES, address_of, contents
from tests.fakes.bureau import csrf_of
from tests.world import ASKER_MAIL, OTHER_QUESTION

HERE = Path(__file__).parents[2]
ATTACKS = {
    "sends mail with markup that acts": ["bot/console/test_pages.py::test_markup_of_others_is_shown_and_never_obeyed"],
    "sends a tracking pixel or remote style": ["bot/console/test_attacks.py::test_no_page_names_anything_of_a_stranger_to_load"],
    "names themselves, a place, a fiche or an address of ours with markup that acts": [
        "browser/test_hostile_words.py::test_words_stay_words",
        "browser/test_hostile_words.py::test_what_refreshes_itself_obeys_no_words_either",
    ],
    "turns text around, hides an address": ["bot/console/test_pages.py::test_markup_of_others_is_shown_and_never_obeyed"],
    "names a file like a path or a header": [
        "bot/console/test_pages.py::test_raw_mail_and_files_are_downloads_that_can_do_nothing"
    ],
    "attaches a page that runs": ["bot/console/test_pages.py::test_raw_mail_and_files_are_downloads_that_can_do_nothing"],
    "lures a coordinator into sending a form": [
        "bot/console/test_access.py::test_a_form_of_another_site_does_nothing",
        "bot/console/test_access.py::test_a_form_without_its_token_does_nothing",
        "bot/console/test_access.py::test_a_form_sent_across_sites_is_refused_even_with_our_origin",
        "bot/console/test_access.py::test_looking_changes_nothing",
        "bot/console/test_access.py::test_only_plain_forms_are_read",
    ],
    "plants, steals or keeps a session": [
        "bot/console/test_sign_in_pages.py::test_signing_in_gives_a_new_session_and_ends_the_planted_one",
        "bot/console/test_sign_in_pages.py::test_a_cookie_chosen_by_somebody_else_is_never_taken_over",
        "bot/console/test_sign_in_pages.py::test_signing_out_ends_the_session_on_the_server",
        "bot/console/test_sign_in_pages.py::test_a_session_ends_after_its_hours",
        "bot/console/test_sign_in_pages.py::test_a_user_who_is_removed_is_out_at_once",
    ],
    "tries many addresses or links": [
        "bot/console/test_sign_in_pages.py::test_a_network_that_asks_too_often_is_told_to_wait",
        "bot/console/test_sign_in_pages.py::test_many_requests_for_one_address_do_not_fill_its_mailbox_nor_spoil_its_links",
        "bot/console/test_sign_in_pages.py::test_known_and_unknown_addresses_get_the_same_answer",
        "bot/console/test_throttle.py::test_a_customer_with_a_million_addresses_gets_no_more_than_others",
        "bot/console/test_throttle.py::test_a_crowd_of_networks_fills_no_memory",
    ],
    "asks for what their role may not see": [
        "bot/console/test_access.py::test_every_route_has_a_rule",
        "bot/console/test_access.py::test_nobody_comes_in_without_signing_in",
        "bot/console/test_access.py::test_each_role_reaches_what_its_rule_says_and_nothing_else",
        "bot/console/test_attacks.py::test_each_role_meets_its_rule_on_things_that_are_there",
        "bot/console/test_care.py::test_everything_an_address_names_has_an_owner",
        "bot/console/test_care.py::test_every_page_shows_what_is_theirs_and_nothing_else",
        "bot/console/test_care.py::test_no_form_reaches_what_is_not_theirs",
        "bot/console/test_care.py::test_a_key_opens_no_more_than_its_maker",
        "bot/console/test_care.py::test_what_is_not_there_and_what_is_not_theirs_look_the_same",
    ],
    "replays, borrows or forges the proof of a passkey": [
        "bot/console/test_passkeys.py::test_a_challenge_is_used_up_by_its_first_use",
        "bot/console/test_passkeys.py::test_a_challenge_is_good_in_the_browser_that_got_it_alone",
        "bot/console/test_passkeys.py::test_a_false_proof_opens_nothing",
        "bot/console/test_passkeys.py::test_a_false_proof_adds_nothing",
        "bot/console/test_passkeys.py::test_a_count_that_does_not_rise_is_a_copied_key",
        "bot/console/test_passkeys.py::test_a_browser_left_open_takes_no_key_of_somebody_else",
        "bot/console/test_passkeys.py::test_who_may_sign_in_no_longer_cannot_by_passkey_either_nor_when_let_in_again",
    ],
    "answers in the identity provider's place": [
        "bot/console/test_provider.py::test_a_state_and_a_code_are_good_once",
        "bot/console/test_provider.py::test_a_state_is_good_in_the_browser_that_began_alone",
        "bot/console/test_provider.py::test_a_false_word_opens_nothing",
        "bot/console/test_provider.py::test_a_signature_that_anybody_could_make_proves_nothing",
        "bot/console/test_provider.py::test_a_code_of_another_browser_is_worth_nothing",
        "bot/console/test_provider.py::test_whoever_gets_an_address_later_is_not_who_had_it",
        "bot/console/test_provider.py::test_a_provider_that_describes_itself_strangely_is_not_used",
        "bot/console/test_provider.py::test_no_role_comes_from_the_provider",
    ],
    "adds fields nobody asked for": ["bot/console/test_question_page.py::test_fields_nobody_asked_for_change_nothing"],
    "opens or replays one-click and sign-in links": [
        "bot/console/test_sign_in_pages.py::test_a_mail_scanner_that_opens_a_link_uses_nothing_up",
        "bot/console/test_sign_in_pages.py::test_a_link_works_once",
        "bot/console/test_other_pages.py::test_opening_a_link_shows_what_it_does_and_does_nothing",
        "bot/console/test_other_pages.py::test_pressing_acts_once",
    ],
    "uses an old link, or poisons the host of a new one": [
        "bot/console/test_sign_in_pages.py::test_a_link_lasts_a_quarter_of_an_hour",
        "bot/console/test_sign_in_pages.py::test_the_letter_names_our_own_address_whatever_the_host_header_says",
    ],
    "sends people elsewhere after signing in": ["bot/console/test_sign_in_pages.py::test_the_way_back_leads_nowhere_else"],
    "pretends to be the proxy": [
        "bot/console/test_access.py::test_a_forwarded_header_lends_no_rights",
        "bot/console/test_throttle.py::test_only_our_own_proxy_says_who_is_calling",
    ],
    "writes SQL or search operators": [
        "routing/test_queries.py::test_words_are_taken_literally",
        "bot/console/test_attacks.py::test_no_parameter_breaks_a_page",
        "bot/console/test_attacks.py::test_no_field_breaks_a_form",
    ],
    "hides files, addresses or endless entities in XML, code in a stored object": [
        "test_architecture.py::test_imports_point_inwards"
    ],
    "has a program called at an address inside": [
        "bot/test_webhooks.py::test_only_public_addresses_are_reached",
        "bot/test_webhooks.py::test_what_is_no_address_is_refused",
    ],
    "calls themselves like a formula": [
        "bot/console/test_reports_page.py::test_no_cell_begins_as_a_formula",
        "bot/console/test_reports_page.py::test_an_authority_called_like_a_formula_stays_text",
    ],
    "forges lines of the log": ["bot/test_logs.py::test_one_event_is_one_line"],
    "asks what others have asked, or plants what is to be offered": [
        "routing/test_probing.py::test_no_question_brings_anything_of_another_asker",
        "routing/test_probing.py::test_of_the_same_question_is_told_that_it_is_the_same_and_of_a_sensitive_one_not_even_that",
        "routing/test_probing.py::test_an_answer_that_nobody_agreed_to_share_comes_to_nobody_else",
        "routing/test_probing.py::test_what_an_expert_plants_is_offered_to_nobody_until_a_person_has_published_it",
        "routing/test_probing.py::test_what_is_offered_says_where_it_comes_from",
        "routing/test_meaning.py::test_nobody_finds_what_is_not_in_their_care",
        "routing/test_disclosure.py::test_every_table_there_could_be_hides_what_it_withholds",
    ],
    "makes an error tell a secret": [
        "bot/console/test_pages.py::test_an_error_of_ours_tells_nothing_about_us",
        "bot/console/test_attacks.py::test_a_traceback_holds_no_words_addresses_or_links",
    ],
    "frames a page, guesses its type, keeps it": ["bot/console/test_pages.py::test_every_response_carries_the_headers"],
    "sends forms without end": [
        "bot/console/test_access.py::test_a_form_of_half_a_megabyte_is_refused",
        "bot/console/test_access.py::test_a_form_of_a_thousand_fields_is_refused",
        "bot/console/test_attacks.py::test_an_address_without_end_is_cut",
        "bot/console/test_limits.py::test_a_hundred_thousand_headers_are_not_read",
        "bot/console/test_limits.py::test_a_form_that_never_ends_arriving_is_given_up",
        "bot/console/test_limits.py::test_a_form_in_pieces_without_end_is_refused_before_it_grows",
        "bot/console/test_limits.py::test_a_packed_form_is_not_unpacked",
        "bot/console/test_limits.py::test_a_form_of_many_parts_is_not_taken_apart",
        "bot/console/test_limits.py::test_json_without_end_is_refused",
        "bot/console/test_limits.py::test_who_says_nothing_keeps_nobody_waiting",
        "bot/console/test_limits.py::test_two_lengths_and_a_length_with_pieces_are_refused",
    ],
}
HOSTILE = [
    "' OR 1=1 --",
    '"); DROP TABLE question; --',
    "%",
    "_",
    "\x00",
    "{{7*7}}",
    "../../etc/passwd",
    "-1",
    "9" * 30,
    "٣",
    "a" * 1000,
    "\ud83d",
]
PARAMETERS = ("tab", "words", "tier", "theme", "language", "country", "authority", "period", "channel", "page", "before", "kind", "months",
              "seen", "revision", "told", "table")  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_has_its_tests(attack):
    for named in ATTACKS[attack]:
        path, _, test = named.partition("::")
        tree = ast.parse((HERE / path).read_text("utf-8"))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, named


def test_no_page_names_anything_of_a_stranger_to_load(bureau):
    canary = "http://canary.example"
    markup = f'<img src="{canary}/p.gif"><link rel=stylesheet href="{canary}/a.css"><style>@import "{canary}/b.css"</style>'
    bureau.world.mail(ASKER_MAIL, f"{OTHER_QUESTION} {markup}", subject=markup[:90])
    bureau.world.mail("x@y.example", markup, tokens=("9" * 28,), subject=markup[:90])
    browser = bureau.signed_in()
    for page in ("/queue?tab=open", "/questions/2026-0001", "/held", "/record", "/reports"):
        text = browser.get(page).text
        named = re.findall(r"<[^>]*(?:src|href|action|srcset|poster|data)\s*=\s*[\"']?([^\"'\s>]+)", text)
        assert named and all(not url.startswith(("http:", "https:", "//")) or url.startswith("/") for url in named), page
        assert "<img" not in text and "<style" not in text


@pytest.fixture
def things(bureau, asked):
    """One of each thing that addresses name."""
    bureau.world.mail("x@y.example", "Chairs!", tokens=("9" * 28,), subject="Chairs")
    return {"number": asked.number, "slug": "dual-training-south-tyrol", "table": "tiers.csv"}


def test_each_role_meets_its_rule_on_things_that_are_there(bureau, things):
    """Route by role by object: the objects exist, so that a missing rule would show them."""
    for role, route in itertools.product(
        ("admin", "coordinator", "observer", None), [one for one in ROUTES if "GET" in one.methods]
    ):
        browser = bureau.signed_in(role) if role else bureau.browser()
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: things.get(found[1], "1"), route.path)
        status = browser.get(path).status_code
        if route.rule.roles is None:
            assert status < 500, (role, path)
        elif role is None:
            assert status == 303, path
        else:
            assert (status == 403) == (role not in route.rule.roles) and status < 500, (role, path, status)


def test_no_parameter_breaks_a_page(bureau, things):
    browser = bureau.signed_in("admin")
    for route in ROUTES:
        if "GET" in route.methods and route.rule.proof == "session":
            path = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: things.get(found[1], "1"), route.path)
            for value in HOSTILE:
                told = dict.fromkeys(PARAMETERS, value.encode("utf-8", "replace").decode())
                assert browser.get(path, params=told).status_code in (200, 303, 404, 422), (path, value)


def test_no_field_breaks_a_form(bureau, things):
    browser = bureau.signed_in("admin")
    token = csrf_of(browser.get("/queue"))
    names = {
        name
        for route in ROUTES
        for name in re.findall(r"field\(\"(\w+)\"", Path(route.page.__code__.co_filename).read_text("utf-8"))
    }
    posts = [one for one in ROUTES if "POST" in one.methods and one.rule.proof == "session" and one.path != "/sign-out"]
    for route, value in itertools.product(posts, HOSTILE[:8]):
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: things.get(found[1], "1"), route.path)
        told = dict.fromkeys(names, value.encode("utf-8", "replace").decode()) | {"csrf": token, "revision": "0"}
        good = (200,) if route.path.endswith("/export") else (303, 404, 409, 422)
        assert browser.post(path, data=told).status_code in good, (path, value)
    with bureau.store.snapshot() as session:
        assert session.query(Question).count() == 1


@pytest.mark.parametrize("length", [3_000, 20_000])
def test_an_address_without_end_is_cut(bureau, asked, length):
    browser = bureau.signed_in()
    page = browser.get("/queue", params={"words": "x" * length, "theme": "y" * length})
    assert page.status_code == 200 and len(page.content) < 150_000


def test_a_traceback_holds_no_words_addresses_or_links(bureau, asked):
    """Where a page breaks, the log tells where; not who asked what, and no link that would let its reader in."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(TextLines().format(record))
    log = logging.getLogger("bot.console.errors")
    log.addHandler(handler)
    link = bureau.link("coordinator@network.example")
    try:
        with pytest.raises(Exception) as caught, bureau.store.transaction() as session:
            session.add(
                Question(number=asked.number, asker_id=1, address_id=1, language="en", text="CANARY-WORDS", created_at=bureau.now)
            )
        log.error("at %s of coordinator@network.example", link, exc_info=caught.value)
    finally:
        log.removeHandler(handler)
    told = "\n".join(lines)
    assert "IntegrityError" in told and "Traceback" in told
    assert "CANARY-WORDS" not in told and "coordinator@" not in told and link.rpartition("/")[2] not in told


def test_addresses_of_things_that_are_not_there_change_nothing(bureau, asked):
    browser = bureau.signed_in("admin")
    token, before = csrf_of(browser.get("/queue")), contents(bureau)
    for route in ROUTES:
        if "POST" in route.methods and "{" in route.path and route.rule.proof == "session":
            browser.post(address_of(route), data={"csrf": token, "revision": "0", "reason": "x", "text": "x"})
    assert contents(bureau) == before
