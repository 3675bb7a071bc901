"""How mail programs of many languages announce a quoted letter, as they write it; `{W}` is the writer, `{A}` our reply address.

LINES: name | header line | how the letter follows: q(uoted with >), n(ot quoted), b(oth are met). BLOCKS: header fields on lines of
their own, each block under `#name`. They were collected before the code was tried on them.
"""

LINES = '''
gmail-de|Am Mo., 5. Mai 2025 um 10:04 Uhr schrieb {W} <{A}>:|q
gmail-pl|pon., 5 maj 2025 o 10:04 {W} <{A}> napisał(a):|b
gmail-ptbr|Em seg., 5 de mai. de 2025 às 10:04, {W} <{A}> escreveu:|b
gmail-pt|{W} <{A}> escreveu (segunda, 5/05/2025 à(s) 10:04):|b
gmail-nl|Op ma 5 mei 2025 om 10:04 schreef {W} <{A}>:|b
gmail-sv|Den mån 5 maj 2025 kl 10:04 skrev {W} <{A}>:|b
gmail-fi|ma 5. toukok. 2025 klo 10.04 {W} ({A}) kirjoitti:|b
gmail-hu|{W} <{A}> ezt írta (időpont: 2025. máj. 5., H, 10:04):|b
gmail-cs|po 5. 5. 2025 v 10:04 odesílatel {W} <{A}> napsal:|b
gmail-sk|po 5. 5. 2025 o 10:04 {W} <{A}> napísal(a):|b
gmail-bg|На пн, 5.05.2025 г. в 10:04 {W} <{A}> написа:|b
gmail-ru|пн, 5 мая 2025 г. в 10:04, {W} <{A}>:|b
gmail-uk|пн, 5 трав. 2025 р. о 10:04 {W} <{A}> пише:|b
gmail-ar|في الاثنين، 5 مايو 2025 في 10:04 ص تمت كتابة ما يلي بواسطة {W} <{A}>:|b
gmail-he|\u202bבתאריך יום ב׳, 5 במאי 2025 ב-10:04 מאת \u202a{W}\u202c\u200f <\u202a{A}\u202c\u200f>:\u202c|b
gmail-zhcn|{W} <{A}> 于2025年5月5日周一 10:04写道：|b
gmail-zhtw|{W} <{A}> 於 2025年5月5日 週一 上午10:04寫道：|b
gmail-ja|2025年5月5日(月) 10:04 {W} <{A}>:|b
gmail-ko|2025년 5월 5일 (월) 오전 10:04, {W} <{A}>님이 작성:|b
gmail-th|ในวันที่ จ. 5 พ.ค. 2025 เวลา 10:04 {W} <{A}> เขียนว่า:|b
gmail-vi|Vào Th 2, 5 thg 5, 2025 vào lúc 10:04 {W} <{A}> đã viết:|b
gmail-sr|пон, 5. мај 2025. у 10:04 {W} <{A}> је написао/ла:|b
gmail-sl|V V pon., 5. maj 2025 ob 10:04 je oseba {W} <{A}> napisala:|b
gmail-da|Den man. 5. maj 2025 kl. 10.04 skrev {W} <{A}>:|b
gmail-no|man. 5. mai 2025 kl. 10:04 skrev {W} <{A}>:|b
gmail-lt|2025-05-05, pr, 10:04 {W} <{A}> rašė:|b
gmail-lv|Pirmd., 2025. g. 5. maijs, plkst. 10:04 — lietotājs {W} (<{A}>) rakstīja:|b
gmail-et|Kuupäev E, 5. mai 2025 kell 10:04 kirjutas {W} <{A}>:|b
gmail-ca|Missatge de {W} <{A}> del dia dl., 5 de maig 2025 a les 10:04:|b
gmail-fa|در تاریخ دوشنبه ۵ مهٔ ۲۰۲۵،\u200f ۱۰:۰۴ {W} <{A}> نوشت:|b
apple-pl|Wiadomość napisana przez {W} <{A}> w dniu 5 maj 2025, o godz. 10:04:|b
apple-nl|Op 5 mei 2025 om 10:04 heeft {W} <{A}> het volgende geschreven:|b
apple-ja|2025/05/05 10:04、{W} <{A}>のメール:|b
apple-fi|{W} <{A}> kirjoitti 5.5.2025 kello 10.04:|b
apple-hu|2025. máj. 5. dátummal, 10:04 időpontban {W} <{A}> írta:|b
apple-cs|5. 5. 2025 v 10:04, {W} <{A}>:|b
apple-ru|5 мая 2025 г., в 10:04, {W} <{A}> написал(а):|b
apple-el|Στις 5 Μαΐ 2025, στις 10:04 π.μ., ο χρήστης «{W}» <{A}> έγραψε:|b
apple-tr|{W} <{A}> şunları yazdı (5 May 2025 10:04):|b
apple-zh|2025年5月5日 上午10:04，{W} <{A}> 写道：|b
apple-pt|No dia 5 de mai. de 2025, à(s) 10:04, {W} <{A}> escreveu:|b
tb-de|Am 05.05.25 um 10:04 schrieb {W}:|q
tb-fr|Le 05/05/2025 à 10:04, {W} a écrit :|q
tb-cs|Dne 05. 05. 25 v 10:04 {W} napsal(a):|q
tb-pl|W dniu 5.05.2025 o 10:04, {W} pisze:|q
tb-hu|2025. 05. 05. 10:04 keltezéssel, {W} írta:|q
tb-sv|Den 2025-05-05 kl. 10:04, skrev {W}:|q
tb-ru|05.05.2025 10:04, {W} пишет:|q
tb-fi|{W} kirjoitti 5.5.2025 klo 10.04:|q
tb-eu|2025(e)ko mai. 5(e)an 10:04(e)tan, {W} igorleak idatzi zuen:|q
tb-gl|O 05/05/2025 ás 10:04, {W} escribiu:|q
rc-de|Am 05.05.2025 10:04, schrieb {W}:|q
rc-cs|Dne 2025-05-05 10:04, {W} napsal:|q
rc-tr|2025-05-05 10:04 tarihinde, {W} yazdı:|q
horde-de|Zitat von {W} <{A}>:|b
horde-en|Quoting {W} <{A}>:|b
horde-pt|Citando {W} <{A}>:|b
horde-cs|Citát {W} <{A}>:|b
horde-fr|{W} <{A}> a écrit :|b
kmail-de|Am Montag, 5. Mai 2025, 10:04:33 CEST schrieb {W}:|q
kmail-en|On Monday, May 5, 2025 10:04:33 AM CEST {W} wrote:|q
tuta-de|5. Mai 2025, 10:04 von {A}:|b
tuta-en|May 5, 2025, 10:04 by {A}:|b
k9-de|Am 5. Mai 2025 10:04:33 MESZ schrieb {W} <{A}>:|b
k9-en|On May 5, 2025 10:04:33 AM GMT+02:00, {W} <{A}> wrote:|b
fairemail|{W} <{A}> wrote on 5 May 2025 10:04:|b
yahoo-de|Am Montag, 5. Mai 2025 um 10:04:00 MESZ hat {W} <{A}> Folgendes geschrieben:|n
yahoo-it|Il lunedì 5 maggio 2025 alle ore 10:04:00 CEST, {W} <{A}> ha scritto:|n
yahoo-es|En lunes, 5 de mayo de 2025, 10:04:00 CEST, {W} <{A}> escribió:|n
yahoo-el|Στις Δευτέρα 5 Μαΐου 2025 στις 10:04:00 π.μ. EEST, ο χρήστης {W} <{A}> έγραψε:|n
yahoo-ro|luni, 5 mai 2025 la 10:04:00 EEST, {W} <{A}> a scris:|n
libero-it|Il 05/05/2025 10:04 CEST {W} <{A}> ha scritto:|b
mailru|Понедельник, 5 мая 2025, 10:04 +03:00 от {W} <{A}>:|b
yandex|05.05.2025, 10:04, "{W}" <{A}>:|b
wp-pl|Dnia 5 maja 2025 10:04 {W} <{A}> napisał(a):|b
onet-pl|W dniu 2025-05-05 10:04:33 użytkownik {W} <{A}> napisał:|b
netease|At 2025-05-05 10:04:33, "{W}" <{A}> wrote:|b
netease-zh|在 2025-05-05 10:04:33，"{W}" <{A}> 写道：|b
mutt|On Mon, May 05, 2025 at 10:04:33AM +0200, {W} wrote:|q
gnus|{W} <{A}> writes:|q
pine|On Mon, 5 May 2025, {W} wrote:|q
thebat|Monday, May 5, 2025, 10:04:33 AM, you wrote:|q
hey|On May 5, 2025, {W} <{A}> wrote:|b
zoho|---- On Mon, 05 May 2025 10:04:33 +0200 {W} <{A}> wrote ---|n
zoho-de|---- Am Mo, 05 Mai 2025 10:04:33 +0200 {W} <{A}> schrieb ----|n
gw|>>> {W} <{A}> 05.05.2025 10:04 >>>|b
gw-en|>>> "{W}" <{A}> 5/5/2025 10:04 AM >>>|n
spark|On 5 May 2025 at 10:04 +0200, {W} <{A}>, wrote:|b
mailbird|On 05/05/2025 10:04:33, {W} <{A}> wrote:|b
welsh|Ar Llun, 5 Mai 2025 am 10:04 ysgrifennodd {W} <{A}>:|b
irish|Ar Luan 5 Beal 2025 ag 10:04, scríobh {W} <{A}>:|b
albanian|Më hën, 5 maj 2025 në 10:04, {W} <{A}> shkroi:|b
macedonian|На пон, 5 мај 2025 во 10:04, {W} <{A}> напиша:|b
armenian|Երկ, 5 մյս, 2025 թ. 10:04-ին {W} <{A}> գրեց․|q
hindi|सोम, 5 मई 2025 को 10:04 पर {W} <{A}> ने लिखा:|b
indonesian|Pada Sen, 5 Mei 2025 pukul 10.04 {W} <{A}> menulis:|b
evolution-en|On Tue, 2026-03-10 at 09:41 +0100, {W} wrote:|q
evolution-it|Il giorno mar, 10/03/2026 alle 09.41 +0100, {W} ha scritto:|q
evolution-es|El mar, 10-03-2026 a las 09:41 +0100, {W} escribió:|q
evolution-fr|Le mardi 10 mars 2026 à 09:41 +0100, {W} a écrit :|q
pegasus|On 10 Mar 2026 at 9:41, {W} wrote:|q
eudora|At 09:41 10/03/2026, {W} wrote:|q
squirrel|On Tue, March 10, 2026 9:41 am, {W} wrote:|q
squirrel-es|El Mar, 10 de Marzo de 2026, 9:41, {W} escribió:|q
notes-wrote|"{W}" <{A}> wrote on 10/03/2026 09:41:12:|b
notes-it|"{W}" <{A}> ha scritto il 10/03/2026 09.41.12|q
notes-fr|"{W}" <{A}> a écrit le 10/03/2026 09:41:12 :|b
notes-es|"{W}" <{A}> escribió el 10/03/2026 09:41:12:|b
ox-de|{W} <{A}> hat am 10.03.2026 09:41 CET geschrieben:|b
ox-fr|Le 10/03/2026 09:41 CET, {W} <{A}> a écrit :|b
ox-es|El 10/03/2026 09:41 CET {W} <{A}> escribió:|b
ox-ro|În 10.03.2026 09:41 EET {W} <{A}> a scris:|b
proton-es|El martes, 10 de marzo de 2026 a las 9:41, {W} <{A}> escribió:|b
proton-fr|Le mardi 10 mars 2026 à 09:41, {W} <{A}> a écrit :|b
proton-el|Την Τρίτη 10 Μαρτίου 2026 στις 9:41 π.μ., {W} <{A}> έγραψε:|b
proton-ro|În marți, 10 martie 2026 la 09:41, {W} <{A}> a scris:|b
proton-tr|10 Mart 2026 Salı saat 09:41 tarihinde, {W} <{A}> yazdı:|b
proton-hr|U utorak, 10. ožujka 2026. u 09:41, {W} <{A}> je napisao/la:|b
tuta-it|10 mar 2026, 09:41 da {A}:|b
tuta-fr|10 mars 2026 à 09:41 de {A} :|b
yahoo-fr|Le mardi 10 mars 2026 à 09:41:02 UTC+1, {W} <{A}> a écrit :|n
yahoo-hr|U utorak, 10. ožujka 2026. 09:41:02 CET, korisnik {W} <{A}> napisao je:|n
yahoo-es-2|El martes, 10 de marzo de 2026, 09:41:02 CET, {W} <{A}> escribió:|n
yahoo-tr-n|10 Mart 2026 Salı 09:41:02 GMT+3 tarihinde {W} <{A}> şunu yazdı:|n
yahoo-el-n|Στις Τρίτη 10 Μαρτίου 2026 στις 09:41:02 π.μ. EET, ο χρήστης {W} <{A}> έγραψε:|n
yahoo-ro-n|Pe marți, 10 martie 2026 la 09:41:02 EET, {W} <{A}> a scris:|n
gmail-ro-in|În mar., 10 mar. 2026 la 09:41, {W} <{A}> a scris:|b
gmail-hr-la|uto, 10. ožu 2026. u 09:41 {W} <{A}> napisao/la je:|b
gmail-el-phone|Στις Τρί, 10 Μαρ 2026, 9:41 π.μ. ο χρήστης {W} <{A}> έγραψε:|b
gmail-tr-phone|10 Mar 2026 Sal 09:41 tarihinde {W} <{A}> şunu yazdı:|b
gmail-it-phone|Il mar 10 mar 2026, 09:41 {W} <{A}> ha scritto:|b
gmail-fr-phone|Le mar. 10 mars 2026, 09:41, {W} <{A}> a écrit :|b
gmail-es-cat|Missatge de {W} <{A}> del dia dt., 10 de març 2026 a les 9:41:|b
apple-es-mx|El 10/03/2026, a la(s) 9:41 a.m., {W} <{A}> escribió:|b
apple-ro-la|La 10 mar. 2026, la 09:41, {W} <{A}> a scris:|b
apple-el-wrote|10 Μαρ 2026, 09:41, ο χρήστης «{W} <{A}>» έγραψε:|b
apple-hr-dana|{W} <{A}> napisao je dana 10. ožu 2026. u 09:41:|b
apple-fr-guillemets|Le 10 mars 2026 à 09:41, « {W} » <{A}> a écrit :|b
tb-hr-old|Dana 10.3.2026. 9:41, {W} je napisao/la:|q
tb-ro-la|La 10.03.2026 09:41, {W} a scris:|q
tb-tr-new|10.03.2026 saat 09:41 itibarıyla {W} yazdı:|q
tb-el-old|Στις 10/03/2026 09:41 πμ, ο/η {W} έγραψε:|q
kmail-it|In data martedì 10 marzo 2026 09:41:12 CET, {W} ha scritto:|q
kmail-es|El martes, 10 de marzo de 2026 9:41:12 (CET) {W} escribió:|q
airmail|On 10 March 2026 at 09:41:12, {W} ({A}) wrote:|b
airmail-it|Il 10 marzo 2026 alle 09:41:12, {W} ({A}) ha scritto:|b
edison|On Tue, Mar 10, 2026 at 9:41 AM {W} <{W} <{A}>> wrote:|b
newton|On Tue, Mar 10, 2026 at 9:41 AM {W} < {A} > wrote:|b
aqua|On 10 March 2026 9:41:12 {W} <{A}> wrote:|b
aqua-it|Il 10 marzo 2026 09:41:12 {W} <{A}> ha scritto:|b
xiaomi|{W} <{A}> 于2026年3月10日周二 09:41写道：|b
mailru-app|Tuesday, 10 March 2026, 09:41 +01:00 from {W} <{A}>:|b
k9-fr|Le 10 mars 2026 09:41:12 GMT+01:00, {W} <{A}> a écrit :|b
k9-el|Στις 10 Μαρτίου 2026 9:41:12 π.μ. EET, ο/η {W} <{A}> έγραψε:|b
k9-ro|Pe 10 martie 2026 09:41:12 EET, {W} <{A}> a scris:|b
k9-tr|10 Mart 2026 09:41:12 GMT+03:00 tarihinde {W} <{A}> şunu yazdı:|b
k9-hr|Dana 10. ožujka 2026. 09:41:12 CET, {W} <{A}> napisao/la je:|b
fairemail-it|10 mar 2026 09:41 {W} <{A}>:|b
rainloop-it|10 marzo 2026 09:41, "{W}" <{A}> ha scritto:|b
nextcloud|"{W}" {A} – March 10, 2026 9:41 AM|q
nextcloud-fr|"{W}" {A} – 10 mars 2026 09:41|q
infomaniak|Le 2026-03-10T09:41:12.000+01:00, {W} <{A}> a écrit :|b
'''

