//! How a sign-in option looks to citizens: the mark and colours of its button, and the words under it. A new look is one
//! `static` here and its sentence in `app/locales`. All drawings are our own.

use std::fmt::Write as _;

use leptos::prelude::*;

use crate::texts::{Language, say};

/// The look of a sign-in option.
#[derive(Debug)]
pub struct Look {
    /// The name of its CSS class.
    class: &'static str,
    /// The path that is drawn on its button, in a square of 40.
    mark: &'static str,
    /// The grounds of its button; an outline without.
    colours: Option<Colours>,
    /// What stands under its button, for a provider with this name.
    explanation: fn(Language, &str) -> String,
}

/// The grounds of a button with white text on it. Each has a contrast of at least 4.5 with white (WCAG 2.2, 1.4.3).
#[derive(Debug, PartialEq, Eq)]
struct Colours {
    light: Ground,
    dark: Ground,
}

#[derive(Debug, PartialEq, Eq)]
struct Ground {
    rest: &'static str,
    /// Under the pointer.
    hover: &'static str,
}

/// itsme: a telephone, on the blue of the first sample's button.
pub static ITSME: Look = Look {
    class: "look-itsme",
    mark: "M15 4h10a4 4 0 0 1 4 4v24a4 4 0 0 1-4 4H15a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4zM16 20l3 3 5-6M18 32h4",
    colours: Some(Colours {
        light: Ground { rest: "#0b5ed7", hover: "#0949a8" },
        dark: Ground { rest: "#1d62d6", hover: "#2a6de0" },
    }),
    explanation: |language, _| language.text(say::PROVIDER_ITSME).into_owned(),
};

/// Login.gov: a building with columns.
pub static LOGIN_GOV: Look = Look {
    class: "look-login-gov",
    mark: "M5 34h30M8 29h24M11 29V17M20 29V17M29 29V17M6 14 20 5l14 9z",
    colours: Some(Colours {
        light: Ground { rest: "#1b3a6b", hover: "#122950" },
        dark: Ground { rest: "#33588f", hover: "#4369a3" },
    }),
    explanation: |language, _| language.text(say::PROVIDER_LOGIN_GOV).into_owned(),
};

/// Auth0: a badge, as organisations give to their people.
pub static AUTH0: Look = Look {
    class: "look-auth0",
    mark: "M9 9h22a3 3 0 0 1 3 3v19a3 3 0 0 1-3 3H9a3 3 0 0 1-3-3V12a3 3 0 0 1 3-3zM17 5h6v7h-6zM13 20a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0M11 29q5.5-5 11 0M26 20h4M26 26h4",
    colours: Some(Colours {
        light: Ground { rest: "#8a3213", hover: "#6b250c" },
        dark: Ground { rest: "#a8441f", hover: "#b9522b" },
    }),
    explanation: |language, _| language.text(say::PROVIDER_AUTH0).into_owned(),
};

/// Beyond Identity: a key, since there is no password.
pub static BEYOND_IDENTITY: Look = Look {
    class: "look-beyond-identity",
    mark: "M5 20a7.5 7.5 0 1 0 15 0 7.5 7.5 0 1 0-15 0M20 20h15v6M29 20v5M12.5 20h.01",
    colours: Some(Colours {
        light: Ground { rest: "#4b2a86", hover: "#371d66" },
        dark: Ground { rest: "#6f4bb4", hover: "#7f5cc2" },
    }),
    explanation: |language, name| say::provider_beyond_identity(language, name),
};

/// AWS IAM Identity Center: people.
pub static IDENTITY_CENTER: Look = Look {
    class: "look-identity-center",
    mark: "M9 12a5 5 0 1 0 10 0 5 5 0 1 0-10 0M4 32q0-10 10-10t10 10M23 8a5 5 0 1 1 2 9M28 23q8 1 8 9",
    colours: Some(Colours {
        light: Ground { rest: "#0b5c55", hover: "#07443f" },
        dark: Ground { rest: "#17766d", hover: "#0f625a" },
    }),
    explanation: |language, _| language.text(say::PROVIDER_IDENTITY_CENTER).into_owned(),
};

/// Any other provider: a door.
pub static PLAIN: Look = Look {
    class: "look-plain",
    mark: "M22 6h10a2 2 0 0 1 2 2v24a2 2 0 0 1-2 2H22M6 20h18M17 13l7 7-7 7",
    colours: None,
    explanation: |language, name| say::provider_plain(language, name),
};

impl Look {
    /// The classes of its button. A quiet one is an outline, whatever its colours.
    pub(crate) fn button_class(&self, is_quiet: bool) -> String {
        match self.colours {
            Some(_) if !is_quiet => format!("sign-in sign-in-filled {}", self.class),
            _ => "sign-in".to_owned(),
        }
    }

    /// What stands under the button of the provider with this name.
    pub(crate) fn explanation(&self, language: Language, name: &str) -> String {
        (self.explanation)(language, name)
    }

    /// What is drawn on its button.
    pub(crate) fn mark(&self) -> impl IntoView + use<> {
        let path = self.mark;
        view! {
            <svg class="sign-in-mark" viewBox="0 0 40 40" aria-hidden="true"><path d=path></path></svg>
        }
    }
}

/// The style sheet for the buttons with these looks: the custom properties that `style/home.css` reads. It is empty for
/// looks without colours.
pub(crate) fn style_sheet<'a>(looks: impl Iterator<Item = &'a Look>) -> String {
    let (mut light, mut dark) = (String::new(), String::new());
    let mut seen = Vec::new();
    for look in looks {
        if let Some(colours) = &look.colours
            && !seen.contains(&look.class)
        {
            seen.push(look.class);
            for (rules, ground) in [(&mut light, &colours.light), (&mut dark, &colours.dark)] {
                let Ground { rest, hover } = ground;
                // Writing to a `String` cannot fail.
                let _ = write!(rules, ".{}{{--look:{rest};--look-strong:{hover}}}", look.class);
            }
        }
    }
    if seen.is_empty() { light } else { format!("{light}@media (prefers-color-scheme:dark){{{dark}}}") }
}

#[cfg(test)]
pub(crate) static ALL: [&Look; 6] = [&ITSME, &LOGIN_GOV, &AUTH0, &BEYOND_IDENTITY, &IDENTITY_CENTER, &PLAIN];

#[cfg(test)]
impl Look {
    /// Every ground of its button.
    pub(crate) fn grounds(&self) -> impl Iterator<Item = &'static str> {
        let grounds = self.colours.iter().flat_map(|colours| [&colours.light, &colours.dark]);
        grounds.flat_map(|ground| [ground.rest, ground.hover])
    }
}

/// A look with colours, for the tests of this crate.
#[cfg(test)]
pub(crate) static SAMPLE: Look = Look {
    class: "look-sample",
    mark: "M0 0h40v40z",
    colours: Some(Colours {
        light: Ground { rest: "#123456", hover: "#012345" },
        dark: Ground { rest: "#234567", hover: "#345678" },
    }),
    explanation: |language, name| say::provider_plain(language, name),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_has_each_look_once_for_light_and_for_dark() {
        assert_eq!(
            style_sheet([&SAMPLE, &PLAIN, &SAMPLE].into_iter()),
            ".look-sample{--look:#123456;--look-strong:#012345}\
             @media (prefers-color-scheme:dark){.look-sample{--look:#234567;--look-strong:#345678}}",
        );
    }

    #[test]
    fn looks_without_colours_need_no_style_sheet() {
        assert_eq!(style_sheet([&PLAIN].into_iter()), "");
    }
}
