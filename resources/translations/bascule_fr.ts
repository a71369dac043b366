<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Bascule</source>
        <translation>À propos de Bascule</translation>
    </message>
    <message>
        <source>Joins serial ports, network ports, TLS and proxies, without a command line.</source>
        <translation>Relie ports série, ports réseau, TLS et proxys, sans ligne de commande.</translation>
    </message>
    <message>
        <source>Version {version} · Qt {qt} · MIT licence</source>
        <translation>Version {version} · Qt {qt} · licence MIT</translation>
    </message>
    <message>
        <source>Portable: everything is kept in {folder}</source>
        <translation>Portable&#xa0;: tout est gardé dans {folder}</translation>
    </message>
    <message>
        <source>Look for a newer version…</source>
        <translation>Chercher une version plus récente…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>{name} (copy)</source>
        <translation>{name} (copie)</translation>
    </message>
    <message>
        <source>{name} (copy {number})</source>
        <translation>{name} (copie {number})</translation>
    </message>
</context>
<context>
    <name>Addresses</name>
    <message>
        <source>No answer from there?</source>
        <translation>Pas de réponse depuis là-bas&#xa0;?</translation>
    </message>
    <message>
        <source>A warning there?</source>
        <translation>Un avertissement là-bas&#xa0;?</translation>
    </message>
</context>
<context>
    <name>Asking</name>
    <message>
        <source>Group</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>Group of “{name}” (empty: none)</source>
        <translation>Groupe de «&#xa0;{name}&#xa0;» (vide&#xa0;: aucun)</translation>
    </message>
    <message>
        <source>Export the profile</source>
        <translation>Exporter le profil</translation>
    </message>
    <message>
        <source>Captures (*.pcapng)</source>
        <translation>Captures (*.pcapng)</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>Texte (*.txt)</translation>
    </message>
    <message>
        <source>Bytes (*.bin)</source>
        <translation>Octets (*.bin)</translation>
    </message>
    <message>
        <source>Save the traffic</source>
        <translation>Enregistrer le trafic</translation>
    </message>
    <message>
        <source>Import a profile</source>
        <translation>Importer un profil</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Profiles ({patterns})</source>
        <translation>Profils ({patterns})</translation>
    </message>
    <message>
        <source>Delete this profile?</source>
        <translation>Supprimer ce profil&#xa0;?</translation>
    </message>
    <message>
        <source>{file} cannot be read. It is kept among the deleted profiles.</source>
        <translation>{file} ne peut pas être lu. Il est conservé parmi les profils supprimés.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
</context>
<context>
    <name>BrokenDetail</name>
    <message>
        <source>Read the file again</source>
        <translation>Relire le fichier</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ouvrir le dossier</translation>
    </message>
    <message>
        <source>Copy for your IT department</source>
        <translation>Copier pour votre service informatique</translation>
    </message>
    <message>
        <source>the path of the file</source>
        <translation>le chemin du fichier</translation>
    </message>
</context>
<context>
    <name>CheckDialog</name>
    <message>
        <source>Check a connection</source>
        <translation>Vérifier une connexion</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Vérifier</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Copier le texte</translation>
    </message>
    <message>
        <source>Keep checking…</source>
        <translation>Vérifier régulièrement…</translation>
    </message>
    <message>
        <source>Check it again and again, and be told when it changes</source>
        <translation>Vérifier encore et encore, et être prévenu de tout changement</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Does it answer?</source>
        <translation>Est-ce que ça répond&#xa0;?</translation>
    </message>
    <message>
        <source>Bascule goes the whole way to the host, step by step, and leaves at once.</source>
        <translation>Bascule parcourt tout le chemin jusqu’à l’hôte, étape par étape, et repart aussitôt.</translation>
    </message>
</context>
<context>
    <name>ChecksCard</name>
    <message>
        <source>Check now</source>
        <translation>Vérifier maintenant</translation>
    </message>
    <message>
        <source>Nothing was checked yet</source>
        <translation>Rien n’a encore été vérifié</translation>
    </message>
    <message>
        <source>{answered} of the last {count} checks were answered</source>
        <translation>{answered} des {count} dernières vérifications ont eu une réponse</translation>
    </message>
    <message>
        <source>{mean} on average, {longest} at most</source>
        <translation>{mean} en moyenne, {longest} au plus</translation>
    </message>
</context>
<context>
    <name>CommandDialog</name>
    <message>
        <source>Allow a command</source>
        <translation>Autoriser une commande</translation>
    </message>
    <message>
        <source>This relay came from somebody else. It would run this:</source>
        <translation>Ce relais vient de quelqu’un d’autre. Il exécuterait ceci&#xa0;:</translation>
    </message>
    <message>
        <source>The command</source>
        <translation>La commande</translation>
    </message>
    <message>
        <source>It runs with your rights, each time the relay needs it. Allow it only if you know what it does.</source>
        <translation>Elle s’exécute avec vos droits, chaque fois que le relais en a besoin. Ne l’autorisez que si vous savez ce qu’elle fait.</translation>
    </message>
    <message>
        <source>Allow and start</source>
        <translation>Autoriser et démarrer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>ConnectionTable</name>
    <message>
        <source>Peer</source>
        <translation>Correspondant</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Depuis</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Montant</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Descendant</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Close the connection of {peer}</source>
        <translation>Fermer la connexion de {peer}</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Connecté</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Connexion en cours</translation>
    </message>
    <message>
        <source>Close this connection</source>
        <translation>Fermer cette connexion</translation>
    </message>
</context>
<context>
    <name>ConnectionsTab</name>
    <message>
        <source>Connections</source>
        <translation>Connexions</translation>
    </message>
    <message>
        <source>Close this connection</source>
        <translation>Fermer cette connexion</translation>
    </message>
    <message>
        <source>Nobody is connected yet.</source>
        <translation>Personne n’est encore connecté.</translation>
    </message>
    <message>
        <source>Nobody is connected: this relay is stopped.</source>
        <translation>Personne n’est connecté&#xa0;: ce relais est arrêté.</translation>
    </message>
    <message>
        <source>{listed} of {all} connections are listed.</source>
        <translation>{listed} connexions sur {all} sont affichées.</translation>
    </message>
</context>
<context>
    <name>Consent</name>
    <message>
        <source>This relay starts a program on this computer. Read exactly what it runs:</source>
        <translation>Ce relais lance un programme sur cet ordinateur. Lisez exactement ce qu’il exécute&#xa0;:</translation>
    </message>
    <message>
        <source>The command that runs on this computer</source>
        <translation>La commande exécutée sur cet ordinateur</translation>
    </message>
    <message>
        <source>I have read this command and want it to run on this computer</source>
        <translation>J’ai lu cette commande et je veux qu’elle s’exécute sur cet ordinateur</translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy {what}</source>
        <translation>Copier {what}</translation>
    </message>
</context>
<context>
    <name>Copying</name>
    <message>
        <source>Copied</source>
        <translation>Copié</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Bascule</source>
        <translation>Bascule</translation>
    </message>
    <message>
        <source>Something in Bascule did not work as it should</source>
        <translation>Quelque chose dans Bascule n’a pas fonctionné comme prévu</translation>
    </message>
    <message>
        <source>Your relays go on: they run in a program of their own. What you did last may not have happened. If it happens again, save a file that helps to find the fault, and restart Bascule.</source>
        <translation>Vos relais continuent&#xa0;: ils tournent dans un programme à part. Votre dernière action n’a peut-être pas eu lieu. Si cela se reproduit, enregistrez un fichier qui aide à trouver la panne, puis redémarrez Bascule.</translation>
    </message>
    <message>
        <source>Bascule&apos;s window ended unexpectedly last time</source>
        <translation>La fenêtre de Bascule s’est fermée de manière inattendue la dernière fois</translation>
    </message>
    <message>
        <source>Your relays went on: they run in a program of their own. If it happens again, save a file that helps to find the fault.</source>
        <translation>Vos relais ont continué&#xa0;: ils tournent dans un programme à part. Si cela se reproduit, enregistrez un fichier qui aide à trouver la panne.</translation>
    </message>
    <message>
        <source>The details are also in {file}</source>
        <translation>Les détails se trouvent aussi dans {file}</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Copier les détails</translation>
    </message>
    <message>
        <source>Save a file for help…</source>
        <translation>Enregistrer un fichier d’aide…</translation>
    </message>
    <message>
        <source>Restart Bascule</source>
        <translation>Redémarrer Bascule</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>Curve</name>
    <message>
        <source>Between {least} and {most}</source>
        <translation>Entre {least} et {most}</translation>
    </message>
</context>
<context>
    <name>DemoDialog</name>
    <message>
        <source>Demonstration</source>
        <translation>Démonstration</translation>
    </message>
    <message>
        <source>Bascule makes four relays and sends real bytes through each.</source>
        <translation>Bascule crée quatre relais et fait passer de vrais octets dans chacun.</translation>
    </message>
    <message>
        <source>Everything stays on this computer, and your own relays are not touched.</source>
        <translation>Tout reste sur cet ordinateur, et vos propres relais ne sont pas touchés.</translation>
    </message>
    <message>
        <source>What was tried</source>
        <translation>Ce qui a été essayé</translation>
    </message>
    <message>
        <source>The demonstration is running</source>
        <translation>La démonstration est en cours</translation>
    </message>
    <message>
        <source>Running…</source>
        <translation>En cours…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>Réussi</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échoué</translation>
    </message>
    <message>
        <source>Everything works on this computer.</source>
        <translation>Tout fonctionne sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Not everything works on this computer.</source>
        <translation>Tout ne fonctionne pas sur cet ordinateur.</translation>
    </message>
    <message>
        <source>The demonstration could not be started: {why}.</source>
        <translation>La démonstration n’a pas pu démarrer&#xa0;: {why}.</translation>
    </message>
</context>
<context>
    <name>Detail</name>
    <message>
        <source>⚠ Anyone on the network can connect</source>
        <translation>⚠ Tout le monde sur le réseau peut se connecter</translation>
    </message>
    <message>
        <source>This relay listens on the network, and neither an allow-list nor client certificates say who may connect. Edit it to choose who may.</source>
        <translation>Ce relais écoute sur le réseau, et ni liste d’adresses autorisées ni certificats clients ne disent qui peut se connecter. Modifiez-le pour choisir qui le peut.</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>Essayer maintenant</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Débit</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Connexions</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>Trafic</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
</context>
<context>
    <name>DetailHeader</name>
    <message>
        <source>Edit</source>
        <translation>Modifier</translation>
    </message>
    <message>
        <source>Change this relay (Ctrl+E)</source>
        <translation>Modifier ce relais (Ctrl+E)</translation>
    </message>
    <message>
        <source>More for this relay</source>
        <translation>Autres actions pour ce relais</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Démarrer</translation>
    </message>
    <message>
        <source>for {span}</source>
        <translation>depuis {span}</translation>
    </message>
</context>
<context>
    <name>DiagnosisDialog</name>
    <message>
        <source>Help to find a fault</source>
        <translation>Aide à trouver une panne</translation>
    </message>
    <message>
        <source>Save this file and give it to whoever helps you. Passwords, keys, traffic and what programs are told are not in it. Bascule sends it nowhere: read here what is in it.</source>
        <translation>Enregistrez ce fichier et donnez-le à la personne qui vous aide. Mots de passe, clés, trafic et arguments des programmes n’y sont pas. Bascule ne l’envoie nulle part&#xa0;: lisez ici ce qu’il contient.</translation>
    </message>
    <message>
        <source>What is in it</source>
        <translation>Ce qu’il contient</translation>
    </message>
    <message>
        <source>The text</source>
        <translation>Le texte</translation>
    </message>
    <message>
        <source>Leave out names of hosts and addresses</source>
        <translation>Retirer les noms d’hôtes et les adresses</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Enregistrer sous…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Saved as {file}</source>
        <translation>Enregistré sous {file}</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>Enregistrer le fichier</translation>
    </message>
    <message>
        <source>Archives (*.zip)</source>
        <translation>Archives (*.zip)</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Join what cannot talk to each other</source>
        <translation>Relier ce qui ne peut pas se parler</translation>
    </message>
    <message>
        <source>A relay passes everything from a port of this computer to a device, another computer or a service.</source>
        <translation>Un relais transmet tout d’un port de cet ordinateur vers un appareil, un autre ordinateur ou un service.</translation>
    </message>
    <message>
        <source>New relay</source>
        <translation>Nouveau relais</translation>
    </message>
    <message>
        <source>Answer a few questions; every step is tried for real.</source>
        <translation>Répondez à quelques questions&#xa0;; chaque étape est essayée pour de vrai.</translation>
    </message>
    <message>
        <source>Start from a recipe</source>
        <translation>Partir d’une recette</translation>
    </message>
    <message>
        <source>Find what you want to do among many, and fill in a few values.</source>
        <translation>Trouvez ce que vous voulez faire, et remplissez quelques valeurs.</translation>
    </message>
    <message>
        <source>Paste a command…</source>
        <translation>Coller une commande…</translation>
    </message>
    <message>
        <source>From a runbook, a script or a manual; you see first what it does.</source>
        <translation>D’un mémo, d’un script ou d’un manuel&#xa0;; vous voyez d’abord ce qu’elle fait.</translation>
    </message>
    <message>
        <source>Import a profile…</source>
        <translation>Importer un profil…</translation>
    </message>
    <message>
        <source>Try the demonstration</source>
        <translation>Essayer la démonstration</translation>
    </message>
    <message>
        <source>See four relays carry real bytes on this computer.</source>
        <translation>Regardez quatre relais transporter de vrais octets sur cet ordinateur.</translation>
    </message>
</context>
<context>
    <name>Ends</name>
    <message>
        <source> or </source>
        <translation> ou </translation>
    </message>
    <message>
        <source>Bascule receives datagrams on {name}</source>
        <translation>Bascule reçoit des datagrammes sur {name}</translation>
    </message>
    <message>
        <source>Bascule receives datagrams on the socket {name}</source>
        <translation>Bascule reçoit des datagrammes sur le socket {name}</translation>
    </message>
    <message>
        <source>Bascule exchanges datagrams with {name}</source>
        <translation>Bascule échange des datagrammes avec {name}</translation>
    </message>
    <message>
        <source>Bascule exchanges datagrams with the socket {name}</source>
        <translation>Bascule échange des datagrammes avec le socket {name}</translation>
    </message>
    <message>
        <source>Bascule starts the program “{name}”</source>
        <translation>Bascule lance le programme «&#x202f;{name}&#x202f;»</translation>
    </message>
    <message>
        <source>Bascule reads {name}</source>
        <translation>Bascule lit {name}</translation>
    </message>
    <message>
        <source>Bascule reads what it has written itself</source>
        <translation>Bascule relit ce qu’il a écrit lui-même</translation>
    </message>
    <message>
        <source>Bascule reads its standard input</source>
        <translation>Bascule lit son entrée standard</translation>
    </message>
    <message>
        <source>Bascule reads its descriptor {number}</source>
        <translation>Bascule lit son descripteur {number}</translation>
    </message>
    <message>
        <source>Bascule offers a terminal</source>
        <translation>Bascule propose un terminal</translation>
    </message>
    <message>
        <source>Bascule offers the terminal {name}</source>
        <translation>Bascule propose le terminal {name}</translation>
    </message>
    <message>
        <source>Bascule offers the named pipe {name}</source>
        <translation>Bascule propose le tube nommé {name}</translation>
    </message>
    <message>
        <source>Bascule opens the named pipe {name}</source>
        <translation>Bascule ouvre le tube nommé {name}</translation>
    </message>
    <message>
        <source>Bascule says nothing</source>
        <translation>Bascule ne dit rien</translation>
    </message>
    <message>
        <source>Bascule opens a room</source>
        <translation>Bascule ouvre un salon</translation>
    </message>
    <message>
        <source>Bascule reads {reading}, writes the answers to {writing}</source>
        <translation>Bascule lit {reading}, écrit les réponses dans {writing}</translation>
    </message>
    <message>
        <source>Bascule listens on {name}</source>
        <translation>Bascule écoute sur {name}</translation>
    </message>
    <message>
        <source>every {span}</source>
        <translation>toutes les {span}</translation>
    </message>
    <message>
        <source>Bascule writes what the target says to {name}</source>
        <translation>Bascule écrit ce que dit la cible dans {name}</translation>
    </message>
    <message>
        <source>Bascule opens {name}</source>
        <translation>Bascule ouvre {name}</translation>
    </message>
    <message>
        <source>Bascule makes an echo</source>
        <translation>Bascule fait l’écho</translation>
    </message>
    <message>
        <source>Bascule only hears what the target says</source>
        <translation>Bascule ne fait qu’écouter ce que dit la cible</translation>
    </message>
    <message>
        <source>Bascule says a text of its own</source>
        <translation>Bascule dit un texte à lui</translation>
    </message>
    <message>
        <source>Bascule answers the requests of the target over HTTP</source>
        <translation>Bascule répond en HTTP aux requêtes de la cible</translation>
    </message>
    <message>
        <source>Bascule measures how fast the way is</source>
        <translation>Bascule mesure la vitesse du chemin</translation>
    </message>
    <message>
        <source>Bascule checks every {span} whether the target answers</source>
        <translation>Bascule vérifie toutes les {span} si la cible répond</translation>
    </message>
    <message>
        <source>sends as fast as it can, to measure the way</source>
        <translation>envoie aussi vite que possible, pour mesurer le chemin</translation>
    </message>
    <message>
        <source>passes everything to the program “{name}”</source>
        <translation>transmet tout au programme «&#x202f;{name}&#x202f;»</translation>
    </message>
    <message>
        <source>passes everything to the file {name}</source>
        <translation>transmet tout au fichier {name}</translation>
    </message>
    <message>
        <source>writes every line to the log {name}</source>
        <translation>écrit chaque ligne dans le journal {name}</translation>
    </message>
    <message>
        <source>puts the files that arrive into the folder {name}</source>
        <translation>range les fichiers reçus dans le dossier {name}</translation>
    </message>
    <message>
        <source>brings back what arrives on {name}</source>
        <translation>rapporte ce qui arrive sur {name}</translation>
    </message>
    <message>
        <source>passes everything to who comes to {name}</source>
        <translation>transmet tout à qui se présente sur {name}</translation>
    </message>
    <message>
        <source>reads everything again itself</source>
        <translation>relit tout lui-même</translation>
    </message>
    <message>
        <source>passes everything to the pipe {name}</source>
        <translation>transmet tout au tube {name}</translation>
    </message>
    <message>
        <source>passes everything to a terminal that it offers</source>
        <translation>transmet tout à un terminal qu’il propose</translation>
    </message>
    <message>
        <source>passes everything to the terminal {name}</source>
        <translation>transmet tout au terminal {name}</translation>
    </message>
    <message>
        <source>passes everything to its standard output</source>
        <translation>transmet tout à sa sortie standard</translation>
    </message>
    <message>
        <source>passes everything to its descriptor {number}</source>
        <translation>transmet tout à son descripteur {number}</translation>
    </message>
    <message>
        <source>passes everything to the named pipe {name}</source>
        <translation>transmet tout au tube nommé {name}</translation>
    </message>
    <message>
        <source>answers every HTTP request with status {status}</source>
        <translation>répond à chaque requête HTTP par le statut {status}</translation>
    </message>
    <message>
        <source>sends {name} to whoever connects</source>
        <translation>envoie {name} à qui se connecte</translation>
    </message>
    <message>
        <source>hands out the file {name} under a secret link</source>
        <translation>donne le fichier {name} par un lien secret</translation>
    </message>
    <message>
        <source>answers how this computer is</source>
        <translation>dit comment va cet ordinateur</translation>
    </message>
    <message>
        <source>writes everything to {writing}; the answers come from {reading}</source>
        <translation>écrit tout dans {writing}&#xa0;; les réponses viennent de {reading}</translation>
    </message>
    <message>
        <source>sends everything back</source>
        <translation>renvoie tout</translation>
    </message>
    <message>
        <source>throws everything away</source>
        <translation>jette tout</translation>
    </message>
    <message>
        <source>answers with a text</source>
        <translation>répond par un texte</translation>
    </message>
    <message>
        <source>answers nothing</source>
        <translation>ne répond rien</translation>
    </message>
    <message>
        <source>passes what one says to all who are connected</source>
        <translation>transmet ce que dit l’un à tous ceux qui sont connectés</translation>
    </message>
    <message>
        <source>passes everything to the first that answers: {name}</source>
        <translation>transmet tout au premier qui répond&#x202f;: {name}</translation>
    </message>
    <message>
        <source>passes everything to all of {name}</source>
        <translation>transmet tout à la fois à {name}</translation>
    </message>
    <message>
        <source>passes everything to {name}</source>
        <translation>transmet tout à {name}</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export “{name}”</source>
        <translation>Exporter «&#xa0;{name}&#xa0;»</translation>
    </message>
    <message>
        <source>Export as</source>
        <translation>Exporter comme</translation>
    </message>
    <message>
        <source>The text</source>
        <translation>Le texte</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Enregistrer sous…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Type its passwords again after importing it: they stay here.</source>
        <translation>Saisissez de nouveau ses mots de passe après l’importation&#xa0;: ils restent ici.</translation>
    </message>
    <message>
        <source>Bascule profile</source>
        <translation>Profil Bascule</translation>
    </message>
    <message>
        <source>For Bascule on another computer, or as a safe copy.</source>
        <translation>Pour Bascule sur un autre ordinateur, ou comme copie de sauvegarde.</translation>
    </message>
    <message>
        <source>Command for socat</source>
        <translation>Commande pour socat</translation>
    </message>
    <message>
        <source>One line for a terminal or a script on Linux and macOS.</source>
        <translation>Une ligne pour un terminal ou un script sous Linux et macOS.</translation>
    </message>
    <message>
        <source>Service for systemd</source>
        <translation>Service pour systemd</translation>
    </message>
    <message>
        <source>Starts with a Linux server, without a window and without anybody logged in. Put it into /etc/systemd/system.</source>
        <translation>Démarre avec un serveur Linux, sans fenêtre et sans session ouverte. Placez-le dans /etc/systemd/system.</translation>
    </message>
    <message>
        <source>Configuration for haproxy</source>
        <translation>Configuration pour haproxy</translation>
    </message>
    <message>
        <source>For a Linux server with many connections.</source>
        <translation>Pour un serveur Linux avec beaucoup de connexions.</translation>
    </message>
    <message>
        <source>Configuration for nginx</source>
        <translation>Configuration pour nginx</translation>
    </message>
    <message>
        <source>For a server that has nginx already (its stream module).</source>
        <translation>Pour un serveur qui a déjà nginx (son module stream).</translation>
    </message>
    <message>
        <source>Configuration for stunnel</source>
        <translation>Configuration pour stunnel</translation>
    </message>
    <message>
        <source>Adds TLS to a service that has none, or takes it off.</source>
        <translation>Ajoute TLS à un service qui n’en a pas, ou l’enlève.</translation>
    </message>
    <message>
        <source>Configuration for ser2net</source>
        <translation>Configuration pour ser2net</translation>
    </message>
    <message>
        <source>Puts a serial port on the network, from a small Linux box.</source>
        <translation>Met un port série sur le réseau, depuis un petit boîtier Linux.</translation>
    </message>
</context>
<context>
    <name>Exports</name>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>no</source>
        <translation>non</translation>
    </message>
    <message>
        <source>{program} has no setting for “{label}” ({value}).</source>
        <translation>{program} n’a pas de réglage pour «&#xa0;{label}&#xa0;» ({value}).</translation>
    </message>
    <message>
        <source>Anyone who reaches the port gets in. Let a firewall keep out all but {value}.</source>
        <translation>Quiconque atteint le port peut entrer. Laissez un pare-feu écarter tous les autres que {value}.</translation>
    </message>
    <message>
        <source>Every user of the computer can connect to {value}. Keep the others out by the permissions of its folder.</source>
        <translation>Tous les utilisateurs de l’ordinateur peuvent se connecter à {value}. Écartez les autres par les droits de son dossier.</translation>
    </message>
    <message>
        <source>{program} hangs up when a client has finished sending: an answer that is still to come is lost.</source>
        <translation>{program} raccroche quand un client a fini d’envoyer&#xa0;: une réponse encore attendue est perdue.</translation>
    </message>
    <message>
        <source>{program} looks up {value} when it starts, and not again. Start it again when the address has changed.</source>
        <translation>{program} cherche l’adresse de {value} à son démarrage, et plus ensuite. Redémarrez-le quand l’adresse a changé.</translation>
    </message>
    <message>
        <source>{program} takes the first target, then any of the others: their order is lost.</source>
        <translation>{program} prend la première cible, puis n’importe laquelle des autres&#xa0;: leur ordre est perdu.</translation>
    </message>
    <message>
        <source>{program} ends with the first connection. Start it again each time, for example as a service.</source>
        <translation>{program} se termine avec la première connexion. Relancez-le à chaque fois, par exemple comme service.</translation>
    </message>
    <message>
        <source>Write the password in place of {value}: passwords are never exported.</source>
        <translation>Écrivez le mot de passe à la place de {value}&#xa0;: les mots de passe ne sont jamais exportés.</translation>
    </message>
    <message>
        <source>The passphrase of the key {value} is never exported. {program} asks for it when it starts, or needs a key without one.</source>
        <translation>La phrase secrète de la clé {value} n’est jamais exportée. {program} la demande à son démarrage, ou a besoin d’une clé qui n’en a pas.</translation>
    </message>
    <message>
        <source>Put certificate and key into one file, with this command: {value}</source>
        <translation>Réunissez le certificat et la clé dans un seul fichier, avec cette commande&#xa0;: {value}</translation>
    </message>
    <message>
        <source>Look whether the trusted authorities of that computer are in {value}, as on Debian and Ubuntu; else write their path there.</source>
        <translation>Vérifiez que les autorités de confiance de cet ordinateur sont dans {value}, comme sous Debian et Ubuntu&#xa0;; sinon, écrivez-y leur chemin.</translation>
    </message>
    <message>
        <source>{program} compares names only. Write the name in the certificate in place of {value}.</source>
        <translation>{program} ne compare que des noms. Écrivez le nom qui est dans le certificat à la place de {value}.</translation>
    </message>
    <message>
        <source>Choose the account that may read its files (User=): without one the service runs as root.</source>
        <translation>Choisissez le compte qui peut lire ses fichiers (User=)&#xa0;: sans compte, le service tourne en tant que root.</translation>
    </message>
    <message>
        <source>Install Bascule on that computer: the service runs it.</source>
        <translation>Installez Bascule sur cet ordinateur&#xa0;: le service l’exécute.</translation>
    </message>
    <message>
        <source>It has nothing like the source “{kind}”.</source>
        <translation>Il n’a rien qui ressemble à la source «&#xa0;{kind}&#xa0;».</translation>
    </message>
    <message>
        <source>It has nothing like the target “{kind}”.</source>
        <translation>Il n’a rien qui ressemble à la cible «&#xa0;{kind}&#xa0;».</translation>
    </message>
    <message>
        <source>It does not know these proxies on the way to the target.</source>
        <translation>Il ne connaît pas ces proxys sur le chemin vers la cible.</translation>
    </message>
    <message>
        <source>It cannot encrypt with TLS there.</source>
        <translation>Il ne peut pas chiffrer avec TLS à cet endroit.</translation>
    </message>
    <message>
        <source>It needs TLS on one side and none on the other: it adds TLS or removes it.</source>
        <translation>Il lui faut TLS d’un côté et pas de l’autre&#xa0;: il ajoute TLS ou l’enlève.</translation>
    </message>
    <message>
        <source>It cannot handle the header of a load balancer (PROXY) there.</source>
        <translation>Il ne sait pas traiter à cet endroit l’en-tête d’un répartiteur de charge (PROXY).</translation>
    </message>
    <message>
        <source>It cannot use an abstract name instead of a path.</source>
        <translation>Il ne peut pas utiliser un nom abstrait au lieu d’un chemin.</translation>
    </message>
    <message>
        <source>The relay listens on any free port, and there the port must be chosen.</source>
        <translation>Le relais écoute sur n’importe quel port libre, et là-bas le port doit être choisi.</translation>
    </message>
    <message>
        <source>Its configuration cannot hold the characters of “{value}”.</source>
        <translation>Sa configuration ne peut pas contenir les caractères de «&#xa0;{value}&#xa0;».</translation>
    </message>
    <message>
        <source>It cannot use the address of one interface, {value}.</source>
        <translation>Il ne peut pas utiliser l’adresse d’une interface, {value}.</translation>
    </message>
    <message>
        <source>Its targets may differ in host and port only, and these differ in more.</source>
        <translation>Ses cibles ne peuvent différer que par l’hôte et le port, et celles-ci diffèrent davantage.</translation>
    </message>
    <message>
        <source>It can connect from an address only, not from a name.</source>
        <translation>Il ne peut se connecter que depuis une adresse, pas depuis un nom.</translation>
    </message>
    <message>
        <source>Its serial ports have 1 or 2 stop bits.</source>
        <translation>Ses ports série ont 1 ou 2 bits d’arrêt.</translation>
    </message>
    <message>
        <source>A service has nothing like “{kind}”.</source>
        <translation>Un service n’a rien qui ressemble à «&#xa0;{kind}&#xa0;».</translation>
    </message>
    <message>
        <source>It has no words for something in this relay.</source>
        <translation>Il n’a pas de mots pour quelque chose dans ce relais.</translation>
    </message>
    <message>
        <source>{program} cannot do what this relay does</source>
        <translation>{program} ne peut pas faire ce que fait ce relais</translation>
    </message>
    <message>
        <source>That program cannot do what this relay does</source>
        <translation>Ce programme ne peut pas faire ce que fait ce relais</translation>
    </message>
    <message>
        <source>Choose another program.</source>
        <translation>Choisissez un autre programme.</translation>
    </message>
    <message>
        <source>Choose another program. A systemd service can do all of it, with Bascule inside.</source>
        <translation>Choisissez un autre programme. Un service systemd peut tout faire, avec Bascule à l’intérieur.</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>B</source>
        <translation>o</translation>
    </message>
    <message>
        <source>kB</source>
        <translation>ko</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>Mo</translation>
    </message>
    <message>
        <source>GB</source>
        <translation>Go</translation>
    </message>
    <message>
        <source>TB</source>
        <translation>To</translation>
    </message>
    <message>
        <source>B/s</source>
        <translation>o/s</translation>
    </message>
    <message>
        <source>kB/s</source>
        <translation>ko/s</translation>
    </message>
    <message>
        <source>MB/s</source>
        <translation>Mo/s</translation>
    </message>
    <message>
        <source>GB/s</source>
        <translation>Go/s</translation>
    </message>
    <message>
        <source>TB/s</source>
        <translation>To/s</translation>
    </message>
    <message>
        <source>{count} bytes</source>
        <translation>{count} octets</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds}&#xa0;s</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes}&#xa0;min</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours}&#xa0;h</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours}&#xa0;h {minutes}&#xa0;min</translation>
    </message>
    <message>
        <source>{days} d {hours} h</source>
        <translation>{days}&#xa0;j {hours}&#xa0;h</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>à l’instant</translation>
    </message>
    <message>
        <source>{span} ago</source>
        <translation>il y a {span}</translation>
    </message>
</context>
<context>
    <name>FoundCard</name>
    <message>
        <source>Continue</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Enregistré</translation>
    </message>
    <message>
        <source>Anyone on the network can connect. The next page lets you change that.</source>
        <translation>Tout le réseau peut se connecter. La page suivante permet de le changer.</translation>
    </message>
    <message>
        <source>It serves one connection and then stops, as the command says.</source>
        <translation>Il sert une seule connexion, puis s’arrête, comme le dit la commande.</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import a profile</source>
        <translation>Importer un profil</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>It is saved stopped. Passwords are not in the file: edit the relay to add them.</source>
        <translation>Il est enregistré arrêté. Les mots de passe ne sont pas dans le fichier&#xa0;: modifiez le relais pour les ajouter.</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Anyone on the network can connect</source>
        <translation>Tout le monde sur le réseau peut se connecter</translation>
    </message>
    <message>
        <source>It runs a program on this computer. Nothing runs before you have read the exact command and allowed it.</source>
        <translation>Il lance un programme sur cet ordinateur. Rien ne démarre avant que vous ayez lu et autorisé la commande exacte.</translation>
    </message>
</context>
<context>
    <name>Kinds</name>
    <message>
        <source>Network</source>
        <translation>Réseau</translation>
    </message>
    <message>
        <source>Devices and terminals</source>
        <translation>Appareils et terminaux</translation>
    </message>
    <message>
        <source>Programs and files</source>
        <translation>Programmes et fichiers</translation>
    </message>
    <message>
        <source>Between programs of this computer</source>
        <translation>Entre programmes de cet ordinateur</translation>
    </message>
    <message>
        <source>Bascule itself</source>
        <translation>Bascule lui-même</translation>
    </message>
    <message>
        <source>Several as one</source>
        <translation>Plusieurs réunis</translation>
    </message>
    <message>
        <source>Programs connect to a TCP port of this computer. Each is a connection of its own.</source>
        <translation>Des programmes se connectent à un port TCP de cet ordinateur. Chacun a sa propre connexion.</translation>
    </message>
    <message>
        <source>Bascule connects to a service, directly or through proxies, encrypted if you like.</source>
        <translation>Bascule se connecte à un service, directement ou par des proxys, avec chiffrement si vous le souhaitez.</translation>
    </message>
    <message>
        <source>Datagrams arrive on a UDP port. Each sender is a connection of its own, until it has been silent for a while.</source>
        <translation>Des datagrammes arrivent sur un port UDP. Chaque expéditeur a sa propre connexion, jusqu’à ce qu’il se taise un certain temps.</translation>
    </message>
    <message>
        <source>Each datagram that arrives is a connection of its own, and the answer goes to its sender: for single questions, as DNS and SNMP ask them.</source>
        <translation>Chaque datagramme reçu est une connexion à lui seul, et la réponse va à son expéditeur&#xa0;: pour des questions isolées, comme en DNS et en SNMP.</translation>
    </message>
    <message>
        <source>Takes datagrams from everybody and answers nobody, as a log server does.</source>
        <translation>Reçoit les datagrammes de tous et ne répond à personne, comme un serveur de journaux.</translation>
    </message>
    <message>
        <source>Exchanges datagrams with one host, and notices when nobody is there.</source>
        <translation>Échange des datagrammes avec un seul hôte, et remarque si personne n’y est.</translation>
    </message>
    <message>
        <source>Sends datagrams to one host and takes answers from that host only.</source>
        <translation>Envoie des datagrammes à un hôte et n’accepte de réponses que de lui.</translation>
    </message>
    <message>
        <source>Sends datagrams to a multicast group or to everybody on the network, and takes them from anyone.</source>
        <translation>Envoie des datagrammes à un groupe de multidiffusion ou à tout le réseau, et en accepte de tous.</translation>
    </message>
    <message>
        <source>A device on a serial port. One connection at a time uses it.</source>
        <translation>Un appareil sur un port série. Une seule connexion à la fois l’utilise.</translation>
    </message>
    <message>
        <source>A terminal that programs of this computer open as if it were a serial port. Windows has none.</source>
        <translation>Un terminal que les programmes de cet ordinateur ouvrent comme un port série. Windows n’en a pas.</translation>
    </message>
    <message>
        <source>Starts a program, a fresh one for each connection. What arrives is its input, what it writes comes back.</source>
        <translation>Démarre un programme, un nouveau pour chaque connexion. Ce qui arrive est son entrée, ce qu’il écrit revient.</translation>
    </message>
    <message>
        <source>Reads a file or writes into it, for example to keep what a device says.</source>
        <translation>Lit un fichier ou y écrit, par exemple pour garder ce que dit un appareil.</translation>
    </message>
    <message>
        <source>A pipe (FIFO) that another program of this computer opens like a file.</source>
        <translation>Un tube (FIFO) qu’un autre programme de cet ordinateur ouvre comme un fichier.</translation>
    </message>
    <message>
        <source>The input and output of the command bascule relay. A relay that this window starts has neither.</source>
        <translation>L’entrée et la sortie de la commande bascule relay. Un relais démarré par cette fenêtre n’en a pas.</translation>
    </message>
    <message>
        <source>A file that was open already when the command bascule relay began. A relay that this window starts has none.</source>
        <translation>Un fichier déjà ouvert au démarrage de la commande bascule relay. Un relais démarré par cette fenêtre n’en a pas.</translation>
    </message>
    <message>
        <source>Programs of this computer connect to a socket, which lies in a folder like a file.</source>
        <translation>Des programmes de cet ordinateur se connectent à un socket, placé dans un dossier comme un fichier.</translation>
    </message>
    <message>
        <source>Bascule connects to the socket of a program of this computer.</source>
        <translation>Bascule se connecte au socket d’un programme de cet ordinateur.</translation>
    </message>
    <message>
        <source>Each datagram that a program of this computer sends to the socket is a connection of its own, and the answer goes to its sender.</source>
        <translation>Chaque datagramme qu’un programme de cet ordinateur envoie au socket est une connexion à lui seul, et la réponse va à son expéditeur.</translation>
    </message>
    <message>
        <source>Takes datagrams from programs of this computer on a socket and answers nobody.</source>
        <translation>Reçoit sur un socket les datagrammes de programmes de cet ordinateur et ne répond à personne.</translation>
    </message>
    <message>
        <source>Sends datagrams to the socket of a program of this computer.</source>
        <translation>Envoie des datagrammes au socket d’un programme de cet ordinateur.</translation>
    </message>
    <message>
        <source>Programs open a named pipe of Windows. Other systems have none.</source>
        <translation>Des programmes ouvrent un tube nommé de Windows. Les autres systèmes n’en ont pas.</translation>
    </message>
    <message>
        <source>Bascule opens the named pipe of a program, for example of a virtual machine. Only Windows has them.</source>
        <translation>Bascule ouvre le tube nommé d’un programme, par exemple d’une machine virtuelle. Windows seul en a.</translation>
    </message>
    <message>
        <source>Sends back what it is sent: good for trying out a line.</source>
        <translation>Renvoie ce qu’il reçoit&#xa0;: pratique pour essayer une ligne.</translation>
    </message>
    <message>
        <source>Takes everything and keeps nothing.</source>
        <translation>Prend tout et ne garde rien.</translation>
    </message>
    <message>
        <source>Says a text that you write here and ends, such as “We are closed”.</source>
        <translation>Dit un texte que vous écrivez ici puis termine, par exemple «&#xa0;Nous sommes fermés&#xa0;».</translation>
    </message>
    <message>
        <source>Never says anything: shows what a program does when nobody answers.</source>
        <translation>Ne dit jamais rien&#xa0;: montre ce que fait un programme quand personne ne répond.</translation>
    </message>
    <message>
        <source>What one who is connected says, line by line, all the others hear.</source>
        <translation>Ce que dit l’un des connectés, ligne par ligne, tous les autres l’entendent.</translation>
    </message>
    <message>
        <source>Answers every request of a browser or program with the page you write here, such as “Back at 2 pm”.</source>
        <translation>Répond à chaque requête d’un navigateur ou d’un programme par la page que vous écrivez ici, par exemple «&#xa0;De retour à 14&#xa0;h&#xa0;».</translation>
    </message>
    <message>
        <source>Tells who asks how this computer is: its name, time, how long it runs and how busy it is.</source>
        <translation>Dit à qui le demande comment va cet ordinateur&#xa0;: son nom, son heure, depuis quand il tourne et sa charge.</translation>
    </message>
    <message>
        <source>Puts the files and folders that somebody sends (with tar, for example) into a folder, and shows the SHA-256 of each in the log.</source>
        <translation>Range dans un dossier les fichiers et dossiers que quelqu’un envoie (avec tar, par exemple), et montre dans le journal le SHA-256 de chacun.</translation>
    </message>
    <message>
        <source>Gives one file to whoever has the link that Bascule makes, so often and so long as you allow, then stops.</source>
        <translation>Donne un fichier à qui possède le lien que Bascule crée, autant de fois et aussi longtemps que vous le permettez, puis s’arrête.</translation>
    </message>
    <message>
        <source>Sends a file or a whole folder to a Bascule or a tar on the other side, and shows how far it is and the SHA-256 of each file.</source>
        <translation>Envoie un fichier ou un dossier entier à un Bascule ou à un tar de l’autre côté, et montre où en est l’envoi et le SHA-256 de chaque fichier.</translation>
    </message>
    <message>
        <source>Sends bytes that nothing can compress and shows how fast the other side takes them.</source>
        <translation>Envoie des octets que rien ne peut compresser et montre à quelle vitesse l’autre côté les prend.</translation>
    </message>
    <message>
        <source>Checks again and again whether the target answers, and tells you when that changes. Nothing is sent.</source>
        <translation>Vérifie encore et encore si la cible répond, et vous prévient quand cela change. Rien n’est envoyé.</translation>
    </message>
    <message>
        <source>Writes each line that arrives to one log file, with the time and who sent it, and begins a new file when it is full.</source>
        <translation>Écrit chaque ligne reçue dans un même journal, avec l’heure et l’expéditeur, et commence un nouveau fichier quand il est plein.</translation>
    </message>
    <message>
        <source>Each connection goes to the first of these targets that can be reached. Put the best at the top.</source>
        <translation>Chaque connexion va à la première de ces cibles qui est joignable. Placez la meilleure en haut.</translation>
    </message>
    <message>
        <source>All these targets get what the source says, and one of them answers.</source>
        <translation>Toutes ces cibles reçoivent ce que dit la source, et l’une d’elles répond.</translation>
    </message>
    <message>
        <source>Two ends that each do one half: what is read comes from the one, what is written goes to the other.</source>
        <translation>Deux extrémités qui font chacune une moitié&#xa0;: ce qui est lu vient de l’une, ce qui est écrit va à l’autre.</translation>
    </message>
