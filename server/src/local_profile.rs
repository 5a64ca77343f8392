//! The local profile: with no configuration, everything that the app needs runs in this process, on loopback.

use std::{
    fmt, fs, io,
    io::Write as _,
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use local::{Options, Settings, Stack};
use tokio::net::TcpListener;

use crate::{
    config::{Config, Fault, Faults, PseudonymKey, Source},
    dynamodb::{self, Unavailable},
    federation::{NewKeyFault, new_key},
    secret::random,
};

/// Why the local profile cannot start.
#[derive(Debug, thiserror::Error)]
pub enum LocalFault {
    /// `listen` is an address that others can reach.
    #[error(
        "the local profile signs anybody in as anybody: it listens on loopback only, not on {0}. Set MYDATA_LISTEN to 127.0.0.1 and a port, or name a configuration"
    )]
    NotLoopback(SocketAddr),
    /// The port is taken, or the address is not this machine's.
    #[error("{0} cannot be used ({1}): is another server running? Set MYDATA_LISTEN to another port")]
    Listen(SocketAddr, io::Error),
    /// An override in the environment is wrong.
    #[error(transparent)]
    Config(#[from] Faults),
    /// A stand-in cannot start.
    #[error(transparent)]
    Start(#[from] local::StartError),
    /// The pseudonym key, or the certificate of the bridge, cannot be kept.
    #[error("{0} cannot be used ({1})")]
    Key(PathBuf, io::Error),
    /// The key of the bridge cannot be made.
    #[error(transparent)]
    BridgeKey(#[from] NewKeyFault),
    /// The tables cannot be made.
    #[error(transparent)]
    Tables(#[from] Unavailable),
}

/// The stand-ins, running, and the configuration that leads to them.
pub struct LocalProfile {
    config: Config,
    listener: TcpListener,
    stack: Stack,
    data: PathBuf,
}

impl LocalProfile {
    /// Starts the stand-ins. Their data is in the folder `data`, or the one that `MYDATA_LOCAL_DATA_DIR` names.
    ///
    /// The app listens where `MYDATA_LISTEN` says, else where `cargo leptos` says (`LEPTOS_SITE_ADDR`), else on
    /// 127.0.0.1:3000.
    ///
    /// # Errors
    /// One of them cannot start.
    pub async fn start() -> Result<Self, LocalFault> {
        let data = std::env::var_os("MYDATA_LOCAL_DATA_DIR").map_or_else(|| PathBuf::from("data"), PathBuf::from);
        let listener = listen().await?;
        let address =
            listener.local_addr().map_err(|error| LocalFault::Listen(SocketAddr::from(([127, 0, 0, 1], 0)), error))?;
        let public_url = format!("http://{address}");
        let stack =
            Stack::start(Options { data_dir: data.clone(), app_origin: public_url.clone(), client_secret: None })
                .await?;
        let bridge_key = bridge_key(&data, &stack)?;
        let mut source = settings(stack.settings(), &public_url, &pseudonym_key(&data)?, &bridge_key);
        source.override_by(std::env::vars().filter(|(name, _)| name != "MYDATA_LISTEN"));
        source.set("listen", address.to_string());
        let config = Config::read(source)?;
        let client = dynamodb::client(&config, &dynamodb::aws_settings(&config).await);
        dynamodb::create_tables(&client, &config.dynamodb).await?;
        Ok(Self { config, listener, stack, data })
    }

    /// The configuration that leads to the stand-ins.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The configuration, the app's own listener, and the stand-ins.
    pub fn into_parts(self) -> (Config, TcpListener, Stack) {
        (self.config, self.listener, self.stack)
    }
}

impl fmt::Debug for LocalProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalProfile").field("config", &self.config).finish_non_exhaustive()
    }
}

/// The banner.
impl fmt::Display for LocalProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = self.stack.settings();
        writeln!(
            f,
            "\n  LOCAL PROFILE: for development on this machine only. Stand-ins sign anybody in as anybody.\n"
        )?;
        writeln!(f, "  My Data         {}", self.config.public_url)?;
        writeln!(f, "  user pool       {}", settings.domain_url)?;
        let Settings { itsme, login_gov, auth0, beyond_identity, .. } = settings;
        for (name, provider) in
            [("itsme", itsme), ("Login.gov", login_gov), ("Auth0", auth0), ("Beyond Identity", beyond_identity)]
        {
            writeln!(f, "  {name:<16}{}", provider.url)?;
        }
        writeln!(f, "  DynamoDB        {}", settings.dynamodb_endpoint)?;
        writeln!(f, "  data            {}", self.data.display())
    }
}

