//! The numbers of one run, printed and as JSON.

use std::{fs, path::Path};

use serde_json::{Value, json};

#[derive(Default)]
pub(crate) struct Report(Vec<Value>);

impl Report {
    /// A number without a target.
    pub(crate) fn number(&mut self, name: &str, value: f64) {
        println!("        {name}: {value:.2}");
        self.0.push(json!({ "name": name, "value": value }));
    }

    pub(crate) fn at_most(&mut self, name: &str, value: f64, target: f64) {
        self.judge(name, value, ("at most", target), value <= target);
    }

    pub(crate) fn at_least(&mut self, name: &str, value: f64, target: f64) {
        self.judge(name, value, ("at least", target), value >= target);
    }

    fn judge(&mut self, name: &str, value: f64, (word, target): (&str, f64), met: bool) {
        println!("{}  {name}: {value:.2} (target: {word} {target})", if met { "ok    " } else { "MISSED" });
        self.0.push(json!({ "name": name, "value": value, "target": format!("{word} {target}"), "met": met }));
    }

    /// Writes the report. Returns whether every target was met.
    pub(crate) fn finish(&self, path: &Path) -> bool {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of the report");
        fs::write(path, serde_json::to_vec_pretty(&self.0).expect("JSON")).expect("the report");
        println!("\nwritten to {}", path.display());
        self.0.iter().all(|line| line["met"] != false)
    }
}
