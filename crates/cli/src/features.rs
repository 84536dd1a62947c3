//! The features of this build, and the subcommands that need them.

use std::ffi::OsString;

use crate::failure::Failure;

/// A feature of the package.
struct Feature {
    name: &'static str,
    /// Whether this build has it.
    is_on: bool,
    /// The subcommands that only builds with it have.
    subcommands: &'static [&'static str],
}

const FEATURES: [Feature; 3] = [
    Feature {
        name: "events",
        is_on: cfg!(feature = "events"),
        subcommands: &["run", "rule", "diff", "list shapes"],
    },
    Feature { name: "lint", is_on: cfg!(feature = "lint"), subcommands: &["lint"] },
    Feature { name: "parquet", is_on: cfg!(feature = "parquet"), subcommands: &[] },
];

/// The features of this build, separated by commas, or `none`.
pub fn listed() -> String {
    let names: Vec<&str> =
        FEATURES.iter().filter(|feature| feature.is_on).map(|feature| feature.name).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// That this build does not have a subcommand of the command line, if another build has it. `last` is the
/// word that was not recognised.
pub fn left_out(words: &[OsString], last: &str) -> Option<Failure> {
    let subcommand = path(words, last);
    let mut left_out = FEATURES.iter().filter(|feature| !feature.is_on);
    let Feature { name, .. } = left_out.find(|feature| feature.subcommands.contains(&&*subcommand))?;
    Some(Failure::usage(&format!(
        "this build does not have the subcommand {subcommand}, which needs the feature {name}; use a prebuilt \
         binary, or run: cargo install rulespec-cli --features {name}"
    )))
}

/// The subcommands of a command line up to its last, such as `list shapes`.
fn path(words: &[OsString], last: &str) -> String {
    let definition = crate::definition();
    let mut command = &definition;
    let mut path = String::new();
    for word in words.iter().skip(1).take_while(|word| *word != last) {
        if let Some(found) = command.find_subcommand(word) {
            path += &format!("{} ", found.get_name());
            command = found;
        }
    }
    path + last
}

#[cfg(test)]
mod tests {
    use super::FEATURES;

    #[test]
    fn the_build_has_the_subcommands_of_its_features_and_no_others() {
        let command = crate::definition();
        for feature in FEATURES {
            for name in feature.subcommands {
                let found = name.split(' ').try_fold(&command, |command, name| command.find_subcommand(name));
                assert_eq!(found.is_some(), feature.is_on, "{name}");
            }
        }
    }
}
