//! A disk that is full, and has room again: a small one of its own where the test may make one, a limit on the server's files
//! otherwise.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{DEVICE, TestOffice, app::PASSWORD, binary::Server, change, pack, record, seq};
use base64::{Engine, prelude::BASE64_STANDARD};
use linli_server::office::Place;
use serde_json::json;
use sync::{DeviceId, wire::Receipt};

const DISK: u64 = 24 << 20;

/// A disk of 24 MiB.
struct Disk {
    folder: tempfile::TempDir,
    is_mounted: bool,
}

impl Disk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={DISK}");
        let made = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        let is_mounted = made.is_ok_and(|made| made.status.success());
        Self { folder, is_mounted }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }

    /// Leaves room for little.
    fn fill(&self, server: &Server) {
        if self.is_mounted {
            let mut ballast = fs::File::create(self.ballast()).unwrap();
            while ballast.write_all(&[1; 1 << 16]).is_ok() {}
            ballast.set_len(ballast.metadata().unwrap().len().saturating_sub(3 << 20)).unwrap();
        } else {
            let pid = server.child.id().to_string();
            assert!(Command::new("prlimit").args(["--fsize=2097152:", "--pid", &pid]).status().unwrap().success());
        }
    }

    /// Leaves room for nothing.
    fn fill_up(&self) {
        if self.is_mounted {
            for n in 0.. {
                if fs::write(self.folder.path().join(format!("ballast-{n}")), [1; 4096]).is_err() {
                    break;
                }
            }
        }
    }

    fn empty(&self, server: &Server) {
        if self.is_mounted {
            for entry in fs::read_dir(self.folder.path()).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    fs::remove_file(path).unwrap();
                }
            }
        } else {
            let pid = server.child.id().to_string();
            assert!(Command::new("prlimit").args(["--fsize=unlimited:", "--pid", &pid]).status().unwrap().success());
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.is_mounted {
            let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
        }
    }
}

