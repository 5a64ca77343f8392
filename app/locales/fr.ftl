# Every sentence that citizens read. Keys are grouped by page, and a page uses only its own group and the first one.
# Write in plain words: what happened, whether anything was lost, what to do now.

language-name = Français
languages-label = Langue
site-name = Mes données
site-home = { $service }, page d’accueil
skip-to-content = Aller au contenu
nav-label = Pages
nav-profile = Mon profil
nav-my-data = Mon message
nav-activity = Historique
nav-documents = Documents
nav-assistant = Assistant
signed-in-as = Session ouverte : { $name }
sign-out = Se déconnecter
reference = Référence : { $reference }
try-again = Réessayer
error-title = Erreur : { $title }
session-ends = Votre session se terminera à { $time }, sauf si vous ouvrez une autre page de ce service.
session-ends-on = Votre session se terminera le { $moment }, sauf si vous ouvrez une autre page de ce service.
session-ends-for-good = Votre session se terminera à { $time }. D’ici là, enregistrez ce que vous avez saisi.
session-ends-for-good-on = Votre session se terminera le { $moment }. D’ici là, enregistrez ce que vous avez saisi.
phase-test = Test
phase-test-text = Vous utilisez une version de test. Ce que vous y enregistrez peut être supprimé à tout moment.
phase-beta = Bêta
phase-beta-text = Ce service est nouveau. Nous continuons à l’améliorer.
phase-contact = Signalez-nous ce qui ne fonctionne pas.
contact-email = E-mail : { $address }
contact-phone = Téléphone : { $number }
footer-organisation = Proposé par : { $organisation }
footer-contact = Contact
footer-help = Aide
footer-accessibility = Accessibilité
footer-privacy = Confidentialité
footer-cookies = Cookies
footer-terms = Conditions d’utilisation

## Home
home-intro = Connectez-vous pour consulter les données que nous recevons à votre sujet et pour enregistrer un message pour vous-même.
home-choose = Choisissez comment vous connecter
home-others = Autres moyens de connexion
home-choose-hint = Utilisez toujours le même moyen de connexion. Avec un autre, vous ne verrez pas votre message enregistré.
sign-in-with = Se connecter avec { $provider }
sign-in-cancelled-heading = Connexion annulée
sign-in-cancelled = Nous n’avons reçu aucune donnée. Vous pouvez réessayer. Si le moyen de connexion choisi vous a indiqué que votre adresse e-mail ou votre identité n’est pas vérifiée, terminez d’abord cette vérification avec ce moyen de connexion.
signed-out-heading = Votre session est fermée
signed-out-still = Votre session { $provider } est peut-être encore ouverte. Si d’autres personnes utilisent cet appareil, fermez-la aussi.
signed-out-also = Fermer aussi ma session { $provider }
sign-in-needed = Connectez-vous pour ouvrir cette page
home-welcome = Bienvenue, { $name }
home-signed-in = Votre session est ouverte.
home-to-profile = Voir mon profil
home-to-profile-hint = Les données que nous avons reçues lors de votre connexion.
home-to-my-data = Ouvrir mon message
home-to-my-data-hint = Lire et modifier votre message enregistré.
home-to-activity = Voir mon historique
home-to-activity-hint = Vos sessions ouvertes et ce qui a été fait avec vos données.
home-to-activity-hint-case-worker = Vos sessions ouvertes et ce qui a été fait avec votre compte.
home-to-documents = Ouvrir mes documents
home-to-documents-hint = Les dossiers et les documents que vous pouvez ouvrir.

## Sign-in options, under their buttons
provider-itsme = Utilisez l’application itsme sur votre téléphone.
provider-login-gov = Utilisez votre compte Login.gov (États-Unis).
provider-auth0 = Il vous faut un compte fourni par votre organisation.
provider-beyond-identity = Il vous faut une clé d’accès (passkey) que vous avez créée avec { $provider }.
provider-identity-center = Pour le personnel de l’organisation. Utilisez votre compte professionnel.
provider-plain = Utilisez votre compte { $provider }.

## Profile
profile-heading = Mon profil
profile-intro = Ce que nous savons de vous pendant votre session, d’où viennent ces données et pourquoi nous les demandons.
profile-source = Données transmises par { $provider }
profile-shared = { $provider } a transmis ces données lors de votre connexion, le { $moment }. Nous les utilisons jusqu’à votre déconnexion ou jusqu’à la fin de votre session. Notre système de connexion en garde une copie et la met à jour à chaque connexion.
profile-wrong = Si une donnée est incorrecte, faites-la corriger par { $provider }. Nous recevrons la correction à votre prochaine connexion.
profile-wrong-case-worker = Si une donnée est incorrecte, demandez à votre organisation de la corriger. Nous recevrons la correction à votre prochaine connexion.
profile-why-records = Nous l’utilisons pour retrouver votre message enregistré.
profile-why-greeting = Nous l’utilisons pour vous saluer et pour indiquer qui a ouvert la session.
profile-why-shown = Nous l’affichons ici et ne l’utilisons pour rien d’autre.
profile-why-documents = Nous l’envoyons à votre organisation pour savoir ce que vous pouvez ouvrir.
profile-name = Nom complet
profile-given-name = Prénom
profile-family-name = Nom
profile-birthdate = Date de naissance
profile-gender = Sexe
profile-email = Adresse e-mail
profile-phone-number = Numéro de téléphone
profile-address = Adresse
profile-locale = Langue
profile-number-belgium = Numéro de Registre national
profile-number-netherlands = Numéro de service citoyen (BSN)
profile-number-luxembourg = Numéro d’identification national (matricule)
profile-number = Identifiant
gender-female = Femme
gender-male = Homme
language-nl = Néerlandais
language-fr = Français
language-de = Allemand
language-en = Anglais
language-lb = Luxembourgeois
language-es = Espagnol
country-be = Belgique
country-nl = Pays-Bas
country-lu = Luxembourg
country-fr = France
country-de = Allemagne

