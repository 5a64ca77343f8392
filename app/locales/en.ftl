# Every sentence that a citizen reads. Keys are grouped by page; a page takes nothing from another page's group.

site-name = My Data
site-home = My Data, home
skip-to-content = Skip to content
nav-label = Pages
nav-profile = Profile
nav-my-data = My Data
signed-in-as = Signed in as
sign-out = Sign out
reference = Reference: { $reference }
try-again = Try again
footer = No other citizen can see what you keep here.

## Home
home-heading = My Data
home-intro = Sign in to see the data that your identity provider shares about you, and to keep a message that no other citizen can see.
home-choose = Choose how to sign in
home-choose-hint = Choose the same way each time, to find again what you keep here.
sign-in-with = Sign in with { $provider }
sign-in-cancelled-heading = Sign-in cancelled
sign-in-cancelled = Nothing was shared with us. You can try again. If you were told that your email address or identity is not verified, verify it there first.
signed-out-heading = You are signed out
signed-out-still = You may still be signed in to { $provider }. If you share this device, sign out there too.
signed-out-also = Also sign out of { $provider }
sign-in-needed = Sign in to open that page.
home-welcome = Welcome, { $name }
home-signed-in = You are signed in.
home-to-profile = See your profile
home-to-profile-hint = The data that your identity provider handed over.
home-to-my-data = Open My Data
home-to-my-data-hint = Read and change the message that you keep here.

## Identity providers, under their buttons
provider-itsme = With the itsme app on your phone.
provider-login-gov = With your United States Login.gov account.
provider-auth0 = Only with an account from your organisation.
provider-beyond-identity = Only with a passkey that you made there.
provider-identity-center = Only with an AWS account from your organisation.
provider-plain = With your account at { $provider }.

## Profile
profile-heading = Your profile
profile-intro = { $provider } handed this over when you signed in. We keep it until you sign out.
profile-name = Full name
profile-given-name = First name
profile-family-name = Last name
profile-birthdate = Date of birth
profile-gender = Gender
profile-email = Email address
profile-phone-number = Phone number
profile-address = Address
profile-locale = Language
profile-national-number = National number
profile-identifier = Identifier

## My Data
my-data-heading = My Data
my-data-intro = Write down what you want to find here the next time. No other citizen can see it.
my-data-label = Your message
my-data-limit = At most { $limit } characters.
my-data-count = { $count } of { $limit } characters
my-data-save = Save
my-data-saving = Saving…
my-data-saved = Saved.
my-data-last-saved = Last saved on
my-data-never-saved = Nothing saved yet.
my-data-unreachable = We could not reach the server. Your text is still here: check your connection and save again.

my-data-too-long-heading = Your message is too long
my-data-too-long = It has { $count } characters and { $limit } fit. Nothing was saved and your text is still here: shorten it and save again.
my-data-unavailable-heading = Your message was not saved
my-data-unavailable = The place where we keep it does not answer right now. Your text is still here: wait a moment and save again.
my-data-too-many-heading = Your message was not saved yet
my-data-too-many = There were too many requests from your network. Your text is still here: wait a moment and save again.
my-data-conflict-heading = Your message was changed somewhere else
my-data-conflict = Another tab or device saved a different text while you were typing. Nothing was overwritten. Choose which text to keep.
my-data-conflict-typed = What you typed
my-data-conflict-stored = What is saved now
my-data-conflict-stored-empty = (empty)
my-data-conflict-save = Save what you typed
my-data-conflict-keep = Keep what is saved now

## Failure pages
failure-session-ended-heading = Your session has ended
failure-session-ended = For your safety we sign you out after a while. Sign in again to go on.
failure-session-ended-text = This text was not saved. Copy it before you sign in again.
failure-session-ended-label = Your unsaved text
failure-sign-in-again = Sign in again
failure-leave = Sign in as somebody else
failure-elsewhere = Sign in another way
failure-choose-again = Sign out and choose again
failure-not-found-heading = Page not found
failure-not-found = There is nothing at this address. Perhaps the link is old or was typed with a mistake.
failure-to-home = Go to the home page
failure-sign-in-heading = We could not sign you in
failure-sign-in-invalid = The answer that came back does not belong to a sign-in that you started here a moment ago. This happens when a page was left open for long, or when a link was opened twice.
failure-sign-in-rejected = The answer of the sign-in service did not pass our checks, so we did not sign you in.
failure-sign-in-no-national-number = Your identity provider did not hand over a national number, and without it we cannot find your data. People without a Belgian identity document cannot sign in this way. If there is another way, you can choose it.
failure-sign-in-no-number = Your identity provider did not hand over the number by which we find your data. Ask the organisation that gave you the account to add it.
failure-sign-in-other-provider = You are still signed in from an earlier time, by another way than the one you chose now. Sign out of that first, then choose again.
failure-sign-in-incomplete = Your identity provider did not share something that this service needs, such as your email address. Add it to your account there, or allow it to be shared, and try again.
failure-sign-in-slow = Your identity provider took too long to answer. Nothing is wrong with your device. Wait a minute and try again.
failure-sign-in-set-up = Your identity provider and our sign-in service do not understand each other. We have to mend that, and trying again will hardly help: tell us the reference below.
failure-sign-in-provider = The sign-in service reported a problem. Nothing is wrong with your device. Try again, and if it goes on, tell us the reference below.
failure-sign-in-unavailable = The sign-in service does not answer right now. Wait a moment and try again.
failure-unavailable-heading = Not available right now
failure-unavailable = The place where we keep your data does not answer right now. Nothing is lost. Wait a moment and try again.
failure-forbidden-heading = This request was stopped
failure-forbidden = It came from another website. Nothing was changed. Open this site and try again from there.
failure-too-large-heading = Too much at once
failure-too-large = What you sent is larger than we accept. Nothing was saved.
failure-too-many-heading = Too many requests
failure-too-many = There were too many requests from your network. Wait a moment and try again.
failure-bad-request-heading = We could not read this request
failure-bad-request = Something in the address or the form is not as it should be.
failure-method-heading = This address does not work that way
failure-method = Go back to the home page and start from there.
failure-internal-heading = Something went wrong here
failure-internal = It is our fault, not yours. Try again, and if it goes on, tell us the reference below.

## Dates
date = { $day } { $month } { $year }
date-time = { $date } at { $time } UTC
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
