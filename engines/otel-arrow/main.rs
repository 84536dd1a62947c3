//! Runs queries with the record set engine of otel-arrow, for engine.py, which speaks the protocol.
//! A line of input is a query and records. A line of output is the records that are left, or an error.
use std::io::stdin;

use data_engine_expressions::{AsValue, QueryLocation};
use data_engine_kql_parser::{KqlParser, Parser, ParserError};
use data_engine_recordset::{AttachedRecords, MapValueStorage, OwnedValue, RecordSet, RecordSetEngine};
use serde_json::{Map, Value, json};

type Row = MapValueStorage<OwnedValue>;

#[derive(Debug)]
struct Rows(Vec<Row>);

impl RecordSet<Row> for Rows {
    fn drain<F: FnMut(Option<&dyn AttachedRecords>, Row)>(&mut self, action: &mut F) {
        self.0.drain(..).for_each(|row| action(None, row));
    }
}

fn row(record: Map<String, Value>) -> Row {
    match OwnedValue::from_json(&QueryLocation::new_fake(), &Value::from(record).to_string()) {
        Ok(OwnedValue::Map(row)) => row,
        other => panic!("a record is no map: {other:?}"),
    }
}

fn run(text: &str, records: Vec<Map<String, Value>>) -> Result<Value, Vec<ParserError>> {
    let parsed = KqlParser::parse(text)?;
    let engine = RecordSetEngine::new();
    let mut batch = engine.begin_batch(&parsed.pipeline).map_err(|error| vec![ParserError::from(&error)])?;
    batch.push_records(&mut Rows(records.into_iter().map(row).collect()));
    let results = batch.flush();
    let problems: String = results.included_records.iter().map(|record| record.to_string()).collect();
    let records = results.included_records.into_iter().map(|record| {
        serde_json::from_str(&OwnedValue::Map(record.take_record()).to_value().to_string()).unwrap_or(Value::Null)
    });
    Ok(json!({ "records": records.collect::<Value>(), "diagnostics": problems }))
}

fn main() {
    for line in stdin().lines() {
        let (text, records): (String, _) = serde_json::from_str(&line.expect("stdin")).expect("a line of engine.py");
        let answer = run(&text, records).unwrap_or_else(|errors| match &errors[..] {
            [ParserError::SyntaxNotSupported(_, text), ..] => json!({ "unsupported": text }),
            [ParserError::QueryLanguageDiagnostic { diagnostic_id: "KS211", message, .. }, ..] => {
                json!({ "unsupported": message })
            }
            _ => json!({ "error": errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ") }),
        });
        println!("{answer}");
    }
}
