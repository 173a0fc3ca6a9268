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
notice-hand-not-open = Les observateurs ne peuvent pas demander la parole.
deed-hand = Lever ou baisser la main

moderation = Maintenir l’ordre
moderation-reason = Motif, que la personne lira
moderation-mute-room = Couper tous les micros de la salle
moderation-lock = Fermer cette salle
moderation-unlock = Rouvrir cette salle
moderation-words = Votre annonce
moderation-announce-room = Annoncer ici
moderation-announce-all = Annoncer à tous
moderation-mute = Couper le micro
moderation-unmute = Demander d’ouvrir le micro
moderation-summon = Demander de venir ici
moderation-remove = Exclure de l’événement
moderation-done = Ce que vous avez fait
moderation-undo = Annuler
act-done = C’est fait et consigné.
act-refused-not-allowed = Votre rôle ne le permet pas.
act-refused-nobody-there = La personne ou la salle n’est plus là.
act-refused-not-possible = Ce n’est pas possible ici.
act-refused-not-undoable = Cela ne peut pas être annulé.
act-refused-too-fast = Trop d’actions en peu de temps. Patientez un instant, puis réessayez.
act-refused-not-stored = Le serveur n’a pas pu le consigner ; rien n’a donc été fait. Réessayez.
undone-mute = Les micros coupés ont été rendus.
undone-hand = Une main baissée a été relevée.
undone-other = C’est annulé.
told-mute = { $name } a coupé votre micro.
told-unmute = { $name } vous demande d’ouvrir votre micro.
told-hand = { $name } a baissé votre main.
told-reason = Motif : { $reason }
announced = { $name } : { $words }
summons-line = { $seconds ->
    [one] { $name } vous demande de venir : { $room }. Vous y serez dans { $seconds } seconde.
   *[other] { $name } vous demande de venir : { $room }. Vous y serez dans { $seconds } secondes.
}
summons-stay = Rester ici
summons-followed = { $name } est arrivé.
summons-refused = { $name } préfère ne pas venir.
summons-failed = { $name } n’a pas pu être déplacé.
summons-withdrawn = La demande faite à { $name } est retirée.
