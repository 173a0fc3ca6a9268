# Le client en français.

product-name = VEV
product-line = Le lieu de vos réunions, où que vous soyez.

start-last = Le dernier lieu que vous avez visité
start-enter = Entrer
start-link = Votre invitation
start-link-hint = Collez le lien ou saisissez le code
start-enter-venue = Entrer dans le lieu
start-clear = Effacer
start-host = Héberger un lieu sur cet ordinateur
start-host-note = Démarre un serveur ici et y entre
start-host-back = Revenir au lieu sur cet ordinateur
start-host-back-note = Il est toujours ouvert
host-name = Hôte
host-guest = Invité { $number }
start-privacy = L’organisateur de l’événement conserve votre nom, votre délégation, vos heures d’arrivée et de départ ainsi que les messages que vous envoyez. Les déplacements ne sont jamais enregistrés.
start-privacy-read = Protection des données
start-quit = Quitter
start-version = Version { $version }

wait-hosting = Ouverture d’un lieu sur cet ordinateur…
wait-connecting = Connexion à { $value }…
wait-joining = { $value } vérifie votre invitation…
wait-loading = Chargement du lieu : { $value } Mo
wait-lost = La connexion est interrompue
wait-ended = Vous ne pouvez pas entrer pour l’instant
wait-retry-in = { $seconds ->
    [one] Nouvel essai dans { $seconds } seconde.
   *[other] Nouvel essai dans { $seconds } secondes.
}
wait-retrying = Nouvel essai en cours…
retry-now = Réessayer maintenant
retry = Réessayer
continue-here = Continuer ici
go-on = L’organisateur la confirme : continuer
to-start = Retour à la page d’accueil
cancel = Annuler
back = Retour
close = Fermer

hud-others = { $count ->
    [0] Personne d’autre n’est ici
    [one] Une autre personne est ici
   *[other] { $count } autres personnes sont ici
}
hud-unread = { $count ->
    [one] { $count } nouveau message
   *[other] { $count } nouveaux messages
}
hud-menu = { $key } : menu
hud-text = { $key } : écrire
hud-help = { $key } : aide
hud-stand = { $key } : se lever
hud-sit = { $key } : s’asseoir
hud-door = Porte : { $room }
hud-door-shut = Porte : { $room } (accès non autorisé)

notice-put-back = Vous ne pouvez pas vous tenir là : retour à votre place précédente.
notice-observing = Toutes les places avec droit de parole sont prises. Vous participez avec le statut d’observateur jusqu’à ce qu’une place se libère.
notice-reconnected = La connexion est rétablie.
notice-arrived = { $name } vient d’entrer.
notice-departed = { $name } vient de partir.
notice-overlay = Le sol et les repères sont affichés.
notice-overlay-key = Le sol et les repères sont affichés. Visez un repère ou le sol et appuyez sur { $key } pour le copier sous forme de texte.
notice-copied = Copié : { $entry }
notice-nothing-to-copy = Rien à copier ici. Visez un repère ou le sol.
notice-venue-renewed = Le lieu a été modifié.
notice-venue-note = La modification du lieu n’est pas reprise : { $words }

menu = Menu
people = Participants
texts = Messages
rooms = Salles
settings = Réglages
help = Aide
leave = Partir
stand-up = Se lever

person = { $name } ({ $delegation })
people-count = { $count ->
    [one] { $count } participant à l’événement
   *[other] { $count } participants à l’événement
}
people-you = Vous
kind-observer = Observateur
kind-interpreter = Interprète
kind-kiosk = Borne sur place
kind-robot = Robot sur place
kind-service = Service
role-chair = Présidence
role-moderator = Modération
role-organiser = Organisation

