//! Makes an empty `dist/` where the app was not built yet, so that the server compiles without it, and compiles again
//! when the app was.

fn main() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist");
    // Without the folder a release build would stop; a failure shows there, with a better message than here.
    let _ = std::fs::create_dir_all(&dist);
    // A debug build reads the folder as it runs; only a release has the files in it.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../../dist");
    }
    // A server whose clock says an earlier time knows that it is wrong.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
    let built = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|said| said.parse().ok()).unwrap_or(now);
    println!("cargo::rustc-env=LINLI_BUILT={built}");
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo::rerun-if-changed=src/db/sqlite/migrations");
    println!("cargo::rerun-if-changed=src/db/postgres/migrations");
}
