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
