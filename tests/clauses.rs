//! Tests of single clauses of the specification, one file per chapter.

mod command_line;
mod dynamic;
mod table;
mod terms;
mod text;
