"""Mails of every kind, above all those that no header gives away, and people who merely talk of such things.

`CASES` holds (name, case). `thread`: it answers one of our letters; `away` the last day of absence it states; `rcpt`, `hard`,
`delayed`, `status` what a bounce reports (None: not asked). Written before the code was tried on them.
"""

CASES = []


def k(
    name,
    kinds,
    body,
    *,
    subject="Re: Q-2025-0042",
    sender="City Expert <expert@city.example>",
    thread=True,
    headers=None,
    away=None,
    rcpt=None,
    hard=None,
    delayed=None,
    status=None,
    raw=None,
    review=None,
    date="Mon, 05 May 2025 10:04:00 +0000",
    held=None,
):
    CASES.append(
        (
            name,
            dict(
                kinds=kinds if isinstance(kinds, tuple) else (kinds,),
                body=body,
                subject=subject,
                sender=sender,
                thread=thread,
                headers=headers or {},
                away=away,
                rcpt=rcpt,
                hard=hard,
                delayed=delayed,
                status=status,
                raw=raw,
                review=review,
                date=date,
                held=held,
            ),
        )
    )


AR = "auto-reply"
# --- absences with no headers
k(
    "ooo-en",
    AR,
    "Thank you for your message. I am out of the office until 16 May 2025 with no access to e-mail. In urgent cases please contact desk@city.example.\n\nCity Desk",
    subject="Automatic reply: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-en-2",
    AR,
    "Hi,\n\nI'm on annual leave from 3 May to 12 May 2025 inclusive. I will reply on my return.\n\nBest,\nCity Desk",
    subject="Out of office: Q-2025-0042",
    away="2025-05-12",
)
k(
    "ooo-en-back",
    AR,
    "I am currently away and will be back on Monday, May 19th. Your mail will not be forwarded.",
    subject="Re: Q-2025-0042",
    away="2025-05-18",
)
k(
    "ooo-de",
    AR,
    "Sehr geehrte Damen und Herren,\n\nvielen Dank für Ihre Nachricht. Ich bin bis einschließlich 16.05.2025 nicht im Büro. Ihre E-Mail wird nicht weitergeleitet.\n\nMit freundlichen Grüßen",
    subject="Automatische Antwort: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-de-2",
    AR,
    "Guten Tag,\n\nich bin derzeit im Urlaub und ab dem 19. Mai wieder erreichbar.\n\nIn dringenden Fällen wenden Sie sich bitte an desk@city.example.",
    subject="Abwesenheitsnotiz Re: Q-2025-0042",
    away="2025-05-18",
)
k(
    "ooo-fr",
    AR,
    "Bonjour,\n\nJe suis absente du bureau du 5 au 16 mai 2025 inclus. En cas d'urgence, merci de contacter desk@city.example.\n\nCordialement",
    subject="Réponse automatique : Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-fr-2",
    AR,
    "Bonjour,\nJe suis actuellement en congés jusqu'au 12/05/2025. Je prendrai connaissance de votre message à mon retour.",
    subject="Re: Q-2025-0042",
    away="2025-05-12",
)
k(
    "ooo-it",
    AR,
    "Gentile utente,\nsono fuori ufficio fino al 16 maggio 2025. Per urgenze contattare desk@city.example.\nCordiali saluti",
    subject="Risposta automatica: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-it-2",
    AR,
    "Buongiorno, sono in ferie e rientrerò il 19/05. Leggerò la sua mail al mio rientro.",
    subject="Re: Q-2025-0042",
    away="2025-05-18",
)
k(
    "ooo-es",
    AR,
    "Buenos días:\n\nEstaré fuera de la oficina hasta el 16 de mayo. Para asuntos urgentes, escriba a desk@city.example.\n\nUn saludo",
    subject="Respuesta automática: Q-2025-0042",
    away="2025-05-16",
)
k("ooo-es-2", AR, "Hola, estoy de vacaciones y vuelvo el lunes 19 de mayo de 2025. Responderé a mi regreso.", away="2025-05-18")
k(
    "ooo-el",
    AR,
    "Καλησπέρα σας,\n\nΘα απουσιάζω με άδεια έως και 16/5/2025. Για επείγοντα θέματα απευθυνθείτε στο desk@city.example.\n\nΜε εκτίμηση",
    subject="Αυτόματη απάντηση: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-el-2",
    AR,
    "Βρίσκομαι εκτός γραφείου μέχρι τις 16 Μαΐου. Θα επικοινωνήσω μαζί σας με την επιστροφή μου.",
    away="2025-05-16",
)
k(
    "ooo-ro",
    AR,
    "Bună ziua,\n\nSunt în concediu până la data de 16.05.2025. Pentru urgențe vă rog să scrieți la desk@city.example.\n\nCu stimă",
    subject="Răspuns automat: Q-2025-0042",
    away="2025-05-16",
)
k("ooo-ro-2", AR, "Mă aflu în concediu de odihnă și revin la birou în 19 mai 2025.", away="2025-05-18")
k(
    "ooo-hr",
    AR,
    "Poštovani,\n\nna godišnjem sam odmoru do 16. svibnja 2025. Za hitne slučajeve obratite se na desk@city.example.\n\nSrdačan pozdrav",
    subject="Automatski odgovor: Q-2025-0042",
    away="2025-05-16",
)
k("ooo-hr-2", AR, "Trenutno nisam u uredu. Vraćam se 19.5.2025.", away="2025-05-18")
k(
    "ooo-tr",
    AR,
    "Merhaba,\n\n16 Mayıs 2025 tarihine kadar yıllık izindeyim. Acil durumlarda desk@city.example adresine yazabilirsiniz.",
    subject="Otomatik Yanıt: Q-2025-0042",
    away="2025-05-16",
)
k("ooo-tr-2", AR, "Ofis dışındayım, 19.05.2025 tarihinde döneceğim.", away="2025-05-18")
k(
    "ooo-pl",
    AR,
    "Dzień dobry,\n\nw dniach 5-16 maja 2025 przebywam na urlopie. W pilnych sprawach proszę o kontakt: desk@city.example.",
    subject="Automatyczna odpowiedź: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-pt",
    AR,
    "Bom dia,\n\nestou ausente do escritório até 16 de maio de 2025. Em caso de urgência contacte desk@city.example.",
    subject="Resposta automática: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-nl",
    AR,
    "Goedendag,\n\nIk ben afwezig tot en met 16 mei 2025. Voor dringende zaken: desk@city.example.",
    subject="Automatisch antwoord: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-sv",
    AR,
    "Hej!\n\nJag är på semester till och med den 16 maj 2025. Vid brådskande ärenden kontakta desk@city.example.",
    subject="Autosvar: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-fi",
    AR,
    "Hei,\n\nolen lomalla 16.5.2025 asti. Kiireellisissä asioissa ottakaa yhteyttä desk@city.example.",
    subject="Automaattinen vastaus: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-hu",
    AR,
    "Tisztelt Címzett!\n\n2025. május 16-ig szabadságon vagyok. Sürgős esetben: desk@city.example.",
    subject="Automatikus válasz: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-cs",
    AR,
    "Dobrý den,\n\ndo 16. 5. 2025 čerpám dovolenou. V naléhavých případech pište na desk@city.example.",
    subject="Automatická odpověď: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-bg",
    AR,
    "Здравейте,\n\nв отпуск съм до 16.05.2025 г. При спешност пишете на desk@city.example.",
    subject="Автоматичен отговор: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-ru",
    AR,
    "Здравствуйте!\n\nЯ нахожусь в отпуске до 16 мая 2025 г. По срочным вопросам пишите на desk@city.example.",
    subject="Автоматический ответ: Q-2025-0042",
    away="2025-05-16",
)
k(
    "ooo-da",
    AR,
    "Hej,\n\nJeg holder ferie til og med den 16. maj 2025.",
    subject="Automatisk svar: Q-2025-0042",
    away="2025-05-16",
)
k("ooo-iso", AR, "I am out of the office until 2025-05-16.", subject="OOO Re: Q-2025-0042", away="2025-05-16")
k(
    "ooo-range-dash",
    AR,
    "I am out of office 05/05/2025 - 16/05/2025. Please contact my colleague.",
    subject="Out of Office",
    away="2025-05-16",
)
k("ooo-us-date", AR, "I will be out of the office until 05/16/2025.", subject="Automatic reply: Q", away="2025-05-16")
k("ooo-header-only", AR, "Danke, ich melde mich.", headers={"Auto-Submitted": "auto-replied"})
k("ooo-x-autoreply", AR, "On leave until 16.05.2025", headers={"X-Autoreply": "yes"}, away="2025-05-16")
k(
    "ooo-left-org",
    AR,
    "I no longer work at the City of Example. Please write to desk@city.example.",
    subject="Automatic reply: Q-2025-0042",
)
k("ooo-parental", AR, "I am on parental leave until 1 September 2025.", subject="Automatic reply: Q", away="2025-09-01")
# --- people who talk of such things
R = "reply"
k(
    "human-holidays",
    R,
    "In our city all schools are closed in August because of the holidays, so the courses start in September. Teachers on leave are replaced by trainers of the chamber. Please see the list on our site.",
)
k(
    "human-leave-answer",
    R,
    "Parents on parental leave get 60 % of the wages for fourteen weeks. The city adds ten percent. The employer must be told eight weeks before.",
)
k(
    "human-bounce",
    R,
    "We had the same trouble: every third letter came back undeliverable because the mailbox was full. We now call people first, and that works well.",
)
k(
    "human-ticket",
    R,
    "Our ticket system gives every citizen a ticket number and a date by which we answer. It cost 12,000 euro and took half a year to build.",
)
k("human-vacation-short", (R,), "Yes. We do that every year, also during vacation.")
k(
    "human-away-and-answer",
    (R,),
    "Yes, two programmes, see the table on our site; the first has 90 places and the second 50. By the way, I am on leave from tomorrow until 16 May, ask Office meanwhile.",
    held="It speaks of an absence, but it may hold an answer, too.",
)
k(
    "human-unsubscribe-topic",
    R,
    "People can unsubscribe from our city newsletter with one click; please tell your members that the law asks for it.",
)
k(
    "human-stop-topic",
    R,
    "Stop signs are set by the police; please remove me from the list of experts for traffic, that is not my field. But for bus stops: the city decides.",
)
k(
    "human-automatic-topic",
    R,
    "The automatic reply of our office names the deputy. We wrote the text together with the staff council.",
)
k(
    "human-received",
    R,
    "We have received your request and discussed it in the team: the city pays half of the wages in the first year, and the chamber a third.",
)
k("human-el-adeia", R, "Η άδεια μητρότητας διαρκεί δεκαεπτά εβδομάδες και πληρώνεται από το ταμείο. Ο δήμος δεν προσθέτει κάτι.")
k(
    "human-question-about-bounce",
    "question",
    "How do other cities deal with letters that come back as undeliverable? We send 12,000 a year.",
    subject="Undelivered letters",
    thread=False,
)
k(
    "human-question-failure",
    "question",
    "What do you do when delivery of meals to schools fails?",
    subject="Delivery failure of school meals",
    thread=False,
)
k(
    "human-question-vacation",
    "question",
    "Which cities pay for vacation courses for children?",
    subject="Vacation courses",
    thread=False,
)
k("human-question-absence", "question", "How do cities deal with absence of staff?", subject="Absence management", thread=False)
k("human-question-urlaub", "question", "Wie regeln andere Städte den Urlaub in Kitas?", subject="Urlaub", thread=False)
k(
    "human-question-ticket",
    "question",
    "Do other cities sell a ticket for all museums? What does it cost?",
    subject="Ticket 12345 for museums",
    thread=False,
)
k("human-thanks", R, "Thank you for your message. We do that with the chamber, they train the trainers.")
k("human-danke-anfrage", R, "Vielen Dank für Ihre Anfrage. Wir zahlen die Hälfte der Löhne im ersten Jahr, danach ein Drittel.")
k("human-confirm", R, "I confirm that you are right: the deadline is 16 May 2025, the form is at https://city.example/form.")
k("human-noreply-topic", R, "Please do not reply to this number by phone, use the form. The city pays half.")
# --- ticket robots
ACK = "acknowledgement"
k(
    "ack-otrs",
    ACK,
    "Dear customer,\n\nthank you for your request. It was registered under ticket number 2025050510000012. We will answer as soon as possible.",
    subject="[Ticket#2025050510000012] RE: Q-2025-0042",
    sender="support@city.example",
    headers={"Auto-Submitted": "auto-replied"},
)
k(
    "ack-zendesk",
    ACK,
    "##- Please type your reply above this line -##\n\nYour request (4711) has been received and is being reviewed by our support staff.\n\nTo add additional comments, reply to this email.",
    subject="[Request received] Q-2025-0042",
    sender="support@city.example",
    headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
)
k(
    "ack-jira",
    ACK,
    "—-—-—-—\nReply above this line.\n\nJust confirming that we got your request. We're on it.\nYour request DESK-4711 has been created.",
    subject="DESK-4711 Q-2025-0042",
    sender="jira@city.example",
    headers={"Auto-Submitted": "auto-generated"},
)
k(
    "ack-de",
    ACK,
    "Sehr geehrte Damen und Herren,\n\nIhre Anfrage ist bei uns eingegangen und wurde unter der Vorgangsnummer 4711-25 registriert. Dies ist eine automatisch generierte E-Mail, bitte antworten Sie nicht auf diese Nachricht.",
    subject="Eingangsbestätigung",
    sender="buergerservice@city.example",
)
k(
    "ack-it-protocollo",
    ACK,
    "La sua richiesta è stata protocollata con numero di protocollo 4711/2025. Messaggio generato automaticamente, non rispondere.",
    subject="Protocollo n. 4711/2025",
    sender="protocollo@city.example",
)
k(
    "ack-fr",
    ACK,
    "Bonjour,\nNous avons bien reçu votre message et nous vous répondrons dans les meilleurs délais. Ceci est un message automatique, merci de ne pas répondre.",
    subject="Accusé de réception",
    sender="contact@city.example",
)
k(
    "ack-el",
    ACK,
    "Το μήνυμά σας παραλήφθηκε και έλαβε αριθμό πρωτοκόλλου 4711. Αυτό είναι αυτόματο μήνυμα.",
    subject="Επιβεβαίωση λήψης",
    sender="protocol@city.example",
)
k(
    "ack-ro",
    ACK,
    "Solicitarea dumneavoastră a fost înregistrată cu numărul 4711. Acesta este un mesaj automat.",
    subject="Confirmare de primire",
    sender="registratura@city.example",
)
k(
    "ack-hr",
    ACK,
    "Vaš upit je zaprimljen pod brojem 4711. Ovo je automatska poruka.",
    subject="Potvrda primitka",
    sender="pisarnica@city.example",
)
k(
    "ack-tr",
    ACK,
    "Talebiniz 4711 numarası ile kaydedilmiştir. Bu otomatik bir mesajdır, lütfen yanıtlamayınız.",
    subject="Talebiniz alındı",
    sender="destek@city.example",
)
k(
    "ack-es",
    ACK,
    "Hemos recibido su solicitud con número de registro 4711. Este es un mensaje automático.",
    subject="Acuse de recibo",
    sender="registro@city.example",
)
k(
    "ack-pl",
    ACK,
    "Twoje zgłoszenie zostało zarejestrowane pod numerem 4711. Wiadomość wygenerowana automatycznie, prosimy nie odpowiadać.",
    subject="Potwierdzenie przyjęcia zgłoszenia",
    sender="bok@city.example",
)
k(
    "ack-servicenow",
    ACK,
    "Your case CS0004711 has been opened. Short description: Q-2025-0042\n\nRef:MSG0004711",
    subject="Case CS0004711 opened",
    sender="city@service-now.example",
    headers={"X-ServiceNow-Generated": "true"},
)
# --- please stop
U = "unsubscribe"
for code, text in {
    "en": "Please stop writing to me.",
    "en2": "Unsubscribe",
    "en3": "Remove me from your list, please.\n\nCity Desk",
    "de": "Bitte schreiben Sie mir nicht mehr.",
    "de2": "Bitte löschen Sie mich aus Ihrem Verteiler.",
    "fr": "Merci de ne plus m'écrire.",
    "fr2": "Veuillez me désinscrire de cette liste.",
    "it": "Per favore non scrivetemi più.",
    "it2": "Vi prego di cancellarmi dalla lista.",
    "es": "Por favor, no me escriban más.",
    "es2": "Quiero darme de baja.",
    "el": "Παρακαλώ μη μου ξαναστέλνετε.",
    "el2": "Παρακαλώ διαγράψτε με από τη λίστα.",
    "ro": "Vă rog să nu-mi mai scrieți.",
    "ro2": "Doresc să mă dezabonez.",
    "hr": "Molim vas, nemojte mi više pisati.",
    "hr2": "Molim da me uklonite s popisa.",
    "tr": "Lütfen bana artık yazmayın.",
    "tr2": "Beni listeden çıkarın lütfen.",
}.items():
    k("stop-" + code, U, text)
