//! What is deployed, with stand-ins for what the emulator cannot be: the pages of the user pool, the providers and Identity Center.

use std::process::Command;

use local::{Deployed, Options, Stack};
use serde_json::Value;
use testkit::{Browser, Scratch, client, until};

use crate::support::{
    line::Line,
    process::{Ended, Process, command, run},
};

/// The task, with every right of its role.
pub const TASK: &str = "app";
/// The task while its keys and secrets are being changed.
pub const CHANGING: &str = "app-changing";
/// The function.
pub const FUNCTION: &str = "lambda";
/// More numbered citizens than any test needs.
const CITIZENS: u16 = 200;

/// What `infra/tests/deployment` says of the deployment.
pub fn deployment() -> Value {
    let path = std::env::var_os("MYDATA_TEST_DEPLOYMENT").expect("scripts/deployment.sh runs these tests");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A text in `value`.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is not in the deployment"))
}

/// The deployment, seen from a server with one of the environments and one of the roles. It has stand-ins of its own.
pub struct Place {
    pub deployment: Value,
    pub environment: Value,
    pub stack: Stack,
    role: String,
    /// Between the user pool and the bridge: a server's port is known only when it runs.
    back_channel: Line,
    scratch: Scratch,
}

impl Place {
    /// A server at one of the places, with the role of that place.
    pub async fn start(environment: &str) -> Self {
        Self::start_as(environment, environment).await
    }

    /// A server at one of the places, with another role.
    pub async fn start_as(role: &str, environment: &str) -> Self {
        let (deployment, scratch) = (deployment(), Scratch::make());
        let back_channel = Line::to("http://127.0.0.1:1");
        let environment = deployment["environments"][environment].clone();
        let secrets = &deployment["secrets"];
        let stack = Stack::start(Options {
            data_dir: scratch.path().join("data"),
            app_origin: text(&environment, "MYDATA_PUBLIC_URL").to_owned(),
            client_secret: Some(text(secrets, "clientSecretArn").to_owned()),
            deployed: Some(Deployed {
                user_pool_id: text(&environment, "MYDATA_COGNITO__USER_POOL_ID").to_owned(),
                client_id: text(&environment, "MYDATA_COGNITO__USER_POOL_WEB_CLIENT_ID").to_owned(),
                case_workers_client_id: text(&environment, "MYDATA_PROVIDERS__4__CLIENT__CLIENT_ID").to_owned(),
                case_workers_client_secret: text(secrets, "caseWorkersClientSecretArn").to_owned(),
                bridge_secret: text(secrets, "loginGovBridgeSecretArn").to_owned(),
                back_channel: back_channel.url(),
                citizens: CITIZENS,
            }),
        })
        .await
        .unwrap();
        let certificate = text(&deployment, "certificate");
        assert!(stack.provider("login_gov").unwrap().registration().add_certificate(certificate));
        Self { deployment, environment, stack, role: role.to_owned(), back_channel, scratch }
    }

    /// The binary with the deployed environment, in which only addresses are others, and with credentials from
    /// where ECS has them.
    fn command(&self) -> Command {
        let mut command = command(self.scratch.path());
        let environment = self.environment.as_object().unwrap();
        command.envs(environment.iter().map(|(name, value)| (name, value.as_str().unwrap())));
        let gate = text(&self.deployment, "gate");
        command.env("AWS_ENDPOINT_URL", gate);
        command.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{gate}/credentials/{}", self.role));
        command.envs(self.addresses());
        command
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        let settings = self.stack.settings();
        let [login_gov, auth0, beyond_identity] =
            ["login_gov", "auth0", "beyond_identity"].map(|kind| settings.provider(kind).unwrap());
        let documents = &settings.documents;
        let of = str::to_owned;
        vec![
            ("MYDATA_LISTEN", of("127.0.0.1:0")),
            ("MYDATA_SITE_ROOT", self.scratch.site_root().display().to_string()),
            ("MYDATA_COGNITO__DOMAIN", String::new()),
            ("MYDATA_COGNITO__ISSUER", of(&settings.issuer)),
            ("MYDATA_COGNITO__DOMAIN_URL", of(&settings.domain_url)),
            ("MYDATA_PROVIDERS__1__BRIDGE__ISSUER", of(&login_gov.issuer)),
            ("MYDATA_PROVIDERS__2__ISSUER", of(&auth0.issuer)),
            ("MYDATA_PROVIDERS__3__ISSUER", of(&beyond_identity.issuer)),
            ("MYDATA_DOCUMENTS__OIDC_ENDPOINT_URL", of(&documents.oidc_url)),
            ("MYDATA_DOCUMENTS__STS_ENDPOINT_URL", of(&documents.sts_url)),
            ("MYDATA_DOCUMENTS__S3CONTROL_ENDPOINT_URL", of(&documents.s3control_url)),
            ("MYDATA_DOCUMENTS__S3_ENDPOINT_URL", of(&documents.s3_url)),
            ("MYDATA_DOCUMENTS__ADMIN_ENDPOINT_URL", of(&documents.admin_url)),
        ]
    }

    /// A running server that is ready.
    ///
    /// # Errors
    /// It ends, or is not ready because something is denied to its role. With its log.
    pub async fn serve(&mut self) -> Result<Process, String> {
        let server = Process::launch(self.command(), self.scratch.path()).try_start().await?;
        self.back_channel.lead_to(server.address);
        let ready = format!("http://{}/readyz", server.address);
        let before = self.denied().await.len();
        let (mut is_ready, mut is_denied) = (false, false);
        until("the server is ready, or something is denied to it", async || {
            is_ready = client().get(&ready).send().await.unwrap().status() == 200;
            is_denied = self.denied().await.len() > before;
            is_ready || is_denied
        })
        .await;
        if is_ready { Ok(server) } else { Err(server.log()) }
    }

    /// Runs `server check`.
    pub async fn check(&self) -> Ended {
        let mut command = self.command();
        command.arg("check");
        run(command).await
    }

    /// A browser that knows the server by its public address.
    pub fn browser(&self, server: &Process) -> Browser {
        Browser::new(self.public_url()).with_socket(server.address)
    }

    pub fn public_url(&self) -> &str {
        text(&self.environment, "MYDATA_PUBLIC_URL")
    }

    /// The rights that this role was found not to have, one for each call.
    pub async fn denied(&self) -> Vec<String> {
        let url = format!("{}/denied/{}", text(&self.deployment, "gate"), self.role);
        let answer = client().get(url).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&answer).unwrap()
    }
}
