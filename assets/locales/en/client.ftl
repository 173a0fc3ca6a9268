# The client in English. Every other language has the same keys and the same variables.

product-name = VEV
product-line = The venue of your meetings, from wherever you are.

start-last = The venue you visited last
start-enter = Enter
start-link = Your invitation
start-link-hint = Paste the link, or type the code
start-enter-venue = Enter the venue
start-clear = Clear
start-host = Host a venue on this computer
start-host-note = Starts a server here and enters it
start-host-back = Back to the venue on this computer
start-host-back-note = It is still open
host-name = Host
host-guest = Guest { $number }
start-privacy = The event's organiser keeps your name, your delegation, when you come and go, and the messages that you send. Movements are never stored.
start-privacy-read = Privacy notice
start-quit = Quit
start-version = Version { $version }

wait-hosting = Opening a venue on this computer …
wait-connecting = Connecting to { $value } …
wait-joining = { $value } is checking your invitation …
wait-loading = Loading the venue: { $value } MB
wait-lost = The connection is lost
wait-ended = You cannot enter now
wait-retry-in = { $seconds ->
    [one] The next attempt begins in one second.
   *[other] The next attempt begins in { $seconds } seconds.
}
wait-retrying = Trying again …
retry-now = Try again now
retry = Try again
continue-here = Continue here
go-on = The organiser confirms it: go on
to-start = Back to the start page
cancel = Cancel
back = Back
close = Close

hud-others = { $count ->
    [0] Nobody else is here
    [one] One other person is here
   *[other] { $count } other people are here
}
hud-unread = { $count ->
    [one] One new message
   *[other] { $count } new messages
}
hud-menu = { $key }: menu
hud-text = { $key }: write
hud-help = { $key }: help
hud-stand = { $key }: stand up
hud-sit = { $key }: sit down
hud-door = Door: { $room }
hud-door-shut = Door: { $room } (not open to you)

notice-put-back = You cannot stand there: you were put back.
notice-observing = All places to speak are taken. You take part as an observer until one is free.
notice-reconnected = The connection is back.
notice-arrived = { $name } has come in.
notice-departed = { $name } has left.
notice-overlay = Floor and marks are shown.
notice-overlay-key = Floor and marks are shown. Aim at a mark or at the floor and press { $key } to copy it as text.
notice-copied = Copied: { $entry }
notice-nothing-to-copy = There is nothing to copy here. Aim at a mark or at the floor.
notice-venue-renewed = The venue has a new state.
notice-venue-note = The new state of the venue is not taken: { $words }

menu = Menu
people = People
texts = Messages
rooms = Rooms
settings = Settings
help = Help
leave = Leave
stand-up = Stand up

person = { $name } ({ $delegation })
people-count = { $count ->
    [one] One person in the event
   *[other] { $count } people in the event
}
people-you = You
kind-observer = Observer
kind-interpreter = Interpreter
kind-kiosk = Kiosk in the venue
kind-robot = Robot in the venue
kind-service = Service
role-chair = Chair
role-moderator = Moderator
role-organiser = Organiser

texts-room = This room
texts-somebody = Somebody who has left
texts-unread = { $name } · { $count }
texts-none-room = Nobody has written to this room yet.
texts-none-person = You have not written to each other yet.
texts-elsewhere = You can write to this room again when you are in it.
texts-write-room = Write to everybody in this room
texts-write-person = Write to { $name }
texts-send = Send
texts-live = Real-time text
texts-live-note = Others see each character as you type it, until you send the message or switch this off.
texts-live-head = { $name } is writing
caption = { $name }: { $words }
texts-left = { $count ->
    [one] One character left
   *[other] { $count } characters left
}
text-sending = sending …
text-stored = sent
text-failed = not sent
text-failed-not-connected = There was no connection. Try again when it is back.
text-failed-not-stored = The server could not store the message. Try again, and tell the organiser if that does not help.
text-failed-rate-limited = Too many messages in a short time. Wait a moment, then try again.
text-failed-person-gone = This person has left the event.
text-failed-room-left = You have left the room that this message is for. Go back there, then try again.
text-failed-not-accepted = The message is too long or holds characters that cannot be sent.

