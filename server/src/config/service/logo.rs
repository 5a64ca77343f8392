use std::{fmt, fs, io::Read as _, path::Path};

use app::service::{Image, Logo};
use axum::body::Bytes;
use roxmltree::{Document, Node, ParsingOptions};

use super::super::Source;
use crate::secret::sha256_hex;

/// The largest file, and the largest width and height.
const MAX_BYTES: u64 = 100 * 1024;
const MAX_SIDE: u32 = 10_000;
const EXPECTED: &str =
    "an SVG or PNG file of 100 KB or less; a relative path starts at the folder of the configuration file";
const SVG: &str = "http://www.w3.org/2000/svg";

/// A logo that this site serves.
#[derive(Clone, PartialEq, Eq)]
pub struct LogoFile {
    /// Its path on this site, which changes with its content.
    pub path: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: Bytes,
}

// The path has a hash of the content.
impl fmt::Debug for LogoFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LogoFile").field(&self.path).finish()
    }
}

/// `service.logo`, `service.logo_dark` and `service.logo_has_name`. The picture stands for the organisation, so it needs a name.
///
/// Environment: `MYDATA_SERVICE__LOGO`, `__LOGO_DARK`, `__LOGO_HAS_NAME`.
pub(super) fn read(source: &mut Source, has_organisation: bool) -> (Option<Logo>, Vec<LogoFile>) {
    const ORGANISATION: &str = "service.organisation";
    let [key, dark_key, name_key] = ["service.logo", "service.logo_dark", "service.logo_has_name"];
    let is_set = source.has(key);
    let light = file(source, key);
    let dark = file(source, dark_key);
    let has_name =
        source.with_default(name_key, "true or false", "false", |text| text.parse().ok()).unwrap_or_default();
    if !is_set && dark.is_some() {
        source.fault(key, format!("is missing; expected {EXPECTED}, because {dark_key} is set"));
    }
    if is_set && !has_organisation && !source.has_fault(ORGANISATION) {
        source.fault(ORGANISATION, format!("is missing; expected the name of the organisation, because {key} is set"));
    }
    let files = [&light, &dark].into_iter().flatten().map(|(_, file)| file.clone()).collect();
    let logo = light.map(|(light, _)| Logo { light, dark: dark.map(|(dark, _)| dark), has_name });
    (logo, files)
}

fn file(source: &mut Source, key: &str) -> Option<(Image, LogoFile)> {
    let path = source.optional(key, EXPECTED, |text| (!text.is_empty()).then(|| text.to_owned()))?;
    let path = source.folder().join(path);
    let read = load(&path);
    read.map_err(|problem| source.fault(key, format!("{problem}; expected {EXPECTED}"))).ok()
}

/// The picture at `path`, or what is wrong with it.
fn load(path: &Path) -> Result<(Image, LogoFile), String> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("cannot be read ({error})"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err("is larger than 100 KB".to_owned());
    }
    let (media_type, extension, size) = match bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        true => ("image/png", "png", png(&bytes)?),
        false => ("image/svg+xml", "svg", svg(&bytes)?),
    };
    let (width, height) = size;
    if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
        return Err(format!("is {width} by {height} pixels"));
    }
    let mut hash = sha256_hex(&bytes);
    hash.truncate(16);
    let path = format!("/brand/logo.{hash}.{extension}");
    Ok((Image { path: path.clone(), width, height }, LogoFile { path, media_type, bytes: bytes.into() }))
}

/// The size of a PNG picture: its first chunk is IHDR, and the last one IEND (PNG, 5.6 and 11.2.1).
fn png(bytes: &[u8]) -> Result<(u32, u32), String> {
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    let is_whole = bytes.get(12..16) == Some(b"IHDR") && bytes.ends_with(b"IEND\xaeB`\x82");
    number(16).zip(number(20)).filter(|_| is_whole).ok_or_else(|| "is not a whole PNG file".to_owned())
}

