"""Replies as people write them: what must stay, what must go, and whether a person has to look.

`CASES` holds (name, body as plain= and/or html=, keep=, gone=, review=): `gone` may stay only where a person is asked to look;
review None means that either is right. `{A}` is our reply address, `{t}` its token. Written before the code was tried on them.
"""

H = "On Mon, May 5, 2025 at 10:04 AM Network Desk <{A}> wrote:"
Q = "> a municipality asks how others fund apprenticeships.\n> Which subsidies exist for small firms?\n> Who trains the trainers?"
GONE = ["a municipality asks how others fund", "Who trains the trainers?"]
QH = "<blockquote type='cite'><p>a municipality asks how others fund apprenticeships.</p><p>Who trains the trainers?</p></blockquote>"
CASES = []


def s(name, **case):
    CASES.append((name, case))


# short answers
s("ok", plain="ok\n\n" + H + "\n" + Q, keep=["ok"], gone=GONE, review=False)
s("thumb", plain="👍\n\n" + H + "\n" + Q, keep=["👍"], gone=GONE, review=False)
s(
    "heart-html",
    html="<div>❤️</div><div class='gmail_quote'><div class='gmail_attr'>"
    + H.replace("<", "&lt;").replace(">", "&gt;")
    + "</div>"
    + QH
    + "</div>",
    keep=["❤"],
    gone=GONE,
    review=False,
)
s("plus-one", plain="+1\n\n" + H + "\n" + Q, keep=["+1"], gone=GONE, review=False)
s(
    "yes-no-name",
    plain="Nein.\nGruß, Office\n\nAm 05.05.2025 um 10:04 schrieb Network Desk <{A}>:\n" + Q,
    keep=["Nein."],
    gone=GONE,
    review=False,
)
s("number", plain="42\n\n" + H + "\n" + Q, keep=["42"], gone=GONE, review=False)
s("question-mark", plain="?\n\n" + H + "\n" + Q, keep=[], review=True)
s("cjk-one", plain="好的\n\n" + H + "\n" + Q, keep=["好的"], gone=GONE, review=False)
s("arabic-one", plain="نعم\n\n" + H + "\n" + Q, keep=["نعم"], gone=GONE, review=False)
s("empty-with-quote", plain="\n\n" + H + "\n" + Q, keep=[], review=True)
s("only-signature", plain="-- \nCity Expert\nCity of Example\n\n" + H + "\n" + Q, keep=[], review=True)
s(
    "only-device",
    plain="Sent from my iPhone\n\n> On 5 May 2025, at 10:04, Network Desk <{A}> wrote:\n> \n" + Q,
    keep=[],
    review=True,
)
s("totally-empty", plain="", keep=[], review=True)
# bottom & mixed
s(
    "bottom",
    plain=H + "\n" + Q + "\n\nWe pay half of the wages.\nThe firm pays the rest.\n",
    keep=["We pay half", "The firm pays"],
    gone=GONE,
    review=False,
)
s(
    "bottom-sig",
    plain=H + "\n" + Q + "\n\nWe pay half of the wages.\n\n-- \nCity Desk\nCity\n",
    keep=["We pay half"],
    gone=GONE,
    review=False,
)
s(
    "above-and-below",
    plain="Thanks for asking.\n\n" + H + "\n" + Q + "\n\nOne more thing: the form is on our site.\n",
    keep=["Thanks for asking", "One more thing"],
    review=None,
)
s(
    "inline",
    plain=H
    + "\n> Which subsidies exist?\n\nHalf of the wages.\n\n> Who trains the trainers?\n\nThe chamber does.\n\n-- \nCity Desk",
    keep=["Half of the wages", "The chamber does", "Which subsidies exist?", "Who trains"],
    review=False,
)
s(
    "inline-no-gap",
    plain=H + "\n> Which subsidies exist?\nHalf of the wages.\n> Who trains the trainers?\nThe chamber does.\n> Kind regards\n",
    keep=["Half of the wages", "The chamber does", "Which subsidies exist?"],
    review=False,
)
s(
    "inline-nested",
    plain=H + "\n>> older talk\n> Which subsidies exist?\n\nHalf.\n\n> Who trains?\n\nThe chamber.",
    keep=["Half.", "The chamber.", "Which subsidies exist?"],
    review=False,
)
s(
    "top-then-inline",
    plain="Hello, my answers are between your lines.\n\n"
    + H
    + "\n> Which subsidies exist?\n\nHalf of the wages.\n\n> Who trains the trainers?\n\nThe chamber.",
    keep=["Hello, my answers", "Half of the wages", "The chamber."],
    review=None,
)
s(
    "outlook-inline-red",
    html="<div class=WordSection1><p class=MsoNormal>Please see below in red.<o:p></o:p></p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>From:</b> Network Desk &lt;{A}&gt;<br><b>Sent:</b> 05 May 2025 10:04<br><b>To:</b> desk<br><b>Subject:</b> Q</p></div><p class=MsoNormal>Which subsidies exist?</p><p class=MsoNormal><span style='color:red'>Half of the wages.</span></p></div>",
    keep=["Half of the wages"],
    review=True,
)
s(
    "outlook-inline-red-unsaid",
    html="<div class=WordSection1><p class=MsoNormal>Dear all,<o:p></o:p></p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>From:</b> Network Desk &lt;{A}&gt;<br><b>Sent:</b> 05 May 2025 10:04<br><b>To:</b> desk<br><b>Subject:</b> Q</p></div><p class=MsoNormal>Which subsidies exist?</p><p class=MsoNormal><span style='color:#C00000'>Half of the wages.</span></p></div>",
    keep=["Half of the wages"],
    review=True,
)
s(
    "outlook-inline-blue-with-top",
    html="<div class=WordSection1><p class=MsoNormal>Thank you for your patience, I have been travelling a lot.<o:p></o:p></p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>Von:</b> Network Desk &lt;{A}&gt;<br><b>Gesendet:</b> 05 May 2025 10:04<br><b>An:</b> desk<br><b>Betreff:</b> Q</p></div><p class=MsoNormal>Which subsidies exist?</p><p class=MsoNormal><span style='color:#0070C0'>Half of the wages, in the first year.</span></p><p class=MsoNormal>Who trains the trainers?</p><p class=MsoNormal><span style='color:#0070C0'>The chamber does.</span></p></div>",
    keep=["Half of the wages, in the first year"],
    review=None,
)
s(
    "answers-marked-with-name",
    plain="See my comments [City Desk] below.\n\n-----Original Message-----\nFrom: Network Desk <{A}>\nSent: Monday, May 5, 2025 10:04 AM\nTo: desk@city.example\nSubject: Q-2025-0042\n\nWhich subsidies exist?\n[City Desk] Half of the wages.\n",
    keep=["Half of the wages"],
    review=True,
)
s(
    "answers-below-de",
    plain="Guten Tag, Antworten siehe unten.\n\nVon: Network Desk <{A}>\nGesendet: Montag, 5. Mai 2025 10:04\nAn: desk@city.example\nBetreff: Q-2025-0042\n\nWelche Zuschüsse gibt es?\n--> Die Hälfte der Löhne.\n",
    keep=["Die Hälfte der Löhne"],
    review=True,
)
s(
    "answers-below-nl",
    plain="Zie mijn antwoorden hieronder.\n\nVan: Network Desk <{A}>\nVerzonden: maandag 5 mei 2025 10:04\nAan: desk@city.example\nOnderwerp: Q-2025-0042\n\nWelke subsidies bestaan er?\nDe helft van de lonen.\n",
    keep=["De helft van de lonen"],
    review=True,
)
s(
    "answers-below-sv",
    plain="Svar nedan.\n\nFrån: Network Desk <{A}>\nSkickat: den 5 maj 2025 10:04\nTill: desk@city.example\nÄmne: Q-2025-0042\n\nVilka bidrag finns?\nHalva lönen.\n",
    keep=["Halva lönen"],
    review=True,
)
# wrapped attributions
s(
    "wrapped-2",
    plain="Yes, it works.\n\nOn Mon, May 5, 2025 at 10:04 AM Network Desk\n<{A}> wrote:\n\n" + Q,
    keep=["Yes, it works."],
    gone=[*GONE, "Network Desk"],
    review=False,
)
s(
    "wrapped-3",
    plain="Yes, it works.\n\nOn Mon, May 5, 2025 at 10:04 AM Network Desk of the European Something\nNetwork <\n{A}> wrote:\n\n"
    + Q,
    keep=["Yes, it works."],
    gone=[*GONE, "wrote:"],
    review=None,
)
s(
    "wrapped-de",
    plain="Ja, das geht.\nGruß Office\n\nAm Mo., 5. Mai 2025 um 10:04 Uhr schrieb Network Desk <\n{A}>:\n\n" + Q,
    keep=["Ja, das geht.", "Gruß Office"],
    gone=[*GONE, "schrieb"],
    review=False,
)
s(
    "wrapped-fr",
    plain="Oui.\n\nLe lun. 5 mai 2025 à 10:04, Network Desk <{A}> a\nécrit :\n\n" + Q,
    keep=["Oui."],
    gone=[*GONE, "écrit"],
    review=False,
)
s(
    "wrapped-pl",
    plain="Tak, to działa.\n\npon., 5 maj 2025 o 10:04 Network Desk\n<{A}> napisał(a):\n\n" + Q,
    keep=["Tak, to działa."],
    gone=[*GONE, "napisał"],
    review=False,
)
s(
    "wrapped-hu",
    plain="Igen.\n\nNetwork Desk <{A}> ezt írta (időpont: 2025. máj.\n5., H, 10:04):\n\n" + Q,
    keep=["Igen."],
    gone=[*GONE, "ezt írta"],
    review=None,
)
s(
    "wrapped-ru-unquoted",
    plain="Да, это работает.\n\nпн, 5 мая 2025 г. в 10:04, Network Desk\n<{A}>:\n\na municipality asks how others fund apprenticeships.\n",
    keep=["Да, это работает."],
    gone=GONE[:1],
    review=None,
)
s(
    "wrapped-ja",
    plain="はい、二つあります。\n\n2025年5月5日(月) 10:04 Network Desk\n<{A}>:\n\n" + Q,
    keep=["はい、二つあります。"],
    gone=GONE,
    review=False,
)
# own lines that look like headers
s(
    "own-colon-list",
    plain="We do three things:\n> no\n\nFirst: forms. Second: firms.\n",
    keep=["We do three things:", "First: forms."],
    review=None,
)
s(
    "own-from-to-table",
    plain="Our contacts:\n\nFrom: Monday\nTo: Friday\nSubject: opening hours\n\nCome by.\n",
    keep=["From: Monday", "Come by."],
    review=None,
)
s(
    "own-quote-of-law",
    plain="The law says:\n\n> Each city may pay half of the wages.\n\nSo we did.\n\n" + H + "\n" + Q,
    keep=["The law says:", "Each city may pay half", "So we did."],
    gone=["Who trains the trainers?"],
    review=None,
)
s(
    "own-wrote-story",
    plain="On 12 March 2024 the mayor wrote: we will pay half.\nThat is still valid.\n\n" + H + "\n" + Q,
    keep=["the mayor wrote: we will pay half", "still valid"],
    gone=GONE,
    review=None,
)
s(
    "own-mail-address-line",
    plain="Please write to Forms Desk <forms@city.example>:\nshe knows all about it.\n\n" + H + "\n" + Q,
    keep=["Forms Desk", "she knows all"],
    gone=GONE,
    review=None,
)
s(
    "own-dashes",
    plain="Costs per year\n--------------\n2023: 140\n2024: 150\n\n" + H + "\n" + Q,
    keep=["Costs per year", "2024: 150"],
    gone=GONE,
    review=None,
)
s(
    "own-separator",
    plain="First part.\n-----\nSecond part.\n\n" + H + "\n" + Q,
    keep=["First part.", "Second part."],
    gone=GONE,
    review=None,
)
s(
    "own-dashdash",
    plain="We have two options\n--\nfirst is cheap\n--\nsecond is good\n\n" + H + "\n" + Q,
    keep=["two options", "second is good"],
    gone=GONE,
    review=None,
)
s(
    "own-greater-than",
    plain="Places 2024 > places 2023.\n> 50 firms took part.\n\n" + H + "\n" + Q,
    keep=["Places 2024 > places 2023", "50 firms"],
    review=None,
)
s(
    "own-arrow",
    plain="-> call the chamber\n=> ask for the form\n\n" + H + "\n" + Q,
    keep=["call the chamber", "ask for the form"],
    gone=GONE,
    review=None,
)
s(
    "own-url-last",
    plain="See https://city.example/a?b=c:\n\n" + H + "\n" + Q,
    keep=["https://city.example/a?b=c"],
    gone=GONE,
    review=None,
)
s(
    "own-markdown",
    plain="# Answer\n\n* one\n* two\n\n```\ncode -- \n-- \nmore\n```\n\n" + H + "\n" + Q,
    keep=["# Answer", "* two", "more"],
    gone=GONE,
    review=None,
)
s(
    "own-date-time-list",
    plain="Meetings:\n5 May 2025, 10:00: town hall\n6 May 2025, 11:00: chamber <room 3>:\nbring the form\n\n" + H + "\n" + Q,
    keep=["town hall", "bring the form"],
    gone=GONE,
    review=None,
)
s(
    "own-forwarded-answer",
    plain="Our expert says:\n\n---------- Forwarded message ---------\nFrom: Office <office@city.example>\nDate: Mon, May 5, 2025 at 9:00 AM\nSubject: Re: apprentices\nTo: Desk <desk@city.example>\n\nThe chamber trains the trainers.\n",
    keep=["The chamber trains the trainers"],
    review=True,
)
s(
    "fwd-answer-below-nothing-above",
    plain="---------- Forwarded message ---------\nFrom: Office <office@city.example>\nDate: Mon, May 5, 2025 at 9:00 AM\nSubject: Re: apprentices\nTo: Desk <desk@city.example>\n\nThe chamber trains the trainers.\n",
    keep=["The chamber trains the trainers"],
    review=True,
)
# signatures & footers
s(
    "sig-nodash-de",
    plain="Ja, wir haben zwei Programme.\n\nMit freundlichen Grüßen\nAmt Beispiel\nStadt Beispiel\nTel. +00 123\n\nVon: Network Desk <{A}>\nGesendet: Montag, 5. Mai 2025 10:04\nAn: desk@city.example\nBetreff: Q-2025-0042\n\na municipality asks how others fund\n",
    keep=["zwei Programme"],
    gone=GONE[:1],
    review=False,
)
s(
    "disclaimer-en",
    plain="Yes.\n\nThis e-mail and any attachments are confidential and intended solely for the addressee. If you have received this message in error please delete it.\n\n"
    + H
    + "\n"
    + Q,
    keep=["Yes."],
    gone=[*GONE, "received this message in error"],
    review=False,
)
s(
    "disclaimer-pl",
    plain="Tak.\n\nTa wiadomość może zawierać informacje poufne i jest przeznaczona wyłącznie dla adresata. Jeżeli otrzymali ją Państwo przez pomyłkę, prosimy o jej usunięcie.\n\n"
    + H
    + "\n"
    + Q,
    keep=["Tak."],
    gone=GONE,
    review=None,
)
s(
    "disclaimer-el",
    plain="Ναι.\n\nΤο παρόν μήνυμα είναι εμπιστευτικό και απευθύνεται μόνο στον παραλήπτη. Εάν το λάβατε κατά λάθος, παρακαλούμε διαγράψτε το.\n\n"
    + H
    + "\n"
    + Q,
    keep=["Ναι."],
    gone=[*GONE, "κατά λάθος"],
    review=False,
)
s(
    "disclaimer-ro",
    plain="Da.\n\nAcest mesaj este confidențial și este destinat exclusiv destinatarului. Dacă l-ați primit din greșeală, vă rugăm să îl ștergeți.\n\n"
    + H
    + "\n"
    + Q,
    keep=["Da."],
    gone=[*GONE, "din greșeală"],
    review=False,
)
s(
    "disclaimer-at-very-end",
    plain="Sì.\n\n"
    + H
    + "\n"
    + Q
    + "\n\nLe informazioni contenute in questo messaggio di posta elettronica sono riservate e destinate esclusivamente al destinatario. Se avete ricevuto questo messaggio per errore siete pregati di cancellarlo.\n",
    keep=["Sì."],
    gone=[*GONE, "per errore"],
    review=False,
)
s(
    "list-footer",
    plain="Yes, we do.\n\n"
    + H
    + "\n"
    + Q
    + "\n_______________________________________________\nNetwork mailing list\nNetwork@lists.example\nhttps://lists.example/mailman/listinfo/network\n",
    keep=["Yes, we do."],
    gone=[*GONE, "listinfo"],
    review=False,
)
s(
    "google-group-footer",
    plain="Yes, we do.\n\n"
    + H
    + "\n"
    + Q
    + '\n\n-- \nYou received this message because you are subscribed to the Google Groups "network" group.\nTo unsubscribe from this group and stop receiving emails from it, send an email to network+unsubscribe@lists.example.\n',
    keep=["Yes, we do."],
    gone=[*GONE, "You received this message"],
    review=False,
)
s(
    "avast",
    plain="Yes.\n\n-- \nThis email has been checked for viruses by Avast antivirus software.\nwww.avast.example\n\n"
    + H
    + "\n"
    + Q,
    keep=["Yes."],
    gone=[*GONE, "Avast"],
    review=False,
)
for code, line in {
    "fi": "Lähetetty iPhonesta",
    "hu": "Elküldve az iPhone-omról",
    "cs": "Odesláno z iPhonu",
    "bg": "Изпратено от моя iPhone",
    "ru": "Отправлено с iPhone",
    "uk": "Надіслано з iPhone",
    "ar": "أُرسلت من الـ iPhone",
    "he": "נשלח מה-iPhone שלי",
    "zh": "发自我的iPhone",
    "ja": "iPhoneから送信",
    "ko": "나의 iPhone에서 보냄",
    "nl": "Verstuurd vanaf mijn iPhone",
    "pl": "Wysłane z iPhone'a",
    "sv": "Skickat från min iPhone",
    "da": "Sendt fra min iPhone",
    "no": "Sendt fra min iPhone",
    "sk": "Odoslané z iPhonu",
    "pt": "Enviado do meu iPhone",
    "ca": "Enviat del meu iPhone",
    "eu": "Nire iPhonetik bidalia",
    "th": "ส่งจาก iPhone ของฉัน",
    "vi": "Đã gửi từ iPhone của tôi",
}.items():
    s(
        "device-" + code,
        plain="Yes, we do.\n\n" + line + "\n\n> On 5 May 2025, at 10:04, Network Desk <{A}> wrote:\n> \n" + Q,
        keep=["Yes, we do."],
        gone=[*GONE, line],
        review=False,
    )
