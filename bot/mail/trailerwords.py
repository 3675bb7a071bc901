"""Words of what stands below a person's own: "sent from my …", adverts of apps, disclaimers, pleas not to print.

Lower-case, in the languages met so far, as in `lexicon`. Shape and place decide with them: none of these words cuts by itself.
"""

from __future__ import annotations

from bot.mail.wording import Wording

SENT_WITH = Wording(
    r"\b(?:sent|written|gesendet|geschickt|versendet|envoyée?|inviat[oa]|enviad[oa]|trimis|poslan[oaie]|gönderildi|"
    r"gönderilmiştir|στάλθηκε|εστάλη|σταλθηκε|verzonden|verstuurd"
    r"|skickat|skickades|sendt|lähetetty|wysłan[eoay]|odeslán[oa]|odoslan[éeáo]|elküldve|küldve|отправлено|"
    r"відправлено|надіслано|надіслане|enviat|bidalia|gửi từ|poslané|послато|испратено"
    r"|derguar|anfonwyd|seolta|ارسال شده|изпратено|išsiųsta|nosūtīts|saadetud|typed)\b|傳送|ส่งจาก|أُ?رسلت|"
    r"تم الإرسال|נשלח|发送|發送|发自|送信|보냄|보낸",
)
DEVICE = Wording(
    r"i-?phon|i-?pad|\bwatch\b|mobitel|i-?pod|android|samsung|galaxy|huawei|xiaomi|redmi|oneplus|pixel|motorola|nokia|blackberry|"
    r"alcatel|\bhtc\b|\blg\b|sony|xperia|windows|outlook"
    r"|yahoo|gmail|gmx|web\.de|mailbox|airmail|k-9|fairemail|thunderbird|proton|tutanota|bluemail|spark|mail\.ru|"
    r"yandex|mobil|"
    r"m[óo]vil|cellulare|telefon|t[ée]l[ée]phone|t[ée]l[ée]fono|\bphone\b"
    r"|handy|smartphone|smart phone|tablet|\bcell\b|device|dispositivo|appareil|gerät|κινητό|συσκευή|cihaz|\bapp\b|"
    r"ti-85|\bmail\b|телефон|мобильн|手机|手機|携帯|휴대",
)
GET_APP = Wording(
    r"^\W*outlook (?:für|for|pour|per|para|pentru|za|için|για|dla|voor|til|pro|pre|för) (?:ios|android)\b|"
    r"^\W*(?:ios|android)(?:.u)? için outlook|^\W*yahoo postadan gönderildi|^\W*yahoo mail\W*:|"
    r"^\W*(?:get|download|try|obtenez|obtenir|télécharg\w+|scarica|ottieni|holen sie sich|laden sie|obtener|obtén|"
    r"descarga\w*|baixe|λήψη|αποκτήστε|κατεβάστε|obțineți|descărcați|nabavite|dohvatite|preuzmi(?:te)?|nabavi|descarcă|obține"
    r"|κατέβασε|baixar|obter|edinin|indirin|hämta"
    r"|hent|download|pobierz|získejte|скачать|загрузите)\W.{0,40}"
    r"(?:outlook|(?:blue|aqua|my|libero|tim|edison|canary|k-9|fair|proton|yahoo|alto) ?e?mail|gmail|yahoo|spark|mailspring)\b",
)
# "Sent to all mobile phones": such a line says where something went, a client's where it came from
SENT_TO = Wording(
    r"\s+(?:to|all|a(?! partir)|al|ai|agli|alle|alla|su|sui|sul|per|nel|nei|los|las|por|para|en|aux|au|par|sur|pour|an|auf|per"
    r"|σε|στ\w+"
    r"|προς|για|la|către|în"
    r"|pentru|na|u|za|po|svim|svima|til|naar|till|в|на|по)\s"
)
FROM_AFTER = Wording(r"(?:d[ae]n|t[ae]n|ile|[yl]l[ae]|l[ae]r[ae]k)[’']?\W*$")  # Turkish says it before: "iPhone'umdan gönderildi"
CONFIDENTIAL = Wording(
    r"confidential|privileged|intended (?:solely|only|recipient)|unauthori[sz]ed|disclaimer|in error|vertraulich|"
    r"bestimmungsgemäß|irrtümlich|unbefugt|confidentiel|destinataire|par erreur"
    r"|riservat|destinatari|per errore|confidencial|por error|por engano|sigilo|εμπιστευτικ|παραλήπτη|κατά λάθος|"
    r"confidențial|confidențial|din greșeală|destinatar|povjerljiv|namijenjen|pogreškom|greškom"
    r"|gizli|yetkisiz|yanlışlıkla|sehven|vertrouwelijk|geadresseerde|konfidentiell|fortrolig|luottamukse|poufn|"
    r"adresat|důvěrn|bizalmas|конфиденциальн|gdpr|2016/679|196/2003|antivirus|virus-free|ohne viren|virenfrei|avast|"
    r"avg"
    r"|printing this|drucken|imprimer|stampare|imprimir|εκτυπώσετε|imprimați|ispis|çevre"
    # "If you are not the addressee": whom else would one say that to?
    r"|if you are not the|wenn sie nicht der|sollten sie nicht|si vous n.êtes pas|se non (?:siete|è il)"
    r"|si (?:usted )?no es (?:el|su)"
    r"|[αε][άν]ν? δεν είστε|dacă nu sunteți|ako niste|alıcısı değilseniz|secreto profesional",
)
# A person writes of messages and of secrecy, too; a disclaimer speaks of this very mail
THIS_MAIL = Wording(
    r"\b(?:th(?:is|e|ese) (?:\w+ ){0,3}?(?:e-?mail|message|communication|transmission|mail)"
    r"|(?:e-?mail|message) (?:and|or) (?:its|any|all|the) (?:\w+ )?attach|diese[rsnm]? (?:\w+ )?(?:e-?mail|mail|nachricht"
    r"|mitteilung)"
    r"|(?:ce|présent|cet) (?:message|courriel|mail|e-?mail)|cette (?:communication|transmission)"
    r"|quest[oa][’' ]*(?:messaggio|e-?mail|mail|comunicazione|posta)|(?:il|la|del|della|nella|nel) presente"
    r"|(?:este|presente) (?:mensaje|correo|e-?mail|comunicación)|esta (?:comunicación|transmisión|mensagem)|este e-?mail"
    r"|(?:αυτό το|παρόν|παρόντος|παρούσα|αυτού του) (?:\w+ ){0,2}(?:μήνυμα|μηνύματος|e-?mail|επικοινωνία|ηλεκτρονικ)|παρόν\b"
    r"|acest(?:ui|e)? (?:mesaj|e-?mail)|aceast[ăe]i? (?:comunicare|mesaj|e-?mail)|prezent\w* (?:mesaj|e-?mail|comunicare)"
    r"|ov(?:a|u|e|aj|oj|og|im|om) (?:\w+ ){0,2}(?:poruk|e-?mail|mail|e-?pošt|pošt|komunikacij)|bu (?:\w+ ){0,2}(?:e-?posta"
    r"|posta|e-?mail"
    r"|ileti|mesaj)"
    r"|dit (?:e-?mail)?bericht|deze (?:e-?mail|mail|communicatie)|d(?:etta|enna|ette|enne) (?:e-?(?:post|mail)|me[dj]\w+)"
    r"|tämä (?:viesti|sähköposti)|t[aeęą]j? (?:e-?mail|wiadomoś)|niniejsz|t(?:ato|uto|éto|ento|ohoto) (?:zpráv|správ|e-?mail)"
    r"|(?:ez|ezen|jelen) (?:az )?(?:üzenet|e-?mail)|(?:это|этого|данное|настоящее) (?:сообщен|письм|электрон)|това (?:съобщен"
    r"|писмо|електрон))"
)
# "Think of the environment before you print this": all that such a paragraph speaks of
PRINTING = Wording(
    r"print|druck|imprim|stampa|εκτυπ|τυπώσ|listăr|listați|ispis|yazdır|çıktı|udskriv|skriv\w* ut|tulost|drukuj|tisk|nyomtat"
)
THINK = Wording(
    r"\b(?:think|consider|denk|bedenk|pens[aeio]|piens|réfléchi|respect|rispett|proteg|salv|save|help|aiut|ayud|aid|σκεφ|σεβ"
    r"|προστατ"
    r"|gândi|protej|razmisl|mislite|čuva|düşün|koru|tænk|tänk|ajattel|pomyśl|myslete|gondol)"
)
ENVIRONMENT = Wording(
    r"environment|umwelt|environnement|planèt|planet|ambiente|περιβάλλον|mediul|okoliš|çevre|doğa|milj[öø]|milieu|ympäristö"
    r"|środowisk"
    r"|prostřed|környezet|\btrees?\b|forests?\b|arbres?\b|alberi\b|árbol|δέντρ|copac|ağaç"
)
UNLESS = Wording(
    r"\b(?:unless|only if|not necessary|nur wenn|nur dann|que si|sauf si|solo se|se non|sólo si|solo si|si no es|μόνο (?:αν|εάν)"
    r"|numai dacă|decât dacă|samo ako|gerekmedik|gerekmiyor|before|bevor|avant|prima di|antes|πριν|înainte|prije|önce)"
)
