use leptos::prelude::*;

/// What is drawn before the name of a folder or a document. The text says the same.
#[component]
pub(super) fn Mark(is_folder: bool) -> impl IntoView {
    let path = if is_folder {
        "M3 7a2 2 0 0 1 2-2h4l2 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"
    } else {
        "M7 3h7l5 5v11a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM14 3v5h5"
    };
    view! { <svg class="kind" viewBox="0 0 24 24" aria-hidden="true"><path d=path></path></svg> }
}
