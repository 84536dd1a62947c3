//! Patterns of paths: `logs/**/*.evtx`.

use std::path::{Component, MAIN_SEPARATOR_STR, Path, PathBuf};

use glob::{MatchOptions, Pattern, PatternError};
use walkdir::{DirEntry, Error, WalkDir};

/// How a pattern matches. The names of hidden files match, too: they may be evidence.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: !cfg!(windows),
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// A pattern of paths. `*` and `?` match any text and any character within a name, `[a-z]` one of
/// some characters, and `**` any number of directories. No link to a directory is followed.
pub struct Glob {
    /// The directory that the pattern begins with; empty for the current one.
    base: PathBuf,
    /// The pattern of the path below it.
    path: Pattern,
    /// The patterns of the names in that path.
    names: Vec<Pattern>,
    /// How many of the names come before the first `**`.
    before_recursion: usize,
}

impl Glob {
    /// The pattern that a path is; `None` if it has no special character, or is not Unicode.
    ///
    /// # Errors
    ///
    /// Returns an error if special characters are misused.
    pub fn new(path: &Path) -> Result<Option<Self>, PatternError> {
        let name = |component: &Component<'_>| component.as_os_str().to_str().map(str::to_owned);
        let is_special = |component: &Component<'_>| match component {
            Component::Normal(name) => name.to_str().is_some_and(|name| name.contains(['*', '?', '['])),
            Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => false,
        };
        let components: Vec<Component<'_>> = path.components().collect();
        let Some(start) = components.iter().position(is_special) else { return Ok(None) };
        let (base, rest) = components.split_at(start);
        let Some(names) = rest.iter().map(name).collect::<Option<Vec<String>>>() else { return Ok(None) };
        Ok(Some(Self {
            base: base.iter().collect(),
            path: Pattern::new(&names.join(MAIN_SEPARATOR_STR))?,
            before_recursion: names.iter().position(|name| name == "**").unwrap_or(names.len()),
            names: names.iter().map(|name| Pattern::new(name)).collect::<Result<_, _>>()?,
        }))
    }

    /// What matches, in the order of names, and the directories that cannot be read.
    pub fn entries(&self) -> impl Iterator<Item = Result<DirEntry, Error>> {
        let base = if self.base.as_os_str().is_empty() { Path::new(".") } else { &self.base };
        let is_recursive = self.before_recursion < self.names.len();
        let depth = if is_recursive { usize::MAX } else { self.names.len() };
        let walk = WalkDir::new(base).min_depth(1).max_depth(depth).sort_by_file_name();
        // An absent directory has no files. It is no error beyond that.
        let is_absent = |error: &Error| {
            error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound)
        };
        walk.into_iter().filter_entry(|entry| self.may_lead_to_match(entry)).filter(
            move |entry| match entry {
                Ok(entry) => {
                    let below = entry.path().strip_prefix(base);
                    below.is_ok_and(|below| self.path.matches_path_with(below, MATCHING))
                }
                Err(error) => !is_absent(error),
            },
        )
    }

    /// The path of an entry, in the form of the pattern.
    pub fn path(&self, entry: DirEntry) -> PathBuf {
        let path = entry.into_path();
        let short = path.strip_prefix(".").ok().filter(|_| self.base.as_os_str().is_empty());
        short.map(ToOwned::to_owned).unwrap_or(path)
    }

    /// Whether an entry, or one below it, may match.
    fn may_lead_to_match(&self, entry: &DirEntry) -> bool {
        let depth = entry.depth();
        let name = depth.checked_sub(1).filter(|_| depth <= self.before_recursion);
        let pattern = name.and_then(|name| self.names.get(name));
        pattern.is_none_or(|pattern| pattern.matches_with(&entry.file_name().to_string_lossy(), MATCHING))
    }
}
