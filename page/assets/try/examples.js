// What the page shows at first, and examples to load.

const raw = String.raw;

const EVENT = {
  Timestamp: '2026-01-02T03:04:05Z',
  DeviceName: 'ws07.corp.example',
  FileName: 'bitsadmin.exe',
  FolderPath: raw`C:\Windows\System32\bitsadmin.exe`,
  ProcessVersionInfoOriginalFileName: 'bitsadmin.exe',
  ProcessId: 4400,
  ProcessCommandLine: raw`bitsadmin /transfer update /priority normal https://downloads.example.com/tool.bin "C:\Users\alice\my tool.bin"`,
  InitiatingProcessAccountName: 'alice',
};

const event = (changes) => JSON.stringify({ ...EVENT, ...changes }, null, 2);

export const COMMAND_LINES = {
  'a quoted path, and quotes in an argument': raw`"C:\Program Files\tool.exe" /say "he said \"no\"" C:\logs\\ ""`,
  'bitsadmin uploads a file': raw`bitsadmin /transfer j /upload http://192.0.2.10/in "C:\My Documents\report.zip"`,
  'a path that ends in a backslash eats the next argument': raw`tool.exe "C:\data\" /force`,
  'three quotes in a row': raw`tool.exe "a"""b c" d`,
  'a quote within the program name': raw`C:\to"ols\x.exe a`,
  'only a blank': ' ',
};

export const LOOKUPS = {
  'a switch at the start of a longer word': { op: 'has', has: 'bitsadmin /transfers a; see/Transfer and x/TRANSFER.', lookup: '/Transfer' },
  'a term after an underscore': { op: 'has', has: 'backup_admin logged in', lookup: 'admin' },
  'one of several switches': { op: 'has_any', has: 'bitsadmin /addfile j http://192.0.2.10/a b', lookup: '/Transfer\n/AddFile\n/AddFileSet' },
  'the start of a term': { op: 'hasprefix', has: 'bitsadmin and admin', lookup: 'admin' },
  'case beyond ASCII': { op: '=~', has: 'CAFÉ.EXE', lookup: 'café.exe' },
};

export const EVENTS = {
  'a download': { event: event({}), absent: '' },
  'an upload by a renamed copy': {
    event: event({
      FileName: 'svc.exe', FolderPath: raw`C:\Temp\svc.exe`,
      ProcessCommandLine: raw`svc.exe /transfer j /upload http://192.0.2.10/in C:\report.zip`,
    }),
    absent: '',
  },
  'the same where the original file name is not recorded': {
    event: JSON.stringify({
      DeviceName: 'ws07.corp.example', FileName: 'svc.exe',
      ProcessCommandLine: raw`svc.exe /transfer j /upload http://192.0.2.10/in C:\report.zip`,
    }, null, 2),
    absent: 'ProcessVersionInfoOriginalFileName',
  },
  'a switch that only begins like one of the list': {
    event: event({ ProcessCommandLine: 'bitsadmin /transferred list' }), absent: '',
  },
  'an empty event': { event: '{}', absent: '' },
};

/** Changes to the original rule. */
export const RULES = {
  'the original': (original) => original,
  'contains in place of has': (original) => original.replace('ProcessCommandLine has "/Upload"', 'ProcessCommandLine contains "/Upload"'),
  'without one of the switches': (original) => original.replace(', "/AddFileSet"', ''),
  'a column name with a mistake': (original) => original.replace('FileName =~', 'Filename =~'),
};

/** The state at first. */
export const START = {
  tool: 'cmd',
  cmd: Object.values(COMMAND_LINES)[0],
  ...Object.values(LOOKUPS)[0],
  ...Object.values(EVENTS)[0],
  columns: '',
};
