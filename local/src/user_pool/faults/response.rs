//! Faults of the authorization response.

use super::fault::{Fault, MARK};

/// Spoils the parameters of an authorization response with a code.
pub(in crate::user_pool) fn spoil(fault: Option<Fault>, issuer: &str, params: &mut Vec<(&'static str, String)>) {
    let Some(fault) = fault else { return };
    let script = || format!("<script>alert('{MARK}')</script>");
    match fault {
        Fault::MissingState => params.retain(|(name, _)| *name != "state"),
        Fault::InvalidState => replace(params, "state", MARK.to_owned()),
        Fault::RepeatedState => params.push(("state", MARK.to_owned())),
        Fault::MissingCode => params.retain(|(name, _)| *name != "code"),
        Fault::InvalidCode => replace(params, "code", MARK.to_owned()),
        Fault::CodeAndError => {
            params.push(("error", "access_denied".to_owned()));
            params.push(("error_description", script()));
        }
        Fault::InvalidAuthorizationResponseIss => params.push(("iss", format!("https://{MARK}.example"))),
        Fault::AuthorizationResponseIss => params.push(("iss", issuer.to_owned())),
        Fault::ScriptInErrorDescription => fail(params, "server_error".to_owned(), script()),
        Fault::MissingAttribute => fail(params, "invalid_request".to_owned(), format!("attributes required: [{MARK}]")),
        Fault::ImmutableAttribute => {
            fail(params, "invalid_request".to_owned(), format!("user.{MARK}: Attribute cannot be updated."))
        }
        Fault::NotVerified => fail(params, "access_denied".to_owned(), format!("Please verify your email {MARK}")),
        Fault::ProviderTimesOut => {
            fail(params, "invalid_request".to_owned(), "Timeout occurred in calling IdP token endpoint".to_owned())
        }
        Fault::ProviderFails => {
            fail(params, "invalid_request".to_owned(), format!("{MARK} Error - 401 error getting token"))
        }
        Fault::UnknownError => fail(params, script(), script()),
        _ => {}
    }
}

fn replace(params: &mut [(&'static str, String)], name: &str, value: String) {
    for (_, old) in params.iter_mut().filter(|(key, _)| *key == name) {
        old.clone_from(&value);
    }
}

fn fail(params: &mut Vec<(&'static str, String)>, error: String, description: String) {
    params.retain(|(name, _)| *name != "code");
    params.push(("error", error));
    params.push(("error_description", description));
}
