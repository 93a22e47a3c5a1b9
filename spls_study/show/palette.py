"""Colours, sizes and letters of what is drawn."""

from matplotlib import font_manager

from notebook_reports.typst import FONTS

WIDTH = 6.5  # inches: the text width of an A4 page, so that type is printed at its size
NARROW = 3.9  # inches, shown on 332 pixels of a phone: its smallest type is then 9 pixels high
COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25")  # ONS and GAF palette, in this order
GREY, PALE, INK = "#6B7280", "#D5D8DC", "#1F2933"
PLAIN = "#8A94A3"  # what is not highlighted: 3:1 against white and against the first colour
SMALL, SIZE = 8, 8.5  # points: the smallest type that is printed, and that of what is read first
FAMILY = "Inter"  # who measures its text needs its fonts, added here

for _font in sorted(FONTS.glob("*.otf")):
    font_manager.fontManager.addfont(_font)
