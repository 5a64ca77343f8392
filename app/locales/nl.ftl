# Every sentence that citizens read. Keys are grouped by page, and a page uses only its own group and the first one.
# Write in plain words: what happened, whether anything was lost, what to do now.

language-name = Nederlands
languages-label = Taal
site-name = Mijn gegevens
site-home = { $service }, startpagina
skip-to-content = Naar de inhoud
nav-label = Pagina’s
nav-profile = Profiel
nav-my-data = Uw bericht
nav-activity = Activiteiten
nav-documents = Documenten
nav-assistant = Assistent
signed-in-as = Ingelogd als { $name }
sign-out = Uitloggen
reference = Referentie: { $reference }
try-again = Opnieuw proberen
error-title = Fout: { $title }
session-ends = U wordt uitgelogd om { $time }, tenzij u op deze website een andere pagina opent.
session-ends-on = U wordt uitgelogd op { $moment }, tenzij u op deze website een andere pagina opent.
session-ends-for-good = U wordt uitgelogd om { $time }. Sla voor die tijd op waar u mee bezig bent.
session-ends-for-good-on = U wordt uitgelogd op { $moment }. Sla voor die tijd op waar u mee bezig bent.
phase-test = Test
phase-test-text = Dit is een testversie. Wat u hier opslaat, kan op elk moment worden verwijderd.
phase-beta = Bèta
phase-beta-text = Deze website is nieuw. We werken nog aan verbeteringen.
phase-contact = Laat ons weten wat er niet werkt.
contact-email = E-mail: { $address }
contact-phone = Telefoon: { $number }
footer-organisation = Een dienst van: { $organisation }
footer-contact = Contact
footer-help = Hulp
footer-accessibility = Toegankelijkheid
footer-privacy = Privacy
footer-cookies = Cookies
footer-terms = Gebruiksvoorwaarden

## Home
home-intro = Log in om te zien welke gegevens we over u krijgen en om een bericht voor uzelf op te slaan.
home-choose = Kies hoe u wilt inloggen
home-others = Andere manieren om in te loggen
home-choose-hint = Log elke keer op dezelfde manier in. Logt u op een andere manier in? Dan ziet u uw opgeslagen bericht niet.
sign-in-with = Inloggen met { $provider }
sign-in-cancelled-heading = Inloggen geannuleerd
sign-in-cancelled = We hebben geen gegevens over u gekregen. U kunt het opnieuw proberen. Kreeg u de melding dat u uw e-mailadres of identiteit nog moet bevestigen? Doe dat dan eerst op de website of in de app waar u die melding kreeg.
signed-out-heading = U bent uitgelogd
signed-out-still = Misschien bent u nog ingelogd bij { $provider }. Gebruiken anderen dit apparaat ook? Log dan ook daar uit.
signed-out-also = Ook uitloggen bij { $provider }
sign-in-needed = Log in om die pagina te openen
home-welcome = Welkom, { $name }
home-signed-in = U bent ingelogd.
home-to-profile = Naar uw profiel
home-to-profile-hint = De gegevens die we kregen toen u inlogde.
home-to-my-data = Naar uw bericht
home-to-my-data-hint = Lees en wijzig uw opgeslagen bericht.
home-to-activity = Naar uw activiteiten
home-to-activity-hint = Waar u bent ingelogd en wat er met uw gegevens is gedaan.
home-to-activity-hint-case-worker = Waar u bent ingelogd en wat er met uw account is gedaan.
home-to-documents = Naar uw documenten
home-to-documents-hint = De mappen en documenten die u kunt openen.

## Sign-in options, under their buttons
provider-itsme = Gebruik de itsme-app op uw telefoon.
provider-login-gov = Gebruik uw account bij Login.gov (Verenigde Staten).
provider-auth0 = U hebt een account van uw organisatie nodig.
provider-beyond-identity = U hebt een toegangssleutel (passkey) nodig die u met { $provider } hebt gemaakt.
provider-identity-center = Voor medewerkers van de organisatie. Gebruik uw werkaccount.
provider-plain = Gebruik uw account bij { $provider }.

## Profile
profile-heading = Uw profiel
profile-intro = Dit weten we over u zolang u bent ingelogd. U ziet ook waar die gegevens vandaan komen en waarom we ze vragen.
profile-source = Doorgegeven door { $provider }
profile-shared = { $provider } gaf deze gegevens door toen u op { $moment } inlogde. We gebruiken ze tot u uitlogt of tot uw sessie verloopt. Ons inlogsysteem bewaart een kopie en werkt die elke keer bij als u inlogt.
profile-wrong = Klopt er iets niet? Pas het dan aan bij { $provider }. We krijgen de wijziging als u de volgende keer inlogt.
profile-wrong-case-worker = Klopt er iets niet? Vraag uw organisatie dan om het aan te passen. We krijgen de wijziging als u de volgende keer inlogt.
profile-why-records = Hiermee vinden we uw opgeslagen bericht.
profile-why-greeting = Hiermee begroeten we u en tonen we wie er is ingelogd.
profile-why-shown = We tonen dit hier en gebruiken het nergens anders voor.
profile-why-documents = We sturen dit naar uw organisatie om te weten wat u kunt openen.
profile-name = Volledige naam
profile-given-name = Voornaam
profile-family-name = Achternaam
profile-birthdate = Geboortedatum
profile-gender = Geslacht
profile-email = E-mailadres
profile-phone-number = Telefoonnummer
profile-address = Adres
profile-locale = Taal
profile-number-belgium = Rijksregisternummer
profile-number-netherlands = Burgerservicenummer (BSN)
profile-number-luxembourg = Nationaal identificatienummer (matricule)
profile-number = Identificatiecode
gender-female = Vrouw
gender-male = Man
language-nl = Nederlands
language-fr = Frans
language-de = Duits
language-en = Engels
language-lb = Luxemburgs
language-es = Spaans
country-be = België
country-nl = Nederland
country-lu = Luxemburg
country-fr = Frankrijk
country-de = Duitsland

