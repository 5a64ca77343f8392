//! S3 Access Grants: the instance, its locations and its grants.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

use super::{Deep, Line, NO_APPLICATION, line, policy::Principal, with_notes};
use crate::{
    commands::check::{
        caller::{CallError, texts},
        role::{account, last},
    },
    providers::{ASSOCIATE, ASSOCIATED_DIRECTORY, DIRECTORY, SET_UP_TEMPLATE, context_provider},
};

/// How many entries a page has, so that it stays small.
const PER_PAGE: &str = "100";
/// How many pages are looked at.
const MAX_PAGES: usize = 20;
/// How many roles of locations are looked at.
const MAX_ROLES: usize = 20;
const SERVICE: &str = "access-grants.s3.amazonaws.com";

impl Deep<'_> {
    /// The lines about Access Grants. Without an instance, there is one. `is_known` says whether the application exists.
    pub(super) async fn access_grants(&self, is_known: bool) -> Vec<Line> {
        let subject = "grants instance";
        let account = self.documents.account_id.as_str();
        let instance = match self.caller.access_grants(account, "", &[]).await {
            Err(error) if error.is_not_found() => {
                let problem = format!(
                    "the account {account} has no S3 Access Grants instance in {}: compare documents.account_id and \
                     documents.region, or create one with {SET_UP_TEMPLATE}",
                    self.documents.region
                );
                return vec![line(subject, Err(problem))];
            }
            Err(error) => Err(error.explain("s3:GetAccessGrantsInstance")),
            Ok(answer) => self.associated(&answer),
        };
        let grants = if is_known { self.grants().await } else { Ok(NO_APPLICATION.to_owned()) };
        vec![
            line(subject, instance),
            line("location roles", self.locations().await),
            line("grants to the person role", self.shared_grants().await),
            line("grants", grants),
        ]
    }

    /// Whether the instance belongs to our directory.
    fn associated(&self, answer: &str) -> Result<String, String> {
        let id = self.instance_id();
        let mut directories = ASSOCIATED_DIRECTORY.iter().filter_map(|name| texts(answer, name)).flatten();
        if directories.any(|arn| arn.split(['/', ':']).any(|part| part == id)) {
            return Ok(format!("in {}, associated with our instance of {DIRECTORY}", self.documents.region));
        }
        Err(format!(
            "is not associated with the instance {id} of {DIRECTORY}, so grants to people and groups are not found: run {ASSOCIATE}"
        ))
    }

    /// Whether S3 may use the role of each location, also for people.
    async fn locations(&self) -> Result<String, String> {
        let (mut roles, mut count) = (BTreeSet::new(), 0);
        self.each_page("/locations", &[], "AccessGrantsLocation", |location| {
            count += 1;
            roles.extend(child(location, "IAMRoleArn").map(str::to_owned));
            true
        })
        .await
        .map_err(|error| error.explain("s3:ListAccessGrantsLocations"))?;
        if count == 0 {
            return Err(format!("there is no location, so there can be no grant: create one with {SET_UP_TEMPLATE}"));
        }
        let instance = self.grants_instance();
        let provider = context_provider(&self.documents.role_arn);
        let context = [
            ("sts:RequestContextProviders", provider.as_str()),
            ("aws:SourceAccount", self.documents.account_id.as_str()),
            ("aws:SourceArn", &instance),
        ];
        let actions = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:SetContext"];
        let (mut problems, mut notes) = (Vec::new(), Vec::new());
        if roles.len() > MAX_ROLES {
            notes.push(format!("{} more roles were not compared", roles.len() - MAX_ROLES));
        }
        let number = roles.len();
        for arn in roles.iter().take(MAX_ROLES) {
            match self.role(arn).await {
                Ok(role) => match role.trusts(Principal::Service(SERVICE), &actions, &context) {
                    Ok(found) => notes.extend(found.into_iter().map(|note| format!("{}: {note}", last(arn)))),
                    Err(problem) => problems.push(format!(
                        "the trust policy of {arn} does not allow {SERVICE} {problem}, so grants of people and groups do not work: \
                         update the stack of {SET_UP_TEMPLATE}"
                    )),
                },
                Err(error) if error.is_not_found() => problems.push(format!(
                    "the account of these credentials has no role {arn}: use credentials of the account {}, or repair the location",
                    account(arn)
                )),
                Err(error) => return Err(error.explain("iam:GetRole")),
            }
        }
        if problems.is_empty() {
            let text = format!("S3 Access Grants may use {number} role(s) of {count} location(s), for people too");
            Ok(with_notes(&text, &notes))
        } else {
            Err(problems.join("; "))
        }
    }

    /// Whether there is a grant to the person role, which everyone would share.
    async fn shared_grants(&self) -> Result<String, String> {
        let role = self.documents.role_arn.as_str();
        let mut found = Vec::new();
        self.each_page("/grants", &[("granteetype", "IAM"), ("granteeidentifier", role)], "AccessGrant", |grant| {
            if descendant(grant, "GranteeIdentifier") == Some(role) {
                found.extend(child(grant, "AccessGrantId").map(str::to_owned));
            }
            true
        })
        .await
        .map_err(|error| error.explain("s3:ListAccessGrants"))?;
        if found.is_empty() {
            return Ok("there is none".to_owned());
        }
        Err(format!(
            "{} grant(s) name documents.role_arn, so every case worker would share them: delete {} (aws s3control delete-access-grant)",
            found.len(),
            found.join(", ")
        ))
    }

    /// Whether any person or group has a grant that our application can use.
    async fn grants(&self) -> Result<String, String> {
        let application = self.documents.application_arn.as_str();
        let (mut count, mut is_usable) = (0, false);
        self.each_page("/grants", &[], "AccessGrant", |grant| {
            if descendant(grant, "GranteeType").is_some_and(|kind| kind.starts_with("DIRECTORY_")) {
                count += 1;
                let of = child(grant, "ApplicationArn").filter(|arn| arn.starts_with("arn:"));
                is_usable |= of.is_none_or(|arn| arn == application);
            }
            !is_usable
        })
        .await
        .map_err(|error| error.explain("s3:ListAccessGrants"))?;
        if is_usable {
            return Ok("people or groups have grants that the application can use".to_owned());
        }
        Err(if count == 0 {
            "no person and no group has a grant: make one, as the guide says (server provider-guide)".to_owned()
        } else {
            format!(
                "the {count} grant(s) of people and groups are all for other applications: make grants with documents.application_arn \
                 as their application"
            )
        })
    }

    /// Calls `look` with each element `name` on each page, until it returns false.
    async fn each_page(
        &self,
        path: &str,
        filter: &[(&str, &str)],
        name: &str,
        mut look: impl FnMut(Node<'_, '_>) -> bool,
    ) -> Result<(), CallError> {
        let mut token = None::<String>;
        for _ in 0..MAX_PAGES {
            let mut parameters = filter.to_vec();
            parameters.push(("maxResults", PER_PAGE));
            parameters.extend(token.as_deref().map(|token| ("nextToken", token)));
            let answer = self.caller.access_grants(&self.documents.account_id, path, &parameters).await?;
            let document = Document::parse(&answer).map_err(|_| CallError::Unreadable)?;
            for element in document.descendants().filter(|node| node.tag_name().name() == name) {
                if !look(element) {
                    return Ok(());
                }
            }
            let next = document.root_element();
            token = child(next, "NextToken").filter(|next| !next.is_empty()).map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        Ok(())
    }
}

fn child<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children().find(|child| child.tag_name().name() == name)?.text()
}

fn descendant<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.descendants().find(|child| child.tag_name().name() == name)?.text()
}