</context>
<context>
    <name>Labels</name>
    <message>
        <source>Listen on a TCP port</source>
        <translation>Écouter sur un port TCP</translation>
    </message>
    <message>
        <source>Connect to a TCP host</source>
        <translation>Se connecter à un hôte TCP</translation>
    </message>
    <message>
        <source>Listen on a Unix socket</source>
        <translation>Écouter sur un socket Unix</translation>
    </message>
    <message>
        <source>Connect to a Unix socket</source>
        <translation>Se connecter à un socket Unix</translation>
    </message>
    <message>
        <source>Serial port</source>
        <translation>Port série</translation>
    </message>
    <message>
        <source>Listen on a UDP port</source>
        <translation>Écouter sur un port UDP</translation>
    </message>
    <message>
        <source>Answer each UDP datagram</source>
        <translation>Répondre à chaque datagramme UDP</translation>
    </message>
    <message>
        <source>Receive UDP datagrams</source>
        <translation>Recevoir des datagrammes UDP</translation>
    </message>
    <message>
        <source>UDP with one host</source>
        <translation>UDP avec un seul hôte</translation>
    </message>
    <message>
        <source>Send UDP datagrams</source>
        <translation>Envoyer des datagrammes UDP</translation>
    </message>
    <message>
        <source>UDP to a group or to everybody</source>
        <translation>UDP vers un groupe ou vers tous</translation>
    </message>
    <message>
        <source>Answer each datagram of a Unix socket</source>
        <translation>Répondre à chaque datagramme d’un socket Unix</translation>
    </message>
    <message>
        <source>Receive datagrams of a Unix socket</source>
        <translation>Recevoir les datagrammes d’un socket Unix</translation>
    </message>
    <message>
        <source>Send datagrams to a Unix socket</source>
        <translation>Envoyer des datagrammes à un socket Unix</translation>
    </message>
    <message>
        <source>Offer a named pipe</source>
        <translation>Proposer un tube nommé</translation>
    </message>
    <message>
        <source>Open a named pipe</source>
        <translation>Ouvrir un tube nommé</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programme</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Pseudo terminal</source>
        <translation>Pseudo-terminal</translation>
    </message>
    <message>
        <source>Pipe</source>
        <translation>Tube</translation>
    </message>
    <message>
        <source>Standard input and output</source>
        <translation>Entrée et sortie standard</translation>
    </message>
    <message>
        <source>Descriptor</source>
        <translation>Descripteur</translation>
    </message>
    <message>
        <source>Echo</source>
        <translation>Écho</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Rebut</translation>
    </message>
    <message>
        <source>Fixed answer</source>
        <translation>Réponse fixe</translation>
    </message>
    <message>
        <source>Silence</source>
        <translation>Silence</translation>
    </message>
    <message>
        <source>Room where all hear all</source>
        <translation>Salon où tous entendent tous</translation>
    </message>
    <message>
        <source>Fixed HTTP answer</source>
        <translation>Réponse HTTP fixe</translation>
    </message>
    <message>
        <source>Health of this computer</source>
        <translation>Santé de cet ordinateur</translation>
    </message>
    <message>
        <source>Receive files</source>
        <translation>Recevoir des fichiers</translation>
    </message>
    <message>
        <source>Hand out a file</source>
        <translation>Donner un fichier</translation>
    </message>
    <message>
        <source>Send files</source>
        <translation>Envoyer des fichiers</translation>
    </message>
    <message>
        <source>Log collector</source>
        <translation>Collecteur de journaux</translation>
    </message>
    <message>
        <source>Throughput meter</source>
        <translation>Mesure du débit</translation>
    </message>
    <message>
        <source>Check again and again</source>
        <translation>Vérification régulière</translation>
    </message>
    <message>
        <source>First target that answers</source>
        <translation>Première cible qui répond</translation>
    </message>
    <message>
        <source>Several targets at once</source>
        <translation>Plusieurs cibles à la fois</translation>
    </message>
    <message>
        <source>Two ends as one</source>
        <translation>Deux extrémités en une</translation>
    </message>
    <message>
        <source>{label} (proxy {number})</source>
        <translation>{label} (proxy {number})</translation>
    </message>
    <message>
        <source>Certificate file</source>
        <translation>Fichier du certificat</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Fichier de la clé</translation>
    </message>
    <message>
        <source>Your client certificate</source>
        <translation>Votre certificat client</translation>
    </message>
    <message>
        <source>Key of your certificate</source>
        <translation>Clé de votre certificat</translation>
    </message>
    <message>
        <source>Passphrase of the key</source>
        <translation>Phrase secrète de la clé</translation>
    </message>
    <message>
        <source>Admit only clients signed by</source>
        <translation>N’admettre que les clients signés par</translation>
    </message>
    <message>
        <source>Verify the certificate of the target</source>
        <translation>Vérifier le certificat de la cible</translation>
    </message>
    <message>
        <source>Trust this authority</source>
        <translation>Faire confiance à cette autorité</translation>
    </message>
    <message>
        <source>Name to verify</source>
        <translation>Nom à vérifier</translation>
    </message>
    <message>
        <source>Kind of proxy</source>
        <translation>Type de proxy</translation>
    </message>
    <message>
        <source>Proxy host</source>
        <translation>Hôte du proxy</translation>
    </message>
    <message>
        <source>Proxy port</source>
        <translation>Port du proxy</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>Nom d’utilisateur</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>Address to listen on</source>
        <translation>Adresse d’écoute</translation>
    </message>
    <message>
        <source>Port to listen on</source>
        <translation>Port d’écoute</translation>
    </message>
    <message>
        <source>Target host</source>
        <translation>Hôte cible</translation>
    </message>
    <message>
        <source>Target port</source>
        <translation>Port cible</translation>
    </message>
    <message>
        <source>Encrypt with TLS</source>
        <translation>Chiffrer avec TLS</translation>
    </message>
    <message>
        <source>Connections held back</source>
        <translation>Connexions mises en attente</translation>
    </message>
    <message>
        <source>Notice when the other side is gone</source>
        <translation>Remarquer quand l’autre côté a disparu</translation>
    </message>
    <message>
        <source>Send small pieces at once</source>
        <translation>Envoyer aussitôt les petits morceaux</translation>
    </message>
    <message>
        <source>Path of the socket</source>
        <translation>Chemin du socket</translation>
    </message>
    <message>
        <source>Permissions of the socket</source>
        <translation>Permissions du socket</translation>
    </message>
    <message>
        <source>Proxies on the way</source>
        <translation>Proxys sur le chemin</translation>
    </message>
    <message>
        <source>Give up connecting after</source>
        <translation>Renoncer à se connecter après</translation>
    </message>
    <message>
        <source>IP version</source>
        <translation>Version d’IP</translation>
    </message>
    <message>
        <source>Connect from address</source>
        <translation>Se connecter depuis l’adresse</translation>
    </message>
    <message>
        <source>Speed (baud)</source>
        <translation>Vitesse (bauds)</translation>
    </message>
    <message>
        <source>Data bits</source>
        <translation>Bits de données</translation>
    </message>
    <message>
        <source>Parity</source>
        <translation>Parité</translation>
    </message>
    <message>
        <source>Stop bits</source>
        <translation>Bits d’arrêt</translation>
    </message>
    <message>
        <source>Flow control</source>
        <translation>Contrôle de flux</translation>
    </message>
    <message>
        <source>DTR on opening</source>
        <translation>DTR à l’ouverture</translation>
    </message>
    <message>
        <source>RTS on opening</source>
        <translation>RTS à l’ouverture</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Cible</translation>
    </message>
    <message>
        <source>Relay</source>
        <translation>Relais</translation>
    </message>
    <message>
        <source>Who may connect</source>
        <translation>Qui peut se connecter</translation>
    </message>
    <message>
        <source>Connections at the same time</source>
        <translation>Connexions simultanées</translation>
    </message>
    <message>
        <source>Connections above the limit</source>
        <translation>Connexions au-delà de la limite</translation>
    </message>
    <message>
        <source>End silent connections after</source>
        <translation>Fermer les connexions muettes après</translation>
    </message>
    <message>
        <source>Wait for the last answer</source>
        <translation>Attendre la dernière réponse</translation>
    </message>
    <message>
        <source>First pause before trying again</source>
        <translation>Première pause avant de réessayer</translation>
    </message>
    <message>
        <source>Longest pause before trying again</source>
        <translation>Plus longue pause avant de réessayer</translation>
    </message>
    <message>
        <source>Which way bytes go</source>
        <translation>Sens des octets</translation>
    </message>
    <message>
        <source>Serve one connection only</source>
        <translation>Servir une seule connexion</translation>
    </message>
    <message>
        <source>End when half finished and silent for</source>
        <translation>Fin si un côté a fini et silence pendant</translation>
    </message>
    <message>
        <source>Connections of one address</source>
        <translation>Connexions d’une même adresse</translation>
    </message>
    <message>
        <source>How lines end</source>
        <translation>Fin des lignes</translation>
    </message>
    <message>
        <source>Go on after the end</source>
        <translation>Continuer après la fin</translation>
    </message>
    <message>
        <source>An empty datagram is the end</source>
        <translation>Un datagramme vide marque la fin</translation>
    </message>
    <message>
        <source>Close without telling the end</source>
        <translation>Fermer sans annoncer la fin</translation>
    </message>
    <message>
        <source>How the end is told</source>
        <translation>Comment la fin est annoncée</translation>
    </message>
    <message>
        <source>Read so many bytes</source>
        <translation>Nombre d’octets à lire</translation>
    </message>
    <message>
        <source>Byte that ends it</source>
        <translation>Octet qui y met fin</translation>
    </message>
    <message>
        <source>Number of tries</source>
        <translation>Nombre d’essais</translation>
    </message>
    <message>
        <source>Pause between tries</source>
        <translation>Pause entre deux essais</translation>
    </message>
    <message>
        <source>Silence before asking</source>
        <translation>Silence avant de demander</translation>
    </message>
    <message>
        <source>Pause between questions</source>
        <translation>Pause entre deux demandes</translation>
    </message>
    <message>
        <source>Unanswered questions</source>
        <translation>Demandes sans réponse</translation>
    </message>
    <message>
        <source>Closing waits at most</source>
        <translation>La fermeture attend au plus</translation>
    </message>
    <message>
        <source>The command runs in</source>
        <translation>La commande s’exécute dans</translation>
    </message>
    <message>
        <source>no shell: it is split at spaces</source>
        <translation>aucun shell&#xa0;: elle est coupée aux espaces</translation>
    </message>
    <message>
        <source>{label} (target {number})</source>
        <translation>{label} (cible {number})</translation>
    </message>
    <message>
        <source>Host to reach</source>
        <translation>Hôte à joindre</translation>
    </message>
    <message>
        <source>Port to reach</source>
        <translation>Port à joindre</translation>
    </message>
    <message>
        <source>Send from address</source>
        <translation>Envoyer depuis l’adresse</translation>
    </message>
    <message>
        <source>Socket of its own</source>
        <translation>Socket propre</translation>
    </message>
    <message>
        <source>Socket for the answers</source>
        <translation>Socket pour les réponses</translation>
    </message>
    <message>
        <source>Take datagrams only from</source>
        <translation>N’accepter de datagrammes que de</translation>
    </message>
    <message>
        <source>Move at most at once</source>
        <translation>Transmettre au plus à la fois</translation>
    </message>
    <message>
        <source>Limit from source to target</source>
        <translation>Limite de la source vers la cible</translation>
    </message>
    <message>
        <source>Limit from target to source</source>
        <translation>Limite de la cible vers la source</translation>
    </message>
    <message>
        <source>Change line ends, or how the end is told</source>
        <translation>Changer les fins de ligne ou l’annonce de la fin</translation>
    </message>
    <message>
        <source>Try again when it cannot be opened</source>
        <translation>Réessayer si l’ouverture ne réussit pas</translation>
    </message>
    <message>
        <source>Settings of the network socket</source>
        <translation>Réglages du socket réseau</translation>
    </message>
    <message>
        <source>Send buffer</source>
        <translation>Tampon d’envoi</translation>
    </message>
    <message>
        <source>Receive buffer</source>
        <translation>Tampon de réception</translation>
    </message>
    <message>
        <source>Hop limit (TTL)</source>
        <translation>Nombre de sauts (TTL)</translation>
    </message>
    <message>
        <source>Type of service (TOS)</source>
        <translation>Type de service (TOS)</translation>
    </message>
    <message>
        <source>Take the port again at once</source>
        <translation>Reprendre le port aussitôt</translation>
    </message>
    <message>
        <source>Share the port</source>
        <translation>Partager le port</translation>
    </message>
    <message>
        <source>Network interface</source>
        <translation>Interface réseau</translation>
    </message>
    <message>
        <source>Oldest version of TLS</source>
        <translation>Version de TLS la plus ancienne</translation>
    </message>
    <message>
        <source>Ciphers (TLS 1.2)</source>
        <translation>Suites de chiffrement (TLS 1.2)</translation>
    </message>
    <message>
        <source>Ask for the server by name (SNI)</source>
        <translation>Demander le serveur par son nom (SNI)</translation>
    </message>
    <message>
        <source>Connections begin with a PROXY header</source>
        <translation>Les connexions commencent par un en-tête PROXY</translation>
    </message>
    <message>
        <source>Send a PROXY header</source>
        <translation>Envoyer un en-tête PROXY</translation>
    </message>
    <message>
        <source>Stop when nobody comes within</source>
        <translation>Arrêter si personne ne vient en</translation>
    </message>
    <message>
        <source>Local port</source>
        <translation>Port local</translation>
    </message>
    <message>
        <source>Local port below 1024</source>
        <translation>Port local inférieur à 1024</translation>
    </message>
    <message>
        <source>Abstract name (Linux)</source>
        <translation>Nom abstrait (Linux)</translation>
    </message>
    <message>
        <source>Owner of the socket</source>
        <translation>Propriétaire du socket</translation>
    </message>
    <message>
        <source>Remove it at the end</source>
        <translation>Supprimer à la fin</translation>
    </message>
    <message>
        <source>Remove what is there before</source>
        <translation>Supprimer d’abord ce qui s’y trouve</translation>
    </message>
    <message>
        <source>Multicast groups</source>
        <translation>Groupes de multidiffusion</translation>
    </message>
    <message>
        <source>Allow broadcast</source>
        <translation>Autoriser la diffusion générale</translation>
    </message>
    <message>
        <source>Interface for multicast</source>
        <translation>Interface de multidiffusion</translation>
    </message>
    <message>
        <source>Routers a multicast may pass</source>
        <translation>Routeurs qu’une multidiffusion peut franchir</translation>
    </message>
    <message>
        <source>Multicast reaches this computer too</source>
        <translation>La multidiffusion atteint aussi cet ordinateur</translation>
    </message>
    <message>
        <source>Forget a silent peer after</source>
        <translation>Oublier un pair silencieux après</translation>
    </message>
    <message>
        <source>Peers at the same time</source>
        <translation>Pairs en même temps</translation>
    </message>
    <message>
        <source>Settings of the terminal</source>
        <translation>Réglages du terminal</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Commande</translation>
    </message>
    <message>
        <source>How it is joined</source>
        <translation>Comment il est relié</translation>
    </message>
    <message>
        <source>Carry its messages too</source>
        <translation>Transmettre aussi ses messages</translation>
    </message>
    <message>
        <source>A session of its own</source>
        <translation>Une session à lui</translation>
    </message>
    <message>
        <source>Its terminal controls it</source>
        <translation>Son terminal le contrôle</translation>
    </message>
    <message>
        <source>As a login shell</source>
        <translation>Comme shell de connexion</translation>
    </message>
    <message>
        <source>Folders to look in</source>
        <translation>Dossiers où chercher</translation>
    </message>
    <message>
        <source>Descriptor it reads</source>
        <translation>Descripteur qu’il lit</translation>
    </message>
    <message>
        <source>Descriptor it writes</source>
        <translation>Descripteur qu’il écrit</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Statut</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Page</translation>
    </message>
    <message>
        <source>What the page is</source>
        <translation>Nature de la page</translation>
    </message>
    <message>
        <source>More header fields</source>
        <translation>Autres champs d’en-tête</translation>
    </message>
    <message>
        <source>How it is said</source>
        <translation>Forme de la réponse</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>A name that is taken</source>
        <translation>Un nom déjà pris</translation>
    </message>
    <message>
        <source>File to hand out</source>
        <translation>Fichier à donner</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>Téléchargements</translation>
    </message>
    <message>
        <source>Ends after (minutes)</source>
        <translation>S’arrête après (minutes)</translation>
    </message>
    <message>
        <source>One file, with this name</source>
        <translation>Un seul fichier, sous ce nom</translation>
    </message>
    <message>
        <source>Write at most (MB)</source>
        <translation>Écrire au plus (Mo)</translation>
    </message>
    <message>
        <source>File or folder</source>
        <translation>Fichier ou dossier</translation>
    </message>
    <message>
        <source>Send the file as it is, without an archive</source>
        <translation>Envoyer le fichier tel quel, sans archive</translation>
    </message>
    <message>
        <source>Log file</source>
        <translation>Fichier journal</translation>
    </message>
    <message>
        <source>Time before each line</source>
        <translation>Heure avant chaque ligne</translation>
    </message>
    <message>
        <source>Sender before each line</source>
        <translation>Expéditeur avant chaque ligne</translation>
    </message>
    <message>
        <source>New file after (MB)</source>
        <translation>Nouveau fichier au-delà de (Mo)</translation>
    </message>
    <message>
        <source>New file each day</source>
        <translation>Nouveau fichier chaque jour</translation>
    </message>
    <message>
        <source>Old files to keep</source>
        <translation>Anciens fichiers à garder</translation>
    </message>
    <message>
        <source>Send for</source>
        <translation>Envoyer pendant</translation>
    </message>
    <message>
        <source>Send at most (MB)</source>
        <translation>Envoyer au plus (Mo)</translation>
    </message>
    <message>
        <source>Wait for the other side</source>
        <translation>Attendre l’autre côté</translation>
    </message>
    <message>
        <source>Check again after</source>
        <translation>Vérifier toutes les</translation>
    </message>
    <message>
        <source>It has to answer within</source>
        <translation>Doit répondre en</translation>
    </message>
    <message>
        <source>It also has to say something</source>
        <translation>Doit aussi dire quelque chose</translation>
    </message>
    <message>
        <source>Permissions of the terminal</source>
        <translation>Droits du terminal</translation>
    </message>
    <message>
        <source>Permissions of the pipe</source>
        <translation>Droits du tube</translation>
    </message>
    <message>
        <source>Name of the pipe</source>
        <translation>Nom du tube</translation>
    </message>
    <message>
        <source>Number of the descriptor</source>
        <translation>Numéro du descripteur</translation>
    </message>
    <message>
        <source>Permissions of a new file</source>
        <translation>Droits d’un nouveau fichier</translation>
    </message>
    <message>
        <source>Path of the pipe</source>
        <translation>Chemin du tube</translation>
    </message>
    <message>
        <source>Read, write or both</source>
        <translation>Lire, écrire ou les deux</translation>
    </message>
    <message>
        <source>Make it where it is missing</source>
        <translation>Créer s’il n’existe pas</translation>
    </message>
    <message>
        <source>Only where it is missing</source>
        <translation>Seulement s’il n’existe pas</translation>
    </message>
    <message>
        <source>Write at its end</source>
        <translation>Écrire à la fin</translation>
    </message>
    <message>
        <source>Empty it first</source>
        <translation>Vider d’abord</translation>
    </message>
    <message>
        <source>Begin at byte</source>
        <translation>Commencer à l’octet</translation>
    </message>
    <message>
        <source>Keep others from writing</source>
        <translation>Empêcher les autres d’écrire</translation>
    </message>
    <message>
        <source>Link with a fixed name</source>
        <translation>Lien au nom fixe</translation>
    </message>
    <message>
        <source>Wait until it is opened</source>
        <translation>Attendre qu’on l’ouvre</translation>
    </message>
    <message>
        <source>Which of them</source>
        <translation>Laquelle</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Numéro</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texte</translation>
    </message>
    <message>
        <source>Answer after a question</source>
        <translation>Répondre après une demande</translation>
    </message>
    <message>
        <source>Say who comes and goes</source>
        <translation>Dire qui vient et qui part</translation>
    </message>
    <message>
        <source>Who speaks hears it too</source>
        <translation>Qui parle s’entend aussi</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>Cibles</translation>
    </message>
    <message>
        <source>Try a failed target again after</source>
        <translation>Réessayer une cible défaillante après</translation>
    </message>
    <message>
        <source>Number of the one that answers</source>
        <translation>Numéro de celle qui répond</translation>
    </message>
    <message>
        <source>Read from</source>
        <translation>Lire depuis</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>Écrire vers</translation>
    </message>
    <message>
        <source>Identifier</source>
        <translation>Identifiant</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>Start with the computer</source>
        <translation>Démarrer avec l’ordinateur</translation>
    </message>
    <message>
        <source>Its commands wait to be confirmed</source>
        <translation>Ses commandes attendent d’être confirmées</translation>
    </message>
    <message>
        <source>IPv4 or IPv6</source>
        <translation>IPv4 ou IPv6</translation>
    </message>
    <message>
        <source>Empty: everyone is admitted</source>
        <translation>Vide&#xa0;: tout le monde est admis</translation>
    </message>
    <message>
        <source>Empty: those this computer trusts</source>
        <translation>Vide&#xa0;: celles que cet ordinateur connaît</translation>
    </message>
    <message>
        <source>Empty: the name of the host</source>
        <translation>Vide&#xa0;: le nom de l’hôte</translation>
    </message>
    <message>
        <source>Empty: everyone; else 192.168.1.0/24, 10.0.0.7 …</source>
        <translation>Vide&#xa0;: tout le monde&#xa0;; sinon 192.168.1.0/24, 10.0.0.7…</translation>
    </message>
    <message>
        <source>127.0.0.1: this computer only; 0.0.0.0: the whole network</source>
        <translation>127.0.0.1&#xa0;: cet ordinateur seulement&#xa0;; 0.0.0.0&#xa0;: tout le réseau</translation>
    </message>
    <message>
        <source>server.example or 10.0.0.3; localhost is this computer</source>
        <translation>serveur.exemple ou 10.0.0.3&#xa0;; localhost est cet ordinateur</translation>
    </message>
    <message>
        <source>In OpenSSL&apos;s words; empty: the usual ones</source>
        <translation>Dans les termes d’OpenSSL&#xa0;; vide&#xa0;: ceux d’usage</translation>
    </message>
    <message>
        <source>239.1.2.3 (a group) or 192.168.1.255 (everybody)</source>
        <translation>239.1.2.3 (un groupe) ou 192.168.1.255 (tous)</translation>
    </message>
    <message>
        <source>Empty: it has no name</source>
        <translation>Vide&#xa0;: il n’a pas de nom</translation>
    </message>
    <message>
        <source>Empty: nobody can answer</source>
        <translation>Vide&#xa0;: personne ne peut répondre</translation>
    </message>
    <message>
        <source>0: any</source>
        <translation>0&#xa0;: n’importe lequel</translation>
    </message>
    <message>
        <source>Some old services ask for it. It needs special rights.</source>
        <translation>Certains anciens services l’exigent. Il faut des droits particuliers.</translation>
    </message>
    <message>
        <source>It says who has connected; the target must expect it (nginx, HAProxy)</source>
        <translation>Dit qui s’est connecté&#xa0;; la cible doit l’attendre (nginx, HAProxy)</translation>
    </message>
    <message>
        <source>Only behind a load balancer that sends one: others are turned away.</source>
        <translation>Seulement derrière un répartiteur qui l’envoie&#xa0;: les autres sont refusés.</translation>
    </message>
    <message>
        <source>239.1.2.3, or 239.1.2.3:eth0 on one interface</source>
        <translation>239.1.2.3, ou 239.1.2.3:eth0 sur une seule interface</translation>
    </message>
    <message>
        <source>For an address of everybody, such as 192.168.1.255</source>
        <translation>Pour une adresse de diffusion, comme 192.168.1.255</translation>
    </message>
    <message>
        <source>eth0 or its address; empty: the usual one</source>
        <translation>eth0 ou son adresse&#xa0;; vide&#xa0;: l’interface habituelle</translation>
    </message>
    <message>
        <source>1: this network only</source>
        <translation>1&#xa0;: ce réseau seulement</translation>
    </message>
    <message>
        <source>the one silent for longest gives way</source>
        <translation>le plus longtemps silencieux cède sa place</translation>
    </message>
    <message>
        <source>0: as the system does</source>
        <translation>0&#xa0;: selon le système</translation>
    </message>
    <message>
        <source>then the other side counts as gone; 0: as the system does</source>
        <translation>ensuite l’autre côté est réputé parti&#xa0;; 0&#xa0;: selon le système</translation>
    </message>
    <message>
        <source>-1: the system decides; 0: cut off at once</source>
        <translation>-1&#xa0;: selon le système&#xa0;; 0&#xa0;: couper aussitôt</translation>
    </message>
    <message>
        <source>-1: as usual</source>
        <translation>-1&#xa0;: comme d’habitude</translation>
    </message>
    <message>
        <source>eth0; empty: any (Linux)</source>
        <translation>eth0&#xa0;; vide&#xa0;: toutes (Linux)</translation>
    </message>
    <message>
        <source>how many arrivals the system keeps while Bascule is busy</source>
        <translation>arrivées que le système garde tant que Bascule est occupé</translation>
    </message>
    <message>
        <source>/run/scale.sock</source>
        <translation>/run/balance.sock</translation>
    </message>
    <message>
        <source>The path is a mere name then: no file appears.</source>
        <translation>Le chemin n’est alors qu’un nom&#xa0;: aucun fichier n’apparaît.</translation>
    </message>
    <message>
        <source>user, user:group or :group; empty: you</source>
        <translation>utilisateur, utilisateur:groupe ou&#xa0;:groupe&#xa0;; vide&#xa0;: vous</translation>
    </message>
    <message>
        <source>In socat&apos;s words: raw, echo=0, b115200</source>
        <translation>Dans les termes de socat&#xa0;: raw, echo=0, b115200</translation>
    </message>
    <message>
        <source>python3 /home/you/answer.py</source>
        <translation>python3 /home/vous/reponse.py</translation>
    </message>
    <message>
        <source>A shell is needed for |, &gt;, * and variables</source>
        <translation>Un shell est nécessaire pour |, &gt;, * et les variables</translation>
    </message>
    <message>
        <source>A terminal for programs made for people, such as a login</source>
        <translation>Un terminal pour les programmes faits pour des personnes, comme une ouverture de session</translation>
    </message>
    <message>
        <source>What it writes to its standard error</source>
        <translation>Ce qu’il écrit sur sa sortie d’erreur</translation>
    </message>
    <message>
        <source>Ctrl+C where Bascule was started does not reach it (setsid)</source>
        <translation>Ctrl+C là où Bascule a été démarré ne l’atteint pas (setsid)</translation>
    </message>
    <message>
        <source>Ctrl+C that arrives stops it, as a person&apos;s would</source>
        <translation>Un Ctrl+C reçu l’arrête, comme celui d’une personne</translation>
    </message>
    <message>
        <source>A dash before its name: it reads your login settings</source>
        <translation>Un tiret devant son nom&#xa0;: il lit vos réglages de session</translation>
    </message>
    <message>
        <source>Empty: the usual ones (PATH)</source>
        <translation>Vide&#xa0;: les dossiers habituels (PATH)</translation>
    </message>
    <message>
        <source>0: standard input</source>
        <translation>0&#xa0;: entrée standard</translation>
    </message>
    <message>
        <source>1: standard output</source>
        <translation>1&#xa0;: sortie standard</translation>
    </message>
    <message>
        <source>/home/you/scale.log</source>
        <translation>/home/vous/balance.log</translation>
    </message>
    <message>
        <source>200: all is well; 404: not there; 503: out of service</source>
        <translation>200&#xa0;: tout va bien&#xa0;; 404&#xa0;: introuvable&#xa0;; 503&#xa0;: hors service</translation>
    </message>
    <message>
        <source>What everybody who asks is shown</source>
        <translation>Ce que voit quiconque demande</translation>
    </message>
    <message>
        <source>text/html; charset=utf-8 for a page with HTML</source>
        <translation>text/html; charset=utf-8 pour une page en HTML</translation>
    </message>
    <message>
        <source>One a line: Retry-After: 3600</source>
        <translation>Un par ligne&#xa0;: Retry-After: 3600</translation>
    </message>
    <message>
        <source>/home/you/received</source>
        <translation>/home/vous/recus</translation>
    </message>
    <message>
        <source>/home/you/report.pdf</source>
        <translation>/home/vous/rapport.pdf</translation>
    </message>
    <message>
        <source>after the last one, the relay stops</source>
        <translation>après le dernier, le relais s’arrête</translation>
    </message>
    <message>
        <source>1440: a day; 0: never</source>
        <translation>1440&#xa0;: un jour&#xa0;; 0&#xa0;: jamais</translation>
    </message>
    <message>
        <source>Empty: a tar archive arrives, and is unpacked</source>
        <translation>Vide&#xa0;: une archive tar arrive, et elle est extraite</translation>
    </message>
    <message>
        <source>of each connection; 0: what the disk takes</source>
        <translation>par connexion&#xa0;; 0&#xa0;: ce que le disque accepte</translation>
    </message>
    <message>
        <source>/home/you/photos</source>
        <translation>/home/vous/photos</translation>
    </message>
    <message>
        <source>/home/you/events.log</source>
        <translation>/home/vous/evenements.log</translation>
    </message>
    <message>
        <source>0: until the megabytes below are sent</source>
        <translation>0&#xa0;: jusqu’à ce que les mégaoctets ci-dessous soient envoyés</translation>
    </message>
    <message>
        <source>until it says that it has everything</source>
        <translation>jusqu’à ce qu’il dise qu’il a tout reçu</translation>
    </message>
    <message>
        <source>for all stages together</source>
        <translation>pour toutes les étapes ensemble</translation>
    </message>
    <message>
        <source>As SSH and mail servers do; a web server waits.</source>
        <translation>Comme les serveurs SSH et de courriel&#xa0;; un serveur web attend.</translation>
    </message>
    <message>
        <source>In octal: 644 lets all read it, 600 only you</source>
        <translation>En octal&#xa0;: 644 laisse lire tout le monde, 600 vous seul</translation>
    </message>
    <message>
        <source>A file that is there already stays as it is.</source>
        <translation>Un fichier déjà présent reste tel quel.</translation>
    </message>
    <message>
        <source>0: at its start; -100: 100 bytes before its end</source>
        <translation>0&#xa0;: à son début&#xa0;; -100&#xa0;: 100 octets avant sa fin</translation>
    </message>
    <message>
        <source>Empty: what is written is read again</source>
        <translation>Vide&#xa0;: ce qui est écrit est relu</translation>
    </message>
    <message>
        <source>/home/you/ttyScale; empty: its name changes each time</source>
        <translation>/home/vous/ttyBalance&#xa0;; vide&#xa0;: son nom change chaque fois</translation>
    </message>
    <message>
        <source>Such as scale</source>
        <translation>Par exemple balance</translation>
    </message>
    <message>
        <source>0: input, 1: output, 2: messages</source>
        <translation>0&#xa0;: entrée, 1&#xa0;: sortie, 2&#xa0;: messages</translation>
    </message>
    <message>
        <source>What everybody who asks is told</source>
        <translation>Ce que l’on dit à tous ceux qui demandent</translation>
    </message>
    <message>
        <source>until then it is passed over</source>
        <translation>d’ici là, elle est laissée de côté</translation>
    </message>
    <message>
        <source>1: the first of them; 0: none</source>
        <translation>1&#xa0;: la première&#xa0;; 0&#xa0;: aucune</translation>
    </message>
    <message>
        <source>translated to and from a line feed (LF)</source>
        <translation>traduites depuis et vers un saut de ligne (LF)</translation>
    </message>
    <message>
        <source>Ask for more each second, as for a growing log file</source>
        <translation>Redemander chaque seconde, comme pour un journal qui grandit</translation>
    </message>
    <message>
        <source>For a program that must not stop before its last answer</source>
        <translation>Pour un programme qui ne doit pas s’arrêter avant sa dernière réponse</translation>
    </message>
    <message>
        <source>then it counts as finished; 0: all</source>
        <translation>ensuite il compte comme terminé&#xa0;; 0&#xa0;: tout</translation>
    </message>
    <message>
        <source>its number, 0 to 255; -1: none</source>
        <translation>son numéro, de 0 à 255&#xa0;; -1&#xa0;: aucun</translation>
    </message>
    <message>
        <source>-1: until it succeeds</source>
        <translation>-1&#xa0;: jusqu’à ce que cela réussisse</translation>
    </message>
    <message>
        <source>0: no limit</source>
        <translation>0&#xa0;: sans limite</translation>
    </message>
    <message>
        <source>Other programs may listen on it at the same time (Linux, macOS).</source>
        <translation>D’autres programmes peuvent y écouter en même temps (Linux, macOS).</translation>
    </message>
    <message>
        <source>0: Bascule decides</source>
        <translation>0&#xa0;: Bascule décide</translation>
    </message>
    <message>
        <source>0: the other side takes its time</source>
        <translation>0&#xa0;: l’autre côté prend son temps</translation>
    </message>
    <message>
        <source>where one side cannot be told that all was said</source>
        <translation>là où l’on ne peut dire à un côté que tout est dit</translation>
    </message>
    <message>
        <source>0: never</source>
        <translation>0&#xa0;: jamais</translation>
    </message>
    <message>
        <source>Empty: the system chooses</source>
        <translation>Vide&#xa0;: le système choisit</translation>
    </message>
    <message>
        <source>In octal: 600 is you alone, 660 your group as well</source>
        <translation>En octal&#xa0;: 600, vous seul&#xa0;; 660, votre groupe aussi</translation>
    </message>
    <message>
        <source>Better for typing and for devices</source>
        <translation>Mieux pour la saisie et pour les appareils</translation>
    </message>
    <message>
        <source>none (N)</source>
        <translation>aucune (N)</translation>
    </message>
    <message>
        <source>even (E)</source>
        <translation>paire (E)</translation>
    </message>
    <message>
        <source>odd (O)</source>
        <translation>impaire (O)</translation>
    </message>
    <message>
        <source>mark (M)</source>
        <translation>marque (M)</translation>
    </message>
    <message>
        <source>space (S)</source>
        <translation>espace (S)</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>on</source>
        <translation>activée</translation>
    </message>
    <message>
        <source>off</source>
        <translation>désactivée</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>inchangée</translation>
    </message>
    <message>
        <source>IPv4 only</source>
        <translation>IPv4 seulement</translation>
    </message>
    <message>
        <source>IPv6 only</source>
        <translation>IPv6 seulement</translation>
    </message>
    <message>
        <source>both ways</source>
        <translation>dans les deux sens</translation>
    </message>
    <message>
        <source>from the source to the target</source>
        <translation>de la source à la cible</translation>
    </message>
    <message>
        <source>from the target to the source</source>
        <translation>de la cible à la source</translation>
    </message>
    <message>
        <source>read</source>
        <translation>lire</translation>
    </message>
    <message>
        <source>write</source>
        <translation>écrire</translation>
    </message>
    <message>
        <source>as they are</source>
        <translation>telles quelles</translation>
    </message>
    <message>
        <source>carriage return and line feed (CRLF)</source>
        <translation>retour chariot et saut de ligne (CRLF)</translation>
    </message>
    <message>
        <source>carriage return (CR)</source>
        <translation>retour chariot (CR)</translation>
    </message>
    <message>
        <source>as usual</source>
        <translation>comme d’habitude</translation>
    </message>
    <message>
        <source>not at all</source>
        <translation>pas du tout</translation>
    </message>
    <message>
        <source>by ending our half</source>
        <translation>en terminant notre moitié</translation>
    </message>
    <message>
        <source>by closing</source>
        <translation>en fermant</translation>
    </message>
    <message>
        <source>by an empty datagram</source>
        <translation>par un datagramme vide</translation>
    </message>
    <message>
        <source>the system&apos;s shell</source>
        <translation>le shell du système</translation>
    </message>
    <message>
        <source>your shell</source>
        <translation>votre shell</translation>
    </message>
    <message>
        <source>socket</source>
        <translation>socket</translation>
    </message>
    <message>
        <source>pipes</source>
        <translation>tubes</translation>
    </message>
    <message>
        <source>terminal</source>
        <translation>terminal</translation>
    </message>
    <message>
        <source>input</source>
        <translation>entrée</translation>
    </message>
    <message>
        <source>output</source>
        <translation>sortie</translation>
    </message>
    <message>
        <source>messages</source>
        <translation>messages</translation>
    </message>
    <message>
        <source>is refused</source>
        <translation>est refusé</translation>
    </message>
    <message>
        <source>gets a number</source>
        <translation>reçoit un numéro</translation>
    </message>
    <message>
        <source>is replaced</source>
        <translation>est remplacé</translation>
    </message>
    <message>
        <source>JSON over HTTP</source>
        <translation>JSON par HTTP</translation>
    </message>
    <message>
        <source>text over HTTP</source>
        <translation>texte par HTTP</translation>
    </message>
    <message>
        <source>text at once, without HTTP</source>
        <translation>texte aussitôt, sans HTTP</translation>
    </message>
    <message>
        <source>of this computer</source>
        <translation>de cet ordinateur</translation>
    </message>
    <message>
        <source>UTC</source>
        <translation>UTC</translation>
    </message>
    <message>
        <source>address</source>
        <translation>adresse</translation>
    </message>
    <message>
        <source>address and port</source>
        <translation>adresse et port</translation>
    </message>
    <message>
        <source>are refused</source>
        <translation>sont refusées</translation>
    </message>
    <message>
        <source>wait for a place</source>
        <translation>attendent une place</translation>
    </message>
