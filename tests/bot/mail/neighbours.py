"""Mails of neighbours: clients, notices, robots and mail systems in languages beyond the eight, and people who talk of such things.

`CASES` holds one dictionary a mail; None means not asked. `exact` is the whole reply without a mark for review, `gone` may stay
only where a person is asked to look. The addresses of the correspondence are not ours: nothing but the mail itself may help.
"""

import base64
from email.header import Header

CASES = []


def m(name, body=None, **asked):
    """One mail by its text, or by its bytes (`raw`)."""
    plain = dict(frm="Anna Example <anna@city.example>", subject="Re: Pytanie", html=None, headers={}, raw=None, reply=True)
    wanted = dict(kind=None, keep=(), gone=(), exact=None, review=None, rcpt=None, hard=None, status=None, held=None)
    CASES.append({"name": name, "body": body} | plain | wanted | asked)


def bytes_of(case):
    if case["raw"] is not None:
        return case["raw"].encode()
    subject = case["subject"] if case["subject"].isascii() else Header(case["subject"], "utf-8").encode()
    head = [f"From: {case['frm']}", "To: desk@network.example", f"Subject: {subject}", "Date: Tue, 17 Jun 2025 09:12:00 +0200"]
    head += ["Message-ID: <x1@city.example>", "MIME-Version: 1.0"]
    head += ["In-Reply-To: <l1@network.example>", "References: <l1@network.example>"] if case["reply"] else []
    head += [f"{name}: {value}" for name, value in case["headers"].items()]
    kind, text = ("html", case["html"]) if case["body"] is None else ("plain", case["body"])
    head += [f"Content-Type: text/{kind}; charset=utf-8", "Content-Transfer-Encoding: base64", ""]
    return ("\n".join(head) + "\n" + base64.encodebytes(text.encode()).decode()).encode()


Q = "> Szanowni Państwo,\n> \n> kto opłaca kierowcę busa na żądanie?\n> \n> Pozdrawiamy\n> Sieć"

# ------------------------------------------------------------------ replies

