//! The application that exchanges tokens: itself, its scopes and its assignments.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Deep, Line, line};
use crate::{
    commands::check::caller::{CallError, Service},
    providers::{DIRECTORY, SET_UP_SCRIPT, SET_UP_TEMPLATE},
};

/// The scope that S3 Access Grants needs.
const SCOPE: &str = "s3:access_grants:read_write";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Application {
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Scopes {
    scopes: Vec<Scope>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Scope {
    scope: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssignmentConfiguration {
    assignment_required: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Assignments {
    application_assignments: Vec<Value>,
    next_token: Option<String>,
}

impl Deep<'_> {
    /// The lines about the application, and whether it exists. If not, that is the only line. `citizens` is the app client of
    /// citizens.
    pub(super) async fn application(&self, citizens: &str) -> (Vec<Line>, bool) {
        let (subject, of_application) = ("application", self.of_application());
        let found = self.sso::<Application>("DescribeApplication", &of_application).await;
        let application = match found {
            Err(error) if error.is_not_found() => {
                let problem = format!(
                    "{DIRECTORY} has no such application in {}: compare documents.application_arn and documents.region with \
                     the stack of {SET_UP_TEMPLATE}",
                    self.documents.region
                );
                return (vec![line(subject, Err(problem))], false);
            }
            Err(error) => Err(error.explain("sso:DescribeApplication")),
            Ok(Application { status }) if status.as_deref() == Some("DISABLED") => {
                Err(format!("it is disabled: enable it in the console of {DIRECTORY}"))
            }
            Ok(_) => Ok("exists and is enabled".to_owned()),
        };
        let mut lines = vec![line(subject, application)];
        lines.extend(self.exchange(citizens).await);
        lines.push(line("access scopes", self.scopes().await));
        lines.push(line("assignments", self.assignments().await));
        (lines, true)
    }

    async fn scopes(&self) -> Result<String, String> {
        let found = self.sso::<Scopes>("ListApplicationAccessScopes", &self.of_application()).await;
        let Scopes { scopes } = found.map_err(|error| error.explain("sso:ListApplicationAccessScopes"))?;
        if scopes.iter().any(|found| found.scope == SCOPE) {
            return Ok(format!("include {SCOPE}"));
        }
        Err(format!("lack {SCOPE}, so there is no identity context: run {SET_UP_SCRIPT}"))
    }

    async fn assignments(&self) -> Result<String, String> {
        let found =
            self.sso::<AssignmentConfiguration>("GetApplicationAssignmentConfiguration", &self.of_application()).await;
        let configuration = found.map_err(|error| error.explain("sso:GetApplicationAssignmentConfiguration"))?;
        if !configuration.assignment_required {
            return Err(format!(
                "the application is open to everyone in the directory: run {SET_UP_SCRIPT}, which requires an assignment"
            ));
        }
        let mut input = self.of_application();
        loop {
            let found = self.sso::<Assignments>("ListApplicationAssignments", &input).await;
            let found = found.map_err(|error| error.explain("sso:ListApplicationAssignments"))?;
            if !found.application_assignments.is_empty() {
                return Ok("required, and someone is assigned".to_owned());
            }
            // A page may be empty although there are more.
            let Some(next) = found.next_token.filter(|next| !next.is_empty() && input["NextToken"] != **next) else {
                return Err(format!(
                    "nobody is assigned to the application: assign the group of case workers (CaseWorkersGroupId of \
                     {SET_UP_TEMPLATE})"
                ));
            };
            input["NextToken"] = json!(next);
        }
    }

    /// The input of an operation on the application.
    pub(super) fn of_application(&self) -> Value {
        json!({ "ApplicationArn": self.documents.application_arn })
    }

    pub(super) async fn sso<T: serde::de::DeserializeOwned>(
        &self,
        operation: &str,
        input: &Value,
    ) -> Result<T, CallError> {
        self.caller.json(Service::SsoAdmin, operation, input).await
    }
}
