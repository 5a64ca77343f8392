# Every sentence that citizens read. Keys are grouped by page, and a page uses only its own group and the first one.
# Write in plain words: what happened, whether anything was lost, what to do now.

language-name = English
languages-label = Language
site-name = My Data
site-home = { $service }, home
skip-to-content = Skip to main content
nav-label = Pages
nav-profile = Profile
nav-my-data = Your message
nav-activity = Activity
nav-documents = Documents
nav-assistant = Assistant
signed-in-as = Signed in as { $name }
sign-out = Sign out
reference = Reference: { $reference }
try-again = Try again
error-title = Error: { $title }
session-ends = You will be signed out at { $time } unless you open another page here.
session-ends-on = You will be signed out on { $moment } unless you open another page here.
session-ends-for-good = You will be signed out at { $time }. Save what you are working on before then.
session-ends-for-good-on = You will be signed out on { $moment }. Save what you are working on before then.
phase-test = Test
phase-test-text = This is a test version. What you save here can be deleted at any time.
phase-beta = Beta
phase-beta-text = This is a new service. We are still improving it.
phase-contact = Tell us what does not work.
contact-email = Email: { $address }
contact-phone = Phone: { $number }
footer-organisation = Provided by: { $organisation }
footer-contact = Contact
footer-help = Help
footer-accessibility = Accessibility
footer-privacy = Privacy
footer-cookies = Cookies
footer-terms = Terms of use

## Home
home-intro = Sign in to see the details that we receive about you, and to save a message for yourself.
home-choose = Choose how to sign in
home-others = Other sign-in options
home-choose-hint = Use the same sign-in option each time. With another one you will not see your saved message.
sign-in-with = Sign in with { $provider }
sign-in-cancelled-heading = Sign-in cancelled
sign-in-cancelled = Nothing was shared with us. You can try again. If the sign-in option that you chose said that your email address or identity is not verified, verify it there first.
signed-out-heading = You are signed out
signed-out-still = You may still be signed in to { $provider }. If you share this device, sign out there too.
signed-out-also = Also sign out of { $provider }
sign-in-needed = Sign in to open that page
home-welcome = Welcome, { $name }
home-signed-in = You are signed in.
home-to-profile = See your profile
home-to-profile-hint = The details that we received when you signed in.
home-to-my-data = Open your message
home-to-my-data-hint = Read and change your saved message.
home-to-activity = See your activity
home-to-activity-hint = Where you are signed in, and what was done with your data.
home-to-activity-hint-case-worker = Where you are signed in, and what was done with your account.
home-to-documents = Open your documents
home-to-documents-hint = The folders and documents that you can open.

## Sign-in options, under their buttons
provider-itsme = Use the itsme app on your phone.
provider-login-gov = Use your Login.gov account (United States).
provider-auth0 = You need an account from your organisation.
provider-beyond-identity = You need a passkey that you created with { $provider }.
provider-identity-center = For the organisation’s staff. Use your work account.
provider-plain = Use your { $provider } account.

## Profile
profile-heading = Your profile
profile-intro = What we know about you while you are signed in, where it came from and why we ask for it.
profile-source = Shared by { $provider }
profile-shared = { $provider } shared these details when you signed in on { $moment }. We use them until you sign out or your session ends. Our sign-in system keeps a copy, and updates it each time you sign in.
profile-wrong = If a detail is wrong, correct it with { $provider }. We will receive the change the next time you sign in.
profile-wrong-case-worker = If a detail is wrong, ask your organisation to correct it. We will receive the change the next time you sign in.
profile-why-records = We use it to find your saved message.
profile-why-greeting = We use it to greet you and to show who is signed in.
profile-why-shown = We show it here and use it for nothing else.
profile-why-documents = We send it to your organisation to find out what you can open.
profile-name = Full name
profile-given-name = First name
profile-family-name = Last name
profile-birthdate = Date of birth
profile-gender = Gender
profile-email = Email address
profile-phone-number = Phone number
profile-address = Address
profile-locale = Language
profile-number-belgium = National Register number
profile-number-netherlands = Citizen service number (BSN)
profile-number-luxembourg = National identification number
profile-number = Identifier
gender-female = Female
gender-male = Male
language-nl = Dutch
language-fr = French
language-de = German
language-en = English
language-lb = Luxembourgish
language-es = Spanish
country-be = Belgium
country-nl = Netherlands
country-lu = Luxembourg
country-fr = France
country-de = Germany

