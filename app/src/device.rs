//! The kind of device that a request came from: a few words that a citizen recognises. What the browser sent is never kept.

use crate::texts::{Language, Sentence, say};

/// The kind of device, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// What it is.
    pub kind: DeviceKind,
    /// The browser.
    pub browser: Option<Browser>,
    /// The operating system.
    pub system: Option<System>,
}

/// What a device is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceKind {
    /// Not known.
    #[default]
    Unknown,
    /// A desktop or a laptop.
    Computer,
    /// A telephone.
    Phone,
    /// A tablet.
    Tablet,
    /// No device of a citizen: an app that uses the API.
    Program,
}

/// A browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Google Chrome.
    Chrome,
    /// Microsoft Edge.
    Edge,
    /// Mozilla Firefox.
    Firefox,
    /// Apple Safari.
    Safari,
    /// Samsung Internet.
    SamsungInternet,
    /// Opera.
    Opera,
}

/// An operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Microsoft Windows.
    Windows,
    /// Apple macOS.
    MacOs,
    /// Linux.
    Linux,
    /// Google ChromeOS.
    ChromeOs,
    /// Google Android.
    Android,
    /// Apple iOS.
    Ios,
    /// Apple iPadOS.
    IpadOs,
}

/// Stands in a code for what is not known.
const NONE: &str = "-";

impl Device {
    /// The device as it is stored: `phone/safari/ios`, `computer/-/linux` or `unknown/-/-`. These words never change.
    pub fn code(&self) -> String {
        let browser = self.browser.map_or(NONE, Browser::code);
        let system = self.system.map_or(NONE, System::code);
        format!("{}/{browser}/{system}", self.kind.code())
    }

    /// The device with this [`Device::code`]. A part that is not known, such as one that a later version has stored, is left out.
    pub fn parse(code: &str) -> Self {
        let mut parts = code.split('/');
        let mut next = || parts.next().unwrap_or(NONE);
        let (kind, browser, system) = (next(), next(), next());
        Self {
            kind: DeviceKind::ALL.into_iter().find(|other| other.code() == kind).unwrap_or_default(),
            browser: Browser::ALL.into_iter().find(|other| other.code() == browser),
            system: System::ALL.into_iter().find(|other| other.code() == system),
        }
    }

    /// The device in words, such as `Phone, Safari on iOS`.
    pub(crate) fn text(&self, language: Language) -> String {
        let kind = language.text(self.kind.sentence());
        match (self.browser.map(Browser::name), self.system.map(System::name)) {
            (Some(browser), Some(system)) => say::device_browser_on_system(language, kind, browser, system),
            (Some(name), None) | (None, Some(name)) => say::device_with(language, kind, name),
            (None, None) => kind.into_owned(),
        }
    }
}

impl DeviceKind {
    const ALL: [Self; 5] = [Self::Unknown, Self::Computer, Self::Phone, Self::Tablet, Self::Program];

    /// Its word in a [`Device::code`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Computer => "computer",
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Program => "program",
        }
    }

    const fn sentence(self) -> Sentence {
        match self {
            Self::Unknown => say::DEVICE_UNKNOWN,
            Self::Computer => say::DEVICE_COMPUTER,
            Self::Phone => say::DEVICE_PHONE,
            Self::Tablet => say::DEVICE_TABLET,
            Self::Program => say::DEVICE_PROGRAM,
        }
    }
}

impl Browser {
    const ALL: [Self; 6] = [Self::Chrome, Self::Edge, Self::Firefox, Self::Safari, Self::SamsungInternet, Self::Opera];

    /// Its word in a [`Device::code`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chrome => "chrome",
            Self::Edge => "edge",
            Self::Firefox => "firefox",
            Self::Safari => "safari",
            Self::SamsungInternet => "samsung_internet",
            Self::Opera => "opera",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Chrome => "Chrome",
            Self::Edge => "Edge",
            Self::Firefox => "Firefox",
            Self::Safari => "Safari",
            Self::SamsungInternet => "Samsung Internet",
            Self::Opera => "Opera",
        }
    }
}

impl System {
    const ALL: [Self; 7] =
        [Self::Windows, Self::MacOs, Self::Linux, Self::ChromeOs, Self::Android, Self::Ios, Self::IpadOs];

    /// Its word in a [`Device::code`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::MacOs => "macos",
            Self::Linux => "linux",
            Self::ChromeOs => "chromeos",
            Self::Android => "android",
            Self::Ios => "ios",
            Self::IpadOs => "ipados",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Windows => "Windows",
            Self::MacOs => "macOS",
            Self::Linux => "Linux",
            Self::ChromeOs => "ChromeOS",
            Self::Android => "Android",
            Self::Ios => "iOS",
            Self::IpadOs => "iPadOS",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(kind: DeviceKind, browser: Option<Browser>, system: Option<System>) -> Device {
        Device { kind, browser, system }
    }

    #[test]
    fn every_device_is_read_back_from_its_code() {
        let browsers = || [None].into_iter().chain(Browser::ALL.map(Some));
        let systems = || [None].into_iter().chain(System::ALL.map(Some));
        for kind in DeviceKind::ALL {
            for (browser, system) in browsers().flat_map(|browser| systems().map(move |system| (browser, system))) {
                let device = device(kind, browser, system);
                assert_eq!(Device::parse(&device.code()), device, "{}", device.code());
            }
        }
    }

    #[test]
    fn codes_stay_as_they_are_stored() {
        for (device, code) in [
            (Device::default(), "unknown/-/-"),
            (device(DeviceKind::Phone, Some(Browser::Safari), Some(System::Ios)), "phone/safari/ios"),
            (device(DeviceKind::Computer, None, Some(System::Linux)), "computer/-/linux"),
            (
                device(DeviceKind::Tablet, Some(Browser::SamsungInternet), Some(System::Android)),
                "tablet/samsung_internet/android",
            ),
            (device(DeviceKind::Program, None, None), "program/-/-"),
        ] {
            assert_eq!(device.code(), code);
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        for (code, expected) in [
            ("", Device::default()),
            ("/", Device::default()),
            ("watch/firefox/tizen", device(DeviceKind::Unknown, Some(Browser::Firefox), None)),
            ("phone", device(DeviceKind::Phone, None, None)),
            ("PHONE/Safari/iOS", Device::default()),
            ("phone/ios/safari", device(DeviceKind::Phone, None, None)),
            ("phone/safari/ios/more", device(DeviceKind::Phone, Some(Browser::Safari), Some(System::Ios))),
        ] {
            assert_eq!(Device::parse(code), expected, "{code}");
        }
    }

    #[test]
    fn a_device_is_named_by_what_is_known() {
        for (code, expected) in [
            ("phone/safari/ios", "Phone, Safari on iOS"),
            ("computer/firefox/-", "Computer, Firefox"),
            ("computer/-/linux", "Computer, Linux"),
            ("tablet/-/-", "Tablet"),
            ("unknown/-/-", "Unknown device"),
            ("unknown/edge/windows", "Unknown device, Edge on Windows"),
            ("program/-/-", "An app that uses the API"),
        ] {
            assert_eq!(Device::parse(code).text(Language::En), expected);
        }
    }
}