# --- receipts, reports
MDN = "Content-Type: multipart/report; report-type=disposition-notification; boundary=XX"
k(
    "mdn",
    "read-receipt",
    None,
    raw=MDN
    + "\n\n--XX\nContent-Type: text/plain\n\nYour message was read.\n--XX\nContent-Type: message/disposition-notification\n\nReporting-UA: city.example; Mail\nFinal-Recipient: rfc822;expert@city.example\nOriginal-Message-ID: <letter@rrm.example>\nDisposition: manual-action/MDN-sent-manually; displayed\n--XX--\n",
    subject="Read: Q-2025-0042",
)
k(
    "mdn-deleted-unread",
    "read-receipt",
    None,
    raw=MDN
    + "\n\n--XX\nContent-Type: text/plain\n\nYour message was deleted without being read.\n--XX\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;expert@city.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n--XX--\n",
    subject="Not read: Q-2025-0042",
)
k(
    "mdn-text-only",
    "read-receipt",
    "Your message\n\n   To: City Expert\n   Subject: Q-2025-0042\n   Sent: Monday, May 5, 2025 10:04:00 AM\n\nwas read on Monday, May 5, 2025 11:00:00 AM.",
    subject="Read: Q-2025-0042",
)
k(
    "mdn-de-text",
    "read-receipt",
    "Ihre Nachricht\n\n   An: City Expert\n   Betreff: Q-2025-0042\n   Gesendet: Montag, 5. Mai 2025 10:04\n\nwurde am Montag, 5. Mai 2025 11:00 gelesen.",
    subject="Gelesen: Q-2025-0042",
)
k(
    "arf",
    "complaint",
    None,
    raw="Content-Type: multipart/report; report-type=feedback-report; boundary=XX\n\n--XX\nContent-Type: text/plain\n\nThis is an email abuse report.\n--XX\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Yahoo!-Mail-Feedback/2.0\nVersion: 1\n--XX\nContent-Type: message/rfc822\n\nFrom: questions@rrm.example\nSubject: Q\n\nhi\n--XX--\n",
    sender="feedback@arf.mail.example",
    subject="FW: Q-2025-0042",
    thread=False,
)
k(
    "list",
    "list",
    "The newsletter of May.",
    subject="[Net] News",
    thread=False,
    headers={"List-Id": "<net.lists.example>", "List-Unsubscribe": "<mailto:x@lists.example>"},
)
k(
    "newsletter-no-listid",
    "list",
    "Our offers this week!\n\nUnsubscribe here: https://shop.example/u",
    subject="Offers",
    thread=False,
    headers={"Precedence": "bulk"},
)
k(
    "challenge",
    (AR,),
    "Your message is being held. To have your message delivered please confirm that you are human: https://cr.example/x",
    subject="Re: Q-2025-0042",
)
k(
    "challenge-boxbe",
    (AR,),
    'Hello,\n\nYour message about "Q-2025-0042" was waitlisted. Please add yourself to my Guest List so your messages will be delivered to my Inbox. Use the link below.\nhttps://boxbe.example/x',
    subject="Re: Q-2025-0042 (Action Required)",
    sender="expert@city.example",
)
# --- bounces in prose
B = "bounce"
D = "MAILER-DAEMON@mx.city.example"


