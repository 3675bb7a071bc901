"""How people and machines say that they are away, gone for good, or write from another address now.

The eight languages of the network and a few neighbours. Used only together with headers, or on short texts.
"""

from __future__ import annotations

from bot.mail.wording import Wording

AWAY_SUBJECT = Wording(
    r"^\W*(?:automatic(?:al)? reply|auto(?:matic)?[ -]?(?:reply|response|responder|antwort)|"
    r"out[ -]of[ -](?:the[ -])?office|ooo\b|on (?:annual |maternity |parental |sick )?leave|vacation|away from|"
    r"absence|automatische antwort|abwesenheit|abwesend"
    r"|réponse automatique|absence du bureau|absent|message d.absence|risposta automatica|fuori (?:sede|ufficio)|"
    r"assenza|assente|respuesta automática|fuera de (?:la )?oficina|ausencia|ausente|resposta automática"
    r"|αυτόματη απάντηση|εκτός γραφείου|απουσία|άδεια|răspuns automat|raspuns automat|în afara biroului|absență|"
    r"concediu|automatski odgovor|izvan ureda|odsut|godišnji"
    r"|otomatik yanıt|otomatik cevap|ofis dışı|izin|automatisch antwoord|afwezig|autosvar|frånvaro|"
    r"automaattinen vastaus|odpowiedź automatyczna|automatická odpověď|automatikus válasz|автоматический ответ|"
    r"автоматичний|自动答复|自動回覆|自動応答|不在通知|不在のお知らせ|부재중|nieobecn|frånvarande|fraværende|poissa\b"
    r"|házon kívül|mimo kancel|nepřítomn|neprítomn|samodejni odgovor|odsotn|извън офиса|отсъств|automaatvastus|puhkus)",
)
# Written by a machine, whatever the reason; the other subjects above may also be a person's topic.
AUTOMATIC_SUBJECT = Wording(
    r"autom[aá]a?t|αυτόματ|автомат|自动|自動|otomatik|\bauto[ -]?(?:reply|svar|antw)|out[ -]of[ -](?:the[ -])?office"
    r"|^\W*ooo\b|fuori (?:sede|ufficio)"
    r"|fuera de (?:la )?oficina|absence du bureau|abwesenheitsnotiz|εκτός γραφείου|în afara biroului"
    r"|izvan ureda|ofis dışı",
)
# Said of oneself: no sentence about the absences of others, or about permits ("με άδεια"), has these words
_AWAY_MYSELF = (
    r"i(?: am|.m| will be|.ll be)\s+(?:currently\s+|now\s+)?(?:out of (?:the )?office|away|on (?:\w+ )?(?:leave|vacation"
    r"|holidays?)"
    r"|not in the office|not at work|absent|travelling)|(?:limited|no) access to (?:my )?e-?mail|not at my desk|(?:in"
    r"|during) my absence"
    r"|i(?: will be|.ll be| am) (?:back|returning) (?:in the office|at work|on\b)"
    r"|(?:bin|befinde mich|ich)\s+(?:\w+\s+){0,5}(?:nicht im (?:büro|haus)|im urlaub|außer haus|abwesend|nicht erreichbar"
    r"|in elternzeit)|bin ich\s+(?:\w+\s+){0,4}(?:abwesend|wieder (?:da|im büro|erreichbar))"
    r"|(?:in|während) meiner abwesenheit|nach meiner rückkehr"
    r"|(?:je suis|serai|suis)\s+(?:actuellement\s+|absente?\s+)?(?:absente?|en congés?|en vacances|en déplacement"
    r"|hors du bureau)|de retour au bureau|(?:pendant|durant|en) mon absence|dès mon retour|je serai de retour"
    r"|ne (?:suis|serai) pas (?:au bureau|disponible)"
    r"|sarò\s+(?:\w+\s+)?(?:assente|fuori (?:sede|ufficio)|in ferie|in congedo|in vacanza)|sono (?:\w+ )?assente|rientrerò"
    r"|l.ufficio (?:è|resterà) chiuso|(?:durante la|in) mia assenza|al mio (?:rientro|ritorno)|non (?:sono|sarò) in ufficio"
    r"|(?:estoy|estaré|permaneceré|me encuentro)\s+(?:actualmente\s+)?(?:ausente|fuera de (?:la )?oficina|de vacaciones|de baja"
    r"|de permiso)"
    r"|(?:durante|en) mi ausencia|a mi (?:regreso|vuelta)|no (?:estoy|estaré) en la oficina"
    r"|λείπω|απουσιάζω|θα (?:απουσιάζω|απουσιάσω|λείπω|λείψω)|(?:είμαι|βρίσκομαι)\s+(?:εκτός|(?:σε|με) (?:\w+ )?άδεια"
    r"|σε (?:\w+ )?ταξίδι|σε διακοπές"
    r"|στο εξωτερικό)"
    r"|κατά την απουσία μου|με την επιστροφή μου|δεν (?:θα )?(?:είμαι|βρίσκομαι) στο γραφείο"
    r"|(?:voi fi|mă aflu|ma aflu)\s+(?:\w+\s+)?(?:în concediu|in concediu|plecată?|absentă?|în afara biroului|in afara biroului"
    r"|în delegație)|sunt (?:\w+ )?(?:plecată?|absentă?)|lipsesc (?:din|de la|până)|sunt în concediu (?:medical|de odihnă)"
    r"|nu (?:sunt|voi fi|mă aflu) (?:la|în) (?:birou"
    r"|serviciu)"
    r"|în (?:absența|lipsa) mea"
    r"|(?:nisam (?:u uredu|na poslu)|odsut(?:an|na) sam|na godišnjem (?:odmoru )?sam|nalazim se na (?:godišnjem|bolovanju|putu"
    r"|dopustu)"
    r"|bit ću odsut\w+|neću biti u uredu|tren(?:utačno|utno) (?:nisam|sam (?:na|odsut|izvan))\w*|na (?:bolovanju|porodiljnom"
    r"|rodiljnom|roditeljskom|službenom|stručnom) sam|sam na (?:\w+ )?(?:putu|dopustu|odmoru|bolovanju)"
    r"|u mo(?:joj odsutnosti|m odsustvu)|za vrijeme mo(?:je odsutnosti|g odsustva))"
    r"|(?:ofis dışında|izinde|iznind?e|tatilde|yurt dışında)(?:y[iı]m| olacağım| bulun\w+)|ofiste (?:değilim|olmayacağım"
    r"|bulunm\w+)|izinli(?:yim"
    r"| olacağım)"
    r"|yıllık iz(?:nim|inde(?:yim)?\b|inliyim|in (?:nedeniyle|dolayısıyla))|izinde olduğum|raporlu(?:yum| olduğ)"
    r"|yurt dışında (?:\w+ )?görev\w+|yokluğumda|döndüğümde|iş yerinde (?:değilim"
    r"|olmayacağım)"
    r"|(?:estou|estarei) (?:\w+ )?(?:ausente|de férias|fora do escritório)|estou fora|durante a minha ausência"
    r"|olen (?:\w+ )?(?:lomalla|poissa)|(?:på|holder) (?:semester|ferie)|(?:čerpám|mám) dovolenou"
    r"|(?:в отпуск\w*|отсъствам|нахожусь в отпуске|отсутствую)|у відпустці|jag är (?:\w+ )?(?:på semester|borta)"
    r"|(?:afwezig|niet aanwezig|met vakantie|op vakantie)|(?:är|är för närvarande) (?:inte på kontoret|ledig)"
    r"|nie ma mnie w biurze|przebywam na urlopie|jestem nieobecn\w+|(?:jsem|som) (?:\w+ )?mimo kancel\w+|szabadságon"
    r"|nem vagyok (?:az )?irodában|házon kívül|sem na dopustu|puhkusel|atostogauju|atvaļinājumā|ikke på kontoret"
    r"|извън офиса|не съм в офиса"
)
# Said without a person: an absence of one's own where a sentence begins with it
_AWAY_FIRST = (
    r"(?:(?:currently|presently) )?(?:out of (?:the )?office|on (?:\w+ )?leave (?:until|till|from)|(?:currently"
    r"|presently) (?:on leave"
    r"|away from))|(?:(?:actuellement|en ce moment) )?(?:absente?|en (?:congés?|arrêt|vacances|déplacement))(?= (?:maladie"
    r"|maternité|du|jusqu|cette|la semaine|au)\b|,)|absente? (?:jusqu|du \d)"
    r"|(?:al momento |attualmente )?sono (?:\w+ )?(?:fuori (?:sede|ufficio)|in ferie|in congedo|in vacanza|in maternità"
    r"|in malattia|in trasferta|in missione|in permesso)"
    r"|mi trovo (?:\w+ )?(?:fuori|in (?:ferie|malattia|trasferta|maternità))|(?:momentan "
    r"|în prezent )?sunt (?:\w+ )?(?:în concediu|in concediu|în afara biroului|în delegație)"
    r"|εκτός (?:γραφείου|υπηρεσίας)|(?:σε|με) άδεια (?:έως|μέχρι|από)|izvan ureda|na (?:bolovanju|godišnjem odmoru)|ofis dışında"
)
AWAY_TEXT = Wording(
    rf"\b(?:{_AWAY_MYSELF})\b|(?:(?:^|[.!?,;:] )\W*|\b(?:che|că) )(?:{_AWAY_FIRST})\b"
    r"|不在にし|休暇をいただいて|休暇中です|外出中です|正在休假|不在办公室|부재중|휴가 중",
)
# Two weaker signs of a notice: the word for an absence, and what its writer will do about mails meanwhile
ABSENCE = Wording(
    r"\b(?:leave\b|vacation|holiday|away\b|absent|sick\b|maternity|parental|travel|closed\b|urlaub|abwesen|krank|elternzeit"
    r"|geschlossen"
    r"|ferie\b|assen[tz]|malattia|maternità|congedo|fuori sede|trasferta|chius[oa]\b|vacaciones|ausen|maternidad|cerrad[oa]\b"
    r"|congés?\b|absen[tc]|vacances|arrêt|maladie|maternité|fermée?\b|άδει|απουσ|λείπ|ταξίδι|κλειστ|αναρρωτικ|λοχεί"
    r"|concedi|plecat|delegați|deplasare|lipses|închis|godišnj|dopust|odsut|bolovanj|rodilj|zatvoren|izin|izn|tatil|rapor|kapalı)"
)
MEANWHILE = Wording(
    r"\b(?:(?:i|we)(?:.ll| will) (?:reply|answer|respond|return|be back)|when (?:i|we) (?:return|get back|reopen)|urgent"
    r"|melde mich|wieder erreichbar|dringend|rispond(?:erò|eremo)|rientr[oi]\b|torner(?:ò|emo)|urgenz[ae]|non legger"
    r"|non verranno inoltrat"
    r"|responder(?:é|emos)|volver(?:é|emos)\b|urgen(?:te|cia)|permanecerá|répondr(?:ai|ons)|traiterai|urgence|urgent"
    r"|ne peux (?:pas )?répondre"
    r"|sera lu|réouverture|retour\b|απαντήσ(?:ω|ουμε)|επιστρέ|επιστροφ|επείγο|θα παραμείνει|voi (?:reveni|răspunde)"
    r"|vom răspunde|urgenț"
    r"|vraćam|javit ću|odgovorit ć|hitn|neću odgov|döneceğ|dönüş|cevap ver|yazacağ|bakamıyor|acil|tarihleri arasında)"
)
# An absence that is over: whoever says so is back
WAS_AWAY = Wording(
    r"\b(?:was|were|have been|had been|war|waren|gewesen|étais|étions|ai été|ero|eravamo|sono stat[oa]|estuve|estaba|he estado"
    r"|ήμουν|ήμασταν|έλειπα|am fost|eram|bi[ol]a? sam|bio sam|izindeydim|tatildeydim|dışındaydım|was ik|ik was|var jag|jag var"
    r"|jeg var|var jeg|byłe?[ma]m?|olin|voltam|бях|был|была|був|byla? jsem|bol[ao]? som|sem bila?|estive)\b",
)
# Courtesies that open a notice, and say nothing
THANKS = Wording(
    r"\b(?:thank|danke?|vielen dank|merci|remerci|ringrazi|grazie|gracias|obrigad|gràcies|ευχαριστ|mulțum|multum|hvala|teşekkür"
    r"|bedankt|dank\b"
    r"|tack|takk?\b|kiitos|köszön|благодар|спасибо|дякую|dziękuj|děkuj|ďakuj|aitäh|tänan|paldies|ačiū)|ありがとう|感谢|感謝|감사",
)
# Gone for good, in whoever's words: with an address beside them, it is the one to write to now
LEFT = Wording(
    r"\b(?:(?:i|he|she|they|person|colleague|employee|user|who)\s+(?:(?:is|am|are|has|have)\s+)?no longer (?:work|employ|with\b"
    r"|at\b|part)"
    r"|(?:has|have) left (?:the|our)\b|(?:arbeite|arbeitet|bin|ist) nicht mehr (?:bei|für|im|in der|hier)|ausgeschieden"
    r"|ne (?:travaille|fait|fais) plus|n.exerce plus|a(?:i)? quitté (?:la|le|l.|ses|notre)|non lavor[oa] più|non presta più"
    r"|non è più in servizio|ya no (?:trabaj[ao]|presta|forma)|(?:ha|he) dejado de (?:trabajar|prestar)"
    r"|δεν (?:εργάζ|υπηρετ|απασχολ)\w+ πλέον|έχ(?:ω|ει) αποχωρήσει|nu mai (?:lucrez|lucrează|activez|activează|fac parte"
    r"|face parte)"
    r"|više ne radi|(?:nisam|nije) više zaposlen|više (?:nisam|nije) (?:zaposlen|u )|artık (?:\w+ ){0,2}çalışm"
    r"|(?:görev|kurum)\w* ayrıl|(?:have|has|am|is) (?:now )?retired|(?:in|im) (?:pensione|quiescenza|ruhestand)|jubilad"
    r"|quitté (?:mes|ses) fonctions|(?:à|en) (?:la )?retraite|συνταξιοδοτ|αφυπηρέτησ|pensionat|umirovlj|u mirovin|emekli ol)"
)
# Where to write to from now on, with the address itself beside it
NEW_ADDRESS = Wording(
    r"\b(?:(?:new|nuovo|nueva|nouvelle|neue|νέ[αο]ς?|noua|nov[aiu]|yeni) (?:e-?mail |elektronička |elektronische )?(?:address"
    r"|indirizzo"
    r"|dirección|adresse|e-?mail|διεύθυνση|ηλεκτρονικ|adres)|(?:address|indirizzo|dirección|adresse)[^.]{0,30}(?:has|è|ha|a)"
    r" (?:changed|cambiat|cambiado|changé))"
)
# An address that nobody reads any more, or that has another in its place
MOVED = Wording(
    r"\b(?:(?:mailbox|inbox|account|address) (?:is|has been|will be) (?:no longer|not) (?:being )?(?:monitored|used|in use"
    r"|active|valid|checked|read)"
    r"|e-?mail address(?:es)? ha(?:s|ve) changed|(?:mailbox|account) has been (?:closed|deactivated|discontinued)"
    r"|(?:e-?mail-?)?adresse (?:hat sich geändert|(?:ist|wird) nicht mehr)|postfach wird nicht mehr"
    r"|(?:adresse|boîte)[^.]{0,40}(?:n.est plus|a changé|ne sera plus)|(?:indirizzo|casella)[^.]{0,40}(?:non è più|è cambiat"
    r"|è stat[oa] dis)"
    r"|(?:dirección|buzón|cuenta)[^.]{0,40}(?:ya no|ha cambiado|ha dejado)|(?:διεύθυνση"
    r"|γραμματοκιβώτιο)[^.]{0,40}(?:δεν (?:χρησιμοπ|είναι|ισχύ)|άλλαξε|έχει αλλάξει)"
    r"|(?:adresa|căsuța)[^.]{0,40}(?:nu mai|s-a schimbat|dezactivat|desființat)|(?:adresa|pretinac"
    r"|sandučić)[^.]{0,40}(?:više (?:nije|se ne)"
    r"|se promijenila|je promijenjena)"
    r"|(?:adres|posta kutusu)\w*[^.]{0,40}(?:kullanılm|değişti|kapatıl))"
)
# What stands right before an absence when something else was said first
BUT = Wording(
    r"\b(?:but|however|though|aber|allerdings|mais|cependant|ma|però|tuttavia|pero|sin embargo|αλλά|όμως|dar|însă|ali|no|međutim"
    r"|ama|ancak|fakat|maar|men|ale|mas|но|але|de)\W*$"
)
GREETING = Wording(
    r"^\W*(?:hello|hi|hey|dear|good (?:morning|day|afternoon|evening)|greetings|guten|hallo|sehr geehrt|liebe|bonjour|bonsoir"
    r"|salut"
    r"|madame|monsieur|buon|salve|gentil|egregi|spett|ciao|hola|buen|estimad|apreciad|muy señor|γεια|καλ[ηή]|αγαπητ|κύρι|αξιότιμ"
    r"|bună|stimat|dragă|pozdrav|poštovan|dobar|bok\b|merhaba|iyi (?:günler|çalışmalar)|sayın|günaydın|selam|değerli|sevgili"
    r"|goede|beste|geacht|hej|dobry|dzień|szanown|bom dia|boa tarde|здрав|добр|уважаем|tisztelt|szia|kedves|hei\b|moi\b|tere"
    r"|sveiki|labas)"
)