rooms-line = Choose a room to be taken there at once. Your name and your settings stay with you.
rooms-people = { $count ->
    [0] Nobody is there
    [one] One person
   *[other] { $count } people
}
rooms-here = You are here
rooms-go = Go there
rooms-closed = Not open to you
map = Map
map-line = Choose a room or a seat and you are there.
map-spoken = Plan of the venue; the list beside it says the same.
map-sit = Sit here
map-seats = { $count ->
    [one] One free seat here
   *[other] { $count } free seats here
}
around = Around me
around-seat = Free seat
around-seat-named = Free seat { $label }
around-screen = Screen: { $name }
around-way = { $metres ->
    [one] { $way }, one metre
   *[other] { $way }, { $metres } metres
}
way-ahead = ahead
way-ahead-right = ahead to the right
way-right = right
way-behind-right = behind to the right
way-behind = behind
way-behind-left = behind to the left
way-left = left
way-ahead-left = ahead to the left
here-room = You are in: { $room }.
here-alone = Nobody is near you.
here-company = Near you: { $names }.
here-facing = Ahead of you: { $thing }.
list-joint = { ", " }
people-search = Search by name, delegation or room
people-sort-near = This room first
people-sort-name = By name
people-sort-delegation = By delegation
people-none = Nobody found.
people-go = Take me there
announce-text = { $name }: { $text }
invite = Invite people
invite-line = You host this venue. Each link is for one person in your network: copy it and send it.
invite-copy = Copy the link
invite-copied = Copied

settings-reading = Language and reading
settings-comfort = Comfort
settings-controls = Controls
settings-graphics = Graphics
settings-privacy = Privacy
settings-field-of-view = Field of view
settings-degrees = { $degrees }°
settings-forget = Forget the last venue
settings-forget-note = It is no longer offered on the start page, and your invitation is removed from this computer. You need the link to enter again.
settings-forgotten = The last venue is no longer offered on this computer.
settings-language = Language
settings-text-size = Text size
settings-contrast = Contrast
settings-contrast-normal = Normal
settings-contrast-high = High
settings-turning = Turning
settings-turning-snap = { $degrees }° a step
settings-turning-smooth = Smooth
settings-mouse = Speed of mouse look
settings-mouse-slower = Slower
settings-mouse-faster = Faster
settings-picture = Picture
settings-picture-standard = Standard
settings-picture-low = Low, for weak graphics
settings-picture-note = The picture changes at once. Another graphics card is used only from the next start of VEV.
settings-audio = Audio
settings-sounds = Play sounds for messages and notices
settings-volume = Volume
settings-volume-less = Quieter
settings-volume-more = Louder
settings-sound-kinds = Sounds for
settings-sound-to-me = Messages to me
settings-sound-to-room = Messages in the room
settings-sound-order = Summons, announcements and moderators’ acts
settings-sound-hands = Raised and lowered hands
settings-sound-connection = Connection lost and restored
settings-sound-sample = Listen: { $sound }
settings-output = Sound output
settings-output-default = System default
settings-output-gone = { $output } (not connected)
settings-mono = Mono: the same in both ears
settings-headset = Headset
settings-vignette = Narrower view while you move
settings-vignette-off = Off
settings-vignette-weak = Weak
settings-vignette-medium = Medium
settings-vignette-strong = Strong
settings-vignette-speed = From this speed on, metres a second
settings-vignette-turn = From this turn on, degrees a second
settings-vignette-earlier = Earlier
settings-vignette-later = Later
settings-height = How you use the headset
settings-height-standing = Standing
settings-height-seated = Sitting
settings-hand = Hand that points
settings-hand-left = Left
settings-hand-right = Right
settings-hands-both = Use both hands
settings-hands-one = Do everything with this hand
settings-height-note = Put the headset on and look straight ahead, then:
settings-height-measure = Measure my height
settings-jump-fade = When you jump
settings-jump-fade-dark = Dark for a moment
settings-jump-fade-none = No darkness
settings-buttons = Buttons of the controllers
settings-buttons-note = To change a button, press its row and then the new button on the controller.
settings-buttons-press = Press a button …
settings-buttons-none = No button
settings-buttons-refused = This is the last button for the menu. Give the menu another one first.
settings-buttons-reset = Reset all buttons
button-lower = Lower button (A or X)
button-upper = Upper button (B or Y)
button-stick = Stick pressed down
button-menu = Menu button
button-squeeze = Squeeze
deed-mute = Microphone
deed-recenter = Look ahead from here; held down: safe place
recenter = Look ahead from here
notice-height-measured = Your height was measured.
notice-height-failed = Your height could not be measured. Put the headset on and look straight ahead.
notice-microphone-closed = Your microphone is closed. This version has no voice yet.
settings-keyboard = On-screen keyboard
settings-keyboard-headset = Only with a headset
settings-keyboard-always = Always when you write
settings-keyboard-note = It has the letters of six languages. Chinese is written by pinyin; only common characters are offered.
settings-keys-note = To change a key, press its row and then the new key.
settings-keys-press = Press a key …
settings-keys-none = No key
settings-keys-taken = { $key } is already used for: { $deed }.
settings-keys-refused = This key cannot be used here. Press another one, or Esc to leave it as it is.
settings-keys-take = Use it here
settings-keys-reset = Original key
settings-keys-reset-all = Reset all keys
percent = { $value }%

