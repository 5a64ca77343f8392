//! `server provider-guide`, and the guides.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use local::{providers::IdentityProvider, workforce::Directory};
use serde_json::Value;
use server::config::{Config, Faults, Provider, Source};
use testkit::{Browser, Scratch, browser::parameter};
use url::Url;

use super::{assert_ended, with_config};
use crate::support::process::{Process, command, run};

/// The kinds that the user pool talks to with OpenID Connect.
const KINDS: [&str; 4] = ["itsme", "login_gov", "auth0", "beyond_identity"];

/// The kind that it talks to with SAML.
const SAML: &str = "identity_center";

/// Every kind that has a guide.
fn every_kind() -> impl Iterator<Item = &'static str> {
    KINDS.into_iter().chain([SAML])
}

/// Secrets that no guide shows.
const SECRETS: [&str; 4] = [
    "the-secret-of-the-app-client",
    "the-secret-of-the-case-workers-client",
    "the-secret-that-cognito-and-the-bridge-share",
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
];

/// A configuration with a provider of each kind. All its values differ from those in the README.
const FULL: &str = r#"
public_url = "https://gegevens.gemeente.test"
listen = "127.0.0.1:0"
[cognito]
region = "us-gov-west-1"
user_pool_id = "us-gov-west-1_Zz9"
user_pool_web_client_id = "7client"
domain = "login.gemeente.test"
client_secret = "the-secret-of-the-app-client"
scopes = ["openid", "phone"]
[[providers]]
id = "eid"
name = "Digitale sleutel"
namespace = "NL"
kind = "itsme"
issuer = "https://idp.prd.sleutel.test/v9"
client_id = "sleutel-42"
[[providers]]
id = "gov"
name = "Gov"
namespace = "GOV-ID"
kind = "login_gov"
[providers.bridge]
client_id = "urn:gov:test:town"
client_secret = "the-secret-that-cognito-and-the-bridge-share"
issuer = "https://idp.gov.test"
authorization_endpoint = "https://idp.gov.test/start"
token_endpoint = "https://idp.gov.test/redeem"
jwks_uri = "https://idp.gov.test/keys"
parameters = ["acr_values=urn:acr.gov.test:high"]
signing_key_files = ["KEY"]
[[providers]]
id = "staff"
name = "Personeel"
namespace = "STAFF"
kind = "auth0"
issuer = "https://login.personeel.test/"
client_id = "personeel-42"
[[providers]]
id = "passkey"
name = "Passkey"
namespace = "PASS"
kind = "beyond_identity"
issuer = "https://passkey.test/t/1/a/2"
client_id = "passkey-42"
[[providers]]
id = "work"
name = "Werk"
namespace = "WERK"
kind = "identity_center"
[providers.client]
client_id = "7werk"
client_secret = "the-secret-of-the-case-workers-client"
[documents]
application_arn = "arn:aws-us-gov:sso::999999999999:application/ssoins-9999999999999999/apl-9999999999999999"
role_arn = "arn:aws-us-gov:iam::999999999999:role/persoon"
region = "us-gov-east-1"
[pseudonym]
key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
"#;

/// The id, name, namespace, issuer and client id in [`FULL`] of the provider of this kind.
fn own(kind: &str) -> [&'static str; 5] {
    match kind {
        "itsme" => ["eid", "Digitale sleutel", "NL", "https://idp.prd.sleutel.test/v9", "sleutel-42"],
        "login_gov" => ["gov", "Gov", "GOV-ID", "https://idp.gov.test", "urn:gov:test:town"],
        "auth0" => ["staff", "Personeel", "STAFF", "https://login.personeel.test/", "personeel-42"],
        _ => ["passkey", "Passkey", "PASS", "https://passkey.test/t/1/a/2", "passkey-42"],
    }
}

