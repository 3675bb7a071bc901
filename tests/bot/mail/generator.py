"""Makes replies as mail clients make them, together with the truth about them: which words are the sender's own.

`mails(seed, count)` yields `Made` values over clients x languages x posting styles x body forms. Only invented institutions on
.example domains occur. The truth is independent of the code under test: it is what was put in.
"""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

DESK = "Network Desk"
ADDRESS = "reply+{token}@rrm.example"


@dataclass(frozen=True)
class Tongue:
    """One language: `on` is "On DATE, WHO wrote:", then Outlook's four labels, words of the body and footers."""

    code: str
    on: str
    labels: tuple[str, str, str, str]
    original: str
    date: str
    long_date: str
    own: tuple[str, ...]
    quoted: tuple[str, ...]
    greeting: str
    farewell: str
    device: str
    below: str


TONGUES = (
    Tongue("en", "On {date}, {who} wrote:", ("From", "Sent", "To", "Subject"), "Original Message", "Mon, 5 May 2025 at 10:04", "Monday, 5 May 2025 10:04",
           ("We run two dual programmes with local firms.", "The city pays half of the wages in the first year.", "Please contact our office for the forms.",
            "In 2023 we had 140 places: 90 in crafts and 50 in care.", "Yes, the rules allow that.", "No, that was never tried here."),
           ("a municipality asks how other places fund their apprenticeships.", "Which subsidies exist for small firms?", "Who trains the trainers in the companies?", "Kind regards from the network"),
           "Hello,", "Best regards", "Sent from my iPhone", "Please see my answers below in red."),
    Tongue("de", "Am {date} schrieb {who}:", ("Von", "Gesendet", "An", "Betreff"), "Ursprüngliche Nachricht", "05.05.2025 um 10:04", "Montag, 5. Mai 2025 10:04",
           ("Wir betreiben zwei duale Programme mit örtlichen Betrieben.", "Die Stadt zahlt im ersten Jahr die Hälfte der Löhne.", "Die Formulare gibt es in unserem Büro.",
            "2023 hatten wir 140 Plätze: 90 im Handwerk und 50 in der Pflege.", "Ja, das erlauben die Regeln.", "Nein, das wurde hier nie versucht."),
           ("eine Gemeinde fragt, wie andere Orte ihre Lehrstellen finanzieren.", "Welche Zuschüsse gibt es für kleine Betriebe?", "Wer schult die Ausbilder in den Firmen?", "Grüße vom Netzwerk"),
           "Guten Tag,", "Mit freundlichen Grüßen", "Von meinem iPhone gesendet", "Meine Antworten stehen unten in Rot."),
    Tongue("it", "Il giorno {date} {who} ha scritto:", ("Da", "Inviato", "A", "Oggetto"), "Messaggio originale", "lun 5 mag 2025 alle ore 10:04", "lunedì 5 maggio 2025 10:04",
           ("Gestiamo due programmi duali con le imprese locali.", "Il comune paga metà dei salari nel primo anno.", "I moduli si trovano presso il nostro ufficio.",
            "Nel 2023 avevamo 140 posti: 90 nei mestieri e 50 nella cura.", "Sì, le regole lo permettono.", "No, qui non è mai stato provato."),
           ("un comune chiede come altri luoghi finanziano il loro apprendistato.", "Quali sussidi esistono per le piccole imprese?", "Chi forma i formatori nelle aziende?", "Saluti dalla rete"),
           "Buongiorno,", "Cordiali saluti", "Inviato da iPhone", "Le mie risposte sono qui sotto in rosso."),
    Tongue("fr", "Le {date}, {who} a écrit :", ("De", "Envoyé", "À", "Objet"), "Message d'origine", "lun. 5 mai 2025 à 10:04", "lundi 5 mai 2025 10:04",
           ("Nous menons deux programmes en alternance avec les entreprises locales.", "La ville paie la moitié des salaires la première année.", "Les formulaires sont dans notre bureau.",
            "En 2023 nous avions 140 places : 90 dans l'artisanat et 50 dans le soin.", "Oui, les règles le permettent.", "Non, cela n'a jamais été essayé ici."),
           ("une commune demande comment d'autres lieux financent leur apprentissage.", "Quelles aides existent pour les petites entreprises ?", "Qui forme les formateurs dans les entreprises ?", "Salutations du réseau"),
           "Bonjour,", "Cordialement", "Envoyé de mon iPhone", "Mes réponses sont ci-dessous en rouge."),
    Tongue("es", "El {date}, {who} escribió:", ("De", "Enviado el", "Para", "Asunto"), "Mensaje original", "lun, 5 may 2025 a las 10:04", "lunes, 5 de mayo de 2025 10:04",
           ("Llevamos dos programas duales con empresas locales.", "El ayuntamiento paga la mitad de los salarios el primer año.", "Los formularios están en nuestra oficina.",
            "En 2023 teníamos 140 plazas: 90 en oficios y 50 en cuidados.", "Sí, las normas lo permiten.", "No, aquí nunca se ha probado."),
           ("un municipio pregunta cómo otros lugares financian su aprendizaje.", "¿Qué ayudas existen para las pequeñas empresas?", "¿Quién forma a los formadores en las empresas?", "Saludos de la red"),
           "Buenos días,", "Un cordial saludo", "Enviado desde mi iPhone", "Mis respuestas están abajo en rojo."),
    Tongue("el", "Στις {date}, ο χρήστης {who} έγραψε:", ("Από", "Στάλθηκε", "Προς", "Θέμα"), "Αρχικό μήνυμα", "Δευ 5 Μαΐ 2025 στις 10:04 π.μ.", "Δευτέρα, 5 Μαΐου 2025 10:04 πμ",
           ("Έχουμε δύο διττά προγράμματα με τοπικές επιχειρήσεις.", "Ο δήμος πληρώνει τους μισούς μισθούς τον πρώτο χρόνο.", "Τα έντυπα υπάρχουν στο γραφείο μας.",
            "Το 2023 είχαμε 140 θέσεις: 90 στις τέχνες και 50 στη φροντίδα.", "Ναι, οι κανόνες το επιτρέπουν.", "Όχι, αυτό δεν δοκιμάστηκε ποτέ εδώ."),
           ("ένας δήμος ρωτά πώς άλλοι τόποι χρηματοδοτούν τη μαθητεία τους.", "Ποιες επιδοτήσεις υπάρχουν για μικρές επιχειρήσεις;", "Ποιος εκπαιδεύει τους εκπαιδευτές στις εταιρείες;", "Χαιρετισμοί από το δίκτυο"),
           "Καλημέρα σας,", "Με εκτίμηση", "Στάλθηκε από το iPhone μου", "Οι απαντήσεις μου είναι παρακάτω με κόκκινο."),
    Tongue("ro", "În {date}, {who} a scris:", ("De la", "Trimis", "Către", "Subiect"), "Mesaj original", "lun., 5 mai 2025 la 10:04", "luni, 5 mai 2025 10:04",
           ("Avem două programe duale cu firme locale.", "Orașul plătește jumătate din salarii în primul an.", "Formularele se găsesc la biroul nostru.",
            "În 2023 aveam 140 de locuri: 90 în meserii și 50 în îngrijire.", "Da, regulile permit asta.", "Nu, aici nu s-a încercat niciodată."),
           ("o comună întreabă cum își finanțează alte locuri ucenicia.", "Ce subvenții există pentru firmele mici?", "Cine formează formatorii din companii?", "Salutări de la rețea"),
           "Bună ziua,", "Cu stimă", "Trimis de pe iPhone-ul meu", "Răspunsurile mele sunt mai jos, cu roșu."),
    Tongue("hr", "{date} {who} je napisao/la:", ("Šalje", "Poslano", "Prima", "Predmet"), "Izvorna poruka", "pon, 5. svi 2025. u 10:04", "5. svibnja 2025. 10:04",
           ("Vodimo dva dualna programa s lokalnim tvrtkama.", "Grad plaća pola plaće u prvoj godini.", "Obrasci su dostupni kod nas.",
            "U 2023. imali smo 140 mjesta: 90 u obrtu i 50 u skrbi.", "Da, pravila to dopuštaju.", "Ne, to ovdje nikad nije isprobano."),
           ("jedna općina pita kako druga mjesta financiraju naukovanje.", "Koje potpore postoje za male tvrtke?", "Tko obučava mentore u tvrtkama?", "Pozdrav iz mreže"),
           "Poštovani,", "Srdačan pozdrav", "Poslano s mog iPhonea", "Moji odgovori su ispod, crveno."),
    Tongue("tr", "{who}, {date} tarihinde şunu yazdı:", ("Kimden", "Gönderildi", "Kime", "Konu"), "Orijinal ileti", "5 May 2025 Pzt, 10:04", "5 Mayıs 2025 Pazartesi 10:04",
           ("Yerel firmalarla iki ikili program yürütüyoruz.", "Belediye ilk yıl ücretlerin yarısını ödüyor.", "Formlar büromuzda bulunur.",
            "2023 yılında 140 yerimiz vardı: 90 zanaat ve 50 bakım.", "Evet, kurallar buna izin veriyor.", "Hayır, bu burada hiç denenmedi."),
           ("bir belediye başka yerlerin çıraklığı nasıl finanse ettiğini soruyor.", "Küçük firmalar için hangi destekler var?", "Şirketlerdeki eğitmenleri kim eğitiyor?", "Ağdan selamlar"),
           "Merhaba,", "Saygılarımla", "iPhone'umdan gönderildi", "Cevaplarım aşağıda kırmızı ile."),
    Tongue("pt", "{who} escreveu ({date}):", ("De", "Enviada em", "Para", "Assunto"), "Mensagem original", "segunda, 5/05/2025 à(s) 10:04", "5 de maio de 2025 10:04",
           ("Temos dois programas duais com empresas locais.", "A câmara paga metade dos salários no primeiro ano.", "Os formulários estão no nosso gabinete.",
            "Em 2023 tínhamos 140 vagas: 90 em ofícios e 50 em cuidados.", "Sim, as regras permitem isso.", "Não, isso nunca foi tentado aqui."),
           ("um município pergunta como outros lugares financiam a aprendizagem.", "Que apoios existem para pequenas empresas?", "Quem forma os formadores nas empresas?", "Saudações da rede"),
           "Bom dia,", "Com os melhores cumprimentos", "Enviado do meu iPhone", "As minhas respostas estão abaixo (below) a vermelho."),
    Tongue("sv", "Den {date} skrev {who}:", ("Från", "Skickat", "Till", "Ämne"), "Ursprungligt meddelande", "mån 5 maj 2025 kl 10:04", "den 5 maj 2025 10:04",
           ("Vi driver två lärlingsprogram med lokala företag.", "Staden betalar halva lönen det första året.", "Blanketterna finns på vårt kontor.",
            "Under 2023 hade vi 140 platser: 90 i hantverk och 50 i vård.", "Ja, reglerna tillåter det.", "Nej, det har aldrig prövats här."),
           ("en kommun frågar hur andra orter betalar sina lärlingar.", "Vilka bidrag finns för små företag?", "Vem utbildar handledarna i företagen?", "Hälsningar från nätverket"),
           "Hej,", "Med vänlig hälsning", "Skickat från min iPhone", "Mina svar står nedan i rött."),
    Tongue("pl", "{date} {who} napisał(a):", ("Od", "Wysłano", "Do", "Temat"), "Oryginalna wiadomość", "pon., 5 maj 2025 o 10:04", "poniedziałek, 5 maja 2025 10:04",
           ("Prowadzimy dwa programy dualne z lokalnymi firmami.", "Miasto płaci połowę pensji w pierwszym roku.", "Formularze są w naszym biurze.",
            "W 2023 mieliśmy 140 miejsc: 90 w rzemiośle i 50 w opiece.", "Tak, przepisy na to pozwalają.", "Nie, tego tu nigdy nie próbowano."),
           ("pewna gmina pyta, jak inne miejsca finansują naukę zawodu.", "Jakie dotacje istnieją dla małych firm?", "Kto szkoli instruktorów w firmach?", "Pozdrowienia z sieci"),
           "Dzień dobry,", "Z poważaniem", "Wysłano z iPhone'a", "Moje odpowiedzi są poniżej na czerwono."),
    # Languages whose words the code under test does not list: the shape has to do
    Tongue("ka", "{date}, {who}-მ დაწერა:", ("ვისგან", "გაგზავნილია", "ვის", "თემა"), "საწყისი შეტყობინება", "ორშ, 5 მაი. 2025, 10:04", "ორშაბათი, 5 მაისი, 2025 10:04",
           ("ჩვენ გვაქვს ორი პროგრამა ადგილობრივ ფირმებთან.", "ქალაქი იხდის ხელფასის ნახევარს.", "ფორმები ჩვენს ოფისშია.", "2023 წელს გვქონდა 140 ადგილი: 90 და 50.", "დიახ, წესები ამას უშვებს.", "არა, ეს არასოდეს გვიცდია."),
           ("ერთი მუნიციპალიტეტი კითხულობს როგორ აფინანსებენ სხვები.", "რა დახმარებები არსებობს მცირე ფირმებისთვის?", "ვინ ასწავლის მწვრთნელებს?", "მოკითხვა ქსელიდან"),
           "გამარჯობა,", "პატივისცემით", "", ""),
    Tongue("mt", "Nhar {date}, {who} kiteb hekk:", ("Mingħand", "Mibgħut", "Lil", "Suġġett"), "Messaġġ inizjali", "it-Tnejn, 5 ta' Mejju 2025 fl-10:04", "it-Tnejn, 5 ta' Mejju 2025 10:04",
           ("Għandna żewġ programmi ma' ditti lokali.", "Il-belt tħallas nofs il-pagi fl-ewwel sena.", "Il-formoli jinsabu fl-uffiċċju tagħna.", "Fl-2023 kellna 140 post: 90 fis-snajja' u 50 fil-kura.", "Iva, ir-regoli jippermettu dan.", "Le, dan qatt ma sar hawn."),
           ("kunsill lokali jistaqsi kif postijiet oħra jiffinanzjaw it-taħriġ.", "Liema għajnuniet hemm għal ditti żgħar?", "Min iħarreġ lill-għalliema fid-ditti?", "Tislijiet min-netwerk"),
           "Għażiż,", "Dejjem tiegħek", "", ""),
)  # fmt: skip