def b(name, body, *, subject, sender=D, rcpt=("expert@city.example",), hard=True, delayed=False, **kw):
    k("bounce-" + name, B, body, subject=subject, sender=sender, thread=False, rcpt=rcpt, hard=hard, delayed=delayed, **kw)


b(
    "postfix-text",
    "This is the mail system at host mx.city.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\n<expert@city.example>: host mail.city.example[192.0.2.1] said: 550 5.1.1\n    <expert@city.example>: Recipient address rejected: User unknown in virtual\n    mailbox table (in reply to RCPT TO command)",
    subject="Undelivered Mail Returned to Sender",
    status="5.1.1",
)
b(
    "postfix-delay",
    "This is the mail system at host mx.city.example.\n\n####################################################################\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####################################################################\n\nYour message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n\n<expert@city.example>: connect to mail.city.example[192.0.2.1]:25: Connection timed out",
    subject="Delayed Mail (still being retried)",
    hard=False,
    delayed=True,
)
b(
    "exim",
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  expert@city.example\n    host mail.city.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<expert@city.example>:\n    550 No such user here",
    subject="Mail delivery failed: returning message to sender",
    sender="Mail Delivery System <Mailer-Daemon@mx.city.example>",
)
b(
    "exim-delay",
    "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.city.example.\n\nThe address to which the message has not yet been delivered is:\n\n  expert@city.example\n    host mail.city.example [192.0.2.1]\n    Delay reason: Connection timed out\n\nNo action is required on your part.",
    subject="Warning: message 1uBxyz-0001 delayed 24 hours",
    sender="Mailer-Daemon@mx.city.example",
    hard=False,
    delayed=True,
)
b(
    "sendmail",
    "The original message was received at Mon, 5 May 2025 10:04:00 GMT\nfrom localhost\n\n   ----- The following addresses had permanent fatal errors -----\n<expert@city.example>\n    (reason: 550 5.1.1 <expert@city.example>... User unknown)\n\n   ----- Transcript of session follows -----\n... while talking to mail.city.example.:\n>>> DATA\n<<< 550 5.1.1 <expert@city.example>... User unknown\n550 5.1.1 <expert@city.example>... User unknown",
    subject="Returned mail: see transcript for details",
    status="5.1.1",
)
b(
    "qmail",
    "Hi. This is the qmail-send program at mx.city.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<expert@city.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <questions@rrm.example>",
    subject="failure notice",
    status="5.1.1",
)
b(
    "exchange-de",
    "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Verteilerlisten:\n\nexpert@city.example<mailto:expert@city.example>\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden. Bitte überprüfen Sie die E-Mail-Adresse des Empfängers.\n\nDiagnoseinformationen für Administratoren:\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##",
    subject="Unzustellbar: Q-2025-0042",
    sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@city.example>",
    status="5.1.1",
)
b(
    "exchange-fr",
    "Échec de la remise à ces destinataires ou groupes :\n\nexpert@city.example\nL'adresse de courrier que vous avez entrée est introuvable.\n\n#550 5.1.10 RESOLVER.ADR.RecipientNotFound",
    subject="Non remis : Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "exchange-it",
    "Impossibile recapitare il messaggio ai seguenti destinatari o gruppi:\n\nexpert@city.example\nImpossibile trovare l'indirizzo di posta elettronica immesso.",
    subject="Non recapitabile: Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "exchange-es",
    "No se pudo entregar el mensaje a estos destinatarios o grupos:\n\nexpert@city.example\nNo se encontró la dirección de correo electrónico.",
    subject="No se puede entregar: Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "exchange-el",
    "Η παράδοση απέτυχε σε αυτούς τους παραλήπτες ή ομάδες:\n\nexpert@city.example\nΔεν ήταν δυνατή η εύρεση της διεύθυνσης ηλεκτρονικού ταχυδρομείου.",
    subject="Δεν παραδόθηκε: Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "exchange-tr",
    "Şu alıcılara veya gruplara teslim edilemedi:\n\nexpert@city.example\nGirdiğiniz e-posta adresi bulunamadı.",
    subject="Teslim Edilemedi: Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "exchange-ro",
    "Livrarea nu a reușit pentru acești destinatari sau grupuri:\n\nexpert@city.example\nAdresa de e-mail introdusă nu a putut fi găsită.",
    subject="Nelivrabil: Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "exchange-hr",
    "Isporuka nije uspjela za ove primatelje ili grupe:\n\nexpert@city.example\nAdresa e-pošte koju ste unijeli nije pronađena.",
    subject="Neisporučivo: Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "exchange-pl",
    "Nie można dostarczyć wiadomości do następujących adresatów lub grup:\n\nexpert@city.example\nNie można odnaleźć wprowadzonego adresu e-mail.",
    subject="Niedostarczalne: Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "exchange-ru",
    "Не удалось доставить сообщение следующим получателям или группам:\n\nexpert@city.example\nВведенный адрес электронной почты не найден.",
    subject="Недоставляемое: Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "exchange-nl",
    "Bezorging bij de volgende ontvangers of groepen is mislukt:\n\nexpert@city.example\nHet e-mailadres is niet gevonden.",
    subject="Onbestelbaar: Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "exchange-sv",
    "Leveransen misslyckades till följande mottagare eller grupper:\n\nexpert@city.example\nE-postadressen kunde inte hittas.",
    subject="Går inte att leverera: Q-2025-0042",
    sender="postmaster@city.example",
)
b(
    "gmail",
    "** Address not found **\n\nYour message wasn't delivered to expert@city.example because the address couldn't be found, or is unable to receive mail.\n\nThe response was:\n550 5.1.1 The email account that you tried to reach does not exist.",
    subject="Delivery Status Notification (Failure)",
    sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
    status="5.1.1",
)
b(
    "gmail-de",
    "** Die Adresse wurde nicht gefunden **\n\nIhre Nachricht wurde nicht an expert@city.example zugestellt, weil die Adresse nicht gefunden wurde oder keine E-Mails empfangen kann.\n\nDie Antwort lautete:\n550 5.1.1 The email account that you tried to reach does not exist.",
    subject="Delivery Status Notification (Failure)",
    sender="mailer-daemon@googlemail.example",
)
b(
    "gmail-delay",
    "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to expert@city.example. Gmail will retry for 47 more hours. You'll be notified if the delivery fails permanently.",
    subject="Delivery Status Notification (Delay)",
    sender="mailer-daemon@googlemail.example",
    hard=False,
    delayed=True,
)
b(
    "gmail-full",
    "** Recipient inbox full **\n\nYour message couldn't be delivered to expert@city.example because their inbox is full, or is getting too much mail right now.\n\n452 4.2.2 The email account that you tried to reach is over quota.",
    subject="Delivery Status Notification (Failure)",
    sender="mailer-daemon@googlemail.example",
    hard=False,
)
b(
    "o365",
    "Your message to expert@city.example couldn't be delivered.\n\nexpert wasn't found at city.example.\n\nquestions       Office 365      expert\nAction Required            Recipient\n\nUnknown To address\n\nOriginal Message Details\nCreated Date: 5/5/2025 10:04:00 AM\nSender Address: questions@rrm.example\nRecipient Address: expert@city.example\n\nError: 550 5.1.10 RESOLVER.ADR.RecipientNotFound",
    subject="Undeliverable: Q-2025-0042",
    sender="postmaster@city.onmicrosoft.example",
    status="5.1.10",
)
b(
    "yahoo",
    "Sorry, we were unable to deliver your message to the following address.\n\n<expert@city.example>:\n554: delivery error: dd This user doesn't have a city.example account (expert@city.example) [0] - mta1.mail.yahoo.example\n\n--- Below this line is a copy of the message.\n\nX: y",
    subject="Failure Notice",
    sender="MAILER-DAEMON@yahoo.example",
)
b(
    "gmx",
    "Diese Nachricht wurde automatisch erzeugt.\n\nEine Nachricht, die Sie gesendet haben, konnte einem oder mehreren Empfängern nicht zugestellt werden. Dies ist ein permanenter Fehler. Folgende Adresse(n) schlugen fehl:\n\nexpert@city.example:\nSMTP error from remote server for RCPT TO command, host: mail.city.example (192.0.2.1) reason: 550 5.1.1 user unknown",
    subject="Mail delivery failed: returning message to sender",
    sender="GMX Mailer Daemon <mailer-daemon@gmx.example>",
)
b(
    "domino",
    "Your message\n\n  Subject: Q-2025-0042\n\nwas not delivered to:\n\n  expert@city.example\n\nbecause:\n\n  User expert (expert@city.example) not listed in Domino Directory",
    subject="DELIVERY FAILURE: User expert (expert@city.example) not listed in Domino Directory",
    sender="Postmaster@city.example",
)
b(
    "mimecast",
    "The email you sent was rejected.\n\nRecipient: expert@city.example\nReason: 550 Invalid Recipient - https://community.mimecast.example/docs/DOC-1369#550\n\nSubject: Q-2025-0042",
    subject="[Postmaster] Email Delivery Failure",
    sender="postmaster@mimecast.example",
)
b(
    "barracuda",
    "This message was created automatically by the mail system (ecelerity).\n\nA message that you sent could not be delivered to one or more of its recipients. This is a permanent error. The following address(es) failed:\n\n>>> expert@city.example (reading confirmation): 550 permanent failure for one or more recipients (expert@city.example:550 5.1.1 User unknown)",
    subject="Mail Delivery Failure",
    sender="mailer-daemon@barracuda.example",
)
b(
    "proofpoint",
    "The original message was received at Mon, 5 May 2025 10:04:00 GMT\nfrom rrm.example [192.0.2.9]\n\n   ----- The following addresses had permanent fatal errors -----\n<expert@city.example>\n\n   ----- Transcript of session follows -----\n<expert@city.example>... Deferred: Connection timed out with mail.city.example.\nMessage could not be delivered for 5 days\nMessage will be deleted from queue",
    subject="Returned mail: see transcript for details",
    sender="MAILER-DAEMON@pps.city.example",
    hard=None,
)
b(
    "mailbox-full-it",
    "Il messaggio non è stato recapitato.\n\nexpert@city.example: la casella di posta è piena (quota exceeded).",
    subject="Mancata consegna",
    sender="postmaster@city.example",
    hard=False,
)
b(
    "mailbox-full-de",
    "Die folgende Nachricht konnte nicht zugestellt werden:\n\nexpert@city.example\n552 5.2.2 Postfach voll",
    subject="Unzustellbar: Q",
    sender="postmaster@city.example",
    hard=False,
    status="5.2.2",
)
b(
    "mailbox-full-fr",
    "Votre message n'a pas pu être remis à expert@city.example : la boîte aux lettres est pleine.",
    subject="Échec de remise",
    sender="postmaster@city.example",
    hard=False,
)
b(
    "mailbox-full-el",
    "Το μήνυμα προς expert@city.example δεν παραδόθηκε: το γραμματοκιβώτιο είναι πλήρες.",
    subject="Αποτυχία παράδοσης",
    sender="postmaster@city.example",
    hard=False,
)
b(
    "zh",
    "很抱歉，您的邮件未能投递到以下收件人：\n\nexpert@city.example\n原因：550 5.1.1 用户不存在",
    subject="系统退信",
    sender="postmaster@city.example",
)
b(
    "ja",
    "あなたのメールは以下の宛先に配信できませんでした。\n\nexpert@city.example\n550 5.1.1 User unknown",
    subject="配信不能",
    sender="MAILER-DAEMON@city.example",
)
b(
    "ru-text",
    "Ваше письмо не доставлено.\n\nexpert@city.example: пользователь не найден (550 5.1.1)",
    subject="Сообщение не доставлено",
    sender="mailer-daemon@corp.mail.example",
)
b(
    "unknown-language-hu",
    "A levelet nem lehetett kézbesíteni a következő címzettnek:\n\nexpert@city.example\n550 5.1.1 ismeretlen felhasználó",
    subject="Kézbesítési hiba",
    sender="postmaster@city.example",
)
b(
    "spam-rejected",
    "Your message to <expert@city.example> was rejected.\n\n550 5.7.1 Message rejected as spam by Content Filtering.",
    subject="Undeliverable: Q",
    sender="postmaster@city.example",
    hard=None,
)
b(
    "no-such-domain",
    "Your message was not delivered to expert@city.example because the domain city.example couldn't be found. DNS Error: DNS type 'mx' lookup of city.example responded with code NXDOMAIN",
    subject="Delivery Status Notification (Failure)",
    sender="mailer-daemon@googlemail.example",
)
b(
    "null-path-georgian",
    "წერილი ვერ მიუვიდა ადრესატს:\n\nexpert@city.example\n550 5.1.1",
    subject="შეტყობინება",
    sender="postmaster@city.example",
    headers={"Return-Path": "<>"},
)
b(
    "communigate",
    "Failed to deliver to 'expert@city.example'\nLOCAL module(account expert) reports:\n account is full (quota exceeded)",
    subject="Undeliverable mail: Q",
    sender="MAILER-DAEMON@city.example",
    hard=False,
)
b(
    "mdaemon",
    "The attached message had PERMANENT fatal delivery errors!\n\nAfter one or more unsuccessful delivery attempts the attached message has\nbeen removed from the mail queue on this server.\n\nFailed address: expert@city.example\n\n--- Session Transcript ---\n--> RCPT To:<expert@city.example>\n<-- 550 5.1.1 No such user",
    subject="Permanent Delivery Failure",
    sender="MDaemon@mx.city.example",
)
b(
    "imail",
    "User unknown: expert@city.example\n\nOriginal message follows.\n",
    subject="Undeliverable Mail",
    sender="postmaster@city.example",
    headers={"X-Mailer": "<IMail v8.22>"},
)
b(
    "groupwise",
    "The message that you sent was undeliverable to the following:\n\texpert (user not found)\n\nPossibly truncated original message follows:\nTo: expert@city.example\n",
    subject="Message status - undeliverable",
    sender="postmaster@city.example",
    rcpt=None,
)
b(
    "vacated-forward",
    'The mail system\n\n<expert@city.example> (expanded from <desk@city.example>): unknown user: "expert"',
    subject="Undelivered Mail Returned to Sender",
    rcpt=None,
)
# --- absences, and people or addresses that are gone
for code, text, until in (
    (
        "fr-return",
        "Actuellement en congé maternité, je serai de retour le 1er septembre 2025. Pendant mon absence : desk@city.example.",
        "2025-08-31",
    ),
    ("ro-office", "Vă mulțumesc pentru mesaj. Nu sunt la birou până pe 16 mai. Pentru urgențe: desk@city.example.", "2025-05-16"),
    ("tr-izinli", "Merhaba, 16 Mayıs 2025 tarihine kadar izinliyim. E-postanıza döndüğümde cevap vereceğim.", "2025-05-16"),
    ("tr-range", "9-20 Mayıs 2025 tarihleri arasında yıllık izinde olacağım.", "2025-05-20"),
    ("ro-range", "Voi fi plecat în perioada 9 - 20 mai 2025.", "2025-05-20"),
    ("it-inform", "La informo che sono in ferie dal 9 al 20 maggio compresi. Risponderò al mio rientro.", "2025-05-20"),
):
    k("ooo-" + code, AR, text, away=until)
