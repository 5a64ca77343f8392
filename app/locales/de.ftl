# Every sentence that citizens read. Keys are grouped by page, and a page uses only its own group and the first one.
# Write in plain words: what happened, whether anything was lost, what to do now.

language-name = Deutsch
languages-label = Sprache
site-name = Meine Daten
site-home = { $service }, Startseite
skip-to-content = Zum Inhalt springen
nav-label = Seiten
nav-profile = Profil
nav-my-data = Ihre Nachricht
nav-activity = Aktivitäten
nav-documents = Dokumente
nav-assistant = Assistent
signed-in-as = Angemeldet als { $name }
sign-out = Abmelden
reference = Referenznummer: { $reference }
try-again = Erneut versuchen
error-title = Fehler: { $title }
session-ends = Sie werden um { $time } abgemeldet, wenn Sie vorher keine andere Seite dieses Dienstes öffnen.
session-ends-on = Sie werden am { $moment } abgemeldet, wenn Sie vorher keine andere Seite dieses Dienstes öffnen.
session-ends-for-good = Sie werden um { $time } abgemeldet. Speichern Sie vorher, woran Sie gerade arbeiten.
session-ends-for-good-on = Sie werden am { $moment } abgemeldet. Speichern Sie vorher, woran Sie gerade arbeiten.
phase-test = Test
phase-test-text = Dies ist eine Testversion. Was Sie hier speichern, kann jederzeit gelöscht werden.
phase-beta = Beta
phase-beta-text = Dieser Dienst ist neu. Wir arbeiten noch an Verbesserungen.
phase-contact = Teilen Sie uns mit, was nicht funktioniert.
contact-email = E-Mail: { $address }
contact-phone = Telefon: { $number }
footer-organisation = Anbieter dieses Dienstes: { $organisation }
footer-contact = Kontakt
footer-help = Hilfe
footer-accessibility = Barrierefreiheit
footer-privacy = Datenschutz
footer-cookies = Cookies
footer-terms = Nutzungsbedingungen

## Home
home-intro = Wenn Sie sich anmelden, sehen Sie, welche Daten wir über Sie erhalten. Außerdem können Sie eine Nachricht für sich selbst speichern.
home-choose = Wählen Sie, wie Sie sich anmelden möchten
home-others = Weitere Anmeldemöglichkeiten
home-choose-hint = Verwenden Sie jedes Mal dieselbe Anmeldemöglichkeit. Mit einer anderen sehen Sie Ihre gespeicherte Nachricht nicht.
sign-in-with = Mit { $provider } anmelden
sign-in-cancelled-heading = Anmeldung abgebrochen
sign-in-cancelled = Wir haben keine Daten erhalten. Sie können es noch einmal versuchen. Hat die gewählte Anmeldemöglichkeit gemeldet, dass Ihre E-Mail-Adresse oder Ihre Identität nicht bestätigt ist? Dann holen Sie die Bestätigung zuerst dort nach.
signed-out-heading = Sie sind abgemeldet
signed-out-still = Bei { $provider } sind Sie vielleicht noch angemeldet. Wenn auch andere Personen dieses Gerät benutzen, melden Sie sich dort ebenfalls ab.
signed-out-also = Auch bei { $provider } abmelden
sign-in-needed = Melden Sie sich an, um die gewünschte Seite zu öffnen
home-welcome = Willkommen, { $name }
home-signed-in = Sie sind angemeldet.
home-to-profile = Ihr Profil ansehen
home-to-profile-hint = Die Daten, die wir bei Ihrer Anmeldung erhalten haben.
home-to-my-data = Ihre Nachricht öffnen
home-to-my-data-hint = Ihre gespeicherte Nachricht lesen und ändern.
home-to-activity = Ihre Aktivitäten ansehen
home-to-activity-hint = Wo Sie angemeldet sind und was mit Ihren Daten geschehen ist.
home-to-activity-hint-case-worker = Wo Sie angemeldet sind und was mit Ihrem Konto geschehen ist.
home-to-documents = Ihre Dokumente öffnen
home-to-documents-hint = Die Ordner und Dokumente, die Sie öffnen können.

## Sign-in options, under their buttons
provider-itsme = Verwenden Sie die itsme-App auf Ihrem Smartphone.
provider-login-gov = Verwenden Sie Ihr Login.gov-Konto (USA).
provider-auth0 = Sie brauchen ein Konto von Ihrer Organisation.
provider-beyond-identity = Sie brauchen einen Passkey, den Sie mit { $provider } erstellt haben.
provider-identity-center = Für Beschäftigte der Organisation. Verwenden Sie Ihr Dienstkonto.
provider-plain = Verwenden Sie Ihr Konto bei { $provider }.

## Profile
profile-heading = Ihr Profil
profile-intro = Hier sehen Sie, welche Daten wir über Sie haben, solange Sie angemeldet sind. Außerdem sehen Sie, woher die Daten kommen und warum wir danach fragen.
profile-source = Herkunft der Daten: { $provider }
profile-shared = { $provider } hat uns diese Daten bei Ihrer Anmeldung am { $moment } übermittelt. Wir verwenden sie, bis Sie sich abmelden oder bis Ihre Sitzung abläuft. Unser Anmeldesystem speichert eine Kopie und aktualisiert sie bei jeder Anmeldung.
profile-wrong = Wenn etwas nicht stimmt, korrigieren Sie es bei { $provider }. Wir erhalten die Änderung bei Ihrer nächsten Anmeldung.
profile-wrong-case-worker = Wenn etwas nicht stimmt, bitten Sie Ihre Organisation, es zu korrigieren. Wir erhalten die Änderung bei Ihrer nächsten Anmeldung.
profile-why-records = Damit finden wir Ihre gespeicherte Nachricht.
profile-why-greeting = Damit begrüßen wir Sie und zeigen, wer angemeldet ist.
profile-why-shown = Wir zeigen diese Angabe hier an und verwenden sie sonst nicht.
profile-why-documents = Wir senden diese Angabe an Ihre Organisation, um zu erfahren, was Sie öffnen können.
profile-name = Vollständiger Name
profile-given-name = Vorname
profile-family-name = Nachname
profile-birthdate = Geburtsdatum
profile-gender = Geschlecht
profile-email = E-Mail-Adresse
profile-phone-number = Telefonnummer
profile-address = Adresse
profile-locale = Sprache
profile-number-belgium = Nationalregisternummer
profile-number-netherlands = Bürgerservicenummer (BSN)
profile-number-luxembourg = Nationale Identifikationsnummer (Matrikel)
profile-number = Kennung
gender-female = Weiblich
gender-male = Männlich
language-nl = Niederländisch
language-fr = Französisch
language-de = Deutsch
language-en = Englisch
language-lb = Luxemburgisch
language-es = Spanisch
country-be = Belgien
country-nl = Niederlande
country-lu = Luxemburg
country-fr = Frankreich
country-de = Deutschland

