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
watching-place = You observe, as number { $count } in the line for a place.
watching-others = { $count ->
    [one] One more person observes.
   *[other] { $count } more people observe.
}
watching-ask = To speak, raise your hand. Those who keep order can bring you in.
watching-number = Observer, number { $count } in the line
watching-brought-in = Brought in
watching-bring-in = Bring in
watching-send-back = Back to observing
notice-came-in = A place is free: you take part now, and others see you.
notice-brought-in = You have been brought in: others see you now, and you can speak.
notice-sent-back = You observe again, and others no longer see you.
no-seat-near = No free seat is within reach. Walk up to one, or choose one in “Around me”.
deed-hand = Raise or lower your hand

moderation = Keep order
moderation-reason = Reason, which the person reads
moderation-mute-room = Mute all in this room
moderation-lock = Lock this room
moderation-unlock = Unlock this room
moderation-words = Text of the announcement
moderation-announce-room = Announce here
moderation-announce-all = Announce to all
moderation-mute = Mute
moderation-unmute = Ask to unmute
moderation-summon = Ask to come here
moderation-summon-to = Ask to go to { $room }
moderation-summon-seat = Ask to take seat { $label }
moderation-remove = Remove from the event
moderation-done = What you did
moderation-undo = Undo
act-done = Done and recorded.
act-refused-not-allowed = Your role does not allow that.
act-refused-nobody-there = The person or the room is not there any more.
act-refused-not-possible = That is not possible here.
act-refused-not-undoable = That cannot be undone.
act-refused-too-fast = Too much in a short time. Wait a moment, then try again.
block-refused-full = You block as many people as VEV can keep. Unblock somebody first.
act-refused-not-stored = The server could not record it, so it was not done. Try again.
undone-mute = Microphones that were muted can be used again.
undone-hand = A hand that was lowered has been raised again.
undone-other = That was undone.
told-mute = { $name } has muted your microphone.
told-unmute = { $name } asks you to unmute your microphone.
told-hand = { $name } has lowered your hand.
told-reason = Reason: { $reason }
announced = { $name }: { $words }
announcements = Announcements · { $count }
summons-line = { $seconds ->
    [one] { $name } asks you to come: { $room }. You will be taken there in one second.
   *[other] { $name } asks you to come: { $room }. You will be taken there in { $seconds } seconds.
}
summons-stay = Stay here
summons-followed = { $name } is there now.
summons-refused = { $name } prefers not to come.
summons-failed = { $name } could not be taken there.
summons-withdrawn = { $name } is no longer asked to come.

safety = Safety
person-write = Write
person-closed = This room is closed to you.
person-invite = Invite here
person-invite-text = Please come and join me here: { $room }.
person-gone = This person has left the event.
people-write-to = Write to { $name }
block = Block
block-explain = You will no longer see each other, and no message passes between you. You can unblock the person at any time.
block-done = You have blocked { $name }.
block-ended = You have unblocked { $name }.
block-undo = Unblock
block-refused-keeps-order = Those who keep order in the event can neither block nor be blocked. You can report them.
blocked-people = People you have blocked
report = Report to the moderators
report-explain = The moderators on duty read your report and answer you. The person is not told.
report-words = What happened
report-without-texts = Without messages
report-with-texts = With these messages
report-send = Send report
report-quote = { $name }: “{ $words }”
report-sent = The moderators have your report. Their answer appears here.
report-answered = The moderators have answered your report about { $about }: { $words }
report-arrived = New report by { $by } about { $about }.
report-closed = { $name } has answered the report.
report-title = { $by } about { $about }
report-act = Take action
report-answer = Send answer
report-answer-hint = Answer, which { $by } reads
report-refused-nobody-there = The person is not there any more, or the report has been answered already.
report-refused-empty = Write a few words first.
reports = Reports
safe-place = Safe place
safe-now = You are at the entrance. People who were near you are listed first under “People”.
safe-near = Who was near you
deed-safety = Go to the safe place at once
settings-space = People who come very close
settings-space-fade = Fade
settings-space-stay = Stay visible
no-way-found = There is no way to that place.
