// What the customers of the demo are called and what they write. A shop for lamps.
#include "desk/demo_story.h"

static const DemoTopic finnish_topics[] = {
    {"Tilaus 48213 ei ole saapunut",
     "Hei,\n\ntilasin kaksi riippuvalaisinta kaksi viikkoa sitten, eikä pakettia ole näkynyt. "
     "Seurantasivulla lukee vain \"vastaanotettu\".\n\nMissä tilaukseni on?",
     "Hei!\n\nPaketti oli jäänyt lajitteluun, pahoittelut. Se lähti tänään uudelleen liikkeelle ja "
     "on noudettavissa kahden arkipäivän kuluessa.",
     "Kiitos, paketti tuli perille!"},
    {"Valaisin oli rikki",
     "Hei\n\nPöytävalaisimen lasi oli haljennut, kun avasin paketin. Kuva on liitteenä jos se "
     "mahtui mukaan. Haluaisin ehjän tilalle.",
     "Hei, ikävä kuulla.\n\nLähetimme uuden lasin tänään. Rikkinäistä ei tarvitse palauttaa.",
     "Hienoa palvelua, kiitos paljon."},
    {"Palautus", "Hei, tilasin väärän värin. Miten palautan tuotteen ja kuka maksaa postikulut?",
     "Hei!\n\nPalautus on maksuton 30 päivän ajan. Palautustarra on tilauksen sivulla kohdassa "
     "Palauta.",
     "Löytyi, kiitos."},
    {"Lasku 2026-1187",
     "Hyvää päivää\n\nSaimme laskun kahteen kertaan samasta tilauksesta. Kumpi maksetaan?\n\n"
     "Terveisin\nTaloushallinto",
     "Hyvää päivää,\n\nlasku 2026-1187 on oikea, ja hyvitimme toisen. Pahoittelemme sekaannusta.",
     "Kiitos selvennyksestä."},
    {"Sopiiko himmennin",
     "Moi! Sopiiko Kuu-valaisimeen tavallinen himmennin ja minkä tehoinen lamppu siihen menee?",
     "Moi!\n\nSopii, kunhan himmennin on LEDille tarkoitettu. Lamppu on E27, enintään 12 W.",
     "Selvä, kiitos!"},
    {"Osoitteenmuutos",
     "Hei, muutan ensi viikolla. Voitteko vaihtaa tilauksen toimitusosoitteen? Uusi osoite on "
     "Kaislakatu 4 B 12, 20100 Turku.",
     "Hei!\n\nOsoite on vaihdettu, paketti lähtee Turkuun.", "Kiitos nopeasta vastauksesta."},
    {"Aukioloajat juhannuksena", "Hei, onko myymälä auki juhannusaattona?",
     "Hei!\n\nMyymälä on kiinni juhannusaattona ja juhannuspäivänä, sunnuntaina olemme auki 12-17.",
     "Kiitos tiedosta ja hyvää juhannusta!"},
    {"Yritystilaus", "Hei,\n\ntarvitsemme toimistoon 24 työpistevalaisinta. Saisimmeko tarjouksen?",
     "Hei,\n\ntarjous lähti sähköpostiinne: 24 kpl, alennus 12 %, toimitus kolmessa viikossa.",
     "Tarjous sopii, tilaamme."},
};

static const DemoTopic swedish_topics[] = {
    {"Var är min beställning?",
     "Hej!\n\nJag beställde en taklampa för tio dagar sedan och har inte hört något. "
     "Ordernumret är 48377.",
     "Hej!\n\nLampan skickades i går och kommer på torsdag. Förlåt att det dröjde.",
     "Tack, den har kommit!"},
    {"Trasig skärm",
     "Hej\n\nSkärmen på bordslampan hade en spricka när jag packade upp den. Kan jag få en ny?",
     "Hej, vad tråkigt.\n\nVi skickar en ny skärm i dag. Du behöver inte skicka tillbaka den "
     "gamla.",
     "Tusen tack för snabb hjälp."},
    {"Faktura två gånger", "Hej, vi har fått två fakturor för samma order. Vilken gäller?",
     "Hej!\n\nDen första gäller, den andra har vi krediterat.", "Tack för beskedet."},
    {"Passar en dimmer?", "Hej! Går det att använda en vanlig dimmer till Måne?",
     "Hej!\n\nJa, om dimmern är gjord för LED. Sockeln är E27, högst 12 W.", "Perfekt, tack!"},
    {"Ångra köp", "Hej,\n\njag vill ångra mitt köp. Hur gör jag?",
     "Hej!\n\nDu har 30 dagar på dig. Fraktsedeln finns på orderns sida under Returnera.",
     "Tack, nu har jag skickat paketet."},
};

