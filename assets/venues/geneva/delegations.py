"""The names on the plates: Member States of the United Nations by their short names, in the English alphabetical order."""

import math

from kit.shape import place, tilt

DELEGATIONS = tuple(name.strip() for name in """
    Afghanistan, Albania, Algeria, Andorra, Angola, Antigua and Barbuda, Argentina, Armenia, Australia, Austria,
    Azerbaijan, Bahamas, Bahrain, Bangladesh, Barbados, Belarus, Belgium, Belize, Benin, Bhutan, Bolivia,
    Bosnia and Herzegovina, Botswana, Brazil, Brunei Darussalam, Bulgaria, Burkina Faso, Burundi, Cabo Verde,
    Cambodia, Cameroon, Canada, Central African Republic, Chad, Chile, China, Colombia, Comoros, Congo, Costa Rica,
    Côte d’Ivoire, Croatia, Cuba, Cyprus, Czechia, DPR Korea, DR Congo, Denmark, Djibouti, Dominica,
    Dominican Republic, Ecuador, Egypt, El Salvador, Equatorial Guinea, Eritrea, Estonia, Eswatini, Ethiopia, Fiji,
    Finland, France, Gabon, Gambia, Georgia, Germany, Ghana, Greece, Grenada, Guatemala, Guinea, Guinea-Bissau,
    Guyana, Haiti, Honduras, Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Jamaica, Japan,
    Jordan, Kazakhstan, Kenya, Kiribati, Kuwait, Kyrgyzstan, Lao PDR, Latvia, Lebanon, Lesotho, Liberia, Libya,
    Liechtenstein, Lithuania, Luxembourg, Madagascar, Malawi, Malaysia, Maldives, Mali, Malta, Marshall Islands,
    Mauritania, Mauritius, Mexico, Micronesia, Monaco, Mongolia, Montenegro, Morocco, Mozambique, Myanmar, Namibia,
    Nauru, Nepal, Netherlands, New Zealand, Nicaragua, Niger, Nigeria, North Macedonia, Norway, Oman, Pakistan, Palau
    """.split(","))


# How far the sides of a folded plate lean.
LEAN = math.atan2(0.04, 0.085)


def plate_letters(room, name, at):
    """The name on both sides of a folded plate that stands there (kit.furniture.name_plate)."""
    for turn in (0.0, math.pi):
        side = at @ place(turn=turn) @ place(0, -0.0222, 0.0425) @ tilt(-LEAN)
        room.letter(name.upper(), 0.032, side, "sign_blue", 0.235, steps=1)