# Own last lines that a careless reader takes for a part of the header below them, or for a footer
TRICKY = (
    "The forms are here <https://city.example/forms>.",
    "Write to Maria <desk@city.example>",
    "The fair is on 12.06.2025 at 10:30",
    "We meet on 12 June 2025, 10:30 in the town hall.",
    "Call +00 123 456 or write to desk@city.example",
    "Three points:",
    "See you on Monday at 9:15,",
    "Cost: 12.000 in 2023",
    "- 2024: 150 places",
    "(140 places in 2023)",
    "https://city.example/2025/05/05",
    "In 2024 the mayor wrote a letter about it",
    "Desk of City, 5 May",
    "all the best from our iPhone generation",
)

STYLES = ("top", "bottom", "inline")
FORMS = ("text", "html", "both")


@dataclass(frozen=True)
class Client:
    """How one mail program quotes. `quoted`: with `>` in plain text, else below a header only."""

    name: str
    header: str  # "on", "on-wrapped", "block", "block-rule", "original", "zoho", "short"
    quoted: bool
    html: str
    device: bool = False
    headers: str = ""


CLIENTS = (
    Client("gmail", "on-wrapped", True, "gmail"),
    Client("gmail-mobile", "on", True, "gmail", True),
    Client("apple-mail", "on", True, "apple", headers="X-Mailer: Apple Mail (2.3774.600.62)\n"),
    Client("iphone", "on", True, "apple", True, headers="X-Mailer: iPhone Mail (22E240)\n"),
    Client("thunderbird", "on", True, "thunderbird", headers="User-Agent: Mozilla Thunderbird\n"),
    Client("outlook", "block", False, "outlook", headers="X-Mailer: Microsoft Outlook 16.0\n"),
    Client("outlook-web", "block-rule", False, "owa"),
    Client("outlook-mobile", "block-rule", False, "owa", True),
    Client("outlook-old", "original", False, "outlook"),
    Client("roundcube", "short", True, "roundcube", headers="User-Agent: Roundcube Webmail/1.6.6\n"),
    Client("zimbra", "original", False, "zimbra", headers="X-Mailer: Zimbra 9.0.0_GA_4583\n"),
    Client("yahoo", "on", False, "yahoo", headers="X-Mailer: WebService/1.1.23772 YMailNorrin\n"),
    Client("k9", "on", True, "plainquote", True),
    Client("proton", "on", True, "proton"),
    Client("gmx", "block", False, "gmx"),
    Client("zoho", "zoho", False, "zoho"),
    Client("fastmail", "on", True, "apple"),
)


