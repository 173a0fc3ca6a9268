# Las voces: el micrófono, quién oye y cómo se oye a los demás.

microphone-open = Abrir el micrófono
microphone-close = Cerrar el micrófono
microphone-is-closed = Micrófono cerrado
microphone-is-opening = El micrófono se abre…
microphone-is-open = Micrófono abierto
microphone-waits = Mantenga pulsada { $key } para hablar
microphone-waits-no-key = Mantenga pulsada la tecla para hablar
microphone-is-closed-by-moderator = Micrófono cerrado por la moderación
microphone-loudness = Nivel { $value } %
microphone-shut-entered = Su micrófono está cerrado: usted está en otra sala.
microphone-shut-reconnected = Su micrófono está cerrado: se perdió la conexión.
microphone-shut-device = Su micrófono está cerrado: el dispositivo ya no está o ha cambiado.
microphone-shut-headset = Su micrófono está cerrado: se quitó el visor.
microphone-shut-talk-began = Su micrófono está cerrado: comienza una conversación privada. Ábralo para que le oigan en ella.
microphone-shut-talk-ended = Su micrófono está cerrado: la conversación privada ha terminado.
microphone-shut-refused = Su micrófono sigue cerrado: usted solo observa.
hearers-room = { $place }: { $count ->
    [0] nadie le oye
    [one] { $count } persona le oye
   *[other] { $count } personas le oyen
}
hearers-table = En { $place }: { $count ->
    [0] nadie le oye
    [one] { $count } persona le oye
   *[other] { $count } personas le oyen
}
hearers-stage = En el estrado: { $count ->
    [0] nadie le oye
    [one] { $count } persona le oye
   *[other] { $count } personas le oyen
}
hearers-booth = En la cabina: { $count ->
    [0] nadie le oye
    [one] { $count } persona le oye
   *[other] { $count } personas le oyen
}
would-hear-room = { $place }: { $count ->
    [0] nadie le oiría
    [one] { $count } persona le oiría
   *[other] { $count } personas le oirían
}
would-hear-table = En { $place }: { $count ->
    [0] nadie le oiría
    [one] { $count } persona le oiría
   *[other] { $count } personas le oirían
}
would-hear-stage = En el estrado: { $count ->
    [0] nadie le oiría
    [one] { $count } persona le oiría
   *[other] { $count } personas le oirían
}
would-hear-booth = En la cabina: { $count ->
    [0] nadie le oiría
    [one] { $count } persona le oiría
   *[other] { $count } personas le oirían
}
hearers-private = En privado: { $names }
hearers-quiet = { $place }: aquí no se habla
settings-voices = Voces
settings-voice-volume = Volumen de las voces
settings-voice-less = Voces más bajas
settings-voice-more = Voces más altas
settings-loudspeakers = Escucho por altavoces, sin auriculares
settings-microphone = Micrófono
settings-input-default = El predeterminado del sistema
settings-input-gone = { $input } (no conectado)
settings-push-to-talk = Hablar solo con la tecla pulsada
settings-echo = Quitar el eco de los altavoces
settings-noise = Reducir el ruido constante
settings-gain = Igualar mi nivel de voz
microphone-try = Probar el micrófono
microphone-try-end = Terminar la prueba
microphone-try-hint = Usted se oye a través del servidor, como le oirán los demás. Nadie más oye esta prueba.
problem-microphone-replaced = El micrófono { $input } no se puede usar ahora. Graba el predeterminado del sistema; puede elegir otro en los ajustes.
problem-no-microphone = No se puede abrir ningún micrófono. Conecte uno y permita a VEV usarlo en los ajustes del sistema.
person-volume = Volumen de esta voz
person-volume-less = Esta voz más baja
person-volume-more = Esta voz más alta
settings-room-sound = Las salas resuenan y las paredes amortiguan (sin ello, las voces son más claras)
sound-check = Probar el sonido
sound-check-hint = Siempre se entra con el micrófono cerrado.
sound-check-listen = Reproducir un sonido
sound-check-outside = La barra muestra lo que capta el micrófono. Dentro de la sede también podrá oírse a través del servidor.
voices-quality = Cómo llegan las voces
voices-quality-nobody = Ahora no se oye a nadie.
voices-quality-line = { $name }: { $lost } % perdido, { $guessed } % reconstruido, { $ms } ms de espera
