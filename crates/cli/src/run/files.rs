//! What became of each file.

use std::collections::BTreeMap;
use std::path::Path;

use rulespec_events::{Fault, FaultKind, Item, Skip};

use super::inputs::{Inputs, fault};
use super::summary::Tally;

/// The kind of a skipped file in which no event was recognised.
const UNRECOGNISED: &str = "a file in which nothing was recognised";

/// The files of a run, in order, and what became of each that was read.
#[derive(Debug)]
pub struct Files {
    inputs: Inputs,
    strict: bool,
    /// The number of files that were read to their end.
    ended: usize,
    /// For each directory, how many of its files are telemetry.
    telemetry: Vec<u64>,
    current: Current,
}

/// The file that is being read.
#[derive(Debug, Default)]
struct Current {
    /// How many events were recognised in it, whatever they are.
    recognised: u64,
    /// How many of these are events of other providers.
    other_providers: u64,
    /// How many objects were not recognised.
    unknown: u64,
    /// Its errors.
    errors: u64,
    /// The faults that are only counted, by kind.
    set_aside: BTreeMap<&'static str, u64>,
}

/// What is still to be said of a file that has ended.
#[derive(Debug)]
pub enum End {
    /// Nothing: it was read, or it was said why not.
    Reported,
    /// It is skipped, and of this kind.
    Skipped(&'static str),
    /// It is named, was read, and has nothing but this many events of other providers.
    OtherProviders(u64),
    /// Nothing was recognised in it.
    Failed(Fault),
}

impl Files {
    /// Files of which nothing has been read. If `strict`, it is an error if nothing is recognised in
    /// a file of a directory.
    pub fn new(inputs: Inputs, strict: bool) -> Self {
        let telemetry = vec![0; inputs.directories.len()];
        Self { inputs, strict, ended: 0, telemetry, current: Current::default() }
    }

    /// The arguments as files.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The file that is being read.
    pub fn current(&self) -> Option<&Path> {
        self.inputs.files.get(self.ended).map(AsRef::as_ref)
    }

    /// How many files were not read to their end.
    pub fn unfinished(&self) -> u64 {
        self.inputs.files.len().saturating_sub(self.ended) as u64
    }

    /// Counts an item of the current file.
    pub fn count(&mut self, item: &Item) {
        let Current { recognised, other_providers, unknown, .. } = &mut self.current;
        *other_providers += u64::from(matches!(item, Item::Skipped(Skip::OtherProvider)));
        match item {
            Item::Event(_) | Item::Filtered(_) => *recognised += 1,
            Item::Skipped(skip) if skip.is_recognised() => *recognised += 1,
            Item::Skipped(_) => *unknown += 1,
            Item::Fault(_) => {}
        }
    }

    /// Whether a fault of the current file is no error but only counted, and as what: a file of a
    /// directory, or a member of an archive, need not be telemetry.
    pub fn set_aside(&mut self, fault: &Fault) -> Option<&'static str> {
        let kind = match fault.kind {
            FaultKind::NotTelemetry(kind) => Some(kind),
            FaultKind::Unrecognised if !self.strict => Some(UNRECOGNISED),
            _ => None,
        };
        let kind = kind.filter(|_| self.is_in_directory() || self.is_member(fault));
        match kind {
            Some(kind) => *self.current.set_aside.entry(kind).or_default() += 1,
            None => self.current.errors += 1,
        }
        kind
    }

    fn origin(&self) -> Option<usize> {
        self.inputs.origins.get(self.ended).copied().flatten()
    }

    fn is_in_directory(&self) -> bool {
        self.origin().is_some()
    }

    /// Whether a fault is about a member of the current file.
    fn is_member(&self, fault: &Fault) -> bool {
        let name = self.current().map(|path| match path == Path::new("-") {
            true => "standard input".into(),
            false => path.to_string_lossy(),
        });
        let member = name.and_then(|name| fault.place.file.strip_prefix(&*name));
        member.is_some_and(|member| member.starts_with('!'))
    }

    /// Counts the current file, which has ended.
    pub fn end_file(&mut self, tally: &mut Tally) -> End {
        let Current { recognised, other_providers, unknown, errors, set_aside } =
            std::mem::take(&mut self.current);
        // A file may have no events. It is then known what it is.
        let is_telemetry = recognised > 0 || (unknown, errors) == (0, 0) && set_aside.is_empty();
        let origin = self.origin();
        let path = self.current().map(ToOwned::to_owned).unwrap_or_default();
        self.ended += 1;
        if let Some(telemetry) = origin.and_then(|origin| self.telemetry.get_mut(origin)) {
            *telemetry += u64::from(is_telemetry);
        }
        if is_telemetry || origin.is_none() {
            set_aside.iter().for_each(|(kind, count)| tally.skip(kind, *count));
        }
        let is_counted = !self.strict || !set_aside.is_empty();
        match origin {
            _ if is_telemetry => {
                tally.read += 1;
                tally.read_in_part += u64::from(errors > 0);
                if origin.is_none() && other_providers > 0 && other_providers == recognised {
                    return End::OtherProviders(other_providers);
                }
            }
            Some(_) if errors == 0 && is_counted => {
                let mut kinds = set_aside.keys();
                let kind = kinds.next().filter(|_| kinds.next().is_none());
                tally.skip(kind.unwrap_or(&UNRECOGNISED), 1);
                if set_aside.is_empty() {
                    return End::Skipped(UNRECOGNISED);
                }
            }
            Some(_) | None => {
                tally.unreadable += 1;
                tally.failed += u64::from(origin.is_none());
                if errors == 0 {
                    return End::Failed(nothing_recognised(&path));
                }
            }
        }
        End::Reported
    }

