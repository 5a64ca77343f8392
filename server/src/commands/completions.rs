use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use super::error::{CommandError, print};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    shell: Shell,
}

/// `server completions SHELL`
pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let mut text = Vec::new();
    generate(arguments.shell, &mut super::Arguments::command(), "server", &mut text);
    print(&text)
}