## Your message
my-data-heading = Uw bericht
my-data-intro = Schrijf een bericht aan uzelf. U ziet het hier terug als u de volgende keer inlogt. Andere burgers kunnen het niet zien.
my-data-label = Uw bericht
my-data-limit = U kunt hoogstens { $limit } tekens invoeren.
my-data-count = { $count } van { $limit } tekens
my-data-save = Opslaan
my-data-saving = Bezig met opslaan…
my-data-saved = Opgeslagen.
my-data-saved-title = Uw bericht is opgeslagen
my-data-last-saved = Laatst opgeslagen op { $moment }.
my-data-never-saved = Nog niets opgeslagen.
my-data-not-saved-yet = Nog niet opgeslagen.
my-data-unreachable = We weten niet of uw bericht is opgeslagen. Uw tekst staat er nog. Controleer uw internetverbinding en sla uw bericht opnieuw op.

my-data-problem = Er is een probleem
my-data-problem-next = Uw bericht is niet opgeslagen, maar uw tekst staat er nog. Pas de tekst aan en sla uw bericht opnieuw op.
my-data-error = Fout:
my-data-too-long = Uw bericht telt { $count } tekens. Dat mogen er hoogstens { $limit } zijn.
my-data-not-text = In uw bericht staan tekens die we niet kunnen opslaan. We tonen elk van die tekens als �. Vervang of verwijder ze.
my-data-incomplete-heading = We hebben niet alles gekregen
my-data-incomplete = Uw browser heeft niet alles verstuurd wat we nodig hebben. Daarom is uw bericht niet opgeslagen. Uw tekst staat er nog. Controleer de tekst en sla uw bericht opnieuw op.
my-data-unavailable-heading = Uw bericht is niet opgeslagen
my-data-unavailable = We kunnen op dit moment niets opslaan. Uw tekst staat er nog. Wacht even en sla uw bericht opnieuw op.
my-data-too-many-heading = Uw bericht is nog niet opgeslagen
my-data-too-many = Er kwamen te veel verzoeken vanuit uw netwerk. Uw tekst staat er nog. Wacht even en sla uw bericht opnieuw op.
my-data-overloaded-heading = We konden uw bericht nog niet opslaan
my-data-overloaded = Het is nu erg druk op deze website. Uw tekst staat er nog. Wacht even en sla uw bericht opnieuw op.
my-data-restored-heading = U had deze tekst nog niet opgeslagen
my-data-restored = U hebt de tekst getypt voordat u werd uitgelogd. Controleer de tekst en sla uw bericht dan op.
my-data-discard = Deze tekst verwijderen
my-data-conflict-heading = Uw opgeslagen bericht is gewijzigd
my-data-conflict-notice = Kies welke tekst u wilt behouden
my-data-conflict = Nadat u uw bericht had geopend, is er in een ander tabblad of op een ander apparaat een andere tekst opgeslagen. Beide teksten staan hier nog.
my-data-conflict-restored = U hebt uw tekst getypt voordat u werd uitgelogd.
my-data-conflict-typed = Wat u hebt getypt
my-data-conflict-stored = Wat nu is opgeslagen
my-data-conflict-stored-empty = (leeg)
my-data-conflict-save = Getypte tekst opslaan
my-data-conflict-keep = Uw bericht laten zoals het nu is

## The end of a session, while a message is open
session-end-heading = U wordt zo meteen uitgelogd
session-end-minutes = Als u niets doet, wordt u over minder dan { $count ->
    [one] een minuut
   *[other] { $count }{"\u00a0"}minuten
} uitgelogd.
session-end-seconds = Als u niets doet, wordt u over minder dan { $count }{"\u00a0"}seconden uitgelogd.
session-end-stay = Ingelogd blijven
session-end-stay-failed = We konden u niet ingelogd houden. Probeer het opnieuw of sla uw bericht nu op.
session-end-for-good = U kunt niet langer ingelogd blijven. Sla uw bericht nu op als u uw tekst wilt behouden.
session-end-for-good-minutes = U wordt over minder dan { $count ->
    [one] een minuut
   *[other] { $count }{"\u00a0"}minuten
} uitgelogd.
session-end-for-good-seconds = U wordt over minder dan { $count }{"\u00a0"}seconden uitgelogd.
session-end-save = Nu opslaan
session-end-close = Sluiten
session-over-heading = Uw sessie is verlopen
session-over = We hebben u uitgelogd om uw gegevens te beschermen. Uw tekst staat nog op deze pagina. Wilt u de tekst behouden? Kies dan ‘Opslaan en opnieuw inloggen’.
session-over-save = Opslaan en opnieuw inloggen

