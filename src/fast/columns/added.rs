//! The six columns that the rule adds.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, StringArray};
use arrow_schema::{DataType, Field, FieldRef};

use crate::fast::command_line::Arguments;
use crate::fast::rule::UPLOAD;
use crate::fast::terms::Term;

static UPLOAD_TERM: LazyLock<Term> = LazyLock::new(|| Term::new(UPLOAD));

/// A column that the rule adds.
#[derive(Debug, Clone, Copy)]
pub(super) enum AddedColumn {
    ParsedCommandLine,
    RemoteUrl,
    LocalFile,
    Direction,
    HostName,
    DnsDomain,
}

impl AddedColumn {
    const ALL: [Self; 6] = [
        Self::ParsedCommandLine,
        Self::RemoteUrl,
        Self::LocalFile,
        Self::Direction,
        Self::HostName,
        Self::DnsDomain,
    ];

    /// The added column with this name, if any.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::ParsedCommandLine => "ParsedCommandLine",
            Self::RemoteUrl => "RemoteUrl",
            Self::LocalFile => "LocalFile",
            Self::Direction => "Direction",
            Self::HostName => "HostName",
            Self::DnsDomain => "DnsDomain",
        }
    }

    /// The name and type of the column. None of the six is ever null.
    pub(super) fn field(self) -> FieldRef {
        let r#type = match self {
            Self::ParsedCommandLine => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
            Self::RemoteUrl | Self::LocalFile | Self::Direction | Self::HostName | Self::DnsDomain => {
                DataType::Utf8
            }
        };
        Arc::new(Field::new(self.name(), r#type, false))
    }
}

/// Builds the columns, row by row.
#[derive(Default)]
pub(super) struct AddedColumnsBuilder {
    arguments: Arguments,
    parsed_command_line: ListBuilder<StringBuilder>,
    remote_url: StringBuilder,
    local_file: StringBuilder,
    direction: StringBuilder,
    host_name: StringBuilder,
    dns_domain: StringBuilder,
}

impl AddedColumnsBuilder {
    /// Appends the values for one row.
    ///
    /// Spec: RUL-05, RUL-06, RUL-07, RUL-08, RUL-10, RUL-11
    pub(super) fn push(&mut self, command_line: &str, device_name: &str) {
        let arguments = self.arguments.parse(command_line);
        for argument in arguments.iter() {
            self.parsed_command_line.values().append_value(argument);
        }
        self.parsed_command_line.append(true);
        let mut from_last = arguments.iter().rev();
        self.local_file.append_value(from_last.next().unwrap_or_default());
        self.remote_url.append_value(from_last.next().unwrap_or_default());
        self.direction.append_value(if UPLOAD_TERM.found_in(command_line) { "Upload" } else { "Download" });
        let (host_name, dns_domain) = device_name.split_once('.').unwrap_or((device_name, ""));
        self.host_name.append_value(host_name);
        self.dns_domain.append_value(dns_domain);
    }

    pub(super) fn finish(mut self) -> AddedColumns {
        AddedColumns {
            parsed_command_line: self.parsed_command_line.finish(),
            remote_url: self.remote_url.finish(),
            local_file: self.local_file.finish(),
            direction: self.direction.finish(),
            host_name: self.host_name.finish(),
            dns_domain: self.dns_domain.finish(),
        }
    }
}

/// The finished columns.
pub(super) struct AddedColumns {
    parsed_command_line: ListArray,
    remote_url: StringArray,
    local_file: StringArray,
    direction: StringArray,
    host_name: StringArray,
    dns_domain: StringArray,
}

impl AddedColumns {
    pub(super) fn column(&self, column: AddedColumn) -> ArrayRef {
        match column {
            AddedColumn::ParsedCommandLine => Arc::new(self.parsed_command_line.clone()),
            AddedColumn::RemoteUrl => Arc::new(self.remote_url.clone()),
            AddedColumn::LocalFile => Arc::new(self.local_file.clone()),
            AddedColumn::Direction => Arc::new(self.direction.clone()),
            AddedColumn::HostName => Arc::new(self.host_name.clone()),
            AddedColumn::DnsDomain => Arc::new(self.dns_domain.clone()),
        }
    }
}