## Your message
my-data-heading = Mon message
my-data-intro = Écrivez un message pour vous-même. Vous le retrouverez ici à votre prochaine connexion. Les autres citoyens ne peuvent pas le voir.
my-data-label = Votre message
my-data-limit = Vous pouvez saisir jusqu’à { $limit } caractères.
my-data-count = Caractères saisis : { $count } sur { $limit }
my-data-save = Enregistrer
my-data-saving = Enregistrement en cours…
my-data-saved = Message enregistré.
my-data-saved-title = Votre message est enregistré
my-data-last-saved = Dernier enregistrement le { $moment }.
my-data-never-saved = Aucun message enregistré pour l’instant.
my-data-not-saved-yet = Pas encore enregistré.
my-data-unreachable = Nous ne savons pas si votre message a été enregistré. Votre texte est toujours là. Vérifiez votre connexion internet, puis réessayez d’enregistrer votre message.

my-data-problem = Il y a un problème
my-data-problem-next = Votre message n’a pas été enregistré, mais votre texte est toujours là. Corrigez-le, puis enregistrez-le.
my-data-error = Erreur :
my-data-too-long = Votre message compte { $count } caractères. Il ne peut pas dépasser { $limit } caractères.
my-data-not-text = Votre message contient des caractères que nous ne pouvons pas enregistrer. Un � apparaît à la place de chacun d’eux. Remplacez chaque � ou supprimez-le.
my-data-incomplete-heading = Nous n’avons pas tout reçu
my-data-incomplete = Votre navigateur n’a pas envoyé tout ce qu’il nous faut. Votre message n’a donc pas été enregistré. Votre texte est toujours là. Vérifiez-le, puis enregistrez-le.
my-data-unavailable-heading = Votre message n’a pas été enregistré
my-data-unavailable = Nous ne pouvons rien enregistrer pour le moment. Votre texte est toujours là. Patientez un instant, puis réessayez de l’enregistrer.
my-data-too-many-heading = Votre message n’est pas encore enregistré
my-data-too-many = Nous avons reçu trop de demandes venant de votre réseau. Votre texte est toujours là. Patientez un instant, puis réessayez de l’enregistrer.
my-data-overloaded-heading = Nous n’avons pas encore pu enregistrer votre message
my-data-overloaded = Le service est très sollicité. Votre texte est toujours là. Patientez un instant, puis réessayez de l’enregistrer.
my-data-restored-heading = Vous n’aviez pas enregistré ce texte
my-data-restored = Vous l’avez saisi avant la fin de votre session. Vérifiez-le, puis enregistrez-le.
my-data-discard = Ne pas garder ce texte
my-data-conflict-heading = Votre message enregistré a été modifié ailleurs
my-data-conflict-notice = Choisissez le texte à garder
my-data-conflict = Après l’ouverture de votre message, un texte différent a été enregistré dans un autre onglet ou sur un autre appareil. Les deux textes sont toujours là.
my-data-conflict-restored = Vous avez saisi votre texte avant la fin de votre session.
my-data-conflict-typed = Ce que vous avez saisi
my-data-conflict-stored = Ce qui est enregistré
my-data-conflict-stored-empty = (vide)
my-data-conflict-save = Enregistrer ce que j’ai saisi
my-data-conflict-keep = Laisser mon message tel qu’il est maintenant

## The end of a session, while a message is open
session-end-heading = Votre session va se terminer
session-end-minutes = Sans action de votre part, votre session se terminera dans moins { $count ->
    [one] d’une minute
   *[other] de { $count }{"\u00a0"}minutes
}.
session-end-seconds = Sans action de votre part, votre session se terminera dans moins de { $count }{"\u00a0"}secondes.
session-end-stay = Prolonger ma session
session-end-stay-failed = Nous n’avons pas pu prolonger votre session. Réessayez ou enregistrez votre message maintenant.
session-end-for-good = Nous ne pouvons pas prolonger votre session. Pour garder votre texte, enregistrez votre message maintenant.
session-end-for-good-minutes = Votre session se terminera dans moins { $count ->
    [one] d’une minute
   *[other] de { $count }{"\u00a0"}minutes
}.
session-end-for-good-seconds = Votre session se terminera dans moins de { $count }{"\u00a0"}secondes.
session-end-save = Enregistrer maintenant
session-end-close = Revenir à mon texte
session-over-heading = Votre session a expiré
session-over = Pour protéger vos données, nous avons fermé votre session. Votre texte est toujours sur cette page. Pour le garder, choisissez « Enregistrer et se reconnecter ».
session-over-save = Enregistrer et se reconnecter

