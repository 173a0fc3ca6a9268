# L’ordre : mains levées, modération, sécurité.

hands = Mains levées
hand-place = { $count }. { $name }
hand-raise = Lever la main
hand-lower = Baisser la main
hand-raised = Main levée
microphone-muted = Micro coupé par la modération
hud-hands = { $count ->
    [one] { $count } main levée
   *[other] { $count } mains levées
}
notice-hand-raised = { $name } a levé la main.
notice-hand-not-open = Le statut d’observateur ne permet pas de demander la parole.
watching-place = Vous participez avec le statut d’observateur, au rang { $count } de la file d’attente.
watching-others = { $count ->
    [one] Une autre personne observe.
   *[other] { $count } autres personnes observent.
}
watching-ask = Pour parler, levez la main. La présidence ou la modération peut vous faire entrer.
watching-number = Observateur, rang { $count } de la file d’attente
watching-brought-in = Invitation à entrer
watching-bring-in = Faire entrer
watching-send-back = Renvoyer parmi les observateurs
notice-came-in = Une place s’est libérée : vous participez pleinement, et les autres vous voient.
notice-brought-in = On vous a fait entrer : les autres vous voient, et vous pouvez parler.
notice-sent-back = Vous avez de nouveau le statut d’observateur, et les autres ne vous voient plus.
no-seat-near = Aucune place libre n’est à portée. Approchez-vous d’une place, ou choisissez-en une dans « Autour de moi ».
deed-hand = Lever ou baisser la main

moderation = Maintenir l’ordre
moderation-reason = Motif, que la personne lira
moderation-mute-room = Couper tous les micros de la salle
moderation-lock = Verrouiller cette salle
moderation-unlock = Déverrouiller cette salle
moderation-words = Texte de l’annonce
moderation-announce-room = Annoncer ici
moderation-announce-all = Annoncer à tous
moderation-mute = Couper le micro
moderation-unmute = Demander d’ouvrir le micro
moderation-summon = Demander de venir ici
moderation-summon-to = Demander de rejoindre : { $room }
moderation-summon-seat = Demander de prendre la place { $label }
moderation-remove = Exclure de l’événement
moderation-done = Ce que vous avez fait
moderation-undo = Annuler
act-done = C’est fait et consigné.
act-refused-not-allowed = Votre rôle ne le permet pas.
act-refused-nobody-there = La personne ou la salle n’est plus là.
act-refused-not-possible = Ce n’est pas possible ici.
act-refused-not-undoable = Cela ne peut pas être annulé.
act-refused-too-fast = Trop d’actions en peu de temps. Patientez un instant, puis réessayez.
block-refused-full = Vous bloquez déjà le nombre maximal de personnes. Débloquez d’abord quelqu’un.
act-refused-not-stored = Le serveur n’a pas pu le consigner ; rien n’a donc été fait. Réessayez.
undone-mute = Les micros coupés peuvent de nouveau être ouverts.
undone-hand = Une main qui avait été baissée est de nouveau levée.
undone-other = C’est annulé.
told-mute = { $name } a coupé votre micro.
told-unmute = { $name } vous demande d’ouvrir votre micro.
told-hand = { $name } a baissé votre main.
told-reason = Motif : { $reason }
announced = { $name } : { $words }
announcements = Annonces · { $count }
summons-line = { $seconds ->
    [one] { $name } vous demande de venir : { $room }. Vous y serez dans { $seconds } seconde.
   *[other] { $name } vous demande de venir : { $room }. Vous y serez dans { $seconds } secondes.
}
summons-stay = Rester ici
summons-followed = { $name } vient d’arriver.
summons-refused = { $name } préfère ne pas venir.
summons-failed = Impossible de conduire { $name } à cet endroit.
summons-withdrawn = La demande faite à { $name } est retirée.

safety = Sécurité
person-write = Écrire
person-closed = Vous n’avez pas accès à cette salle.
person-invite = Inviter ici
person-invite-text = Venez me rejoindre ici : { $room }.
person-gone = Cette personne a quitté l’événement.
people-write-to = Écrire à { $name }
block = Bloquer
block-explain = Vous ne vous verrez plus et aucun message ne passera entre vous. Vous pouvez débloquer cette personne à tout moment.
block-done = Vous avez bloqué { $name }.
block-ended = Vous avez débloqué { $name }.
block-undo = Débloquer
block-refused-keeps-order = Les personnes chargées de maintenir l’ordre ne peuvent ni bloquer ni être bloquées. Vous pouvez les signaler.
blocked-people = Personnes que vous avez bloquées
report = Signaler à la modération
report-explain = L’équipe de modération de service lit votre signalement et vous répond. La personne n’en est pas informée.
report-words = Ce qui s’est passé
report-without-texts = Sans messages
report-with-texts = Avec ces messages
report-send = Envoyer le signalement
report-quote = { $name } : « { $words } »
report-sent = Votre signalement est parvenu à la modération. Sa réponse apparaîtra ici.
report-answered = La modération a répondu à votre signalement concernant { $about } : { $words }
report-arrived = Nouveau signalement de { $by } concernant { $about }.
report-closed = { $name } a répondu au signalement.
report-title = { $by } concernant { $about }
report-act = Prendre des mesures
report-answer = Envoyer la réponse
report-answer-hint = Réponse, que { $by } lira
report-refused-nobody-there = La personne n’est plus là, ou le signalement a déjà reçu une réponse.
report-refused-empty = Écrivez d’abord quelques mots.
reports = Signalements
safe-place = Endroit sûr
safe-now = Vous êtes à l’entrée. Les personnes qui étaient près de vous figurent en tête de liste sous « Participants ».
safe-near = Qui était près de vous
deed-safety = Rejoindre aussitôt l’endroit sûr
settings-space = Personnes qui s’approchent de très près
settings-space-fade = S’estompent
settings-space-stay = Restent visibles
no-way-found = Aucun chemin n’y mène.