texts-room = Cette salle
texts-somebody = Une personne qui est partie
texts-unread = { $name } · { $count }
texts-none-room = Personne n’a encore écrit dans cette salle.
texts-none-person = Vous ne vous êtes pas encore écrit.
texts-elsewhere = Vous pourrez de nouveau écrire à cette salle quand vous y serez.
texts-write-room = Écrire à toute la salle
texts-write-person = Écrire à { $name }
texts-send = Envoyer
texts-live = Texte en temps réel
texts-live-note = Les autres voient chaque caractère que vous saisissez, jusqu’à l’envoi du message ou la désactivation de cette option.
texts-live-head = { $name } écrit
caption = { $name } : { $words }
texts-left = { $count ->
    [one] Encore { $count } caractère
   *[other] Encore { $count } caractères
}
text-sending = envoi en cours…
text-stored = envoyé
text-failed = non envoyé
text-failed-not-connected = La connexion était interrompue. Réessayez lorsqu’elle sera rétablie.
text-failed-not-stored = Le serveur n’a pas pu enregistrer le message. Réessayez et, si cela ne suffit pas, prévenez l’organisateur.
text-failed-rate-limited = Trop de messages en peu de temps. Patientez un instant, puis réessayez.
text-failed-person-gone = Cette personne a quitté l’événement.
text-failed-room-left = Vous avez quitté la salle à laquelle ce message est destiné. Retournez-y, puis réessayez.
text-failed-not-accepted = Le message est trop long ou contient des caractères qui ne peuvent pas être envoyés.

rooms-line = Choisissez une salle pour vous y rendre aussitôt. Votre nom et vos réglages vous suivent.
rooms-people = { $count ->
    [0] Personne
    [one] { $count } personne
   *[other] { $count } personnes
}
rooms-here = Vous êtes ici
rooms-go = Y aller
rooms-closed = Accès non autorisé
map = Plan
map-line = Choisissez une salle ou un siège et vous y êtes.
map-spoken = Plan du lieu ; la liste à côté donne les mêmes informations.
map-sit = S’asseoir
map-seats = { $count ->
    [one] { $count } siège libre ici
   *[other] { $count } sièges libres ici
}
around = Autour de moi
around-seat = Siège libre
around-seat-named = Siège libre { $label }
around-screen = Écran : { $name }
around-way = { $metres ->
    [one] { $way }, { $metres } mètre
   *[other] { $way }, { $metres } mètres
}
way-ahead = devant
way-ahead-right = devant à droite
way-right = à droite
way-behind-right = derrière à droite
way-behind = derrière
way-behind-left = derrière à gauche
way-left = à gauche
way-ahead-left = devant à gauche
here-room = Vous êtes ici : { $room }.
here-alone = Personne n’est près de vous.
here-company = Près de vous : { $names }.
here-facing = Devant vous : { $thing }.
list-joint = { ", " }
people-search = Chercher par nom, délégation ou salle
people-sort-near = Cette salle d’abord
people-sort-name = Par nom
people-sort-delegation = Par délégation
people-none = Aucune personne trouvée.
people-go = M’y conduire
announce-text = { $name } : { $text }
invite = Inviter
invite-line = Vous hébergez ce lieu. Chaque lien est destiné à une personne de votre réseau : copiez-le et envoyez-le.
invite-copy = Copier le lien
invite-copied = Copié

