"""Words that corroborate what a line's shape suggests. Shape decides; these lists only settle close calls.

Every entry is lower-case. Lists are short words of interface texts as mail clients write them, in the languages met so far;
a language that is missing still works wherever the shape alone is clear.
"""

from __future__ import annotations

import re

from bot.mail.wording import Wording

WROTE = frozenset(
    (
        "wrote", "writes", "schrieb", "schreibt", "geschrieben", "geschreven", "schreef", "écrit", "ecrit", "scritto",
        "scrive", "escribió", "escribio", "escribe", "escreveu", "escreve", "έγραψε", "εγραψε", "γράφει", "scris",
        "scrie", "napisao", "napisala", "napisano", "piše", "pise", "yazdı", "yazdi", "yazmış", "şunu", "skrev",
        "skrevet", "skriver", "kirjoitti", "kirjutas", "napisał", "napisała", "napisał(a)", "pisze", "napsal", "napsala",
        "napsal(a)", "napísal", "napísala", "написал", "написала", "написал(а)", "пишет", "писал", "написав", "написала",
        "пише", "написа", "írta", "írja", "rašė", "rakstīja", "napisal", "napisala", "zapisal", "shkroi", "kirjoittanut",
        "skrifaði", "כתב", "כתבה", "كتب", "كتبت", "نوشت", "schrijft", "va", "a", "escrigué", "escriu", "skribis",
        "napsáno", "geschrieben:", "写道", "寫道", "작성", "เขียนว่า", "viết", "लिखा",
    )
) - {"a", "va", "şunu"}  # fmt: skip
# Said of the letter that is quoted, to whoever wrote it
YOU_WROTE = Wording(
    r"\b(?:you wrote|(?:du|sie) schrieb|schriebst du|schrieben sie|hai scritto|ha scritto lei|avete scritto|escribiste"
    r"|escribió usted|(?:tu as|vous avez) écrit"
    r"|έγραψες|γράψατε|ai scris|ați scris|napisao si|napisali ste|yazdın|yazdınız|yazmıştınız)\b"
)
# What the line before a quoted letter begins with, a date close behind
OPENING = re.compile(
    r"(?:On|Am|Le|El|Il|Em|No dia|Op|Den|Dana|U|Dne|Dňa|Στις|Την|La data de|La|În|Pe|W dniu|From|Von|Da|De|Από)\s"
    r"(?=[^.!?;\n]{0,40}\d)"
)
WROTE_ENDINGS = ("写道", "寫道", "작성", "のメール", "書きました", "写了", "เขียนว่า", "님이 작성", "wrote", "пишет", "написал")

