use serde_json::{Value, json};
use testkit::{Example, example};

use super::{super::settings::Attribute, *};
use crate::{config::Source, providers::USER_ID_ATTRIBUTE};

const NUMBER: &str = "http://itsme.services/v2/claim/BENationalNumber";

fn config(provider: example::Provider) -> Config {
    Config::read(Source::from_toml(&Example::aws().providers([provider]).to_toml())).unwrap()
}

fn provider(kind: &str, more: &str) -> Config {
    config(example::Provider::new(kind, kind).in_namespace("X").with(more))
}

/// The problems of settings and mapping, and the notes.
fn findings(config: &Config, found: &Value, schema: &Value) -> (Vec<String>, Vec<String>) {
    let found: IdentityProvider = serde_json::from_value(found.clone()).unwrap();
    let schema: Vec<Attribute> = serde_json::from_value(schema.clone()).unwrap();
    let provider = &config.providers[0];
    let subject = Subject { config, index: 0, provider, guide: Guide::of(provider.kind) };
    let (settings, mapping) = (subject.settings(&found), subject.mapping(&found, &schema));
    let all = |one: Vec<String>, other: Vec<String>| one.into_iter().chain(other).collect();
    (all(settings.problems, mapping.problems), all(settings.notes, mapping.notes))
}

fn schema() -> Value {
    let attributes =
        [EID, "email", "name", "phone_number"].map(|name| json!({ "Name": name, "Mutable": true, "Required": false }));
    let mut all = vec![json!({ "Name": "sub", "Mutable": false, "Required": true })];
    all.extend(attributes);
    json!(all)
}

fn itsme() -> Value {
    json!({
        "ProviderType": "OIDC",
        "ProviderDetails": {
            "client_id": "itsme-client-id",
            "client_secret": "not printed",
            "oidc_issuer": "https://idp.e2e.itsme.services/v2",
            "authorize_scopes": "openid service:MYDATA profile email phone eid",
            "attributes_request_method": "GET",
            "attributes_url_add_attributes": "false",
            "token_url": "https://idp.e2e.itsme.services/v2/token",
        },
        "AttributeMapping": { EID: NUMBER, "email": "email", "name": "name", "username": "sub" },
    })
}

fn changed(whole: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = whole.clone();
    match value {
        Value::Null => {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            changed.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(&name.replace("~1", "/")).unwrap();
        }
        value => {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            changed.pointer_mut(parent).unwrap()[name] = value;
        }
    }
    changed
}

#[test]
fn a_provider_is_as_its_guide_and_the_configuration_say() {
    let config = provider("itsme", "issuer = \"https://idp.e2e.itsme.services/v2\"\nclient_id = \"itsme-client-id\"");
    assert_eq!(findings(&config, &itsme(), &schema()), (Vec::new(), Vec::new()));
    let details = "/ProviderDetails";
    for (pointer, value, problem) in [
        ("/ProviderType", json!("SAML"), "is of the type SAML, not OIDC"),
        (
            &*format!("{details}/client_id"),
            json!("other"),
            "client_id is other, not itsme-client-id (providers.0.client_id)",
        ),
        (&format!("{details}/client_secret"), json!(""), "client_secret is empty"),
        (
            &format!("{details}/oidc_issuer"),
            json!("https://idp.prd.itsme.services/v2"),
            "oidc_issuer is https://idp.prd",
        ),
        (&format!("{details}/oidc_issuer"), Value::Null, "oidc_issuer is not set"),
        (&format!("{details}/authorize_scopes"), json!("service:MYDATA profile email eid"), "lacks openid"),
        (&format!("{details}/authorize_scopes"), json!("openid profile email eid"), "lacks service:CODE"),
        (&format!("{details}/authorize_scopes"), json!("openid service:MYDATA profile email"), "lacks eid"),
        (&format!("{details}/authorize_scopes"), json!("openid service:MYDATA profile eid"), "lacks email"),
        (&format!("{details}/attributes_request_method"), json!("PUT"), "attributes_request_method is PUT"),
        (
            &format!("{details}/token_url"),
            json!("http://idp.e2e.itsme.services/v2/token"),
            "token_url is not an https address",
        ),
        (
            &format!("{details}/authorize_url"),
            json!("https://mydata.example/federation/itsme/authorize"),
            "is at a bridge",
        ),
        ("/AttributeMapping/custom:eid", Value::Null, "custom:eid is not mapped"),
        ("/AttributeMapping/custom:eid", json!("sub"), "which is no national number: map http://itsme.services"),
        ("/AttributeMapping/address", json!("address"), "the user pool has no attribute address"),
    ] {
        let (problems, _) = findings(&config, &changed(&itsme(), pointer, value.clone()), &schema());
        let is_named = problems.iter().any(|found| found.contains(problem));
        assert!(
            is_named && (problems.len() == 1 || pointer == "/AttributeMapping/address"),
            "{pointer} {value}: {problems:?}"
        );
        assert!(!problems.concat().contains("not printed"));
    }
    let mut phone = itsme();
    phone["AttributeMapping"]["phone_number"] = json!("phone_number");
    assert!(findings(&config, &phone, &schema()).0.is_empty());
    phone["ProviderDetails"]["authorize_scopes"] = json!("openid service:MYDATA profile email eid");
    assert!(
        findings(&config, &phone, &schema()).0[0]
            .contains("phone_number is mapped from phone_number, but authorize_scopes lacks phone")
    );
    let (_, notes) =
        findings(&config, &changed(&itsme(), "/ProviderDetails/attributes_request_method", json!("POST")), &schema());
    assert!(matches!(&notes[..], [one] if one.contains("the guide has GET")), "{notes:?}");
}

