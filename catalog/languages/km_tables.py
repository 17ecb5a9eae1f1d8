"""The Khmer script as sounds. Every consonant has a series, which gives each vowel sign one of two values.

The spelling is the everyday one of names and shop signs (Sophea, Chea, Sok), not that of a standard: of
UNGEGN and ALA-LC nothing remains recognisable once their marks are gone.
"""

from __future__ import annotations

# Consonant -> (onset, coda, series); series 0 goes with a, 1 with o.
CONSONANTS: dict[str, tuple[str, str, int]] = {
    "ក": ("k", "k", 0), "ខ": ("kh", "k", 0), "គ": ("k", "k", 1), "ឃ": ("kh", "k", 1), "ង": ("ng", "ng", 1),
    "ច": ("ch", "ch", 0), "ឆ": ("chh", "ch", 0), "ជ": ("ch", "ch", 1), "ឈ": ("chh", "ch", 1), "ញ": ("nh",
    "nh", 1),
    "ដ": ("d", "t", 0), "ឋ": ("th", "t", 0), "ឌ": ("d", "t", 1), "ឍ": ("th", "t", 1), "ណ": ("n", "n", 0),
    "ត": ("t", "t", 0), "ថ": ("th", "t", 0), "ទ": ("t", "t", 1), "ធ": ("th", "t", 1), "ន": ("n", "n", 1),
    "ប": ("b", "p", 0), "ផ": ("ph", "p", 0), "ព": ("p", "p", 1), "ភ": ("ph", "p", 1), "ម": ("m", "m", 1),
    "យ": ("y", "y", 1), "រ": ("r", "", 1), "ល": ("l", "l", 1), "វ": ("v", "v", 1), "ស": ("s", "s", 0),
    "ហ": ("h", "h", 0), "ឡ": ("l", "l", 0), "អ": ("", "", 0), "ឝ": ("s", "s", 0), "ឞ": ("s", "s", 0),
}  # fmt: skip
WEAK = "ងញនមយរលវ"  # as subscripts these take the series of the consonant above
INHERENT = ("a", "o")
# Sign -> value after series 0, after series 1.
VOWELS: dict[str, tuple[str, str]] = {
    "ា": ("a", "ea"), "ិ": ("e", "i"), "ី": ("ey", "i"), "ឹ": ("oe", "oe"), "ឺ": ("eu", "eu"), "ុ": ("o", "u"),
    "ូ": ("ou", "u"), "ួ": ("uo", "uo"), "ើ": ("aeu", "oeu"), "ឿ": ("oea", "oea"), "ៀ": ("ie", "ie"),
    "េ": ("e", "e"),
    "ែ": ("ae", "e"), "ៃ": ("ai", "ey"), "ោ": ("ao", "o"), "ៅ": ("au", "ov"), "ំ": ("am", "um"), "ុំ": ("om",
    "um"),
    "ាំ": ("am", "oam"), "ះ": ("ah", "eah"), "ុះ": ("oh", "uh"), "េះ": ("eh", "eh"), "ោះ": ("oh", "oh"),
    "ៈ": ("a", "ea"),
    "័": ("a", "oa"), "ិះ": ("eh", "ih"), "៏": ("o", "o"),
}  # fmt: skip
INDEPENDENT = {"ឥ": "e", "ឦ": "ei", "ឧ": "u", "ឨ": "u", "ឩ": "ou", "ឪ": "ov", "ឫ": "rue", "ឬ": "rue",
    "ឭ": "lue", "ឮ": "lue",
               "ឯ": "ae", "ឰ": "ai", "ឱ": "ao", "ឲ": "ao", "ឳ": "au"}  # fmt: skip
# Words that are not read as spelled, folded.
READ_AS = {"ខ្មែរ": "khmer", "រឿង": "reung", "ព្រះ": "preah", "កម្ពុជា": "kampuchea", "ទន្លេ": "tonle",
    "និង": "ning", "នៃ": "ney",
           "អង្គរ": "angkor", "វត្ដ": "wat", "ទឹក": "teuk", "ភ្នំ": "phnom", "ធំ": "thom", "សៀម": "siem",
           "ជា": "chea", "ដំរី": "domrey",
           "ចំប៉ា": "champa", "មហា": "moha", "បុរី": "borey", "សាល": "sal"}  # fmt: skip