m(
    "pl-outlook",
    "Dzień dobry,\n\nkierowcę opłaca powiat.\n\nPozdrawiam\nAnna\n\nOd: Biuro Sieci <desk@network.example>\nWysłano: poniedziałek, 16 czerwca 2025 14:03\nDo: Anna Example <anna@city.example>\nDW: Jan <jan@city.example>\nTemat: Pytanie\n\nkto opłaca kierowcę busa na żądanie?\nPozdrawiamy\n",
    kind="reply",
    exact="Dzień dobry,\n\nkierowcę opłaca powiat.\n\nPozdrawiam\nAnna",
)
m(
    "pl-gmail",
    "Płaci powiat.\n\npon., 16 cze 2025 o 14:03 Biuro Sieci <desk@network.example>\nnapisał(a):\n\n" + Q,
    kind="reply",
    exact="Płaci powiat.",
)
m(
    "pl-onet",
    "Płaci powiat.\n\nW dniu 2025-06-16 14:03:22 użytkownik Biuro Sieci <desk@network.example> napisał:\n\n" + Q,
    kind="reply",
    exact="Płaci powiat.",
)
m(
    "pl-thunderbird",
    "W dniu 16.06.2025 o 14:03, Biuro Sieci pisze:\n"
    + Q.replace("> kto opłaca kierowcę busa na żądanie?", "> kto opłaca kierowcę busa na żądanie?\nPowiat."),
    kind="reply",
    keep=["Powiat.", "kto opłaca"],
)
m(
    "de-outlook-mobile",
    "Das zahlt der Landkreis.\n\nOutlook für iOS<https://aka.ms/o0ukef> herunterladen\n________________________________\nVon: Netzwerk <desk@network.example>\nGesendet: Monday, June 16, 2025 2:03:11 PM\nAn: Anna <anna@city.example>\nBetreff: Frage\n\nWer zahlt den Fahrer?\n",
    exact="Das zahlt der Landkreis.",
)
m(
    "de-outlook-mobile2",
    "Das zahlt der Landkreis.\n\nHolen Sie sich Outlook für Android<https://aka.ms/AAb9ysg>\n\n________________________________\nVon: Netzwerk <desk@network.example>\nGesendet: Montag, 16. Juni 2025 14:03\nAn: Anna\nCc: Bert\nBetreff: Frage\n\nWer zahlt den Fahrer?\n",
    exact="Das zahlt der Landkreis.",
)
m(
    "nl-outlook-mobile",
    "De provincie betaalt.\n\nOutlook voor iOS downloaden<https://aka.ms/o0ukef>\n________________________________\nVan: Netwerk <desk@network.example>\nVerzonden: maandag 16 juni 2025 14:03\nAan: Anna <anna@city.example>\nOnderwerp: Vraag\n\nWie betaalt de chauffeur?\n",
    exact="De provincie betaalt.",
)
m(
    "nl-apple",
    "De provincie betaalt.\n\nVerstuurd vanaf mijn iPhone\n\n> Op 16 jun 2025 om 14:03 heeft Netwerk <desk@network.example> het volgende geschreven:\n> \n> Wie betaalt de chauffeur?\n",
    exact="De provincie betaalt.",
)
m(
    "sv-outlook",
    "Regionen betalar.\n\nHälsningar\nAnna\n\nFrån: Nätverket <desk@network.example>\nSkickat: den 16 juni 2025 14:03\nTill: Anna\nÄmne: Fråga\n\nVem betalar föraren?\n",
    exact="Regionen betalar.\n\nHälsningar\nAnna",
)
m(
    "sv-hamta",
    "Regionen betalar.\n\nHämta Outlook för iOS<https://aka.ms/o0ukef>\n________________________________\nFrån: Nätverket <desk@network.example>\nSkickat: måndag, juni 16, 2025 2:03:11 em\nTill: Anna <anna@city.example>\nÄmne: Fråga\n\nVem betalar föraren?\n",
    exact="Regionen betalar.",
)
m(
    "fi-gmail",
    "Maakunta maksaa.\n\nma 16. kesäk. 2025 klo 14.03 Verkosto (desk@network.example) kirjoitti:\n\n> Kuka maksaa kuljettajan?\n",
    exact="Maakunta maksaa.",
)
m(
    "fi-outlook",
    "Maakunta maksaa.\n\nLähettäjä: Verkosto <desk@network.example>\nLähetetty: maanantai 16. kesäkuuta 2025 14.03\nVastaanottaja: Anna\nAihe: Kysymys\n\nKuka maksaa kuljettajan?\n",
    exact="Maakunta maksaa.",
)
m(
    "hu-gmail",
    "A megye fizeti.\n\nHálózat <desk@network.example> ezt írta (időpont: 2025. jún. 16., H,\n14:03):\n\n> Ki fizeti a sofőrt?\n",
    exact="A megye fizeti.",
)
m(
    "hu-outlook",
    "A megye fizeti.\n\nFeladó: Hálózat <desk@network.example>\nElküldve: 2025. június 16., hétfő 14:03\nCímzett: Anna\nTárgy: Kérdés\n\nKi fizeti a sofőrt?\n",
    exact="A megye fizeti.",
)
m(
    "bg-gmail",
    "Плаща областта.\n\nНа пн, 16.06.2025 г. в 14:03 Мрежа <desk@network.example> написа:\n\n> Кой плаща на шофьора?\n",
    exact="Плаща областта.",
)
m(
    "bg-outlook",
    "Плаща областта.\n\nОт: Мрежа <desk@network.example>\nИзпратено: понеделник, 16 юни 2025 г. 14:03\nДо: Анна\nОтносно: Въпрос\n\nКой плаща на шофьора?\n",
    exact="Плаща областта.",
)
m(
    "bg-abv",
    "Плаща областта.\n\n >-------- Оригинално писмо --------\n\n >От: Мрежа desk@network.example\n\n >Относно: Въпрос\n\n >До: Anna <anna@city.example>\n\n >Изпратено на: 16.06.2025 14:03\n\n > Кой плаща на шофьора?\n",
    exact="Плаща областта.",
)
m(
    "ja-outlook",
    "県が支払います。\n\n差出人: ネットワーク <desk@network.example>\n送信日時: 2025年6月16日 14:03\n宛先: Anna\n件名: 質問\n\n誰が運転手に支払いますか？\n",
    exact="県が支払います。",
)
m(
    "ja-gmail",
    "県が支払います。\n\n2025年6月16日(月) 14:03 ネットワーク <desk@network.example>:\n\n> 誰が運転手に支払いますか？\n",
    exact="県が支払います。",
)
m(
    "ja-becky",
    "県が支払います。\n\nOn Mon, 16 Jun 2025 14:03:11 +0900\nネットワーク <desk@network.example> wrote:\n\n> 誰が運転手に支払いますか？\n",
    exact="県が支払います。",
)
m(
    "ja-yahoo",
    '県が支払います。\n\n----- Original Message -----\n\nFrom: "ネットワーク" <desk@network.example>\nTo: Anna\nDate: 2025/6/16, Mon 14:03\nSubject: 質問\n\n誰が運転手に支払いますか？\n',
    exact="県が支払います。",
)
m(
    "ja-jinsama",
    "県が支払います。\n\n-----\nネットワーク さんは書きました (2025/06/16 14:03):\n> 誰が運転手に支払いますか？\n",
    keep=["県が支払います。"],
    gone=["誰が運転手"],
)
m(
    "cs-seznam",
    'Platí kraj.\n\n---------- Původní e-mail ----------\nOd: Síť <desk@network.example>\nKomu: Anna\nDatum: 16. 6. 2025 14:03:11\nPředmět: Otázka\n"Kdo platí řidiče?\n"',
    keep=["Platí kraj."],
    gone=["Kdo platí řidiče"],
)
m(
    "sk-azet",
    "Platí kraj.\n\n______________________________________________________________\n> Od: Sieť <desk@network.example>\n> Komu: Anna\n> Dátum: 16.06.2025 14:03\n> Predmet: Otázka\n>\n> Kto platí vodiča?\n",
    exact="Platí kraj.",
)
m(
    "da-outlook",
    "Regionen betaler.\n\nFra: Netværk <desk@network.example>\nSendt: 16. juni 2025 14:03\nTil: Anna\nEmne: Spørgsmål\n\nHvem betaler chaufføren?\n",
    exact="Regionen betaler.",
)
m(
    "no-gmail",
    "Fylket betaler.\n\nman. 16. juni 2025 kl. 14:03 skrev Nettverk <desk@network.example>:\n\n> Hvem betaler sjåføren?\n",
    exact="Fylket betaler.",
)
m(
    "et-outlook",
    "Maakond maksab.\n\nSaatja: Võrk <desk@network.example>\nSaadetud: esmaspäev, 16. juuni 2025 14:03\nAdressaat: Anna\nTeema: Küsimus\n\nKes maksab juhi eest?\n",
    exact="Maakond maksab.",
)
m(
    "lv-outlook",
    "Maksā novads.\n\nNo: Tīkls <desk@network.example>\nNosūtīts: pirmdiena, 2025. gada 16. jūnijs 14:03\nKam: Anna\nTēma: Jautājums\n\nKas maksā šoferim?\n",
    exact="Maksā novads.",
)
m(
    "lt-gmail",
    "Moka rajonas.\n\n2025-06-16, pr, 14:03 Tinklas <desk@network.example> rašė:\n\n> Kas moka vairuotojui?\n",
    exact="Moka rajonas.",
)
m(
    "sl-outlook",
    "Plača občina.\n\nOd: Mreža <desk@network.example>\nPoslano: ponedeljek, 16. junij 2025 14:03\nZa: Anna\nZadeva: Vprašanje\n\nKdo plača voznika?\n",
    exact="Plača občina.",
)
m(
    "uk-ukrnet",
    'Платить область.\n\n16 червня 2025, 14:03:11, від "Мережа" <desk@network.example>:\n\nХто платить водію?\n',
    exact="Платить область.",
)
m(
    "ru-mailru",
    "Платит область.\n\n-- \nАнна\n\n>Понедельник, 16 июня 2025, 14:03 +03:00 от Сеть <desk@network.example>:\n> \n>Кто платит водителю?\n",
    exact="Платит область.",
)
m(
    "pt-br-gmail",
    "O município paga.\n\nEm seg., 16 de jun. de 2025 às 14:03, Rede <desk@network.example>\nescreveu:\n\n> Quem paga o motorista?\n",
    exact="O município paga.",
)
m(
    "ca-gmail",
    "Paga la comarca.\n\nMissatge de Xarxa <desk@network.example> del dia dl., 16 de juny 2025 a les 14:03:\n\n> Qui paga el conductor?\n",
    exact="Paga la comarca.",
)
m(
    "it-pec",
    "Paga la provincia.\n\n\nIl 16/06/2025 14:03, Rete ha scritto:\n> Chi paga l'autista?\n>\n",
    exact="Paga la provincia.",
)
m(
    "el-yahoo",
    "Πληρώνει η περιφέρεια.\n\nΣτις Δευτέρα 16 Ιουνίου 2025 στις 02:03:11 μ.μ. EEST, ο χρήστης Δίκτυο <desk@network.example> έγραψε:\n\nΠοιος πληρώνει τον οδηγό;\n",
    exact="Πληρώνει η περιφέρεια.",
)
m(
    "tr-outlook",
    "İl öder.\n\nSaygılarımla\n\nKimden: Ağ <desk@network.example>\nGönderildi: 16 Haziran 2025 Pazartesi 14:03\nKime: Anna\nBilgi: Bora\nKonu: Soru\n\nŞoförü kim öder?\n",
    exact="İl öder.\n\nSaygılarımla",
)
m(
    "ro-yahoo-mobile",
    "Plătește județul.\n\nTrimis din Yahoo Mail pe Android\n\nOn Mon, 16 Jun 2025 at 14:03, Rețea\n<desk@network.example> wrote:\nCine plătește șoferul?\n",
    exact="Plătește județul.",
)
m(
    "hr-outlook",
    "Plaća županija.\n\nOd: Mreža <desk@network.example>\nPoslano: ponedjeljak, 16. lipnja 2025. 14:03\nPrima: Anna\nPredmet: Pitanje\n\nTko plaća vozača?\n",
    exact="Plaća županija.",
)
m(
    "zh-foxmail",
    '由县支付。\n\n------------------ 原始邮件 ------------------\n发件人: "网络" <desk@network.example>;\n发送时间: 2025年6月16日(星期一) 下午2:03\n收件人: "Anna"<anna@city.example>;\n主题: 问题\n\n谁支付司机？\n',
    exact="由县支付。",
)
m(
    "ko-naver",
    '도에서 지급합니다.\n\n-----Original Message-----\nFrom: "네트워크"<desk@network.example>\nTo: "Anna"<anna@city.example>;\nCc:\nSent: 2025-06-16 (월) 14:03:11 (GMT+09:00)\nSubject: 질문\n\n누가 기사에게 지급합니까?\n',
    exact="도에서 지급합니다.",
)
m(
    "inline-star",
    "On 16/06/2025 14:03, Desk wrote:\n> 1. Who pays the driver?\nThe county.\n> 2. How many seats?\n8 seats\n>\n> 3. Since when?\n2019.\n>\n> Regards\n> Desk\n",
    keep=["The county.", "8 seats", "2019.", "Who pays the driver?", "How many seats?"],
)
m(
    "inline-outlook-prefix",
    "Hi, please find my replies inline.\n\nFrom: Desk <desk@network.example>\nSent: Monday, June 16, 2025 2:03 PM\nTo: Anna\nSubject: Question\n\nWho pays the driver?\n[AE] The county.\nHow many seats?\n[AE] 8.\n",
    keep=["The county.", "8."],
    review=True,
)
m(
    "inline-caps",
    "Siehe meine Anmerkungen in GROSSBUCHSTABEN.\n\nVon: Desk <desk@network.example>\nGesendet: Montag, 16. Juni 2025 14:03\nAn: Anna\nBetreff: Frage\n\nWer zahlt den Fahrer?\nDER LANDKREIS.\n",
    keep=["DER LANDKREIS"],
    review=True,
)
m(
    "inline-html-gmail",
    html='<div dir="ltr">Hello<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Jun 16, 2025 at 2:03 PM Desk &lt;<a href="mailto:desk@network.example">desk@network.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">Who pays the driver?<br></blockquote><div>The county.</div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">How many seats?<br></blockquote><div>Eight.</div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">Kind regards, Desk</blockquote></div></div>',
    keep=["The county.", "Eight.", "Who pays the driver?"],
    gone=["Kind regards, Desk"],
)
m(
    "below-nordic",
    "Se mine svar under.\n\nFra: Nettverk <desk@network.example>\nSendt: mandag 16. juni 2025 14:03\nTil: Anna\nEmne: Spørsmål\n\nHvem betaler sjåføren?\nFylket.\n",
    keep=["Fylket."],
    review=True,
)
m(
    "below-pl",
    "Odpowiedzi w treści, na czerwono.\n\nOd: Sieć <desk@network.example>\nWysłano: poniedziałek, 16 czerwca 2025 14:03\nDo: Anna\nTemat: Pytanie\n\nKto płaci?\nPowiat.\n",
    keep=["Powiat."],
    review=True,
)
m(
    "below-fi",
    "Vastaukset alla tekstin seassa.\n\nLähettäjä: Verkosto <desk@network.example>\nLähetetty: maanantai 16. kesäkuuta 2025 14.03\nVastaanottaja: Anna\nAihe: Kysymys\n\nKuka maksaa?\nMaakunta.\n",
    keep=["Maakunta."],
    review=True,
)
m(
    "below-hu",
    "Válaszaim a szövegben, pirossal.\n\nFeladó: Hálózat <desk@network.example>\nKüldve: 2025. június 16. 14:03\nCímzett: Anna\nTárgy: Kérdés\n\nKi fizeti?\nA megye.\n",
    keep=["A megye."],
    review=True,
)
# own words that look like quotes: own words that look like quotes/ signatures / footers
m(
    "own-von-bis",
    "Öffnungszeiten:\nVon: 8 Uhr\nBis: 16 Uhr\nTelefon: 123\n\nGruß",
    exact="Öffnungszeiten:\nVon: 8 Uhr\nBis: 16 Uhr\nTelefon: 123\n\nGruß",
)
m(
    "own-contact-table",
    "Contact:\nName: Mobility desk\nE-mail: mobility@county.example\nPhone: +00 123\nDate: 12.06.2025\n\nThey pay the driver.",
    keep=["mobility@county.example", "They pay the driver.", "12.06.2025"],
)
m(
    "own-quote-law",
    "The law says:\n\n> Art. 5: the county shall pay.\n\nSo it is the county.\n",
    keep=["Art. 5", "So it is the county"],
)
m(
    "own-cites-mail",
    "Yes. On 12 May 2024 at 10:00 the mayor wrote: the county pays.\nThat is still true.\n\nOn Mon, 16 Jun 2025 at 14:03, Desk <desk@network.example> wrote:\n> Who pays?\n",
    exact="Yes. On 12 May 2024 at 10:00 the mayor wrote: the county pays.\nThat is still true.",
)
m(
    "own-hyphens",
    "Options:\n--\nA: county pays\nB: town pays\n\nWe chose A.\n\nOn Mon, 16 Jun 2025 at 14:03, Desk <desk@network.example> wrote:\n> Who pays?\n",
    keep=["A: county pays", "We chose A."],
)
m(
    "sig-then-quote",
    "The county pays.\n\n-- \nAnna Example\nCity of Example\nTel. +00 123\n\nOn 16.06.25 14:03, Desk wrote:\n> Who pays?\n",
    exact="The county pays.",
)
m(
    "disclaimer-pl",
    "Płaci powiat.\n\nTa wiadomość e-mail oraz wszelkie załączniki są poufne i przeznaczone wyłącznie dla adresata. Jeżeli nie jesteś adresatem, prosimy o usunięcie wiadomości i powiadomienie nadawcy.\n\nOd: Sieć <desk@network.example>\nWysłano: poniedziałek, 16 czerwca 2025 14:03\nDo: Anna\nTemat: Pytanie\n\nKto płaci?\n",
    keep=["Płaci powiat."],
    gone=["Kto płaci?"],
)
m(
    "external-banner",
    "[EXTERNAL] This email originated from outside of the organisation. Do not click links.\n\nThe county pays.\n\nFrom: Desk <desk@network.example>\nSent: Monday, June 16, 2025 2:03 PM\nTo: Anna\nSubject: Question\n\nWho pays?\n",
    keep=["The county pays."],
    gone=["Who pays?"],
)
m(
    "empty-top-outlook",
    "\n\nFrom: Desk <desk@network.example>\nSent: Monday, June 16, 2025 2:03 PM\nTo: Anna\nSubject: Question\n\nWho pays?\n",
    keep=["Who pays?"],
    review=True,
)
m(
    "only-sent-from",
    "Wysłane z iPhone'a\n\n> Wiadomość napisana przez Sieć <desk@network.example> w dniu 16.06.2025, o godz. 14:03:\n> \n> Kto płaci?\n",
    review=True,
)
m(
    "pl-apple",
    "Powiat.\n\nWysłane z iPhone'a\n\n> Wiadomość napisana przez Sieć <desk@network.example> w dniu 16.06.2025, o godz. 14:03:\n> \n> Kto płaci?\n",
    exact="Powiat.",
)
m(
    "sv-apple",
    "Regionen.\n\nSkickat från min iPhone\n\n> 16 juni 2025 kl. 14:03 skrev Nätverket <desk@network.example>:\n> \n> Vem betalar?\n",
    exact="Regionen.",
)
m(
    "hu-apple",
    "A megye.\n\nElküldve az iPhone-omról\n\n> 2025. jún. 16. dátummal, 14:03 időpontban Hálózat <desk@network.example> írta:\n> \n> Ki fizeti?\n",
    exact="A megye.",
)
m(
    "fi-samsung",
    "Maakunta.\n\nLähetetty Samsung Galaxy -älypuhelimesta.\n\n-------- Alkuperäinen viesti --------\nLähettäjä: Verkosto <desk@network.example>\nPäivämäärä: 16.6.2025 14.03 (GMT+02:00)\nSaaja: Anna <anna@city.example>\nAihe: Kysymys\n\nKuka maksaa?\n",
    exact="Maakunta.",
)
m(
    "bg-iphone",
    "Областта.\n\nИзпратено от моя iPhone\n\n> На 16.06.2025 г., в 14:03, Мрежа <desk@network.example> написа:\n> \n> Кой плаща?\n",
    exact="Областта.",
)
m(
    "samsung-en",
    "The county.\n\n\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: Desk <desk@network.example>\nDate: 16/06/2025 14:03 (GMT+01:00)\nTo: Anna <anna@city.example>\nSubject: Question\n\nWho pays?\n",
    exact="The county.",
)
m(
    "notes-style",
    "The county.\n\n\n\n                                                                           \n             Desk                                                          \n             <desk@network.exa                                             \n             mple>                                                      To \n             16.06.2025 14:03         Anna <anna@city.example>             \n                                                                        cc \n                                                                           \n                                                                   Subject \n                                      Question                             \n\nWho pays?\n",
    keep=["The county."],
)
m(
    "notes-de",
    'Der Kreis.\n\n\n\nVon:        "Desk" <desk@network.example>\nAn:        anna@city.example\nDatum:        16.06.2025 14:03\nBetreff:        Frage\n\n\n\nWer zahlt?\n',
    exact="Der Kreis.",
)
m(
    "bottom-post-hidden",
    "On 16/06/25 14:03, Desk wrote:\n> Who pays the driver?\n> \n> Desk\n> \n\nThe county.\n\n-- \nAnna",
    exact="The county.",
)
m(
    "long-thread",
    "Third answer.\n\nOn Mon, 16 Jun 2025 at 14:03, Desk <desk@network.example> wrote:\n\n> Thanks. And who pays?\n>\n> On Sun, 15 Jun 2025 at 10:00, Anna <anna@city.example> wrote:\n>\n>> Second answer.\n>>\n>> On Sat, 14 Jun 2025 Desk wrote:\n>>> First question\n",
    exact="Third answer.",
)