settings-reading = Langue et lecture
settings-comfort = Confort
settings-controls = Commandes
settings-graphics = Affichage
settings-privacy = Confidentialité
settings-field-of-view = Champ de vision
settings-degrees = { $degrees }°
settings-forget = Oublier le dernier lieu
settings-forget-note = Il n’est plus proposé sur la page d’accueil, et votre invitation est effacée de cet ordinateur. Il vous faudra le lien pour entrer de nouveau.
settings-forgotten = Le dernier lieu n’est plus proposé sur cet ordinateur.
settings-language = Langue
settings-text-size = Taille du texte
settings-contrast = Contraste
settings-contrast-normal = Normal
settings-contrast-high = Élevé
settings-turning = Rotation
settings-turning-snap = Par pas de { $degrees }°
settings-turning-smooth = Continue
settings-mouse = Vitesse du regard à la souris
settings-mouse-slower = Plus lent
settings-mouse-faster = Plus rapide
settings-picture = Image
settings-picture-standard = Standard
settings-picture-low = Réduite, pour matériel modeste
settings-picture-note = L’image change aussitôt. Une autre carte graphique n’est utilisée qu’au prochain démarrage de VEV.
settings-audio = Son
settings-sounds = Émettre des sons pour les messages et les avis
settings-volume = Volume
settings-volume-less = Moins fort
settings-volume-more = Plus fort
settings-sound-kinds = Sons pour
settings-sound-to-me = Messages qui me sont adressés
settings-sound-to-room = Messages dans la salle
settings-sound-order = Demandes de venir, annonces et actes de la modération
settings-sound-hands = Mains levées et baissées
settings-sound-connection = Connexion perdue et rétablie
settings-sound-sample = Écouter : { $sound }
settings-output = Sortie audio
settings-output-default = Sortie par défaut du système
settings-output-gone = { $output } (non connectée)
settings-mono = Mono : le même son dans les deux oreilles
settings-headset = Casque
settings-vignette = Champ de vision réduit en mouvement
settings-vignette-off = Désactivé
settings-vignette-weak = Faible
settings-vignette-medium = Moyen
settings-vignette-strong = Fort
settings-vignette-speed = À partir de cette vitesse, en mètres par seconde
settings-vignette-turn = À partir de cette rotation, en degrés par seconde
settings-vignette-earlier = Plus tôt
settings-vignette-later = Plus tard
settings-height = Comment vous utilisez le casque
settings-height-standing = En position debout
settings-height-seated = En position assise
settings-hand = Main qui pointe
settings-hand-left = Gauche
settings-hand-right = Droite
settings-hands-both = Utiliser les deux mains
settings-hands-one = Tout faire de cette main
settings-height-note = Mettez le casque et regardez droit devant vous, puis :
settings-height-measure = Mesurer ma taille
settings-jump-fade = Lors d’un saut
settings-jump-fade-dark = Obscurité d’un instant
settings-jump-fade-none = Pas d’obscurité
settings-buttons = Boutons des manettes
settings-buttons-note = Pour changer un bouton, appuyez sur sa ligne, puis sur le nouveau bouton de la manette.
settings-buttons-press = Appuyez sur un bouton…
settings-buttons-none = Aucun bouton
settings-buttons-refused = C’est le dernier bouton du menu. Donnez-en d’abord un autre au menu.
settings-buttons-reset = Rétablir tous les boutons
button-lower = Bouton du bas (A ou X)
button-upper = Bouton du haut (B ou Y)
button-stick = Stick enfoncé
button-menu = Bouton de menu
button-squeeze = Serrer la manette
deed-mute = Micro
deed-recenter = Regarder droit devant d’ici ; maintenu : endroit sûr
recenter = Regarder droit devant d’ici
notice-height-measured = Votre taille est mesurée.
notice-height-failed = Impossible de mesurer votre taille. Mettez le casque et regardez droit devant vous.
notice-microphone-closed = Votre micro est fermé. Cette version ne transmet pas encore la voix.
settings-keyboard = Clavier à l’écran
settings-keyboard-headset = Seulement avec un casque
settings-keyboard-always = Toujours quand vous écrivez
settings-keyboard-note = Il a les lettres de six langues. Le chinois s’écrit en pinyin et seuls les caractères courants sont proposés.
settings-keys-note = Pour changer une touche, appuyez sur sa ligne, puis sur la nouvelle touche.
settings-keys-press = Appuyez sur une touche…
settings-keys-none = Aucune touche
settings-keys-taken = { $key } sert déjà à : { $deed }.
settings-keys-refused = Cette touche ne peut pas être utilisée ici. Appuyez sur une autre, ou sur Échap pour ne rien changer.
settings-keys-take = L’utiliser ici
settings-keys-reset = Touche d’origine
settings-keys-reset-all = Rétablir toutes les touches
percent = { $value } %

