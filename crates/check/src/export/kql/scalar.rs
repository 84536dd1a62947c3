//! Scalar functions: a `datatable` with one row per vector.

use serde_json::Value as Json;

use super::literal::{dynamic, literal, string};
use super::{Script, comparison, is_open, wanted};
use rulespec::Function;
use rulespec::kql::Type;
use rulespec::suite::Vector;

/// A scalar function and its call in KQL.
struct Scalar {
    function: Function,
    /// The name of the script.
    name: &'static str,
    /// The types of its arguments.
    types: &'static [Type],
    /// The call with arguments named `a`, `b`, `c`.
    call: &'static str,
    /// The argument that Kusto only accepts as a literal, written `{}` in the call. The other
    /// arguments are columns, as is usual in rules.
    literal: Option<usize>,
    /// Whether a last argument names the type of the first.
    is_typed: bool,
}

const fn scalar(
    function: Function,
    name: &'static str,
    types: &'static [Type],
    call: &'static str,
) -> Scalar {
    Scalar { function, name, types, call, literal: None, is_typed: false }
}

/// `tostring` of a column of this type, which the last argument names.
const fn tostring_of(name: &'static str, types: &'static [Type; 1]) -> Scalar {
    Scalar { is_typed: true, ..scalar(Function::ToString, name, types, "tostring(a)") }
}

const SCALARS: &[Scalar] = &[
    Scalar {
        literal: Some(1),
        ..scalar(
            Function::ParseCommandLine,
            "parse_command_line",
            &[Type::String, Type::String],
            "parse_command_line(a, {})",
        )
    },
    scalar(Function::EqCi, "equals", &[Type::String, Type::String], "a =~ b"),
    scalar(Function::IndexOf, "indexof", &[Type::String, Type::String], "indexof(a, b)"),
    scalar(Function::Substring, "substring-2", &[Type::String, Type::Long], "substring(a, b)"),
    scalar(Function::Substring, "substring-3", &[Type::String, Type::Long, Type::Long], "substring(a, b, c)"),
    scalar(Function::Has, "has", &[Type::String, Type::String], "a has b"),
    Scalar {
        literal: Some(1),
        ..scalar(Function::HasAny, "has_any", &[Type::String, Type::Dynamic], "a has_any ({})")
    },
    scalar(Function::Element, "subscript", &[Type::Dynamic, Type::Long], "a[b]"),
    scalar(Function::ToString, "tostring", &[Type::Dynamic], "tostring(a)"),
    tostring_of("tostring-string", &[Type::String]),
    tostring_of("tostring-bool", &[Type::Bool]),
    tostring_of("tostring-int", &[Type::Int]),
    tostring_of("tostring-long", &[Type::Long]),
    tostring_of("tostring-real", &[Type::Real]),
    tostring_of("tostring-datetime", &[Type::Datetime]),
    tostring_of("tostring-timespan", &[Type::Timespan]),
    tostring_of("tostring-guid", &[Type::Guid]),
    tostring_of("tostring-dynamic", &[Type::Dynamic]),
    scalar(Function::Iff, "iff", &[Type::Bool, Type::Dynamic, Type::Dynamic], "iff(a, b, c)"),
];

const NAMES: [&str; 3] = ["a", "b", "c"];

/// Columns after the id and the arguments of a vector.
struct ExtraColumns {
    /// The column declarations, each after a comma.
    header: &'static str,
    /// Their cells.
    cells: fn(&Vector) -> String,
}

/// Whether the point is open, and the wanted answer, for a comparison.
const WANTED: ExtraColumns = ExtraColumns {
    header: ", open: bool, want: dynamic",
    cells: |vector| format!(", {}, {}", is_open(vector), dynamic(wanted(vector))),
};

const NO_COLUMNS: ExtraColumns = ExtraColumns { header: "", cells: |_| String::new() };

