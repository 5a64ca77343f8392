use std::{fmt, marker::PhantomData, sync::Arc};

use prometheus::IntCounter;

/// The values of a label: all variants of an enum.
pub trait Label: Copy + 'static {
    /// Every value.
    const ALL: &'static [Self];

    /// The value as the page shows it.
    fn as_str(self) -> &'static str;

    /// Its place in [`ALL`](Self::ALL).
    fn place(self) -> usize;
}

/// Declares an enum whose variants are the values of a label.
macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of_variant:meta])* $variant:ident = $text:literal,)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$of_variant])* $variant,)* }

        impl $crate::metrics::Label for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            fn place(self) -> usize {
                self as usize
            }
        }
    )* };
}
pub(super) use labels;

/// One meter for each value of a label. All exist from the start, so that an alert rule has a zero to begin with.
///
/// The default is on no page.
pub struct PerLabel<L, T>(Arc<[T]>, PhantomData<L>);

/// One counter for each value of a label.
pub type Counters<L> = PerLabel<L, IntCounter>;

impl<L: Label, T> PerLabel<L, T> {
    /// The meters that `of_value` gives for each value.
    pub(super) fn of(of_value: impl Fn(&'static str) -> T) -> Self {
        Self(L::ALL.iter().map(|value| of_value(value.as_str())).collect(), PhantomData)
    }

    /// The meter of `value`; `None` if it is on no page.
    pub fn get(&self, value: L) -> Option<&T> {
        self.0.get(value.place())
    }
}

impl<L: Label> Counters<L> {
    /// Counts one.
    pub fn count(&self, value: L) {
        if let Some(counter) = self.get(value) {
            counter.inc();
        }
    }

    /// The counter of `value`, for what counts nothing else.
    pub fn of_value(&self, value: L) -> IntCounter {
        self.get(value).cloned().unwrap_or_else(unread)
    }
}

impl<L, T> Default for PerLabel<L, T> {
    fn default() -> Self {
        Self(Arc::new([]), PhantomData)
    }
}

impl<L, T> Clone for PerLabel<L, T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0), PhantomData)
    }
}

impl<L, T> fmt::Debug for PerLabel<L, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PerLabel(…)")
    }
}

/// A counter that no page shows.
#[expect(clippy::expect_used, reason = "the name is valid")]
pub(super) fn unread() -> IntCounter {
    IntCounter::new("unread", "Is on no page.").expect("a valid name")
}

/// A meter for each of a few names from the configuration. Another name has none.
pub struct PerName<T>(Arc<[(String, T)]>);

impl<T> PerName<T> {
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n str>, meter: impl Fn(&str) -> T) -> Self {
        Self(names.into_iter().map(|name| (name.to_owned(), meter(name))).collect())
    }

    /// The meter of `name`.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, meter)| meter)
    }

    /// The meter of `name`, or that of `otherwise`, and which of the two names it is.
    pub(super) fn get_or<'n>(&self, name: &'n str, otherwise: &'n str) -> (&'n str, Option<&T>) {
        match self.get(name) {
            Some(meter) => (name, Some(meter)),
            None => (otherwise, self.get(otherwise)),
        }
    }
}

impl<T> Default for PerName<T> {
    fn default() -> Self {
        Self(Arc::new([]))
    }
}

impl<T> Clone for PerName<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for PerName<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