for code, line in {
    "outlook-ios": "Get Outlook for iOS<https://link.example/o0ukef>",
    "outlook-de": "Outlook für iOS beziehen<https://link.example/o0ukef>",
    "outlook-it": "Scarica Outlook per Android",
    "outlook-el": "Αποκτήστε το Outlook για Android",
    "proton": "Sent with Proton Mail secure email.",
    "proton-mobile": "Sent from Proton Mail Android",
    "tuta": "-- \nSecured with Tuta Mail: https://tuta.example/free-email",
    "yahoo-android": "Sent from Yahoo Mail on Android",
    "yahoo-it": "Inviato da Yahoo Mail su Android",
    "samsung-de": "Von meinem Samsung Galaxy Smartphone gesendet.",
    "samsung-it": "Inviato dal mio dispositivo Samsung Galaxy",
    "samsung-el": "Στάλθηκε από το Samsung Galaxy smartphone μου",
    "samsung-tr": "Samsung Galaxy akıllı telefonumdan gönderildi.",
    "samsung-hr": "Poslano s mog Samsung Galaxy pametnog telefona.",
    "huawei-ro": "Trimis de pe telefonul meu Huawei",
    "gmx-de": "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.",
    "webde": "Gesendet mit der WEB.DE Mail App",
    "libero": "Inviato da Libero Mail per Android",
    "orange": "Envoyé à partir de l’application Mail Orange",
    "k9": "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "fairemail": "Sent with FairEmail",
    "bluemail": "Get BlueMail for Android",
    "wp": "Wysłano z aplikacji mobilnej WP Poczta",
    "seznam": "Odesláno ze Seznam E-mailu pro Android",
    "mailru": "Отправлено из мобильной Почты Mail.ru",
    "windows": "Sent from Mail for Windows",
    "windows-de": "Gesendet von Mail für Windows",
    "windows-es": "Enviado desde Correo para Windows",
    "windows-el": "Στάλθηκε από την Αλληλογραφία για Windows",
}.items():
    s(
        "app-" + code,
        plain="Yes, we do.\n\n" + line + "\n\n" + H + "\n" + Q,
        keep=["Yes, we do."],
        gone=[*GONE, line.split("<")[0].split("\n")[-1]],
        review=False,
    )