static const DemoTopic english_topics[] = {
    {"Order 48290 has not arrived",
     "Hello,\n\nI ordered two pendant lamps two weeks ago and the tracking page still says "
     "\"received\".\n\nWhere is my order?",
     "Hello,\n\nyour parcel was stuck in sorting. It is on its way again and will be with you in "
     "two working days. Sorry for the wait.",
     "It came today, thank you!"},
    {"Broken glass",
     "Hi,\n\nthe glass of the table lamp was cracked when I opened the box. I would like a "
     "replacement, please.",
     "Hi, sorry to hear that.\n\nA new glass left us today. There is no need to send the broken "
     "one back.",
     "Great service, thanks a lot."},
    {"How do I return this?",
     "Hi, I picked the wrong colour. How do I return it and who pays for the postage?",
     "Hi!\n\nReturns are free for 30 days. The label is on the order's page under Return.",
     "Found it, thank you."},
    {"Invoice twice",
     "Good morning,\n\nwe received two invoices for one order. Which one is right?",
     "Good morning,\n\nthe first one is. We have credited the second.",
     "Thanks for clearing it up."},
    {"Do you ship to Estonia?", "Hello! Do you ship to Tallinn, and how long does it take?",
     "Hello!\n\nYes, in three to five working days, for 9.90 euros.", "Good to know, thanks."},
    {"Dimmer", "Hi, does an ordinary dimmer work with the Moon lamp?",
     "Hi!\n\nYes, if the dimmer is made for LED. The socket is E27, 12 W at most.", "Perfect."},
};

static const DemoCustomer finnish_customers[] = {
    {"Matti Mäkinen", "matti.makinen@example.fi"},
    {"Aino Korhonen", "aino.korhonen@example.fi"},
    {"Juhani Virtanen", "juhani@virtanen.example"},
    {"Kaisa Järvinen", "kaisa.jarvinen@example.fi"},
    {"Pekka Hämäläinen", "pekka@hamalainen.example"},
    {"Liisa Nieminen", "liisa.nieminen@example.fi"},
    {"Taloushallinto, Toimisto Oy", "laskut@toimisto.example"},
    {"Sanna Lehtonen", "sanna.lehtonen@example.fi"},
    {"Eero Salonen", "eero.salonen@example.fi"},
    {"Hilla Öhman", "hilla.ohman@example.fi"},
    {"Ville Ylitalo", "ville.ylitalo@example.fi"},
    {"Tuula Rantanen", "tuula.rantanen@example.fi"},
};

static const DemoCustomer swedish_customers[] = {
    {"Astrid Lindqvist", "astrid.lindqvist@example.se"},
    {"Göran Åkesson", "goran.akesson@example.se"},
    {"Maja Björklund", "maja@bjorklund.example"},
    {"Sven Nordström", "sven.nordstrom@example.se"},
    {"Ebba Sjöberg", "ebba.sjoberg@example.fi"},
};

static const DemoCustomer english_customers[] = {
    {"Grace Hopper", "grace@hopper.example"},
    {"Priya Natarajan", "priya.natarajan@example.com"},
    {"Tom O'Brien", "tom.obrien@example.com"},
    {"Katrin Tamm", "katrin.tamm@example.ee"},
    {"Accounts, Harbour Ltd", "accounts@harbour.example"},
    {"Mei Lin", "mei.lin@example.com"},
};

const DemoTopic *demo_topic(DemoLanguage language, guint number) {
    static const struct {
        const DemoTopic *topics;
        guint count;
    } lists[DEMO_LANGUAGES] = {
        {finnish_topics, G_N_ELEMENTS(finnish_topics)},
        {swedish_topics, G_N_ELEMENTS(swedish_topics)},
        {english_topics, G_N_ELEMENTS(english_topics)},
    };
    return &lists[language].topics[number % lists[language].count];
}

const DemoCustomer *demo_customer(DemoLanguage language, guint number) {
    static const struct {
        const DemoCustomer *customers;
        guint count;
    } lists[DEMO_LANGUAGES] = {
        {finnish_customers, G_N_ELEMENTS(finnish_customers)},
        {swedish_customers, G_N_ELEMENTS(swedish_customers)},
        {english_customers, G_N_ELEMENTS(english_customers)},
    };
    return &lists[language].customers[number % lists[language].count];
}