#[test]
fn every_attribute_can_be_written_and_every_required_one_is() {
    let config = provider("itsme", "");
    for (name, value, problem) in
        [("Mutable", false, "email is immutable"), ("Required", true, "the user pool requires phone_number")]
    {
        let mut schema = schema();
        let index = if name == "Mutable" { 2 } else { 4 };
        schema[index][name] = json!(value);
        let (problems, _) = findings(&config, &itsme(), &schema);
        assert!(matches!(&problems[..], [one] if one.contains(problem)), "{problems:?}");
    }
}

#[test]
fn a_number_is_one_persons_for_good() {
    let found = |kind: &str, claim: &str| {
        let mut provider_in_pool = itsme();
        provider_in_pool["AttributeMapping"][EID] = json!(claim);
        provider_in_pool["ProviderDetails"]["attributes_request_method"] =
            json!(if kind == "auth0" { "POST" } else { "GET" });
        let (problems, notes) = findings(&provider(kind, ""), &provider_in_pool, &schema());
        (problems.len(), notes.len())
    };
    for (kind, claim, expected) in [
        ("itsme", NUMBER, (0, 0)),
        ("itsme", "email", (1, 0)),
        ("auth0", "https://agency.example/eid", (0, 0)),
        ("auth0", "sub", (1, 0)),
        ("auth0", "nickname", (1, 0)),
        ("auth0", "employee", (0, 1)),
        ("beyond_identity", "sub", (0, 0)),
        ("beyond_identity", "email", (1, 0)),
        ("oidc", "sub", (0, 0)),
        ("oidc", "preferred_username", (1, 0)),
    ] {
        assert_eq!(found(kind, claim), expected, "{kind} {claim}");
    }
}

#[test]
fn a_bridge_is_between_the_user_pool_and_its_provider() {
    let secret = "a secret of thirty-two characters, or more";
    let more = format!(
        "[providers.bridge]\nclient_id = \"urn:x\"\nclient_secret = \"{secret}\"\nprevious_client_secret = \"{secret}, before\"\n\
         issuer = \"https://idp.example/\"\nsigning_key_files = [\"a.pem\"]\n"
    );
    let config = provider("login_gov", &more);
    let right = json!({
        "ProviderType": "OIDC",
        "ProviderDetails": {
            "client_id": "urn:x",
            "client_secret": secret,
            "oidc_issuer": "https://idp.example/",
            "authorize_scopes": "openid email",
            "attributes_request_method": "GET",
            "authorize_url": "https://mydata.example/federation/login_gov/authorize",
            "token_url": "https://mydata.example/federation/login_gov/token",
            "attributes_url": "https://idp.example/api/openid_connect/userinfo",
            "jwks_uri": "https://idp.example/api/openid_connect/certs",
        },
        "AttributeMapping": { EID: "sub", "email": "email" },
    });
    assert_eq!(findings(&config, &right, &schema()), (Vec::new(), Vec::new()));
    for (name, value, problem) in [
        (
            "authorize_url",
            json!("https://idp.example/openid_connect/authorize"),
            "not https://mydata.example/federation/login_gov/authorize, the bridge",
        ),
        ("token_url", Value::Null, "token_url is not set"),
        ("jwks_uri", json!("https://mydata.example/federation/login_gov/jwks.json"), "(providers.0.bridge.jwks_uri)"),
        ("attributes_url", json!("https://mydata.example/userinfo"), "which is not an address of https://idp.example/"),
        ("oidc_issuer", json!("https://idp.example"), "(providers.0.bridge.issuer)"),
        ("client_id", json!("urn:y"), "(providers.0.bridge.client_id)"),
        ("client_secret", json!("another"), "client_secret is not that of the bridge"),
    ] {
        let (problems, _) = findings(&config, &changed(&right, &format!("/ProviderDetails/{name}"), value), &schema());
        assert!(matches!(&problems[..], [one] if one.contains(problem)), "{name}: {problems:?}");
        assert!(!problems.concat().contains(secret) && !problems.concat().contains("another"));
    }
    let previous = changed(&right, "/ProviderDetails/client_secret", json!(format!("{secret}, before")));
    let (problems, notes) = findings(&config, &previous, &schema());
    assert!(problems.is_empty() && notes[0].contains("previous_client_secret"), "{problems:?} {notes:?}");
}

#[test]
fn the_provider_of_case_workers_is_one_of_saml_with_the_users_id() {
    let config = provider("identity_center", "eid_format = \"any\"");
    let check = |kind: &str, details: Value, mapping: Value| {
        findings(
            &config,
            &json!({ "ProviderType": kind, "ProviderDetails": details, "AttributeMapping": mapping }),
            &schema(),
        )
    };
    let right = json!({ EID: USER_ID_ATTRIBUTE, "email": "email", "name": "name" });
    assert_eq!(check(SAML, json!({ "IDPInit": "false" }), right.clone()), (Vec::new(), Vec::new()));
    assert!(
        check(SAML, json!({}), json!({ EID: "objectid", "email": "email" })).1[0].contains("make sure that objectid")
    );
    for (kind, details, mapping, problem) in [
        (OIDC, json!({}), right.clone(), "is of the type OIDC"),
        (SAML, json!({ "IDPInit": "true" }), right, "IDPInit is true"),
        (
            SAML,
            json!({}),
            json!({ "email": "email" }),
            "custom:eid is not mapped, so no one can sign in: map idcenterid",
        ),
        (SAML, json!({}), json!({ EID: USER_ID_ATTRIBUTE }), "email is not mapped"),
        (SAML, json!({}), json!({ EID: "email", "email": "email" }), "which is not the directory's user id"),
    ] {
        let (problems, _) = check(kind, details, mapping);
        assert!(problems.iter().any(|found| found.contains(problem)), "{problems:?}");
    }
}
