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

; Refuse while another setup or uninstaller of this person is open: two would move each other's files about.
; Windows forgets the name when this one has ended, however it ends.
Function ${un}BeAlone
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "${TITLE} setup") p .R0 ?e'
  Pop $R0
  ${If} $R0 == 183 ; ERROR_ALREADY_EXISTS
    ${Refuse} ${IN_USE} "$(SAYS_ANOTHER)"
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

; A folder where nothing is left in it. Where it is a link to one elsewhere, which the person has made, Windows would
; take the link away, whatever is in the other: FILE_ATTRIBUTE_REPARSE_POINT.
!macro REMOVE_FOLDER folder
  System::Call 'kernel32::GetFileAttributesW(w "${folder}") i .R0'
  IntOp $R0 $R0 & 0x400
  ${If} $R0 == 0
    RMDir "${folder}"
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
  !insertmacro REMOVE_FOLDER "${folder}" ; where nothing of the person's is in it
!macroend

!insertmacro SHARED ""
!insertmacro SHARED "un."
