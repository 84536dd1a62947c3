//! Recorded event logs, read by several jobs.

use std::fs;
use std::path::Path;

use super::jobs::{in_folder, the_same};

pub fn event_logs_give_the_same_output_by_any_number_of_jobs(folder: &Path) {
    let files = in_folder(folder);
    the_same(&files);
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "evtx")) {
        the_same(std::slice::from_ref(file));
        let cut = tempfile::NamedTempFile::new().unwrap();
        let log = fs::read(file).unwrap();
        fs::write(cut.path(), &log[..log.len() - 30_000]).unwrap();
        the_same(&[cut.path().to_owned()]);
    }
}
