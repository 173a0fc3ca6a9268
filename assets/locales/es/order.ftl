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
