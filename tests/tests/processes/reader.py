"""What a screen reader is told over AT-SPI: `reader.py on` lets programs know that one listens, `reader.py read PID`
prints everything that the program of that process tells, as one line of JSON."""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402 (the version must be chosen before)


def listen():
    """As a screen reader does at its start."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    for name in ("IsEnabled", "ScreenReaderEnabled"):
        value = GLib.Variant("(ssv)", ("org.a11y.Status", name, GLib.Variant("b", True)))
        bus.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set", value, None, 0, -1)


def read(node, found):
    """The node and all below it."""
    states = node.get_state_set()
    told = {
        "role": node.get_role_name(),
        "name": node.get_name() or "",
        "focused": states.contains(Atspi.StateType.FOCUSED),
        "text": "",
    }
    if "Text" in node.get_interfaces():
        told["text"] = Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))
    found.append(told)
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child:
            read(child, found)


def main():
    """Does what the first argument says."""
    if sys.argv[1] == "on":
        listen()
        return
    print(json.dumps(whole(int(sys.argv[2]))))


def whole(process):
    """All that the program of that process tells; begun anew when the page changes under the reading."""
    while True:
        try:
            desktop, found = Atspi.get_desktop(0), []
            for index in range(desktop.get_child_count()):
                program = desktop.get_child_at_index(index)
                if program and program.get_process_id() == process:
                    read(program, found)
            return found
        except GLib.Error as gone:
            print(f"the page changed: {gone}", file=sys.stderr)


main()
