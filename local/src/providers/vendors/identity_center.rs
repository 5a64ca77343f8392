//! AWS IAM Identity Center: the workforce directory. It is no OpenID provider, so it is not in the list of the others: a user
//! pool federates to it with SAML 2.0.
//!
//! Sources: <https://docs.aws.amazon.com/singlesignon/latest/userguide/attributemappingsconcept.html> and
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp.html>

use crate::workforce::Facts;

pub(crate) const FACTS: Facts = Facts {
    kind: "identity_center",
    display_name: "IAM Identity Center",
    pool_name: "IAMIdentityCenter",
    namespace: "EXAMPLE-WORKFORCE",
    // Base64 of the account and the instance, as in the real entity ids.
    entity_id: "/saml/assertion/MTIzNDU2Nzg5MDEyX2lucy0xMTExMTExMTExMTExMTEx",
    user_id_attribute: "idcenterid",
    mapping: &[("email", "email"), ("name", "name"), ("custom:eid", "idcenterid")],
};