@dataclass(frozen=True)
class Made:
    """A mail and the truth: `own` sentences must stay, `quoted` ones must go (`may_stay`: those next to inline answers)."""

    raw: bytes
    own: tuple[str, ...]
    quoted: tuple[str, ...]
    may_stay: frozenset[str]
    label: str
    undecidable: bool = False
    facts: dict = field(default_factory=dict)


def mails(seed: int, count: int) -> Iterator[Made]:
    """`count` mails, going through all combinations before any comes twice."""
    rng = random.Random(seed)
    combinations = [(c, t, s, f) for c in CLIENTS for t in TONGUES for s in STYLES for f in FORMS]
    rng.shuffle(combinations)
    for number in range(count):
        client, tongue, style, form = combinations[number % len(combinations)]
        yield make(rng, client, tongue, style, form)


def make(rng: random.Random, client: Client, tongue: Tongue, style: str, form: str) -> Made:
    own = rng.sample(tongue.own, rng.choice((1, 2, 3)) if style != "inline" else 2)
    if style != "inline" and rng.random() < 0.4:
        own.append(rng.choice(TRICKY))
    token = "".join(rng.choices("0123456789abcdefghjkmnpqrstvwxyz", k=28))
    marker = f"-- {tongue.quoted[-1]} -- ref:{token}" if rng.random() < 0.6 else ""
    letter = [*tongue.quoted, *([marker] if marker else [])]
    who = (DESK, ADDRESS.format(token=token))
    extras = {
        "greeting": tongue.greeting if rng.random() < 0.5 else "",
        "farewell": tongue.farewell if rng.random() < 0.5 else "",
        "signature": rng.random() < 0.3 and style != "inline",
        "device": client.device and bool(tongue.device) and rng.random() < 0.7,
        "below": style == "inline" and not client.quoted,
    }
    wanted = [*own, *([extras["greeting"]] if extras["greeting"] and style != "bottom" else []), *([extras["farewell"]] if extras["farewell"] else [])]
    shape = Shape(client, tongue, style, own, letter, who, extras, marker)
    html_quotes = client.html not in ("outlook", "owa", "gmx", "zoho", "zimbra", "yahoo")
    unquoted = not client.quoted if form == "text" else not html_quotes if form == "html" else not client.quoted
    undecidable = unquoted and ((style == "bottom" and not marker) or (style == "inline" and not tongue.below))
    may_stay = frozenset(tongue.quoted[:2]) if style == "inline" else frozenset()
    raw = _mail(shape, form, rng)
    label = f"{client.name}/{tongue.code}/{style}/{form}"
    return Made(raw, tuple(wanted), tuple(tongue.quoted), may_stay, label, undecidable)


