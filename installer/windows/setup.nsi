; Owns the installer for one person (NSIS 3.08): what it asks and does. What it says: sentences.nsh.
;
; nsis.py writes the facts before this text: NAME TITLE VERSION NUMBERS PUBLISHER COPYRIGHT SUMMARY
; PROGRAM SIZE_KB SIZE_MB ICON OUTPUT SOURCE, the words of RULE_… (firewall.nsh), and SIGN where executables are
; signed. No rights are needed but for the rule of the firewall, which is a wish.
;
; Files are unpacked beside the old ones (setup-new) and change places with them (setup-old) when all
; are there and Bascule has ended. When all have, setup-old becomes setup-gone. Whatever breaks before
; that is put back, by this setup or by the next.
;
; Words:       /S silent   /D=FOLDER (last)   /AUTOSTART[=no]   /FIREWALL[=no]   /PATH[=no]   /LANG=1033|1036
;              /LOG=FILE (silent: why not)
; Uninstaller: /S silent, keeps profiles      /PURGE removes them             /LANG   /LOG
; Exit codes:  0 done   1 cancelled   2 damaged, or no room in the temporary folder
;              3 newer one installed   4 in use, or another setup is open   5 no rights   6 no room   7 not this Windows
;              8 a file could not be written   9 done, but not the rule of the firewall, or not PATH
;              10 a folder that holds something else

Unicode true
SetCompressor /SOLID lzma
SetCompressorDictSize 64
CRCCheck force
RequestExecutionLevel user
ManifestDPIAware true
AllowSkipFiles off
ShowInstDetails nevershow
ShowUninstDetails nevershow

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include nsDialogs.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include x64.nsh

!define WINDOW "${NAME}-desktop.exe"
!define COMMAND "${NAME}.exe"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${TITLE}"
!define APP_PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" ; the Task Manager's
!define CLASSES "Software\Classes"
!define FILE_TYPE "${TITLE}.Profile"

!define NEWER 3
!define IN_USE 4
!define NO_RIGHTS 5
!define NO_ROOM 6
!define NOT_HERE 7
!define NOT_WRITTEN 8
!define NO_RULE 9
!define NOT_OURS 10

Name "${TITLE}"
OutFile "${OUTPUT}"
!define PLACE "$LOCALAPPDATA\Programs\${TITLE}"
InstallDir "${PLACE}"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
BrandingText "${TITLE} ${VERSION}"
!ifdef SIGN
  !uninstfinalize `${SIGN}`
!endif

Var Autostart ; 1 where the window shall start at login
Var AutostartBox
Var Firewall ; 1 where other computers shall reach relays
Var FirewallBox
Var OnPath ; 1 where terminals shall find the command
Var OnPathBox
Var PathFolder ; the folder that was added to PATH, or nothing
Var Rule ; the program that the firewall has a rule for, or nothing
Var Old ; the folder of the version that is installed, or $INSTDIR
Var RanWindow ; 0 where the window was open, as programs end
Var RanEngine

; --- what it asks ---------------------------------------------------------------------------------

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\${WINDOW}"
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE TakeFolder
!insertmacro MUI_PAGE_DIRECTORY
Page custom AskWishes TakeWishes
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "French"

!include /CHARSET=UTF8 "${SOURCE}/sentences.nsh"

VIProductVersion "${NUMBERS}"
!macro VERSION_FACTS language
  VIAddVersionKey /LANG=${language} "ProductName" "${TITLE}"
  VIAddVersionKey /LANG=${language} "ProductVersion" "${VERSION}"
  VIAddVersionKey /LANG=${language} "FileVersion" "${VERSION}"
  VIAddVersionKey /LANG=${language} "FileDescription" "${TITLE}: ${SUMMARY}"
  VIAddVersionKey /LANG=${language} "CompanyName" "${PUBLISHER}"
  VIAddVersionKey /LANG=${language} "LegalCopyright" "${COPYRIGHT}"
!macroend
!insertmacro VERSION_FACTS ${LANG_ENGLISH}
!insertmacro VERSION_FACTS ${LANG_FRENCH}

