"""How people and machines say that they are away, that a message was registered, or that letters should stop.

The eight languages of the network and a few neighbours. Used only together with headers, or on short texts.
"""

from __future__ import annotations

import re

from bot.mail.wording import Wording

CHALLENGE = Wording(
    r"\bwaitlisted\b|\bguest list\b|(?:confirm|verify|prove) that you(?:.re| are) (?:a )?(?:human|person|real|"
    r"not a)|verify your (?:e-?mail"
    r"|address|identity) .{0,60}deliver"
    r"|to have your (?:message|e-?mail) delivered|before your (?:message|e-?mail) can be delivered"
    r"|sender verification|challenge.response"
    r"|(?:kein roboter|pas un robot|non (?:sei|è|essere) un robot|no (?:es |ser )?un robot|δεν είστε ρομπότ"
    r"|nu sunteți (?:un )?robot"
    r"|niste robot|robot olmadığınız)|mensaje sea entregado|(?:recapitare|consegnare|consegnarlo) .{0,30}(?:clicc|link)"
    r"|verifica (?:del )?mittente|approved senders|senders (?:that )?i have approved|whitelist me|request form",
)
# Mailman and others, of a letter to a list
MODERATED = Wording(
    r"awaits? (?:the )?moderator(?:.s)? approval|held until the (?:list )?moderator|post by (?:a )?non-member"
    r"|wartet auf (?:die )?(?:genehmigung|freigabe|bestätigung) (?:durch|des|der|von)"
    r"|in attesa (?:di|dell.) ?approvazione|en attente (?:de|d.)\s?(?:l.)?(?:approbation|modération)"
    r"|(?:espera|pendiente de) (?:la )?(?:aprobación|moderación)|αναμένει (?:την )?έγκριση|așteaptă (?:aprobarea|moderarea)"
    r"|čeka (?:na )?odobrenje (?:moderatora|urednika)|(?:moderatör|yönetici)\w* onayı(?:nı)? (?:bekl|gerek)"
)
DELIVERED_SUBJECT = Wording(
    r"^\W*(?:delivered|relayed|expanded|zugestellt|übermittelt|weitergeleitet|remis|relayé|recapitato"
    r"|consegnato|inoltrato|entregado"
    r"|retransmitido|παραδόθηκε|livrat|isporučeno|teslim edildi|successful mail delivery|delivery receipt)\b\s*[:(]",
)
REGISTERED = Wording(
    r"\b(?:we (?:have )?(?:received|registered|logged) your (?:e-?mail|message|request|enquiry|inquiry|query|case)|"
    r"your (?:e-?mail|message|request|enquiry|inquiry|query|ticket|case"
    r"|incident)(?: [(#]{0,2}[a-z0-9-]{3,20}\)?)? (?:has been|was|is) (?:received|registered|"
    r"created|logged|opened|assigned|being)"
    r"|(?:this is|ceci est|dies ist|questo è|este es) (?:an? |eine? |un[ae]? )?(?:automat|acknowledg)|"
    r"acknowledge(?:s|ment)?(?: of)? receipt|thank you for contacting|ticket (?:number|id|no|#)|case (?:number|id|"
    r"no\b)|reference number|do not reply to this (?:e-?)?m(?:ail|essage)"
    r"|(?:ihre|deine) (?:anfrage|nachricht|e-?mail) (?:ist|wurde|haben wir)|wir haben ihre (?:anfrage|nachricht|"
    r"e-?mail)|vielen dank für ihre (?:anfrage|nachricht|e-?mail)|eingangsbestätigung|ticketnummer|vorgangsnummer|"
    r"aktenzeichen"
    r"|(?:nous avons bien reçu|accusons réception|accusé de réception|a bien été (?:reçue?|enregistrée?|"
    r"prise? en compte)|votre (?:demande|message|courriel) (?:a été|est)|numéro de (?:ticket|dossier))"
    r"|(?:abbiamo ricevuto la (?:sua|tua|vostra)|la (?:sua|tua|vostra) (?:richiesta|segnalazione|e-?mail) (?:è stata|"
    r"è)|è stata (?:ricevuta|registrata|protocollata|presa in carico)|presa in carico|numero di (?:ticket|"
    r"protocollo)|protocollo n)"
    r"|(?:hemos recibido su|su (?:solicitud|mensaje|consulta|correo) (?:ha sido|se ha|fue)|acuse de recibo|"
    r"número de (?:caso|ticket|expediente|registro))"
    r"|(?:λάβαμε το (?:μήνυμα|αίτημα|email)|το (?:μήνυμ[αά]|αίτημ[αά]|ερώτημ[αά]) σας (?:έχει )?(?:ελήφθη|καταχωρ|"
    r"παραλήφθηκε|πρωτοκολλ)|αριθμός? (?:πρωτοκόλλου|αιτήματος)|έχει καταχωρ|επιβεβαίωση λήψης)"
    r"|(?:am primit (?:mesajul|solicitarea|cererea|e-?mail)|(?:solicitarea|cererea|mesajul) dumneavoastră a fost|"
    r"a fost (?:înregistrat|primit|preluat)|număr(?:ul)? de înregistrare|confirmare de primire|confirmăm primirea)"
    r"|(?:zaprimili smo|primili smo va[sš]|va[sš] (?:upit|zahtjev|poruka|e-?mail) (?:je )?(?:zaprimljen|primljen|"
    r"evidentiran)|zaprimljen[ao]? je|potvrda primitka|broj (?:predmeta|zahtjeva|upita)|urudžb)"
    r"|(?:(?:talebiniz|mesajınız|başvurunuz|e-?postanız|iletiniz)\s+(?:\w+\s+){0,4}(?:alın|kayd|ulaş|kayıt)|"
    r"tarafımıza ulaş|talep (?:numara|no)|kayıt numara|başvuru numara)"
    r"|(?:uw (?:bericht|aanvraag|vraag) is (?:ontvangen|geregistreerd)|ontvangstbevestiging|ärendenummer|"
    r"zgłoszenie (?:zostało|nr)|(?:twoje|państwa|pani|pana) (?:zgłoszenie|wiadomość)"
    r"|(?:váš|vaše) (?:požadavek|dotaz|zpráva|žádost) (?:byl|byla|bylo)|(?:bejelentés|"
    r"megkeresés)\w* (?:meg)?(?:érkez|rögzít)"
    r"|(?:recebemos|registámos|registramos) (?:a sua|o seu|sua|seu)|(?:ваш(?:е|а)?|ваше) (?:обращение|заявка|запрос|письмо)"
    r" (?:\S+ ){0,2}(?:принят|зарегистрирован|получен)|(?:вашето|вашият) (?:запитване|сигнал) (?:е|беше))"
    r"|(?:tack|takk) för ditt (?:meddelande|mejl|mail|ärende)|(?:ditt|ert) ärende har (?:registrer|motta)"
    r"|din henvendelse er (?:modtaget|mottatt)|kiitos viestist"
    r"|(?:viestisi|asiasi|palautteesi|yhteydenottosi) on (?:kirjattu|vastaanotettu)"
    r"|köszönjük (?:megkeres|level|üzenet)|(?:bejelentés|megkeres|level|üzenet)\w* (?:rögzítettük|megkaptuk|iktattuk)"
    r"|(?:è|e) stat[oa] protocollat[oa]|avvenuta protocollazione"
    r"|ticket .{0,40}(?:has been|was) (?:created|opened)|request for support has been|ticket .{0,20}(?:wurde|eröffnet|erstellt)"
    r"|ticket .{0,20}a été (?:ouvert|créé)|se ha (?:creado|abierto|registrado) (?:el|un|su)|è stato (?:aperto|creato) (?:il"
    r"|un) ticket"
    r"|tichetul .{0,40}a fost|acquisita al protocollo|talebiniz sistem|ticket number is"
    r"|va[sš][aeu]? je (?:upit|zahtjev|poruka|predmet|prijava) (?:zaprimljen|primljen|evidentiran|proslijeđen)"
    r"|(?:otvoren|zaprimljen) je (?:\w+ )?(?:zahtjev|prijava|upit)|s-a (?:creat|deschis) (?:un )?tichet|destek kaydı\w* (?:aç"
    r"|oluş))"
    r"|受け付けました|受付番号|お問い合わせ番号|已收到您的|您的工单|접수되었습니다",
)
REGISTERED_SUBJECT = Wording(
    r"(?:^\W*\[[a-z]{2,10}-\d{2,}\]|\[?(?:ticket|case|request|incident|req|inc|sr|ärende|zgłoszenie|pratica)\s?(?:id|no\.?"
    r"|number)?[\s:#-]{0,3}[a-z]{0,5}-?\d{3,}|"
    r"[\[(](?:#|ref\W?|ticket\W?)\s?[a-z]{0,5}-?\d{2,}[\])]|(?:protocollo|protokol|talep|tichet) \W?(?:n[r.°]?:?)?\s?#?\d{3,}"
    r"|(?:αίτημα|αιτήματος|zahtjev|prijava|tichet|solicitud|demande|segnalazione"
    r"|başvuru)\s\W{0,3}(?:n[r°º]?\.?|br\.?)?\s?#?\d{3,}|"
    r"acknowledge?ment|received your|eingangsbestätigung|empfangsbestätigung|accusé de réception|"
    r"conferma (?:di )?(?:ricezione|ricevimento)|ricevuta"
    r"|acuse de recibo|confirmación de recepción|επιβεβαίωση (?:λήψης|παραλαβής)|confirmare (?:de )?(?:primire|"
    r"înregistrare)|potvrda (?:o )?(?:primitk|zaprimanj)|alındı bildirimi|talebiniz alın"
    r"|ontvangstbevestiging|potwierdzenie (?:otrzymania|przyjęcia)|mottagningsbekräftelse"
    r"|vastaanottovahvistus|on vastaanotettu|visszaigazol|protocollazion|регистриран\w* (?:запитване|сигнал)"
    r"|受け付けました|受付完了|접수)",
)
AUTOMATIC_TEXT = Wording(
    r"\b(?:automatic(?:ally)?[ -](?:generated|reply|response|e-?mail|message|acknowledg)|auto-?generated|"
    r"automatisch (?:generiert|erstellt|versend)|(?:message|réponse|courriel) automatique|généré automatiquement|"
    r"(?:messaggio|risposta|e-?mail) automatic|generat[oa] automaticamente"
    r"|(?:mensaje|respuesta|correo) automátic|generado automáticamente|αυτόματ\w+ (?:μήνυμα|απάντηση)|"
    r"αυτοματοποιημέν|(?:mesaj|răspuns) automat|generat automat|automatsk[aio] (?:poruka|odgovor|generiran)|"
    r"otomatik (?:olarak|yanıt|mesaj|ileti)|do not reply|no.?reply|nicht (?:auf diese|antworten)|ne pas répondre|"
    r"non rispondere|no responda|wygenerowan\w+ automatycznie|automatycznie wygener|nie odpowiada|automaticky (?:vy)?generov"
    r"|automatikus(?:an)?|автоматичес|автоматичн|automatisch gegenereerd|genererats automatiskt|automatisk besked|"
    r"automaattinen (?:viesti|vastaus)|älä vastaa|kan inte besvaras|kan ikke besvares|svara inte på"
    r"|nelze odpov|neodpovídejte|neodpovedajte|ne válaszoljon|не отговаряйте|не отвечайте|ne odgovarajte|nie odpowiada[ćj]"
    r"|automaattisesti"
    r"|gerad[oa] automaticamente|não responda)|自動送信|自動返信|自動配信|返信しないで|自动发送|请勿回复|발신 ?전용",
)
STOP = re.compile(
    r"^\W*(?:(?:please|kindly|hello|hi|bitte|s.il vous plaît|svp|merci(?: de)?|thank you|per favore"
    r"|per cortesia|prego|por favor|παρακαλώ|"
    r"vă rog|va rog|molim(?: vas)?|lütfen|veuillez|je (?:vous prie|souhaite|voudrais)(?: de)?|vi prego di|"
    r"vi chiedo di|vorrei"
    r"|doresc|aș dori|želim|rado bih|i (?:want|wish|would like) to|ich möchte|θέλω να|deseo|quiero)[\s,:!]+)*"
    r"(?:unsubscribe(?: me)?|stop(?: (?:writing|sending|mailing|e-?mailing|contacting|these|this|it|all).{0,60})?|"
    r"(?:remove|take|delete) (?:me|my (?:e-?mail|address|name)|us)\b.{0,60}|do not (?:write|send|contact|e-?mail|"
    r"mail)\b.{0,60}|don.t (?:write|send|contact|e-?mail)\b.{0,60}|opt[ -]?out|no more (?:e-?)?mails?.{0,30}|"
    r"cancel (?:my )?subscription"
    r"|(?:mich )?(?:abmelden|austragen|abbestellen)|(?:keine|nicht mehr) (?:weiteren )?(?:e-?)?mails?.{0,40}|"
    r"schreiben sie mir nicht mehr.{0,20}|(?:löschen|entfernen|streichen) sie (?:mich|meine).{0,60}"
    r"|ne plus m.(?:écrire|envoyer|contacter).{0,60}|(?:me )?désabonne[rz]?(?:-moi)?.{0,40}|(?:me |"
    r"de me )?désinscri\w+(?:-moi)?.{0,40}|(?:arrêtez|cessez) de m.{0,60}|"
    r"ne m.(?:écrivez|envoyez|contactez) plus.{0,60}|retirez.moi.{0,60}|supprimez.mo[in].{0,60}|plus de (?:mails?|"
    r"courriels?).{0,30}"
    r"|cancell(?:ami|atemi|arsi|ate|ami|are) (?:l.)?iscrizione|disiscriv\w+.{0,40}|cancell(?:ami|atemi|armi|are|ate|"
    r"i).{0,60}|rimuov\w+.{0,60}|non (?:scriv\w+|inviate?\w*|mandat\w+|contattat\w+)(?: più)?.{0,60}|"
    r"smett\w+ di.{0,60}|basta (?:e-?)?mail.{0,30}"
    r"|(?:darme|date|dar) de baja.{0,40}|(?:deseo|quiero) (?:darme de )?baja.{0,40}|baja|"
    r"cancelar (?:la )?suscripción|no me (?:escrib\w+|envíe\w*|mande\w*|contacte\w*)(?: más)?.{0,60}|"
    r"dejen? de.{0,60}|elimín\w+.{0,60}|bórr\w+me.{0,40}"
    r"|διαγραφή.{0,40}|διαγράψτε με.{0,40}|κατάργηση (?:της )?εγγραφής|απεγγραφή|μη(?:ν)? μου (?:ξανα)?(?:στέλνετε|"
    r"γράφετε|στείλετε).{0,60}|σταματήστε.{0,60}|αφαιρέστε.{0,60}"
    r"|(?:să )?(?:mă |ma )?dezabon\w+.{0,40}|să nu(?:-| )?(?:mi|îmi) mai scrieți.{0,40}|nu(?:-| )?(?:mi )?(?:mai|"
    r"îmi mai) (?:scrieți|trimiteți|trimite|contactați).{0,60}|"
    r"opriți.{0,60}|ștergeți.{0,60}|eliminați.{0,60}"
    r"|odjav\w+.{0,40}|nemojte mi (?:više )?(?:pisati|slati).{0,60}|(?:prestanite|ne želim).{0,60}|"
    r"(?:da )?(?:me )?(?:uklonite|izbrišete|obrišete)(?: me)?.{0,40}|obrišite.{0,60}|izbrišite.{0,60}"
    r"|(?:abonelik\w*|üyelik\w*).{0,30}(?:iptal|çık\w+|sil\w+)|(?:beni )?listeden (?:çık\w+|sil\w+)(?: lütfen)?|"
    r"bana (?:artık |"
    r"bir daha )?(?:yazmayın|mail|e-?posta|ileti).{0,40}|(?:mail|e-?posta) (?:atmayın|göndermeyin).{0,20})\W*$",
    re.IGNORECASE | re.DOTALL,
)
FAILURE_SUBJECT = Wording(
    r"(?:undeliver(?:able|ed)|delivery (?:status|failure|failed|problem|notification|report|has failed|incomplete|"
    r"delayed|warning)|delivery_fail|returned (?:mail|to sender|message)|mail (?:delivery|system|"
    r"could not be delivered)|failure notice|failed (?:mail|delivery)|non[- ]?deliver"
    r"|(?:could|can) ?not be delivered|message (?:delivery )?(?:delayed|delivery failure|undeliver|status)|"
    r"warning: (?:could not send|message)|bounced|bounce notification|mailbox (?:full|is full|unavailable)|"
    r"over quota|user unknown|unzustellbar|zustell(?:ung|barkeit)|nicht zugestellt|nicht zustellbar|unzustellbarkeit"
    r"|non remis|échec de (?:la )?remise|non distribu|échec de la distribution|mancat[oa] (?:consegna|recapito)|"
    r"impossibile recapitare|notifica di mancat|non recapitabile|no se (?:ha podido|pudo) entregar|no entregado|"
    r"error en la entrega|no se puede entregar|devuelto|αποτυχία (?:παράδοσης|αποστολής)|δεν παραδόθηκε|"
    r"αδυναμία παράδοσης"
    r"|nelivra|nu a putut fi livrat|eșec|esec|livrare eșuat|neisporuč|isporuka nije|nije isporučen|iletilemedi|"
    r"teslim edileme|teslimat|gönderilemedi|onbestelbaar|niet bezorgd|olevererbar|ikke leveret|niedoręcz|"
    r"niedostarcz|nie można dostarczyć|nedoruč|"
    r"går inte att leverera|kunde inte levereras|kunne ikke leveres|kan ikke leveres|toimittaminen epäonnistui|"
    r"ei voi(?:da|tu) toimittaa|"
    r"não (?:foi )?(?:possível )?entreg|falha na entrega|mail system error|permanent (?:delivery )?fail|"
    r"не може да бъде доставен|не вдалося доставити|"
    r"kézbesít|недостав|не доставлено|退信|配信不能|投递失败)",
)
# "Read: …" of clients that write receipts as plain text
READ_SUBJECT = Wording(
    r"^\W*(?:(?:not|un|non|no|δεν|nu|ne|nicht|não|niet|nie) ?)?(?:read|gelesen|lu|letto|leído|leido|αναγνώστηκε|διαβάστηκε"
    r"|citit|pročitano|okundu|gelezen|läst|læst|lest|luettu|"
    r"przeczytano|přečteno|lida|прочитано|прочетено)\s*:"
    # Notes writes so
    r"|^\W*(?:return receipt|ricevuta di (?:ritorno|lettura)|empfangsbestätigung|lesebestätigung|accusé de (?:réception|lecture)"
    r"|acuse de (?:recibo|lectura)|απόδειξη (?:ανάγνωσης|παράδοσης|λήψης)|confirmare de (?:citire|primire)|potvrda o čitanju"
    r"|(?:okundu|alındı) bilgisi|recibo de leitura|potwierdzenie (?:odczytu|odbioru))\b"
)
READ_TEXT = Wording(
    r"\b(?:was read on|was displayed|wurde am .{0,60}gelesen|a été lu|è stato letto|se leyó|ha sido leído|"
    r"fue leído|διαβάστηκε|"
    r"αναγνώστηκε|a fost citit|je pročitan|pročitan[ao]? je|okundu|is gelezen|lästes|blev læst|została przeczytana|byla přečtena|"
    r"foi lida|прочитан"
    r"|(?:document|message|dokument|documento|messaggio|mensaje|mesajul|belge|poruka|έγγραφο|μήνυμα)\b.{1,200}"
    r"\b(?:was received by|è stat[oa] ricevut[oa] da|wurde empfangen von|a été reçue? par|(?:ha sido|fue) recibido por"
    r"|παραλήφθηκε από|a fost primit de|primi(?:o|la) je|foi recebid[oa] por)\b"
    r"|deleted without being read|ungelesen gelöscht|supprimé sans (?:avoir été|être) lu|(?:eliminat|cancellat)[oa] senza essere"
    r"|eliminado sin (?:haber sido |ser )?leíd|διαγράφηκε χωρίς να|șters fără a fi|izbrisan[ao]? (?:a da nije|bez)|okunmadan sil)"
)
# Outlook asks for an unread mail back
RECALLED = Wording(
    r"(?:would like to recall the (?:message|e-?mail)|möchte (?:die|folgende) nachricht .{0,80}zurückrufen|rappeler le message"
    r"|richiamare il messaggio|(?:recuperar|retirar) el mensaje|να ανακαλέσει .{0,12}μήνυμα|să (?:recheme|retragă) mesajul"
    r"|opozvati poruku|(?:iletisini|iletiyi|mesajı) geri (?:çağ|çek|almak))"
)
MAILBOX_FULL = Wording(
    r"mailbox (?:is )?(?:full|exceeded|over|too large)|(?:over|exceed\w*|out of)\s?(?:the |its |their |"
    r"his )?(?:mail(?:box)? |storage |disk )?quota|quota (?:exceeded|limit|is full)|storage (?:limit|quota|exceed|"
    r"full)|not enough (?:storage )?space|insufficient (?:system )?(?:disk )?storage|inbox (?:is )?full|full mailbox"
    r"|postfach (?:ist )?voll|boîte (?:aux lettres |de réception )?(?:est )?pleine|"
    r"casella (?:di posta )?(?:è )?piena|casella (?:di posta )?pien|buzón (?:está )?lleno|buzón lleno|"
    r"γραμματοκιβώτιο .{0,20}(?:πλήρες|γεμάτο)|căsuța .{0,20}plină|(?:sandučić|pretinac) .{0,20}pun|posta kutusu dolu|552[- ]|"
    r"5\.2\.2|4\.2\.2"
    r"|(?:mailbox|inbox|account|message store)\b.{0,40}\b(?:full\b|limit|exceed|no space|out of space|over)"
    r"|(?:casella|posta in arrivo|mailbox)\b.{0,60}\b(?:pien[ao]|spazio|superat|limite)|spazio (?:disponibile|esaurito"
    r"|insufficiente)"
    r"|(?:boite|messagerie|bal)\b.{0,60}\b(?:plein|satur|quota|limite)|espace (?:insuffisant|de stockage)"
    r"|(?:buzon|bandeja|cuenta|cuota)\b.{0,60}\b(?:llen[ao]|espacio|superad|excedid|alcanzad|cuota|limite)"
    r"|(?:γραμματοκιβωτιο|θυριδα|εισερχομενα)\w*.{0,60}(?:πληρ|γεματ|οριο|χωρο)|(?:casuta|cutia|mailbox)\w*.{0,60}(?:plin"
    r"|spatiu|limit)"
    r"|(?:sanducic|pretinac|spremnik|posta)\w*.{0,60}(?:\bpun\b|popunjen|prepun|kvot)|(?:kutusu|kota|posta)\w*.{0,60}(?:dolu"
    r"|dolmus|kota|asil)"
    r"|(?:postfach|mailbox|speicher)\w*.{0,40}(?:voll|uberschritt|erschopft)",
)
