"""How large a file may be, and what reading one may cost. Said to people in `sentences.py`."""

FILE_BYTES = 10 * 2**20
UNPACKED_BYTES = 40 * 2**20
PARTS = 2_000  # files inside a workbook
SHEETS = 255
ROWS = 20_000  # the last row with content
COLUMNS = 256  # the last column with content
CELLS = 500_000  # with content, in all sheets: the caller holds them all
CELL_TEXT = 32_767  # what a spreadsheet can keep in a cell
FORMULA_TEXT = 8_192  # what a spreadsheet can keep in a formula
NAMED = 50  # cells named for one and the same reason; then it is said how many more there are

# Of the child that reads the file.
MEMORY_BYTES = 400 * 2**20
SECONDS = 7  # of the processor
WAIT_SECONDS = 9  # of the clock, on a busy machine; an answer is due in 10
ANSWER_BYTES = 96 * 2**20  # what it may hand back