# html containers


def attr(line):
    return line.replace("<{A}>", "&lt;{A}&gt;")


s(
    "gmail-html-de",
    html="<div dir='ltr'>Ja, zwei Programme.</div><br><div class='gmail_quote gmail_quote_container'><div dir='ltr' class='gmail_attr'>Am Mo., 5. Mai 2025 um 10:04 Uhr schrieb Network Desk &lt;<a href='mailto:{A}'>{A}</a>&gt;:<br></div><blockquote class='gmail_quote' style='margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex'>a municipality asks how others fund</blockquote></div>",
    keep=["Ja, zwei Programme."],
    gone=["a municipality", "schrieb"],
    review=False,
)
s(
    "apple-html-nl",
    html="<html><body><div>Ja, twee.</div><div><br></div><div>Groet,<br>Office</div><div><br><blockquote type='cite'><div>Op 5 mei 2025 om 10:04 heeft Network Desk &lt;{A}&gt; het volgende geschreven:</div><br class='Apple-interchange-newline'><div><p>a municipality asks how others fund</p></div></blockquote></div></body></html>",
    keep=["Ja, twee."],
    gone=["a municipality", "geschreven"],
    review=False,
)
s(
    "owa-html-pl",
    html="<div style='font-family:Calibri'>Tak, mamy dwa programy.</div><div id='appendonsend'></div><hr style='display:inline-block;width:98%' tabindex='-1'><div id='divRplyFwdMsg' dir='ltr'><font face='Calibri'><b>Od:</b> Network Desk &lt;{A}&gt;<br><b>Wysłane:</b> poniedziałek, 5 maja 2025 10:04<br><b>Do:</b> desk<br><b>Temat:</b> Q</font></div><div>a municipality asks how others fund</div>",
    keep=["Tak, mamy dwa programy."],
    gone=["a municipality", "Wysłane"],
    review=False,
)
s(
    "outlook-mobile-html",
    html="<div dir='auto'>Da.</div><div id='ms-outlook-mobile-signature' dir='auto'>Obține Outlook pentru Android</div><div id='mail-editor-reference-message-container'><hr style='display:inline-block;width:98%'><div id='divRplyFwdMsg'><b>From:</b> Network Desk &lt;{A}&gt;<br><b>Sent:</b> Monday<br><b>Subject:</b> Q</div>a municipality asks</div>",
    keep=["Da."],
    gone=["a municipality", "Obține"],
    review=False,
)
s(
    "tb-html-fr",
    html="<p>Oui, deux programmes.</p><div class='moz-cite-prefix'>Le 05/05/2025 à 10:04, Network Desk a écrit :<br></div><blockquote type='cite' cite='mid:x@rrm.example'><p>a municipality asks how others fund</p></blockquote><div class='moz-signature'>-- <br>Office</div>",
    keep=["Oui, deux programmes."],
    gone=["a municipality", "a écrit"],
    review=False,
)
s(
    "tb-html-bottom",
    html="<div class='moz-cite-prefix'>Am 05.05.25 um 10:04 schrieb Network Desk:<br></div><blockquote type='cite' cite='mid:x@rrm.example'><p>a municipality asks how others fund</p></blockquote><p>Wir zahlen die Hälfte.</p><div class='moz-signature'>-- <br>Office</div>",
    keep=["Wir zahlen die Hälfte."],
    gone=["a municipality"],
    review=False,
)
s(
    "tb-html-inline",
    html="<div class='moz-cite-prefix'>Am 05.05.25 um 10:04 schrieb Network Desk:<br></div><blockquote type='cite' cite='mid:x@rrm.example'><p>Which subsidies exist?</p></blockquote><p>Die Hälfte.</p><blockquote type='cite' cite='mid:x@rrm.example'><p>Who trains?</p></blockquote><p>Die Kammer.</p>",
    keep=["Die Hälfte.", "Die Kammer.", "Which subsidies exist?"],
    review=False,
)
s(
    "yahoo-html",
    html="<div class='ydp123yahoo-style-wrap'><div>Sì, due programmi.</div></div><div id='ydp456yahoo_quoted_1' class='ydp456yahoo_quoted'><div><div>Il lunedì 5 maggio 2025 alle ore 10:04:00 CEST, Network Desk &lt;{A}&gt; ha scritto:</div><div><br></div><div>a municipality asks how others fund</div></div></div>",
    keep=["Sì, due programmi."],
    gone=["a municipality", "ha scritto"],
    review=False,
)
s(
    "gmx-html",
    html="<html><body><div style='font-family: Verdana'><div>Ja, zwei.</div><div>&nbsp;<div style='margin: 10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5; word-wrap: break-word;'><div style='margin:0 0 10px 0;'><b>Gesendet:</b>&nbsp;Montag, 05. Mai 2025 um 10:04 Uhr<br/><b>Von:</b>&nbsp;\"Network Desk\" &lt;{A}&gt;<br/><b>An:</b>&nbsp;desk@city.example<br/><b>Betreff:</b>&nbsp;Q</div><div name='quoted-content'>a municipality asks how others fund</div></div></div></div></body></html>",
    keep=["Ja, zwei."],
    gone=["a municipality", "Gesendet"],
    review=False,
)
s(
    "proton-html",
    html="<div>Yes, two.</div><div class='protonmail_signature_block'>Sent with Proton Mail.</div><div class='protonmail_quote'>On Monday, May 5th, 2025 at 10:04, Network Desk &lt;{A}&gt; wrote:<br><blockquote class='protonmail_quote' type='cite'>a municipality asks</blockquote></div>",
    keep=["Yes, two."],
    gone=["a municipality", "Sent with Proton"],
    review=False,
)
s(
    "zimbra-html",
    html="<div>Da, două.<br><hr id='zwchr' data-marker='__DIVIDER__'><div data-marker='__HEADERS__'><blockquote style='border-left:2px solid #1010FF;margin-left:5px;padding-left:5px'><b>De la: </b>Network Desk &lt;{A}&gt;<br><b>Către: </b>desk<br><b>Trimis: </b>Luni, 5 Mai, 2025 10:04:33<br><b>Subiect: </b>Q<br></blockquote></div><div data-marker='__QUOTED_TEXT__'><blockquote style='border-left:2px solid #1010FF'>a municipality asks</blockquote></div></div>",
    keep=["Da, două."],
    gone=["a municipality", "Trimis"],
    review=False,
)
s(
    "roundcube-html",
    html="<p>Da, dva programa.</p><div id='signature'>--<br>Ured</div><p id='reply-intro'>Dana 05.05.2025 10:04, Network Desk je napisao/la:</p><blockquote type='cite' style='padding:0 0.4em; border-left:#1010ff 2px solid; margin:0'><div>a municipality asks</div></blockquote>",
    keep=["Da, dva programa."],
    gone=["a municipality", "napisao"],
    review=False,
)
s(
    "samsung-html",
    html="<div dir='auto'>Ναι, δύο.</div><div dir='auto'><br></div><div id='composer_signature' dir='auto'><div style='font-size:12px;color:#575757'>Στάλθηκε από το Galaxy μου</div></div><div dir='auto'><br></div><div dir='auto'><!-- originalMessage --><div>-------- Αρχικό μήνυμα --------</div><div>Από: Network Desk &lt;{A}&gt; </div><div>Ημερομηνία: 5/5/25  10:04 π.μ.  (GMT+02:00) </div><div>Προς: desk@city.example </div><div>Θέμα: Q </div><div><br></div></div>a municipality asks",
    keep=["Ναι, δύο."],
    gone=["a municipality", "Στάλθηκε", "Αρχικό"],
    review=False,
)
s(
    "emclient-html",
    html="<div>Ja, zwei.</div><div>------ Originalnachricht ------</div><div>Von: \"Network Desk\" &lt;{A}&gt;</div><div>An: desk@city.example</div><div>Datum: 05.05.2025 10:04:33</div><div>Betreff: Q</div><div><br></div><div id='x1'><blockquote cite='mid:x' type='cite'>a municipality asks</blockquote></div>",
    keep=["Ja, zwei."],
    gone=["a municipality", "Datum"],
    review=False,
)
s(
    "notes-html",
    html="<span style='font-family:sans-serif;font-size:10pt'>Ja, zwei.</span><br><br><table><tr><td><font color=#5f5f5f>Von: </font></td><td>Network Desk &lt;{A}&gt;</td></tr><tr><td><font color=#5f5f5f>An: </font></td><td>desk@city.example</td></tr><tr><td><font color=#5f5f5f>Datum: </font></td><td>05.05.2025 10:04</td></tr><tr><td><font color=#5f5f5f>Betreff: </font></td><td>Q</td></tr></table><hr noshade>a municipality asks",
    keep=["Ja, zwei."],
    gone=["a municipality", "Datum"],
    review=False,
)
s(
    "mac-outlook-html",
    html="<div class='WordSection1'><p class='MsoNormal'>Ja, zwei.</p><div id='mail-editor-reference-message-container'><div><div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class='MsoNormal'><b>Von: </b>Network Desk &lt;{A}&gt;<br><b>Datum: </b>Montag, 5. Mai 2025 um 10:04<br><b>An: </b>desk<br><b>Betreff: </b>Q</p></div><p class='MsoNormal'>a municipality asks</p></div></div></div>",
    keep=["Ja, zwei."],
    gone=["a municipality", "Datum"],
    review=False,
)
s(
    "gmail-inline-html",
    html="<div dir='ltr'><div class='gmail_attr'>"
    + attr(H)
    + "</div><blockquote class='gmail_quote' style='border-left:1px solid #ccc'>Which subsidies exist?</blockquote><div>Half.</div><blockquote class='gmail_quote' style='border-left:1px solid #ccc'>Who trains?</blockquote><div>The chamber.</div></div>",
    keep=["Half.", "The chamber.", "Which subsidies exist?"],
    review=False,
)
s(
    "blockquote-as-indent",
    html="<p>Our rule:</p><blockquote style='margin:0 0 0 40px;border:none;padding:0'><p>Half of the wages are paid.</p></blockquote><p>Good luck.</p>",
    keep=["Half of the wages are paid.", "Good luck."],
    review=None,
)
s(
    "table-answer",
    html="<p>Here:</p><table><tr><th>Year</th><th>Places</th></tr><tr><td>2023</td><td>140</td></tr></table><div class='gmail_quote'><div class='gmail_attr'>"
    + attr(H)
    + "</div><blockquote class='gmail_quote'>a municipality asks</blockquote></div>",
    keep=["2023", "140"],
    gone=["a municipality"],
    review=False,
)
s(
    "unknown-client-div-quote",
    html="<div>Yes, two.</div><div class='reply-block'><div>"
    + attr(H)
    + "</div><div style='padding-left:10px'>a municipality asks</div></div>",
    keep=["Yes, two."],
    gone=["a municipality"],
    review=None,
)
s(
    "word-list",
    html="<div class=WordSection1><p class=MsoListParagraph style='mso-list:l0 level1'><![if !supportLists]><span>1.<span>&nbsp; </span></span><![endif]>First the form.</p><p class=MsoNormal>Then the firm.</p></div>",
    keep=["First the form.", "Then the firm."],
    review=False,
)
s(
    "html-emoji-img",
    html="<div><img alt='👍' src='cid:1'></div><div class='gmail_quote'><div class='gmail_attr'>"
    + attr(H)
    + "</div><blockquote class='gmail_quote'>a municipality asks</blockquote></div>",
    keep=["👍"],
    gone=["a municipality"],
    review=False,
)
s(
    "outlook-reaction",
    html="<div>City Expert reacted to your message:</div><div>👍</div>",
    plain="👍 City Expert reacted to your message:\n",
    keep=["👍"],
    review=None,
)
# text and html disagree
s(
    "plain-placeholder",
    plain="This message is in HTML format. Your client does not show it.",
    html="<p>We pay half of the wages, and the chamber trains the trainers in three evenings a year, which costs nothing for small firms in our city and region.</p>",
    keep=["We pay half of the wages"],
    review=None,
)
s("plain-empty", plain=" \n", html="<p>We pay half of the wages.</p>", keep=["We pay half of the wages."], review=None)
s(
    "html-empty",
    plain="We pay half of the wages.\n",
    html="<html><body><div></div></body></html>",
    keep=["We pay half of the wages."],
    review=None,
)
s(
    "plain-lost-quotes",
    plain="We pay half of the wages.\n\na municipality asks how others fund apprenticeships. Who trains the trainers?\n",
    html="<div>We pay half of the wages.</div><blockquote type='cite'>a municipality asks how others fund apprenticeships. Who trains the trainers?</blockquote>",
    keep=["We pay half of the wages."],
    gone=["a municipality asks"],
    review=None,
)
s(
    "html-cut-too-much",
    plain="We pay half.\n\n> Which subsidies exist?\n\nHalf of the wages in the first year, a third in the second, and nothing later; the firms know it and have agreed to it in writing with the chamber and the city and the schools.\n",
    html="<div>We pay half.</div><div class='yahoo_quoted'>Which subsidies exist?<div>Half of the wages in the first year, a third in the second, and nothing later; the firms know it and have agreed to it in writing with the chamber and the city and the schools.</div></div>",
    keep=["Half of the wages in the first year"],
    review=None,
)
# our marker
s("marker-line", plain="Yes.\n\na municipality asks how others fund\nref: {t}\n", keep=["Yes."], review=None)
s(
    "bottom-below-marker-unquoted",
    plain="From: Network Desk <{A}>\nSent: 5 May 2025 10:04\nTo: desk\nSubject: Q-2025-0042\n\na municipality asks how others fund\nref: {t}\n\nWe pay half of the wages.\n",
    keep=["We pay half of the wages."],
    review=None,
)
s(
    "quoted-with-pipe",
    plain="Yes, two.\n\nOn 5 May 2025 10:04, Network Desk wrote:\n| a municipality asks how others fund\n| Who trains the trainers?\n",
    keep=["Yes, two."],
    gone=GONE,
    review=None,
)
s(
    "quoted-initials",
    plain="Yes, two.\n\nND> a municipality asks how others fund\nND> Who trains the trainers?\n",
    keep=["Yes, two."],
    gone=GONE,
    review=None,
)
s(
    "orange-quoted-block",
    plain='Oui, deux.\n\n> Message du 05/05/25 10:04\n> De : "Network Desk" <{A}>\n> A : desk@city.example\n> Copie à :\n> Objet : Q-2025-0042\n>\n'
    + Q,
    keep=["Oui, deux."],
    gone=[*GONE, "Message du"],
    review=False,
)
s(
    "two-levels",
    plain="Thanks!\n\nAm 06.05.2025 um 09:00 schrieb Office <office@city.example>:\n> Yes, I agree.\n>\n> Am 05.05.2025 um 10:04 schrieb Network Desk <{A}>:\n>> a municipality asks how others fund\n",
    keep=["Thanks!"],
    gone=["I agree", "a municipality"],
    review=False,
)
s(
    "chain-unquoted",
    plain="I agree with Office.\n\nFrom: Office <office@city.example>\nSent: Tuesday, May 6, 2025 9:00 AM\nTo: City Desk <expert@city.example>\nSubject: FW: Q-2025-0042\n\nDear City Desk, can you answer?\n\nFrom: Network Desk <{A}>\nSent: Monday, May 5, 2025 10:04 AM\nTo: Office <office@city.example>\nSubject: Q-2025-0042\n\na municipality asks how others fund\n",
    keep=["I agree with Office."],
    gone=["a municipality", "can you answer"],
    review=False,
)
s(
    "long-own-1000-lines",
    plain="\n".join(f"Line {n} of our answer." for n in range(1000)) + "\n\n" + H + "\n" + Q,
    keep=["Line 0 of", "Line 999 of"],
    gone=GONE,
    review=False,
)
s(
    "postit-ps",
    plain="Yes.\n\nBest,\nCity Desk\n\nP.S. The form is on our site.\n\n" + H + "\n" + Q,
    keep=["Yes.", "P.S. The form"],
    gone=GONE,
    review=False,
)
s(
    "ps-below-sig",
    plain="Yes.\n\n-- \nCity Desk\nCity\n\nPS: the form is at the chamber, ask for Office and take the green one.\n\n"
    + H
    + "\n"
    + Q,
    keep=["Yes."],
    gone=GONE,
    review=None,
)
s(
    "ticket-system-quote",
    plain="##- Please type your reply above this line -##\n\nYes, we run two programmes.\n\nNetwork Desk, May 5, 2025, 10:04:\na municipality asks how others fund\n",
    keep=["Yes, we run two programmes."],
    review=None,
)
s(
    "reply-above-line-used",
    plain="Yes, we run two programmes.\n\n--- Reply above this line ---\na municipality asks how others fund\n",
    keep=["Yes, we run two programmes."],
    review=None,
)
s(
    "rtl-reply",
    plain="נכון, יש לנו שתי תוכניות.\nתודה\n\n\u202bבתאריך יום ב׳, 5 במאי 2025 ב-10:04 מאת \u202aNetwork Desk\u202c\u200f <\u202a{A}\u202c\u200f>:\u202c\n\n"
    + Q,
    keep=["נכון"],
    gone=GONE,
    review=False,
)
s(
    "nbsp-attribution",
    plain="Oui.\n\nLe\u00a05\u00a0mai\u00a02025 à\u00a010:04, Network\u00a0Desk\u00a0<{A}> a écrit\u00a0:\n\n" + Q,
    keep=["Oui."],
    gone=[*GONE, "écrit"],
    review=False,
)
s(
    "narrow-nbsp-time",
    plain="Yes.\n\nOn May 5, 2025, at 10:04\u202fAM, Network Desk <{A}> wrote:\n\n" + Q,
    keep=["Yes."],
    gone=[*GONE, "wrote"],
    review=False,
)
s(
    "mailto-attr",
    plain="Yes.\n\nOn 5 May 2025, at 10:04, Network Desk <{A}<mailto:{A}>> wrote:\n\na municipality asks how others fund\n",
    keep=["Yes."],
    gone=GONE[:1],
    review=None,
)
# words in front of the header, on its own line
s("shared-line", plain="We lease them. " + H + "\n" + Q, keep=["We lease them."], gone=[*GONE, "wrote:"], review=False)
s(
    "shared-line-below-another",
    plain="Dear colleague,\nwe lease them - all of them--- " + H + "\n" + Q,
    keep=["Dear colleague,", "we lease them - all of them"],
    gone=[*GONE, "wrote:"],
    review=False,
)
s(
    "shared-line-wrapped-it",
    plain="Li prendiamo a noleggio. Il giorno lun 5 mag 2025 alle ore 10:04 Network Desk\n<{A}> ha scritto:\n\n" + Q,
    keep=["Li prendiamo a noleggio."],
    gone=[*GONE, "ha scritto"],
    review=False,
)
s(
    "shared-line-tr",
    plain="Kamyonları kiralıyoruz. 5 May 2025 Pzt 10:04 tarihinde Network Desk <{A}> şunu yazdı:\n" + Q,
    keep=["Kamyonları kiralıyoruz."],
    gone=[*GONE, "yazdı"],
    review=False,
)
s(
    "sentence-on-a-date-above-a-quote",
    plain="On 4 May 2025 the council said at 10:00 that it pays.\n\n" + H + "\n" + Q,
    keep=["On 4 May 2025 the council said at 10:00 that it pays."],
    gone=GONE,
    review=False,
)
# headers torn over lines, or without their colon
s(
    "header-in-three",
    plain="Yes.\n\nOn May 5, 2025,\nat 10:04,\nNetwork Desk <{A}> wrote:\n\n" + Q,
    keep=["Yes."],
    gone=[*GONE, "On May 5"],
    review=False,
)
s(
    "address-torn-open",
    plain="Yes.\n\nOn May 5, 2025, at 10:04 AM, Network Desk <\n{A}>\nwrote:\n\na municipality asks how others fund\n",
    keep=["Yes."],
    gone=[*GONE[:1], "Network Desk"],
    review=False,
)
s(
    "no-colon",
    plain="Yes.\n\nOn Mon, 5 May 2025 10:04:12 +0200 Network Desk <{A}> wrote\n\na municipality asks how others fund\n",
    keep=["Yes."],
    gone=[*GONE[:1], "wrote"],
    review=False,
)
s("dashed-name", plain="Yes.\n\n---- Network Desk wrote ----\n\n" + Q, keep=["Yes."], gone=[*GONE, "wrote"], review=False)
s(
    "dashed-reply-message",
    plain="Ja.\n\n-----Antwort Nachricht-----\n\na municipality asks how others fund\n",
    keep=["Ja."],
    gone=[*GONE[:1], "Nachricht"],
    review=False,
)
s(
    "dashed-heading-of-ones-own",
    plain="Two things.\n\n----- Reply to the second message -----\n\nThe firm pays the wages.\n",
    keep=["Two things.", "The firm pays the wages."],
    review=False,
)
s("you-wrote", plain="Yes.\n\nOn May 5, 2025 you wrote:\n\na municipality asks how others fund\n", keep=["Yes."], review=True)
s(
    "from-on-two-lines",
    plain="Yes.\n\nFrom: The Desk of the Whole Network\n<{A}>\nSent: Monday, May 5, 2025 10:04 AM\nTo: Office\n"
    "Subject: A question\n\na municipality asks how others fund\n",
    keep=["Yes."],
    gone=[*GONE[:1], "Sent:"],
    review=False,
)
s(
    "from-with-torn-mailto",
    plain="Yes.\n\n  *From:* Network Desk [mailto:\n  {A}]\n  *Sent:* Monday, May 5, 2025 10:04 AM\n  *To:* Office\n"
    "  *Subject:* A question\n\na municipality asks how others fund\n",
    keep=["Yes."],
    gone=[*GONE[:1], "Sent:"],
    review=False,
)
# what gateways and phones add
s(
    "gateway-warning",
    plain="CAUTION: this e-mail came from outside the city. Do not click links unless you know the sender.\n\nWe pay half.\n\n"
    + H + "\n" + Q,
    keep=["We pay half."],
    gone=[*GONE, "CAUTION"],
    review=False,
)  # fmt: skip
s(
    "rare-sender-tip",
    plain="[Non si ricevono spesso messaggi da {A}. Scopri perché è importante: https://aka.ms/LearnAboutSenderIdentification ]\n\n"
    "Paghiamo la metà.\n\n" + H + "\n" + Q,
    keep=["Paghiamo la metà."],
    gone=[*GONE, "LearnAbout"],
    review=False,
)
s(
    "attention-of-ones-own",
    plain="Attention: an external partner writes the e-mail course for us.\n\nIt costs 300 euro.\n\n" + H + "\n" + Q,
    keep=["Attention: an external partner", "It costs 300 euro."],
    gone=GONE,
    review=False,
)
s(
    "dash-for-hyphens",
    plain="We pay half.\n\n—\nTraining office\nProvince of Example\n\n" + H + "\n" + Q,
    keep=["We pay half."],
    gone=[*GONE, "Province of Example"],
    review=False,
)
s(
    "dash-between-paragraphs",
    plain="We pay half.\n\n—\nThe firm pays the rest, as the law says.\n\n" + H + "\n" + Q,
    keep=["We pay half.", "The firm pays the rest"],
    gone=GONE,
    review=False,
)
s(
    "sent-from-a-sentence",
    plain="Forms are filled in there.\n\nSent from my desk, is what the mayor calls a form that came by mail.\n\n" + H + "\n" + Q,
    keep=["Sent from my desk, is what"],
    gone=GONE,
    review=False,
)
s(
    "disclaimer-with-heading-and-scanner",
    plain="We pay half.\n\nDisclaimer\n\nThe information in this communication is confidential and intended solely for its recipient. "
    "If it reached you in error, delete it.\n\nThis e-mail has been scanned for viruses and malware by the gateway of the province, "
    "which archives it, too.\n",
    keep=["We pay half."],
    gone=["Disclaimer", "confidential", "scanned"],
    review=False,
)
s(
    "quote-marks-as-letters-in-html",
    html="<div>Paghiamo la metà.<br><br>&gt; Subject: A question<br>&gt; From: {A}<br>&gt; Date: Mon, 5 May 2025 10:04:22 +0200<br>"
    "&gt; <br>&gt; a municipality asks how others fund<br>&gt; Who trains the trainers?</div>",
    keep=["Paghiamo la metà."],
    gone=[*GONE, "Subject:"],
    review=False,
)
for code, line in {
    "apple-watch-fr": "Envoyé de mon Apple Watch",
    "outlook-android-fr": "Obtenir Outlook pour Android<https://aka.ms/AAb9ysg>",
    "outlook-ios-tr": "iOS için Outlook’u edinin<https://aka.ms/o0ukef>",
    "yahoo-en": "Yahoo Mail: Search, organise, conquer",
    "k9-it": "Inviato dal mio dispositivo Android con K-9 Mail. Perdonate la brevità.",
    "galaxy-hr": "Poslano s mog Galaxy uređaja",
    "galaxy-ro": "Trimis de pe Galaxy-ul meu",
    "picture-outlook": "[cid:image001.png@01DAF]",
    "picture-gmail": "[image: Logo of the city]",
    "print-en": "Please consider the environment before printing this e-mail.",
    "print-it": "Prima di stampare, pensa all'ambiente.",
    "print-it-needed": "Non stampare questa e-mail se non è necessario.",
    "print-es": "Antes de imprimir este correo, piense en el medio ambiente.",
    "print-fr": "Pensez à l'environnement avant d'imprimer ce message.",
    "print-el": "Παρακαλώ σκεφτείτε το περιβάλλον πριν εκτυπώσετε αυτό το μήνυμα.",
    "print-ro": "Gândiți-vă la mediul înconjurător înainte de a lista acest mesaj. Listați numai dacă este nevoie.",
    "print-hr": "Razmislite o okolišu prije ispisa ove poruke.",
    "print-tr": "Bu e-postayı yazdırmadan önce çevreyi düşünün.",
    "disclaimer-tr": "Bu e-posta ve ekleri gizli bilgiler içerebilir. Mesajın yetkili alıcısı değilseniz lütfen mesajı siliniz.",
    "disclaimer-hr": "Ova poruka i njeni privitci namijenjeni su isključivo primatelju. Ako ste je primili greškom, izbrišite je.",
    "disclaimer-es": "Este mensaje va dirigido exclusivamente a su destinatario y es confidencial. Si no es el destinatario, bórrelo.",
}.items():
    s(
        "below-" + code,
        plain="Yes, we do.\n\n" + line + "\n\n" + H + "\n" + Q,
        keep=["Yes, we do."],
        gone=[*GONE, line],
        review=False,
    )