    /// Counts what was not read of the arguments, once all files were read. Returns a fault for each
    /// directory without telemetry.
    pub fn end(&self, tally: &mut Tally) -> Vec<Fault> {
        let directories = self.inputs.directories.iter().zip(&self.telemetry).enumerate();
        let faults = directories.filter_map(|(index, (path, telemetry))| {
            let files = self.inputs.origins.iter().filter(|origin| **origin == Some(index)).count();
            let what = format!("none of its {files} files is telemetry");
            let remedy = "name the directory of the events, or see --verbose for what was skipped";
            (files > 0 && *telemetry == 0).then(|| fault(path, what, remedy))
        });
        let faults: Vec<Fault> = faults.collect();
        tally.failed += faults.len() as u64;
        faults
    }
}

fn nothing_recognised(path: &Path) -> Fault {
    let remedy = "check that it has Sysmon, Security or DeviceProcessEvents data, and how it was exported";
    let mut fault = fault(path, "no event was recognised in it".to_owned(), remedy);
    fault.kind = FaultKind::Unrecognised;
    fault
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is named, and two of a directory.
    fn files(strict: bool) -> Files {
        let inputs = Inputs {
            files: ["named.zip", "logs/a.json", "logs/b.json"].map(Into::into).into(),
            origins: vec![None, Some(0), Some(0)],
            directories: vec!["logs".into()],
            ..Inputs::default()
        };
        Files::new(inputs, strict)
    }

    fn fault_of(path: &str, kind: FaultKind) -> Fault {
        let mut fault = fault(path.as_ref(), "is not right".to_owned(), "change it");
        fault.kind = kind;
        fault
    }

    #[test]
    fn what_is_not_recognised_is_an_error_only_if_it_is_named_or_with_strict() {
        for strict in [false, true] {
            let (mut files, mut tally) = (files(strict), Tally::default());
            // The member of an archive may be anything, but the archive must have something.
            let member = fault_of("named.zip!a.json", FaultKind::Unrecognised);
            assert_eq!(files.set_aside(&member).is_some(), !strict);
            assert_eq!(files.set_aside(&fault_of("named.zip", FaultKind::Unrecognised)), None);
            assert!(matches!(files.end_file(&mut tally), End::Reported));
            assert_eq!((tally.failed, tally.unreadable, tally.read), (1, 1, 0));
            // In a directory, the fault of the reader is enough.
            let first = fault_of("logs/a.json", FaultKind::Unrecognised);
            assert_eq!(files.set_aside(&first).is_some(), !strict);
            assert!(matches!(files.end_file(&mut tally), End::Reported));
            // Damage is an error everywhere.
            assert_eq!(files.set_aside(&fault_of("logs/b.json", FaultKind::Damage)), None);
            assert!(matches!(files.end_file(&mut tally), End::Reported));
            let skipped: u64 = tally.skipped_files.values().sum();
            assert_eq!((tally.unreadable, skipped), if strict { (3, 0) } else { (2, 2) });
            let faults = files.end(&mut tally);
            assert_eq!((faults.len(), tally.failed, files.unfinished()), (1, 2, 0));
        }
    }

    #[test]
    fn a_named_file_with_only_events_of_other_providers_is_told() {
        let (mut files, mut tally) = (files(false), Tally::default());
        files.count(&Item::Skipped(Skip::OtherProvider));
        files.count(&Item::Skipped(Skip::OtherProvider));
        assert_eq!(files.set_aside(&fault_of("named.zip!b", FaultKind::Damage)), None);
        assert!(matches!(files.end_file(&mut tally), End::OtherProviders(2)));
        assert_eq!((tally.read, tally.read_in_part), (1, 1));
        files.count(&Item::Skipped(Skip::OtherProvider));
        assert!(matches!(files.end_file(&mut tally), End::Reported), "a file of a directory");
    }

    #[test]
    fn a_file_with_an_event_is_read_whatever_else_it_has() {
        let (mut files, mut tally) = (files(true), Tally::default());
        files.count(&Item::Skipped(Skip::OtherSysmonEvent));
        files.count(&Item::Skipped(Skip::UnknownShape));
        assert!(files.set_aside(&fault_of("named.zip!b", FaultKind::NotTelemetry("a PNG image"))).is_some());
        assert!(matches!(files.end_file(&mut tally), End::Reported));
        assert_eq!((tally.read, tally.failed, tally.skipped_files.get("a PNG image")), (1, 0, Some(&1)));
        assert_eq!(tally.read_in_part, 0, "what is not telemetry is no error");
        // The counts of one file are not those of the next.
        files.count(&Item::Skipped(Skip::UnknownShape));
        assert!(matches!(files.end_file(&mut tally), End::Failed(_)));
        assert!(matches!(files.end_file(&mut tally), End::Reported), "an empty list is telemetry");
        assert_eq!((tally.read, files.end(&mut tally).len()), (2, 0));
    }
}
