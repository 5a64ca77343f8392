//! The language of a response, and the parameter `lang` of a page's address.

use app::texts::Language;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::language::{Choice, Chosen, Wish};

/// What a room's addresses lead to, and so what the parameter `lang` means there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addresses {
    /// To pages. With `lang`, the browser is redirected to the same page, in that language from then on.
    Pages,
    /// To files. Only a missing one is a page.
    Files,
    /// To what another party asks for, with a query that is not ours: `lang` has no meaning.
    Others,
}

/// Chooses the language of the response ([`Chosen`]), and answers a wish for another one.
pub(super) async fn choose(
    State((choice, addresses)): State<(Choice, Addresses)>,
    mut request: Request,
    next: Next,
) -> Response {
    let can_redirect = matches!(*request.method(), Method::GET | Method::HEAD) && addresses != Addresses::Others;
    let wish = can_redirect.then(|| Wish::read(request.uri())).flatten();
    match wish {
        Some(wish) if addresses == Addresses::Pages => grant(&choice, wish),
        wish => {
            let language = choice.choose(request.headers());
            request.extensions_mut().insert(Chosen(language));
            let response = next.run(request).await;
            match wish {
                Some(wish) if response.status() == StatusCode::NOT_FOUND => grant(&choice, wish),
                _ => response,
            }
        }
    }
}

/// 303 to the address without the parameter. A language that is not offered changes nothing.
fn grant(choice: &Choice, wish: Wish) -> Response {
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, wish.address)]).into_response();
    let language: Option<Language> = wish.tag.and_then(|tag| choice.offered(&tag));
    if let Some(language) = language {
        response.headers_mut().append(header::SET_COOKIE, choice.cookie(language).into_value());
    }
    response
}