## Activity
activity-heading = Uw activiteiten
activity-intro = Hier ziet u waar u bent ingelogd en wat er met uw gegevens is gedaan.
activity-intro-case-worker = Hier ziet u waar u bent ingelogd en wat er met uw account is gedaan.
activity-session-ended-heading = U bent daar uitgelogd
activity-session-ended = Wilt u deze website op dat apparaat weer gebruiken? Dan moet u daar opnieuw inloggen.
activity-already-ended-heading = Die sessie was al afgelopen
activity-already-ended = U was daar niet meer ingelogd.
activity-others-ended-heading = U bent overal elders uitgelogd
activity-others-ended = { $count ->
    [one] We hebben 1 andere sessie beëindigd. Hier bent u nog ingelogd.
   *[other] We hebben { $count } andere sessies beëindigd. Hier bent u nog ingelogd.
}
activity-no-others-heading = U was nergens anders ingelogd
activity-no-others = Hier bent u nog ingelogd.
activity-sessions = Waar u bent ingelogd
activity-session = Ingelogd met { $provider } op { $moment }.
activity-last-used = Laatst gebruikt op { $date } om ongeveer { $time }.
activity-this-device = Dit apparaat
activity-end-session = Daar uitloggen
activity-end-others = Overal elders uitloggen
activity-done = Wat er is gedaan
activity-kept = We bewaren elke vermelding { $days ->
    [365] één jaar
    [one] 1 dag
   *[other] { $days }{"\u00a0"}dagen
}.
activity-counted = We vermelden het niet apart als uw bericht wordt geopend. We tellen dat voor elke keer dat u inlogt.
activity-empty = Er zijn geen activiteiten om te tonen.
activity-older = Oudere activiteiten
activity-newest = Terug naar de nieuwste
activity-oldest = Er zijn geen oudere activiteiten.
activity-this-session = Deze sessie
activity-not-me = Dit was ik niet
activity-signed-in = Ingelogd
activity-refused = Inlogpoging geweigerd
activity-refused-stale = Er werd opnieuw gebruikgemaakt van een eerdere inlogpoging.
activity-refused-other-provider = Er werd op een andere manier ingelogd dan gekozen was.
activity-refused-other-sign-in = Dit hoorde bij een inlogpoging die ergens anders was begonnen.
activity-signed-out = Uitgelogd
activity-ended-other-device = Uitgelogd vanaf een ander apparaat
activity-ended-new-sign-in = Uitgelogd omdat er in dezelfde browser opnieuw werd ingelogd
activity-ended-expiry = Automatisch uitgelogd
activity-ended-operator = Uitgelogd door de organisatie, op uw verzoek
activity-saved = Bericht opgeslagen
activity-message-deleted = Bericht verwijderd
activity-exported = Gegevens gedownload
activity-api-used = Een app heeft uw gegevens gebruikt
activity-documents-listed = Lijst met documenten geopend
activity-document-downloaded = Document gedownload
activity-assistant-asked = Vraag aan de assistent gesteld
activity-by-api = Een app deed dit voor u.
activity-by-operator = De organisatie deed dit op uw verzoek.
activity-moved-by-operator = De organisatie heeft het van een eerdere dienst hierheen verplaatst.
activity-reads = { $count ->
    [one] Uw bericht is één keer geopend, op { $moment }.
   *[other] Uw bericht is { $count }{"\u00a0"}keer geopend, de laatste keer op { $moment }.
}
activity-provider = Manier van inloggen: { $provider }
activity-version = Versie { $version }
activity-your-data = Uw gegevens
activity-download = Mijn gegevens downloaden
activity-download-hint = Een bestand met alles wat we over u bewaren.
activity-delete = Mijn gegevens verwijderen
activity-delete-hint = U ziet eerst wat we verwijderen.

## Activity that the citizen does not recognise
not-me-heading = Als u dit niet was
not-me-intro = Misschien was u het toch: in een andere browser, in een privévenster, op een ander apparaat of via een app. Weet u zeker dat u het niet was? Volg dan deze stappen, in deze volgorde.
not-me-when = Wanneer
not-me-provider = Manier van inloggen
not-me-device = Apparaat
not-me-reference = Referentie
not-me-sign-out = Overal elders uitloggen
not-me-others = { $count ->
    [one] Hiermee beëindigt u uw andere sessie. Hier blijft u ingelogd.
   *[other] Hiermee beëindigt u uw { $count } andere sessies. Hier blijft u ingelogd.
}
not-me-alone = U hebt nu geen andere sessie. Er is dus niets om te beëindigen.
not-me-secure = Beveilig het account waarmee u inlogt
not-me-secure-at = Misschien kan iemand anders uit uw naam inloggen. Neem contact op met { $provider }: wijzig daar uw pincode of wachtwoord of laat uw account blokkeren.
not-me-secure-text = Misschien kan iemand anders uit uw naam inloggen. Wijzig de pincode of het wachtwoord van elk account waarmee u hier inlogt, of laat dat account blokkeren.
not-me-secure-case-worker = Misschien kan iemand anders uit uw naam inloggen. Vraag uw organisatie om uw wachtwoord te wijzigen of uw account te blokkeren.
not-me-tell-heading = Laat het ons weten
not-me-tell = Vertel ons wat u hebt gezien en wanneer het gebeurde.
not-me-tell-reference = Vertel ons wat u hebt gezien en vermeld deze referentie: { $reference }
not-me-back = Terug naar uw activiteiten

