use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use super::protocol::{self, MAX_LINE_LEN, PROTOCOL, Reply, Request};
use super::read_line::{LineTooLong, read_line};
use super::{Answer, Engine};

const LINE_TOO_LONG: &str = "a line of over 16 MiB, the limit for a message";
const BUFFER_LEN: usize = 64 * 1024;

/// Serves an in-process engine through protocol 1.
///
/// Calls are answered in order. All answers are written before `serve` waits for more input, so
/// a client may either wait for each answer or send many calls at once. A client that sends many
/// must read at the same time.
///
/// A line that is not a message, but whose id can be read, is answered with an error. For any
/// other, and for a line of over 16 MiB, `on_bad_line` gets the line number and the problem. Bad
/// input never stops the server.
///
/// # Errors
///
/// Returns an error if input cannot be read or output cannot be written.
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
    input: impl Read,
    output: impl Write,
    on_bad_line: &mut dyn FnMut(u64, &str),
) -> io::Result<()> {
    let mut input = BufReader::with_capacity(BUFFER_LEN, input);
    let mut output = BufWriter::with_capacity(BUFFER_LEN, output);
    for number in 1.. {
        // The next read may block, and the client may be waiting for these answers.
        if !input.buffer().contains(&b'\n') {
            output.flush()?;
        }
        let answer = match read_line(&mut input, MAX_LINE_LEN)? {
            None => break,
            Some(Ok(line)) => reply(engine, line.trim_ascii_end()),
            Some(Err(LineTooLong)) => {
                input.skip_until(b'\n')?;
                Err(LINE_TOO_LONG.to_owned())
            }
        };
        match answer {
            Ok(answer) => output.write_all(&answer)?,
            Err(problem) => on_bad_line(number, &problem),
        }
    }
    output.flush()
}

/// The answer to one line, or why it cannot be answered.
fn reply(engine: &mut dyn Engine, line: &[u8]) -> Result<Vec<u8>, String> {
    let (id, answer) = match protocol::read_request(line) {
        Ok(Request::Call { id, function, args }) => (id, engine.ask(&function, &args)),
        Ok(Request::Hello { protocol: PROTOCOL, .. }) => {
            let hello = engine.hello().map_err(|error| error.to_string())?;
            return Ok(protocol::line(&hello));
        }
        Ok(Request::Hello { protocol, .. }) => {
            let error = format!("protocol {protocol} is not supported, only protocol {PROTOCOL}");
            return Ok(protocol::line(&serde_json::json!({ "error": error })));
        }
        Err(error) => (error.id.ok_or_else(|| error.to_string())?, Answer::Error(error.to_string())),
    };
    Ok(protocol::line(&Reply { id, outcome: answer.into() }))
}
