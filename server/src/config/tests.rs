use testkit::Example;

use app::texts::Language;

use super::*;

fn good() -> String {
    Example::aws().to_toml()
}

fn faults(toml: &str) -> Vec<String> {
    match Config::read(Source::from_toml(toml)) {
        Ok(_) => Vec::new(),
        Err(Faults(faults)) => faults.into_iter().map(|fault| fault.key).collect(),
    }
}

#[test]
fn the_four_cognito_keys_determine_every_address() {
    let config = Config::read(Source::from_toml(&good())).unwrap();
    assert_eq!(config.cognito.issuer.as_str(), "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123");
    assert_eq!(
        config.cognito.keys_url(),
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123/.well-known/jwks.json"
    );
    assert_eq!(
        config.cognito.domain.at("/oauth2/token"),
        "https://mydata.auth.eu-west-1.amazoncognito.com/oauth2/token"
    );
    assert_eq!(config.session.idle, time::Duration::minutes(15));
}

#[test]
fn the_issuer_is_at_the_host_of_the_partition() {
    for (region, host) in [
        ("us-gov-west-1", "cognito-idp.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "cognito-idp.cn-north-1.amazonaws.com.cn"),
        ("eusc-de-east-1", "cognito-idp.eusc-de-east-1.amazonaws.eu"),
    ] {
        let toml =
            good().replace("\"eu-west-1\"", &format!("\"{region}\"")).replace("eu-west-1_", &format!("{region}_"));
        let cognito = Config::read(Source::from_toml(&toml)).unwrap().cognito;
        assert_eq!(cognito.issuer.as_str(), format!("https://{host}/{region}_AbCdEf123"));
    }
}

/// The faults of variables alone.
fn faults_of_variables(variables: &[(&str, &str)]) -> Option<Vec<String>> {
    let mut source = Source::default();
    source.override_by(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let read = Config::read_variables(source)?;
    Some(read.err().map_or_else(Vec::new, |Faults(faults)| faults.into_iter().map(|fault| fault.key).collect()))
}

#[test]
fn variables_are_a_configuration_if_one_of_them_is_a_key() {
    assert_eq!(faults_of_variables(&[]), None);
    assert_eq!(faults_of_variables(&[("MYDATA_PORT", "tcp://10.0.0.1:80"), ("MYDATA_LISTEN", "")]), None);
    for key in ["MYDATA_LISTEN", "MYDATA_PROVIDERS__7__BRIDGE__ISSUER", "MYDATA_SERVICE__NAME"] {
        let faults = faults_of_variables(&[(key, "x")]).unwrap();
        assert!(faults.iter().any(|fault| fault == "cognito.user_pool_id"), "{key}: {faults:?}");
    }
}

#[test]
fn a_place_without_a_provider_is_skipped_and_keys_keep_their_numbers() {
    let provider =
        |place: usize, name: &str, value: &str| (format!("MYDATA_PROVIDERS__{place}__{name}"), value.to_owned());
    let read = |more: &[(String, String)]| {
        // The file has the place 0.
        let mut source = Source::from_toml(&good());
        source.override_by(["ID", "NAME", "NAMESPACE"].map(|name| provider(4, name, "other")));
        source.override_by([provider(4, "KIND", "oidc"), provider(2, "ID", ""), provider(2, "BRIDGE__ISSUER", "")]);
        source.override_by(more.iter().cloned());
        Config::read(source)
    };
    let providers = read(&[]).unwrap().providers;
    let places: Vec<_> = providers.iter().map(|provider| (provider.index, provider.id.as_str())).collect();
    assert_eq!(places, [(0, "itsme"), (4, "other")]);
    assert_eq!(providers[1].key("name"), "providers.4.name");
    let Faults(faults) = read(&[provider(4, "KIND", "saml"), provider(6, "KIND", "oidc")]).unwrap_err();
    let faults: Vec<_> = faults.iter().map(|fault| fault.key.as_str()).collect();
    assert_eq!(faults, ["providers.4.kind", "providers.6.id", "providers.6.name", "providers.6.namespace"]);
    // Forgotten in a file, it is a mistake.
    let Faults(faults) = Config::read(Source::from_toml(&(good() + "[[providers]]\n"))).unwrap_err();
    assert!(faults.iter().all(|fault| fault.key.starts_with("providers.1.")), "{faults:?}");
}

#[test]
fn a_client_secret_is_in_the_configuration_or_in_secrets_manager() {
    let arn = "client_secret_arn = \"arn:aws:secretsmanager:eu-west-1:123456789012:secret:x\"\n";
    let with = |lines: &str| good().replace("[cognito]\n", &format!("[cognito]\n{lines}"));
    let secret = |lines: &str| Config::read(Source::from_toml(&with(lines))).unwrap().cognito.client_secret;
    assert!(secret("").is_none());
    assert!(matches!(secret("client_secret = \"s3cret\"\n"), Some(ClientSecret::Text(_))));
    assert!(matches!(secret(arn), Some(ClientSecret::SecretArn(_))));
    let both = format!("client_secret = \"s3cret\"\n{arn}");
    assert_eq!(faults(&with(&both)), ["cognito.client_secret"]);
    assert_eq!(faults(&with("client_secret_arn = \"s3cret\"\n")), ["cognito.client_secret_arn"]);
    let bridge = |lines: &str| faults(&with_bridge(lines));
    assert_eq!(bridge(arn), ["providers.0.bridge.client_secret"], "both");
    assert!(bridge(&format!("previous_{arn}")).is_empty());
}

#[test]
fn all_faults_are_reported_together() {
    let found = faults(
        "listen = \"here\"\nsurprise = 1\n[session]\nidle_minutes = 0\n[limits]\nconnections = 0\n[cognito]\nscopes = [\"email\"]\n",
    );
    for key in [
        "public_url",
        "listen",
        "surprise",
        "session.idle_minutes",
        "limits.connections",
        "cognito.region",
        "cognito.user_pool_id",
        "cognito.user_pool_web_client_id",
        "cognito.domain",
        "cognito.scopes",
        "providers",
        "pseudonym.key",
    ] {
        assert!(found.iter().any(|fault| fault == key), "{key} is not in {found:?}");
    }
}

#[test]
fn http_is_accepted_for_loopback_only() {
    for (from, bad) in [
        ("https://mydata.example", "http://mydata.example"),
        ("https://mydata.example", "https://mydata.example/path"),
        ("https://mydata.example", "https://user@mydata.example"),
        ("https://mydata.example", "http://127.0.0.1.example"),
    ] {
        assert_eq!(faults(&good().replace(from, bad)), ["public_url"], "{bad}");
    }
    for loopback in ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000", "https://mydata.example/"] {
        assert!(faults(&good().replace("https://mydata.example", loopback)).is_empty(), "{loopback}");
    }
}

#[test]
fn the_environment_overrides_the_file_by_path() {
    let mut source = Source::from_toml(&good());
    let variables = [
        ("MYDATA_PUBLIC_URL", "https://other.example"),
        ("MYDATA_COGNITO__SCOPES", "[\"openid\", \"email\"]"),
        ("MYDATA_PROVIDERS__0__NAMESPACE", "NL"),
        ("MYDATA_SESSION__IDLE_MINUTES", "5"),
        ("MYDATA_LIMITS__CONNECTIONS", "300"),
        ("MYDATA_PORT", "tcp://10.0.0.1:80"),
        ("MYDATA_CONFIG", "elsewhere"),
    ];
    source.override_by(variables.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let config = Config::read(source).unwrap();
    assert_eq!(config.public_url.origin(), "https://other.example");
    assert_eq!(config.cognito.scopes, ["openid", "email"]);
    assert_eq!(config.providers[0].namespace, "NL");
    assert_eq!(config.session.idle, time::Duration::minutes(5));
    assert_eq!(config.limits.connections, Some(300));
}

#[test]
fn the_scope_that_can_change_custom_eid_is_refused() {
    let toml =
        good().replace("[[providers]]", "scopes = [\"openid\", \"aws.cognito.signin.user.admin\"]\n[[providers]]");
    assert_eq!(faults(&toml), ["cognito.scopes"]);
}

#[test]
fn activity_is_kept_for_a_year_and_there_are_no_backups_unless_the_configuration_says_otherwise() {
    for (dynamodb, activity, days, backup_days) in [
        ("", "", 365, None),
        ("backup_days = 35", "[activity]\nretention_days = 30\n", 30, Some(35)),
        ("backup_days = \"1\"", "[activity]\nretention_days = 3660\n", 3_660, Some(1)),
    ] {
        let toml = good().replace("[dynamodb]", &format!("[dynamodb]\n{dynamodb}")) + activity;
        let config = Config::read(Source::from_toml(&toml)).unwrap();
        assert_eq!(config.activity.retention(), time::Duration::days(days));
        assert_eq!(config.dynamodb.backup_days, backup_days);
    }
}

#[test]
fn no_fault_shows_a_value() {
    let toml = good().replace("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "c2VjcmV0");
    let faults = Config::read(Source::from_toml(&toml)).unwrap_err();
    assert!(faults.to_string().contains("pseudonym.key") && !faults.to_string().contains("c2VjcmV0"), "{faults}");
    let broken = Config::read(Source::from_toml("[pseudonym]\nkey = \"c2VjcmV0")).unwrap_err();
    assert!(!broken.to_string().contains("c2VjcmV0"), "{broken}");
}

const BRIDGE: &str = r#"
[providers.bridge]
client_id = "urn:gov:gsa:openidconnect.profiles:sp:sso:my_agency:my_data"
client_secret = "what-cognito-proves-itself-with-to-the-bridge"
issuer = "https://idp.int.identitysandbox.gov/"
authorization_endpoint = "https://idp.int.identitysandbox.gov/openid_connect/authorize"
token_endpoint = "https://idp.int.identitysandbox.gov/api/openid_connect/token"
jwks_uri = "https://idp.int.identitysandbox.gov/api/openid_connect/certs"
signing_key_files = ["key.pem"]
[dynamodb]"#;

#[test]
fn issuer_and_client_id_are_set_in_the_provider_or_in_its_bridge() {
    let own = "kind = \"itsme\"\nissuer = \"https://tenant.eu.auth0.com/\"\nclient_id = \"abc\"\n";
    let provider = |toml: &str| Config::read(Source::from_toml(toml)).unwrap().providers.remove(0);
    let plain = provider(&good().replace("kind = \"itsme\"", own));
    assert_eq!((plain.issuer(), plain.client_id()), (Some("https://tenant.eu.auth0.com/"), Some("abc")));
    let bridged = provider(&good().replace("[dynamodb]", BRIDGE));
    assert_eq!(bridged.issuer(), Some("https://idp.int.identitysandbox.gov/"));
    assert_eq!(bridged.client_id(), Some("urn:gov:gsa:openidconnect.profiles:sp:sso:my_agency:my_data"));
    let both = good().replace("kind = \"itsme\"", own).replace("[dynamodb]", BRIDGE);
    assert_eq!(faults(&both), ["providers.0.issuer", "providers.0.client_id"]);
    let plain_http = good().replace("[dynamodb]", "sign_out_endpoint = \"http://idp.example/logout\"\n[dynamodb]");
    assert_eq!(faults(&plain_http), ["providers.0.sign_out_endpoint"]);
}

#[test]
fn one_provider_name_with_two_namespaces_is_a_fault() {
    let itsme = |id: &str, name: &str, namespace: &str| {
        format!("[[providers]]\nid = \"{id}\"\nname = \"{name}\"\nnamespace = \"{namespace}\"\nkind = \"oidc\"\n")
    };
    for (name, namespace, told) in
        [("itsme", "NL", &["providers.1.namespace"][..]), ("itsme", "BE", &[]), ("other", "NL", &[])]
    {
        let toml = good().replace("[dynamodb]", &(itsme("again", name, namespace) + "[dynamodb]"));
        assert_eq!(faults(&toml), told, "{name} {namespace}");
    }
    let third = itsme("second", "itsme", "BE") + &itsme("third", "itsme", "NL") + "[dynamodb]";
    assert_eq!(faults(&good().replace("[dynamodb]", &third)), ["providers.2.namespace"]);
}

#[test]
fn at_most_one_provider_is_the_main_one() {
    let provider = |id: &str, main: &str| {
        format!("[[providers]]\nid = \"{id}\"\nname = \"{id}\"\nnamespace = \"NL\"\nkind = \"oidc\"\n{main}\n")
    };
    for (first, second, third, told) in [
        ("", "", "", &[][..]),
        ("", "main = true", "", &[]),
        ("main = false", "main = false", "main = true", &[]),
        ("main = true", "main = true", "", &["providers.1.main"]),
        ("main = true", "main = true", "main = true", &["providers.1.main", "providers.2.main"]),
        ("main = 1", "", "main = \"yes\"", &["providers.0.main", "providers.2.main"]),
    ] {
        let more = provider("second", second) + &provider("third", third) + "[dynamodb]";
        let toml =
            good().replace("kind = \"itsme\"", &format!("kind = \"itsme\"\n{first}")).replace("[dynamodb]", &more);
        assert_eq!(faults(&toml), told, "{first} {second} {third}");
    }
    let second = good().replace("[dynamodb]", &(provider("second", "main = true") + "[dynamodb]"));
    let providers = Config::read(Source::from_toml(&second)).unwrap().providers;
    assert_eq!(providers.iter().map(|provider| provider.is_main).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn one_provider_name_with_two_forms_of_numbers_is_a_fault() {
    let (format, pattern) = ("providers.1.eid_format", "providers.1.eid_pattern");
    for (first, second, told) in [
        ("", "eid_format = \"any\"", &[format][..]),
        ("eid_format = \"belgian_unchecked\"", "", &[format]),
        ("", "eid_pattern = \"[0-9]{11}\"", &[pattern]),
        ("eid_pattern = \"[0-9]{11}\"", "eid_pattern = \".*\"", &[pattern]),
        ("eid_pattern = \"[0-9]{11}\"", "eid_format = \"any\"", &[format, pattern]),
        // What is not set has the default.
        ("", "eid_format = \"belgian\"", &[]),
        ("eid_pattern = \"[0-9]{11}\"", "eid_pattern = \"[0-9]{11}\"", &[]),
    ] {
        for name in ["itsme", "other"] {
            let other = format!(
                "{first}\n[[providers]]\nid = \"again\"\nname = \"{name}\"\nnamespace = \"BE\"\nkind = \"oidc\"\n\
                 {second}\n[dynamodb]"
            );
            let expected = if name == "itsme" { told } else { &[] };
            assert_eq!(faults(&good().replace("[dynamodb]", &other)), expected, "{name}: {first} {second}");
        }
    }
}

#[test]
fn a_belgian_register_has_belgian_numbers_unless_the_configuration_says_otherwise() {
    for (namespace, line, format, is_assumed) in [
        ("BE", "", EidFormat::Belgian, true),
        ("NL", "", EidFormat::Any, true),
        ("be", "", EidFormat::Belgian, true),
        ("Be", "", EidFormat::Belgian, true),
        ("BEL", "", EidFormat::Any, true),
        ("NL", "eid_format = \"belgian_unchecked\"\n", EidFormat::BelgianUnchecked, false),
        ("BE", "eid_format = \"any\"\n", EidFormat::Any, false),
        ("EXAMPLE-STAFF", "eid_format = \"belgian\"\n", EidFormat::Belgian, false),
    ] {
        let toml = good()
            .replace("namespace = \"BE\"", &format!("namespace = \"{namespace}\""))
            .replace("[dynamodb]", &format!("{line}[dynamodb]"));
        let rules = Config::read(Source::from_toml(&toml)).unwrap().providers.remove(0).eid;
        assert_eq!((rules.format, rules.is_format_assumed), (format, is_assumed), "{namespace} {line}");
        assert!(rules.pattern.is_none());
    }
}

#[test]
fn a_pattern_is_a_regular_expression() {
    let with = |pattern: &str| good().replace("[dynamodb]", &format!("eid_pattern = '{pattern}'\n[dynamodb]"));
    let config = Config::read(Source::from_toml(&with("[0-9]{11}"))).unwrap();
    assert!(config.providers[0].eid.pattern.as_ref().is_some_and(|pattern| pattern.matches("85073003328")));
    for bad in ["[0-9", "a)|(b", "", "*"] {
        assert_eq!(faults(&with(bad)), ["providers.0.eid_pattern"], "{bad}");
    }
}

#[test]
fn every_sign_in_is_a_new_one_unless_the_configuration_says_otherwise() {
    let with = |line: &str| good().replace("[[providers]]", &format!("{line}\n[[providers]]"));
    for (line, expected) in [("", true), ("prompt_login = true", true), ("prompt_login = false", false)] {
        let config = Config::read(Source::from_toml(&with(line))).unwrap();
        assert_eq!(config.cognito.prompt_login, expected, "{line}");
    }
    assert_eq!(faults(&with("prompt_login = \"login\"")), ["cognito.prompt_login"]);
}

fn with_bridge(more: &str) -> String {
    good().replace("[dynamodb]", &BRIDGE.replace("[dynamodb]", &format!("{more}\n[dynamodb]")))
}

#[test]
fn a_bridge_may_have_a_previous_client_secret_that_differs() {
    let bridge = |toml: &str| Config::read(Source::from_toml(toml)).unwrap().providers.remove(0).bridge.unwrap();
    assert!(bridge(&with_bridge("")).previous_client_secret.is_none());
    let previous = "previous_client_secret = \"what-cognito-proved-itself-with-before\"";
    let text = |secret: Option<ClientSecret>| match secret {
        Some(ClientSecret::Text(secret)) => secret.into_string(),
        other => panic!("{other:?}"),
    };
    let secret = text(bridge(&with_bridge(previous)).previous_client_secret);
    assert_eq!(secret, "what-cognito-proved-itself-with-before");
    for (value, problem) in [
        ("too short", "expected the secret of 32 characters or more that the user pool had before"),
        ("", "expected the secret of 32 characters or more that the user pool had before"),
        ("what-cognito-proves-itself-with-to-the-bridge", "is the same as client_secret"),
    ] {
        let toml = with_bridge(&format!("previous_client_secret = \"{value}\""));
        let Faults(faults) = Config::read(Source::from_toml(&toml)).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].key, "providers.0.bridge.previous_client_secret");
        assert!(faults[0].problem.starts_with(problem), "{faults:?}");
    }
    // From the environment, as templates set it.
    let mut source = Source::from_toml(&with_bridge(""));
    let name = "MYDATA_PROVIDERS__0__BRIDGE__PREVIOUS_CLIENT_SECRET".to_owned();
    source.override_by([(name, "from-the-environment-0123456789-0123456789".to_owned())]);
    let bridge = Config::read(source).unwrap().providers.remove(0).bridge.unwrap();
    assert!(text(bridge.previous_client_secret).starts_with("from-the-environment"));
}

#[test]
fn the_audience_of_assertions_is_the_token_endpoint_or_the_issuer() {
    for (more, audience) in [
        ("", "https://idp.int.identitysandbox.gov/api/openid_connect/token"),
        ("assertion_audience = \"token_endpoint\"", "https://idp.int.identitysandbox.gov/api/openid_connect/token"),
        ("assertion_audience = \"issuer\"", "https://idp.int.identitysandbox.gov/"),
    ] {
        let config = Config::read(Source::from_toml(&with_bridge(more))).unwrap();
        assert_eq!(config.providers[0].bridge.as_ref().unwrap().assertion_audience(), audience, "{more}");
    }
    for wrong in ["Issuer", "", "https://idp.int.identitysandbox.gov/"] {
        let toml = with_bridge(&format!("assertion_audience = \"{wrong}\""));
        assert_eq!(faults(&toml), ["providers.0.bridge.assertion_audience"], "{wrong}");
    }
}

#[test]
fn an_id_with_which_metrics_mean_something_else_is_refused() {
    let with = |id: &str| good().replace("id = \"itsme\"", &format!("id = \"{id}\""));
    assert!(faults(&with("another")).is_empty());
    for id in ["none", "user_pool"] {
        assert_eq!(faults(&with(id)), ["providers.0.id"], "{id}");
    }
}

#[test]
fn added_parameters_are_unique_and_not_reserved() {
    let with = |parameters: &str| {
        good().replace("[dynamodb]", &BRIDGE.replace("[dynamodb]", &format!("parameters = [{parameters}]\n[dynamodb]")))
    };
    assert!(faults(&with("\"acr_values=a b\", \"prompt=select_account\"")).is_empty());
    for wrong in ["State=x", "NONCE=y", "request=jwt", "request_uri=x", "client_assertion=x", "no value", "=x"] {
        assert_eq!(faults(&with(&format!("\"{wrong}\""))), ["providers.0.bridge.parameters"], "{wrong}");
    }
    assert_eq!(faults(&with("\"acr_values=a\", \"ACR_values=b\"")), ["providers.0.bridge.parameters"]);
}

#[test]
fn an_address_is_kept_as_written_except_for_the_slash_of_a_base() {
    let toml = good()
        .replace("[dynamodb]", &BRIDGE.replace("/api/openid_connect/token\"", "/api/openid_connect/token/\""))
        .replace("[[providers]]", "issuer = \"https://idp.example/pool/\"\n[[providers]]");
    let config = Config::read(Source::from_toml(&toml)).unwrap();
    let bridge = config.providers[0].bridge.as_ref().unwrap();
    assert!(bridge.token_endpoint.as_str().ends_with("/token/"), "{}", bridge.token_endpoint.as_str());
    assert_eq!(config.cognito.issuer.as_str(), "https://idp.example/pool");
}

#[test]
fn endpoints_of_a_bridge_that_are_left_out_are_below_its_issuer() {
    let is_endpoint =
        |line: &&str| ["authorization_endpoint", "token_endpoint", "jwks_uri"].iter().any(|key| line.starts_with(key));
    let without = |kind: &str, issuer: &str| {
        let lines: Vec<_> = BRIDGE.lines().filter(|line| !is_endpoint(line)).collect();
        let bridge = lines.join("\n").replace("https://idp.int.identitysandbox.gov/", issuer);
        good().replace("kind = \"itsme\"", &format!("kind = \"{kind}\"")).replace("[dynamodb]", &bridge)
    };
    // With or without a slash at the end of the issuer.
    for issuer in ["https://secure.login.gov/", "https://secure.login.gov"] {
        let config = Config::read(Source::from_toml(&without("login_gov", issuer))).unwrap();
        let bridge = config.providers[0].bridge.as_ref().unwrap();
        assert_eq!(bridge.issuer.as_str(), issuer);
        assert_eq!(bridge.authorization_endpoint.as_str(), "https://secure.login.gov/openid_connect/authorize");
        assert_eq!(bridge.token_endpoint.as_str(), "https://secure.login.gov/api/openid_connect/token");
        assert_eq!(bridge.jwks_uri.as_str(), "https://secure.login.gov/api/openid_connect/certs");
    }
    // One that is set is kept.
    let set = without("login_gov", "https://secure.login.gov/")
        .replace("signing_key_files", "token_endpoint = \"https://other.example/token\"\nsigning_key_files");
    let config = Config::read(Source::from_toml(&set)).unwrap();
    let bridge = config.providers[0].bridge.as_ref().unwrap();
    assert_eq!(bridge.token_endpoint.as_str(), "https://other.example/token");
    assert_eq!(bridge.jwks_uri.as_str(), "https://secure.login.gov/api/openid_connect/certs");
    // A faulty issuer is one fault; a kind without such defaults needs the endpoints.
    assert_eq!(faults(&without("login_gov", "http://secure.login.gov/")), ["providers.0.bridge.issuer"]);
    let missing =
        ["authorization_endpoint", "token_endpoint", "jwks_uri"].map(|key| format!("providers.0.bridge.{key}"));
    assert_eq!(faults(&without("oidc", "https://idp.example/")), missing);
}

#[test]
fn a_service_without_settings_has_no_name_and_no_links() {
    let config = Config::read(Source::from_toml(&good())).unwrap();
    assert_eq!(config.service, Service::default());
    let table = "[service]\nname = \" Mijn gegevens \"\ncontact_url = \"mailto:help@mydata.example\"\n";
    let config = Config::read(Source::from_toml(&(good() + table))).unwrap();
    let contact = config.service.contact_url.unwrap();
    assert!(Language::ALL.iter().all(|&language| contact.get(language) == "mailto:help@mydata.example"));
    assert_eq!(config.service.privacy_url, None);
    assert!(config.service.name.is_some_and(|name| name.get(Language::Fr).trim() == "Mijn gegevens"));
    assert_eq!(faults(&(good() + "[service]\ntime_zone = \"Brussels\"\n")), ["service.time_zone"]);
    let zone = Config::read(Source::from_toml(&(good() + "[service]\ntime_zone = \"America/New_York\"\n"))).unwrap();
    assert_eq!(Some(zone.service.time_zone), app::TimeZone::named("America/New_York"));
    assert_eq!(faults(&(good() + "[service]\nemail = \"help@mydata.example\"\n")), ["service.email"]);
}

/// The Base64 of 32 equal bytes, and of two random keys.
const WEAK: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const ONE: &str = "1MF3Xx0tPq0l3xT4m9O1cW8fIhYkZ0a7nQb2sRgVdEo=";
const TWO: &str = "hV5y2uK8bqv0Nw7mZc1dTj4rXe9fGs6LpA3iOoQlRkU=";
/// The key of the example.
const OWN: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The faults of the example with `key` as `pseudonym.key`, and with `more` in the same section.
fn key_faults(key: &str, more: &str) -> Vec<String> {
    faults(&Example::aws().pseudonym_key(key).with(more).to_toml())
}

#[test]
fn each_fault_of_a_key_is_found() {
    for (key, more, expected) in [
        (OWN, String::new(), &[][..]),
        (OWN, format!("[keys]\nsession = [\"{ONE}\", \"{TWO}\"]"), &[]),
        (OWN, format!("[keys]\nsession = [\"derived\", \"{ONE}\"]"), &[]),
        (OWN, "[keys]\nsession_secret_arns = [\"arn:aws:x\", \"derived\"]".to_owned(), &[]),
        (ONE, format!("generation = 2\nprevious_key = \"{OWN}\"\nmove_records = false"), &[]),
        (ONE, "generation = 3\nprevious_key_secret_arn = \"arn:aws:x\"".to_owned(), &[]),
        (ONE, "generation = 2".to_owned(), &[]),
        // A weak key is accepted only to find the records under it.
        (WEAK, String::new(), &["pseudonym.key"]),
        (ONE, format!("generation = 2\nprevious_key = \"{WEAK}\""), &[]),
        (OWN, format!("[keys]\nsession = [\"{ONE}\", \"{WEAK}\"]"), &["keys.session.1"]),
        // The same bytes in two places, in whatever spelling.
        (OWN, format!("[keys]\nsession = [\"{ONE}\", \"{OWN}\"]"), &["keys.session.1"]),
        (OWN, format!("[keys]\nsession = [\"{ONE}\", \"{ONE}\"]"), &["keys.session.1"]),
        (OWN, format!("generation = 2\nprevious_key = \"{}\"", OWN.trim_end_matches('=')), &["pseudonym.previous_key"]),
        (ONE, format!("generation = 2\nprevious_key = \"{OWN}\"\n[keys]\nsession = [\"{OWN}\"]"), &["keys.session.0"]),
        (WEAK, format!("generation = 2\nprevious_key = \"{WEAK}\""), &["pseudonym.previous_key", "pseudonym.key"]),
        // Not a key, or not only one.
        (OWN, format!("[keys]\nsession = [\"{ONE}\", \"short\"]"), &["keys.session.1"]),
        (OWN, "[keys]\nsession = [\"derived\", \"derived\"]".to_owned(), &["keys.session.1"]),
        (OWN, "[keys]\nsession_secret_arns = [\"secret\"]".to_owned(), &["keys.session_secret_arns.0"]),
        (
            OWN,
            format!("[keys]\nsession = [\"{ONE}\"]\nsession_secret_arns = [\"arn:aws:x\"]"),
            &["keys.session_secret_arns"],
        ),
        (OWN, "[keys]\nsession = []".to_owned(), &["keys.session"]),
        (OWN, "[keys]\nsession_secret_arns = []".to_owned(), &["keys.session_secret_arns"]),
        (OWN, "key_secret_arn = \"arn:aws:x\"".to_owned(), &["pseudonym.key"]),
        (
            ONE,
            format!("generation = 2\nprevious_key = \"{OWN}\"\nprevious_key_secret_arn = \"arn:aws:x\""),
            &["pseudonym.previous_key"],
        ),
        // The generations.
        (ONE, format!("previous_key = \"{OWN}\""), &["pseudonym.generation"]),
        (ONE, format!("generation = 1\nprevious_key = \"{OWN}\""), &["pseudonym.generation"]),
        (OWN, "generation = 0".to_owned(), &["pseudonym.generation"]),
        (OWN, "generation = -1".to_owned(), &["pseudonym.generation"]),
        (OWN, "move_records = false".to_owned(), &["pseudonym.move_records"]),
        (OWN, "move_records = \"later\"".to_owned(), &["pseudonym.move_records"]),
    ] {
        let mut found = key_faults(key, &more);
        found.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{key} {more}");
    }
}

#[test]
fn the_fault_for_a_weak_pseudonym_key_says_how_to_change_it() {
    let faults = Config::read(Source::from_toml(&Example::aws().pseudonym_key(WEAK).to_toml())).unwrap_err();
    let text = faults.to_string();
    for part in ["openssl rand -base64 32", "pseudonym.previous_key", "pseudonym.generation", "docs/KEYS.md"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("AAAA"), "{text}");
}

#[test]
fn keys_come_from_the_environment_too() {
    let mut source = Source::from_toml(&good());
    let variables = [
        ("MYDATA_KEYS__SESSION", format!("{ONE},derived")),
        ("MYDATA_PSEUDONYM__KEY", TWO.to_owned()),
        ("MYDATA_PSEUDONYM__PREVIOUS_KEY", OWN.to_owned()),
        ("MYDATA_PSEUDONYM__GENERATION", "2".to_owned()),
        ("MYDATA_PSEUDONYM__MOVE_RECORDS", "false".to_owned()),
    ];
    source.override_by(variables.map(|(name, value)| (name.to_owned(), value)));
    let config = Config::read(source).unwrap();
    assert!(matches!(config.keys.session[..], [SessionKey::Own(KeySource::Bytes(_)), SessionKey::Derived]));
    assert_eq!((config.pseudonym.generation, config.pseudonym.move_records), (2, false));
    assert!(config.pseudonym.previous_key.is_some());
    let default = Config::read(Source::from_toml(&good())).unwrap();
    assert_eq!(default.keys.session, [SessionKey::Derived]);
    assert_eq!((default.pseudonym.generation, default.pseudonym.move_records), (1, true));
}

/// A provider of case workers, without its client.
const STAFF: &str = "[[providers]]\nid = \"staff\"\nname = \"IAMIdentityCenter\"\nnamespace = \"EXAMPLE-WORKFORCE\"\nkind = \"identity_center\"\n";
const CLIENT: &str = "[providers.client]\nclient_id = \"7p1\"\nclient_secret = \"s3cret\"\n";
const DOCUMENTS: &str = "[documents]\napplication_arn = \"arn:aws:sso::123456789012:application/ssoins-1/apl-2\"\nrole_arn = \"arn:aws:iam::123456789012:role/person\"\n";

#[test]
fn documents_are_in_the_region_of_the_user_pool_and_in_the_account_of_the_role_unless_the_configuration_says_otherwise()
{
    let read = |more: &str| {
        let toml = format!("{}{STAFF}{CLIENT}{DOCUMENTS}{more}", good());
        Config::read(Source::from_toml(&toml)).unwrap().documents.unwrap()
    };
    let documents = read("");
    assert_eq!((&*documents.account_id, &*documents.region), ("123456789012", "eu-west-1"));
    let documents = read("account_id = \"210987654321\"\nregion = \"eu-central-1\"\n");
    assert_eq!((&*documents.account_id, &*documents.region), ("210987654321", "eu-central-1"));
}

#[test]
fn case_workers_need_documents_and_an_app_client_of_their_own() {
    let is_for = |toml: &str| {
        let config = Config::read(Source::from_toml(toml)).unwrap();
        config.providers.iter().map(|provider| config.is_for_case_workers(provider)).collect::<Vec<_>>()
    };
    assert_eq!(is_for(&format!("{}{STAFF}", good())).last(), Some(&false), "as before there were documents");
    assert_eq!(is_for(&format!("{}{STAFF}{CLIENT}{DOCUMENTS}", good())).last(), Some(&true));
    let staff = Config::read(Source::from_toml(&format!("{}{STAFF}", good()))).unwrap().providers.len() - 1;
    let of_staff = |key: &str| format!("providers.{staff}.{key}");
    let rows = [
        (format!("{STAFF}{DOCUMENTS}"), of_staff("client")),
        (DOCUMENTS.to_owned(), "documents".to_owned()),
        (
            format!("{STAFF}{CLIENT}client_secret_arn = \"arn:aws:secretsmanager:x\"\n"),
            of_staff("client.client_secret"),
        ),
        (format!("{STAFF}[providers.client]\nclient_id = \"7p1\"\n"), of_staff("client.client_secret")),
        (format!("{STAFF}[providers.client]\nclient_secret = \"s\"\n"), of_staff("client.client_id")),
        (format!("{}{CLIENT}", STAFF.replace("identity_center", "oidc")), of_staff("client")),
        (format!("{STAFF}{CLIENT}{}", DOCUMENTS.replace(":sso:", ":s3:")), "documents.application_arn".to_owned()),
        (format!("{STAFF}{CLIENT}{}", DOCUMENTS.replace("role/", "user/")), "documents.role_arn".to_owned()),
        (format!("{STAFF}{CLIENT}{DOCUMENTS}account_id = \"12\"\n"), "documents.account_id".to_owned()),
        (format!("{STAFF}{CLIENT}{DOCUMENTS}region = \"a/b\"\n"), "documents.region".to_owned()),
        (
            format!("{STAFF}{CLIENT}{DOCUMENTS}s3_endpoint_url = \"http://s3.example\"\n"),
            "documents.s3_endpoint_url".to_owned(),
        ),
    ];
    for (more, key) in rows {
        assert_eq!(faults(&format!("{}{more}", good())), [key], "{more}");
    }
}

const ASSISTANT: &str = "[assistant]\napplication_id = \"5d2c1f3a-7b64-4c8e-9a10-2f6b1c0d3001\"\n";

#[test]
fn the_assistant_is_in_the_region_of_the_documents_unless_the_configuration_says_otherwise() {
    let read = |region: &str, more: &str| {
        let toml = format!("{}{STAFF}{CLIENT}{DOCUMENTS}{region}{ASSISTANT}{more}", good());
        Config::read(Source::from_toml(&toml)).unwrap().assistant.unwrap().region
    };
    assert_eq!(read("", ""), "eu-west-1");
    assert_eq!(read("region = \"eu-central-1\"\n", "region = \"us-west-2\"\n"), "us-west-2");
    let config = Config::read(Source::from_toml(&format!("{}{STAFF}{CLIENT}{DOCUMENTS}", good()))).unwrap();
    assert!(config.assistant.is_none());
}

#[test]
fn the_assistant_needs_documents_and_a_region_that_has_it() {
    let all = format!("{STAFF}{CLIENT}{DOCUMENTS}");
    for (more, key) in [
        (ASSISTANT.to_owned(), "assistant"),
        (format!("{all}region = \"eu-central-1\"\n{ASSISTANT}"), "assistant.region"),
        (format!("{all}{ASSISTANT}region = \"eu-central-1\"\n"), "assistant.region"),
        (format!("{all}{}", ASSISTANT.replace("5d2c", "5D2C")), "assistant.application_id"),
        (format!("{all}[assistant]\nregion = \"eu-west-1\"\n"), "assistant.application_id"),
        (format!("{all}{ASSISTANT}endpoint_url = \"http://q.example\"\n"), "assistant.endpoint_url"),
    ] {
        assert_eq!(faults(&format!("{}{more}", good())), [key], "{more}");
    }
}