</context>
<context>
    <name>LogList</name>
    <message>
        <source>Problem: {line}</source>
        <translation>Problème&#xa0;: {line}</translation>
    </message>
</context>
<context>
    <name>LogTab</name>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy the whole log</source>
        <translation>Copier tout le journal</translation>
    </message>
    <message>
        <source>Nothing has happened yet.</source>
        <translation>Il ne s’est encore rien passé.</translation>
    </message>
</context>
<context>
    <name>Login</name>
    <message>
        <source>Move Bascule to the Applications folder first, and open it from there. It runs from a disk image or from a folder that macOS lends it for now: when you log in next, it would not be there.</source>
        <translation>Placez d’abord Bascule dans le dossier Applications, puis ouvrez-le de là. Il s’exécute depuis une image disque ou un dossier que macOS lui prête pour cette fois&#xa0;: à la prochaine ouverture de session, il n’y serait plus.</translation>
    </message>
    <message>
        <source>The system did not allow it: {why}.</source>
        <translation>Le système ne l’a pas permis&#xa0;: {why}.</translation>
    </message>
    <message>
        <source>An administrator has set that Bascule starts when anybody logs in here.</source>
        <translation>Un administrateur a décidé que Bascule démarre quelle que soit la personne qui ouvre une session ici.</translation>
    </message>
</context>
<context>
    <name>MainMenu</name>
    <message>
        <source>Recipes…</source>
        <translation>Recettes…</translation>
    </message>
    <message>
        <source>Paste a command…</source>
        <translation>Coller une commande…</translation>
    </message>
    <message>
        <source>Check a connection…</source>
        <translation>Vérifier une connexion…</translation>
    </message>
    <message>
        <source>Import a profile…</source>
        <translation>Importer un profil…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Paramètres…</translation>
    </message>
    <message>
        <source>Demonstration…</source>
        <translation>Démonstration…</translation>
    </message>
    <message>
        <source>Help to find a fault…</source>
        <translation>Aide à trouver une panne…</translation>
    </message>
    <message>
        <source>About Bascule</source>
        <translation>À propos de Bascule</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