link = Lien
link-to = Ouvrir { $host }
link-leads = Ce lien mène hors du lieu, vers :
link-letters = Le nom de cette page contient des lettres d’un autre alphabet, qui peuvent imiter un nom que vous connaissez : { $name }
link-hides = Le message cache des caractères de cette adresse. Ce que vous lisez ici est sa véritable destination.
link-open = Ouvrir dans le navigateur
link-copy = Copier l’adresse

keyboard = Clavier
keyboard-shift = Majuscules et autres signes
keyboard-backspace = Effacer le dernier caractère
keyboard-enter = Entrée
keyboard-space = Espace
keyboard-language = Langue du clavier : { $language }
keyboard-letters = Lettres
keyboard-signs = Chiffres et signes
keyboard-code = Lettres et chiffres des codes
keyboard-hide = Masquer le clavier

tour-step = Premiers pas : { $step } sur { $steps }
tour-walk = Déplacez-vous avec { $keys }, ou cliquez sur le sol pour vous y rendre. Maintenez le bouton droit de la souris pour regarder autour de vous.
tour-sit = Cliquez sur un siège pour vous asseoir, ou appuyez sur { $key } près d’un siège. Franchissez une porte ouverte pour entrer dans une autre salle.
tour-write = Appuyez sur { $key } pour écrire à toute la salle. Sous « Participants », dans le menu, vous pouvez trouver une personne, lui écrire ou la rejoindre.
tour-menu = { $key } ouvre le menu : plan, réglages et tout le reste. { $help } ouvre l’aide, où vous pouvez revoir ces premiers pas.
tour-headset-move = Pressez la gâchette, visez le sol ou un siège avec l’arc, puis relâchez pour y être. Le stick gauche fait marcher.
tour-headset-turn = Poussez le stick droit de côté pour vous tourner. Pendant que vous visez, il choisit votre orientation.
tour-headset-mute = Votre bouton de micro : { $button }. Le signe au bord inférieur de la vue montre que le micro est fermé.
tour-headset-menu = Votre bouton de menu : { $button }. Pointez ce que vous voulez et pressez la gâchette. L’aide permet de revoir ces premiers pas.
tour-hands-move = Pincez le pouce et l’index, visez le sol ou un siège avec l’arc, puis ouvrez-les pour y être.
tour-hands-turn = Tournez-vous avec votre corps. En position assise, choisissez « Regarder droit devant d’ici » dans le menu pour faire face là où vous regardez.
tour-hands-mute = Votre poing gauche est le bouton du micro. Le signe au bord inférieur de la vue montre que le micro est fermé.
tour-hands-menu = Votre poing droit ouvre le menu. Pointez ce que vous voulez et pincez, ou touchez-le du doigt. L’aide permet de revoir ces premiers pas.
tour-next = Suivant
tour-skip = Passer
tour-done = Terminé
tour-again = Revoir les premiers pas

