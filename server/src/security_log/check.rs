use std::{
    fs::{self, OpenOptions},
    io::ErrorKind,
};

use crate::config::SecurityLogTarget;

/// Whether records can be written to `target`. Says where they go. A file that does not exist is removed again, so that its
/// owner is the server, not the operator who runs `server check`.
///
/// # Errors
/// The file cannot be opened. The text names the setting.
pub fn check(target: &SecurityLogTarget) -> Result<String, String> {
    let path = match target {
        SecurityLogTarget::Off => return Ok("off (log.security)".to_owned()),
        SecurityLogTarget::Stdout => return Ok("written to standard output".to_owned()),
        SecurityLogTarget::File(path) => path,
    };
    let opened = match OpenOptions::new().append(true).create_new(true).open(path) {
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => OpenOptions::new().append(true).open(path).map(drop),
        Err(error) => Err(error),
    };
    let shown = path.display();
    match opened {
        Ok(()) => Ok(format!("{shown} can be written")),
        Err(error) => Err(format!(
            "log.security: {shown} cannot be opened for writing ({error}): expected the path of a file in a folder that exists, \
             with permission to write both; or stdout, or off"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_opened_is_named_with_its_setting() {
        let scratch = testkit::Scratch::make();
        let check = |name: &str| check(&SecurityLogTarget::File(scratch.path().join(name)));
        for name in [".", "missing/security.log"] {
            let fault = check(name).unwrap_err();
            assert!(fault.starts_with("log.security: ") && fault.contains(name), "{fault}");
        }
        // Twice: it leaves no file behind.
        for _ in 0..2 {
            assert!(check("new.log").unwrap().contains("new.log can be written"));
            assert!(!scratch.path().join("new.log").exists());
        }
        let existing = scratch.file("existing.log", "a record\n");
        assert!(check("existing.log").is_ok());
        assert_eq!(fs::read_to_string(existing).unwrap(), "a record\n");
    }
}