@dataclass(frozen=True)
class Shape:
    client: Client
    tongue: Tongue
    style: str
    own: list
    letter: list
    who: tuple
    extras: dict
    marker: str


# ------------------------------------------------------------------------------------------- plain text


def header_lines(shape: Shape) -> list[str]:
    tongue, (name, address) = shape.tongue, shape.who
    who = f"{name} <{address}>"
    kind = shape.client.header
    if kind == "on":
        return [tongue.on.format(date=tongue.date, who=who)]
    if kind == "on-wrapped":
        return _wrapped(tongue.on.format(date=tongue.date, who=who))
    if kind == "short":
        return [tongue.on.format(date="2025-05-05 10:04", who=name)]
    if kind == "zoho":
        return [f"---- {tongue.on.format(date='Mon, 05 May 2025 10:04:17 +0200', who=who).rstrip(' :')} ----"]
    source, sent, to, subject = tongue.labels
    block = [f"{source}: {who}", f"{sent}: {tongue.long_date}", f"{to}: expert@city.example", f"{subject}: {SUBJECTS[tongue.code]}"]
    above = {"block": [], "block-rule": ["________________________________"], "original": [f"-----{tongue.original}-----"]}[kind]
    return [*above, *block]


SUBJECTS = dict.fromkeys((tongue.code for tongue in TONGUES), "Q-2025-0042: apprenticeships")