## Documents, for case workers
documents-heading = Uw documenten
documents-intro = De mappen en documenten waartoe u toegang hebt gekregen.
documents-soon = Verandert er iets aan uw toegang? Dan ziet u dat hier binnen een minuut.
documents-folder = Map
documents-document = Document
documents-can-change = U kunt dit ook wijzigen
documents-change-elsewhere = Hier kunt u documenten alleen openen. Wilt u er een wijzigen? Gebruik dan een ander programma.
documents-beginning = { $name }…
documents-no-name = (geen naam)
documents-none-heading = Er staat hier nog niets voor u
documents-none = Mogelijke redenen:
documents-none-no-access = U hebt nog geen toegang tot een map of document gekregen.
documents-none-other = Uw toegang geldt voor een andere toepassing en niet voor deze website.
documents-none-group = U bent pas kort geleden aan een groep toegevoegd.
documents-none-ask = Vraag het aan wie in uw organisatie de toegang beheert. Nieuwe toegang ziet u hier binnen een minuut.
documents-contact = Hebt u hulp nodig? Contact: { $contact }.
documents-path = Pad naar deze map
documents-can-open-at = U kunt deze map openen omdat u toegang hebt tot: { $place }
documents-can-change-at = U kunt deze map openen omdat u dit mag lezen en wijzigen: { $place }
documents-search = Zoek op het begin van een naam
documents-search-after = Zoek op wat er in een naam na ‘{ $start }’ komt
documents-search-hint = We zoeken in deze map, maar niet in de mappen daarin. Let op hoofdletters en kleine letters.
documents-search-button = Zoeken
documents-search-all = Alles tonen
documents-contents = In deze map: { $contents }
documents-contents-page = Op deze pagina: { $contents }
documents-found = Begint met ‘{ $start }’: { $contents }
documents-found-page = Begint met ‘{ $start }’, op deze pagina: { $contents }
documents-folders = { $count ->
    [one] { $count } map
   *[other] { $count } mappen
}
documents-documents = { $count ->
    [one] { $count } document
   *[other] { $count } documenten
}
documents-name = Naam
documents-size = Grootte
documents-date = Gewijzigd
documents-sort-a-to-z = sorteren van A tot Z
documents-sort-z-to-a = sorteren van Z tot A
documents-sort-smallest = sorteren met de kleinste eerst
documents-sort-largest = sorteren met de grootste eerst
documents-sort-oldest = sorteren met de oudste eerst
documents-sort-newest = sorteren met de nieuwste eerst
documents-sorted-page = Deze map past niet op één pagina. U sorteert alleen deze pagina.
documents-empty = Deze map is leeg.
documents-not-found = Geen enkele naam in deze map begint met ‘{ $start }’.
documents-empty-page = Er staat niets op deze pagina.
documents-next = Volgende pagina
documents-first = Eerste pagina

## Assistant, for case workers
assistant-heading = Stel een vraag aan de assistent
assistant-intro = De assistent zoekt een antwoord in de documenten waartoe u toegang hebt.
assistant-check = Een computer schrijft de antwoorden. Die kunnen fout zijn. Controleer de bronnen.
assistant-conversation = Uw gesprek
assistant-cut = Dit gesprek is lang. We tonen het begin ervan niet meer.
assistant-asked = U vroeg
assistant-answer = Het antwoord van de assistent
assistant-sources = Bronnen
assistant-no-sources = De assistent heeft bij dit antwoord geen bronnen gegeven.
assistant-no-title = (geen titel)
assistant-label = Uw vraag
assistant-follow-up = Uw volgende vraag
assistant-limit = U kunt hoogstens { $limit } tekens invoeren.
assistant-send = Vragen
assistant-wait = Het antwoord kan een minuut op zich laten wachten.
assistant-new = Een nieuw gesprek beginnen
assistant-error = Fout:
assistant-problem = Er is een probleem
assistant-problem-next = We hebben uw vraag niet verstuurd. Ze staat er nog.
assistant-empty = Typ een vraag.
assistant-too-long = Uw vraag telt { $count } tekens. Dat mogen er hoogstens { $limit } zijn.
assistant-not-text = In uw vraag staan tekens die we niet kunnen versturen. We tonen elk van die tekens als �. Vervang of verwijder ze.
assistant-not-subscribed-heading = U kunt de assistent nog niet gebruiken
assistant-not-subscribed = Uw organisatie heeft u nog geen toegang tot de assistent gegeven. Vraag het aan wie daar de toegang beheert. Uw vraag staat er nog.
assistant-no-licence-heading = De assistent heeft geen actieve licentie
assistant-no-licence = De licentie van uw organisatie voor de assistent is niet actief. Vraag het aan wie daar de toegang beheert. Uw vraag staat er nog.
assistant-busy-heading = Het is druk bij de assistent
assistant-busy = De assistent krijgt nu te veel vragen. Uw vraag staat er nog. Wacht een minuut en stel ze opnieuw.
assistant-timed-out-heading = Er kwam niet op tijd een antwoord
assistant-timed-out = We hebben een minuut gewacht. Uw vraag staat er nog. Stel ze opnieuw of stel een kortere vraag.
assistant-unavailable-heading = De assistent is op dit moment niet beschikbaar
assistant-unavailable = We krijgen op dit moment geen antwoord. Uw vraag staat er nog. Wacht een paar minuten en stel ze opnieuw.
assistant-set-up-heading = De assistent werkt op dit moment niet
assistant-set-up = De assistent is niet goed ingesteld. Opnieuw proberen helpt niet. We hebben het probleem geregistreerd, zodat het kan worden opgelost. Uw vraag staat er nog: kopieer ze als u ze later nodig hebt.
assistant-refused-heading = De assistent kan deze vraag niet beantwoorden
assistant-refused = Uw vraag staat er nog. Pas ze aan en stel ze opnieuw.
assistant-lost-heading = U kunt dit gesprek niet voortzetten
assistant-lost = Het is afgelopen of ging in een ander venster verder. Uw vraag staat er nog. Stelt u ze opnieuw, dan begint een nieuw gesprek.
assistant-sign-in-again-heading = Log opnieuw in om een vraag te stellen
assistant-sign-in-again = U bent niet meer ingelogd bij uw organisatie. Uw vraag staat er nog. Kopieer ze voordat u opnieuw inlogt.
assistant-sign-in = Opnieuw inloggen
assistant-contact = Hebt u hulp nodig? Contact: { $contact }. Vermeld deze referentie.

