use testkit::example::{Addresses, Cognito, Example};

use super::*;
use crate::config::Source;

fn config(providers: &str) -> Config {
    let cognito = Cognito {
        region: "us-east-2".to_owned(),
        user_pool_id: "us-east-2_Zz".to_owned(),
        client_id: "app".to_owned(),
        addresses: Addresses::Domain("login.example".to_owned()),
        ..Cognito::aws()
    };
    let example = Example::at("https://eu-west-1.example", cognito).providers([]).with(providers);
    Config::read(Source::from_toml(&example.to_toml())).unwrap()
}

const OIDC: &str = "[[providers]]\nid = \"o\"\nname = \"O\"\nnamespace = \"N\"\nkind = \"oidc\"\n";

fn auth0(id: &str, more: &str) -> String {
    format!("[[providers]]\nid = \"{id}\"\nname = \"Staff {id}\"\nnamespace = \"NL\"\nkind = \"auth0\"\n{more}\n")
}

/// A provider of case workers, and their documents in another region than the user pool.
const CASE_WORKERS: &str = r#"
[[providers]]
id = "staff"
name = "Workforce"
namespace = "WORK"
kind = "identity_center"
[providers.client]
client_id = "staff-client"
client_secret_arn = "arn:aws:secretsmanager:us-east-2:1:secret:staff"
[documents]
application_arn = "arn:aws:sso::999999999999:application/ssoins-9/apl-9"
role_arn = "arn:aws:iam::999999999999:role/person"
region = "eu-north-1"
"#;

fn guide(kind: &str) -> FilledGuide {
    FilledGuide::of(kind).unwrap()
}

#[test]
fn longer_examples_win_and_inserted_values_stay() {
    let values = [("a", "b"), ("b", "c"), ("ab", "aab")];
    let values = values.map(|(example, value)| (example.to_owned(), value.to_owned())).to_vec();
    assert_eq!(fill("a b ab é", values), "b c aab é");
    // The reader's origin holds the region of the example.
    let text = guide("itsme").text(&config(OIDC), None).unwrap();
    assert!(text.contains("`https://eu-west-1.example/auth/callback`") && text.contains("--region 'us-east-2'"));
}

#[test]
fn every_example_is_on_its_page() {
    let own = "issuer = \"https://i.example\"\nclient_id = \"c\"\n";
    let bridge = "authorization_endpoint = \"https://i.example/a\"\ntoken_endpoint = \"https://i.example/t\"\n\
                  jwks_uri = \"https://i.example/j\"\nclient_secret = \"0123456789012345678901234567890123456789\"\n\
                  signing_key_files = [\"k\"]\n";
    for guide in kinds().map(guide) {
        let bridge = if guide.kind.bridge.is_some() { format!("[providers.bridge]\n{bridge}") } else { String::new() };
        let toml = auth0("a", &format!("sign_out_endpoint = \"https://o.example\"\n{bridge}{own}"));
        let toml = if guide.guide.documents.is_some() { CASE_WORKERS } else { &toml.replace("auth0", guide.kind.id) };
        let config = config(toml);
        let own = guide.provider_values(&config.providers[0]);
        let documents = guide.guide.documents.iter();
        let documents = documents.flat_map(|examples| documents_values(examples, &config, config.providers.first()));
        let values = shared_values(&config).into_iter().chain(own).chain(documents);
        for (example, _) in values.filter(|(example, _)| !example.starts_with(['"', '`'])) {
            assert!(guide.guide.page.contains(&example), "{example} is not in the guide of {}", guide.kind.id);
        }
    }
}

#[test]
fn without_a_provider_of_the_kind_the_first_line_says_so() {
    for guide in kinds().map(guide) {
        let text = guide.text(&config(OIDC), None).unwrap();
        let first = text.lines().next().unwrap();
        assert!(first.contains(&format!("no provider of the kind {}", guide.kind.id)), "{first}");
        assert!(!text.contains("mydata.example"));
        if let Some(examples) = &guide.guide.openid {
            assert!(text.contains(examples.issuer) && text.contains(examples.client_id));
        }
    }
    let text = guide("login_gov").text(&config(OIDC), None).unwrap();
    assert!(text.contains("MYDATA_PROVIDERS__1__BRIDGE"), "it will be the second one");
}

