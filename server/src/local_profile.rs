//! The local profile: without a configuration, all services that the app needs run in this process, on loopback.

use std::{
    fmt, fs, io,
    io::Write as _,
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use local::{BridgeSettings, Options, Settings, Stack, organisation};
use tokio::net::TcpListener;

use crate::{
    assets::{self, Fallback},
    assistant,
    aws::{self, Unavailable},
    config::{Config, Fault, Faults, Source},
    federation::{KeyType, NewKeyError, new_key},
    secret::{ServerKey, random},
};

/// The style sheet for pages that are served before a site is built. `style/main.css` imports these files in this
/// order.
const STYLE: &str = concat!(
    include_str!("../../style/tokens.css"),
    include_str!("../../style/base.css"),
    include_str!("../../style/frame.css"),
    include_str!("../../style/languages.css"),
    include_str!("../../style/buttons.css"),
    include_str!("../../style/home.css"),
    include_str!("../../style/notices.css"),
    include_str!("../../style/profile.css"),
    include_str!("../../style/activity.css"),
    include_str!("../../style/documents.css"),
    include_str!("../../style/assistant.css"),
    include_str!("../../style/message.css"),
    include_str!("../../style/statement.css"),
    include_str!("../../style/forced.css"),
    include_str!("../../style/print.css"),
);
/// The folder with files that are served unchanged.
const PUBLIC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../public");

/// Why the local profile cannot start.
#[derive(Debug, thiserror::Error)]
pub enum LocalProfileError {
    /// `listen` is not a loopback address.
    #[error(
        "the local profile lets anyone sign in as any test citizen, so it listens on loopback only, not on {0}: set MYDATA_LISTEN to 127.0.0.1 and a port, or use a configuration with --config"
    )]
    NotLoopback(SocketAddr),
    /// The port is in use, or the address is not this machine's.
    #[error("cannot listen on {0} ({1}): stop the other server on this port, or set MYDATA_LISTEN to another port")]
    Listen(SocketAddr, io::Error),
    /// A variable that overrides the configuration is invalid.
    #[error("local profile: {0}")]
    Config(#[from] Faults),
    /// A stand-in cannot start.
    #[error(transparent)]
    Start(#[from] local::StartError),
    /// The pseudonym key, the logo or a bridge's certificate cannot be read or written.
    #[error("cannot use {0} ({1})")]
    Key(PathBuf, io::Error),
    /// A bridge's key cannot be created.
    #[error(transparent)]
    BridgeKey(#[from] NewKeyError),
    /// The tables cannot be created.
    #[error(transparent)]
    Tables(#[from] Unavailable),
}

impl LocalProfileError {
    /// Whether the configuration is at fault.
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::Config(_) | Self::NotLoopback(_))
    }
}

/// The running stand-ins and their configuration.
pub struct LocalProfile {
    config: Config,
    // Until it is served from: afterwards it must close with the server.
    listener: Option<std::net::TcpListener>,
    stack: Stack,
    data: PathBuf,
}

impl LocalProfile {
    /// Whether this build has it.
    pub const IS_INCLUDED: bool = true;

    /// Starts the stand-ins. Their data is in the folder `MYDATA_LOCAL_DATA_DIR` (default: `data`).
    ///
    /// The app listens on `MYDATA_LISTEN`, else on `LEPTOS_SITE_ADDR` (set by `cargo leptos`), else on 127.0.0.1:3000.
    ///
    /// # Errors
    /// A stand-in cannot start.
    pub async fn start() -> Result<Self, LocalProfileError> {
        let data = std::env::var_os("MYDATA_LOCAL_DATA_DIR").map_or_else(|| PathBuf::from("data"), PathBuf::from);
        let (listener, address) = listen()?;
        let public_url = format!("http://{address}");
        let stack =
            Stack::start(Options { data_dir: data.clone(), app_origin: public_url.clone(), client_secret: None })
                .await?;
        let mut source = settings(&stack, &public_url, &data)?;
        source.override_by(std::env::vars().filter(|(name, _)| name != "MYDATA_LISTEN"));
        source.set("listen", address.to_string());
        let config = Config::read(source)?;
        let client = aws::dynamodb_client(&config, &aws::settings(&config).await);
        aws::create_tables(&client, &config.dynamodb).await?;
        Ok(Self { config, listener: Some(listener), stack, data })
    }

    /// The configuration for the stand-ins.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The app's listener, once.
    ///
    /// # Errors
    /// It was taken before.
    pub fn take_listener(&mut self) -> io::Result<TcpListener> {
        TcpListener::from_std(self.listener.take().ok_or(io::ErrorKind::NotConnected)?)
    }

    /// The files that are served until a site is built.
    pub fn fallback(&self) -> Fallback {
        Fallback { style: STYLE.into(), public: PathBuf::from(PUBLIC) }
    }

    /// Stops the stand-ins.
    pub async fn shutdown(self) {
        self.stack.shutdown().await;
    }
}

impl fmt::Debug for LocalProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalProfile").field("config", &self.config).finish_non_exhaustive()
    }
}

