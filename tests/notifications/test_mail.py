"""What a mail says, in text and in HTML."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest
from django.core import mail
from django.urls import reverse

from notifications import sending
from notifications.kinds import Kind
from notifications.models import Email

SAID = "Mara made 3 suggestions, +$700.00."
CHAT = "/contracts/2/messages/"


@pytest.fixture
def letter(tell, work):
    """`letter(ben, kind=…)`: the one mail that tells it, as it is on the wire."""

    def letter(person, **facts) -> EmailMessage:
        mail.outbox.clear()
        tell(person, **facts)
        work(days=1)
        [sent] = mail.outbox
        return BytesParser(policy=default).parsebytes(sent.message().as_bytes())

    return letter


def text(letter):
    return letter.get_body(("plain",)).get_content()


def html(letter):
    return letter.get_body(("html",)).get_content()


@pytest.mark.parametrize("part", [text, html])
def test_it_says_what_happened_whose_turn_it_is_and_has_one_button(ben, letter, part):
    said = part(letter(ben, text=SAID, turn="Your turn: approve or decline each suggestion."))

    assert SAID in said
    assert "Your turn: approve or decline each suggestion." in said
    assert said.count("Review and answer") == 1
    assert f"http://localhost:8000/notifications/{ben.notifications.get().pk}/" in said


@pytest.mark.parametrize("kind", Kind)
def test_html_has_one_button_and_two_ways_to_less_mail(ben, letter, kind):
    said = html(letter(ben, kind=kind, url=CHAT))

    [button] = re.findall(r'class="button" href="([^"]+)"', said)
    links = re.findall(r'class="link" href="([^"]+)"', said)
    assert button == f"http://localhost:8000/notifications/{ben.notifications.get().pk}/"
    assert links[0] == "http://localhost:8000/settings/notifications/"
    assert links[1].startswith("http://localhost:8000/notifications/stop/")
    assert re.findall(r"<(?:img|script|link|form)\b", said) == []


def test_subject_is_what_happened_in_one_line(ben, letter):
    told = letter(ben, subject="Mara made 3 suggestions, +$700.00 (Pump\r\nhousing)")

    assert told["Subject"] == "Mara made 3 suggestions, +$700.00 (Pump housing)"
    assert told["To"] == "Ben Okafor <ben@example.com>"


@pytest.mark.parametrize(
    ("told", "goes_on"),
    [
        ("Ben approved the work on “A. (b)”.", []),
        ("Ben approved the work on “A. (b)”. “Thank you. (Really.)”", ["“Thank you. (Really.)”"]),
        ("Ben approved something else.", ["Ben approved something else."]),
    ],
)
@pytest.mark.parametrize("part", [text, html])
def test_the_text_goes_on_after_the_subject(ben, letter, part, told, goes_on):
    said = part(letter(ben, subject="Ben approved the work on “A. (b)” (Pump housing)", text=told, kind=Kind.MONEY))

    between = said[said.rindex("(Pump housing)") + len("(Pump housing)") : said.index("See what moved")]
    words = [line.strip() for line in re.sub(r"<[^>]+>", "\n", between).splitlines() if line.strip()]
    assert words == goes_on


def test_a_long_subject_is_cut(ben, letter):
    assert letter(ben, subject="x " * 300)["Subject"].strip() == "x " * 99 + "x…"


def test_what_people_typed_is_text_and_nothing_else(ben, letter):
    told = letter(ben, kind=Kind.MESSAGE, url=CHAT, text='Mara wrote: <a href="http://evil.example">& so on</a>\n\nBye')

    assert "<a href=" in text(told)
    assert "&lt;a href=&quot;http://evil.example&quot;&gt;&amp; so on&lt;/a&gt;<br><br>Bye" in html(told)


def test_a_name_with_a_comma_stays_one_address(ben, letter):
    ben.display_name = 'Okafor, Ben "B" <x@evil.example>'
    ben.save()

    [address] = letter(ben)["To"].addresses
    assert (address.addr_spec, address.display_name) == ("ben@example.com", ben.display_name)


def test_times_are_in_the_readers_zone(ben, tell):
    told = tell(ben, kind=Kind.MESSAGE, url=CHAT)
    type(told).objects.update(created_at="2026-11-20T02:24:00Z")
    Email.objects.update(due_at="2026-11-20T02:34:00Z")

    sending.deliver(Email.objects.get().pk)

    assert "19 Nov, 21:24" in mail.outbox[0].body  # New York


def test_headers_let_mail_programs_stop_it_and_no_robot_answer_it(ben, letter):
    told = letter(ben)

    email = ben.emails.get()
    assert told["Message-ID"] == email.message_id == f"<{email.key}@localhost>"
    assert re.fullmatch(r"<http://localhost:8000/notifications/stop/[^/]+/>", told["List-Unsubscribe"].strip())
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told["Auto-Submitted"] == "auto-generated"
    assert told.get_content_type() == "multipart/alternative"


def test_what_waits_for_an_answer_offers_once_a_day_where_others_offer_to_stop(ben, letter):
    assert "Get these once a day: http" in text(letter(ben))
    assert "Stop these mails: http" in text(letter(ben, kind=Kind.MONEY))


def test_the_daily_mail_puts_first_what_waits_for_an_answer(ben, wants, tell, work):
    wants(ben, money="daily", answer="daily")
    tell(ben, kind=Kind.MONEY, text="Mara was paid.", turn="Nobody’s turn.")
    tell(ben, text="Mara suggests.", turn="Your turn: approve or decline.")
    work(days=1)

    said = mail.outbox[0].body
    parts = (
        "Waits for your answer",
        "Mara suggests.",
        "Your turn: approve",
        "Good to know",
        "Mara was paid.",
        "Nobody’s turn.",
        "Your turn: 1 of these waits for your answer.",
        "See all notifications:\nhttp://localhost:8000/notifications/\n",
    )
    assert [part for part in parts if part in said] == list(parts)
    assert sorted(parts, key=said.index) == list(parts)


def test_the_daily_mail_names_each_contract_and_leads_to_each_thing(ben, wants, tell, work):
    wants(ben, money="daily")
    fact = {"subject": "Mara was paid (Pump housing)", "text": "Mara was paid. “Thanks”"}
    told = tell(ben, kind=Kind.MONEY, **fact)
    work(days=1)

    [letter] = mail.outbox
    url = f"http://localhost:8000/notifications/{told.pk}/"
    assert f"Mara was paid (Pump housing)\n{url}\n" in letter.body
    [(page, _type)] = letter.alternatives
    assert re.findall(r'href="([^"]+)"[^>]*>Mara was paid \(Pump housing\)</a>', page) == [url]


@pytest.mark.parametrize(
    ("answers", "others", "subject"),
    [
        (0, 1, "1 update"),
        (0, 2, "2 updates"),
        (1, 0, "1 thing waits for your answer"),
        (2, 0, "2 things wait for your answer"),
        (2, 1, "2 things wait for your answer, 3 updates"),
    ],
)
def test_the_daily_subject_carries_the_fact(ben, wants, tell, work, answers, others, subject):
    wants(ben, money="daily", answer="daily")
    for kind, number in ((Kind.ANSWER, answers), (Kind.MONEY, others)):
        for _ in range(number):
            tell(ben, kind=kind)
    work(days=1)

    assert mail.outbox[0].subject == subject


def test_the_link_marks_it_read_and_leads_on(ben, letter, as_):
    [link] = re.findall(r'class="button" href="http://localhost:8000([^"]+)"', html(letter(ben)))

    assert as_(ben).get(link).url == "/contracts/2/"
    assert ben.notifications.unread().count() == 0


def test_the_link_of_messages_marks_the_conversation_read(ben, tell, letter, as_):
    for url in (CHAT, "/contracts/3/messages/"):
        tell(ben, kind=Kind.MESSAGE, url=url, text=f"Before, {url}")
    newest = tell(ben, kind=Kind.MESSAGE, url=CHAT)

    assert as_(ben).get(reverse("notifications:open", args=[newest.pk])).url == CHAT
    assert [told.text for told in ben.notifications.unread()] == ["Before, /contracts/3/messages/"]


# --- Whatever was typed -----------------------------------------------------------------------------------------------
def test_a_name_of_two_lines_stands_in_one(ben, letter):
    ben.display_name = "Ben\r\nBcc: eve@example.com"
    ben.save()

    assert letter(ben)["To"] == '"Ben Bcc: eve@example.com" <ben@example.com>'


def test_an_address_of_another_script_is_written_as_servers_know_it(ben, letter):
    ben.email = "ben@exämple.com"
    ben.save()

    assert letter(ben)["To"].addresses[0].addr_spec == "ben@xn--exmple-cua.com"


def test_a_subject_of_accents_fits_and_is_sent_once(ben, tell, work):
    for _number in range(2):
        tell(ben, kind=Kind.MESSAGE, url=CHAT, subject="a" + "\u0301" * 199)

    work(days=1)

    [told] = Email.objects.all()
    assert (told.state, len(told.subject), len(mail.outbox)) == (Email.State.SENT, 200, 1)


# --- As any mail server and program takes it --------------------------------------------------------------------------
HOSTILE = "Žofia Łuczak-Ωmega " * 3 + "🛠"


def test_whatever_was_typed_fits_into_the_lines_of_a_mail(ben, tell, work):
    ben.display_name = HOSTILE
    ben.save()
    words = "Größe " * 60
    tell(ben, kind=Kind.MESSAGE, url=CHAT, text=words, subject=f"{HOSTILE}: Größe", turn="Ä" * 200)
    work(days=1)

    wire = mail.outbox[0].message().as_bytes(linesep="\r\n")
    head, _gap, _body = wire.partition(b"\r\n\r\n")
    assert head.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    assert max(map(len, re.findall(rb"=\?utf-8\?[^ \r\n]*", head))) <= 76  # as Python folds; RFC 2047 says 75
    told = BytesParser(policy=default).parsebytes(wire)
    assert [part.defects for part in told.walk()] == [[], [], []]
    assert str(make_header(decode_header(message_from_bytes(wire)["To"]))) == f"{HOSTILE} <ben@example.com>"
    assert told["Subject"].strip() == f"{HOSTILE}: Größe"
    assert words.strip() in text(told)


@pytest.mark.parametrize("header", ["References", "In-Reply-To"])
def test_mails_of_one_contract_are_one_thread(ben, letter, header):
    contracts = ("contract-2", "contract-2", "contract-3", "")

    roots = [letter(ben, kind=Kind.MONEY, about=about)[header] for about in contracts]
    assert roots == ["<contract-2@localhost>", "<contract-2@localhost>", "<contract-3@localhost>", None]


def test_the_daily_mail_is_of_no_thread(ben, letter, wants):
    wants(ben, money="daily")

    assert letter(ben, kind=Kind.MONEY, about="contract-2")["References"] is None