</context>
<context>
    <name>MeasurementCard</name>
    <message>
        <source>{figure} Mbit/s</source>
        <translation>{figure} Mbit/s</translation>
    </message>
    <message>
        <source>{size} received in {time} s.</source>
        <translation>{size} reçus en {time} s.</translation>
    </message>
    <message>
        <source>{size} sent in {time} s.</source>
        <translation>{size} envoyés en {time} s.</translation>
    </message>
    <message>
        <source>{size} came back.</source>
        <translation>{size} sont revenus.</translation>
    </message>
    <message>
        <source>The measurement is going on.</source>
        <translation>La mesure est en cours.</translation>
    </message>
    <message>
        <source>The other side has confirmed that it has everything.</source>
        <translation>L’autre côté a confirmé qu’il a tout reçu.</translation>
    </message>
    <message>
        <source>The other side did not say that it has everything: the way may be slower.</source>
        <translation>L’autre côté n’a pas dit qu’il a tout reçu&#xa0;: le chemin est peut-être plus lent.</translation>
    </message>
    <message>
        <source>It ended before everything was sent.</source>
        <translation>La mesure s’est arrêtée avant que tout soit envoyé.</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>Choose another file</source>
        <translation>Choisir un autre fichier</translation>
    </message>
    <message>
        <source>The certificate file {file} cannot be read</source>
        <translation>Le fichier de certificat {file} ne peut pas être lu</translation>
    </message>
    <message>
        <source>The certificate file cannot be read</source>
        <translation>Le fichier de certificat ne peut pas être lu</translation>
    </message>
    <message>
        <source>It is missing, you may not read it, or it is not a certificate in PEM form (a text file that begins with BEGIN CERTIFICATE).</source>
        <translation>Il est absent, vous n’avez pas le droit de le lire, ou ce n’est pas un certificat au format PEM (un fichier texte qui commence par BEGIN CERTIFICATE).</translation>
    </message>
    <message>
        <source>Choose the file again, or let Bascule make a certificate for you.</source>
        <translation>Choisissez de nouveau le fichier, ou laissez Bascule créer un certificat pour vous.</translation>
    </message>
    <message>
        <source>This file is not a certificate in PEM form, or cannot be read.</source>
        <translation>Ce fichier n’est pas un certificat au format PEM, ou ne peut pas être lu.</translation>
    </message>
    <message>
        <source>The certificate cannot be written to {file}</source>
        <translation>Le certificat ne peut pas être écrit dans {file}</translation>
    </message>
    <message>
        <source>The certificate cannot be written</source>
        <translation>Le certificat ne peut pas être écrit</translation>
    </message>
    <message>
        <source>The disk is full, or you may not write in that folder.</source>
        <translation>Le disque est plein, ou vous n’avez pas le droit d’écrire dans ce dossier.</translation>
    </message>
    <message>
        <source>Make room or allow writing there, then try again.</source>
        <translation>Faites de la place ou autorisez l’écriture, puis réessayez.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>The key file {file} cannot be read</source>
        <translation>Le fichier de clé {file} ne peut pas être lu</translation>
    </message>
    <message>
        <source>The key file cannot be read</source>
        <translation>Le fichier de clé ne peut pas être lu</translation>
    </message>
    <message>
        <source>It is missing, you may not read it, or it is not a private key in PEM form (a text file with the words PRIVATE KEY).</source>
        <translation>Il est absent, vous n’avez pas le droit de le lire, ou ce n’est pas une clé privée au format PEM (un fichier texte avec les mots PRIVATE KEY).</translation>
    </message>
    <message>
        <source>Choose the key file that came with the certificate.</source>
        <translation>Choisissez le fichier de clé fourni avec le certificat.</translation>
    </message>
    <message>
        <source>This file is not a private key in PEM form, or cannot be read.</source>
        <translation>Ce fichier n’est pas une clé privée au format PEM, ou ne peut pas être lu.</translation>
    </message>
    <message>
        <source>The key is protected by a passphrase</source>
        <translation>La clé est protégée par une phrase secrète</translation>
    </message>
    <message>
        <source>Whoever made the key file locked it with a passphrase.</source>
        <translation>La personne qui a créé le fichier de clé l’a verrouillé avec une phrase secrète.</translation>
    </message>
    <message>
        <source>Type the passphrase in the field below the key file.</source>
        <translation>Saisissez la phrase secrète dans le champ sous le fichier de la clé.</translation>
    </message>
    <message>
        <source>This key is protected: type its passphrase.</source>
        <translation>Cette clé est protégée&#xa0;: saisissez sa phrase secrète.</translation>
    </message>
    <message>
        <source>The passphrase does not open the key</source>
        <translation>La phrase secrète n’ouvre pas la clé</translation>
    </message>
    <message>
        <source>It is mistyped, or belongs to another key.</source>
        <translation>Elle est mal saisie, ou c’est celle d’une autre clé.</translation>
    </message>
    <message>
        <source>Type the passphrase again; capital and small letters differ.</source>
        <translation>Saisissez de nouveau la phrase secrète&#xa0;; majuscules et minuscules comptent.</translation>
    </message>
    <message>
        <source>This passphrase does not open the key.</source>
        <translation>Cette phrase secrète n’ouvre pas la clé.</translation>
    </message>
    <message>
        <source>Certificate and key do not belong together</source>
        <translation>Le certificat et la clé ne vont pas ensemble</translation>
    </message>
    <message>
        <source>The key is that of another certificate, perhaps of the one before the last renewal.</source>
        <translation>La clé est celle d’un autre certificat, peut-être de celui d’avant le dernier renouvellement.</translation>
    </message>
    <message>
        <source>Choose the key that was made together with this certificate.</source>
        <translation>Choisissez la clé qui a été créée avec ce certificat.</translation>
    </message>
    <message>
        <source>This key does not belong to the certificate.</source>
        <translation>Cette clé n’est pas celle du certificat.</translation>
    </message>
    <message>
        <source>Bascule&apos;s engine takes longer than usual to start</source>
        <translation>Le moteur de Bascule met plus de temps que d’habitude à démarrer</translation>
    </message>
    <message>
        <source>This computer is busy, or a virus scanner looks through Bascule first.</source>
        <translation>Cet ordinateur est occupé, ou un antivirus examine d’abord Bascule.</translation>
    </message>
    <message>
        <source>Bascule goes on waiting for it.</source>
        <translation>Bascule continue de l’attendre.</translation>
    </message>
    <message>
        <source>Bascule&apos;s engine is not running</source>
        <translation>Le moteur de Bascule ne tourne pas</translation>
    </message>
    <message>
        <source>The engine is the part that runs the relays; it was ended.</source>
        <translation>Le moteur est la partie qui fait tourner les relais&#xa0;; il a été arrêté.</translation>
    </message>
    <message>
        <source>Bascule starts it again by itself. If not, quit and open Bascule.</source>
        <translation>Bascule le redémarre tout seul. Sinon, quittez Bascule et ouvrez-le de nouveau.</translation>
    </message>
    <message>
        <source>Bascule&apos;s engine is already running</source>
        <translation>Le moteur de Bascule tourne déjà</translation>
    </message>
    <message>
        <source>Process {pid} of this user runs the relays already.</source>
        <translation>Le processus {pid} de cet utilisateur fait déjà tourner les relais.</translation>
    </message>
    <message>
        <source>Another process of this user runs the relays already.</source>
        <translation>Un autre processus de cet utilisateur fait déjà tourner les relais.</translation>
    </message>
    <message>
        <source>Use the one that runs; a second one is not needed.</source>
        <translation>Utilisez celui qui tourne&#xa0;; un second n’est pas nécessaire.</translation>
    </message>
    <message>
        <source>The connection to Bascule&apos;s engine is interrupted</source>
        <translation>La connexion au moteur de Bascule est interrompue</translation>
    </message>
    <message>
        <source>The engine, the part that runs the relays, ended or restarts.</source>
        <translation>Le moteur, la partie qui fait tourner les relais, s’est arrêté ou redémarre.</translation>
    </message>
    <message>
        <source>Wait a moment: Bascule starts it again, with the relays that ran.</source>
        <translation>Attendez un instant&#xa0;: Bascule le redémarre, avec les relais qui tournaient.</translation>
    </message>
    <message>
        <source>Bascule&apos;s engine was stopped, as for an update</source>
        <translation>Le moteur de Bascule a été arrêté, comme pour une mise à jour</translation>
    </message>
    <message>
        <source>An installer, or “bascule engine --stop”, asked it to end.</source>
        <translation>Un programme d’installation, ou «&#xa0;bascule engine --stop&#xa0;», lui a demandé de s’arrêter.</translation>
    </message>
    <message>
        <source>Wait: Bascule starts it again within a minute.</source>
        <translation>Patientez&#xa0;: Bascule le redémarre d’ici une minute.</translation>
    </message>
    <message>
        <source>The running engine is of another version</source>
        <translation>Le moteur en marche est d’une autre version</translation>
    </message>
    <message>
        <source>Bascule was updated while its engine went on running.</source>
        <translation>Bascule a été mis à jour pendant que son moteur tournait encore.</translation>
    </message>
    <message>
        <source>Quit Bascule, choosing “Stop the relays”, then open it again.</source>
        <translation>Quittez Bascule en choisissant «&#xa0;Arrêter les relais&#xa0;», puis ouvrez-le de nouveau.</translation>
    </message>
    <message>
        <source>The engine does not let this window in</source>
        <translation>Le moteur n’admet pas cette fenêtre</translation>
    </message>
    <message>
        <source>The engine was restarted a moment ago, or belongs to another user.</source>
        <translation>Le moteur vient d’être redémarré, ou il est celui d’un autre utilisateur.</translation>
    </message>
    <message>
        <source>Quit Bascule and open it again.</source>
        <translation>Quittez Bascule et ouvrez-le de nouveau.</translation>
    </message>
    <message>
        <source>Window and engine do not understand each other</source>
        <translation>La fenêtre et le moteur ne se comprennent pas</translation>
    </message>
    <message>
        <source>They are of different versions, or another program is in between.</source>
        <translation>Ils sont de versions différentes, ou un autre programme s’est glissé entre eux.</translation>
    </message>
    <message>
        <source>That is too much at once</source>
        <translation>C’est trop en une fois</translation>
    </message>
    <message>
        <source>A profile can hold at most one megabyte.</source>
        <translation>Un profil peut contenir un mégaoctet au plus.</translation>
    </message>
    <message>
        <source>Use a smaller file, or shorten the lists in it.</source>
        <translation>Utilisez un fichier plus petit, ou raccourcissez les listes qu’il contient.</translation>
    </message>
    <message>
        <source>This connection has already ended</source>
        <translation>Cette connexion est déjà terminée</translation>
    </message>
    <message>
        <source>It ended just before you asked.</source>
        <translation>Elle s’est terminée juste avant votre demande.</translation>
    </message>
    <message>
        <source>There is nothing left to do.</source>
        <translation>Il n’y a plus rien à faire.</translation>
    </message>
    <message>
        <source>Something in Bascule did not work as it should</source>
        <translation>Quelque chose dans Bascule n’a pas fonctionné comme prévu</translation>
    </message>
    <message>
        <source>This is a fault of Bascule, not yours.</source>
        <translation>La faute en est à Bascule, pas à vous.</translation>
    </message>
    <message>
        <source>Try again. If it happens again, send the details to the makers.</source>
        <translation>Réessayez. Si cela se reproduit, envoyez les détails aux auteurs.</translation>
    </message>
    <message>
        <source>The serial port</source>
        <translation>Le port série</translation>
    </message>
    <message>
        <source>{device} is not there</source>
        <translation>{device} est introuvable</translation>
    </message>
    <message>
        <source>The cable is unplugged, the device is off, or it has another name since it was plugged in again.</source>
        <translation>Le câble est débranché, l’appareil est éteint, ou il porte un autre nom depuis qu’il a été rebranché.</translation>
    </message>
    <message>
        <source>Plug the device in, or choose another serial port.</source>
        <translation>Branchez l’appareil, ou choisissez un autre port série.</translation>
    </message>
    <message>
        <source>This serial port is not there. Is the cable plugged in?</source>
        <translation>Ce port série est introuvable. Le câble est-il branché&#xa0;?</translation>
    </message>
    <message>
        <source>{device} is already used by {program}</source>
        <translation>{device} est déjà utilisé par {program}</translation>
    </message>
    <message>
        <source>{device} is already used by another program</source>
        <translation>{device} est déjà utilisé par un autre programme</translation>
    </message>
    <message>
        <source>{program} (process {pid}) holds the serial port open.</source>
        <translation>{program} (processus {pid}) garde le port série ouvert.</translation>
    </message>
    <message>
        <source>Only one program at a time can hold a serial port open.</source>
        <translation>Un seul programme à la fois peut garder un port série ouvert.</translation>
    </message>
    <message>
        <source>Close that program, then try again.</source>
        <translation>Fermez ce programme, puis réessayez.</translation>
    </message>
    <message>
        <source>Another program holds this serial port open.</source>
        <translation>Un autre programme garde ce port série ouvert.</translation>
    </message>
    <message>
        <source>You may not open {device}</source>
        <translation>Vous n’avez pas le droit d’ouvrir {device}</translation>
    </message>
    <message>
        <source>You may not open this serial port.</source>
        <translation>Vous n’avez pas le droit d’ouvrir ce port série.</translation>
    </message>
    <message>
        <source>Another program holds it open, or its driver does not let you.</source>
        <translation>Un autre programme le garde ouvert, ou son pilote vous le refuse.</translation>
    </message>
    <message>
        <source>Close programs that use the serial port, then try again.</source>
        <translation>Fermez les programmes qui utilisent le port série, puis réessayez.</translation>
    </message>
    <message>
        <source>The system gives this serial port to other users.</source>
        <translation>Le système réserve ce port série à d’autres utilisateurs.</translation>
    </message>
    <message>
        <source>Ask the administrator to let you use it.</source>
        <translation>Demandez à l’administrateur de vous laisser l’utiliser.</translation>
    </message>
    <message>
        <source>Only members of the group “{group}” may, and you are not one of them yet.</source>
        <translation>Seuls les membres du groupe «&#xa0;{group}&#xa0;» le peuvent, et vous n’en faites pas encore partie.</translation>
    </message>
    <message>
        <source>Have the administrator run the line below once, then log out and in again.</source>
        <translation>Faites exécuter une fois la ligne ci-dessous par l’administrateur, puis fermez votre session et rouvrez-la.</translation>
    </message>
    <message>
        <source>Copy the line</source>
        <translation>Copier la ligne</translation>
    </message>
    <message>
        <source>{device} does not accept “{setting}: {value}”</source>
        <translation>{device} n’accepte pas «&#xa0;{setting}&#xa0;: {value}&#xa0;»</translation>
    </message>
    <message>
        <source>{device} does not accept these line settings</source>
        <translation>{device} n’accepte pas ces réglages de ligne</translation>
    </message>
    <message>
        <source>Its driver or its chip cannot do this speed or format.</source>
        <translation>Son pilote ou sa puce ne connaît pas cette vitesse ou ce format.</translation>
    </message>
    <message>
        <source>Choose the speed in the device&apos;s manual; 9600 or 115200 work nearly always.</source>
        <translation>Choisissez la vitesse indiquée dans la notice de l’appareil&#xa0;; 9600 ou 115200 conviennent presque toujours.</translation>
    </message>
    <message>
        <source>The serial port does not accept this setting.</source>
        <translation>Le port série n’accepte pas ce réglage.</translation>
    </message>
    <message>
        <source>{device} was unplugged</source>
        <translation>{device} a été débranché</translation>
    </message>
    <message>
        <source>The cable came loose, or the device was switched off.</source>
        <translation>Le câble s’est détaché, ou l’appareil a été éteint.</translation>
    </message>
    <message>
        <source>Plug it in again: the relay goes on by itself.</source>
        <translation>Rebranchez-le&#xa0;: le relais reprend tout seul.</translation>
    </message>
    <message>
        <source>This serial port was unplugged.</source>
        <translation>Ce port série a été débranché.</translation>
    </message>
    <message>
        <source>{device} does not work</source>
        <translation>{device} ne fonctionne pas</translation>
    </message>
    <message>
        <source>The system says: {why}.</source>
        <translation>Le système indique&#xa0;: {why}.</translation>
    </message>
    <message>
        <source>The driver of the serial port reports trouble.</source>
        <translation>Le pilote du port série signale une difficulté.</translation>
    </message>
    <message>
        <source>Unplug the device, plug it in again, then try again.</source>
        <translation>Débranchez l’appareil, rebranchez-le, puis réessayez.</translation>
    </message>
    <message>
        <source>This serial port does not work.</source>
        <translation>Ce port série ne fonctionne pas.</translation>
    </message>
    <message>
        <source>Nobody knows the name {host}</source>
        <translation>Personne ne connaît le nom {host}</translation>
    </message>
    <message>
        <source>Nobody knows this name</source>
        <translation>Personne ne connaît ce nom</translation>
    </message>
    <message>
        <source>The name is mistyped, or this computer has no network at the moment.</source>
        <translation>Le nom est mal saisi, ou cet ordinateur n’a pas de réseau en ce moment.</translation>
    </message>
    <message>
        <source>Check the spelling, or use the address in numbers.</source>
        <translation>Vérifiez l’orthographe, ou utilisez l’adresse en chiffres.</translation>
    </message>
    <message>
        <source>This name is not known. Check the spelling.</source>
        <translation>Ce nom est inconnu. Vérifiez l’orthographe.</translation>
    </message>
    <message>
        <source>{subject} refuses the connection</source>
        <translation>{subject} refuse la connexion</translation>
    </message>
    <message>
        <source>The host refuses the connection</source>
        <translation>L’hôte refuse la connexion</translation>
    </message>
    <message>
        <source>The host is there, but no program listens on that port, or a firewall says no.</source>
        <translation>L’hôte est bien là, mais aucun programme n’écoute sur ce port, ou un pare-feu s’y oppose.</translation>
    </message>
    <message>
        <source>Start the program over there, or check the port number.</source>
        <translation>Démarrez le programme là-bas, ou vérifiez le numéro de port.</translation>
    </message>
    <message>
        <source>Nothing listens there, or a firewall says no.</source>
        <translation>Rien n’écoute là-bas, ou un pare-feu s’y oppose.</translation>
    </message>
    <message>
        <source>{subject} does not answer within {seconds} seconds</source>
        <translation>{subject} ne répond pas en {seconds} secondes</translation>
    </message>
    <message>
        <source>{subject} does not answer</source>
        <translation>{subject} ne répond pas</translation>
    </message>
    <message>
        <source>The other side does not answer</source>
        <translation>L’autre côté ne répond pas</translation>
    </message>
    <message>
        <source>The host is off, the address is wrong, or a firewall swallows the packets.</source>
        <translation>L’hôte est éteint, l’adresse est fausse, ou un pare-feu avale les paquets.</translation>
    </message>
    <message>
        <source>Check that the host is on and its address right, then try again.</source>
        <translation>Vérifiez que l’hôte est allumé et que l’adresse est juste, puis réessayez.</translation>
    </message>
    <message>
        <source>It does not answer. Is the host on, is the address right?</source>
        <translation>Pas de réponse. L’hôte est-il allumé, l’adresse est-elle juste&#xa0;?</translation>
    </message>
    <message>
        <source>There is no way to {subject}</source>
        <translation>Aucun chemin ne mène à {subject}</translation>
    </message>
    <message>
        <source>There is no way to the host</source>
        <translation>Aucun chemin ne mène à l’hôte</translation>
    </message>
    <message>
        <source>This computer is not connected to that network: a cable, the Wi-Fi or the VPN is off.</source>
        <translation>Cet ordinateur n’est pas relié à ce réseau&#xa0;: un câble, le Wi-Fi ou le VPN manque.</translation>
    </message>
    <message>
        <source>Connect to the network, then try again.</source>
        <translation>Connectez-vous au réseau, puis réessayez.</translation>
    </message>
    <message>
        <source>There is no way there from this computer.</source>
        <translation>Aucun chemin n’y mène depuis cet ordinateur.</translation>
    </message>
    <message>
        <source>Bascule cannot connect to {subject}</source>
        <translation>Bascule ne peut pas se connecter à {subject}</translation>
    </message>
    <message>
        <source>Bascule cannot connect to the target</source>
        <translation>Bascule ne peut pas se connecter à la cible</translation>
    </message>
    <message>
        <source>The system does not say why.</source>
        <translation>Le système ne dit pas pourquoi.</translation>
    </message>
    <message>
        <source>Check the address and the port, then try again.</source>
        <translation>Vérifiez l’adresse et le port, puis réessayez.</translation>
    </message>
    <message>
        <source>Bascule cannot connect there.</source>
        <translation>Bascule ne peut pas s’y connecter.</translation>
    </message>
    <message>
        <source>{host} can only be reached through a proxy</source>
        <translation>{host} n’est accessible que par un proxy</translation>
    </message>
    <message>
        <source>This name can only be reached through a proxy</source>
        <translation>Ce nom n’est accessible que par un proxy</translation>
    </message>
    <message>
        <source>Names such as .onion and .i2p mean nothing to the internet&apos;s name service, and asking it would give away whom you want to reach. So Bascule never asks.</source>
        <translation>Les noms tels que .onion et .i2p n’ont pas de sens pour le service de noms d’Internet, et l’interroger trahirait qui vous voulez joindre. Bascule ne le demande donc jamais.</translation>
    </message>
    <message>
        <source>Add a proxy that knows the name, with SOCKS 5 or 4a.</source>
        <translation>Ajoutez un proxy qui connaît ce nom, avec SOCKS 5 ou 4a.</translation>
    </message>
    <message>
        <source>Only a proxy can find this name: use one, with SOCKS 5 or 4a.</source>
        <translation>Seul un proxy peut trouver ce nom&#xa0;: utilisez-en un, avec SOCKS 5 ou 4a.</translation>
    </message>
    <message>
        <source>Port {port} is already used by {program}</source>
        <translation>Le port {port} est déjà utilisé par {program}</translation>
    </message>
    <message>
        <source>Port {port} is already used by {program}.</source>
        <translation>Le port {port} est déjà utilisé par {program}.</translation>
    </message>
    <message>
        <source>Port {port} is already in use</source>
        <translation>Le port {port} est déjà utilisé</translation>
    </message>
    <message>
        <source>Port {port} is already in use.</source>
        <translation>Le port {port} est déjà utilisé.</translation>
    </message>
    <message>
        <source>The port is already in use</source>
        <translation>Le port est déjà utilisé</translation>
    </message>
    <message>
        <source>This port is already in use.</source>
        <translation>Ce port est déjà utilisé.</translation>
    </message>
    <message>
        <source>{program} (process {pid}) listens there, and only one program at a time can.</source>
        <translation>{program} (processus {pid}) y écoute, et un seul programme à la fois le peut.</translation>
    </message>
    <message>
        <source>Another program listens there, and only one program at a time can.</source>
        <translation>Un autre programme y écoute, et un seul programme à la fois le peut.</translation>
    </message>
    <message>
        <source>Use port {suggestion}, which is free, or end that program.</source>
        <translation>Utilisez le port {suggestion}, qui est libre, ou arrêtez ce programme.</translation>
    </message>
    <message>
        <source>Use {suggestion} instead</source>
        <translation>Utiliser plutôt {suggestion}</translation>
    </message>
    <message>
        <source>Choose another port, or end that program.</source>
        <translation>Choisissez un autre port, ou arrêtez ce programme.</translation>
    </message>
    <message>
        <source>Show where {program} is</source>
        <translation>Montrer où se trouve {program}</translation>
    </message>
    <message>
        <source>The socket {path} is already in use</source>
        <translation>Le socket {path} est déjà utilisé</translation>
    </message>
    <message>
        <source>Another program listens there, or a file of that name exists.</source>
        <translation>Un autre programme y écoute, ou un fichier de ce nom existe.</translation>
    </message>
    <message>
        <source>Choose another path, or end that program.</source>
        <translation>Choisissez un autre chemin, ou arrêtez ce programme.</translation>
    </message>
    <message>
        <source>{host} is not an address of this computer</source>
        <translation>{host} n’est pas une adresse de cet ordinateur</translation>
    </message>
    <message>
        <source>That is not an address of this computer</source>
        <translation>Ce n’est pas une adresse de cet ordinateur</translation>
    </message>
    <message>
        <source>The address belongs to another machine, or the network card that had it is off.</source>
        <translation>L’adresse est celle d’une autre machine, ou la carte réseau qui l’avait est éteinte.</translation>
    </message>
    <message>
        <source>Choose “This computer only”, “My network”, or an address of this computer.</source>
        <translation>Choisissez «&#xa0;Cet ordinateur seulement&#xa0;», «&#xa0;Mon réseau&#xa0;», ou une adresse de cet ordinateur.</translation>
    </message>
    <message>
        <source>This is not an address of this computer.</source>
        <translation>Ce n’est pas une adresse de cet ordinateur.</translation>
    </message>
    <message>
        <source>The system reserves port {port}</source>
        <translation>Le système réserve le port {port}</translation>
    </message>
    <message>
        <source>Ports below 1024 are kept for the administrator on many systems.</source>
        <translation>Sur beaucoup de systèmes, les ports inférieurs à 1024 sont gardés pour l’administrateur.</translation>
    </message>
    <message>
        <source>Use a port from 1024 up, for example {suggestion}.</source>
        <translation>Utilisez un port à partir de 1024, par exemple {suggestion}.</translation>
    </message>
    <message>
        <source>To use port {port} all the same, have the administrator run the line once.</source>
        <translation>Pour utiliser quand même le port {port}, faites exécuter la ligne une fois par l’administrateur.</translation>
    </message>
    <message>
        <source>To use port {port} all the same, have the administrator run one of these lines: for Bascule alone (again after each update), or for every program. Then restart the relay engine: quit Bascule, choosing “Stop them and quit”, and open it again.</source>
        <translation>Pour utiliser quand même le port {port}, faites exécuter l’une de ces lignes par l’administrateur&#xa0;: pour Bascule seul (à refaire après chaque mise à jour), ou pour tous les programmes. Redémarrez ensuite le moteur des relais&#xa0;: quittez Bascule en choisissant «&#xa0;Les arrêter et quitter&#xa0;», puis rouvrez-le.</translation>
    </message>
    <message>
        <source>The system reserves ports below 1024.</source>
        <translation>Le système réserve les ports inférieurs à 1024.</translation>
    </message>
    <message>
        <source>The system does not let Bascule listen on {subject}</source>
        <translation>Le système ne laisse pas Bascule écouter sur {subject}</translation>
    </message>
    <message>
        <source>The system does not let Bascule listen there</source>
        <translation>Le système ne laisse pas Bascule y écouter</translation>
    </message>
    <message>
        <source>The place is reserved for the system or for another user.</source>
        <translation>L’endroit est réservé au système ou à un autre utilisateur.</translation>
    </message>
    <message>
        <source>Choose another port or path.</source>
        <translation>Choisissez un autre port ou un autre chemin.</translation>
    </message>
    <message>
        <source>The system does not let Bascule listen here.</source>
        <translation>Le système ne laisse pas Bascule écouter ici.</translation>
    </message>
    <message>
        <source>Bascule cannot listen on {subject}</source>
        <translation>Bascule ne peut pas écouter sur {subject}</translation>
    </message>
    <message>
        <source>Bascule cannot listen</source>
        <translation>Bascule ne peut pas écouter</translation>
    </message>
    <message>
        <source>Choose another port or address, then try again.</source>
        <translation>Choisissez un autre port ou une autre adresse, puis réessayez.</translation>
    </message>
    <message>
        <source>Bascule cannot listen here. Choose another port or address.</source>
        <translation>Bascule ne peut pas écouter ici. Choisissez un autre port ou une autre adresse.</translation>
    </message>
    <message>
        <source>Show the file</source>
        <translation>Montrer le fichier</translation>
    </message>
    <message>
        <source>“{imported}” is no profile that Bascule can read</source>
        <translation>«&#xa0;{imported}&#xa0;» n’est pas un profil que Bascule sait lire</translation>
    </message>
    <message>
        <source>It is something else, or it was damaged on its way.</source>
        <translation>C’est autre chose, ou le fichier a été abîmé en chemin.</translation>
    </message>
    <message>
        <source>Have it exported and sent once more. Nothing was imported.</source>
        <translation>Faites-le exporter et envoyer encore une fois. Rien n’a été importé.</translation>
    </message>
    <message>
        <source>The profile cannot be read (line {line})</source>
        <translation>Le profil ne peut pas être lu (ligne {line})</translation>
    </message>
    <message>
        <source>The profile cannot be read</source>
        <translation>Le profil ne peut pas être lu</translation>
    </message>
    <message>
        <source>The file was changed by hand, or was not written to its end.</source>
        <translation>Le fichier a été modifié à la main, ou n’a pas été écrit jusqu’au bout.</translation>
    </message>
    <message>
        <source>Correct the file, or delete the relay and make it again. The file stays as it is.</source>
        <translation>Corrigez le fichier, ou supprimez le relais et refaites-le. Le fichier reste tel quel.</translation>
    </message>
    <message>
        <source>A newer Bascule wrote “{imported}”</source>
        <translation>Un Bascule plus récent a écrit «&#xa0;{imported}&#xa0;»</translation>
    </message>
    <message>
        <source>A newer Bascule wrote this profile</source>
        <translation>Un Bascule plus récent a écrit ce profil</translation>
    </message>
    <message>
        <source>This version would misread it, so it leaves the file alone.</source>
        <translation>Cette version le lirait de travers&#xa0;; elle n’y touche donc pas.</translation>
    </message>
    <message>
        <source>Install the newest Bascule to use it.</source>
        <translation>Installez le Bascule le plus récent pour l’utiliser.</translation>
    </message>
    <message>
        <source>This relay does not exist any more</source>
        <translation>Ce relais n’existe plus</translation>
    </message>
    <message>
        <source>Its profile was deleted, perhaps in another window.</source>
        <translation>Son profil a été supprimé, peut-être dans une autre fenêtre.</translation>
    </message>
    <message>
        <source>Choose another relay, or make a new one.</source>
        <translation>Choisissez un autre relais, ou créez-en un.</translation>
    </message>
    <message>
        <source>This relay is too long to be saved</source>
        <translation>Ce relais est trop long pour être enregistré</translation>
    </message>
    <message>
        <source>With all its words it may have {size}.</source>
        <translation>Avec tous ses mots, il peut faire {size}.</translation>
    </message>
    <message>
        <source>Shorten what is longest: put a long command into a file and run that.</source>
        <translation>Raccourcissez ce qui est le plus long&#xa0;: mettez une longue commande dans un fichier, et lancez celui-ci.</translation>
    </message>
    <message>
        <source>The profile cannot be saved in {path}</source>
        <translation>Le profil ne peut pas être enregistré dans {path}</translation>
    </message>
    <message>
        <source>The profile cannot be saved</source>
        <translation>Le profil ne peut pas être enregistré</translation>
    </message>
    <message>
        <source>Make room or allow writing there, then save again.</source>
        <translation>Faites de la place ou autorisez l’écriture, puis enregistrez de nouveau.</translation>
    </message>
    <message>
        <source>The saved password is missing</source>
        <translation>Le mot de passe enregistré manque</translation>
    </message>
    <message>
        <source>Passwords stay on the computer they were typed on; this profile comes from another one, or the keyring was emptied.</source>
        <translation>Les mots de passe restent sur l’ordinateur où ils ont été saisis&#xa0;; ce profil vient d’un autre, ou le trousseau a été vidé.</translation>
    </message>
    <message>
        <source>Edit the relay and type the password again.</source>
        <translation>Modifiez le relais et saisissez de nouveau le mot de passe.</translation>
    </message>
    <message>
        <source>Type the password again: the saved one is missing.</source>
        <translation>Saisissez de nouveau le mot de passe&#xa0;: celui qui était enregistré manque.</translation>
    </message>
    <message>
        <source>The proxy at {where}</source>
        <translation>Le proxy {where}</translation>
    </message>
    <message>
        <source>The proxy</source>
        <translation>Le proxy</translation>
    </message>
    <message>
        <source>the target</source>
        <translation>la cible</translation>
    </message>
    <message>
        <source>Its answer looks like {looks}.</source>
        <translation>Sa réponse ressemble à {looks}.</translation>
    </message>
    <message>
        <source>Another program listens there, or it is the wrong port.</source>
        <translation>Un autre programme y écoute, ou ce n’est pas le bon port.</translation>
    </message>
    <message>
        <source>{who} is not a SOCKS {version} proxy</source>
        <translation>{who} n’est pas un proxy SOCKS {version}</translation>
    </message>
    <message>
        <source>Check the port and the SOCKS version of this proxy.</source>
        <translation>Vérifiez le port et la version de SOCKS de ce proxy.</translation>
    </message>
    <message>
        <source>What answers there is not a SOCKS {version} proxy.</source>
        <translation>Ce qui répond là n’est pas un proxy SOCKS {version}.</translation>
    </message>
    <message>
        <source>{who} wants a user name and a password</source>
        <translation>{who} demande un nom d’utilisateur et un mot de passe</translation>
    </message>
    <message>
        <source>It lets in only those it knows.</source>
        <translation>Il n’admet que ceux qu’il connaît.</translation>
    </message>
    <message>
        <source>Write the user name and the password you were given for it.</source>
        <translation>Indiquez le nom d’utilisateur et le mot de passe que l’on vous a donnés.</translation>
    </message>
    <message>
        <source>This proxy wants a user name and a password.</source>
        <translation>Ce proxy demande un nom d’utilisateur et un mot de passe.</translation>
    </message>
    <message>
        <source>{who} does not accept user name and password</source>
        <translation>{who} n’accepte pas le nom d’utilisateur et le mot de passe</translation>
    </message>
    <message>
        <source>One of them is mistyped, or they are no longer valid.</source>
        <translation>L’un des deux est mal saisi, ou ils ne sont plus valables.</translation>
    </message>
    <message>
        <source>Type both again; capital and small letters differ.</source>
        <translation>Saisissez de nouveau les deux&#xa0;; majuscules et minuscules comptent.</translation>
    </message>
    <message>
        <source>The proxy does not accept this user name and password.</source>
        <translation>Le proxy n’accepte pas ce nom d’utilisateur et ce mot de passe.</translation>
    </message>
    <message>
        <source>{who} is not allowed to connect to {target}</source>
        <translation>{who} n’a pas le droit de se connecter à {target}</translation>
    </message>
    <message>
        <source>Its rules exclude this target, this port or this computer.</source>
        <translation>Ses règles excluent cette cible, ce port ou cet ordinateur.</translation>
    </message>
    <message>
        <source>Ask who runs the proxy, or go through another one.</source>
        <translation>Demandez à la personne qui gère le proxy, ou passez par un autre.</translation>
    </message>
    <message>
        <source>The rules of the proxy do not allow this.</source>
        <translation>Les règles du proxy ne le permettent pas.</translation>
    </message>
    <message>
        <source>{who} finds no way to the network of {target}</source>
        <translation>{who} ne trouve aucun chemin vers le réseau de {target}</translation>
    </message>
    <message>
        <source>The proxy itself is not connected to that network.</source>
        <translation>Le proxy lui-même n’est pas relié à ce réseau.</translation>
    </message>
    <message>
        <source>Check the target&apos;s address, or go through another proxy.</source>
        <translation>Vérifiez l’adresse de la cible, ou passez par un autre proxy.</translation>
    </message>
    <message>
        <source>The proxy finds no way to this network.</source>
        <translation>Le proxy ne trouve aucun chemin vers ce réseau.</translation>
    </message>
    <message>
        <source>{who} cannot reach {target}</source>
        <translation>{who} ne peut pas joindre {target}</translation>
    </message>
    <message>
        <source>The proxy does not know the name, or the host is off.</source>
        <translation>Le proxy ne connaît pas ce nom, ou l’hôte est éteint.</translation>
    </message>
    <message>
        <source>Check the spelling of the host, then try again.</source>
        <translation>Vérifiez l’orthographe de l’hôte, puis réessayez.</translation>
    </message>
    <message>
        <source>The proxy does not know this name, or the host is off.</source>
        <translation>Le proxy ne connaît pas ce nom, ou l’hôte est éteint.</translation>
    </message>
    <message>
        <source>{target} refuses the connection of the proxy</source>
        <translation>{target} refuse la connexion du proxy</translation>
    </message>
    <message>
        <source>The proxy found the host, but no program listens on that port, or a firewall says no.</source>
        <translation>Le proxy a trouvé l’hôte, mais aucun programme n’écoute sur ce port, ou un pare-feu s’y oppose.</translation>
    </message>
    <message>
        <source>Check the port, or start the program over there.</source>
        <translation>Vérifiez le port, ou démarrez le programme là-bas.</translation>
    </message>
    <message>
        <source>The proxy found the host, but nothing listens on that port.</source>
        <translation>Le proxy a trouvé l’hôte, mais rien n’écoute sur ce port.</translation>
    </message>
    <message>
        <source>{target} does not answer the proxy in time</source>
        <translation>{target} ne répond pas à temps au proxy</translation>
    </message>
    <message>
        <source>The host is off or very slow, or a firewall swallows the packets.</source>
        <translation>L’hôte est éteint ou très lent, ou un pare-feu avale les paquets.</translation>
    </message>
    <message>
        <source>Check that the host is on, then try again.</source>
        <translation>Vérifiez que l’hôte est allumé, puis réessayez.</translation>
    </message>
    <message>
        <source>The host does not answer the proxy in time.</source>
        <translation>L’hôte ne répond pas à temps au proxy.</translation>
    </message>
    <message>
        <source>{who} cannot do what is asked of it</source>
        <translation>{who} ne sait pas faire ce qui lui est demandé</translation>
    </message>
    <message>
        <source>It does not know this type of address, or wants a way to sign in that Bascule does not offer.</source>
        <translation>Il ne connaît pas ce type d’adresse, ou demande une identification que Bascule ne propose pas.</translation>
    </message>
    <message>
        <source>Try the other SOCKS version, or a name instead of an address.</source>
        <translation>Essayez l’autre version de SOCKS, ou un nom au lieu d’une adresse.</translation>
    </message>
    <message>
        <source>This proxy cannot do that. Try another SOCKS version.</source>
        <translation>Ce proxy ne sait pas faire cela. Essayez une autre version de SOCKS.</translation>
    </message>
    <message>
        <source>The service is offline, or never existed.</source>
        <translation>Le service est hors ligne, ou n’a jamais existé.</translation>
    </message>
    <message>
        <source>The onion address is mistyped.</source>
        <translation>L’adresse onion est mal saisie.</translation>
    </message>
    <message>
        <source>The service admits only those who have its key.</source>
        <translation>Le service n’admet que ceux qui ont sa clé.</translation>
    </message>
    <message>
        <source>The service refuses the key that Tor has for it.</source>
        <translation>Le service refuse la clé que Tor possède pour lui.</translation>
    </message>
    <message>
        <source>The service is overloaded, or Tor has just started.</source>
        <translation>Le service est surchargé, ou Tor vient de démarrer.</translation>
    </message>
    <message>
        <source>The service is offline, or the address is mistyped.</source>
        <translation>Le service est hors ligne, ou l’adresse est mal saisie.</translation>
    </message>
    <message>
        <source>Tor cannot reach the onion service {target}</source>
        <translation>Tor ne peut pas joindre le service onion {target}</translation>
    </message>
    <message>
        <source>Tor cannot reach the onion service</source>
        <translation>Tor ne peut pas joindre le service onion</translation>
    </message>
    <message>
        <source>Check every letter of the address, and try again in a minute.</source>
        <translation>Vérifiez chaque lettre de l’adresse, et réessayez dans une minute.</translation>
    </message>
    <message>
        <source>{who} does not connect to {target}</source>
        <translation>{who} ne se connecte pas à {target}</translation>
    </message>
    <message>
        <source>It says: {why}.</source>
        <translation>Il indique&#xa0;: {why}.</translation>
    </message>
    <message>
        <source>It gives no reason.</source>
        <translation>Il ne donne pas de raison.</translation>
    </message>
    <message>
        <source>Check the target and the proxy, or ask who runs the proxy.</source>
        <translation>Vérifiez la cible et le proxy, ou demandez à la personne qui gère le proxy.</translation>
    </message>
    <message>
        <source>The proxy does not connect, and gives no reason.</source>
        <translation>Le proxy ne se connecte pas, et ne donne pas de raison.</translation>
    </message>
    <message>
        <source>{peer} does not say who has connected to it</source>
        <translation>{peer} ne dit pas qui s’est connecté à lui</translation>
    </message>
    <message>
        <source>The load balancer does not say who has connected to it</source>
        <translation>Le répartiteur de charge ne dit pas qui s’est connecté à lui</translation>
    </message>
    <message>
        <source>The source expects a PROXY header at the beginning, as load balancers send it.</source>
        <translation>La source attend au début un en-tête PROXY, comme les répartiteurs de charge en envoient.</translation>
    </message>
    <message>
        <source>Switch the header on in the load balancer, or off under More settings of the source.</source>
        <translation>Activez cet en-tête dans le répartiteur de charge, ou désactivez-le sous «&#xa0;Autres réglages&#xa0;» de la source.</translation>
    </message>
    <message>
        <source>{who} closes the connection instead of answering</source>
        <translation>{who} ferme la connexion au lieu de répondre</translation>
    </message>
    <message>
        <source>{peer} closes the connection instead of answering</source>
        <translation>{peer} ferme la connexion au lieu de répondre</translation>
    </message>
    <message>
        <source>The other side closes the connection instead of answering</source>
        <translation>L’autre côté ferme la connexion au lieu de répondre</translation>
    </message>
    <message>
        <source>It speaks something else on this port, or does not let this computer in.</source>
        <translation>Il parle autre chose sur ce port, ou n’admet pas cet ordinateur.</translation>
    </message>
    <message>
        <source>Check the port and the kind of service behind it.</source>
        <translation>Vérifiez le port et le genre de service qui s’y trouve.</translation>
    </message>
    <message>
        <source>It closes the connection instead of answering.</source>
        <translation>La connexion est fermée au lieu d’une réponse.</translation>
    </message>
    <message>
        <source>The other side broke off the connection</source>
        <translation>L’autre côté a coupé la connexion</translation>
    </message>
    <message>
        <source>Its program ended or restarted, or a firewall cut the line.</source>
        <translation>Son programme s’est arrêté ou a redémarré, ou un pare-feu a coupé la ligne.</translation>
    </message>
    <message>
        <source>Connect again; if it happens often, look at the program there.</source>
        <translation>Reconnectez-vous&#xa0;; si cela arrive souvent, regardez le programme là-bas.</translation>
    </message>
    <message>
        <source>The connection ended</source>
        <translation>La connexion est terminée</translation>
    </message>
    <message>
        <source>The other side has gone, or the network was interrupted.</source>
        <translation>L’autre côté est parti, ou le réseau a été interrompu.</translation>
    </message>
    <message>
        <source>Check the network, then connect again.</source>
        <translation>Vérifiez le réseau, puis reconnectez-vous.</translation>
    </message>
    <message>
        <source>The encrypted connection ended without a farewell</source>
        <translation>La connexion chiffrée s’est terminée sans adieu</translation>
    </message>
    <message>
        <source>The end of the data may be missing: somebody or something cut it.</source>
        <translation>La fin des données manque peut-être&#xa0;: quelqu’un ou quelque chose l’a coupée.</translation>
    </message>
    <message>
        <source>Send it again if what arrived looks incomplete.</source>
        <translation>Envoyez de nouveau si ce qui est arrivé semble incomplet.</translation>
    </message>
    <message>
        <source>The connection was silent for {seconds} seconds</source>
        <translation>La connexion est restée muette pendant {seconds} secondes</translation>
    </message>
    <message>
        <source>The connection was silent for too long</source>
        <translation>La connexion est restée muette trop longtemps</translation>
    </message>
    <message>
        <source>The relay ends connections without traffic, as you set it.</source>
        <translation>Le relais ferme les connexions sans trafic, comme vous l’avez réglé.</translation>
    </message>
    <message>
        <source>Raise the limit under More settings if it was too soon.</source>
        <translation>Augmentez la limite sous «&#xa0;Autres réglages&#xa0;» si c’était trop tôt.</translation>
    </message>
    <message>
        <source>{peer} is not allowed to connect</source>
        <translation>{peer} n’a pas le droit de se connecter</translation>
    </message>
    <message>
        <source>This computer is not allowed to connect</source>
        <translation>Cet ordinateur n’a pas le droit de se connecter</translation>
    </message>
    <message>
        <source>Its address is not on the list of those who may.</source>
        <translation>Son adresse n’est pas sur la liste de ceux qui le peuvent.</translation>
    </message>
    <message>
        <source>Add the address to the list if it should be let in.</source>
        <translation>Ajoutez l’adresse à la liste si elle doit être admise.</translation>
    </message>
    <message>
        <source>All {limit} places of the relay are taken</source>
        <translation>Les {limit} places du relais sont toutes prises</translation>
    </message>
    <message>
        <source>All places of the relay are taken</source>
        <translation>Toutes les places du relais sont prises</translation>
    </message>
    <message>
        <source>The relay carries only so many connections at once, as you set it.</source>
        <translation>Le relais ne porte qu’un certain nombre de connexions à la fois, comme vous l’avez réglé.</translation>
    </message>
    <message>
        <source>Close a connection, or raise the limit under More settings.</source>
        <translation>Fermez une connexion, ou augmentez la limite sous «&#xa0;Autres réglages&#xa0;».</translation>
    </message>
    <message>
        <source>{device} is in use by {holder}</source>
        <translation>{device} est utilisé par {holder}</translation>
    </message>
    <message>
        <source>{device} is in use by another connection</source>
        <translation>{device} est utilisé par une autre connexion</translation>
    </message>
    <message>
        <source>The serial port is in use by another connection</source>
        <translation>Le port série est utilisé par une autre connexion</translation>
    </message>
    <message>
        <source>One connection at a time can use a serial port.</source>
        <translation>Une seule connexion à la fois peut utiliser un port série.</translation>
    </message>
    <message>
        <source>Close the other connection first.</source>
        <translation>Fermez d’abord l’autre connexion.</translation>
    </message>
    <message>
        <source>{subject} is too slow for the other targets</source>
        <translation>{subject} est trop lent pour les autres cibles</translation>
    </message>
    <message>
        <source>A target is too slow for the others</source>
        <translation>Une cible est trop lente pour les autres</translation>
    </message>
    <message>
        <source>It did not take what was sent within {seconds} seconds, and the others do not wait longer. It gets nothing more in this connection.</source>
        <translation>En {seconds} secondes, elle n’a pas pris ce qui lui était envoyé, et les autres n’attendent pas davantage. Elle ne reçoit plus rien dans cette connexion.</translation>
    </message>
    <message>
        <source>The others do not wait for it. It gets nothing more in this connection.</source>
        <translation>Les autres ne l’attendent pas. Elle ne reçoit plus rien dans cette connexion.</translation>
    </message>
    <message>
        <source>The next connection includes it again. If it is slow by nature, as a serial port is, make it the one that answers: that one sets the pace.</source>
        <translation>La prochaine connexion l’inclut de nouveau. Si elle est lente par nature, comme un port série, faites-en celle qui répond&#xa0;: c’est elle qui donne le rythme.</translation>
    </message>
    <message>
        <source>{peer} does not trust your certificate</source>
        <translation>{peer} ne fait pas confiance à votre certificat</translation>
    </message>
    <message>
        <source>A computer that connects does not trust your certificate</source>
        <translation>Un ordinateur qui se connecte ne fait pas confiance à votre certificat</translation>
    </message>
    <message>
        <source>Your certificate authority is not known over there yet.</source>
        <translation>Votre autorité de certification n’y est pas encore connue.</translation>
    </message>
    <message>
        <source>Make the other computer trust the authority&apos;s file, once.</source>
        <translation>Faites accepter une fois le fichier de l’autorité par l’autre ordinateur.</translation>
    </message>
    <message>
        <source>The certificate of {peer} is not trusted</source>
        <translation>Le certificat de {peer} n’est pas digne de confiance</translation>
    </message>
    <message>
        <source>The certificate is not trusted</source>
        <translation>Le certificat n’est pas digne de confiance</translation>
    </message>
    <message>
        <source>An authority this computer does not know signed it; that is usual for devices and for services inside a company. It may also be somebody in between.</source>
        <translation>Une autorité inconnue de cet ordinateur l’a signé&#xa0;; c’est courant pour les appareils et les services internes d’une entreprise. Il se peut aussi que quelqu’un se soit placé entre les deux.</translation>
    </message>
    <message>
        <source>Ask who runs the service for the file of their certificate authority, and choose it under “Trust this authority”.</source>
        <translation>Demandez à la personne qui gère le service le fichier de son autorité de certification, et choisissez-le sous «&#xa0;Faire confiance à cette autorité&#xa0;».</translation>
    </message>
    <message>
        <source>Choose the authority&apos;s file</source>
        <translation>Choisir le fichier de l’autorité</translation>
    </message>
    <message>
        <source>This computer has no list of trusted authorities</source>
        <translation>Cet ordinateur n’a pas de liste d’autorités de confiance</translation>
    </message>
    <message>
        <source>Without it no certificate can be verified. It was looked for in {path} and where other systems keep it.</source>
        <translation>Sans elle, aucun certificat ne peut être vérifié. Elle a été cherchée dans {path} et là où d’autres systèmes la gardent.</translation>
    </message>
    <message>
        <source>Without it no certificate can be verified.</source>
        <translation>Sans elle, aucun certificat ne peut être vérifié.</translation>
    </message>
    <message>
        <source>Install the package “ca-certificates”, or choose the authority&apos;s file under “Trust this authority”. If SSL_CERT_FILE or SSL_CERT_DIR is set, it must name what is there.</source>
        <translation>Installez le paquet «&#xa0;ca-certificates&#xa0;», ou choisissez le fichier de l’autorité sous «&#xa0;Faire confiance à cette autorité&#xa0;». Si SSL_CERT_FILE ou SSL_CERT_DIR est défini, il doit désigner ce qui existe.</translation>
    </message>
    <message>
        <source>This computer has no list of trusted authorities.</source>
        <translation>Cet ordinateur n’a pas de liste d’autorités de confiance.</translation>
    </message>
    <message>
        <source>Its certificate is not trusted by this computer.</source>
        <translation>Cet ordinateur ne fait pas confiance à son certificat.</translation>
    </message>
    <message>
        <source>The certificate of {peer} ran out on {day}</source>
        <translation>Le certificat de {peer} a expiré le {day}</translation>
    </message>
    <message>
        <source>The certificate of {peer} is not valid today</source>
        <translation>Le certificat de {peer} n’est pas valable aujourd’hui</translation>
    </message>
    <message>
        <source>The certificate is not valid today</source>
        <translation>Le certificat n’est pas valable aujourd’hui</translation>
    </message>
    <message>
        <source>It was not renewed in time, or this computer&apos;s clock is wrong.</source>
        <translation>Il n’a pas été renouvelé à temps, ou l’horloge de cet ordinateur est fausse.</translation>
    </message>
    <message>
        <source>Check the date of this computer, then ask who runs the service to renew it.</source>
        <translation>Vérifiez la date de cet ordinateur, puis demandez à la personne qui gère le service de le renouveler.</translation>
    </message>
    <message>
        <source>The certificate is not valid today.</source>
        <translation>Le certificat n’est pas valable aujourd’hui.</translation>
    </message>
    <message>
        <source>It is made out for {names}, not for the name you gave.</source>
        <translation>Il est établi pour {names}, et non pour le nom que vous avez donné.</translation>
    </message>
    <message>
        <source>It is made out for another name than the one you gave.</source>
        <translation>Il est établi pour un autre nom que celui que vous avez donné.</translation>
    </message>
    <message>
        <source>The certificate does not belong to {peer}</source>
        <translation>Le certificat n’est pas celui de {peer}</translation>
    </message>
    <message>
        <source>The certificate belongs to another name</source>
        <translation>Le certificat est celui d’un autre nom</translation>
    </message>
    <message>
        <source>Use the name in the certificate as the host, or write it under “Name to verify”.</source>
        <translation>Utilisez comme hôte le nom inscrit dans le certificat, ou écrivez-le sous «&#xa0;Nom à vérifier&#xa0;».</translation>
    </message>
    <message>
        <source>Show the field</source>
        <translation>Montrer le champ</translation>
    </message>
    <message>
        <source>The certificate there is made out for another name.</source>
        <translation>Le certificat présenté là est établi pour un autre nom.</translation>
    </message>
    <message>
        <source>{peer} shows no certificate</source>
        <translation>{peer} ne présente pas de certificat</translation>
    </message>
    <message>
        <source>A computer that connects shows no certificate</source>
        <translation>Un ordinateur qui se connecte ne présente pas de certificat</translation>
    </message>
    <message>
        <source>The relay admits only those who show one, as you set it.</source>
        <translation>Le relais n’admet que ceux qui en présentent un, comme vous l’avez réglé.</translation>
    </message>
    <message>
        <source>Give that computer a client certificate, or lift the rule.</source>
        <translation>Donnez un certificat client à cet ordinateur, ou levez la règle.</translation>
    </message>
    <message>
        <source>{peer} does not accept your certificate</source>
        <translation>{peer} n’accepte pas votre certificat</translation>
    </message>
    <message>
        <source>The other side does not accept your certificate</source>
        <translation>L’autre côté n’accepte pas votre certificat</translation>
    </message>
    <message>
        <source>It ran out, or another authority than theirs signed it.</source>
        <translation>Il a expiré, ou une autre autorité que la leur l’a signé.</translation>
    </message>
    <message>
        <source>Ask who runs the service for a new client certificate.</source>
        <translation>Demandez un nouveau certificat client à la personne qui gère le service.</translation>
    </message>
    <message>
        <source>The other side does not accept this certificate.</source>
        <translation>L’autre côté n’accepte pas ce certificat.</translation>
    </message>
    <message>
        <source>{peer} demands a certificate from you</source>
        <translation>{peer} vous demande un certificat</translation>
    </message>
    <message>
        <source>The other side demands a certificate from you</source>
        <translation>L’autre côté vous demande un certificat</translation>
    </message>
    <message>
        <source>It lets in only those who show a certificate it has signed.</source>
        <translation>Il n’admet que ceux qui présentent un certificat signé par lui.</translation>
    </message>
    <message>
        <source>Ask who runs the service for a client certificate and its key, and choose both files.</source>
        <translation>Demandez un certificat client et sa clé à la personne qui gère le service, et choisissez les deux fichiers.</translation>
    </message>
    <message>
        <source>Choose the certificate</source>
        <translation>Choisir le certificat</translation>
    </message>
    <message>
        <source>It demands a client certificate.</source>
        <translation>Un certificat client est demandé.</translation>
    </message>
    <message>
        <source>{peer} does not speak TLS</source>
        <translation>{peer} ne parle pas TLS</translation>
    </message>
    <message>
        <source>The other side does not speak TLS</source>
        <translation>L’autre côté ne parle pas TLS</translation>
    </message>
    <message>
        <source>It speaks {spoken}; often TLS is on another port.</source>
        <translation>Il parle {spoken}&#xa0;; TLS se trouve souvent sur un autre port.</translation>
    </message>
    <message>
        <source>It answers, but not encrypted; often TLS is on another port.</source>
        <translation>Il répond, mais sans chiffrement&#xa0;; TLS se trouve souvent sur un autre port.</translation>
    </message>
    <message>
        <source>Check the port, or switch TLS off for this side.</source>
        <translation>Vérifiez le port, ou désactivez TLS de ce côté.</translation>
    </message>
    <message>
        <source>What answers there does not speak TLS.</source>
        <translation>Ce qui répond là ne parle pas TLS.</translation>
    </message>
    <message>
        <source>No encrypted connection to {peer} comes about</source>
        <translation>Aucune connexion chiffrée avec {peer} ne s’établit</translation>
    </message>
    <message>
        <source>No encrypted connection comes about</source>
        <translation>Aucune connexion chiffrée ne s’établit</translation>
    </message>
    <message>
        <source>The two sides find no agreement: {why}.</source>
        <translation>Les deux côtés ne s’accordent pas&#xa0;: {why}.</translation>
    </message>
    <message>
        <source>The two sides find no common way to encrypt.</source>
        <translation>Les deux côtés ne trouvent aucune manière commune de chiffrer.</translation>
    </message>
    <message>
        <source>Check that the other side speaks TLS 1.2 or newer, then try again.</source>
        <translation>Vérifiez que l’autre côté parle TLS 1.2 ou plus récent, puis réessayez.</translation>
    </message>
    <message>
        <source>No encrypted connection comes about.</source>
        <translation>Aucune connexion chiffrée ne s’établit.</translation>
    </message>
    <message>
        <source>“{label}” is empty</source>
        <translation>«&#xa0;{label}&#xa0;» est vide</translation>
    </message>
    <message>
        <source>A value is missing</source>
        <translation>Une valeur manque</translation>
    </message>
    <message>
        <source>Bascule needs this value for the relay to work.</source>
        <translation>Bascule a besoin de cette valeur pour que le relais fonctionne.</translation>
    </message>
    <message>
        <source>Fill it in.</source>
        <translation>Remplissez-la.</translation>
    </message>
    <message>
        <source>Please fill this in.</source>
        <translation>Remplissez ce champ.</translation>
    </message>
    <message>
        <source>Use a number from {minimum} to {maximum}.</source>
        <translation>Utilisez un nombre de {minimum} à {maximum}.</translation>
    </message>
    <message>
        <source>Use a number of at least {minimum}.</source>
        <translation>Utilisez un nombre d’au moins {minimum}.</translation>
    </message>
    <message>
        <source>Use a number.</source>
        <translation>Utilisez un nombre.</translation>
    </message>
    <message>
        <source>Use one of these: {choices}.</source>
        <translation>Utilisez l’une de ces valeurs&#xa0;: {choices}.</translation>
    </message>
    <message>
        <source>Use a host name such as server.example, or an address such as 10.0.0.3, without “http://” and without a port.</source>
        <translation>Utilisez un nom d’hôte comme serveur.example, ou une adresse comme 10.0.0.3, sans «&#xa0;http://&#xa0;» et sans port.</translation>
    </message>
    <message>
        <source>Write 192.168.1.20 or 192.168.1.0/24, separated by commas.</source>
        <translation>Écrivez 192.168.1.20 ou 192.168.1.0/24, séparés par des virgules.</translation>
    </message>
    <message>
        <source>“{entry}” is not an address. Write 192.168.1.20 or 192.168.1.0/24, separated by commas.</source>
        <translation>«&#xa0;{entry}&#xa0;» n’est pas une adresse. Écrivez 192.168.1.20 ou 192.168.1.0/24, séparés par des virgules.</translation>
    </message>
    <message>
        <source>“{entry}” is neither a name such as server.example nor an address.</source>
        <translation>«&#xa0;{entry}&#xa0;» n’est ni un nom tel que serveur.example ni une adresse.</translation>
    </message>
    <message>
        <source>This is too long: at most 255 characters fit.</source>
        <translation>C’est trop long&#xa0;: 255 caractères au plus.</translation>
    </message>
    <message>
        <source>Use permissions in octal, such as 600 or 660.</source>
        <translation>Utilisez des permissions en octal, telles que 600 ou 660.</translation>
    </message>
    <message>
        <source>“{entry}” is not a setting of a terminal. Write raw, echo=0 or b115200, separated by commas.</source>
        <translation>«&#xa0;{entry}&#xa0;» n’est pas un réglage de terminal. Écrivez raw, echo=0 ou b115200, séparés par des virgules.</translation>
    </message>
    <message>
        <source>Use a single line of text.</source>
        <translation>Utilisez une seule ligne de texte.</translation>
    </message>
    <message>
        <source>Use yes or no.</source>
        <translation>Utilisez oui ou non.</translation>
    </message>
    <message>
        <source>Use a file name such as report.pdf. The folder stands above.</source>
        <translation>Utilisez un nom de fichier comme rapport.pdf. Le dossier est indiqué plus haut.</translation>
    </message>
    <message>
        <source>Use small letters, digits and hyphens.</source>
        <translation>Utilisez des minuscules, des chiffres et des traits d’union.</translation>
    </message>
    <message>
        <source>SOCKS 4 knows no passwords. Choose SOCKS 5.</source>
        <translation>SOCKS 4 ne connaît pas les mots de passe. Choisissez SOCKS 5.</translation>
    </message>
    <message>
        <source>SOCKS 4 cannot carry IPv6 addresses. Choose SOCKS 5.</source>
        <translation>SOCKS 4 ne transporte pas les adresses IPv6. Choisissez SOCKS 5.</translation>
    </message>
    <message>
        <source>SOCKS 4 cannot carry names. Choose SOCKS 4a or 5.</source>
        <translation>SOCKS 4 ne transporte pas les noms. Choisissez SOCKS 4a ou 5.</translation>
    </message>
    <message>
        <source>SOCKS 4 cannot carry this address. Choose SOCKS 5.</source>
        <translation>SOCKS 4 ne transporte pas cette adresse. Choisissez SOCKS 5.</translation>
    </message>
    <message>
        <source>An abstract name is not a file: it has neither owner nor permissions. Leave this as it was, or use a path.</source>
        <translation>Un nom abstrait n’est pas un fichier&#xa0;: il n’a ni propriétaire ni droits. Laissez ce champ tel quel, ou indiquez un chemin.</translation>
    </message>
    <message>
        <source>“{entry}” is not a multicast group. Write 239.1.2.3, or 239.1.2.3:eth0 to join it on a certain interface.</source>
        <translation>«&#xa0;{entry}&#xa0;» n’est pas un groupe de multidiffusion. Écrivez 239.1.2.3, ou 239.1.2.3:eth0 pour le rejoindre sur une certaine interface.</translation>
    </message>
    <message>
        <source>“{entry}” is not an interface of this computer. Write its name, such as eth0, or one of its addresses.</source>
        <translation>«&#xa0;{entry}&#xa0;» n’est pas une interface de cet ordinateur. Écrivez son nom, par exemple eth0, ou une de ses adresses.</translation>
    </message>
    <message>
        <source>Use a number up to {maximum}, the longest pause, or raise that one.</source>
        <translation>Utilisez un nombre jusqu’à {maximum}, la plus longue pause, ou augmentez celle-ci.</translation>
    </message>
    <message>
        <source>Nothing ever comes from there. Choose something to read.</source>
        <translation>Rien ne vient jamais de là. Choisissez quelque chose à lire.</translation>
    </message>
    <message>
        <source>Nothing can be sent there. Choose something to write to.</source>
        <translation>Rien ne peut y être envoyé. Choisissez où écrire.</translation>
    </message>
    <message>
        <source>Bascule cannot use this value. Please change it.</source>
        <translation>Bascule ne peut pas utiliser cette valeur. Modifiez-la.</translation>
    </message>
    <message>
        <source>“{label}” does not fit</source>
        <translation>«&#xa0;{label}&#xa0;» ne convient pas</translation>
    </message>
    <message>
        <source>A value does not fit</source>
        <translation>Une valeur ne convient pas</translation>
    </message>
    <message>
        <source>What is written there cannot be used for this field.</source>
        <translation>Ce qui y est écrit ne peut pas servir pour ce champ.</translation>
    </message>
    <message>
        <source>The profile holds a setting Bascule does not know: {name}</source>
        <translation>Le profil contient un réglage inconnu de Bascule&#xa0;: {name}</translation>
    </message>
    <message>
        <source>The profile holds a setting Bascule does not know</source>
        <translation>Le profil contient un réglage inconnu de Bascule</translation>
    </message>
    <message>
        <source>It is misspelt, or a newer Bascule wrote it.</source>
        <translation>Il est mal orthographié, ou un Bascule plus récent l’a écrit.</translation>
    </message>
    <message>
        <source>Correct the line in the file, or install the newest Bascule.</source>
        <translation>Corrigez la ligne dans le fichier, ou installez le Bascule le plus récent.</translation>
    </message>
    <message>
        <source>Bascule does not know the kind “{kind}”</source>
        <translation>Bascule ne connaît pas le genre «&#xa0;{kind}&#xa0;»</translation>
    </message>
    <message>
        <source>Bascule does not know this kind of source or target</source>
        <translation>Bascule ne connaît pas ce genre de source ou de cible</translation>
    </message>
    <message>
        <source>It can be one of these: {known}.</source>
        <translation>Les possibilités sont&#xa0;: {known}.</translation>
    </message>
    <message>
        <source>Choose another kind, or install the newest Bascule.</source>
        <translation>Choisissez un autre genre, ou installez le Bascule le plus récent.</translation>
    </message>
    <message>
        <source>The relay would connect to itself</source>
        <translation>Le relais se connecterait à lui-même</translation>
    </message>
    <message>
        <source>Source and target are the same place, so data would go in circles.</source>
        <translation>La source et la cible sont le même endroit&#xa0;; les données tourneraient en rond.</translation>
    </message>
    <message>
        <source>Choose another port to listen on, or another target.</source>
        <translation>Choisissez un autre port d’écoute, ou une autre cible.</translation>
    </message>
    <message>
        <source>This is the relay&apos;s own source. Choose another target or port.</source>
        <translation>C’est la source même du relais. Choisissez une autre cible ou un autre port.</translation>
    </message>
    <message>
        <source>That does not exist here</source>
        <translation>Cela n’existe pas ici</translation>
    </message>
    <message>
        <source>It belongs to another system, or to a command in a terminal: a relay that this window starts has no terminal.</source>
        <translation>Cela appartient à un autre système, ou à une commande dans un terminal&#xa0;: un relais démarré par cette fenêtre n’a pas de terminal.</translation>
    </message>
    <message>
        <source>This does not exist here.</source>
        <translation>Cela n’existe pas ici.</translation>
    </message>
    <message>
        <source>Choose something else here, for example a TCP port.</source>
        <translation>Choisissez autre chose ici, par exemple un port TCP.</translation>
    </message>
    <message>
        <source>The program</source>
        <translation>Le programme</translation>
    </message>
    <message>
        <source>The file</source>
        <translation>Le fichier</translation>
    </message>
    <message>
        <source>There is no program {name}</source>
        <translation>Le programme {name} n’existe pas</translation>
    </message>
    <message>
        <source>It is not installed, or it is in a folder that is not searched.</source>
        <translation>Il n’est pas installé, ou il se trouve dans un dossier où l’on ne cherche pas.</translation>
    </message>
    <message>
        <source>Install it, or give its whole path.</source>
        <translation>Installez-le, ou donnez son chemin complet.</translation>
    </message>
    <message>
        <source>There is no such program.</source>
        <translation>Ce programme n’existe pas.</translation>
    </message>
    <message>
        <source>You may not start {name}</source>
        <translation>Vous n’avez pas le droit de lancer {name}</translation>
    </message>
    <message>
        <source>The file is not a program, or it belongs to somebody else.</source>
        <translation>Ce fichier n’est pas un programme, ou il appartient à quelqu’un d’autre.</translation>
    </message>
    <message>
        <source>Choose a program that you may start.</source>
        <translation>Choisissez un programme que vous avez le droit de lancer.</translation>
    </message>
    <message>
        <source>You may not start this program.</source>
        <translation>Vous n’avez pas le droit de lancer ce programme.</translation>
    </message>
    <message>
        <source>{name} has failed</source>
        <translation>{name} a échoué</translation>
    </message>
    <message>
        <source>It ended, and said that something went wrong.</source>
        <translation>Il s’est terminé en signalant un problème.</translation>
    </message>
    <message>
        <source>Try the command in a terminal: it says there what it lacks.</source>
        <translation>Essayez la commande dans un terminal&#xa0;: elle y dit ce qui lui manque.</translation>
    </message>
    <message>
        <source>It was ended by signal {signal}.</source>
        <translation>Il a été arrêté par le signal {signal}.</translation>
    </message>
    <message>
        <source>It ended with status {status}.</source>
        <translation>Il s’est terminé avec le code {status}.</translation>
    </message>
    <message>
        <source>The last it said: “{said}”</source>
        <translation>Ses derniers mots&#xa0;: «&#xa0;{said}&#xa0;»</translation>
    </message>
    <message>
        <source>{name} is not there</source>
        <translation>{name} n’est pas là</translation>
    </message>
    <message>
        <source>The file or its folder was moved, renamed or never made.</source>
        <translation>Le fichier ou son dossier a été déplacé, renommé, ou n’a jamais été créé.</translation>
    </message>
    <message>
        <source>Open it where it is now. Nothing was imported.</source>
        <translation>Ouvrez-le là où il est maintenant. Rien n’a été importé.</translation>
    </message>
    <message>
        <source>Choose another file, or let Bascule make it.</source>
        <translation>Choisissez un autre fichier, ou laissez Bascule le créer.</translation>
    </message>
    <message>
        <source>This file is not there.</source>
        <translation>Ce fichier n’est pas là.</translation>
    </message>
    <message>
        <source>You may not open {name}</source>
        <translation>Vous n’avez pas le droit d’ouvrir {name}</translation>
    </message>
    <message>
        <source>It belongs to somebody else, or it may only be read.</source>
        <translation>Il appartient à quelqu’un d’autre, ou il ne peut être que lu.</translation>
    </message>
    <message>
        <source>Choose another file, or have its permissions changed.</source>
        <translation>Choisissez un autre fichier, ou faites changer ses droits.</translation>
    </message>
    <message>
        <source>You may not open this file.</source>
        <translation>Vous n’avez pas le droit d’ouvrir ce fichier.</translation>
    </message>
    <message>
        <source>There is no room left for {name}</source>
        <translation>Il n’y a plus de place pour {name}</translation>
    </message>
    <message>
        <source>The disk is full. What was written until then is kept.</source>
        <translation>Le disque est plein. Ce qui a été écrit jusque-là est conservé.</translation>
    </message>
    <message>
        <source>Make room on the disk, then try again.</source>
        <translation>Faites de la place sur le disque, puis réessayez.</translation>
    </message>
    <message>
        <source>A file of this name is there already.</source>
        <translation>Un fichier de ce nom existe déjà.</translation>
    </message>
    <message>
        <source>Move it away, or edit the relay so that the new file gets a number.</source>
        <translation>Déplacez-le, ou modifiez le relais pour que le nouveau fichier reçoive un numéro.</translation>
    </message>
    <message>
        <source>What was sent would be written outside the folder.</source>
        <translation>Ce qui a été envoyé serait écrit hors du dossier.</translation>
    </message>
    <message>
        <source>Ask who sent it what it is before you receive it again.</source>
        <translation>Demandez à l’expéditeur de quoi il s’agit avant de recevoir à nouveau.</translation>
    </message>
    <message>
        <source>What was sent has a name that no file can have here.</source>
        <translation>Ce qui a été envoyé porte un nom qu’aucun fichier ne peut avoir ici.</translation>
    </message>
    <message>
        <source>Ask who sent it to give it another name, and send it again.</source>
        <translation>Demandez à l’expéditeur de lui donner un autre nom, puis de l’envoyer à nouveau.</translation>
    </message>
    <message>
        <source>More arrived than this relay may write.</source>
        <translation>Il est arrivé plus que ce que ce relais peut écrire.</translation>
    </message>
    <message>
        <source>Ask who sent it for less, or edit the relay and let it write more megabytes.</source>
        <translation>Demandez à l’expéditeur d’en envoyer moins, ou modifiez le relais pour qu’il puisse écrire plus de mégaoctets.</translation>
    </message>
    <message>
        <source>What arrived is no tar archive, or it was cut off.</source>
        <translation>Ce qui est arrivé n’est pas une archive tar, ou a été coupé.</translation>
    </message>
    <message>
        <source>Send it again. For one file as it is, give it a name in the relay&apos;s settings.</source>
        <translation>Envoyez-le à nouveau. Pour un seul fichier tel quel, donnez-lui un nom dans les réglages du relais.</translation>
    </message>
    <message>
        <source>It became shorter while it was sent.</source>
        <translation>Il a raccourci pendant l’envoi.</translation>
    </message>
    <message>
        <source>Send it again when nothing changes it any more.</source>
        <translation>Envoyez-le à nouveau quand plus rien ne le modifie.</translation>
    </message>
    <message>
        <source>{name} cannot be used</source>
        <translation>{name} ne peut pas être utilisé</translation>
    </message>
    <message>
        <source>The system gives no other reason.</source>
        <translation>Le système ne donne pas d’autre raison.</translation>
    </message>
    <message>
        <source>Try another file or folder.</source>
        <translation>Essayez un autre fichier ou dossier.</translation>
    </message>
    <message>
        <source>A command has to be confirmed first</source>
        <translation>Une commande doit d’abord être confirmée</translation>
    </message>
    <message>
        <source>This relay came from somebody else and would run a command on this computer.</source>
        <translation>Ce relais vient de quelqu’un d’autre et exécuterait une commande sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Read the command, and allow it only if you know what it does.</source>
        <translation>Lisez la commande, et ne l’autorisez que si vous savez ce qu’elle fait.</translation>
    </message>
    <message>
        <source>Show the command…</source>
        <translation>Afficher la commande…</translation>
    </message>
    <message>
        <source>Updates of this copy are looked after by whoever installed it</source>
        <translation>Les mises à jour de cette copie sont l’affaire de ceux qui l’ont installée</translation>
    </message>
    <message>
        <source>It was set up so that it does not look for them by itself.</source>
        <translation>Elle est réglée pour ne pas les chercher elle-même.</translation>
    </message>
    <message>
        <source>Ask the people who look after this computer.</source>
        <translation>Demandez à ceux qui s’occupent de cet ordinateur.</translation>
    </message>
    <message>
        <source>This copy names no place where to look for updates</source>
        <translation>Cette copie ne dit pas où chercher des mises à jour</translation>
    </message>
    <message>
        <source>Whoever built it left that open.</source>
        <translation>Ceux qui l’ont construite ont laissé cela ouvert.</translation>
    </message>
    <message>
        <source>Look where you got it from.</source>
        <translation>Regardez là où vous l’avez obtenue.</translation>
    </message>
    <message>
        <source>What is said of the newest version cannot be read</source>
        <translation>Ce qui est dit de la version la plus récente ne peut pas être lu</translation>
    </message>
    <message>
        <source>Something is out of order where Bascule looks, or something on the way changes it.</source>
        <translation>Quelque chose est en panne là où Bascule cherche, ou quelque chose en chemin le modifie.</translation>
    </message>
    <message>
        <source>Try again tomorrow, or look where you got Bascule from.</source>
        <translation>Réessayez demain, ou regardez là où vous avez obtenu Bascule.</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close this message</source>
        <translation>Fermer ce message</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>“{name}” was deleted.</source>
        <translation>«&#xa0;{name}&#xa0;» a été supprimé.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler la suppression</translation>
    </message>
    <message>
        <source>“{name}” was exported to {file}. Passwords are not in it.</source>
        <translation>«&#xa0;{name}&#xa0;» a été exporté dans {file}. Les mots de passe n’y sont pas.</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ouvrir le dossier</translation>
    </message>
    <message>
        <source>Bascule {version} is available.</source>
        <translation>Bascule {version} est disponible.</translation>
    </message>
    <message>
        <source>What is new</source>
        <translation>Les nouveautés</translation>
    </message>
    <message>
        <source>Bascule was updated. Restart the window to use the new version.</source>
        <translation>Bascule a été mis à jour. Redémarrez la fenêtre pour utiliser la nouvelle version.</translation>
    </message>
    <message>
        <source>Restart the window</source>
        <translation>Redémarrer la fenêtre</translation>
    </message>
    <message>
        <source>The traffic was saved in {file}. It may hold passwords.</source>
        <translation>Le trafic a été enregistré dans {file}. Il peut contenir des mots de passe.</translation>
    </message>
    <message>
        <source>the system does not say why</source>
        <translation>le système ne dit pas pourquoi</translation>
    </message>
    <message>
        <source>The settings of this window cannot be saved ({why}). What you change lasts until Bascule ends. Make room on the disk, or allow Bascule to write in {folder}.</source>
        <translation>Les réglages de cette fenêtre ne peuvent pas être enregistrés ({why}). Ce que vous changez dure jusqu’à la fermeture de Bascule. Faites de la place sur le disque, ou autorisez Bascule à écrire dans {folder}.</translation>
    </message>
    <message>
        <source>Bascule now starts when you log in, and this relay with it.</source>
        <translation>Bascule démarre désormais à l’ouverture de votre session, et ce relais avec lui.</translation>
    </message>
    <message>
        <source>This relay starts only when you open Bascule, as Bascule does not start when you log in. {why} Then tick “Start Bascule when you log in” in the settings.</source>
        <translation>Ce relais ne démarre que lorsque vous ouvrez Bascule, car Bascule ne démarre pas à l’ouverture de session. {why} Cochez ensuite «&#xa0;Démarrer Bascule à l’ouverture de session&#xa0;» dans les réglages.</translation>
    </message>
    <message>
        <source>{name}: {what}</source>
        <translation>{name}&#xa0;: {what}</translation>
    </message>
    <message>
        <source>The relay engine stopped unexpectedly. Starting it again…</source>
        <translation>Le moteur des relais s’est arrêté de manière inattendue. Il redémarre…</translation>
    </message>
    <message numerus="yes">
        <source>The relay engine stopped unexpectedly %Ln time(s) in a row, and was started again each time. If it goes on, save a file that helps to find the fault.</source>
        <translation>
            <numerusform>Le moteur des relais s’est arrêté %Ln fois de suite de manière inattendue, et a été redémarré à chaque fois. Si cela continue, enregistrez un fichier qui aide à trouver la panne.</numerusform>
            <numerusform>Le moteur des relais s’est arrêté %Ln fois de suite de manière inattendue, et a été redémarré à chaque fois. Si cela continue, enregistrez un fichier qui aide à trouver la panne.</numerusform>
        </translation>
    </message>
    <message>
        <source>Help to find the fault…</source>
        <translation>Aide à trouver la panne…</translation>
    </message>
    <message>
        <source>The relay engine stopped unexpectedly and was started again.</source>
        <translation>Le moteur des relais s’est arrêté de manière inattendue et a été redémarré.</translation>
    </message>
    <message>
        <source>The relay engine was stopped in order and started again.</source>
        <translation>Le moteur des relais a été arrêté proprement, puis redémarré.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln relay(s) run again.</source>
        <translation>
            <numerusform>%Ln relais tourne de nouveau.</numerusform>
            <numerusform>%Ln relais tournent de nouveau.</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop it and use this version</source>
        <translation>L’arrêter et utiliser cette version</translation>
    </message>
    <message>
        <source>The running engine is newer than this window ({version}). Quit Bascule and open it again to use the newer one.</source>
        <translation>Le moteur en marche est plus récent que cette fenêtre ({version}). Quittez Bascule et rouvrez-le pour utiliser la version récente.</translation>
    </message>
    <message>
        <source>The engine of an earlier version ({version}) still runs.</source>
        <translation>Le moteur d’une version précédente ({version}) tourne encore.</translation>
    </message>
    <message numerus="yes">
        <source>Stopping it ends %Ln open connection(s).</source>
        <translation>
            <numerusform>L’arrêter met fin à %Ln connexion ouverte.</numerusform>
            <numerusform>L’arrêter met fin à %Ln connexions ouvertes.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Outside</name>
    <message>
        <source>Open the firewall settings</source>
        <translation>Ouvrir les réglages du pare-feu</translation>
    </message>
    <message>
        <source>Copy the firewall&apos;s line, to run as administrator</source>
        <translation>Copier la ligne du pare-feu, à lancer en administrateur</translation>
    </message>
    <message>
        <source>Copy the line for the firewall</source>
        <translation>Copier la ligne pour le pare-feu</translation>
    </message>
    <message>
        <source>How others trust the certificate</source>
        <translation>Comment faire accepter le certificat</translation>
    </message>
    <message>
        <source>Copy the line that allows it</source>
        <translation>Copier la ligne qui l’autorise</translation>
    </message>
    <message>
        <source>Copy the line for Bascule alone</source>
        <translation>Copier la ligne pour Bascule seul</translation>
    </message>
    <message>
        <source>Copy the line for every program</source>
        <translation>Copier la ligne pour tous les programmes</translation>
    </message>
