"""No border mail server: the sender's domain must have signed the answer, as a name server on 127.0.0.1 tells."""

import shutil

from tests.fakes.dns_peer import DnsPeer
from tests.fakes.signing import key_record, signed
from tests.stories.attacks import WORDS, all_arrived, case, code_of, mail, passed
from tests.town import town as a_town


def domain(address):
    return address.rpartition("@")[2]


async def test_only_what_its_domain_has_signed_for_this_letter_is_an_answer(sqlite_template, tmp_path):
    shutil.copy(sqlite_template, tmp_path / "rrm.db")
    with DnsPeer() as names:
        choices = {"identity__authserv_id": "", "identity__dns_servers": [names.address]}
        async with a_town(f"sqlite:///{tmp_path / 'rrm.db'}", tmp_path, **choices) as town:
            here = await case(town)
            expert, to = here.expert, here.reply_to
            names.records = key_record(domain(expert)) | key_record("evil.example")
            elsewhere = signed(mail(expert, WORDS, to="minister@elsewhere.example"), domain(expert))
            forged = [
                ("unsigned", mail(expert, WORDS, to=to)),
                ("unsigned", passed(domain(expert)) + mail(expert, WORDS, to=to)),
                ("foreign", signed(mail(expert, WORDS, to=to), "evil.example")),
                ("broken", signed(mail(expert, WORDS, to=to), domain(expert)).replace(b"lorry", b"yacht")),
                ("other-letter", elsewhere),
                ("other-letter", f"To: {to}\r\n".encode() + elsewhere),
            ]
            for code, raw in forged:
                [row] = await all_arrived(town, raw, "evil@evil.example", to)
                assert (row.state, code_of(row)) == ("held", code) and not here.answers()
            names.silent = True
            raw = signed(mail(expert, WORDS, to=to, Message_ID="<late@x.example>"), domain(expert))
            [row] = await all_arrived(town, raw, expert, to)
            assert (row.state, code_of(row)) == ("held", "no-answer") and not here.answers()
            names.silent = False
            await all_arrived(town, signed(mail(expert, WORDS, to=to), domain(expert)), expert, to)
            assert await town.letter(here.asker, "shared it among five valleys")
