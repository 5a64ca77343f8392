//! The entry point of `server`.

fn main() -> std::process::ExitCode {
    server::commands::main()
}
