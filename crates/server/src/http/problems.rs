//! The kinds of problems there are: status, stable name, title, and what to do about it in both languages.

mod passing;

use axum::http::StatusCode;
use records::Text;

/// A kind of problem. Its name is promised to clients; its words are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No session, or one that has ended.
    NotSignedIn,
    /// The account or the password is wrong.
    WrongPassword,
    /// Too many failed attempts.
    TooManyAttempts,
    /// Too many requests of one device.
    TooManyRequests,
    /// The post may not do this.
    Forbidden,
    /// The device is not the one the session was begun on.
    OtherDevice,
    /// The browser does not have the secret of the device it says to be.
    UnprovenDevice,
    /// The device was taken out of use.
    DeviceRevoked,
    /// One does not take the device one works on out of use.
    OwnDevice,
    /// Sent by a page of another site.
    OtherOrigin,
    /// There is no such thing here.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The blocks asked for are no longer kept.
    BlockGone,
    /// The body is too large.
    TooLarge,
    /// More changes or blocks than fit in one request.
    TooMany,
    /// The body is not declared as JSON.
    NotJson,
    /// The body is not JSON.
    MalformedJson,
    /// The body is JSON of another shape.
    WrongShape,
    /// The cursor cannot be one of ours.
    BadCursor,
    /// The query cannot be read.
    BadQuery,
    /// The request cannot be read.
    BadRequest,
    /// The forms have changed since they were looked at.
    PackOvertaken,
    /// It is not said which version of the forms was changed.
    PackUnconditional,
    /// Changed forms that cannot be put in force.
    PackWrong,
    /// The app is older than the server understands.
    SchemaTooOld,
    /// The app is newer than the server.
    SchemaTooNew,
    /// No kind can be made of the workbook.
    FormUnreadable,
    /// The roster's file cannot be read.
    RosterUnreadable,
    /// The roster has no such sheet or column, or it cannot mean that.
    RosterChoice,
    /// The roster does not stand where this could be done.
    RosterState,
    /// Another roster is under way.
    RosterBusy,
    /// Bytes of a file do not begin where the last ones ended.
    FileOffset,
    /// A file is not what its record mentions.
    FileDamaged,
    /// A picture says more than the picture.
    FileTelling,
    /// What was refused may not be taken in either.
    StillRefused,
    /// A tablet's file that cannot be opened.
    ParcelUnreadable,
    /// Bytes of a file are not declared as such.
    NotOctets,
    /// Another version of the tus protocol, or none.
    TusVersion,
    /// It took too long.
    Timeout,
    /// The office's disk takes nothing more.
    DiskFull,
    /// The office's database is not to be reached, or only to be read.
    DatabaseAway,
    /// Photos and papers take up all they may.
    QuotaFiles,
    /// As many changes as a day may have are handed in.
    QuotaChanges,
    /// The server failed.
    Internal,
}

/// The kind of a bare status.
pub fn of_status(status: StatusCode) -> Kind {
    match status {
        StatusCode::UNAUTHORIZED => Kind::NotSignedIn,
        StatusCode::FORBIDDEN => Kind::Forbidden,
        StatusCode::NOT_FOUND => Kind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Kind::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::NotJson,
        StatusCode::TOO_MANY_REQUESTS => Kind::TooManyRequests,
        StatusCode::UNPROCESSABLE_ENTITY => Kind::WrongShape,
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => Kind::Timeout,
        status if status.is_client_error() => Kind::BadRequest,
        _ => Kind::Internal,
    }
}