link = Link
link-to = Open { $host }
link-leads = This link leads out of the venue, to:
link-letters = The name of this page holds letters of another alphabet, which can imitate a name that you know: { $name }
link-hides = The message hides characters in this address. What you read here is where it really leads.
link-open = Open in the browser
link-copy = Copy the address

keyboard = Keyboard
keyboard-shift = Capital letters and other signs
keyboard-backspace = Delete the last character
keyboard-enter = Enter
keyboard-space = Space
keyboard-language = Language of the keyboard: { $language }
keyboard-letters = Letters
keyboard-signs = Digits and signs
keyboard-code = Letters and digits of codes
keyboard-hide = Hide the keyboard

tour-step = The first steps: { $step } of { $steps }
tour-walk = Walk with { $keys }, or click on the floor to go there. Hold the right mouse button to look around.
tour-sit = Click on a seat to sit down, or press { $key } close to one. Walk through an open door to enter another room.
tour-write = Press { $key } to write to everybody in the room. Under “People” in the menu you can find a person, write to them or go to them.
tour-menu = { $key } opens the menu with the map, the settings and everything else. { $help } opens the help, where you can see these steps again.
tour-headset-move = Pull the trigger, aim the arc at the floor or at a seat, and let go to be there. The left stick walks.
tour-headset-turn = Push the right stick to the side to turn. While you aim, it chooses which way you will look.
tour-headset-mute = Your microphone button: { $button }. The sign at the lower edge of your view shows that it is closed.
tour-headset-menu = Your menu button: { $button }. Point at what you want and pull the trigger. In the help you can see these steps again.
tour-hands-move = Pinch thumb and index finger, aim the arc at the floor or at a seat, and open them to be there.
tour-hands-turn = Turn with your body. If you sit, choose “Look ahead from here” in the menu to face where you look.
tour-hands-mute = Your left fist is your microphone button. The sign at the lower edge of your view shows that it is closed.
tour-hands-menu = Your right fist opens the menu. Point at what you want and pinch, or touch it with a finger. In the help you can see these steps again.
tour-next = Next
tour-skip = Skip
tour-done = Done
tour-again = Show the first steps again

help-move = Walk with the keys below, or click on the floor to go there. Hold the right mouse button to look around.
help-panels = Everything can be reached by the keyboard: Tab moves from the view to the buttons and panels and on, the arrow keys move too, Page Up and Page Down scroll, Enter presses, Esc closes and returns to the view.
help-seat = Click on a seat to sit down. A seat is yours until you stand up or leave.
help-keys = Keys
deed-forward = Walk forward
deed-backward = Walk backward
deed-left = Step to the left
deed-right = Step to the right
deed-run = Walk faster
deed-turn-left = Turn left
deed-turn-right = Turn right
deed-look-up = Look up
deed-look-down = Look down
deed-teleport = Go to a place
deed-sit = Sit down or stand up
deed-text = Write
deed-menu = Menu
deed-people = People
deed-rooms = Rooms
deed-map = Map
deed-around = Around me
deed-where = Where am I?
deed-view = First or third person
deed-overlay = Show floor and marks of the venue
deed-copy-anchor = Copy the mark aimed at (while marks are shown)
deed-wave = Wave
deed-nod = Nod
deed-applaud = Applaud
deed-point = Point
deed-shrug = Shrug
deed-bow = Bow
deed-thumb-up = Thumb up
deed-release = Close, release the mouse
deed-help = Help
key-space = Space
key-shift = Shift
key-ctrl = Ctrl
key-alt = Alt
key-enter = Enter
key-escape = Esc
key-tab = Tab
key-home = Home
key-end = End
key-insert = Insert
key-delete = Delete
key-page-up = Page Up
key-page-down = Page Down
key-numpad = Num { $key }