## Activity
activity-heading = Mon historique
activity-intro = Consultez vos sessions ouvertes et ce qui a été fait avec vos données.
activity-intro-case-worker = Consultez vos sessions ouvertes et ce qui a été fait avec votre compte.
activity-session-ended-heading = Cette session est fermée
activity-session-ended = Pour utiliser à nouveau ce service sur cet appareil, il faudra s’y reconnecter.
activity-already-ended-heading = Cette session était déjà fermée
activity-already-ended = Elle s’était terminée avant votre demande.
activity-others-ended-heading = Toutes vos autres sessions sont fermées
activity-others-ended = { $count ->
    [one] Nous avons fermé { $count } autre session. Votre session sur cet appareil reste ouverte.
   *[other] Nous avons fermé { $count } autres sessions. Votre session sur cet appareil reste ouverte.
}
activity-no-others-heading = Vous n’aviez pas d’autre session ouverte
activity-no-others = Votre session sur cet appareil reste ouverte.
activity-sessions = Sessions ouvertes
activity-session = Connexion avec { $provider } le { $moment }.
activity-last-used = Dernière utilisation le { $date } vers { $time }.
activity-this-device = Cet appareil
activity-end-session = Fermer cette session
activity-end-others = Fermer toutes les autres sessions
activity-done = Ce qui a été fait
activity-kept = Nous gardons chaque entrée pendant { $days ->
    [365] un an
    [one] { $days }{"\u00a0"}jour
   *[other] { $days }{"\u00a0"}jours
}.
activity-counted = Les ouvertures de votre message ne figurent pas une par une dans la liste. Nous les comptons pour chaque connexion.
activity-empty = Il n’y a aucune activité à afficher.
activity-older = Activités plus anciennes
activity-newest = Revenir aux plus récentes
activity-oldest = Il n’y a rien de plus ancien.
activity-this-session = Cette session
activity-not-me = Ce n’était pas moi
activity-signed-in = Connexion
activity-refused = Connexion refusée
activity-refused-stale = Une connexion plus ancienne a été réutilisée.
activity-refused-other-provider = Elle venait d’un autre moyen de connexion que celui qui avait été choisi.
activity-refused-other-sign-in = Elle appartenait à une connexion commencée ailleurs.
activity-signed-out = Déconnexion
activity-ended-other-device = Session fermée depuis un autre appareil
activity-ended-new-sign-in = Session fermée à la suite d’une nouvelle connexion dans le même navigateur
activity-ended-expiry = Session fermée automatiquement
activity-ended-operator = Session fermée par l’organisation, à votre demande
activity-saved = Message enregistré
activity-message-deleted = Message supprimé
activity-exported = Données téléchargées
activity-api-used = Une application a utilisé vos données
activity-documents-listed = Liste de documents ouverte
activity-document-downloaded = Document téléchargé
activity-assistant-asked = Question posée à l’assistant
activity-by-api = Une application l’a fait pour vous.
activity-by-operator = L’organisation l’a fait à votre demande.
activity-moved-by-operator = L’organisation l’a repris d’un ancien service.
activity-reads = { $count ->
    [one] Votre message a été ouvert une fois, le { $moment }.
   *[other] Votre message a été ouvert { $count }{"\u00a0"}fois, la dernière fois le { $moment }.
}
activity-provider = Moyen de connexion : { $provider }
activity-version = Version n°{"\u00a0"}{ $version }
activity-your-data = Vos données
activity-download = Télécharger mes données
activity-download-hint = Un fichier avec tout ce que nous conservons à votre sujet.
activity-delete = Supprimer mes données
activity-delete-hint = Vous verrez d’abord ce qui sera supprimé.

## Activity that the citizen does not recognise
not-me-heading = Si ce n’était pas vous
not-me-intro = C’était peut-être vous : dans un autre navigateur, dans une fenêtre privée, sur un autre appareil ou par une application. Si vous savez que ce n’était pas vous, suivez ces étapes dans l’ordre.
not-me-when = Quand
not-me-provider = Moyen de connexion
not-me-device = Appareil
not-me-reference = Référence
not-me-sign-out = Fermer toutes les autres sessions
not-me-others = { $count ->
    [one] Votre autre session sera fermée. Votre session sur cet appareil reste ouverte.
   *[other] Vos { $count } autres sessions seront fermées. Votre session sur cet appareil reste ouverte.
}
not-me-alone = Vous n’avez pas d’autre session ouverte pour le moment. Il n’y a donc rien à fermer.
not-me-secure = Protégez le compte avec lequel vous vous connectez
not-me-secure-at = Quelqu’un peut peut-être se connecter à votre place. Contactez { $provider } : changez-y votre code PIN ou votre mot de passe, ou faites bloquer votre compte.
not-me-secure-text = Quelqu’un peut peut-être se connecter à votre place. Changez le code PIN ou le mot de passe de chaque moyen de connexion que vous utilisez ici, ou faites bloquer le compte.
not-me-secure-case-worker = Quelqu’un peut peut-être se connecter à votre place. Demandez à votre organisation de changer votre mot de passe ou de bloquer votre compte.
not-me-tell-heading = Signalez-le-nous
not-me-tell = Dites-nous ce que vous avez vu et quand cela s’est passé.
not-me-tell-reference = Dites-nous ce que vous avez vu et indiquez cette référence : { $reference }
not-me-back = Retour à mon historique