/// The proportions of an SVG picture. Browsers run nothing and load nothing for a picture in a page. So what needs a script or
/// another file would not be shown, and is refused.
fn svg(bytes: &[u8]) -> Result<(u32, u32), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is neither PNG nor UTF-8 text".to_owned())?;
    let options = ParsingOptions { allow_dtd: true, nodes_limit: 50_000, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text.trim_start_matches('\u{feff}'), options)
        .map_err(|error| format!("is not SVG ({error})"))?;
    let root = document.root_element();
    if !root.has_tag_name((SVG, "svg")) {
        return Err(format!("is not SVG: its first element must be svg, with xmlns=\"{SVG}\""));
    }
    if let Some(problem) = document.descendants().find_map(needs_more) {
        return Err(problem);
    }
    size(root).ok_or_else(|| "has no viewBox, and no width and height in pixels".to_owned())
}

/// What a picture in a page cannot do.
fn needs_more(node: Node<'_, '_>) -> Option<String> {
    if node.pi().is_some_and(|instruction| instruction.target == "xml-stylesheet") {
        return Some("has a style sheet in another file".to_owned());
    }
    let name = node.tag_name().name();
    if ["script", "foreignObject"].contains(&name) {
        return Some(format!("has an element {name}, which a picture in a page cannot have"));
    }
    // A comment inside is not part of the style sheet, but divides its text.
    let sheet = || node.children().filter(Node::is_text).filter_map(|node| node.text()).collect::<String>();
    if name == "style" && style_refers(&sheet()) {
        return Some("has an element style that refers to another file".to_owned());
    }
    let is_handler = |name: &str| name.len() > 2 && name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
    // A link is a picture's, not the page's, so it leads nowhere.
    let refers = |name: &str, value: &str| name == "href" && node.tag_name().name() != "a" && is_elsewhere(value);
    let bad = node.attributes().find(|attribute| {
        let (name, value) = (attribute.name(), attribute.value());
        is_handler(name) || refers(name, value) || style_refers(value)
    })?;
    Some(format!("has an attribute {} that refers to a script or another file", bad.name()))
}

/// Whether a style sheet, or an attribute that is one, refers to another file.
fn style_refers(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let address = |rest: &str| is_elsewhere(rest.trim_start().trim_start_matches(['"', '\'']));
    text.contains("@import") || text.split("url(").skip(1).any(address)
}

/// Whether an address leads out of the file.
fn is_elsewhere(address: &str) -> bool {
    !address.starts_with('#') && !address.starts_with("data:image/")
}