## Your message
my-data-heading = Ihre Nachricht
my-data-intro = Schreiben Sie eine Nachricht an sich selbst. Bei Ihrer nächsten Anmeldung steht sie wieder hier. Andere Bürgerinnen und Bürger können sie nicht sehen.
my-data-label = Ihre Nachricht
my-data-limit = Sie können bis zu { $limit } Zeichen eingeben.
my-data-count = { $count } von { $limit } Zeichen
my-data-save = Speichern
my-data-saving = Wird gespeichert{"\u00a0"}…
my-data-saved = Gespeichert.
my-data-saved-title = Ihre Nachricht ist gespeichert
my-data-last-saved = Zuletzt gespeichert am { $moment }.
my-data-never-saved = Noch nichts gespeichert.
my-data-not-saved-yet = Noch nicht gespeichert.
my-data-unreachable = Wir wissen nicht, ob Ihre Nachricht gespeichert wurde. Ihr Text ist noch da. Prüfen Sie Ihre Internetverbindung und speichern Sie noch einmal.

my-data-problem = Es gibt ein Problem
my-data-problem-next = Ihre Nachricht wurde nicht gespeichert, aber Ihr Text ist noch da. Korrigieren Sie ihn und speichern Sie noch einmal.
my-data-error = Fehler:
my-data-too-long = Ihre Nachricht hat { $count } Zeichen. Erlaubt sind höchstens { $limit }.
my-data-not-text = Ihre Nachricht enthält Zeichen, die wir nicht speichern können. Wir zeigen jedes davon als � an. Ersetzen oder löschen Sie diese Zeichen.
my-data-incomplete-heading = Wir haben nicht alles erhalten
my-data-incomplete = Ihr Browser hat nicht alles gesendet, was wir brauchen. Deshalb wurde Ihre Nachricht nicht gespeichert. Ihr Text ist noch da. Prüfen Sie ihn und speichern Sie noch einmal.
my-data-unavailable-heading = Ihre Nachricht wurde nicht gespeichert
my-data-unavailable = Wir können zurzeit nichts speichern. Ihr Text ist noch da. Warten Sie einen Moment und speichern Sie noch einmal.
my-data-too-many-heading = Ihre Nachricht wurde noch nicht gespeichert
my-data-too-many = Aus Ihrem Netzwerk kamen zu viele Anfragen. Ihr Text ist noch da. Warten Sie einen Moment und speichern Sie noch einmal.
my-data-overloaded-heading = Wir konnten Ihre Nachricht noch nicht speichern
my-data-overloaded = Der Dienst ist stark ausgelastet. Ihr Text ist noch da. Warten Sie einen Moment und speichern Sie noch einmal.
my-data-restored-heading = Diesen Text hatten Sie noch nicht gespeichert
my-data-restored = Den Text haben Sie eingegeben, bevor Sie abgemeldet wurden. Prüfen Sie ihn und speichern Sie ihn dann.
my-data-discard = Diesen Text verwerfen
my-data-conflict-heading = Ihre gespeicherte Nachricht wurde geändert
my-data-conflict-notice = Wählen Sie, welchen Text Sie behalten möchten
my-data-conflict = Nachdem Sie Ihre Nachricht geöffnet hatten, wurde in einem anderen Browser-Tab oder auf einem anderen Gerät ein anderer Text gespeichert. Beide Texte sind noch da.
my-data-conflict-restored = Sie haben Ihren Text eingegeben, bevor Sie abgemeldet wurden.
my-data-conflict-typed = Was Sie eingegeben haben
my-data-conflict-stored = Was jetzt gespeichert ist
my-data-conflict-stored-empty = (leer)
my-data-conflict-save = Eingegebenen Text speichern
my-data-conflict-keep = Gespeicherte Nachricht behalten

## The end of a session, while a message is open
session-end-heading = Sie werden gleich abgemeldet
session-end-minutes = Wenn Sie nichts tun, melden wir Sie in weniger als { $count ->
    [one] einer Minute
   *[other] { $count }{"\u00a0"}Minuten
} ab.
session-end-seconds = Wenn Sie nichts tun, melden wir Sie in weniger als { $count }{"\u00a0"}Sekunden ab.
session-end-stay = Angemeldet bleiben
session-end-stay-failed = Wir konnten Ihre Sitzung nicht verlängern. Versuchen Sie es noch einmal oder speichern Sie Ihre Nachricht jetzt.
session-end-for-good = Wir können Ihre Sitzung nicht weiter verlängern. Speichern Sie Ihre Nachricht jetzt, wenn Sie Ihren Text behalten möchten.
session-end-for-good-minutes = Wir melden Sie in weniger als { $count ->
    [one] einer Minute
   *[other] { $count }{"\u00a0"}Minuten
} ab.
session-end-for-good-seconds = Wir melden Sie in weniger als { $count }{"\u00a0"}Sekunden ab.
session-end-save = Jetzt speichern
session-end-close = Schließen
session-over-heading = Ihre Sitzung ist abgelaufen
session-over = Zum Schutz Ihrer Daten haben wir Sie abgemeldet. Ihr Text steht noch auf dieser Seite. Um ihn zu behalten, wählen Sie „Speichern und erneut anmelden“.
session-over-save = Speichern und erneut anmelden