## Documents, for case workers
documents-heading = Mes documents
documents-intro = Les dossiers et les documents auxquels vous avez reçu un accès.
documents-soon = Si vos accès changent, vous le verrez ici en moins d’une minute.
documents-folder = Dossier
documents-document = Document
documents-can-change = Modification autorisée
documents-change-elsewhere = Ici, vous pouvez seulement ouvrir des documents. Pour en modifier un, utilisez un autre programme.
documents-beginning = { $name }…
documents-no-name = (sans nom)
documents-none-heading = Il n’y a encore rien ici pour vous
documents-none = Raisons possibles :
documents-none-no-access = Vous n’avez encore reçu aucun accès à un dossier ou à un document.
documents-none-other = Votre accès vaut pour une autre application, et non pour ce service.
documents-none-group = Vous avez été ajouté à un groupe il y a très peu de temps.
documents-none-ask = Adressez-vous à la personne qui gère les accès dans votre organisation. Un nouvel accès s’affiche ici en moins d’une minute.
documents-contact = Besoin d’aide ? Contact : { $contact }.
documents-path = Chemin vers ce dossier
documents-can-open-at = Vous pouvez ouvrir ce dossier car vous avez accès à : { $place }
documents-can-change-at = Vous pouvez ouvrir ce dossier car vous pouvez lire et modifier : { $place }
documents-search = Rechercher par le début d’un nom
documents-search-after = Rechercher par ce qui suit « { $start } » dans un nom
documents-search-hint = Nous cherchons dans ce dossier, mais pas dans ceux qu’il contient. Respectez les majuscules et les minuscules.
documents-search-button = Rechercher
documents-search-all = Tout afficher
documents-contents = Dans ce dossier : { $contents }
documents-contents-page = Sur cette page : { $contents }
documents-found = Commence par « { $start } » : { $contents }
documents-found-page = Commence par « { $start } », sur cette page : { $contents }
documents-folders = { $count ->
    [one] { $count } dossier
   *[other] { $count } dossiers
}
documents-documents = { $count ->
    [one] { $count } document
   *[other] { $count } documents
}
documents-name = Nom
documents-size = Taille
documents-date = Modifié
documents-sort-a-to-z = trier de A à Z
documents-sort-z-to-a = trier de Z à A
documents-sort-smallest = trier en commençant par les plus petits
documents-sort-largest = trier en commençant par les plus grands
documents-sort-oldest = trier en commençant par les plus anciens
documents-sort-newest = trier en commençant par les plus récents
documents-sorted-page = Ce dossier ne tient pas sur une seule page. Le tri ne vaut que pour cette page.
documents-empty = Ce dossier est vide.
documents-not-found = Aucun nom dans ce dossier ne commence par « { $start } ».
documents-empty-page = Il n’y a rien sur cette page.
documents-next = Page suivante
documents-first = Première page

## Assistant, for case workers
assistant-heading = Poser une question à l’assistant
assistant-intro = L’assistant cherche une réponse dans les documents auxquels vous avez accès.
assistant-check = Un ordinateur rédige les réponses, et elles peuvent être fausses. Vérifiez les sources.
assistant-conversation = Votre conversation
assistant-cut = Cette conversation est longue. Nous n’en affichons plus le début.
assistant-asked = Vous avez demandé
assistant-answer = La réponse de l’assistant
assistant-sources = Sources de la réponse
assistant-no-sources = L’assistant n’a indiqué aucune source pour cette réponse.
assistant-no-title = (sans titre)
assistant-label = Votre question
assistant-follow-up = Votre question suivante
assistant-limit = Vous pouvez saisir jusqu’à { $limit } caractères.
assistant-send = Poser la question
assistant-wait = La réponse peut prendre une minute.
assistant-new = Commencer une nouvelle conversation
assistant-error = Erreur :
assistant-problem = Il y a un problème
assistant-problem-next = Nous n’avons pas envoyé votre question. Elle est toujours là.
assistant-empty = Saisissez une question.
assistant-too-long = Votre question compte { $count } caractères. Elle ne peut pas dépasser { $limit } caractères.
assistant-not-text = Votre question contient des caractères que nous ne pouvons pas envoyer. Un � apparaît à la place de chacun d’eux. Remplacez chaque � ou supprimez-le.
assistant-not-subscribed-heading = Vous ne pouvez pas encore utiliser l’assistant
assistant-not-subscribed = Votre organisation ne vous a pas encore donné accès à l’assistant. Adressez-vous à la personne qui y gère les accès. Votre question est toujours là.
assistant-no-licence-heading = L’assistant n’a pas de licence active
assistant-no-licence = La licence de votre organisation pour l’assistant n’est pas active. Adressez-vous à la personne qui y gère les accès. Votre question est toujours là.
assistant-busy-heading = L’assistant est très demandé
assistant-busy = Il reçoit trop de questions en ce moment. Votre question est toujours là. Attendez une minute, puis posez-la de nouveau.
assistant-timed-out-heading = La réponse n’est pas arrivée à temps
assistant-timed-out = Nous avons attendu une minute. Votre question est toujours là. Posez-la de nouveau ou posez une question plus courte.
assistant-unavailable-heading = L’assistant n’est pas disponible pour le moment
assistant-unavailable = Nous ne pouvons pas obtenir de réponse pour le moment. Votre question est toujours là. Attendez quelques minutes, puis posez-la de nouveau.
assistant-set-up-heading = L’assistant ne fonctionne pas pour le moment
assistant-set-up = Il n’est pas bien configuré. Réessayer ne servira à rien. Nous avons enregistré le problème pour qu’il puisse être résolu. Votre question est toujours là : copiez-la si vous en avez besoin plus tard.
assistant-refused-heading = L’assistant ne peut pas répondre à cette question
assistant-refused = Votre question est toujours là. Modifiez-la, puis posez-la de nouveau.
assistant-lost-heading = Vous ne pouvez pas poursuivre cette conversation
assistant-lost = Elle est terminée ou a continué dans une autre fenêtre. Votre question est toujours là. Si vous la posez de nouveau, une nouvelle conversation commence.
assistant-sign-in-again-heading = Connectez-vous de nouveau pour poser une question
assistant-sign-in-again = Votre connexion auprès de votre organisation est terminée. Votre question est toujours là. Copiez-la avant de vous connecter de nouveau.
assistant-sign-in = Se connecter de nouveau
assistant-contact = Besoin d’aide ? Contact : { $contact }. Indiquez cette référence.

