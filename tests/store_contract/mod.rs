//! What every back end of the store must do, said once and held over each of them.

use std::rc::Rc;

use linli_app::store::{Store, seal::Key, shelf::Shelf};

pub mod acts;
pub mod files;
pub mod made;
#[cfg(not(target_arch = "wasm32"))]
pub mod memory;
pub mod office;
pub mod restored;

/// A place to keep things that outlives a store opened over it.
pub trait Disk {
    /// Opens it anew, as after a restart.
    async fn open(&self) -> Rc<dyn Shelf>;

    /// What opens it; none where nobody has signed in.
    fn key(&self) -> Option<Key> {
        None
    }

    /// A text that no write gets through with; nothing else of the same write may stay either.
    fn too_much(&self) -> String;
}

/// A store over it.
pub async fn store(disk: &impl Disk) -> Store {
    Store::unlock(disk.open().await, disk.key()).await.expect("the store opens")
}

/// Closes one store and opens the next over the same disk.
pub async fn again(disk: &impl Disk, old: Store) -> Store {
    old.close().await;
    store(disk).await
}

/// Every sentence of the contract, for a macro that makes tests of them.
#[macro_export]
macro_rules! contract {
    ($make:ident) => {
        $make!(acts: an_act_is_there_after_a_restart);
        $make!(acts: a_number_is_never_given_out_twice);
        $make!(acts: an_act_that_cannot_be_kept_leaves_nothing);
        $make!(acts: a_refused_change_stays_with_its_reasons);
        $make!(acts: mending_sets_the_refused_change_aside_in_the_same_act);
        $make!(acts: saving_takes_the_draft_along);
        $make!(acts: each_account_has_its_own_drafts);
        $make!(acts: signing_out_keeps_everything);
        $make!(acts: another_account_starts_without_records_and_the_first_ones_work_waits);
        $make!(acts: starting_again_keeps_what_waits_under_new_numbers);
        $make!(acts: a_copied_store_sends_again_what_was_refused_for_its_number);
        $make!(acts: a_draft_that_mends_follows_the_refused_change);
        $make!(acts: going_on_as_another_device_keeps_what_is_here_and_who_is_signed_in);
        $make!(acts: a_closed_store_takes_nothing);
        $make!(files: a_file_is_there_after_a_restart_until_it_is_dropped);
        $make!(files: a_file_that_cannot_be_kept_leaves_nothing);
        $make!(files: a_restored_office_gets_files_again);
        $make!(office: a_checkpoint_is_there_after_a_restart);
        $make!(office: an_act_leaves_the_log_when_all_its_changes_are_settled);
        $make!(office: acts_that_leave_the_log_leave_those_between_them);
        $make!(office: a_checkpoint_that_cannot_be_kept_leaves_nothing_half);
        $make!(office: a_first_sync_goes_on_where_it_broke_off);
        $make!(office: switching_replaces_whole_buckets_and_no_others);
        $make!(office: a_new_manifest_forgets_blocks_of_the_one_before);
        $make!(office: a_revoked_bucket_is_destroyed);
        $make!(office: what_was_erased_leaves_blocks_and_settled_work);
        $make!(office: the_lease_does_not_run_out_by_one_reading_of_a_clock);
        $make!(office: small_blocks_become_few_and_say_the_same);
        $make!(restored: settled_work_is_kept_out_of_the_way);
        $make!(restored: a_restored_office_gets_settled_and_refused_work_again);
        $make!(restored: a_head_that_went_back_is_another_history_too);
        $make!(restored: what_the_new_history_settles_does_not_wait_again);
        $make!(restored: giving_back_that_cannot_be_kept_leaves_all_as_it_was);
        $make!(restored: settled_work_is_let_go_after_two_weeks_of_the_office);
        $make!(restored: a_lost_right_takes_settled_work_along);
        $make!(restored: another_account_finds_no_settled_work);
        $make!(restored: the_last_moment_given_out_is_remembered);
    };
}