</context>
<context>
    <name>Paste</name>
    <message>
        <source>Done</source>
        <translation>Fait</translation>
    </message>
    <message>
        <source>Read as meant</source>
        <translation>Lu comme voulu</translation>
    </message>
    <message>
        <source>Done in another way</source>
        <translation>Fait autrement</translation>
    </message>
    <message>
        <source>Not on this computer</source>
        <translation>Pas sur cet ordinateur</translation>
    </message>
    <message>
        <source>Not socat&apos;s own word</source>
        <translation>Inconnu de socat</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>Laissé de côté</translation>
    </message>
    <message>
        <source>This is not a command that Bascule can read</source>
        <translation>Bascule ne sait pas lire ceci comme une commande</translation>
    </message>
    <message>
        <source>“{token}” cannot be read</source>
        <translation>«&#xa0;{token}&#xa0;» ne peut pas être lu</translation>
    </message>
    <message>
        <source>The command cannot be read</source>
        <translation>La commande ne peut pas être lue</translation>
    </message>
    <message>
        <source>Line {line}, character {column}: {why}</source>
        <translation>Ligne {line}, caractère {column}&#xa0;: {why}</translation>
    </message>
    <message>
        <source>address</source>
        <translation>adresse</translation>
    </message>
    <message>
        <source>serial port</source>
        <translation>port série</translation>
    </message>
    <message>
        <source>Check that the whole line is there, from the name of the program to the last word. An address needs its port: 192.168.1.10:502.</source>
        <translation>Vérifiez que la ligne est entière, du nom du programme au dernier mot. Une adresse a besoin de son port&#xa0;: 192.168.1.10:502.</translation>
    </message>
    <message>
        <source>Correct it above, and it is read again at once.</source>
        <translation>Corrigez ci-dessus&#xa0;: le texte est relu aussitôt.</translation>
    </message>
    <message>
        <source>“{token}” is not known. Did you mean {near}?</source>
        <translation>«&#xa0;{token}&#xa0;» n’est pas connu. Vouliez-vous dire {near}&#xa0;?</translation>
    </message>
    <message>
        <source>This is too long to be a command</source>
        <translation>C’est trop long pour être une commande</translation>
    </message>
    <message>
        <source>Bascule reads texts of at most {characters} characters.</source>
        <translation>Bascule lit des textes d’au plus {characters} caractères.</translation>
    </message>
    <message>
        <source>Paste only the lines that matter.</source>
        <translation>Ne collez que les lignes utiles.</translation>
    </message>
    <message>
        <source>{file} is not a text</source>
        <translation>{file} n’est pas un texte</translation>
    </message>
    <message>
        <source>What is in it is a program, a picture or other data.</source>
        <translation>Il contient un programme, une image ou d’autres données.</translation>
    </message>
    <message>
        <source>Choose a script or a configuration, or paste the command.</source>
        <translation>Choisissez un script ou une configuration, ou collez la commande.</translation>
    </message>
    <message>
        <source>This is not a text</source>
        <translation>Ce n’est pas du texte</translation>
    </message>
    <message>
        <source>What was copied is a program, a picture or other data.</source>
        <translation>Ce qui a été copié est un programme, une image ou d’autres données.</translation>
    </message>
    <message>
        <source>Copy the command once more, or open the file that holds it.</source>
        <translation>Copiez de nouveau la commande, ou ouvrez le fichier qui la contient.</translation>
    </message>
    <message>
        <source>{file} is not a file</source>
        <translation>{file} n’est pas un fichier</translation>
    </message>
    <message>
        <source>It is a folder, a device or a pipe.</source>
        <translation>C’est un dossier, un périphérique ou un tube.</translation>
    </message>
    <message>
        <source>{file} cannot be opened</source>
        <translation>{file} ne peut pas être ouvert</translation>
    </message>
    <message>
        <source>The system says: {why}.</source>
        <translation>Le système répond&#xa0;: {why}.</translation>
    </message>
    <message>
        <source>Choose another file, or paste what is in it.</source>
        <translation>Choisissez un autre fichier, ou collez son contenu.</translation>
    </message>
</context>
<context>
    <name>PasteDialog</name>
    <message>
        <source>Paste a command</source>
        <translation>Coller une commande</translation>
    </message>
    <message>
        <source>Paste a command or a configuration</source>
        <translation>Collez une commande ou une configuration</translation>
    </message>
    <message>
        <source>You see what it would do before anything is saved or started.</source>
        <translation>Vous voyez ce qu’elle ferait avant que rien ne soit enregistré ni démarré.</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>Ouvrir un fichier…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Open a script or a configuration</source>
        <translation>Ouvrir un script ou une configuration</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>From a colleague&apos;s notes, a script or a manual: a line such as the one above, or a file that you drop here.</source>
        <translation>Des notes d’un collègue, d’un script ou d’un manuel&#xa0;: une ligne comme celle ci-dessus, ou un fichier que vous déposez ici.</translation>
    </message>
    <message numerus="yes">
        <source>Show %Ln more</source>
        <translation>
            <numerusform>Montrer %Ln de plus</numerusform>
            <numerusform>Montrer %Ln de plus</numerusform>
        </translation>
    </message>
    <message>
        <source>Confirm what it runs, then continue.</source>
        <translation>Confirmez ce qu’il exécute, puis continuez.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln relay(s) found</source>
        <translation>
            <numerusform>%Ln relais trouvé</numerusform>
            <numerusform>%Ln relais trouvés</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProblemCard</name>
    <message>
        <source>Copy for your IT department</source>
        <translation>Copier pour votre service informatique</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>The last connection did not get through:</source>
        <translation>La dernière connexion n’est pas passée&#xa0;:</translation>
    </message>
    <message>
        <source>Edit the relay…</source>
        <translation>Modifier le relais…</translation>
    </message>
</context>
<context>
    <name>QrPicture</name>
    <message>
        <source>QR code of the link</source>
        <translation>Code QR du lien</translation>
    </message>
</context>
<context>
    <name>Quit</name>
    <message numerus="yes">
        <source>%Ln connection(s) are open</source>
        <translation>
            <numerusform>%Ln connexion est ouverte</numerusform>
            <numerusform>%Ln connexions sont ouvertes</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopping the relays ends them. If you leave the relays running, everything goes on without this window; open Bascule again to see it.</source>
        <translation>Arrêter les relais y met fin. Si vous laissez les relais en marche, tout continue sans cette fenêtre&#xa0;; rouvrez Bascule pour le voir.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln relay(s) are running</source>
        <translation>
            <numerusform>%Ln relais est en marche</numerusform>
            <numerusform>%Ln relais sont en marche</numerusform>
        </translation>
    </message>
    <message>
        <source>If you stop them, nobody can connect. If you leave them running, they go on without this window; open Bascule again to see them.</source>
        <translation>Si vous les arrêtez, personne ne peut se connecter. Si vous les laissez en marche, ils continuent sans cette fenêtre&#xa0;; rouvrez Bascule pour les voir.</translation>
    </message>
    <message>
        <source>The relay engine did not stop</source>
        <translation>Le moteur des relais ne s’est pas arrêté</translation>
    </message>
    <message>
        <source>Relays may go on running without this window; open Bascule again to see them.</source>
        <translation>Des relais peuvent continuer à tourner sans cette fenêtre&#xa0;; rouvrez Bascule pour les voir.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Stop them and quit</source>
        <translation>Les arrêter et quitter</translation>
    </message>
    <message>
        <source>Leave the relays running</source>
        <translation>Laisser les relais en marche</translation>
    </message>
</context>
<context>
    <name>RateChart</name>
    <message>
        <source>Rate over the last five minutes: at most {up} up and {down} down</source>
        <translation>Débit des cinq dernières minutes&#xa0;: au plus {up} montant et {down} descendant</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes}&#xa0;min</translation>
    </message>
    <message>
        <source>now</source>
        <translation>maintenant</translation>
    </message>
</context>
<context>
    <name>RateTab</name>
    <message>
        <source>Up</source>
        <translation>Montant</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Descendant</translation>
    </message>
</context>
<context>
    <name>RecipeGallery</name>
    <message>
        <source>Recipes</source>
        <translation>Recettes</translation>
    </message>
    <message>
        <source>No recipe has all these words. These come closest:</source>
        <translation>Aucune recette ne contient tous ces mots. Les plus proches&#xa0;:</translation>
    </message>
    <message>
        <source>No recipe has all these words. Try fewer, such as “file” or “ssh”.</source>
        <translation>Aucune recette ne contient tous ces mots. Essayez-en moins, comme «&#xa0;fichier&#xa0;» ou «&#xa0;ssh&#xa0;».</translation>
    </message>
    <message>
        <source>Use this recipe</source>
        <translation>Utiliser cette recette</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>Que voulez-vous faire&#xa0;?</translation>
    </message>
    <message>
        <source>Search recipes</source>
        <translation>Chercher une recette</translation>
    </message>
    <message>
        <source>Nothing is saved or started yet: the wizard tries it out first.</source>
        <translation>Rien n’est encore enregistré ni démarré&#xa0;: l’assistant l’essaie d’abord.</translation>
    </message>
</context>
<context>
    <name>RecipeList</name>
    <message>
        <source>Recipes</source>
        <translation>Recettes</translation>
    </message>
</context>
<context>
    <name>RecipePage</name>
    <message>
        <source>What to fill in</source>
        <translation>À remplir</translation>
    </message>
    <message>
        <source>What to type once it runs</source>
        <translation>À taper une fois le relais démarré</translation>
    </message>
</context>
<context>
    <name>Recipes</name>
    <message>
        <source>Ports and networks</source>
        <translation>Ports et réseaux</translation>
    </message>
    <message>
        <source>Encryption and certificates</source>
        <translation>Chiffrement et certificats</translation>
    </message>
    <message>
        <source>Through a proxy or another computer</source>
        <translation>Par un proxy ou un autre ordinateur</translation>
    </message>
    <message>
        <source>Serial devices</source>
        <translation>Appareils série</translation>
    </message>
    <message>
        <source>Files and logs</source>
        <translation>Fichiers et journaux</translation>
    </message>
    <message>
        <source>Trying out and finding faults</source>
        <translation>Essais et recherche de pannes</translation>
    </message>
    <message>
        <source>It works on {systems} only, and this computer runs {here}.</source>
        <translation>Elle ne fonctionne que sous {systems}, et cet ordinateur est sous {here}.</translation>
    </message>
</context>
<context>
    <name>RefusedCard</name>
    <message>
        <source>Show the place</source>
        <translation>Montrer l’endroit</translation>
    </message>
    <message>
        <source>Write {word} there</source>
        <translation>Y écrire {word}</translation>
    </message>
</context>
<context>
    <name>RelayList</name>
    <message>
        <source>Up: {bytes}</source>
        <translation>Montant&#xa0;: {bytes}</translation>
    </message>
    <message>
        <source>Down: {bytes}</source>
        <translation>Descendant&#xa0;: {bytes}</translation>
    </message>
    <message>
        <source>Its traffic is shown</source>
        <translation>Son trafic est montré</translation>
    </message>
</context>
<context>
    <name>RelayListView</name>
    <message>
        <source>Relays</source>
        <translation>Relais</translation>
    </message>
</context>
<context>
    <name>RelayMenu</name>
    <message>
        <source>Read the file again</source>
        <translation>Relire le fichier</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ouvrir le dossier</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Supprimer…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Démarrer</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Check the target…</source>
        <translation>Vérifier la cible…</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Modifier…</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Dupliquer</translation>
    </message>
    <message>
        <source>Group…</source>
        <translation>Groupe…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exporter…</translation>
    </message>
    <message>
        <source>Start with the computer</source>
        <translation>Démarrer avec l’ordinateur</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
</context>
<context>
    <name>Route</name>
    <message>
        <source>port {port}</source>
        <translation>port {port}</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Cet ordinateur</translation>
    </message>
    <message>
        <source>Your network</source>
        <translation>Votre réseau</translation>
    </message>
    <message>
        <source>SOCKS {version} · {port}</source>
        <translation>SOCKS {version} · {port}</translation>
    </message>
</context>
<context>
    <name>RoutePicture</name>
    <message>
        <source>{node} (the route breaks here)</source>
        <translation>{node} (le chemin est coupé ici)</translation>
    </message>
    <message>
        <source>Route: {nodes}</source>
        <translation>Chemin&#xa0;: {nodes}</translation>
    </message>
    <message>
        <source>Reached</source>
        <translation>Atteint</translation>
    </message>
    <message>
        <source>Being tried</source>
        <translation>Essai en cours</translation>
    </message>
    <message>
        <source>The route breaks here</source>
        <translation>Le chemin est coupé ici</translation>
    </message>
    <message>
        <source>Not known while the route is broken</source>
        <translation>Inconnu tant que le chemin est coupé</translation>
    </message>
    <message>
        <source>Encrypted with TLS</source>
        <translation>Chiffré avec TLS</translation>
    </message>
    <message>
        <source>Encrypted, but the certificate is not verified</source>
        <translation>Chiffré, mais le certificat n’est pas vérifié</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>Bascule sends to {target}{via} and measures how fast the way is.</source>
        <translation>Bascule envoie à {target}{via} et mesure la vitesse du chemin.</translation>
    </message>
    <message>
        <source>{source} and {target}.</source>
        <translation>{source} et {target}.</translation>
    </message>
    <message>
        <source>Only {addresses} may connect.</source>
        <translation>Seules ces adresses peuvent se connecter&#xa0;: {addresses}.</translation>
    </message>
    <message>
        <source>Bascule checks every {span} whether {target} answers{via}.</source>
        <translation>Bascule vérifie toutes les {span} si {target} répond{via}.</translation>
    </message>
    <message>
        <source>Bascule listens on the socket {path}</source>
        <translation>Bascule écoute sur le socket {path}</translation>
    </message>
    <message>
        <source>Bascule listens with TLS on the socket {path}</source>
        <translation>Bascule écoute avec TLS sur le socket {path}</translation>
    </message>
    <message>
        <source>Bascule opens the serial port {device}</source>
        <translation>Bascule ouvre le port série {device}</translation>
    </message>
    <message>
        <source>Bascule connects to the socket {path}</source>
        <translation>Bascule se connecte au socket {path}</translation>
    </message>
    <message>
        <source>Bascule connects with TLS to the socket {path}</source>
        <translation>Bascule se connecte avec TLS au socket {path}</translation>
    </message>
    <message>
        <source>Bascule connects to port {port} of this computer</source>
        <translation>Bascule se connecte au port {port} de cet ordinateur</translation>
    </message>
    <message>
        <source>Bascule connects with TLS to port {port} of this computer</source>
        <translation>Bascule se connecte avec TLS au port {port} de cet ordinateur</translation>
    </message>
    <message>
        <source>Bascule connects to {host}, port {port}</source>
        <translation>Bascule se connecte à {host}, port {port}</translation>
    </message>
    <message>
        <source>Bascule connects with TLS to {host}, port {port}</source>
        <translation>Bascule se connecte avec TLS à {host}, port {port}</translation>
    </message>
    <message>
        <source>Bascule listens on {port} of this computer</source>
        <translation>Bascule écoute sur {port} de cet ordinateur</translation>
    </message>
    <message>
        <source>Bascule listens with TLS on {port} of this computer</source>
        <translation>Bascule écoute avec TLS sur {port} de cet ordinateur</translation>
    </message>
    <message>
        <source>Bascule listens to the network on {port}</source>
        <translation>Bascule écoute pour le réseau sur {port}</translation>
    </message>
    <message>
        <source>Bascule listens with TLS to the network on {port}</source>
        <translation>Bascule écoute avec TLS pour le réseau sur {port}</translation>
    </message>
    <message>
        <source>Bascule listens to the network on {host}, {port}</source>
        <translation>Bascule écoute pour le réseau sur {host}, {port}</translation>
    </message>
    <message>
        <source>Bascule listens with TLS to the network on {host}, {port}</source>
        <translation>Bascule écoute avec TLS pour le réseau sur {host}, {port}</translation>
    </message>
    <message>
        <source>port {number}</source>
        <translation>le port {number}</translation>
    </message>
    <message>
        <source>a free port</source>
        <translation>un port libre</translation>
    </message>
    <message>
        <source>passes everything to the serial port {device}</source>
        <translation>transmet tout au port série {device}</translation>
    </message>
    <message>
        <source>passes everything to the socket {path}</source>
        <translation>transmet tout au socket {path}</translation>
    </message>
    <message>
        <source>passes everything, encrypted, to the socket {path}</source>
        <translation>transmet tout, chiffré, au socket {path}</translation>
    </message>
    <message>
        <source>passes everything to port {port} of this computer</source>
        <translation>transmet tout au port {port} de cet ordinateur</translation>
    </message>
    <message>
        <source>passes everything, encrypted, to port {port} of this computer</source>
        <translation>transmet tout, chiffré, au port {port} de cet ordinateur</translation>
    </message>
    <message>
        <source>passes everything to {host}, port {port}</source>
        <translation>transmet tout à {host}, port {port}</translation>
    </message>
    <message>
        <source>passes everything, encrypted, to {host}, port {port}</source>
        <translation>transmet tout, chiffré, à {host}, port {port}</translation>
    </message>
    <message>
        <source> through the proxy at {proxy}</source>
        <translation> par le proxy {proxy}</translation>
    </message>
    <message>
        <source> through the proxies at {proxies}, then {last}</source>
        <translation> par les proxys {proxies}, puis {last}</translation>
    </message>
    <message>
        <source>Socket on this computer</source>
        <translation>Socket sur cet ordinateur</translation>
    </message>
    <message>
        <source>From this computer</source>
        <translation>Depuis cet ordinateur</translation>
    </message>
    <message>
        <source>From another computer</source>
        <translation>Depuis un autre ordinateur</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Comme le système</translation>
    </message>
    <message>
        <source>The language changes when Bascule starts next.</source>
        <translation>La langue change au prochain démarrage de Bascule.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Clair</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Sombre</translation>
    </message>
    <message>
        <source>Start Bascule when you log in</source>
        <translation>Démarrer Bascule à l’ouverture de session</translation>
    </message>
    <message>
        <source>This copy is portable: it leaves nothing on the computer, so nothing can start it when you log in. Everything it knows, passwords too, is in {folder}.</source>
        <translation>Cette copie est portable&#xa0;: elle ne laisse rien sur l’ordinateur, donc rien ne peut la démarrer à l’ouverture de session. Tout ce qu’elle sait, mots de passe compris, est dans {folder}.</translation>
    </message>
    <message>
        <source>Tell me when a relay has a problem</source>
        <translation>Me prévenir quand un relais a un problème</translation>
    </message>
    <message>
        <source>Look for a newer version once a week</source>
        <translation>Chercher une version plus récente une fois par semaine</translation>
    </message>
    <message>
        <source>A newer Bascule wrote the settings on this computer. This one leaves them as they are: what you change here lasts until Bascule ends. Install the newest Bascule to keep it.</source>
        <translation>Un Bascule plus récent a écrit les réglages de cet ordinateur. Celui-ci les laisse tels quels&#xa0;: ce que vous changez ici dure jusqu’à la fin de Bascule. Installez le Bascule le plus récent pour le conserver.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Apparence</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Help to find a fault…</source>
        <translation>Aide à trouver une panne…</translation>
    </message>
    <message>
        <source>It only tells you. Nothing is downloaded or installed by itself.</source>
        <translation>Bascule vous le dit seulement. Rien n’est téléchargé ni installé tout seul.</translation>
    </message>
</context>
<context>
    <name>Share</name>
    <message>
        <source>Only this computer can use the link. To give the file to others, edit the relay and let it listen on the network.</source>
        <translation>Seul cet ordinateur peut utiliser le lien. Pour donner le fichier à d’autres, modifiez le relais et faites-le écouter sur le réseau.</translation>
    </message>
    <message>
        <source>Send the link to whoever may have the file, or let them point the camera of a phone at the code. Whoever has the link gets the file.</source>
        <translation>Envoyez le lien à la personne qui peut avoir le fichier, ou faites-lui viser le code avec l’appareil photo d’un téléphone. Qui a le lien obtient le fichier.</translation>
    </message>
    <message>
        <source>The file has changed since the relay was started, so nobody gets it. Stop the relay and start it again to hand out what it is now: the link will be another.</source>
        <translation>Le fichier a changé depuis le démarrage du relais&#xa0;: personne ne l’obtient. Arrêtez le relais et démarrez-le de nouveau pour donner le fichier tel qu’il est maintenant&#xa0;; le lien sera un autre.</translation>
    </message>
    <message>
        <source>Downloads: {fetched} of {downloads}.</source>
        <translation>Téléchargements&#xa0;: {fetched} sur {downloads}.</translation>
    </message>
    <message>
        <source>The link does not expire.</source>
        <translation>Le lien n’expire pas.</translation>
    </message>
    <message>
        <source>The link ends in {span}.</source>
        <translation>Le lien prend fin dans {span}.</translation>
    </message>
    <message>
        <source>The link leads nowhere any more: start the relay to make a new one.</source>
        <translation>Le lien ne mène plus nulle part&#xa0;: démarrez le relais pour en créer un nouveau.</translation>
    </message>
</context>
<context>
    <name>ShareCard</name>
    <message>
        <source>Copy the link</source>
        <translation>Copier le lien</translation>
    </message>
</context>
<context>
    <name>SidePane</name>
    <message>
        <source>New relay</source>
        <translation>Nouveau relais</translation>
    </message>
    <message>
        <source>Make a new relay (Ctrl+N)</source>
        <translation>Créer un relais (Ctrl+N)</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menu</translation>
    </message>
    <message>
        <source>Search relays</source>
        <translation>Chercher parmi les relais</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Chercher</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>All groups</source>
        <translation>Tous les groupes</translation>
    </message>
    <message>
        <source>No relay matches your search.</source>
        <translation>Aucun relais ne correspond à votre recherche.</translation>
    </message>
</context>
<context>
    <name>State</name>
    <message>
        <source>Stopped</source>
        <translation>Arrêté</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Démarrage</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>En marche</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problème</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Arrêt en cours</translation>
    </message>
    <message>
        <source>Cannot be read</source>
        <translation>Illisible</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Répond</translation>
    </message>
    <message>
        <source>Does not answer</source>
        <translation>Ne répond pas</translation>
    </message>
    <message>
        <source>Checking again now</source>
        <translation>Nouvelle vérification en cours</translation>
    </message>
    <message>
        <source>Next check in {seconds} s</source>
        <translation>Prochaine vérification dans {seconds} s</translation>
    </message>
    <message>
        <source>Waiting for {what}</source>
        <translation>En attente de {what}</translation>
    </message>
    <message>
        <source>{waiting} · trying now</source>
        <translation>{waiting} · essai en cours</translation>
    </message>
    <message>
        <source>{waiting} · next try in {seconds} s</source>
        <translation>{waiting} · prochain essai dans {seconds}&#xa0;s</translation>
    </message>
    <message>
        <source>Since {moment}: {what}</source>
        <translation>Depuis {moment}&#xa0;: {what}</translation>
    </message>
    <message>
        <source>Answers in {time}</source>
        <translation>Répond en {time}</translation>
    </message>
    <message>
        <source>its traffic is shown</source>
        <translation>son trafic est montré</translation>
    </message>
    <message numerus="yes">
        <source>%Ln connection(s)</source>
        <translation>
            <numerusform>%Ln connexion</numerusform>
            <numerusform>%Ln connexions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Strip</name>
    <message>
        <source>Last checks</source>
        <translation>Dernières vérifications</translation>
    </message>
    <message>
        <source>{count} checks, {failed} of them not answered</source>
        <translation>{count} vérifications, dont {failed} sans réponse</translation>
    </message>
</context>
<context>
    <name>TrafficFilter</name>
    <message>
        <source>Search the traffic</source>
        <translation>Chercher dans le trafic</translation>
    </message>
    <message>
        <source>Hex</source>
        <translation>Hexa</translation>
    </message>
    <message>
        <source>Search for bytes, such as 0d 0a</source>
        <translation>Chercher des octets, par exemple 0d 0a</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Sens</translation>
    </message>
    <message>
        <source>Both ways</source>
        <translation>Les deux sens</translation>
    </message>
    <message>
        <source>↑ Up</source>
        <translation>↑ Montant</translation>
    </message>
    <message>
        <source>↓ Down</source>
        <translation>↓ Descendant</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Connexion</translation>
    </message>
    <message>
        <source>All connections</source>
        <translation>Toutes les connexions</translation>
    </message>
    <message>
        <source>0d 0a</source>
        <translation>0d 0a</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>These are no bytes. Write two hexadecimal digits for each: 0d 0a</source>
        <translation>Ce ne sont pas des octets. Écrivez deux chiffres hexadécimaux pour chacun&#xa0;: 0d 0a</translation>
    </message>
</context>
<context>
    <name>TrafficTab</name>
    <message>
        <source>Show the traffic</source>
        <translation>Montrer le trafic</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Hold the list still; the engine goes on recording</source>
        <translation>Figer la liste&#xa0;; le moteur continue d’enregistrer</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Suivre</translation>
    </message>
    <message>
        <source>Stay at the newest record</source>
        <translation>Rester sur l’échange le plus récent</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy the chosen records as hex and text</source>
        <translation>Copier les échanges choisis en hexadécimal et en texte</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
    <message>
        <source>Save what is listed to a file</source>
        <translation>Enregistrer dans un fichier ce qui est listé</translation>
    </message>
    <message>
        <source>Bytes of the chosen record</source>
        <translation>Octets de l’échange choisi</translation>
    </message>
    <message>
        <source>Choose a record to see its bytes.</source>
        <translation>Choisissez un échange pour voir ses octets.</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>Trafic</translation>
    </message>
    <message>
        <source>Capture for Wireshark (.pcapng)…</source>
        <translation>Capture pour Wireshark (.pcapng)…</translation>
    </message>
    <message>
        <source>Hex and text (.txt)…</source>
        <translation>Hexadécimal et texte (.txt)…</translation>
    </message>
    <message>
        <source>Only the bytes that went up…</source>
        <translation>Seulement les octets montants…</translation>
    </message>
    <message>
        <source>Only the bytes that went down…</source>
        <translation>Seulement les octets descendants…</translation>
    </message>
    <message>
        <source>The bytes of both ways…</source>
        <translation>Les octets des deux sens…</translation>
    </message>
    <message>
        <source>This is too much to be copied. Choose fewer records, or save what is listed to a file.</source>
        <translation>C’est trop pour être copié. Choisissez moins d’échanges, ou enregistrez la liste dans un fichier.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln record(s), {size}</source>
        <translation>
            <numerusform>%Ln échange, {size}</numerusform>
            <numerusform>%Ln échanges, {size}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{listed} of %Ln record(s)</source>
        <translation>
            <numerusform>{listed} sur %Ln échange</numerusform>
            <numerusform>{listed} sur %Ln échanges</numerusform>
        </translation>
    </message>
    <message>
        <source>Off: nothing more is recorded. This list stays until you leave.</source>
        <translation>Arrêté&#xa0;: plus rien n’est enregistré. Cette liste reste jusqu’à ce que vous la quittiez.</translation>
    </message>
    <message>
        <source>See every byte that passes this relay, both ways. It stays on this computer and in memory only, but it may show passwords. While it is off, it costs nothing.</source>
        <translation>Voyez chaque octet qui passe par ce relais, dans les deux sens. Rien ne quitte la mémoire de cet ordinateur, mais des mots de passe peuvent apparaître. À l’arrêt, cela ne coûte rien.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln record(s) had to make room before they were read.</source>
        <translation>
            <numerusform>%Ln échange a dû laisser la place avant d’être lu.</numerusform>
            <numerusform>%Ln échanges ont dû laisser la place avant d’être lus.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has passed since this was switched on.</source>
        <translation>Rien n’est passé depuis la mise en marche.</translation>
    </message>
</context>
<context>
    <name>TrafficTable</name>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Connexion</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>First bytes</source>
        <translation>Premiers octets</translation>
    </message>
    <message>
        <source>{peer} is connected</source>
        <translation>{peer} est connecté</translation>
    </message>
    <message>
        <source>{peer}: the connection has ended</source>
        <translation>{peer}&#xa0;: la connexion est terminée</translation>
    </message>
    <message>
        <source>Up: from the source to the target</source>
        <translation>Montant&#xa0;: de la source vers la cible</translation>
    </message>
    <message>
        <source>Down: from the target to the source</source>
        <translation>Descendant&#xa0;: de la cible vers la source</translation>
    </message>
    <message>
        <source>A connection begins</source>
        <translation>Une connexion commence</translation>
    </message>
    <message>
        <source>A connection ends</source>
        <translation>Une connexion se termine</translation>
    </message>
</context>
<context>
    <name>Transfer</name>
    <message>
        <source>Sending {name}</source>
        <translation>Envoi de {name}</translation>
    </message>
    <message>
        <source>Receiving {name}</source>
        <translation>Réception de {name}</translation>
    </message>
    <message>
        <source>Sent {name}</source>
        <translation>{name} est envoyé</translation>
    </message>
    <message numerus="yes">
        <source>Sent %Ln file(s)</source>
        <translation>
            <numerusform>%Ln fichier envoyé</numerusform>
            <numerusform>%Ln fichiers envoyés</numerusform>
        </translation>
    </message>
    <message>
        <source>Received {name}</source>
        <translation>{name} est reçu</translation>
    </message>
    <message numerus="yes">
        <source>Received %Ln file(s)</source>
        <translation>
            <numerusform>%Ln fichier reçu</numerusform>
            <numerusform>%Ln fichiers reçus</numerusform>
        </translation>
    </message>
    <message>
        <source>Not everything was sent</source>
        <translation>Tout n’a pas été envoyé</translation>
    </message>
    <message>
        <source>Not everything was received</source>
        <translation>Tout n’a pas été reçu</translation>
    </message>
    <message>
        <source>About to send</source>
        <translation>L’envoi va commencer</translation>
    </message>
    <message>
        <source>About to receive</source>
        <translation>La réception va commencer</translation>
    </message>
    <message>
        <source>{percent}%</source>
        <translation>{percent}&#xa0;%</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln fichier</numerusform>
            <numerusform>%Ln fichiers</numerusform>
        </translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} sur {total}</translation>
    </message>
    <message numerus="yes">
        <source>{done} of %Ln file(s)</source>
        <translation>
            <numerusform>{done} sur %Ln fichier</numerusform>
            <numerusform>{done} sur %Ln fichiers</numerusform>
        </translation>
    </message>
    <message>
        <source>in {span}</source>
        <translation>en {span}</translation>
    </message>
    <message>
        <source>{span} left</source>
        <translation>encore {span}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln left out, see the log</source>
        <translation>
            <numerusform>%Ln élément laissé de côté, voir le journal</numerusform>
            <numerusform>%Ln éléments laissés de côté, voir le journal</numerusform>
        </translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>SHA-256 of {name}, the last; the log has all</source>
        <translation>SHA-256 de {name}, le dernier&#xa0;; tous sont dans le journal</translation>
    </message>
</context>
<context>
    <name>TransferLine</name>
    <message>
        <source>the SHA-256 of {name}</source>
        <translation>le SHA-256 de {name}</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Bascule goes on in the tray</source>
        <translation>Bascule continue dans la zone de notification</translation>
    </message>
    <message>
        <source>Your relays go on. Click its icon to see them, or to quit.</source>
        <translation>Vos relais continuent. Cliquez sur son icône pour les voir, ou pour quitter.</translation>
    </message>
    <message>
        <source>Start at login could not be changed</source>
        <translation>Le démarrage à l’ouverture de session n’a pas pu être modifié</translation>
    </message>
    <message numerus="yes">
        <source>%Ln relay(s) running</source>
        <translation>
            <numerusform>%Ln relais en marche</numerusform>
            <numerusform>%Ln relais en marche</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problem(s)</source>
        <translation>
            <numerusform>%Ln problème</numerusform>
            <numerusform>%Ln problèmes</numerusform>
        </translation>
    </message>
    <message>
        <source>no relay is running</source>
        <translation>aucun relais n’est en marche</translation>
    </message>
    <message>
        <source>Bascule: {state}</source>
        <translation>Bascule&#xa0;: {state}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln relay(s) have a problem</source>
        <translation>
            <numerusform>%Ln relais a un problème</numerusform>
            <numerusform>%Ln relais ont un problème</numerusform>
        </translation>
    </message>
    <message>
        <source>This relay has stopped working.</source>
        <translation>Ce relais a cessé de fonctionner.</translation>
    </message>