s(
    "warning-tr",
    plain="DİKKAT: Bu e-posta kurum dışından gönderilmiştir. Tanımadığınız bağlantılara tıklamayınız.\n\nEvet.\n\n"
    + H
    + "\n"
    + Q,
    keep=["Evet."],
    gone=[*GONE, "DİKKAT"],
    review=False,
)
s(
    "roundcube-signature",
    html="<p>Da.</p><div id='signature'>--<br>Serviciul Spații Verzi</div><p id='reply-intro'>Pe 05.05.2025 10:04, Network Desk a scris:</p>"
    + QH,
    keep=["Da."],
    gone=[*GONE, "Serviciul"],
    review=False,
)
s(
    "passed-on-el",
    plain="Σας προωθώ την απάντηση της υπηρεσίας.\n\nΑπό: Υπηρεσία <ypiresia@dimos.example>\nΣτάλθηκε: Τρίτη, 6 Μαΐου 2025 10:50\nΠρος: Γραφείο <grafeio@dimos.example>\nΘέμα: ΑΠ: Q\n\nΦυτεύουμε ελιές.\n",
    keep=["Φυτεύουμε ελιές."],
    review=True,
)
s(
    "reaction-outlook-it",
    plain="👍 Ufficio Verde ha reagito al tuo messaggio:\n\n" + H + "\n" + Q,
    keep=["👍"],
    gone=["reagito"],
    review=False,
)
for code, told in {
    "en": "Sent from Yahoo Mail on Android \n \n  On Mon, May 5, 2025 at 10:04, Network Desk<{A}> wrote:   ",
    "it": "Inviato da Yahoo Mail su Android \n \n  Il lun, 5 mag 2025 alle 10:04, Network Desk<{A}> ha scritto:   ",
}.items():
    letter = "Dear all,\na municipality asks how others fund apprenticeships.\nWho trains the trainers?\n"
    s(
        "letter-on-the-line-of-its-header-" + code,
        plain="We pay half.\n\n" + told + letter,
        keep=["We pay half."],
        gone=[*GONE, "Dear all"],
        review=False,
    )