async fn listen() -> Result<TcpListener, LocalFault> {
    let wish = std::env::var("MYDATA_LISTEN")
        .or_else(|_| std::env::var("LEPTOS_SITE_ADDR"))
        .unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let Ok(address) = wish.parse::<SocketAddr>() else {
        let fault = Fault {
            key: "listen".to_owned(),
            problem: "expected an address and a port such as 127.0.0.1:3000".to_owned(),
        };
        return Err(LocalFault::Config(Faults(vec![fault])));
    };
    if !address.ip().is_loopback() {
        return Err(LocalFault::NotLoopback(address));
    }
    TcpListener::bind(address).await.map_err(|error| LocalFault::Listen(address, error))
}

fn settings(settings: &Settings, public_url: &str, pseudonym_key: &str, bridge_key: &str) -> Source {
    let mut source = Source::default();
    let Settings { itsme, login_gov, auth0, beyond_identity, .. } = settings;
    let values = [
        ("public_url", public_url),
        ("cognito.region", &settings.region),
        ("cognito.user_pool_id", &settings.user_pool_id),
        ("cognito.user_pool_web_client_id", &settings.client_id),
        ("cognito.issuer", &settings.issuer),
        ("cognito.domain_url", &settings.domain_url),
        ("dynamodb.endpoint_url", &settings.dynamodb_endpoint),
        ("pseudonym.key", pseudonym_key),
    ];
    for (key, value) in values {
        source.set(key, value);
    }
    for (index, (kind, provider, namespace)) in [
        ("itsme", itsme, "BE"),
        ("login_gov", login_gov, "US-LOGIN"),
        ("auth0", auth0, "EXAMPLE-STAFF"),
        ("beyond_identity", beyond_identity, "EXAMPLE-PASSKEY"),
    ]
    .into_iter()
    .enumerate()
    {
        let of = if kind == "login_gov" { "bridge." } else { "" };
        for (key, value) in [
            ("id", kind),
            ("name", &provider.name),
            ("namespace", namespace),
            ("kind", kind),
            (&format!("{of}issuer"), &provider.issuer),
            (&format!("{of}client_id"), &provider.client_id),
        ] {
            source.set(&format!("providers.{index}.{key}"), value);
        }
    }
    for (key, value) in [
        ("client_secret", &*settings.bridge_secret),
        ("authorization_endpoint", &login_gov.authorization_endpoint),
        ("token_endpoint", &login_gov.token_endpoint),
        ("jwks_uri", &login_gov.jwks_uri),
        ("parameters.0", "acr_values=urn:acr.login.gov:verified"),
        ("parameters.1", "prompt=select_account"),
        ("signing_key_files.0", bridge_key),
    ] {
        source.set(&format!("providers.1.bridge.{key}"), value);
    }
    if let Some(secret) = &settings.client_secret {
        source.set("cognito.client_secret", secret);
    }
    source
}

/// The file of the key that the bridge signs with, beside the data and made at the first start; its certificate is registered
/// with Login.gov.
fn bridge_key(data: &Path, stack: &Stack) -> Result<String, LocalFault> {
    let name = data.join("login-gov");
    let [key, certificate] = ["pem", "crt"].map(|extension| name.with_extension(extension));
    if !key.exists() {
        new_key(&name)?;
    }
    let fault = |error| LocalFault::Key(certificate.clone(), error);
    let text = fs::read_to_string(&certificate).map_err(fault)?;
    if !stack.login_gov().registration().add_certificate(&text) {
        return Err(fault(io::Error::other("it is not a certificate of an RSA key")));
    }
    key.into_os_string().into_string().map_err(|_| fault(io::Error::other("its path is not valid UTF-8")))
}

/// The key beside the data, made at the first start: with another, citizens would not find their records again.
fn pseudonym_key(data: &Path) -> Result<String, LocalFault> {
    let path = data.join("pseudonym.key");
    let fault = |error| LocalFault::Key(path.clone(), error);
    match fs::read_to_string(&path) {
        Ok(key) if PseudonymKey::decode(&key).is_some() => return Ok(key),
        Ok(_) => return Err(fault(io::Error::other("it is not the base64 of 32 bytes"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (),
        Err(error) => return Err(fault(error)),
    }
    let key = STANDARD.encode(random::<32>());
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(fault)?;
    file.write_all(key.as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
    Ok(key)
}
