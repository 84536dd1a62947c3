//! The data of the benchmarks, generated from a seed. `benches/data/README.md` says how
//! realistic it is.

/// A pseudorandom number generator (SplitMix64).
pub struct Numbers(u64);

impl Numbers {
    /// A generator that always starts with the same seed.
    pub fn seeded() -> Self {
        Self(0x5eed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `count` - 1.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn one_of(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len())]
    }

    fn hexadecimal(&mut self, digits: usize) -> String {
        format!("{:016x}", self.next())[16 - digits..].to_owned()
    }

    fn user(&mut self) -> String {
        format!("{}{}", self.one_of(&["alice", "bob", "svc_", "j.doe", "admin"]), self.below(90))
    }

    fn folder(&mut self) -> String {
        match self.below(4) {
            0 => format!(r"C:\Users\{}\AppData\Local\Temp\{}", self.user(), self.hexadecimal(8)),
            1 => format!(r"C:\Users\{}\Downloads", self.user()),
            2 => r"C:\Windows\Temp".to_owned(),
            _ => format!(r"C:\ProgramData\Update {}\bin", self.below(9)),
        }
    }

    fn file(&mut self) -> String {
        let name = self.one_of(&["setup", "update", "report", "agent", "calc", "notes"]);
        format!("{name}{}.{}", self.below(100), self.one_of(&["exe", "dll", "txt", "zip", "ps1"]))
    }

    /// A path, in quotes if it has a space, and sometimes if it has none.
    fn path(&mut self) -> String {
        let path = format!(r"{}\{}", self.folder(), self.file());
        if path.contains(' ') || self.below(4) == 0 { format!("\"{path}\"") } else { path }
    }

    fn url(&mut self) -> String {
        let host =
            self.one_of(&["downloads.example.com", "cdn.example.net", "192.0.2.17", "files.corp.example"]);
        let folder = self.one_of(&["team/raw/main", "releases/download/v2.1", "in", "assets/img"]);
        format!("https://{host}/{folder}/{}/{}", self.hexadecimal(6), self.file())
    }
}

/// Command lines as recorded on Windows machines, none of which the rule selects:
/// services, browsers, shells, installers, and bitsadmin without a transfer.
pub fn real_lines(count: usize) -> Vec<String> {
    let mut numbers = Numbers::seeded();
    (0..count).map(|_| real_line(&mut numbers)).collect()
}

fn real_line(n: &mut Numbers) -> String {
    match n.below(10) {
        0 | 1 => format!(
            r"C:\Windows\system32\svchost.exe -k {} -p -s {}",
            n.one_of(&["netsvcs", "LocalService", "UnistackSvcGroup"]),
            n.one_of(&["BITS", "Schedule", "wuauserv"])
        ),
        2 | 3 => format!(
            r#""C:\Program Files\Browser\Application\browser.exe" --type={} --field-trial-handle={},i,{},{},262144 --lang=en-US --device-scale-factor=1 --renderer-client-id={} --mojo-platform-channel-handle={} /prefetch:{}"#,
            n.one_of(&["renderer", "utility", "gpu-process"]),
            n.below(9000),
            n.next(),
            n.next(),
            n.below(90),
            n.below(9000),
            n.below(9)
        ),
        4 => format!(r"powershell.exe -NoProfile -ExecutionPolicy Bypass -File {}", n.path()),
        5 => format!(
            r#""C:\Windows\system32\cmd.exe" /c "{} {} > {} 2>&1""#,
            n.one_of(&["type", "whoami /all &", "copy"]),
            n.file(),
            n.file()
        ),
        6 => format!(
            r"bitsadmin.exe  /{} {}",
            n.one_of(&["create", "complete", "resume", "list", "monitor", "info"]),
            n.user()
        ),
        7 => {
            format!(r"bitsadmin /setnotifycmdline {} C:\Windows\system32\notepad.exe {}", n.user(), n.path())
        }
        8 => format!(r"msiexec.exe /i {} /qn /norestart REBOOT=ReallySuppress", n.path()),
        _ => format!(r"curl.exe -sS -o {} {}", n.path(), n.url()),
    }
}

/// Command lines of bitsadmin that transfer a file. The rule selects them.
pub fn matching_lines(count: usize) -> Vec<String> {
    let mut n = Numbers::seeded();
    let line = |_| match n.below(4) {
        0 => format!(
            "bitsadmin.exe   /transfer {} /Download /priority Foreground {} {}",
            n.user(),
            n.url(),
            n.path()
        ),
        1 => format!("bitsadmin  /addfile {} {} {}", n.user(), n.url(), n.path()),
        2 => format!("bitsadmin /TRANSFER \"{}\" /UPLOAD {} {}", n.user(), n.url(), n.path()),
        _ => format!(
            "\"C:\\Windows\\system32\\cmd.exe\" /c \"bitsadmin.exe /addfile {} {} {}\"",
            n.user(),
            n.url(),
            n.folder()
        ),
    };
    (0..count).map(line).collect()
}

/// Lines of about 4 KiB, mostly in quotes: a list of files passed to a tool.
pub fn long_quoted_lines(count: usize) -> Vec<String> {
    let mut n = Numbers::seeded();
    let line = |_| {
        let mut line = String::from("\"C:\\Program Files\\Archiver\\archiver.exe\" a -r");
        while line.len() < 4000 {
            line += &format!(r#" "{}\{}\Folder With Spaces\{}""#, n.folder(), n.user(), n.file());
        }
        line
    };
    (0..count).map(line).collect()
}

/// Lines that are slow to tokenise, of about this many bytes each, with their names.
pub fn adversarial_lines(bytes: usize) -> Vec<(&'static str, String)> {
    let fill = |unit: &str| format!("x {}", unit.repeat(bytes / unit.len()));
    vec![
        ("quotes", fill("\"")),
        ("backslashes", fill("\\")),
        ("escaped-quotes", fill("\\\"")),
        ("pairs-of-backslashes-and-a-quote", fill("\\\\\"")),
        ("empty-arguments", fill("\"\" ")),
        ("one-letter-arguments", fill("a ")),
        ("blanks", fill(" \t")),
        ("quotes-inside-words", fill("a\"b\"")),
    ]
}

/// Texts without a term of the rule, but full of almost-matches, with their names.
pub fn near_misses(bytes: usize) -> Vec<(&'static str, String)> {
    let fill = |unit: &str| unit.repeat(bytes / unit.len());
    vec![
        ("slashes", fill("/")),
        ("first-letters", fill("/a/t")),
        ("longer-terms", fill("/addfiles ")),
        ("all-but-the-last-letter", fill("/AddFileWithRange ")),
    ]
}
