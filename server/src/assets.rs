//! The files for browsers: their folder, and their names, which contain a hash.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use app::{Assets, Enhancer, Style};
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

/// The files that pages currently use.
#[derive(Clone, Debug)]
pub struct CurrentAssets(Arc<RwLock<Arc<Assets>>>);

impl CurrentAssets {
    /// Finds the files below `site_root`. With a `fallback`, files may be missing.
    ///
    /// # Errors
    /// A file is missing and `fallback` is `None`.
    pub fn load(site_root: &Path, fallback: Option<&Fallback>) -> Result<Self, AssetError> {
        let assets = match fallback {
            Some(fallback) => incomplete(site_root, fallback),
            None => find(site_root)?,
        };
        Ok(Self(Arc::new(RwLock::new(Arc::new(assets)))))
    }

    /// The files for a page that is rendered now.
    pub fn get(&self) -> Arc<Assets> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps checking for a new build. Never returns.
    pub async fn keep_current(&self, site_root: &Path, fallback: &Fallback) {
        let mut last = self.get();
        loop {
            tokio::time::sleep(POLL).await;
            let found = Arc::new(incomplete(site_root, fallback));
            // A build that is still being written looks different at the next poll.
            if is_same(&found, &last) && !is_same(&found, &self.get()) {
                info!(enhancer = found.enhancer.is_some(), "new build of the site found; pages use it from now on");
                *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&found);
            }
            last = found;
        }
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

/// Finds the style sheet, the script and the WASM below `site_root`, whatever the hash in their names.
///
/// # Errors
/// A file is missing.
pub fn find(site_root: &Path) -> Result<Assets, AssetError> {
    let pkg = Pkg::list(site_root)?;
    let missing = |ending| move || AssetError::Incomplete(site_root.join("pkg"), ending);
    let style = pkg.style()?.ok_or_else(missing(".css"))?;
    let script = pkg.newest(".js").ok_or_else(missing(".js"))?;
    let wasm = pkg.newest(".wasm").ok_or_else(missing(".wasm"))?;
    Ok(Assets { style, enhancer: Some(Enhancer { script, wasm }), watch: watch() })
}

/// Finds the same files below `site_root` if they exist. A missing style sheet is replaced by that of `fallback`.
fn incomplete(site_root: &Path, fallback: &Fallback) -> Assets {
    let pkg = Pkg::list(site_root).ok();
    let style = pkg.as_ref().and_then(|pkg| pkg.style().ok()?);
    let enhancer = pkg.and_then(|pkg| Some(Enhancer { script: pkg.newest(".js")?, wasm: pkg.newest(".wasm")? }));
    Assets { style: style.unwrap_or_else(|| Style::Inline(Arc::clone(&fallback.style))), enhancer, watch: watch() }
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

    fn style(&self) -> Result<Option<Style>, AssetError> {
        let Some(name) = self.name(".css") else { return Ok(None) };
        if watch().is_some() {
            return Ok(Some(Style::Linked(format!("/pkg/{name}"))));
        }
        let path = self.folder.join(name);
        let css = fs::read_to_string(&path).map_err(|error| AssetError::Unreadable(path, error))?;
        Ok(Some(Style::Inline(css.into())))
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
        let assets = CurrentAssets::load(nowhere, Some(&fallback())).unwrap().get();
        assert!(assets.enhancer.is_none());
        assert!(matches!(&assets.style, Style::Inline(css) if &**css == "body{}"));
        assert!(matches!(CurrentAssets::load(nowhere, None), Err(AssetError::NoFolder(_))));
    }
}
