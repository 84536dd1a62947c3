use std::io::{self, BufWriter, Read, Write};

use super::lines::{Lines, TooLong};
use super::protocol::{self, PROTOCOL, Reply, Request};
use super::{Answer, Engine};

/// The longest line that is read.
const LINE: usize = 16 << 20;
const TOO_LONG: &str = "a line of over 16 MiB; no message may be as long";
const PIECE: usize = 64 * 1024;

/// Speaks protocol 1 for an engine that lives in this process.
///
/// Calls are answered in their order. What was answered is written out before
/// more input is waited for, so a client may wait for each answer or send many
/// calls at once; a client that sends many must read at the same time. A line
/// that is no message is answered with an error where its id can be told; else, as
/// of one of over 16 MiB, `complain` gets its number and what is wrong. Bad input
/// never ends it.
///
/// # Errors
///
/// Where input cannot be read or output not written.
///
/// ```
/// use rulespec_check::engine::{Reference, serve};
///
/// let input = br#"{"id": 1, "fn": "has", "args": ["host.corp", "."]}"#;
/// let mut output = vec![];
/// serve(&mut Reference::default(), &input[..], &mut output, &mut |_, _| {})?;
/// assert_eq!(output, b"{\"id\":1,\"ok\":true}\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// Spec: PRO-17
pub fn serve(
    engine: &mut dyn Engine,
    mut input: impl Read,
    output: impl Write,
    complain: &mut dyn FnMut(u64, &str),
) -> io::Result<()> {
    let mut output = BufWriter::with_capacity(PIECE, output);
    let mut lines = Lines::new(LINE);
    let mut piece = vec![0; PIECE];
    let mut number = 0;
    let mut answer = |line: Result<&[u8], TooLong>, output: &mut BufWriter<_>| {
        number += 1;
        match line.map_err(|TooLong| TOO_LONG.to_owned()).and_then(|line| reply(engine, line)) {
            Ok(answer) => output.write_all(&answer),
            Err(what) => {
                complain(number, &what);
                Ok(())
            }
        }
    };
    loop {
        let length = match input.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        lines.push(piece.get(..length).unwrap_or_default());
        while let Some(line) = lines.next() {
            answer(line, &mut output)?;
        }
        if length == 0 {
            if !lines.rest().is_empty() {
                answer(Ok(lines.rest()), &mut output)?;
            }
            return output.flush();
        }
        output.flush()?;
    }
}

/// The answer to one line, or what is wrong with it.
fn reply(engine: &mut dyn Engine, line: &[u8]) -> Result<Vec<u8>, String> {
    match protocol::read_request(line) {
        Ok(Request::Call { id, function, args }) => {
            let outcome = engine.ask(&function, &args).into();
            Ok(protocol::line(&Reply { id, outcome }))
        }
        Ok(Request::Hello { protocol: PROTOCOL, .. }) => match engine.hello() {
            Ok(hello) => Ok(protocol::line(&hello)),
            Err(error) => Err(error.to_string()),
        },
        Ok(Request::Hello { protocol, .. }) => {
            let error = format!("protocol {protocol} is not spoken here, protocol {PROTOCOL} is");
            Ok(protocol::line(&serde_json::json!({ "error": error })))
        }
        Err(garbled) => match garbled.id {
            Some(id) => {
                let outcome = Answer::Error(garbled.to_string()).into();
                Ok(protocol::line(&Reply { id, outcome }))
            }
            None => Err(garbled.to_string()),
        },
    }
}