</context>
<context>
    <name>TrayMenu</name>
    <message>
        <source>No relays yet</source>
        <translation>Aucun relais pour l’instant</translation>
    </message>
    <message>
        <source>Open Bascule</source>
        <translation>Ouvrir Bascule</translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation>Démarrer à l’ouverture de session</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
</context>
<context>
    <name>TrustDialog</name>
    <message>
        <source>How others trust the certificate</source>
        <translation>Comment faire accepter le certificat</translation>
    </message>
    <message>
        <source>{issuer} signed it: computers that trust {issuer} accept it as it is. Where a browser warns, ask whoever gave you the files for the certificate of {issuer}.</source>
        <translation>Il est signé par {issuer}&#xa0;: les ordinateurs qui font confiance à {issuer} l’acceptent tel quel. Si un navigateur avertit, demandez le certificat de {issuer} à qui vous a donné les fichiers.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>UpdateDialog</name>
    <message>
        <source>Updates</source>
        <translation>Mises à jour</translation>
    </message>
    <message>
        <source>What is new</source>
        <translation>Les nouveautés</translation>
    </message>
    <message>
        <source>Looking for a newer version</source>
        <translation>Recherche d’une version plus récente</translation>
    </message>
    <message>
        <source>Open the download page</source>
        <translation>Ouvrir la page de téléchargement</translation>
    </message>
    <message>
        <source>Check a downloaded file…</source>
        <translation>Vérifier un fichier téléchargé…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Looking for a newer version…</source>
        <translation>Recherche d’une version plus récente…</translation>
    </message>
    <message>
        <source>You have the newest version</source>
        <translation>Vous avez la version la plus récente</translation>
    </message>
    <message>
        <source>This is Bascule {version}.</source>
        <translation>C’est Bascule {version}.</translation>
    </message>
    <message>
        <source>Bascule {version} is available</source>
        <translation>Bascule {version} est disponible</translation>
    </message>
    <message>
        <source>It is of {date}; you have {own}. Download it from its page and install it as you did before: your relays and settings stay. Nothing is installed by itself.</source>
        <translation>Elle date du {date}&#xa0;; vous avez {own}. Téléchargez-la depuis sa page et installez-la comme la fois précédente&#xa0;: vos relais et vos réglages restent. Rien ne s’installe tout seul.</translation>
    </message>
    <message>
        <source>Ask the people who look after this computer, or look where you got Bascule from.</source>
        <translation>Demandez aux personnes qui s’occupent de cet ordinateur, ou regardez là où vous avez obtenu Bascule.</translation>
    </message>
    <message>
        <source>Check a downloaded file</source>
        <translation>Vérifier un fichier téléchargé</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>{file} cannot be read: {why}.</source>
        <translation>{file} ne peut pas être lu&#xa0;: {why}.</translation>
    </message>
    <message>
        <source>{file} is whole: it is exactly {name} of this version.</source>
        <translation>{file} est intact&#xa0;: c’est exactement {name} de cette version.</translation>
    </message>
    <message>
        <source>{file} is damaged, or not what was published: do not install it. Delete it and download it once more.</source>
        <translation>{file} est abîmé, ou n’est pas ce qui a été publié&#xa0;: ne l’installez pas. Supprimez-le et téléchargez-le encore une fois.</translation>
    </message>
    <message>
        <source>{file} is none of the files of this version, or it is damaged: do not install it. Download it from the page of this version.</source>
        <translation>{file} n’est aucun des fichiers de cette version, ou il est abîmé&#xa0;: ne l’installez pas. Téléchargez-le depuis la page de cette version.</translation>
    </message>
