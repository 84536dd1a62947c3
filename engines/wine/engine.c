/* Protocol 1 for one function: CommandLineToArgvW, as Wine's shell32 has it.
 * Reads a frame a call on stdin (4 bytes of length, UTF-16LE) and writes one back:
 * how many arguments, then each with its length. engine.py speaks the protocol. */
#include <windows.h>
#include <shellapi.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    unsigned bytes;
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    while (fread(&bytes, sizeof bytes, 1, stdin) == 1) {
        WCHAR *line = calloc(bytes / 2 + 1, 2);
        int count = 0, i;
        if (!line || fread(line, 1, bytes, stdin) != bytes)
            return 1;
        WCHAR **arguments = CommandLineToArgvW(line, &count);
        fwrite(&count, sizeof count, 1, stdout);
        for (i = 0; i < count; i++) {
            unsigned length = lstrlenW(arguments[i]) * 2;
            fwrite(&length, sizeof length, 1, stdout);
            fwrite(arguments[i], 1, length, stdout);
        }
        fflush(stdout);
        LocalFree(arguments);
        free(line);
    }
    return 0;
}