GONE = "It says that somebody has left, or that an address is no longer in use."
for code, text in {
    "en": "This mailbox is no longer monitored. Please use parks@city.example from now on.",
    "de": "Meine E-Mail-Adresse hat sich geändert. Bitte schreiben Sie an gruen@stadt.example.",
    "fr": "Cette adresse n'est plus utilisée, merci d'écrire à verts@ville.example.",
    "it": "La collega non lavora più in Comune, scrivete a verde@comune.example.",
    "es": "Esta persona ya no trabaja en el Ayuntamiento. Puede escribir a parques@ayuntamiento.example.",
    "el": "Δεν εργάζομαι πλέον στον Δήμο. Παρακαλώ απευθυνθείτε στο prasino@dimos.example.",
    "ro": "Colega nu mai lucrează la primărie; scrieți la verzi@primarie.example.",
    "hr": "Kolegica više ne radi u gradu, pišite na zelenilo@grad.example.",
    "tr": "Kendisi artık belediyede çalışmıyor, park@belediye.example adresine yazınız.",
}.items():
    k("gone-" + code, R, text, held=GONE)
k("gone-automatic", AR, "Je ne travaille plus ici. Écrivez à verts@ville.example.", subject="Réponse automatique : Q-2025-0042")
# --- a person writes under a machine's subject, or beside an absence
k("back-from-leave", R, "I am back now, and here is our answer: we plant maple.", subject="RE: Automatic reply: Q-2025-0042")
k(
    "automatic-subject-long",
    R,
    "We plant maple, 40 euro a tree. The town pays for the water in the first three summers. Schools look after the trees in their own streets and get a small prize.",
    subject="Automatic reply: Q-2025-0042",
    held="Its subject says that a machine wrote it, but it reads like a person's answer.",
)
MENTIONED = "It speaks of an absence, but it may hold an answer, too."
k("accepts-but-away", R, "I accept, but I am on leave until Thursday.", held=MENTIONED)
k("accepts-and-away", R, "Accettiamo. Sono assente fino a giovedì.", held=MENTIONED)
k("recall", R, 'City Expert would like to recall the message, "Q-2025-0042".', held="Its sender wants an earlier mail back.")
ANSWERED = "Its headers say that a machine sent it, but it reads like a person's answer."
AGENT = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
k(
    "agent-of-a-ticket-system",
    R,
    "Hackberry, 40 euro a tree.",
    subject="[City Help] Re: Q-2025-0042",
    headers=AGENT,
    held=ANSWERED,
)
# --- tickets of more systems
for code, subject, text in (
    ("freshdesk-es", "Ticket recibido [#4711]", "Hemos recibido su solicitud y se ha creado el ticket #4711."),
    ("hr", "Pitanje [#4711]", "Vaša je poruka zaprimljena te će biti obrađena u najkraćem roku."),
    ("el-number", "Παραλαβή αιτήματος #4711", "Το αίτημά σας καταχωρήθηκε με αριθμό 4711."),
    ("tr-number", "Başvurunuz alınmıştır [#4711]", "Başvurunuz 4711 sayı ile kayda alınmıştır."),
):
    k("ack-" + code, ACK, text, subject=subject, sender="desk@city.example")