fn serve(data: &Path) -> Server {
    // A process that has reached its limit of size is ended unless it ignores the signal.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" serve --listen 127.0.0.1:0 --log error --data \"$1\""]);
    command.args([OsStr::new(env!("CARGO_BIN_EXE_linli")), data.as_os_str()]);
    Server::run(command)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_loses_nothing_and_is_forgotten_when_there_is_room() {
    let disk = Disk::new();
    let data = disk.data();
    let test = TestOffice::at(Place::Folder(data.clone()), tempfile::tempdir().unwrap(), pack()).await;
    test.office.add_account("wang", "某人", "desk", PASSWORD).await.unwrap().unwrap();
    test.office.close().await;
    let server = serve(&data);
    let session = server.sign_in(DEVICE);
    assert_eq!(server.get("/ready").status, 200);
    let (photo, bytes) = ("c4ca4238a0b923820dcc509a6f75849bc4ca4238a0b923820dcc509a6f75849b", vec![7; 300 << 10]);
    let words = "字".repeat(450);
    // Sixty a batch, some 200 kB.
    let push = |batch: u64| {
        let numbers = batch * 100 + 1..batch * 100 + 61;
        let text = |n| if n == 101 { format!("{photo}/a.pdf") } else { format!("{n}{words}") };
        let changes: Vec<_> = numbers.map(|n| change(n, record(n.into()), &text(n))).collect();
        let body = json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": changes});
        server.post("/api/v1/sync", &session, &body)
    };
    let mut acknowledged = Vec::new();
    let (mut next, mut devices) = (1, 9);
    let tus = format!("Tus-Resumable: 1.0.0\r\nCookie: {session}\r\n");
    let encoded = |text: &str| BASE64_STANDARD.encode(text);
    let meta = format!("record {},sha256 {}", encoded(&record(101).to_string()), encoded(photo));
    // Twice: once to find out that it happens, once more to find out that it still works after the first.
    for _ in 0..2 {
        disk.fill(&server);
        loop {
            let said = push(next);
            if said.status != 200 {
                said.is_put_off("disk-full");
                break;
            }
            let receipts: Vec<Receipt> = serde_json::from_value(said.json()["receipts"].clone()).unwrap();
            acknowledged.push((next, seq(&receipts[0])));
            next += 1;
            assert!(next < 2000, "the disk is not full");
        }
        disk.fill_up();
        assert!(server.until("/ready", 503).body.contains("full"));
        assert_eq!(server.get("/health").status, 200);
        push(50_000).is_put_off("disk-full");
        // A device of its own each time: one that was made before the disk was full has a secret to prove itself by.
        devices += 2;
        if server.try_sign_in(DeviceId(devices)).status != 200 {
            server.try_sign_in(DeviceId(devices + 1)).is_put_off("disk-full");
        }
        if disk.is_mounted {
            let begin = format!("{tus}Upload-Length: {}\r\nUpload-Metadata: {meta}\r\n", bytes.len());
            server.ask("POST", "/api/v1/files", &begin, b"").is_put_off("disk-full");
            let backup = Command::new(env!("CARGO_BIN_EXE_linli"))
                .arg("backup")
                .arg("--data")
                .arg(&data)
                .arg(disk.folder.path().join("monday"))
                .output()
                .unwrap();
            assert!(!backup.status.success());
            let mut left = fs::read_dir(disk.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
            assert!(!left.any(|name| name.to_string_lossy().starts_with("monday")), "what was begun is taken away");
        }
        disk.empty(&server);
        server.until("/ready", 200);
        let said = push(next);
        assert_eq!(said.status, 200, "{said:?}");
    }
    for (number, was) in &acknowledged {
        let said = push(*number);
        let receipts: Vec<Receipt> = serde_json::from_value(said.json()["receipts"].clone()).unwrap();
        assert_eq!(seq(&receipts[0]), *was, "batch {number} was acknowledged");
    }
    assert!(acknowledged.len() > 3, "some got through before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_that_met_a_full_disk_goes_on_where_it_was() {
    let disk = Disk::new();
    if !disk.is_mounted {
        // A limit of size holds for each file alone, and its parts are small.
        return;
    }
    let test = TestOffice::at(Place::Folder(disk.data()), tempfile::tempdir().unwrap(), pack()).await;
    test.office.add_account("wang", "某人", "desk", PASSWORD).await.unwrap().unwrap();
    test.office.close().await;
    let server = serve(&disk.data());
    let session = server.sign_in(DEVICE);
    let bytes = vec![7_u8; 3 << 20];
    let hash = sha256(&bytes);
    let mention = change(1, record(1), &format!("{hash}/a.pdf"));
    let body = json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": [mention]});
    assert_eq!(server.post("/api/v1/sync", &session, &body).status, 200);
    let encoded = |text: &str| BASE64_STANDARD.encode(text);
    let meta = format!("record {},sha256 {}", encoded(&record(1).to_string()), encoded(&hash));
    let tus = format!("Tus-Resumable: 1.0.0\r\nCookie: {session}\r\n");
    let begin = format!("{tus}Upload-Length: {}\r\nUpload-Metadata: {meta}\r\n", bytes.len());
    let said = server.ask("POST", "/api/v1/files", &begin, b"");
    assert_eq!(said.status, 201, "{said:?}");
    let place = format!("/api/v1/records/{}/files/{hash}", record(1));
    let bring = |offset: usize| {
        let head = format!("{tus}Upload-Offset: {offset}\r\nContent-Type: application/offset+octet-stream\r\n");
        server.ask("PATCH", &place, &head, &bytes[offset..])
    };
    let reached = || -> usize {
        let said = server.ask("HEAD", &place, &tus, b"");
        said.header("upload-offset").unwrap_or_else(|| panic!("{said:?}")).parse().unwrap()
    };
    disk.fill(&server);
    fs::write(disk.folder.path().join("ballast-more"), vec![1; 2 << 20]).unwrap();
    bring(0).is_put_off("disk-full");
    let kept = reached();
    assert!(kept > 0 && kept < bytes.len(), "{kept}");
    disk.empty(&server);
    server.until("/ready", 200);
    let said = bring(kept);
    assert_eq!(said.status, 204, "{said:?}");
    assert_eq!(reached(), bytes.len());
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