FROM = frozenset(
    (
        "from", "von", "de", "da", "van", "od", "ot", "från", "fra", "kimden", "gönderen", "από", "απο", "αποστολέας",
        "expeditor", "feladó", "lähettäjä", "kellelt", "saatja", "от", "кого", "відправник", "від", "отправитель", "nuo",
        "no", "od:", "odesílatel", "odosielateľ", "nadawca", "pošiljatelj", "šalje", "avsender", "afsender", "mittente",
        "remitente", "expéditeur", "absender", "发件人", "寄件者", "寄件人",
        "差出人", "送信者", "보낸사람", "보낸", "발신", "מאת", "من",
        "ازطرف", "จาก", "từ", "dari", "nga", "frá", "lähettänyt", "remetente", "rementente", "„od“", "nou",
    )
) | {"de la", "от кого", "보낸 사람", "kimden"}  # fmt: skip
SENT = frozenset(
    (
        "sent", "date", "gesendet", "datum", "envoyé", "envoye", "inviato", "data", "enviado", "enviada", "fecha",
        "στάλθηκε", "σταλθηκε", "ημερομηνία", "ημερομηνια", "trimis", "dată", "poslano", "datum", "tarih", "gönderildi",
        "gönderme", "verzonden", "skickat", "sendt", "dato", "lähetetty", "päiväys", "wysłano", "wysłane", "odesláno",
        "odoslané", "dátum", "elküldve", "küldve", "отправлено", "дата", "надіслано", "išsiųsta", "data", "nosūtīts",
        "saadetud", "изпратено", "poslato", "发送时间", "日期", "寄件日期",
        "送信日時", "日時", "보낸날짜", "날짜", "נשלח", "תאריך", "تاريخ",
        "التاريخ", "วันที่", "ngày", "tanggal", "sendur", "dagsetning",
    )
) | {"gönderme tarihi", "보낸 날짜", "sent at", "sent on", "تاريخ الإرسال"}  # fmt: skip
TO = frozenset(
    (
        "to", "an", "à", "a", "aan", "para", "per", "a:", "till", "til", "kime", "alıcı", "προς", "pentru", "către",
        "catre", "do", "za", "prima", "vastaanottaja", "címzett", "кому", "до", "komu", "pro", "kam", "kellele", "на",
        "收件人", "宛先", "받는사람", "אל", "إلى", "الى",
        "ถึง", "đến", "kepada", "destinatario", "destinataire", "empfänger",
        "kopie", "cc", "bcc", "cci", "ccn", "copie", "cópia", "copia", "κοιν", "kopio", "kopia", "másolat", "копия",
        "копія", "抄送", "副本", "참조", "kopi", "kopija",
    )
) | {"받는 사람", "καν"}  # fmt: skip
SUBJECT = frozenset(
    (
        "subject", "betreff", "objet", "oggetto", "asunto", "assunto", "θέμα", "θεμα", "subiect", "predmet", "konu",
        "onderwerp", "ämne", "emne", "aihe", "temat", "předmět", "tárgy", "тема", "tema", "teema", "относно", "主题", "主旨",
        "件名", "제목", "נושא", "الموضوع", "موضوع", "เรื่อง", "chủ", "subjekt", "efni", "assumpte", "subjek",
    )
) | {"chủ đề", "naslov"}  # fmt: skip
LABELS = FROM | SENT | TO | SUBJECT | {"reply-to", "risposta", "importance", "priority", "attachments", "organization"}

ORIGINAL = Wording(
    r"origin|ursprüng|urspr\.|oprindelig|opprinnelig|oorspronkelijk|начальн|исходн|оригинал|пересл|пересыл|преслан"
    r"|doorgestuurd|weitergeleit|transf[eé]r|inoltrat|reenviad|encaminhad|forward|fwd|πρωτότυπ|αρχικ|προωθ|redirec"
    r"|izvorn|proslijeđ|orijinal|özgün|iletil|vidarebefordr|videresend|alkuperäinen|välitet|eredeti|továbbít|"
    r"původní|přeposlan"
    r"|pôvodn|preposlan|oryginal|przekaz|persiųst|pārsūt|edastat|posredov|原始|原邮件|转发|轉寄|元の|転送|원본|전달|מקורית|שהועברה|"
    r"الأصلية|المعاد",
)
REPLIED = Wording(r"\b(?:reply|antwort|réponse|risposta|respuesta|resposta|svar|απάντηση|răspuns|odgovor|yanıt|odpowiedź)\b")
FORWARD = Wording(
    r"forward|fwd|пересл|пересыл|преслан|препрат|doorgestuurd|weitergeleitet|transf[eé]r|inoltrat|reenviad|"
    r"encaminhad|redirec|προωθ"
    r"|proslijeđ|iletil|vidarebefordr|videresend|välitet|továbbít|přeposlan|preposlan|przekaz|persiųst|pārsūt|"
    r"edastat|posredov"
    r"|转发|轉寄|転送|전달|שהועברה|المعاد"
)
MESSAGE = Wording(
    r"mensaje|messag|mensagem|nachricht|bericht|meddel|besked|melding|viesti|üzenet|zpráva|správa|сообщен|"
    r"повідомлен|съобщен"
    r"|mesaj|μήνυμα|poruka|ileti|wiadomość|laišk|ziņoj|sõnum|sporočil|邮件|郵件|メッセージ|메일|메시지|הודעה|رسالة|e-?mail|"
    r"missat|mezu|shkres",
)

