use std::fs;
use std::path::{Path, PathBuf};

/// A temporary folder of its own for a test. It is removed when this value is dropped.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Creates an empty folder.
    ///
    /// # Panics
    /// The folder cannot be created.
    pub fn make() -> Self {
        let path = std::env::temp_dir().join(format!("mydata-test-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).expect("a scratch folder");
        Self(path)
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A small site, with everything that the server reads from a real one.
    ///
    /// # Panics
    /// It cannot be written.
    pub fn site_root(&self) -> PathBuf {
        let root = self.0.join("site");
        if !root.exists() {
            fs::create_dir_all(root.join("pkg")).expect("a folder of the site");
            for (name, content) in [
                ("pkg/my-data.0a1b2c.css", "body{color:#123}"),
                ("pkg/my-data.0a1b2c.js", "export default async () => {}; export const hydrate = () => {};"),
                ("pkg/my-data.0a1b2c.wasm", "\0asm"),
                ("favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
                ("robots.txt", "User-agent: *\nDisallow: /\n"),
            ] {
                fs::write(root.join(name), content).expect("a file of the site");
            }
        }
        root
    }

    /// Writes a file and returns its path.
    ///
    /// # Panics
    /// It cannot be written.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).expect("a scratch file");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
