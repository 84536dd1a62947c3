//! Recorded event logs, read with several jobs.

use std::fs;
use std::path::Path;

use super::jobs::{in_folder, output_of};

pub fn event_logs_give_the_same_output_with_any_number_of_jobs(folder: &Path) {
    let files = in_folder(folder);
    output_of(&files);
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "evtx")) {
        output_of(std::slice::from_ref(file));
        let cut = tempfile::NamedTempFile::new().unwrap();
        let log = fs::read(file).unwrap();
        fs::write(cut.path(), &log[..log.len() - 30_000]).unwrap();
        output_of(&[cut.path().to_owned()]);
    }
}
