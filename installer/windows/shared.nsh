; Owns what the installer and the uninstaller share: to refuse in words, to end what runs and start it
; again, to see whether a program is in use, to take the program away.

; Tell SENTENCE: into the file of /LOG, and where output goes. For who runs it silently.
!macro TELL sentence
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/LOG=" $R1
  ${IfNot} ${Errors}
    FileOpen $R2 $R1 w
    FileWriteUTF16LE /BOM $R2 "${sentence}$\r$\n"
    FileClose $R2
  ${EndIf}
  System::Call 'kernel32::AttachConsole(i -1)'
  System::Call 'kernel32::GetStdHandle(i -11) i .R2'
  FileWrite $R2 "${sentence}$\r$\n"
!macroend
!define Tell "!insertmacro TELL"

; Refuse CODE SENTENCE: say it, and end.
!macro REFUSE code sentence
  SetErrorLevel ${code}
  ${If} ${Silent}
    ${Tell} "${sentence}"
  ${Else}
    MessageBox MB_OK|MB_ICONSTOP "${sentence}"
  ${EndIf}
  Abort
!macroend
!define Refuse "!insertmacro REFUSE"

!macro SHARED un
; The language that /LANG names; else the one of Windows, which NSIS has found by itself.
Function ${un}TakeLanguage
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/LANG=" $R1
  ${IfNot} ${Errors}
    StrCpy $LANGUAGE $R1
  ${EndIf}
FunctionEnd

; Ask window and engine of the version in $Old to end in order; $0: word for the engine.
; RanWindow and RanEngine are 0 where they ran and have ended.
Function ${un}EndRunning
  StrCpy $RanWindow 1
  StrCpy $RanEngine 1
  ${If} ${FileExists} "$Old\${WINDOW}"
    ExecWait '"$Old\${WINDOW}" --leave' $RanWindow
  ${EndIf}
  ${If} ${FileExists} "$Old\${COMMAND}"
    nsExec::Exec /TIMEOUT=90000 '"$Old\${COMMAND}" engine --stop $0'
    Pop $RanEngine
  ${EndIf}
FunctionEnd

Function ${un}StartAgain
  ${If} $RanWindow == 0
    Exec '"$INSTDIR\${WINDOW}" --hidden' ; which starts the engine
  ${ElseIf} $RanEngine == 0
    ExecShell "open" "$INSTDIR\${COMMAND}" "engine" SW_HIDE
  ${EndIf}
FunctionEnd

; Pushes 1 where a program in $Old runs after ten seconds (whose file can then not be written), else 0.
Function ${un}IsInUse
  StrCpy $R3 0
  again:
  StrCpy $R4 0
  !insertmacro IS_FREE "$Old\${WINDOW}"
  !insertmacro IS_FREE "$Old\${COMMAND}"
  IntOp $R3 $R3 + 1
  ${If} $R4 == 1
  ${AndIf} $R3 <= 50
    Sleep 200
    Goto again
  ${EndIf}
  Push $R4
FunctionEnd
!macroend

!macro IS_FREE file
  ${If} ${FileExists} "${file}"
    ClearErrors
    FileOpen $R5 "${file}" a
    ${If} ${Errors}
      StrCpy $R4 1
    ${Else}
      FileClose $R5
    ${EndIf}
  ${EndIf}
!macroend

!macro REMOVE_PROGRAM folder
  Delete "${folder}\${WINDOW}"
  Delete "${folder}\${COMMAND}"
  RMDir /r "${folder}\_internal"
  RMDir /r "${folder}\setup-gone"
  RMDir /r "${folder}\setup-old"
  RMDir /r "${folder}\setup-new"
  Delete "${folder}\uninstall.exe"
  RMDir "${folder}" ; where nothing of the person's is in it
!macroend

!insertmacro SHARED ""
!insertmacro SHARED "un."