s(
    "between-the-lines-es",
    plain="Respondo entre líneas.\n\nDe: Network Desk <{A}>\nEnviado: lunes, 5 de mayo de 2025 10:04\nPara: Parques\nAsunto: Q-2025-0042\n\n¿Quién paga?\n[PJ] El ayuntamiento.\n",
    keep=["El ayuntamiento."],
    review=True,
)
s(
    "above-and-below-in-one-piece",
    plain="Kısa yanıt: evet.\n\n" + H + "\n" + Q + "\n\nUzun yanıt sitemizde.\n",
    keep=["Kısa yanıt: evet.", "Uzun yanıt sitemizde."],
    review=True,
)
for code, line in {
    "it-in-the-middle": "Messaggio proveniente da un mittente ESTERNO all'ente: prestare attenzione a link e allegati.",
    "el-capitals": "ΠΡΟΣΟΧΗ: Αυτό το μήνυμα προέρχεται από εξωτερικό αποστολέα. Μην ανοίγετε συνδέσμους ή συνημμένα.",
    "ro-bare": "ATENTIE: Acest mesaj provine din afara organizatiei. Nu deschideti atasamente.",
}.items():
    s(
        "warning-" + code,
        plain=line + "\n\nYes, we do.\n\n" + H + "\n" + Q,
        keep=["Yes, we do."],
        gone=[*GONE, line],
        review=False,
    )
