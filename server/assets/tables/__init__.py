"""Tables of assets as files: which columns there are, how a file is read, how a cell is understood. Pure."""
