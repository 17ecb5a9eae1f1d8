"""File formats of bibliographic data: one module each, reading bytes into Records and RefusedLines."""
