//! The page that tells a tablet's owner how to trust the office's authority. Served without TLS, since there is none yet.

use std::sync::Arc;

use axum::{
    Router,
    http::header,
    response::{Html, IntoResponse},
    routing::get,
};

use super::Authority;

/// `/` says what to do, `/linli.crt` is the authority's certificate.
pub fn page(authority: &Authority, https: &str) -> Router {
    let der: Arc<[u8]> = authority.der().into();
    let text: Arc<str> = html(&authority.fingerprint(), https).into();
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    let page = move || async move {
        ([(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store")], Html(text.to_string()))
    };
    let certificate = move || async move {
        let kind = (header::CONTENT_TYPE, "application/x-x509-ca-cert");
        let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"linli.crt\"");
        ([kind, name, (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], der.to_vec()).into_response()
    };
    Router::new().route("/", get(page)).route("/linli.crt", get(certificate))
}

fn html(fingerprint: &str, https: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
<title>邻里 · 信任本办公室</title><style>body{{font:18px/1.6 sans-serif;max-width:34em;margin:2em auto;padding:0 1em;\
color:#1C1B19;background:#FBFAF7}}a.go{{display:inline-block;padding:14px 24px;background:#A83226;color:#fff;border-radius:10px}}\
code{{word-break:break-word;background:#eee;padding:2px 6px}}</style>\
<h1>让这台平板信任办公室的服务器</h1>\
<p>只做一次。做完以后用 <a href=\"{https}\">{https}</a> 打开邻里。<br>iPad 和 iPhone：先用 Safari 打开它，点“分享”→“添加到主屏幕”，\
再从主屏幕打开、登录；浏览器里和主屏幕上的记录是分开的。</p>\
<ol><li><a class=\"go\" href=\"/linli.crt\">下载证书 linli.crt</a></li>\
<li>核对指纹，要和服务器窗口里显示的一样：<br><code>{fingerprint}</code></li>\
<li>安卓：设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书，选 linli.crt。<br>\
iPad：设置 → 已下载描述文件 → 安装；再到 通用 → 关于本机 → 证书信任设置，打开它。<br>\
Windows：双击 linli.crt → 安装证书 → 受信任的根证书颁发机构。</li></ol>\
<p>这个证书只能用于本办公室的地址，不能冒充别的网站。</p>\
<div lang=\"en\"><h2>Let this tablet trust the office's server</h2><p>Once only; then open <a href=\"{https}\">{https}</a>. \
On iPad and iPhone open it in Safari, tap Share, Add to Home Screen, and sign in from there: records in the browser and on the \
home screen are apart.</p>\
<ol><li><a href=\"/linli.crt\">Download linli.crt</a></li><li>Compare the fingerprint with the one in the server's window.</li>\
<li>Android: Settings → Security → Encryption &amp; credentials → Install a certificate → CA certificate. iPad: install the \
profile, then switch it on under General → About → Certificate Trust Settings. Windows: double-click → Install → Trusted \
Root Certification Authorities.</li></ol><p>It is good for this office's addresses only.</p></div>"
    )
}
