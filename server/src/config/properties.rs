use std::collections::BTreeMap;

use ::url::Url;
use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::properties::cases;

/// Every key, with a valid value and with invalid values.
const KEYS: &[(&str, &str, &[&str])] = &[
    ("public_url", "https://mydata.example", &["", "mydata.example", "http://mydata.example", "https://a.example/b"]),
    ("listen", "0.0.0.0:3000", &["", "3000", "0.0.0.0", "localhost:3000", "0.0.0.0:65536"]),
    ("trusted_proxies", "10.0.0.0/8 2001:db8::7", &["a.example", "0.0.0.0/0", "10.0.0.0/33", "10.0.0.1:80"]),
    ("cognito.region", "eu-west-1", &["", "eu west 1", "eu/west", "a.example/#", "xn--", "é"]),
    ("cognito.user_pool_id", "eu-west-1_AbCdEf123", &["", "a/b", "a?b", "a b"]),
    ("cognito.user_pool_web_client_id", "4u8example", &["", "a b", "a&b"]),
    ("cognito.client_secret", "GOODSECRETGOODSECRET", &["", "S3CRET\u{0}S3CRET", "S3CRET\nS3CRET"]),
    (
        "cognito.domain",
        "mydata.auth.example",
        &["", "https://a.example", "a.example:80", "u@a.example", "a b", "a\\b", "a\tb"],
    ),
    (
        "cognito.domain_url",
        "http://127.0.0.1:9000",
        &["", "http://a.example", "ftp://127.0.0.1", "https://u@a.example"],
    ),
    (
        "cognito.issuer",
        "https://issuer.example/pool",
        &["", "http://a.example", "https://a.example?b", "https:\\\\a.example"],
    ),
    (
        "cognito.scopes",
        "openid email",
        &["email", "openid aws.cognito.signin.user.admin", "openid,openid2,aws.cognito.signin.user.admin"],
    ),
    ("cognito.prompt_login", "false", &["", "no", "login", "0"]),
    ("providers.0.id", "itsme", &["", "its me", "a/b"]),
    ("providers.0.name", "itsme", &["", "its\u{0}me"]),
    ("providers.0.namespace", "BE", &["", "\u{1}\u{1}"]),
    ("providers.0.eid_format", "any", &["", "Belgian", "BE"]),
    ("providers.0.eid_pattern", "[0-9]{11}", &["", "[0-9", "a)|(b"]),
    ("providers.0.kind", "itsme", &["", "Itsme", "other"]),
    ("providers.0.main", "true", &["", "yes", "1", "True"]),
    ("dynamodb.records_table", "records", &["", "ab", "a b c", "a/b"]),
    ("dynamodb.sessions_table", "sessions", &["", "ab", "records"]),
    ("dynamodb.endpoint_url", "http://localhost:8000", &["", "http://a.example", "localhost:8000"]),
    ("dynamodb.backup_days", "35", &["", "0", "-1", "36601", "1.5", "a month"]),
    ("activity.retention_days", "365", &["", "0", "-1", "3661", "1.5", "a year"]),
    ("session.idle_minutes", "15", &["", "0", "-1", "44641", "1.5", "99999999999999999999"]),
    ("session.absolute_minutes", "480", &["", "0", "long"]),
    ("service.name", "Mijn gegevens", &["", LONG_NAME]),
    ("service.time_zone", "Europe/Brussels", &["", "Brussels", "UTC+1", "Europe/Brussels\u{0}"]),
    ("service.organisation", "Stad Gent", &["", LONG_NAME]),
    (
        "service.contact_url",
        "mailto:help@mydata.example",
        &["", "help@mydata.example", "javascript:alert(1)", "http://a.example", "mailto:a b@c"],
    ),
    ("service.privacy_url", "https://a.example/privacy", &["", "http://a.example", "mailto:a@b.example", "/privacy"]),
    ("service.accessibility_url", "https://a.example/?a=b#c", &["", "ftp://a.example", "https://a.example/ b"]),
    ("service.organisation_url", "https://a.example/", &["", "http://a.example", "a.example"]),
    ("service.logo", LOGO, &["", "nowhere.svg", "/dev/zero", "Cargo.toml"]),
    ("service.logo_dark", LOGO, &["", "nowhere.svg", "/"]),
    ("service.logo_has_name", "true", &["", "yes"]),
    ("service.accent", "#1246a6", &["", "blue", "#777777", "#fff"]),
    ("service.accent_dark", "#9cc0ff", &["", "#1246a6", "9cc0ff"]),
    ("service.phase", "test", &["", "alpha", "Test"]),
    ("service.contact_email", "help@mydata.example", &["", "help", "mailto:a@b.example", "a b@c.example"]),
    ("service.contact_phone", "+32 2 555 12 34", &["", "12", "tel:1819", "call us"]),
    ("service.help_url", "https://a.example/help", &["", "http://a.example", "/help"]),
    ("service.cookies_url", "https://a.example/cookies", &["", "http://a.example", "/cookies"]),
    ("service.terms_url", "https://a.example/terms", &["", "http://a.example", "/terms"]),
    ("service.accessibility.status", "fully", &["", "yes", "partial"]),
    ("service.accessibility.law", "BE", &["", "be", "US"]),
    ("service.accessibility.prepared", "2026-11-25", &["", "25/11/2026", "2026-02-30"]),
    ("service.accessibility.method", "self", &["", "both"]),
    ("service.accessibility.answer_days", "30", &["", "0", "366", "soon"]),
    ("service.accessibility.enforcement_name", "Ombudsman", &[""]),
    ("service.accessibility.enforcement_url", "https://a.example/complain", &["", "http://a.example"]),
    ("service.security_contact_url", "mailto:a@b.example", &["", "a@b.example", "http://a.example"]),
    ("security.policy_report_url", "https://a.example/?b=c", &["", "http://a.example", "https://a.example/;b", "/b"]),
    ("limits.connections", "5000", &["", "0", "-1", "1000001", "1.5"]),
    ("limits.connections_per_address", "256", &["", "0", "many"]),
    ("limits.requests_in_flight", "1024", &["", "0", "1 000"]),
    ("log.wait", "true", &["", "yes", "1"]),
    (
        "api.allowed_origins",
        "https://a.example, http://127.0.0.1",
        &["*", "null", "http://a.example", "https://a.example/x"],
    ),
    ("pseudonym.key", GOOD_KEY, &["", "S3CRETS3CRET", "S3CRET S3CRET S3CRET S3CRET S3CRET S3CRET S3CRET"]),
];
const LOGO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/favicon.svg");
const GOOD_KEY: &str = testkit::example::PSEUDONYM_KEY;
/// 61 characters.
const LONG_NAME: &str = "My Data My Data My Data My Data My Data My Data My Data My Da";