## Deletion
delete-heading = Uw gegevens verwijderen
delete-intro = Hier kunt u uw bericht en uw activiteiten verwijderen. U kunt dit niet ongedaan maken.
delete-copy = Wilt u een kopie bewaren? Doe dan eerst dit:
delete-download = Mijn gegevens downloaden
delete-what = Wat we verwijderen
delete-message = Uw bericht.
delete-activity = Uw activiteiten, die we anders { $days ->
    [365] één jaar
    [one] 1 dag
   *[other] { $days }{"\u00a0"}dagen
} zouden bewaren.
delete-sessions = Al uw sessies. U wordt overal uitgelogd.
delete-stays = Wat we niet verwijderen
delete-stays-provider = Wat { $provider } zelf over u bewaart.
delete-stays-sign-in = De kopie van uw gegevens in ons inlogsysteem. Op uw profiel leest u daar meer over.
delete-stays-backups = { $days ->
    [one] Kopieën in onze back-ups. Die zijn na 1 dag verdwenen.
   *[other] Kopieën in onze back-ups. Die zijn na { $days }{"\u00a0"}dagen verdwenen.
}
delete-stays-log = In ons logboek: het tijdstip en het referentienummer van het verwijderen. Eerdere vermeldingen daarin noemen uw naam niet.
delete-stays-kept = Een tekst die u in een andere browser hebt getypt en niet kon opslaan. Die verwijderen we na ten hoogste 30 minuten.
delete-sure = Weet u zeker dat u uw gegevens wilt verwijderen?
delete-yes = Ja, mijn gegevens verwijderen
delete-cancel = Annuleren en teruggaan
delete-again-heading = Log eerst opnieuw in
delete-again = Om zeker te weten dat u het bent, moet u in de laatste { $minutes }{"\u00a0"}minuten zijn ingelogd. Misschien herkent { $provider } u zonder alles opnieuw te vragen.
delete-again-with = Opnieuw inloggen met { $provider }

## The receipt for a deletion
receipt-heading = Uw gegevens zijn verwijderd
receipt-text = We hebben uw bericht en uw activiteiten verwijderd. U bent overal uitgelogd.
receipt-deleting-heading = We verwijderen uw gegevens
receipt-deleting = Uw gegevens kunnen niet meer worden geopend. U bent overal uitgelogd. De rest verwijderen we binnen enkele minuten. U hoeft niets te doen.
receipt-when = Wanneer
receipt-reference = Referentie
receipt-keep = Wilt u een bewijs bewaren? Druk deze pagina dan af of sla de pagina op. U kunt de pagina lezen zonder in te loggen, maar alleen gedurende korte tijd.
receipt-to-home = Naar de startpagina