help-move = Déplacez-vous avec les touches ci-dessous, ou cliquez sur le sol pour vous y rendre. Maintenez le bouton droit de la souris pour regarder autour de vous.
help-panels = Tout est accessible au clavier : Tab passe de la vue aux boutons et aux panneaux, puis de l’un à l’autre, les flèches aussi, Page préc. et Page suiv. font défiler, Entrée valide, Échap ferme et revient à la vue.
help-seat = Cliquez sur un siège pour vous asseoir. Il est à vous jusqu’à ce que vous vous leviez ou partiez.
help-keys = Touches
deed-forward = Avancer
deed-backward = Reculer
deed-left = Pas à gauche
deed-right = Pas à droite
deed-run = Marcher plus vite
deed-turn-left = Tourner à gauche
deed-turn-right = Tourner à droite
deed-look-up = Regarder vers le haut
deed-look-down = Regarder vers le bas
deed-teleport = Se rendre à un endroit
deed-sit = S’asseoir ou se lever
deed-text = Écrire
deed-menu = Menu
deed-people = Participants
deed-rooms = Salles
deed-map = Plan
deed-around = Autour de moi
deed-where = Où suis-je ?
deed-view = Première ou troisième personne
deed-overlay = Afficher le sol et les repères du lieu
deed-copy-anchor = Copier le repère visé (quand les repères sont affichés)
deed-wave = Saluer de la main
deed-nod = Hocher la tête
deed-applaud = Applaudir
deed-point = Montrer du doigt
deed-shrug = Hausser les épaules
deed-bow = S’incliner
deed-thumb-up = Lever le pouce
deed-release = Fermer, libérer la souris
deed-help = Aide
key-space = Espace
key-shift = Maj
key-ctrl = Ctrl
key-alt = Alt
key-enter = Entrée
key-escape = Échap
key-tab = Tab
key-home = Origine
key-end = Fin
key-insert = Inser
key-delete = Suppr
key-page-up = Page préc.
key-page-down = Page suiv.
key-numpad = Pavé num. { $key }

leave-sure = Voulez-vous quitter le lieu ? Votre siège sera libéré. Vous pourrez revenir avec la même invitation.
leave-stay = Rester
leave-yes = Quitter le lieu
leave-quit = Quitter le programme

reason-seat-taken = quelqu’un y est assis
reason-seat-elsewhere = il se trouve dans une autre salle
reason-seat-unknown = ce siège n’existe pas dans ce lieu
reason-seat-reserved = il est réservé à quelqu’un d’autre
reason-seat-too-far = il est trop éloigné ; approchez-vous
for-support = Pour l’assistance : { $detail }