## Your message
my-data-heading = Your message
my-data-intro = Write a message to yourself. You will see it here the next time you sign in. Other citizens cannot see it.
my-data-label = Your message
my-data-limit = You can enter up to { $limit } characters.
my-data-count = { $count } of { $limit } characters
my-data-save = Save
my-data-saving = Saving…
my-data-saved = Saved.
my-data-saved-title = Your message is saved
my-data-last-saved = Last saved on { $moment }.
my-data-never-saved = Nothing saved yet.
my-data-not-saved-yet = Not saved yet.
my-data-unreachable = We do not know whether your message was saved. Your text is still here. Check your internet connection and save again.

my-data-problem = There is a problem
my-data-problem-next = Your message was not saved, but your text is still here. Correct it and save again.
my-data-error = Error:
my-data-too-long = Your message has { $count } characters. It must have { $limit } or fewer.
my-data-not-text = Your message has characters that we cannot save. We show each of them as �. Replace or remove them.
my-data-incomplete-heading = We did not receive everything
my-data-incomplete = Your browser did not send everything that we need, so your message was not saved. Your text is still here. Check it and save again.
my-data-unavailable-heading = Your message was not saved
my-data-unavailable = We cannot save anything right now. Your text is still here. Wait a moment and save again.
my-data-too-many-heading = Your message was not saved yet
my-data-too-many = There were too many requests from your network. Your text is still here. Wait a moment and save again.
my-data-overloaded-heading = We could not save your message yet
my-data-overloaded = The service is very busy. Your text is still here. Wait a moment and save again.
my-data-restored-heading = You had not saved this text
my-data-restored = You typed it before you were signed out. Check it, then save it.
my-data-discard = Discard this text
my-data-conflict-heading = Your saved message has changed
my-data-conflict-notice = Choose which text to keep
my-data-conflict = A different text was saved in another tab or on another device after you opened your message. Both texts are still here.
my-data-conflict-restored = You typed your text before you were signed out.
my-data-conflict-typed = What you typed
my-data-conflict-stored = What is saved now
my-data-conflict-stored-empty = (empty)
my-data-conflict-save = Save what you typed
my-data-conflict-keep = Leave your message as it is now

## The end of a session, while a message is open
session-end-heading = You’re about to be signed out
session-end-minutes = If you do nothing, we will sign you out in less than { $count ->
    [one] a minute
   *[other] { $count } minutes
}.
session-end-seconds = If you do nothing, we will sign you out in less than { $count } seconds.
session-end-stay = Stay signed in
session-end-stay-failed = We could not keep you signed in. Try again, or save your message now.
session-end-for-good = We cannot extend this time. Save your message now if you want to keep your text.
session-end-for-good-minutes = We will sign you out in less than { $count ->
    [one] a minute
   *[other] { $count } minutes
}.
session-end-for-good-seconds = We will sign you out in less than { $count } seconds.
session-end-save = Save now
session-end-close = Close
session-over-heading = Your session has ended
session-over = We signed you out to keep your data safe. Your text is still on this page. To keep it, choose ‘Save and sign in again’.
session-over-save = Save and sign in again