impl Kind {
    /// Status, name, title, and words for a person.
    pub fn words(self) -> (StatusCode, &'static str, &'static str, Text) {
        use StatusCode as S;
        let (status, slug, title, zh, en) = match self {
            Self::NotSignedIn => {
                (S::UNAUTHORIZED, "not-signed-in", "Not signed in", "请先登录。您写的内容都还在。", {
                    "Please sign in first. Nothing you wrote is lost."
                })
            }
            Self::WrongPassword => (
                S::UNAUTHORIZED,
                "wrong-password",
                "Wrong account or password",
                "账号或密码不对，请再试一次。",
                { "The account or the password is not right. Please try again." },
            ),
            Self::TooManyAttempts => (
                S::TOO_MANY_REQUESTS,
                "too-many-attempts",
                "Too many attempts",
                "试得太多次了，请过几分钟再试。",
                { "Too many attempts. Please try again in a few minutes." },
            ),
            Self::TooManyRequests => (
                S::TOO_MANY_REQUESTS,
                "too-many-requests",
                "Too many requests",
                "这台设备请求太频繁，请稍等再试。您写的内容都还在。",
                { "This device asks too often. Please try again in a moment. Nothing you wrote is lost." },
            ),
            Self::Forbidden => (S::FORBIDDEN, "forbidden", "Not allowed", "您的岗位不能做这件事。", {
                "Your post may not do this."
            }),
            Self::OtherDevice => (
                S::FORBIDDEN,
                "other-device",
                "Another device",
                "这次登录不是在这台设备上，请在这台设备上重新登录。",
                { "This sign-in is of another device. Please sign in on this one." },
            ),
            Self::UnprovenDevice => (
                S::CONFLICT,
                "unproven-device",
                "Not known to be that device",
                "办公室认不出这台设备，请再登录一次，它会换一个新编号。您写的内容都还在。",
                {
                    "The office does not know this device again. Please sign in once more; it then goes on under a new \
                     number. Nothing you wrote is lost."
                },
            ),
            Self::DeviceRevoked => (
                S::FORBIDDEN,
                "device-revoked",
                "Device taken out of use",
                "这台设备已被停用。还没上交的记录会先上交，其他内容会清除。",
                { "This device was taken out of use. What waits on it is handed in first; the rest is destroyed." },
            ),
            Self::OwnDevice => (
                S::CONFLICT,
                "own-device",
                "The device you work on",
                "不能停用您正在用的这台设备，请在另一台设备上操作。",
                { "This is the device you work on. Please do this on another one." },
            ),
            Self::OtherOrigin => {
                (S::FORBIDDEN, "other-origin", "Another site", "这个请求来自别的网站，已拒绝。", {
                    "The request came from another site and was refused."
                })
            }
            Self::NotFound => (S::NOT_FOUND, "not-found", "Not found", "这里没有您要的内容。", {
                "What you asked for is not here."
            }),
            Self::MethodNotAllowed => (
                S::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "Method not allowed",
                "这个地址不接受这样的请求。",
                { "This address does not take such a request." },
            ),
            Self::BlockGone => {
                (S::GONE, "block-gone", "Block no longer kept", "数据已经更新，请重新同步。", {
                    "The data has been renewed. Please sync again."
                })
            }
            Self::TooLarge => {
                (S::PAYLOAD_TOO_LARGE, "too-large", "Too large", "一次发送的内容太多，请分几次。", {
                    "Too much was sent at once. Please send it in parts."
                })
            }
            Self::TooMany => (
                S::PAYLOAD_TOO_LARGE,
                "too-many",
                "Too many at once",
                "一次发送的条数太多，请分几次。",
                { "Too many were sent at once. Please send them in parts." },
            ),
            Self::NotJson => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "Not declared as JSON",
                "请求必须声明为 application/json。",
                { "The request must be declared as application/json." },
            ),
            Self::MalformedJson => {
                (S::BAD_REQUEST, "malformed-json", "Malformed JSON", "请求不是完整的 JSON。", {
                    "The request is not complete JSON."
                })
            }
            Self::WrongShape => (
                S::UNPROCESSABLE_ENTITY,
                "wrong-shape",
                "Wrong shape",
                "请求里缺少内容，或内容的类型不对。",
                { "Something in the request is missing or of the wrong type." },
            ),
            Self::BadCursor => {
                (S::BAD_REQUEST, "bad-cursor", "Bad cursor", "同步位置无法识别，请重新同步。", {
                    "The place to sync from cannot be read. Please sync anew."
                })
            }
            Self::BadQuery => (S::BAD_REQUEST, "bad-query", "Bad query", "地址里的参数不对。", {
                "The parameters in the address are not right."
            }),
            Self::BadRequest => (S::BAD_REQUEST, "bad-request", "Bad request", "请求无法识别。", {
                "The request cannot be read."
            }),
            Self::PackOvertaken => (
                S::PRECONDITION_FAILED,
                "pack-overtaken",
                "Forms changed meanwhile",
                "表单已经被别人改过，请把您的修改放到新的表单上再发布。",
                { "Someone else changed the forms meanwhile. Please lay your changes over theirs and publish again." },
            ),
            Self::PackUnconditional => (
                S::PRECONDITION_REQUIRED,
                "pack-unconditional",
                "No version given",
                "请求必须用 If-Match 说明改的是哪一版表单。",
                { "The request must say with If-Match which version of the forms was changed." },
            ),
            Self::PackWrong => (
                S::UNPROCESSABLE_ENTITY,
                "pack-wrong",
                "Forms do not hold together",
                "表单还有问题，没有发布，请看每一处的说明。",
                { "Something about the forms is not right, so they were not published; see each place." },
            ),
            Self::SchemaTooOld => (
                S::UPGRADE_REQUIRED,
                "schema-too-old",
                "App too old",
                "应用版本太旧，请更新。您写的内容都还在。",
                { "The app is too old. Please update it. Nothing you wrote is lost." },
            ),
            Self::SchemaTooNew => (
                S::UPGRADE_REQUIRED,
                "schema-too-new",
                "App newer than the server",
                { "应用比办公室的服务器新，请先更新服务器。您写的内容都还在。" },
                "The app is newer than the office server. Please update the server first. Nothing you wrote is lost.",
            ),
            Self::FormUnreadable => (
                S::UNPROCESSABLE_ENTITY,
                "form-unreadable",
                "No form to be read",
                "这个文件读不成表单，请看原因。",
                { "No form can be made of this file; see the reason." },
            ),
            Self::RosterUnreadable => (
                S::UNPROCESSABLE_ENTITY,
                "roster-unreadable",
                "File cannot be read",
                "这个文件读不了，请看说明。",
                { "This file cannot be read; see the reason." },
            ),
            Self::RosterChoice => (
                S::UNPROCESSABLE_ENTITY,
                "roster-choice",
                "No such sheet, column or meaning",
                "名册里没有这张表或这一列，或者它不能是这个意思，请重新选。",
                { "The roster has no such sheet or column, or it cannot mean that. Please choose again." },
            ),
            Self::RosterState => (
                S::CONFLICT,
                "roster-state",
                "Not now",
                "名册现在不能这样做：可能还没有预览，或者已经导入、已经撤销。",
                { "This cannot be done now: the roster was not planned yet, or is imported or taken back already." },
            ),
            Self::RosterBusy => (
                S::CONFLICT,
                "roster-busy",
                "Another roster is under way",
                "另一份名册正在导入或撤销，请等它完成。",
                { "Another roster is being imported or taken back. Please wait until it is done." },
            ),
            Self::FileOffset => {
                (S::CONFLICT, "file-offset", "Another offset", "文件已经传了一部分，请接着传。", {
                    "Part of the file is here already. Please go on from there."
                })
            }
            Self::FileDamaged => (
                S::UNPROCESSABLE_ENTITY,
                "file-damaged",
                "Not the file its record mentions",
                "文件在路上损坏了，请重新传。",
                { "The file was damaged on its way. Please send it again." },
            ),
            Self::FileTelling => (
                S::UNPROCESSABLE_ENTITY,
                "file-telling",
                "Not a bare picture",
                "照片里带有拍摄地点等信息，或者不是JPEG，不能收。",
                { "The picture carries more than the picture, such as where it was taken, or is no JPEG." },
            ),
            Self::StillRefused => (
                S::UNPROCESSABLE_ENTITY,
                "still-refused",
                "Cannot be taken in",
                "这条还不能收下，请看原因。",
                { "This cannot be taken in yet; see the reason." },
            ),
            Self::ParcelUnreadable => (
                S::UNPROCESSABLE_ENTITY,
                "parcel-unreadable",
                "File cannot be opened",
                "这个文件打不开，请看原因。",
                { "This file cannot be opened; see the reason." },
            ),
            Self::NotOctets => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "not-octets",
                "Not declared as bytes of a file",
                "请求必须声明为 application/offset+octet-stream。",
                { "The request must be declared as application/offset+octet-stream." },
            ),
            Self::TusVersion => (
                S::PRECONDITION_FAILED,
                "tus-version",
                "Another version of tus",
                "请求必须带 Tus-Resumable: 1.0.0。",
                { "The request must say Tus-Resumable: 1.0.0." },
            ),
            Self::Timeout | Self::DiskFull | Self::DatabaseAway | Self::QuotaFiles | Self::QuotaChanges => {
                return passing::words(self);
            }
            Self::Internal => (
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "Server failure",
                { "服务器出了问题，请告诉管理员。您写的内容都还在。" },
                "The server failed. Please tell the administrator. Nothing you wrote is lost.",
            ),
        };
        (status, slug, title, Text::new(zh, en))
    }
}
