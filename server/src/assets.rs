//! The files for the browser: where they are, and what cargo-leptos named them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use app::{Assets, Style};
use leptos::config::LeptosOptions;

use crate::config::Config;

/// The site cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AssetFault {
    /// There is no such folder.
    #[error("site_root: no folder {0}: build it with `make release`, or set site_root to where it is")]
    NoFolder(PathBuf),
    /// The folder lacks a file.
    #[error("site_root: {0} holds no {1}: build it with `make release`")]
    Incomplete(PathBuf, &'static str),
    /// A file cannot be read.
    #[error("site_root: {0} cannot be read ({1})")]
    Unreadable(PathBuf, std::io::Error),
}

/// The folder of the files: the one configured, else `site` beside the binary or one folder above it, else
/// `target/site`.
///
/// A binary that was built and not moved is in `target/release`, so its `target/site` is found from any working directory.
pub fn site_root(config: &Config) -> PathBuf {
    let binary = std::env::current_exe().unwrap_or_default();
    let near = binary.ancestors().skip(1).take(2).map(|folder| folder.join("site")).find(|folder| folder.is_dir());
    config.site_root.clone().or(near).unwrap_or_else(|| PathBuf::from("target/site"))
}

/// Finds the style sheet, the script and the WASM below `site_root`, whatever hash their names have.
///
/// # Errors
/// One of them is missing.
pub fn find(site_root: &Path) -> Result<Assets, AssetFault> {
    let pkg = site_root.join("pkg");
    let entries = fs::read_dir(&pkg).map_err(|_| AssetFault::NoFolder(pkg.clone()))?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            Some((entry.as_ref().ok()?.metadata().ok()?.modified().ok()?, entry.ok()?.file_name().into_string().ok()?))
        })
        .collect();
    // While `cargo leptos watch` runs, files of an earlier build may still be there: the newest counts.
    files.sort();
    let newest = |ending: &'static str| {
        let name = files.iter().rev().map(|(_, name)| name).find(|name| name.ends_with(ending));
        name.ok_or_else(|| AssetFault::Incomplete(pkg.clone(), ending))
    };
    let css = newest(".css")?;
    let watch = watch();
    let style = if watch.is_some() {
        Style::Linked(format!("/pkg/{css}"))
    } else {
        let css = pkg.join(css);
        Style::Inline(fs::read_to_string(&css).map_err(|error| AssetFault::Unreadable(css, error))?)
    };
    Ok(Assets { style, script: format!("/pkg/{}", newest(".js")?), wasm: format!("/pkg/{}", newest(".wasm")?), watch })
}

/// Set by `cargo leptos watch` alone.
fn watch() -> Option<LeptosOptions> {
    std::env::var_os("LEPTOS_WATCH")?;
    let port = std::env::var("LEPTOS_RELOAD_PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3001);
    Some(LeptosOptions::builder().output_name("my-data").reload_port(port).build())
}
