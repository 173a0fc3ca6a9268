# Les voix : le micro, qui entend, et comment on entend les autres.

microphone-open = Ouvrir le micro
microphone-close = Fermer le micro
microphone-is-closed = Micro fermé
microphone-is-opening = Le micro s’ouvre…
microphone-is-open = Micro ouvert
microphone-waits = Maintenez { $key } pour parler
microphone-waits-no-key = Maintenez la touche pour parler
microphone-is-closed-by-moderator = Micro fermé par la modération
microphone-loudness = Niveau { $value } %
microphone-shut-entered = Votre micro est fermé : vous êtes dans une autre salle.
microphone-shut-reconnected = Votre micro est fermé : la connexion a été perdue.
microphone-shut-device = Votre micro est fermé : l’appareil n’est plus là ou a changé.
microphone-shut-headset = Votre micro est fermé : le casque a été retiré.
microphone-shut-talk-began = Votre micro est fermé : un entretien privé commence. Ouvrez le micro pour vous y faire entendre.
microphone-shut-talk-ended = Votre micro est fermé : l’entretien privé est terminé.
microphone-shut-refused = Votre micro reste fermé : vous suivez sans prendre la parole.
hearers-room = { $place } : { $count ->
    [0] personne ne vous entend
    [one] { $count } personne vous entend
   *[other] { $count } personnes vous entendent
}
hearers-table = À { $place } : { $count ->
    [0] personne ne vous entend
    [one] { $count } personne vous entend
   *[other] { $count } personnes vous entendent
}
hearers-stage = À la tribune : { $count ->
    [0] personne ne vous entend
    [one] { $count } personne vous entend
   *[other] { $count } personnes vous entendent
}
hearers-booth = Dans la cabine : { $count ->
    [0] personne ne vous entend
    [one] { $count } personne vous entend
   *[other] { $count } personnes vous entendent
}
would-hear-room = { $place } : { $count ->
    [0] personne ne vous entendrait
    [one] { $count } personne vous entendrait
   *[other] { $count } personnes vous entendraient
}
would-hear-table = À { $place } : { $count ->
    [0] personne ne vous entendrait
    [one] { $count } personne vous entendrait
   *[other] { $count } personnes vous entendraient
}
would-hear-stage = À la tribune : { $count ->
    [0] personne ne vous entendrait
    [one] { $count } personne vous entendrait
   *[other] { $count } personnes vous entendraient
}
would-hear-booth = Dans la cabine : { $count ->
    [0] personne ne vous entendrait
    [one] { $count } personne vous entendrait
   *[other] { $count } personnes vous entendraient
}
hearers-private = En privé : { $names }
hearers-quiet = { $place } : ici, on ne parle pas
settings-voices = Voix
settings-voice-volume = Volume des voix
settings-voice-less = Voix plus faibles
settings-voice-more = Voix plus fortes
settings-loudspeakers = J’écoute par haut-parleurs, sans écouteurs
settings-microphone = Micro
settings-input-default = Celui du système
settings-input-gone = { $input } (non connecté)
settings-push-to-talk = Parler seulement en maintenant la touche
settings-echo = Supprimer l’écho des haut-parleurs
settings-noise = Atténuer le bruit constant
settings-gain = Égaliser mon niveau
microphone-try = Essayer le micro
microphone-try-end = Terminer l’essai
microphone-try-hint = Vous vous entendez par le serveur, comme les autres vous entendront. Personne d’autre n’entend cet essai.
problem-microphone-replaced = Le micro { $input } n’est pas utilisable pour le moment. Le micro par défaut du système enregistre ; vous pouvez en choisir un autre dans les réglages.
problem-no-microphone = Aucun micro ne peut être ouvert. Connectez-en un et autorisez VEV à l’utiliser dans les réglages du système.
person-volume = Volume de cette voix
person-volume-less = Cette voix plus faible
person-volume-more = Cette voix plus forte
settings-room-sound = Les salles résonnent et les murs étouffent (sans cela, les voix sont plus claires)
sound-check = Vérifier le son
sound-check-hint = Vous entrez toujours avec le micro fermé.
sound-check-listen = Jouer un son
sound-check-outside = La barre montre ce que le micro capte. Une fois à l’intérieur, vous vous entendez aussi par l’intermédiaire du serveur.
voices-quality = Réception des voix
voices-quality-nobody = Vous n’entendez personne en ce moment.
voices-quality-line = { $name } : { $lost } % perdus, { $guessed } % reconstitués, { $ms } ms d’attente