def _wrapped(line: str) -> list[str]:
    """Gmail breaks long headers at 78 columns, and likes to break inside the address bracket."""
    if "<" in line and len(line) > 78:
        at = line.index("<") + 1
        return [line[:at], line[at:]]
    return [line]


def plain(shape: Shape) -> str:
    extras, own = shape.extras, shape.own
    quote = [f"> {line}" for line in _spaced(shape.letter)] if shape.client.quoted else _spaced(shape.letter)
    header = header_lines(shape)
    tail = _tail(shape)
    if shape.style == "top":
        return "\n".join([*_opening(extras), *_spaced(own), *tail, "", *header, "" if shape.client.header != "short" else None, *quote][0:]) if False else _lines(
            [*_opening(extras), *_spaced(own), *tail, "", *header, *([""] if shape.client.header != "short" else []), *quote]
        )
    if shape.style == "bottom":
        return _lines([*header, "", *quote, "", *_spaced(own), *tail])
    return _lines(_inline(shape, header, quote, tail))


def _inline(shape: Shape, header: list[str], quote: list[str], tail: list[str]) -> list[str]:
    first, second = shape.own
    mark = "> " if shape.client.quoted else ""
    body = [f"{mark}{shape.letter[0]}", "", first, "", f"{mark}{shape.letter[1]}", "", second, ""]
    rest = [f"{mark}{line}" for line in shape.letter[2:]]
    opening = _opening(shape.extras) + ([shape.tongue.below, ""] if shape.extras["below"] and shape.tongue.below else [])
    farewell = [shape.extras["farewell"]] if shape.extras["farewell"] else []
    if not shape.client.quoted:
        return [*opening, *header, "", *body, *farewell, *rest]
    return [*opening, *header, *body, *farewell, "", *rest]