# ---------- OOO without headers
AWAY = dict(kind="auto-reply")
m(
    "ooo-pl",
    "Dzień dobry,\n\nprzebywam na urlopie do 27 czerwca 2025. W pilnych sprawach proszę o kontakt: sekretariat@city.example.\n\nPozdrawiam",
    subject="Nieobecność: Pytanie",
    **AWAY,
)
m(
    "ooo-pl2",
    "Dziękuję za wiadomość. W dniach 16-27.06.2025 jestem nieobecna w biurze. Na wiadomości odpowiem po powrocie.",
    subject="Odpowiedź automatyczna: Pytanie",
    **AWAY,
)
m(
    "ooo-nl",
    "Ik ben afwezig tot en met 27 juni. Voor dringende vragen: info@city.example",
    subject="Automatisch antwoord: Vraag",
    **AWAY,
)
m("ooo-nl2", "Bedankt voor uw bericht. Ik ben met vakantie tot 27 juni en lees mijn mail niet.", subject="Re: Vraag", **AWAY)
m(
    "ooo-sv",
    "Hej,\n\njag är på semester till och med 27 juni. Vid brådskande ärenden, kontakta registrator@city.example.",
    subject="Autosvar: Fråga",
    **AWAY,
)
m(
    "ooo-sv2",
    "Jag är inte på kontoret mellan 16 juni och 27 juni. Jag svarar när jag är tillbaka.",
    subject="Frånvarande: Fråga",
    **AWAY,
)
m(
    "ooo-fi",
    "Hei,\n\nolen lomalla 27.6.2025 asti. Kiireellisissä asioissa ottakaa yhteyttä kirjaamoon.",
    subject="Poissa: Kysymys",
    **AWAY,
)
m(
    "ooo-fi2",
    "Olen poissa toimistolta 27.6. saakka. Vastaan viestiin palattuani.",
    subject="Automaattinen vastaus: Kysymys",
    **AWAY,
)
m(
    "ooo-hu",
    "Tisztelt Feladó!\n\n2025. június 27-ig szabadságon vagyok. Sürgős esetben kérem, írjon az info@city.example címre.",
    subject="Házon kívül: Kérdés",
    **AWAY,
)
m(
    "ooo-hu2",
    "Automatikus válasz: jelenleg nem vagyok az irodában, június 27-én térek vissza.",
    subject="Automatikus válasz: Kérdés",
    **AWAY,
)
m(
    "ooo-bg",
    "Здравейте,\n\nв отпуск съм до 27 юни 2025 г. При спешност пишете на info@city.example.",
    subject="Автоматичен отговор: Въпрос",
    **AWAY,
)
m("ooo-bg2", "В момента отсъствам от офиса и ще отговоря след 27.06.2025 г.", subject="Извън офиса: Въпрос", **AWAY)
m(
    "ooo-ja",
    "お問い合わせありがとうございます。6月27日まで休暇をいただいております。急ぎの場合は info@city.example までご連絡ください。",
    subject="自動応答: 質問",
    **AWAY,
)
m("ooo-ja2", "ただいま不在にしております。6月28日に出社いたします。", subject="不在通知: 質問", **AWAY)
m(
    "ooo-da",
    "Jeg er på ferie til og med 27. juni. Ved hastesager kontakt info@city.example",
    subject="Autosvar: Spørgsmål",
    **AWAY,
)
m("ooo-no", "Jeg er for tiden ikke på kontoret og er tilbake 28. juni.", subject="Automatisk svar: Spørsmål", **AWAY)
m(
    "ooo-cs",
    "Dobrý den, do 27. června čerpám dovolenou. V naléhavých případech pište na info@city.example.",
    subject="Automatická odpověď: Dotaz",
    **AWAY,
)
m("ooo-sk", "Dobrý deň, momentálne som mimo kancelárie, vrátim sa 28. júna.", subject="Mimo kancelárie: Otázka", **AWAY)
m(
    "ooo-pt",
    "Estou ausente do escritório até 27 de junho. Responderei quando regressar.",
    subject="Resposta automática: Pergunta",
    **AWAY,
)
m("ooo-et", "Olen puhkusel kuni 27. juunini.", subject="Automaatvastus: Küsimus", **AWAY)
m(
    "ooo-sl",
    "Do 27. junija sem na dopustu. V nujnih primerih pišite na info@city.example.",
    subject="Samodejni odgovor: Vprašanje",
    **AWAY,
)
m("ooo-en-maternity", "I am on maternity leave until January 2026. Please contact my colleague.", subject="Re: Question", **AWAY)
m(
    "ooo-de-left",
    "Frau Beispiel ist nicht mehr im Hause tätig. Bitte wenden Sie sich an info@city.example. Ihre Nachricht wurde nicht weitergeleitet.",
    subject="Automatische Antwort: Frage",
    **AWAY,
)
m(
    "ooo-exchange-hdr",
    "I'm away.",
    subject="Automatic reply: Q",
    headers={
        "X-MS-Exchange-Generated-Message-Source": "Mailbox Rules Agent",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    },
    **AWAY,
)
# people who mention absences
m(
    "human-away-then-answer",
    "I was on leave until yesterday, sorry. The county pays the driver and the town pays the bus; ask the mobility office for the contract.\n\nOn Mon, 16 Jun 2025 at 14:03, Desk <desk@network.example> wrote:\n> Who pays?\n",
    kind="reply",
    keep=["The county pays"],
)
m(
    "human-urlaub",
    "Wir haben das im Urlaub besprochen: Der Landkreis zahlt den Fahrer, die Gemeinde den Bus. Den Vertrag schicke ich mit.",
    subject="AW: Frage",
    kind="reply",
    held=False,
)
m(
    "human-question-leave",
    "How do other cities organise parental leave for bus drivers?",
    subject="Parental leave of drivers",
    reply=False,
    kind="question",
    held=False,
)
m(
    "human-question-vacation",
    "Which towns run a school bus during vacation, and who pays?",
    subject="Vacation school bus",
    reply=False,
    kind="question",
    held=False,
)
m(
    "human-ticket-topic",
    "Which cities sell a single ticket for bus and train? Our ticket no. 12345 pilot ended.",
    subject="Single ticket for bus and train",
    reply=False,
    kind="question",
    held=False,
)
m(
    "human-received",
    "We have received your request and discussed it in the council. The county pays the driver; since 2019 about 12,000 euros a year, of which the region refunds a third.",
    subject="Re: Question",
    kind="reply",
)

