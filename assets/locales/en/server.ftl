# The entry page that an invitation's link leads to.

brand = Virtual Event Venue
invited-to = You are invited to
intro = This event takes place in a virtual venue. You enter it with the VEV program, with a headset or in a window on your computer.
open-vev = Open VEV
open-hint = Nothing happens? Then the program is not on this computer yet: see below.
your-code = Your code
code-hint = If the button does not work, type this code on the program’s start page. It is meant for you alone: please do not pass it on.
copy-link = Copy the link
copied = Copied
no-code = Your code is missing from the address. Please open the whole link from your invitation, or type your code on the program’s start page.
damaged-code = The link is damaged: its end is missing or was changed. Please open the link from your invitation once more, or ask for a new one.
no-script = Your browser runs no scripts, so this page cannot read your code. It is the part of the link after the # sign. Copy the whole link and paste it on the program’s start page.
get-heading = Get the program
get-link = Get VEV
get-ask = Ask whoever invited you where to get the program.
get-start = Start it, and paste the link from your invitation on its start page. Nothing else has to be set up.
not-yet-heading = This event is not open yet
opens-at = It opens on { $time }. Please come back then with the same link.
closed-heading = This event has ended
closed-body = Thank you for your interest. If you think that this is a mistake, ask whoever invited you.
unknown-heading = There is no such event here
unknown-body = Please check the link from your invitation. The event may have another address, or it was removed.
busy-heading = The server cannot answer right now
busy-body = Please try again in a minute. If that does not help, tell whoever invited you.
privacy-heading = Your data
privacy-stored = The server stores your name, delegation, role and language as your organiser entered them, when you come and go and which rooms you enter, the messages that you write, whom you block, what you report, what others report about you, and what was done about you to keep order.
privacy-not-stored = Your movements, your gaze and your voice are not stored.
privacy-readers = Messages to a room are read by those who are in it, messages to a person by that person, reports by the moderators. The organiser’s administrators can read what is stored.
privacy-days = Messages and records of presence are deleted { $days ->
    [one] one day
   *[other] { $days } days
} after the event. Reports and records of keeping order may be kept for longer; ask the organiser how long.
privacy-rights = You may ask the organiser for a copy of your data, or to have it erased.
privacy-contact = Questions about your data: { $contact }
languages = Language