## Failure pages
failure-session-ended-heading = Uw sessie is verlopen
failure-session-ended = We hebben u uitgelogd om uw gegevens te beschermen. Log opnieuw in om verder te gaan.
failure-text-not-saved = Deze tekst is niet opgeslagen. Kopieer de tekst voordat u deze pagina verlaat.
failure-session-ended-text = Deze tekst is niet opgeslagen. Kopieer de tekst voordat u opnieuw inlogt.
failure-session-ended-kept = Deze tekst is niet opgeslagen, maar we bewaren hem nog { $minutes }{"\u00a0"}minuten. Log opnieuw in met uw eigen account en gebruik daarvoor deze browser. Dan staat de tekst in het formulier.
failure-session-ended-label = Uw niet opgeslagen tekst
failure-other-person-heading = Er is nu iemand anders ingelogd
failure-other-person = Nadat u uw bericht had geopend, heeft iemand anders in deze browser ingelogd. Daarom hebben we uw tekst niet opgeslagen.
failure-other-person-kept = We bewaren uw tekst nog { $minutes }{"\u00a0"}minuten. Log uit en log daarna opnieuw in met uw eigen account. Gebruik daarvoor deze browser. Dan staat uw tekst in het formulier.
failure-sign-in-again = Opnieuw inloggen
failure-leave = Met een ander account inloggen
failure-elsewhere = Op een andere manier inloggen
failure-choose-again = Uitloggen en opnieuw kiezen
failure-not-found-heading = Pagina niet gevonden
failure-not-found = Op dit adres staat geen pagina. Hebt u het adres zelf getypt? Controleer het dan op typefouten. Hebt u op een link geklikt? Dan is die misschien verouderd.
failure-to-home = Naar de startpagina
failure-sign-in-heading = Inloggen is niet gelukt
failure-sign-in-invalid = Deze inlogpoging is verlopen of al gebruikt. Begin opnieuw.
failure-sign-in-rejected = We konden niet controleren of uw gegevens kloppen. Daarom hebben we u niet ingelogd. Probeer het opnieuw.
failure-sign-in-no-national-number = We hebben uw rijksregisternummer niet gekregen. Dat nummer hebben we nodig om uw gegevens te vinden. Voor deze manier van inloggen hebt u een Belgisch identiteitsdocument nodig. Hebt u dat niet? Dan kunt u misschien op een andere manier inloggen.
failure-sign-in-no-number = We hebben de identificatiecode niet gekregen die we nodig hebben om uw gegevens te vinden. Vraag de organisatie die u het account heeft gegeven om die code toe te voegen.
failure-sign-in-other-provider = U bent nog op een andere manier ingelogd. Log uit en kies dan opnieuw.
failure-sign-in-stale = In deze browser is nog iemand ingelogd van een vorige keer. Daardoor konden we niet controleren of u het bent. Log uit en kies dan opnieuw.
failure-sign-in-incomplete = Er ontbreekt een gegeven dat we nodig hebben, bijvoorbeeld uw e-mailadres. Controleer of het in uw account staat en of u het met ons deelt. Probeer het daarna opnieuw.
failure-sign-in-slow = Bij deze manier van inloggen kregen we niet op tijd antwoord. Er is niets mis met uw apparaat. Wacht een minuut en probeer het opnieuw.
failure-sign-in-set-up = Deze manier van inloggen is niet goed ingesteld. Opnieuw proberen helpt niet. Log op een andere manier in als dat kan, of kom later terug.
failure-sign-in-provider = Er was een probleem met deze manier van inloggen. Er is niets mis met uw apparaat. Probeer het opnieuw.
failure-sign-in-unavailable = U kunt op dit moment niet inloggen. Wacht even en probeer het opnieuw.
failure-unavailable-heading = Op dit moment niet beschikbaar
failure-unavailable = We kunnen op dit moment niet bij de opgeslagen gegevens. Er is niets verloren gegaan. Wacht even en probeer het opnieuw.
failure-deletion-heading = We konden het verwijderen niet bevestigen
failure-deletion = We kregen niet op tijd antwoord van onze opslag. Daarom weten we niet of het verwijderen is begonnen. Als dat zo is, wordt alles binnen een paar minuten verwijderd en wordt u uitgelogd. Probeer het opnieuw om zeker te zijn.
failure-to-documents = Naar uw documenten
failure-documents-not-assigned-heading = U kunt hier nog geen documenten openen
failure-documents-not-assigned = Uw organisatie heeft uw account nog geen toestemming gegeven om op deze website documenten te openen. Vraag dat aan wie daar de toegang beheert. Probeer het daarna opnieuw.
failure-documents-unavailable-heading = Uw documenten zijn op dit moment niet beschikbaar
failure-documents-unavailable = We kunnen op dit moment niet bij uw documenten. Er is niets verloren gegaan. Wacht een paar minuten en probeer het opnieuw.
failure-documents-set-up-heading = We kunnen uw documenten niet tonen
failure-documents-set-up = Deze website is niet goed ingesteld. Opnieuw proberen helpt niet. We hebben het probleem geregistreerd, zodat het kan worden opgelost. Kom later terug.
failure-document-not-granted-heading = U hebt hier geen toegang toe
failure-document-not-granted = U hebt geen toegang gekregen tot deze map of dit document, of uw toegang is ingetrokken. Hebt u die toegang nodig? Vraag die dan aan wie in uw organisatie de toegang beheert.
failure-document-not-found-heading = Document niet gevonden
failure-document-not-found = Dit document is er niet meer of heeft nu een andere naam. Zoek het op in uw documenten.
failure-documents-sign-in-again-heading = Log opnieuw in om uw documenten te openen
failure-documents-sign-in-again = U bent niet meer ingelogd bij uw organisatie. Er is niets verloren gegaan. Log opnieuw in om verder te gaan.
failure-forbidden-heading = We hebben dit verzoek tegengehouden
failure-forbidden = Het verzoek kwam van een andere website. Er is niets gewijzigd. Ga naar onze startpagina en probeer het daar opnieuw.
failure-too-large-heading = Uw tekst is te lang
failure-too-large = U hebt meer verstuurd dan we kunnen verwerken. Er is niets opgeslagen. Maak uw tekst korter en probeer het opnieuw.
failure-too-many-heading = Te veel verzoeken
failure-too-many = Er kwamen te veel verzoeken vanuit uw netwerk. Wacht even en probeer het opnieuw.
failure-too-slow-heading = Dit duurde te lang
failure-too-slow = Wat u hebt verstuurd, is niet op tijd aangekomen. Er is niets opgeslagen. Controleer uw internetverbinding en probeer het opnieuw.
failure-overloaded-heading = Het is nu erg druk
failure-overloaded = We kunnen u nu niet verder helpen, omdat veel mensen deze website gebruiken. Er is niets verloren gegaan. Wacht even en probeer het opnieuw.
failure-bad-request-heading = We konden dit verzoek niet lezen
failure-bad-request = In het adres of het formulier ontbreekt er iets of klopt er iets niet. Er is niets opgeslagen. Ga naar de startpagina en begin opnieuw.
failure-method-heading = U kunt deze pagina niet op die manier openen
failure-method = Ga naar de startpagina en begin daar.
failure-internal-heading = Er is iets misgegaan
failure-internal = Dat ligt aan ons, niet aan u. Probeer het over een paar minuten opnieuw.
failure-contact = Hebt u hulp nodig? Contact: { $contact }. Vermeld deze referentie.