fn good() -> BTreeMap<&'static str, String> {
    KEYS.iter().map(|(key, value, _)| (*key, (*value).to_owned())).collect()
}

/// A document with these values. Every character is escaped, so that it cannot end its string.
fn document(values: &BTreeMap<&'static str, String>) -> String {
    values.iter().map(|(key, value)| format!("{key} = \"{}\"\n", escaped(value))).collect()
}

fn escaped(text: &str) -> String {
    text.chars().map(|character| format!("\\U{:08x}", u32::from(character))).collect()
}

fn variable(key: &str) -> String {
    format!("MYDATA_{}", key.to_uppercase().replace('.', "__"))
}

/// Panics unless a refusal gives a reason without secrets, and an accepted configuration is safe.
fn holds(read: &Result<Config, Faults>, secrets: &[&str]) {
    let shown = match read {
        Ok(config) => {
            let addresses = [config.public_url.origin(), config.cognito.issuer.at(""), config.cognito.domain.at("/x")];
            addresses.iter().for_each(|address| assert_safe(address));
            // Joined as in the authorization request.
            let scopes = config.cognito.scopes.join(" ");
            let scopes: Vec<_> = scopes.split_whitespace().collect();
            assert!(scopes.contains(&"openid") && !scopes.contains(&"aws.cognito.signin.user.admin"), "{scopes:?}");
            format!("{config:?} {config:#?}")
        }
        Err(faults) => {
            assert!(!faults.0.is_empty(), "refused without a reason");
            assert!(faults.0.iter().all(|fault| !fault.problem.is_empty()), "{faults}");
            format!("{faults} {faults:?}")
        }
    };
    for secret in secrets.iter().filter(|secret| secret.len() > 5) {
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn assert_safe(address: &str) {
    let url = Url::parse(address).unwrap();
    let host = url.host_str().unwrap();
    let loopback = matches!(host, "localhost" | "[::1]")
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.octets()[0] == 127);
    assert!(url.scheme() == "https" || (url.scheme() == "http" && loopback), "{address:?}");
    // Stricter parsers than browsers' must read it in the same way.
    assert!(address.starts_with(&format!("{}://", url.scheme())), "{address:?}");
    assert!(!address.contains(|it: char| it.is_control() || it.is_whitespace() || it == '\\'), "{address:?}");
    assert!(url.username().is_empty() && url.password().is_none(), "{address:?}");
}

#[rustfmt::skip]
const ADDRESS_PARTS: &[&str] = &[
    "https://", "http://", "https:", "//", "\\\\", "ftp://", "localhost", "127.0.0.1", "127.1", "[::1]", "0.0.0.0",
    "evil.example", "@", "user:pass@", ":", ":80", "/", "\\", "?", "#", ".", "..", "xn--", "%2e", "%00", "\t", "\n", " ",
    "\u{ad}", "。", "é", "EXAMPLE", "[::ffff:127.0.0.1]", "openid", "aws.cognito.signin.user.admin", "arn:", "[", "\"",
];

/// Arbitrary values, almost valid addresses, and valid values of other keys.
fn value() -> impl Strategy<Value = String> {
    let parts = select(ADDRESS_PARTS);
    prop_oneof![
        3 => vec(parts, 0..6).prop_map(|parts| parts.concat()),
        1 => any::<String>(),
        1 => select(KEYS).prop_map(|(_, good, _)| good.to_owned()),
        2 => select(KEYS).prop_flat_map(|(_, _, bad)| select(bad)).prop_map(str::to_owned),
        1 => (select(&["xn--", "a.", "1"][..]), 1..300_usize).prop_map(|(part, times)| part.repeat(times)),
    ]
}

fn scope() -> impl Strategy<Value = String> {
    let parts = select(
        &["openid", "openid", "email", "aws.cognito.signin.user.admin", " ", "\t", ",", "\u{a0}", "é", "\""][..],
    );
    vec(parts, 0..4).prop_map(|parts| parts.concat())
}

/// A document with one character removed, added or replaced, as by a typing error.
fn slip() -> impl Strategy<Value = String> {
    let good = format!(
        "public_url = \"https://mydata.example\"\n[cognito]\nclient_secret = \"{SECRET}\"\nscopes = [\"openid\"]\n\
         [[providers]]\nid = \"itsme\"\n[pseudonym]\nkey = '{SECRET_KEY}'\n"
    );
    let slips = vec!['"', '\'', '=', '\n', '[', ']', '{', '#', '\\', '.', ',', 'x', 'é', '\0', '\r'];
    let last_lines = ["".to_owned(), format!("key_secret_arn = {SECRET_KEY}\n"), format!("key = '{SECRET_KEY}'\n")];
    (0..good.len(), 0..3_u8, select(slips), select(last_lines.to_vec())).prop_map(
        move |(at, how, character, last_line)| {
            let (before, after) = good.split_at(at);
            match how {
                0 => format!("{before}{}{last_line}", &after[1..]),
                1 => format!("{before}{character}{after}{last_line}"),
                _ => format!("{before}{character}{}{last_line}", &after[1..]),
            }
        },
    )
}
const SECRET: &str = "1S3CRETS3CRETS3CRET";
const SECRET_KEY: &str = "99SECRETKEYSECRETKEYSECRETKEY";

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn any_file_is_read_or_refused_with_a_reason(
        text in prop_oneof![
            any::<String>(),
            "([a-z]{0,3}[.=\\[\\]{}\"'\n# ]{0,3}[0-9é:T-]{0,3}){0,12}",
            (select(KEYS), "\\PC{0,12}").prop_map(|((key, ..), value)| format!("{key} = {value}")),
        ],
    ) {
        holds(&Config::read(Source::from_toml(&text)), &[]);
    }

    #[test]
    fn a_typing_error_shows_no_secret(text in slip()) {
        holds(&Config::read(Source::from_toml(&text)), &["S3CRET", "SECRETKEY"]);
    }

    #[test]
    fn only_safe_values_are_accepted_and_every_fault_names_its_key(
        values in vec((select(KEYS), value(), any::<bool>()), 1..4),
        left_out in select(KEYS),
    ) {
        let mut file = good();
        if values.len() == 1 {
            file.remove(left_out.0);
        }
        let mut variables = Vec::new();
        for ((key, ..), value, in_file) in values {
            if in_file {
                file.insert(key, value);
            } else {
                variables.push((variable(key), value));
            }
        }
        let given: Vec<_> =
            file.iter().map(|(key, value)| (variable(key), value.clone())).chain(variables.clone()).collect();
        let is_secret = |name: &str| name.ends_with("SECRET") || name.ends_with("KEY");
        // A value that another key also has is not secret.
        let secrets: Vec<_> = given
            .iter()
            .filter(|(name, value)| is_secret(name) && (value.contains("CRET") || value == GOOD_KEY))
            .map(|(_, value)| value.trim())
            .filter(|secret| !given.iter().any(|(name, value)| !is_secret(name) && value.contains(secret)))
            .collect();
        let mut source = Source::from_toml(&document(&file));
        source.override_by(variables);
        let read = Config::read(source);
        holds(&read, &secrets);
        if let Err(Faults(faults)) = read {
            for fault in faults {
                prop_assert!(KEYS.iter().any(|(key, ..)| *key == fault.key) || fault.key == "providers", "{:?}", fault);
            }
        }
    }

    #[test]
    fn an_accepted_address_is_https_or_loopback_and_unambiguous(text in value()) {
        if let Some(url) = PublicUrl::parse(&text) {
            assert_safe(&url.origin());
        }
        if let Some(endpoint) = Endpoint::parse(&text) {
            assert_safe(endpoint.as_str());
        }
    }

    #[test]
    fn the_scope_that_can_change_custom_eid_is_never_requested(scopes in vec(scope(), 0..4)) {
        let mut file = good();
        file.remove("cognito.scopes");
        let written: Vec<_> = scopes.iter().map(|scope| format!("\"{}\"", escaped(scope))).collect();
        let text = format!("{}cognito.scopes = [{}]", document(&file), written.join(", "));
        holds(&Config::read(Source::from_toml(&text)), &[]);
    }

    #[test]
    fn any_variables_are_read_or_refused_with_a_reason(
        variables in vec((prop_oneof![
            select(KEYS).prop_map(|(key, ..)| variable(key)),
            "MYDATA_(PROVIDERS|COGNITO__SCOPES|COGNITO)(__(0|1|99|007|\\+1|18446744073709551615|ID|SCOPES)){0,3}",
            any::<String>().prop_map(|name| format!("MYDATA_{name}")),
        ], value()), 0..6),
    ) {
        let mut source = Source::from_toml(&document(&good()));
        source.override_by(variables);
        holds(&Config::read(source), &[]);
    }
}