def _opening(extras: dict) -> list[str]:
    return [extras["greeting"], ""] if extras["greeting"] else []


def _tail(shape: Shape) -> list[str]:
    lines = ["", shape.extras["farewell"]] if shape.extras["farewell"] else []
    if shape.extras["signature"]:
        lines += ["-- ", "Apprenticeship desk", "City of Example, +00 123 456"]
    if shape.extras["device"]:
        lines += ["", shape.tongue.device]
    return lines


def _spaced(lines: list[str]) -> list[str]:
    spaced = []
    for line in lines:
        spaced += [line, ""]
    return spaced[:-1]


def _lines(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------------------- HTML


def html(shape: Shape) -> str:
    own_top = [shape.extras["greeting"]] * bool(shape.extras["greeting"])
    end = [shape.extras["farewell"]] * bool(shape.extras["farewell"])
    tail = _html_tail(shape)
    if shape.style == "top":
        return _page(shape, _paragraphs(shape, [*own_top, *shape.own, *end]) + tail, _quote(shape, shape.letter), "")
    if shape.style == "bottom":
        return _page(shape, "", _quote(shape, shape.letter), _paragraphs(shape, [*shape.own, *end]) + tail)
    opening = own_top + ([shape.tongue.below] if shape.extras["below"] and shape.tongue.below else [])
    return _page(shape, _paragraphs(shape, opening), _inline_html(shape, end), "")


def _paragraphs(shape: Shape, texts: list[str]) -> str:
    kind = shape.client.html
    if kind in ("gmail", "apple", "yahoo", "proton", "roundcube", "zimbra"):
        return "".join(f"<div>{escape(text)}</div><div><br></div>" for text in texts)
    if kind == "outlook":
        return "".join(f'<p class="MsoNormal">{escape(text)}<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>' for text in texts)
    if kind == "owa":
        return "".join(f'<div class="elementToProof" style="font-family: Aptos, sans-serif; font-size: 12pt;">{escape(text)}</div>' for text in texts)
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def _html_tail(shape: Shape) -> str:
    tail = ""
    if shape.extras["signature"]:
        sign = "<div>Apprenticeship desk</div><div>City of Example, +00 123 456</div>"
        tail += {"gmail": f'<div>-- </div><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">{sign}</div>', "owa": f'<div id="Signature">{sign}</div>'}.get(
            shape.client.html, f'<div class="moz-signature">-- <br>{sign}</div>'
        )
    if shape.extras["device"]:
        tail += f"<div>{escape(shape.tongue.device)}</div>"
    return tail


def _header_html(shape: Shape) -> str:
    if shape.client.header in ("block", "block-rule", "original"):
        lines = [line for line in header_lines(shape) if not line.startswith(("-----", "____"))]
        return "<br>".join(f"<b>{escape(line.split(':')[0])}:</b>{escape(line.split(':', 1)[1])}" for line in lines)
    return escape(" ".join(header_lines(shape)).replace("< ", "<"))


def _quote(shape: Shape, letter: list[str]) -> str:
    body = "".join(f"<p>{escape(line)}</p>" for line in letter)
    return _wrapping(shape, _header_html(shape)).replace("%%", body)


def _inline_html(shape: Shape, end: list[str]) -> str:
    first, second = shape.own
    letter = [f"<p>{escape(line)}</p>" for line in shape.letter]
    outer = _wrapping(shape, _header_html(shape))
    open_tag, close_tag = _quote_tags(shape)
    breaks = (lambda text: f"{close_tag}<div>{escape(text)}</div><div><br></div>{open_tag}") if open_tag else (lambda text: f'<p style="color:red">{escape(text)}</p>')
    farewell = "".join(breaks(text) for text in end)
    return outer.replace("%%", letter[0] + breaks(first) + letter[1] + breaks(second) + farewell + "".join(letter[2:]))


def _quote_tags(shape: Shape) -> tuple[str, str]:
    return {
        "gmail": ('<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">', "</blockquote>"),
        "apple": ('<blockquote type="cite">', "</blockquote>"),
        "thunderbird": ('<blockquote type="cite" cite="mid:a@rrm.example">', "</blockquote>"),
        "roundcube": ('<blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0">', "</blockquote>"),
        "proton": ('<blockquote class="protonmail_quote" type="cite">', "</blockquote>"),
        "plainquote": ('<blockquote style="margin: 0pt 0pt 0pt 0.8ex; border-left: 1px solid rgb(204, 204, 204); padding-left: 1ex;">', "</blockquote>"),
    }.get(shape.client.html, ("", ""))


def _wrapping(shape: Shape, header: str) -> str:
    """The client's own container around header and letter; %% is where the letter goes."""
    opening, closing = _quote_tags(shape)
    rule = "_" * 32
    del rule
    return {
        "gmail": f'<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{header}<br></div>{opening}%%{closing}</div>',
        "apple": f'<div><br>{opening}<div>{header}</div><br class="Apple-interchange-newline">%%{closing}</div>' if False else f"<div><div>{header}</div>{opening}%%{closing}</div>",
        "thunderbird": f'<div class="moz-cite-prefix">{header}<br></div>{opening}%%{closing}',
        "roundcube": f'<p id="reply-intro">{header}</p>{opening}%%{closing}',
        "proton": f'<div class="protonmail_quote">{header}<br>{opening}%%{closing}</div>',
        "plainquote": f"<div>{header}</div>{opening}%%{closing}",
        "outlook": f'<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{header}</p></div></div>%%',
        "owa": f'<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{header}</font><div>&nbsp;</div></div><div class="BodyFragment">%%</div>',
        "zimbra": f'<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{header}</div><div>%%</div>',
        "yahoo": f'<div id="ydp1yahoo_quoted" class="yahoo_quoted"><div><div>{header}</div>%%</div></div>',
        "gmx": f'<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;"><div style="margin:0 0 10px 0;">{header}</div><div>%%</div></div>',
        "zoho": f'<div class="zmail_extra"><div>{header}</div><blockquote style="border-left: 1px solid rgb(204, 204, 204); padding-left: 6px;"><div>%%</div></blockquote></div>',
    }[shape.client.html]


def _page(shape: Shape, above: str, quote: str, below: str) -> str:
    style = "<style>p.MsoNormal{margin:0cm}</style>" if shape.client.html == "outlook" else ""
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">{style}</head><body dir="ltr">{above}{quote}{below}</body></html>'


# ------------------------------------------------------------------------------------------- the mail around it


def _mail(shape: Shape, form: str, rng: random.Random) -> bytes:
    coding = rng.choice(("8bit", "quoted-printable", "base64"))
    head = (
        f"From: Apprenticeship desk <expert@city.example>\nTo: {shape.who[0]} <{shape.who[1]}>\nSubject: Re: {SUBJECTS[shape.tongue.code]}\n"
        f"Date: Tue, 06 May 2025 09:00:00 +0200\nMessage-ID: <{rng.getrandbits(64):x}@city.example>\nIn-Reply-To: <letter@rrm.example>\n"
        f"References: <letter@rrm.example>\nMIME-Version: 1.0\n{shape.client.headers}"
    )
    text, page = plain(shape), html(shape)
    if form == "text":
        return _joined(head, _part("text/plain", text, coding))
    if form == "html":
        return _joined(head, _part("text/html", page, coding))
    boundary = f"b{rng.getrandbits(64):x}"
    parts = b"".join(b"--" + boundary.encode() + b"\n" + _part(kind, body, coding) + b"\n" for kind, body in (("text/plain", text), ("text/html", page)))
    return (head + f'Content-Type: multipart/alternative; boundary="{boundary}"\n\n').encode() + parts + f"--{boundary}--\n".encode()


def _joined(head: str, part: bytes) -> bytes:
    return head.encode() + part


def _part(kind: str, text: str, coding: str) -> bytes:
    data = text.encode()
    coded = {"8bit": lambda: data, "quoted-printable": lambda: quopri.encodestring(data), "base64": lambda: base64.encodebytes(data)}[coding]()
    return f"Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: {coding}\n\n".encode() + coded
