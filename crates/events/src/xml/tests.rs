use super::*;
use crate::testing::collect_items;
use pieces::MAX_EVENT_SIZE;

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

/// The command lines of the events, and descriptions of the other items.
fn descriptions(document: &[u8]) -> Vec<String> {
    let items =
        collect_items(&Options::default(), |options, sink| read(document, &"a.xml".into(), options, sink));
    let describe = |item: &Item| match item {
        Item::Event(event) => event.cell("ProcessCommandLine").unwrap().as_str().unwrap().to_owned(),
        Item::Fault(fault) => format!("{}: {}", fault.place, fault.what),
        Item::Filtered(_) | Item::Skipped(_) => format!("{item:?}"),
    };
    items.iter().map(describe).collect()
}

#[test]
fn tel_28_a_sequence_and_a_document_are_read() {
    let bare = format!("{}\r\n{}{}", sysmon("a"), event("3", ""), sysmon("b"));
    assert_eq!(descriptions(bare.as_bytes()), ["a", "Skipped(OtherSysmonEvent)", "b"]);
    let document = format!("<?xml version=\"1.0\"?>\n<Events>{bare}</Events>\n");
    assert_eq!(descriptions(document.as_bytes()), ["a", "Skipped(OtherSysmonEvent)", "b"]);
}

#[test]
fn tel_28_rendering_information_is_skipped() {
    let rendered = sysmon("a").replace(
        "</Event>",
        "<RenderingInfo Culture='en-US'><Message>x</Message><Channel>y</Channel></RenderingInfo></Event>",
    );
    assert_eq!(descriptions(rendered.as_bytes()), ["a"]);
}

#[test]
fn tel_32_a_value_is_the_text_between_its_tags() {
    let line = "  a &lt;b&gt; &amp;amp; &quot;c&quot; &apos;d&apos; &#65;&#x42;\r\n<![CDATA[<e>&]]>  ";
    assert_eq!(descriptions(sysmon(line).as_bytes()), ["  a <b> &amp; \"c\" 'd' AB\r\n<e>&  "]);
}

#[test]
fn tel_29_utf_8_and_utf_16_are_read() {
    let text = format!("{}\r\n{}", sysmon("a ä 😀 㸀"), sysmon("b"));
    let expected = ["a ä 😀 㸀", "b"];
    assert_eq!(descriptions(text.as_bytes()), expected);
    assert_eq!(descriptions(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), expected);
    for mark in ["", "\u{feff}"] {
        let units: Vec<u16> = mark.encode_utf16().chain(text.encode_utf16()).collect();
        assert_eq!(
            descriptions(&units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>()),
            expected
        );
        assert_eq!(
            descriptions(&units.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>()),
            expected
        );
    }
}

#[test]
fn tel_29_a_place_is_a_byte_offset_in_the_file() {
    let text = format!("\u{feff}\r\n<!-- ä -->{}ä{}", sysmon("a"), event("x", ""));
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = 2 * text[..text.rfind("<Event ").unwrap()].encode_utf16().count();
    let text_at = at - 2;
    assert_eq!(
        descriptions(&units),
        [
            "a",
            &format!("a.xml: byte {text_at}: there is text here outside of any event"),
            &format!("a.xml: byte {at}: the event here has no EventID that is a number"),
        ]
    );
}

#[test]
fn tel_30_an_event_takes_at_most_16_mib() {
    let of_length = |length: usize| {
        let with = |more: &str| {
            event("1", &format!("<Data Name='Image'/><Data Name='CommandLine'>c</Data><Data>{more}</Data>"))
        };
        with(&"x".repeat(length - with("").len()))
    };
    assert_eq!(descriptions(of_length(MAX_EVENT_SIZE).as_bytes()), ["c"]);
    let document = sysmon("a") + &of_length(MAX_EVENT_SIZE + 1) + &sysmon("b");
    let at = sysmon("a").len();
    let fault = format!("a.xml: byte {at}: the event here is larger than 16 MiB");
    assert_eq!(descriptions(document.as_bytes()), ["a", &fault, "b"]);
}

