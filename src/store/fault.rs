//! What can go wrong with a tablet's store, and how it is said to a person.

use records::{Problem, Text};

/// Why the store did not do it. Nothing of a failed write is kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No room.
    #[error("the storage is full")]
    Full,
    /// The browser would not; in its words.
    #[error("the browser could not write: {0}")]
    Failing(String),
    /// Written by a newer version of this program.
    #[error("the store was written by a newer version of this program")]
    Newer,
    /// Sealed with a key that is not here.
    #[error("the store is locked")]
    Locked,
    /// Not what this program wrote.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// This tab no longer has the store.
    #[error("the store is closed in this tab")]
    Closed,
}

impl StoreError {
    /// What happened and what to do, in both languages.
    pub fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::Full => (
                "这台设备的存储空间满了，这一条没有存上。请删掉一些不用的照片或文件，再存一次；填写的内容还在。",
                "This device is out of room, so this was not saved. Please remove photos or files you no longer need and \
                 save again; what you filled in is still here.",
            ),
            Self::Failing(_) => (
                "浏览器没能把这一条写进存储，没有存上。请再试一次；如果还不行，请重新打开本应用，填写的内容还在。",
                "The browser could not write this to its storage, so it was not saved. Please try again; if it still \
                 fails, reopen the app. What you filled in is still here.",
            ),
            Self::Newer => (
                "这台设备上的记录是新版本的邻里写的。请连上网络，重新打开本应用，让它更新到新版本；记录都在。",
                "The records on this device were written by a newer version of Linli. Please go online and reopen the \
                 app so that it updates; all records are still here.",
            ),
            Self::Damaged(_) => (
                "这台设备的存储读不出来。请不要清除浏览器数据，先联系管理员；未上传的记录也许还能取出。",
                "This device's storage cannot be read. Please do not clear the browser's data; ask your administrator \
                 first. Records that were not synced may still be recovered.",
            ),
            Self::Locked => {
                ("这台设备锁着，请先用密码打开。", "This device is locked. Please open it with your password first.")
            }
            Self::Closed => (
                "本应用正在另一个标签页里使用，这里不能保存。请到那一页去，或者在这里点“在这里使用”。",
                "The app is in use in another tab, so nothing can be saved here. Go to that tab, or choose “Use here”.",
            ),
        };
        Text::new(zh, en)
    }

    /// What to say when the store could not even be opened.
    pub fn opening(&self) -> Text {
        match self {
            Self::Newer | Self::Damaged(_) | Self::Locked => self.text(),
            Self::Full | Self::Failing(_) | Self::Closed => Text::new(
                "浏览器打不开这台设备上的存储。请关掉本应用再打开；如果用的是无痕窗口，请换成普通窗口；如果设备\
                 空间满了，请先删掉一些不用的文件。",
                "The browser could not open this device's storage. Please close the app and \
                 open it again; use a normal window instead of a private one; if the device is full, remove files you no \
                 longer need.",
            ),
        }
    }

    /// The same as a problem of the record being saved.
    pub fn problem(&self) -> Problem {
        let code = match self {
            Self::Full => "store_full",
            Self::Failing(_) => "store_failing",
            Self::Newer => "store_newer",
            Self::Damaged(_) => "store_damaged",
            Self::Locked => "store_locked",
            Self::Closed => "store_closed",
        };
        let Text { zh, en } = self.text();
        Problem::new(code, zh, en)
    }
}