/// The banner that is printed at the start.
impl fmt::Display for LocalProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = self.stack.settings();
        let site = match assets::check(&assets::site_root(&self.config)) {
            Ok(()) => "with the enhancer",
            Err(_) => "without the enhancer until it is built; everything works, as it does without JavaScript",
        };
        writeln!(
            f,
            "\n  LOCAL PROFILE: for development on this machine only. Anyone can sign in as any test citizen.\n"
        )?;
        writeln!(f, "  My Data             {}", self.config.public_url)?;
        writeln!(f, "  pages               {site}")?;
        writeln!(f, "  user pool           {}", settings.domain_url)?;
        for provider in &settings.providers {
            writeln!(f, "  {:<20}{}", provider.display_name, provider.url)?;
        }
        writeln!(f, "  {:<20}{}", settings.workforce.display_name, settings.workforce.url)?;
        writeln!(f, "  AWS                 {} with the documents of case workers", settings.documents.oidc_url)?;
        writeln!(f, "  API                 {} describes it", settings.api_docs_url)?;
        writeln!(f, "  DynamoDB            {}", settings.dynamodb_endpoint)?;
        writeln!(f, "  data                {}", self.data.display())
    }
}

fn listen() -> Result<(std::net::TcpListener, SocketAddr), LocalProfileError> {
    let text = std::env::var("MYDATA_LISTEN")
        .or_else(|_| std::env::var("LEPTOS_SITE_ADDR"))
        .unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let Ok(address) = text.parse::<SocketAddr>() else {
        let fault = Fault {
            key: "listen".to_owned(),
            problem: "expected an address and a port such as 127.0.0.1:3000".to_owned(),
        };
        return Err(LocalProfileError::Config(Faults(vec![fault])));
    };
    if !address.ip().is_loopback() {
        return Err(LocalProfileError::NotLoopback(address));
    }
    let bind = || {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bind().map_err(|error| LocalProfileError::Listen(address, error))
}

/// The configuration for the stand-ins, with the keys in the folder `data`.
fn settings(stack: &Stack, public_url: &str, data: &Path) -> Result<Source, LocalProfileError> {
    let settings = stack.settings();
    let mut source = Source::default();
    let Settings { region, user_pool_id, client_id, issuer, domain_url, dynamodb_endpoint, api_docs_url, .. } =
        settings;
    for (key, value) in [
        ("public_url", public_url),
        ("cognito.region", region),
        ("cognito.user_pool_id", user_pool_id),
        ("cognito.user_pool_web_client_id", client_id),
        ("cognito.issuer", issuer),
        ("cognito.domain_url", domain_url),
        ("dynamodb.endpoint_url", dynamodb_endpoint),
        ("api.allowed_origins", api_docs_url),
        ("pseudonym.key", &pseudonym_key(data)?),
        // Standard output shows the addresses of the stand-ins.
        ("log.security", &data.join("security.log").to_string_lossy()),
    ] {
        source.set(key, value);
    }
    if let Some(secret) = &settings.client_secret {
        source.set("cognito.client_secret", secret);
    }
    present(&mut source, &settings.organisation_url, &data.join("logo.svg"))?;
    case_workers(&mut source, settings);
    for (index, provider) in settings.providers.iter().enumerate() {
        let mut set = |key: &str, value: &str| source.set(&format!("providers.{index}.{key}"), value);
        set("id", provider.kind);
        set("kind", provider.kind);
        set("name", &provider.name);
        set("namespace", provider.namespace);
        set("main", if index == 0 { "true" } else { "false" });
        let Some(BridgeSettings { client_secret, parameters }) = &provider.bridge else {
            set("issuer", &provider.issuer);
            set("client_id", &provider.client_id);
            continue;
        };
        set("bridge.issuer", &provider.issuer);
        set("bridge.client_id", &provider.client_id);
        set("bridge.client_secret", client_secret);
        set("bridge.authorization_endpoint", &provider.authorization_endpoint);
        set("bridge.token_endpoint", &provider.token_endpoint);
        set("bridge.jwks_uri", &provider.jwks_uri);
        set("bridge.signing_key_files.0", &bridge_key(provider.kind, stack, data)?);
        for (index, parameter) in parameters.iter().enumerate() {
            set(&format!("bridge.parameters.{index}"), parameter);
        }
    }
    Ok(source)
}

/// The provider of case workers, after all others, their documents, and the assistant if this build has it.
fn case_workers(source: &mut Source, settings: &Settings) {
    let (workforce, documents) = (&settings.workforce, &settings.documents);
    let index = settings.providers.len();
    for (key, value) in [
        ("id", workforce.kind),
        ("kind", workforce.kind),
        ("name", &workforce.name),
        ("namespace", workforce.namespace),
        ("eid_format", "any"),
        ("client.client_id", &workforce.client_id),
        ("client.client_secret", &workforce.client_secret),
        ("sign_out_endpoint", &workforce.url),
    ] {
        source.set(&format!("providers.{index}.{key}"), value);
    }
    for (key, value) in [
        ("application_arn", documents.application_arn),
        ("role_arn", documents.role_arn),
        ("oidc_endpoint_url", &documents.oidc_url),
        ("sts_endpoint_url", &documents.sts_url),
        ("s3control_endpoint_url", &documents.s3control_url),
        ("s3_endpoint_url", &documents.s3_url),
        ("admin_endpoint_url", &documents.admin_url),
    ] {
        source.set(&format!("documents.{key}"), value);
    }
    if assistant::IS_INCLUDED {
        source.set("assistant.application_id", settings.assistant.application_id);
        source.set("assistant.endpoint_url", &settings.assistant.url);
    }
}

/// Presents the service in the name of the organisation at `url`, with its logo in the file `logo`.
fn present(source: &mut Source, url: &str, logo: &Path) -> Result<(), LocalProfileError> {
    fs::write(logo, organisation::LOGO).map_err(|error| LocalProfileError::Key(logo.to_owned(), error))?;
    // Relative to the working directory, like the folder of the data.
    source.set("service.logo", logo.to_string_lossy());
    source.set("service.logo_dark", logo.to_string_lossy());
    for texts in &organisation::TEXTS {
        let tag = texts.tag;
        let mut set = |key: &str, value: &str| source.set(&format!("service.{key}.{tag}"), value);
        set("organisation", texts.name);
        set("organisation_url", &format!("{url}/{tag}"));
        for (key, page) in
            [("contact_url", "contact"), ("help_url", "help"), ("privacy_url", "privacy"), ("terms_url", "terms")]
        {
            set(key, &format!("{url}/{tag}/{page}"));
        }
        set("accessibility.enforcement_name", texts.ombudsman);
        set("accessibility.enforcement_url", &format!("{url}/{tag}/complaints"));
        for (index, exception) in texts.exceptions.iter().enumerate() {
            set(&format!("accessibility.exceptions.{index}.text"), exception);
        }
    }
    for (key, value) in [
        ("contact_email", "help@fps.example"),
        // No subscriber in Belgium has a number that starts with 0.
        ("contact_phone", "+32 2 000 00 00"),
        ("phase", "test"),
        ("accessibility.status", "partially"),
        ("accessibility.law", "BE"),
        ("accessibility.exceptions.0.reason", "non_compliance"),
        ("accessibility.exceptions.1.reason", "out_of_scope"),
        ("accessibility.prepared", "2026-11-25"),
        ("accessibility.reviewed", "2026-11-25"),
        ("accessibility.method", "self"),
        ("accessibility.answer_days", "10"),
    ] {
        source.set(&format!("service.{key}"), value);
    }
    Ok(())
}

/// The file with the signing key of the bridge to the provider `kind`. The first start creates it in `data`. Its
/// certificate is registered with the provider.
fn bridge_key(kind: &str, stack: &Stack, data: &Path) -> Result<String, LocalProfileError> {
    let name = data.join(kind.replace('_', "-"));
    let [key, certificate] = ["pem", "crt"].map(|extension| name.with_extension(extension));
    if !key.exists() {
        new_key(&name, KeyType::Rsa2048)?;
    }
    let error = |error| LocalProfileError::Key(certificate.clone(), error);
    let text = fs::read_to_string(&certificate).map_err(error)?;
    if !stack.provider(kind).is_some_and(|provider| provider.registration().add_certificate(&text)) {
        return Err(error(io::Error::other("it is not a certificate of an RSA key")));
    }
    key.into_os_string().into_string().map_err(|_| error(io::Error::other("its path is not valid UTF-8")))
}

/// The pseudonym key in the folder `data`, created at the first start. With another key, citizens would not find their
/// records.
fn pseudonym_key(data: &Path) -> Result<String, LocalProfileError> {
    let path = data.join("pseudonym.key");
    let error = |error| LocalProfileError::Key(path.clone(), error);
    match fs::read_to_string(&path) {
        Ok(key) if ServerKey::decode(&key).is_some() => return Ok(key),
        Ok(_) => return Err(error(io::Error::other("it is not at least 32 bytes in base64"))),
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => (),
        Err(problem) => return Err(error(problem)),
    }
    let key = STANDARD.encode(random::<32>());
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(error)?;
    file.write_all(key.as_bytes()).and_then(|()| file.sync_all()).map_err(error)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use app::texts::Language;
    use testkit::{Example, Scratch};

    use super::*;

    #[test]
    fn the_demonstration_has_an_organisation_with_everything_in_every_language() {
        let scratch = Scratch::make();
        let mut source = Source::from_toml(&Example::aws().to_toml());
        present(&mut source, "http://127.0.0.1:4000", &scratch.path().join("logo.svg")).unwrap();
        let Config { service, logo_files, .. } = Config::read(source).unwrap();
        let mut names: Vec<_> =
            Language::ALL.iter().map(|&language| service.organisation.as_ref().unwrap().get(language)).collect();
        names.dedup();
        assert_eq!(names.len(), 4, "{names:?}");
        assert!(service.logo.is_some() && !logo_files.is_empty());
        let given = [
            &service.organisation_url,
            &service.contact_url,
            &service.contact_email,
            &service.contact_phone,
            &service.help_url,
            &service.privacy_url,
            &service.terms_url,
        ];
        assert!(given.iter().all(|text| text.is_some()));
        let statement = service.accessibility.unwrap();
        assert_eq!(statement.exceptions.len(), 2);
        assert!(statement.law.is_some() && statement.reviewed.is_some() && statement.enforcement.is_some());
    }

    #[test]
    fn the_built_in_style_has_the_files_that_main_css_imports() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let main = read("main.css");
        let imports = main.lines().filter_map(|line| line.strip_prefix("@import \"")?.strip_suffix("\";"));
        assert_eq!(imports.map(read).collect::<String>(), STYLE);
    }
}
