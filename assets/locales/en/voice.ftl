# Voices: the microphone, who hears one, and how one hears others.

microphone-open = Open the microphone
microphone-close = Close the microphone
microphone-is-closed = Microphone closed
microphone-is-opening = The microphone is opening…
microphone-is-open = Microphone open
microphone-waits = Hold { $key } to talk
microphone-waits-no-key = Hold the key to talk
microphone-is-closed-by-moderator = Microphone closed by the moderator
microphone-loudness = Loudness { $value } %
microphone-shut-entered = Your microphone is closed: you are in another room.
microphone-shut-reconnected = Your microphone is closed: the connection was lost.
microphone-shut-device = Your microphone is closed: its device is gone or has changed.
microphone-shut-headset = Your microphone is closed: the headset was taken off.
microphone-shut-talk-began = Your microphone is closed: a private talk begins. Open it to be heard there.
microphone-shut-talk-ended = Your microphone is closed: the private talk is over.
microphone-shut-refused = Your microphone stays closed: you only watch.
hearers-room = { $place }: { $count ->
    [0] nobody hears you
    [one] { $count } person hears you
   *[other] { $count } people hear you
}
hearers-table = At { $place }: { $count ->
    [0] nobody hears you
    [one] { $count } person hears you
   *[other] { $count } people hear you
}
hearers-stage = On stage: { $count ->
    [0] nobody hears you
    [one] { $count } person hears you
   *[other] { $count } people hear you
}
hearers-booth = In the booth: { $count ->
    [0] nobody hears you
    [one] { $count } person hears you
   *[other] { $count } people hear you
}
would-hear-room = { $place }: { $count ->
    [0] nobody would hear you
    [one] { $count } person would hear you
   *[other] { $count } people would hear you
}
would-hear-table = At { $place }: { $count ->
    [0] nobody would hear you
    [one] { $count } person would hear you
   *[other] { $count } people would hear you
}
would-hear-stage = On stage: { $count ->
    [0] nobody would hear you
    [one] { $count } person would hear you
   *[other] { $count } people would hear you
}
would-hear-booth = In the booth: { $count ->
    [0] nobody would hear you
    [one] { $count } person would hear you
   *[other] { $count } people would hear you
}
hearers-private = Private: { $names }
hearers-quiet = { $place }: nobody speaks here
settings-voices = Voices
settings-voice-volume = Volume of voices
settings-voice-less = Voices softer
settings-voice-more = Voices louder
settings-loudspeakers = I listen by loudspeakers, not headphones
settings-microphone = Microphone
settings-input-default = The system’s default
settings-input-gone = { $input } (not connected)
settings-push-to-talk = Talk only while the key is held
settings-echo = Take out the echo of loudspeakers
settings-noise = Soften steady noise
settings-gain = Even out my loudness
microphone-try = Try the microphone
microphone-try-end = End the try
microphone-try-hint = You hear yourself by way of the server, as others will. Nobody else hears it.
problem-microphone-replaced = The microphone { $input } cannot be used now. The system’s default microphone records; you can choose another one in the settings.
problem-no-microphone = No microphone can be opened. Connect one and allow VEV to use it in the system’s settings.
person-volume = Volume of this voice
person-volume-less = This voice softer
person-volume-more = This voice louder
settings-room-sound = Rooms ring and walls muffle (off: voices are clearer)
sound-check = Check the sound
sound-check-hint = You always come in with a closed microphone.
sound-check-listen = Play a sound
sound-check-outside = The bar shows what the microphone hears. Inside the venue you also hear yourself by way of the server.
voices-quality = How voices arrive
voices-quality-nobody = You hear nobody now.
voices-quality-line = { $name }: { $lost } % lost, { $guessed } % guessed, { $ms } ms waited for
