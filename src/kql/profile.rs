//! Open points: questions that no public evidence decides (chapter 90).
//!
//! Every point is a type with one variant for each alternative. The first variant is
//! the default. A [`Profile`] holds one choice for each point.

/// Declares every open point once: its type, its id, its alternatives with the names that
/// vectors use, and its field of [`Profile`].
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

        /// One choice for every open point. The default is what the reference answers.
        ///
        /// ```
        /// use rulespec::kql::{Profile, eq_ci};
        ///
        /// let mut profile = Profile::default();
        /// assert!(eq_ci("ς", "σ", &profile));
        /// assert!(profile.choose("OPEN-CASE-FOLDING", "lower-case"));
        /// assert!(!eq_ci("ς", "σ", &profile));
        /// ```
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub struct Profile {
            $($(#[$doc])* pub $field: $point),+
        }

        impl Profile {
            /// Every open point with the names of its alternatives, the default first.
            pub const POINTS: &'static [(&'static str, &'static [&'static str])] =
                &[$(($id, &[$($name),+])),+];

            /// Sets an open point to an alternative. Returns false, and changes nothing, if
            /// there is no such point or no such alternative.
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
    /// How `=~`, `has` and `has_any` map a character before they compare.
    case_folding: CaseFolding = "OPEN-CASE-FOLDING" {
        /// By Unicode simple case folding.
        Simple = "simple-folding",
        /// By its simple lower-case mapping.
        Lower = "lower-case",
        /// By its simple upper-case mapping.
        Upper = "upper-case",
    }
    /// How `tolower` and `toupper` map a character.
    case_mapping: CaseMapping = "OPEN-CASE-MAPPING" {
        /// To one character.
        Simple = "simple",
        /// To one or several characters.
        Full = "full",
    }
    /// The result of `base64_decode_tostring` for a text without padding or with blanks.
    base64: Base64 = "OPEN-ENCODING-PADDING" {
        /// The empty string.
        Empty = "empty",
        /// The text that the characters of the alphabet encode.
        Lenient = "lenient",
    }
    /// The result of `parse_command_line` for an empty line.
    empty_command_line: EmptyCommandLine = "OPEN-EMPTY-COMMAND-LINE" {
        /// `[]`.
        EmptyArray = "empty-array",
        /// null.
        Null = "null",
        /// `[""]`.
        EmptyArgument = "empty-argument",
    }
    /// The result of `parse_command_line` for a line of spaces and tabs only.
    blank_command_line: BlankCommandLine = "OPEN-BLANK-COMMAND-LINE" {
        /// `[""]`, as in the Windows API.
        EmptyArgument = "empty-argument",
        /// `[]`.
        EmptyArray = "empty-array",
        /// null.
        Null = "null",
    }
    /// The result of `parse_command_line` for an undocumented parser type.
    unknown_parser: UnknownParser = "OPEN-UNKNOWN-PARSER" {
        /// An error.
        Error = "error",
        /// null.
        Null = "null",
        /// The same as for `windows`.
        Accepted = "accepted",
    }
    /// The result of `parse_command_line` for the parser type `windows` in another case.
    parser_case: ParserCase = "OPEN-PARSER-CASE" {
        /// An error.
        Error = "error",
        /// null.
        Null = "null",
    }
    /// The effect of U+0000 in a command line.
    nul: Nul = "OPEN-NUL" {
        /// It ends the line, as in the Windows API.
        Ends = "ends-the-line",
        /// It is an ordinary character.
        Ordinary = "ordinary",
    }
    /// The value of a command-line argument that has the form of a GUID or of a date and
    /// time.
    typed_strings: TypedStrings = "OPEN-DYNAMIC-TYPED-STRINGS" {
        /// The argument as it is written.
        AsWritten = "as-written",
        /// A value of that type, as `parse_json` makes it.
        Typed = "typed",
    }
}

impl Profile {
    /// Points that evidence has settled: the id, and the alternative that holds.
    ///
    /// An id is never reused, so ids in saved reports stay valid.
    pub const SETTLED: &'static [(&'static str, &'static str)] = &[
        ("OPEN-PROGRAM-NAME-END", "control-characters"),
        ("OPEN-TEXT-UNITS", "code-points"),
        ("OPEN-INDEXOF-EMPTY", "null"),
        ("OPEN-IFF-NULL", "else-branch"),
        ("OPEN-BOOL-TEXT", "lower-case"),
    ];
}
