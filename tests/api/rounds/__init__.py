"""The console API of sites, forms and rounds."""