# ---------- tickets
TAKEN = dict(kind="acknowledgement")
m(
    "tick-jira",
    "Your request has been received and is being reviewed by our support staff.\n\nTo add additional comments, reply to this email.\n\nRef: SUP-1234",
    frm="IT Support <support@city.example>",
    subject="[SUP-1234] Question received",
    **TAKEN,
)
m(
    "tick-otrs-de",
    "Sehr geehrte Damen und Herren,\n\nvielen Dank für Ihre Anfrage. Sie wird unter der Ticketnummer 2025061710000123 bearbeitet.\n\nDies ist eine automatisch generierte Nachricht.",
    frm="Service <service@city.example>",
    subject="[Ticket#2025061710000123] Frage",
    **TAKEN,
)
m(
    "tick-pl",
    "Dziękujemy za kontakt. Państwa zgłoszenie zostało zarejestrowane pod numerem 2025/1234. Wiadomość wygenerowana automatycznie, prosimy na nią nie odpowiadać.",
    frm="Biuro <bok@city.example>",
    subject="Zgłoszenie 2025/1234 zostało przyjęte",
    **TAKEN,
)
m(
    "tick-nl",
    "Bedankt voor uw bericht. Uw vraag is geregistreerd onder nummer 2025-1234. Dit is een automatisch gegenereerd bericht.",
    frm="Klantenservice <kcc@city.example>",
    subject="Ontvangstbevestiging 2025-1234",
    **TAKEN,
)
m(
    "tick-sv",
    "Tack för ditt meddelande. Ditt ärende har registrerats med ärendenummer 2025-1234. Detta meddelande kan inte besvaras.",
    frm="Kontaktcenter <kc@city.example>",
    subject="Ärende 2025-1234 mottaget",
    **TAKEN,
)
m(
    "tick-fi",
    "Kiitos viestistäsi. Asiasi on kirjattu numerolla 2025-1234. Tämä on automaattinen viesti, älä vastaa siihen.",
    frm="Kirjaamo <kirjaamo@city.example>",
    subject="Vahvistus: viestisi on vastaanotettu",
    **TAKEN,
)
m(
    "tick-hu",
    "Köszönjük megkeresését! Bejelentését rögzítettük, az ügy száma: 2025/1234. Ez egy automatikus üzenet, kérjük, ne válaszoljon rá.",
    frm="Ügyfélszolgálat <ugyfel@city.example>",
    subject="Visszaigazolás 2025/1234",
    **TAKEN,
)
m(
    "tick-bg",
    "Вашето запитване е прието и регистрирано под номер 2025-1234. Това е автоматично съобщение, моля не отговаряйте.",
    frm="Деловодство <delo@city.example>",
    subject="Регистрирано запитване 2025-1234",
    **TAKEN,
)
m(
    "tick-ja",
    "お問い合わせを受け付けました。受付番号: 2025-1234。このメールは自動送信されています。返信しないでください。",
    frm="窓口 <support@city.example>",
    subject="お問い合わせを受け付けました [2025-1234]",
    **TAKEN,
)
m(
    "tick-it-prot",
    "Si comunica che il messaggio è stato protocollato con n. 1234/2025 del 17/06/2025. Messaggio generato automaticamente, non rispondere.",
    frm="Protocollo <protocollo@city.example>",
    subject="Avvenuta protocollazione 1234/2025",
    **TAKEN,
)
m(
    "tick-el",
    "Το αίτημά σας καταχωρήθηκε με αριθμό πρωτοκόλλου 1234/17-06-2025. Αυτό είναι ένα αυτοματοποιημένο μήνυμα.",
    frm="Πρωτόκολλο <protokollo@city.example>",
    subject="Αριθμός πρωτοκόλλου 1234",
    **TAKEN,
)
m(
    "tick-hdr-only",
    "Thanks, your message is with us.",
    frm="Helpdesk <help@city.example>",
    subject="We got it",
    headers={"Auto-Submitted": "auto-replied"},
    kind=("acknowledgement", "auto-reply"),
)


