// Owns running a command as somebody who is no administrator: usage: as_nobody.exe COMMAND...; its exit code.
#include <windows.h>

int main(void) {
    wchar_t *command = GetCommandLineW();
    while (*command && *command != ' ') command++;  // its own name has no space
    while (*command == ' ') command++;

    BYTE administrators[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof administrators, code = 0;
    HANDLE mine, token;
    SID_AND_ATTRIBUTES denied = {administrators, 0};
    STARTUPINFOW startup = {sizeof startup};
    PROCESS_INFORMATION process;
    if (!CreateWellKnownSid(WinBuiltinAdministratorsSid, 0, administrators, &size)) return 101;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &mine)) return 102;
    if (!CreateRestrictedToken(mine, 0, 1, &denied, 0, 0, 0, 0, &token)) return 103;
    if (!CreateProcessAsUserW(token, 0, command, 0, 0, TRUE, 0, 0, 0, &startup, &process)) return 104;
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    return code;
}