## Activity
activity-heading = Your activity
activity-intro = See where you are signed in and what was done with your data.
activity-intro-case-worker = See where you are signed in and what was done with your account.
activity-session-ended-heading = You are signed out there
activity-session-ended = To use this service on that device again, you have to sign in there.
activity-already-ended-heading = That session had already ended
activity-already-ended = You were no longer signed in there.
activity-others-ended-heading = You are signed out everywhere else
activity-others-ended = { $count ->
    [one] We ended 1 other session. You are still signed in here.
   *[other] We ended { $count } other sessions. You are still signed in here.
}
activity-no-others-heading = You were not signed in anywhere else
activity-no-others = You are still signed in here.
activity-sessions = Where you are signed in
activity-session = Signed in with { $provider } on { $moment }.
activity-last-used = Last used on { $date } at about { $time }.
activity-this-device = This device
activity-end-session = Sign out there
activity-end-others = Sign out everywhere else
activity-done = What was done
activity-kept = We keep each entry for { $days ->
    [365] one year
    [one] 1 day
   *[other] { $days } days
}.
activity-counted = We do not list each time that your message is opened. We count that for each sign-in.
activity-empty = There is no activity to show.
activity-older = Older activity
activity-newest = Back to the newest
activity-oldest = There is nothing older.
activity-this-session = This session
activity-not-me = This wasn’t me
activity-signed-in = Signed in
activity-refused = Sign-in refused
activity-refused-stale = An earlier sign-in was used again.
activity-refused-other-provider = It came from another sign-in option than the one that was chosen.
activity-refused-other-sign-in = It belonged to a sign-in that was started somewhere else.
activity-signed-out = Signed out
activity-ended-other-device = Signed out from another device
activity-ended-new-sign-in = Signed out because of a new sign-in in the same browser
activity-ended-expiry = Signed out automatically
activity-ended-operator = Signed out by the organisation, at your request
activity-saved = Message saved
activity-message-deleted = Message deleted
activity-exported = Data downloaded
activity-api-used = An app used your data
activity-documents-listed = List of documents opened
activity-document-downloaded = Document downloaded
activity-assistant-asked = Question asked to the assistant
activity-by-api = An app did this for you.
activity-by-operator = The organisation did this at your request.
activity-moved-by-operator = The organisation moved it here from an earlier service.
activity-reads = { $count ->
    [one] Your message was opened once, on { $moment }.
   *[other] Your message was opened { $count } times, most recently on { $moment }.
}
activity-provider = Sign-in option: { $provider }
activity-version = Version { $version }
activity-your-data = Your data
activity-download = Download my data
activity-download-hint = A file with everything that we hold about you.
activity-delete = Delete my data
activity-delete-hint = First you will see what will be deleted.

## Activity that the citizen does not recognise
not-me-heading = If it wasn’t you
not-me-intro = It may have been you: in another browser, in a private window, on another device or through an app. If you are sure that it was not you, take these steps in this order.
not-me-when = When
not-me-provider = Sign-in option
not-me-device = Device
not-me-reference = Reference
not-me-sign-out = Sign out everywhere else
not-me-others = { $count ->
    [one] This ends your other session. You stay signed in here.
   *[other] This ends your { $count } other sessions. You stay signed in here.
}
not-me-alone = You have no other session right now, so there is nothing to end.
not-me-secure = Protect the account that you sign in with
not-me-secure-at = Someone may be able to sign in as you. Contact { $provider }: change your PIN or password there, or have your account blocked.
not-me-secure-text = Someone may be able to sign in as you. Change the PIN or password of each sign-in option that you use here, or have that account blocked.
not-me-secure-case-worker = Someone may be able to sign in as you. Ask your organisation to change your password or to block your account.
not-me-tell-heading = Tell us
not-me-tell = Tell us what you saw, and when it happened.
not-me-tell-reference = Tell us what you saw, and give this reference: { $reference }
not-me-back = Back to your activity

## Documents, for case workers
documents-heading = Your documents
documents-intro = The folders and documents that you have been given access to.
documents-soon = A change to your access shows here within a minute.
documents-folder = Folder
documents-document = Document
documents-can-change = You can also change it
documents-change-elsewhere = Here you can only open documents. To change one, use another program.
documents-beginning = { $name }…
documents-no-name = (no name)
documents-none-heading = There is nothing here for you yet
documents-none = This may be why:
documents-none-no-access = You have not been given access to a folder or document yet.
documents-none-other = Your access is for another application, not for this service.
documents-none-group = You were added to a group only a short time ago.
documents-none-ask = Ask the person at your organisation who manages access. New access shows here within a minute.
documents-contact = If you need help, contact: { $contact }.
documents-path = Path to this folder
documents-can-open-at = You can open this folder because you have access to: { $place }
documents-can-change-at = You can open this folder because you can read and change: { $place }
documents-search = Search by the beginning of a name
documents-search-after = Search by what comes after ‘{ $start }’ in a name
documents-search-hint = We search in this folder, but not in the folders inside it. Capital letters must match.
documents-search-button = Search
documents-search-all = Show everything
documents-contents = In this folder: { $contents }
documents-contents-page = On this page: { $contents }
documents-found = Begins with ‘{ $start }’: { $contents }
documents-found-page = Begins with ‘{ $start }’, on this page: { $contents }
documents-folders = { $count ->
    [one] { $count } folder
   *[other] { $count } folders
}
documents-documents = { $count ->
    [one] { $count } document
   *[other] { $count } documents
}
documents-name = Name
documents-size = Size
documents-date = Changed
documents-sort-a-to-z = sort from A to Z
documents-sort-z-to-a = sort from Z to A
documents-sort-smallest = sort with the smallest first
documents-sort-largest = sort with the largest first
documents-sort-oldest = sort with the oldest first
documents-sort-newest = sort with the newest first
documents-sorted-page = This folder does not fit on one page. Sorting applies to this page only.
documents-empty = This folder is empty.
documents-not-found = No name in this folder begins with ‘{ $start }’.
documents-empty-page = There is nothing on this page.
documents-next = Next page
documents-first = First page

