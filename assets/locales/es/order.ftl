# El orden: manos levantadas, moderación, seguridad.

hands = Manos levantadas
hand-place = { $count }. { $name }
hand-raise = Levantar la mano
hand-lower = Bajar la mano
hand-raised = Mano levantada
microphone-muted = Micrófono silenciado por la moderación
hud-hands = { $count ->
    [one] Una mano levantada
   *[other] { $count } manos levantadas
}
notice-hand-raised = { $name } ha levantado la mano.
notice-hand-not-open = Los observadores no pueden pedir la palabra.
deed-hand = Levantar o bajar la mano

moderation = Mantener el orden
moderation-reason = Motivo, que la persona leerá
moderation-mute-room = Silenciar a todos en la sala
moderation-lock = Cerrar esta sala
moderation-unlock = Reabrir esta sala
moderation-words = Su anuncio
moderation-announce-room = Anunciar aquí
moderation-announce-all = Anunciar a todos
moderation-mute = Silenciar
moderation-unmute = Pedir que abra el micrófono
moderation-summon = Pedir que venga aquí
moderation-remove = Expulsar del evento
moderation-done = Lo que usted ha hecho
moderation-undo = Deshacer
act-done = Hecho y registrado.
act-refused-not-allowed = Su función no lo permite.
act-refused-nobody-there = La persona o la sala ya no está.
act-refused-not-possible = Eso no es posible aquí.
act-refused-not-undoable = Eso no se puede deshacer.
act-refused-too-fast = Demasiado en poco tiempo. Espere un momento e inténtelo de nuevo.
act-refused-not-stored = El servidor no pudo registrarlo, así que no se hizo. Inténtelo de nuevo.
undone-mute = Se han devuelto los micrófonos silenciados.
undone-hand = Una mano bajada se ha vuelto a levantar.
undone-other = Se ha deshecho.
told-mute = { $name } ha silenciado su micrófono.
told-unmute = { $name } le pide que abra su micrófono.
told-hand = { $name } ha bajado su mano.
told-reason = Motivo: { $reason }
announced = { $name }: { $words }
summons-line = { $seconds ->
    [one] { $name } le pide que venga: { $room }. Se le llevará allí en un segundo.
   *[other] { $name } le pide que venga: { $room }. Se le llevará allí en { $seconds } segundos.
}
summons-stay = Quedarme aquí
summons-followed = { $name } ya está allí.
summons-refused = { $name } prefiere no venir.
summons-failed = No se pudo llevar a { $name }.
summons-withdrawn = Ya no se pide a { $name } que venga.
