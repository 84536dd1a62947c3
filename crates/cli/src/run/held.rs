//! Detections that are held until all events are read, because the rule has steps that need all rows.

use rulespec::kql::{Column, Error, Table};

use super::finding::Finding;
use super::judge::Judge;

/// How many detections are held. There is no memory for more.
pub const MAX_HELD: usize = 200_000;

/// The detections that are held, and the number of those for which there was no place.
#[derive(Default)]
pub struct Held {
    findings: Vec<Finding>,
    /// How many detections were left out.
    pub left_out: u64,
}

impl Held {
    /// Holds a detection.
    pub fn add(&mut self, finding: Finding) {
        match self.findings.len() < MAX_HELD {
            true => self.findings.push(finding),
            false => self.left_out += 1,
        }
    }

    /// Applies the steps that need all rows. Returns what is left, in order.
    ///
    /// # Errors
    ///
    /// Returns the error of a function.
    pub fn finish(self, judge: &Judge) -> Result<Vec<Finding>, Error> {
        let columns = |finding: &Finding| finding.detection.as_ref().map(|table| table.columns().to_vec());
        let Some(columns) = self.findings.first().and_then(columns) else { return Ok(vec![]) };
        let mut table = Table::new(columns)?;
        for row in self.findings.iter().filter_map(|finding| finding.detection.as_ref()) {
            row.rows().iter().try_for_each(|row| table.push(row.clone()))?;
        }
        let mut origins: Vec<usize> = (0..table.rows().len()).collect();
        for step in judge.last_steps() {
            let (output, rows) = judge.apply(step, &table)?;
            origins = rows.into_iter().filter_map(|row| origins.get(row).copied()).collect();
            table = output;
        }
        let mut findings: Vec<Option<Finding>> = self.findings.into_iter().map(Some).collect();
        let columns: Vec<Column> = table.columns().to_vec();
        let mut last = vec![];
        for (origin, row) in origins.into_iter().zip(table.rows()) {
            let mut detection = Table::new(columns.clone())?;
            detection.push(row.clone())?;
            if let Some(finding) = findings.get_mut(origin).and_then(Option::take) {
                last.push(Finding { detection: Some(detection), ..finding });
            }
        }
        Ok(last)
    }
}