</context>
<context>
    <name>VerdictTable</name>
    <message numerus="yes">
        <source>Show %Ln more</source>
        <translation>
            <numerusform>Montrer %Ln de plus</numerusform>
            <numerusform>Montrer %Ln de plus</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Verdicts</name>
    <message>
        <source>&quot;{}&quot; is not a host name or an IP address</source>
        <translation>«&#xa0;{}&#xa0;» n’est ni un nom d’hôte ni une adresse IP</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is not a port or the name of a service</source>
        <translation>«&#xa0;{}&#xa0;» n’est ni un port ni le nom d’un service</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is not a port: it must be from {} to 65535</source>
        <translation>«&#xa0;{}&#xa0;» n’est pas un port&#xa0;: il va de {} à 65535</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is not the number of a descriptor</source>
        <translation>«&#xa0;{}&#xa0;» n’est pas le numéro d’un descripteur</translation>
    </message>
    <message>
        <source>-u and -U exclude each other</source>
        <translation>-u et -U s’excluent</translation>
    </message>
    <message>
        <source>0 or 1</source>
        <translation>0 ou 1</translation>
    </message>
    <message>
        <source>0 to 3 (for 5 to 8 bits), or 5 to 8</source>
        <translation>0 à 3 (pour 5 à 8 bits), ou 5 à 8</translation>
    </message>
    <message>
        <source>A character has {} bits.</source>
        <translation>Un caractère a {} bits.</translation>
    </message>
    <message>
        <source>A connection is ended as soon as nothing is there to be read.</source>
        <translation>Une connexion est terminée dès qu’il n’y a plus rien à lire.</translation>
    </message>
    <message>
        <source>A connection that is silent so long is ended.</source>
        <translation>Une connexion muette aussi longtemps est terminée.</translation>
    </message>
    <message>
        <source>A connection without a byte for {} s is ended.</source>
        <translation>Une connexion sans un octet pendant {} s est terminée.</translation>
    </message>
    <message>
        <source>A file that is there already is refused.</source>
        <translation>Un fichier qui existe déjà est refusé.</translation>
    </message>
    <message>
        <source>A link {} leads to it.</source>
        <translation>Un lien {} y mène.</translation>
    </message>
    <message>
        <source>A peer is forgotten after {} s of silence.</source>
        <translation>Un correspondant est oublié après {} s de silence.</translation>
    </message>
    <message>
        <source>A pseudo terminal joins us to the program.</source>
        <translation>Un pseudo-terminal nous relie au programme.</translation>
    </message>
    <message>
        <source>A serial port is for one program anyway.</source>
        <translation>Un port série est de toute façon pour un seul programme.</translation>
    </message>
    <message>
        <source>A socket that nobody listens on any more is replaced in any case; others stay.</source>
        <translation>Un socket que plus personne n’écoute est remplacé dans tous les cas&#xa0;; les autres restent.</translation>
    </message>
    <message>
        <source>A socket that nobody uses any more is replaced, and ours is removed at the end.</source>
        <translation>Un socket que plus personne n’utilise est remplacé, et le nôtre est supprimé à la fin.</translation>
    </message>
    <message>
        <source>A target that failed is tried again after {} s.</source>
        <translation>Une cible qui a échoué est réessayée après {} s.</translation>
    </message>
    <message>
        <source>After {} bytes this end counts as finished.</source>
        <translation>Après {} octets, ce bout est considéré comme terminé.</translation>
    </message>
    <message>
        <source>After {} s of silence the system asks whether the peer is there.</source>
        <translation>Après {} s de silence, le système demande si l’autre est là.</translation>
    </message>
    <message>
        <source>After {} unanswered questions the peer counts as gone.</source>
        <translation>Après {} questions sans réponse, l’autre est considéré comme parti.</translation>
    </message>
    <message>
        <source>All who come are in one room, and are told who speaks.</source>
        <translation>Tous ceux qui viennent sont dans un même salon et voient qui parle.</translation>
    </message>
    <message>
        <source>All who come are in one room.</source>
        <translation>Tous ceux qui viennent sont dans un même salon.</translation>
    </message>
    <message>
        <source>An empty datagram means that this end has finished.</source>
        <translation>Un datagramme vide signifie que ce bout a terminé.</translation>
    </message>
    <message>
        <source>An empty datagram tells this end that nothing more will be sent.</source>
        <translation>Un datagramme vide dit à ce bout que plus rien ne sera envoyé.</translation>
    </message>
    <message>
        <source>An end is not taken for one: it asks again each second, as tail -f does.</source>
        <translation>Une fin n’est pas prise pour telle&#xa0;: la lecture reprend chaque seconde, comme avec tail -f.</translation>
    </message>
    <message>
        <source>As ncat does, the certificate of the target is not verified.</source>
        <translation>Comme avec ncat, le certificat de la cible n’est pas vérifié.</translation>
    </message>
    <message>
        <source>As stunnel does, the certificate of the target is not verified.</source>
        <translation>Comme avec stunnel, le certificat de la cible n’est pas vérifié.</translation>
    </message>
    <message>
        <source>At most {} bytes a second come down.</source>
        <translation>Au plus {} octets par seconde descendent.</translation>
    </message>
    <message>
        <source>At most {} bytes a second go up.</source>
        <translation>Au plus {} octets par seconde montent.</translation>
    </message>
    <message>
        <source>At most {} bytes are moved at once; datagrams stay whole.</source>
        <translation>Au plus {} octets passent à la fois&#xa0;; les datagrammes restent entiers.</translation>
    </message>
    <message>
        <source>At the end it says how many bytes went each way.</source>
        <translation>À la fin, il dit combien d’octets sont passés dans chaque sens.</translation>
    </message>
    <message>
        <source>Bascule admits by address here, which this end cannot: use the end that listens</source>
        <translation>Bascule choisit ici d’après l’adresse, ce que ce bout ne peut pas faire&#xa0;: utilisez le bout qui écoute</translation>
    </message>
    <message>
        <source>Bascule asks only who connects, not from which of his ports; use range=</source>
        <translation>Bascule ne demande que qui se connecte, pas depuis quel port&#xa0;; utilisez range=</translation>
    </message>
    <message>
        <source>Bascule asks who may connect, not who may not</source>
        <translation>Bascule demande qui peut se connecter, pas qui ne le peut pas</translation>
    </message>
    <message>
        <source>Bascule cannot set this number on the descriptor; the options that have a name it can</source>
        <translation>Bascule ne peut pas régler ce numéro sur le descripteur&#xa0;; les options qui ont un nom, si</translation>
    </message>
    <message>
        <source>Bascule confines nothing to a folder; start it in a container</source>
        <translation>Bascule n’enferme rien dans un dossier&#xa0;; démarrez-le dans un conteneur</translation>
    </message>
    <message>
        <source>Bascule has nothing like it.</source>
        <translation>Bascule n’a rien de tel.</translation>
    </message>
    <message>
        <source>Bascule joins a group for whoever sends; a source cannot be chosen</source>
        <translation>Bascule rejoint un groupe quel que soit l’émetteur&#xa0;; une source ne se choisit pas</translation>
    </message>
    <message>
        <source>Bascule keeps no such file.</source>
        <translation>Bascule ne tient pas de tel fichier.</translation>
    </message>
    <message>
        <source>Bascule opens files, not folders</source>
        <translation>Bascule ouvre des fichiers, pas des dossiers</translation>
    </message>
    <message>
        <source>Bascule opens its port itself, not on the first connection.</source>
        <translation>Bascule ouvre son port lui-même, sans attendre la première connexion.</translation>
    </message>
    <message>
        <source>Bascule opens the serial port; socat 1.8 knows no devices by such names.</source>
        <translation>Bascule ouvre le port série&#xa0;; socat 1.8 ne connaît pas d’appareils de ce nom.</translation>
    </message>
    <message>
        <source>Bascule passes on at once what it receives.</source>
        <translation>Bascule transmet aussitôt ce qu’il reçoit.</translation>
    </message>
    <message>
        <source>Bascule reads the password from the command or its own store; use proxyauth=</source>
        <translation>Bascule lit le mot de passe dans la commande ou dans son propre coffre&#xa0;; utilisez proxyauth=</translation>
    </message>
    <message>
        <source>Bascule stays in the network it was started in; start it with `ip netns exec`</source>
        <translation>Bascule reste dans le réseau où il a été démarré&#xa0;; démarrez-le par `ip netns exec`</translation>
    </message>
    <message>
        <source>Bascule works in the folder in which it was started; give full paths</source>
        <translation>Bascule travaille dans le dossier où il a été démarré&#xa0;; donnez des chemins complets</translation>
    </message>
    <message>
        <source>Bytes come from there only.</source>
        <translation>Les octets ne viennent que de là.</translation>
    </message>
    <message>
        <source>Bytes go from the first address to the second only.</source>
        <translation>Les octets vont seulement de la première adresse à la seconde.</translation>
    </message>
    <message>
        <source>Bytes go from the second address to the first only.</source>
        <translation>Les octets vont seulement de la seconde adresse à la première.</translation>
    </message>
    <message>
        <source>Bytes go there only.</source>
        <translation>Les octets ne vont que là.</translation>
    </message>
    <message>
        <source>Bytes go: {}.</source>
        <translation>Sens des octets&#xa0;: {}.</translation>
    </message>
    <message>
        <source>Bytes pass unchanged, as if raw stood there: it is a serial port.</source>
        <translation>Les octets passent inchangés, comme avec raw&#xa0;: c’est un port série.</translation>
    </message>
    <message>
        <source>Certificates are verified by the authorities in {}.</source>
        <translation>Les certificats sont vérifiés par les autorités de {}.</translation>
    </message>
    <message>
        <source>Closing waits up to {} s for what is unsent.</source>
        <translation>La fermeture attend jusqu’à {} s ce qui n’est pas encore envoyé.</translation>
    </message>
    <message>
        <source>Connecting may last so long, and silence as well.</source>
        <translation>La connexion peut prendre ce temps, et le silence aussi.</translation>
    </message>
    <message>
        <source>Connections above the limit: {}.</source>
        <translation>Connexions au-delà de la limite&#xa0;: {}.</translation>
    </message>
    <message>
        <source>Datagrams connect nobody: there is nothing to wait for.</source>
        <translation>Les datagrammes ne connectent personne&#xa0;: il n’y a rien à attendre.</translation>
    </message>
    <message>
        <source>Each connection runs `{}`.</source>
        <translation>Chaque connexion exécute `{}`.</translation>
    </message>
    <message>
        <source>Each connection runs this command in the shell, once you have confirmed it.</source>
        <translation>Chaque connexion exécute cette commande dans le shell, une fois que vous l’avez confirmée.</translation>
    </message>
    <message>
        <source>Each connection runs this program, once you have confirmed it.</source>
        <translation>Chaque connexion exécute ce programme, une fois que vous l’avez confirmé.</translation>
    </message>
    <message>
        <source>Each ssh that is run has it.</source>
        <translation>Transmis à chaque ssh lancé.</translation>
    </message>
    <message>
        <source>Errors and warnings are logged.</source>
        <translation>Les erreurs et les avertissements sont notés au journal.</translation>
    </message>
    <message>
        <source>Errors only are logged.</source>
        <translation>Seules les erreurs sont notées au journal.</translation>
    </message>
    <message>
        <source>Errors, warnings and what matters are logged.</source>
        <translation>Les erreurs, les avertissements et l’essentiel sont notés au journal.</translation>
    </message>
    <message>
        <source>Everything is logged.</source>
        <translation>Tout est noté au journal.</translation>
    </message>
    <message>
        <source>For each connection to {} it is opened anew.</source>
        <translation>Il est rouvert à chaque connexion vers {}.</translation>
    </message>
    <message>
        <source>Half closed, the other way may go on for {} s without a byte.</source>
        <translation>Une fois un sens terminé, l’autre peut durer {} s sans un octet.</translation>
    </message>
    <message>
        <source>IPv4 only.</source>
        <translation>IPv4 seulement.</translation>
    </message>
    <message>
        <source>IPv6 only.</source>
        <translation>IPv6 seulement.</translation>
    </message>
    <message>
        <source>In the log it is called {}.</source>
        <translation>Dans le journal, il s’appelle {}.</translation>
    </message>
    <message>
        <source>It begins at byte {}, counted from the end.</source>
        <translation>Il commence à l’octet {}, compté depuis la fin.</translation>
    </message>
    <message>
        <source>It begins at byte {}.</source>
        <translation>Il commence à l’octet {}.</translation>
    </message>
    <message>
        <source>It begins only when a program has opened it.</source>
        <translation>Il ne commence que lorsqu’un programme l’a ouvert.</translation>
    </message>
    <message>
        <source>It belongs to the group {}.</source>
        <translation>Il appartient au groupe {}.</translation>
    </message>
    <message>
        <source>It belongs to the user {}.</source>
        <translation>Il appartient à l’utilisateur {}.</translation>
    </message>
    <message>
        <source>It connects from a port below 1024.</source>
        <translation>Il se connecte depuis un port inférieur à 1024.</translation>
    </message>
    <message>
        <source>It connects from port {}.</source>
        <translation>Il se connecte depuis le port {}.</translation>
    </message>
    <message>
        <source>It connects to a stream socket; for one of datagrams write UNIX-SENDTO.</source>
        <translation>Il se connecte à un socket de flux&#xa0;; pour un socket de datagrammes, écrivez UNIX-SENDTO.</translation>
    </message>
    <message>
        <source>It gives up connecting after {} s.</source>
        <translation>Il renonce à se connecter après {} s.</translation>
    </message>
    <message>
        <source>It has no effect: no terminal joins us to the program; pty makes one.</source>
        <translation>C’est sans effet&#xa0;: aucun terminal ne nous relie au programme&#xa0;; pty en crée un.</translation>
    </message>
    <message>
        <source>It is UDP.</source>
        <translation>C’est de l’UDP.</translation>
    </message>
    <message>
        <source>It is a Unix socket.</source>
        <translation>C’est un socket Unix.</translation>
    </message>
    <message>
        <source>It is encrypted with TLS.</source>
        <translation>C’est chiffré avec TLS.</translation>
    </message>
    <message>
        <source>It is only read.</source>
        <translation>Il est seulement lu.</translation>
    </message>
    <message>
        <source>It is only written.</source>
        <translation>Il est seulement écrit.</translation>
    </message>
    <message>
        <source>It is opened as a file, whatever its name.</source>
        <translation>Il est ouvert comme fichier, quel que soit son nom.</translation>
    </message>
    <message>
        <source>It is opened as a terminal with these settings, not as a serial port: those carry bytes unchanged and both ways.</source>
        <translation>Il est ouvert comme terminal avec ces réglages, et non comme port série&#xa0;: un port série porte les octets inchangés et dans les deux sens.</translation>
    </message>
    <message>
        <source>It is read and written.</source>
        <translation>Il est lu et écrit.</translation>
    </message>
    <message>
        <source>It is removed at the end.</source>
        <translation>Il est supprimé à la fin.</translation>
    </message>
    <message>
        <source>It is run by the shell.</source>
        <translation>C’est le shell qui l’exécute.</translation>
    </message>
    <message>
        <source>It is the port there; the one here can be another.</source>
        <translation>C’est le port là-bas&#xa0;; celui d’ici peut être différent.</translation>
    </message>
    <message>
        <source>It is written at the end.</source>
        <translation>L’écriture se fait à la fin.</translation>
    </message>
    <message>
        <source>It joins the multicast group {}.</source>
        <translation>Il rejoint le groupe multicast {}.</translation>
    </message>
    <message>
        <source>It knows {} peers at the same time.</source>
        <translation>Il connaît {} correspondants à la fois.</translation>
    </message>
    <message>
        <source>It listens on the whole network: any computer that reaches this one may connect. bind=127.0.0.1 keeps it to this computer, range= says who may.</source>
        <translation>Il écoute sur tout le réseau&#xa0;: tout ordinateur qui atteint celui-ci peut se connecter. bind=127.0.0.1 le réserve à cet ordinateur, range= dit qui peut.</translation>
    </message>
    <message>
        <source>It may send to a broadcast address.</source>
        <translation>Il peut envoyer à une adresse de diffusion.</translation>
    </message>
    <message>
        <source>It needs a key: no one can be asked.</source>
        <translation>Il faut une clé&#xa0;: on ne peut demander de mot de passe à personne.</translation>
    </message>
    <message>
        <source>It serves any number of connections, several at the same time.</source>
        <translation>Il sert autant de connexions qu’il en vient, plusieurs à la fois.</translation>
    </message>
    <message>
        <source>It serves {} connections at the same time; the next one waits.</source>
        <translation>Il sert {} connexions à la fois&#xa0;; la suivante attend.</translation>
    </message>
    <message>
        <source>It stops listening when nobody has come for {} s.</source>
        <translation>Il cesse d’écouter si personne ne vient pendant {} s.</translation>
    </message>
    <message>
        <source>It takes IPv6 only.</source>
        <translation>Il n’accepte que l’IPv6.</translation>
    </message>
    <message>
        <source>It takes one connection after the other, and several at once.</source>
        <translation>Il accepte les connexions l’une après l’autre, et plusieurs à la fois.</translation>
    </message>
    <message>
        <source>It uses the local address {}.</source>
        <translation>Il utilise l’adresse locale {}.</translation>
    </message>
    <message>
        <source>It uses the network interface {} only.</source>
        <translation>Il n’utilise que l’interface réseau {}.</translation>
    </message>
    <message>
        <source>It uses {} only.</source>
        <translation>Il n’utilise que {}.</translation>
    </message>
    <message>
        <source>It waits until the lock file {} is free.</source>
        <translation>Il attend que le fichier verrou {} soit libre.</translation>
    </message>
    <message>
        <source>Its key is this one.</source>
        <translation>Sa clé est celle-ci.</translation>
    </message>
    <message>
        <source>Its permissions are {}.</source>
        <translation>Ses permissions sont {}.</translation>
    </message>
    <message>
        <source>Its terminal controls the program.</source>
        <translation>Son terminal contrôle le programme.</translation>
    </message>
    <message>
        <source>Left out: Bascule has no descriptors of its own to list.</source>
        <translation>Laissé de côté&#xa0;: Bascule n’a pas de descripteurs à lui à énumérer.</translation>
    </message>
    <message>
        <source>Left out: Bascule has no process for each connection.</source>
        <translation>Laissé de côté&#xa0;: Bascule n’a pas de processus par connexion.</translation>
    </message>
    <message>
        <source>Left out: Bascule never blocks, and its programs inherit nothing that is not theirs.</source>
        <translation>Laissé de côté&#xa0;: Bascule ne bloque jamais, et ses programmes n’héritent que de ce qui est à eux.</translation>
    </message>
    <message>
        <source>Left out: Bascule never takes a terminal over by opening it.</source>
        <translation>Laissé de côté&#xa0;: Bascule ne s’empare jamais d’un terminal en l’ouvrant.</translation>
    </message>
    <message>
        <source>Left out: Bascule sends datagrams from any port; sourceport= chooses one.</source>
        <translation>Laissé de côté&#xa0;: Bascule envoie ses datagrammes depuis n’importe quel port&#xa0;; sourceport= en choisit un.</translation>
    </message>
    <message>
        <source>Left out: SOCKS 4 has no passwords.</source>
        <translation>Laissé de côté&#xa0;: SOCKS 4 n’a pas de mots de passe.</translation>
    </message>
    <message>
        <source>Left out: TLS 1.2 and 1.3 are what is left; older ways are broken.</source>
        <translation>Laissé de côté&#xa0;: il ne reste que TLS 1.2 et 1.3&#xa0;; les versions antérieures sont cassées.</translation>
    </message>
    <message>
        <source>Left out: TLS 1.2 is the oldest that is used.</source>
        <translation>Laissé de côté&#xa0;: TLS 1.2 est la plus ancienne version utilisée.</translation>
    </message>
    <message>
        <source>Left out: a broken connection ends, and the others go on in any case.</source>
        <translation>Laissé de côté&#xa0;: une connexion rompue se termine, et les autres continuent dans tous les cas.</translation>
    </message>
    <message>
        <source>Left out: a broken connection is reported as what it is.</source>
        <translation>Laissé de côté&#xa0;: une connexion rompue est signalée pour ce qu’elle est.</translation>
    </message>
    <message>
        <source>Left out: a file may be of any size, and is read as bytes.</source>
        <translation>Laissé de côté&#xa0;: un fichier peut avoir toute taille, et il est lu comme des octets.</translation>
    </message>
    <message>
        <source>Left out: a highest version is not set: the two sides take the newest that both know.</source>
        <translation>Laissé de côté&#xa0;: aucune version maximale n’est fixée&#xa0;: les deux côtés prennent la plus récente qu’ils connaissent.</translation>
    </message>
    <message>
        <source>Left out: a serial port always receives.</source>
        <translation>Laissé de côté&#xa0;: un port série reçoit toujours.</translation>
    </message>
    <message>
        <source>Left out: a serial port is no terminal of Bascule.</source>
        <translation>Laissé de côté&#xa0;: un port série n’est pas un terminal de Bascule.</translation>
    </message>
    <message>
        <source>Left out: both line ends and both versions of HTTP are understood.</source>
        <translation>Laissé de côté&#xa0;: les deux fins de ligne et les deux versions de HTTP sont comprises.</translation>
    </message>
    <message>
        <source>Left out: breaks carry no bytes.</source>
        <translation>Laissé de côté&#xa0;: les signaux «&#xa0;break&#xa0;» ne portent pas d’octets.</translation>
    </message>
    <message>
        <source>Left out: bytes with a wrong parity are the device&apos;s matter.</source>
        <translation>Laissé de côté&#xa0;: les octets de parité fausse sont l’affaire de l’appareil.</translation>
    </message>
    <message>
        <source>Left out: compression under TLS gives secrets away, and is never used.</source>
        <translation>Laissé de côté&#xa0;: la compression sous TLS trahit des secrets, et n’est jamais utilisée.</translation>
    </message>
    <message>
        <source>Left out: connections come from the address that listens, and it says how many.</source>
        <translation>Laissé de côté&#xa0;: les connexions viennent de l’adresse qui écoute, et c’est elle qui dit combien.</translation>
    </message>
    <message>
        <source>Left out: it is between a process and its terminal; Bascule ends its programs itself.</source>
        <translation>Laissé de côté&#xa0;: cela se passe entre un processus et son terminal&#xa0;; Bascule termine ses programmes lui-même.</translation>
    </message>
    <message>
        <source>Left out: modem lines are not waited for.</source>
        <translation>Laissé de côté&#xa0;: les lignes du modem ne sont pas attendues.</translation>
    </message>
    <message>
        <source>Left out: no signals are logged.</source>
        <translation>Laissé de côté&#xa0;: les signaux ne sont pas notés au journal.</translation>
    </message>
    <message>
        <source>Left out: nothing here is experimental.</source>
        <translation>Laissé de côté&#xa0;: rien n’est expérimental ici.</translation>
    </message>
    <message>
        <source>Left out: our own end of the socket needs no name.</source>
        <translation>Laissé de côté&#xa0;: notre bout du socket n’a pas besoin de nom.</translation>
    </message>
    <message>
        <source>Left out: records are as large as TLS allows.</source>
        <translation>Laissé de côté&#xa0;: les enregistrements sont aussi grands que TLS le permet.</translation>
    </message>
    <message>
        <source>Left out: that is a setting of the system&apos;s OpenSSL.</source>
        <translation>Laissé de côté&#xa0;: c’est un réglage de l’OpenSSL du système.</translation>
    </message>
    <message>
        <source>Left out: the command line of Bascule holds the lock for the whole relay; use -L or -W.</source>
        <translation>Laissé de côté&#xa0;: la ligne de commande de Bascule tient le verrou pour tout le relais&#xa0;; utilisez -L ou -W.</translation>
    </message>
    <message>
        <source>Left out: the first address listens, and says who may come and how many.</source>
        <translation>Laissé de côté&#xa0;: la première adresse écoute, et dit qui peut venir et combien.</translation>
    </message>
    <message>
        <source>Left out: the length of the name of a socket is right in any case.</source>
        <translation>Laissé de côté&#xa0;: la longueur du nom d’un socket est juste dans tous les cas.</translation>
    </message>
    <message>
        <source>Left out: the mark on the file is left to the file system&apos;s own tools (chattr).</source>
        <translation>Laissé de côté&#xa0;: la marque du fichier est laissée aux outils du système de fichiers (chattr).</translation>
    </message>
    <message>
        <source>Left out: the name is removed in any case.</source>
        <translation>Laissé de côté&#xa0;: le nom est supprimé dans tous les cas.</translation>
    </message>
    <message>
        <source>Left out: the name is verified in any case; verify=0 leaves out all of it.</source>
        <translation>Laissé de côté&#xa0;: le nom est vérifié dans tous les cas&#xa0;; verify=0 renonce à tout.</translation>
    </message>
    <message>
        <source>Left out: the name that is verified, {}, is asked for as well.</source>
        <translation>Laissé de côté&#xa0;: le nom vérifié, {}, est aussi celui qui est demandé.</translation>
    </message>
    <message>
        <source>Left out: the parameters of the key exchange are OpenSSL&apos;s own.</source>
        <translation>Laissé de côté&#xa0;: les paramètres de l’échange de clés sont ceux d’OpenSSL.</translation>
    </message>
    <message>
        <source>Left out: the port of the proxy is said before the host.</source>
        <translation>Laissé de côté&#xa0;: le port du proxy est dit avant l’hôte.</translation>
    </message>
    <message>
        <source>Left out: the proxy always resolves the name.</source>
        <translation>Laissé de côté&#xa0;: le proxy résout toujours le nom.</translation>
    </message>
    <message>
        <source>Left out: the system decides when bytes reach the disk.</source>
        <translation>Laissé de côté&#xa0;: le système décide quand les octets atteignent le disque.</translation>
    </message>
    <message>
        <source>Left out: the system has random numbers enough.</source>
        <translation>Laissé de côté&#xa0;: le système a assez de nombres aléatoires.</translation>
    </message>
    <message>
        <source>Left out: the system resolves names as it is set up.</source>
        <translation>Laissé de côté&#xa0;: le système résout les noms selon ses réglages.</translation>
    </message>
    <message>
        <source>Left out: what has arrived is carried at once.</source>
        <translation>Laissé de côté&#xa0;: ce qui est arrivé est transmis aussitôt.</translation>
    </message>
    <message>
        <source>Left out: what the length of a pipe is, the system decides.</source>
        <translation>Laissé de côté&#xa0;: la longueur d’un tube est l’affaire du système.</translation>
    </message>
    <message>
        <source>Left out: what would be learnt by it is not asked for here.</source>
        <translation>Laissé de côté&#xa0;: ce que l’on apprendrait ainsi n’est pas demandé ici.</translation>
    </message>
    <message>
        <source>Left out: whether closing drops DTR is the system&apos;s setting.</source>
        <translation>Laissé de côté&#xa0;: que la fermeture abaisse DTR est un réglage du système.</translation>
    </message>
    <message>
        <source>Left out: who may connect or read is not decided by it.</source>
        <translation>Laissé de côté&#xa0;: cela ne décide pas de qui peut se connecter ou lire.</translation>
    </message>
    <message>
        <source>Left out: whoever runs Bascule owns what it makes.</source>
        <translation>Laissé de côté&#xa0;: ce que Bascule crée appartient à qui le lance.</translation>
    </message>
    <message>
        <source>Left out: with verify=0 no client certificate is asked for.</source>
        <translation>Laissé de côté&#xa0;: avec verify=0, aucun certificat n’est demandé au client.</translation>
    </message>
    <message>
        <source>Left out: without creat no file is made, and excl says nothing.</source>
        <translation>Laissé de côté&#xa0;: sans creat, aucun fichier n’est créé, et excl ne dit rien.</translation>
    </message>
    <message>
        <source>Left out: {}</source>
        <translation>Laissé de côté&#xa0;: {}</translation>
    </message>
    <message>
        <source>Left out: {} has no use for it, and nothing that is carried changes by it.</source>
        <translation>Laissé de côté&#xa0;: {} n’en fait rien, et rien de ce qui passe n’en est changé.</translation>
    </message>
    <message>
        <source>Left out: {} is IPv{} already.</source>
        <translation>Laissé de côté&#xa0;: {} est déjà en IPv{}.</translation>
    </message>
    <message>
        <source>Lines end there with CR and LF.</source>
        <translation>Les lignes y finissent par CR et LF.</translation>
    </message>
    <message>
        <source>Lines end with CR and line feed at this end, and with a line feed at the other.</source>
        <translation>Les lignes finissent par CR et LF à ce bout, et par LF à l’autre.</translation>
    </message>
    <message>
        <source>Lines end with CR at this end, and with a line feed at the other.</source>
        <translation>Les lignes finissent par CR à ce bout, et par LF à l’autre.</translation>
    </message>
    <message>
        <source>Multicast packets leave by the interface {}.</source>
        <translation>Les paquets multicast sortent par l’interface {}.</translation>
    </message>
    <message>
        <source>Multicast packets may pass {} routers.</source>
        <translation>Les paquets multicast peuvent passer {} routeurs.</translation>
    </message>
    <message>
        <source>Nearly everything is logged.</source>
        <translation>Presque tout est noté au journal.</translation>
    </message>
    <message>
        <source>No IP version is preferred.</source>
        <translation>Aucune version d’IP n’est préférée.</translation>
    </message>
    <message>
        <source>No client certificate is asked for.</source>
        <translation>Aucun certificat n’est demandé au client.</translation>
    </message>
    <message>
        <source>No more connections are taken at the same time.</source>
        <translation>Pas plus de connexions ne sont acceptées à la fois.</translation>
    </message>
    <message>
        <source>Nobody checks whom it talks to: the certificate of the server is not verified.</source>
        <translation>Personne ne vérifie à qui il parle&#xa0;: le certificat du serveur n’est pas vérifié.</translation>
    </message>
    <message>
        <source>Nothing older than {} is used.</source>
        <translation>Rien de plus ancien que {} n’est utilisé.</translation>
    </message>
    <message>
        <source>Only Bascule knows this option.</source>
        <translation>Seul Bascule connaît cette option.</translation>
    </message>
    <message>
        <source>Only Linux has abstract names; use a path.</source>
        <translation>Seul Linux a des noms abstraits&#xa0;; utilisez un chemin.</translation>
    </message>
    <message>
        <source>Only Windows has such pipes; here UNIX-LISTEN and UNIX-CONNECT do it.</source>
        <translation>Seul Windows a de tels tubes&#xa0;; ici, UNIX-LISTEN et UNIX-CONNECT le font.</translation>
    </message>
    <message>
        <source>Only these may connect.</source>
        <translation>Seules ces adresses peuvent se connecter.</translation>
    </message>
    <message>
        <source>Only {} may connect.</source>
        <translation>Seul {} peut se connecter.</translation>
    </message>
    <message>
        <source>Only {} may connect; others are closed before a byte is read.</source>
        <translation>Seul {} peut se connecter&#xa0;; les autres sont fermés avant qu’un octet soit lu.</translation>
    </message>
    <message>
        <source>Opening it is tried again until it succeeds.</source>
        <translation>L’ouverture est réessayée jusqu’à ce qu’elle réussisse.</translation>
    </message>
    <message>
        <source>Opening it is tried again {} times.</source>
        <translation>L’ouverture est réessayée {} fois.</translation>
    </message>
    <message>
        <source>Options are taken for any address.</source>
        <translation>Les options sont acceptées pour toute adresse.</translation>
    </message>
    <message>
        <source>Others are kept from writing the file at the same time.</source>
        <translation>Les autres ne peuvent pas écrire le fichier en même temps.</translation>
    </message>
    <message>
        <source>Packets carry the traffic class {}.</source>
        <translation>Les paquets portent la classe de trafic {}.</translation>
    </message>
    <message>
        <source>Packets carry the type of service {}.</source>
        <translation>Les paquets portent le type de service {}.</translation>
    </message>
    <message>
        <source>Packets may pass {} routers.</source>
        <translation>Les paquets peuvent passer {} routeurs.</translation>
    </message>
    <message>
        <source>Programs of this computer get its multicast packets too.</source>
        <translation>Les programmes de cet ordinateur reçoivent aussi ses paquets multicast.</translation>
    </message>
    <message>
        <source>Programs on Windows have no such descriptors; it talks by its standard ones.</source>
        <translation>Sous Windows, les programmes n’ont pas de tels descripteurs&#xa0;; il parle par les siens habituels.</translation>
    </message>
    <message>
        <source>Python on Windows has no Unix sockets; use NAMED-PIPE or TCP.</source>
        <translation>Python sous Windows n’a pas de sockets Unix&#xa0;; utilisez NAMED-PIPE ou TCP.</translation>
    </message>
    <message>
        <source>SCTP is a transport that few systems have</source>
        <translation>SCTP est un transport que peu de systèmes connaissent</translation>
    </message>
    <message>
        <source>Silence ends nothing.</source>
        <translation>Le silence ne termine rien.</translation>
    </message>
    <message>
        <source>Silence ends nothing; from socat 1.8.0.1 on, 0 means at once.</source>
        <translation>Le silence ne termine rien&#xa0;; à partir de socat 1.8.0.1, 0 veut dire aussitôt.</translation>
    </message>
    <message>
        <source>Small pieces are sent at once.</source>
        <translation>Les petits morceaux sont envoyés aussitôt.</translation>
    </message>
    <message>
        <source>Socat 1.8 does not know it; it is taken as {}.</source>
        <translation>Socat 1.8 ne le connaît pas&#xa0;; c’est lu comme {}.</translation>
    </message>
    <message>
        <source>Socat 1.8 would read {} bytes of it only.</source>
        <translation>Socat 1.8 n’en lirait que {} octets.</translation>
    </message>
    <message>
        <source>Socat 1.8 would read {}.</source>
        <translation>Socat 1.8 lirait {}.</translation>
    </message>
    <message>
        <source>Socat 1.8 would refuse it: {}.</source>
        <translation>Socat 1.8 le refuserait&#xa0;: {}.</translation>
    </message>
    <message>
        <source>Socat 1.8 would take a colon in it for the end of a parameter and refuse it.</source>
        <translation>Socat 1.8 y prendrait un deux-points pour la fin d’un paramètre et le refuserait.</translation>
    </message>
    <message>
        <source>Switched off.</source>
        <translation>Désactivé.</translation>
    </message>
    <message>
        <source>TLS1.2 or TLS1.3</source>
        <translation>TLS1.2 ou TLS1.3</translation>
    </message>
    <message>
        <source>Target number {} answers.</source>
        <translation>La cible numéro {} répond.</translation>
    </message>
    <message>
        <source>Telnet and RFC 2217 have no end in Bascule yet</source>
        <translation>Bascule ne parle encore ni Telnet ni le RFC 2217</translation>
    </message>
    <message>
        <source>Terminals of macOS do not know it, and opening this one fails.</source>
        <translation>Les terminaux de macOS ne le connaissent pas, et l’ouverture de celui-ci échoue.</translation>
    </message>
    <message>
        <source>The HTTP proxy is on port {}.</source>
        <translation>Le proxy HTTP est sur le port {}.</translation>
    </message>
    <message>
        <source>The SOCKS proxy is on port {}.</source>
        <translation>Le proxy SOCKS est sur le port {}.</translation>
    </message>
    <message>
        <source>The address of this computer is this one.</source>
        <translation>L’adresse de cet ordinateur est celle-ci.</translation>
    </message>
    <message>
        <source>The byte {}, read here, finishes this end.</source>
        <translation>L’octet {}, lu ici, termine ce bout.</translation>
    </message>
    <message>
        <source>The certificate is this one.</source>
        <translation>Le certificat est celui-ci.</translation>
    </message>
    <message>
        <source>The certificate must be for {}.</source>
        <translation>Le certificat doit être au nom de {}.</translation>
    </message>
    <message>
        <source>The certificate of the other side is verified.</source>
        <translation>Le certificat de l’autre côté est vérifié.</translation>
    </message>
    <message>
        <source>The certificate of the target is verified.</source>
        <translation>Le certificat de la cible est vérifié.</translation>
    </message>
    <message>
        <source>The certificate {} is shown.</source>
        <translation>Le certificat {} est présenté.</translation>
    </message>
    <message>
        <source>The ciphers are {}.</source>
        <translation>Les chiffrements sont {}.</translation>
    </message>
    <message>
        <source>The command in it is read.</source>
        <translation>La commande qu’il contient est lue.</translation>
    </message>
    <message>
        <source>The command is read by {}.</source>
        <translation>La commande est lue par {}.</translation>
    </message>
    <message>
        <source>The command is split as a shell would split it.</source>
        <translation>La commande est découpée comme le ferait un shell.</translation>
    </message>
    <message>
        <source>The command is taken as it was meant.</source>
        <translation>La commande est comprise comme son auteur l’entendait.</translation>
    </message>
    <message>
        <source>The connection begins with the PROXY header of a load balancer.</source>
        <translation>La connexion commence par l’en-tête PROXY d’un répartiteur de charge.</translation>
    </message>
    <message>
        <source>The connection is encrypted with TLS.</source>
        <translation>La connexion est chiffrée par TLS.</translation>
    </message>
    <message>
        <source>The dump goes there too; socat 1.8 would write it to standard error only.</source>
        <translation>La copie y va aussi&#xa0;; socat 1.8 ne l’écrirait que sur l’erreur standard.</translation>
    </message>
    <message>
        <source>The end of one side is told to the other.</source>
        <translation>La fin d’un côté est annoncée à l’autre.</translation>
    </message>
    <message>
        <source>The file is emptied first.</source>
        <translation>Le fichier est d’abord vidé.</translation>
    </message>
    <message>
        <source>The file is made where it is not there.</source>
        <translation>Le fichier est créé s’il n’existe pas.</translation>
    </message>
    <message>
        <source>The file is read or written.</source>
        <translation>Le fichier est lu ou écrit.</translation>
    </message>
    <message>
        <source>The first new try is after {} s.</source>
        <translation>Le premier nouvel essai a lieu après {} s.</translation>
    </message>
    <message>
        <source>The flow control is {}.</source>
        <translation>Le contrôle de flux est {}.</translation>
    </message>
    <message>
        <source>The line DTR is {} on opening.</source>
        <translation>La ligne DTR est {} à l’ouverture.</translation>
    </message>
    <message>
        <source>The line RTS is {} on opening.</source>
        <translation>La ligne RTS est {} à l’ouverture.</translation>
    </message>
    <message>
        <source>The line has it.</source>
        <translation>C’est un réglage de la ligne.</translation>
    </message>
    <message>
        <source>The line runs at 9600 bits per second, as no speed is said; socat would leave it.</source>
        <translation>La ligne fonctionne à 9600 bits par seconde, faute de vitesse indiquée&#xa0;; socat la laisserait telle quelle.</translation>
    </message>
    <message>
        <source>The line runs at {} bits per second.</source>
        <translation>La ligne fonctionne à {} bits par seconde.</translation>
    </message>
    <message>
        <source>The lock file {} keeps a second one from running.</source>
        <translation>Le fichier verrou {} empêche qu’un second fonctionne.</translation>
    </message>
    <message>
        <source>The log goes to standard error as well.</source>
        <translation>Le journal va aussi sur l’erreur standard.</translation>
    </message>
    <message>
        <source>The log goes to syslog ({}).</source>
        <translation>Le journal va à syslog ({}).</translation>
    </message>
    <message>
        <source>The log goes to the file {}.</source>
        <translation>Le journal va dans le fichier {}.</translation>
    </message>
    <message>
        <source>The log names this computer.</source>
        <translation>Le journal nomme cet ordinateur.</translation>
    </message>
    <message>
        <source>The name for the SOCKS proxy is {}.</source>
        <translation>Le nom pour le proxy SOCKS est {}.</translation>
    </message>
    <message>
        <source>The parity is {}.</source>
        <translation>La parité est {}.</translation>
    </message>
    <message>
        <source>The path is taken as it was meant.</source>
        <translation>Le chemin est compris comme son auteur l’entendait.</translation>
    </message>
    <message>
        <source>The path is taken from the folder {}.</source>
        <translation>Le chemin part du dossier {}.</translation>
    </message>
    <message>
        <source>The port can be taken again only after a while.</source>
        <translation>Le port ne peut être repris qu’après un moment.</translation>
    </message>
    <message>
        <source>The port can be taken again right after it was given up.</source>
        <translation>Le port peut être repris dès qu’il est libéré.</translation>
    </message>
    <message>
        <source>The port is shared with other programs that allow it as well.</source>
        <translation>Le port est partagé avec d’autres programmes qui le permettent aussi.</translation>
    </message>
    <message>
        <source>The port on this computer is this one.</source>
        <translation>Le port de cet ordinateur est celui-ci.</translation>
    </message>
    <message>
        <source>The private key is {}.</source>
        <translation>La clé privée est {}.</translation>
    </message>
    <message>
        <source>The program is looked for in {}.</source>
        <translation>Le programme est cherché dans {}.</translation>
    </message>
    <message>
        <source>The program is told that it is a login shell.</source>
        <translation>Il est dit au programme qu’il est un shell de connexion.</translation>
    </message>
    <message>
        <source>The program reads from its descriptor {}.</source>
        <translation>Le programme lit son descripteur {}.</translation>
    </message>
    <message>
        <source>The program runs in a session of its own.</source>
        <translation>Le programme s’exécute dans sa propre session.</translation>
    </message>
    <message>
        <source>The program writes to its descriptor {}.</source>
        <translation>Le programme écrit sur son descripteur {}.</translation>
    </message>
    <message>
        <source>The proxy is of this kind.</source>
        <translation>Le proxy est de ce type.</translation>
    </message>
    <message>
        <source>The proxy is told this name, and the password that is kept apart.</source>
        <translation>Le proxy reçoit ce nom et le mot de passe, qui est gardé à part.</translation>
    </message>
    <message>
        <source>The proxy is told this name.</source>
        <translation>Le proxy reçoit ce nom.</translation>
    </message>
    <message>
        <source>The proxy resolves the name.</source>
        <translation>Le proxy résout le nom.</translation>
    </message>
    <message>
        <source>The relay begins again by itself when a connection has ended.</source>
        <translation>Le relais recommence de lui-même quand une connexion est terminée.</translation>
    </message>
    <message>
        <source>The relay gives each of its connections a program of its own.</source>
        <translation>Le relais donne à chacune de ses connexions un programme à elle.</translation>
    </message>
    <message>
        <source>The relay has it.</source>
        <translation>Le relais l’a repris.</translation>
    </message>
    <message>
        <source>The relay leads there.</source>
        <translation>Le relais y mène.</translation>
    </message>
    <message>
        <source>The relay listens on port {} of {} itself.</source>
        <translation>Le relais écoute lui-même sur le port {} de {}.</translation>
    </message>
    <message>
        <source>The relay opens this port when somebody connects.</source>
        <translation>Le relais ouvre ce port quand quelqu’un se connecte.</translation>
    </message>
    <message>
        <source>The relay speaks TLS with {}, and you speak to the relay without. Take TLS out of its settings, and it passes through as it is.</source>
        <translation>Le relais parle TLS avec {}, et vous parlez au relais sans TLS. Retirez TLS de ses réglages, et il passe tel quel.</translation>
    </message>
    <message>
        <source>The relay waits for connections.</source>
        <translation>Le relais attend les connexions.</translation>
    </message>
    <message>
        <source>The room is told who comes, goes and speaks.</source>
        <translation>Le salon apprend qui arrive, part et parle.</translation>
    </message>
    <message>
        <source>The server is asked for by the name {} (SNI).</source>
        <translation>Le serveur est demandé sous le nom {} (SNI).</translation>
    </message>
    <message>
        <source>The server is asked for by the name {}, and its certificate must be for it.</source>
        <translation>Le serveur est demandé sous le nom {}, et son certificat doit être à ce nom.</translation>
    </message>
    <message>
        <source>The server is not told which name is wanted (no SNI).</source>
        <translation>Il n’est pas dit au serveur quel nom est voulu (pas de SNI).</translation>
    </message>
    <message>
        <source>The setting {} of the terminal is off.</source>
        <translation>Le réglage {} du terminal est désactivé.</translation>
    </message>
    <message>
        <source>The setting {} of the terminal is {}.</source>
        <translation>Le réglage {} du terminal est {}.</translation>
    </message>
    <message>
        <source>The size is set when the socket is made, which is earlier.</source>
        <translation>La taille est fixée à la création du socket, donc plus tôt.</translation>
    </message>
    <message>
        <source>The system asks again every {} s.</source>
        <translation>Le système redemande toutes les {} s.</translation>
    </message>
    <message>
        <source>The system may hold back {} connections.</source>
        <translation>Le système peut retenir {} connexions.</translation>
    </message>
    <message>
        <source>The system notices by itself when the peer is gone.</source>
        <translation>Le système remarque de lui-même que l’autre est parti.</translation>
    </message>
    <message>
        <source>The system&apos;s buffer for receiving has {} bytes.</source>
        <translation>Le tampon de réception du système a {} octets.</translation>
    </message>
    <message>
        <source>The system&apos;s buffer for sending has {} bytes.</source>
        <translation>Le tampon d’envoi du système a {} octets.</translation>
    </message>
    <message>
        <source>The target is asked for by this name.</source>
        <translation>La cible est demandée par ce nom.</translation>
    </message>
    <message>
        <source>The terminal is set to {}.</source>
        <translation>Le terminal est réglé sur {}.</translation>
    </message>
    <message>
        <source>The text is said only when the other side has sent something.</source>
        <translation>Le texte n’est dit que lorsque l’autre côté a envoyé quelque chose.</translation>
    </message>
    <message>
        <source>The text is taken as it was meant.</source>
        <translation>Le texte est compris comme son auteur l’entendait.</translation>
    </message>
    <message>
        <source>The way leads through this proxy.</source>
        <translation>Le chemin passe par ce proxy.</translation>
    </message>
    <message>
        <source>There are a name and a password for the HTTP proxy.</source>
        <translation>Il y a un nom et un mot de passe pour le proxy HTTP.</translation>
    </message>
    <message>
        <source>There are {} s between two tries.</source>
        <translation>Il y a {} s entre deux essais.</translation>
    </message>
    <message>
        <source>There are {} stop bits.</source>
        <translation>Il y a {} bits d’arrêt.</translation>
    </message>
    <message>
        <source>There is a further proxy on the way.</source>
        <translation>Il y a un autre proxy sur le chemin.</translation>
    </message>
    <message>
        <source>There is a passphrase for the private key.</source>
        <translation>Il y a une phrase secrète pour la clé privée.</translation>
    </message>
    <message>
        <source>There is a password for the SOCKS proxy.</source>
        <translation>Il y a un mot de passe pour le proxy SOCKS.</translation>
    </message>
    <message>
        <source>There is no syslog on Windows, and it will not run; use -lf FILE.</source>
        <translation>Il n’y a pas de syslog sous Windows, et cela ne marchera pas&#xa0;; utilisez -lf FICHIER.</translation>
    </message>
    <message>
        <source>These authorities are trusted.</source>
        <translation>Ces autorités sont reconnues.</translation>
    </message>
    <message>
        <source>This end is closed when nothing more will be sent to it.</source>
        <translation>Ce bout est fermé quand plus rien ne lui sera envoyé.</translation>
    </message>
    <message>
        <source>This end is not told that nothing more will be sent.</source>
        <translation>Il n’est pas dit à ce bout que plus rien ne sera envoyé.</translation>
    </message>
    <message>
        <source>This end is told by a shutdown that nothing more will be sent.</source>
        <translation>Un «&#xa0;shutdown&#xa0;» dit à ce bout que plus rien ne sera envoyé.</translation>
    </message>
    <message>
        <source>Times in the log have microseconds.</source>
        <translation>Les heures du journal ont des microsecondes.</translation>
    </message>
    <message>
        <source>Tries are at most {} s apart.</source>
        <translation>Les essais sont espacés d’au plus {} s.</translation>
    </message>
    <message>
        <source>Two pipes join us to the program.</source>
        <translation>Deux tubes nous relient au programme.</translation>
    </message>
    <message>
        <source>Until it runs, it goes to standard error.</source>
        <translation>Avant le démarrage, il va sur l’erreur standard.</translation>
    </message>
    <message>
        <source>What comes down is kept in {}.</source>
        <translation>Ce qui descend est gardé dans {}.</translation>
    </message>
    <message>
        <source>What goes the other way is not carried.</source>
        <translation>Ce qui va dans l’autre sens n’est pas transporté.</translation>
    </message>
    <message>
        <source>What goes up is kept in {}.</source>
        <translation>Ce qui monte est gardé dans {}.</translation>
    </message>
    <message>
        <source>What is there before is removed.</source>
        <translation>Ce qui s’y trouve avant est supprimé.</translation>
    </message>
    <message>
        <source>What it makes lacks the permissions {}.</source>
        <translation>Ce qu’il crée n’a pas les permissions {}.</translation>
    </message>
    <message>
        <source>What passes is shown as text.</source>
        <translation>Ce qui passe est montré comme texte.</translation>
    </message>
    <message>
        <source>What passes is shown in hexadecimal.</source>
        <translation>Ce qui passe est montré en hexadécimal.</translation>
    </message>
    <message>
        <source>What the program writes to standard error is carried as well.</source>
        <translation>Ce que le programme écrit sur l’erreur standard est transmis aussi.</translation>
    </message>
    <message>
        <source>When a connection is over, it begins again.</source>
        <translation>Quand une connexion est finie, il recommence.</translation>
    </message>
    <message>
        <source>When it is over, this end is closed without being told the end.</source>
        <translation>Quand c’est fini, ce bout est fermé sans que la fin lui soit dite.</translation>
    </message>
    <message>
        <source>When one side has finished, the other may go on so long.</source>
        <translation>Quand un côté a fini, l’autre peut continuer ce temps-là.</translation>
    </message>
    <message>
        <source>When one way has ended, the other may finish.</source>
        <translation>Quand un sens est terminé, l’autre peut finir.</translation>
    </message>
    <message>
        <source>Where it fails or ends, the relay begins again by itself.</source>
        <translation>S’il échoue ou se termine, le relais recommence de lui-même.</translation>
    </message>
    <message>
        <source>Where nothing is said, it listens on IPv4.</source>
        <translation>Sans autre indication, il écoute en IPv4.</translation>
    </message>
    <message>
        <source>Where nothing is said, it listens on IPv6.</source>
        <translation>Sans autre indication, il écoute en IPv6.</translation>
    </message>
    <message>
        <source>Where somebody else has it locked, it waits.</source>
        <translation>Si quelqu’un d’autre l’a verrouillé, il attend.</translation>
    </message>
    <message>
        <source>Who speaks in the room hears it too.</source>
        <translation>Qui parle dans le salon s’entend aussi.</translation>
    </message>
    <message>
        <source>Windows binds no socket to an interface; bind= chooses an address.</source>
        <translation>Windows n’attache pas de socket à une interface&#xa0;; bind= choisit une adresse.</translation>
    </message>
    <message>
        <source>Windows forwards TCP only</source>
        <translation>Windows ne redirige que TCP</translation>
    </message>
    <message>
        <source>Windows has no FIFOs; its own named pipes are NAMED-PIPE.</source>
        <translation>Windows n’a pas de FIFO&#xa0;; ses propres tubes nommés sont NAMED-PIPE.</translation>
    </message>
    <message>
        <source>Windows has no controlling terminals; it is left out.</source>
        <translation>Windows n’a pas de terminal de contrôle&#xa0;; c’est laissé de côté.</translation>
    </message>
    <message>
        <source>Windows has no login shells; it is left out.</source>
        <translation>Windows n’a pas de shell de connexion&#xa0;; c’est laissé de côté.</translation>
    </message>
    <message>
        <source>Windows has no owners of this kind; it belongs to whoever runs Bascule.</source>
        <translation>Windows n’a pas de propriétaires de ce genre&#xa0;; cela appartient à qui lance Bascule.</translation>
    </message>
    <message>
        <source>Windows has no pseudo terminals for programs; it will not start.</source>
        <translation>Windows n’a pas de pseudo-terminaux pour les programmes&#xa0;; il ne démarrera pas.</translation>
    </message>
    <message>
        <source>Windows has no pseudo terminals that programs open; a pair of virtual COM ports (com0com) is what they need.</source>
        <translation>Windows n’a pas de pseudo-terminaux que des programmes ouvrent&#xa0;; il leur faut une paire de ports COM virtuels (com0com).</translation>
    </message>
    <message>
        <source>Windows has no sessions of programs; it is left out.</source>
        <translation>Windows n’a pas de sessions de programmes&#xa0;; c’est laissé de côté.</translation>
    </message>
    <message>
        <source>Windows has no such permissions; who may use it is set in the folder it is in.</source>
        <translation>Windows n’a pas de telles permissions&#xa0;; qui peut s’en servir se règle sur le dossier où il est.</translation>
    </message>
    <message>
        <source>Windows has no terminals of this kind, and opening it fails.</source>
        <translation>Windows n’a pas de terminaux de ce genre, et l’ouverture échoue.</translation>
    </message>
    <message>
        <source>Windows shares no ports; it is left out.</source>
        <translation>Windows ne partage pas de ports&#xa0;; c’est laissé de côté.</translation>
    </message>
    <message>
        <source>Without fork there is one connection only.</source>
        <translation>Sans fork, il n’y a qu’une connexion.</translation>
    </message>
    <message>
        <source>a connection ends when both sides have finished.</source>
        <translation>une connexion se termine quand les deux côtés ont fini.</translation>
    </message>
    <message>
        <source>a connection is ended by silence only.</source>
        <translation>seul le silence met fin à une connexion.</translation>
    </message>
    <message>
        <source>a file can be emptied (trunc), not cut to a length</source>
        <translation>un fichier peut être vidé (trunc), non coupé à une longueur</translation>
    </message>
    <message>
        <source>a file is opened at its beginning, or at a place that is in it</source>
        <translation>un fichier s’ouvre à son début, ou à un endroit qu’il contient</translation>
    </message>
    <message>
        <source>a link would be followed</source>
        <translation>un lien serait suivi</translation>
    </message>
    <message>
        <source>a name is looked up anew for each connection.</source>
        <translation>un nom est résolu de nouveau pour chaque connexion.</translation>
    </message>
    <message>
        <source>a name is looked up where one is written.</source>
        <translation>un nom est résolu là où il y en a un.</translation>
    </message>
    <message>
        <source>a name is missing, before {}</source>
        <translation>il manque un nom, avant {}</translation>
    </message>
    <message>
        <source>a network, such as 192.168.1.0/24 or [2001:db8::/32]</source>
        <translation>un réseau, comme 192.168.1.0/24 ou [2001:db8::/32]</translation>
    </message>
    <message>
        <source>a number from {} to {}</source>
        <translation>un nombre de {} à {}</translation>
    </message>
    <message>
        <source>a number, or 0 and 1 for off and on</source>
        <translation>un nombre, ou 0 et 1 pour désactivé et activé</translation>
    </message>
    <message>
        <source>a password on a command line is seen by all; use a key (-i, or Pageant).</source>
        <translation>tout le monde voit un mot de passe sur une ligne de commande&#xa0;; utilisez une clé (-i, ou Pageant).</translation>
    </message>
    <message>
        <source>a path that begins with ~ is not known here: write the whole path</source>
        <translation>un chemin qui commence par ~ n’est pas connu ici&#xa0;: écrivez le chemin entier</translation>
    </message>
    <message>
        <source>a port is a number from {} to 65535, not {}</source>
        <translation>un port est un nombre de {} à 65535, pas {}</translation>
    </message>
    <message>
        <source>a pseudo terminal of a program has no name for others; use PTY,link=</source>
        <translation>le pseudo-terminal d’un programme n’a pas de nom pour les autres&#xa0;; utilisez PTY,link=</translation>
    </message>
    <message>
        <source>a relay does not end with a terminal.</source>
        <translation>un relais ne s’arrête pas avec un terminal.</translation>
    </message>
    <message>
        <source>a relay does not hold up a terminal.</source>
        <translation>un relais n’occupe pas de terminal.</translation>
    </message>
    <message>
        <source>a relay has no such input.</source>
        <translation>un relais n’a pas de telle entrée.</translation>
    </message>
    <message>
        <source>a speed from 50 to 10000000</source>
        <translation>une vitesse de 50 à 10000000</translation>
    </message>
    <message>
        <source>a value</source>
        <translation>une valeur</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>un nombre entier</translation>
    </message>
    <message>
        <source>a zero byte cannot be part of it</source>
        <translation>un octet nul ne peut pas en faire partie</translation>
    </message>
    <message>
        <source>accept is missing</source>
        <translation>il manque accept</translation>
    </message>
    <message>
        <source>addresses within addresses go too deep</source>
        <translation>trop d’adresses sont imbriquées</translation>
    </message>
    <message>
        <source>an MD5 key for TCP cannot be set from Python</source>
        <translation>une clé MD5 pour TCP ne peut pas se régler depuis Python</translation>
    </message>
    <message>
        <source>an address has at most two halves, before {}</source>
        <translation>une adresse a au plus deux moitiés, avant {}</translation>
    </message>
    <message>
        <source>an address; the port is said already</source>
        <translation>une adresse&#xa0;; le port est déjà dit</translation>
    </message>
    <message>
        <source>asks a SOCKS proxy to listen (BIND), which hardly any proxy allows; use `ssh -R`</source>
        <translation>demande à un proxy SOCKS d’écouter (BIND), ce que presque aucun ne permet&#xa0;; utilisez `ssh -R`</translation>
    </message>
    <message>
        <source>cafile=FILE is missing: it says whose clients are trusted; verify=0 asks for no client certificate</source>
        <translation>il manque cafile=FICHIER, qui dit à quels clients se fier&#xa0;; avec verify=0, aucun certificat client n’est demandé</translation>
    </message>
    <message>
        <source>cert is missing: the certificate</source>
        <translation>il manque cert, le certificat</translation>
    </message>
    <message>
        <source>cert= is missing</source>
        <translation>il manque cert=</translation>
    </message>
    <message>
        <source>cert=FILE is missing: a TLS server shows a certificate</source>
        <translation>il manque cert=FICHIER&#xa0;: un serveur TLS présente un certificat</translation>
    </message>
    <message>
        <source>commonname: Bascule trusts every client certificate of the authority, by any name</source>
        <translation>commonname&#xa0;: Bascule accepte tout certificat client de l’autorité, quel que soit son nom</translation>
    </message>
    <message>
        <source>connect is missing</source>
        <translation>il manque connect</translation>
    </message>
    <message>
        <source>each connection has an ssh of its own.</source>
        <translation>chaque connexion a un ssh à elle.</translation>
    </message>
    <message>
        <source>edits lines in a terminal; use STDIO, with rlwrap in front of the command</source>
        <translation>édite des lignes dans un terminal&#xa0;; utilisez STDIO, avec rlwrap devant la commande</translation>
    </message>
    <message>
        <source>exactly two addresses are wanted, and there are {}</source>
        <translation>il faut exactement deux adresses, et il y en a {}</translation>
    </message>
    <message>
        <source>exchanges raw packets with a network interface; that is the work of tcpdump and the like</source>
        <translation>échange des paquets bruts avec une interface réseau&#xa0;; c’est le travail de tcpdump et de ses semblables</translation>
    </message>
    <message>
        <source>give the name where you are asked for it.</source>
        <translation>donnez ce nom là où il vous est demandé.</translation>
    </message>
    <message>
        <source>group:interface, such as 239.1.2.3:eth0 or [ff02::1]:eth0</source>
        <translation>groupe:interface, comme 239.1.2.3:eth0 ou [ff02::1]:eth0</translation>
    </message>
    <message>
        <source>hop wants version:host:port:user:password; 4, 4a, 5 or http</source>
        <translation>hop demande version:hôte:port:nom:mot de passe&#xa0;; 4, 4a, 5 ou http</translation>
    </message>
    <message>
        <source>host:port is wanted</source>
        <translation>hôte:port est attendu</translation>
    </message>
    <message>
        <source>ip4 or ip6</source>
        <translation>ip4 ou ip6</translation>
    </message>
    <message>
        <source>is DCCP, a transport that only some Linux systems have; use UDP</source>
        <translation>est DCCP, un transport que seuls certains systèmes Linux connaissent&#xa0;; utilisez UDP</translation>
    </message>
    <message>
        <source>is SCTP, a transport that few systems have; use TCP</source>
        <translation>est SCTP, un transport que peu de systèmes connaissent&#xa0;; utilisez TCP</translation>
    </message>
    <message>
        <source>is TLS over UDP (DTLS), which Python&apos;s ssl module cannot do; use OPENSSL, over TCP</source>
        <translation>est TLS sur UDP (DTLS), dont le module ssl de Python est incapable&#xa0;; utilisez OPENSSL, sur TCP</translation>
    </message>
    <message>
        <source>is UDP-Lite, which only Linux has; use UDP</source>
        <translation>est UDP-Lite, que seul Linux connaît&#xa0;; utilisez UDP</translation>
    </message>
    <message>
        <source>is a POSIX message queue, which only Linux has; use UNIX-RECV or UNIX-SENDTO</source>
        <translation>est une file de messages POSIX, que seul Linux connaît&#xa0;; utilisez UNIX-RECV ou UNIX-SENDTO</translation>
    </message>
    <message>
        <source>is a socket described by its numbers; use the address of that protocol: TCP, UDP, UNIX</source>
        <translation>est un socket décrit par ses numéros&#xa0;; utilisez l’adresse de ce protocole&#xa0;: TCP, UDP, UNIX</translation>
    </message>
    <message>
        <source>is raw IP, which only an administrator may use and which is no connection; use UDP or TCP</source>
        <translation>est de l’IP brut, réservé à l’administrateur et sans connexion&#xa0;; utilisez UDP ou TCP</translation>
    </message>
    <message>
        <source>is the socket between a virtual machine and its host; use TCP between them</source>
        <translation>est le socket entre une machine virtuelle et son hôte&#xa0;; utilisez TCP entre eux</translation>
    </message>
    <message>
        <source>it answers the questions of Telnet</source>
        <translation>il répond aux questions de Telnet</translation>
    </message>
    <message>
        <source>it asks only whether ports are open, and carries nothing</source>
        <translation>il demande seulement si des ports sont ouverts et ne transporte rien</translation>
    </message>
    <message>
        <source>it does not begin with the name of a program that is known</source>
        <translation>il ne commence pas par le nom d’un programme connu</translation>
    </message>
    <message>
        <source>it is joined to the side that this command does not use</source>
        <translation>il est relié au côté que cette commande n’utilise pas</translation>
    </message>
    <message>
        <source>it is neither a speed (9600) nor a form of characters (8N1)</source>
        <translation>ce n’est ni une vitesse (9600) ni un format de caractères (8N1)</translation>
    </message>
    <message>
        <source>it is switched off there</source>
        <translation>c’est désactivé dans ce texte</translation>
    </message>
    <message>
        <source>it is the socket between a virtual machine and its host</source>
        <translation>c’est le socket entre une machine virtuelle et son hôte</translation>
    </message>
    <message>
        <source>it is too long to be a place</source>
        <translation>c’est trop long pour être un endroit</translation>
    </message>
    <message>
        <source>it is too long to be an option or a name</source>
        <translation>c’est trop long pour être une option ou un nom</translation>
    </message>
    <message>
        <source>it leads to a Unix socket of the far computer, which `ssh -W` cannot reach</source>
        <translation>il mène à un socket Unix de l’autre ordinateur, que `ssh -W` ne peut pas atteindre</translation>
    </message>
    <message>
        <source>it makes a SOCKS proxy of ssh, which Bascule is not</source>
        <translation>il fait de ssh un proxy SOCKS, ce que Bascule n’est pas</translation>
    </message>
    <message>
        <source>it names the protocol within TLS</source>
        <translation>il nomme le protocole à l’intérieur de TLS</translation>
    </message>
    <message>
        <source>it opens a session on another computer and forwards nothing</source>
        <translation>il ouvre une session sur un autre ordinateur et ne redirige rien</translation>
    </message>
    <message>
        <source>it pretends to be the client&apos;s address</source>
        <translation>il se fait passer pour l’adresse du client</translation>
    </message>
    <message>
        <source>it prints something and exits; it makes no relay</source>
        <translation>il affiche quelque chose et se termine&#xa0;; il ne fait pas de relais</translation>
    </message>
    <message>
        <source>it reads who may connect from a file</source>
        <translation>il lit dans un fichier qui peut se connecter</translation>
    </message>
    <message>
        <source>it reads who may not connect from a file</source>
        <translation>il lit dans un fichier qui ne peut pas se connecter</translation>
    </message>
    <message>
        <source>it runs a script within ncat</source>
        <translation>il exécute un script dans ncat</translation>
    </message>
    <message>
        <source>it speaks another protocol before TLS begins</source>
        <translation>il parle un autre protocole avant que TLS ne commence</translation>
    </message>
    <message>
        <source>it uses a shared key instead of certificates</source>
        <translation>il utilise une clé partagée au lieu de certificats</translation>
    </message>
    <message>
        <source>it wants a level from 0 to 4, or the letter d again</source>
        <translation>il faut un niveau de 0 à 4, ou encore la lettre d</translation>
    </message>
    <message>
        <source>it wants a network, such as 192.168.1.0/24</source>
        <translation>il faut un réseau, comme 192.168.1.0/24</translation>
    </message>
    <message>
        <source>it wants a number from 1 to {}</source>
        <translation>il faut un nombre de 1 à {}</translation>
    </message>
    <message>
        <source>it wants a value</source>
        <translation>il faut une valeur</translation>
    </message>
    <message>
        <source>it wants a whole number</source>
        <translation>il faut un nombre entier</translation>
    </message>
    <message>
        <source>it wants no value</source>
        <translation>il ne faut pas de valeur</translation>
    </message>
    <message>
        <source>it wants seconds, such as 5 or 0.5</source>
        <translation>il faut des secondes, comme 5 ou 0.5</translation>
    </message>
    <message>
        <source>its value is missing</source>
        <translation>il manque sa valeur</translation>
    </message>
    <message>
        <source>leave it out</source>
        <translation>retirez-le</translation>
    </message>
    <message>
        <source>letters cannot be merged; write {}</source>
        <translation>les lettres ne peuvent pas être réunies&#xa0;; écrivez {}</translation>
    </message>
    <message>
        <source>listenport is missing</source>
        <translation>il manque listenport</translation>
    </message>
    <message>
        <source>macOS binds no socket to an interface; bind= chooses an address.</source>
        <translation>macOS ne lie pas de socket à une interface&#xa0;; bind= choisit une adresse.</translation>
    </message>
    <message>
        <source>makes a virtual network interface (a VPN); use WireGuard or OpenVPN</source>
        <translation>crée une interface réseau virtuelle (un VPN)&#xa0;; utilisez WireGuard ou OpenVPN</translation>
    </message>
    <message>
        <source>name what to forward: -L port:host:port</source>
        <translation>dites ce qu’il faut rediriger&#xa0;: -L port:hôte:port</translation>
    </message>
    <message>
        <source>ncat makes a certificate of its own here; make one and name it: --ssl-cert</source>
        <translation>ncat se fait ici un certificat&#xa0;; faites-en un et nommez-le&#xa0;: --ssl-cert</translation>
    </message>
    <message>
        <source>netcat has no option {}</source>
        <translation>netcat n’a pas d’option {}</translation>
    </message>
    <message>
        <source>no computer has such a name</source>
        <translation>aucun ordinateur ne porte un tel nom</translation>
    </message>
    <message>
        <source>no terminal is wanted.</source>
        <translation>aucun terminal n’est demandé.</translation>
    </message>
    <message>
        <source>nothing can go from {} to {}</source>
        <translation>rien ne peut aller de {} à {}</translation>
    </message>
    <message>
        <source>nothing depends on it here.</source>
        <translation>rien n’en dépend ici.</translation>
    </message>
    <message>
        <source>nothing ends the relay by the clock; stop it when it has done its work.</source>
        <translation>rien n’arrête le relais à heure fixe&#xa0;; arrêtez-le quand il a fait son travail.</translation>
    </message>
    <message>
        <source>nothing in Bascule depends on it.</source>
        <translation>rien dans Bascule n’en dépend.</translation>
    </message>
    <message>
        <source>nothing is expected here</source>
        <translation>rien n’est attendu ici</translation>
    </message>
    <message>
        <source>nothing is held back between lines.</source>
        <translation>rien n’est retenu entre les lignes.</translation>
    </message>
    <message>
        <source>nothing is negotiated anew.</source>
        <translation>rien n’est renégocié.</translation>
    </message>
    <message>
        <source>nothing is read from a terminal.</source>
        <translation>rien n’est lu d’un terminal.</translation>
    </message>
    <message>
        <source>nothing is run on the gateway.</source>
        <translation>rien n’est exécuté sur la passerelle.</translation>
    </message>
    <message>
        <source>nothing is written to a file.</source>
        <translation>rien n’est écrit dans un fichier.</translation>
    </message>
    <message>
        <source>of netsh, only `interface portproxy add` is a relay</source>
        <translation>de netsh, seul `interface portproxy add` est un relais</translation>
    </message>
    <message>
        <source>one file of authorities can be named: cafile=</source>
        <translation>un seul fichier d’autorités peut être nommé&#xa0;: cafile=</translation>
    </message>
    <message>
        <source>one name server cannot be chosen for a single address</source>
        <translation>un serveur de noms ne se choisit pas pour une seule adresse</translation>
    </message>
    <message>
        <source>one of {}</source>
        <translation>l’un de ceux-ci&#xa0;: {}</translation>
    </message>
    <message>
        <source>only `add v4tov4` and the like say what is forwarded</source>
        <translation>seuls `add v4tov4` et ses semblables disent ce qui est redirigé</translation>
    </message>
    <message>
        <source>only one -L or -W is allowed</source>
        <translation>un seul -L ou -W est permis</translation>
    </message>
    <message>
        <source>option &quot;{}&quot; is not for {}</source>
        <translation>l’option «&#xa0;{}&#xa0;» n’est pas pour {}</translation>
    </message>
    <message>
        <source>permissions in octal, such as 600</source>
        <translation>des permissions en octal, comme 600</translation>
    </message>
    <message>
        <source>port:host:hostport is wanted</source>
        <translation>port:hôte:port est attendu</translation>
    </message>
    <message>
        <source>portproxy has no {}</source>
        <translation>portproxy n’a pas de {}</translation>
    </message>
    <message>
        <source>programs and relays run as who starts them; start Bascule as that user</source>
        <translation>programmes et relais s’exécutent sous le nom de qui les démarre&#xa0;; démarrez Bascule sous ce nom</translation>
    </message>
    <message>
        <source>programs get the environment of Bascule.</source>
        <translation>les programmes reçoivent l’environnement de Bascule.</translation>
    </message>
    <message>
        <source>range: only the first address says who may come</source>
        <translation>range&#xa0;: seule la première adresse dit qui peut venir</translation>
    </message>
    <message>
        <source>routers have not followed a route from the sender for long</source>
        <translation>les routeurs ne suivent plus depuis longtemps une route dictée par l’émetteur</translation>
    </message>
    <message>
        <source>run this ssh itself, and reach a host through it: a relay with a SOCKS proxy on the way</source>
        <translation>exécutez ce ssh lui-même et passez par lui&#xa0;: un relais avec un proxy SOCKS en chemin</translation>
    </message>
    <message>
        <source>run this ssh itself, or Bascule over there</source>
        <translation>exécutez ce ssh lui-même, ou Bascule là-bas</translation>
    </message>
    <message>
        <source>seconds from 0.1 to 3600</source>
        <translation>des secondes, de 0.1 à 3600</translation>
    </message>
    <message>
        <source>seconds, such as 2 or 0.5</source>
        <translation>des secondes, comme 2 ou 0.5</translation>
    </message>
    <message>
        <source>several targets at once cannot be where connections come from</source>
        <translation>les connexions ne peuvent pas venir de plusieurs cibles à la fois</translation>
    </message>
    <message>
        <source>socat reads at most {} bytes here, and these are {}</source>
        <translation>socat lit ici au plus {} octets, et il y en a {}</translation>
    </message>
    <message>
        <source>takes over a socket that another program listens on; use TCP-LISTEN or UNIX-LISTEN</source>
        <translation>reprend un socket sur lequel un autre programme écoute&#xa0;; utilisez TCP-LISTEN ou UNIX-LISTEN</translation>
    </message>
    <message>
        <source>that needs the rights of an administrator and a routing of its own, which Bascule does not set up</source>
        <translation>il y faut les droits d’un administrateur et un routage particulier, que Bascule ne met pas en place</translation>
    </message>
    <message>
        <source>the backslash at the end escapes nothing</source>
        <translation>la barre oblique inverse de la fin ne protège rien</translation>
    </message>
    <message>
        <source>the bracket {} does not end</source>
        <translation>le signe {} n’est pas fermé</translation>
    </message>
    <message>
        <source>the bracket {} does not end; where it is meant as it is, write {}</source>
        <translation>le signe {} n’est pas fermé&#xa0;; si elle est voulue telle quelle, écrivez {}</translation>
    </message>
    <message>
        <source>the ciphers are those of this system.</source>
        <translation>les chiffrements sont ceux de ce système.</translation>
    </message>
    <message>
        <source>the command is missing</source>
        <translation>il manque la commande</translation>
    </message>
    <message>
        <source>the command neither reads standard input nor writes to it.</source>
        <translation>la commande ne se sert ni de l’entrée standard ni de la sortie standard.</translation>
    </message>
    <message>
        <source>the computer to log in to is missing</source>
        <translation>il manque l’ordinateur auquel se connecter</translation>
    </message>
    <message>
        <source>the end of one side is told to the other.</source>
        <translation>la fin d’un côté est annoncée à l’autre.</translation>
    </message>
    <message>
        <source>the far computer would listen, which only its SSH server can do</source>
        <translation>c’est l’autre ordinateur qui écouterait, ce que seul son serveur SSH peut faire</translation>
    </message>
    <message>
        <source>the first that can be reached is taken.</source>
        <translation>la première qui peut être jointe est prise.</translation>
    </message>
    <message>
        <source>the folder is missing</source>
        <translation>il manque le dossier</translation>
    </message>
    <message>
        <source>the host is missing</source>
        <translation>il manque l’hôte</translation>
    </message>
    <message>
        <source>the name is missing</source>
        <translation>il manque le nom</translation>
    </message>
    <message>
        <source>the name of an option is missing</source>
        <translation>il manque le nom d’une option</translation>
    </message>
    <message>
        <source>the number of connections is a whole number</source>
        <translation>le nombre de connexions est un nombre entier</translation>
    </message>
    <message>
        <source>the path is missing</source>
        <translation>il manque le chemin</translation>
    </message>
    <message>
        <source>the path of the socket is missing</source>
        <translation>il manque le chemin du socket</translation>
    </message>
    <message>
        <source>the port is missing</source>
        <translation>il manque le port</translation>
    </message>
    <message>
        <source>the port is open to the network.</source>
        <translation>le port est ouvert au réseau.</translation>
    </message>
    <message>
        <source>the port to listen on is missing</source>
        <translation>il manque le port sur lequel écouter</translation>
    </message>
    <message>
        <source>the proxy looks names up.</source>
        <translation>c’est le proxy qui résout les noms.</translation>
    </message>
    <message>
        <source>the quotation mark {} does not end</source>
        <translation>le guillemet {} n’est pas fermé</translation>
    </message>
    <message>
        <source>the quote {} does not end; where it is meant as it is, write {}</source>
        <translation>le guillemet {} n’est pas fermé&#xa0;; s’il est voulu tel quel, écrivez {}</translation>
    </message>
    <message>
        <source>the relay has the priority of Bascule.</source>
        <translation>le relais a la priorité de Bascule.</translation>
    </message>
    <message>
        <source>the relay runs as you, not as {}: start Bascule as that user.</source>
        <translation>le relais s’exécute sous votre nom, non sous {}&#xa0;: démarrez Bascule sous ce nom.</translation>
    </message>
    <message>
        <source>the relay runs as you.</source>
        <translation>le relais s’exécute sous votre nom.</translation>
    </message>
    <message>
        <source>the relay runs as you. A port below 1024 or a device may need a right you lack.</source>
        <translation>le relais s’exécute sous votre nom. Un port inférieur à 1024 ou un appareil peut demander un droit que vous n’avez pas.</translation>
    </message>
    <message>
        <source>the relay runs in Bascule, not in a unit of its own.</source>
        <translation>le relais s’exécute dans Bascule, non dans une unité à lui.</translation>
    </message>
    <message>
        <source>the relay runs in Bascule.</source>
        <translation>le relais s’exécute dans Bascule.</translation>
    </message>
    <message>
        <source>the relay runs in Windows itself.</source>
        <translation>le relais s’exécute dans Windows même.</translation>
    </message>
    <message>
        <source>the relay runs on this computer itself, not in a container; names that only the container&apos;s network knows are not found.</source>
        <translation>le relais s’exécute sur cet ordinateur même, non dans un conteneur&#xa0;; les noms que seul le réseau du conteneur connaît ne sont pas trouvés.</translation>
    </message>
    <message>
        <source>the relay sees all files that you see.</source>
        <translation>le relais voit tous les fichiers que vous voyez.</translation>
    </message>
    <message>
        <source>the settings of TLS are Bascule&apos;s own.</source>
        <translation>les réglages de TLS sont ceux de Bascule.</translation>
    </message>
    <message>
        <source>the settings of the socket are Bascule&apos;s own.</source>
        <translation>les réglages du socket sont ceux de Bascule.</translation>
    </message>
    <message>
        <source>the system chooses the port.</source>
        <translation>le système choisit le port.</translation>
    </message>
    <message>
        <source>the system chooses the size of its buffer.</source>
        <translation>le système choisit la taille de son tampon.</translation>
    </message>
    <message>
        <source>the tables of tcp-wrappers are not read, and without them anybody might connect; use range= for who may</source>
        <translation>les tables de tcp-wrappers ne sont pas lues, et sans elles n’importe qui pourrait se connecter&#xa0;; dites par range= qui le peut</translation>
    </message>
    <message>
        <source>the text is too long to be a command</source>
        <translation>le texte est trop long pour être une commande</translation>
    </message>
    <message>
        <source>the type of service is that of the system.</source>
        <translation>le type de service est celui du système.</translation>
    </message>
    <message>
        <source>the window shows since when a connection lasts.</source>
        <translation>la fenêtre montre depuis quand une connexion dure.</translation>
    </message>
    <message>
        <source>there is no proxy of type {}</source>
        <translation>il n’y a pas de proxy de type {}</translation>
    </message>
    <message>
        <source>there is no {}</source>
        <translation>il n’y a pas de {}</translation>
    </message>
    <message>
        <source>too many brackets or loops within each other</source>
        <translation>trop de parenthèses ou de boucles imbriquées</translation>
    </message>
    <message>
        <source>two addresses are wanted, and none is there</source>
        <translation>il faut deux adresses, et il n’y en a aucune</translation>
    </message>
    <message>
        <source>two addresses are wanted, and one is there</source>
        <translation>il faut deux adresses, et il n’y en a qu’une</translation>
    </message>
    <message>
        <source>two addresses are wanted: DUAL:&apos;READ&apos;:&apos;WRITE&apos;</source>
        <translation>il faut deux adresses&#xa0;: DUAL:&apos;LIRE&apos;:&apos;ÉCRIRE&apos;</translation>
    </message>
    <message>
        <source>umask: Bascule cannot set it for a program; write `umask … &amp;&amp; …` in the command</source>
        <translation>umask&#xa0;: Bascule ne peut pas le régler pour un programme&#xa0;; écrivez `umask … &amp;&amp; …` dans la commande</translation>
    </message>
    <message>
        <source>unknown address &quot;{}&quot;</source>
        <translation>adresse inconnue&#xa0;: «&#xa0;{}&#xa0;»</translation>
    </message>
    <message>
        <source>unknown log option; there are -lf -lp -ly -lm -ls -lu -lh</source>
        <translation>option de journal inconnue&#xa0;; il y a -lf -lp -ly -lm -ls -lu -lh</translation>
    </message>
    <message>
        <source>unknown option &quot;{}&quot;</source>
        <translation>option inconnue&#xa0;: «&#xa0;{}&#xa0;»</translation>
    </message>
    <message>
        <source>use --allow</source>
        <translation>utilisez --allow</translation>
    </message>
    <message>
        <source>use --sh-exec with lua</source>
        <translation>utilisez --sh-exec avec lua</translation>
    </message>
    <message>
        <source>use TCP</source>
        <translation>utilisez TCP</translation>
    </message>
    <message>
        <source>use `serialdev,device` or `tcp`</source>
        <translation>utilisez `serialdev,appareil` ou `tcp`</translation>
    </message>
    <message>
        <source>use `tcp,port`</source>
        <translation>utilisez `tcp,port`</translation>
    </message>
    <message>
        <source>use a PROXY header</source>
        <translation>utilisez un en-tête PROXY</translation>
    </message>
    <message>
        <source>use a client for Telnet</source>
        <translation>utilisez un client Telnet</translation>
    </message>
    <message>
        <source>use a port that begins with TLS</source>
        <translation>utilisez un port qui commence par TLS</translation>
    </message>
    <message>
        <source>use a port there</source>
        <translation>utilisez-y un port</translation>
    </message>
    <message>
        <source>use certificates</source>
        <translation>utilisez des certificats</translation>
    </message>
    <message>
        <source>use raw TCP: `tcp,port` or `raw`</source>
        <translation>utilisez TCP brut&#xa0;: `tcp,port` ou `raw`</translation>
    </message>
    <message>
        <source>use the button Test</source>
        <translation>utilisez le bouton Tester</translation>
    </message>
    <message>
        <source>verify is a number from 0 to 4</source>
        <translation>verify est un nombre de 0 à 4</translation>
    </message>
    <message>
        <source>what comes behind {} commands.</source>
        <translation>ce qui vient après {} commandes.</translation>
    </message>
    <message>
        <source>what goes through is shown in the window when you ask for it.</source>
        <translation>la fenêtre montre ce qui passe quand vous le demandez.</translation>
    </message>
    <message>
        <source>what goes wrong is in the relay&apos;s log.</source>
        <translation>ce qui ne va pas est dans le journal du relais.</translation>
    </message>
    <message>
        <source>what happens is in the relay&apos;s log.</source>
        <translation>ce qui se passe est dans le journal du relais.</translation>
    </message>
    <message>
        <source>what {} stands for is not in the text: write the value in its place</source>
        <translation>la valeur de {} n’est pas dans le texte&#xa0;: écrivez-la à sa place</translation>
    </message>
    <message>
        <source>write it behind the address of the relay.</source>
        <translation>écrivez cela à la suite de l’adresse du relais.</translation>
    </message>
    <message>
        <source>write who may: --allow</source>
        <translation>écrivez qui le peut&#xa0;: --allow</translation>
    </message>
    <message>
        <source>{} (socat checks it unless -g is given)</source>
        <translation>{} (socat le vérifie, sauf avec -g)</translation>
    </message>
    <message>
        <source>{} and {} go the same way: both only give, or both only take</source>
        <translation>{} et {} vont dans le même sens&#xa0;: tous deux ne font que donner, ou que recevoir</translation>
    </message>
    <message>
        <source>{} cannot be &quot;{}&quot;: it wants {}</source>
        <translation>{} ne peut pas être «&#xa0;{}&#xa0;»&#xa0;: il faut {}</translation>
    </message>
    <message>
        <source>{} cannot be that: it wants {}</source>
        <translation>{} ne peut pas être cela&#xa0;: il faut {}</translation>
    </message>
    <message>
        <source>{} connections at the same time.</source>
        <translation>{} connexions à la fois.</translation>
    </message>
    <message>
        <source>{} connections of one address.</source>
        <translation>{} connexions d’une même adresse.</translation>
    </message>
    <message>
        <source>{} has no end in Bascule</source>
        <translation>Bascule n’a pas d’équivalent de {}</translation>
    </message>
    <message>
        <source>{} has no value: it wants {}</source>
        <translation>{} n’a pas de valeur&#xa0;: il faut {}</translation>
    </message>
    <message>
        <source>{} has the wrong number of parameters ({}): {}</source>
        <translation>{} n’a pas le bon nombre de paramètres ({})&#xa0;: {}</translation>
    </message>
    <message>
        <source>{} is called {} on Windows.</source>
        <translation>{} s’appelle {} sous Windows.</translation>
    </message>
    <message>
        <source>{} is missing</source>
        <translation>il manque {}</translation>
    </message>
    <message>
        <source>{} is no number of seconds</source>
        <translation>{} n’est pas un nombre de secondes</translation>
    </message>
    <message>
        <source>{} is not a facility of syslog</source>
        <translation>{} n’est pas une catégorie de syslog</translation>
    </message>
    <message>
        <source>{} is not a host name or an IP address</source>
        <translation>{} n’est ni un nom d’hôte ni une adresse IP</translation>
    </message>
    <message>
        <source>{} is not a time in seconds</source>
        <translation>{} n’est pas une durée en secondes</translation>
    </message>
    <message>
        <source>{} s of silence end what cannot be told.</source>
        <translation>{} s de silence terminent ce qui ne peut pas être dit.</translation>
    </message>
    <message>
        <source>{} stands first: it checks the second address</source>
        <translation>{} se met en premier&#xa0;: il vérifie la seconde adresse</translation>
    </message>
    <message>
        <source>{} takes no value</source>
        <translation>{} ne prend pas de valeur</translation>
    </message>
    <message>
        <source>{} wants a value</source>
        <translation>{} demande une valeur</translation>
    </message>
    <message>
        <source>{} {}</source>
        <translation>{} {}</translation>
    </message>
    <message>
        <source>{}: a file can be emptied (0), not cut to a length</source>
        <translation>{}&#xa0;: un fichier peut être vidé (0), non coupé à une longueur</translation>
    </message>
    <message>
        <source>{}: a file can begin so many bytes before its end, as in -100</source>
        <translation>{}&#xa0;: un fichier peut commencer tant d’octets avant sa fin, comme dans -100</translation>
    </message>
    <message>
        <source>{}: {}</source>
        <translation>{}&#xa0;: {}</translation>
    </message>
    <message>
        <source>{}; did you mean {}?</source>
        <translation>{}&#xa0;; vouliez-vous dire {}&#xa0;?</translation>
    </message>
    <message>
        <source>{}; options stand before the addresses</source>
        <translation>{}&#xa0;; les options se placent avant les adresses</translation>
    </message>
    <message>
        <source>{}; write an IPv6 address in brackets: [::1]</source>
        <translation>{}&#xa0;; écrivez une adresse IPv6 entre crochets&#xa0;: [::1]</translation>
    </message>
    <message>
        <source>{}; {}</source>
        <translation>{}&#xa0;; {}</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>It runs the relays. You see them here as soon as it answers.</source>
        <translation>Il fait tourner les relais. Vous les voyez ici dès qu’il répond.</translation>
    </message>
    <message>
        <source>Starting the relay engine…</source>
        <translation>Démarrage du moteur des relais…</translation>
    </message>
    <message>
        <source>Waiting for the relay engine…</source>
        <translation>En attente du moteur des relais…</translation>
    </message>