Function AskWishes
  !insertmacro MUI_HEADER_TEXT "$(ASK_TITLE)" "$(ASK_UNDER)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateCheckbox} 0 0 100% 10u "$(ASK_BOX)"
  Pop $AutostartBox
  ${NSD_SetState} $AutostartBox $Autostart
  ${NSD_CreateLabel} 12u 12u 288u 26u "$(ASK_TEXT)"
  Pop $0
  ${NSD_CreateCheckbox} 0 41u 100% 10u "$(ASK_FIREWALL_BOX)"
  Pop $FirewallBox
  ${NSD_SetState} $FirewallBox $Firewall
  ${NSD_CreateLabel} 12u 53u 288u 62u "$(ASK_FIREWALL_TEXT)"
  Pop $0
  ${NSD_CreateCheckbox} 0 118u 100% 10u "$(ASK_PATH_BOX)"
  Pop $OnPathBox
  ${NSD_SetState} $OnPathBox $OnPath
  nsDialogs::Show
FunctionEnd

Function TakeWishes
  ${NSD_GetState} $AutostartBox $Autostart
  ${NSD_GetState} $FirewallBox $Firewall
  ${NSD_GetState} $OnPathBox $OnPath
FunctionEnd

!include /CHARSET=UTF8 "${SOURCE}/shared.nsh"
!include /CHARSET=UTF8 "${SOURCE}/firewall.nsh"
!include /CHARSET=UTF8 "${SOURCE}/path.nsh"

; --- installing -----------------------------------------------------------------------------------

!macro WISH word variable ; as the word says, where it was given
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "${word}" $R1
  ${IfNot} ${Errors}
    StrCpy ${variable} 1
    ${If} $R1 == "=no"
      StrCpy ${variable} 0
    ${EndIf}
  ${EndIf}
!macroend

Function .onInit
  Call TakeLanguage
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${RunningX64}
    ${Refuse} ${NOT_HERE} "$(SAYS_NOT_HERE)"
  ${EndIf}
  Call BeAlone
  ReadRegStr $0 HKCU "${UNINSTALL}" "DisplayVersion"
  ${VersionCompare} "$0" "${VERSION}" $1
  ReadRegStr $2 HKCU "${UNINSTALL}" "InstallLocation"
  ${If} $1 == 1
  ${AndIf} ${FileExists} "$2\${WINDOW}" ; else somebody has removed it by hand
    ${Refuse} ${NEWER} "$(SAYS_NEWER)"
  ${EndIf}
  ${If} ${Silent} ; else it is asked for
    Call IsNotOurs
    Pop $0
    ${If} $0 == 1
      ${Refuse} ${NOT_OURS} "$(SAYS_NOT_OURS)"
    ${EndIf}
  ${EndIf}
  StrCpy $Autostart 0
  ReadRegStr $0 HKCU "${RUN}" "${TITLE}"
  ${If} $0 != ""
    StrCpy $Autostart 1
  ${EndIf}
  StrCpy $Firewall 0
  Call RecallRule
  ${If} $Rule != ""
    StrCpy $Firewall 1
  ${EndIf}
  StrCpy $OnPath 0
  Call RecallPath
  ${If} $PathFolder != ""
    StrCpy $OnPath 1
  ${EndIf}
  !insertmacro WISH "/AUTOSTART" $Autostart
  !insertmacro WISH "/FIREWALL" $Firewall
  !insertmacro WISH "/PATH" $OnPath
FunctionEnd

; Pushes 1 where $INSTDIR holds something, and no Bascule: what stood there would be replaced, and removed
; with Bascule. A setup that did not come to its end has left the window in one of three places; what an
; uninstaller could not take away, or leaves, or an administrator puts there before, is no other program.
Function IsNotOurs
  StrCpy $R3 0
  ReadRegStr $R2 HKCU "${UNINSTALL}" "InstallLocation"
  ${If} $INSTDIR != "${PLACE}"
  ${AndIf} $INSTDIR != $R2 ; whatever somebody has removed there by hand
  ${AndIfNot} ${FileExists} "$INSTDIR\${WINDOW}"
  ${AndIfNot} ${FileExists} "$INSTDIR\${COMMAND}"
  ${AndIfNot} ${FileExists} "$INSTDIR\setup-old\${WINDOW}"
  ${AndIfNot} ${FileExists} "$INSTDIR\setup-new\${WINDOW}"
    FindFirst $R1 $R2 "$INSTDIR\*.*"
    ${DoWhile} $R2 != ""
      ${If} $R2 != "."
      ${AndIf} $R2 != ".."
      ${AndIf} $R2 != "setup-new"
      ${AndIf} $R2 != "setup-gone"
      ${AndIf} $R2 != "uninstall.exe"
      ${AndIf} $R2 != "bascule-data"
      ${AndIf} $R2 != "portable"
      ${AndIf} $R2 != "managed.json"
        StrCpy $R3 1
      ${EndIf}
      FindNext $R1 $R2
    ${Loop}
    FindClose $R1
  ${EndIf}
  Push $R3
