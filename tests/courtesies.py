"""The commonest openings and closings of formal and informal mails in the network's languages, and lines that look like them.

Each closing stands above a signature, as people write it.
"""

OPENINGS = {
    "en": [
        "Dear Sir or Madam,", "Dear Sirs,", "To whom it may concern,", "Dear Ms Rossi,", "Dear Dr Brown,", "Dear colleagues,",
        "Dear Colleague,", "Dear all,", "Dear team,", "Dear members of the network,", "Good morning,", "Good afternoon,",
        "Good evening,", "Good day,", "Hello,", "Hello everyone,", "Hello there,", "Hi,", "Hi all,", "Hey Maria,", "Greetings,",
    ],
    "it": [
        "Gentili Signore e Signori,", "Gentile dott.ssa Rossi,", "Gentile Direttore,", "Gentilissima,", "Gent.mo Dott. Bianchi,",
        "Gent.ma Prof.ssa Verdi,", "Egregio Dottore,", "Egr. Sig. Neri,", "Spett.le Ufficio,", "Spettabile rete,",
        "Gentili colleghe e colleghi,", "Cari colleghi,", "Care tutte, cari tutti,", "Caro collega,", "Carissimi,",
        "Buongiorno,", "Buongiorno a tutti,", "Buonasera,", "Buon pomeriggio,", "Salve,", "Ciao a tutti,", "Pregiatissimo Professore,",
    ],
    "es": [
        "Muy señor mío:", "Muy señores míos:", "Estimado señor:", "Estimada Sra. García:", "Estimados señores:",
        "Estimadas y estimados colegas:", "Estimado equipo:", "Distinguida directora:", "Apreciados compañeros:",
        "Apreciada colega:", "A quien corresponda:", "Señores:", "Buenos días:", "Buenas tardes,", "Buenas noches,", "Buenas,",
        "Hola:", "Hola a todos:", "Hola, buenos días:", "Querida María:", "Queridos amigos:",
    ],
    "fr": [
        "Madame, Monsieur,", "Madame,", "Monsieur,", "Mesdames, Messieurs,", "Madame la Directrice,", "Monsieur le Directeur,",
        "Chère Madame,", "Cher Monsieur,", "Chers collègues,", "Chère collègue,", "Cher confrère,", "Chères et chers collègues,",
        "Bonjour,", "Bonjour Madame,", "Bonjour à tous,", "Bonjour à toutes et à tous,", "Bonjour Marie,", "Bonsoir,", "Salut,",
        "Salut Paul,", "À qui de droit,",
    ],
    "el": [
        "Αξιότιμε κύριε,", "Αξιότιμη κυρία,", "Αξιότιμοι κύριοι,", "Αξιότιμε κύριε Παπαδόπουλε,", "Αγαπητέ κύριε,",
        "Αγαπητή κυρία Νικολάου,", "Αγαπητοί συνάδελφοι,", "Αγαπητέ συνάδελφε,", "Αγαπητή συνάδελφε,", "Αγαπητές συναδέλφισσες,",
        "Κυρίες και κύριοι,", "Κύριε Διευθυντά,", "Καλημέρα σας,", "Καλημέρα,", "Καλημέρα σε όλους,", "Καλησπέρα σας,",
        "Καλησπέρα,", "Γεια σας,", "Γεια σου Μαρία,", "Χαίρετε,", "Φίλοι,",
    ],
    "ro": [
        "Stimate domnule,", "Stimată doamnă,", "Stimați domni,", "Stimate doamne, stimați domni,", "Stimate domnule director,",
        "Stimați colegi,", "Stimată colegă,", "Stimată doamnă Popescu,", "Onorată doamnă,", "Dragi colegi,", "Dragă Maria,",
        "Dragă coleg,", "Bună ziua,", "Bună dimineața,", "Bună seara,", "Bună,", "Bună tuturor,", "Salut,", "Salutare,",
        "Domnule director,", "Dragii mei,",
    ],
    "hr": [
        "Poštovani,", "Poštovana,", "Poštovane,", "Poštovani gospodine Horvat,", "Poštovana gospođo Horvat,",
        "Poštovane kolegice i kolege,", "Poštovani kolega,", "Poštovana kolegice,", "Cijenjeni,", "Cijenjena gospođo,",
        "Štovani,", "Dragi kolege,", "Draga kolegice,", "Drage kolegice i kolege,", "Dobar dan,", "Dobro jutro,", "Dobra večer,",
        "Pozdrav,", "Pozdrav svima,", "Bok,", "Bok svima,",
    ],
    "tr": [
        "Sayın Yetkili,", "Sayın Ayşe Hanım,", "Sayın Mehmet Bey,", "Sayın Müdürüm,", "Sayın yetkililer,", "Saygıdeğer meslektaşım,",
        "Değerli meslektaşlarım,", "Değerli uzmanlar,", "Sevgili arkadaşlar,", "Sevgili Ayşe,", "İlgili kişiye,",
        "İlgili makama,", "Merhaba,", "Merhabalar,", "Herkese merhaba,", "Merhaba arkadaşlar,", "Selam,", "Selamlar,",
        "Günaydın,", "İyi günler,", "İyi akşamlar,", "İyi çalışmalar,",
    ],
}  # fmt: skip
CLOSINGS = {
    "en": [
        "Yours sincerely,", "Sincerely,", "Sincerely yours,", "Yours faithfully,", "Yours truly,", "Respectfully,", "Kind regards,",
        "Kindest regards", "Best regards,", "Warm regards,", "With kind regards,", "Regards,", "Best wishes,", "With best wishes",
        "All the best,", "Best,", "Cheers,", "Take care,", "Have a nice day!", "Many greetings,", "Sent from my phone",
    ],
    "it": [
        "Distinti saluti", "Cordiali saluti", "Cordiali saluti,", "Con i migliori saluti", "I più cordiali saluti,",
        "Un cordiale saluto", "Cordialmente", "Cordialmente,", "Con osservanza,", "Con stima,", "In fede,", "Porgo distinti saluti.",
        "Porgiamo cordiali saluti", "Cari saluti", "Un caro saluto,", "Saluti", "Tanti saluti,", "A presto,", "Buona giornata,",
        "Buon lavoro,", "Un abbraccio,", "Inviato da iPhone",
    ],
    "es": [
        "Atentamente,", "Muy atentamente,", "Le saluda atentamente,", "Les saluda atentamente,", "Reciba un cordial saludo,",
        "Reciban un cordial saludo", "Un cordial saludo,", "Saludos cordiales,", "Cordiales saludos", "Cordialmente,",
        "Respetuosamente,", "Sin otro particular, le saluda atentamente,", "Se despide atentamente,", "Un saludo,", "Saludos,",
        "Muchos saludos,", "Un abrazo,", "Un fuerte abrazo", "Hasta pronto,", "Que tengan un buen día.", "Enviado desde mi móvil",
    ],
    "fr": [
        "Cordialement", "Cordialement,", "Bien cordialement,", "Très cordialement,", "Bien à vous,", "Respectueusement,",
        "Salutations distinguées,", "Sincères salutations,", "Meilleures salutations", "Avec mes meilleures salutations,",
        "Veuillez agréer, Madame, Monsieur, l'expression de mes salutations distinguées.",
        "Je vous prie d’agréer, Madame, Monsieur, mes respectueuses salutations.", "Veuillez recevoir mes salutations,",
        "Recevez, Madame, mes meilleures salutations.", "Amicalement,", "Bien amicalement", "Bonne journée,", "Bonne journée !",
        "Bonne réception,", "À bientôt,", "Cdlt,", "Envoyé de mon iPhone",
    ],
    "el": [
        "Με εκτίμηση,", "Με εκτίμηση", "Με τιμή,", "Μετά τιμής,", "Με σεβασμό,", "Με φιλικούς χαιρετισμούς,", "Φιλικά,",
        "Με θερμούς χαιρετισμούς", "Χαιρετισμούς,", "Πολλούς χαιρετισμούς,", "Ειλικρινά δικός σας,", "Ειλικρινά δική σας,",
        "Ειλικρινά,", "Να είστε καλά,", "Καλή συνέχεια,", "Καλή σας ημέρα,", "Καλό Σαββατοκύριακο,", "Χαιρετώ,", "Τα λέμε,",
        "Φιλιά,", "Στάλθηκε από το κινητό μου",
    ],
    "ro": [
        "Cu stimă,", "Cu stimă", "Cu deosebită stimă,", "Cu respect,", "Cu deosebit respect,", "Cu considerație,",
        "Cu deosebită considerație,", "Cu aleasă stimă,", "Cu prețuire,", "Toate cele bune,", "Cele bune,", "Numai bine,",
        "Cu drag,", "Cu prietenie,", "Salutări,", "O zi bună,", "O zi frumoasă!", "Vă doresc o zi bună,", "Pe curând,", "Cordial,",
        "Trimis de pe telefon",
    ],
    "hr": [
        "S poštovanjem,", "S poštovanjem", "S osobitim poštovanjem,", "Sa štovanjem,", "Srdačan pozdrav,", "Srdačan pozdrav",
        "Srdačno,", "Lijep pozdrav,", "Lijepi pozdrav", "Lijepi pozdravi,", "Uz srdačan pozdrav,", "Uz pozdrav,", "Pozdrav,",
        "Puno pozdrava,", "LP,", "LP", "Sve najbolje,", "Ugodan dan,", "Želim Vam ugodan dan.", "Iskreno Vaš,", "Vidimo se,",
        "Poslano s mobitela",
    ],
    "tr": [
        "Saygılarımla,", "Saygılarımla", "Saygılarımızla,", "Saygılarımı sunarım.", "En derin saygılarımla,", "Saygıyla,",
        "Bilgilerinize arz ederim.", "Bilgilerinize sunarım.", "Sevgi ve saygılarımla,", "Selam ve saygılarımla,", "Saygılar,",
        "En iyi dileklerimle,", "İçtenlikle,", "İyi çalışmalar,", "İyi çalışmalar dilerim.", "İyi günler dilerim.", "Kolay gelsin,",
        "Sevgiler,", "Sevgilerimle,", "Selamlar,", "Görüşmek üzere,", "iPhone’umdan gönderildi",
    ],
}  # fmt: skip
THANKS = {
    "en": ["Thank you in advance.", "Many thanks for your help!", "Thanks, Maria", "I look forward to hearing from you.",
           "Any help would be greatly appreciated."],
    "it": ["Grazie in anticipo per la collaborazione.", "Ringraziando per la cortese attenzione,", "Grazie mille!",
           "In attesa di un cortese riscontro,", "Resto a disposizione per qualsiasi chiarimento."],
    "es": ["Muchas gracias de antemano.", "Gracias por su atención.", "Quedo a la espera de su respuesta.",
           "Agradeciendo de antemano su colaboración,"],
    "fr": ["Merci d’avance pour votre réponse.", "Je vous remercie de votre attention.", "Dans l’attente de votre retour,",
           "En vous remerciant par avance,", "Merci beaucoup !"],
    "el": ["Ευχαριστώ πολύ εκ των προτέρων.", "Σας ευχαριστώ για τη βοήθεια.", "Αναμένω την απάντησή σας.", "Ευχαριστούμε!"],
    "ro": ["Vă mulțumesc anticipat.", "Mulțumesc pentru ajutor!", "Aștept răspunsul dumneavoastră.", "Mulțumim mult."],
    "hr": ["Unaprijed zahvaljujem.", "Hvala vam na pomoći!", "Hvala unaprijed na odgovoru.", "Veselim se vašem odgovoru."],
    "tr": ["Şimdiden teşekkür ederim.", "Yardımınız için teşekkürler!", "Yanıtınızı bekliyorum.", "İlginiz için çok teşekkür ederim."],
}  # fmt: skip
# Each begins like a courtesy and says something of its own.
CONTENT = {
    "en": [
        "Dear school meals keep families away.", "Good day care centres let parents learn.", "Hi-tech training needs teachers.",
        "Best practices from villages would help.", "Thanks to vouchers, firms train apprentices.", "Regards only firms with few staff.",
        "Sincerely interested firms pay the bus.", "Thank you for telling us how vouchers are paid.",
    ],
    "it": [
        "Cari alunni costano ai piccoli comuni.", "Salute e lavoro sono il nostro tema.", "Saluti e accoglienza dei nuovi apprendisti.",
        "Grazie ai fondi regionali paghiamo gli autobus.", "In attesa di occupazione i giovani emigrano.",
        "Buon lavoro per i giovani di montagna.", "Gentile richiamo alle imprese per i tirocini.",
    ],
    "es": [
        "Buenas prácticas de otros municipios pequeños.", "Señores mayores enseñan el oficio.", "Saludos y acogida de aprendices.",
        "Gracias a los fondos, las empresas forman aprendices.", "A la espera de plaza, los jóvenes emigran.",
        "Un abrazo a la formación dual rural.",
    ],
    "fr": [
        "Cher transport scolaire en montagne.", "Salutations et accueil des apprentis.", "Merci aux bons que versent les régions.",
        "Dans l’attente d’un emploi, les jeunes partent.", "À vous de former les apprentis.", "Bonne journée portes ouvertes au lycée.",
        "Sincèrement motivés, les apprentis restent.",
    ],
    "el": [
        "Φίλοι του σχολείου πληρώνουν το λεωφορείο.", "Με σεβασμό στο περιβάλλον χτίζουμε εργαστήρια.",
        "Ειλικρινά ενδιαφερόμενες επιχειρήσεις πληρώνουν.", "Ευχαριστώντας τις επιχειρήσεις, δίνουμε κουπόνια.",
        "Περιμένουμε λεωφορεία για μαθητευόμενους.", "Με αγάπη για την τέχνη διδάσκουν τεχνίτες.",
    ],
    "ro": [
        "Bună practică din alte orașe mici.", "Dragi sunt autobuzele școlare la munte.", "Cu respect pentru mediu construim ateliere.",
        "Mulțumim firmelor cu bonuri de formare.", "O zi bună pe săptămână în firmă.", "Cu drag de meserie învață ucenicii.",
    ],
    "hr": [
        "Drage su školarine za male općine.", "Pozdrav i doček novih naučnika.", "Hvala poduzećima koja plaćaju autobus.",
        "Ugodan dan u radionici privlači učenike.", "Očekujemo nove radionice za učenike.", "LP plin u školskim radionicama.",
    ],
    "tr": [
        "Değerli metal işleme kursları açıldı.", "Sevgili öğrenciler için servis pahalı.", "İyi çalışmalar yapan okullar ödül aldı.",
        "Teşekkür belgesi verilen işletmeler artıyor.", "Kolay gelsin projesi çıraklara yardım ediyor.",
        "Yanıtınızı bekliyorum diyen firmalar çok.",
    ],
}  # fmt: skip
