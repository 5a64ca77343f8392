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
            "The organisation’s own pages in this demonstration, such as its help page, have not been assessed.",
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
            "De eigen pagina’s van de organisatie in deze demonstratie, zoals de hulppagina, zijn niet onderzocht.",
            "De pagina’s van de inlogmethoden zijn van andere organisaties.",
        ],
        ombudsman: "Ombudsman Voorbeeld",
        contact: "Contact",
        help: "Hulp",
        privacy: "Privacyverklaring",
        terms: "Gebruiksvoorwaarden",
        not_found: "Pagina niet gevonden",
        note: "Deze organisatie bestaat niet. De pagina draait op deze computer, voor ontwikkeling.",
        demonstration: "In een echte omgeving is deze pagina van de organisatie die de dienst aanbiedt.",
    },
    Texts {
        tag: "fr",
        name: "Service public fédéral Exemple",
        exceptions: [
            "Les pages propres à l’organisation dans cette démonstration, comme la page d’aide, n’ont pas été évaluées.",
            "Les pages des moyens de connexion appartiennent à d’autres organisations.",
        ],
        ombudsman: "Médiateur Exemple",
        contact: "Contact",
        help: "Aide",
        privacy: "Déclaration de confidentialité",
        terms: "Conditions d’utilisation",
        not_found: "Page non trouvée",
        note: "Cette organisation n’existe pas. La page fonctionne sur cet ordinateur, pour le développement.",
        demonstration: "Dans un déploiement réel, cette page appartient à l’organisation qui fournit le service.",
    },
    Texts {
        tag: "de",
        name: "Föderaler Öffentlicher Dienst Beispiel",
        exceptions: [
            "Die eigenen Seiten der Organisation in dieser Demonstration, etwa die Hilfeseite, wurden nicht geprüft.",
            "Die Seiten der Anmeldemöglichkeiten gehören anderen Organisationen.",
        ],
        ombudsman: "Ombudsstelle Beispiel",
        contact: "Kontakt",
        help: "Hilfe",
        privacy: "Datenschutzerklärung",
        terms: "Nutzungsbedingungen",
        not_found: "Seite nicht gefunden",
        note: "Diese Organisation gibt es nicht. Die Seite läuft auf diesem Computer, für die Entwicklung.",
        demonstration: "In einer echten Umgebung gehört diese Seite der Organisation, die den Dienst anbietet.",
    },
];
