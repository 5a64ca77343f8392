/// What the organisation says in one language.
#[derive(Debug)]
pub struct Texts {
    /// The language's tag.
    pub tag: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Two things that are not accessible: one that does not meet the standard, and one that the law does not cover.
    pub exceptions: [&'static str; 2],
    /// Who hears complaints about it.
    pub ombudsman: &'static str,
    pub(super) contact: &'static str,
    pub(super) help: &'static str,
    pub(super) privacy: &'static str,
    pub(super) terms: &'static str,
    pub(super) not_found: &'static str,
    pub(super) note: &'static str,
    pub(super) demonstration: &'static str,
}

/// The texts in each language. English comes first.
pub const TEXTS: [Texts; 4] = [
    Texts {
        tag: "en",
        name: "Federal Public Service Example",
        exceptions: [
            "In this demonstration, the pages on which you sign in are in English only.",
            "The pages of the sign-in options belong to other organisations.",
        ],
        ombudsman: "Ombudsman Example",
        contact: "Contact",
        help: "Help",
        privacy: "Privacy statement",
        terms: "Terms of use",
        not_found: "Page not found",
        note: "This organisation does not exist. The page runs on this computer, for development.",
        demonstration: "In a real deployment, this page belongs to the organisation that provides the service.",
    },
    Texts {
        tag: "nl",
        name: "Federale Overheidsdienst Voorbeeld",
        exceptions: [
            "In deze demonstratie zijn de pagina’s waarop u inlogt alleen in het Engels.",
            "De pagina’s waarop u inlogt, zijn van andere organisaties.",
        ],
        ombudsman: "Ombudsdienst Voorbeeld",
        contact: "Contact",
        help: "Hulp",
        privacy: "Privacyverklaring",
        terms: "Gebruiksvoorwaarden",
        not_found: "Pagina niet gevonden",
        note: "Deze organisatie bestaat niet. Deze pagina draait op deze computer en dient alleen voor ontwikkeling.",
        demonstration: "In een echte omgeving is deze pagina van de organisatie die de dienst aanbiedt.",
    },
    Texts {
        tag: "fr",
        name: "Service public fédéral Exemple",
        exceptions: [
            "Dans cette démonstration, les pages où vous vous connectez sont en anglais uniquement.",
            "Les pages des moyens de connexion appartiennent à d’autres organisations.",
        ],
        ombudsman: "Service de médiation Exemple",
        contact: "Contact",
        help: "Aide",
        privacy: "Déclaration de confidentialité",
        terms: "Conditions d’utilisation",
        not_found: "Page non trouvée",
        note: "Cette organisation n’existe pas. Cette page se trouve sur cet ordinateur et sert au développement.",
        demonstration: "En situation réelle, cette page est celle de l’organisation qui fournit le service.",
    },
    Texts {
        tag: "de",
        name: "Föderaler Öffentlicher Dienst Beispiel",
        exceptions: [
            "In dieser Demonstration gibt es die Seiten, auf denen Sie sich anmelden, nur auf Englisch.",
            "Für die Seiten der Anmeldemöglichkeiten sind andere Organisationen verantwortlich.",
        ],
        ombudsman: "Ombudsstelle Beispiel",
        contact: "Kontakt",
        help: "Hilfe",
        privacy: "Datenschutzerklärung",
        terms: "Nutzungsbedingungen",
        not_found: "Seite nicht gefunden",
        note: "Diese Organisation gibt es nicht. Die Seite dient der Entwicklung und läuft auf diesem Computer.",
        demonstration: "Im echten Betrieb steht hier eine Seite der Organisation, die den Dienst anbietet.",
    },
];
