; Owns the rule of Windows' firewall: whether it is there, to add it and to remove it. netsh's words are
; in firewall.py: RULE_SHOW RULE_DELETE RULE_DELETE_ALL RULE_ADD.
;
; What needs an administrator is run by Windows' command processor, so that Windows asks once for all of
; it. A silent setup asks nobody. The value Firewall below UNINSTALL is the program that the rule is for.

!define NETSH '"$SYSDIR\netsh.exe"'

; Say what the firewall is like now; everything else has been done, and goes on.
!macro LEFT sentence
  ${If} ${Silent}
    SetErrorLevel ${NO_RULE}
    ${Tell} "${sentence}"
  ${Else}
    MessageBox MB_OK|MB_ICONEXCLAMATION "${sentence}"
  ${EndIf}
!macroend

!macro FIREWALL un
; Pushes whether a path can mean nothing else in a line of the command processor: no quote, which ends it there, no
; percent sign, which stands for a value even within quotes, no end of a line. What is in the registry may have been
; written by any program of this person, and none of them shall have an administrator's rights by it.
Function ${un}IsPlain
  Exch $R0
  Push $R1
  Push $R2
  Push $R3
  StrCpy $R1 0
  StrCpy $R3 1
  ${Do}
    StrCpy $R2 $R0 1 $R1
    ${If} $R2 == `"`
    ${OrIf} $R2 == "%"
    ${OrIf} $R2 == "$\r"
    ${OrIf} $R2 == "$\n"
      StrCpy $R3 0
    ${EndIf}
    IntOp $R1 $R1 + 1
  ${LoopUntil} $R2 == ""
  StrCpy $R0 $R3
  Pop $R3
  Pop $R2
  Pop $R1
  Exch $R0
FunctionEnd

; What $Rule is: also nothing where somebody has removed the rule since.
Function ${un}RecallRule
  ReadRegStr $Rule HKCU "${UNINSTALL}" "Firewall"
  Push $Rule
  Call ${un}IsPlain
  Pop $R0
  ${If} $R0 == 0
    StrCpy $Rule ""
  ${EndIf}
  ${If} $Rule != ""
    nsExec::Exec /TIMEOUT=10000 `${NETSH} ${RULE_SHOW}`
    Pop $R0
    ${If} $R0 == 1
      StrCpy $Rule ""
    ${EndIf}
  ${EndIf}
FunctionEnd

; Let the command processor run $R8 as an administrator. $R7: nothing where it was done, else why not.
Function ${un}AsAdministrator
  ${If} ${Silent}
    UserInfo::GetAccountType
    Pop $R0
    ${If} $R0 != "Admin"
      StrCpy $R7 "$(WHY_SILENT)"
      Return
    ${EndIf}
  ${EndIf}
  StrCpy $R8 `/d /v:off /s /c "$R8"`
  ; SHELLEXECUTEINFOW: hidden (0), no words of its own (0x400), here until it is asked (0x100), its process (0x40)
  System::Call '*(i 60, i 0x540, p $HWNDPARENT, w "runas", w "$SYSDIR\cmd.exe", w R8, w "$SYSDIR", i 0, p 0, p 0, p 0, p 0, i 0, p 0, p 0) p .R0'
  System::Call 'shell32::ShellExecuteExW(p R0) i .R1 ?e'
  Pop $R9
  System::Call '*$R0(i, i, p, p, p, p, p, i, p, p, p, p, i, p, p .R2)'
  System::Free $R0
  ${If} $R1 != 0
    System::Call 'kernel32::WaitForSingleObject(p R2, i 120000)' ; after that its code is 259, STILL_ACTIVE
    System::Call 'kernel32::GetExitCodeProcess(p R2, *i .R9)'
    System::Call 'kernel32::CloseHandle(p R2)'
  ${ElseIf} $R9 == 0
    StrCpy $R9 1 ; it was not run, whatever Windows does not say
  ${EndIf}
  ${If} $R9 == 1223 ; ERROR_CANCELLED
    StrCpy $R7 "$(WHY_REFUSED)"
  ${ElseIf} $R9 != 0
    StrCpy $R7 "$(WHY_FAILED)"
  ${Else}
    StrCpy $R7 ""
  ${EndIf}
FunctionEnd

Function ${un}RemoveRule
  ${If} $Rule != ""
    StrCpy $R8 `${NETSH} ${RULE_DELETE} program="$Rule"`
    Call ${un}AsAdministrator
    ${If} $R7 == ""
      StrCpy $Rule ""
    ${Else}
      !insertmacro LEFT "$(RULE_STAYS)"
    ${EndIf}
  ${EndIf}
FunctionEnd
!macroend

!insertmacro FIREWALL ""
!insertmacro FIREWALL "un."

; The rule as it is wanted for the program in $INSTDIR. One that is as it should be is left alone.
Function SettleRule
  ${If} $Firewall == 0
    Call RemoveRule
    Goto settled
  ${EndIf}
  Push $INSTDIR
  Call IsPlain
  Pop $R0
  ${If} $R0 == 0
    StrCpy $R7 "$(WHY_NAME)"
    !insertmacro LEFT "$(RULE_MISSING)"
  ${ElseIf} $Rule != "$INSTDIR\${COMMAND}"
    ; The program stands in it once: a text of NSIS has 1023 characters.
    StrCpy $R8 `(${NETSH} ${RULE_ADD} program=%e protocol=TCP && ${NETSH} ${RULE_ADD} program=%e protocol=UDP)`
    StrCpy $R8 `${NETSH} ${RULE_DELETE_ALL} program=%e & $R8 || (${NETSH} ${RULE_DELETE} program=%e & exit 1)`
    StrCpy $R8 `for %e in ("$INSTDIR\${COMMAND}") do ($R8)`
    ${If} $Rule != "" ; it was installed elsewhere
      StrCpy $R8 `${NETSH} ${RULE_DELETE} program="$Rule" & $R8`
    ${EndIf}
    Call AsAdministrator
    ${If} $R7 == ""
      StrCpy $Rule "$INSTDIR\${COMMAND}"
    ${Else}
      !insertmacro LEFT "$(RULE_MISSING)"
    ${EndIf}
  ${EndIf}
settled:
  ${If} $Rule == ""
    DeleteRegValue HKCU "${UNINSTALL}" "Firewall"
  ${Else}
    WriteRegStr HKCU "${UNINSTALL}" "Firewall" "$Rule"
  ${EndIf}
FunctionEnd
