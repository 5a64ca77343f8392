//! The files for browsers: their folder, their names, which contain a hash, and the hashes of what stands inside the pages.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use app::{Assets, Enhancer, Style};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use leptos::config::LeptosOptions;
use tracing::info;

use crate::config::Config;

/// How often to check for a new build of the site.
const POLL: Duration = Duration::from_secs(1);

/// Why the site cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// The folder does not exist.
    #[error(
        "site_root: the folder {0} does not exist: build the site with `make release`, or set site_root to its folder"
    )]
    NoFolder(PathBuf),
    /// A file is missing in the folder.
    #[error("site_root: {0} has no {1} file: build the site with `make release`")]
    Incomplete(PathBuf, &'static str),
    /// A file cannot be read.
    #[error("site_root: cannot read {0} ({1})")]
    Unreadable(PathBuf, std::io::Error),
}

/// The files that are served in development until a site is built.
#[derive(Clone, Debug)]
pub struct Fallback {
    /// The style sheet.
    pub style: Arc<str>,
    /// The folder with files that are served unchanged.
    pub public: PathBuf,
}

/// One build of the site: its files, and the content security policy's sources for what stands inside the pages.
#[derive(Debug)]
pub struct Build {
    /// The files.
    pub assets: Arc<Assets>,
    /// The hash of [`Style::inline`].
    pub style_source: String,
    /// The hash of [`Enhancer::loader`], if there is one.
    pub script_source: Option<String>,
}

impl Build {
    /// Computes the hashes of `assets`.
    pub fn new(assets: Assets) -> Self {
        Self {
            style_source: hash_source(assets.style.inline()),
            script_source: assets.enhancer.as_ref().map(|enhancer| hash_source(&enhancer.loader())),
            assets: Arc::new(assets),
        }
    }
}

/// The source that allows an inline element with this text (CSP Level 3, 2.3.1 and 6.7.3.3).
fn hash_source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

/// The build that pages currently use.
#[derive(Clone, Debug)]
pub struct CurrentAssets {
    build: Arc<RwLock<Arc<Build>>>,
    /// The rules that follow the style sheet: [`app::site_rules`].
    rules: Arc<str>,
}

impl CurrentAssets {
    /// Finds the files below `site_root`. With a `fallback`, files may be missing.
    ///
    /// # Errors
    /// A file is missing and `fallback` is `None`.
    pub fn load(site_root: &Path, fallback: Option<&Fallback>, rules: String) -> Result<Self, AssetError> {
        let assets = match fallback {
            Some(fallback) => incomplete(site_root, fallback, &rules),
            None => find(site_root, &rules)?,
        };
        Ok(Self { build: Arc::new(RwLock::new(Arc::new(Build::new(assets)))), rules: rules.into() })
    }