REPLY_PREFIXES = re.compile(
    r"^(?:\s*(?:re|aw|antw|antwort|rép|rif|r|ref|sv|vs|vá|odp|atb|res|ynt|yan|cev|απ|σχετ|απαντ|răsp|rasp|raspuns|"
    r"odg|hdm|bls|ra|resp|rv|fw|fwd|wg"
    r"|tr|i|inoltra|πρθ|fs|vl|vb|tov|pd|enc|ilt|doorst|trs|далее|отв|на|пересл|回复|回覆|答复|转发|轉寄|答覆|返信|转|転送|reenv|"
    r"proslijeđeno|redirecț|redir"
    r")\s*(?:\[\d+\]|\(\d+\))?\s*[:：])+\s*",
    re.IGNORECASE,
)

# "Please type your reply above this line": ticket systems write it over everything that is theirs
ABOVE_LINE = Wording(
    r"(?:repl(?:y|ies)|respon|type|write|répon|écri|rispo|scriv|escrib|contest|antwort|schreib|απαντ|γράψτε|răspun|scrieți|odgov"
    r"|upiš|piši|yanıt|cevap|yaz|respost|escrev|odpow|pisz|antwoord|отговор).{0,60}"
    r"(?:above|over|dessus|sopra|arriba|encima|oberhalb|über|πάνω|deasupra|iznad|üst|acima|powyżej|boven|над)\W.{0,40}"
    r"(?:line|ligne|riga|linea|línea|zeile|linie|γραμμή|linie|crt|redak|lini|satır|çizgi|linha|regel|lijn|линия)"
    r"|(?:above|dessus|sopra|encima|oberhalb|über|πάνω|deasupra|iznad|üst)\w*\W.{0,40}(?:line|ligne|riga|línea|zeile|linie|γραμμή"
    r"|lini|crt|redak|satır|çizgi).{0,40}(?:repl|respon|répon|écri|rispo|scriv|escrib|antwort|schreib|απαντ|răspun|odgov|yanıt"
    r"|cevap|yaz)|(?:satır|çizgi)\w* üst\w*.{0,30}(?:yanıt|cevap|yaz)"
)

# Who passes on what somebody else has answered
PASSES_ON = Wording(
    r"\b(?:forward|pass(?:ing)? on|leit\w* .{0,40}weiter|transm[eě]t|transm[ei]t|transfer|transfèr|inoltr|trasmett|reenv[ií]"
    r"|remit[oe]\b|traslad|adjunto la respuesta"
    r"|προωθ|διαβιβ|redirecțion|trimit mai departe|prosljeđuj|prosleđuj|ilet(?:iyor|ir)|yönlendir)"
)
ABOUT_MAIL = Wording(
    r"communicat|comunica|mitteilung|επικοινωνία|komunikacij|iletişim|e-?mail|e-?post[ae]|e-?pošt|posta elettronica"
    r"|poștă electronică|ηλεκτρονικ|message|nachricht|courriel|messag|correo|mensaje|mensagem|μήνυμα|mesaj|poruk|ileti|bericht"
    r"|meddelande|"
    r"viesti|wiadomoś|zpráv|üzenet|письм|сообщен",
)