#[test]
fn tel_30_the_size_limit_counts_many_small_elements() {
    let document = event("1", &"<Data/>".repeat(MAX_EVENT_SIZE / 7)) + &sysmon("b");
    assert_eq!(
        descriptions(document.as_bytes()),
        ["a.xml: byte 0: the event here is larger than 16 MiB", "b"]
    );
}

#[test]
fn tel_30_elements_nest_at_most_64_deep() {
    let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    let document =
        event("3", &nested(62)) + &event("3", &nested(63)) + &event("3", &nested(100_000)) + &sysmon("b");
    let found = descriptions(document.as_bytes());
    assert_eq!([&found[0], &found[3]], ["Skipped(OtherSysmonEvent)", "b"]);
    assert!(found[1].ends_with("the event here nests deeper than 64 elements"), "{found:?}");
    assert!(found[2].ends_with("the event here nests deeper than 64 elements"), "{found:?}");
}

#[test]
fn tel_30_only_the_five_entities_of_xml_are_expanded() {
    let document = format!("<!DOCTYPE Events [<!ENTITY a \"aaaa\">]>{}{}", sysmon("&a;"), sysmon("b"));
    let at = document.find("<Event ").unwrap();
    assert_eq!(
        descriptions(document.as_bytes()),
        [&format!("a.xml: byte {at}: the event here has the unknown reference &a;"), "b"]
    );
    let document = sysmon("a").replace("<System>", "<!DOCTYPE x><System>");
    assert_eq!(descriptions(document.as_bytes()), ["a.xml: byte 0: the event here declares a document type"]);
}

#[test]
fn tel_31_a_malformed_event_does_not_affect_others() {
    let (good, end) = (sysmon("good"), "the event here");
    for (malformed, what) in [
        (sysmon("x").replace("</Event>", ""), "has no end before the next one starts"),
        (sysmon("x").replace("</System>", "</Sys>"), "is malformed: "),
        (sysmon("x").replace("Name='CommandLine'", "Name='Comm"), ""),
        (sysmon("&#0;"), "has the unknown reference &#0;"),
        (sysmon("x").replace("<EventID>1</EventID>", ""), "has no EventID that is a number"),
    ] {
        let document = format!("{good}{malformed}{good}");
        let found = descriptions(document.as_bytes());
        assert_eq!((found.len(), &*found[0], &*found[2]), (3, "good", "good"), "{found:?}");
        assert!(found[1].starts_with(&format!("a.xml: byte {}: {end} {what}", good.len())), "{found:?}");
    }
}

#[test]
fn tel_31_invalid_utf_8_is_reported_at_its_byte() {
    let (good, bad) = (sysmon("a"), sysmon("x\u{1}y"));
    let at = good.len() + bad.find('\u{1}').unwrap();
    let mut document = format!("{good}{bad}{good}").into_bytes();
    document[at] = 0xff;
    assert_eq!(
        descriptions(&document),
        ["a", &format!("a.xml: byte {at}: the event here is not UTF-8"), "a"]
    );
}

#[test]
fn tel_31_a_file_without_events_is_a_fault() {
    assert_eq!(
        descriptions(b"<?xml version='1.0'?><html></html>"),
        ["a.xml: there is no <Event> in it, only <html>"]
    );
    let items = collect_items(&Options::default(), |options, sink| {
        read(&b"<project/>"[..], &"pom.xml".into(), options, sink)
    });
    let [Item::Fault(fault)] = &items[..] else { panic!("{items:?}") };
    assert_eq!(fault.kind, FaultKind::NotTelemetry("an XML document without events"));
    let stray = format!("</Event>{}", sysmon("a"));
    assert_eq!(descriptions(stray.as_bytes()), ["a.xml: byte 0: an event ends here that never started", "a"]);
}

#[test]
fn tel_31_a_truncated_document_keeps_the_events_before() {
    let document = sysmon("a") + &sysmon("b");
    let first = sysmon("a").len();
    for end in 0..document.len() {
        let found = descriptions(&document.as_bytes()[..end]);
        assert!(end < first || found[0] == "a", "{end}: {found:?}");
        assert!(end == first || found.last().unwrap().starts_with("a.xml"), "{end}: {found:?}");
    }
}