## Deletion
delete-heading = Supprimer mes données
delete-intro = Vous pouvez supprimer ici votre message et votre historique. Cette action est définitive.
delete-copy = Pour garder une copie, commencez par ceci :
delete-download = Télécharger mes données
delete-what = Ce qui sera supprimé
delete-message = Votre message.
delete-activity = Votre historique, que nous garderions sinon pendant { $days ->
    [365] un an
    [one] { $days }{"\u00a0"}jour
   *[other] { $days }{"\u00a0"}jours
}.
delete-sessions = Toutes vos sessions. Elles seront fermées sur tous vos appareils.
delete-stays = Ce qui ne sera pas supprimé
delete-stays-provider = Ce que { $provider } conserve de son côté à votre sujet.
delete-stays-sign-in = La copie de vos données dans notre système de connexion. Votre profil en dit plus.
delete-stays-backups = { $days ->
    [one] Les copies dans nos sauvegardes. Elles disparaissent après { $days }{"\u00a0"}jour.
   *[other] Les copies dans nos sauvegardes. Elles disparaissent après { $days }{"\u00a0"}jours.
}
delete-stays-log = Dans notre journal : le moment et la référence de la suppression. Les entrées plus anciennes n’y mentionnent pas votre nom.
delete-stays-kept = Un texte que vous avez saisi dans un autre navigateur et que vous n’avez pas pu enregistrer. Nous le supprimons après 30 minutes au plus tard.
delete-sure = Voulez-vous vraiment supprimer vos données ?
delete-yes = Oui, supprimer mes données
delete-cancel = Annuler et revenir en arrière
delete-again-heading = Reconnectez-vous d’abord
delete-again = Pour nous assurer que c’est bien vous, il nous faut une connexion datant de moins de { $minutes }{"\u00a0"}minutes. Il se peut que { $provider } vous reconnaisse sans tout vous redemander.
delete-again-with = Se reconnecter avec { $provider }

## The receipt for a deletion
receipt-heading = Vos données ont été supprimées
receipt-text = Nous avons supprimé votre message et votre historique, et fermé toutes vos sessions.
receipt-deleting-heading = Nous supprimons vos données
receipt-deleting = Vos données ne peuvent plus être ouvertes et toutes vos sessions sont fermées. Nous supprimons le reste en quelques minutes. Vous n’avez rien à faire.
receipt-when = Quand
receipt-reference = Référence
receipt-keep = Pour garder une preuve, imprimez cette page ou enregistrez-la. Vous pouvez la lire sans vous connecter, mais nous ne l’affichons que peu de temps.
receipt-to-home = Aller à la page d’accueil

