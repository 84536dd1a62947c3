use super::*;
use pieces::LARGEST_EVENT;

fn event(id: &str, data: &str) -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='Microsoft-Windows-Sysmon'/><EventID>{id}</EventID>\
         <TimeCreated SystemTime='2026-01-02T03:04:05Z'/><EventRecordID>9</EventRecordID>\
         <Computer>ws07.corp.example</Computer></System><EventData>{data}</EventData></Event>"
    )
}

fn sysmon(command_line: &str) -> String {
    event("1", &format!("<Data Name='Image'>C:\\a.exe</Data><Data Name='CommandLine'>{command_line}</Data>"))
}

/// The command lines of the events, and everything else as it shows itself.
fn told(document: &[u8]) -> Vec<String> {
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs: 1 };
    let mut told = Vec::new();
    let _ = read(document, &"a.xml".into(), &options, &mut |item| {
        told.push(match item {
            Item::Event(event) => {
                let at = event.columns.iter().position(|column| column.name == "ProcessCommandLine");
                at.and_then(|at| event.row[at].as_str().map(str::to_owned)).unwrap_or_default()
            }
            Item::Fault(fault) => format!("{}: {}", fault.place, fault.what),
            other => format!("{other:?}"),
        });
        ControlFlow::Continue(())
    });
    told
}

#[test]
fn tel_28_a_bare_sequence_and_a_document_are_read() {
    let bare = format!("{}\r\n{}{}", sysmon("a"), event("3", ""), sysmon("b"));
    assert_eq!(told(bare.as_bytes()), ["a", "Skipped(OtherSysmonEvent)", "b"]);
    let document = format!("<?xml version=\"1.0\"?>\n<Events>{bare}</Events>\n");
    assert_eq!(told(document.as_bytes()), ["a", "Skipped(OtherSysmonEvent)", "b"]);
}

#[test]
fn tel_28_rendering_information_is_passed_by() {
    let rendered = sysmon("a").replace(
        "</Event>",
        "<RenderingInfo Culture='en-US'><Message>x</Message><Channel>y</Channel></RenderingInfo></Event>",
    );
    assert_eq!(told(rendered.as_bytes()), ["a"]);
}

#[test]
fn tel_32_a_value_is_the_text_between_its_tags() {
    let line = "  a &lt;b&gt; &amp;amp; &quot;c&quot; &apos;d&apos; &#65;&#x42;\r\n<![CDATA[<e>&]]>  ";
    assert_eq!(told(sysmon(line).as_bytes()), ["  a <b> &amp; \"c\" 'd' AB\r\n<e>&  "]);
}

#[test]
fn tel_29_utf_8_and_utf_16_are_read() {
    let text = format!("{}\r\n{}", sysmon("a ä 😀 㸀"), sysmon("b"));
    let expected = ["a ä 😀 㸀", "b"];
    assert_eq!(told(text.as_bytes()), expected);
    assert_eq!(told(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), expected);
    for mark in ["", "\u{feff}"] {
        let units: Vec<u16> = mark.encode_utf16().chain(text.encode_utf16()).collect();
        assert_eq!(told(&units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>()), expected);
        assert_eq!(told(&units.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>()), expected);
    }
}

#[test]
fn tel_29_a_place_is_a_byte_of_the_file() {
    let text = format!("\u{feff}ä\r\n{}{}", sysmon("a"), event("x", ""));
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = 2 * text[..text.rfind("<Event ").unwrap()].encode_utf16().count();
    assert_eq!(
        told(&units),
        ["a".to_owned(), format!("a.xml: byte {at}: the event here has no EventID that is a number")]
    );
}

#[test]
fn tel_30_an_event_takes_at_most_16_mib() {
    let of_length = |length: usize| {
        let with = |more: &str| event("1", &format!("<Data Name='CommandLine'>c</Data><Data>{more}</Data>"));
        with(&"x".repeat(length - with("").len()))
    };
    assert_eq!(told(of_length(LARGEST_EVENT).as_bytes()), ["c"]);
    let document = sysmon("a") + &of_length(LARGEST_EVENT + 1) + &sysmon("b");
    let at = sysmon("a").len();
    let fault = format!("a.xml: byte {at}: the event here is larger than 16 MiB");
    assert_eq!(told(document.as_bytes()), ["a", &fault, "b"]);
}

