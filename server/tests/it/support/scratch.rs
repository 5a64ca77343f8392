use std::{
    fs,
    path::{Path, PathBuf},
};

/// A folder of its own for a test, removed at the end.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn make() -> Self {
        let path = std::env::temp_dir().join(format!("mydata-it-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A folder with what a build for the browser leaves there, as far as the server reads it.
    pub fn site_root(&self) -> PathBuf {
        let root = self.0.join("site");
        if !root.exists() {
            fs::create_dir_all(root.join("pkg")).unwrap();
            for (name, content) in [
                ("pkg/my-data.0a1b2c.css", "body{color:#123}"),
                ("pkg/my-data.0a1b2c.js", "export default async () => {}; export const hydrate = () => {};"),
                ("pkg/my-data.0a1b2c.wasm", "\0asm"),
                ("favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
                ("robots.txt", "User-agent: *\nDisallow: /\n"),
            ] {
                fs::write(root.join(name), content).unwrap();
            }
        }
        root
    }

    /// Writes a file and gives its path.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