/// The width and height of `viewBox`, or else those of the attributes, rounded up.
fn size(root: Node<'_, '_>) -> Option<(u32, u32)> {
    let whole = |text: &str| {
        let value = text.strip_suffix("px").unwrap_or(text).parse::<f64>().ok()?;
        // Within the range of the type. What is too large is refused later.
        (value > 0.0).then(|| value.ceil().min(f64::from(u32::MAX)) as u32)
    };
    if let Some(view_box) = root.attribute("viewBox") {
        let separated = view_box.split(|char: char| char.is_ascii_whitespace() || char == ',');
        let numbers: Vec<_> = separated.filter(|number| !number.is_empty()).collect();
        let &[_, _, width, height] = numbers.as_slice() else { return None };
        return whole(width).zip(whole(height));
    }
    whole(root.attribute("width")?).zip(whole(root.attribute("height")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(inner: &str) -> String {
        format!("<svg xmlns=\"{SVG}\" viewBox=\"0 0 32 16\">{inner}</svg>")
    }

    #[test]
    fn a_drawing_that_a_page_can_show_is_accepted() {
        let doctype = "<?xml version=\"1.0\"?><!-- drawn --><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/a.dtd\">";
        for good in [
            wrapped("<style>.a{fill:#123}</style><path class=\"a\" d=\"M0 0h1\"/>"),
            wrapped("<defs><path id=\"p\"/></defs><use href=\"#p\"/>"),
            wrapped("<use xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"#p\"/>"),
            wrapped("<image href=\"data:image/png;base64,AAAA\"/>"),
            wrapped("<a href=\"https://town.example/\"><path/></a>"),
            wrapped("<path 日本=\"x\"/>"),
            wrapped("<path aé=\"x\" o=\"x\" on=\"x\"/>"),
            wrapped("<path fill=\"url(#a)\" style=\"mask:URL( \'#b\' )\"/>"),
            wrapped("<style>.a{fill:url(\"#p\")}.b{background:url(data:image/png;base64,AAAA)}</style>"),
            format!("\u{feff}{doctype}{}", wrapped("<path/>")),
        ] {
            assert_eq!(svg(good.as_bytes()), Ok((32, 16)), "{good}");
        }
        for (attributes, expected) in [
            ("viewBox=\"0,0 31.2,16\"", Some((32, 16))),
            ("width=\"40px\" height=\"20\"", Some((40, 20))),
            ("width=\"100%\" height=\"20\"", None),
            ("viewBox=\"0 0 32\"", None),
            ("viewBox=\"0 0 32 -1\"", None),
            ("viewBox=\"0 0 NaN 1\"", None),
            ("", None),
        ] {
            assert_eq!(svg(format!("<svg xmlns=\"{SVG}\" {attributes}/>").as_bytes()).ok(), expected, "{attributes}");
        }
    }

    #[test]
    fn a_drawing_that_needs_a_script_or_another_file_is_refused() {
        for (bad, reason) in [
            (wrapped("<script>alert(1)</script>"), "script"),
            (wrapped("<foreignObject><p/></foreignObject>"), "foreignObject"),
            (wrapped("<path onclick=\"alert(1)\"/>"), "onclick"),
            (wrapped("<path ONLOAD=\"alert(1)\"/>"), "ONLOAD"),
            (wrapped("<image href=\"https://a.example/b.png\"/>"), "href"),
            (wrapped("<use xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"other.svg#p\"/>"), "href"),
            (wrapped("<image href=\"data:text/html,x\"/>"), "href"),
            (wrapped("<path fill=\"url(other.svg#p)\"/>"), "fill"),
            (wrapped("<path style=\"mask:url(#a);filter:Url( \'https://a.example/b.svg#f\')\"/>"), "style"),
            (wrapped("<style>.a{fill:url(#p)}.b{fill:url(//a.example/b.svg#p)}</style>"), "element style"),
            (wrapped("<style>u<!-- -->rl(#p) @IMPORT \'a.css\';</style>"), "element style"),
            (wrapped("<style><![CDATA[.a{fill:u]]><!-- -->rl(data:text/html,x)}</style>"), "element style"),
            (format!("<?xml-stylesheet href=\"a.css\"?>{}", wrapped("<path/>")), "style sheet"),
            (wrapped("<path>"), "is not SVG"),
            ("<svg viewBox=\"0 0 1 1\"/>".to_owned(), "xmlns"),
            ("<html/>".to_owned(), "svg"),
            (String::new(), "is not SVG"),
            ("GIF89a".to_owned(), "is not SVG"),
        ] {
            let problem = svg(bad.as_bytes()).unwrap_err();
            assert!(problem.contains(reason), "{bad}: {problem}");
        }
        assert!(svg(&[0xff, 0xd8, 0xff]).unwrap_err().contains("neither PNG nor"));
    }

    #[test]
    fn a_picture_is_whole() {
        let whole =
            [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x20\x08\x06"[..], &b"...IEND\xaeB`\x82"[..]].concat();
        assert_eq!(png(&whole), Ok((64, 32)));
        assert!(png(&whole[..whole.len() - 1]).is_err());
        assert!(png(&whole[..14]).is_err());
    }
}