leave-sure = Do you want to leave the venue? Your seat becomes free. You can come back with the same invitation.
leave-stay = Stay
leave-yes = Leave the venue
leave-quit = Quit the program

reason-seat-taken = somebody sits there
reason-seat-elsewhere = it is in another room
reason-seat-unknown = the venue has no such seat
reason-seat-reserved = it is kept for somebody else
reason-seat-too-far = it is too far away; walk nearer
for-support = For support: { $detail }

problem-link-empty = Paste the link from your invitation, or type its code of 8 characters.
problem-link-scheme = A link to a venue begins with https:// or vev://, this one with { $scheme }://. Copy it again from your invitation.
problem-link-host = “{ $host }” is not the address of a server. Copy the whole link from your invitation.
problem-link-port = The port “{ $port }” is not a number from 1 to 65535. Copy the whole link from your invitation.
problem-link-event = The link names no event: the part “/e/…” is missing or damaged. Copy the whole link from your invitation.
problem-link-no-code = The link ends before its code (the part after “#”). Copy the whole link from your invitation.
problem-link-code = “{ $code }” is not an invitation code: a code has 8 letters and digits, such as 7KQ2-M9XT. The letter U is never used.
problem-link-fingerprint = The end of the link is damaged: the part after the full stop has 43 characters. Copy the whole link from your invitation.
problem-code-without-server = A code alone opens the venue that you visited last, and there is none yet. Paste the whole link this time.
problem-no-answer = { $host } does not answer. Your network may block UDP port { $port }: ask your network administrator to allow outgoing UDP to { $host }, port { $port }, or try another network.
problem-name-not-found = The name { $host } cannot be found. Check your internet connection and the link.
problem-network-down = This computer cannot reach the network. Check your internet connection.
problem-server-busy = { $host } accepts no more connections at the moment. Try again in a minute.
problem-event-over = The event is over. Ask the organiser for an invitation to the next one.
problem-not-a-venue = { $host } answers, but not as a VEV server. Check the link with the organiser.
problem-fingerprint-mismatch = { $host } shows another key than your invitation promises. Somebody may be listening in, or the server was set up anew. Do not go on; ask the organiser for a new link.
problem-unknown-server = You have not visited { $host } before, and your link does not say which key it has. Its key is { $fingerprint }. Go on only if the organiser confirms it.
problem-key-changed = { $host } shows another key than at your last visit. It may have been set up anew, or somebody may be listening in. Its key is now { $fingerprint }. Go on only if the organiser confirms it.
problem-went-away = The connection to { $host } was lost. VEV tries again by itself.
problem-lost-on-the-way = The connection to { $host } was lost before you were in the venue. Try again; if that does not help, try another network.
problem-server-closing = The server { $host } is being restarted. VEV comes back by itself as soon as it answers.
problem-wrong-version = This program and the server are of different versions (the server is { $server }). Get the program again from the page of your link.
problem-unknown-invitation = The server does not know this invitation. Check the code, or ask the organiser for a new link.
problem-expired-invitation = This invitation has expired. Ask the organiser for a new one.
problem-revoked-invitation = This invitation was withdrawn. Ask the organiser if you think that this is a mistake.
problem-event-not-open = The event is not open now. Ask the organiser when it opens.
problem-rate-limited = There were too many attempts from here. Wait a minute, then try again.
problem-bad-proof = The server could not verify this device. Try again; if that does not help, ask the organiser for a new link.
problem-removed = You were removed from the event. Ask the organiser if you think that this is a mistake.
problem-server-full = All places at { $host } are taken. Try again in a few minutes, or tell the organiser.
problem-server-stopping = { $host } is about to stop and lets nobody in. Try again in a few minutes.
problem-server-unavailable = { $host } cannot let you in at the moment. Try again in a minute; if that does not help, tell the organiser.
problem-taken-over = You went on at another device with the same invitation. Choose “Continue here” to come back to this one.
problem-damaged-file = The venue's file { $file } arrived damaged twice. Tell the organiser: the venue has to be published again.
problem-damaged-package = The venue cannot be shown: its description is damaged. Tell the organiser: the venue has to be published again.
problem-missing-file = The server does not have the venue's file { $file }. Tell the organiser: the venue has to be published again.
problem-file-not-arriving = The venue's file { $file } does not arrive. Try again; if that does not help, try another network or tell the organiser.
problem-loading-stalled = Nothing more of the venue arrives from { $host }. Try again; if that does not help, try another network or tell the organiser.
problem-disk-full = The venue cannot be kept on this computer; the next visit loads it anew. Free some space in { $folder }.
problem-data-folder = VEV cannot keep its files in { $folder }. Make the folder writable, or name another one with --data-dir.
problem-settings-unreadable = The settings in { $file } cannot be read, so VEV starts with its defaults. The old file is kept beside it.
problem-damaged-tile = A part of the venue cannot be shown (file { $file }). Tell the organiser.
problem-seat-refused = You cannot sit there: { $reason }.
problem-can-not-start = The program { $program } cannot be started. Check that it is installed and that you may run it.
problem-host-missing = The program { $program } is not in the same folder as this one. Unpack the whole archive of VEV again.
problem-host-ended = The venue on this computer could not be opened. Try again; if that does not help, restart the computer or ask for support.
problem-host-stopped = The venue on this computer has closed. Host it again from the start page.
problem-sound-replaced = The sound output { $output } cannot be used now. Sounds come from the system’s default; you can choose another output in the settings.
problem-sound-gone = No sound output is left. VEV is silent until one is connected; notices are still shown.
problem-no-display = No window can be opened here. Start VEV in a desktop session, or use --headless.
problem-no-graphics = No usable graphics adapter was found. Install the driver of your graphics card, or Mesa's software renderer.
problem-headset-no-loader = No headset can be used here: OpenXR is not installed. Install the software of your headset, or start VEV with --flat.
problem-headset-no-runtime = No headset answers. Start the software of your headset and choose it there as the OpenXR runtime, or start VEV with --flat.
problem-headset-missing = No headset is connected. Connect your headset and switch it on, or start VEV with --flat.
problem-headset-failed = The venue can't be shown in the headset. Start the software of your headset again; if that does not help, start VEV with --flat.
problem-headset-lost = The connection to the headset was lost. Check the headset and start VEV again, or start it with --flat.
problem-graphics-lost = The graphics card stopped working, and the picture could not be set up again. Start VEV again; if that does not help, update the driver of the graphics card.

avatar = Your avatar
start-avatar-note = Look at yourself in the mirror and choose
avatar-look = Look
avatar-skin = Skin tone
avatar-clothing = Colour of clothes
avatar-own-color = Colour of the look
avatar-tone = Tone { $number }
avatar-turn-left = Turn left
avatar-turn-right = Turn right
avatar-note = Everybody sees your choice at once. It is remembered on this computer.
avatar-look-suit = Suit and tie
avatar-look-dress = Dress
avatar-look-blouse = Blouse and skirt
avatar-look-boubou = Boubou
avatar-look-sari = Sari
avatar-look-scarf = Headscarf and coat
avatar-look-jacket = Jacket, open collar
avatar-look-kurta = Kurta
avatar-look-trousers = Trouser suit
avatar-look-wheelchair = Wheelchair, pullover
avatar-navy = Navy
avatar-charcoal = Charcoal
avatar-burgundy = Burgundy
avatar-green = Green
avatar-teal = Teal
avatar-plum = Plum
avatar-sand = Sand
avatar-light-blue = Light blue
avatar-ivory = Ivory

anchor-spawn = Arrival · { $name }
anchor-seat = Seat { $name }
anchor-door = Door { $name }
anchor-screen = Screen · { $name }
anchor-zone = Zone · { $name }
anchor-booth = Booth · { $name }
anchor-exhibit = Exhibit · { $name }
