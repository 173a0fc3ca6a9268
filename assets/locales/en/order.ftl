# Order: hands, moderators, safety.

hands = Raised hands
hand-place = { $count }. { $name }
hand-raise = Raise hand
hand-lower = Lower hand
hand-raised = Hand raised
microphone-muted = Muted by the moderator
hud-hands = { $count ->
    [one] One raised hand
   *[other] { $count } raised hands
}
notice-hand-raised = { $name } has raised a hand.
notice-hand-not-open = Observers cannot ask for the floor.
deed-hand = Raise or lower your hand
