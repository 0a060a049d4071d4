//! Problems that pass: nothing is wrong with the request, and the tablet sends it again.

use axum::http::StatusCode;
use records::Text;

use super::Kind;

/// Status, name, title, and words for a person, of those kinds; of any other, what is said of a server that is busy.
pub(super) fn words(kind: Kind) -> (StatusCode, &'static str, &'static str, Text) {
    use StatusCode as S;
    let (status, slug, title, zh, en) = match kind {
        Kind::DiskFull => (
            S::SERVICE_UNAVAILABLE,
            "disk-full",
            "The office has no room left",
            {
                "办公室服务器的硬盘满了，暂时存不下，请告诉管理员。您写的内容都还在，腾出空间后会接着上传。"
            },
            "The disk of the office server is full. Please tell the administrator. Nothing you wrote is lost: it is sent \
             again when there is room.",
        ),
        Kind::DatabaseAway => (
            S::SERVICE_UNAVAILABLE,
            "database-away",
            "The database does not answer",
            {
                "办公室的数据库暂时连不上，可能正在重启，请稍后再试。您写的内容都还在。"
            },
            "The office's database cannot be reached now; it may be starting again. Please try again in a while. Nothing \
             you wrote is lost.",
        ),
        Kind::QuotaFiles => (
            S::INSUFFICIENT_STORAGE,
            "quota-files",
            "Photos and papers take up all they may",
            "照片和文件的空间用完了，办公室暂时收不下，请告诉主任。文件还在这台设备上，有了空间会接着传。",
            "The room for photos and papers is used up. Please tell the director. They stay on this device and are sent when \
             there is room.",
        ),
        Kind::QuotaChanges => (
            S::SERVICE_UNAVAILABLE,
            "quota-changes",
            "As many changes as a day may have",
            "今天上交的记录到了一天的上限，明天会接着上交。您写的内容都还在。",
            "As many changes as a day may have were handed in. The rest is sent tomorrow. Nothing you wrote is lost.",
        ),
        _ => (
            S::SERVICE_UNAVAILABLE,
            "timeout",
            "Took too long",
            "服务器忙，请稍后再试。",
            "The server is busy. Please try again in a while.",
        ),
    };
    (status, slug, title, Text::new(zh, en))
}
