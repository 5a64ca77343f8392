//! What the operator declares about accessibility, by the model of Implementing Decision (EU) 2018/1523.

use time::Date;

use super::Localized;
use crate::texts::{Sentence, say};

/// The accessibility statement. What is `None` is left out of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// How far the service meets the standard.
    pub status: Conformance,
    /// The law that asks for the statement.
    pub law: Option<Law>,
    /// What is not accessible, and why.
    pub exceptions: Vec<Exception>,
    /// When the statement was prepared.
    pub prepared: Option<Date>,
    /// When it was last reviewed.
    pub reviewed: Option<Date>,
    /// Who assessed the service.
    pub method: Option<Method>,
    /// Within how many days a citizen gets an answer.
    pub answer_days: Option<u16>,
    /// Where a citizen can complain about the answer.
    pub enforcement: Option<Enforcement>,
}

/// How far the service meets the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conformance {
    /// It meets all of it.
    Fully,
    /// It meets most of it.
    Partially,
    /// It does not meet it.
    Not,
}

/// The law that asks for the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Law {
    /// Directive (EU) 2016/2102, in general.
    Eu,
    /// The Belgian (federal) law.
    Be,
    /// The Dutch decree.
    Nl,
    /// The Luxembourg law.
    Lu,
    /// The German (federal) law.
    De,
    /// The French law.
    Fr,
    /// Another one, by its name.
    Named(Localized),
}

/// Something that is not accessible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Why it is not.
    pub reason: Reason,
    /// What it is, and what to use instead.
    pub text: Localized,
}

/// Why something is not accessible: the three classes of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It does not meet the standard yet.
    NonCompliance,
    /// It would be a disproportionate burden (Directive (EU) 2016/2102, article 5).
    Burden,
    /// The law does not cover it.
    OutOfScope,
}

/// Who assessed the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The organisation.
    Own,
    /// Somebody else.
    External,
}

/// Where a citizen can complain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enforcement {
    /// Who that is.
    pub name: Localized,
    /// Its page.
    pub url: Option<Localized>,
}

impl Conformance {
    pub(crate) const fn sentence(self) -> Sentence {
        match self {
            Self::Fully => say::STATEMENT_FULLY,
            Self::Partially => say::STATEMENT_PARTIALLY,
            Self::Not => say::STATEMENT_NOT,
        }
    }
}

impl Reason {
    /// In the order of the model.
    pub(crate) const ALL: [Self; 3] = [Self::NonCompliance, Self::Burden, Self::OutOfScope];

    pub(crate) const fn heading(self) -> Sentence {
        match self {
            Self::NonCompliance => say::STATEMENT_NON_COMPLIANCE,
            Self::Burden => say::STATEMENT_BURDEN,
            Self::OutOfScope => say::STATEMENT_OUT_OF_SCOPE,
        }
    }
}

impl Method {
    pub(crate) const fn sentence(self) -> Sentence {
        match self {
            Self::Own => say::STATEMENT_METHOD_SELF,
            Self::External => say::STATEMENT_METHOD_EXTERNAL,
        }
    }
}