# ticket systems, adverts of apps, headers that lost their line breaks
LETTER = Q.replace("> ", "")
for code, line in {
    "en": "##- Please type your reply above this line -##",
    "fr": "=-=-= Pour répondre par courriel, écrivez au-dessus de cette ligne =-=-=",
    "es": "##- Por favor, escriba su respuesta por encima de esta línea -##",
    "de": "-- Bitte schreiben Sie Ihre Antwort über diese Linie --",
    "bare": "Reply above this line.",
}.items():
    s("above-" + code, plain="Yes, we do.\n\n" + line + "\n\n" + LETTER, keep=["Yes, we do."], gone=[*GONE, line], review=False)
ABOVE = "Residents write their number above this line on the lid, and write the day, too."
s("above-in-a-sentence", plain=ABOVE + "\nThe lids are brown.\n\n" + H + "\n" + Q, keep=[ABOVE, "The lids are brown."], gone=GONE, review=False)
ONE_LINE = "From: Network Desk <{A}> Sent: 5 May 2025 10:04 To: City Expert <expert@city.example> Subject: Q-2025-0042"
s("header-in-one-line", plain="Yes, we do.\n\n" + ONE_LINE + "\n\n" + LETTER, keep=["Yes, we do."], gone=GONE, review=False)
s(
    "labels-in-a-sentence",
    plain="From: the school, To: the firm, Subject: the contract. So the letter goes.\n\n" + H + "\n" + Q,
    keep=["So the letter goes."],
    gone=GONE,
    review=False,
)
for code, line in {"via": "Sent via Superpost ( https://post.example )", "from": "Sent from Postbird [https://bird.example]"}.items():
    s("advert-" + code, plain="Yes, we do.\n\n" + line + "\n\n" + H + "\n" + Q, keep=["Yes, we do."], gone=[*GONE, line], review=False)
s(
    "signature-section",
    html="<div name='messageBodySection'>Yes, we do.</div><div name='messageSignatureSection'>City Office</div>"
    "<div name='messageReplySection'>" + H.replace("<", "&lt;").replace(">", "&gt;") + QH + "</div>",
    keep=["Yes, we do."],
    gone=[*GONE, "City Office"],
    review=False,
)
