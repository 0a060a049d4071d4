//! The built app: embedded in the binary, or read from a folder while it is being worked on.
//!
//! Files whose names carry a hash are kept by browsers for ever; the shell, the service worker and the manifest are
//! asked for anew each time. A missing file is 404 and never the shell: a shell in the place of a script is a white
//! screen that stays.

use std::{borrow::Cow, path::PathBuf, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

use super::App;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../dist"]
#[allow_missing = true]
struct Embedded;

/// Where the app's files are.
#[derive(Clone, Debug)]
pub enum Assets {
    /// In the binary.
    Embedded,
    /// In this folder.
    Folder(PathBuf),
}

/// One file, as it goes out.
struct File {
    bytes: Cow<'static, [u8]>,
    encoding: Option<&'static str>,
}

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");

impl Assets {
    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Embedded => Embedded::get(path).map(|file| file.data),
            Self::Folder(folder) => {
                let whole = folder.join(path);
                whole.is_file().then(|| std::fs::read(whole).ok()).flatten().map(Cow::Owned)
            }
        }
    }

    /// The file in the best form the browser takes: the build leaves `.br` and `.gz` beside what is worth it.
    fn find(&self, path: &str, headers: &HeaderMap) -> Option<File> {
        let plain = self.read(path)?;
        let taken = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let takes = |name: &str| {
            taken.split(',').any(|part| {
                let (coding, quality) = part.split_once(';').unwrap_or((part, ""));
                coding.trim() == name && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
            })
        };
        for (name, ending) in [("br", "br"), ("gzip", "gz")] {
            if takes(name)
                && let Some(bytes) = self.read(&format!("{path}.{ending}"))
            {
                return Some(File { bytes, encoding: Some(name) });
            }
        }
        Some(File { bytes: plain, encoding: None })
    }

    /// The content security policy of the app's files. Trunk starts the app from an inline module script, whose hash the
    /// build leaves in `csp.json` as `{"script-src": ["'sha256-…'"]}`.
    fn policy(&self) -> HeaderValue {
        let hashes: Vec<String> = self
            .read("csp.json")
            .and_then(|json| serde_json::from_slice::<serde_json::Value>(&json).ok())
            .and_then(|json| serde_json::from_value(json["script-src"].clone()).ok())
            .unwrap_or_default();
        let hashes: String = hashes.iter().filter(|hash| is_hash(hash)).map(|hash| format!(" {hash}")).collect();
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
             img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}

/// Anything that is not the API: a file, or the shell for the app's own addresses.
pub async fn serve(State(app): State<Arc<App>>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let odd = path.split('/').any(|part| part.starts_with('.') || part.contains(['\\', ':', '%']));
    let path = if is_page(path) { "index.html" } else { path };
    let served = !odd && path != "csp.json" && !path.ends_with(".br") && !path.ends_with(".gz");
    match app.assets.find(path, request.headers()).filter(|_| served) {
        Some(file) => answer(&app.assets, path, file, request.headers()),
        None if path == "index.html" && !odd => (StatusCode::NOT_FOUND, UNBUILT).into_response(),
        None => (StatusCode::NOT_FOUND, "not found\n").into_response(),
    }
}

const UNBUILT: &str =
    "The app is not built into this server: run `cargo xtask run`, or `trunk build` and build again.\n";

fn answer(assets: &Assets, path: &str, file: File, asked: &HeaderMap) -> Response {
    let lasting = is_hashed(path);
    // The weak form: the same file may go out in three encodings.
    let tag = format!("W/\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(&file.bytes));
    let known = asked.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|k| k.contains(&tag));
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { (file.bytes.into_owned()).into_response() };
    let headers = response.headers_mut();
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = match (kind.type_().as_str(), kind.subtype().as_str()) {
        ("text", _) | ("application", "json" | "javascript" | "manifest+json") => format!("{kind}; charset=utf-8"),
        _ => kind.to_string(),
    };
    for (name, value) in [(header::CONTENT_TYPE, kind), (header::ETAG, tag)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    headers.insert(header::CACHE_CONTROL, if lasting { FOR_EVER } else { EACH_TIME });
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_SECURITY_POLICY, assets.policy());
    if let Some(encoding) = file.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// An address of the app itself: its last part has no ending.
fn is_page(path: &str) -> bool {
    !path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// Whether the name carries the hash of the content, as Trunk writes it: `linli-app-5a1f0c2e9d3b4a67_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '_', '.'])
        .any(|part| part.len() >= 15 && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

fn is_hash(text: &str) -> bool {
    let inner = text.strip_prefix("'sha256-").and_then(|t| t.strip_suffix('\''));
    inner.is_some_and(|t| t.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(is_hashed("linli-app-5a1f0c2e9d3b4a67_bg.wasm"));
        assert!(is_hashed("assets/main-0123456789abcdef.css"));
        assert!(!is_hashed("index.html"));
        assert!(!is_hashed("sw.js"));
        assert!(!is_hashed("icons/icon-192.png"));
    }

    #[test]
    fn only_hashes_get_into_the_policy() {
        assert!(is_hash("'sha256-AbC+/0=='"));
        assert!(!is_hash("'unsafe-inline'"));
        assert!(!is_hash("'sha256-x' https://elsewhere'"));
    }
}