/// Example values in the guides. A guide for a full configuration has none of them.
const EXAMPLES: [&str; 31] = [
    "mydata.example",
    "mydata.auth",
    "eu-west-1",
    "AbCdEf123",
    "4u8example",
    "openid email profile` |",
    "/login/itsme",
    "/login/login_gov",
    "/login/auth0",
    "/login/beyond_identity",
    "/federation/login_gov",
    "name      = \"itsme\"",
    "LoginGov",
    "'Auth0'",
    "BeyondIdentity",
    "\"BE\"",
    "US-LOGIN",
    "EXAMPLE-",
    "https://idp.e2e",
    "https://idp.int",
    "TENANT",
    "itsme-client-id",
    "auth0-client-id",
    "identity-client-id",
    "my_agency",
    "/login/identity_center",
    "\"IAMIdentityCenter\"",
    "'IAMIdentityCenter'",
    "7c9example",
    "ssoins-1111111111111111",
    "my-data-person",
];

fn scratch_with_key() -> (Scratch, PathBuf) {
    let scratch = Scratch::make();
    let [key, _] = server::federation::new_key(&scratch.path().join("own"), server::federation::KeyType::P256).unwrap();
    let config = scratch.file("full.toml", &FULL.replace("KEY", key.to_str().unwrap()));
    (scratch, config)
}

/// The code blocks in this language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let opening = format!("\n```{language}\n");
    let opened = page.split(&opening).skip(1);
    opened.map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_guide_has_the_values_of_the_configuration_and_no_secret() {
    let (scratch, config) = scratch_with_key();
    let mut server = with_config(&scratch, &["serve"], &config);
    server.env("MYDATA_SITE_ROOT", scratch.site_root());
    let server = Process::start(server, scratch.path()).await;
    let mut browser = Browser::new("https://gegevens.gemeente.test").with_socket(server.address);
    for kind in KINDS {
        let ended = run(with_config(&scratch, &["provider-guide", kind], &config)).await;
        assert_ended(&ended, 0, &[]);
        let page = ended.stdout;
        assert!(page.starts_with("# "), "{kind}: {}", page.lines().next().unwrap());
        for value in own(kind) {
            assert!(page.contains(value), "{kind}: {value} is missing");
        }
        // What a sign-in requests, and the user pool must allow.
        let asked = browser.get(&format!("/login/{}", own(kind)[0])).await.target();
        assert_eq!(parameter(&asked, "identity_provider").as_deref(), Some(own(kind)[1]));
        for name in ["redirect_uri", "client_id", "scope"] {
            assert!(page.contains(&format!("`{}`", parameter(&asked, name).unwrap())), "{kind}: {name}");
        }
        let left = Url::parse(browser.post("/logout", &[]).await.location()).unwrap();
        assert!(page.contains(&format!("`{}`", parameter(&left, "logout_uri").unwrap())), "{kind}");
        for address in ["https://gegevens.gemeente.test", "https://login.gemeente.test/oauth2/idpresponse"] {
            assert!(page.contains(&format!("`{address}`")), "{kind}: {address}");
        }
        assert_has_own_values(kind, &page);
    }
}

/// The commands of the page are for this user pool, and no example and no secret is on it.
fn assert_has_own_values(kind: &str, page: &str) {
    for word in ["--region 'us-gov-west-1'", "--user-pool-id 'us-gov-west-1_Zz9'"] {
        assert!(page.contains(word), "{kind}: {word}");
    }
    for example in EXAMPLES {
        assert!(!page.contains(example), "{kind}: {example} is still there");
    }
    for secret in SECRETS {
        assert!(!page.contains(secret), "{kind}: a secret");
    }
}

