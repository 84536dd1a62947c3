use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicUsize;

use super::*;
use crate::Names;
use crate::testing::keeping;

const ROW: &str = r#"{"Timestamp":"2026-01-02T03:04:05Z","FileName":"a.exe","ProcessCommandLine":"a"}"#;

/// Files of so many rows each.
fn files(rows: usize) -> Vec<tempfile::NamedTempFile> {
    let file = || {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(format!("{ROW}\n").repeat(rows).as_bytes()).unwrap();
        file
    };
    (0..4).map(|_| file()).collect()
}

/// Accepts this number of events, then panics.
fn panicking(after: usize) -> impl Fn(Names<'_>) -> bool + Send + Sync + 'static {
    let count = AtomicUsize::new(0);
    move |_| match count.fetch_add(1, Ordering::Relaxed) {
        count if count < after => true,
        count => panic!("event {count} is bad"),
    }
}

#[test]
fn a_panic_on_another_thread_is_one_of_the_caller() {
    let files = files(3_000);
    for (parallel, jobs) in [(1, 1), (1, 2), (2, 1), (2, 2), (4, 4)] {
        for after in [0, 1, 5_000] {
            let options = Options { jobs, ..keeping(panicking(after)) };
            let mut events = 0;
            let read = || {
                read_all(&files, parallel, &options, |_, item| {
                    events += usize::from(item.is_some());
                    Ok::<(), ()>(())
                })
            };
            let panic = catch_unwind(AssertUnwindSafe(read)).unwrap_err();
            let message = panic.downcast::<String>().unwrap();
            assert!(message.starts_with("event ") && message.ends_with(" is bad"), "{message}");
            assert!(events <= after, "{parallel} {jobs} {after}: {events}");
        }
    }
}

#[test]
fn a_panic_of_the_taker_ends_the_reading() {
    let files = files(3_000);
    for parallel in [1, 2] {
        let read =
            || read_all(&files, parallel, &Options::default(), |_, _| -> Result<(), ()> { panic!("full") });
        let panic = catch_unwind(AssertUnwindSafe(read)).unwrap_err();
        assert_eq!(*panic.downcast::<&str>().unwrap(), "full");
    }
}

#[test]
fn an_error_of_the_taker_ends_the_reading() {
    let files = files(3_000);
    for parallel in [1, 2, 4] {
        let mut taken = 0;
        let result = read_all(&files, parallel, &Options::default(), |_, _| {
            taken += 1;
            if taken < 10 { Ok(()) } else { Err("full") }
        });
        assert!(matches!(result, Err(ReadError::Take("full"))), "{result:?}");
        assert_eq!(taken, 10);
    }
}

#[test]
fn a_stop_ends_the_reading_after_what_was_found() {
    let mut files = files(3_000);
    // The last file cannot be read before the stop.
    files[3].write_all(ROW.replace("a.exe", "last.exe").repeat(3_000).as_bytes()).unwrap();
    for (parallel, jobs) in [(1, 1), (1, 2), (2, 1), (4, 2)] {
        let flag = SetOnDrop::default();
        let is_stopped = flag.or(&Options::default().is_stopped);
        let keep = {
            let is_stopped = is_stopped.clone();
            move |names: Names<'_>| {
                while names.file_name == "last.exe" && !is_stopped() {
                    thread::sleep(Duration::from_millis(1));
                }
                true
            }
        };
        let options = Options { jobs, is_stopped, ..keeping(keep) };
        let (mut events, mut ends) = (0, 0);
        let mut flag = Some(flag);
        let result = read_all(&files, parallel, &options, |_, item| {
            match item {
                Some(Item::Event(_)) => events += 1,
                Some(item) => panic!("{item:?}"),
                None => ends += 1,
            }
            if events == 4_000 {
                drop(flag.take());
            }
            Ok::<(), ()>(())
        });
        assert!(matches!(result, Err(ReadError::Stopped)), "{result:?}");
        assert!((4_000..=12_000).contains(&events) && ends < 4, "{parallel} {jobs}: {events} {ends}");
        assert!(parallel > 1 || events == 4_000, "{events}");
    }
}