for code, text in {
    "es": "Para que su mensaje sea entregado, confirme que no es un robot: https://filtro.example/1",
    "it": "Per consegnarlo clicca sul link e conferma di non essere un robot: https://filtro.example/1",
}.items():
    k("challenge-" + code, AR, text, subject="Re: Q-2025-0042")
k("mdn-hr-text", "read-receipt", "Vaša poruka pročitana je 5.5.2025. 11:02.", subject="Pročitano: Q-2025-0042")
b(
    "gmail-delay-tr",
    "expert@city.example adresine gönderdiğiniz ileti geçici bir sorun nedeniyle teslim edilemedi.",
    subject="Delivery Status Notification (Delay)",
    sender="mailer-daemon@googlemail.example",
    headers={"X-Failed-Recipients": "expert@city.example"},
    hard=False,
    delayed=True,
)
b(
    "full-hr",
    "Poruka nije isporučena primatelju expert@city.example jer je poštanski pretinac pun.",
    subject="Poruka nije isporučena",
    sender="postmaster@city.example",
    hard=False,
)
b(
    "sendmail-warning",
    "    **      THIS IS A WARNING MESSAGE ONLY      **\n\n   ----- The following addresses had transient non-fatal errors -----\n<expert@city.example>\n\n   ----- Transcript of session follows -----\n<expert@city.example>... Deferred: Connection refused by mx.city.example.\nWill keep trying until message is 5 days old\n",
    subject="Warning: could not send message for past 4 hours",
    sender="MAILER-DAEMON@mx.city.example",
    hard=False,
    delayed=True,
)
# --- absences in other words
for code, text, last in (
    ("en-closed", "The office is closed from 9 to 13 March 2026. We will reply to your message when we reopen.", "2026-03-13"),
    ("it-closed-post", "Sono in smart working e in ferie alternate; dal 9 al 13 maggio non leggerò la posta.", "2025-05-13"),
    ("es-closed", "Estoy disfrutando de mis vacaciones hasta el próximo 20 de mayo. Le responderé a la vuelta.", "2025-05-20"),
    ("fr-closed", "Le service est fermé jusqu'au 16 mars 2026. Votre message sera lu à la réouverture.", "2026-03-16"),
    ("el-closed", "Το γραφείο μας θα παραμείνει κλειστό από 9 έως 13 Μαρτίου 2026.", "2026-03-13"),
    ("tr-closed", "Ofisimiz 9-13 Mart 2026 tarihleri arasında kapalıdır.", "2026-03-13"),
):
    k("notice-" + code, AR, text, away=last)