FunctionEnd

Function TakeFolder
  Call IsNotOurs
  Pop $0
  ${If} $0 == 1
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(SAYS_NOT_OURS)"
    Abort ; and the page stays
  ${EndIf}
FunctionEnd

; The three that change places.
!macro EACH way from to
  !insertmacro ${way} "${from}\_internal" "${to}\_internal"
  !insertmacro ${way} "${from}\${COMMAND}" "${to}\${COMMAND}"
  !insertmacro ${way} "${from}\${WINDOW}" "${to}\${WINDOW}"
!macroend

!macro MOVE from to ; $R6 becomes 1 where one does not, and none is moved after it
  ${If} $R6 == 0
  ${AndIf} ${FileExists} "${from}"
    ClearErrors
    Rename "${from}" "${to}"
    ${If} ${Errors}
      StrCpy $R6 1
    ${EndIf}
  ${EndIf}
!macroend

!macro RETURN from to ; what stands in its place is the new one
  ${If} ${FileExists} "${from}"
    RMDir /r "${to}"
    Delete "${to}"
    Rename "${from}" "${to}"
  ${EndIf}
!macroend

; The installed version as it was before this setup, or one that did not come to its end.
Function PutBack
  SetOutPath $TEMP ; a folder that is anyone's working folder cannot go
  !insertmacro EACH RETURN "$INSTDIR\setup-old" "$INSTDIR"
  RMDir /r "$INSTDIR\setup-old"
  RMDir /r "$INSTDIR\setup-new"
FunctionEnd

; The same, for who goes no further: the folder goes as well, where this setup made it.
Function GiveUp
  Call PutBack
  !insertmacro REMOVE_FOLDER "$INSTDIR"
FunctionEnd

; Put the new files in the old ones' place; $R6: 0, or 1 where that could not be and all is as it was.
Function Swap
  StrCpy $R6 0
  CreateDirectory "$INSTDIR\setup-old"
  !insertmacro EACH MOVE "$INSTDIR" "$INSTDIR\setup-old"
  !insertmacro EACH MOVE "$INSTDIR\setup-new" "$INSTDIR"
  ${If} $R6 == 0
    RMDir /r "$INSTDIR\setup-gone"
    Rename "$INSTDIR\setup-old" "$INSTDIR\setup-gone"
    RMDir /r "$INSTDIR\setup-gone"
    RMDir "$INSTDIR\setup-new"
  ${EndIf}
FunctionEnd

Function .onInstFailed
  Call GiveUp
  GetErrorLevel $0
  ${If} $0 == ${NOT_WRITTEN}
  ${AndIf} ${Silent} ; else NSIS has said so, with the file's name
    ${Tell} "$(SAYS_NOT_WRITTEN)"
  ${EndIf}
FunctionEnd