## Failure pages
failure-session-ended-heading = Votre session a expiré
failure-session-ended = Pour protéger vos données, nous avons fermé votre session. Reconnectez-vous pour continuer.
failure-text-not-saved = Ce texte n’a pas été enregistré. Copiez-le avant de quitter cette page.
failure-session-ended-text = Ce texte n’a pas été enregistré. Copiez-le avant de vous reconnecter.
failure-session-ended-kept = Ce texte n’a pas été enregistré, mais nous le gardons pendant { $minutes }{"\u00a0"}minutes. Reconnectez-vous avec votre propre compte dans ce navigateur et vous retrouverez ce texte dans le formulaire.
failure-session-ended-label = Votre texte non enregistré
failure-other-person-heading = La session ouverte est celle d’une autre personne
failure-other-person = Depuis que vous avez ouvert votre message, une autre personne s’est connectée dans ce navigateur. Nous n’avons donc pas enregistré votre texte.
failure-other-person-kept = Nous gardons votre texte pendant { $minutes }{"\u00a0"}minutes. Déconnectez-vous, puis reconnectez-vous avec votre propre compte dans ce navigateur. Vous retrouverez votre texte dans le formulaire.
failure-sign-in-again = Se reconnecter
failure-leave = Se connecter avec un autre compte
failure-elsewhere = Utiliser un autre moyen de connexion
failure-choose-again = Se déconnecter et choisir à nouveau
failure-not-found-heading = Page non trouvée
failure-not-found = Il n’y a pas de page à cette adresse. Si vous l’avez saisie, vérifiez qu’elle ne contient pas d’erreur. Si vous avez suivi un lien, il est peut-être trop ancien.
failure-to-home = Aller à la page d’accueil
failure-sign-in-heading = Nous n’avons pas pu vous connecter
failure-sign-in-invalid = Cette tentative de connexion a expiré ou a déjà servi. Recommencez.
failure-sign-in-rejected = Nous n’avons pas pu vérifier vos données. Nous n’avons donc pas ouvert de session. Réessayez.
failure-sign-in-no-national-number = Nous n’avons pas reçu votre numéro de Registre national. Nous en avons besoin pour retrouver vos données. Pour utiliser ce moyen de connexion, il vous faut un document d’identité belge. Si vous n’en avez pas, vous pouvez peut-être utiliser un autre moyen de connexion.
failure-sign-in-no-number = Nous n’avons pas reçu l’identifiant dont nous avons besoin pour retrouver vos données. Demandez à l’organisation qui vous a fourni votre compte d’y ajouter cet identifiant.
failure-sign-in-other-provider = Vous avez encore une session ouverte avec un autre moyen de connexion. Déconnectez-vous, puis choisissez à nouveau.
failure-sign-in-stale = Une session plus ancienne est encore ouverte dans ce navigateur. Nous n’avons donc pas pu vérifier que c’est bien vous. Déconnectez-vous, puis choisissez à nouveau.
failure-sign-in-incomplete = Il nous manque une donnée nécessaire, par exemple votre adresse e-mail. Vérifiez qu’elle figure dans votre compte et que vous acceptez de nous la transmettre. Réessayez ensuite.
failure-sign-in-slow = Ce moyen de connexion a mis trop de temps à répondre. Le problème ne vient pas de votre appareil. Attendez une minute, puis réessayez.
failure-sign-in-set-up = Ce moyen de connexion n’est pas configuré correctement. Il est inutile de réessayer maintenant. Si un autre moyen de connexion est proposé, utilisez-le. Sinon, revenez plus tard.
failure-sign-in-provider = Un problème est survenu avec ce moyen de connexion. Il ne vient pas de votre appareil. Réessayez.
failure-sign-in-unavailable = La connexion est impossible pour le moment. Patientez un instant, puis réessayez.
failure-unavailable-heading = Service indisponible pour le moment
failure-unavailable = Pour le moment, nous n’avons pas accès aux données enregistrées. Rien n’est perdu. Patientez un instant, puis réessayez.
failure-deletion-heading = Nous n’avons pas pu confirmer la suppression
failure-deletion = Notre stockage n’a pas répondu à temps. Nous ne savons donc pas si la suppression a commencé. Si c’est le cas, tout sera supprimé en quelques minutes et votre session se terminera. Réessayez pour vous en assurer.
failure-to-documents = Aller à mes documents
failure-documents-not-assigned-heading = Vous ne pouvez pas encore ouvrir de documents ici
failure-documents-not-assigned = Votre organisation n’a pas encore autorisé votre compte à ouvrir des documents dans ce service. Adressez-vous à la personne qui y gère les accès. Ensuite, réessayez.
failure-documents-unavailable-heading = Vos documents sont indisponibles pour le moment
failure-documents-unavailable = Pour le moment, nous n’avons pas accès à vos documents. Rien n’est perdu. Patientez quelques minutes, puis réessayez.
failure-documents-set-up-heading = Nous ne pouvons pas afficher vos documents
failure-documents-set-up = Ce service n’est pas configuré correctement. Il est inutile de réessayer maintenant. Nous avons enregistré le problème pour qu’il puisse être résolu. Revenez plus tard.
failure-document-not-granted-heading = Vous n’avez pas accès à ce contenu
failure-document-not-granted = Vous n’avez pas reçu d’accès à ce dossier ou à ce document, ou votre accès a été retiré. Si vous en avez besoin, adressez-vous à la personne qui gère les accès dans votre organisation.
failure-document-not-found-heading = Document non trouvé
failure-document-not-found = Ce document n’existe plus ou a changé de nom. Cherchez-le dans vos documents.
failure-documents-sign-in-again-heading = Reconnectez-vous pour ouvrir vos documents
failure-documents-sign-in-again = Votre connexion auprès de votre organisation a pris fin. Rien n’est perdu. Reconnectez-vous pour continuer.
failure-forbidden-heading = Nous avons bloqué cette demande
failure-forbidden = Cette demande venait d’un autre site web. Rien n’a été modifié. Allez à notre page d’accueil et réessayez à partir de là.
failure-too-large-heading = Votre texte est trop long
failure-too-large = Vous avez envoyé plus que ce que nous pouvons accepter. Rien n’a été enregistré. Raccourcissez votre texte, puis réessayez.
failure-too-many-heading = Trop de demandes
failure-too-many = Nous avons reçu trop de demandes venant de votre réseau. Patientez un instant, puis réessayez.
failure-too-slow-heading = L’envoi a pris trop de temps
failure-too-slow = Nous n’avons pas tout reçu à temps et rien n’a été enregistré. Vérifiez votre connexion internet, puis réessayez.
failure-overloaded-heading = Le service est très sollicité
failure-overloaded = Beaucoup de personnes utilisent le service. Nous ne pouvons pas vous répondre pour le moment. Rien n’est perdu. Patientez un instant, puis réessayez.
failure-bad-request-heading = Nous n’avons pas pu lire cette demande
failure-bad-request = Dans l’adresse ou le formulaire, un élément manque ou est incorrect. Rien n’a été enregistré. Allez à la page d’accueil et recommencez.
failure-method-heading = Cette page ne peut pas s’ouvrir de cette façon
failure-method = Allez à la page d’accueil et continuez à partir de là.
failure-internal-heading = Une erreur s’est produite
failure-internal = Le problème vient de notre service, pas de vous. Réessayez dans quelques minutes.
failure-contact = Besoin d’aide ? Contact : { $contact }. Indiquez cette référence.