#[tokio::test]
async fn the_guide_for_case_workers_has_the_values_of_the_configuration_and_no_secret() {
    let (scratch, config) = scratch_with_key();
    let ended = run(with_config(&scratch, &["provider-guide", SAML], &config)).await;
    assert_ended(&ended, 0, &[]);
    let page = ended.stdout;
    assert!(page.starts_with("# "), "{}", page.lines().next().unwrap());
    assert_has_own_values(SAML, &page);
    for words in [
        "`https://gegevens.gemeente.test/login/work`",
        "`https://gegevens.gemeente.test/auth/callback`",
        "`https://gegevens.gemeente.test/`",
        "`https://login.gemeente.test/saml2/idpresponse`",
        "`urn:amazon:cognito:sp:us-gov-west-1_Zz9`",
        "OAuth scopes | `openid phone`",
        "ProviderName='Werk'",
        "DIRECTORY_REGION='us-gov-east-1'",
        "--client-id '7werk'",
    ] {
        assert!(page.contains(words), "{words}");
    }

    let [block] = &blocks(&page, "toml")[..] else { panic!("one block of TOML") };
    let rest = ["[[providers]]", "[pseudonym]"].map(|table| FULL.split(table).collect::<Vec<_>>());
    let (before, key) = (rest[0][0], rest[1][1]);
    let read = Config::read(Source::from_toml(&format!("{before}{block}\n[pseudonym]{key}"))).unwrap();
    let whole = Config::read(Source::load(&config)).unwrap();
    let configured = whole.providers.iter().find(|one| one.id == "work").unwrap();
    let ids = |one: &Provider| {
        let client = one.client.as_ref().unwrap().client_id.clone();
        (one.id.clone(), one.name.clone(), one.namespace.clone(), client, one.eid.clone())
    };
    assert_eq!(format!("{:?}", ids(&read.providers[0])), format!("{:?}", ids(configured)));
    assert_eq!(format!("{:?}", read.documents), format!("{:?}", whole.documents));
}

#[tokio::test]
async fn the_code_blocks_of_a_guide_can_be_used_unchanged() {
    let (scratch, config) = scratch_with_key();
    for kind in KINDS {
        let page = run(with_config(&scratch, &["provider-guide", kind], &config)).await.stdout;
        let [id, name, namespace, issuer, client_id] = own(kind);

        let [details, mapping] = &blocks(&page, "json")[..] else { panic!("{kind}: two blocks of JSON") };
        let details: Value = serde_json::from_str(details).unwrap();
        assert_eq!((&details["oidc_issuer"], &details["client_id"]), (&issuer.into(), &client_id.into()), "{kind}");
        assert_eq!(details["client_secret"], "…", "{kind}");
        let mapping: Value = serde_json::from_str(mapping).unwrap();
        let mapped: Vec<_> = mapping.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(mapped.contains(&"custom:eid"), "{kind}");
        // The app client may write every mapped attribute.
        let shell = blocks(&page, "sh").concat();
        let given = shell.split("--args ").nth(1).unwrap().split(" >").next().unwrap();
        let mut given: Vec<_> = given.split_whitespace().collect();
        given.sort_unstable();
        assert_eq!(given, mapped, "{kind}");

        let [block] = &blocks(&page, "toml")[..] else { panic!("{kind}: one block of TOML") };
        let before = FULL.split("[[providers]]").next().unwrap();
        let key = FULL.split("[pseudonym]").nth(1).unwrap();
        let read = |block: &str| Config::read(Source::from_toml(&format!("{before}{block}\n[pseudonym]{key}")));
        if kind == "login_gov" {
            // The placeholder for the secret must be replaced.
            let Err(Faults(faults)) = read(block) else { panic!("the placeholder is accepted as a secret") };
            assert_eq!(faults.iter().map(|fault| &fault.key).collect::<Vec<_>>(), ["providers.0.bridge.client_secret"]);
        }
        let mut provider = read(&block.replace('…', SECRETS[2])).unwrap().providers.remove(0);
        assert_eq!((provider.id.as_str(), provider.name.as_str(), provider.namespace.as_str()), (id, name, namespace));
        assert_eq!((provider.issuer(), provider.client_id()), (Some(issuer), Some(client_id)), "{kind}");
        let whole = Config::read(Source::load(&config)).unwrap();
        let same = whole.providers.iter().find(|one| one.id == id).unwrap();
        provider.index = same.index;
        assert_eq!(format!("{provider:?}"), format!("{same:?}"), "{kind}: it differs from the configured provider");
    }
}

