//! `bindgen ENGINE.wasm FOLDER`: what `wasm-bindgen --target web --out-dir FOLDER --out-name gan_atelier ENGINE.wasm` does.

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, folder] = &arguments[..] else {
        eprintln!("bindgen ENGINE.wasm FOLDER");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(engine).out_name("gan_atelier").typescript(true).omit_default_module_path(false);
    let bound = bindgen.web(true);
    match bound.and_then(|bindgen| bindgen.generate(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem:#}");
            ExitCode::FAILURE
        }
    }
}
