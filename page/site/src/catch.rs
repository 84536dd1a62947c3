//! Which vectors catch which misreading.

use std::num::NonZero;
use std::thread;

use rulespec::suite::Vector;
use rulespec_check::engine::{Answer, Engine};
use rulespec_check::misreading::{self, Misreading};
use rulespec_check::verdict::{Verdict, judge};

/// A misreading, and the vectors that catch it.
pub struct Catch {
    /// The misreading.
    pub misreading: &'static Misreading,
    /// The indexes of the vectors that catch it, and what it answers to them.
    pub answers: Vec<(usize, Answer)>,
}

/// Asks every misreading every vector.
pub fn catches(vectors: &[Vector]) -> Vec<Catch> {
    let all = misreading::all();
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = all.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let shares = all.chunks(share);
        let workers: Vec<_> = shares
            .map(|share| {
                scope.spawn(|| share.iter().map(|misreading| catch(misreading, vectors)).collect::<Vec<_>>())
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

fn catch(misreading: &'static Misreading, vectors: &[Vector]) -> Catch {
    let mut engine = misreading.engine();
    let wrong = |(index, vector): (usize, &Vector)| {
        let answer = engine.ask(&vector.r#fn, &vector.args);
        let is_wrong = match judge(&vector.want, &answer) {
            Verdict::Open(followed) => followed.is_empty(),
            verdict => verdict.is_failure(),
        };
        is_wrong.then_some((index, answer))
    };
    Catch { misreading, answers: vectors.iter().enumerate().filter_map(wrong).collect() }
}