#[tokio::test]
async fn an_unknown_guide_is_an_error_that_lists_the_guides() {
    let (scratch, config) = scratch_with_key();
    for arguments in [&["provider-guide"][..], &["provider-guide", "oidc"], &["provider-guide", "itsme2"]] {
        let mut command = command(scratch.path());
        command.args(arguments);
        assert_ended(&run(command).await, 2, &["itsme, login_gov, auth0, beyond_identity, identity_center"]);
    }
    let other = ["provider-guide", "auth0", "eid"];
    assert_ended(&run(with_config(&scratch, &other, &config)).await, 2, &["auth0", "eid", "configured ids: staff"]);
    let two = ["provider-guide", "auth0", "staff", "more"];
    assert_ended(&run(with_config(&scratch, &two, &config)).await, 2, &["unexpected argument 'more'"]);
    let one = ["provider-guide", "auth0", "staff"];
    assert_ended(&run(with_config(&scratch, &one, &config)).await, 0, &[]);
}

#[tokio::test]
async fn a_guide_says_if_no_provider_of_its_kind_is_configured() {
    let (scratch, config) = scratch_with_key();
    let toml = std::fs::read_to_string(config).unwrap().replace("kind = \"auth0\"", "kind = \"oidc\"");
    let config = scratch.file("without.toml", &toml);
    let ended = run(with_config(&scratch, &["provider-guide", "auth0"], &config)).await;
    assert_ended(&ended, 0, &[]);
    assert!(ended.stdout.lines().next().unwrap().contains("no provider of the kind auth0"), "{}", ended.stdout);
    assert!(ended.stdout.contains("`https://login.gemeente.test/oauth2/idpresponse`"), "{}", ended.stdout);
}

/// Each link of `page`, with its file and its anchor.
fn links(page: &Path) -> Vec<(String, PathBuf, Option<String>)> {
    let text = std::fs::read_to_string(page).unwrap();
    let targets = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned());
    let relative = targets.filter(|target| !target.contains("://"));
    relative
        .map(|target| {
            let (path, anchor) = target.split_once('#').map_or((target.as_str(), None), |(path, at)| (path, Some(at)));
            let file = if path.is_empty() { page.to_owned() } else { page.parent().unwrap().join(path) };
            let anchor = anchor.map(str::to_owned);
            (target, file, anchor)
        })
        .collect()
}

/// The anchors of a page's headings, as GitHub derives them.
fn anchors(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).unwrap();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let keep = |character: &char| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_');
    headings
        .map(|line| line.trim_start_matches('#').trim().to_lowercase())
        .map(|heading| heading.chars().filter(keep).collect::<String>().replace(' ', "-"))
        .collect()
}

#[test]
fn every_link_of_the_readme_and_the_guides_works() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let guides = std::fs::read_dir(root.join("docs/providers")).unwrap().map(|entry| entry.unwrap().path());
    let pages: Vec<_> = guides.chain([root.join("README.md")]).collect();
    assert!(pages.len() > KINDS.len());
    let mut found = 0;
    for page in &pages {
        for (target, file, anchor) in links(page) {
            assert!(file.exists(), "{}: {target} does not exist", page.display());
            if let Some(anchor) = anchor {
                assert!(anchors(&file).contains(&anchor), "{}: {target} has no such heading", page.display());
            }
            found += 1;
        }
    }
    assert!(found > 20, "{found} links");
    // The README links to each guide.
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    for kind in every_kind() {
        assert!(readme.contains(&format!("(docs/providers/{kind}.md)")), "{kind}");
    }
}

/// The text of all files with this extension below `folder`.
fn texts(folder: &Path, extension: &str) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| match path.extension() {
        _ if path.is_dir() => texts(&path, extension),
        Some(found) if found == extension => std::fs::read_to_string(&path).unwrap(),
        _ => String::new(),
    };
    entries.map(text).collect()
}