## Activity
activity-heading = Ihre Aktivitäten
activity-intro = Hier sehen Sie, wo Sie angemeldet sind und was mit Ihren Daten geschehen ist.
activity-intro-case-worker = Hier sehen Sie, wo Sie angemeldet sind und was mit Ihrem Konto geschehen ist.
activity-session-ended-heading = Sie sind dort abgemeldet
activity-session-ended = Um diesen Dienst dort wieder zu nutzen, müssen Sie sich auf dem Gerät neu anmelden.
activity-already-ended-heading = Diese Sitzung war schon beendet
activity-already-ended = Sie waren dort nicht mehr angemeldet.
activity-others-ended-heading = Ihre anderen Sitzungen sind beendet
activity-others-ended = { $count ->
    [one] Wir haben 1 andere Sitzung beendet. Hier sind Sie noch angemeldet.
   *[other] Wir haben { $count } andere Sitzungen beendet. Hier sind Sie noch angemeldet.
}
activity-no-others-heading = Sie waren nirgendwo sonst angemeldet
activity-no-others = Hier sind Sie noch angemeldet.
activity-sessions = Wo Sie angemeldet sind
activity-session = Mit { $provider } angemeldet am { $moment }.
activity-last-used = Zuletzt genutzt am { $date } gegen { $time }.
activity-this-device = Dieses Gerät
activity-end-session = Dort abmelden
activity-end-others = Alle anderen Sitzungen beenden
activity-done = Was geschehen ist
activity-kept = Wir bewahren jeden Eintrag { $days ->
    [365] ein Jahr
    [one] 1{"\u00a0"}Tag
   *[other] { $days }{"\u00a0"}Tage
} lang auf.
activity-counted = Das Öffnen Ihrer Nachricht bekommt keinen eigenen Eintrag. Wir zählen es bei der jeweiligen Anmeldung.
activity-empty = Es gibt keine Aktivitäten.
activity-older = Ältere Aktivitäten
activity-newest = Zurück zu den neuesten
activity-oldest = Ältere Einträge gibt es nicht.
activity-this-session = Diese Sitzung
activity-not-me = Das war ich nicht
activity-signed-in = Anmeldung
activity-refused = Anmeldung abgelehnt
activity-refused-stale = Eine frühere Anmeldung wurde noch einmal verwendet.
activity-refused-other-provider = Sie kam von einer anderen Anmeldemöglichkeit als der gewählten.
activity-refused-other-sign-in = Sie gehörte zu einer Anmeldung, die anderswo begonnen wurde.
activity-signed-out = Abmeldung
activity-ended-other-device = Von einem anderen Gerät aus abgemeldet
activity-ended-new-sign-in = Wegen einer neuen Anmeldung im selben Browser abgemeldet
activity-ended-expiry = Automatisch abgemeldet
activity-ended-operator = Auf Ihren Wunsch von der Organisation abgemeldet
activity-saved = Nachricht gespeichert
activity-message-deleted = Nachricht gelöscht
activity-exported = Daten heruntergeladen
activity-api-used = Eine App hat Ihre Daten verwendet
activity-documents-listed = Liste von Dokumenten geöffnet
activity-document-downloaded = Dokument heruntergeladen
activity-assistant-asked = Frage an den Assistenten gestellt
activity-by-api = Eine App hat das für Sie getan.
activity-by-operator = Die Organisation hat das auf Ihren Wunsch getan.
activity-moved-by-operator = Die Organisation hat sie aus einem früheren Dienst übernommen.
activity-reads = { $count ->
    [one] Ihre Nachricht wurde einmal geöffnet, am { $moment }.
   *[other] Ihre Nachricht wurde { $count }-mal geöffnet, zuletzt am { $moment }.
}
activity-provider = Anmeldemöglichkeit: { $provider }
activity-version = Fassung { $version }
activity-your-data = Ihre Daten
activity-download = Meine Daten herunterladen
activity-download-hint = Eine Datei mit allem, was wir über Sie gespeichert haben.
activity-delete = Meine Daten löschen
activity-delete-hint = Sie sehen zuerst, was gelöscht wird.

## Activity that the citizen does not recognise
not-me-heading = Wenn Sie es nicht waren
not-me-intro = Vielleicht waren Sie es doch: in einem anderen Browser, in einem privaten Fenster, auf einem anderen Gerät oder über eine App. Wenn Sie sicher sind, dass Sie es nicht waren, gehen Sie in dieser Reihenfolge vor.
not-me-when = Wann
not-me-provider = Anmeldemöglichkeit
not-me-device = Gerät
not-me-reference = Referenznummer
not-me-sign-out = Alle anderen Sitzungen beenden
not-me-others = { $count ->
    [one] Damit beenden Sie Ihre andere Sitzung. Hier bleiben Sie angemeldet.
   *[other] Damit beenden Sie Ihre { $count } anderen Sitzungen. Hier bleiben Sie angemeldet.
}
not-me-alone = Sie haben zurzeit keine andere Sitzung. Es gibt also nichts zu beenden.
not-me-secure = Schützen Sie das Konto, mit dem Sie sich anmelden
not-me-secure-at = Vielleicht kann sich jemand in Ihrem Namen anmelden. Wenden Sie sich an { $provider }: Ändern Sie dort Ihre PIN oder Ihr Passwort oder lassen Sie Ihr Konto sperren.
not-me-secure-text = Vielleicht kann sich jemand in Ihrem Namen anmelden. Ändern Sie die PIN oder das Passwort jedes Kontos, mit dem Sie sich hier anmelden, oder lassen Sie es sperren.
not-me-secure-case-worker = Vielleicht kann sich jemand in Ihrem Namen anmelden. Bitten Sie Ihre Organisation, Ihr Passwort zu ändern oder Ihr Konto zu sperren.
not-me-tell-heading = Melden Sie es uns
not-me-tell = Teilen Sie uns mit, was Sie gesehen haben und wann es geschehen ist.
not-me-tell-reference = Teilen Sie uns mit, was Sie gesehen haben, und nennen Sie diese Referenznummer: { $reference }
not-me-back = Zurück zu Ihren Aktivitäten

