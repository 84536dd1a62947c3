//! Open points: questions that no public evidence decides (chapter 90).
//!
//! Every point is a type with one variant an alternative; the first is what the
//! reference answers by default. A [`Profile`] holds one choice for each.

/// Declares every open point once: its type, its id, its alternatives with the
/// names that vectors use, and its place in [`Profile`].
macro_rules! open_points {
    ($($(#[$doc:meta])* $field:ident: $point:ident = $id:literal {
        $($(#[$alt_doc:meta])* $alt:ident = $name:literal),+ $(,)?
    })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum $point { $($(#[$alt_doc])* $alt),+ }

            impl $point {
                const ALTERNATIVES: &'static [(&'static str, Self)] = &[$(($name, Self::$alt)),+];
            }

            impl Default for $point {
                fn default() -> Self {
                    Self::ALTERNATIVES[0].1
                }
            }
        )+

        /// One choice for every open point; the default is the reference's own.
        ///
        /// ```
        /// use rulespec::kql::{Profile, indexof};
        ///
        /// let mut profile = Profile::default();
        /// assert_eq!(indexof("text", "", &profile), 0);
        /// assert!(profile.choose("OPEN-INDEXOF-EMPTY", "not-found"));
        /// assert_eq!(indexof("text", "", &profile), -1);
        /// ```
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub struct Profile {
            $($(#[$doc])* pub $field: $point),+
        }

        impl Profile {
            /// Every open point with the names of its alternatives, the default first.
            pub const POINTS: &'static [(&'static str, &'static [&'static str])] =
                &[$(($id, &[$($name),+])),+];

            /// Makes one choice. False, and no change, where there is no such
            /// point or no such alternative.
            #[must_use]
            pub fn choose(&mut self, point: &str, alternative: &str) -> bool {
                match point {
                    $($id => $point::ALTERNATIVES
                        .iter()
                        .find(|(name, _)| *name == alternative)
                        .map(|(_, choice)| self.$field = *choice)
                        .is_some(),)+
                    _ => false,
                }
            }
        }
    };
}

open_points! {
    /// How `=~`, `has` and `has_any` compare letters beyond ASCII.
    case_folding: CaseFolding = "OPEN-CASE-FOLDING" {
        /// Only A to Z and a to z are the same letter.
        Ascii = "ascii",
        /// Unicode simple case folding.
        Simple = "simple-folding",
        /// Both sides in lower case.
        Lower = "lower-case",
    }
    /// What `parse_command_line("")` answers.
    empty_command_line: EmptyCommandLine = "OPEN-EMPTY-COMMAND-LINE" {
        /// `[]`.
        EmptyArray = "empty-array",
        /// null.
        Null = "null",
        /// `[""]`.
        EmptyArgument = "empty-argument",
    }
    /// What `parse_command_line` answers for a line of spaces and tabs only.
    blank_command_line: BlankCommandLine = "OPEN-BLANK-COMMAND-LINE" {
        /// `[""]`, as the Windows API does.
        EmptyArgument = "empty-argument",
        /// `[]`.
        EmptyArray = "empty-array",
        /// null.
        Null = "null",
    }
    /// What `parse_command_line` makes of a parser type nobody documents.
    unknown_parser: UnknownParser = "OPEN-UNKNOWN-PARSER" {
        /// An error.
        Error = "error",
        /// null.
        Null = "null",
        /// Taken for `windows`.
        Accepted = "accepted",
    }
    /// What `parse_command_line` makes of `Windows` in another case.
    parser_case: ParserCase = "OPEN-PARSER-CASE" {
        /// An error.
        Error = "error",
        /// null.
        Null = "null",
        /// Taken for `windows`.
        Accepted = "accepted",
    }
    /// What ends a program name that is not in quotes.
    program_name_end: ProgramNameEnd = "OPEN-PROGRAM-NAME-END" {
        /// Any of U+0001 to U+0020, as Windows does.
        Control = "control-characters",
        /// Space and tab only, as Wine does.
        Blank = "space-and-tab",
    }
    /// What U+0000 does in a command line.
    nul: Nul = "OPEN-NUL" {
        /// It ends the line, as in the Windows API.
        Ends = "ends-the-line",
        /// It is a character like any other.
        Ordinary = "ordinary",
    }
    /// What `indexof` and `substring` count.
    text_units: TextUnits = "OPEN-TEXT-UNITS" {
        /// Unicode code points.
        CodePoints = "code-points",
        /// UTF-16 code units.
        Utf16 = "utf-16",
        /// Bytes of UTF-8.
        Bytes = "bytes",
    }
    /// What `indexof(text, "")` answers.
    indexof_empty: IndexofEmpty = "OPEN-INDEXOF-EMPTY" {
        /// 0: the empty string is found at once.
        Zero = "zero",
        /// -1: there is nothing to find.
        NotFound = "not-found",
    }
    /// What `iff` answers when its condition is null.
    iff_null: IffNull = "OPEN-IFF-NULL" {
        /// The else branch.
        Else = "else-branch",
        /// null.
        Null = "null",
    }
    /// How `tostring` writes a bool that lies in a dynamic.
    bool_text: BoolText = "OPEN-BOOL-TEXT" {
        /// `True` and `False`.
        Capital = "capitalised",
        /// `true` and `false`.
        Lower = "lower-case",
    }
}
