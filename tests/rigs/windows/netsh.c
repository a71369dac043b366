// Owns a stand-in for netsh: it notes the words it was called with, a line of UTF-8 each, with tabs between them, and ends with 0;
// where a file says that it shall refuse, the first word is "refused", and it ends with 1. wine's own does nothing, and says that it did.
#include <windows.h>
#include <shellapi.h>

int main(void) {
    static wchar_t line[32768];
    static char said[4 * 32768];
    DWORD written;
    int count;
    wchar_t **words = CommandLineToArgvW(GetCommandLineW(), &count);
    int refuses = GetFileAttributesW(L"C:\\windows\\netsh.refuses") != INVALID_FILE_ATTRIBUTES;
    if (refuses) lstrcatW(line, L"refused\t");
    for (int i = 1; i < count; i++) {
        lstrcatW(line, words[i]);
        lstrcatW(line, i + 1 < count ? L"\t" : L"\n");
    }
    int length = WideCharToMultiByte(CP_UTF8, 0, line, -1, said, sizeof said, 0, 0) - 1;
    HANDLE file = CreateFileW(L"C:\\windows\\netsh.txt", FILE_APPEND_DATA, FILE_SHARE_READ, 0, OPEN_ALWAYS, 0, 0);
    if (file == INVALID_HANDLE_VALUE || !WriteFile(file, said, length, &written, 0)) return 2;
    return refuses;
}
