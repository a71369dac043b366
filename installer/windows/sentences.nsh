; Owns what the installer says: each sentence in English, then in French, under the name that setup.nsi
; has for it. What is refused says what, why, what to do, and that nothing was changed.

!macro SAY name english french
  LangString ${name} ${LANG_ENGLISH} "${english}"
  LangString ${name} ${LANG_FRENCH} "${french}"
!macroend
!define Say "!insertmacro SAY"

${Say} ASK_TITLE "Start with Windows" "Démarrer avec Windows"
${Say} ASK_UNDER "You can change this later in ${TITLE}'s settings." "Vous pourrez changer ceci dans les réglages de ${TITLE}."
${Say} ASK_TEXT "${TITLE} waits in the notification area and starts the relays that you chose to start with the computer." "${TITLE} attend dans la zone de notification et démarre les relais que vous avez choisi de démarrer avec l'ordinateur."
${Say} ASK_BOX "&Start ${TITLE} when I log in" "&Démarrer ${TITLE} à l'ouverture de ma session"
${Say} TYPE_NAME "${TITLE} profile" "Profil ${TITLE}"
${Say} SAYS_NEWER "${TITLE} $0 is installed, which is newer than this ${VERSION}. Nothing was changed. To go back to ${VERSION}, uninstall ${TITLE} $0 first; your profiles stay." "${TITLE} $0 est installé, plus récent que cette version ${VERSION}. Rien n'a été modifié. Pour revenir à ${VERSION}, désinstallez d'abord ${TITLE} $0 ; vos profils restent."
${Say} SAYS_IN_USE "${TITLE} is still running, so its files cannot be replaced. Nothing was changed. Quit ${TITLE} from its icon in the notification area, then try again." "${TITLE} est encore ouvert, ses fichiers ne peuvent donc pas être remplacés. Rien n'a été modifié. Quittez ${TITLE} depuis son icône de la zone de notification, puis réessayez."
${Say} SAYS_NO_RIGHTS "You may not write to the folder $INSTDIR. Nothing was changed. Choose a folder of your own, such as $LOCALAPPDATA\Programs\${TITLE}." "Vous n'avez pas le droit d'écrire dans le dossier $INSTDIR. Rien n'a été modifié. Choisissez un dossier qui vous appartient, par exemple $LOCALAPPDATA\Programs\${TITLE}."
${Say} SAYS_NO_ROOM "${TITLE} needs $1 MB, and the disk of $INSTDIR has $0 MB left. Nothing was changed. Free some space, then try again." "${TITLE} a besoin de $1 Mo et il reste $0 Mo sur le disque de $INSTDIR. Rien n'a été modifié. Libérez de la place, puis réessayez."
${Say} SAYS_NOT_WRITTEN "A file of ${TITLE} could not be written to $INSTDIR: the disk is full, or has a fault. Nothing was changed. Free some space or choose another folder, then try again." "Un fichier de ${TITLE} n'a pas pu être écrit dans $INSTDIR : le disque est plein ou défectueux. Rien n'a été modifié. Libérez de la place ou choisissez un autre dossier, puis réessayez."
${Say} SAYS_NOT_OURS "The folder $INSTDIR holds something else than ${TITLE}, which would be mixed up with it. Nothing was changed. Choose an empty folder, or one that is not there yet." "Le dossier $INSTDIR contient autre chose que ${TITLE}, qui s'y mélangerait. Rien n'a été modifié. Choisissez un dossier vide, ou qui n'existe pas encore."
${Say} SAYS_NOT_HERE "${TITLE} needs Windows 10 or newer with 64 bits. Nothing was changed." "${TITLE} a besoin de Windows 10 ou plus récent, en 64 bits. Rien n'a été modifié."
${Say} ASK_PURGE "Also delete your profiles, certificates, settings and logs?$\n$\nChoose No if you may install ${TITLE} again: everything will be as it was." "Supprimer aussi vos profils, certificats, réglages et journaux ?$\n$\nChoisissez Non si vous pensez réinstaller ${TITLE} : tout sera comme avant."