BLOCKS = '''
#outlook-fi
Lähettäjä: {W} <{A}>
Lähetetty: maanantai 5. toukokuuta 2025 10.04
Vastaanottaja: City Desk <desk@city.example>
Aihe: Q-2025-0042

#outlook-hu
Feladó: {W} <{A}>
Küldve: 2025. május 5., hétfő 10:04
Címzett: City Desk <desk@city.example>
Tárgy: Q-2025-0042

#outlook-cs
Od: {W} <{A}>
Odesláno: pondělí 5. května 2025 10:04
Komu: City Desk <desk@city.example>
Předmět: Q-2025-0042

#outlook-bg
От: {W} <{A}>
Изпратено: понеделник, 5 май 2025 г. 10:04
До: City Desk <desk@city.example>
Относно: Q-2025-0042

#outlook-ru
От: {W} <{A}>
Отправлено: 5 мая 2025 г. 10:04
Кому: City Desk <desk@city.example>
Тема: Q-2025-0042

#outlook-ar
من: {W} <{A}>
\u200f\u200fتم الإرسال: الاثنين، 5 مايو، 2025 10:04 ص
إلى: City Desk <desk@city.example>
الموضوع: Q-2025-0042

#outlook-he
מאת: {W} <{A}>
\u200f\u200fנשלח: יום שני 05 מאי 2025 10:04
\u200f\u200fאל: City Desk <desk@city.example>
\u200f\u200fנושא: Q-2025-0042

#outlook-zh
发件人: {W} <{A}>
发送时间: 2025年5月5日 10:04
收件人: City Desk <desk@city.example>
主题: Q-2025-0042

#outlook-ja
差出人: {W} <{A}>
送信日時: 2025年5月5日 月曜日 10:04
宛先: City Desk <desk@city.example>
件名: Q-2025-0042

#outlook-welsh
Oddi wrth: {W} <{A}>
Anfonwyd: 05 Mai 2025 10:04
At: City Desk <desk@city.example>
Testun: Q-2025-0042

#outlook-basque
Nork: {W} <{A}>
Bidalia: astelehena, 2025(e)ko maiatzaren 5a 10:04
Nori: City Desk <desk@city.example>
Gaia: Q-2025-0042

#outlook-et
Saatja: {W} <{A}>
Saadetud: esmaspäev, 5. mai 2025 10:04
Adressaat: City Desk <desk@city.example>
Teema: Q-2025-0042

#outlook-irish
Ó: {W} <{A}>
Seolta: Dé Luain 5 Bealtaine 2025 10:04
Chuig: City Desk <desk@city.example>
Ábhar: Q-2025-0042

#outlook-noaddress-de
Von: {W}
Gesendet: Montag, 5. Mai 2025 10:04
An: City Desk
Betreff: Q-2025-0042

#outlook-cc-da
Fra: {W} <{A}>
Sendt: 5. maj 2025 10:04
Til: City Desk <desk@city.example>
Cc: Other Desk <other@city.example>; Third Desk <third@city.example>
Emne: Q-2025-0042
Vigtighed: Høj

#outlook-mac-de
Von: {W} <{A}>
Datum: Montag, 5. Mai 2025 um 10:04
An: City Desk <desk@city.example>
Betreff: Q-2025-0042

#outlook-ios-de
________________________________
Von: {W} <{A}>
Gesendet: Montag, Mai 5, 2025 10:04 AM
An: City Desk <desk@city.example>
Betreff: Q-2025-0042

#samsung-en
-------- Original message --------
From: {W} <{A}>
Date: 05/05/2025  10:04  (GMT+01:00)
To: desk@city.example
Subject: Q-2025-0042

#samsung-it
-------- Messaggio originale --------
Da: {W} <{A}>
Data: 05/05/25  10:04  (GMT+01:00)
A: desk@city.example
Oggetto: Q-2025-0042

#samsung-el
-------- Αρχικό μήνυμα --------
Από: {W} <{A}>
Ημερομηνία: 5/5/25 10:04 π.μ. (GMT+02:00)
Προς: desk@city.example
Θέμα: Q-2025-0042

#gmx
Gesendet: Montag, 05. Mai 2025 um 10:04 Uhr
Von: "{W}" <{A}>
An: desk@city.example
Betreff: Q-2025-0042

#webde-new
Gesendet: 05.05.25 um 10:04 Uhr
Von: "{W}" <{A}>
An: "City Desk" <desk@city.example>
Betreff: Q-2025-0042

#libero-orig
----Messaggio originale----
Da: {A}
Data: 05/05/2025 10:04
A: <desk@city.example>
Ogg: Q-2025-0042

#orange-new
envoyé : 5 mai 2025 à 10:04
de : {W} <{A}>
à : desk@city.example
objet : Q-2025-0042

#seznam
---------- Původní e-mail ----------
Od: {W} <{A}>
Komu: desk@city.example
Datum: 5. 5. 2025 10:04:33
Předmět: Q-2025-0042

#emclient-de
------ Originalnachricht ------
Von: "{W}" <{A}>
An: desk@city.example
Datum: 05.05.2025 10:04:33
Betreff: Q-2025-0042

#emclient-en-new
------ Original Message ------
From "{W}" <{A}>
To desk@city.example
Date 5/5/2025 10:04:33 AM
Subject Q-2025-0042

#notes-de
Von:    {W} <{A}>
An:     desk@city.example
Kopie:
Datum:  05.05.2025 10:04
Betreff:        Q-2025-0042

#notes-dash
-----{W} <{A}> schrieb: -----
An: desk@city.example
Von: {W} <{A}>
Datum: 05.05.2025 10:04
Betreff: Q-2025-0042

#notes-en
From:        {W} <{A}>
To:        desk@city.example
Date:        05/05/2025 10:04
Subject:        Q-2025-0042

#qq
------------------ 原始邮件 ------------------
发件人: "{W}" <{A}>;
发送时间: 2025年5月5日(星期一) 上午10:04
收件人: "desk"<desk@city.example>;
主题: Q-2025-0042

#qq-en
------------------ Original ------------------
From:  "{W}"<{A}>;
Date:  Mon, May 5, 2025 10:04 AM
To:  "desk"<desk@city.example>;
Subject:  Q-2025-0042

#zimbra-fr
----- Mail original -----
De: "{W}" <{A}>
À: desk@city.example
Envoyé: Lundi 5 Mai 2025 10:04:33
Objet: Q-2025-0042

#zimbra-ro
De la: "{W}" <{A}>
Către: "desk" <desk@city.example>
Trimis: Luni, 5 Mai, 2025 10:04:33
Subiect: Q-2025-0042

#bold-md-en
*From:* {W} <{A}>
*Sent:* 05 May 2025 10:04
*To:* City Desk <desk@city.example>
*Subject:* Q-2025-0042

#gmail-forward-style
---------- Forwarded message ---------
From: {W} <{A}>
Date: Mon, May 5, 2025 at 10:04 AM
Subject: Q-2025-0042
To: <desk@city.example>

#gmail-forward-tr
---------- Forwarded message ---------
Gönderen: {W} <{A}>
Date: 5 May 2025 Pzt, 10:04
Subject: Q-2025-0042
To: <desk@city.example>

#exchange-wrapped-cc
From: {W} <{A}>
Sent: Monday, May 5, 2025 10:04 AM
To: City Desk <desk@city.example>; Other Desk <other@city.example>; Third
 Desk <third@city.example>
Subject: Q-2025-0042 a long subject that the relay has wrapped onto
 a second line

#yandex-forward
-------- Пересылаемое сообщение --------
05.05.2025, 10:04, "{W}" <{A}>:

#owa-ca
De: {W} <{A}>
Enviat el: dilluns, 5 de maig de 2025 10:04
Per a: City Desk <desk@city.example>
Tema: Q-2025-0042

#outlook-ka
გამომგზავნი: {W} <{A}>
გაიგზავნა: ორშაბათი, 5 მაისი, 2025 10:04
ადრესატი: City Desk <desk@city.example>
თემა: Q-2025-0042

#blackberry
  Original Message  
From: {W}
Sent: Tuesday, 10 March 2026 9:41
To: parks@city.example
Subject: Q-2025-0042

#webmail-without-colons
Da "{W}" {A}
A verde@pec.comune.example
Cc 
Data Tue, 10 Mar 2026 09:41:12 +0100
Oggetto Q-2025-0042

#yandex-labels-above
----------------
Kime: park@belediye.example;
Konu: Soru 2026-041;
10.03.2026, 09:41, "{W}" <{A}>:

#windows-phone
________________________________
Da: {W}<mailto:{A}>
Inviato: \u200e10/\u200e03/\u200e2026 09:41
A: Verde<mailto:verde@comune.example>
Oggetto: Q-2025-0042

#outlook-separator-hr
-----Izvorna poruka-----
Od: {W} <{A}> 
Poslano: utorak, 10. ožujka 2026. 9:41
Prima: Zelenilo
Predmet: Q-2025-0042

#outlook-separator-tr
-----Özgün İleti-----
Kimden: {W} <{A}> 
Gönderilmiş: 10 Mart 2026 Salı 09:41
Kime: Park
Konu: Q-2025-0042

#outlook-mac-el
Από: {W} <{A}>
Ημερομηνία: Τρίτη, 10 Μαρτίου 2026 στις 9:41 π.μ.
Προς: Πράσινο <prasino@dimos.example>
Θέμα: Q-2025-0042

#zimbra-tr
Kimden: "{W}" <{A}>
Kime: "park" <park@belediye.example>
Gönderilenler: 10 Mart Salı 2026 9:41:12
Konu: Q-2025-0042
'''