## Assistant, for case workers
assistant-heading = Ask the assistant
assistant-intro = The assistant looks for an answer in the documents that you have access to.
assistant-check = A computer writes the answers, and they can be wrong. Check the sources.
assistant-conversation = Your conversation
assistant-cut = This conversation is long. We do not show its beginning any more.
assistant-asked = You asked
assistant-answer = The assistant’s answer
assistant-sources = Sources
assistant-no-sources = The assistant gave no sources for this answer.
assistant-no-title = (no title)
assistant-label = Your question
assistant-follow-up = Your next question
assistant-limit = You can enter up to { $limit } characters.
assistant-send = Ask
assistant-wait = It can take up to a minute.
assistant-new = Start a new conversation
assistant-error = Error:
assistant-problem = There is a problem
assistant-problem-next = We have not sent your question. It is still here.
assistant-empty = Type a question.
assistant-too-long = Your question has { $count } characters. It must have { $limit } or fewer.
assistant-not-text = Your question has characters that we cannot send. We show each of them as �. Replace or remove them.
assistant-not-subscribed-heading = You cannot use the assistant yet
assistant-not-subscribed = Your organisation has not yet given you access to the assistant. Ask the person who manages access there. Your question is still here.
assistant-no-licence-heading = The assistant has no active licence
assistant-no-licence = Your organisation’s licence for the assistant is not active. Ask the person who manages access there. Your question is still here.
assistant-busy-heading = The assistant is busy
assistant-busy = It gets too many questions right now. Your question is still here. Wait a minute and ask again.
assistant-timed-out-heading = There was no answer in time
assistant-timed-out = We waited for a minute. Your question is still here. Ask again, or ask a shorter question.
assistant-unavailable-heading = The assistant is not available right now
assistant-unavailable = We cannot get an answer right now. Your question is still here. Wait a few minutes and ask again.
assistant-set-up-heading = The assistant does not work at the moment
assistant-set-up = It is not set up correctly. Trying again will not help. We have recorded the problem so that it can be solved. Your question is still here: copy it if you need it later.
assistant-refused-heading = The assistant cannot answer this question
assistant-refused = Your question is still here. Change it and ask again.
assistant-lost-heading = You cannot continue this conversation
assistant-lost = It is over, or it went on in another window. Your question is still here. If you ask again, a new conversation starts.
assistant-sign-in-again-heading = Sign in again to ask the assistant
assistant-sign-in-again = Your sign-in at your organisation has ended. Your question is still here. Copy it before you sign in again.
assistant-sign-in = Sign in again
assistant-contact = If you need help, contact: { $contact }. Give this reference.

## Deletion
delete-heading = Delete your data
delete-intro = You can delete your message and your activity here. You cannot undo this.
delete-copy = If you want to keep a copy, do this first:
delete-download = Download my data
delete-what = What will be deleted
delete-message = Your message.
delete-activity = Your activity, which we would otherwise keep for { $days ->
    [365] one year
    [one] 1 day
   *[other] { $days } days
}.
delete-sessions = All your sessions. You will be signed out everywhere.
delete-stays = What is not deleted
delete-stays-provider = What { $provider } itself keeps about you.
delete-stays-sign-in = The copy of your details in our sign-in system. Your profile says more about it.
delete-stays-backups = { $days ->
    [one] Copies in our backups. They are gone after 1 day.
   *[other] Copies in our backups. They are gone after { $days } days.
}
delete-stays-log = In our log: the time and the reference of the deletion. Earlier entries there do not name you.
delete-stays-kept = A text that you typed in another browser and could not save. We delete it there after 30 minutes at the latest.
delete-sure = Are you sure you want to delete your data?
delete-yes = Yes, delete my data
delete-cancel = Cancel and go back
delete-again-heading = Sign in again first
delete-again = To make sure that it is you, we need a sign-in from the last { $minutes } minutes. { $provider } may recognise you without asking for everything again.
delete-again-with = Sign in again with { $provider }