## Documents, for case workers
documents-heading = Ihre Dokumente
documents-intro = Die Ordner und Dokumente, auf die Sie Zugriff haben.
documents-soon = Wenn sich an Ihren Zugriffsrechten etwas ändert, sehen Sie es hier innerhalb einer Minute.
documents-folder = Ordner
documents-document = Dokument
documents-can-change = Änderungen erlaubt
documents-change-elsewhere = Hier können Sie Dokumente nur öffnen. Um eines zu ändern, verwenden Sie ein anderes Programm.
documents-beginning = { $name }…
documents-no-name = (ohne Namen)
documents-none-heading = Hier gibt es für Sie noch nichts
documents-none = Mögliche Gründe:
documents-none-no-access = Sie haben noch keinen Zugriff auf einen Ordner oder ein Dokument erhalten.
documents-none-other = Ihr Zugriff gilt für eine andere Anwendung, nicht für diesen Dienst.
documents-none-group = Sie wurden erst vor Kurzem in eine Gruppe aufgenommen.
documents-none-ask = Fragen Sie die Person, die in Ihrer Organisation die Zugriffsrechte verwaltet. Neue Zugriffsrechte sehen Sie hier innerhalb einer Minute.
documents-contact = Hilfe erhalten Sie hier: { $contact }.
documents-path = Pfad zu diesem Ordner
documents-can-open-at = Sie können diesen Ordner öffnen, weil Sie Zugriff haben auf: { $place }
documents-can-change-at = Sie können diesen Ordner öffnen, weil Sie Folgendes lesen und ändern dürfen: { $place }
documents-search = Nach dem Anfang eines Namens suchen
documents-search-after = Danach suchen, was in einem Namen auf „{ $start }“ folgt
documents-search-hint = Wir suchen in diesem Ordner, aber nicht in dessen Unterordnern. Achten Sie auf Groß- und Kleinschreibung.
documents-search-button = Suchen
documents-search-all = Alles anzeigen
documents-contents = In diesem Ordner: { $contents }
documents-contents-page = Auf dieser Seite: { $contents }
documents-found = Beginnt mit „{ $start }“: { $contents }
documents-found-page = Beginnt mit „{ $start }“, auf dieser Seite: { $contents }
documents-folders = { $count ->
    [one] { $count } Ordner
   *[other] { $count } Ordner
}
documents-documents = { $count ->
    [one] { $count } Dokument
   *[other] { $count } Dokumente
}
documents-name = Name
documents-size = Größe
documents-date = Geändert
documents-sort-a-to-z = von A bis Z sortieren
documents-sort-z-to-a = von Z bis A sortieren
documents-sort-smallest = die kleinsten zuerst
documents-sort-largest = die größten zuerst
documents-sort-oldest = die ältesten zuerst
documents-sort-newest = die neuesten zuerst
documents-sorted-page = Dieser Ordner passt nicht auf eine Seite. Sortiert wird nur diese Seite.
documents-empty = Dieser Ordner ist leer.
documents-not-found = Kein Name in diesem Ordner beginnt mit „{ $start }“.
documents-empty-page = Auf dieser Seite gibt es nichts.
documents-next = Nächste Seite
documents-first = Erste Seite

## Assistant, for case workers
assistant-heading = Den Assistenten fragen
assistant-intro = Der Assistent sucht eine Antwort in den Dokumenten, auf die Sie Zugriff haben.
assistant-check = Ein Computer schreibt die Antworten, und sie können falsch sein. Prüfen Sie die Quellen.
assistant-conversation = Ihr Gespräch
assistant-cut = Dieses Gespräch ist lang. Wir zeigen seinen Anfang nicht mehr.
assistant-asked = Sie haben gefragt
assistant-answer = Die Antwort des Assistenten
assistant-sources = Quellen
assistant-no-sources = Der Assistent hat für diese Antwort keine Quellen genannt.
assistant-no-title = (kein Titel)
assistant-label = Ihre Frage
assistant-follow-up = Ihre nächste Frage
assistant-limit = Sie können bis zu { $limit } Zeichen eingeben.
assistant-send = Fragen
assistant-wait = Die Antwort kann eine Minute dauern.
assistant-new = Ein neues Gespräch beginnen
assistant-error = Fehler:
assistant-problem = Es gibt ein Problem
assistant-problem-next = Wir haben Ihre Frage nicht gesendet. Sie ist noch da.
assistant-empty = Geben Sie eine Frage ein.
assistant-too-long = Ihre Frage hat { $count } Zeichen. Erlaubt sind höchstens { $limit }.
assistant-not-text = Ihre Frage enthält Zeichen, die wir nicht senden können. Wir zeigen jedes davon als � an. Ersetzen oder löschen Sie diese Zeichen.
assistant-not-subscribed-heading = Sie können den Assistenten noch nicht nutzen
assistant-not-subscribed = Ihre Organisation hat Ihnen noch keinen Zugang zum Assistenten gegeben. Wenden Sie sich dort an die Person, die den Zugang verwaltet. Ihre Frage ist noch da.
assistant-no-licence-heading = Der Assistent hat keine aktive Lizenz
assistant-no-licence = Die Lizenz Ihrer Organisation für den Assistenten ist nicht aktiv. Wenden Sie sich dort an die Person, die den Zugang verwaltet. Ihre Frage ist noch da.
assistant-busy-heading = Der Assistent ist ausgelastet
assistant-busy = Er bekommt gerade zu viele Fragen. Ihre Frage ist noch da. Warten Sie eine Minute und fragen Sie noch einmal.
assistant-timed-out-heading = Die Antwort kam nicht rechtzeitig
assistant-timed-out = Wir haben eine Minute gewartet. Ihre Frage ist noch da. Fragen Sie noch einmal oder stellen Sie eine kürzere Frage.
assistant-unavailable-heading = Der Assistent ist im Moment nicht verfügbar
assistant-unavailable = Wir bekommen im Moment keine Antwort. Ihre Frage ist noch da. Warten Sie einige Minuten und fragen Sie noch einmal.
assistant-set-up-heading = Der Assistent funktioniert im Moment nicht
assistant-set-up = Er ist nicht richtig eingerichtet. Ein neuer Versuch hilft nicht. Wir haben das Problem erfasst, damit es gelöst werden kann. Ihre Frage ist noch da: Kopieren Sie sie, wenn Sie sie später brauchen.
assistant-refused-heading = Der Assistent kann diese Frage nicht beantworten
assistant-refused = Ihre Frage ist noch da. Ändern Sie sie und fragen Sie noch einmal.
assistant-lost-heading = Sie können dieses Gespräch nicht fortsetzen
assistant-lost = Es ist beendet oder ging in einem anderen Fenster weiter. Ihre Frage ist noch da. Wenn Sie noch einmal fragen, beginnt ein neues Gespräch.
assistant-sign-in-again-heading = Melden Sie sich neu an, um den Assistenten zu fragen
assistant-sign-in-again = Ihre Anmeldung bei Ihrer Organisation ist beendet. Ihre Frage ist noch da. Kopieren Sie sie, bevor Sie sich neu anmelden.
assistant-sign-in = Neu anmelden
assistant-contact = Hilfe erhalten Sie hier: { $contact }. Nennen Sie dabei diese Referenznummer.