## Accessibility, where the organisation has not declared anything
accessibility-heading = Toegankelijkheid
accessibility-intro = We willen dat iedereen deze website kan gebruiken. Bij de bouw zijn we uitgegaan van niveau AA van de Richtlijnen voor Toegankelijkheid van Webcontent (WCAG) 2.2.
accessibility-abilities = Het is de bedoeling dat u elke pagina kunt gebruiken:
accessibility-zoom = met tekst die vier keer zo groot is
accessibility-keyboard = met alleen een toetsenbord
accessibility-screen-reader = met een schermlezer
accessibility-colours = in lichte en donkere kleuren, en in de kleuren met hoog contrast van uw apparaat
accessibility-no-script = in een browser die geen scripts uitvoert
accessibility-no-statement = Deze pagina is geen toegankelijkheidsverklaring. Er staat niet op of iemand de website heeft gecontroleerd.

## Accessibility statement (the model of Implementing Decision (EU) 2018/1523)
statement-heading = Toegankelijkheidsverklaring
statement-commitment = We willen dat iedereen deze website kan gebruiken.
statement-law-eu = We volgen Richtlijn (EU) 2016/2102 inzake de toegankelijkheid van de websites en mobiele applicaties van overheidsinstanties.
statement-law-be = We volgen de Belgische wet van 19 juli 2018 inzake toegankelijkheid van de websites en mobiele applicaties van overheidsinstanties.
statement-law-nl = We volgen het Nederlandse Besluit digitale toegankelijkheid overheid.
statement-law-lu = We volgen de Luxemburgse wet van 28 mei 2019 over de toegankelijkheid van de websites en mobiele applicaties van overheidsinstanties.
statement-law-de = We volgen de Duitse wet over gelijke kansen voor mensen met een handicap (BGG) en de Duitse verordening over toegankelijke informatietechniek (BITV 2.0).
statement-law-fr = We volgen artikel 47 van de Franse wet nr. 2005-102 van 11 februari 2005 over de rechten van mensen met een handicap.
statement-law-named = We volgen deze wetgeving: { $law }.
statement-scope = Deze toegankelijkheidsverklaring is van toepassing op: { $service } ({ $address }).
statement-status = Nalevingsstatus
statement-fully = Deze website voldoet volledig aan de Europese norm EN 301 549. Die norm omvat niveau AA van de Richtlijnen voor Toegankelijkheid van Webcontent (WCAG).
statement-partially = Deze website voldoet gedeeltelijk aan de Europese norm EN 301 549: aan de meeste eisen wel, maar niet aan alle. Die norm omvat niveau AA van de Richtlijnen voor Toegankelijkheid van Webcontent (WCAG).
statement-not = Deze website voldoet niet aan de Europese norm EN 301 549. Die norm omvat niveau AA van de Richtlijnen voor Toegankelijkheid van Webcontent (WCAG).
statement-exceptions = Niet-toegankelijke inhoud
statement-non-compliance = Dit voldoet niet aan de norm
statement-burden = Dit aanpassen zou een onevenredige last zijn
statement-out-of-scope = Dit valt niet onder de wetgeving
statement-preparation = Opstelling van deze toegankelijkheidsverklaring
statement-prepared = We hebben deze verklaring opgesteld op { $date }.
statement-method-self = We hebben de website zelf beoordeeld.
statement-method-external = Een externe organisatie heeft de website beoordeeld.
statement-reviewed = We hebben de verklaring voor het laatst herzien op { $date }.
statement-feedback = Feedback en contactgegevens
statement-feedback-text = Werkt er iets niet voor u? Of hebt u iets in een andere vorm nodig? Laat het ons weten.
statement-answer-days = { $days ->
    [one] We antwoorden binnen 1 dag.
   *[other] We antwoorden binnen { $days } dagen.
}
statement-enforcement = Handhavingsprocedure
statement-enforcement-text = Helpt ons antwoord u niet verder? Dan kunt u een klacht indienen bij deze organisatie:

