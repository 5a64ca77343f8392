//! Two case workers with different documents, for `make run` and for tests.

mod documents;
mod pdf;

use super::grants::{Grant, Grantee};
use super::people::Person;
use super::scope::Permission;
use super::server::AwsOptions;

/// The bucket with the documents.
const BUCKET: &str = "fps-case-files";

const LENA: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0001";
const TOM: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0002";
const RUBEN: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0003";
const SOFIE: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0004";
const CASE_WORKERS: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d1001";
const FAMILY_BENEFITS: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d1002";
const PENSIONS: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d1003";

impl AwsOptions {
    /// The account of the demonstration. `audience` is the case workers' app client.
    ///
    /// Lena Dubois may read the folder of family benefits and one document on a pension. Tom Verlinden may read and write the
    /// folder of pensions. Both may read what their groups share. Ruben Claes is assigned to the application, but has no grant.
    /// Sofie Maes is in the directory and not assigned.
    pub fn demo(issuer: &str, audience: &str) -> Self {
        Self { people: people(), grants: grants(), documents: documents::all(), ..Self::new(issuer, audience) }
    }
}

fn people() -> Vec<Person> {
    let person = |user_id: &str, email: &str, groups: &[&str]| Person {
        user_id: user_id.to_owned(),
        email: email.to_owned(),
        groups: groups.iter().map(|&group| group.to_owned()).collect(),
        is_assigned: groups.contains(&CASE_WORKERS),
    };
    vec![
        person(LENA, "lena.dubois@fps.example", &[CASE_WORKERS, FAMILY_BENEFITS]),
        person(TOM, "tom.verlinden@fps.example", &[CASE_WORKERS, PENSIONS]),
        person(RUBEN, "ruben.claes@fps.example", &[CASE_WORKERS]),
        person(SOFIE, "sofie.maes@fps.example", &[]),
    ]
}

fn grants() -> Vec<Grant> {
    let group = |id: &str, scope: &str, permission| Grant::new(Grantee::Group(id.to_owned()), scope, permission);
    let in_bucket = |path: &str| format!("s3://{BUCKET}/{path}");
    vec![
        group(FAMILY_BENEFITS, &in_bucket("family-benefits/*"), Permission::Read),
        group(PENSIONS, &in_bucket("pensions/*"), Permission::ReadWrite),
        group(FAMILY_BENEFITS, &in_bucket("shared/*"), Permission::Read),
        group(PENSIONS, &in_bucket("shared/*"), Permission::Read),
        Grant::new(Grantee::User(LENA.to_owned()), &in_bucket(documents::JOINT_CASE), Permission::Read),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{AwsOptions, BUCKET, LENA, RUBEN, SOFIE, TOM};
    use crate::aws::grants::Grants;
    use crate::aws::people::People;
    use crate::aws::scope::{Access, Permission, Scope};

    /// What a person may read.
    fn readable(user_id: &str) -> BTreeSet<String> {
        let AwsOptions { people, grants, documents, .. } = AwsOptions::demo("http://127.0.0.1:1", "client");
        let person = People::new(people).with_id(user_id).unwrap();
        let grants = Grants::new(grants).of(&person);
        let may_read = |key: &str| {
            grants.iter().any(|grant| {
                let access = Access { scope: Scope::of_grant(&grant.scope).unwrap(), permission: Permission::Read };
                access.may_read(BUCKET, key)
            })
        };
        let keys = documents.into_iter().filter(|document| document.bucket == BUCKET).map(|document| document.key);
        keys.filter(|key| may_read(key)).collect()
    }

    #[test]
    fn the_people_see_different_documents() {
        let (lena, tom) = (readable(LENA), readable(TOM));
        let both: Vec<_> = lena.intersection(&tom).filter(|key| !key.starts_with("shared/")).collect();
        assert_eq!(both, [super::documents::JOINT_CASE]);
        assert!(lena.len() > 450 && tom.len() > 5);
        assert!(readable(RUBEN).is_empty() && readable(SOFIE).is_empty());
    }
}