for code, text in {
    "it": "Sono in maternità. Per il settore verde rivolgersi a verde@comune.example.",
    "fr": "Je vous remercie pour votre message. En arrêt maladie, je ne peux répondre.",
    "el": "Είμαι σε αναρρωτική άδεια. Για επείγοντα καλέστε το τηλεφωνικό κέντρο.",
    "el-capitals": "ΒΡΙΣΚΟΜΑΙ ΕΚΤΟΣ ΓΡΑΦΕΙΟΥ.",
    "ro": "Momentan lipsesc din instituție.",
    "ro-bare": "Sunt plecat in delegatie, ma aflu in concediu.",
    "hr": "Na rodiljnom sam dopustu. Kontakt: zelenilo@grad.example",
    "hr-bare": "Trenutacno nisam u uredu.",
    "tr": "Doğum iznindeyim. Acil konular: park@belediye.example",
}.items():
    k("away-" + code, AR, text)
for code, subject, text in (
    ("it", "Recapito ritardato", "Il messaggio per expert@city.example non è stato ancora consegnato."),
    ("fr", "Remise retardée", "La remise de votre message à expert@city.example est retardée."),
    ("el", "Καθυστέρηση παράδοσης", "Η παράδοση του μηνύματος στον expert@city.example καθυστερεί."),
    ("hr", "Isporuka kasni", "Isporuka poruke primatelju expert@city.example kasni."),
):
    b("late-" + code, text, subject=subject, sender="postmaster@city.example", hard=False, delayed=True)