## Deletion
delete-heading = Ihre Daten löschen
delete-intro = Hier können Sie Ihre Nachricht und Ihre Aktivitäten löschen. Das lässt sich nicht rückgängig machen.
delete-copy = Wenn Sie eine Kopie behalten möchten, tun Sie zuerst dies:
delete-download = Meine Daten herunterladen
delete-what = Was gelöscht wird
delete-message = Ihre Nachricht.
delete-activity = Ihre Aktivitäten, die wir sonst { $days ->
    [365] ein Jahr
    [one] 1{"\u00a0"}Tag
   *[other] { $days }{"\u00a0"}Tage
} lang aufbewahren würden.
delete-sessions = Alle Ihre Sitzungen. Sie werden überall abgemeldet.
delete-stays = Was nicht gelöscht wird
delete-stays-provider = Was { $provider } selbst über Sie speichert.
delete-stays-sign-in = Die Kopie Ihrer Daten in unserem Anmeldesystem. Mehr dazu steht in Ihrem Profil.
delete-stays-backups = { $days ->
    [one] Kopien in unseren Sicherungen. Sie sind nach 1{"\u00a0"}Tag verschwunden.
   *[other] Kopien in unseren Sicherungen. Sie sind nach { $days }{"\u00a0"}Tagen verschwunden.
}
delete-stays-log = In unserem Protokoll: der Zeitpunkt und die Referenznummer der Löschung. Ältere Einträge dort nennen Ihren Namen nicht.
delete-stays-kept = Ein Text, den Sie in einem anderen Browser eingegeben haben und nicht speichern konnten. Wir löschen ihn spätestens nach 30 Minuten.
delete-sure = Möchten Sie Ihre Daten wirklich löschen?
delete-yes = Ja, meine Daten löschen
delete-cancel = Abbrechen und zurück
delete-again-heading = Melden Sie sich zuerst erneut an
delete-again = Um sicher zu sein, dass Sie es sind, brauchen wir eine Anmeldung aus den letzten { $minutes }{"\u00a0"}Minuten. Vielleicht erkennt { $provider } Sie wieder, ohne alles noch einmal abzufragen.
delete-again-with = Erneut mit { $provider } anmelden

## The receipt for a deletion
receipt-heading = Ihre Daten wurden gelöscht
receipt-text = Wir haben Ihre Nachricht und Ihre Aktivitäten gelöscht. Sie sind überall abgemeldet.
receipt-deleting-heading = Wir löschen Ihre Daten
receipt-deleting = Ihre Daten lassen sich nicht mehr öffnen. Sie sind überall abgemeldet. Den Rest löschen wir innerhalb weniger Minuten. Sie müssen nichts tun.
receipt-when = Wann
receipt-reference = Referenznummer
receipt-keep = Wenn Sie einen Beleg behalten möchten, drucken oder speichern Sie diese Seite. Sie können sie ohne Anmeldung lesen, aber nur für kurze Zeit.
receipt-to-home = Zur Startseite