## The receipt for a deletion
receipt-heading = Your data has been deleted
receipt-text = We deleted your message and your activity, and you are signed out everywhere.
receipt-deleting-heading = We are deleting your data
receipt-deleting = Your data can no longer be opened, and you are signed out everywhere. We delete the rest within a few minutes. You do not need to do anything.
receipt-when = When
receipt-reference = Reference
receipt-keep = Print this page or save it if you want to keep a receipt. You do not need to sign in to read it, but we show it only for a short time.
receipt-to-home = Go to the home page

## Failure pages
failure-session-ended-heading = Your session has ended
failure-session-ended = We signed you out to keep your data safe. Sign in again to continue.
failure-text-not-saved = This text was not saved. Copy it before you leave this page.
failure-session-ended-text = This text was not saved. Copy it before you sign in again.
failure-session-ended-kept = This text was not saved, but we keep it for { $minutes } minutes. Sign in again as yourself in this browser, and it will be in the form.
failure-session-ended-label = Your unsaved text
failure-other-person-heading = Someone else is signed in now
failure-other-person = Someone else has signed in with this browser since you opened your message, so we did not save your text.
failure-other-person-kept = We keep your text for { $minutes } minutes. Sign out, then sign in again as yourself in this browser. Your text will be in the form.
failure-sign-in-again = Sign in again
failure-leave = Sign in as someone else
failure-elsewhere = Use another sign-in option
failure-choose-again = Sign out and choose again
failure-not-found-heading = Page not found
failure-not-found = There is no page at this address. If you typed it, check it for mistakes. If you followed a link, the link may be old.
failure-to-home = Go to the home page
failure-sign-in-heading = We could not sign you in
failure-sign-in-invalid = This sign-in has expired or was already used. Start again.
failure-sign-in-rejected = We could not confirm your details, so we did not sign you in. Try again.
failure-sign-in-no-national-number = We did not receive your National Register number, and we need it to find your data. To use this sign-in option, you need a Belgian identity document. If you do not have one, you may be able to use another option.
failure-sign-in-no-number = We did not receive the identifier that we need to find your data. Ask the organisation that gave you the account to add it.
failure-sign-in-other-provider = You are still signed in with a different sign-in option. Sign out, then choose again.
failure-sign-in-stale = This browser is still signed in from an earlier time, so we could not check that it is you. Sign out, then choose again.
failure-sign-in-incomplete = A detail that we need is missing, such as your email address. Check that it is in your account and that you share it with us. Then try again.
failure-sign-in-slow = This sign-in option took too long to answer. Nothing is wrong with your device. Wait a minute and try again.
failure-sign-in-set-up = There is a problem with how this sign-in option is set up. Trying again will not help. Use another option if there is one, or come back later.
failure-sign-in-provider = There was a problem with this sign-in option. Nothing is wrong with your device. Try again.
failure-sign-in-unavailable = You cannot sign in right now. Wait a moment and try again.
failure-unavailable-heading = Not available right now
failure-unavailable = We cannot get to the saved data right now. Nothing is lost. Wait a moment and try again.
failure-deletion-heading = We could not confirm the deletion
failure-deletion = Our storage did not answer in time, so we do not know whether the deletion has begun. If it has, everything will be deleted within a few minutes and you will be signed out. Try again to be sure.
failure-to-documents = Go to your documents
failure-documents-not-assigned-heading = You cannot use documents here yet
failure-documents-not-assigned = Your organisation has not yet allowed your account to open documents in this service. Ask the person who manages access there. Then try again.
failure-documents-unavailable-heading = Your documents are not available right now
failure-documents-unavailable = We cannot get to your documents right now. Nothing is lost. Wait a few minutes and try again.
failure-documents-set-up-heading = We cannot show your documents
failure-documents-set-up = This service is not set up correctly. Trying again will not help. We have recorded the problem so that it can be solved. Come back later.
failure-document-not-granted-heading = You do not have access to this
failure-document-not-granted = You have not been given access to this folder or document, or your access was taken away. If you need it, ask the person at your organisation who manages access.
failure-document-not-found-heading = Document not found
failure-document-not-found = This document is not there any more, or it has another name now. Look for it in your documents.
failure-documents-sign-in-again-heading = Sign in again to open your documents
failure-documents-sign-in-again = Your sign-in at your organisation has ended. Nothing is lost. Sign in again to continue.
failure-forbidden-heading = We stopped this request
failure-forbidden = The request came from another website. Nothing was changed. Go to our home page and try again from there.
failure-too-large-heading = Your text is too long
failure-too-large = You sent more than we can accept. Nothing was saved. Shorten your text and try again.
failure-too-many-heading = Too many requests
failure-too-many = There were too many requests from your network. Wait a moment and try again.
failure-too-slow-heading = This took too long
failure-too-slow = What you sent did not arrive in time, and nothing was saved. Check your connection and try again.
failure-overloaded-heading = The service is very busy
failure-overloaded = We cannot answer right now because many people are using the service. Nothing is lost. Wait a moment and try again.
failure-bad-request-heading = We could not read this request
failure-bad-request = Something in the address or the form is missing or wrong. Nothing was saved. Go to the home page and start again.
failure-method-heading = This page cannot be opened that way
failure-method = Go to the home page and start from there.
failure-internal-heading = Something went wrong
failure-internal = This is our fault, not yours. Try again in a few minutes.
failure-contact = If you need help, contact: { $contact }. Give this reference.