#[test]
fn tel_30_many_small_elements_are_bounded_too() {
    let document = event("1", &"<Data/>".repeat(LARGEST_EVENT / 7)) + &sysmon("b");
    assert_eq!(told(document.as_bytes()), ["a.xml: byte 0: the event here is larger than 16 MiB", "b"]);
}

#[test]
fn tel_30_elements_nest_at_most_64_deep() {
    let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    let document =
        event("3", &nested(62)) + &event("3", &nested(63)) + &event("3", &nested(100_000)) + &sysmon("b");
    let told = told(document.as_bytes());
    assert_eq!([&told[0], &told[3]], ["Skipped(OtherSysmonEvent)", "b"]);
    assert!(told[1].ends_with("the event here nests deeper than 64 elements"), "{told:?}");
    assert!(told[2].ends_with("the event here nests deeper than 64 elements"), "{told:?}");
}

#[test]
fn tel_30_no_entity_is_expanded_but_the_five() {
    let document = format!("<!DOCTYPE Events [<!ENTITY a \"aaaa\">]>{}{}", sysmon("&a;"), sysmon("b"));
    let at = document.find("<Event ").unwrap();
    assert_eq!(
        told(document.as_bytes()),
        [&format!("a.xml: byte {at}: the event here has the unknown reference &a;"), "b"]
    );
    let document = sysmon("a").replace("<System>", "<!DOCTYPE x><System>");
    assert_eq!(told(document.as_bytes()), ["a.xml: byte 0: the event here declares a document type"]);
}

#[test]
fn tel_31_what_is_broken_costs_itself_only() {
    let (good, end) = (sysmon("good"), "the event here");
    for (broken, what) in [
        (sysmon("x").replace("</Event>", ""), "has no end before the next one starts"),
        (sysmon("x").replace("</System>", "</Sys>"), "is malformed: "),
        (sysmon("x").replace("Name='CommandLine'", "Name='Comm"), ""),
        (sysmon("&#0;"), "has the unknown reference &#0;"),
        (sysmon("x").replace("<EventID>1</EventID>", ""), "has no EventID that is a number"),
    ] {
        let document = format!("{good}{broken}{good}");
        let told = told(document.as_bytes());
        assert_eq!((told.len(), &*told[0], &*told[2]), (3, "good", "good"), "{told:?}");
        assert!(told[1].starts_with(&format!("a.xml: byte {}: {end} {what}", good.len())), "{told:?}");
    }
}

#[test]
fn tel_31_bad_utf_8_is_placed_at_its_byte() {
    let (good, bad) = (sysmon("a"), sysmon("x\u{1}y"));
    let at = good.len() + bad.find('\u{1}').unwrap();
    let mut document = format!("{good}{bad}{good}").into_bytes();
    document[at] = 0xff;
    assert_eq!(told(&document), ["a", &format!("a.xml: byte {at}: the event here is not UTF-8"), "a"]);
}

#[test]
fn tel_31_no_event_at_all_is_a_fault() {
    assert_eq!(told(b"<?xml version='1.0'?><html></html>"), ["a.xml: there is no <Event> in it"]);
    let stray = format!("</Event>{}", sysmon("a"));
    assert_eq!(told(stray.as_bytes()), ["a.xml: byte 0: an event ends here that did not start", "a"]);
}

#[test]
fn tel_31_a_document_cut_off_anywhere_keeps_the_events_before() {
    let document = sysmon("a") + &sysmon("b");
    let first = sysmon("a").len();
    for end in 0..document.len() {
        let told = told(&document.as_bytes()[..end]);
        assert!(end < first || told[0] == "a", "{end}: {told:?}");
        assert!(end == first || told.last().unwrap().starts_with("a.xml"), "{end}: {told:?}");
    }
}
