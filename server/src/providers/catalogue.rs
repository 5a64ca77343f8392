use app::look;

use super::{
    BridgeDefaults, BridgeExamples, DocumentsExamples, Guide, OpenIdExamples, PageLanguage, ProviderKind, SignOut,
};

/// Every kind, in the order of messages.
pub static KINDS: [ProviderKind; 6] = [
    // https://belgianmobileid.github.io/doc/
    ProviderKind {
        id: "itsme",
        name: Some("itsme"),
        look: &look::ITSME,
        // Users without a Belgian identity document have no national number.
        has_national_number: true,
        is_workforce: false,
        sign_out: SignOut::STANDARD,
        // https://belgianmobileid.github.io/doc/authentication/: nl, fr, de and en.
        pages: PageLanguage::STANDARD,
        bridge: None,
        guide: Some(Guide {
            page: include_str!("../../../docs/providers/itsme.md"),
            name: "itsme",
            namespace: "BE",
            openid: Some(OpenIdExamples { issuer: "https://idp.e2e.itsme.services/v2", client_id: "itsme-client-id" }),
            bridge: None,
            documents: None,
        }),
    },
    // https://developers.login.gov/oidc/getting-started/
    ProviderKind {
        id: "login_gov",
        name: Some("Login.gov"),
        look: &look::LOGIN_GOV,
        has_national_number: false,
        is_workforce: false,
        // https://developers.login.gov/oidc/logout/
        sign_out: SignOut { path: Some("/openid_connect/logout"), ..SignOut::STANDARD },
        // https://developers.login.gov/oidc/authorization/
        pages: PageLanguage { parameter: "locale", values: &[("es", "es"), ("fr", "fr")], otherwise: Some("en") },
        // It accepts only signed assertions, and no client secret.
        bridge: Some(BridgeDefaults {
            authorization: "/openid_connect/authorize",
            token: "/api/openid_connect/token",
            keys: "/api/openid_connect/certs",
            // It accepts `login` only from clients that it allows to send it.
            prompt: Some("select_account"),
        }),
        guide: Some(Guide {
            page: include_str!("../../../docs/providers/login_gov.md"),
            name: "LoginGov",
            namespace: "US-LOGIN",
            openid: Some(OpenIdExamples {
                issuer: "https://idp.int.identitysandbox.gov/",
                client_id: "urn:gov:gsa:openidconnect.profiles:sp:sso:my_agency:my_data",
            }),
            bridge: Some(BridgeExamples {
                parameters: r#"parameters             = ["acr_values=urn:acr.login.gov:verified", "prompt=select_account"]"#,
                signing_key_files: r#"signing_key_files      = ["login-gov-2026.pem"]"#,
            }),
            documents: None,
        }),
    },
    // https://auth0.com/docs/api/authentication
    ProviderKind {
        id: "auth0",
        name: Some("Auth0"),
        look: &look::AUTH0,
        has_national_number: false,
        is_workforce: false,
        // https://auth0.com/docs/api/authentication/logout/auth-0-logout
        sign_out: SignOut { path: Some("/v2/logout"), return_parameter: Some("returnTo") },
        // https://auth0.com/docs/customize/internationalization-and-localization: its French is `fr-FR`.
        pages: PageLanguage { values: &[("fr", "fr-FR fr")], ..PageLanguage::STANDARD },
        bridge: None,
        guide: Some(Guide {
            page: include_str!("../../../docs/providers/auth0.md"),
            name: "Auth0",
            namespace: "EXAMPLE-STAFF",
            openid: Some(OpenIdExamples { issuer: "https://TENANT.eu.auth0.com/", client_id: "auth0-client-id" }),
            bridge: None,
            documents: None,
        }),
    },
    // https://developer.beyondidentity.com/
    ProviderKind {
        id: "beyond_identity",
        name: Some("Beyond Identity"),
        look: &look::BEYOND_IDENTITY,
        has_national_number: false,
        is_workforce: false,
        sign_out: SignOut::STANDARD,
        pages: PageLanguage::STANDARD,
        bridge: None,
        guide: Some(Guide {
            page: include_str!("../../../docs/providers/beyond_identity.md"),
            name: "BeyondIdentity",
            namespace: "EXAMPLE-PASSKEY",
            openid: Some(OpenIdExamples {
                issuer: "https://auth-us.beyondidentity.com/v1/tenants/TENANT/realms/REALM/applications/APPLICATION",
                client_id: "beyond-identity-client-id",
            }),
            bridge: None,
            documents: None,
        }),
    },
    // https://docs.aws.amazon.com/singlesignon/
    ProviderKind {
        id: "identity_center",
        name: Some("IAM Identity Center"),
        look: &look::IDENTITY_CENTER,
        has_national_number: false,
        is_workforce: true,
        sign_out: SignOut::PORTAL,
        pages: PageLanguage::STANDARD,
        bridge: None,
        guide: Some(Guide {
            page: include_str!("../../../docs/providers/identity_center.md"),
            name: "IAMIdentityCenter",
            namespace: "EXAMPLE-WORKFORCE",
            openid: None,
            bridge: None,
            documents: Some(DocumentsExamples {
                client_id: "7c9example",
                client_secret_arn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:my-data-case-workers",
                application_arn: "arn:aws:sso::123456789012:application/ssoins-1111111111111111/apl-2222222222222222",
                role_arn: "arn:aws:iam::123456789012:role/my-data-person",
                region: ["region          = ", "DIRECTORY_REGION="],
            }),
        }),
    },
    // Any other OpenID Connect provider.
    ProviderKind {
        id: "oidc",
        name: None,
        look: &look::PLAIN,
        has_national_number: false,
        is_workforce: false,
        sign_out: SignOut::STANDARD,
        pages: PageLanguage::STANDARD,
        bridge: None,
        guide: None,
    },
];