## Accessibility, where the organisation has not declared anything
accessibility-heading = Accessibilité
accessibility-intro = Nous voulons que tout le monde puisse utiliser ce service. Nous l’avons conçu pour qu’il respecte le niveau AA des Règles pour l’accessibilité des contenus Web (WCAG) 2.2.
accessibility-abilities = Vous devriez pouvoir utiliser chaque page :
accessibility-zoom = avec un texte agrandi jusqu’à quatre fois sa taille
accessibility-keyboard = avec le clavier uniquement
accessibility-screen-reader = avec un lecteur d’écran
accessibility-colours = en couleurs claires ou sombres, et avec les couleurs à contraste élevé de votre appareil
accessibility-no-script = dans un navigateur qui n’exécute pas de scripts
accessibility-no-statement = Cette page n’est pas une déclaration d’accessibilité. Elle n’indique pas si l’accessibilité du service a été contrôlée.

## Accessibility statement (the model of Implementing Decision (EU) 2018/1523)
statement-heading = Déclaration d’accessibilité
statement-commitment = Nous voulons que tout le monde puisse utiliser ce service.
statement-law-eu = Nous appliquons la directive (UE) 2016/2102 relative à l’accessibilité des sites internet et des applications mobiles des organismes du secteur public.
statement-law-be = Nous appliquons la loi belge du 19 juillet 2018 relative à l’accessibilité des sites internet et des applications mobiles des organismes du secteur public.
statement-law-nl = Nous appliquons l’arrêté néerlandais sur l’accessibilité numérique des services publics (Besluit digitale toegankelijkheid overheid).
statement-law-lu = Nous appliquons la loi luxembourgeoise du 28 mai 2019 relative à l’accessibilité des sites internet et des applications mobiles des organismes du secteur public.
statement-law-de = Nous appliquons la loi allemande sur l’égalité des personnes handicapées (BGG) et le règlement sur l’accessibilité des technologies de l’information (BITV 2.0).
statement-law-fr = Nous appliquons l’article 47 de la loi française n° 2005-102 du 11 février 2005 pour l’égalité des droits et des chances, la participation et la citoyenneté des personnes handicapées.
statement-law-named = Nous appliquons cette législation : { $law }.
statement-scope = Cette déclaration s’applique à ce service : { $service } ({ $address }).
statement-status = État de conformité
statement-fully = Ce service est entièrement conforme à la norme européenne EN 301 549. Cette norme comprend le niveau AA des Règles pour l’accessibilité des contenus Web (WCAG).
statement-partially = Ce service est partiellement conforme à la norme européenne EN 301 549, qui comprend le niveau AA des Règles pour l’accessibilité des contenus Web (WCAG).
statement-not = Ce service n’est pas conforme à la norme européenne EN 301 549, qui comprend le niveau AA des Règles pour l’accessibilité des contenus Web (WCAG).
statement-exceptions = Contenu non accessible
statement-non-compliance = Contenu non conforme à la norme
statement-burden = Charge disproportionnée
statement-out-of-scope = Contenu auquel la législation ne s’applique pas
statement-preparation = Établissement de la présente déclaration
statement-prepared = Nous avons établi cette déclaration le { $date }.
statement-method-self = Nous avons évalué le service nous-mêmes.
statement-method-external = Une organisation externe a évalué le service.
statement-reviewed = Nous avons réexaminé cette déclaration pour la dernière fois le { $date }.
statement-feedback = Retour d’information et contact
statement-feedback-text = Signalez-nous tout ce qui ne fonctionne pas pour vous ou ce dont vous avez besoin sous une autre forme.
statement-answer-days = { $days ->
    [one] Nous répondons dans un délai d’un jour.
   *[other] Nous répondons dans un délai de { $days } jours.
}
statement-enforcement = Si notre réponse ne vous aide pas
statement-enforcement-text = Vous pouvez alors introduire une réclamation auprès de cette organisation :