#[test]
fn tel_28_an_event_may_be_in_a_namespace_with_a_prefix() {
    let prefixed = sysmon("a").replace("</", "</e:").replace('<', "<e:").replace("<e:/e:", "</e:");
    let prefixed = prefixed.replace("xmlns=", "xmlns:e=");
    assert!(prefixed.starts_with("<e:Event xmlns:e='http:") && prefixed.ends_with("</e:Event>"));
    let document = format!("<e:Events>{prefixed}{prefixed}</e:Events>");
    assert_eq!(descriptions(document.as_bytes()), ["a", "a"]);
}

#[test]
fn tel_105_elements_around_events_and_lines_of_tools_are_skipped() {
    let a = sysmon("a");
    for (before, after) in [
        (
            "<?xml version='1.0'?><!DOCTYPE Events [<!ENTITY a \"b\">]><!-- c --><Events><x y='z'>",
            "</x></Events>",
        ),
        ("Record 1\r\n<?xml version='1.0'?>\r\n", "\r\n\r\nRecord 2\r\n"),
        ("<14>Nov 24 18:20:55 ws31 app: ", "\n<14>1 - - - - - - "),
        ("\u{feff}", "\n\u{feff}"),
        ("<x><![CDATA[", "]]></x>"),
    ] {
        let document = format!("{before}{a}{after}{a}");
        assert_eq!(descriptions(document.as_bytes()), ["a", "a"], "{before}");
    }
}

#[test]
fn tel_105_what_is_no_event_is_told_once_for_each_place() {
    let a = sysmon("a");
    let damaged = a.replace("<Event ", "<Evnt ").replace("</Event>", "</Evnt>");
    for (between, what) in [
        (&*damaged, "there is <Evnt> here outside of any event"),
        ("<a/><b><c>d</c></b>", "there is <a>, <b> here outside of any event"),
        ("<a/><a/><a/><a/><a/><a/>", "there is <a>, <a>, <a>, <a>, <a> and 1 more here outside of any event"),
        ("<a>text</a>", "there is <a> here outside of any event"),
        (&a.replace("<Event ", "<Event"), "an event ends here that never started"),
        ("< Event> </ Event>", "there is text here outside of any event"),
        ("<14>Nov 24 18:20:55 ws31 app: up\n", "there is text here outside of any event"),
        ("&lt;Event&gt;", "there is text here outside of any event"),
    ] {
        let found = descriptions(format!("{a}\n{between}\n{a}").as_bytes());
        let fault = format!("a.xml: byte {}: {what}", a.len() + 1);
        assert_eq!(found, ["a", &fault, "a"], "{between}");
        let found = descriptions(format!("{a}\n{between}").as_bytes());
        assert_eq!(found, ["a", &fault], "{between}");
    }
    let document = format!("<Events><id>1</id>{a}</Events>");
    assert_eq!(
        descriptions(document.as_bytes())[0],
        "a.xml: byte 0: there is <id> here outside of any event"
    );
}

#[test]
fn tel_105_events_in_a_comment_are_counted() {
    let a = sysmon("a");
    let what = "events in the comment here, which are not read: 2";
    let document = format!("{a}\n<!-- {a}\n{a} -->{a}<!-- <b> -->");
    assert_eq!(
        descriptions(document.as_bytes()),
        ["a", &format!("a.xml: byte {}: {what}", a.len() + 1), "a"]
    );
    let document = format!("{a}<!-- {a}");
    let what = "the comment here has no end; events in it, which are not read: 1";
    assert_eq!(descriptions(document.as_bytes()), ["a", &format!("a.xml: byte {}: {what}", a.len())]);
}

#[test]
fn tel_105_a_document_that_ends_early_is_told() {
    let document = format!("<Events>{}", sysmon("a"));
    let fault = format!("a.xml: byte {}: the file ends before </Events>", document.len());
    assert_eq!(descriptions(document.as_bytes()), ["a", &fault]);
}

#[test]
fn tel_31_a_file_without_events_names_its_elements() {
    assert_eq!(descriptions(b"<a><b/></a><c>"), ["a.xml: there is no <Event> in it, only <a>, <c>"]);
    assert_eq!(descriptions(b"<?xml?><!-- a -->"), ["a.xml: there is no <Event> in it"]);
}
