; Owns the program's folder in the person's PATH, by which a terminal finds the command: a wish, and taken back
; when Bascule goes. The value Path below UNINSTALL is the folder that was added; what was in PATH before is not ours.
;
; PATH may be longer than a text of NSIS (1023 characters), which would cut it off. So it is never in a variable:
; it stays in memory of Windows, where folders are added to it and taken out.

!define LONGEST_PATH 30000 ; characters; Windows takes 32767 with what is the computer's

!macro PATHS un
; Looks for the folder $R0 in PATH, and then does what $R1 says: "add", "remove" or nothing. $R2: whether it is in it
; then (1 or 0). Where PATH cannot be read or written, or is no text, nothing is changed.
Function ${un}ChangePath
  StrCpy $R2 0
  ; HKEY_CURRENT_USER, KEY_QUERY_VALUE and KEY_SET_VALUE
  System::Call 'advapi32::RegOpenKeyExW(p 0x80000001, w "Environment", i 0, i 3, *p .R9) i .R3'
  ${If} $R3 != 0
    Return
  ${EndIf}
  System::Call 'advapi32::RegQueryValueExW(p R9, w "Path", p 0, *i .R8, p 0, *i 0 R7) i .R3'
  ${If} $R3 == 2 ; it is not there: REG_EXPAND_SZ, as Windows makes it
    StrCpy $R3 0
    StrCpy $R7 0
    StrCpy $R8 2
  ${EndIf}
  ${If} $R8 != 1 ; REG_SZ
  ${AndIf} $R8 != 2
    StrCpy $R3 1
  ${EndIf}
  ${If} $R3 == 0
    ; A semicolon, PATH, a semicolon, the folder, and zeros; $R5 is where PATH begins.
    IntOp $R6 $R7 + 4096
    System::Alloc $R6
    Pop $R6
    System::Call '*$R6(&i2 59)'
    IntPtrOp $R5 $R6 + 2
    ${If} $R7 != 0
      System::Call 'advapi32::RegQueryValueExW(p R9, w "Path", p 0, p 0, p R5, *i R7) i .R3'
    ${EndIf}
    ${If} $R3 == 0
      System::Call 'kernel32::lstrcatW(p R6, w ";")'
      System::Call 'shlwapi::StrStrIW(p R6, w ";$R0;") p .R4'
      ${If} $R4 != 0
        StrCpy $R2 1
      ${EndIf}
      System::Call 'kernel32::lstrlenW(p R6) i .R3'
      ${If} $R1 == "add"
      ${AndIf} $R2 == 0
      ${AndIf} $R3 <= ${LONGEST_PATH}
        ${If} $R3 == 2 ; the two semicolons
          IntPtrOp $R5 $R6 + 4
        ${EndIf}
        System::Call 'kernel32::lstrcatW(p R6, w "$R0")'
        Call ${un}WritePath
        ${If} $R3 == 0
          StrCpy $R2 1
        ${EndIf}
      ${ElseIf} $R1 == "remove"
      ${AndIf} $R2 == 1
        StrLen $R3 ";$R0"
        IntOp $R3 $R3 * 2
        IntPtrOp $R3 $R4 + $R3
        System::Call 'kernel32::lstrlenW(p R3) i .R7'
        IntOp $R7 $R7 + 1
        IntOp $R7 $R7 * 2
        System::Call 'kernel32::RtlMoveMemory(p R4, p R3, i R7)'
        ; The semicolon at the end goes as well; where it is the one at the beginning, nothing is left.
        System::Call 'kernel32::lstrlenW(p R6) i .R3'
        IntOp $R3 $R3 - 1
        ${If} $R3 == 0
          System::Call 'advapi32::RegDeleteValueW(p R9, w "Path") i .R3'
        ${Else}
          IntOp $R3 $R3 * 2
          IntPtrOp $R3 $R6 + $R3
          System::Call '*$R3(&i2 0)'
          Call ${un}WritePath
        ${EndIf}
        ${If} $R3 == 0
          StrCpy $R2 0
        ${EndIf}
      ${EndIf}
    ${EndIf}
    System::Free $R6
  ${EndIf}
  System::Call 'advapi32::RegCloseKey(p R9)'
  ${If} $R1 != "" ; terminals that are opened from now on ask the shell, which asks the registry
    SendMessage ${HWND_BROADCAST} ${WM_WININICHANGE} 0 "STR:Environment" /TIMEOUT=2000
  ${EndIf}
FunctionEnd

; Of ChangePath: what begins at $R5 becomes PATH, of the kind that it was. $R3: 0, or Windows' error.
Function ${un}WritePath
  System::Call 'kernel32::lstrlenW(p R5) i .R7'
  IntOp $R7 $R7 + 1
  IntOp $R7 $R7 * 2
  System::Call 'advapi32::RegSetValueExW(p R9, w "Path", i 0, i R8, p R5, i R7) i .R3'
FunctionEnd

; What $PathFolder is: also nothing where somebody has taken it out of PATH since.
Function ${un}RecallPath
  ReadRegStr $PathFolder HKCU "${UNINSTALL}" "Path"
  ${If} $PathFolder != ""
    StrCpy $R0 $PathFolder
    StrCpy $R1 ""
    Call ${un}ChangePath
    ${If} $R2 == 0
      StrCpy $PathFolder ""
    ${EndIf}
  ${EndIf}
FunctionEnd

Function ${un}LeavePath
  ${If} $PathFolder != ""
    StrCpy $R0 $PathFolder
    StrCpy $R1 "remove"
    Call ${un}ChangePath
    StrCpy $PathFolder ""
  ${EndIf}
FunctionEnd
!macroend

!insertmacro PATHS ""
!insertmacro PATHS "un."

; PATH as it is wished for the program in $INSTDIR. Where the person has the folder in it already, it stays theirs.
Function SettlePath
  ${If} $OnPath == 0
  ${OrIf} $PathFolder != $INSTDIR ; it was installed elsewhere
    Call LeavePath
  ${EndIf}
  ${If} $OnPath == 1
  ${AndIf} $PathFolder == ""
    StrCpy $R0 $INSTDIR
    StrCpy $R1 ""
    Call ChangePath
    ${If} $R2 == 0
      Push $INSTDIR
      Call IsPlain
      Pop $R3
      System::Call 'shlwapi::StrStrIW(w R0, w ";") p .R4' ; which ends a folder in PATH
      ${If} $R3 == 1
      ${AndIf} $R4 == 0
        StrCpy $R1 "add"
        Call ChangePath
      ${EndIf}
      ${If} $R2 == 1
        StrCpy $PathFolder $INSTDIR
      ${Else}
        !insertmacro LEFT "$(PATH_MISSING)"
      ${EndIf}
    ${EndIf}
  ${EndIf}
  ${If} $PathFolder == ""
    DeleteRegValue HKCU "${UNINSTALL}" "Path"
  ${Else}
    WriteRegStr HKCU "${UNINSTALL}" "Path" "$PathFolder"
  ${EndIf}
FunctionEnd
