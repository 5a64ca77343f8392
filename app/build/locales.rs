//! Reads the files in `locales`, and compares them. `app/build.rs` and a test both include this file.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// The language whose file decides which sentences there are.
pub(crate) const SOURCE: &str = "en";

/// The sentences of one file.
pub(crate) struct File {
    pub(crate) sentences: BTreeMap<String, Sentence>,
}

pub(crate) struct Sentence {
    line: usize,
    /// For the documentation: an ellipsis stands for each value.
    pub(crate) text: String,
    /// In the order of their first use.
    pub(crate) values: Vec<String>,
}

impl File {
    /// Reads the file of the language `tag`. What is wrong in it is added to `faults`.
    pub(crate) fn parse(tag: &str, text: &str, faults: &mut Vec<String>) -> Self {
        let mut fault = |line: usize, problem: &str| faults.push(format!("app/locales/{tag}.ftl:{line}: {problem}"));
        let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(resource, errors)| {
            for error in errors {
                let line = text.bytes().take(error.pos.start).filter(|&byte| byte == b'\n').count() + 1;
                fault(line, &error.to_string());
            }
            resource
        });
        let mut sentences = BTreeMap::new();
        for entry in resource.body {
            let message = match entry {
                Entry::Message(message) => message,
                Entry::Term(term) => {
                    let id = format!("-{}", term.id.name);
                    fault(line_of(text, &id), &format!("{id} is a term, which is not supported"));
                    continue;
                }
                _ => continue,
            };
            let id = message.id.name;
            // The last line, if there are several.
            let line = line_of(text, id);
            let mut parts = Parts::default();
            message.value.iter().for_each(|pattern| parts.add(pattern));
            if !message.attributes.is_empty() {
                parts.unsupported.push("an attribute");
            }
            for part in parts.unsupported {
                fault(line, &format!("{id} has {part}, which is not supported"));
            }
            let sentence = Sentence { line, text: parts.text, values: parts.values };
            if sentences.insert(id.to_owned(), sentence).is_some() {
                fault(line, &format!("{id} is there twice"));
            }
        }
        Self { sentences }
    }

    /// Adds to `faults` how the file of the language `tag` differs from that of [`SOURCE`].
    pub(crate) fn compare(&self, tag: &str, source: &Self, faults: &mut Vec<String>) {
        for (id, expected) in &source.sentences {
            match self.sentences.get(id) {
                None => faults.push(format!(
                    "app/locales/{tag}.ftl: {id} is missing (app/locales/{SOURCE}.ftl:{})",
                    expected.line
                )),
                Some(own) if sorted(&own.values) != sorted(&expected.values) => faults.push(format!(
                    "app/locales/{tag}.ftl:{}: {id} has the values {:?}, and {SOURCE}.ftl has {:?}",
                    own.line, own.values, expected.values
                )),
                Some(_) => (),
            }
        }
        for (id, own) in &self.sentences {
            if !source.sentences.contains_key(id) {
                faults.push(format!("app/locales/{tag}.ftl:{}: {id} is not in {SOURCE}.ftl", own.line));
            }
        }
    }
}

fn sorted(values: &[String]) -> BTreeSet<&String> {
    values.iter().collect()
}

fn line_of(text: &str, id: &str) -> usize {
    let is_it = |line: &str| line.strip_prefix(id).is_some_and(|rest| rest.trim_start().starts_with('='));
    text.lines().enumerate().filter(|(_, line)| is_it(line)).last().map_or(0, |(index, _)| index + 1)
}

/// What a sentence is made of.
#[derive(Default)]
struct Parts {
    text: String,
    values: Vec<String>,
    unsupported: Vec<&'static str>,
}

impl Parts {
    fn add(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => {
                    let plain = value.replace('\n', " ").replace(['`', '[', ']', '<', '>', '\\'], "");
                    self.text.push_str(&plain);
                }
                PatternElement::Placeable { expression } => {
                    self.text.push('…');
                    self.expression(expression);
                }
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                let text = self.text.clone();
                variants.iter().for_each(|variant| self.add(&variant.value));
                self.text = text;
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                if !self.values.iter().any(|name| name == id.name) {
                    self.values.push(id.name.to_owned());
                }
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => (),
            InlineExpression::FunctionReference { .. } => self.unsupported.push("a function"),
            InlineExpression::MessageReference { .. } => self.unsupported.push("a reference to another sentence"),
            InlineExpression::TermReference { .. } => self.unsupported.push("a reference to a term"),
        }
    }
}
