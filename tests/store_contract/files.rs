//! Photos and papers on the tablet.

use linli_app::store::{Filed, Store, StoreError, shelf::Area};
use sync::{
    engine::{Checkpoint, Staged},
    wire::{Cursor, Manifest},
};

use super::{Disk, again, made::*, store};

fn photo(n: u128) -> Filed {
    Filed {
        record: id(n),
        kind: "building".into(),
        hash: format!("{n:064x}"),
        name: "楼道.jpg".into(),
        bytes: 7,
        by: "li".into(),
        at: u64::try_from(n).unwrap_or(0),
        sent: None,
    }
}

async fn bytes(store: &Store, filed: &Filed) -> Option<Vec<u8>> {
    store.file(filed.record, &filed.hash).await.unwrap()
}

pub async fn a_file_is_there_after_a_restart_until_it_is_dropped(disk: &impl Disk) {
    let open = store(disk).await;
    for n in [2, 1] {
        open.keep_file(photo(n), format!("photo {n}").into_bytes()).await.unwrap();
    }
    let open = again(disk, open).await;
    assert_eq!(open.files(), [photo(1), photo(2)], "the oldest first");
    assert_eq!(bytes(&open, &photo(2)).await.unwrap(), b"photo 2");
    assert_eq!(open.file(id(1), &photo(2).hash).await.unwrap(), None, "it is of its record only");
    open.file_sent(&photo(1), 9).await.unwrap();
    open.drop_file(&photo(2)).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(open.files(), [Filed { sent: Some(9), ..photo(1) }]);
    assert_eq!((bytes(&open, &photo(1)).await.is_some(), bytes(&open, &photo(2)).await), (true, None));
    assert_eq!(disk.open().await.keys(Area::Files).await.unwrap().len(), 1);
}

pub async fn a_file_that_cannot_be_kept_leaves_nothing(disk: &impl Disk) {
    let open = store(disk).await;
    let kept = open.keep_file(photo(1), disk.too_much().into_bytes()).await;
    assert!(matches!(kept, Err(StoreError::Full | StoreError::Failing(_))), "{kept:?}");
    assert!(open.files().is_empty());
    let open = again(disk, open).await;
    assert!(open.files().is_empty());
    assert!(disk.open().await.keys(Area::Filed).await.unwrap().is_empty(), "no row without its bytes");
}

pub async fn a_restored_office_gets_files_again(disk: &impl Disk) {
    let open = store(disk).await;
    open.checkpoint(&pack(), &Checkpoint { now: 1, ..checkpoint(5, vec![]) }).await.unwrap();
    open.keep_file(photo(1), b"photo 1".to_vec()).await.unwrap();
    open.file_sent(&photo(1), 9).await.unwrap();
    let next = Cursor { epoch: "after the restore".into(), ..cursor(3) };
    open.switch(&Staged { manifest: Manifest::default(), next, have: Default::default() }).await.unwrap();
    assert_eq!(open.files(), [photo(1)], "waits again");
    let open = again(disk, open).await;
    assert_eq!((open.files(), bytes(&open, &photo(1)).await), (vec![photo(1)], Some(b"photo 1".to_vec())));
}
