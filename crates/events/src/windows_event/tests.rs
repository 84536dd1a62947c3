use super::sample::item;
use super::*;

fn event(provider: &str, channel: &str, event_id: u32) -> WindowsEvent {
    let (provider, channel) = (provider.to_owned(), channel.to_owned());
    WindowsEvent { provider, channel, event_id, ..WindowsEvent::default() }
}

fn is_filtered(item: &Item, source: Source) -> bool {
    matches!(item, Item::Filtered(filtered) if filtered.source == source)
}

#[test]
fn tel_01_an_event_is_classified_by_its_provider_or_else_its_channel() {
    let (sysmon, security) = ("Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing");
    assert_eq!(classify(sysmon, "ForwardedEvents", 1), Ok(Source::Sysmon));
    assert_eq!(classify("", "Microsoft-Windows-Sysmon/Operational", 1), Ok(Source::Sysmon));
    assert_eq!(classify(&security.to_lowercase(), "", 4688), Ok(Source::Security));
    assert_eq!(classify("", "security", 4688), Ok(Source::Security));
    assert_eq!(classify("Microsoft-Windows-Eventlog", "Security", 4688), Err(Skip::OtherProvider));
    assert_eq!(classify("", "", 1), Err(Skip::UnknownShape));
}

#[test]
fn tel_02_other_events_are_skipped_with_a_reason() {
    assert_eq!(classify("Microsoft-Windows-Sysmon", "", 4688), Err(Skip::OtherSysmonEvent));
    assert_eq!(classify("Microsoft-Windows-Security-Auditing", "", 1), Err(Skip::OtherSecurityEvent));
    let item = sample::item(&event("Microsoft-Windows-Sysmon", "", 5), |_| true);
    assert_eq!(item, Item::Skipped(Skip::OtherSysmonEvent));
}

#[test]
fn tel_03_a_rejected_event_is_counted_and_not_built() {
    let mut event = event("Microsoft-Windows-Sysmon", "", 1);
    for (name, value) in [("Image", r"C:\a.exe"), ("CommandLine", "a b"), ("OriginalFileName", "-")] {
        event.data.push((name.to_owned(), value.to_owned()));
    }
    let is = |names: Names<'_>, file_name: &str, original: Option<&str>| {
        (names.file_name, names.original_file_name, names.command_line) == (file_name, original, "a b")
    };
    let sysmon = move |names: Names<'_>| is(names, "a.exe", Some(""));
    assert!(is_filtered(&item(&event, move |names| !sysmon(names)), Source::Sysmon));
    assert!(matches!(item(&event, sysmon), Item::Event(_)));
    event.provider = "Microsoft-Windows-Security-Auditing".to_owned();
    event.event_id = 4688;
    event.data.push(("NewProcessName".to_owned(), String::new()));
    assert!(is_filtered(&item(&event, move |names| !is(names, "", None)), Source::Security));
}

#[test]
fn tel_05_a_lone_hyphen_is_no_value() {
    let data = vec![("a".to_owned(), "-".to_owned()), ("b".to_owned(), "--".to_owned())];
    let event = WindowsEvent { data, ..WindowsEvent::default() };
    assert_eq!([event.known("a"), event.known("b"), event.known("c")], ["", "--", ""]);
    assert_eq!((event.get("a"), event.get("c")), ("-", ""));
}

#[test]
fn tel_06_a_number_is_decimal_or_hexadecimal() {
    for (text, number) in
        [("12", 12), ("0x3e7", 999), (" 0X1A ", 26), ("0x7fffffffffffffff", i64::MAX), ("-1", -1)]
    {
        assert_eq!(long(text), Dynamic::Long(number), "{text}");
    }
    for text in ["", "0x", "0x-1", "0x+1", "x", "1.5", "0x8000000000000000", "9223372036854775808"] {
        assert_eq!(long(text), Dynamic::Null, "{text}");
    }
}

#[test]
fn tel_08_a_guid_is_normalized() {
    let form = "747F3D96-D6EB-5D31-0000-0010E0252500";
    assert_eq!(guid("{747f3d96-d6eb-5d31-0000-0010e0252500}"), form);
    assert_eq!(guid("747F3D96-d6eb-5d31-0000-0010e0252500"), form);
    assert_eq!(guid("{half"), "{HALF");
}

#[test]
fn tel_09_an_account_is_split_at_the_first_backslash() {
    assert_eq!(account(r"NT AUTHORITY\SYSTEM"), ("NT AUTHORITY", "SYSTEM"));
    assert_eq!(account(r"a\b\c"), ("a", r"b\c"));
    assert_eq!(account("root"), ("", "root"));
}

#[test]
fn tel_10_a_file_name_is_what_follows_the_last_backslash() {
    assert_eq!(file_name(r"C:\Windows\System32\bitsadmin.exe"), "bitsadmin.exe");
    assert_eq!([file_name("System"), file_name(r"C:\"), file_name("")], ["System", "", ""]);
}

#[test]
fn tel_23_an_invalid_report_id_is_null() {
    let record = |record_id| report_id(&WindowsEvent { record_id, ..WindowsEvent::default() });
    assert_eq!(
        [record(Some(7)), record(None), record(Some(u64::MAX))],
        [7.into(), Dynamic::Null, Dynamic::Null]
    );
}