#[test]
fn missing_values_are_noted_above_the_page() {
    let text = guide("auth0").text(&config(&auth0("a", "client_id = \"c\"")), None).unwrap();
    assert!(text.starts_with("> The configuration has no issuer for this provider"), "{}", &text[..200]);
    assert!(!text.contains("no client_id for"));
    let whole = auth0("a", "client_id = \"c\"\nissuer = \"https://i.example\"");
    let text = guide("auth0").text(&config(&whole), None).unwrap();
    assert!(
        text.starts_with("# Auth0")
            && text.contains("values of your configuration")
            && !text.contains("example values")
    );
}

#[test]
fn the_id_selects_one_of_several_providers() {
    let config = config(&[OIDC, &auth0("first", ""), &auth0("second", "")].concat());
    let auth0 = guide("auth0");
    let first = auth0.text(&config, None).unwrap();
    assert!(first.starts_with("> This is for `first`, one of 2") && first.contains("/login/first`"));
    assert!(auth0.text(&config, Some("second")).unwrap().contains("--provider-name 'Staff second'"));
    for id in ["third", "o"] {
        let problem = auth0.text(&config, Some(id)).unwrap_err();
        assert!(problem.contains(id) && problem.contains("configured ids: first, second"), "{problem}");
    }
    assert!(guide("itsme").text(&config, Some("first")).unwrap_err().contains("none is configured"));
}

#[test]
fn the_region_of_documents_may_differ_from_that_of_the_user_pool() {
    let text = guide("identity_center").text(&config(CASE_WORKERS), None).unwrap();
    for words in [
        "DIRECTORY_REGION='eu-north-1'",
        "region          = \"eu-north-1\"",
        "deploy --region 'us-east-2' --stack-name my-data-case-workers",
        "client_id         = \"staff-client\"",
        "client_secret_arn = \"arn:aws:secretsmanager:us-east-2:1:secret:staff\"",
        "application_arn = \"arn:aws:sso::999999999999:application/ssoins-9/apl-9\"",
        "--application-arn 'arn:aws:sso::999999999999:application/ssoins-9/apl-9'",
        "role_arn        = \"arn:aws:iam::999999999999:role/person\"",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert!(text.starts_with("# IAM Identity Center"), "a note: {}", &text[..200]);
}

#[test]
fn settings_of_case_workers_that_are_missing_are_noted() {
    let (provider, _) = CASE_WORKERS.split_once("[providers.client]").unwrap();
    let text = guide("identity_center").text(&config(provider), None).unwrap();
    let notes: Vec<_> =
        text.lines().take_while(|line| !line.starts_with('#')).filter(|line| !line.is_empty()).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(
        notes[0].contains("no [providers.client] for this provider") && notes[1].contains("no [documents]"),
        "{notes:?}"
    );
    assert!(text.contains("DIRECTORY_REGION='us-east-2'"), "that of the user pool");
}

#[test]
fn a_name_with_quotes_is_escaped() {
    let toml = auth0("a", r#"client_id = 'c"\'"#).replace("\"Staff a\"", r#"'''It's "us"'''"#);
    let text = guide("auth0").text(&config(&toml), None).unwrap();
    assert!(text.contains(r#"name      = "It's \"us\"""#), "in TOML");
    assert!(text.contains(r#"--provider-name 'It'\''s "us"'"#), "in the shell");
    assert!(text.contains(r#""client_id": "c\"\\""#), "in JSON");
}

#[test]
fn an_issuer_keeps_its_last_slash() {
    for (issuer, base) in [("https://i.example/", "https://i.example"), ("https://i.example", "https://i.example")] {
        let text = guide("auth0").text(&config(&auth0("a", &format!("issuer = \"{issuer}\""))), None).unwrap();
        assert!(text.contains(&format!("\"oidc_issuer\": \"{issuer}\",")), "{issuer}");
        assert!(text.contains(&format!("`{base}/v2/logout`")), "{issuer}");
    }
}