Section
  ReadRegStr $Old HKCU "${UNINSTALL}" "InstallLocation"
  ${If} $Old == ""
    StrCpy $Old $INSTDIR
  ${EndIf}

  Call PutBack
  ClearErrors
  CreateDirectory "$INSTDIR\setup-new"
  ${If} ${Errors}
    ${Refuse} ${NO_RIGHTS} "$(SAYS_NO_RIGHTS)"
  ${EndIf}
  System::Call 'kernel32::GetDiskFreeSpaceExW(w "$INSTDIR", *l .r0, l 0, l 0)'
  System::Int64Op $0 / 1048576
  Pop $0
  StrCpy $1 ${SIZE_MB}
  ${If} $0 < $1
    Call GiveUp
    ${Refuse} ${NO_ROOM} "$(SAYS_NO_ROOM)"
  ${EndIf}
  SetOutPath "$INSTDIR\setup-new"
  SetErrorLevel ${NOT_WRITTEN} ; where a file cannot be, NSIS gives up and calls .onInstFailed
  File /r "${PROGRAM}\*.*"
  SetErrorLevel -1
  SetOutPath $TEMP

  StrCpy $0 "--resume"
  Call EndRunning
  retry:
  Call IsInUse
  Pop $R6
  ${If} $R6 == 0
    Call Swap
  ${EndIf}
  ${If} $R6 == 1
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(SAYS_IN_USE)" /SD IDCANCEL IDRETRY retry
    Call GiveUp
    Call StartAgain
    ${Refuse} ${IN_USE} "$(SAYS_IN_USE)"
  ${EndIf}
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} $Old != $INSTDIR
    CreateDirectory "$INSTDIR\setup-here" ; by another name it may be the same folder
    ${IfNot} ${FileExists} "$Old\setup-here\*.*"
      !insertmacro REMOVE_PROGRAM "$Old"
    ${EndIf}
    RMDir "$INSTDIR\setup-here"
  ${EndIf}

  CreateShortCut "$SMPROGRAMS\${TITLE}.lnk" "$INSTDIR\${WINDOW}"
  WriteRegStr HKCU "${APP_PATHS}\${WINDOW}" "" "$INSTDIR\${WINDOW}"
  WriteRegStr HKCU "${APP_PATHS}\${COMMAND}" "" "$INSTDIR\${COMMAND}"
  WriteRegStr HKCU "${CLASSES}\.${NAME}" "" "${FILE_TYPE}"
  WriteRegStr HKCU "${CLASSES}\${FILE_TYPE}" "" "$(TYPE_NAME)"
  WriteRegStr HKCU "${CLASSES}\${FILE_TYPE}\DefaultIcon" "" "$INSTDIR\${WINDOW},0"
  WriteRegStr HKCU "${CLASSES}\${FILE_TYPE}\shell\open\command" "" '"$INSTDIR\${WINDOW}" "%1"'
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)' ; SHCNE_ASSOCCHANGED
  ${If} $Autostart == 1
    WriteRegStr HKCU "${RUN}" "${TITLE}" '"$INSTDIR\${WINDOW}" --hidden'
  ${Else}
    DeleteRegValue HKCU "${RUN}" "${TITLE}"
  ${EndIf}
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${TITLE}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${WINDOW},0"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  Call SettlePath
  Call SettleRule ; before the engine listens, as Windows would ask a question of its own
  Call StartAgain
SectionEnd

; --- uninstalling ---------------------------------------------------------------------------------

Function un.onInit
  Call un.TakeLanguage
  Call un.BeAlone
FunctionEnd

Section "Uninstall"
  StrCpy $Old $INSTDIR
  StrCpy $0 "--resume" ; should something be in use: as it was
  Call un.EndRunning
  Call un.IsInUse
  Pop $R4
  ${If} $R4 == 1
    Call un.StartAgain
    ${Refuse} ${IN_USE} "$(SAYS_IN_USE)"
  ${EndIf}
  !insertmacro REMOVE_PROGRAM "$INSTDIR"
  Call un.RecallRule
  Call un.RemoveRule
  Call un.RecallPath
  Call un.LeavePath
  Delete "$SMPROGRAMS\${TITLE}.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "${APP_PATHS}\${WINDOW}"
  DeleteRegKey HKCU "${APP_PATHS}\${COMMAND}"
  DeleteRegKey HKCU "${CLASSES}\${FILE_TYPE}"
  ReadRegStr $0 HKCU "${CLASSES}\.${NAME}" ""
  ${If} $0 == "${FILE_TYPE}" ; another program may have taken it over
    DeleteRegKey HKCU "${CLASSES}\.${NAME}"
  ${EndIf}
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  DeleteRegValue HKCU "${RUN}" "${TITLE}"
  DeleteRegValue HKCU "${APPROVED}" "${TITLE}"
  RMDir /r "$LOCALAPPDATA\Temp\${NAME}" ; where engine and window meet

  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/PURGE" $R1
  ${If} ${Errors}
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(ASK_PURGE)" /SD IDNO IDNO done
  ${EndIf}
  RMDir /r "$APPDATA\${NAME}"
  done:
SectionEnd