## Failure pages
failure-session-ended-heading = Ihre Sitzung ist abgelaufen
failure-session-ended = Zum Schutz Ihrer Daten haben wir Sie abgemeldet. Melden Sie sich erneut an, um fortzufahren.
failure-text-not-saved = Dieser Text wurde nicht gespeichert. Kopieren Sie ihn, bevor Sie diese Seite verlassen.
failure-session-ended-text = Dieser Text wurde nicht gespeichert. Kopieren Sie ihn, bevor Sie sich erneut anmelden.
failure-session-ended-kept = Dieser Text wurde nicht gespeichert, aber wir bewahren ihn { $minutes } Minuten lang auf. Melden Sie sich in diesem Browser erneut mit Ihrem eigenen Konto an. Dann steht der Text im Formular.
failure-session-ended-label = Ihr nicht gespeicherter Text
failure-other-person-heading = Jetzt ist eine andere Person angemeldet
failure-other-person = Nachdem Sie Ihre Nachricht geöffnet hatten, hat sich in diesem Browser eine andere Person angemeldet. Deshalb haben wir Ihren Text nicht gespeichert.
failure-other-person-kept = Wir bewahren Ihren Text { $minutes } Minuten lang auf. Melden Sie sich ab. Melden Sie sich dann in diesem Browser erneut mit Ihrem eigenen Konto an. Danach steht Ihr Text im Formular.
failure-sign-in-again = Erneut anmelden
failure-leave = Mit einem anderen Konto anmelden
failure-elsewhere = Andere Anmeldemöglichkeit verwenden
failure-choose-again = Abmelden und neu wählen
failure-not-found-heading = Seite nicht gefunden
failure-not-found = Unter dieser Adresse gibt es keine Seite. Wenn Sie die Adresse selbst eingegeben haben, prüfen Sie, ob sie richtig geschrieben ist. Wenn Sie einem Link gefolgt sind, ist er vielleicht veraltet.
failure-to-home = Zur Startseite
failure-sign-in-heading = Wir konnten Sie nicht anmelden
failure-sign-in-invalid = Diese Anmeldung ist abgelaufen oder wurde bereits verwendet. Beginnen Sie von vorn.
failure-sign-in-rejected = Wir konnten Ihre Daten nicht überprüfen und haben Sie deshalb nicht angemeldet. Versuchen Sie es noch einmal.
failure-sign-in-no-national-number = Wir haben Ihre Nationalregisternummer nicht erhalten. Ohne diese Nummer finden wir Ihre Daten nicht. Für diese Anmeldemöglichkeit brauchen Sie ein belgisches Ausweisdokument. Wenn Sie keines haben, können Sie vielleicht eine andere Anmeldemöglichkeit verwenden.
failure-sign-in-no-number = Wir haben Ihre Kennung nicht erhalten. Ohne sie finden wir Ihre Daten nicht. Wenden Sie sich an die Organisation, von der Sie das Konto haben. Dort muss die Kennung zu Ihrem Konto hinzugefügt werden.
failure-sign-in-other-provider = Sie sind noch über eine andere Anmeldemöglichkeit angemeldet. Melden Sie sich ab und wählen Sie dann neu.
failure-sign-in-stale = In diesem Browser ist noch eine frühere Anmeldung aktiv. Deshalb konnten wir nicht prüfen, ob wirklich Sie es sind. Melden Sie sich ab und wählen Sie dann neu.
failure-sign-in-incomplete = Uns fehlt eine Angabe, die wir brauchen, zum Beispiel Ihre E-Mail-Adresse. Prüfen Sie, ob die Angabe in Ihrem Konto steht und ob Sie der Weitergabe an uns zustimmen. Versuchen Sie es dann noch einmal.
failure-sign-in-slow = Diese Anmeldemöglichkeit hat nicht rechtzeitig reagiert. An Ihrem Gerät liegt es nicht. Warten Sie eine Minute und versuchen Sie es noch einmal.
failure-sign-in-set-up = Diese Anmeldemöglichkeit ist nicht richtig eingerichtet. Ein weiterer Versuch hilft nicht. Verwenden Sie eine andere Anmeldemöglichkeit, wenn es eine gibt, oder kommen Sie später wieder.
failure-sign-in-provider = Bei dieser Anmeldemöglichkeit gab es ein Problem. An Ihrem Gerät liegt es nicht. Versuchen Sie es noch einmal.
failure-sign-in-unavailable = Die Anmeldung ist zurzeit nicht möglich. Warten Sie einen Moment und versuchen Sie es noch einmal.
failure-unavailable-heading = Zurzeit nicht verfügbar
failure-unavailable = Wir können zurzeit nicht auf die gespeicherten Daten zugreifen. Es ist nichts verloren gegangen. Warten Sie einen Moment und versuchen Sie es noch einmal.
failure-deletion-heading = Wir konnten die Löschung nicht bestätigen
failure-deletion = Unser Speicher hat nicht rechtzeitig geantwortet. Deshalb wissen wir nicht, ob die Löschung begonnen hat. Wenn ja, wird alles innerhalb weniger Minuten gelöscht, und Sie werden abgemeldet. Versuchen Sie es noch einmal, um sicher zu sein.
failure-to-documents = Zu Ihren Dokumenten
failure-documents-not-assigned-heading = Sie können hier noch keine Dokumente öffnen
failure-documents-not-assigned = Ihre Organisation hat Ihrem Konto noch nicht erlaubt, in diesem Dienst Dokumente zu öffnen. Fragen Sie die Person, die dort die Zugriffsrechte verwaltet. Versuchen Sie es danach noch einmal.
failure-documents-unavailable-heading = Ihre Dokumente sind zurzeit nicht verfügbar
failure-documents-unavailable = Wir können zurzeit nicht auf Ihre Dokumente zugreifen. Es ist nichts verloren gegangen. Warten Sie ein paar Minuten und versuchen Sie es noch einmal.
failure-documents-set-up-heading = Wir können Ihre Dokumente nicht anzeigen
failure-documents-set-up = Dieser Dienst ist nicht richtig eingerichtet. Ein weiterer Versuch hilft nicht. Wir haben das Problem erfasst, damit es behoben werden kann. Kommen Sie später wieder.
failure-document-not-granted-heading = Sie haben hierauf keinen Zugriff
failure-document-not-granted = Sie haben keinen Zugriff auf diesen Ordner oder dieses Dokument erhalten, oder er wurde Ihnen entzogen. Wenn Sie ihn brauchen, fragen Sie die Person, die in Ihrer Organisation die Zugriffsrechte verwaltet.
failure-document-not-found-heading = Dokument nicht gefunden
failure-document-not-found = Dieses Dokument gibt es nicht mehr, oder es hat jetzt einen anderen Namen. Suchen Sie es in Ihren Dokumenten.
failure-documents-sign-in-again-heading = Melden Sie sich erneut an, um Ihre Dokumente zu öffnen
failure-documents-sign-in-again = Ihre Anmeldung bei Ihrer Organisation ist abgelaufen. Es ist nichts verloren gegangen. Melden Sie sich erneut an, um fortzufahren.
failure-forbidden-heading = Wir haben diese Anfrage blockiert
failure-forbidden = Die Anfrage kam von einer anderen Website. Es wurde nichts geändert. Gehen Sie zu unserer Startseite und versuchen Sie es dort noch einmal.
failure-too-large-heading = Ihr Text ist zu lang
failure-too-large = Sie haben mehr gesendet, als wir annehmen können. Es wurde nichts gespeichert. Kürzen Sie Ihren Text und versuchen Sie es noch einmal.
failure-too-many-heading = Zu viele Anfragen
failure-too-many = Aus Ihrem Netzwerk kamen zu viele Anfragen. Warten Sie einen Moment und versuchen Sie es noch einmal.
failure-too-slow-heading = Das hat zu lange gedauert
failure-too-slow = Ihre Eingabe ist nicht rechtzeitig bei uns angekommen. Es wurde nichts gespeichert. Prüfen Sie Ihre Internetverbindung und versuchen Sie es noch einmal.
failure-overloaded-heading = Der Dienst ist stark ausgelastet
failure-overloaded = Wir können zurzeit nicht antworten, weil viele Personen den Dienst nutzen. Es ist nichts verloren gegangen. Warten Sie einen Moment und versuchen Sie es noch einmal.
failure-bad-request-heading = Wir konnten diese Anfrage nicht verarbeiten
failure-bad-request = In der Adresse oder im Formular fehlt etwas oder stimmt etwas nicht. Es wurde nichts gespeichert. Gehen Sie zur Startseite und beginnen Sie von vorn.
failure-method-heading = Diese Seite lässt sich so nicht öffnen
failure-method = Gehen Sie zur Startseite und beginnen Sie dort.
failure-internal-heading = Ein Fehler ist aufgetreten
failure-internal = Das liegt an uns, nicht an Ihnen. Versuchen Sie es in ein paar Minuten noch einmal.
failure-contact = Hilfe erhalten Sie hier: { $contact }. Nennen Sie dabei diese Referenznummer.