</context>
<context>
    <name>Wizard</name>
    <message>
        <source>Make one for me</source>
        <translation>En créer un pour moi</translation>
    </message>
    <message>
        <source>I have the files</source>
        <translation>J’ai les fichiers</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>Certificat</translation>
    </message>
    <message>
        <source>Names and addresses</source>
        <translation>Noms et adresses</translation>
    </message>
    <message>
        <source>Valid for (days)</source>
        <translation>Validité (jours)</translation>
    </message>
    <message>
        <source>My own certificate authority</source>
        <translation>Ma propre autorité de certification</translation>
    </message>
    <message>
        <source>Nobody else (self-signed)</source>
        <translation>Personne d’autre (auto-signé)</translation>
    </message>
    <message>
        <source>Signed by</source>
        <translation>Signé par</translation>
    </message>
    <message>
        <source>Others trust your own authority once; every certificate you make later is trusted as well. Write every name and address by which they reach this computer.</source>
        <translation>Les autres acceptent une fois votre propre autorité&#xa0;; chaque certificat que vous créez ensuite est accepté aussi. Écrivez chaque nom et chaque adresse par lesquels ils joignent cet ordinateur.</translation>
    </message>
    <message>
        <source>Make the certificate</source>
        <translation>Créer le certificat</translation>
    </message>
    <message>
        <source>Make another one</source>
        <translation>En créer un autre</translation>
    </message>
    <message>
        <source>Forward a port</source>
        <translation>Rediriger un port</translation>
    </message>
    <message>
        <source>A port of this computer leads to a service on another one.</source>
        <translation>Un port de cet ordinateur mène à un service sur un autre.</translation>
    </message>
    <message>
        <source>Put TLS (HTTPS) in front of a service</source>
        <translation>Mettre TLS (HTTPS) devant un service</translation>
    </message>
    <message>
        <source>An old web page or device becomes reachable encrypted.</source>
        <translation>Une ancienne page web ou un ancien appareil devient accessible en chiffré.</translation>
    </message>
    <message>
        <source>Reach a host through proxies</source>
        <translation>Joindre un hôte par des proxys</translation>
    </message>
    <message>
        <source>Through Tor, I2P, ssh or a company&apos;s gateway, one or several.</source>
        <translation>Par Tor, I2P, ssh ou la passerelle d’une entreprise, un ou plusieurs.</translation>
    </message>
    <message>
        <source>Share a serial port on the network</source>
        <translation>Partager un port série sur le réseau</translation>
    </message>
    <message>
        <source>A scale, a sensor or a console on COM5 answers over the network.</source>
        <translation>Une balance, un capteur ou une console sur COM5 répond sur le réseau.</translation>
    </message>
    <message>
        <source>Connect a serial port to a host</source>
        <translation>Relier un port série à un hôte</translation>
    </message>
    <message>
        <source>The reverse: the device itself reaches out to a server.</source>
        <translation>L’inverse&#xa0;: l’appareil contacte lui-même un serveur.</translation>
    </message>
    <message>
        <source>Something else, such as UDP, a program, a file or several targets</source>
        <translation>Autre chose&#xa0;: UDP, un programme, un fichier, plusieurs cibles…</translation>
    </message>
    <message>
        <source>I have a command or a configuration to paste</source>
        <translation>J’ai une commande ou une configuration à coller</translation>
    </message>
    <message>
        <source>Start from a recipe</source>
        <translation>Partir d’une recette</translation>
    </message>
    <message>
        <source>Edit “{name}”</source>
        <translation>Modifier «&#xa0;{name}&#xa0;»</translation>
    </message>
    <message>
        <source>New relay</source>
        <translation>Nouveau relais</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
    <message>
        <source>Close without saving?</source>
        <translation>Fermer sans enregistrer&#xa0;?</translation>
    </message>
    <message>
        <source>What you have filled in is lost.</source>
        <translation>Ce que vous avez rempli est perdu.</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>Fermer sans enregistrer</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>Que voulez-vous faire&#xa0;?</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Prêt</translation>
    </message>
    <message>
        <source>Save and start</source>
        <translation>Enregistrer et démarrer</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
    <message>
        <source>Step {number} of {count}</source>
        <translation>Étape {number} sur {count}</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Another setting needs this one: switch it on as well.</source>
        <translation>Un autre réglage a besoin de celui-ci&#xa0;: activez-le aussi.</translation>
    </message>
    <message>
        <source>bytes per second</source>
        <translation>octets par seconde</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>octets</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>secondes</translation>
    </message>
    <message>
        <source>Show what is typed</source>
        <translation>Montrer ce qui est saisi</translation>
    </message>
    <message>
        <source>Forget the saved one</source>
        <translation>Oublier celui qui est enregistré</translation>
    </message>
    <message>
        <source>Taken from what you pasted. Type to replace it.</source>
        <translation>Repris du texte collé. Saisissez pour remplacer.</translation>
    </message>
    <message>
        <source>Saved. Type to replace it.</source>
        <translation>Déjà enregistré</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Choisir…</translation>
    </message>
    <message>
        <source>Choose: {name}</source>
        <translation>Choisir&#xa0;: {name}</translation>
    </message>
    <message>
        <source>Certificates and keys (*.pem *.crt *.cer *.key);;All files (*)</source>
        <translation>Certificats et clés (*.pem *.crt *.cer *.key);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>More settings</source>
        <translation>Autres réglages</translation>
    </message>
    <message>
        <source>SOCKS proxy</source>
        <translation>Proxy SOCKS</translation>
    </message>
    <message>
        <source>Tor on this computer (port 9050)</source>
        <translation>Tor sur cet ordinateur (port 9050)</translation>
    </message>
    <message>
        <source>I2P on this computer (port 4447)</source>
        <translation>I2P sur cet ordinateur (port 4447)</translation>
    </message>
    <message>
        <source>ssh -D on this computer (port 1080)</source>
        <translation>ssh -D sur cet ordinateur (port 1080)</translation>
    </message>
    <message>
        <source>HTTP proxy</source>
        <translation>Proxy HTTP</translation>
    </message>
    <message>
        <source>Test this proxy</source>
        <translation>Tester ce proxy</translation>
    </message>
    <message>
        <source>Move this proxy up</source>
        <translation>Monter ce proxy</translation>
    </message>
    <message>
        <source>Move this proxy down</source>
        <translation>Descendre ce proxy</translation>
    </message>
    <message>
        <source>Remove this proxy</source>
        <translation>Retirer ce proxy</translation>
    </message>
    <message>
        <source>Proxy {number}</source>
        <translation>Proxy {number}</translation>
    </message>
    <message>
        <source>No proxy yet: the way is direct.</source>
        <translation>Pas encore de proxy&#xa0;: le chemin est direct.</translation>
    </message>
    <message>
        <source>Add a proxy</source>
        <translation>Ajouter un proxy</translation>
    </message>
    <message>
        <source>Proxies on the way, in order</source>
        <translation>Proxys sur le chemin, dans l’ordre</translation>
    </message>
    <message>
        <source>Asking the proxy…</source>
        <translation>Demande au proxy…</translation>
    </message>
    <message>
        <source>It answers. Fill in the target to try the rest of the way.</source>
        <translation>Il répond. Indiquez la cible pour essayer le reste du chemin.</translation>
    </message>
    <message>
        <source>It works: {goal} was reached in {time} ms.</source>
        <translation>Il fonctionne&#xa0;: {goal} a été atteint en {time}&#xa0;ms.</translation>
    </message>
    <message>
        <source>Bascule connects, sees that it is answered, and leaves at once: nothing is sent. When the answer changes, you are told.</source>
        <translation>Bascule se connecte, constate la réponse et repart aussitôt&#xa0;: rien n’est envoyé. Quand la réponse change, vous êtes prévenu.</translation>
    </message>
    <message>
        <source>The target speaks TLS</source>
        <translation>La cible parle TLS</translation>
    </message>
    <message>
        <source>The way: proxies and encryption</source>
        <translation>Le chemin&#xa0;: proxys et chiffrement</translation>
    </message>
    <message>
        <source>Check whether a host answers</source>
        <translation>Vérifier si un hôte répond</translation>
    </message>
    <message>
        <source>Is {target} reachable?</source>
        <translation>{target} est-il joignable&#xa0;?</translation>
    </message>
    <message>
        <source>It answers, after {time}.</source>
        <translation>Il répond, après {time}.</translation>
    </message>
    <message>
        <source>It does not answer. That was clear after {time}.</source>
        <translation>Il ne répond pas. C’était clair après {time}.</translation>
    </message>
    <message>
        <source>Who connects to a port of this computer reaches a service somewhere else.</source>
        <translation>Qui se connecte à un port de cet ordinateur atteint un service ailleurs.</translation>
    </message>
    <message>
        <source>Forward to {target}</source>
        <translation>Redirection vers {target}</translation>
    </message>
    <message>
        <source>Others reach the service encrypted (HTTPS), and Bascule passes everything on to it.</source>
        <translation>Les autres atteignent le service en chiffré (HTTPS), et Bascule lui transmet tout.</translation>
    </message>
    <message>
        <source>TLS for {target}</source>
        <translation>TLS pour {target}</translation>
    </message>
    <message>
        <source>Who connects to a port of this computer reaches a host through one or more proxies, for example Tor or a company&apos;s gateway.</source>
        <translation>Qui se connecte à un port de cet ordinateur atteint un hôte par un ou plusieurs proxys, par exemple Tor ou la passerelle d’une entreprise.</translation>
    </message>
    <message>
        <source>server.example or 10.0.0.3, as the last proxy knows it</source>
        <translation>serveur.exemple ou 10.0.0.3, tel que le dernier proxy le connaît</translation>
    </message>
    <message>
        <source>{target} through Tor</source>
        <translation>{target} par Tor</translation>
    </message>
    <message>
        <source>{target} through a proxy</source>
        <translation>{target} par un proxy</translation>
    </message>
    <message>
        <source>{target} through proxies</source>
        <translation>{target} par des proxys</translation>
    </message>
    <message>
        <source>SOCKS 4 carries addresses only, so your computer looks the name up. Choose SOCKS 4a or 5 to leave that to the proxy.</source>
        <translation>SOCKS 4 ne transporte que des adresses&#xa0;: votre ordinateur cherche donc le nom. Choisissez SOCKS 4a ou 5 pour laisser cela au proxy.</translation>
    </message>
    <message>
        <source>The last proxy resolves this name; your computer never does.</source>
        <translation>Le dernier proxy résout ce nom&#xa0;; votre ordinateur ne le fait jamais.</translation>
    </message>
    <message>
        <source>A device on a serial port, such as a scale, answers on a port of the network. One connection at a time uses it.</source>
        <translation>Un appareil sur un port série, une balance par exemple, répond sur un port du réseau. Une seule connexion à la fois l’utilise.</translation>
    </message>
    <message>
        <source>What a device on a serial port says goes to a host, and the answers come back. The connection is made again by itself when it breaks.</source>
        <translation>Ce que dit un appareil sur un port série va à un hôte, et les réponses reviennent. La connexion se rétablit toute seule quand elle casse.</translation>
    </message>
    <message>
        <source>{device} to {target}</source>
        <translation>{device} vers {target}</translation>
    </message>
    <message>
        <source>A relay joins two ends: what arrives at the source goes to the target, and the answers come back.</source>
        <translation>Un relais joint deux extrémités&#xa0;: ce qui arrive à la source va à la cible, et les réponses reviennent.</translation>
    </message>
    <message>
        <source>Limits and other settings of the relay</source>
        <translation>Limites et autres réglages du relais</translation>
    </message>
    <message>
        <source>{source} to {target}</source>
        <translation>{source} vers {target}</translation>
    </message>
    <message>
        <source>Choose source and target yourself</source>
        <translation>Choisir vous-même la source et la cible</translation>
    </message>
    <message>
        <source>Everybody on your network can connect to this relay: no allow-list says who may.</source>
        <translation>Tout le monde sur votre réseau peut se connecter à ce relais&#xa0;: aucune liste ne dit qui le peut.</translation>
    </message>
    <message>
        <source>Optional, to keep relays together</source>
        <translation>Facultatif, pour réunir des relais</translation>
    </message>
    <message>
        <source>Start now</source>
        <translation>Démarrer maintenant</translation>
    </message>
    <message>
        <source>Start with the computer</source>
        <translation>Démarrer avec l’ordinateur</translation>
    </message>
    <message>
        <source>It starts as soon as you log in to this computer.</source>
        <translation>Il démarre dès que vous ouvrez votre session sur cet ordinateur.</translation>
    </message>
    <message>
        <source>What to type to use it</source>
        <translation>Que saisir pour l’utiliser</translation>
    </message>
    <message>
        <source>Only this computer can use it. To let others, go back and choose who can reach it.</source>
        <translation>Seul cet ordinateur peut s’en servir. Pour que d’autres le puissent, revenez en arrière et choisissez qui peut le joindre.</translation>
    </message>
    <message>
        <source>How others trust the certificate</source>
        <translation>Comment faire accepter le certificat</translation>
    </message>
    <message>
        <source>This computer only</source>
        <translation>Cet ordinateur seulement</translation>
    </message>
    <message>
        <source>My network</source>
        <translation>Mon réseau</translation>
    </message>
    <message>
        <source>A certain address of this computer</source>
        <translation>Une certaine adresse de cet ordinateur</translation>
    </message>
    <message>
        <source>Address to listen on</source>
        <translation>Adresse d’écoute</translation>
    </message>
    <message>
        <source>Who can reach it</source>
        <translation>Qui peut le joindre</translation>
    </message>
    <message>
        <source>Everybody on your network will be able to connect. Say who may, or leave it so if you trust everyone there.</source>
        <translation>Tout le monde sur votre réseau pourra se connecter. Dites qui le peut, ou laissez ainsi si vous faites confiance à tous.</translation>
    </message>
    <message>
        <source>Listen on this computer</source>
        <translation>Écouter sur cet ordinateur</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy: {name}</source>
        <translation>Copier&#xa0;: {name}</translation>
    </message>
    <message>
        <source>See why</source>
        <translation>Voir pourquoi</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>Copy the details</source>
        <translation>Copier les détails</translation>
    </message>
    <message>
        <source>Serial port</source>
        <translation>Port série</translation>
    </message>
    <message>
        <source>No serial port is plugged in at the moment. Plug one in and it appears here, or type its name.</source>
        <translation>Aucun port série n’est branché en ce moment. Branchez-en un et il apparaît ici, ou saisissez son nom.</translation>
    </message>
    <message>
        <source>{device} is not plugged in at the moment; the relay waits for it.</source>
        <translation>{device} n’est pas branché en ce moment&#xa0;; le relais l’attend.</translation>
    </message>
    <message>
        <source>Where it leads</source>
        <translation>Où cela mène</translation>
    </message>
    <message>
        <source>Trying to listen on {subject}…</source>
        <translation>Essai d’écoute sur {subject}…</translation>
    </message>
    <message>
        <source>Looking up the name {subject}…</source>
        <translation>Recherche du nom {subject}…</translation>
    </message>
    <message>
        <source>Connecting to {subject}…</source>
        <translation>Connexion à {subject}…</translation>
    </message>
    <message>
        <source>Asking the proxy {subject}…</source>
        <translation>Demande au proxy {subject}…</translation>
    </message>
    <message>
        <source>Agreeing on encryption with {subject}…</source>
        <translation>Accord sur le chiffrement avec {subject}…</translation>
    </message>
    <message>
        <source>Opening {subject}…</source>
        <translation>Ouverture de {subject}…</translation>
    </message>
    <message>
        <source>Waiting for {subject} to say something…</source>
        <translation>Attente d’une première parole de {subject}…</translation>
    </message>
    <message>
        <source>Port {port} is free, for the whole network</source>
        <translation>Le port {port} est libre, pour tout le réseau</translation>
    </message>
    <message>
        <source>{subject} is free to listen on</source>
        <translation>{subject} est libre pour écouter</translation>
    </message>
    <message>
        <source>The name {subject} is known</source>
        <translation>Le nom {subject} est connu</translation>
    </message>
    <message>
        <source>{subject} answers</source>
        <translation>{subject} répond</translation>
    </message>
    <message>
        <source>The proxy {subject} lets you through</source>
        <translation>Le proxy {subject} vous laisse passer</translation>
    </message>
    <message>
        <source>The connection to {subject} is encrypted and trusted</source>
        <translation>La connexion à {subject} est chiffrée et digne de confiance</translation>
    </message>
    <message>
        <source>{subject} opens</source>
        <translation>{subject}&#xa0;s’ouvre</translation>
    </message>
    <message>
        <source>{subject} says something</source>
        <translation>{subject} dit quelque chose</translation>
    </message>
    <message>
        <source>Listening on {subject} does not work</source>
        <translation>Écouter sur {subject} ne fonctionne pas</translation>
    </message>
    <message>
        <source>The name {subject} is not found</source>
        <translation>Le nom {subject} est introuvable</translation>
    </message>
    <message>
        <source>{subject} is not reached</source>
        <translation>{subject} n’est pas atteint</translation>
    </message>
    <message>
        <source>The proxy {subject} does not let you through</source>
        <translation>Le proxy {subject} ne vous laisse pas passer</translation>
    </message>
    <message>
        <source>No trusted encryption with {subject}</source>
        <translation>Pas de chiffrement digne de confiance avec {subject}</translation>
    </message>
    <message>
        <source>{subject} does not open</source>
        <translation>{subject} ne s’ouvre pas</translation>
    </message>
    <message>
        <source>{subject} says nothing</source>
        <translation>{subject} ne dit rien</translation>
    </message>
    <message>
        <source>Listening on port {port} does not work</source>
        <translation>Écouter sur le port {port} ne fonctionne pas</translation>
    </message>
    <message>
        <source>The test cannot begin</source>
        <translation>Le test ne peut pas commencer</translation>
    </message>
    <message>
        <source>Test again</source>
        <translation>Tester de nouveau</translation>
    </message>
    <message>
        <source>Cancel the test</source>
        <translation>Annuler le test</translation>
    </message>
    <message>
        <source>Waiting for the relay engine; then the test begins…</source>
        <translation>En attente du moteur des relais&#xa0;; le test commence ensuite…</translation>
    </message>
    <message>
        <source>Bascule tries every step of the way for real.</source>
        <translation>Bascule essaie chaque étape du chemin pour de vrai.</translation>
    </message>
    <message>
        <source>The test was cancelled. You can go on without it.</source>
        <translation>Le test a été annulé. Vous pouvez continuer sans lui.</translation>
    </message>
    <message>
        <source>Everything works.</source>
        <translation>Tout fonctionne.</translation>
    </message>
    <message>
        <source>Trying to listen on port {port}…</source>
        <translation>Essai d’écoute sur le port {port}…</translation>
    </message>
    <message>
        <source>One step does not work yet. Change it and test again, or go on all the same: the relay can be saved and tried later.</source>
        <translation>Une étape ne fonctionne pas encore. Modifiez-la et testez de nouveau, ou continuez quand même&#xa0;: le relais peut être enregistré et essayé plus tard.</translation>
    </message>
    <message>
        <source>Made out for {names}; it ran out on {day}.</source>
        <translation>Établi pour {names}&#xa0;; il a expiré le {day}.</translation>
    </message>
    <message>
        <source>Made out for {names}; valid until {day}.</source>
        <translation>Établi pour {names}&#xa0;; valable jusqu’au {day}.</translation>
    </message>
    <message>
        <source>1. Copy the file to the Mac and double-click it: Keychain Access opens. Add it to “System”.
2. Double-click the new entry there and open “Trust”.
3. Choose “Always Trust”, close the window, type your password.</source>
        <translation>1. Copiez le fichier sur le Mac et double-cliquez dessus&#xa0;: Trousseaux d’accès s’ouvre. Ajoutez-le à «&#xa0;Système&#xa0;».
2. Double-cliquez sur la nouvelle entrée et ouvrez «&#xa0;Se fier&#xa0;».
3. Choisissez «&#xa0;Toujours approuver&#xa0;», fermez la fenêtre, saisissez votre mot de passe.</translation>
    </message>
    <message>
        <source>Firefox keeps its own list.
1. Open Settings, “Privacy &amp; Security”, then “View Certificates…”.
2. Under “Authorities” choose “Import…”, and take the file.
3. Tick “Trust this CA to identify websites”.</source>
        <translation>Firefox tient sa propre liste.
1. Ouvrez Paramètres, «&#xa0;Vie privée et sécurité&#xa0;», puis «&#xa0;Afficher les certificats…&#xa0;».
2. Sous «&#xa0;Autorités&#xa0;», choisissez «&#xa0;Importer…&#xa0;», et prenez le fichier.
3. Cochez «&#xa0;Confirmer cette AC pour identifier des sites web&#xa0;».</translation>
    </message>
    <message>
        <source>Browsers warn until their computer trusts this certificate. Save it for the others: on each computer it is accepted once.</source>
        <translation>Les navigateurs avertissent tant que leur ordinateur ne fait pas confiance à ce certificat. Enregistrez-le pour les autres&#xa0;: on ne l’accepte qu’une fois par ordinateur.</translation>
    </message>
    <message>
        <source>Browsers warn until their computer trusts your own authority. Save its file for the others: on each computer it is accepted once. Certificates that you make later are then trusted as well.</source>
        <translation>Les navigateurs avertissent tant que leur ordinateur ne fait pas confiance à votre propre autorité. Enregistrez son fichier pour les autres&#xa0;: on ne l’accepte qu’une fois par ordinateur. Les certificats que vous créerez plus tard seront alors acceptés aussi.</translation>
    </message>
    <message>
        <source>Save the file for others</source>
        <translation>Enregistrer le fichier pour les autres</translation>
    </message>
    <message>
        <source>Certificates (*.crt)</source>
        <translation>Certificats (*.crt)</translation>
    </message>
    <message>
        <source>The file could not be saved: {why}.</source>
        <translation>Le fichier n’a pas pu être enregistré&#xa0;: {why}.</translation>
    </message>
    <message>
        <source>Saved as {file}. It holds nothing secret.</source>
        <translation>Enregistré dans {file}. Il ne contient rien de secret.</translation>
    </message>
    <message>
        <source>✓ Your certificate is ready</source>
        <translation>✓ Votre certificat est prêt</translation>
    </message>
    <message>
        <source>Certificate file</source>
        <translation>Fichier du certificat</translation>
    </message>
    <message>
        <source>Key file (keep it to yourself)</source>
        <translation>Fichier de la clé (gardez-le pour vous)</translation>
    </message>
    <message>
        <source>Fingerprint (SHA-256)</source>
        <translation>Empreinte (SHA-256)</translation>
    </message>
    <message>
        <source>Trust it on</source>
        <translation>L’accepter sous</translation>
    </message>
    <message>
        <source>1. Copy the file to the computer and double-click it.
2. Choose “Install Certificate…”, then “Local Machine”.
3. Choose “Place all certificates in the following store”, then “Trusted Root Certification Authorities”.
4. Finish, and restart the browser.</source>
        <translation>1. Copiez le fichier sur l’ordinateur et double-cliquez dessus.
2. Choisissez «&#xa0;Installer un certificat…&#xa0;», puis «&#xa0;Ordinateur local&#xa0;».
3. Choisissez «&#xa0;Placer tous les certificats dans le magasin suivant&#xa0;», puis «&#xa0;Autorités de certification racines de confiance&#xa0;».
4. Terminez, et redémarrez le navigateur.</translation>
    </message>
    <message>
        <source>Copy the file to the computer, then as administrator (Debian, Ubuntu):
sudo cp {file} /usr/local/share/ca-certificates/
sudo update-ca-certificates</source>
        <translation>Copiez le fichier sur l’ordinateur, puis, en administrateur (Debian, Ubuntu)&#xa0;:
sudo cp {file} /usr/local/share/ca-certificates/
sudo update-ca-certificates</translation>
    </message>
    <message>
        <source>Save the file for others…</source>
        <translation>Enregistrer le fichier pour les autres…</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>Montrer le dossier</translation>
    </message>
    <message>
        <source>Add a target</source>
        <translation>Ajouter une cible</translation>
    </message>
    <message>
        <source>Target {number}</source>
        <translation>Cible {number}</translation>
    </message>
    <message>
        <source>Kind of target</source>
        <translation>Sorte de cible</translation>
    </message>
    <message>
        <source>Move this target up</source>
        <translation>Monter cette cible</translation>
    </message>
    <message>
        <source>Move this target down</source>
        <translation>Déplacer cette cible vers le bas</translation>
    </message>
    <message>
        <source>Remove this target</source>
        <translation>Retirer cette cible</translation>
    </message>
</context>
<context>
    <name>_Figure</name>
    <message>
        <source>{size} in all</source>
        <translation>{size} au total</translation>
    </message>
</context>
<context>
    <name>_Lost</name>
    <message>
        <source>Before it works, you have to do this:</source>
        <translation>Avant que cela marche, il faut encore faire ceci&#xa0;:</translation>
    </message>
    <message>
        <source>What is lost:</source>
        <translation>Ce qui est perdu&#xa0;:</translation>
    </message>
    <message>
        <source>Nothing of the relay is lost.</source>
        <translation>Rien du relais n’est perdu.</translation>
    </message>
</context>
</TS>