problem-link-empty = Collez le lien de votre invitation ou saisissez son code de 8 caractères.
problem-link-scheme = Un lien vers un lieu commence par https:// ou vev://, celui-ci par { $scheme }://. Copiez-le à nouveau depuis votre invitation.
problem-link-host = « { $host } » n’est pas l’adresse d’un serveur. Copiez le lien entier depuis votre invitation.
problem-link-port = Le port « { $port } » n’est pas un nombre de 1 à 65535. Copiez le lien entier depuis votre invitation.
problem-link-event = Le lien ne désigne aucun événement : la partie « /e/… » manque ou est endommagée. Copiez le lien entier depuis votre invitation.
problem-link-no-code = Le lien s’arrête avant son code (la partie qui suit « # »). Copiez le lien entier depuis votre invitation.
problem-link-code = « { $code } » n’est pas un code d’invitation : un code compte 8 lettres et chiffres, par exemple 7KQ2-M9XT. La lettre U n’est jamais utilisée.
problem-link-fingerprint = La fin du lien est endommagée : la partie qui suit le point compte 43 caractères. Copiez le lien entier depuis votre invitation.
problem-code-without-server = Un code seul ouvre le dernier lieu visité, et il n’y en a pas encore. Collez cette fois le lien entier.
problem-no-answer = { $host } ne répond pas. Votre réseau bloque peut-être le port UDP { $port } : demandez à votre administrateur réseau d’autoriser l’UDP sortant vers { $host }, port { $port }, ou essayez un autre réseau.
problem-name-not-found = Le nom { $host } est introuvable. Vérifiez votre connexion internet et le lien.
problem-network-down = Cet ordinateur n’atteint pas le réseau. Vérifiez votre connexion internet.
problem-server-busy = { $host } n’accepte plus de connexions pour le moment. Réessayez dans une minute.
problem-event-over = L’événement est terminé. Demandez à l’organisateur une invitation pour le prochain.
problem-not-a-venue = { $host } répond, mais pas comme un serveur VEV. Vérifiez le lien auprès de l’organisateur.
problem-fingerprint-mismatch = { $host } présente une autre clé que celle annoncée par votre invitation. Quelqu’un intercepte peut-être la connexion, ou le serveur a été réinstallé. Ne continuez pas ; demandez un nouveau lien à l’organisateur.
problem-unknown-server = Vous n’avez jamais visité { $host } et votre lien n’indique pas sa clé. Sa clé est { $fingerprint }. Ne continuez que si l’organisateur la confirme.
problem-key-changed = { $host } présente une autre clé que lors de votre dernière visite. Le serveur a peut-être été réinstallé, ou quelqu’un intercepte la connexion. Sa clé est désormais { $fingerprint }. Ne continuez que si l’organisateur la confirme.
problem-went-away = La connexion à { $host } a été perdue. VEV réessaie de lui-même.
problem-lost-on-the-way = La connexion à { $host } a été perdue avant votre entrée dans le lieu. Réessayez ; si cela ne suffit pas, essayez un autre réseau.
problem-server-closing = Le serveur { $host } redémarre. VEV revient de lui-même dès qu’il répond.
problem-wrong-version = Ce programme et le serveur sont de versions différentes (serveur : { $server }). Téléchargez à nouveau le programme depuis la page de votre lien.
problem-unknown-invitation = Le serveur ne connaît pas cette invitation. Vérifiez le code ou demandez un nouveau lien à l’organisateur.
problem-expired-invitation = Cette invitation a expiré. Demandez-en une nouvelle à l’organisateur.
problem-revoked-invitation = Cette invitation a été retirée. Adressez-vous à l’organisateur si vous pensez qu’il s’agit d’une erreur.
problem-event-not-open = L’événement n’est pas ouvert actuellement. Demandez à l’organisateur quand il ouvrira.
problem-rate-limited = Trop d’essais ont été faits d’ici. Patientez une minute, puis réessayez.
problem-bad-proof = Le serveur n’a pas pu vérifier cet appareil. Réessayez ; si cela ne suffit pas, demandez un nouveau lien à l’organisateur.
problem-removed = Votre accès à l’événement a été retiré. Adressez-vous à l’organisateur si vous pensez qu’il s’agit d’une erreur.
problem-server-full = Toutes les places de { $host } sont occupées. Réessayez dans quelques minutes ou prévenez l’organisateur.
problem-server-stopping = { $host } est sur le point de s’arrêter et n’admet plus personne. Réessayez dans quelques minutes.
problem-server-unavailable = { $host } ne peut pas vous laisser entrer pour le moment. Réessayez dans une minute ; si cela ne suffit pas, prévenez l’organisateur.
problem-taken-over = Vous avez poursuivi sur un autre appareil avec la même invitation. Choisissez « Continuer ici » pour revenir à celui-ci.
problem-damaged-file = Le fichier { $file } du lieu est arrivé endommagé deux fois. Prévenez l’organisateur : le lieu doit être publié à nouveau.
problem-damaged-package = Le lieu ne peut pas être affiché : sa description est endommagée. Prévenez l’organisateur : le lieu doit être publié à nouveau.
problem-missing-file = Le serveur ne possède pas le fichier { $file } du lieu. Prévenez l’organisateur : le lieu doit être publié à nouveau.
problem-file-not-arriving = Le fichier { $file } du lieu n’arrive pas. Réessayez ; si cela ne suffit pas, essayez un autre réseau ou prévenez l’organisateur.
problem-loading-stalled = Plus rien du lieu n’arrive de { $host }. Réessayez ; si cela ne suffit pas, essayez un autre réseau ou prévenez l’organisateur.
problem-disk-full = Le lieu ne peut pas être conservé sur cet ordinateur ; il sera rechargé à la prochaine visite. Libérez de l’espace dans { $folder }.
problem-data-folder = VEV ne peut pas conserver ses fichiers dans { $folder }. Rendez le dossier accessible en écriture ou indiquez-en un autre avec --data-dir.
problem-settings-unreadable = Les réglages de { $file } sont illisibles ; VEV démarre donc avec ses valeurs par défaut. L’ancien fichier est conservé à côté.
problem-damaged-tile = Une partie du lieu ne peut pas être affichée (fichier { $file }). Prévenez l’organisateur.
problem-seat-refused = Vous ne pouvez pas vous asseoir là : { $reason }.
problem-can-not-start = Le programme { $program } ne peut pas être démarré. Vérifiez qu’il est installé et que vous avez le droit de l’exécuter.
problem-host-missing = Le programme { $program } ne se trouve pas à côté de celui-ci. Décompressez à nouveau toute l’archive de VEV.
problem-host-ended = Le lieu n’a pas pu être ouvert sur cet ordinateur. Réessayez ; si cela ne suffit pas, redémarrez l’ordinateur ou demandez de l’aide.
problem-host-stopped = Le lieu sur cet ordinateur s’est fermé. Hébergez-le à nouveau depuis la page d’accueil.
problem-sound-replaced = La sortie audio { $output } n’est pas utilisable pour le moment. Les sons passent par la sortie par défaut du système ; vous pouvez en choisir une autre dans les réglages.
problem-sound-gone = Il ne reste aucune sortie audio. VEV reste silencieux jusqu’à ce qu’une sortie soit connectée ; les avis restent affichés.
problem-no-display = Aucune fenêtre ne peut être ouverte ici. Démarrez VEV dans une session de bureau ou utilisez --headless.
problem-no-graphics = Aucune carte graphique utilisable n’a été trouvée. Installez le pilote de votre carte graphique ou le moteur de rendu logiciel de Mesa.
problem-headset-no-loader = Aucun casque n’est utilisable ici : OpenXR n’est pas installé. Installez le logiciel de votre casque ou démarrez VEV avec --flat.
problem-headset-no-runtime = Aucun casque ne répond. Démarrez le logiciel de votre casque et choisissez-le comme environnement OpenXR, ou démarrez VEV avec --flat.
problem-headset-missing = Aucun casque n’est connecté. Connectez votre casque et allumez-le, ou démarrez VEV avec --flat.
problem-headset-failed = Le lieu ne peut pas être affiché dans le casque. Redémarrez le logiciel de votre casque ; si le problème persiste, démarrez VEV avec --flat.
problem-headset-lost = La connexion au casque a été perdue. Vérifiez le casque et redémarrez VEV, ou démarrez-le avec --flat.
problem-graphics-lost = La carte graphique a cessé de fonctionner et l’image n’a pas pu être rétablie. Redémarrez VEV ; si le problème persiste, mettez à jour le pilote de la carte graphique.

avatar = Votre avatar
start-avatar-note = Regardez-vous dans le miroir et choisissez
avatar-look = Apparence
avatar-skin = Teint
avatar-clothing = Couleur des vêtements
avatar-own-color = Celle de l’apparence
avatar-tone = Teint { $number }
avatar-turn-left = Tourner à gauche
avatar-turn-right = Tourner à droite
avatar-note = Votre choix est visible aussitôt par tous. Il est conservé sur cet ordinateur.
avatar-look-suit = Costume et cravate
avatar-look-dress = Robe
avatar-look-blouse = Chemisier et jupe
avatar-look-boubou = Boubou
avatar-look-sari = Sari
avatar-look-scarf = Foulard et manteau
avatar-look-jacket = Veste, col ouvert
avatar-look-kurta = Kurta
avatar-look-trousers = Tailleur-pantalon
avatar-look-wheelchair = Fauteuil roulant, pull
avatar-navy = Bleu marine
avatar-charcoal = Anthracite
avatar-burgundy = Bordeaux
avatar-green = Vert
avatar-teal = Bleu canard
avatar-plum = Prune
avatar-sand = Sable
avatar-light-blue = Bleu clair
avatar-ivory = Ivoire

anchor-spawn = Arrivée · { $name }
anchor-seat = Siège { $name }
anchor-door = Porte { $name }
anchor-screen = Écran · { $name }
anchor-zone = Secteur · { $name }
anchor-booth = Cabine · { $name }
anchor-exhibit = Objet exposé · { $name }