## Accessibility, where the organisation has not declared anything
accessibility-heading = Barrierefreiheit
accessibility-intro = Wir möchten, dass alle diesen Dienst nutzen können. Wir haben ihn nach Stufe AA der Richtlinien für barrierefreie Webinhalte (WCAG) 2.2 entwickelt.
accessibility-abilities = Sie sollten jede Seite nutzen können:
accessibility-zoom = mit Text, der auf das Vierfache vergrößert ist
accessibility-keyboard = nur mit einer Tastatur
accessibility-screen-reader = mit einem Vorleseprogramm (Screenreader)
accessibility-colours = in hellen und dunklen Farben und mit den Farben, die Ihr Gerät für hohen Kontrast verwendet
accessibility-no-script = in einem Browser, der keine Skripte ausführt
accessibility-no-statement = Diese Seite ist keine Erklärung zur Barrierefreiheit. Aus ihr geht nicht hervor, ob der Dienst geprüft wurde.

## Accessibility statement (the model of Implementing Decision (EU) 2018/1523)
statement-heading = Erklärung zur Barrierefreiheit
statement-commitment = Wir möchten, dass alle diesen Dienst nutzen können.
statement-law-eu = Wir richten uns nach der Richtlinie (EU) 2016/2102 über den barrierefreien Zugang zu den Websites und mobilen Anwendungen öffentlicher Stellen.
statement-law-be = Wir richten uns nach dem belgischen Gesetz vom 19.{"\u00a0"}Juli 2018 über den barrierefreien Zugang zu den Websites und mobilen Anwendungen öffentlicher Stellen.
statement-law-nl = Wir richten uns nach der niederländischen Verordnung über die digitale Barrierefreiheit staatlicher Dienste (Besluit digitale toegankelijkheid overheid).
statement-law-lu = Wir richten uns nach dem luxemburgischen Gesetz vom 28.{"\u00a0"}Mai 2019 über den barrierefreien Zugang zu den Websites und mobilen Anwendungen öffentlicher Stellen.
statement-law-de = Wir richten uns nach dem deutschen Behindertengleichstellungsgesetz (BGG) und der Barrierefreie-Informationstechnik-Verordnung (BITV 2.0).
statement-law-fr = Wir richten uns nach Artikel 47 des französischen Gesetzes Nr. 2005-102 vom 11.{"\u00a0"}Februar 2005 über die Rechte von Menschen mit Behinderungen.
statement-law-named = Wir richten uns nach diesem Gesetz: { $law }.
statement-scope = Diese Erklärung zur Barrierefreiheit gilt für: { $service } ({ $address }).
statement-status = Stand der Vereinbarkeit mit den Anforderungen
statement-fully = Dieser Dienst ist mit der europäischen Norm EN 301 549 vollständig vereinbar. Die Norm umfasst die Stufe AA der Richtlinien für barrierefreie Webinhalte (WCAG).
statement-partially = Dieser Dienst ist mit der europäischen Norm EN 301 549 teilweise vereinbar: Die meisten Anforderungen sind erfüllt. Die Norm umfasst die Stufe AA der Richtlinien für barrierefreie Webinhalte (WCAG).
statement-not = Dieser Dienst ist mit der europäischen Norm EN 301 549 nicht vereinbar. Die Norm umfasst die Stufe AA der Richtlinien für barrierefreie Webinhalte (WCAG).
statement-exceptions = Nicht barrierefreie Inhalte
statement-non-compliance = Unvereinbarkeit mit der Norm
statement-burden = Unverhältnismäßige Belastung
statement-out-of-scope = Nicht im Anwendungsbereich der Rechtsvorschriften
statement-preparation = Erstellung dieser Erklärung zur Barrierefreiheit
statement-prepared = Diese Erklärung wurde am { $date } erstellt.
statement-method-self = Wir haben den Dienst selbst bewertet.
statement-method-external = Eine externe Organisation hat den Dienst bewertet.
statement-reviewed = Die Erklärung wurde zuletzt am { $date } überprüft.
statement-feedback = Feedback und Kontaktangaben
statement-feedback-text = Teilen Sie uns mit, wenn etwas für Sie nicht funktioniert oder wenn Sie Inhalte in einer anderen Form brauchen.
statement-answer-days = { $days ->
    [one] Wir antworten innerhalb eines Tages.
   *[other] Wir antworten innerhalb von { $days } Tagen.
}
statement-enforcement = Durchsetzungsverfahren
statement-enforcement-text = Wenn unsere Antwort Ihnen nicht weiterhilft, können Sie sich bei dieser Stelle beschweren:

## Cookies
cookies-heading = Cookies
cookies-intro = Cookies sind kleine Dateien, die eine Website in Ihrem Browser speichert. Dieser Dienst verwendet nur Cookies, ohne die er nicht funktioniert.
cookies-no-tracking = Kein Cookie dient dazu, Ihr Verhalten zu verfolgen oder Werbung zu zeigen. Deshalb bitten wir Sie nicht um Ihre Einwilligung. Keine andere Website kann diese Cookies lesen.
cookies-list = Welche Cookies wir verwenden
cookies-until-closed = Bleibt im Browser gespeichert, bis Sie sich abmelden oder den Browser schließen.
cookies-minutes = { $count ->
    [one] Bleibt 1 Minute lang im Browser gespeichert.
   *[other] Bleibt { $count } Minuten lang im Browser gespeichert.
}
cookies-year = Bleibt ein Jahr lang im Browser gespeichert.
cookies-session = Sorgt dafür, dass Sie angemeldet bleiben.
cookies-sign-in = Merkt sich die Anmeldung, die Sie begonnen haben.
cookies-repetition = Startet Ihre Anmeldung neu, wenn Sie in diesem Browser noch von früher angemeldet waren.
cookies-signed-out = Merkt sich, welche Anmeldemöglichkeit Sie verwendet haben, damit Sie sich auch dort abmelden können.
cookies-language = Merkt sich, welche Sprache Sie gewählt haben.
cookies-kept = Findet den Text wieder, den Sie noch nicht gespeichert hatten, als Ihre Sitzung ablief.
cookies-receipt = Zeigt Ihnen den Beleg, nachdem Sie Ihre Daten gelöscht haben.

## Problems that the API reports (for developers)
problems-heading = Probleme, die die API meldet
problems-intro = Diese Seite richtet sich an Entwicklerinnen und Entwickler. Wenn die API nicht tun kann, was ein Programm verlangt, nennt ihre Antwort eines dieser Probleme.
problem-invalid-request = Die Anfrage kann nicht gelesen werden
problem-invalid-request-next = Im Pfad, in einem Header oder im Body fehlt etwas oder stimmt etwas nicht. Vergleichen Sie die Anfrage mit der Beschreibung der API. Ohne Änderung hilft ein weiterer Versuch nicht.
problem-unauthenticated = Die Anmeldedaten fehlen oder werden nicht akzeptiert
problem-unauthenticated-next = Senden Sie den Header Authorization mit dem Schema Bearer. Wenn Sie das getan haben, ist er vielleicht abgelaufen: Lassen Sie die Person sich erneut anmelden.
problem-forbidden = Die Anfrage ist nicht erlaubt
problem-forbidden-next = Die Anmeldedaten erlauben es nicht, oder die Anfrage kam von einer Website, die die API nicht nutzen darf. Ein weiterer Versuch hilft nicht.
problem-not-found = Unter dieser Adresse gibt es nichts
problem-not-found-next = Prüfen Sie den Pfad. Unter der Adresse der Nachricht bedeutet es, dass keine Nachricht gespeichert ist.
problem-method = Die Adresse unterstützt diese Methode nicht
problem-method-next = Der Header Allow der Antwort nennt die möglichen Methoden.
problem-too-slow = Die Anfrage kam zu langsam an
problem-too-slow-next = Es wurde nichts geändert. Prüfen Sie die Verbindung und senden Sie die Anfrage noch einmal.
problem-conflict = Die Nachricht hat nicht die erwartete Version
problem-conflict-next = Sie wurde geändert oder gelöscht, nachdem Sie sie gelesen hatten. Es wurde nichts überschrieben. Lesen Sie sie noch einmal, wählen Sie den Text, der bleiben soll, und senden Sie ihn mit dem neuen ETag.
problem-too-large = Die Anfrage ist zu groß
problem-too-large-next = Es wurde nichts geändert. Senden Sie einen kleineren Body.
problem-media-type = Der Body hat den falschen Medientyp
problem-media-type-next = Senden Sie ihn als JSON, mit application/json im Header Content-Type.
problem-text-not-usable = Der Text kann nicht gespeichert werden
problem-text-not-usable-next = Er ist zu lang oder enthält Zeichen, die wir nicht speichern können. In der Antwort steht, was zutrifft. Korrigieren Sie den Text und senden Sie ihn noch einmal.
problem-precondition-required = Eine Bedingung ist nötig
problem-precondition-required-next = Senden Sie If-Match mit dem ETag, den Sie gelesen haben, damit Sie keine Änderung überschreiben. Für die erste Nachricht senden Sie If-None-Match mit dem Wert *.
problem-too-many = Es kamen zu viele Anfragen
problem-too-many-next = Warten Sie die Sekunden, die im Header Retry-After stehen, und senden Sie die Anfrage dann noch einmal.
problem-internal = Im Dienst ist ein Fehler aufgetreten
problem-internal-next = Das liegt an uns. Senden Sie die Anfrage in ein paar Minuten noch einmal. Die Referenznummer der Antwort steht auch in unserem Protokoll.
problem-unavailable = Der Dienst kann zurzeit nicht antworten
problem-unavailable-next = Warten Sie die Sekunden, die im Header Retry-After stehen, und senden Sie die Anfrage dann noch einmal. Eine Änderung können Sie gefahrlos noch einmal senden, denn ihre Bedingung ist nur einmal erfüllt.

## Devices. The names of browsers and systems are the same in every language
device-unknown = Unbekanntes Gerät
device-computer = Computer
device-phone = Smartphone
device-tablet = Tablet
device-program = Eine App, die die API nutzt
device-with = { $device }, { $program }
device-browser-on-system = { $device }, { $browser } unter { $system }

## Sizes, in units of 1,000
size-bytes = { $count ->
    [one] { $count } Byte
   *[other] { $count } Byte
}
size-kilobytes = { $size }{"\u00a0"}kB
size-megabytes = { $size }{"\u00a0"}MB
size-gigabytes = { $size }{"\u00a0"}GB
size-terabytes = { $size }{"\u00a0"}TB

## Dates
date = { $day }.{"\u00a0"}{ $month } { $year }
# The zone is one of the names below, or a difference from UTC such as UTC−05:00.
date-time = { $date } um { $time }{"\u00a0"}Uhr ({ $zone })
time = { $time }{"\u00a0"}Uhr ({ $zone })
zone-brussels = belgische Zeit
zone-amsterdam = niederländische Zeit
zone-luxembourg = luxemburgische Zeit
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