# Where else in a mail an answer stands: lower down, among the lines, in a colour or in capitals
BELOW = Wording(
    r"\b(?:below|in-?line|entre (?:las )?líneas|entre les lignes|tra le righe|ανάμεσα στις γραμμές|printre rânduri|između redaka"
    r"|satır aralarında|in (?:red|blue|green|bold|caps|capitals)|between (?:the|your) lines|in the text"
    r"|unten|untenstehend|rot markiert|in rot|in blau|kursiv|im text|zwischen den zeilen|gro(?:ß|ss)buchstaben"
    r"|ci-dessous|plus bas|en (?:rouge|bleu|vert|gras|majuscules)|dans (?:le|votre) (?:texte|message|mail)"
    r"|(?:di|qui) (?:seguito|sotto)|sotto|in (?:rosso|blu|maiuscolo)|nel testo"
    r"|abajo|a continuación|en (?:rojo|azul|negrita|mayúsculas)|en el texto|abaixo|a vermelho|em (?:vermelho|azul)|no texto"
    r"|a sota|més avall|en vermell"
    r"|παρακάτω|πιο κάτω|κάτω|με (?:κόκκιν\w+|μπλε|κεφαλαία)|κόκκινα|στο κείμενο"
    r"|mai jos|cu (?:roșu|rosu|albastru|majuscule)|în text|ispod|u nastavku|dolje|dole|crven\w+|plav(?:o|om|im)|u tekstu"
    r"|aşağıda\w*|aşağıdaki|kırmızı\w*|mavi (?:ile|renkle)|metnin içinde|büyük harf\w*"
    r"|hieronder|onderaan|in (?:het )?rood|in (?:het )?blauw|tussen de regels|in de tekst"
    r"|ned(?:an|enfor|enunder)|nedenstående|svar\w* (?:\w+ )?under|i (?:rött|rødt|blått|blåt|teksten|texten|brødteksten)|inne i"
    r"|(?:vastau\w+|komment\w+|katso|ks\.?) (?:\w+ ){0,2}alla|alapuolella|tekstin (?:seassa|joukossa)|punais\w+|sinis\w+"
    r"|poniżej|niżej|na (?:czerwono|niebiesko|zielono)|w (?:treści|tekście)|wielkimi literami"
    r"|níže|nižšie|červen(?:ě|ou|ým|o)|modř(?:e|ou)|v text[eu]|spodaj|v besedilu|rdeče"
    r"|alább|lentebb|lejjebb|pirossal|kékkel|(?:a )?szöveg(?:ben|közben|be)|sorok között"
    r"|ниже|красным|синим|в тексте|по-долу|с червено|в текста|нижче|червоним|у тексті|испод|црвено"
    r"|allpool|punasega|žemiau|raudonai|tekste|zemāk|sarkan\w+|tekstā)\b"
    r"|下記|赤字|青字|本文中|文中|インライン|下面|如下|红色|紅色|见下|見下|아래|빨간색|본문",
)
# What announces it
ANSWERS = Wording(
    r"\b(?:answer|repl[yi]|respon[sd]|comment|note[sd]?\b|remark|see\b|find\b|look\b|antwort|anmerk|kommentar|siehe|s\.|finden"
    r"|répon|repons|remarque|annot|voir|voyez|cf\b|rispo|risponde|osserv|ved[ie]\b|vedere|trov"
    r"|respuest|contest|respon|observ|véase|ver\b|vea\b|coment|resposta|veja"
    r"|απαντ|απάντ|σχόλι|σχολι|βλ|δείτε|θα βρείτε|răspuns|raspuns|observați|vezi|vedeți|găsi"
    r"|odgov|komentar|primjedb|vidi|pogledajte|yanıt|cevap|yorum|bkz|bakınız|antwoord|opmerk|zie\b|reactie"
    r"|svar|se\b|kommentar|vastau|kommentt|katso|ks\b|odpow|uwag|komentarz|patrz|zob|odpov|komentář|viz\b|pozri"
    r"|válasz|megjegyz|lásd|ld\b|ответ|коммент|см\b|смотр|отговор|бележк|виж|відпов|комент|див\b|odgovor|glej|одговор"
    r"|vastus|vaata|atsak|žr\b|atbild|skat)"
    r"|回答|返信|返事|コメント|参照|ご覧|答复|答覆|回复|回覆|批注|见|見|답변|답장|참조",
)