## Cookies
cookies-heading = Cookies
cookies-intro = Cookies zijn kleine bestanden die een website in uw browser opslaat. We gebruiken alleen cookies die nodig zijn om deze website te laten werken.
cookies-no-tracking = We gebruiken geen cookies om u te volgen of om reclame te tonen. Daarom vragen we u niet om toestemming. Andere websites kunnen onze cookies niet lezen.
cookies-list = De cookies die we gebruiken
cookies-until-closed = Uw browser bewaart deze cookie tot u uitlogt of de browser sluit.
cookies-minutes = { $count ->
    [one] Uw browser bewaart deze cookie 1 minuut.
   *[other] Uw browser bewaart deze cookie { $count }{"\u00a0"}minuten.
}
cookies-year = Uw browser bewaart deze cookie een jaar.
cookies-session = Houdt u ingelogd.
cookies-sign-in = Onthoudt de inlogpoging waaraan u bent begonnen.
cookies-repetition = Zorgt ervoor dat het inloggen opnieuw begint als er in deze browser nog iemand was ingelogd van een vorige keer.
cookies-signed-out = Onthoudt welke manier van inloggen u hebt gebruikt, zodat u ook daar kunt uitloggen.
cookies-language = Onthoudt welke taal u hebt gekozen.
cookies-kept = Zorgt ervoor dat u de tekst terugvindt die u nog niet had opgeslagen toen uw sessie verliep.
cookies-receipt = Zorgt ervoor dat u het bewijs ziet nadat u uw gegevens hebt verwijderd.

## Problems that the API reports (for developers)
problems-heading = Problemen die de API meldt
problems-intro = Deze pagina is voor ontwikkelaars. Als de API niet kan doen wat een programma vroeg, noemt het antwoord een van deze problemen.
problem-invalid-request = Het verzoek kan niet worden gelezen
problem-invalid-request-next = In het pad, in een header of in de body ontbreekt er iets of klopt er iets niet. Vergelijk het verzoek met de beschrijving van de API. Zonder wijziging opnieuw versturen helpt niet.
problem-unauthenticated = De inloggegevens ontbreken of worden niet aanvaard
problem-unauthenticated-next = Stuur de header Authorization met het schema Bearer mee. Deed u dat al? Dan zijn de inloggegevens misschien verlopen: laat de burger opnieuw inloggen.
problem-forbidden = Het verzoek is niet toegestaan
problem-forbidden-next = De inloggegevens staan het niet toe, of het verzoek kwam van een website die de API niet mag gebruiken. Opnieuw versturen helpt niet.
problem-not-found = Op dit adres is niets te vinden
problem-not-found-next = Controleer het pad. Op het adres van het bericht betekent dit dat er geen bericht is opgeslagen.
problem-method = Het adres ondersteunt deze methode niet
problem-method-next = De header Allow van het antwoord noemt de methoden die wel kunnen.
problem-too-slow = Het verzoek deed er te lang over
problem-too-slow-next = Er is niets gewijzigd. Controleer de verbinding en verstuur het verzoek opnieuw.
problem-conflict = Het bericht is niet de versie die u verwacht
problem-conflict-next = Het is gewijzigd of verwijderd nadat u het had gelezen. Er is niets overschreven. Lees het opnieuw, kies welke tekst u behoudt en verstuur die met de nieuwe ETag.
problem-too-large = Het verzoek is te groot
problem-too-large-next = Er is niets gewijzigd. Verstuur een kleinere body.
problem-media-type = De body heeft het verkeerde mediatype
problem-media-type-next = Verstuur de body als JSON, met application/json in de header Content-Type.
problem-text-not-usable = De tekst kan niet worden opgeslagen
problem-text-not-usable-next = De tekst is te lang of bevat tekens die we niet kunnen opslaan. In het antwoord staat wat het is. Pas de tekst aan en verstuur hem opnieuw.
problem-precondition-required = Er is een voorwaarde nodig
problem-precondition-required-next = Stuur If-Match mee met de ETag die u hebt gelezen. Zo overschrijft u geen wijziging. Stuur voor het eerste bericht If-None-Match mee met de waarde *.
problem-too-many = Er kwamen te veel verzoeken
problem-too-many-next = Wacht het aantal seconden uit de header Retry-After en verstuur het verzoek dan opnieuw.
problem-internal = Er is iets misgegaan in de dienst
problem-internal-next = Dat ligt aan ons. Verstuur het verzoek over een paar minuten opnieuw. De referentie in het antwoord staat ook in ons logboek.
problem-unavailable = De dienst kan nu niet antwoorden
problem-unavailable-next = Wacht het aantal seconden uit de header Retry-After en verstuur het verzoek dan opnieuw. Een wijziging kunt u veilig opnieuw versturen: aan de voorwaarde wordt maar één keer voldaan.

## Devices. The names of browsers and systems are the same in every language
device-unknown = Onbekend apparaat
device-computer = Computer
device-phone = Telefoon
device-tablet = Tablet
device-program = Een app die de API gebruikt
device-with = { $device }, { $program }
device-browser-on-system = { $device }, { $browser } op { $system }

## Sizes, in units of 1,000
size-bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}
size-kilobytes = { $size }{"\u00a0"}kB
size-megabytes = { $size }{"\u00a0"}MB
size-gigabytes = { $size }{"\u00a0"}GB
size-terabytes = { $size }{"\u00a0"}TB

## Dates
date = { $day } { $month } { $year }
# The zone is one of the names below, or a difference from UTC such as UTC−05:00.
date-time = { $date } om { $time } ({ $zone })
time = { $time } ({ $zone })
zone-brussels = Belgische tijd
zone-amsterdam = Nederlandse tijd
zone-luxembourg = Luxemburgse tijd
month-1 = januari
month-2 = februari
month-3 = maart
month-4 = april
month-5 = mei
month-6 = juni
month-7 = juli
month-8 = augustus
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december
