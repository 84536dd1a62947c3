//! Tests of the clauses of the specification, a file for each chapter.

mod command_line;
mod dynamic;
mod table;
mod terms;
mod text;
