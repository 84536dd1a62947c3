/* The helper of .ci/windows: an engine that misbehaves, and a sender of Ctrl-C.
 *
 *   child.exe FAULT MARK
 *       Speaks protocol 1 and answers every call with true, with the fault that the word
 *       names; see `answer`. While it runs, or a process that it has started, the file MARK
 *       grows. A Ctrl-C that it receives adds the letter C.
 *   child.exe ctrl-c | ctrl-break | kill    SECONDS PROGRAM ARGUMENT...
 *       Runs a program in a console of its own, and after SECONDS sends it Ctrl-C or
 *       Ctrl-Break, or kills it. Exits with its exit code.
 *   child.exe tick MARK
 *       Makes MARK grow for a minute.
 */
#include <windows.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static wchar_t *mark;
static HANDLE handles[3];

static void add_to_mark(char c)
{
    FILE *file = _wfopen(mark, L"ab");
    if (file) {
        fputc(c, file);
        fclose(file);
    }
}

static DWORD WINAPI tick(void *unused)
{
    int i;
    for (i = 0; i < 600; i++) {
        add_to_mark('.');
        Sleep(100);
    }
    return 0;
}

static BOOL WINAPI note_event(DWORD event)
{
    add_to_mark('C');
    return TRUE;
}

static DWORD WINAPI flood_error(void *unused)
{
    while (fputs("noise noise noise\n", stderr) >= 0)
        ;
    return 0;
}

/* Starts a program with the standard handles of this one. */
static PROCESS_INFORMATION start(wchar_t *line, DWORD flags)
{
    STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process = {0};
    startup.hStdInput = handles[0];
    startup.hStdOutput = handles[1];
    startup.hStdError = handles[2];
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, flags, NULL, NULL, &startup, &process)) {
        fprintf(stderr, "child.exe: cannot start %ls: error %lu\n", line, GetLastError());
        exit(99);
    }
    return process;
}

static long length_of_mark(void)
{
    FILE *file = _wfopen(mark, L"rb");
    long length = 0;
    if (file) {
        fseek(file, 0, SEEK_END);
        length = ftell(file);
        fclose(file);
    }
    return length;
}

/* Starts a process that outlives this one and keeps its pipes, and waits until it runs. */
static void start_grandchild(void)
{
    wchar_t program[MAX_PATH], line[4 * MAX_PATH];
    long length = length_of_mark();
    GetModuleFileNameW(NULL, program, MAX_PATH);
    _snwprintf(line, 4 * MAX_PATH, L"\"%ls\" tick \"%ls\"", program, mark);
    start(line, 0);
    while (length_of_mark() < length + 3)
        Sleep(10);
}

static int answer(const wchar_t *fault)
{
    static char line[1 << 22];
    if (!wcscmp(fault, L"hangs-at-start"))
        Sleep(INFINITE);
    if (!wcsncmp(fault, L"grandchild", 10))
        start_grandchild();
    if (!wcscmp(fault, L"floods-error"))
        CreateThread(NULL, 0, flood_error, NULL, 0, NULL);
    while (fgets(line, sizeof line, stdin)) {
        unsigned long long id;
        if (sscanf(line, "{\"id\":%llu", &id) != 1) {
            puts("{\"engine\":\"child\",\"version\":\"1\"}");
        } else if (!wcscmp(fault, L"crashes") || !wcscmp(fault, L"grandchild-crashes")) {
            ExitProcess(7);
        } else if (!wcscmp(fault, L"hangs") || !wcscmp(fault, L"grandchild-hangs")) {
            Sleep(INFINITE);
        } else if (!wcscmp(fault, L"floods-output")) {
            for (;;)
                fputs("xxxxxxxxxxxxxxxx", stdout);
        } else if (!wcscmp(fault, L"floods-lines")) {
            for (;;)
                fputs("noise\n", stdout);
        } else {
            printf("{\"id\":%llu,\"ok\":true}\n", id);
        }
        fflush(stdout);
    }
    if (!wcscmp(fault, L"ignores-end"))
        Sleep(INFINITE);
    return 0;
}

/* Runs the rest of the command line, and sends an event after some seconds. */
static int interrupt(const wchar_t *event, double seconds, wchar_t *line)
{
    DWORD code = 98;
    PROCESS_INFORMATION process;
    FreeConsole();
    if (!AllocConsole()) {
        fprintf(stderr, "child.exe: no console: error %lu\n", GetLastError());
        return 97;
    }
    process = start(line, 0);
    if (WaitForSingleObject(process.hProcess, (DWORD)(seconds * 1000)) == WAIT_TIMEOUT) {
        if (!wcscmp(event, L"kill")) {
            TerminateProcess(process.hProcess, 137);
        } else {
            /* The event is for every process of the console, and this one ignores it. */
            SetConsoleCtrlHandler(NULL, TRUE);
            if (!GenerateConsoleCtrlEvent(wcscmp(event, L"ctrl-c") ? CTRL_BREAK_EVENT : CTRL_C_EVENT, 0))
                fprintf(stderr, "child.exe: cannot send the event: error %lu\n", GetLastError());
        }
        fprintf(stderr, "child.exe: the event has been sent\n");
    } else {
        fprintf(stderr, "child.exe: the program ended before the event\n");
    }
    if (WaitForSingleObject(process.hProcess, 20000) == WAIT_TIMEOUT)
        fprintf(stderr, "child.exe: the program still runs 20 seconds after the event\n");
    else
        GetExitCodeProcess(process.hProcess, &code);
    return code;
}

/* The command line after this many arguments, unchanged. */
static wchar_t *rest_of_line(int arguments)
{
    wchar_t *line = GetCommandLineW();
    int quoted = 0;
    for (; *line && arguments; line++) {
        if (*line == L'"')
            quoted = !quoted;
        if (*line == L' ' && !quoted && line[1] != L' ')
            arguments--;
    }
    return line;
}

int main(void)
{
    int count;
    wchar_t **words = CommandLineToArgvW(GetCommandLineW(), &count);
    /* A new console replaces them. */
    handles[0] = GetStdHandle(STD_INPUT_HANDLE);
    handles[1] = GetStdHandle(STD_OUTPUT_HANDLE);
    handles[2] = GetStdHandle(STD_ERROR_HANDLE);
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    if (count >= 4 && (!wcscmp(words[1], L"ctrl-c") || !wcscmp(words[1], L"ctrl-break") || !wcscmp(words[1], L"kill")))
        return interrupt(words[1], wcstod(words[2], NULL), rest_of_line(3));
    if (count != 3)
        return 2;
    mark = words[2];
    SetConsoleCtrlHandler(note_event, TRUE);
    if (!wcscmp(words[1], L"tick"))
        return tick(NULL);
    if (wcsncmp(words[1], L"grandchild", 10))
        CreateThread(NULL, 0, tick, NULL, 0, NULL);
    return answer(words[1]);
}
