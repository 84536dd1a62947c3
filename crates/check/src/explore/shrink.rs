//! From a question to simpler ones: parts taken out, characters and numbers made
//! plainer.
//!
//! No step makes an operand of another type where the function demands one, so that
//! what is well-formed stays so.

mod joint;
mod names;
mod table;
mod text;
mod value;

#[cfg(test)]
mod tests;

use serde_json::Value as Json;

use super::generate::Case;
use joint::{exchanged_without_one, first_parts, in_part_and_place, in_text_and_element, in_text_and_truth};
use names::in_all_names;
use rulespec::Function;
use table::simpler_table;
use text::{in_all_texts, in_both_texts};
use value::{shorter, simpler_of_type, simpler_row, simpler_value};

/// Questions or parts of them, the boldest step first.
type Steps<'a, T = Json> = Box<dyn Iterator<Item = T> + 'a>;

/// How an argument may be made simpler.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Not at all.
    Fixed,
    /// Within its type.
    Typed,
    /// By any simpler value.
    Any,
    /// By fewer and simpler elements.
    Elements,
    /// By fewer elements.
    List,
    /// By fewer members and simpler values.
    Row,
    /// By fewer rows and columns, and simpler cells.
    Table,
}

fn places(function: Function, count: usize) -> &'static [Place] {
    use Place::{Any, Elements, Fixed, List, Row, Table, Typed};
    match function {
        Function::HasAny => &[Typed, Elements],
        Function::ParseCommandLine => &[Typed, Fixed],
        Function::Element => &[Elements, Typed],
        Function::ToString if count == 2 => &[Typed, Fixed],
        Function::ToString => &[Any],
        Function::Iff => &[Fixed, Any, Any],
        Function::ColumnIfExists => &[Row, Fixed, Any],
        Function::Where => &[Table, Fixed],
        Function::Extend => &[Table, List],
        Function::ProjectReorder => &[List, List],
        Function::BitsadminActivity => &[Table],
        Function::EqCi | Function::Has | Function::IndexOf | Function::Substring => &[Typed, Typed, Typed],
    }
}

impl Case {
    /// Every question that is one step simpler than this one, the boldest first.
    ///
    /// ```
    /// use rulespec::Function;
    /// use rulespec_check::explore::generate::Case;
    /// use serde_json::json;
    ///
    /// let case = Case { function: Function::Has, args: vec![json!("ab"), json!("b")] };
    /// let first = case.simpler().next().unwrap();
    /// assert_eq!(first.args, [json!(""), json!("b")]);
    /// ```
    pub fn simpler(&self) -> impl Iterator<Item = Self> {
        let places = places(self.function, self.args.len()).iter().enumerate();
        let one = places.filter_map(|(number, place)| Some((number, steps(*place, self.args.get(number)?))));
        let one = one.flat_map(move |(number, steps)| {
            steps.map(move |step| {
                let mut args = self.args.clone();
                args[number] = step;
                args
            })
        });
        let several: Steps<'_, Vec<Json>> = match self.function {
            Function::EqCi | Function::Has | Function::IndexOf => {
                let texts = in_both_texts(&self.args).chain(in_all_texts(&self.args));
                Box::new(texts.chain(exchanged_without_one(&self.args)).chain(first_parts(&self.args)))
            }
            Function::HasAny => {
                let texts = in_all_texts(&self.args);
                Box::new(texts.chain(in_text_and_element(&self.args)).chain(in_text_and_truth(&self.args)))
            }
            Function::Element | Function::Substring => Box::new(in_part_and_place(&self.args)),
            Function::ColumnIfExists | Function::Where | Function::Extend | Function::ProjectReorder => {
                Box::new(in_all_names(&self.args))
            }
            Function::ParseCommandLine | Function::ToString | Function::Iff | Function::BitsadminActivity => {
                Box::new(std::iter::empty())
            }
        };
        one.chain(several).map(|args| Self { function: self.function, args })
    }
}

fn steps(place: Place, arg: &Json) -> Steps<'_> {
    match (place, arg) {
        (Place::Fixed, _) => Box::new(std::iter::empty()),
        (Place::Any, value) => simpler_value(value),
        (Place::List, Json::Array(elements)) => Box::new(shorter(elements).map(Json::from)),
        (Place::Row, Json::Object(row)) => simpler_row(row),
        (Place::Table, table) if table.is_object() => simpler_table(table),
        (_, value) => simpler_of_type(value),
    }
}
