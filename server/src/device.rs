//! The kind of device that a request comes from, in a few families. The citizen recognises it in the activity; it singles nobody out.

use app::{Browser, Device, DeviceKind, System};
use axum::http::{HeaderMap, header};

/// What stands in `User-Agent` for a browser. The first match counts: every browser also claims to be others.
const BROWSERS: [(&str, Browser); 12] = [
    ("Edg/", Browser::Edge),
    ("EdgA/", Browser::Edge),
    ("EdgiOS/", Browser::Edge),
    ("OPR/", Browser::Opera),
    ("OPT/", Browser::Opera),
    ("SamsungBrowser/", Browser::SamsungInternet),
    ("FxiOS/", Browser::Firefox),
    ("Firefox/", Browser::Firefox),
    ("CriOS/", Browser::Chrome),
    ("Chrome/", Browser::Chrome),
    ("Chromium/", Browser::Chrome),
    ("Safari/", Browser::Safari),
];

/// What stands in `User-Agent` for a system, with the kind of device that it runs on. The first match counts.
const SYSTEMS: [(&str, System, DeviceKind); 8] = [
    ("iPhone", System::Ios, DeviceKind::Phone),
    ("iPad", System::IpadOs, DeviceKind::Tablet),
    ("Android", System::Android, DeviceKind::Tablet),
    ("CrOS", System::ChromeOs, DeviceKind::Computer),
    ("Windows", System::Windows, DeviceKind::Computer),
    ("Macintosh", System::MacOs, DeviceKind::Computer),
    ("Linux", System::Linux, DeviceKind::Computer),
    ("X11", System::Linux, DeviceKind::Computer),
];

/// The values of `Sec-CH-UA-Platform` (User-Agent Client Hints), which Chromium's browsers send without being asked.
const PLATFORMS: [(&str, System, DeviceKind); 6] = [
    ("\"Android\"", System::Android, DeviceKind::Tablet),
    ("\"Chrome OS\"", System::ChromeOs, DeviceKind::Computer),
    ("\"iOS\"", System::Ios, DeviceKind::Phone),
    ("\"Linux\"", System::Linux, DeviceKind::Computer),
    ("\"macOS\"", System::MacOs, DeviceKind::Computer),
    ("\"Windows\"", System::Windows, DeviceKind::Computer),
];

/// The device that sends these headers, as far as they say. A program that is not a browser is unknown.
pub fn of(headers: &HeaderMap) -> Device {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent = text(header::USER_AGENT.as_str());
    let platform = text("sec-ch-ua-platform");
    let system = PLATFORMS
        .iter()
        .find(|(name, ..)| *name == platform)
        .or_else(|| SYSTEMS.iter().find(|(name, ..)| agent.contains(name)));
    // A phone says so, and a tablet does not.
    let is_mobile = text("sec-ch-ua-mobile") == "?1" || agent.contains("Mobile");
    let kind = match system {
        Some((_, System::Android, _)) if is_mobile => DeviceKind::Phone,
        Some((_, _, kind)) => *kind,
        None => DeviceKind::Unknown,
    };
    let browser = BROWSERS.iter().find(|(name, _)| agent.contains(name)).map(|(_, browser)| *browser);
    Device { kind, browser, system: system.map(|(_, system, _)| *system) }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn code(pairs: &[(&'static str, &str)]) -> String {
        let header = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        of(&pairs.iter().map(header).collect()).code()
    }

    #[test]
    fn current_browsers_are_recognised() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                "phone/safari/ios",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.0.0 Mobile/15E148 Safari/604.1",
                "phone/chrome/ios",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/144.0 Mobile/15E148 Safari/605.1.15",
                "tablet/firefox/ipados",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
                "phone/chrome/android",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Safari/537.36",
                "tablet/samsung_internet/android",
            ),
            ("Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", "phone/firefox/android"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
                "computer/edge/windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
                "computer/safari/macos",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "computer/firefox/linux"),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
                "computer/chrome/chromeos",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0",
                "computer/opera/windows",
            ),
            ("curl/8.14.1", "unknown/-/-"),
            ("", "unknown/-/-"),
        ] {
            assert_eq!(code(&[("user-agent", agent)]), expected, "{agent}");
        }
        assert_eq!(code(&[]), "unknown/-/-");
    }

    #[test]
    fn what_a_browser_says_of_its_platform_counts_more_than_its_name() {
        let desktop =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
        let hints = |mobile| {
            code(&[("user-agent", desktop), ("sec-ch-ua-platform", "\"Android\""), ("sec-ch-ua-mobile", mobile)])
        };
        assert_eq!(hints("?1"), "phone/chrome/android");
        // A phone that asks for the site for computers.
        assert_eq!(hints("?0"), "tablet/chrome/android");
        assert_eq!(code(&[("user-agent", desktop), ("sec-ch-ua-platform", "\"Beyond\"")]), "computer/chrome/linux");
    }
}