    /// The build for a page that is rendered now.
    pub fn get(&self) -> Arc<Build> {
        Arc::clone(&self.build.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps checking for a new build. Never returns.
    pub async fn keep_current(&self, site_root: &Path, fallback: &Fallback) {
        let mut last = Arc::clone(&self.get().assets);
        loop {
            tokio::time::sleep(POLL).await;
            let found = Build::new(incomplete(site_root, fallback, &self.rules));
            let assets = Arc::clone(&found.assets);
            // A build that is still being written looks different at the next poll.
            if is_same(&assets, &last) && !is_same(&assets, &self.get().assets) {
                info!(enhancer = assets.enhancer.is_some(), "new build of the site found; pages use it from now on");
                *self.build.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(found);
            }
            last = assets;
        }
    }
}

/// A value that is computed once for each build of the site.
#[derive(Debug)]
pub struct PerBuild<T>(RwLock<Option<(Arc<Build>, Arc<T>)>>);

impl<T> Default for PerBuild<T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<T> PerBuild<T> {
    /// The value for `build`, which `compute` gives the first time.
    pub fn get(&self, build: &Arc<Build>, compute: impl FnOnce() -> T) -> Arc<T> {
        if let Some((of, value)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && Arc::ptr_eq(of, build)
        {
            return Arc::clone(value);
        }
        let value = Arc::new(compute());
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((Arc::clone(build), Arc::clone(&value)));
        value
    }
}

/// The folder with the files: the configured folder, else `site` next to the binary or one folder above it,
/// else `target/site`.
///
/// A binary in `target/release` finds `target/site` from any working directory.
pub fn site_root(config: &Config) -> PathBuf {
    let binary = std::env::current_exe().unwrap_or_default();
    let near = binary.ancestors().skip(1).take(2).map(|folder| folder.join("site"));
    let built = binary.ancestors().nth(2).filter(|folder| folder.ends_with("target")).map(|folder| folder.join("site"));
    config
        .site_root
        .clone()
        .or_else(|| near.into_iter().find(|folder| folder.is_dir()))
        .or(built)
        .unwrap_or_else(|| PathBuf::from("target/site"))
}

/// Checks that the style sheet, the script and the WASM are below `site_root`.
///
/// # Errors
/// A file is missing.
pub fn check(site_root: &Path) -> Result<(), AssetError> {
    find(site_root, "").map(|_| ())
}

/// Finds the style sheet, the script and the WASM below `site_root`, whatever the hash in their names.
fn find(site_root: &Path, rules: &str) -> Result<Assets, AssetError> {
    let pkg = Pkg::list(site_root)?;
    let missing = |ending| move || AssetError::Incomplete(site_root.join("pkg"), ending);
    let style = pkg.style(rules)?.ok_or_else(missing(".css"))?;
    let script = pkg.newest(".js").ok_or_else(missing(".js"))?;
    let wasm = pkg.newest(".wasm").ok_or_else(missing(".wasm"))?;
    Ok(Assets { style, enhancer: Some(Enhancer { script, wasm }), watch: watch() })
}

/// Finds the same files below `site_root` if they exist. A missing style sheet is replaced by that of `fallback`.
fn incomplete(site_root: &Path, fallback: &Fallback, rules: &str) -> Assets {
    let pkg = Pkg::list(site_root).ok();
    let style = pkg.as_ref().and_then(|pkg| pkg.style(rules).ok()?).unwrap_or_else(|| inline(&fallback.style, rules));
    let enhancer = pkg.and_then(|pkg| Some(Enhancer { script: pkg.newest(".js")?, wasm: pkg.newest(".wasm")? }));
    Assets { style, enhancer, watch: watch() }
}

/// Browsers turn line ends into line feeds before they compute the hash (HTML, 13.2.3.5).
fn inline(css: &str, rules: &str) -> Style {
    Style::Inline { inline: format!("{css}{rules}").replace("\r\n", "\n").into() }
}

fn is_same(one: &Assets, other: &Assets) -> bool {
    one.style == other.style && one.enhancer == other.enhancer
}

/// The files in the folder `pkg` of a site, oldest first.
struct Pkg {
    folder: PathBuf,
    files: Vec<(SystemTime, String)>,
}

impl Pkg {
    fn list(site_root: &Path) -> Result<Self, AssetError> {
        let folder = site_root.join("pkg");
        let entries = fs::read_dir(&folder).map_err(|_| AssetError::NoFolder(folder.clone()))?;
        let mut files: Vec<_> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((entry.metadata().ok()?.modified().ok()?, entry.file_name().into_string().ok()?))
            })
            .collect();
        files.sort();
        Ok(Self { folder, files })
    }

    /// The path of the newest file with this ending. Under `cargo leptos watch`, files of earlier builds may remain.
    fn newest(&self, ending: &str) -> Option<String> {
        self.name(ending).map(|name| format!("/pkg/{name}"))
    }

    fn name(&self, ending: &str) -> Option<&str> {
        self.files.iter().rev().map(|(_, name)| name.as_str()).find(|name| name.ends_with(ending))
    }

    fn style(&self, rules: &str) -> Result<Option<Style>, AssetError> {
        let Some(name) = self.name(".css") else { return Ok(None) };
        if watch().is_some() {
            return Ok(Some(Style::Linked { path: format!("/pkg/{name}"), inline: rules.into() }));
        }
        let path = self.folder.join(name);
        let css = fs::read_to_string(&path).map_err(|error| AssetError::Unreadable(path, error))?;
        Ok(Some(inline(&css, rules)))
    }
}

/// Settings for live reload, under `cargo leptos watch` only.
fn watch() -> Option<LeptosOptions> {
    std::env::var_os("LEPTOS_WATCH")?;
    let port = std::env::var("LEPTOS_RELOAD_PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3001);
    Some(LeptosOptions::builder().output_name("my-data").reload_port(port).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fallback() -> Fallback {
        Fallback { style: "body{}".into(), public: PathBuf::new() }
    }

    #[test]
    fn without_a_site_pages_use_the_fallback_style_and_no_enhancer() {
        let nowhere = Path::new("/nonexistent/site");
        let build = CurrentAssets::load(nowhere, Some(&fallback()), "p{}".to_owned()).unwrap().get();
        assert!(build.assets.enhancer.is_none() && build.script_source.is_none());
        assert!(matches!(&build.assets.style, Style::Inline { inline } if &**inline == "body{}p{}"));
        assert!(matches!(CurrentAssets::load(nowhere, None, String::new()), Err(AssetError::NoFolder(_))));
    }

    #[test]
    fn a_source_is_the_hash_of_the_text() {
        // The example of CSP Level 3, 8.1 (alert without its script element), and the empty text.
        for (text, source) in [
            ("alert('Hello, world.');", "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"),
            ("", "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"),
        ] {
            assert_eq!(hash_source(text), source);
        }
        // As a browser reads it.
        assert_eq!(inline("a{}\r\nb{}", ""), inline("a{}\nb{}", ""));
    }

    #[tokio::test(start_paused = true)]
    async fn a_value_is_computed_once_for_each_build() {
        let site = testkit::Scratch::make();
        let assets = CurrentAssets::load(site.path(), Some(&fallback()), "p{}".to_owned()).unwrap();
        let value = PerBuild::default();
        let kept = || value.get(&assets.get(), || assets.get().assets.style.inline().to_string());
        let first = kept();
        assert_eq!(*first, "body{}p{}");
        assert!(Arc::ptr_eq(&first, &kept()));
        let keep_current = {
            let (assets, root) = (assets.clone(), site.path().to_owned());
            tokio::spawn(async move { assets.keep_current(&root, &fallback()).await })
        };
        fs::create_dir(site.path().join("pkg")).unwrap();
        site.file("pkg/my-data.0a1b.css", "main{}");
        tokio::time::sleep(POLL * 3).await;
        assert_eq!(*kept(), "main{}p{}");
        assert_eq!(assets.get().style_source, hash_source("main{}p{}"));
        keep_current.abort();
    }
}