## Cookies
cookies-heading = Cookies
cookies-intro = Les cookies sont de petits fichiers qu’un site web enregistre dans votre navigateur. Ce service utilise uniquement les cookies nécessaires à son fonctionnement.
cookies-no-tracking = Aucun cookie ne sert à vous suivre ni à afficher de la publicité. Nous ne vous demandons donc pas votre consentement. Aucun autre site web ne peut lire ces cookies.
cookies-list = Les cookies que nous utilisons
cookies-until-closed = Votre navigateur le garde jusqu’à votre déconnexion ou jusqu’à la fermeture du navigateur.
cookies-minutes = { $count ->
    [one] Votre navigateur le garde pendant { $count }{"\u00a0"}minute.
   *[other] Votre navigateur le garde pendant { $count }{"\u00a0"}minutes.
}
cookies-year = Votre navigateur le garde pendant un an.
cookies-session = Garde votre session ouverte.
cookies-sign-in = Retient la connexion que vous avez commencée.
cookies-repetition = Relance votre connexion quand une session précédente était encore ouverte dans ce navigateur.
cookies-signed-out = Retient le moyen de connexion que vous avez utilisé, pour que vous puissiez aussi y fermer votre session.
cookies-language = Retient la langue que vous avez choisie.
cookies-kept = Permet de retrouver le texte que vous n’aviez pas encore enregistré quand votre session s’est terminée.
cookies-receipt = Affiche la preuve de la suppression de vos données.

## Problems that the API reports (for developers)
problems-heading = Problèmes signalés par l’API
problems-intro = Cette page s’adresse aux développeurs et développeuses. Quand l’API ne peut pas faire ce qu’un programme demande, sa réponse indique un de ces problèmes.
problem-invalid-request = La requête ne peut pas être lue
problem-invalid-request-next = Dans le chemin, un en-tête ou le corps, un élément manque ou est incorrect. Comparez la requête avec la description de l’API. Il est inutile de la renvoyer telle quelle.
problem-unauthenticated = Les identifiants manquent ou sont refusés
problem-unauthenticated-next = Envoyez l’en-tête Authorization avec le schéma Bearer. Si vous l’avez fait, sa valeur a peut-être expiré : la personne doit alors se reconnecter.
problem-forbidden = La requête n’est pas autorisée
problem-forbidden-next = Les identifiants ne le permettent pas, ou la requête venait d’un site qui ne peut pas utiliser l’API. Il est inutile de la renvoyer.
problem-not-found = Il n’y a rien à cette adresse
problem-not-found-next = Vérifiez le chemin. À l’adresse du message, cela signifie qu’aucun message n’est enregistré.
problem-method = L’adresse n’accepte pas cette méthode
problem-method-next = L’en-tête Allow de la réponse énumère les méthodes acceptées.
problem-too-slow = La requête a mis trop de temps à arriver
problem-too-slow-next = Rien n’a été modifié. Vérifiez la connexion, puis renvoyez la requête.
problem-conflict = Le message n’est pas la version attendue
problem-conflict-next = Il a été modifié ou supprimé après votre lecture. Rien n’a été écrasé. Lisez-le à nouveau, choisissez le texte à garder et envoyez-le avec le nouvel ETag.
problem-too-large = La requête est trop volumineuse
problem-too-large-next = Rien n’a été modifié. Envoyez un corps plus petit.
problem-media-type = Le corps n’a pas le bon type de média
problem-media-type-next = Envoyez-le en JSON, avec application/json dans l’en-tête Content-Type.
problem-text-not-usable = Le texte ne peut pas être enregistré
problem-text-not-usable-next = Il est trop long ou contient des caractères que nous ne pouvons pas enregistrer. La réponse précise lequel des deux. Corrigez le texte et renvoyez-le.
problem-precondition-required = Une condition est nécessaire
problem-precondition-required-next = Envoyez If-Match avec l’ETag que vous avez lu, pour ne pas écraser une modification. Pour le premier message, envoyez If-None-Match avec la valeur *.
problem-too-many = Il y a eu trop de requêtes
problem-too-many-next = Attendez le nombre de secondes de l’en-tête Retry-After, puis renvoyez la requête.
problem-internal = Une erreur s’est produite dans le service
problem-internal-next = Le problème vient de notre service. Renvoyez la requête dans quelques minutes. La référence de la réponse figure aussi dans notre journal.
problem-unavailable = Le service ne peut pas répondre pour le moment
problem-unavailable-next = Attendez le nombre de secondes de l’en-tête Retry-After, puis renvoyez la requête. Vous pouvez renvoyer une modification sans risque : sa condition n’est remplie qu’une fois.

## Devices. The names of browsers and systems are the same in every language
device-unknown = Appareil inconnu
device-computer = Ordinateur
device-phone = Téléphone
device-tablet = Tablette
device-program = Une application qui utilise l’API
device-with = { $device }, { $program }
device-browser-on-system = { $device }, { $browser } sur { $system }

## Sizes, in units of 1,000
size-bytes = { $count ->
    [one] { $count } octet
   *[other] { $count } octets
}
size-kilobytes = { $size }{"\u00a0"}ko
size-megabytes = { $size }{"\u00a0"}Mo
size-gigabytes = { $size }{"\u00a0"}Go
size-terabytes = { $size }{"\u00a0"}To

## Dates
date =
    { $day ->
        [1] 1er
       *[other] { $day }
    }{"\u00a0"}{ $month } { $year }
# The zone is one of the names below, or a difference from UTC such as UTC−05:00.
date-time = { $date } à { $time } ({ $zone })
time = { $time } ({ $zone })
zone-brussels = heure belge
zone-amsterdam = heure néerlandaise
zone-luxembourg = heure luxembourgeoise
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
