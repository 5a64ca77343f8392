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

## Sign-in options, under their buttons
provider-itsme = Gebruik de itsme-app op uw telefoon.
provider-login-gov = Gebruik uw account bij Login.gov (Verenigde Staten).
provider-auth0 = U hebt een account van uw organisatie nodig.
provider-beyond-identity = U hebt een toegangssleutel (passkey) nodig die u met { $provider } hebt gemaakt.
provider-identity-center = Gebruik het account voor AWS dat u van uw organisatie hebt gekregen.
provider-plain = Gebruik uw account bij { $provider }.

## Profile
profile-heading = Uw profiel
profile-intro = Dit weten we over u zolang u bent ingelogd. U ziet ook waar die gegevens vandaan komen en waarom we ze vragen.
profile-source = Doorgegeven door { $provider }
profile-shared = { $provider } gaf deze gegevens door toen u op { $moment } inlogde. We gebruiken ze tot u uitlogt of tot uw sessie verloopt. Ons inlogsysteem bewaart een kopie en werkt die elke keer bij als u inlogt.
profile-wrong = Klopt er iets niet? Pas het dan aan bij { $provider }. We krijgen de wijziging als u de volgende keer inlogt.
profile-why-records = Hiermee vinden we uw opgeslagen bericht.
profile-why-greeting = Hiermee begroeten we u en tonen we wie er is ingelogd.
profile-why-shown = We tonen dit hier en gebruiken het nergens anders voor.
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
