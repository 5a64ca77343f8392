use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

/// A file that is appended to. If something renames or deletes it, such as logrotate, a new one is created at its path.
#[derive(Debug)]
pub struct AppendedFile {
    path: PathBuf,
    file: File,
}

impl AppendedFile {
    /// Opens the file at `path`, or creates it with access for its owner only.
    ///
    /// # Errors
    /// It cannot be opened for writing.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), file: open(path)? })
    }

    fn is_moved(&self) -> io::Result<bool> {
        let own = self.file.metadata()?;
        let is_own = |found: fs::Metadata| (found.dev(), found.ino()) == (own.dev(), own.ino());
        Ok(!fs::metadata(&self.path).is_ok_and(is_own))
    }
}

impl Write for AppendedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_moved()? {
            self.file = open(&self.path)?;
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_file_is_replaced_by_a_new_one() {
        let scratch = testkit::Scratch::make();
        let [path, old] = ["security.log", "security.log.1"].map(|name| scratch.path().join(name));
        let mut file = AppendedFile::open(&path).unwrap();
        file.write_all(b"one\n").unwrap();
        fs::rename(&path, &old).unwrap();
        file.write_all(b"two\n").unwrap();
        drop(file);
        AppendedFile::open(&path).unwrap().write_all(b"three\n").unwrap();
        assert_eq!(fs::read_to_string(&old).unwrap(), "one\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "two\nthree\n");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    }
}