# ---------- bounces
def dsn(
    human,
    status="5.1.1",
    action="failed",
    diag="smtp; 550 5.1.1 User unknown",
    rcpt="anna@city.example",
    frm="MAILER-DAEMON@mx.city.example",
    subject="Undelivered Mail Returned to Sender",
    extra="",
):
    return f"""From: {frm}
To: desk@network.example
Subject: {subject}
Date: Tue, 17 Jun 2025 09:12:00 +0200
Message-ID: <b1@mx.city.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

{human}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.city.example

Final-Recipient: rfc822; {rcpt}
Action: {action}
Status: {status}
Diagnostic-Code: {diag}
{extra}
--b
Content-Type: text/rfc822-headers

From: desk@network.example
To: {rcpt}
Message-ID: <l1@network.example>
Subject: Q

--b--
"""


FAILED = dict(kind="bounce", rcpt=["anna@city.example"])
m("dsn-full", raw=dsn("x", "5.2.2", diag="smtp; 552 5.2.2 Mailbox full"), hard=False, status="5.2.2", **FAILED)
m("dsn-full-452", raw=dsn("x", "4.2.2", "failed", "smtp; 452 4.2.2 Over quota"), hard=False, status="4.2.2", **FAILED)
m(
    "dsn-full-yahoo",
    raw=dsn("x", "5.0.0", diag="smtp; 552 1 Requested mail action aborted, mailbox not found or full; user over quota"),
    hard=False,
    **FAILED,
)
m(
    "dsn-policy-571",
    raw=dsn("x", "5.7.1", diag="smtp; 550 5.7.1 Message rejected due to content restrictions"),
    hard=False,
    status="5.7.1",
    **FAILED,
)
m(
    "dsn-toolarge",
    raw=dsn("x", "5.3.4", diag="smtp; 552 5.3.4 Message size exceeds fixed limit"),
    hard=False,
    status="5.3.4",
    **FAILED,
)
m(
    "dsn-expired-host",
    raw=dsn("x", "4.4.7", "failed", "smtp; delivery temporarily suspended: connect timed out"),
    hard=False,
    status="4.4.7",
    **FAILED,
)
m("dsn-nodomain", raw=dsn("x", "5.1.2", diag="smtp; Host or domain name not found"), hard=True, status="5.1.2", **FAILED)
m(
    "dsn-disabled",
    raw=dsn("x", "5.2.1", diag="smtp; 550 5.2.1 The email account that you tried to reach is disabled"),
    hard=True,
    status="5.2.1",
    **FAILED,
)
m(
    "dsn-o365-sv",
    raw=dsn(
        "Ditt meddelande till anna@city.example kunde inte levereras.",
        "5.1.10",
        diag="smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        subject="Kan inte leverera: Fråga",
        frm="postmaster@city.example",
    ),
    hard=True,
    status="5.1.10",
    **FAILED,
)
m(
    "dsn-o365-access",
    raw=dsn("x", "5.7.124", diag="smtp;550 5.7.124 RESOLVER.RST.SenderNotInAllowedSendersList"),
    hard=False,
    **FAILED,
)
m("dsn-loop", raw=dsn("x", "5.4.6", diag="smtp; 554 5.4.6 Too many hops"), hard=False, **FAILED)
m("dsn-greylist-delay", raw=dsn("x", "4.7.1", "delayed", "smtp; 450 4.7.1 Greylisted"), hard=False, **FAILED)
m("dsn-spam-55371", raw=dsn("x", "5.0.0", diag="smtp; 554 5.7.1 Spam message rejected"), hard=False, **FAILED)
m("dsn-spf", raw=dsn("x", "5.7.23", diag="smtp; 550 5.7.23 SPF validation failed"), hard=False, **FAILED)