# --- reports in words that say it otherwise, receipts of mails that nobody read, reactions
for code, subject, text, hard in (
    ("none-fr", "Non-remise", "Votre message à expert@city.example n'a pu être acheminé : l'adresse n'existe plus.", True),
    ("none-it", "Recapito non riuscito", "Destinatario: expert@city.example\nMotivo: casella inesistente", True),
    ("none-tr", "İleti geri döndü", "expert@city.example adresi bulunamadığından iletiniz geri döndü.", True),
    ("none-hr", "Poruka vraćena", "Vaša poruka za expert@city.example vraćena je: korisnik ne postoji.", True),
    ("none-el", "Επιστροφή μηνύματος", "Το μήνυμά σας προς expert@city.example επιστράφηκε: ο λογαριασμός έχει καταργηθεί.", True),
    ("none-pl", "Zwrot", "Twoja wiadomość do expert@city.example nie mogła zostać dostarczona. Konto nie istnieje.", True),
    ("full-es", "Devolución", "El buzón de expert@city.example ha alcanzado su cuota y no admite más mensajes.", False),
    ("full-it", "Messaggio non recapitabile", "La casella expert@city.example ha superato lo spazio disponibile.", False),
    ("full-fr", "Non-remise", "La boîte de expert@city.example est saturée.", False),
    ("full-en", "Delivery failure", "expert@city.example: mailbox size limit exceeded, please try again later.", False),
):
    b("words-" + code, text, subject=subject, sender="postmaster@city.example", hard=hard, delayed=False)
for code, subject, text in (
    ("es", "Aviso", "Su mensaje para expert@city.example todavía no se ha podido entregar. Seguiremos intentándolo."),
    ("tr", "Teslimat gecikti", "expert@city.example adresine gönderdiğiniz ileti henüz teslim edilemedi."),
    ("el", "Καθυστέρηση", "Η παράδοση στον expert@city.example δεν έγινε ακόμα."),
):
    b("later-" + code, text, subject=subject, sender="postmaster@city.example", hard=False, delayed=True)
k("mdn-unread", "read-receipt", "Your message was deleted without being read on 5 May 2025 10:02.", subject="Not read: Q-2025-0042")