/// One script per function that has vectors.
pub fn scripts(vectors: &[&Vector]) -> Vec<Script> {
    let script = |scalar: &Scalar| {
        let vectors = scalar.select(vectors);
        let script = || comparison(scalar.name.to_owned(), "", &scalar.tables(&vectors, &WANTED), &vectors);
        (!vectors.is_empty()).then(script)
    };
    SCALARS.iter().filter_map(script).collect()
}

/// The query that asks a single vector.
pub fn single(vector: &Vector) -> Option<String> {
    let scalar = SCALARS.iter().find(|scalar| scalar.takes(vector))?;
    Some(format!("{}\n| project id, got\n", scalar.table(&scalar.fixed(vector), &[vector], &WANTED)))
}

/// Whether a vector is about a scalar function.
pub fn asks(vector: &Vector) -> bool {
    SCALARS.iter().any(|scalar| scalar.takes(vector))
}

/// Tables of answers, with `id`, `got` and the arguments as columns.
pub fn tables(vectors: &[&Vector]) -> Vec<String> {
    SCALARS.iter().flat_map(|scalar| scalar.tables(&scalar.select(vectors), &NO_COLUMNS)).collect()
}

impl Scalar {
    fn takes(&self, vector: &Vector) -> bool {
        let names_type =
            || vector.args.last().and_then(Json::as_str) == self.types.first().map(|t| t.as_str());
        vector.r#fn == self.function.name()
            && vector.args.len() == self.types.len() + usize::from(self.is_typed)
            && (!self.is_typed || names_type())
            && self.literals(vector).is_some()
    }

    /// The arguments of a vector as literals; `None` if one has the wrong type.
    fn literals(&self, vector: &Vector) -> Option<Vec<String>> {
        vector.args.iter().zip(self.types).map(|(arg, kind)| literal(arg, *kind)).collect()
    }

    /// The argument that must be a literal.
    fn fixed(&self, vector: &Vector) -> String {
        self.literal.and_then(|at| self.literals(vector)?.get(at).cloned()).unwrap_or_default()
    }

    fn select<'a>(&self, vectors: &[&'a Vector]) -> Vec<&'a Vector> {
        vectors.iter().copied().filter(|vector| self.takes(vector)).collect()
    }

    /// One table of answers for each value of the fixed argument.
    fn tables(&self, vectors: &[&Vector], extra: &ExtraColumns) -> Vec<String> {
        let mut groups: Vec<(String, Vec<&Vector>)> = vec![];
        for vector in vectors {
            let fixed = self.fixed(vector);
            match groups.iter_mut().find(|(other, _)| *other == fixed) {
                Some((_, group)) => group.push(vector),
                None => groups.push((fixed, vec![vector])),
            }
        }
        groups.iter().map(|(fixed, group)| self.table(fixed, group, extra)).collect()
    }

    /// The table of answers to calls with the same fixed argument.
    fn table(&self, fixed: &str, vectors: &[&Vector], extra: &ExtraColumns) -> String {
        let is_column = |at: usize| self.literal != Some(at);
        let columns = NAMES.iter().zip(self.types).enumerate().filter(|(at, _)| is_column(*at));
        let header: String = columns.map(|(_, (name, kind))| format!(", {name}: {kind}")).collect();
        let rows: Vec<String> = vectors
            .iter()
            .map(|vector| {
                let args = self.literals(vector).unwrap_or_default().into_iter().enumerate();
                let args = args.filter(|(at, _)| is_column(*at));
                let args: String = args.map(|(_, arg)| format!(", {arg}")).collect();
                format!("    {}{args}{}", string(&vector.id), (extra.cells)(vector))
            })
            .collect();
        format!(
            "datatable(id: string{header}{})[\n{}\n]\n| extend got = tostring(pack_array({}))",
            extra.header,
            rows.join(",\n"),
            self.call.replace("{}", fixed)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::SCALARS;
    use crate::export::kql::table::takes_tables;
    use rulespec::Function;

    #[test]
    fn every_function_is_either_scalar_or_takes_tables() {
        for function in Function::ALL {
            let is_scalar = SCALARS.iter().any(|scalar| scalar.function == function);
            assert_ne!(is_scalar, takes_tables(function), "{function}");
        }
    }
}