def prose(frm, subject, body, null=True, extra=""):
    coded = subject if subject.isascii() else Header(subject, "utf-8").encode()
    return (
        ("Return-Path: <>\n" if null else "")
        + f"From: {frm}\nTo: desk@network.example\nSubject: {coded}\nDate: Tue, 17 Jun 2025 09:12:00 +0200\nMessage-ID: <p1@mx.city.example>\n{extra}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
    )


m(
    "qmail",
    raw=prose(
        "MAILER-DAEMON@mx.city.example",
        "failure notice",
        "Hi. This is the qmail-send program at mx.city.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<anna@city.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@network.example>\nReceived: x\nFrom: desk@network.example\nTo: anna@city.example\n",
    ),
    hard=True,
    status="5.1.1",
    **FAILED,
)
m(
    "qmail-full",
    raw=prose(
        "MAILER-DAEMON@mx.city.example",
        "failure notice",
        "Hi. This is the qmail-send program at mx.city.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<anna@city.example>:\nUser over quota. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@network.example>\n",
    ),
    hard=False,
    **FAILED,
)
m(
    "exim",
    raw=prose(
        "Mail Delivery System <Mailer-Daemon@mx.city.example>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  anna@city.example\n    host mx.city.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<anna@city.example>:\n    550 5.1.1 <anna@city.example>: Recipient address rejected: User unknown\n\n------ This is a copy of the message, including all the headers. ------\n\nReturn-path: <desk@network.example>\nFrom: desk@network.example\n",
        extra="X-Failed-Recipients: anna@city.example\n",
    ),
    hard=True,
    status="5.1.1",
    **FAILED,
)
m(
    "exim-delay",
    raw=prose(
        "Mail Delivery System <Mailer-Daemon@mx.city.example>",
        "Warning: message 1uRxyz-000123-AB delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.city.example.\n\nThe address to which the message has not yet been delivered is:\n\n  anna@city.example\n    Delay reason: Connection timed out\n\nNo action is required on your part. Delivery attempts will continue for\nsome time, and this warning may be repeated at intervals if the message\nremains undelivered.\n",
    ),
    hard=False,
    **FAILED,
)
m(
    "postfix-prose",
    raw=prose(
        "MAILER-DAEMON@mx.city.example (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.city.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<anna@city.example>: host mx2.city.example[192.0.2.1] said: 550 5.1.1\n    <anna@city.example>: Recipient address rejected: User unknown in virtual\n    mailbox table (in reply to RCPT TO command)\n",
    ),
    hard=True,
    status="5.1.1",
    **FAILED,
)
m(
    "gmail-de",
    raw=prose(
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "** Adresse nicht gefunden **\n\nIhre Nachricht wurde nicht an anna@city.example zugestellt, weil die Adresse nicht gefunden wurde oder keine E-Mails empfangen kann.\n\nAntwort vom Remote-Server:\n550 5.1.1 The email account that you tried to reach does not exist.\n",
    ),
    hard=True,
    status="5.1.1",
    **FAILED,
)
m(
    "gmail-pl-full",
    raw=prose(
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "** Skrzynka odbiorcza adresata jest pełna **\n\nWiadomość nie została dostarczona do anna@city.example, ponieważ skrzynka jest pełna.\n\nOdpowiedź:\n452 4.2.2 The recipient's inbox is out of storage space.\n",
    ),
    hard=False,
    status="4.2.2",
    **FAILED,
)
m(
    "exchange-hu",
    raw=prose(
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@city.example>",
        "Kézbesíthetetlen: Kérdés",
        "Nem sikerült kézbesíteni az üzenetet a következő címzetteknek vagy csoportoknak:\n\nanna@city.example\nA megadott e-mail cím nem található.\n\nRemote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'\n",
    ),
    hard=True,
    status="5.1.1",
    **FAILED,
)
m(
    "exchange-fi",
    raw=prose(
        "postmaster@city.example",
        "Toimittamaton: Kysymys",
        "Viestin toimitus näille vastaanottajille tai ryhmille epäonnistui:\n\nanna@city.example\nSähköpostiosoitetta ei löydy.\n\n550 5.1.1 user unknown\n",
    ),
    hard=True,
    status="5.1.1",
    **FAILED,
)
m(
    "exchange-bg",
    raw=prose(
        "postmaster@city.example",
        "Не може да бъде доставено: Въпрос",
        "Доставката до следните получатели е неуспешна:\n\nanna@city.example\nАдресът не е намерен.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n",
    ),
    hard=True,
    status="5.1.1",
    **FAILED,
)
m(
    "exchange-ja",
    raw=prose(
        "postmaster@city.example",
        "配信不能: 質問",
        "次の受信者またはグループへの配信に失敗しました:\n\nanna@city.example\nメール アドレスが見つかりませんでした。\n\n550 5.1.1 RESOLVER.ADR.RecipNotFound; not found\n",
    ),
    hard=True,
    status="5.1.1",
    **FAILED,
)
m(
    "exchange-nl",
    raw=prose(
        "postmaster@city.example",
        "Onbestelbaar: Vraag",
        "Het bezorgen van dit bericht aan deze geadresseerden of groepen is mislukt:\n\nanna@city.example\nHet e-mailadres dat u hebt ingevoerd, kan niet worden gevonden.\n\n550 5.1.10 RESOLVER.ADR.RecipientNotFound\n",
    ),
    hard=True,
    status="5.1.10",
    **FAILED,
)
m(
    "yahoo",
    raw=prose(
        "MAILER-DAEMON@yahoo.com",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n<anna@city.example>:\n554: delivery error: dd Sorry, your message to anna@city.example cannot be delivered. This mailbox is disabled (554.30). - mta1234.mail.ne1.yahoo.com\n\n--- Below this line is a copy of the message.\n",
    ),
    hard=True,
    **FAILED,
)
m(
    "gmx-full-de",
    raw=prose(
        "GMX Mailer Daemon <mailer-daemon@gmx.net>",
        "Mail delivery failed: returning message to sender",
        "Diese E-Mail wurde automatisch erzeugt.\n\nFolgende Nachricht konnte nicht zugestellt werden:\n\nanna@city.example:\nSMTP error from remote server for RCPT TO command\n552 Das Postfach ist voll\n",
    ),
    hard=False,
    **FAILED,
)
m(
    "person-undeliverable",
    "Our parcels came back undeliverable, so we changed the provider. anna@city.example can tell you more: the post office said 550 parcels were returned.",
    subject="Re: Undeliverable parcels",
    kind="reply",
    held=False,
)
m(
    "person-fwd-bounce",
    "See what came back when I wrote to the address on your page.\n\n---------- Forwarded message ---------\nFrom: Mail Delivery System <MAILER-DAEMON@mx.city.example>\nDate: Mon, Jun 16, 2025\nSubject: Undelivered Mail Returned to Sender\n\n<info@city.example>: 550 5.1.1 User unknown\n",
    subject="Fwd: Undelivered Mail Returned to Sender",
    reply=False,
    kind="question",
)
m(
    "complaint-arf",
    raw="From: abuse@isp.example\nTo: desk@network.example\nSubject: FW: spam\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: text/plain\n\nThis is an abuse report.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: X/1\nVersion: 1\n\n--b\nContent-Type: message/rfc822\n\nFrom: desk@network.example\nSubject: x\n\nhi\n--b--\n",
    kind="complaint",
)
m(
    "receipt-exchange-de",
    raw=prose(
        "Anna <anna@city.example>",
        "Gelesen: Frage",
        "Ihre Nachricht\n\nAn: Anna\nBetreff: Frage\nGesendet: Montag, 16. Juni 2025 14:03\n\nwurde am Dienstag, 17. Juni 2025 09:00 gelesen.\n",
        null=False,
    ),
    kind="read-receipt",
)
m("please-stop-pl", "Proszę o usunięcie mojego adresu z listy.", subject="Re: Pytanie", kind=("unsubscribe", "reply"))
m("please-stop-en", "Please stop sending me these mails. Thank you.", kind="unsubscribe")
m(
    "newsletter",
    "Nasze oferty",
    subject="Newsletter 6/2025",
    reply=False,
    headers={"List-Unsubscribe": "<https://x.example/u>", "Precedence": "bulk"},
    kind="list",
)
m(
    "list-owner",
    "Hallo, mein Bus ist elektrisch.",
    subject="[netz] Bus",
    reply=False,
    headers={"List-Id": "<netz.lists.example>"},
    kind="list",
)
m(
    "calendar",
    raw="From: Anna <anna@city.example>\nTo: desk@network.example\nSubject: Accepted: Meeting\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/calendar; method=REPLY; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n--b--\n",
    kind="calendar",
)
