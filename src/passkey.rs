//! Passkeys with secrets of their own (WebAuthn Level 3, 10.1.4, the PRF extension): the device's own lock, by finger,
//! face or PIN, gives 32 bytes that only it can give. They wrap the person's key; the office is not told.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::platform;

/// What a passkey gives.
pub type Secret = [u8; 32];
/// How long the person has, in milliseconds.
const PATIENCE: u32 = 60_000;
/// Signature algorithms (COSE): ES256, EdDSA, RS256. Nothing is ever signed, but one has to be named.
const ALGORITHMS: [i32; 3] = [-7, -8, -257];

/// The person said no, took too long, or the device cannot do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declined;

/// Whether this device has a lock of its own that the browser can ask. Names only: an address of numbers has no passkeys.
pub async fn is_offered() -> bool {
    let host = gloo::utils::window().location().hostname().unwrap_or_default();
    let is_number = host.contains(':') || host.chars().all(|c| c.is_ascii_digit() || c == '.');
    let asked = async {
        let class = Reflect::get(&gloo::utils::window(), &"PublicKeyCredential".into()).ok()?;
        let ask = Reflect::get(&class, &"isUserVerifyingPlatformAuthenticatorAvailable".into()).ok()?;
        let answer: Promise = ask.dyn_into::<Function>().ok()?.call0(&class).ok()?.dyn_into().ok()?;
        JsFuture::from(answer).await.ok()
    };
    !is_number && asked.await.is_some_and(|answer| answer.is_truthy())
}

/// Makes one for an account on this device: its id, and what it gives for `salt`.
pub async fn make(account: &str, salt: &Secret) -> Result<(Vec<u8>, Secret), Declined> {
    let mut handle = [0; 16];
    platform::random(&mut handle);
    let user = object(&[("id", bytes(&handle)), ("name", account.into()), ("displayName", account.into())]);
    let algorithm = |alg: &i32| object(&[("type", "public-key".into()), ("alg", (*alg).into())]);
    let selection = object(&[
        ("authenticatorAttachment", "platform".into()),
        ("userVerification", "required".into()),
        ("residentKey", "discouraged".into()),
    ]);
    let options = object(&[
        ("challenge", challenge()),
        ("rp", object(&[("name", "邻里".into())])),
        ("user", user),
        ("pubKeyCredParams", ALGORITHMS.iter().map(algorithm).collect::<Array>().into()),
        ("authenticatorSelection", selection),
        ("timeout", PATIENCE.into()),
        ("extensions", extensions(salt)),
    ]);
    let made = call("create", options).await.ok_or(Declined)?;
    let id = field(&made, "rawId").map(|id| Uint8Array::new(&id).to_vec()).ok_or(Declined)?;
    // Some devices give it only when they are asked again.
    match secret(&made) {
        Some(secret) => Ok((id, secret)),
        None => Ok((id.clone(), ask(&id, salt).await?)),
    }
}

/// What the passkey `id` gives for `salt`, after the person has shown the device who they are.
pub async fn ask(id: &[u8], salt: &Secret) -> Result<Secret, Declined> {
    let known = object(&[("type", "public-key".into()), ("id", bytes(id))]);
    let options = object(&[
        ("challenge", challenge()),
        ("allowCredentials", Array::of1(&known).into()),
        ("userVerification", "required".into()),
        ("timeout", PATIENCE.into()),
        ("extensions", extensions(salt)),
    ]);
    call("get", options).await.as_ref().and_then(secret).ok_or(Declined)
}

async fn call(verb: &str, options: JsValue) -> Option<JsValue> {
    let store = field(&gloo::utils::window().navigator(), "credentials")?;
    let verb: Function = field(&store, verb)?.dyn_into().ok()?;
    let answer: Promise = verb.call1(&store, &object(&[("publicKey", options)])).ok()?.dyn_into().ok()?;
    JsFuture::from(answer).await.ok().filter(|credential| credential.is_object())
}

fn secret(credential: &JsValue) -> Option<Secret> {
    let results: Function = field(credential, "getClientExtensionResults")?.dyn_into().ok()?;
    let results = results.call0(credential).ok()?;
    let first = field(&field(&field(&results, "prf")?, "results")?, "first")?;
    Uint8Array::new(&first).to_vec().try_into().ok()
}

fn extensions(salt: &Secret) -> JsValue {
    object(&[("prf", object(&[("eval", object(&[("first", bytes(salt))]))]))])
}

/// Nobody checks it: what counts is the secret.
fn challenge() -> JsValue {
    let mut challenge = [0; 32];
    platform::random(&mut challenge);
    bytes(&challenge)
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A new object takes any field.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

fn field(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}