## Accessibility, where the organisation has not declared anything
accessibility-heading = Accessibility
accessibility-intro = We want everyone to be able to use this service. We built it to meet level AA of the Web Content Accessibility Guidelines (WCAG) 2.2.
accessibility-abilities = You should be able to use every page:
accessibility-zoom = with text that is enlarged to four times its size
accessibility-keyboard = with a keyboard only
accessibility-screen-reader = with a screen reader
accessibility-colours = in light and dark colours, and in the high contrast colours of your device
accessibility-no-script = in a browser that does not run scripts
accessibility-no-statement = This page is not an accessibility statement. It does not say whether anyone has checked the service.

## Accessibility statement (the model of Implementing Decision (EU) 2018/1523)
statement-heading = Accessibility statement
statement-commitment = We want everyone to be able to use this service.
statement-law-eu = We follow Directive (EU) 2016/2102 on the accessibility of the websites and mobile applications of public sector bodies.
statement-law-be = We follow the Belgian law of 19 July 2018 on the accessibility of the websites and mobile applications of public sector bodies.
statement-law-nl = We follow the Dutch decree on the digital accessibility of government services (Besluit digitale toegankelijkheid overheid).
statement-law-lu = We follow the Luxembourg law of 28 May 2019 on the accessibility of the websites and mobile applications of public sector bodies.
statement-law-de = We follow the German law on equal opportunities for people with disabilities (BGG) and the ordinance on accessible information technology (BITV 2.0).
statement-law-fr = We follow article 47 of the French law no. 2005-102 of 11 February 2005 on the rights of people with disabilities.
statement-law-named = We follow this law: { $law }.
statement-scope = This statement applies to: { $service } ({ $address }).
statement-status = How accessible this service is
statement-fully = This service meets the European standard EN 301 549 in full. The standard includes level AA of the Web Content Accessibility Guidelines (WCAG).
statement-partially = This service meets most of the European standard EN 301 549, which includes level AA of the Web Content Accessibility Guidelines (WCAG).
statement-not = This service does not meet the European standard EN 301 549, which includes level AA of the Web Content Accessibility Guidelines (WCAG).
statement-exceptions = What is not accessible
statement-non-compliance = This does not meet the standard
statement-burden = Changing this would be a disproportionate burden
statement-out-of-scope = The law does not cover this
statement-preparation = How we prepared this statement
statement-prepared = We prepared this statement on { $date }.
statement-method-self = We assessed the service ourselves.
statement-method-external = An external organisation assessed the service.
statement-reviewed = We last reviewed this statement on { $date }.
statement-feedback = Feedback and contact
statement-feedback-text = Tell us if something does not work for you, or if you need it in another form.
statement-answer-days = { $days ->
    [one] We answer within 1 day.
   *[other] We answer within { $days } days.
}
statement-enforcement = If our answer does not help you
statement-enforcement-text = You can then complain to this organisation:

## Cookies
cookies-heading = Cookies
cookies-intro = Cookies are small files that a website saves in your browser. This service uses only the cookies that it needs to work.
cookies-no-tracking = No cookie is used to follow you or to show advertising, so we do not ask for your consent. No other website can read these cookies.
cookies-list = The cookies that we use
cookies-until-closed = Your browser keeps it until you sign out or close the browser.
cookies-minutes = { $count ->
    [one] Your browser keeps it for 1 minute.
   *[other] Your browser keeps it for { $count } minutes.
}
cookies-year = Your browser keeps it for a year.
cookies-session = Keeps you signed in.
cookies-sign-in = Remembers the sign-in that you have started.
cookies-repetition = Starts your sign-in again when this browser was still signed in from an earlier time.
cookies-signed-out = Remembers which sign-in option you used, so that you can sign out there too.
cookies-language = Remembers the language that you chose.
cookies-kept = Finds the text that you had not saved when your session ended.
cookies-receipt = Shows you the receipt after you have deleted your data.

## Problems that the API reports (for developers)
problems-heading = Problems that the API reports
problems-intro = This page is for developers. When the API cannot do what a program asked, its answer names one of these problems.
problem-invalid-request = The request cannot be read
problem-invalid-request-next = Something in the path, in a header or in the body is missing or wrong. Compare it with the description of the API. Sending it again without a change will not help.
problem-unauthenticated = The credentials are missing or not accepted
problem-unauthenticated-next = Send the header Authorization with the scheme Bearer. If you did, what you sent may have expired: let the citizen sign in again.
problem-forbidden = The request is not allowed
problem-forbidden-next = The credentials do not allow it, or it came from a website that may not use the API. Sending it again will not help.
problem-not-found = There is nothing at this address
problem-not-found-next = Check the path. At the address of the message it means that no message is saved.
problem-method = The address does not support this method
problem-method-next = The header Allow of the answer lists the methods that it supports.
problem-too-slow = The request took too long to arrive
problem-too-slow-next = Nothing was changed. Check the connection and send the request again.
problem-conflict = The message is not the version that you expect
problem-conflict-next = It was changed or deleted after you read it. Nothing was overwritten. Read it again, decide which text to keep, and send that with the new ETag.
problem-too-large = The request is too large
problem-too-large-next = Nothing was changed. Send a smaller body.
problem-media-type = The body has the wrong media type
problem-media-type-next = Send it as JSON, with application/json in the header Content-Type.
problem-text-not-usable = The text cannot be saved
problem-text-not-usable-next = It is too long, or it has characters that we cannot save. The answer says which. Correct the text and send it again.
problem-precondition-required = A condition is required
problem-precondition-required-next = Send If-Match with the ETag that you read, so that you do not overwrite a change. For the first message, send If-None-Match with the value *.
problem-too-many = There were too many requests
problem-too-many-next = Wait for the number of seconds in the header Retry-After, then send the request again.
problem-internal = Something went wrong in the service
problem-internal-next = This is our fault. Send the request again in a few minutes. The reference in the answer is also in our log.
problem-unavailable = The service cannot answer right now
problem-unavailable-next = Wait for the number of seconds in the header Retry-After, then send the request again. It is safe to send a change again, because its condition is met only once.

## Devices. The names of browsers and systems are the same in every language
device-unknown = Unknown device
device-computer = Computer
device-phone = Phone
device-tablet = Tablet
device-program = An app that uses the API
device-with = { $device }, { $program }
device-browser-on-system = { $device }, { $browser } on { $system }

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
date-time = { $date } at { $time } ({ $zone })
time = { $time } ({ $zone })
zone-brussels = Belgian time
zone-amsterdam = Dutch time
zone-luxembourg = Luxembourg time
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