/// Tries each invalid value of the table in the file and, unless it is empty, as a variable.
#[test]
fn a_fault_in_one_key_is_reported_under_that_key() {
    assert!(Config::read(Source::from_toml(&document(&good()))).is_ok());
    for (key, _, bad) in KEYS {
        for value in *bad {
            let mut file = good();
            file.insert(key, (*value).to_owned());
            refused(Config::read(Source::from_toml(&document(&file))), key, value);
            if !value.is_empty() {
                file.insert(key, good()[key].clone());
                let mut source = Source::from_toml(&document(&file));
                source.override_by([(variable(key), (*value).to_owned())]);
                refused(Config::read(source), key, value);
            }
        }
    }
    for key in
        ["public_url", "cognito.region", "cognito.user_pool_id", "cognito.user_pool_web_client_id", "pseudonym.key"]
    {
        let mut file = good();
        file.remove(key);
        refused(Config::read(Source::from_toml(&document(&file))), key, "nothing");
    }
}

fn refused(read: Result<Config, Faults>, key: &str, value: &str) {
    holds(&read, &[value].map(|value| if key.ends_with("secret") || key.ends_with(".key") { value } else { "" }));
    let keys: Vec<_> =
        read.map_or_else(|Faults(faults)| faults, |_| Vec::new()).into_iter().map(|fault| fault.key).collect();
    assert_eq!(keys, [key], "{key} = {value:?}");
}