#[test]
fn the_guides_quote_pages_and_log_exactly() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (log, pages) = (texts(&root.join("server/src"), "rs"), texts(&root.join("app/locales"), "ftl"));
    let mut quoted = 0;
    for kind in every_kind() {
        let page = std::fs::read_to_string(root.join(format!("docs/providers/{kind}.md"))).unwrap();
        let (_, mistakes) = page.split_once("## Mistakes that people make").unwrap();
        for line in mistakes.lines().filter(|line| line.starts_with("| *") || line.starts_with("| The same")) {
            let seen = line.split(" | ").next().unwrap().split("Cognito: ").next().unwrap();
            for sentence in seen.split('`').skip(1).step_by(2).filter(|text| text.contains(' ')) {
                assert!(log.contains(sentence), "{kind}: no log line is {sentence}");
                quoted += 1;
            }
            if let Some(sentence) = seen.strip_prefix("| *").and_then(|rest| rest.split('*').next()) {
                let sentence = sentence.trim_end_matches('.');
                assert!(pages.contains(sentence), "{kind}: no page has {sentence}");
                quoted += 1;
            }
        }
    }
    // Behind a code of AWS.
    let page = std::fs::read_to_string(root.join(format!("docs/providers/{SAML}.md"))).unwrap();
    for heading in page.split("Page: *").skip(1).map(|rest| rest.split('*').next().unwrap()) {
        assert!(pages.contains(&format!("heading = {heading}\n")), "no page has the heading {heading}");
        quoted += 1;
    }
    let calls = page.lines().filter_map(|line| line.strip_prefix("| `")).filter(|line| line.contains("`: `"));
    for (call, code) in calls.map(|line| line.split_once("`: `").unwrap()) {
        let code = code.split('`').next().unwrap();
        assert!(log.contains(&format!("\"{call}\"")) || call.contains("` or `"), "no log line names {call}");
        assert!(log.contains(&format!("\"{code}\"")), "no log line has a cause for {code}");
        quoted += 1;
    }
    assert!(quoted > 60, "{quoted} quotations");
}

/// The guides and the stand-ins agree on what operators enter. Both follow the vendors' documents.
#[tokio::test]
async fn the_stand_ins_match_the_guides() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (kind, provider) in
        [("itsme", "itsme"), ("login_gov", "login_gov"), ("auth0", "auth0"), ("beyond_identity", "beyond_identity")]
    {
        let page = std::fs::read_to_string(root.join(format!("docs/providers/{kind}.md"))).unwrap();
        let json: Vec<Value> = page
            .split("```json\n")
            .skip(1)
            .map(|block| serde_json::from_str(block.split("```").next().unwrap()).unwrap())
            .collect();
        let [details, mapping] = &json[..] else { panic!("{kind}: {} blocks", json.len()) };
        let registration =
            IdentityProvider::start(provider, "127.0.0.1:0".parse().unwrap()).await.unwrap().registration();
        let scopes = details["authorize_scopes"].as_str().unwrap().replace("service:CODE", "service:MYDATA_LOGIN");
        assert_eq!(scopes, registration.scopes(), "{kind}");
        let pairs: BTreeMap<&str, &str> =
            mapping.as_object().unwrap().iter().map(|(name, claim)| (name.as_str(), claim.as_str().unwrap())).collect();
        assert_eq!(pairs, registration.mapping().iter().copied().collect(), "{kind}");
    }
}

/// The template, the guide and the stand-in agree on what the directory sends. All three follow the vendor's documents.
#[tokio::test]
async fn the_stand_in_for_the_directory_matches_the_template_and_the_guide() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let template = std::fs::read_to_string(root.join("infra/identity-center-sign-in.yaml")).unwrap();
    let mapping = template.split("AttributeMapping: {").nth(1).unwrap().split('}').next().unwrap();
    let mapping: BTreeMap<&str, &str> = mapping
        .split(',')
        .map(|pair| pair.split_once(": ").unwrap())
        .map(|(ours, theirs)| (ours.trim().trim_matches('"'), theirs.trim()))
        .collect();
    let directory = Directory::start("127.0.0.1:0".parse().unwrap(), 0).await.unwrap();
    assert_eq!(mapping, directory.connection().mapping().iter().copied().collect());
    let guide = std::fs::read_to_string(root.join(format!("docs/providers/{SAML}.md"))).unwrap();
    for attribute in mapping.values() {
        assert!(guide.contains(&format!("\n| `{attribute}` | `${{user:")), "{attribute}");
    }
}
