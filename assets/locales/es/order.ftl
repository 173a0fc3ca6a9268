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
notice-hand-not-open = La condición de observador no permite pedir la palabra.
watching-place = Participa en calidad de observador, con el número { $count } en la lista de espera.
watching-others = { $count ->
    [one] Observa otra persona.
   *[other] Observan otras { $count } personas.
}
watching-ask = Para hablar, levante la mano. La presidencia o la moderación puede darle paso.
watching-number = Observador, número { $count } en la lista de espera
watching-brought-in = Con paso concedido
watching-bring-in = Dar paso
watching-send-back = Devolver a la condición de observador
notice-came-in = Ha quedado libre un puesto: ahora participa plenamente y los demás le ven.
notice-brought-in = Se le ha dado paso: ahora los demás le ven y puede hablar.
notice-sent-back = Vuelve a participar en calidad de observador y los demás ya no le ven.
no-seat-near = No hay ningún asiento libre al alcance. Acérquese a uno o elíjalo en «A mi alrededor».
deed-hand = Levantar o bajar la mano

moderation = Mantener el orden
moderation-reason = Motivo, que la persona leerá
moderation-mute-room = Silenciar todos los micrófonos de la sala
moderation-lock = Cerrar el acceso a esta sala
moderation-unlock = Abrir el acceso a esta sala
moderation-words = Texto del anuncio
moderation-announce-room = Anunciar aquí
moderation-announce-all = Anunciar a todos
moderation-mute = Silenciar el micrófono
moderation-unmute = Pedir que abra el micrófono
moderation-summon = Pedir que venga aquí
moderation-summon-to = Pedir que vaya a: { $room }
moderation-summon-seat = Pedir que ocupe el asiento { $label }
moderation-remove = Expulsar del evento
moderation-done = Lo que usted ha hecho
moderation-undo = Deshacer
act-done = Hecho y registrado.
act-refused-not-allowed = Su función no lo permite.
act-refused-nobody-there = La persona o la sala ya no está.
act-refused-not-possible = Eso no es posible aquí.
act-refused-not-undoable = Eso no se puede deshacer.
act-refused-too-fast = Demasiadas acciones en poco tiempo. Espere un momento e inténtelo de nuevo.
block-refused-full = Ya bloquea al número máximo de personas. Desbloquee primero a alguien.
act-refused-not-stored = El servidor no pudo registrarlo, así que no se hizo. Inténtelo de nuevo.
undone-mute = Los micrófonos silenciados se pueden volver a usar.
undone-hand = Una mano bajada se ha vuelto a levantar.
undone-other = Se ha deshecho.
told-mute = { $name } ha silenciado su micrófono.
told-unmute = { $name } le pide que abra su micrófono.
told-hand = { $name } ha bajado su mano.
told-reason = Motivo: { $reason }
announced = { $name }: { $words }
announcements = Anuncios · { $count }
summons-line = { $seconds ->
    [one] { $name } le pide que venga: { $room }. Se le llevará allí en un segundo.
   *[other] { $name } le pide que venga: { $room }. Se le llevará allí en { $seconds } segundos.
}
summons-stay = Quedarse aquí
summons-followed = { $name } ya está allí.
summons-refused = { $name } prefiere no venir.
summons-failed = No se pudo llevar allí a { $name }.
summons-withdrawn = Ya no se pide a { $name } que venga.

safety = Seguridad
person-write = Escribir
person-closed = Usted no tiene acceso a esta sala.
person-invite = Invitar aquí
person-invite-text = Le invito a reunirse conmigo aquí: { $room }.
person-gone = Esta persona ha salido del evento.
people-write-to = Escribir a { $name }
block = Bloquear
block-explain = Dejarán de verse y no podrán enviarse mensajes. Puede desbloquear a la persona en cualquier momento.
block-done = Ha bloqueado a { $name }.
block-ended = Ha desbloqueado a { $name }.
block-undo = Desbloquear
block-refused-keeps-order = Quienes mantienen el orden en el evento no pueden bloquear a nadie ni recibir bloqueos. Puede denunciar su conducta.
blocked-people = Personas que ha bloqueado
report = Denunciar ante la moderación
report-explain = El equipo de moderación de turno lee su denuncia y le responde. No se informa a la persona denunciada.
report-words = Qué ha ocurrido
report-without-texts = Sin mensajes
report-with-texts = Con estos mensajes
report-send = Enviar la denuncia
report-quote = { $name }: «{ $words }»
report-sent = La moderación ha recibido su denuncia. La respuesta aparecerá aquí.
report-answered = La moderación ha respondido a su denuncia sobre { $about }: { $words }
report-arrived = Nueva denuncia de { $by } sobre { $about }.
report-closed = { $name } ha respondido a la denuncia.
report-title = { $by } sobre { $about }
report-act = Tomar medidas
report-answer = Enviar la respuesta
report-answer-hint = Respuesta, que leerá { $by }
report-refused-nobody-there = La persona ya no está, o la denuncia ya tiene respuesta.
report-refused-empty = Escriba antes unas palabras.
reports = Denuncias
safe-place = Espacio seguro
safe-now = Está en la entrada. Quienes estaban cerca de usted figuran al principio de la lista en «Participantes».
safe-near = Quiénes estaban cerca de usted
deed-safety = Ir de inmediato al espacio seguro
settings-space = Personas que se acercan mucho
settings-space-fade = Se desvanecen
settings-space-stay = Siguen visibles
no-way-found = No hay ningún camino hasta allí.
